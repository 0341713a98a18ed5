#include "tests/support/faulty_store.h"
#include <stdio.h>
#include <stdlib.h>
#include "store/facts_ops.h"

struct faulty {
    struct facts facts;
    struct facts *inner;
    struct faulty_cue cue;
    int hits;
};

static struct facts *inner(struct facts *facts)
{
    return ((struct faulty *)facts)->inner;
}

static enum err trip(struct facts *facts, enum faulty_verb verb, struct fault *fault)
{
    struct faulty *faulty = (struct faulty *)facts;
    int times = faulty->cue.times ? faulty->cue.times : 1;
    if (verb != faulty->cue.verb || faulty->hits >= times || faulty->cue.after-- > 0)
        return OK;
    faulty->hits++;
    return fault_set(fault, faulty->cue.err, "the store fails on cue");
}

static void faulty_close(struct facts *facts)
{
    facts_close(inner(facts));
    free(facts);
}

static enum err faulty_begin(struct facts *facts, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_BEGIN, fault);
    return err != OK ? err : facts_begin(inner(facts), fault);
}

/* A commit that fails leaves nothing behind, but where its outcome is unknown. */
static enum err faulty_commit(struct facts *facts, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_COMMIT, fault);
    if (err == OK)
        return facts_commit(inner(facts), fault);
    if (err != ERR_UNCERTAIN)
        facts_rollback(inner(facts));
    else if (facts_commit(inner(facts), NULL) != OK)
        abort();
    return err;
}

static void faulty_rollback(struct facts *facts)
{
    facts_rollback(inner(facts));
}

static enum err faulty_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_reading(inner(facts), row, out_repeated, fault);
}

static enum err faulty_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_refusal(inner(facts), refusal, keep, fault);
}

static enum err faulty_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_refusals(inner(facts), meter_no, before_id, limit, each, arg, fault);
}

static enum err faulty_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                                     int64_t keep_per_name, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_unclaimed(inner(facts), meter_id, received_utc_ms, payload, len, keep_per_name, fault);
}

static enum err faulty_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                                      int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                                      struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_take_unclaimed(inner(facts), meter_id, limit, each, arg, out_count, fault);
}

static enum err faulty_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_unclaimed_names(inner(facts), limit, each, arg, fault);
}

static enum err faulty_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_prune_unclaimed(inner(facts), before_utc_ms, fault);
}

static enum err faulty_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_seal(inner(facts), meter_no, before_utc_ms, out_facts, fault);
}

static enum err faulty_shrink(struct facts *facts, int pages_max, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_shrink(inner(facts), pages_max, fault);
}

static enum err faulty_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_event(inner(facts), row, out_repeated, fault);
}

static enum err faulty_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_events(inner(facts), meter_no, from_utc_ms, until_utc_ms, limit, each, arg, fault);
}

static enum err faulty_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_receipt(inner(facts), row, fault);
}

static enum err faulty_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_receipts(inner(facts), each, arg, fault);
}

static enum err faulty_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg),
                               void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_receipt(inner(facts), meter_no, boot, each, arg, fault);
}

static enum err faulty_put_status(struct facts *facts, const struct status_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_status(inner(facts), row, fault);
}

static enum err faulty_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_status(inner(facts), meter_no, out, fault);
}

static enum err faulty_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_mark(inner(facts), mark, fault);
}

static enum err faulty_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_add_number(inner(facts), name, difference, fault);
}

static enum err faulty_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_set_number(inner(facts), name, value, fault);
}

static enum err faulty_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_numbers(inner(facts), each, arg, fault);
}

static enum err faulty_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_marks(inner(facts), limit, each, arg, fault);
}

static enum err faulty_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_clear_mark(inner(facts), mark, fault);
}

static enum err faulty_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_meter_marked(inner(facts), meter_no, out, fault);
}

static enum err faulty_put_day(struct facts *facts, const struct day_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_day(inner(facts), row, fault);
}

static enum err faulty_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_clear_derived(inner(facts), meter_no, fault);
}

static enum err faulty_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_remove_day(inner(facts), meter_no, channel, local_day, fault);
}

