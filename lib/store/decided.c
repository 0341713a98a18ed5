#include "store/decided.h"
#include <stdlib.h>
#include <string.h>
#include "energy/hole.h"
#include "energy/judge.h"
#include "store/decisions.h"

#define SPAN_DAYS (DECISION_SPAN_DAYS_MAX + 2)
#define CHANNELS_MAX (READING_CHANNELS_MAX * 2)
#define READS_MAX (2 * PREVIEW_READS + 2)
#define EXCHANGES_MAX 32
#define EVENTS_MAX 10000
#define DEVICES_MAX 16

/* ---- spans ---- */

/* The days of a span, each as it stands in the store or empty. */
struct days {
    int32_t first;
    int count;
    struct day day[SPAN_DAYS];
};

static int keep_day(const struct day_row *row, void *arg)
{
    struct days *days = arg;
    int i = row->day.local_day - days->first;
    if (i >= 0 && i < days->count && row->day.start_utc_ms == days->day[i].start_utc_ms && row->day.slot_count == days->day[i].slot_count)
        days->day[i] = row->day;
    return 0;
}

static void empty_days(const struct zone *zone, const struct decision *decision, struct days *out)
{
    out->first = zone_local_day(zone, decision->from_utc_ms);
    out->count = zone_local_day(zone, decision->until_utc_ms - 1) - out->first + 1;
    if (out->count > SPAN_DAYS)
        out->count = SPAN_DAYS;
    for (int i = 0; i < out->count; i++)
        day_init(&out->day[i], out->first + i, zone_midnight_utc_ms(zone, out->first + i), zone_midnight_utc_ms(zone, out->first + i + 1));
}

static int offer_day(const struct day_row *row, void *arg)
{
    like_days_offer(arg, &row->day);
    return 0;
}

static int fill_slots(const struct days *days, const struct zone *zone, const struct like_days *likes, const struct decision *decision,
                      struct decided_slot *out)
{
    int count = 0;
    for (int d = 0; d < days->count; d++) {
        const struct day *day = &days->day[d];
        for (int i = 0; i < day->slot_count && count < DECISION_SLOTS_MAX; i++) {
            int64_t start = day->start_utc_ms + i * QUARTER_MS;
            if (start >= decision->from_utc_ms && start < decision->until_utc_ms)
                out[count++] = (struct decided_slot){.start_utc_ms = start, .base = day->slots[i], .like_wh = like_days_wh(likes, zone, start)};
        }
    }
    return count;
}

enum err decided_span(struct facts *facts, int64_t meter_no, const struct zone *zone, const struct decision *decision, struct fault *fault,
                      struct decided_slot *out, int *out_count, bool *out_any)
{
    struct like_days likes = {0};
    struct days *days = malloc(sizeof *days);
    if (!days)
        return fault_set(fault, ERR_FATAL, "no memory");
    empty_days(zone, decision, days);
    enum err err = facts_days(facts, meter_no, decision->channel, days->first, days->first + days->count, keep_day, days, fault);
    if (err == OK) /* what is kept without decisions comes second: it holds */
        err = facts_days(facts, meter_no, decision_base_channel(decision->channel), days->first, days->first + days->count, keep_day, days, fault);
    if (err == OK && decision->action == DECISION_ESTIMATE)
        err = facts_days(facts, meter_no, decision->channel, days->first - HOLE_LOOK_BACK_DAYS, days->first, offer_day, &likes, fault);
    if (err == OK) {
        *out_count = fill_slots(days, zone, &likes, decision, out);
        *out_any = decision_spread(decision, out, *out_count);
    }
    free(days);
    return err;
}

static enum err has_channel(struct facts *facts, int64_t meter_no, int32_t channel, struct fault *fault)
{
    int32_t channels[CHANNELS_MAX];
    int count = 0;
    enum err err = facts_channels(facts, meter_no, CHANNELS_MAX, channels, &count, fault);
    if (err != OK)
        return err;
    for (int i = 0; i < count; i++)
        if (channels[i] == channel || obis_total(channels[i]) == channel)
            return OK;
    return fault_at(fault, ERR_INVALID, "/channel", "this meter has never told this channel");
}

