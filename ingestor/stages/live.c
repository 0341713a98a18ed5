#include "ingestor/stages/live.h"
#include <stdlib.h>
#include <string.h>
#include "energy/hole.h"

#define READS_MAX 1024 /* new ones of a channel; more are no longer the present */

struct live_channel {
    int32_t channel;
    int64_t last_ts_ms, last_wh; /* the newest read, used */
    struct steps steps;
    struct day day; /* that holds last_ts_ms */
    /* how much of its quarter-hour is known */
    int32_t covered_ms;
    bool estimated;
};

struct live_point {
    uint64_t epoch;
    int count, wanted;
    struct live_channel *channels[LIVE_CHANNELS_MAX];
};

void live_forget(struct pipeline *pipeline, struct point *point)
{
    if (!point->live)
        return;
    for (int i = 0; i < point->live->count; i++)
        free(point->live->channels[i]);
    free(point->live);
    point->live = NULL;
    pipeline->live_points--;
}

static bool knows(const struct pipeline *pipeline, const struct point *point)
{
    return point->live && point->live->epoch == pipeline->live_epoch && point->live->count == point->live->wanted;
}

void live_heard(struct pipeline *pipeline, struct point *point, const struct reading *reading)
{
    bool known = point->live && reading->kind == FACT_REGISTER && !(reading->flags & FLAG_TEST);
    for (int i = 0; known && i < reading->channel_count; i++) {
        bool found = false;
        for (int c = 0; c < point->live->count && !found; c++)
            found = point->live->channels[c]->channel == reading->channels[i].channel;
        known = found;
    }
    if (!known)
        live_forget(pipeline, point);
}

/* ---- remembering ---- */

static int slot_of(const struct day *day, int64_t at_ms)
{
    return (int)((at_ms - day->start_utc_ms) / QUARTER_MS);
}

static int keep_day(const struct day_row *row, void *arg)
{
    *(struct day *)arg = row->day;
    return 1;
}

static int find_any(const struct read *read, void *arg)
{
    (void)read;
    *(bool *)arg = true;
    return 1;
}

/* Is the stretch's last read a used one, the channel's newest, and its day cut as this program cuts it? */
static bool stands(struct pipeline *pipeline, const struct point *point, const struct stretch *stretch, struct live_channel *out)
{
    const struct judged_read *last = stretch->count > 0 ? &stretch->reads[stretch->count - 1] : NULL;
    struct facts *facts = pipeline->parts.facts;
    struct day stored = {0};
    bool later = false;
    if (!last || !last->used || stretch->full || stretch->interval_span_count > 0)
        return false;
    int32_t local_day = zone_local_day(point->zone, last->ts_utc_ms);
    day_init(&out->day, local_day, zone_midnight_utc_ms(point->zone, local_day), zone_midnight_utc_ms(point->zone, local_day + 1));
    int slot = slot_of(&out->day, last->ts_utc_ms);
    if (last->ts_utc_ms < out->day.start_utc_ms || slot >= out->day.slot_count)
        return false;
    if (facts_reads(facts, point->meter_no, out->channel, last->ts_utc_ms + 1, INT64_MAX, 1, 1, find_any, &later, NULL) != OK || later ||
        facts_days(facts, point->meter_no, out->channel, local_day, local_day + 1, keep_day, &stored, NULL) != OK)
        return false;
    if (stored.slot_count > 0 && (stored.start_utc_ms != out->day.start_utc_ms || stored.slot_count != out->day.slot_count))
        return false;
    if (stored.slot_count > 0)
        out->day = stored;
    out->last_ts_ms = last->ts_utc_ms;
    out->last_wh = last->value_wh;
    return true;
}

/* The steps before the last read, and what of its quarter-hour the spans before it cover. */
static void retrace(const struct point *point, const struct stretch *stretch, struct live_channel *out)
{
    struct day scratch = out->day;
    struct coverage coverage;
    int slot = slot_of(&out->day, out->last_ts_ms);
    memset(&coverage, 0, sizeof coverage);
    out->steps = (struct steps){.declared_ms = (int64_t)point->reading_interval_s * 1000};
    for (int i = stretch->register_span_count > STEPS_MAX ? stretch->register_span_count - STEPS_MAX : 0; i < stretch->register_span_count; i++)
        steps_add(&out->steps, stretch->register_spans[i].until_utc_ms - stretch->register_spans[i].from_utc_ms);
    for (int i = stretch->register_span_count - 1; i >= 0 && stretch->register_spans[i].until_utc_ms > out->day.start_utc_ms + slot * QUARTER_MS; i--)
        day_add_span(&scratch, &coverage, slot, slot + 1, &stretch->register_spans[i]);
    out->covered_ms = coverage.ms[slot];
    out->estimated = coverage.estimated[slot];
}

