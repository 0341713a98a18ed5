#include "base/posix_tz.h"
#include "base/civil.h"

#define DAY_S 86400

/* A reading head over the text; `bad` is sticky. */
struct head {
    const char *at;
    const char *end;
    bool bad;
};

static bool accept(struct head *head, char c)
{
    if (head->at >= head->end || *head->at != c)
        return false;
    head->at++;
    return true;
}

static void expect(struct head *head, char c)
{
    if (!accept(head, c))
        head->bad = true;
}

static bool at_digit(const struct head *head)
{
    return head->at < head->end && *head->at >= '0' && *head->at <= '9';
}

static int take_number(struct head *head, int min, int max)
{
    int value = 0;
    if (!at_digit(head))
        head->bad = true;
    while (at_digit(head) && value <= max)
        value = value * 10 + (*head->at++ - '0');
    if (value < min || value > max)
        head->bad = true;
    return value;
}

/* "CEST" or "<-03>"; what it is called does not matter here. */
static void skip_name(struct head *head)
{
    const char *start = head->at;
    if (accept(head, '<')) {
        while (head->at < head->end && *head->at != '>')
            head->at++;
        expect(head, '>');
        return;
    }
    while (head->at < head->end && ((*head->at >= 'A' && *head->at <= 'Z') || (*head->at >= 'a' && *head->at <= 'z')))
        head->at++;
    if (head->at - start < 3)
        head->bad = true;
}

/* [+-]hh[:mm[:ss]] */
static int32_t take_time_s(struct head *head, int max_hours)
{
    bool minus = accept(head, '-');
    if (!minus)
        accept(head, '+');
    int32_t value = take_number(head, 0, max_hours) * 3600;
    if (accept(head, ':')) {
        value += take_number(head, 0, 59) * 60;
        if (accept(head, ':'))
            value += take_number(head, 0, 59);
    }
    return minus ? -value : value;
}

static struct posix_date take_date(struct head *head)
{
    struct posix_date date = {.kind = POSIX_DAY_OF_YEAR};
    expect(head, ',');
    if (accept(head, 'M')) {
        date.kind = POSIX_MONTH_WEEK;
        date.month = take_number(head, 1, 12);
        expect(head, '.');
        date.week = take_number(head, 1, 5);
        expect(head, '.');
        date.day = take_number(head, 0, 6);
    } else if (accept(head, 'J')) {
        date.kind = POSIX_JULIAN;
        date.day = take_number(head, 1, 365);
    } else {
        date.day = take_number(head, 0, 365);
    }
    date.time_s = accept(head, '/') ? take_time_s(head, 167) : 2 * 3600;
    return date;
}

bool posix_tz_parse(const char *text, size_t len, struct posix_tz *out)
{
    struct head head = {.at = text, .end = text + len};
    struct posix_tz tz = {0};
    skip_name(&head);
    tz.standard_offset_s = -take_time_s(&head, 24);
    if (!head.bad && head.at < head.end) {
        tz.has_daylight = true;
        skip_name(&head);
        tz.daylight_offset_s = tz.standard_offset_s + 3600;
        if (head.at < head.end && *head.at != ',')
            tz.daylight_offset_s = -take_time_s(&head, 24);
        tz.daylight_from = take_date(&head);
        tz.daylight_until = take_date(&head);
    }
    if (head.bad || head.at != head.end)
        return false;
    *out = tz;
    return true;
}

/* Seconds of the wall clock since 1970. */
static int64_t date_wall_s(const struct posix_date *date, int year)
{
    int32_t new_year = civil_to_day((struct civil){year, 1, 1});
    int32_t day = 0;
    switch (date->kind) {
    case POSIX_JULIAN:
        day = new_year + date->day - 1;
        if (date->day >= 60 && civil_month_length(year, 2) == 29)
            day++;
        break;
    case POSIX_DAY_OF_YEAR:
        day = new_year + date->day;
        break;
    case POSIX_MONTH_WEEK: {
        int32_t first = civil_to_day((struct civil){year, date->month, 1});
        int mday = (date->day - civil_weekday(first) + 7) % 7 + (date->week - 1) * 7;
        if (mday >= civil_month_length(year, date->month))
            mday -= 7;
        day = first + mday;
        break;
    }
    }
    return (int64_t)day * DAY_S + date->time_s;
}

int64_t posix_tz_begin_s(const struct posix_tz *tz, int year)
{
    return date_wall_s(&tz->daylight_from, year) - tz->standard_offset_s;
}

int64_t posix_tz_end_s(const struct posix_tz *tz, int year)
{
    return date_wall_s(&tz->daylight_until, year) - tz->daylight_offset_s;
}
