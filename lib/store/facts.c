/* Every verb goes to the backend that the handle belongs to. */
#include "store/facts_ops.h"

void facts_close(struct facts *facts)
{
    if (facts)
        facts->ops->close(facts);
}

enum err facts_begin(struct facts *facts, struct fault *fault)
{
    return facts->ops->begin(facts, fault);
}

enum err facts_commit(struct facts *facts, struct fault *fault)
{
    return facts->ops->commit(facts, fault);
}

void facts_rollback(struct facts *facts)
{
    facts->ops->rollback(facts);
}

enum err facts_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault)
{
    return facts->ops->put_reading(facts, row, out_repeated, fault);
}

enum err facts_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault)
{
    return facts->ops->put_refusal(facts, refusal, keep, fault);
}

enum err facts_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                        void *arg, struct fault *fault)
{
    return facts->ops->refusals(facts, meter_no, before_id, limit, each, arg, fault);
}

enum err facts_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                             int64_t keep_per_name, struct fault *fault)
{
    return facts->ops->put_unclaimed(facts, meter_id, received_utc_ms, payload, len, keep_per_name, fault);
}

enum err facts_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                              int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                              struct fault *fault)
{
    return facts->ops->take_unclaimed(facts, meter_id, limit, each, arg, out_count, fault);
}

enum err facts_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->unclaimed_names(facts, limit, each, arg, fault);
}

enum err facts_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    return facts->ops->prune_unclaimed(facts, before_utc_ms, fault);
}

enum err facts_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault)
{
    return facts->ops->seal(facts, meter_no, before_utc_ms, out_facts, fault);
}

enum err facts_shrink(struct facts *facts, int pages_max, struct fault *fault)
{
    return facts->ops->shrink(facts, pages_max, fault);
}

enum err facts_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault)
{
    return facts->ops->put_event(facts, row, out_repeated, fault);
}

enum err facts_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                      int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->events(facts, meter_no, from_utc_ms, until_utc_ms, limit, each, arg, fault);
}

enum err facts_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault)
{
    return facts->ops->put_receipt(facts, row, fault);
}

enum err facts_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->receipts(facts, each, arg, fault);
}

enum err facts_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                       struct fault *fault)
{
    return facts->ops->receipt(facts, meter_no, boot, each, arg, fault);
}

enum err facts_put_status(struct facts *facts, const struct status_row *row, struct fault *fault)
{
    return facts->ops->put_status(facts, row, fault);
}

enum err facts_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault)
{
    return facts->ops->status(facts, meter_no, out, fault);
}

enum err facts_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    return facts->ops->put_mark(facts, mark, fault);
}

enum err facts_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault)
{
    return facts->ops->add_number(facts, name, difference, fault);
}

enum err facts_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault)
{
    return facts->ops->set_number(facts, name, value, fault);
}

enum err facts_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->numbers(facts, each, arg, fault);
}

enum err facts_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->marks(facts, limit, each, arg, fault);
}

enum err facts_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    return facts->ops->clear_mark(facts, mark, fault);
}

enum err facts_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault)
{
    return facts->ops->meter_marked(facts, meter_no, out, fault);
}

enum err facts_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault)
{
    return facts->ops->clear_derived(facts, meter_no, fault);
}

enum err facts_put_day(struct facts *facts, const struct day_row *row, struct fault *fault)
{
    return facts->ops->put_day(facts, row, fault);
}

enum err facts_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault)
{
    return facts->ops->remove_day(facts, meter_no, channel, local_day, fault);
}

enum err facts_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                struct fault *fault)
{
    return facts->ops->clear_judgements(facts, meter_no, channel, from_utc_ms, until_utc_ms, fault);
}

enum err facts_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault)
{
    return facts->ops->put_judgement(facts, judgement, fault);
}

enum err facts_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                          int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->judgements(facts, meter_no, channel, from_utc_ms, until_utc_ms, order, limit, each, arg, fault);
}

