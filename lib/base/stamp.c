#include "base/stamp.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"
#include "base/instant.h"

bool stamp_format_parse(const char *name, enum stamp_format *out)
{
    static const char *const names[] = {[STAMP_AUTO] = "auto", [STAMP_EPOCH_S] = "epoch_s", [STAMP_EPOCH_MS] = "epoch_ms",
                                        [STAMP_ISO] = "iso",   [STAMP_DMY] = "dmy",         [STAMP_MDY] = "mdy"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *out = (enum stamp_format)i;
        return true;
    }
    return false;
}

/* 1 to max digits; moves *at behind them. -1: none. */
static int64_t number(const char **at, int max)
{
    int64_t n = 0;
    int digits = 0;
    for (; digits < max && isdigit((unsigned char)**at); digits++)
        n = n * 10 + *(*at)++ - '0';
    return digits > 0 ? n : -1;
}

static void blanks(const char **at)
{
    while (**at == ' ')
        (*at)++;
}

/* HH:MM[:SS[.fraction]] [AM|PM] */
static bool clock_time(const char **at, int64_t *out_ms)
{
    int64_t hour = number(at, 2), minute = -1, second = 0, fraction = 0;
    if (hour < 0 || *(*at)++ != ':' || (minute = number(at, 2)) < 0)
        return false;
    if (**at == ':') {
        (*at)++;
        second = number(at, 2);
    }
    if (second >= 0 && (**at == '.' || **at == ',')) {
        (*at)++;
        int64_t scale = 100;
        for (; isdigit((unsigned char)**at); scale /= 10)
            fraction += (*(*at)++ - '0') * scale;
    }
    blanks(at);
    bool am = strncasecmp(*at, "am", 2) == 0, pm = strncasecmp(*at, "pm", 2) == 0;
    if (am || pm) {
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (pm ? 12 : 0);
        *at += 2;
    }
    *out_ms = ((hour * 60 + minute) * 60 + second) * MS_PER_S + fraction;
    return minute <= 59 && second >= 0 && second <= 59 && *out_ms <= MS_PER_DAY;
}

/* Z, +01:00, -0300, +01: seconds east. */
static bool offset(const char **at, int64_t *out_s)
{
    if (**at == 'Z' || **at == 'z') {
        (*at)++;
        *out_s = 0;
        return true;
    }
    int sign = **at == '-' ? -1 : 1;
    (*at)++;
    int64_t hours = number(at, 2), minutes = 0;
    if (**at == ':')
        (*at)++;
    if (isdigit((unsigned char)**at))
        minutes = number(at, 2);
    *out_s = sign * (hours * 60 + minutes) * 60;
    return hours >= 0 && hours <= 18 && minutes >= 0 && minutes <= 59;
}

static bool make_day(int64_t year, int64_t month, int64_t mday, int32_t *out)
{
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || mday < 1 || mday > civil_month_length((int)year, (int)month))
        return false;
    *out = civil_to_day((struct civil){(int)year, (int)month, (int)mday});
    return true;
}

/* The date; two separators of the same kind. */
static bool date(const char **at, enum stamp_format format, int32_t *out_day)
{
    int64_t a = number(at, 4), b, c;
    char separator = **at;
    if (a < 0 || strchr("-/.", separator) == NULL || separator == '\0')
        return false;
    (*at)++;
    b = number(at, 2);
    if (b < 0 || *(*at)++ != separator || (c = number(at, 4)) < 0)
        return false;
    if (format == STAMP_ISO || (format == STAMP_AUTO && a >= 1000))
        return make_day(a, b, c, out_day);
    return format == STAMP_MDY ? make_day(c, a, b, out_day) : make_day(c, b, a, out_day);
}

static bool epoch(const char *text, enum stamp_format format, struct stamp *out)
{
    const char *at = text;
    bool negative = *at == '-';
    at += negative;
    size_t digits = strspn(at, "0123456789");
    int64_t n = number(&at, 15);
    if (*at == '.')
        at += 1 + strspn(at + 1, "0");
    if (n < 0 || *at != '\0')
        return false;
    bool is_ms = format == STAMP_EPOCH_MS || (format == STAMP_AUTO && digits >= 11);
    out->is_utc = true;
    out->utc_ms = (negative ? -n : n) * (is_ms ? 1 : MS_PER_S);
    return digits <= 15;
}

bool stamp_parse(const char *text, enum stamp_format format, struct stamp *out)
{
    struct stamp stamp = {0};
    const char *at = text;
    int64_t east_s;
    bool can_be_epoch = format == STAMP_AUTO || format == STAMP_EPOCH_S || format == STAMP_EPOCH_MS;
    if (can_be_epoch && epoch(text, format, &stamp)) {
        *out = stamp;
        return true;
    }
    if (format == STAMP_EPOCH_S || format == STAMP_EPOCH_MS || !date(&at, format, &stamp.local_day))
        return false;
    if (*at == 'T' || *at == 't')
        at++;
    blanks(&at);
    if (*at != '\0' && !clock_time(&at, &stamp.ms_of_day))
        return false;
    blanks(&at);
    if (*at == 'Z' || *at == 'z' || *at == '+' || *at == '-') {
        if (!offset(&at, &east_s))
            return false;
        stamp.is_utc = true;
        stamp.utc_ms = stamp.local_day * MS_PER_DAY + stamp.ms_of_day - east_s * MS_PER_S;
    }
    if (*at != '\0')
        return false;
    *out = stamp;
    return true;
}

int64_t stamp_instant(const struct stamp *stamp, const struct zone *zone, int64_t after_utc_ms)
{
    if (stamp->is_utc)
        return stamp->utc_ms;
    int32_t day = stamp->local_day;
    int64_t ms = stamp->ms_of_day;
    if (ms == MS_PER_DAY) { /* 24:00 */
        day++;
        ms = 0;
    }
    int64_t earlier = zone_from_wall(zone, day, ms, 0);
    return earlier > after_utc_ms ? earlier : zone_from_wall(zone, day, ms, 1);
}
