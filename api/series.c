#include "api/series.h"

#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"

static const char *const names[] = {"quarter_hour", "hour", "day", "month"};

bool series_bucket_parse(const char *name, enum series_bucket *out)
{
    for (int i = 0; i <= BUCKET_MONTH; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum series_bucket)i;
            return true;
        }
    return false;
}

const char *series_bucket_name(enum series_bucket bucket)
{
    return names[bucket];
}

static int slots_per(enum series_bucket bucket)
{
    return bucket == BUCKET_QUARTER_HOUR ? 1 : 4;
}

/* The first quarter-hour that begins in a local day (as day_init has it: they are aligned to UTC). */
static int64_t day_start(const struct zone *zone, int32_t day)
{
    return instant_floor(zone_midnight_utc_ms(zone, day) + QUARTER_MS - 1, QUARTER_MS);
}

static int day_slots(const struct zone *zone, int32_t day)
{
    return (int)((day_start(zone, day + 1) - day_start(zone, day)) / QUARTER_MS);
}

/* The local day whose quarter-hours hold an instant. */
static int32_t day_of(const struct zone *zone, int64_t utc_ms)
{
    int32_t day = zone_local_day(zone, utc_ms);
    return utc_ms < day_start(zone, day) ? day - 1 : day;
}

static int32_t month_start(int32_t day)
{
    return day - (civil_from_day(day).mday - 1);
}

static int32_t next_month(int32_t first)
{
    struct civil date = civil_from_day(first);
    return first + civil_month_length(date.year, date.month);
}

/* The start of the bucket that holds an instant, or (up) the end of it, unless the instant is a start. */
static int64_t snap(const struct zone *zone, enum series_bucket bucket, int64_t utc_ms, bool up)
{
    int32_t day = day_of(zone, utc_ms);
    int64_t start = day_start(zone, day), end = day_start(zone, day + 1);
    if (bucket == BUCKET_MONTH) {
        start = day_start(zone, month_start(day));
        end = day_start(zone, next_month(month_start(day)));
    } else if (bucket != BUCKET_DAY) {
        int64_t step = slots_per(bucket) * QUARTER_MS, next = end;
        start += (utc_ms - start) / step * step;
        end = start + step < next ? start + step : next;
    }
    return !up || utc_ms == start ? start : end;
}

int64_t series_default_until(const struct zone *zone, enum series_bucket bucket, int64_t now_utc_ms)
{
    return snap(zone, bucket, now_utc_ms + 1, true);
}

int64_t series_default_from(const struct zone *zone, enum series_bucket bucket, int64_t until_utc_ms)
{
    int32_t day = day_of(zone, until_utc_ms);
    switch (bucket) {
    case BUCKET_QUARTER_HOUR:
        return until_utc_ms - MS_PER_DAY;
    case BUCKET_HOUR:
        return until_utc_ms - 7 * MS_PER_DAY;
    case BUCKET_DAY:
        return day_start(zone, day - 31);
    case BUCKET_MONTH:
        break;
    }
    int32_t first = month_start(day);
    for (int i = 0; i < 12; i++)
        first = month_start(first - 1);
    return day_start(zone, first);
}

/* The first bucket size that surely fits. */
static const char *coarser(int64_t span_ms, enum series_bucket bucket)
{
    if (bucket < BUCKET_HOUR && span_ms / MS_PER_HOUR <= SERIES_POINTS_MAX - 50)
        return names[BUCKET_HOUR];
    if (bucket < BUCKET_DAY && span_ms / MS_PER_DAY <= SERIES_POINTS_MAX - 50)
        return names[BUCKET_DAY];
    return names[BUCKET_MONTH];
}

/* Buckets of quarter-hours within one local day that lie in the series. */
static void plan_day(struct series *series, int32_t day, bool count_only)
{
    int64_t begin = day_start(series->zone, day);
    int step = slots_per(series->bucket), slots = day_slots(series->zone, day);
    bool first = true;
    for (int slot = 0; slot < slots; slot += step) {
        int64_t start = begin + slot * QUARTER_MS;
        if (start < series->from_utc_ms || start >= series->until_utc_ms)
            continue;
        if (!count_only) {
            if (first)
                series->day_point[day - series->from_day] = (int32_t)series->count - slot / step;
            first = false;
            series->points[series->count].start_utc_ms = start;
            series->points[series->count].slots = slots - slot < step ? slots - slot : step;
        }
        series->count++;
    }
}

static void plan_month(struct series *series, int32_t first, bool count_only)
{
    int32_t next = next_month(first);
    int slots = 0;
    for (int32_t day = first; day < next && !count_only; day++) {
        slots += day_slots(series->zone, day);
        series->day_point[day - series->from_day] = (int32_t)series->count;
    }
    if (!count_only)
        series->points[series->count] = (struct series_point){.start_utc_ms = day_start(series->zone, first), .slots = slots};
    series->count++;
}