static enum err preview_span(struct facts *facts, int64_t meter_no, const struct zone *zone, const struct decision *decision, struct fault *fault,
                             int64_t *out_before_wh, int64_t *out_after_wh)
{
    struct decided_slot *slots = malloc(DECISION_SLOTS_MAX * sizeof *slots);
    struct days *now = malloc(sizeof *now);
    int count = 0;
    bool any = false;
    enum err err = slots && now ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = decided_span(facts, meter_no, zone, decision, fault, slots, &count, &any);
    if (err == OK && !any)
        err = decision->has_energy ? fault_at(fault, ERR_INVALID, "/from", "everything in this span was measured; there is nothing to estimate")
                                   : fault_at(fault, ERR_INVALID, "/energy_wh",
                                              "nothing is missing there, or there is no like-day before it to estimate from: tell the energy");
    if (err == OK) {
        empty_days(zone, decision, now);
        err = facts_days(facts, meter_no, decision->channel, now->first, now->first + now->count, keep_day, now, fault);
    }
    int64_t before_wh = 0, after_wh = 0;
    for (int i = 0, d = 0; err == OK && i < count; i++) {
        while (d + 1 < now->count && now->day[d + 1].start_utc_ms <= slots[i].start_utc_ms)
            d++;
        int64_t wh = now->day[d].slots[(slots[i].start_utc_ms - now->day[d].start_utc_ms) / QUARTER_MS].wh;
        before_wh += wh;
        after_wh += slots[i].claimed ? slots[i].wh : wh;
    }
    free(slots);
    free(now);
    if (err == OK) {
        *out_before_wh = before_wh;
        *out_after_wh = after_wh;
    }
    return err;
}

/* ---- reads ---- */

struct window {
    int count;
    struct judged_read reads[READS_MAX];
    int exchange_count;
    struct exchange exchanges[EXCHANGES_MAX];
    exchange_reader exchange;
};

static int take_read(const struct read *read, void *arg)
{
    struct window *window = arg;
    if (read->kind == FACT_REGISTER && window->count < READS_MAX)
        window->reads[window->count++] = (struct judged_read){.ts_utc_ms = read->ts_utc_ms, .value_wh = read->value_wh, .flags = read->flags};
    return 0;
}

static int take_event(const struct event_row *row, void *arg)
{
    struct window *window = arg;
    struct exchange exchange = {.ts_utc_ms = row->ts_utc_ms};
    if (strcmp(row->event, "exchange") == 0 && window->exchange_count < EXCHANGES_MAX &&
        window->exchange(row->document, &exchange.old_final_wh, &exchange.new_start_wh, &exchange.new_register_max_wh))
        window->exchanges[window->exchange_count++] = exchange;
    return 0;
}

static int by_ts(const void *a, const void *b)
{
    const struct judged_read *left = a, *right = b;
    if (left->ts_utc_ms != right->ts_utc_ms)
        return left->ts_utc_ms < right->ts_utc_ms ? -1 : 1;
    return left->value_wh < right->value_wh ? -1 : left->value_wh > right->value_wh;
}

static enum err load_window(struct facts *facts, int64_t meter_no, const struct decision *decision, struct fault *fault, struct window *out)
{
    int64_t ts = decision->from_utc_ms;
    enum err err = facts_reads(facts, meter_no, decision->channel, INT64_MIN, ts, -1, PREVIEW_READS, take_read, out, fault);
    if (err == OK)
        err = facts_reads(facts, meter_no, decision->channel, ts, INT64_MAX, 1, PREVIEW_READS, take_read, out, fault);
    if (err != OK || out->count == 0)
        return err;
    qsort(out->reads, (size_t)out->count, sizeof out->reads[0], by_ts);
    if (decision->channel != OBIS_IMPORT)
        return OK;
    return facts_events(facts, meter_no, out->reads[0].ts_utc_ms, out->reads[out->count - 1].ts_utc_ms + 1, EVENTS_MAX, take_event, out, fault);
}

static enum err check_read(const struct window *window, const struct decision *decision, struct fault *fault)
{
    for (int i = 0; i < window->count; i++) {
        const struct judged_read *read = &window->reads[i];
        if (read->ts_utc_ms != decision->from_utc_ms || read->value_wh != decision->value_wh)
            continue;
        if ((read->flags & FLAG_TEST) && decision->action == DECISION_ACCEPT)
            return fault_at(fault, ERR_INVALID, "/ts", "this reading is flagged as a test; it never counts");
        return OK;
    }
    return fault_at(fault, ERR_INVALID, "/ts", "no register read of this channel with this ts and value_wh is stored");
}

