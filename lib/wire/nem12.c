#include "wire/nem12.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"
#include "energy/obis.h"

#define FIELDS_MAX 400
#define MARKET_OFFSET_MS (10 * MS_PER_HOUR)
#define MICRO_DIGITS 6
#define VALUE_MAX_MICRO INT64_C(1000000000000000) /* 10^9 of the unit */

struct field {
    const char *text;
    size_t len;
};

struct row {
    int count;
    struct field fields[FIELDS_MAX];
};

static bool split(const char *text, size_t len, struct row *out)
{
    const char *end = text + len;
    out->count = 0;
    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text)), *stop = comma ? comma : end;
        if (out->count == FIELDS_MAX)
            return false;
        while (text < stop && *text == ' ')
            text++;
        size_t width = (size_t)(stop - text);
        while (width > 0 && text[width - 1] == ' ')
            width--;
        out->fields[out->count++] = (struct field){text, width};
        if (!comma)
            return true;
        text = comma + 1;
    }
}

static struct field field_at(const struct row *row, int i)
{
    return i < row->count ? row->fields[i] : (struct field){"", 0};
}

static bool is(struct field field, const char *text)
{
    return field.len == strlen(text) && strncasecmp(field.text, text, field.len) == 0;
}

static bool number(struct field field, int64_t low, int64_t high, int64_t *out)
{
    return decimal_parse(field.text, field.len, 0, out) && *out >= low && *out <= high;
}

static bool copy(struct field field, char *out, size_t size)
{
    if (field.len >= size)
        return false;
    for (size_t i = 0; i < field.len; i++)
        if ((unsigned char)field.text[i] < ' ')
            return false;
    memcpy(out, field.text, field.len);
    out[field.len] = '\0';
    return true;
}

static enum err wrong(const struct nem12 *nem12, int field, const char *what, struct fault *fault)
{
    return fault_set(fault, ERR_INVALID, "line %lld, field %d: %s", (long long)nem12->line, field + 1, what);
}

/* ---- 200 ---- */

