/*
 * derive: facts over their neighbours → quarter-hours.
 *
 * A mark names the instants whose facts changed. The quarter-hours of the whole stretch that they bear on (stages/stretch.h) are made anew from the
 * facts, so the result does not depend on the order in which facts came.
 */
#include <string.h>
#include "energy/hole.h"
#include "ingestor/marks.h"
#include "ingestor/stages/live.h"
#include "ingestor/stages/decide.h"
#include "ingestor/stages/stored_day.h"
#include "ingestor/stages/stretch.h"
#include "store/decided.h"

#define TOTALS_MAX 4 /* obis_total: import, export, reactive both ways */

static struct source *total_of(struct source *totals, int *count, int32_t channel)
{
    for (int i = 0; i < *count; i++)
        if (totals[i].channel == channel)
            return &totals[i];
    totals[*count] = (struct source){.channel = channel};
    return &totals[(*count)++];
}

static bool has_channel(const int32_t *channels, int count, int32_t channel)
{
    for (int i = 0; i < count; i++)
        if (channels[i] == channel)
            return true;
    return false;
}

/* The channels that the meter does not tell itself, but whose parts it tells. Returns how many. */
static int find_totals(const int32_t *channels, int count, struct source totals[TOTALS_MAX])
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        int32_t total = obis_total(channels[i]);
        if (!total || has_channel(channels, count, total))
            continue;
        struct source *source = total_of(totals, &found, total);
        source->parts[source->part_count++] = channels[i];
    }
    return found;
}

/* What one stretch of one channel makes of the days it touches. */
struct work {
    struct pipeline *pipeline;
    struct point *point;
    int32_t channel;
    struct stretch *stretch;
    bool restoring; /* its days stand; others come, that decisions reach beyond it */
    enum err err;
    struct fault *fault;
};

/* First span that ends after an instant: spans of one kind are in order. */
static int first_span_after(const struct span *spans, int count, int64_t at_ms)
{
    int from = 0, until = count;
    while (from < until) {
        int middle = from + (until - from) / 2;
        if (spans[middle].until_utc_ms > at_ms)
            until = middle;
        else
            from = middle + 1;
    }
    return from;
}

static void add_spans(struct day *day, struct coverage *coverage, int from_slot, int until_slot, const struct span *spans, int count)
{
    int64_t end_ms = day->start_utc_ms + until_slot * QUARTER_MS;
    for (int i = first_span_after(spans, count, day->start_utc_ms + from_slot * QUARTER_MS); i < count && spans[i].from_utc_ms < end_ms; i++)
        day_add_span(day, coverage, from_slot, until_slot, &spans[i]);
}

/* Registers say it where there are any; intervals fill only what those leave open. */
static void fill_slots(struct day *day, int from_slot, int until_slot, const struct stretch *stretch)
{
    struct coverage coverage;
    memset(&coverage, 0, sizeof coverage);
    for (int i = from_slot; i < until_slot; i++)
        day->slots[i] = (struct slot){0, QUALITY_MISSING};
    add_spans(day, &coverage, from_slot, until_slot, stretch->spread_spans, stretch->spread_count);
    for (int i = from_slot; i < until_slot;) {
        int end = i;
        while (end < until_slot && coverage.ms[end] == 0)
            end++;
        if (end > i)
            add_spans(day, &coverage, i, end, stretch->interval_spans, stretch->interval_span_count);
        i = end + 1;
    }
    day_settle(day, &coverage, from_slot, until_slot);
}

static int offer_day(const struct day_row *row, void *arg)
{
    like_days_offer(arg, &row->day);
    return 0;
}

