/*
 * derive: facts over their neighbours → quarter-hours.
 *
 * A mark names the instants whose facts changed. What depends on them reaches further: JUDGE_LOOK reads back (a read may be judged by those after it)
 * and to the next used read and STEPS_MAX reads ahead (the reading interval is the median of the steps before a place). The quarter-hours of that
 * whole stretch are made anew from the facts, so the result does not depend on the order in which facts came.
 */
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "energy/span.h"
#include "ingestor/context.h"

#define READS_MAX 120000                          /* of one stretch; a longer one is done in parts */
#define AHEAD_READS (STEPS_MAX + JUDGE_LOOK)      /* what a changed read can bear on, after it */
#define BEHIND_READS (STEPS_MAX + JUDGE_LOOK + 1) /* what must be known before the first quarter-hour */
#define INTERVAL_LONGEST_MS MS_PER_DAY

/* The reads of one stretch: registers in `reads`, intervals as spans. */
struct stretch {
    struct judged_read *reads;
    struct span *spans; /* of registers, then of intervals */
    int count, span_count, interval_first;
    int64_t last_ts_ms; /* of the newest read taken */
    bool full;
};

static int take_read(const struct read *read, void *arg)
{
    struct stretch *stretch = arg;
    if (stretch->count == READS_MAX || stretch->span_count == READS_MAX) {
        stretch->full = true;
        return 1;
    }
    stretch->last_ts_ms = read->ts_utc_ms;
    if (read->kind == FACT_INTERVAL) {
        if (!(read->flags & FLAG_TEST) && read->length_s > 0)
            stretch->spans[stretch->span_count++] =
                (struct span){read->ts_utc_ms - read->length_s * MS_PER_S, read->ts_utc_ms, read->value_wh, false};
        return 0;
    }
    stretch->reads[stretch->count++] = (struct judged_read){.ts_utc_ms = read->ts_utc_ms, .value_wh = read->value_wh, .flags = read->flags};
    return 0;
}

/* ---- 1.8.0 as the sum of 1.8.n (domain.md, "channel") ---- */

struct addend {
    struct judged_read *sum; /* what is added to, ascending by ts */
    int count, at, kept;
};

/* Adds this channel's value where the sum has a read of the same ts; reads without a partner fall out. */
static int take_addend(const struct read *read, void *arg)
{
    struct addend *addend = arg;
    if (read->kind != FACT_REGISTER)
        return 0;
    while (addend->at < addend->count && addend->sum[addend->at].ts_utc_ms < read->ts_utc_ms)
        addend->at++;
    if (addend->at == addend->count || addend->sum[addend->at].ts_utc_ms != read->ts_utc_ms)
        return 0;
    struct judged_read sum = addend->sum[addend->at++];
    sum.value_wh += read->value_wh;
    sum.flags |= read->flags;
    addend->sum[addend->kept++] = sum;
    return 0;
}

/* The channels whose sum stands for 1.8.0; none when it is told itself. Returns how many. */
static int import_parts(const int32_t *channels, int count, int32_t *out)
{
    int parts = 0;
    for (int i = 0; i < count; i++) {
        if (channels[i] == OBIS_IMPORT)
            return 0;
        if (channels[i] > OBIS_IMPORT && channels[i] < OBIS(1, 9, 0))
            out[parts++] = channels[i];
    }
    return parts;
}

struct edge {
    int64_t ts_ms;
    bool any;
};

static int take_edge(const struct read *read, void *arg)
{
    struct edge *edge = arg;
    edge->ts_ms = read->ts_utc_ms;
    edge->any = true;
    return 0;
}

/* ts of the n-th read before (order -1) or from (order 1) an instant; the instant itself when there is none. */
static enum err edge_of(struct facts *facts, int64_t meter_no, int32_t channel, int64_t at_ms, int order, int reads, struct fault *fault, int64_t *out)
{
    struct edge edge = {.ts_ms = at_ms};
    enum err err = order < 0 ? facts_reads(facts, meter_no, channel, INT64_MIN, at_ms, -1, reads, take_edge, &edge, fault)
                             : facts_reads(facts, meter_no, channel, at_ms, INT64_MAX, 1, reads, take_edge, &edge, fault);
    if (err == OK)
        *out = edge.ts_ms;
    return err;
}

/* Interval facts that overlap one before them (by start, then end) are set aside: the first said holds. */
static void drop_overlaps(struct stretch *stretch)
{
    int kept = stretch->interval_first;
    for (int i = stretch->interval_first; i < stretch->span_count; i++)
        if (kept == stretch->interval_first || stretch->spans[i].from_utc_ms >= stretch->spans[kept - 1].until_utc_ms)
            stretch->spans[kept++] = stretch->spans[i];
    stretch->span_count = kept;
}

/* What one stretch of one channel makes of the days it touches. */
struct work {
    struct pipeline *pipeline;
    struct point *point;
    int32_t channel;
    int64_t from_ms, until_ms; /* quarter-hours to make anew */
    const struct stretch *stretch;
    enum err err;
    struct fault *fault;
};

static int keep_day(const struct day_row *row, void *arg)
{
    *(struct day_row *)arg = *row;
    return 1;
}