static int64_t unit_of(struct field field)
{
    static const struct {
        const char *name;
        int64_t wh;
    } units[] = {{"Wh", 1}, {"kWh", 1000}, {"MWh", 1000000}, {"VArh", 1}, {"kVArh", 1000}, {"MVArh", 1000000}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (is(field, units[i].name))
            return units[i].wh;
    return 0;
}

static enum err stream(struct nem12 *nem12, const struct row *row, struct fault *fault)
{
    struct nem12_day *day = &nem12->day;
    int64_t minutes = 0;
    nem12->streaming = false;
    if (field_at(row, 1).len == 0 || !copy(field_at(row, 1), day->nmi, sizeof day->nmi))
        return wrong(nem12, 1, "an NMI is expected", fault);
    if (!copy(field_at(row, 2), day->configuration, sizeof day->configuration))
        return wrong(nem12, 2, "at most 240 characters of configuration are expected", fault);
    if (field_at(row, 4).len < 2 || !copy(field_at(row, 4), day->suffix, sizeof day->suffix))
        return wrong(nem12, 4, "a suffix of 2 to 4 characters is expected, such as E1", fault);
    if (!number(field_at(row, 8), 1, 30, &minutes) || (minutes != 5 && minutes != 10 && minutes != 15 && minutes != 30))
        return wrong(nem12, 8, "intervals of 5, 10, 15 or 30 minutes are expected", fault);
    day->unit_wh = unit_of(field_at(row, 7));
    day->interval_s = (int)minutes * 60;
    day->count = 1440 / (int)minutes;
    nem12->streaming = true;
    return OK;
}

/* ---- 300, 400 ---- */

static bool date(struct field field, int64_t *out_utc_ms)
{
    char text[CIVIL_TEXT_SIZE];
    int32_t day = 0;
    if (field.len != 8)
        return false;
    snprintf(text, sizeof text, "%.4s-%.2s-%.2s", field.text, field.text + 4, field.text + 6);
    if (!civil_parse(text, &day))
        return false;
    *out_utc_ms = day * MS_PER_DAY - MARKET_OFFSET_MS;
    return true;
}

/* A, E, F, S, N, or (where `varies` is given) V; E, F and S are followed by the method. */
static bool quality(struct field field, bool varies, char *out)
{
    if (field.len < 1 || field.len > 3 || field.text[0] == '\0' || !strchr(varies ? "AEFSNV" : "AEFSN", field.text[0]))
        return false;
    *out = field.text[0];
    return true;
}

/* The n-th part of a running sum: what stands below a watt-hour is carried on. */
static bool to_wh(struct nem12_day *day)
{
    int64_t running = 0, before = 0;
    for (int i = 0; i < day->count; i++) {
        int64_t after;
        if (__builtin_add_overflow(running, day->intervals[i].value_micro, &running) || !muldiv_floor(running, day->unit_wh, 1000000, &after))
            return false;
        day->intervals[i].wh = after - before;
        before = after;
    }
    return true;
}

static enum err start_day(struct nem12 *nem12, const struct row *row, struct fault *fault)
{
    struct nem12_day *day = &nem12->day;
    char letter = 'A';
    if (!nem12->streaming)
        return wrong(nem12, 0, "a day without a stream (200) before it", fault);
    if (!date(field_at(row, 1), &day->start_utc_ms))
        return wrong(nem12, 1, "a date YYYYMMDD is expected", fault);
    if (!quality(field_at(row, 2 + day->count), true, &letter))
        return wrong(nem12, 2 + day->count, "a quality A, E, F, N, S or V is expected behind the values of a day; are there too few or too many?",
                     fault);
    for (int i = 0; i < day->count; i++) {
        struct field field = field_at(row, 2 + i);
        struct nem12_interval *interval = &day->intervals[i];
        *interval = (struct nem12_interval){.missing = field.len == 0, .quality = letter};
        if (field.len == 0)
            continue;
        /* ".5" is half a unit */
        char text[40] = "0";
        size_t lead = field.text[0] == '.';
        if (field.len + lead >= sizeof text)
            return wrong(nem12, 2 + i, "a number is expected", fault);
        memcpy(text + lead, field.text, field.len);
        if (!decimal_parse_floor(text, field.len + lead, MICRO_DIGITS, &interval->value_micro) || interval->value_micro < 0 ||
            interval->value_micro > VALUE_MAX_MICRO)
            return wrong(nem12, 2 + i, "a number from 0 to 1,000,000,000 is expected", fault);
    }
    if (!to_wh(day))
        return wrong(nem12, 2, "the sum of this day is beyond all bounds", fault);
    nem12->varies = letter == 'V';
    nem12->waiting = true;
    return OK;
}

static enum err requalify(struct nem12 *nem12, const struct row *row, struct fault *fault)
{
    int64_t first = 0, last = 0;
    char letter = 'A';
    if (!nem12->waiting)
        return wrong(nem12, 0, "a quality (400) without a day (300) before it", fault);
    if (!number(field_at(row, 1), 1, nem12->day.count, &first))
        return wrong(nem12, 1, "the number of an interval of this day is expected", fault);
    if (!number(field_at(row, 2), first, nem12->day.count, &last))
        return wrong(nem12, 2, "the number of an interval of this day is expected, not before the first", fault);
    if (!quality(field_at(row, 3), false, &letter))
        return wrong(nem12, 3, "a quality A, E, F, N or S is expected", fault);
    for (int64_t i = first - 1; i < last; i++)
        nem12->day.intervals[i].quality = letter;
    return OK;
}

static enum err tell(struct nem12 *nem12, void (*each)(const struct nem12_day *day, void *arg), void *arg, struct fault *fault)
{
    if (!nem12->waiting)
        return OK;
    nem12->waiting = false;
    for (int i = 0; i < nem12->day.count; i++) {
        if (nem12->day.intervals[i].quality == 'V')
            return fault_set(fault, ERR_INVALID, "line %lld: interval %d of the day before has quality V and no record 400", (long long)nem12->line,
                             i + 1);
        nem12->day.intervals[i].missing |= nem12->day.intervals[i].quality == 'N';
    }
    each(&nem12->day, arg);
    return OK;
}

enum err nem12_line(struct nem12 *nem12, const char *text, size_t len, void (*each)(const struct nem12_day *day, void *arg), void *arg,
                    struct fault *fault)
{
    struct row row;
    nem12->line++;
    while (len > 0 && (text[len - 1] == '\r' || text[len - 1] == ' '))
        len--;
    if (nem12->line == 1 && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (len == 0)
        return OK;
    if (!split(text, len, &row))
        return fault_set(fault, ERR_INVALID, "line %lld: more than %d fields", (long long)nem12->line, FIELDS_MAX);
    struct field kind = row.fields[0];
    if (nem12->ended)
        return wrong(nem12, 0, "something stands behind the end (900)", fault);
    if (is(kind, "100")) {
        if (nem12->begun || !is(field_at(&row, 1), "NEM12"))
            return wrong(nem12, 1, nem12->begun ? "a second header" : "NEM12 is expected", fault);
        nem12->begun = true;
        return OK;
    }
    if (!nem12->begun)
        return wrong(nem12, 0, "a NEM12 file begins with 100,NEM12", fault);
    if (is(kind, "400"))
        return requalify(nem12, &row, fault);
    enum err err = is(kind, "500") ? OK : tell(nem12, each, arg, fault);
    if (err != OK || is(kind, "500"))
        return err;
    if (is(kind, "200"))
        return stream(nem12, &row, fault);
    if (is(kind, "300"))
        return start_day(nem12, &row, fault);
    nem12->ended = is(kind, "900");
    return nem12->ended ? OK : wrong(nem12, 0, "a record 200, 300, 400, 500 or 900 is expected", fault);
}

enum err nem12_end(struct nem12 *nem12, struct fault *fault)
{
    return nem12->ended ? OK : fault_set(fault, ERR_INVALID, "line %lld: the file ends without a record 900: it was cut", (long long)nem12->line);
}

int32_t nem12_channel(const struct nem12_day *day)
{
    static const char letters[] = "EBQK";
    const char *at = strchr(letters, day->suffix[0]);
    int64_t stream_no = 0;
    int others = 0;
    if (!day->unit_wh || !at || !number((struct field){day->suffix + 1, strlen(day->suffix + 1)}, 1, 99, &stream_no))
        return 0;
    for (const char *c = day->configuration; *c; c++)
        others += *c == day->suffix[0];
    return OBIS((int32_t)(at - letters) + 1, 8, others > 1 ? (int32_t)stream_no : 0);
}
