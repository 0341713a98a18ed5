#include "wire/device_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"

/* ---- saying ---- */

static void put_milli(struct buf *out, const char *name, const struct phases *phases)
{
    char text[DECIMAL_TEXT_SIZE];
    if (phases->count == 0)
        return;
    buf_printf(out, ",\"%s\":%s", name, phases->count > 1 ? "[" : "");
    for (int i = 0; i < phases->count; i++) {
        decimal_format(phases->value[i], 3, 0, text);
        buf_printf(out, "%s%s", i > 0 ? "," : "", text);
    }
    if (phases->count > 1)
        buf_char(out, ']');
}

static void put_channels(struct buf *out, const struct reading *reading)
{
    char code[OBIS_TEXT_SIZE];
    int others = 0;
    for (int i = 0; i < reading->channel_count; i++) {
        const struct channel_value *c = &reading->channels[i];
        if (c->channel == OBIS_IMPORT)
            buf_printf(out, ",\"energy_wh\":%" PRId64, c->value_wh);
        else if (c->channel == OBIS_EXPORT)
            buf_printf(out, ",\"export_wh\":%" PRId64, c->value_wh);
        else
            others++;
    }
    if (others == 0)
        return;
    buf_str(out, ",\"registers\":{");
    for (int i = 0, n = 0; i < reading->channel_count; i++) {
        const struct channel_value *c = &reading->channels[i];
        if (c->channel == OBIS_IMPORT || c->channel == OBIS_EXPORT)
            continue;
        obis_format(c->channel, code);
        buf_printf(out, "%s\"%s\":%" PRId64, n++ > 0 ? "," : "", code, c->value_wh);
    }
    buf_char(out, '}');
}

static void put_flags(struct buf *out, unsigned flags)
{
    int n = 0;
    for (unsigned bit = 1; bit <= FLAG_TEST; bit <<= 1) {
        if ((flags & bit) == 0)
            continue;
        buf_printf(out, "%s\"%s\"", n++ == 0 ? ",\"flags\":[" : ",", reading_flag_name(bit));
    }
    if (n > 0)
        buf_char(out, ']');
}

/* Boots are made by devices of base32 text, so they need no escapes; anything else is left out. */
static bool boot_is_plain(const char *boot)
{
    return boot[0] != '\0' && text_is_name(boot, strlen(boot));
}

static void put_reading(struct buf *out, const struct reading *reading, bool with_boot)
{
    buf_printf(out, "{\"ts\":%" PRId64, reading->ts_utc_ms);
    if (reading->kind == FACT_INTERVAL && reading->channel_count > 0)
        buf_printf(out, ",\"interval_wh\":%" PRId64 ",\"interval_s\":%" PRId32, reading->channels[0].value_wh, reading->interval_s);
    else
        put_channels(out, reading);
    if (reading->has_power)
        buf_printf(out, ",\"power_w\":%" PRId64, reading->power_w);
    put_milli(out, "voltage_v", &reading->voltage_mv);
    put_milli(out, "current_a", &reading->current_ma);
    put_milli(out, "power_factor", &reading->power_factor_milli);
    if (reading->frequency_mhz != 0)
        put_milli(out, "frequency_hz", &(struct phases){.count = 1, .value = {reading->frequency_mhz}});
    put_flags(out, reading->flags);
    if (reading->has_seq)
        buf_printf(out, ",\"seq\":%" PRId64, reading->seq);
    if (with_boot && boot_is_plain(reading->boot))
        buf_printf(out, ",\"boot\":\"%s\"", reading->boot);
    buf_char(out, '}');
}

void device_reading_encode(struct buf *out, const struct reading *reading)
{
    put_reading(out, reading, true);
}

void device_batch_begin(struct buf *out, const char *boot)
{
    buf_char(out, '{');
    if (boot_is_plain(boot))
        buf_printf(out, "\"boot\":\"%s\",", boot);
    buf_str(out, "\"readings\":[");
}

void device_batch_add(struct buf *out, const struct reading *reading)
{
    if (out->len > 0 && out->data[out->len - 1] != '[')
        buf_char(out, ',');
    put_reading(out, reading, false);
}

void device_batch_end(struct buf *out)
{
    buf_str(out, "]}");
}

/* Appends a Jansson object and releases it; a NULL (no memory, or text that is not UTF-8) is an
 * overflow. */
static void put_object(struct buf *out, json_t *object)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    if (text != NULL)
        buf_str(out, text);
    else
        out->overflow = true;
    free(text);
    json_decref(object);
}

void device_birth_encode(struct buf *out, const char *serial, const char *firmware, const char *boot)
{
    put_object(out, json_pack("{s:s, s:s, s:s, s:s}", "state", "online", "serial", serial, "firmware", firmware, "boot", boot));
}

void device_command_result_encode(struct buf *out, const char *command_id, bool done, const char *detail)
{
    put_object(
        out, json_pack("{s:s, s:s, s:s, s:s}", "event", "command", "command_id", command_id, "result", done ? "done" : "refused", "detail", detail));
}

void device_provision_request_encode(struct buf *out, const char *serial, const char *model, const char *claim_code)
{
    put_object(out, json_pack("{s:s, s:s, s:s}", "serial", serial, "model", model, "claim_code", claim_code));
}

void device_card_encode(struct buf *out, const struct device_card *card)
{
    const struct device_identity *identity = &card->identity;
    if (!card->has_identity)
        put_object(out, json_pack("{s:s}", "serial", card->serial));
    else
        put_object(out, json_pack("{s:s, s:s, s:s, s:s}", "serial", card->serial, "meter_id", identity->meter_id, "username", identity->username,
                                  "password", identity->password));
}