void live_remember(struct pipeline *pipeline, struct point *point, int channel_count, const struct stretch *stretch, int32_t channel)
{
    if (!point->live) {
        if (channel_count > LIVE_CHANNELS_MAX || pipeline->live_points >= LIVE_POINTS_MAX || !(point->live = calloc(1, sizeof *point->live)))
            return;
        pipeline->live_points++;
        point->live->epoch = pipeline->live_epoch;
        point->live->wanted = channel_count;
    }
    struct live_channel *one = stretch->plain && point->live->count < channel_count ? calloc(1, sizeof *one) : NULL;
    if (!one)
        return;
    one->channel = channel;
    if (!stands(pipeline, point, stretch, one)) {
        free(one);
        return;
    }
    retrace(point, stretch, one);
    point->live->channels[point->live->count++] = one;
}

/* ---- extending ---- */

struct coming {
    int count;
    bool odd;
    struct judged_read reads[READS_MAX + 1]; /* the first is the last one known */
    struct span spans[READS_MAX + 1];
};

static int take_coming(const struct read *read, void *arg)
{
    struct coming *coming = arg;
    coming->odd = read->kind != FACT_REGISTER || coming->count > READS_MAX;
    if (!coming->odd)
        coming->reads[coming->count++] =
            (struct judged_read){.ts_utc_ms = read->ts_utc_ms, .value_wh = read->value_wh, .flags = read->flags, .used = true};
    return coming->odd;
}

/* The spans of what came, if that is as plain as it has to be. */
static bool read_on(struct pipeline *pipeline, const struct point *point, struct live_channel *one, struct coming *coming, int *spans, enum err *err,
                    struct fault *fault)
{
    const struct judge_context context = {.service = point->service};
    coming->count = 1;
    coming->odd = false;
    coming->reads[0] = (struct judged_read){.ts_utc_ms = one->last_ts_ms, .value_wh = one->last_wh, .used = true};
    *spans = 0;
    *err = facts_reads(pipeline->parts.facts, point->meter_no, one->channel, one->last_ts_ms + 1, INT64_MAX, 1, 0, take_coming, coming, fault);
    if (*err != OK || coming->odd || !judge_is_plain(coming->reads, coming->count, &context))
        return false;
    for (int i = 1; i < coming->count; i++)
        coming->reads[i].rise_wh = coming->reads[i].value_wh - coming->reads[i - 1].value_wh;
    *spans = spans_of_registers(coming->reads, coming->count, &one->steps, coming->spans);
    for (int i = 0; i < *spans; i++)
        if (coming->spans[i].hole && coming->spans[i].until_utc_ms - coming->spans[i].from_utc_ms > HOLE_LINEAR_MS)
            return false;
    return slot_of(&one->day, coming->reads[coming->count - 1].ts_utc_ms) < one->day.slot_count;
}

static void add_to_day(struct live_channel *one, const struct coming *coming, int spans)
{
    const struct judged_read *last = &coming->reads[coming->count - 1];
    struct coverage coverage;
    int from_slot = slot_of(&one->day, one->last_ts_ms), slot = slot_of(&one->day, last->ts_utc_ms);
    memset(&coverage, 0, sizeof coverage);
    coverage.ms[from_slot] = one->covered_ms;
    coverage.estimated[from_slot] = one->estimated;
    for (int i = 0; i < spans; i++)
        day_add_span(&one->day, &coverage, from_slot, slot + 1, &coming->spans[i]);
    day_settle(&one->day, &coverage, from_slot, slot + 1);
    one->covered_ms = coverage.ms[slot];
    one->estimated = coverage.estimated[slot];
    one->last_ts_ms = last->ts_utc_ms;
    one->last_wh = last->value_wh;
}

bool live_extend(struct pipeline *pipeline, struct point *point, const struct mark *mark, int32_t *out_from_day, int32_t *out_until_day,
                 enum err *err, struct fault *fault)
{
    struct coming coming;
    int32_t from_day = INT32_MAX, until_day = INT32_MIN;
    bool known = knows(pipeline, point) && !point->decided;
    *err = OK;
    for (int i = 0; known && i < point->live->count; i++)
        known = mark->from_utc_ms > point->live->channels[i]->last_ts_ms;
    for (int i = 0; known && i < point->live->count; i++) {
        struct live_channel *one = point->live->channels[i];
        int spans;
        known = read_on(pipeline, point, one, &coming, &spans, err, fault);
        if (!known || spans == 0)
            continue;
        add_to_day(one, &coming, spans);
        struct day_row row = {.meter_no = point->meter_no, .channel = one->channel, .day = one->day};
        *err = facts_put_day(pipeline->parts.facts, &row, fault);
        known = *err == OK;
        from_day = one->day.local_day < from_day ? one->day.local_day : from_day;
        until_day = one->day.local_day >= until_day ? one->day.local_day + 1 : until_day;
    }
    if (!known) {
        live_forget(pipeline, point);
        return false;
    }
    *out_from_day = from_day;
    *out_until_day = until_day;
    return true;
}
