/*
 * The ledger: facts, marks, everything derived, tail, outbox and positions. `ledger.db` is written by the ingestor alone;
 * the API reads it.
 *
 * Contract for every backend (sqlite/, memory/; tests/contract/ holds the one conformance suite):
 * - Writing happens between facts_begin and facts_commit. The batch is the transaction: all of it or nothing of it is there
 *   after a crash. Every write may be repeated; "outcome unknown" (ERR_UNCERTAIN) means: do the batch again.
 * - A `struct facts` belongs to one thread at a time. Open one per thread, or lend them from a pool.
 * - Reading sees the last commit (or the own open transaction). No call holds a read transaction beyond its return.
 * - Callbacks return 0 to go on; another value stops the listing, and the verb returns OK.
 * - ERR_RETRY: locked, full, away: nothing happened; roll back and try again later. ERR_FATAL: the store is broken.
 * - Times are UTC ms; ranges half-open; local days are civil day numbers (base/civil.h).
 */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "base/err.h"
#include "energy/alert.h"
#include "energy/bill.h"
#include "energy/check.h"
#include "energy/mark.h"
#include "energy/quarter.h"
#include "energy/reading.h"
#include "energy/verdict.h"

struct facts;

enum facts_mode { FACTS_WRITER, FACTS_READER };

/* Opens (a writer creates and migrates). The memory backend lives as long as the handle. */
enum err facts_open_sqlite(const char *path, enum facts_mode mode, struct fault *fault, struct facts **out);
enum err facts_open_memory(struct fault *fault, struct facts **out);
void facts_close(struct facts *facts); /* NULL-safe; rolls an open batch back */

enum err facts_begin(struct facts *facts, struct fault *fault);
enum err facts_commit(struct facts *facts, struct fault *fault);
void facts_rollback(struct facts *facts);

/* ---- commit A: facts ---- */

/* What is kept of a stored reading besides the reading itself. */
struct reading_row {
    int64_t meter_no;
    struct reading reading;
    int64_t received_utc_ms;
    enum verdict verdict; /* derived: VERDICT_ACCEPTED, or why it was set aside */
    enum quality quality; /* measured; missing when set aside */
};

/* Stores one fact per channel. *out_repeated: all of them existed already (nothing was written). */
enum err facts_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);

/*
 * Keeping: packs the facts of the meter's oldest UTC day that is not sealed, if it ended by before_utc_ms. *out_facts: how many, 0: there was no such
 * day. Whatever reads facts reads them as before; a reading that says something new of a sealed day opens it again. A backend that does not pack
 * has no such day.
 */
enum err facts_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault);
/* Gives room that is not needed soon back to the disk, so many pages at most. */
enum err facts_shrink(struct facts *facts, int pages_max, struct fault *fault);

#define REFUSAL_PAYLOAD_MAX 1024
struct refusal {
    int64_t refusal_id; /* set by the store */
    int64_t received_utc_ms;
    int64_t meter_no;             /* 0 when unknown */
    char meter_id[METER_ID_SIZE]; /* as the topic names it, "" when it does not */
    enum verdict verdict;
    char detail[160];
    bool has_ts;
    int64_t ts_utc_ms;
    bool has_seq;
    int64_t seq;
    const char *payload; /* may be NULL; what is beyond REFUSAL_PAYLOAD_MAX is cut */
    size_t payload_len;
};
/* Keeps at most `keep` newest refusals altogether (older ones go, in the same transaction, a few at a time). */
enum err facts_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault);
enum err facts_refusals(struct facts *facts, int64_t meter_no /* 0: all */, int64_t before_id /* 0: newest */, int limit,
                        int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault);

/* Readings kept under `unknown_meter`, replayed when the name is registered: bounded per name by the caller. */
enum err facts_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                             int64_t keep_per_name, struct fault *fault);
enum err facts_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                              int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                              struct fault *fault);
enum err facts_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault);
enum err facts_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault);

/* Events are facts too: announced exchange, tamper, power, clock, command answers. `document` is the JSON as received. */
struct event_row {
    int64_t event_id; /* set by the store */
    int64_t meter_no;
    int64_t ts_utc_ms;
    int64_t received_utc_ms;
    char event[32];
    const char *document;
};
enum err facts_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault);
/* Ascending by ts, then name and document: whatever the order in which they came. */
enum err facts_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                      int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);

