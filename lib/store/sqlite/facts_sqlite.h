/*
 * The ledger on SQLite: the backend's own structure, and its verbs, spread over facts_*.c by noun. Private to lib/store/sqlite.
 */
#ifndef STORE_SQLITE_FACTS_SQLITE_H
#define STORE_SQLITE_FACTS_SQLITE_H

#include "base/buf.h"
#include "store/facts_ops.h"
#include "store/sqlite/db.h"
#include "store/sqlite/facts_known.h"
#include "store/sqlite/sealed.h"

struct sqlite_facts {
    struct facts facts;
    struct db *db;
    struct buf scratch;      /* for documents that must outlive a row */
    struct known *known;     /* a writer's; NULL for a reader */
    int64_t log_bytes_borne; /* a write-ahead log above this is worth keeping the committer waiting */
    int64_t sealed_until_utc_ms; /* no day from here on is sealed; a reader cannot know: INT64_MAX */
    struct sealed_day sealed;    /* the one unpacked last */
};

static inline struct db *facts_db(struct facts *facts)
{
    return ((struct sqlite_facts *)facts)->db;
}

static inline struct known *facts_known(struct facts *facts)
{
    return ((struct sqlite_facts *)facts)->known;
}

void sqlite_close(struct facts *facts);
enum err sqlite_begin(struct facts *facts, struct fault *fault);
enum err sqlite_commit(struct facts *facts, struct fault *fault);
void sqlite_rollback(struct facts *facts);
enum err sqlite_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);
enum err sqlite_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault);
enum err sqlite_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                         void *arg, struct fault *fault);
enum err sqlite_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                              int64_t keep_per_name, struct fault *fault);
enum err sqlite_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                               int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                               struct fault *fault);
enum err sqlite_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault);
enum err sqlite_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
enum err sqlite_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault);
enum err sqlite_shrink(struct facts *facts, int pages_max, struct fault *fault);
enum err sqlite_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault);
enum err sqlite_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                       int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault);
enum err sqlite_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                        struct fault *fault);
enum err sqlite_put_status(struct facts *facts, const struct status_row *row, struct fault *fault);
enum err sqlite_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault);
enum err sqlite_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault);
enum err sqlite_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault);
enum err sqlite_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault);
enum err sqlite_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault);
enum err sqlite_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault);
enum err sqlite_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault);
enum err sqlite_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault);
enum err sqlite_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault);
enum err sqlite_put_day(struct facts *facts, const struct day_row *row, struct fault *fault);
enum err sqlite_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault);
enum err sqlite_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                 struct fault *fault);
enum err sqlite_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault);
enum err sqlite_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                           int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
enum err sqlite_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault);
enum err sqlite_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
enum err sqlite_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                       int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                             int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault);
enum err sqlite_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
enum err sqlite_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                             int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault);
enum err sqlite_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault);
enum err sqlite_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault);
enum err sqlite_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault);
enum err sqlite_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault);
enum err sqlite_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
enum err sqlite_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                     struct fault *fault);
enum err sqlite_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault);
enum err sqlite_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault);
enum err sqlite_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                       struct fault *fault);
enum err sqlite_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault);
enum err sqlite_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                      int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault);
enum err sqlite_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                         int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault);
enum err sqlite_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault);
enum err sqlite_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault);
enum err sqlite_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault);
enum err sqlite_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                     int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                         int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault);
enum err sqlite_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault);
enum err sqlite_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                      int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                       int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault);
enum err sqlite_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                  int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
enum err sqlite_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
enum err sqlite_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault);

#endif