/* One span into those that fall on quarter-hours: a long hole by the profile of the like-days before it, all else as it is. */
static void spread_span(struct work *work, const struct span *span)
{
    struct stretch *stretch = work->stretch;
    struct span *out = stretch->spread_spans + stretch->spread_count;
    int room = SPREAD_SPANS_MAX - stretch->spread_count, cut = 0;
    if (room == 0)
        return;
    if (span->hole && span->until_utc_ms - span->from_utc_ms > HOLE_LINEAR_MS && span->until_utc_ms > stretch->from_ms) {
        struct like_days likes = {0};
        int32_t first_day = zone_local_day(work->point->zone, span->from_utc_ms);
        work->err = facts_days(work->pipeline->parts.facts, work->point->meter_no, work->channel, first_day - HOLE_LOOK_BACK_DAYS, first_day,
                               offer_day, &likes, work->fault);
        /* Room is kept for the plain spans that follow. */
        cut = hole_cut(span, &likes, work->point->zone, out, room - (stretch->register_span_count - stretch->spread_next));
    }
    if (cut == 0) {
        *out = *span;
        cut = 1;
    }
    stretch->spread_count += cut;
}

/* The spans that begin before an instant. They come in order, and each hole when the days before it stand already. */
static void spread_until(struct work *work, int64_t until_ms)
{
    struct stretch *stretch = work->stretch;
    while (stretch->spread_next < stretch->register_span_count && stretch->register_spans[stretch->spread_next].from_utc_ms < until_ms &&
           work->err == OK)
        spread_span(work, &stretch->register_spans[stretch->spread_next++]);
}

struct dependants {
    int32_t first, last; /* local days with estimates; first > last: none */
};

static int find_dependant(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct dependants *found = arg;
    (void)meter_no;
    if (sum->estimated > 0 || sum->edited > 0) { /* under an edit there may be a hole */
        if (found->first > found->last)
            found->first = local_day;
        found->last = local_day;
    }
    return 0;
}

/* Decisions that fill a span by the days before it, of which this is one, have other days to go by. */
static enum err mark_estimates(struct work *work, int32_t local_day)
{
    const struct point_decisions *decisions = work->stretch->decisions;
    enum err err = OK;
    for (int i = 0; i < decisions->span_count && err == OK; i++) {
        const struct decision *decision = &decisions->spans[i];
        int32_t first_day = zone_local_day(work->point->zone, decision->from_utc_ms);
        bool lies_ahead = first_day > local_day && first_day - local_day <= HOLE_LOOK_BACK_DAYS &&
                          (work->restoring || decision->from_utc_ms >= work->stretch->until_ms);
        if (decision->action == DECISION_ESTIMATE && decision->channel == work->channel && lies_ahead)
            err = marks_put(work->pipeline->marks, work->point, MARK_ENERGY, decision->from_utc_ms, decision->from_utc_ms + 1,
                            work->pipeline->now_utc_ms, work->fault);
    }
    return err;
}

/* A day that lends, or lent, its shape to later holes has changed: those are derived again. */
static void mark_dependants(struct work *work, const struct day *former, const struct day *day)
{
    struct facts *facts = work->pipeline->parts.facts;
    struct dependants found = {.first = 1, .last = 0};
    bool same = true;
    if (!like_day_fits(former) && !like_day_fits(day))
        return;
    for (int i = 0; i < day->slot_count && same; i++)
        same = former->slots[i].wh == day->slots[i].wh && former->slots[i].quality == day->slots[i].quality;
    if (same)
        return;
    work->err = facts_day_sums(facts, work->point->meter_no, work->channel, day->local_day + 1, day->local_day + 1 + HOLE_LOOK_BACK_DAYS,
                               find_dependant, &found, work->fault);
    if (work->err == OK)
        work->err = mark_estimates(work, day->local_day);
    if (work->err != OK || found.first > found.last)
        return;
    int64_t from_ms = zone_midnight_utc_ms(work->point->zone, found.first), until_ms = zone_midnight_utc_ms(work->point->zone, found.last + 1);
    if (work->restoring || until_ms > work->stretch->until_ms) /* what lies within this stretch is made anew after this day anyway */
        work->err = marks_put(work->pipeline->marks, work->point, MARK_ENERGY, from_ms, until_ms, work->pipeline->now_utc_ms, work->fault);
}