/* The receipt state of one (meter, boot): see ingestor/receipt.h for what the fields mean. `holes` is opaque text. */
struct receipt_row {
    int64_t meter_no;
    char boot[READING_BOOT_SIZE];
    int64_t done_seq;  /* every seq up to here is stored, refused or given up; -1: none */
    int64_t top_seq;   /* the highest seen; -1: none */
    int64_t given_up;  /* how many were never received */
    const char *holes; /* what lies between, as ingestor/receipt.c writes it; "" when nothing */
    int64_t updated_utc_ms;
};
enum err facts_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault);
enum err facts_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault);
enum err facts_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                       struct fault *fault);

/* The last word of a meter on meters/<id>/status. */
struct status_row {
    int64_t meter_no;
    bool online;
    int64_t changed_utc_ms;
    char serial[NAME_SIZE];
    char firmware[NAME_SIZE];
    char boot[READING_BOOT_SIZE];
};
enum err facts_put_status(struct facts *facts, const struct status_row *row, struct fault *fault);
enum err facts_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault); /* ERR_NOT_FOUND */

enum err facts_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault); /* union with what is there */

/* Named numbers: journal position, counters, heartbeat. Add changes by a difference, set replaces. */
enum err facts_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault);
enum err facts_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault);
enum err facts_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault);

/* ---- commit B: derived ---- */

enum err facts_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault);
/* Clears it unless it was merged since (its generation differs from the one given). */
enum err facts_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault);
/* Does its energy or a bill of it wait? (Checks that wait do not count.) */
enum err facts_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault);

/* All that is derived of a meter goes: before it is derived anew from its first fact. */
enum err facts_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault);

struct day_row {
    int64_t meter_no;
    int32_t channel;
    struct day day;
};
enum err facts_put_day(struct facts *facts, const struct day_row *row, struct fault *fault);
enum err facts_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault);

/* The verdict over the neighbours of one fact; VERDICT_ACCEPTED removes it. */
struct judgement {
    int64_t meter_no;
    int64_t ts_utc_ms;
    int32_t channel;
    enum fact_kind kind;
    int32_t length_s;
    int64_t value_wh;
    enum verdict verdict;
};
enum err facts_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                struct fault *fault);
enum err facts_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault);
/* Ascending (order 1) or descending (order -1) by ts. */
enum err facts_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                          int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);

/* The checks of one closed local day of a meter (energy/check.h). */
struct check_day_row {
    int64_t meter_no;
    int32_t local_day;
    struct check_result results[CHECK_COUNT];
    struct check_voltage voltage; /* of that day alone: the days after it add it up */
};
enum err facts_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault);
enum err facts_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
/* Of one meter, ascending by day. */
enum err facts_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                      int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
/* Days on which something was found, newest first by (local_day, meter_no); meter_no 0: of all. before_*: the last one seen, INT32_MAX and 0 to
 * begin. */
enum err facts_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                            int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);

/*
 * How complete the readings of one closed local day of a meter are, counted by their distinct instants (store/completeness.h). What is estimated or
 * missing of the day's energy stands with its quarter-hours.
 */
struct completeness_row {
    int64_t meter_no;
    int32_t local_day;
    int32_t interval_s; /* > 0: the reading interval that held */
    int32_t expected;   /* so many fit into the whole local day */
    int32_t received;   /* may be more */
};
enum err facts_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault);
enum err facts_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
/* Of one meter, ascending by day. */
enum err facts_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                            int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault);

/* A bill as it stands. `document` is the ready JSON text of the one bill object; `terms` what it was worked out from beside its energy
 * (wire/bill_inputs.h); NULL where that was not kept yet. */
struct bill_row {
    char bill_id[BILL_ID_SIZE];
    char account_id[NAME_SIZE]; /* "" without an account */
    int64_t meter_no;
    enum bill_state state;
    int32_t from_day;
    int32_t until_day;
    int64_t total_minor;
    bool complete;
    int64_t as_of_utc_ms;
    const char *document;
    const char *terms;
};
enum err facts_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault); /* by bill_id */
enum err facts_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault);

/* An alert episode. `document` is the ready JSON text of the alert object, as published. */
struct alert_row {
    struct alert alert;
    bool published; /* its last revision went to the outbox */
    const char *document;
};
enum err facts_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault); /* by alert_id */
enum err facts_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault);

