#include "wire/message_json.h"
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/json_out.h"
#include "wire/reading_json.h"

#define TS_MAX_MS INT64_C(253402300799999) /* the end of year 9999, RFC 3339's last */

/* Copies an optional text field; too long or another type is told. */
static enum verdict text_field(const json_t *root, const char *field, char *out, size_t size, char detail[160])
{
    const json_t *json = json_object_get(root, field);
    if (!json)
        return VERDICT_ACCEPTED;
    if (!json_is_string(json)) {
        snprintf(detail, DETAIL_SIZE, "%s: a text is expected", field);
        return VERDICT_BAD_TYPE;
    }
    if (!text_copy(out, size, json_string_value(json))) {
        snprintf(detail, DETAIL_SIZE, "%s: at most %zu bytes", field, size - 1);
        return VERDICT_OUT_OF_RANGE;
    }
    return VERDICT_ACCEPTED;
}

static enum verdict open_message(const char *payload, size_t len, json_t **out, char detail[160])
{
    enum verdict verdict = VERDICT_TOO_LARGE;
    if (len > PAYLOAD_MAX) {
        snprintf(detail, DETAIL_SIZE, "at most 256 KiB");
        return verdict;
    }
    *out = json_in_object(payload, len, &verdict, detail);
    if (!*out)
        return verdict;
    if (json_in_version(*out))
        return VERDICT_ACCEPTED;
    snprintf(detail, DETAIL_SIZE, "v: only version 1 is understood");
    return VERDICT_UNSUPPORTED_VERSION;
}

enum verdict status_parse(const char *payload, size_t len, struct status_message *out, char detail[160])
{
    struct status_message message = {0};
    char state[16] = "";
    json_t *root = NULL;
    enum verdict verdict = open_message(payload, len, &root, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "state", state, sizeof state, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "serial", message.serial, sizeof message.serial, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "firmware", message.firmware, sizeof message.firmware, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "boot", message.boot, sizeof message.boot, detail);
    json_decref(root);
    if (verdict != VERDICT_ACCEPTED)
        return verdict;
    message.online = text_starts_with(state, "online") && state[6] == '\0';
    if (!message.online && !(text_starts_with(state, "offline") && state[7] == '\0')) {
        snprintf(detail, DETAIL_SIZE, "state: \"online\" or \"offline\" is expected");
        return VERDICT_OUT_OF_RANGE;
    }
    *out = message;
    return VERDICT_ACCEPTED;
}

static bool event_known(const char *event)
{
    static const char *const known[] = {"exchange", "tamper", "power_fail", "power_restored", "clock_set", "command"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_starts_with(event, known[i]) && event[__builtin_strlen(known[i])] == '\0')
            return true;
    return false;
}

enum verdict event_parse(const char *payload, size_t len, struct event_message *out, char detail[160])
{
    struct event_message message = {0};
    json_t *root = NULL;
    enum verdict verdict = open_message(payload, len, &root, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "event", message.event, sizeof message.event, detail);
    if (verdict == VERDICT_ACCEPTED && !event_known(message.event)) {
        snprintf(detail, DETAIL_SIZE, "event: exchange, tamper, power_fail, power_restored, clock_set or command is expected");
        verdict = VERDICT_BAD_EVENT;
    }
    const json_t *ts = json_object_get(root, "ts");
    if (verdict == VERDICT_ACCEPTED && ts) {
        message.has_ts = true;
        if (json_is_integer(ts) && json_integer_value(ts) >= -TS_MAX_MS && json_integer_value(ts) <= TS_MAX_MS)
            message.ts_utc_ms = json_integer_value(ts);
        else if (!json_is_string(ts) || !instant_parse(json_string_value(ts), json_string_length(ts), &message.ts_utc_ms)) {
            snprintf(detail, DETAIL_SIZE, "ts: RFC 3339 with an offset, or epoch milliseconds, is expected");
            verdict = VERDICT_BAD_TIME;
        }
    }
    json_decref(root);
    if (verdict == VERDICT_ACCEPTED)
        *out = message;
    return verdict;
}

