#include "api/estimate_json.h"
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/obis.h"
#include "energy/reading.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define WHEN_SIZE 48
#define INSTANT_LAST INT64_C(7258118400000) /* 2200-01-01: as in the query of every list */

static void text_or_null(struct buf *out, const char *key, const char *text)
{
    out_text(out, key, *text != '\0' ? text : NULL);
}

static void write_span(struct buf *out, const struct decision *decision)
{
    bool span = decision_is_span(decision);
    if (span) {
        out_instant(out, "from", decision->from_utc_ms);
        out_instant(out, "to", decision->until_utc_ms);
        out_null(out, "ts");
        out_null(out, "value_wh");
    } else {
        out_null(out, "from");
        out_null(out, "to");
        out_instant(out, "ts", decision->from_utc_ms);
        out_int(out, "value_wh", decision->value_wh);
    }
    if (span && decision->has_energy)
        out_int(out, "energy_wh", decision->energy_wh);
    else
        out_null(out, "energy_wh");
}

void estimate_write(struct buf *out, const struct decision_record *record)
{
    char channel[OBIS_TEXT_SIZE];
    obis_format(record->decision.channel, channel);
    out_object(out, NULL);
    out_text(out, "estimate_id", record->estimate_id);
    out_text(out, "meter_id", record->meter_id);
    out_text(out, "channel", channel);
    out_text(out, "action", decision_action_name(record->decision.action));
    write_span(out, &record->decision);
    out_int(out, "before_wh", record->before_wh);
    out_int(out, "after_wh", record->after_wh);
    out_text(out, "state", decision_state_name(record->state));
    out_bool(out, "needs_second", record->needs_second);
    out_text(out, "reason", record->reason);
    out_text(out, "by", record->by);
    out_instant(out, "at", record->at_utc_ms);
    text_or_null(out, "reviewed_by", record->reviewed_by);
    if (record->reviewed_by[0] != '\0')
        out_instant(out, "reviewed_at", record->reviewed_at_utc_ms);
    else
        out_null(out, "reviewed_at");
    text_or_null(out, "note", record->note);
    out_end_object(out);
}

void estimate_write_preview(struct buf *out, const struct decision_record *record, bool needs_second)
{
    out_object(out, NULL);
    out_int(out, "before_wh", record->before_wh);
    out_int(out, "after_wh", record->after_wh);
    out_bool(out, "needs_second", needs_second);
    out_end_object(out);
}

enum err estimate_open(const struct buf *body, struct fault *fault, struct rest_in **in, char meter_id[RECORD_ID_SIZE])
{
    static const char *const names[] = {"meter_id", "channel", "action", "from", "to", "ts", "value_wh", "energy_wh", "reason", NULL};
    enum err err = rest_in_parse(body->data, body->len, false, fault, in);
    if (err == OK)
        err = rest_in_only(*in, names, fault);
    if (err == OK)
        err = rest_in_required(*in, "meter_id", fault);
    return err == OK ? rest_in_name(*in, "meter_id", fault, meter_id, RECORD_ID_SIZE) : err;
}

/* An instant, or with `zone` the first instant of a local date too. */
static enum err read_when(const struct rest_in *in, const char *name, const struct zone *zone, struct fault *fault, int64_t *out_utc_ms)
{
    char text[WHEN_SIZE] = "", pointer[16];
    int64_t utc_ms;
    int32_t day;
    enum err err = rest_in_required(in, name, fault);
    if (err == OK)
        err = rest_in_text(in, name, 1, sizeof text - 1, fault, text, sizeof text);
    if (err != OK)
        return err;
    snprintf(pointer, sizeof pointer, "/%s", name);
    if (zone != NULL && civil_parse(text, &day))
        utc_ms = zone_midnight_utc_ms(zone, day);
    else if (!instant_parse(text, strlen(text), &utc_ms))
        return fault_at(fault, ERR_INVALID, pointer, "An instant like 2026-11-22T18:00:00-03:00%s is expected.",
                        zone != NULL ? " or a local date like 2026-11-22" : "");
    if (utc_ms < 0 || utc_ms > INSTANT_LAST)
        return fault_at(fault, ERR_INVALID, pointer, "Years from 1970 to 2199 are served.");
    *out_utc_ms = utc_ms;
    return OK;
}

