#include "base/civil.h"
#include <string.h>

/*
 * The year is taken to begin on March 1st, so that the leap day is its last: then the day of the
 * year is a linear formula of the month. Source: H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms".
 */
#define DAYS_PER_ERA 146097   /* 400 years */
#define ERA_SHIFT_DAYS 719468 /* 0000-03-01 to 1970-01-01 */

int32_t civil_to_day(struct civil date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.mday - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * DAYS_PER_ERA + day_of_era - ERA_SHIFT_DAYS);
}

struct civil civil_from_day(int32_t day)
{
    int64_t shifted = (int64_t)day + ERA_SHIFT_DAYS;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct civil date = {
        .year = (int)(year_of_era + era * 400),
        .month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9),
        .mday = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
    if (date.month <= 2)
        date.year++;
    return date;
}

int civil_weekday(int32_t day)
{
    int64_t rest = ((int64_t)day + 4) % 7; /* 1970-01-01 was a Thursday */
    return (int)(rest < 0 ? rest + 7 : rest);
}

int civil_month_length(int year, int month)
{
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12)
        return 0;
    return month == 2 && leap ? 29 : lengths[month - 1];
}

int32_t civil_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4;
    int f = (b + 8) / 25;
    int g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int sum = h + l - 7 * m + 114;
    return civil_to_day((struct civil){.year = year, .month = sum / 31, .mday = sum % 31 + 1});
}

/* The number of `count` digits at text, or -1. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool civil_parse(const char *text, int32_t *out_day)
{
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    struct civil date = {digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)};
    if (date.year < 1900 || date.year > 2999 || date.month < 1 || date.month > 12)
        return false;
    if (date.mday < 1 || date.mday > civil_month_length(date.year, date.month))
        return false;
    *out_day = civil_to_day(date);
    return true;
}

static void put_digits(char *out, int count, int value)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void civil_format(int32_t day, char out[CIVIL_TEXT_SIZE])
{
    struct civil date = civil_from_day(day);
    if (date.year < 0)
        date = (struct civil){0, 1, 1};
    if (date.year > 9999)
        date = (struct civil){9999, 12, 31};
    put_digits(out, 4, date.year);
    out[4] = '-';
    put_digits(out + 5, 2, date.month);
    out[7] = '-';
    put_digits(out + 8, 2, date.mday);
    out[10] = '\0';
}