static enum err mark_restored(void *arg, const struct day *former, const struct day *day)
{
    struct work *work = arg;
    mark_dependants(work, former, day);
    return work->err;
}

/* Under decisions on spans a day is kept as it is without them, too. */
static void keep_base(struct work *work, struct day_row *row, bool kept)
{
    struct facts *facts = work->pipeline->parts.facts;
    struct day_row base = *row;
    base.channel = decision_base_channel(work->channel);
    if (decide_touches(work->stretch->decisions, work->channel, &row->day)) {
        work->err = facts_put_day(facts, &base, work->fault);
        decide_flag_edits(work->stretch->decisions, work->channel, &row->day);
    } else if (kept) {
        work->err = facts_remove_day(facts, base.meter_no, base.channel, base.day.local_day, work->fault);
    }
}

static void make_day(struct work *work, int32_t local_day)
{
    struct facts *facts = work->pipeline->parts.facts;
    struct day_row row = {.meter_no = work->point->meter_no, .channel = work->channel};
    day_init(&row.day, local_day, zone_midnight_utc_ms(work->point->zone, local_day), zone_midnight_utc_ms(work->point->zone, local_day + 1));
    int64_t from_slot = (work->stretch->from_ms - row.day.start_utc_ms) / QUARTER_MS;
    int64_t until_slot = (work->stretch->until_ms - row.day.start_utc_ms) / QUARTER_MS;
    if (work->stretch->from_ms < row.day.start_utc_ms)
        from_slot = 0;
    if (until_slot > row.day.slot_count)
        until_slot = row.day.slot_count;
    if (from_slot >= until_slot)
        return;
    struct day_row before = row, base = row;
    bool kept = false;
    work->err = stored_day_load(facts, work->point, row.channel, local_day, work->fault, &before, NULL);
    if (work->err == OK && work->point->decided)
        work->err = stored_day_load(facts, work->point, decision_base_channel(work->channel), local_day, work->fault, &base, &kept);
    if (work->err != OK)
        return;
    row.day = kept ? base.day : before.day;
    spread_until(work, row.day.start_utc_ms + row.day.slot_count * QUARTER_MS);
    if (work->err != OK)
        return;
    fill_slots(&row.day, (int)from_slot, (int)until_slot, work->stretch);
    keep_base(work, &row, kept);
    if (work->err == OK)
        mark_dependants(work, &before.day, &row.day);
    if (work->err != OK)
        return;
    work->err = stored_day_put(facts, &row, work->fault);
}

static void keep_judgements(struct work *work)
{
    const struct stretch *stretch = work->stretch;
    struct facts *facts = work->pipeline->parts.facts;
    work->err = facts_clear_judgements(facts, work->point->meter_no, work->channel, work->stretch->from_ms, work->stretch->until_ms, work->fault);
    for (int i = 0; i < stretch->count && work->err == OK; i++) {
        const struct judged_read *read = &stretch->reads[i];
        if (read->verdict == VERDICT_ACCEPTED || read->ts_utc_ms < work->stretch->from_ms || read->ts_utc_ms >= work->stretch->until_ms)
            continue;
        struct judgement judgement = {.meter_no = work->point->meter_no,
                                      .ts_utc_ms = read->ts_utc_ms,
                                      .channel = work->channel,
                                      .kind = FACT_REGISTER,
                                      .value_wh = read->value_wh,
                                      .verdict = read->verdict};
        work->err = facts_put_judgement(facts, &judgement, work->fault);
    }
}

