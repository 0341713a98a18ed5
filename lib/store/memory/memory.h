/*
 * The ledger in memory: for tests, for trying things out, and as the second proof of what store/facts.h promises. It lives as long as its handle,
 * and one thread uses it at a time. Private to lib/store/memory.
 *
 * A table is an array of rows in the order of its key. Rows are never changed, only replaced; what a batch replaced or removed is kept until it
 * commits, so that a rollback puts it back and a listing may go on while its callback writes.
 */
#ifndef STORE_MEMORY_MEMORY_H
#define STORE_MEMORY_MEMORY_H

#include "store/facts_ops.h"

struct table {
    void **rows; /* owned */
    size_t count, cap;
    int (*compare)(const void *a, const void *b); /* by key */
};

enum table_name {
    TABLE_FACT,
    TABLE_CHANNEL,
    TABLE_JUDGEMENT,
    TABLE_REFUSAL,
    TABLE_UNCLAIMED,
    TABLE_EVENT,
    TABLE_RECEIPT,
    TABLE_STATUS,
    TABLE_MARK,
    TABLE_NUMBER,
    TABLE_DAY,
    TABLE_CHECK,
    TABLE_COMPLETENESS,
    TABLE_BILL,
    TABLE_ALERT,
    TABLE_TAIL,
    TABLE_OUTBOX,
    TABLE_COUNT,
};

/* A step of the open batch, for its rollback. */
struct undo {
    struct table *table;
    void *added;   /* NULL: nothing was */
    void *removed; /* NULL: nothing was; owned by the undo */
};

struct memory {
    struct facts facts;
    struct table tables[TABLE_COUNT];
    bool in_batch;
    struct undo *undo;
    size_t undo_count, undo_cap;
    int64_t last_refusal, last_event, last_tail, last_outbox; /* ids given, never again */
};

static inline struct table *table_of(struct facts *facts, enum table_name name)
{
    return &((struct memory *)facts)->tables[name];
}

/* The place of the first row that is not before `key` (a row with its key fields set). */
size_t table_seek(const struct table *table, const void *key);
/* The row with this key, or NULL. */
void *table_find(const struct table *table, const void *key);
/* Puts a row (which it takes over, also on failure); one with the same key goes. ERR_FATAL: no memory. */
enum err table_put(struct facts *facts, enum table_name name, void *row, struct fault *fault);
/* Removes the row at a place. */
enum err table_remove(struct facts *facts, enum table_name name, size_t at, struct fault *fault);
enum err table_remove_key(struct facts *facts, enum table_name name, const void *key, struct fault *fault); /* absent: OK */

/* Memory for a row; NULL with ERR_FATAL told. */
void *row_new(size_t size, struct fault *fault);

/* Rows end with their text or bytes where they have some. */
struct unclaimed_memory {
    char meter_id[METER_ID_SIZE];
    int64_t no, received_utc_ms;
    size_t len;
    unsigned char payload[];
};

struct refusal_memory {
    struct refusal refusal; /* payload points behind */
    unsigned char payload[];
};

struct event_memory {
    struct event_row row; /* document points behind */
    char document[];
};

struct receipt_memory {
    struct receipt_row row; /* holes point behind */
    char holes[];
};

struct number_memory {
    char name[96];
    int64_t value;
};

struct channel_memory {
    int64_t meter_no;
    int32_t channel;
};

struct day_memory {
    struct day_row row;
    struct energy_sum sum;
};

struct bill_memory {
    struct bill_row row; /* document and terms point behind */
    char document[];
};

struct alert_memory {
    struct alert_row row; /* document points behind */
    char document[];
};

struct tail_memory {
    struct tail_row row; /* data points behind */
    char data[];
};

struct outbox_memory {
    struct outbox_row row; /* payload points behind */
    char payload[];
};

extern const struct facts_ops memory_ops;
extern int (*const memory_compare[TABLE_COUNT])(const void *a, const void *b);

/* Judgement of a fact, VERDICT_ACCEPTED where none stands. */
enum verdict memory_verdict(struct facts *facts, const struct reading_row *fact);

void memory_close(struct facts *facts);
enum err memory_begin(struct facts *facts, struct fault *fault);
enum err memory_commit(struct facts *facts, struct fault *fault);
void memory_rollback(struct facts *facts);
enum err memory_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);
enum err memory_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault);
enum err memory_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                         void *arg, struct fault *fault);
enum err memory_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                              int64_t keep_per_name, struct fault *fault);
enum err memory_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                               int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                               struct fault *fault);
enum err memory_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault);
enum err memory_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
enum err memory_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault);
enum err memory_shrink(struct facts *facts, int pages_max, struct fault *fault);
enum err memory_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault);
enum err memory_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                       int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault);
enum err memory_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                        struct fault *fault);
enum err memory_put_status(struct facts *facts, const struct status_row *row, struct fault *fault);
enum err memory_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault);
enum err memory_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault);
enum err memory_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault);
enum err memory_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault);
enum err memory_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault);
enum err memory_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault);
enum err memory_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault);
enum err memory_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault);
enum err memory_put_day(struct facts *facts, const struct day_row *row, struct fault *fault);
enum err memory_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault);
enum err memory_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault);
enum err memory_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                 struct fault *fault);
enum err memory_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault);
enum err memory_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                           int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
enum err memory_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault);
enum err memory_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
enum err memory_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                       int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                             int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault);
enum err memory_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
enum err memory_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                             int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault);
enum err memory_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault);
enum err memory_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault);
enum err memory_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault);
enum err memory_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault);
enum err memory_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
enum err memory_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                     struct fault *fault);
enum err memory_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault);
enum err memory_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault);
enum err memory_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                       struct fault *fault);
enum err memory_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault);
enum err memory_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                      int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault);
enum err memory_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                         int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault);
enum err memory_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault);
enum err memory_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault);
enum err memory_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault);
enum err memory_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                     int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                         int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault);
enum err memory_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault);
enum err memory_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                      int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                       int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault);
enum err memory_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                  int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
enum err memory_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
enum err memory_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault);

#endif