static bool day_is_empty(const struct day *day)
{
    for (int i = 0; i < day->slot_count; i++)
        if (day->slots[i].quality != QUALITY_MISSING)
            return false;
    return true;
}

/* First span that ends after an instant: spans of one kind are in order. */
static int first_span_after(const struct span *spans, int from, int until, int64_t at_ms)
{
    while (from < until) {
        int middle = from + (until - from) / 2;
        if (spans[middle].until_utc_ms > at_ms)
            until = middle;
        else
            from = middle + 1;
    }
    return from;
}

static void add_spans(struct day *day, struct coverage *coverage, int from_slot, int until_slot, const struct span *spans, int from, int until)
{
    int64_t end_ms = day->start_utc_ms + until_slot * QUARTER_MS;
    for (int i = first_span_after(spans, from, until, day->start_utc_ms + from_slot * QUARTER_MS); i < until && spans[i].from_utc_ms < end_ms; i++)
        day_add_span(day, coverage, from_slot, until_slot, &spans[i]);
}

/* Registers say it where there are any; intervals fill only what those leave open. */
static void fill_slots(struct day *day, int from_slot, int until_slot, const struct stretch *stretch)
{
    struct coverage coverage;
    memset(&coverage, 0, sizeof coverage);
    for (int i = from_slot; i < until_slot; i++)
        day->slots[i] = (struct slot){0, QUALITY_MISSING};
    add_spans(day, &coverage, from_slot, until_slot, stretch->spans + stretch->span_count, 0, stretch->count);
    for (int i = from_slot; i < until_slot;) {
        int end = i;
        while (end < until_slot && coverage.ms[end] == 0)
            end++;
        if (end > i)
            add_spans(day, &coverage, i, end, stretch->spans, stretch->interval_first, stretch->span_count);
        i = end + 1;
    }
    day_settle(day, &coverage, from_slot, until_slot);
}

static void make_day(struct work *work, int32_t local_day)
{
    struct facts *facts = work->pipeline->parts.facts;
    struct day_row row = {.meter_no = work->point->meter_no, .channel = work->channel};
    struct day_row former = {.meter_no = 0};
    day_init(&row.day, local_day, zone_midnight_utc_ms(work->point->zone, local_day), zone_midnight_utc_ms(work->point->zone, local_day + 1));
    int64_t from_slot = (work->from_ms - row.day.start_utc_ms) / QUARTER_MS;
    int64_t until_slot = (work->until_ms - row.day.start_utc_ms) / QUARTER_MS;
    if (work->from_ms < row.day.start_utc_ms)
        from_slot = 0;
    if (until_slot > row.day.slot_count)
        until_slot = row.day.slot_count;
    if (from_slot >= until_slot)
        return;
    work->err = facts_days(facts, row.meter_no, row.channel, local_day, local_day + 1, keep_day, &former, work->fault);
    if (work->err != OK)
        return;
    /* A day cut in another zone before is made anew wholly by the mark that the change of zone set. */
    if (former.meter_no && former.day.start_utc_ms == row.day.start_utc_ms && former.day.slot_count == row.day.slot_count)
        row.day = former.day;
    fill_slots(&row.day, (int)from_slot, (int)until_slot, work->stretch);
    work->err = day_is_empty(&row.day) ? facts_remove_day(facts, row.meter_no, row.channel, local_day, work->fault)
                                       : facts_put_day(facts, &row, work->fault);
}

