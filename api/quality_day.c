#include "api/quality_day.h"

#include "base/instant.h"

#define UNDECLARED_INTERVAL_S 3600 /* domain.md: what is assumed of a meter of which nothing is known */

int64_t quality_known_until(int32_t reading_interval_s, int64_t now_utc_ms)
{
    int64_t interval_s = reading_interval_s > 0 ? reading_interval_s : UNDECLARED_INTERVAL_S;
    int64_t patience_ms = interval_s * MS_PER_S * 3 / 2;
    return now_utc_ms - (patience_ms < MS_PER_MIN ? MS_PER_MIN : patience_ms);
}

/* Quarter-hours of the day [begin, end) that start at `since` or later and have ended by `known_until`. */
static int64_t quarters(int64_t begin, int64_t end, int64_t since_utc_ms, int64_t known_until_utc_ms)
{
    int64_t first = since_utc_ms > begin ? (since_utc_ms - begin + QUARTER_MS - 1) / QUARTER_MS : 0;
    int64_t until = end < known_until_utc_ms ? end : known_until_utc_ms;
    int64_t count = until > begin ? (until - begin) / QUARTER_MS - first : 0;
    return count > 0 ? count : 0;
}

void quality_day_count(const struct zone *zone, int32_t local_day, bool in_service, int64_t since_utc_ms, int64_t known_until_utc_ms,
                       const struct energy_sum *sum, struct quality_day *out)
{
    int64_t begin = zone_midnight_utc_ms(zone, local_day), end = zone_midnight_utc_ms(zone, local_day + 1);
    struct quality_day day = {0};
    if (sum != NULL)
        day = (struct quality_day){.measured = sum->measured, .estimated = sum->estimated, .partial = sum->partial, .edited = sum->edited};
    int64_t present = day.measured + day.estimated + day.partial + day.edited;
    if (in_service && since_utc_ms < end)
        day.expected = quarters(begin, end, since_utc_ms, known_until_utc_ms);
    else if (present > 0)
        day.expected = quarters(begin, end, begin, known_until_utc_ms);
    if (day.expected < present)
        day.expected = present;
    day.missing = day.expected - present;
    *out = day;
}

int64_t quality_readings_expected(const struct zone *zone, int32_t local_day, bool in_service, int64_t since_utc_ms, int64_t known_until_utc_ms,
                                  int32_t interval_s, bool anything, int64_t received)
{
    int64_t begin = zone_midnight_utc_ms(zone, local_day), end = zone_midnight_utc_ms(zone, local_day + 1);
    int64_t until = end < known_until_utc_ms ? end : known_until_utc_ms, interval_ms = interval_s * MS_PER_S;
    int64_t whole = until > begin ? (until - begin) / interval_ms : 0;
    if (!in_service || since_utc_ms >= end)
        return anything || received > 0 ? whole : 0;
    if (since_utc_ms <= begin)
        return whole;
    int64_t due = until > since_utc_ms ? (until - since_utc_ms) / interval_ms : 0, there = received < whole ? received : whole;
    return due > there ? due : there;
}

void quality_day_add(struct quality_day *total, const struct quality_day *day)
{
    total->expected += day->expected;
    total->measured += day->measured;
    total->estimated += day->estimated;
    total->partial += day->partial;
    total->edited += day->edited;
    total->missing += day->missing;
    total->readings_expected += day->readings_expected;
    total->readings_received += day->readings_received;
}

bool quality_day_incomplete(const struct quality_day *day)
{
    return day->estimated > 0 || day->missing > 0 || day->partial > 0 || day->readings_received + 1 < day->readings_expected;
}

int64_t quality_day_present(const struct quality_day *day)
{
    return day->measured + day->partial + day->edited;
}

int64_t quality_day_permille(const struct quality_day *day)
{
    return day->expected > 0 ? quality_day_present(day) * 1000 / day->expected : -1;
}
