#include "wire/reading_json.h"
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "wire/batch_split.h"
#include "wire/json_in.h"
#include "wire/reading_limits.h"
#include "wire/reading_scan.h"

#define INTERVAL_MAX_S 86400

static bool refuse(struct parsed_reading *out, enum verdict verdict, const char *field, const char *words)
{
    out->verdict = verdict;
    snprintf(out->detail, sizeof out->detail, "%s: %s", field, words);
    return false;
}

/* True with *out set, or refused. An absent field is true with *present false. */
static bool number_field(const json_t *object, const char *field, int scale, int64_t min, int64_t max, struct parsed_reading *out, bool *present,
                         int64_t *value)
{
    const json_t *json = json_object_get(object, field);
    *present = json != NULL;
    if (!json)
        return true;
    switch (json_in_scaled(json, scale, min, max, value)) {
    case NUMBER_OK:
        return true;
    case NUMBER_NOT:
        return refuse(out, VERDICT_BAD_TYPE, field, "a number is expected");
    case NUMBER_RANGE:
        return refuse(out, VERDICT_OUT_OF_RANGE, field, "outside its range");
    }
    return false;
}

static bool add_channel(struct parsed_reading *out, const char *field, int32_t channel, enum fact_kind kind, int64_t value_wh)
{
    struct reading *reading = &out->reading;
    int64_t other;
    if (reading->channel_count > 0 && reading->kind != kind)
        return refuse(out, VERDICT_MIXED_KINDS, field, "a reading carries registers or an interval, not both");
    if (reading_value(reading, channel, &other))
        return refuse(out, VERDICT_DUPLICATE_FIELD, field, "this channel is told twice");
    if (reading->channel_count == READING_CHANNELS_MAX)
        return refuse(out, VERDICT_OUT_OF_RANGE, field, "more than 16 channels");
    reading->kind = kind;
    reading->channels[reading->channel_count++] = (struct channel_value){channel, value_wh};
    return true;
}

/* energy_wh or energy_kwh: the same channel in two units. */
static bool register_pair(const json_t *object, const char *wh_field, const char *kwh_field, int32_t channel, struct parsed_reading *out)
{
    bool has_wh, has_kwh;
    int64_t value = 0;
    if (!number_field(object, wh_field, 0, 0, READING_WH_MAX, out, &has_wh, &value) ||
        (has_wh && !add_channel(out, wh_field, channel, FACT_REGISTER, value)))
        return false;
    return number_field(object, kwh_field, 3, 0, READING_WH_MAX, out, &has_kwh, &value) &&
           (!has_kwh || add_channel(out, kwh_field, channel, FACT_REGISTER, value));
}

/* Values by OBIS code: cumulative registers, or the energy of intervals. */
static bool codes_field(json_t *object, const char *field, enum fact_kind kind, struct parsed_reading *out)
{
    json_t *codes = json_object_get(object, field);
    const char *code;
    json_t *json;
    if (!codes)
        return true;
    if (!json_is_object(codes))
        return refuse(out, VERDICT_BAD_TYPE, field, "an object of OBIS codes is expected");
    json_object_foreach(codes, code, json)
    {
        int32_t channel;
        int64_t value;
        if (!obis_parse(code, &channel))
            return refuse(out, VERDICT_BAD_NAME, field, "a key is no OBIS code C.D.E");
        enum number_result result = json_in_scaled(json, 0, 0, READING_WH_MAX, &value);
        if (result != NUMBER_OK)
            return refuse(out, result == NUMBER_NOT ? VERDICT_BAD_TYPE : VERDICT_OUT_OF_RANGE, field,
                          result == NUMBER_NOT ? "a number is expected" : "outside its range");
        if (!add_channel(out, field, channel, kind, value))
            return false;
    }
    return true;
}

/* interval_wh is 1.8.0; intervals are further channels, or all of them, over the same interval_s. */
static bool interval_fields(json_t *object, struct parsed_reading *out)
{
    bool has_wh, has_s, has_codes = json_object_get(object, "intervals") != NULL;
    int64_t wh = 0, s = 0;
    if (!number_field(object, "interval_wh", 0, 0, READING_WH_MAX, out, &has_wh, &wh) ||
        !number_field(object, "interval_s", 0, 1, INTERVAL_MAX_S, out, &has_s, &s))
        return false;
    if (!has_wh && !has_codes && !has_s)
        return true;
    if ((!has_wh && !has_codes) || !has_s)
        return refuse(out, VERDICT_NO_ENERGY, has_s ? "interval_wh" : "interval_s", "interval_wh or intervals, and interval_s, go together");
    out->reading.interval_s = (int32_t)s;
    return (!has_wh || add_channel(out, "interval_wh", OBIS_IMPORT, FACT_INTERVAL, wh)) && codes_field(object, "intervals", FACT_INTERVAL, out);
}

