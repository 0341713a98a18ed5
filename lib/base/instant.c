#include "base/instant.h"
#include "base/civil.h"

#define YEAR_0000_UTC_MS INT64_C(-62167219200000)
#define YEAR_9999_UTC_MS INT64_C(253402300799999)

/* A reading head over the text; `bad` is sticky. */
struct head {
    const char *at;
    const char *end;
    bool bad;
};

static int take_digits(struct head *head, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (head->at >= head->end || *head->at < '0' || *head->at > '9') {
            head->bad = true;
            return 0;
        }
        value = value * 10 + (*head->at++ - '0');
    }
    return value;
}

static char take(struct head *head, const char *one_of)
{
    if (head->at < head->end)
        for (const char *c = one_of; *c != '\0'; c++)
            if (*head->at == *c)
                return *head->at++;
    head->bad = true;
    return '\0';
}

static int64_t take_fraction_ms(struct head *head)
{
    if (head->at >= head->end || *head->at != '.')
        return 0;
    head->at++;
    int64_t ms = take_digits(head, 1) * 100;
    for (int scale = 10; head->at < head->end && *head->at >= '0' && *head->at <= '9'; scale /= 10)
        ms += (*head->at++ - '0') * scale;
    return ms;
}

/* "Z", "-03:00": what must be subtracted from the wall time. */
static int64_t take_offset_ms(struct head *head)
{
    char sign = take(head, "Zz+-");
    if (sign != '+' && sign != '-')
        return 0;
    int hours = take_digits(head, 2);
    take(head, ":");
    int minutes = take_digits(head, 2);
    if (hours > 23 || minutes > 59)
        head->bad = true;
    int64_t offset_ms = hours * MS_PER_HOUR + minutes * MS_PER_MIN;
    return sign == '-' ? -offset_ms : offset_ms;
}

bool instant_parse(const char *text, size_t len, int64_t *out_utc_ms)
{
    struct head head = {.at = text, .end = text + len};
    struct civil date;
    date.year = take_digits(&head, 4);
    take(&head, "-");
    date.month = take_digits(&head, 2);
    take(&head, "-");
    date.mday = take_digits(&head, 2);
    take(&head, "Tt ");
    int hour = take_digits(&head, 2);
    take(&head, ":");
    int minute = take_digits(&head, 2);
    take(&head, ":");
    int second = take_digits(&head, 2);
    int64_t fraction_ms = take_fraction_ms(&head);
    int64_t offset_ms = take_offset_ms(&head);
    if (head.bad || head.at != head.end)
        return false;
    if (date.year < 1900 || date.year > 2999 || date.month < 1 || date.month > 12 || date.mday < 1 ||
        date.mday > civil_month_length(date.year, date.month))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (second == 60) {
        second = 59;
        fraction_ms = 999;
    }
    *out_utc_ms = civil_to_day(date) * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MIN + second * MS_PER_S + fraction_ms - offset_ms;
    return true;
}

static char *put(char *out, int digits, int value, char after)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    out[digits] = after;
    return out + digits + 1;
}

void instant_format(int64_t utc_ms, char out[INSTANT_TEXT_SIZE])
{
    if (utc_ms < YEAR_0000_UTC_MS)
        utc_ms = YEAR_0000_UTC_MS;
    if (utc_ms > YEAR_9999_UTC_MS)
        utc_ms = YEAR_9999_UTC_MS;
    int64_t day_ms = instant_floor(utc_ms, MS_PER_DAY);
    struct civil date = civil_from_day((int32_t)(day_ms / MS_PER_DAY));
    int ms = (int)(utc_ms - day_ms);
    char *at = put(out, 4, date.year, '-');
    at = put(at, 2, date.month, '-');
    at = put(at, 2, date.mday, 'T');
    at = put(at, 2, ms / (int)MS_PER_HOUR, ':');
    at = put(at, 2, ms / (int)MS_PER_MIN % 60, ':');
    at = put(at, 2, ms / 1000 % 60, ms % 1000 != 0 ? '.' : 'Z');
    if (ms % 1000 != 0)
        at = put(at, 3, ms % 1000, 'Z');
    *at = '\0';
}

int64_t instant_floor(int64_t utc_ms, int64_t step_ms)
{
    int64_t rest = utc_ms % step_ms;
    return rest < 0 ? utc_ms - rest - step_ms : utc_ms - rest;
}
