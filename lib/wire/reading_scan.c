#include "wire/reading_scan.h"
#include <string.h>
#include "base/instant.h"
#include "base/number.h"
#include "wire/reading_limits.h"

#define DIGITS_MAX 15 /* a double gives so many back unchanged, which is what the other parser goes through */

struct scan {
    const char *at, *end;
};

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
        scan->at++;
}

/* The next character but for blanks; passed when it is this one. */
static bool take(struct scan *scan, char wanted)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != wanted)
        return false;
    scan->at++;
    return true;
}

/* A text of plain ASCII without escapes; the quotes are left out. */
static bool take_text(struct scan *scan, const char **text, size_t *len)
{
    if (!take(scan, '"'))
        return false;
    *text = scan->at;
    while (scan->at < scan->end && *scan->at >= ' ' && *scan->at <= '~' && *scan->at != '"' && *scan->at != '\\')
        scan->at++;
    *len = (size_t)(scan->at - *text);
    return scan->at < scan->end && *scan->at++ == '"';
}

static const char *pass_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* A number as JSON has it, without an exponent. *fraction: it has a point. */
static bool take_number(struct scan *scan, const char **text, size_t *len, bool *fraction)
{
    skip_blanks(scan);
    const char *begin = scan->at, *whole = begin + (begin < scan->end && *begin == '-');
    const char *at = pass_digits(whole, scan->end);
    int64_t digits = at - whole;
    if (digits == 0 || (digits > 1 && *whole == '0'))
        return false;
    *fraction = at < scan->end && *at == '.';
    if (*fraction) {
        const char *after = pass_digits(at + 1, scan->end);
        digits += after - at - 1;
        if (after == at + 1)
            return false;
        at = after;
    }
    if (digits > DIGITS_MAX || (at < scan->end && (*at == 'e' || *at == 'E')))
        return false;
    *text = begin;
    *len = (size_t)(at - begin);
    scan->at = at;
    return true;
}

static bool take_scaled(struct scan *scan, int scale, int64_t min, int64_t max, int64_t *out)
{
    const char *text;
    size_t len;
    bool fraction;
    return take_number(scan, &text, &len, &fraction) && decimal_parse_floor(text, len, scale, out) && *out >= min && *out <= max;
}

static bool take_integer(struct scan *scan, int64_t min, int64_t max, int64_t *out)
{
    const char *text;
    size_t len;
    bool fraction;
    return take_number(scan, &text, &len, &fraction) && !fraction && decimal_parse(text, len, 0, out) && *out >= min && *out <= max;
}

static bool take_phases(struct scan *scan, int64_t min, int64_t max, struct phases *out)
{
    int64_t value;
    bool many = take(scan, '[');
    do {
        if (out->count == READING_PHASES_MAX || !take_scaled(scan, 3, min, max, &value))
            return false;
        out->value[out->count++] = (int32_t)value;
    } while (many && take(scan, ','));
    return !many || take(scan, ']');
}

static bool take_ts(struct scan *scan, struct parsed_reading *out)
{
    const char *text;
    size_t len;
    skip_blanks(scan);
    bool good = scan->at < scan->end && *scan->at == '"' ? take_text(scan, &text, &len) && instant_parse(text, len, &out->reading.ts_utc_ms)
                                                         : take_integer(scan, -TS_MAX_MS, TS_MAX_MS, &out->reading.ts_utc_ms);
    out->has_ts = good;
    return good;
}

static bool take_boot(struct scan *scan, struct reading *out)
{
    const char *text;
    size_t len;
    if (!take_text(scan, &text, &len) || len >= sizeof out->boot)
        return false;
    memcpy(out->boot, text, len);
    return true;
}