/* ---- hearing ---- */

static json_t *load_object(const void *json, size_t len, struct fault *fault)
{
    json_error_t error;
    if (len > DEVICE_DOCUMENT_MAX) {
        fault_set(fault, ERR_INVALID, "a document of %zu bytes; at most %d", len, DEVICE_DOCUMENT_MAX);
        return NULL;
    }
    json_t *object = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(object)) {
        fault_set(fault, ERR_INVALID, object == NULL ? "not JSON: %s" : "not a JSON object", error.text);
        json_decref(object);
        return NULL;
    }
    return object;
}

/* A complaint about one field, with its JSON pointer. */
static enum err wrong(struct fault *fault, const char *name, const char *what)
{
    char pointer[48] = "/";
    text_copy(pointer + 1, sizeof pointer - 1, name);
    return fault_at(fault, ERR_INVALID, pointer, "%s must be %s", name, what);
}

static enum err get_text(const json_t *object, const char *name, size_t size, struct fault *fault, char *out)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL || text[0] == '\0' || strlen(text) >= size)
        return wrong(fault, name, "a text, not empty and not too long");
    text_copy(out, size, text);
    return OK;
}

static enum err get_whole(const json_t *object, const char *name, int64_t min, int64_t max, struct fault *fault, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value) || json_integer_value(value) < min || json_integer_value(value) > max)
        return wrong(fault, name, "a whole number within its range");
    *out = json_integer_value(value);
    return OK;
}

enum err device_receipt_parse(const void *json, size_t len, struct fault *fault, struct device_receipt *out)
{
    struct device_receipt receipt = {0};
    json_t *object = load_object(json, len, fault);
    if (object == NULL)
        return ERR_INVALID;
    enum err err = get_text(object, "boot", sizeof receipt.boot, fault, receipt.boot);
    if (err == OK)
        err = get_whole(object, "seq", 0, READING_WH_MAX, fault, &receipt.seq);
    json_decref(object);
    if (err == OK)
        *out = receipt;
    return err;
}

static enum err get_expiry(const json_t *object, struct fault *fault, int64_t *out)
{
    const json_t *value = json_object_get(object, "expires");
    *out = INT64_MAX;
    if (value == NULL || json_is_null(value))
        return OK;
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return OK;
    }
    if (json_is_string(value) && instant_parse(json_string_value(value), json_string_length(value), out))
        return OK;
    return wrong(fault, "expires", "RFC 3339 with an offset, or epoch milliseconds");
}

static enum err get_command(const json_t *object, struct fault *fault, struct device_command *c)
{
    char name[33];
    enum err err = get_text(object, "command_id", sizeof c->command_id, fault, c->command_id);
    if (err == OK)
        err = get_text(object, "command", sizeof name, fault, name);
    if (err == OK)
        err = get_expiry(object, fault, &c->expires_utc_ms);
    if (err != OK)
        return err;
    c->kind = DEVICE_UNKNOWN;
    if (strcmp(name, "set_interval") == 0) {
        c->kind = DEVICE_SET_INTERVAL;
        return get_whole(object, "interval_s", 1, 86400, fault, &c->interval_s);
    }
    if (strcmp(name, "resend") != 0)
        return OK;
    c->kind = DEVICE_RESEND;
    err = get_text(object, "boot", sizeof c->boot, fault, c->boot);
    if (err == OK)
        err = get_whole(object, "from_seq", 0, READING_WH_MAX, fault, &c->from_seq);
    return err != OK ? err : get_whole(object, "to_seq", c->from_seq, READING_WH_MAX, fault, &c->to_seq);
}

enum err device_command_parse(const void *json, size_t len, struct fault *fault, struct device_command *out)
{
    struct device_command command = {0};
    json_t *object = load_object(json, len, fault);
    if (object == NULL)
        return ERR_INVALID;
    enum err err = get_command(object, fault, &command);
    json_decref(object);
    if (err == OK)
        *out = command;
    return err;
}

static enum err get_identity(const json_t *object, struct fault *fault, struct device_identity *identity)
{
    enum err err = get_text(object, "meter_id", sizeof identity->meter_id, fault, identity->meter_id);
    if (err == OK && !text_is_name(identity->meter_id, strlen(identity->meter_id)))
        err = wrong(fault, "meter_id", "1 to 64 of A-Z a-z 0-9 . _ -");
    if (err == OK)
        err = get_text(object, "username", sizeof identity->username, fault, identity->username);
    return err != OK ? err : get_text(object, "password", sizeof identity->password, fault, identity->password);
}

enum err device_provision_response_parse(const void *json, size_t len, struct fault *fault, struct device_identity *out)
{
    struct device_identity identity = {0};
    json_t *object = load_object(json, len, fault);
    if (object == NULL)
        return ERR_INVALID;
    const char *refusal = json_string_value(json_object_get(object, "error"));
    enum err err = refusal != NULL ? fault_set(fault, ERR_CONFLICT, "%s", refusal) : get_identity(object, fault, &identity);
    json_decref(object);
    if (err == OK)
        *out = identity;
    return err;
}

enum err device_card_parse(const void *json, size_t len, struct fault *fault, struct device_card *out)
{
    struct device_card card = {0};
    json_t *object = load_object(json, len, fault);
    if (object == NULL)
        return ERR_INVALID;
    enum err err = get_text(object, "serial", sizeof card.serial, fault, card.serial);
    card.has_identity = json_object_get(object, "meter_id") != NULL;
    if (err == OK && card.has_identity)
        err = get_identity(object, fault, &card.identity);
    json_decref(object);
    if (err == OK)
        *out = card;
    return err;
}
