#include "api/dst_rule.h"
#include "base/civil.h"
#include "base/instant.h"

#define CHANGES_MAX 3

struct change {
    int64_t at_utc_ms;
    int32_t before_s, after_s;
};

/* The first instant in (from, until] with another offset, to the second. */
static int64_t find(const struct zone *zone, int64_t from_utc_ms, int64_t until_utc_ms)
{
    int32_t before_s = zone_offset_s(zone, from_utc_ms);
    while (until_utc_ms - from_utc_ms > MS_PER_S) {
        int64_t middle = instant_floor(from_utc_ms + (until_utc_ms - from_utc_ms) / 2, MS_PER_S);
        if (zone_offset_s(zone, middle) == before_s)
            from_utc_ms = middle;
        else
            until_utc_ms = middle;
    }
    return until_utc_ms;
}

static int find_changes(const struct zone *zone, int year, struct change changes[CHANGES_MAX])
{
    int64_t at = civil_to_day((struct civil){year, 1, 1}) * MS_PER_DAY, end = civil_to_day((struct civil){year + 1, 1, 1}) * MS_PER_DAY;
    int count = 0;
    for (; at < end && count < CHANGES_MAX; at += MS_PER_DAY) {
        int32_t before_s = zone_offset_s(zone, at), after_s = zone_offset_s(zone, at + MS_PER_DAY);
        if (before_s != after_s)
            changes[count++] = (struct change){find(zone, at, at + MS_PER_DAY), before_s, after_s};
    }
    return count;
}

static uint32_t rule_of(const struct change *change)
{
    int64_t wall = change->at_utc_ms + change->before_s * MS_PER_S;
    int32_t day = (int32_t)(instant_floor(wall, MS_PER_DAY) / MS_PER_DAY);
    uint32_t second = (uint32_t)((wall - day * MS_PER_DAY) / MS_PER_S);
    struct civil date = civil_from_day(day);
    uint32_t weekday = civil_weekday(day) == 0 ? 7 : (uint32_t)civil_weekday(day);
    uint32_t which = date.mday + 7 > civil_month_length(date.year, date.month) ? 7 : (uint32_t)(date.mday - 1) / 7 + 2;
    return second % 3600 | second / 3600 << 12 | weekday << 17 | which << 25 | (uint32_t)date.month << 28;
}

void dst_rules_of(const struct zone *zone, int year, struct dst_rules *out)
{
    struct change changes[CHANGES_MAX];
    int count = find_changes(zone, year, changes);
    *out = (struct dst_rules){.standard_offset_s = zone_offset_s(zone, civil_to_day((struct civil){year + 1, 1, 1}) * MS_PER_DAY),
                              .start = DST_RULE_NONE,
                              .end = DST_RULE_NONE};
    if (count != 2 || changes[0].before_s != changes[1].after_s)
        return;
    const struct change *start = changes[0].after_s > changes[0].before_s ? &changes[0] : &changes[1];
    const struct change *end = start == &changes[0] ? &changes[1] : &changes[0];
    out->standard_offset_s = start->before_s;
    out->dst_offset_s = start->after_s - start->before_s;
    out->start = rule_of(start);
    out->end = rule_of(end);
}