enum field { TS, ENERGY_WH, ENERGY_KWH, EXPORT_WH, EXPORT_KWH, POWER_W, VOLTAGE_V, CURRENT_A, POWER_FACTOR, FREQUENCY_HZ, SEQ, BOOT, V, FIELDS };
static const char *const field_names[FIELDS] = {"ts",        "energy_wh",    "energy_kwh",   "export_wh", "export_kwh", "power_w", "voltage_v",
                                                "current_a", "power_factor", "frequency_hz", "seq",       "boot",       "v"};

static int field_named(const char *name, size_t len)
{
    for (int i = 0; i < FIELDS; i++)
        if (field_names[i][0] == name[0] && strlen(field_names[i]) == len && memcmp(field_names[i], name, len) == 0)
            return i;
    return -1;
}

/* Registers wait until the end, because their order in the reading is not that of the message. */
struct registers {
    bool has_import, has_export;
    int64_t import_wh, export_wh;
};

static bool take_register(struct scan *scan, int scale, bool *has, int64_t *out)
{
    if (*has) /* the same channel in two units */
        return false;
    *has = true;
    return take_scaled(scan, scale, 0, READING_WH_MAX, out);
}

static bool take_value(struct scan *scan, enum field field, struct registers *registers, struct parsed_reading *out)
{
    struct reading *reading = &out->reading;
    int64_t number = 0;
    bool good = false;
    switch (field) {
    case TS:
        return take_ts(scan, out);
    case ENERGY_WH:
    case ENERGY_KWH:
        return take_register(scan, field == ENERGY_KWH ? 3 : 0, &registers->has_import, &registers->import_wh);
    case EXPORT_WH:
    case EXPORT_KWH:
        return take_register(scan, field == EXPORT_KWH ? 3 : 0, &registers->has_export, &registers->export_wh);
    case POWER_W:
        return reading->has_power = take_scaled(scan, 0, -POWER_MAX_W, POWER_MAX_W, &reading->power_w);
    case VOLTAGE_V:
        return take_phases(scan, 0, VOLTAGE_MAX_MV, &reading->voltage_mv);
    case CURRENT_A:
        return take_phases(scan, -CURRENT_MAX_MA, CURRENT_MAX_MA, &reading->current_ma);
    case POWER_FACTOR:
        return take_phases(scan, -POWER_FACTOR_MAX_MILLI, POWER_FACTOR_MAX_MILLI, &reading->power_factor_milli);
    case FREQUENCY_HZ:
        good = take_scaled(scan, 3, 0, FREQUENCY_MAX_MHZ, &number);
        reading->frequency_mhz = (int32_t)number;
        return good;
    case SEQ:
        return reading->has_seq = take_integer(scan, 0, READING_WH_MAX, &reading->seq);
    case BOOT:
        return take_boot(scan, reading);
    case V:
        return take_integer(scan, 1, 1, &number);
    case FIELDS:
        break;
    }
    return false;
}

bool reading_scan(const char *text, size_t len, struct parsed_reading *out)
{
    struct scan scan = {text, text + len};
    struct registers registers = {0};
    struct reading *reading = &out->reading;
    unsigned seen = 0;
    if (len > PAYLOAD_MAX || !take(&scan, '{'))
        return false;
    do {
        const char *name;
        size_t name_len;
        if (!take_text(&scan, &name, &name_len) || name_len == 0 || !take(&scan, ':'))
            return false;
        int field = field_named(name, name_len);
        if (field < 0 || (seen & 1u << field) || !take_value(&scan, (enum field)field, &registers, out))
            return false;
        seen |= 1u << field;
    } while (take(&scan, ','));
    if (!take(&scan, '}'))
        return false;
    skip_blanks(&scan);
    if (registers.has_import)
        reading->channels[reading->channel_count++] = (struct channel_value){OBIS_IMPORT, registers.import_wh};
    if (registers.has_export)
        reading->channels[reading->channel_count++] = (struct channel_value){OBIS_EXPORT, registers.export_wh};
    reading->kind = FACT_REGISTER;
    out->verdict = VERDICT_ACCEPTED;
    return scan.at == scan.end && reading->channel_count > 0;
}
