#include "base/zone.h"
#include <stdbool.h>
#include <stdlib.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/posix_tz.h"
#include "base/text.h"
#include "base/tzif.h"

#define YEAR_FIRST 1899 /* what the footer's rule is written out for: a year more than civil.h has */
#define YEAR_LAST 3000
#define FOOTER_PERIODS_MAX (2 * (YEAR_LAST - YEAR_FIRST + 1) + 1)
#define FAR_MS INT64_C(1000000000000000) /* 31,688 years: beyond it nothing here overflows or matters */
#define REACH_MS (26 * MS_PER_HOUR)      /* no wall clock is further from UTC */

/* From `start_utc_ms` until the next period's, the clock is so far east of UTC. */
struct period {
    int64_t start_utc_ms;
    int32_t offset_s;
    int32_t standard_offset_s;
    bool daylight;
};

struct zone {
    char name[ZONE_NAME_SIZE];
    size_t count;
    bool midnight_fold; /* somewhere the clock went back over a midnight that it had passed */
    struct period periods[];
};

static int64_t clamp_ms(int64_t ms)
{
    return ms < -FAR_MS ? -FAR_MS : ms > FAR_MS ? FAR_MS : ms;
}

static void add_period(struct zone *zone, int64_t start_s, int32_t offset_s, bool daylight)
{
    int64_t limit_s = FAR_MS / 1000;
    start_s = start_s < -limit_s ? -limit_s : start_s > limit_s ? limit_s : start_s;
    zone->periods[zone->count++] = (struct period){.start_utc_ms = start_s * 1000, .offset_s = offset_s, .daylight = daylight};
}

/* Writes the footer's rule out, from after the file's last transition to the end of the calendar.
 */
static void add_footer(struct zone *zone, const struct posix_tz *tz, bool has_transitions)
{
    int64_t after_ms = zone->periods[zone->count - 1].start_utc_ms;
    if (!has_transitions) {
        zone->count = 0;
        add_period(zone, -FAR_MS / 1000, tz->standard_offset_s, false);
    }
    if (!tz->has_daylight)
        return;
    for (int year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        int64_t begin_s = posix_tz_begin_s(tz, year), end_s = posix_tz_end_s(tz, year);
        for (int turn = 0; turn < 2; turn++) {
            bool daylight = (turn == 0) == (begin_s < end_s);
            int64_t start_s = daylight ? begin_s : end_s;
            if (start_s * 1000 > after_ms)
                add_period(zone, start_s, daylight ? tz->daylight_offset_s : tz->standard_offset_s, daylight);
        }
    }
}

/*
 * Drops periods of no length: a rule that ends daylight saving at the instant at which it begins
 * again
 * ("all year") must leave it on, so of several periods with one start the last added counts.
 */
static void drop_empty(struct zone *zone)
{
    size_t kept = 0;
    for (size_t i = 0; i < zone->count; i++) {
        if (i + 1 < zone->count && zone->periods[i + 1].start_utc_ms <= zone->periods[i].start_utc_ms)
            continue;
        zone->periods[kept++] = zone->periods[i];
    }
    zone->count = kept;
}

/*
 * A daylight period's standard offset is that of the last period before it (else the first after
 * it) that is not daylight. Where the tz database has daylight saving run backward (Ireland's
 * winter is "daylight" of -1 h), the lower of the two is what a person means by standard time.
 */
static void find_standard(struct zone *zone)
{
    const struct period *standard = NULL;
    for (size_t i = 0; i < zone->count && standard == NULL; i++)
        if (!zone->periods[i].daylight)
            standard = &zone->periods[i];
    for (size_t i = 0; i < zone->count; i++) {
        struct period *period = &zone->periods[i];
        period->standard_offset_s = period->offset_s;
        if (!period->daylight)
            standard = period;
        else if (standard != NULL && standard->offset_s < period->offset_s)
            period->standard_offset_s = standard->offset_s;
    }
    for (size_t i = 1; i < zone->count; i++) {
        const struct period *before = &zone->periods[i - 1];
        struct period *period = &zone->periods[i];
        bool backward = before->daylight && before->offset_s < period->offset_s && !period->daylight;
        bool seasonal = i + 1 < zone->count && zone->periods[i + 1].daylight && zone->periods[i + 1].offset_s == before->offset_s;
        if (backward && seasonal)
            period->standard_offset_s = before->offset_s;
    }
}

static int64_t wall_ms(int64_t utc_ms, const struct period *period)
{
    return utc_ms + period->offset_s * MS_PER_S;
}

static bool has_midnight_fold(const struct zone *zone)
{
    for (size_t i = 1; i < zone->count; i++) {
        int64_t at_ms = zone->periods[i].start_utc_ms;
        int64_t last_shown_ms = wall_ms(at_ms - 1, &zone->periods[i - 1]);
        int64_t then_ms = wall_ms(at_ms, &zone->periods[i]);
        if (instant_floor(then_ms, MS_PER_DAY) < instant_floor(last_shown_ms, MS_PER_DAY))
            return true;
    }
    return false;
}

