/*
 * What a backend of the ledger brings: one function per verb of store/facts.h, with the same contract. A backend's own structure begins
 * with a `struct facts`. Only backends and store/facts.c include this.
 */
#ifndef STORE_FACTS_OPS_H
#define STORE_FACTS_OPS_H

#include "store/facts.h"

struct facts_ops {
    void (*close)(struct facts *facts);
    enum err (*begin)(struct facts *facts, struct fault *fault);
    enum err (*commit)(struct facts *facts, struct fault *fault);
    void (*rollback)(struct facts *facts);
    enum err (*put_reading)(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);
    enum err (*seal)(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault);
    enum err (*shrink)(struct facts *facts, int pages_max, struct fault *fault);
    enum err (*put_refusal)(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault);
    enum err (*refusals)(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                         void *arg, struct fault *fault);
    enum err (*put_unclaimed)(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                              int64_t keep_per_name, struct fault *fault);
    enum err (*take_unclaimed)(struct facts *facts, const char *meter_id, int limit,
                               int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                               struct fault *fault);
    enum err (*unclaimed_names)(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault);
    enum err (*prune_unclaimed)(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
    enum err (*put_event)(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault);
    enum err (*events)(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                       int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*put_receipt)(struct facts *facts, const struct receipt_row *row, struct fault *fault);
    enum err (*receipts)(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*receipt)(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                        struct fault *fault);
    enum err (*put_status)(struct facts *facts, const struct status_row *row, struct fault *fault);
    enum err (*status)(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault);
    enum err (*put_mark)(struct facts *facts, const struct mark *mark, struct fault *fault);
    enum err (*add_number)(struct facts *facts, const char *name, int64_t difference, struct fault *fault);
    enum err (*set_number)(struct facts *facts, const char *name, int64_t value, struct fault *fault);
    enum err (*numbers)(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault);
    enum err (*marks)(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault);
    enum err (*clear_mark)(struct facts *facts, const struct mark *mark, struct fault *fault);
    enum err (*meter_marked)(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault);
    enum err (*clear_derived)(struct facts *facts, int64_t meter_no, struct fault *fault);
    enum err (*put_day)(struct facts *facts, const struct day_row *row, struct fault *fault);
    enum err (*remove_day)(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault);
    enum err (*clear_judgements)(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                 struct fault *fault);
    enum err (*put_judgement)(struct facts *facts, const struct judgement *judgement, struct fault *fault);
    enum err (*judgements)(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                           int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
    enum err (*put_checks)(struct facts *facts, const struct check_day_row *row, struct fault *fault);
    enum err (*remove_checks)(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
    enum err (*checks)(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                       int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*found_checks)(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                             int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*put_completeness)(struct facts *facts, const struct completeness_row *row, struct fault *fault);
    enum err (*remove_completeness)(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault);
    enum err (*completeness)(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                             int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*put_bill)(struct facts *facts, const struct bill_row *row, struct fault *fault);
    enum err (*remove_bill)(struct facts *facts, const char *bill_id, struct fault *fault);
    enum err (*put_alert)(struct facts *facts, const struct alert_row *row, struct fault *fault);
    enum err (*remove_alert)(struct facts *facts, const char *alert_id, struct fault *fault);
    enum err (*put_tail)(struct facts *facts, const struct tail_row *row, struct fault *fault);
    enum err (*prune_tail)(struct facts *facts, int64_t before_utc_ms, struct fault *fault);
    enum err (*tail)(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                     struct fault *fault);
    enum err (*tail_range)(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault);
    enum err (*put_outbox)(struct facts *facts, const struct outbox_row *row, struct fault *fault);
    enum err (*outbox)(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                       struct fault *fault);
    enum err (*outbox_done)(struct facts *facts, int64_t outbox_id, struct fault *fault);
    enum err (*reads)(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                      int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault);
    enum err (*instants)(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                         int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault);
    enum err (*channels)(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault);
    enum err (*readings)(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault);
    enum err (*last_reading)(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault);
    enum err (*days)(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                     int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*day_sums)(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                         int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault);
    enum err (*day_range)(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault);
    enum err (*bills)(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                      int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*bill)(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*alerts)(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                       int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*alert)(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*newest_refusals)(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault);
    enum err (*newest_judgements)(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                  int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault);
    enum err (*newest_events)(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault);
    enum err (*checkpoint)(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault);
};

struct facts {
    const struct facts_ops *ops;
};

#endif