/* Walks the plan: counts, or fills what was counted. Stops once there are too many. */
static void walk(struct series *series, bool count_only)
{
    series->count = 0;
    for (int32_t day = series->from_day; day < series->until_day && series->count <= SERIES_POINTS_MAX;) {
        if (series->bucket == BUCKET_MONTH) {
            plan_month(series, day, count_only);
            day = next_month(day);
            continue;
        }
        if (series->bucket == BUCKET_DAY) {
            if (!count_only) {
                series->day_point[day - series->from_day] = (int32_t)series->count;
                series->points[series->count] =
                    (struct series_point){.start_utc_ms = day_start(series->zone, day), .slots = day_slots(series->zone, day)};
            }
            series->count++;
        } else {
            plan_day(series, day, count_only);
        }
        day++;
    }
}

enum err series_plan(const struct zone *zone, enum series_bucket bucket, int64_t from_utc_ms, int64_t until_utc_ms, struct fault *fault,
                     struct series *out)
{
    struct series series = {.bucket = bucket, .zone = zone};
    if (until_utc_ms < from_utc_ms)
        return fault_at(fault, ERR_INVALID, "?to", "It lies before \"from\".");
    series.from_utc_ms = snap(zone, bucket, from_utc_ms, false);
    series.until_utc_ms = until_utc_ms == from_utc_ms ? series.from_utc_ms : snap(zone, bucket, until_utc_ms, true);
    series.from_day = day_of(zone, series.from_utc_ms);
    series.until_day = series.until_utc_ms == series.from_utc_ms ? series.from_day : day_of(zone, series.until_utc_ms - 1) + 1;
    walk(&series, true);
    if (series.count > SERIES_POINTS_MAX)
        return fault_at(fault, ERR_LIMIT, "?bucket", "These are more than %d points; ask for a shorter time, or for bucket=%s.", SERIES_POINTS_MAX,
                        coarser(until_utc_ms - from_utc_ms, bucket));
    size_t days = (size_t)(series.until_day - series.from_day);
    series.points = calloc(series.count + 1, sizeof *series.points);
    series.day_point = malloc((days + 1) * sizeof *series.day_point);
    if (series.points == NULL || series.day_point == NULL) {
        series_finish(&series);
        return fault_set(fault, ERR_RETRY, "memory is out");
    }
    for (size_t i = 0; i < days; i++)
        series.day_point[i] = INT32_MAX; /* no point at all */
    walk(&series, false);
    *out = series;
    return OK;
}

void series_finish(struct series *series)
{
    free(series->points);
    free(series->day_point);
    series->points = NULL;
    series->day_point = NULL;
}

void series_add_day(struct series *series, enum series_channel channel, const struct day *day)
{
    if (day->local_day < series->from_day || day->local_day >= series->until_day)
        return;
    int32_t base = series->day_point[day->local_day - series->from_day];
    bool fine = series->bucket <= BUCKET_HOUR;
    int step = fine ? slots_per(series->bucket) : day->slot_count;
    for (int slot = 0; base != INT32_MAX && slot < day->slot_count; slot += step) {
        int64_t at = (int64_t)base + (fine ? slot / step : 0);
        int until = slot + step < day->slot_count ? slot + step : day->slot_count;
        if (at >= 0 && at < (int64_t)series->count)
            energy_sum_slots(day, slot, until, &series->points[at].sum[channel]);
    }
}

void series_add_sum(struct series *series, enum series_channel channel, int32_t local_day, const struct energy_sum *sum)
{
    if (local_day < series->from_day || local_day >= series->until_day || series->bucket <= BUCKET_HOUR)
        return;
    struct energy_sum *to = &series->points[series->day_point[local_day - series->from_day]].sum[channel];
    to->wh += sum->wh;
    to->measured += sum->measured;
    to->estimated += sum->estimated;
    to->partial += sum->partial;
    to->missing += sum->missing;
    to->edited += sum->edited;
}

static int known_slots(const struct energy_sum *sum)
{
    return sum->measured + sum->estimated + sum->partial + sum->edited;
}

bool series_value(const struct series *series, size_t index, enum series_channel channel, int64_t *out_wh)
{
    const struct energy_sum *sum = &series->points[index].sum[channel];
    if (known_slots(sum) == 0)
        return false;
    *out_wh = sum->wh;
    return true;
}

enum quality series_quality(const struct series *series, size_t index)
{
    struct energy_sum sum = series->points[index].sum[SERIES_IMPORT];
    int known = known_slots(&sum);
    sum.missing = series->points[index].slots > known ? series->points[index].slots - known : 0; /* days never derived too */
    return energy_sum_quality(&sum);
}

bool series_is_whole(const struct series *series, int64_t known_until_utc_ms)
{
    for (size_t i = 0; i < series->count; i++) {
        const struct series_point *point = &series->points[i];
        int64_t slots = (known_until_utc_ms - point->start_utc_ms) / QUARTER_MS;
        if (slots > point->slots)
            slots = point->slots;
        if (slots > known_slots(&point->sum[SERIES_IMPORT]))
            return false;
    }
    return true;
}