enum err facts_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault)
{
    return facts->ops->put_checks(facts, row, fault);
}

enum err facts_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    return facts->ops->remove_checks(facts, meter_no, from_day, until_day, fault);
}

enum err facts_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                      int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->checks(facts, meter_no, from_day, until_day, each, arg, fault);
}

enum err facts_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                            int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->found_checks(facts, meter_no, from_day, before_day, before_meter_no, limit, each, arg, fault);
}

enum err facts_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault)
{
    return facts->ops->put_completeness(facts, row, fault);
}

enum err facts_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    return facts->ops->remove_completeness(facts, meter_no, from_day, until_day, fault);
}

enum err facts_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                            int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->completeness(facts, meter_no, from_day, until_day, each, arg, fault);
}

enum err facts_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault)
{
    return facts->ops->put_bill(facts, row, fault);
}

enum err facts_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault)
{
    return facts->ops->remove_bill(facts, bill_id, fault);
}

enum err facts_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault)
{
    return facts->ops->put_alert(facts, row, fault);
}

enum err facts_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault)
{
    return facts->ops->remove_alert(facts, alert_id, fault);
}

enum err facts_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault)
{
    return facts->ops->put_tail(facts, row, fault);
}

enum err facts_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    return facts->ops->prune_tail(facts, before_utc_ms, fault);
}

enum err facts_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                    struct fault *fault)
{
    return facts->ops->tail(facts, after_seq, limit, each, arg, fault);
}

enum err facts_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault)
{
    return facts->ops->tail_range(facts, out_oldest, out_newest, fault);
}

enum err facts_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault)
{
    return facts->ops->put_outbox(facts, row, fault);
}

enum err facts_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                      struct fault *fault)
{
    return facts->ops->outbox(facts, after_id, limit, each, arg, fault);
}

enum err facts_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault)
{
    return facts->ops->outbox_done(facts, outbox_id, fault);
}

enum err facts_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                     int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->reads(facts, meter_no, channel, from_utc_ms, until_utc_ms, order, limit, each, arg, fault);
}

enum err facts_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                        int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->instants(facts, meter_no, from_utc_ms, until_utc_ms, order, each, arg, fault);
}

enum err facts_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault)
{
    return facts->ops->channels(facts, meter_no, max, out_channels, out_count, fault);
}

enum err facts_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                        const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                        void *arg, struct fault *fault)
{
    return facts->ops->readings(facts, meter_no, from_utc_ms, until_utc_ms, order, limit, after, each, arg, fault);
}

enum err facts_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault)
{
    return facts->ops->last_reading(facts, meter_no, out, fault);
}

enum err facts_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                    int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->days(facts, meter_no, channel, from_day, until_day, each, arg, fault);
}

enum err facts_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                        int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->day_sums(facts, meter_no, channel, from_day, until_day, each, arg, fault);
}

enum err facts_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault)
{
    return facts->ops->day_range(facts, meter_no, channel, out_first, out_last, fault);
}

enum err facts_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                     int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->bills(facts, meter_no, state, before_day, before_id, limit, each, arg, fault);
}

enum err facts_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->bill(facts, bill_id, each, arg, fault);
}

enum err facts_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                      int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->alerts(facts, meter_no, kind, state, before_utc_ms, before_id, limit, each, arg, fault);
}

enum err facts_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->alert(facts, alert_id, each, arg, fault);
}

enum err facts_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                               int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->newest_refusals(facts, newest, after_received_utc_ms, after_id, each, arg, fault);
}

enum err facts_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                 int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->newest_judgements(facts, newest, after, each, arg, fault);
}

enum err facts_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                             int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    return facts->ops->newest_events(facts, newest, after_ts_utc_ms, after_id, each, arg, fault);
}

enum err facts_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault)
{
    return facts->ops->checkpoint(facts, out_wal_bytes, fault);
}
