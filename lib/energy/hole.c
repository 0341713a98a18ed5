#include "energy/hole.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"

enum day_class day_class_of(int32_t local_day)
{
    int weekday = civil_weekday(local_day);
    return weekday == 0 || weekday == 6 ? DAY_WEEKEND : DAY_WORKING;
}

bool like_day_fits(const struct day *day)
{
    if (day->slot_count != 96)
        return false;
    for (int i = 0; i < day->slot_count; i++)
        if (day->slots[i].quality != QUALITY_MEASURED)
            return false;
    return true;
}

void like_days_offer(struct like_days *likes, const struct day *day)
{
    enum day_class class = day_class_of(day->local_day);
    if (!like_day_fits(day))
        return;
    int64_t *wh = likes->wh[class][likes->next[class]];
    for (int i = 0; i < 96; i++)
        wh[i] = day->slots[i].wh;
    likes->next[class] = (likes->next[class] + 1) % HOLE_LIKE_DAYS;
    if (likes->count[class] < HOLE_LIKE_DAYS)
        likes->count[class]++;
}

/* What the like-days used in the quarter-hour of the wall clock that holds an instant; -1: no like-day. */
static int64_t weight_at(const struct like_days *likes, const struct zone *zone, int64_t utc_ms, int *out_days)
{
    int64_t wall_ms = utc_ms + (int64_t)zone_offset_s(zone, utc_ms) * MS_PER_S;
    int64_t midnight_ms = instant_floor(wall_ms, MS_PER_DAY);
    enum day_class class = day_class_of((int32_t)(midnight_ms / MS_PER_DAY));
    int slot = (int)((wall_ms - midnight_ms) / QUARTER_MS);
    int64_t sum = 0;
    if (likes->count[class] == 0)
        return -1;
    for (int i = 0; i < likes->count[class]; i++)
        sum += likes->wh[class][i][slot];
    *out_days = likes->count[class];
    return sum;
}

int64_t like_days_wh(const struct like_days *likes, const struct zone *zone, int64_t utc_ms)
{
    int days = 1;
    int64_t sum = weight_at(likes, zone, utc_ms, &days);
    return sum < 0 ? -1 : sum / days;
}

/* Walks the quarter-hours of the hole: from, until and weight of each. Returns how many, or 0. The weight is in Wh·ms, so that a cut quarter-hour
 * weighs less. */
static int walk(const struct span *hole, const struct like_days *likes, const struct zone *zone, struct span *out, int max, int128 *total)
{
    int count = 0, days;
    *total = 0;
    for (int64_t at = hole->from_utc_ms; at < hole->until_utc_ms;) {
        int64_t next = instant_floor(at, QUARTER_MS) + QUARTER_MS;
        int64_t weight = weight_at(likes, zone, at, &days);
        if (next > hole->until_utc_ms)
            next = hole->until_utc_ms;
        if (weight < 0 || count == max)
            return 0;
        out[count++] = (struct span){at, next, weight, true, false};
        *total += (int128)weight * (next - at);
        at = next;
    }
    return count;
}

int hole_cut(const struct span *hole, const struct like_days *likes, const struct zone *zone, struct span *out, int max)
{
    int128 total;
    if (hole->until_utc_ms - hole->from_utc_ms <= HOLE_LINEAR_MS)
        return 0;
    int count = walk(hole, likes, zone, out, max < HOLE_SLOTS_MAX ? max : HOLE_SLOTS_MAX, &total);
    if (count == 0 || total <= 0 || total > INT64_MAX)
        return 0;
    /* Register values at the boundaries, cut off to whole Wh as everywhere; their differences sum up exactly. */
    int128 before = 0;
    int64_t told_wh = 0;
    for (int i = 0; i < count; i++) {
        before += (int128)out[i].wh * (out[i].until_utc_ms - out[i].from_utc_ms);
        int64_t until_wh = hole->wh;
        if (i + 1 < count && !muldiv_floor(hole->wh, (int64_t)before, (int64_t)total, &until_wh))
            return 0;
        out[i].wh = until_wh - told_wh;
        told_wh = until_wh;
    }
    return count;
}