static void keep_judgements(struct work *work, const struct stretch *stretch)
{
    struct facts *facts = work->pipeline->parts.facts;
    work->err = facts_clear_judgements(facts, work->point->meter_no, work->channel, work->from_ms, work->until_ms, work->fault);
    for (int i = 0; i < stretch->count && work->err == OK; i++) {
        const struct judged_read *read = &stretch->reads[i];
        if (read->verdict == VERDICT_ACCEPTED || read->ts_utc_ms < work->from_ms || read->ts_utc_ms >= work->until_ms)
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

/* What a derived channel is made of: its own facts, or the sum of several channels'. */
struct source {
    int32_t channel;
    int part_count;
    int32_t parts[READING_CHANNELS_MAX * 2];
};

static enum err load_reads(struct facts *facts, int64_t meter_no, const struct source *source, int64_t from_ms, int64_t until_ms,
                           struct stretch *stretch, struct fault *fault)
{
    enum err err = facts_reads(facts, meter_no, source->parts[0], from_ms, until_ms, 1, 0, take_read, stretch, fault);
    for (int i = 1; i < source->part_count && err == OK; i++) {
        struct addend addend = {.sum = stretch->reads, .count = stretch->count};
        err = facts_reads(facts, meter_no, source->parts[i], from_ms, until_ms, 1, 0, take_addend, &addend, fault);
        stretch->count = addend.kept;
    }
    return err;
}

/* Loads a stretch and finds the quarter-hours it settles. *until_ms shrinks when not all of it fits. */
static enum err load_stretch(struct pipeline *pipeline, struct point *point, const struct source *source, int64_t *from_ms, int64_t *until_ms,
                             struct stretch *stretch, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    int32_t channel = source->parts[0];
    int64_t first_ms, behind_ms, ahead_ms, beyond_ms;
    enum err err = edge_of(facts, point->meter_no, channel, *from_ms, -1, JUDGE_LOOK, fault, &first_ms);
    if (err != OK)
        return err;
    first_ms = instant_floor(first_ms, QUARTER_MS);
    if ((err = edge_of(facts, point->meter_no, channel, first_ms, -1, BEHIND_READS, fault, &behind_ms)) != OK ||
        (err = edge_of(facts, point->meter_no, channel, *until_ms, 1, AHEAD_READS, fault, &ahead_ms)) != OK)
        return err;
    int64_t last_ms = instant_floor(ahead_ms + QUARTER_MS - 1, QUARTER_MS);
    if ((err = edge_of(facts, point->meter_no, channel, last_ms, 1, JUDGE_LOOK + 1, fault, &beyond_ms)) != OK ||
        (err = load_reads(facts, point->meter_no, source, behind_ms, beyond_ms + INTERVAL_LONGEST_MS + 1, stretch, fault)) != OK)
        return err;
    *from_ms = first_ms;
    *until_ms = stretch->full ? instant_floor(stretch->last_ts_ms, QUARTER_MS) : last_ms;
    return OK;
}

static enum err derive_channel(struct pipeline *pipeline, struct point *point, const struct source *source, const struct mark *mark,
                               struct stretch *stretch, int32_t *from_day, int32_t *until_day, int64_t *done_ms, struct fault *fault)
{
    struct work work = {.pipeline = pipeline, .point = point, .channel = source->channel, .stretch = stretch, .fault = fault};
    struct steps steps = {.declared_ms = (int64_t)point->reading_interval_s * MS_PER_S};
    work.from_ms = mark->from_utc_ms;
    work.until_ms = mark->until_utc_ms;
    stretch->count = stretch->span_count = stretch->interval_first = 0;
    stretch->full = false;
    enum err err = load_stretch(pipeline, point, source, &work.from_ms, &work.until_ms, stretch, fault);
    if (err != OK)
        return err;
    if (stretch->full && work.until_ms <= mark->from_utc_ms) /* more reads in a quarter-hour than fit: take them all the same */
        work.until_ms = instant_floor(mark->from_utc_ms, QUARTER_MS) + QUARTER_MS;
    drop_overlaps(stretch);
    judge_registers(stretch->reads, stretch->count, point->service);
    /* Register spans stand behind the interval spans; their number takes the place of the reads' from here on. */
    int reads = stretch->count;
    if (source->channel == source->parts[0]) /* a sum is no fact: nothing to judge */
        keep_judgements(&work, stretch);
    stretch->count = spans_of_registers(stretch->reads, reads, point->service, &steps, stretch->spans + stretch->span_count);
    int32_t first_day = zone_local_day(point->zone, work.from_ms);
    int32_t last_day = zone_local_day(point->zone, work.until_ms - 1);
    for (int32_t day = first_day; day <= last_day && work.err == OK; day++)
        make_day(&work, day);
    if (work.err != OK)
        return work.err;
    if (first_day < *from_day)
        *from_day = first_day;
    if (last_day + 1 > *until_day)
        *until_day = last_day + 1;
    if (stretch->full && work.until_ms < *done_ms)
        *done_ms = work.until_ms;
    return OK;
}

enum err derive_mark(struct pipeline *pipeline, struct point *point, const struct mark *mark, int32_t *out_from_day, int32_t *out_until_day,
                     struct mark *out_rest, struct fault *fault)
{
    struct stretch stretch = {0};
    int32_t channels[READING_CHANNELS_MAX * 2];
    int channel_count = 0;
    int32_t from_day = INT32_MAX, until_day = INT32_MIN;
    int64_t done_ms = INT64_MAX;
    stretch.reads = malloc(READS_MAX * sizeof *stretch.reads);
    stretch.spans = malloc(2 * (size_t)READS_MAX * sizeof *stretch.spans);
    enum err err = stretch.reads && stretch.spans ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = facts_channels(pipeline->parts.facts, point->meter_no, READING_CHANNELS_MAX * 2, channels, &channel_count, fault);
    for (int i = 0; i < channel_count && err == OK; i++) {
        struct source own = {.channel = channels[i], .part_count = 1, .parts = {channels[i]}};
        err = derive_channel(pipeline, point, &own, mark, &stretch, &from_day, &until_day, &done_ms, fault);
    }
    struct source sum = {.channel = OBIS_IMPORT};
    sum.part_count = import_parts(channels, channel_count, sum.parts);
    if (err == OK && sum.part_count > 0)
        err = derive_channel(pipeline, point, &sum, mark, &stretch, &from_day, &until_day, &done_ms, fault);
    free(stretch.reads);
    free(stretch.spans);
    if (err != OK)
        return err;
    *out_from_day = from_day;
    *out_until_day = until_day;
    *out_rest = *mark;
    out_rest->from_utc_ms = done_ms < mark->until_utc_ms ? done_ms : mark->until_utc_ms;
    return OK;
}