static enum err faulty_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                        struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_clear_judgements(inner(facts), meter_no, channel, from_utc_ms, until_utc_ms, fault);
}

static enum err faulty_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_judgement(inner(facts), judgement, fault);
}

static enum err faulty_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                                  int limit, int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_judgements(inner(facts), meter_no, channel, from_utc_ms, until_utc_ms, order, limit, each, arg, fault);
}

static enum err faulty_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_checks(inner(facts), row, fault);
}

static enum err faulty_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_remove_checks(inner(facts), meter_no, from_day, until_day, fault);
}

static enum err faulty_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                              int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_checks(inner(facts), meter_no, from_day, until_day, each, arg, fault);
}

static enum err faulty_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                                    int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_found_checks(inner(facts), meter_no, from_day, before_day, before_meter_no, limit, each, arg, fault);
}

static enum err faulty_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_completeness(inner(facts), row, fault);
}

static enum err faulty_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_remove_completeness(inner(facts), meter_no, from_day, until_day, fault);
}

static enum err faulty_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                                    int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_completeness(inner(facts), meter_no, from_day, until_day, each, arg, fault);
}

static enum err faulty_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_bill(inner(facts), row, fault);
}

static enum err faulty_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_remove_bill(inner(facts), bill_id, fault);
}

static enum err faulty_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_alert(inner(facts), row, fault);
}

static enum err faulty_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_remove_alert(inner(facts), alert_id, fault);
}

static enum err faulty_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_tail(inner(facts), row, fault);
}

static enum err faulty_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_prune_tail(inner(facts), before_utc_ms, fault);
}

static enum err faulty_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                            struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_tail(inner(facts), after_seq, limit, each, arg, fault);
}

static enum err faulty_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_tail_range(inner(facts), out_oldest, out_newest, fault);
}

static enum err faulty_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_put_outbox(inner(facts), row, fault);
}

static enum err faulty_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                              struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_outbox(inner(facts), after_id, limit, each, arg, fault);
}

static enum err faulty_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_WRITE, fault);
    return err != OK ? err : facts_outbox_done(inner(facts), outbox_id, fault);
}

static enum err faulty_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                             int64_t limit, int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_reads(inner(facts), meter_no, channel, from_utc_ms, until_utc_ms, order, limit, each, arg, fault);
}

static enum err faulty_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                                int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_instants(inner(facts), meter_no, from_utc_ms, until_utc_ms, order, each, arg, fault);
}

static enum err faulty_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_channels(inner(facts), meter_no, max, out_channels, out_count, fault);
}

static enum err faulty_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                                const struct reading_cursor *after,
                                int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg), void *arg,
                                struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_readings(inner(facts), meter_no, from_utc_ms, until_utc_ms, order, limit, after, each, arg, fault);
}

static enum err faulty_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_last_reading(inner(facts), meter_no, out, fault);
}

static enum err faulty_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                            int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_days(inner(facts), meter_no, channel, from_day, until_day, each, arg, fault);
}

static enum err faulty_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                                int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg,
                                struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_day_sums(inner(facts), meter_no, channel, from_day, until_day, each, arg, fault);
}

static enum err faulty_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_day_range(inner(facts), meter_no, channel, out_first, out_last, fault);
}

static enum err faulty_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                             int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_bills(inner(facts), meter_no, state, before_day, before_id, limit, each, arg, fault);
}

static enum err faulty_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg,
                            struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_bill(inner(facts), bill_id, each, arg, fault);
}

static enum err faulty_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                              int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_alerts(inner(facts), meter_no, kind, state, before_utc_ms, before_id, limit, each, arg, fault);
}

static enum err faulty_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg,
                             struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_alert(inner(facts), alert_id, each, arg, fault);
}

static enum err faulty_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                       int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_newest_refusals(inner(facts), newest, after_received_utc_ms, after_id, each, arg, fault);
}

static enum err faulty_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                         int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_newest_judgements(inner(facts), newest, after, each, arg, fault);
}