/* Members that mean nothing to this action are refused rather than passed over. */
static enum err must_be_absent(const struct rest_in *in, const char *const names[], const char *action, struct fault *fault)
{
    char pointer[16];
    for (int i = 0; names[i] != NULL; i++) {
        if (rest_in_member(in, names[i]) != REST_GIVEN)
            continue;
        snprintf(pointer, sizeof pointer, "/%s", names[i]);
        return fault_at(fault, ERR_INVALID, pointer, "This has no meaning with \"action\":\"%s\".", action);
    }
    return OK;
}

static enum err read_read(const struct rest_in *in, const char *action, struct fault *fault, struct decision *out)
{
    static const char *const others[] = {"from", "to", "energy_wh", NULL};
    enum err err = must_be_absent(in, others, action, fault);
    if (err == OK)
        err = read_when(in, "ts", NULL, fault, &out->from_utc_ms);
    if (err == OK)
        err = rest_in_required(in, "value_wh", fault);
    if (err == OK)
        err = rest_in_int(in, "value_wh", 0, READING_WH_MAX, fault, &out->value_wh);
    out->until_utc_ms = out->from_utc_ms + 1;
    return err;
}

static enum err read_span(const struct rest_in *in, const char *action, const struct zone *zone, struct fault *fault, struct decision *out)
{
    static const char *const others[] = {"ts", "value_wh", NULL};
    enum err err = must_be_absent(in, others, action, fault);
    if (err == OK)
        err = read_when(in, "from", zone, fault, &out->from_utc_ms);
    if (err == OK)
        err = read_when(in, "to", zone, fault, &out->until_utc_ms);
    if (err == OK && out->until_utc_ms <= out->from_utc_ms)
        err = fault_at(fault, ERR_INVALID, "/to", "It does not lie after \"from\".");
    if (err == OK && out->action == DECISION_EDIT)
        err = rest_in_required(in, "energy_wh", fault);
    out->has_energy = rest_in_member(in, "energy_wh") == REST_GIVEN;
    if (err == OK)
        err = rest_in_int(in, "energy_wh", 0, READING_WH_MAX, fault, &out->energy_wh);
    out->from_utc_ms = instant_floor(out->from_utc_ms, QUARTER_MS);
    out->until_utc_ms = instant_floor(out->until_utc_ms + QUARTER_MS - 1, QUARTER_MS);
    return err;
}

enum err estimate_read(const struct rest_in *in, const struct zone *zone, bool with_reason, struct fault *fault, struct decision_record *out)
{
    char action[16] = "", channel[OBIS_TEXT_SIZE] = "1.8.0";
    memset(out, 0, sizeof *out);
    enum err err = rest_in_required(in, "action", fault);
    if (err == OK)
        err = rest_in_text(in, "action", 1, sizeof action - 1, fault, action, sizeof action);
    if (err == OK && !decision_action_parse(action, &out->decision.action))
        err = fault_at(fault, ERR_INVALID, "/action", "One of accept, refuse, edit, estimate is expected.");
    if (err == OK)
        err = rest_in_text(in, "channel", 1, sizeof channel - 1, fault, channel, sizeof channel);
    if (err == OK && !obis_parse(channel, &out->decision.channel))
        err = fault_at(fault, ERR_INVALID, "/channel", "An OBIS code C.D.E like 1.8.0 is expected.");
    if (err == OK && with_reason)
        err = rest_in_required(in, "reason", fault);
    if (err == OK)
        err = rest_in_text(in, "reason", 1, sizeof out->reason - 1, fault, out->reason, sizeof out->reason);
    if (err == OK)
        err = decision_is_span(&out->decision) ? read_span(in, action, zone, fault, &out->decision) : read_read(in, action, fault, &out->decision);
    return err;
}

enum err estimate_read_note(const struct buf *body, struct fault *fault, char note[RECORD_REASON_SIZE])
{
    static const char *const names[] = {"note", NULL};
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, true, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_text(in, "note", 0, RECORD_REASON_SIZE - 1, fault, note, RECORD_REASON_SIZE);
    rest_in_destroy(in);
    return err;
}