/* Only for people: what is no text of a fitting length is left out, and refuses nothing. */
static void serial_of(const json_t *device, char out[NAME_SIZE])
{
    const json_t *serial = json_object_get(device, "serial");
    if (json_is_string(serial) && json_string_length(serial) < NAME_SIZE && strlen(json_string_value(serial)) == json_string_length(serial))
        strcpy(out, json_string_value(serial));
}

bool exchange_parse(const char *document, size_t len, struct exchange_message *out)
{
    struct exchange_message message = {0};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    json_t *root = json_in_object(document, len, &verdict, detail);
    const json_t *fresh = json_object_get(root, "new");
    const json_t *max = json_object_get(fresh, "register_max_wh");
    bool whole =
        json_in_scaled(json_object_get(json_object_get(root, "old"), "final_wh"), 0, 0, READING_WH_MAX, &message.old_final_wh) == NUMBER_OK &&
        json_in_scaled(json_object_get(fresh, "start_wh"), 0, 0, READING_WH_MAX, &message.new_start_wh) == NUMBER_OK &&
        (!max || json_in_scaled(max, 0, 1, READING_WH_MAX, &message.new_register_max_wh) == NUMBER_OK);
    serial_of(json_object_get(root, "old"), message.old_serial);
    serial_of(fresh, message.new_serial);
    json_decref(root);
    if (whole) {
        *out = message;
    } else {
        text_copy(out->old_serial, sizeof out->old_serial, message.old_serial);
        text_copy(out->new_serial, sizeof out->new_serial, message.new_serial);
    }
    return whole;
}

enum verdict provision_parse(const char *payload, size_t len, struct provision_request *out, char detail[160])
{
    struct provision_request request = {0};
    json_t *root = NULL;
    enum verdict verdict = open_message(payload, len, &root, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "serial", request.serial, sizeof request.serial, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "model", request.model, sizeof request.model, detail);
    if (verdict == VERDICT_ACCEPTED)
        verdict = text_field(root, "claim_code", request.claim_code, sizeof request.claim_code, detail);
    json_decref(root);
    if (verdict == VERDICT_ACCEPTED && (!request.serial[0] || !request.claim_code[0])) {
        snprintf(detail, DETAIL_SIZE, "serial and claim_code are expected");
        verdict = VERDICT_BAD_TYPE;
    }
    if (verdict == VERDICT_ACCEPTED)
        *out = request;
    return verdict;
}

void receipt_write(struct buf *out, const char *boot, int64_t seq)
{
    out_object(out, NULL);
    out_text(out, "boot", boot);
    out_int(out, "seq", seq);
    out_end_object(out);
}

void reject_write(struct buf *out, enum verdict verdict, const char *detail, bool has_ts, int64_t ts_utc_ms, bool has_seq, int64_t seq)
{
    out_object(out, NULL);
    out_text(out, "verdict", verdict_name(verdict));
    out_text(out, "detail", detail);
    if (has_ts)
        out_instant(out, "ts", ts_utc_ms);
    if (has_seq)
        out_int(out, "seq", seq);
    out_end_object(out);
}

void provision_answer_write(struct buf *out, const char *meter_id, const char *username, const char *password)
{
    out_object(out, NULL);
    out_text(out, "meter_id", meter_id);
    out_text(out, "username", username);
    out_text(out, "password", password);
    out_end_object(out);
}

void provision_error_write(struct buf *out, const char *error)
{
    out_object(out, NULL);
    out_text(out, "error", error);
    out_end_object(out);
}

void live_reading_write(struct buf *out, const char *meter_id, const struct reading *reading, const char *verdict, int64_t received_utc_ms)
{
    out_object(out, NULL);
    out_text(out, "meter_id", meter_id);
    reading_fields_write(out, reading);
    out_text(out, "verdict", verdict);
    out_instant(out, "received", received_utc_ms);
    out_end_object(out);
}