/* What just happened, for live readers. `data` is ready JSON (the MQTT object). The sequence number is the SSE event id. */
enum tail_kind { TAIL_READING = 0, TAIL_BILL = 1, TAIL_ALERT = 2 };
struct tail_row {
    int64_t tail_seq; /* set by the store, ascending, never reused */
    int64_t at_utc_ms;
    int64_t meter_no; /* 0: concerns no single meter (operators only) */
    char meter_id[METER_ID_SIZE];
    enum tail_kind kind;
    const char *data;
    size_t data_len;
};
enum err facts_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault);
enum err facts_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
enum err facts_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                    struct fault *fault);
/* The oldest and newest sequence numbers there are; 0 and 0 when the tail is empty (then *out_newest is the last ever given). */
enum err facts_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault);

/* Messages to publish, at least once; done when the broker acknowledged. */
struct outbox_row {
    int64_t outbox_id; /* set by the store, ascending */
    char topic[ALERT_TOPIC_SIZE];
    const char *payload; /* never NULL in a listing */
    size_t payload_len;
    bool retained;
    int64_t not_before_utc_ms;
};
enum err facts_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault);
enum err facts_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                      struct fault *fault);
enum err facts_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault);

/* ---- reading ---- */

/* One stored value of one channel: an instant (length 0) or an interval that ends at ts. */
struct read {
    int64_t ts_utc_ms;
    int64_t value_wh;
    enum fact_kind kind;
    int32_t length_s;
    unsigned flags;
};
/* Ascending by ts, then kind, length and value. `order` -1: descending from just before until_utc_ms, at most `limit`. */
enum err facts_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                     int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault);

/* The distinct instants of a meter's facts, whatever their channel: ascending (order 1) or descending (order -1). */
enum err facts_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                        int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault);

/* The channels that a meter has ever sent, ascending; at most `max`. */
enum err facts_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault);

/*
 * Whole readings (their facts joined again), ascending (order 1) or descending (order -1) by ts, then receipt. `after`: the
 * cursor of the last one seen, zeros to begin. The row is only valid in the callback.
 */
struct reading_cursor {
    int64_t ts_utc_ms;
    int64_t skip; /* how many readings of that ts were seen already; 0: begin at ts */
};
enum err facts_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                        const struct reading_cursor *after /* NULL: from the start */,
                        int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg), void *arg, struct fault *fault);
/* The newest reading by ts. ERR_NOT_FOUND. */
enum err facts_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault);

/* Stored days, ascending; days never derived are not there (all missing). */
enum err facts_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                    int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault);
/* Only the totals, without unpacking: of one meter, or of all (meter_no 0). */
enum err facts_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                        int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault);
/* The first and last local day there is; ERR_NOT_FOUND when none. */
enum err facts_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault);

/* Bills newest first by (from_day, bill_id); meter_no 0: all meters. before_*: keyset cursor, before_id NULL to begin. state -1: any. */
enum err facts_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                     int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
enum err facts_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg,
                    struct fault *fault); /* ERR_NOT_FOUND */

/* Alerts newest first by (since, alert_id); meter_no 0: all, kind 0: any, state -1: any (-2: active or acknowledged). */
enum err facts_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                      int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
enum err facts_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg,
                     struct fault *fault); /* ERR_NOT_FOUND */

/*
 * Lists of what happened, newest first, for people: of one meter or (meter_no 0) of all, with one verdict or (VERDICT_ACCEPTED, which
 * none of them has) with any. Rows that come or go meanwhile move no other row across `after`, the last one seen.
 */
struct newest_filter {
    int64_t meter_no;
    enum verdict verdict;
    int64_t from_utc_ms; /* of receipt for refusals, of ts for judgements and events */
    int64_t until_utc_ms;
    int limit;
};
/* By (received_utc_ms, refusal_id). after_*: INT64_MAX both to begin. */
enum err facts_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                               int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault);
/* By (ts_utc_ms, meter_no, channel, kind, length_s, value_wh). `after`: NULL to begin. */
enum err facts_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                 int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
/* By (ts_utc_ms, event_id), of one meter only; `verdict` means nothing here. after_*: INT64_MAX both to begin. */
enum err facts_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                             int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);

/*
 * Checkpoint, and empties the write-ahead log as far as readers allow. Commits wait for it 50 ms at most, or 1.5 s when the log has grown past 64 MiB.
 * Bytes still in the log come back. Does nothing for a backend without one.
 */
enum err facts_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault);

#endif