static bool phases_field(const json_t *object, const char *field, int scale, int64_t min, int64_t max, struct parsed_reading *out,
                         struct phases *phases)
{
    const json_t *json = json_object_get(object, field);
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    if (!json)
        return true;
    if (count < 1 || count > READING_PHASES_MAX)
        return refuse(out, VERDICT_OUT_OF_RANGE, field, "one to three phases");
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        enum number_result result = json_in_scaled(json_is_array(json) ? json_array_get(json, i) : json, scale, min, max, &value);
        if (result != NUMBER_OK)
            return refuse(out, result == NUMBER_NOT ? VERDICT_BAD_TYPE : VERDICT_OUT_OF_RANGE, field,
                          result == NUMBER_NOT ? "a number, or up to three, is expected" : "outside its range");
        phases->value[i] = (int32_t)value;
    }
    phases->count = (int)count;
    return true;
}

static bool electrical_fields(const json_t *object, struct parsed_reading *out)
{
    struct reading *reading = &out->reading;
    bool has_frequency;
    int64_t frequency_mhz = 0;
    if (!number_field(object, "power_w", 0, -POWER_MAX_W, POWER_MAX_W, out, &reading->has_power, &reading->power_w) ||
        !phases_field(object, "voltage_v", 3, 0, VOLTAGE_MAX_MV, out, &reading->voltage_mv) ||
        !phases_field(object, "current_a", 3, -CURRENT_MAX_MA, CURRENT_MAX_MA, out, &reading->current_ma) ||
        !phases_field(object, "power_factor", 3, -POWER_FACTOR_MAX_MILLI, POWER_FACTOR_MAX_MILLI, out, &reading->power_factor_milli) ||
        !number_field(object, "frequency_hz", 3, 0, FREQUENCY_MAX_MHZ, out, &has_frequency, &frequency_mhz))
        return false;
    reading->frequency_mhz = (int32_t)frequency_mhz;
    return true;
}

static bool ts_field(const json_t *object, struct parsed_reading *out)
{
    const json_t *json = json_object_get(object, "ts");
    if (!json)
        return true;
    if (json_is_string(json)) {
        if (!instant_parse(json_string_value(json), json_string_length(json), &out->reading.ts_utc_ms))
            return refuse(out, VERDICT_BAD_TIME, "ts", "RFC 3339 with an offset, or epoch milliseconds, is expected");
    } else if (json_is_integer(json)) {
        out->reading.ts_utc_ms = json_integer_value(json);
        if (out->reading.ts_utc_ms < -TS_MAX_MS || out->reading.ts_utc_ms > TS_MAX_MS)
            return refuse(out, VERDICT_BAD_TIME, "ts", "outside the years that can be told");
    } else {
        return refuse(out, VERDICT_BAD_TIME, "ts", "RFC 3339 with an offset, or epoch milliseconds, is expected");
    }
    out->has_ts = true;
    return true;
}

static bool flags_field(const json_t *object, struct parsed_reading *out)
{
    const json_t *json = json_object_get(object, "flags");
    if (!json)
        return true;
    if (!json_is_array(json) || json_array_size(json) > 32)
        return refuse(out, VERDICT_BAD_TYPE, "flags", "an array of names is expected");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *name = json_string_value(json_array_get(json, i));
        if (!name)
            return refuse(out, VERDICT_BAD_TYPE, "flags", "an array of names is expected");
        out->reading.flags |= reading_flag_parse(name) & ~(unsigned)FLAG_SERVER_TIME;
    }
    return true;
}

static bool boot_field(const json_t *object, struct parsed_reading *out)
{
    const json_t *json = json_object_get(object, "boot");
    if (!json)
        return true;
    if (!json_is_string(json))
        return refuse(out, VERDICT_BAD_TYPE, "boot", "a text is expected");
    if (!text_copy(out->reading.boot, sizeof out->reading.boot, json_string_value(json)))
        return refuse(out, VERDICT_OUT_OF_RANGE, "boot", "at most 32 bytes");
    return true;
}

/* seq and boot come first, so that a reading that is refused for something else still counts as heard. */
static bool sequence_fields(const json_t *object, struct parsed_reading *out)
{
    const json_t *json = json_object_get(object, "seq");
    if (!boot_field(object, out))
        return false;
    if (!json)
        return true;
    if (!json_is_integer(json))
        return refuse(out, VERDICT_BAD_TYPE, "seq", "an integer is expected");
    if (json_integer_value(json) < 0 || json_integer_value(json) > READING_WH_MAX)
        return refuse(out, VERDICT_OUT_OF_RANGE, "seq", "0 or more is expected");
    out->reading.seq = json_integer_value(json);
    out->reading.has_seq = true;
    return true;
}

