/*
 * The rule at the end of a TZif file, in the form of POSIX TZ ("<-03>3", "CET-1CEST,M3.5.0,M10.5.0/3",
 * "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0") with the hours of -167 … 167 that RFC 8536 allows. Used by zone.c
 * alone. Pure.
 */
#ifndef BASE_POSIX_TZ_H
#define BASE_POSIX_TZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day of the year, told in one of POSIX's three ways, and a time of that day on the clock then in force. */
struct posix_date {
    enum { POSIX_JULIAN, POSIX_DAY_OF_YEAR, POSIX_MONTH_WEEK } kind;
    int day; /* Jn: 1 … 365 without February 29th; n: 0 … 365; Mm.w.d: the weekday, 0 = Sunday */
    int month;
    int week; /* 1 … 5, 5 being the last */
    int32_t time_s;
};

struct posix_tz {
    int32_t standard_offset_s; /* east of UTC, unlike in the text */
    bool has_daylight;
    int32_t daylight_offset_s;
    struct posix_date daylight_from;
    struct posix_date daylight_until;
};

/* False when the text is not such a rule. A daylight name without dates is refused: no TZif file has one. */
bool posix_tz_parse(const char *text, size_t len, struct posix_tz *out);

/* Seconds since 1970 (UTC) at which daylight saving begins and ends by the rule of that year. */
int64_t posix_tz_begin_s(const struct posix_tz *tz, int year);
int64_t posix_tz_end_s(const struct posix_tz *tz, int year);

#endif