/* The register maximum of the device that hung there. */
static enum err load_maximum(struct records *records, int64_t meter_no, int64_t at_utc_ms, struct fault *fault, int64_t *out)
{
    struct device_record devices[DEVICES_MAX];
    size_t count = 0;
    enum err err = records_device_list(records, meter_no, DEVICES_MAX, fault, devices, &count);
    int64_t max_wh = err == OK && count > 0 ? devices[0].register_max_wh : 0;
    for (size_t i = 1; err == OK && i < count; i++)
        if (devices[i].installed_from_utc_ms <= at_utc_ms)
            max_wh = devices[i].register_max_wh;
    if (err == OK)
        *out = max_wh;
    return err;
}

/* The approved decisions on reads of the meter, and room for one more behind them. */
static enum err load_standing(struct records *records, int64_t meter_no, struct fault *fault, struct decision **out, int *out_count)
{
    struct point_decisions *all = NULL;
    enum err err = decisions_load(records, meter_no, fault, &all);
    if (err != OK)
        return err;
    struct decision *standing = realloc(all->reads, ((size_t)all->read_count + 1) * sizeof *standing);
    if (standing) {
        all->reads = NULL;
        *out = standing;
        *out_count = all->read_count;
    } else {
        err = fault_set(fault, ERR_FATAL, "no memory");
    }
    decisions_destroy(all);
    return err;
}

static void judge_by(struct window *window, const struct judge_context *context, const struct decision *decisions, int count, int32_t channel)
{
    for (int i = 0; i < window->count; i++)
        window->reads[i].forced = decisions_on_read(decisions, count, channel, window->reads[i].ts_utc_ms, window->reads[i].value_wh);
    judge_registers(window->reads, window->count, context);
}

/* The energy without and with, from the last read before the first difference to the first after the last that count the same both times. */
static void compare(const struct window *without, const struct window *with, int64_t *out_before_wh, int64_t *out_after_wh)
{
    int first = without->count, last = -1;
    for (int i = 0; i < without->count; i++) {
        if (without->reads[i].used != with->reads[i].used || without->reads[i].rise_wh != with->reads[i].rise_wh) {
            first = i < first ? i : first;
            last = i;
        }
    }
    *out_before_wh = *out_after_wh = 0;
    for (int i = first; i <= last; i++) {
        *out_before_wh += without->reads[i].rise_wh;
        *out_after_wh += with->reads[i].rise_wh;
    }
}

static enum err preview_read(struct facts *facts, struct records *records, const struct point_record *point, const struct decision *decision,
                             exchange_reader exchange, struct fault *fault, int64_t *out_before_wh, int64_t *out_after_wh)
{
    struct window *without = calloc(1, sizeof *without), *with = calloc(1, sizeof *with);
    struct decision *standing = NULL;
    struct judge_context context = {.service = {point->phases, point->volts, point->breaker_a}};
    int count = 0;
    enum err err = without && with ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK) {
        without->exchange = exchange;
        err = load_window(facts, point->meter_no, decision, fault, without);
    }
    if (err == OK)
        err = check_read(without, decision, fault);
    if (err == OK)
        err = load_maximum(records, point->meter_no, without->reads[0].ts_utc_ms, fault, &context.register_max_wh);
    if (err == OK)
        err = load_standing(records, point->meter_no, fault, &standing, &count);
    if (err == OK) {
        context.exchanges = without->exchanges;
        context.exchange_count = without->exchange_count;
        *with = *without;
        judge_by(without, &context, standing, count, decision->channel);
        standing[count] = *decision;
        standing[count].decision_no = INT64_MAX; /* it will be the latest */
        qsort(standing, (size_t)count + 1, sizeof *standing, decision_order);
        judge_by(with, &context, standing, count + 1, decision->channel);
        compare(without, with, out_before_wh, out_after_wh);
    }
    free(standing);
    free(without);
    free(with);
    return err;
}

enum err decided_preview(struct facts *facts, struct records *records, const struct point_record *point, const struct zone *zone,
                         const struct decision *decision, exchange_reader exchange, struct fault *fault, int64_t *out_before_wh,
                         int64_t *out_after_wh)
{
    enum err err = has_channel(facts, point->meter_no, decision->channel, fault);
    if (err != OK)
        return err;
    return decision_is_span(decision) ? preview_span(facts, point->meter_no, zone, decision, fault, out_before_wh, out_after_wh)
                                      : preview_read(facts, records, point, decision, exchange, fault, out_before_wh, out_after_wh);
}