static bool version_field(const json_t *object, struct parsed_reading *out)
{
    return json_in_version(object) || refuse(out, VERDICT_UNSUPPORTED_VERSION, "v", "only version 1 is understood");
}

static void parse_one(json_t *object, struct parsed_reading *out)
{
    out->verdict = VERDICT_ACCEPTED;
    if (!json_is_object(object)) {
        refuse(out, VERDICT_BAD_TYPE, "readings", "each reading is an object");
        return;
    }
    if (!sequence_fields(object, out) || !version_field(object, out) || !ts_field(object, out) || !flags_field(object, out) ||
        !register_pair(object, "energy_wh", "energy_kwh", OBIS_IMPORT, out) || !register_pair(object, "export_wh", "export_kwh", OBIS_EXPORT, out) ||
        !codes_field(object, "registers", FACT_REGISTER, out) || !interval_fields(object, out) || !electrical_fields(object, out))
        return;
    if (out->reading.channel_count == 0)
        refuse(out, VERDICT_NO_ENERGY, "energy_wh", "a register, or interval_wh with interval_s, is expected");
}

/* What stands outside the readings. */
static bool outer_fields(const json_t *root, struct parsed_reading *outer)
{
    return version_field(root, outer) && boot_field(root, outer);
}

static bool batch_size_fits(size_t count, struct parsed_reading *out)
{
    return (count >= 1 && count <= BATCH_MAX) || refuse(out, VERDICT_BAD_BATCH, "readings", "an array of 1 to 1,000 readings is expected");
}

static void parse_member(json_t *object, size_t count, const struct parsed_reading *outer, struct parsed_reading *out)
{
    memcpy(out->reading.boot, outer->reading.boot, sizeof out->reading.boot);
    parse_one(object, out);
    if (out->verdict == VERDICT_ACCEPTED && count > 1 && !out->has_ts)
        refuse(out, VERDICT_MISSING_TS, "ts", "each reading of a batch needs its time");
}

static void parse_batch(json_t *root, json_t *readings, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg)
{
    struct parsed_reading outer = {0};
    size_t count = json_array_size(readings); /* 0 for what is no array */
    if (!batch_size_fits(count, &outer) || !outer_fields(root, &outer)) {
        each(&outer, arg);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct parsed_reading parsed = {0};
        parse_member(json_array_get(readings, i), count, &outer, &parsed);
        each(&parsed, arg);
    }
}

/* The members of a batch that does not parse as a whole, each by itself. False: it is no batch, or broken outside its readings too. */
static bool parse_apart(const char *payload, size_t len, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg)
{
    struct batch_part parts[BATCH_MAX];
    struct parsed_reading outer = {0};
    struct buf text;
    size_t count;
    buf_init(&text, PAYLOAD_MAX);
    json_t *root = NULL;
    if (batch_split(payload, len, parts, BATCH_MAX, &count, &text))
        root = json_in_object(text.data, text.len, &outer.verdict, outer.detail);
    buf_finish(&text);
    if (!root)
        return false;
    bool whole = batch_size_fits(count, &outer) && outer_fields(root, &outer);
    json_decref(root);
    if (!whole)
        each(&outer, arg);
    for (size_t i = 0; whole && i < count; i++) {
        struct parsed_reading parsed = {0};
        json_t *member = json_in_object(parts[i].text, parts[i].len, &parsed.verdict, parsed.detail);
        if (member)
            parse_member(member, count, &outer, &parsed);
        json_decref(member);
        each(&parsed, arg);
    }
    return true;
}

void readings_parse_whole(const char *payload, size_t len, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg)
{
    struct parsed_reading parsed = {0};
    json_t *root = NULL;
    if (len > PAYLOAD_MAX)
        refuse(&parsed, VERDICT_TOO_LARGE, "message", "at most 256 KiB");
    else
        root = json_in_object(payload, len, &parsed.verdict, parsed.detail);
    if (!root) {
        bool one_member = parsed.verdict == VERDICT_DUPLICATE_FIELD || parsed.verdict == VERDICT_OUT_OF_RANGE;
        if (!one_member || !parse_apart(payload, len, each, arg))
            each(&parsed, arg);
        return;
    }
    json_t *readings = json_object_get(root, "readings");
    if (readings) {
        parse_batch(root, readings, each, arg);
    } else {
        parse_one(root, &parsed);
        each(&parsed, arg);
    }
    json_decref(root);
}

void readings_parse(const char *payload, size_t len, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg)
{
    struct parsed_reading plain = {0};
    if (reading_scan(payload, len, &plain))
        each(&plain, arg);
    else
        readings_parse_whole(payload, len, each, arg);
}
