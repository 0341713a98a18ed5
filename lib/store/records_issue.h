/*
 * Bill runs and issued bills: the part of the records (records.h, whose contract holds here too) that a customer is asked money by.
 *
 * A run is made from drafts of the ledger: each becomes an item with what speaks against issuing it (its gates). Issuing writes numbered documents:
 * 1, 2, 3 … over all meters without a hole, each carrying the hash of the one before. Nothing issued is ever changed; a correction is the next
 * edition of the same bill_id, which negates the one before and bills anew (billing.md). All money in minor units.
 */
#ifndef STORE_RECORDS_ISSUE_H
#define STORE_RECORDS_ISSUE_H

#include "energy/bill.h"
#include "store/records.h"

#define BILL_HASH_SIZE 65 /* SHA-256 in hex */
#define BILL_CODE_SIZE 513

/* What speaks against issuing an item: bits. Stored: never renumber. */
enum bill_gate {
    GATE_GRACE = 1,       /* the days of grace for late readings are not over */
    GATE_INCOMPLETE = 2,  /* quarter-hours are missing or partial */
    GATE_ESTIMATED = 4,   /* billed by estimate for more cycles than may be */
    GATE_JUMP = 8,        /* far from the mean of the bills before */
    GATE_PENDING = 16,    /* readings of the meter are still being worked on */
    GATE_NO_ACCOUNT = 32, /* nobody to bill */
};
#define GATE_COUNT 6
const char *bill_gate_name(enum bill_gate gate);

struct bill_run_record {
    int64_t run_no;                   /* set by the store */
    int32_t until_day;                /* drafts of cycles that end on this day or before */
    int64_t meter_no;                 /* of this meter alone; 0: all */
    char cycle_group[RECORD_ID_SIZE]; /* of accounts that were in this group on the cycle's last day; "": all */
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
    int64_t revision;                   /* read only, from here on */
    bool whole;                         /* the preview came to its end; a run that broke off is not issued from */
    int64_t ready, held, issued, stale; /* items: may be issued, held by a gate, issued, changed since the preview */
    int64_t corrections;                /* of all items, those that correct an issued bill */
    char currency[4];                   /* of all items; "" where there are several, or none */
    int64_t total_minor, before_minor;  /* sums over all items; 0 where there are several currencies */
};

struct bill_run_item {
    int64_t item_no; /* 1 … within its run; set by the store */
    char bill_id[BILL_ID_SIZE];
    char account_id[RECORD_ID_SIZE];
    int64_t meter_no;
    int32_t from_day, until_day;
    unsigned gates; /* enum bill_gate */
    char currency[4];
    int minor_digits;
    int64_t total_minor;
    int64_t negates;      /* the number of the document that this corrects; 0: none, it is the first */
    int64_t before_minor; /* that one's total; without one the total of the draft before, for people to compare; 0: there is none */
    char draft_hash[FINGERPRINT_SIZE];
    char released_by[RECORD_ID_SIZE]; /* who let it pass its gates; "" */
    int64_t number;                   /* as which it was issued; 0: not yet */
    bool stale;                       /* the draft changed after the preview: it needs another run */
};

struct issued_record {
    int64_t number;
    char bill_id[BILL_ID_SIZE];
    int edition;
    int64_t negates; /* 0 in the first edition */
    int64_t run_no;
    char account_id[RECORD_ID_SIZE];
    int64_t meter_no;
    int32_t from_day, until_day, due_day;
    char currency[4];
    int minor_digits;
    int64_t total_minor;      /* of the whole bill */
    int64_t difference_minor; /* what is asked for beyond the edition before; of the first edition the total */
    char hash[BILL_HASH_SIZE];
    char by[RECORD_ID_SIZE]; /* set by the store */
    int64_t at_utc_ms;       /* set by the store */
    int64_t revision;        /* read only */
};

