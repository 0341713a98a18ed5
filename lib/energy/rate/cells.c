/* Windows of local time laid on UTC: 23 and 25-hour days come out by themselves. */
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "energy/rate/inner.h"

#define DAY_MINUTES 1440

/* One local day of a tou, minute by minute. */
struct painted {
    const struct tou *tou;
    int32_t day;
    unsigned char window[DAY_MINUTES];
};

static void paint_row(struct painted *painted, const struct window_row *row)
{
    if (row->from_min < row->until_min) {
        memset(painted->window + row->from_min, row->window, (size_t)(row->until_min - row->from_min));
        return;
    }
    memset(painted->window + row->from_min, row->window, (size_t)(DAY_MINUTES - row->from_min));
    memset(painted->window, row->window, (size_t)row->until_min);
}

/* The first row that names a minute counts, so the last is painted first. */
static void paint(struct painted *painted, const struct tariff_version *version, const struct tou *tou, int32_t day)
{
    if (painted->tou == tou && painted->day == day)
        return;
    unsigned bits = tariff_day_bits(&version->calendar, day);
    int season = tariff_season_on(version, day);
    painted->tou = tou;
    painted->day = day;
    memset(painted->window, 0, sizeof painted->window);
    for (int i = tou->row_count - 1; i >= 0; i--) {
        const struct window_row *row = &tou->rows[i];
        bool in_season = row->seasons == UINT32_MAX || (season >= 0 && (row->seasons >> season & 1));
        if ((row->days & bits) && in_season)
            paint_row(painted, row);
    }
}

static bool emit(struct track *track, int64_t until_utc_ms, int bucket, int segment)
{
    if (track->count > 0 && track->cells[track->count - 1].bucket == bucket && track->cells[track->count - 1].segment == segment) {
        track->cells[track->count - 1].until_utc_ms = until_utc_ms;
        return true;
    }
    if (track->count == track->size) {
        int size = track->size ? 2 * track->size : 256;
        struct cell *cells = realloc(track->cells, (size_t)size * sizeof *cells);
        if (!cells)
            return false;
        track->cells = cells;
        track->size = size;
    }
    track->cells[track->count++] = (struct cell){until_utc_ms, bucket, segment};
    return true;
}

static int64_t offset_ms(const struct zone *zone, const struct tou *tou, int64_t utc_ms)
{
    return MS_PER_S * (tou->standard ? zone_standard_offset_s(zone, utc_ms) : zone_offset_s(zone, utc_ms));
}

/* [from, until) with one offset: whole local days and parts of them. */
static bool lay_piece(struct track *track, struct painted *painted, const struct segment *segment, int segment_no, int tou_no, int64_t from,
                      int64_t until, int64_t offset)
{
    const struct tou *tou = &segment->version->tous[tou_no];
    while (from < until) {
        int64_t local = from + offset;
        int64_t day_start = instant_floor(local, MS_PER_DAY);
        int minute = (int)((local - day_start) / MS_PER_MIN);
        paint(painted, segment->version, tou, (int32_t)(day_start / MS_PER_DAY));
        int window = painted->window[minute];
        while (minute < DAY_MINUTES && painted->window[minute] == window)
            minute++;
        int64_t end = day_start + minute * MS_PER_MIN - offset;
        if (end > until)
            end = until;
        if (!emit(track, end, segment->first_bucket[tou_no] + window, segment_no))
            return false;
        from = end;
    }
    return true;
}

/* The instant in (from, until) at which the offset changes, to the minute; `until` where it does not. */
static int64_t change_between(const struct zone *zone, const struct tou *tou, int64_t from, int64_t until)
{
    int64_t first = offset_ms(zone, tou, from);
    if (offset_ms(zone, tou, until - 1) == first)
        return until;
    int64_t low = 0, high = (until - from) / MS_PER_MIN;
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (offset_ms(zone, tou, from + middle * MS_PER_MIN) == first)
            low = middle;
        else
            high = middle;
    }
    return from + high * MS_PER_MIN;
}

static bool lay_segment(struct rate_plan *plan, int segment_no, int tou_no)
{
    const struct zone *zone = plan->terms.zone;
    const struct segment *segment = &plan->segments[segment_no];
    struct track *track = &plan->tracks[tou_no];
    struct painted painted = {0};
    if (tou_no >= segment->version->tou_count)
        return emit(track, segment->until_utc_ms, -1, segment_no);
    const struct tou *tou = &segment->version->tous[tou_no];
    for (int32_t day = segment->from_day; day < segment->until_day; day++) {
        int64_t from = zone_midnight_utc_ms(zone, day), until = zone_midnight_utc_ms(zone, day + 1);
        while (from < until) {
            int64_t end = change_between(zone, tou, from, until);
            if (!lay_piece(track, &painted, segment, segment_no, tou_no, from, end, offset_ms(zone, tou, from)))
                return false;
            from = end;
        }
    }
    return true;
}

bool plan_cells(struct rate_plan *plan)
{
    int tous = 0;
    for (int i = 0; i < plan->segment_count; i++)
        if (plan->segments[i].version->tou_count > tous)
            tous = plan->segments[i].version->tou_count;
    for (int t = 0; t < tous; t++)
        for (int i = 0; i < plan->segment_count; i++)
            if (!lay_segment(plan, i, t))
                return false;
    return true;
}