enum err zone_create(const char *name, const void *tzif, size_t len, struct fault *fault, struct zone **out)
{
    struct tzif file;
    enum err err = tzif_open(tzif, len, fault, &file);
    if (err != OK)
        return err;
    struct posix_tz footer;
    if (file.footer_len > 0 && !posix_tz_parse(file.footer, file.footer_len, &footer))
        return fault_set(fault, ERR_INVALID, "the time zone file's footer is not a POSIX TZ rule");
    size_t max = 1 + (size_t)file.transition_count + FOOTER_PERIODS_MAX;
    struct zone *zone = calloc(1, sizeof(*zone) + max * sizeof(zone->periods[0]));
    if (zone == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for a time zone");
    if (name[0] == '\0' || !text_copy(zone->name, sizeof(zone->name), name)) {
        free(zone);
        return fault_set(fault, ERR_INVALID, "a time zone's name has 1 to %d characters", ZONE_NAME_SIZE - 1);
    }
    add_period(zone, -FAR_MS / 1000, tzif_type_offset_s(&file, 0), tzif_type_is_daylight(&file, 0));
    for (uint32_t i = 0; i < file.transition_count; i++)
        add_period(zone, tzif_time_s(&file, i), tzif_type_offset_s(&file, file.time_types[i]), tzif_type_is_daylight(&file, file.time_types[i]));
    if (file.footer_len > 0)
        add_footer(zone, &footer, file.transition_count > 0);
    drop_empty(zone);
    find_standard(zone);
    zone->midnight_fold = has_midnight_fold(zone);
    struct zone *fitted = realloc(zone, sizeof(*zone) + zone->count * sizeof(zone->periods[0]));
    *out = fitted != NULL ? fitted : zone;
    return OK;
}

void zone_destroy(struct zone *zone)
{
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

/* The period that holds the instant. */
static size_t find(const struct zone *zone, int64_t utc_ms)
{
    size_t low = 0, high = zone->count; /* periods[low] starts at or before it, periods[high] after */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->periods[middle].start_utc_ms <= utc_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t zone_offset_s(const struct zone *zone, int64_t utc_ms)
{
    return zone->periods[find(zone, utc_ms)].offset_s;
}

int32_t zone_standard_offset_s(const struct zone *zone, int64_t utc_ms)
{
    return zone->periods[find(zone, utc_ms)].standard_offset_s;
}

int32_t zone_local_day(const struct zone *zone, int64_t utc_ms)
{
    utc_ms = clamp_ms(utc_ms);
    int64_t local_ms = wall_ms(utc_ms, &zone->periods[find(zone, utc_ms)]);
    int32_t day = (int32_t)(instant_floor(local_ms, MS_PER_DAY) / MS_PER_DAY);
    /* Where the clock was set back over a midnight, the day that had begun goes on. */
    if (zone->midnight_fold)
        while (zone_midnight_utc_ms(zone, day + 1) <= utc_ms)
            day++;
    return day;
}

static int64_t period_end(const struct zone *zone, size_t i)
{
    return i + 1 < zone->count ? zone->periods[i + 1].start_utc_ms : INT64_MAX;
}

int64_t zone_midnight_utc_ms(const struct zone *zone, int32_t local_day)
{
    int64_t wanted_ms = clamp_ms(local_day * MS_PER_DAY);
    for (size_t i = find(zone, wanted_ms - REACH_MS);; i++) {
        int64_t shown_ms = wanted_ms - zone->periods[i].offset_s * MS_PER_S;
        if (shown_ms < zone->periods[i].start_utc_ms)
            return zone->periods[i].start_utc_ms; /* the clock jumped over midnight */
        if (shown_ms < period_end(zone, i))
            return shown_ms;
    }
}

int64_t zone_from_wall(const struct zone *zone, int32_t local_day, int64_t ms_of_day, int later)
{
    int64_t wanted_ms = clamp_ms(local_day * MS_PER_DAY + ms_of_day);
    int64_t first = 0, last = 0, unmoved = 0;
    bool found = false, skipped = false;
    for (size_t i = find(zone, wanted_ms - REACH_MS); i < zone->count; i++) {
        const struct period *period = &zone->periods[i];
        if (period->start_utc_ms > wanted_ms + REACH_MS)
            break;
        int64_t shown_ms = wanted_ms - period->offset_s * MS_PER_S;
        if (shown_ms >= period_end(zone, i)) {
            unmoved = shown_ms; /* as long as no later period shows it */
            skipped = true;
            continue;
        }
        if (shown_ms < period->start_utc_ms)
            continue;
        if (!found)
            first = shown_ms;
        last = shown_ms;
        found = true;
    }
    if (found)
        return later ? last : first;
    return skipped ? unmoved : wanted_ms - zone->periods[0].offset_s * MS_PER_S;
}