static enum err faulty_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                                     int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_newest_events(inner(facts), newest, after_ts_utc_ms, after_id, each, arg, fault);
}

static enum err faulty_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault)
{
    enum err err = trip(facts, FAULTY_READ, fault);
    return err != OK ? err : facts_checkpoint(inner(facts), out_wal_bytes, fault);
}

static const struct facts_ops faulty_ops = {
    .close = faulty_close,
    .begin = faulty_begin,
    .commit = faulty_commit,
    .rollback = faulty_rollback,
    .put_reading = faulty_put_reading,
    .put_refusal = faulty_put_refusal,
    .refusals = faulty_refusals,
    .put_unclaimed = faulty_put_unclaimed,
    .take_unclaimed = faulty_take_unclaimed,
    .unclaimed_names = faulty_unclaimed_names,
    .prune_unclaimed = faulty_prune_unclaimed,
    .seal = faulty_seal,
    .shrink = faulty_shrink,
    .put_event = faulty_put_event,
    .events = faulty_events,
    .put_receipt = faulty_put_receipt,
    .receipts = faulty_receipts,
    .receipt = faulty_receipt,
    .put_status = faulty_put_status,
    .status = faulty_status,
    .put_mark = faulty_put_mark,
    .add_number = faulty_add_number,
    .set_number = faulty_set_number,
    .numbers = faulty_numbers,
    .marks = faulty_marks,
    .clear_mark = faulty_clear_mark,
    .meter_marked = faulty_meter_marked,
    .put_day = faulty_put_day,
    .clear_derived = faulty_clear_derived,
    .remove_day = faulty_remove_day,
    .clear_judgements = faulty_clear_judgements,
    .put_judgement = faulty_put_judgement,
    .judgements = faulty_judgements,
    .put_checks = faulty_put_checks,
    .remove_checks = faulty_remove_checks,
    .checks = faulty_checks,
    .found_checks = faulty_found_checks,
    .put_completeness = faulty_put_completeness,
    .remove_completeness = faulty_remove_completeness,
    .completeness = faulty_completeness,
    .put_bill = faulty_put_bill,
    .remove_bill = faulty_remove_bill,
    .put_alert = faulty_put_alert,
    .remove_alert = faulty_remove_alert,
    .put_tail = faulty_put_tail,
    .prune_tail = faulty_prune_tail,
    .tail = faulty_tail,
    .tail_range = faulty_tail_range,
    .put_outbox = faulty_put_outbox,
    .outbox = faulty_outbox,
    .outbox_done = faulty_outbox_done,
    .reads = faulty_reads,
    .instants = faulty_instants,
    .channels = faulty_channels,
    .readings = faulty_readings,
    .last_reading = faulty_last_reading,
    .days = faulty_days,
    .day_sums = faulty_day_sums,
    .day_range = faulty_day_range,
    .bills = faulty_bills,
    .bill = faulty_bill,
    .alerts = faulty_alerts,
    .alert = faulty_alert,
    .newest_refusals = faulty_newest_refusals,
    .newest_judgements = faulty_newest_judgements,
    .newest_events = faulty_newest_events,
    .checkpoint = faulty_checkpoint,
};

struct facts *faulty_open(struct facts *inner_facts)
{
    void *const *verbs = (void *const *)&faulty_ops;
    struct faulty *faulty = calloc(1, sizeof *faulty);
    for (size_t i = 0; i < sizeof faulty_ops / sizeof *verbs; i++)
        if (!verbs[i]) { /* a verb was added to facts_ops.h: add it here */
            fprintf(stderr, "faulty_store: verb %zu of struct facts_ops is not handed through\n", i);
            abort();
        }
    if (!faulty)
        abort();
    faulty->facts.ops = &faulty_ops;
    faulty->inner = inner_facts;
    return &faulty->facts;
}

void faulty_set(struct facts *facts, struct faulty_cue cue)
{
    struct faulty *faulty = (struct faulty *)facts;
    faulty->cue = cue;
    faulty->hits = 0;
}

int faulty_hits(const struct facts *facts)
{
    return ((const struct faulty *)facts)->hits;
}