/* Stored: never renumber. */
enum payment_state { PAYMENT_OPEN = 0, PAYMENT_PAID = 1, PAYMENT_CANCELLED = 2 };
const char *payment_state_name(enum payment_state state);
bool payment_state_parse(const char *name, enum payment_state *out);

struct payment_record {
    enum payment_state state;
    char pix_code[BILL_CODE_SIZE]; /* "copia e cola"; "" */
    char boleto_code[BILL_CODE_SIZE];
    char reference[RECORD_TEXT_SIZE];
    char by[RECORD_ID_SIZE];
    int64_t at_utc_ms;
};

/* ---- runs ---- */

enum err records_run_add(struct records *records, const struct actor *actor, const struct bill_run_record *run, struct fault *fault,
                         int64_t *out_run_no);
/* For the batch that made the run; no audit row of its own. */
enum err records_run_item_add(struct records *records, int64_t run_no, const struct bill_run_item *item, struct fault *fault);
enum err records_run_whole(struct records *records, int64_t run_no, struct fault *fault);
enum err records_run_get(struct records *records, int64_t run_no, struct fault *fault, struct bill_run_record *out);
/* Newest first, those before `before_no` (0: from the newest). */
enum err records_run_list(struct records *records, int64_t before_no, size_t limit, struct fault *fault, struct bill_run_record *out,
                          size_t *out_count);

enum run_item_filter { ITEMS_ALL, ITEMS_READY, ITEMS_HELD, ITEMS_ISSUED, ITEMS_STALE };
bool run_item_filter_parse(const char *name, enum run_item_filter *out);
/* In the order of item_no, after `after_no`. */
enum err records_run_items(struct records *records, int64_t run_no, enum run_item_filter filter, int64_t after_no, size_t limit, struct fault *fault,
                           struct bill_run_item *out, size_t *out_count);
/* Lets a held item pass, in spite of its gates, with a reason. ERR_NOT_FOUND, ERR_CONFLICT where it is issued, stale, or has nobody to bill. */
enum err records_run_release(struct records *records, const struct actor *actor, int64_t run_no, const char *bill_id, const char *reason,
                             struct fault *fault);
enum err records_run_item_stale(struct records *records, int64_t run_no, int64_t item_no, struct fault *fault);

/* ---- issued bills ---- */

/* The last number and its hash; 0 and "" before the first. */
enum err records_issued_last(struct records *records, struct fault *fault, int64_t *out_number, char out_hash[BILL_HASH_SIZE]);
/* The texts of an issued bill. */
struct issued_texts {
    const char *draft;    /* the bill as the ledger had it */
    const char *inputs;   /* what it was worked out from (wire/bill_inputs.h); "" where that was not recorded yet */
    const char *document; /* what is handed out */
};
/*
 * Issues: `issued->number` is the last plus one. Marks the run's item. For a batch together with records_issued_last. ERR_CONFLICT where that
 * edition, or that number, is there already.
 */
enum err records_issued_add(struct records *records, const struct actor *actor, const struct issued_record *issued, int64_t item_no,
                            const struct issued_texts *texts, struct fault *fault);
/* edition 0: the newest. `out_draft` and `out_document` may be NULL; they are appended to. */
enum err records_issued_by_bill(struct records *records, const char *bill_id, int edition, struct fault *fault, struct issued_record *out,
                                struct buf *out_draft, struct buf *out_document);
/* By number, after `after_number`. One document at a time: `each` must not call the records. It returns non-zero to stop. */
enum err records_issued_each(struct records *records, int64_t after_number, size_t limit,
                             int (*each)(const struct issued_record *issued, const struct issued_texts *texts, void *arg), void *arg,
                             struct fault *fault);

enum err records_payment_set(struct records *records, const struct actor *actor, int64_t number, const struct payment_record *payment,
                             struct fault *fault);
/* PAYMENT_OPEN without codes where nobody said anything. */
enum err records_payment_get(struct records *records, int64_t number, struct fault *fault, struct payment_record *out);

#endif