static enum err derive_channel(struct pipeline *pipeline, struct point *point, const struct source *source, const struct mark *mark,
                               struct stretch *stretch, int32_t *from_day, int32_t *until_day, int64_t *done_ms, struct fault *fault)
{
    struct work work = {.pipeline = pipeline, .point = point, .channel = source->channel, .stretch = stretch, .fault = fault};
    enum err err = stretch_load(pipeline, point, source, mark, stretch, fault);
    if (err != OK)
        return err;
    if (source->channel == source->parts[0]) /* a sum is no fact: nothing to judge */
        keep_judgements(&work);
    int32_t first_day = zone_local_day(point->zone, stretch->from_ms);
    int32_t last_day = zone_local_day(point->zone, stretch->until_ms - 1);
    for (int32_t day = first_day; day <= last_day && work.err == OK; day++)
        make_day(&work, day);
    work.restoring = true;
    const struct decide_told told = {mark_restored, &work};
    if (work.err == OK)
        work.err = decide_days(pipeline, point, stretch->decisions, source->channel, &first_day, &last_day, &told, fault);
    if (work.err != OK)
        return work.err;
    if (first_day < *from_day)
        *from_day = first_day;
    if (last_day + 1 > *until_day)
        *until_day = last_day + 1;
    if (stretch->full && stretch->until_ms < *done_ms)
        *done_ms = stretch->until_ms;
    return OK;
}

/*
 * What people decided on spans of a channel before it said anything could not be made then: with its first reads it is, wherever the spans lie.
 */
static enum err widen_to_decided(struct pipeline *pipeline, const struct point *point, int32_t channel, const struct point_decisions *decisions,
                                 struct mark *mark, struct fault *fault)
{
    int32_t first_day, last_day;
    enum err err = decisions->span_count > 0 ? facts_day_range(pipeline->parts.facts, point->meter_no, channel, &first_day, &last_day, fault) : OK;
    if (err != ERR_NOT_FOUND)
        return err;
    for (int i = 0; i < decisions->span_count; i++) {
        const struct decision *span = &decisions->spans[i];
        if (span->channel != channel)
            continue;
        if (span->from_utc_ms < mark->from_utc_ms)
            mark->from_utc_ms = span->from_utc_ms;
        if (span->until_utc_ms > mark->until_utc_ms)
            mark->until_utc_ms = span->until_utc_ms;
    }
    return OK;
}

enum err derive_mark(struct pipeline *pipeline, struct point *point, const struct mark *mark, int32_t *out_from_day, int32_t *out_until_day,
                     struct mark *out_rest, struct fault *fault)
{
    struct stretch stretch;
    int32_t channels[STRETCH_CHANNELS_MAX];
    int channel_count = 0;
    struct mark wide = *mark;
    int32_t from_day = INT32_MAX, until_day = INT32_MIN;
    int64_t done_ms = INT64_MAX;
    enum err err = stretch_init(&stretch, fault);
    if (err == OK)
        err = points_decisions(pipeline->points, point, fault, &stretch.decisions);
    if (err == OK)
        err = facts_channels(pipeline->parts.facts, point->meter_no, STRETCH_CHANNELS_MAX, channels, &channel_count, fault);
    struct source totals[TOTALS_MAX];
    int total_count = find_totals(channels, channel_count, totals);
    live_forget(pipeline, point);
    for (int i = 0; i < channel_count && err == OK; i++)
        err = widen_to_decided(pipeline, point, channels[i], stretch.decisions, &wide, fault);
    for (int i = 0; i < total_count && err == OK; i++)
        err = widen_to_decided(pipeline, point, totals[i].channel, stretch.decisions, &wide, fault);
    for (int i = 0; i < channel_count && err == OK; i++) {
        struct source own = {.channel = channels[i], .part_count = 1, .parts = {channels[i]}};
        err = derive_channel(pipeline, point, &own, &wide, &stretch, &from_day, &until_day, &done_ms, fault);
        if (err == OK && total_count == 0 && !point->decided)
            live_remember(pipeline, point, channel_count, &stretch, channels[i]);
    }
    for (int i = 0; i < total_count && err == OK; i++)
        err = derive_channel(pipeline, point, &totals[i], &wide, &stretch, &from_day, &until_day, &done_ms, fault);
    stretch_finish(&stretch);
    if (err != OK)
        return err;
    *out_from_day = from_day;
    *out_until_day = until_day;
    *out_rest = wide;
    out_rest->from_utc_ms = done_ms < wide.until_utc_ms ? done_ms : wide.until_utc_ms;
    return OK;
}
