#include "wire/alert_json.h"
#include <string.h>
#include "wire/json_in.h"
#include "wire/json_out.h"

#define DAY_WH_MAX INT64_C(100000000000) /* 100 GWh a day: beyond any meter */
#define PERCENT_MAX 100000

static void write_subject(struct buf *out, const struct alert *alert)
{
    out_object(out, "subject");
    switch (alert->subject) {
    case SUBJECT_METER:
        out_text(out, "meter_id", alert->subject_id);
        break;
    case SUBJECT_DISTRICT:
        out_text(out, "district", alert->subject_id);
        break;
    case SUBJECT_FEEDER:
        out_text(out, "feeder", alert->subject_id);
        break;
    case SUBJECT_SYSTEM:
        out_bool(out, "system", true);
        break;
    }
    out_end_object(out);
}

void alert_write(struct buf *out, const struct alert *alert)
{
    out_object(out, NULL);
    out_text(out, "alert_id", alert->alert_id);
    out_int(out, "revision", alert->revision);
    write_subject(out, alert);
    out_text(out, "kind", alert_kind_row(alert->kind)->name);
    out_text(out, "severity", alert_severity_name(alert->severity));
    out_text(out, "state", alert_state_name(alert->state));
    out_instant(out, "since", alert->since_utc_ms);
    if (alert->until_utc_ms)
        out_instant(out, "until", alert->until_utc_ms);
    out_instant(out, "updated", alert->updated_utc_ms);
    out_int(out, "value", alert->value);
    out_int(out, "threshold", alert->threshold);
    out_text(out, "unit", alert_kind_row(alert->kind)->unit);
    out_object(out, "message");
    out_text(out, "pt-BR", alert->message_pt_br);
    out_text(out, "en", alert->message_en);
    out_end_object(out);
    out_end_object(out);
}

static const char *threshold_field(enum alert_kind kind)
{
    return kind == ALERT_EXCESS_CONSUMPTION ? "day_wh" : kind == ALERT_BILL_VARIATION ? "percent" : NULL;
}

enum err rule_params_parse(enum alert_kind kind, const char *text, size_t len, struct fault *fault, struct rule_params *out)
{
    struct rule_params params = {.enabled = true};
    const char *field = threshold_field(kind);
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    const char *key;
    json_t *value;
    enum err err = OK;
    if (!field)
        return fault_at(fault, ERR_INVALID, "", "%s has no rule that can be set", alert_kind_row(kind)->name);
    json_t *root = json_in_object(text, len, &verdict, detail);
    if (!root)
        return fault_at(fault, ERR_INVALID, "", "%s", detail);
    json_object_foreach(root, key, value)
    {
        if (strcmp(key, "enabled") == 0 && json_is_boolean(value)) {
            params.enabled = json_is_true(value);
        } else if (strcmp(key, "enabled") == 0) {
            err = fault_at(fault, ERR_INVALID, "/enabled", "true or false is expected");
        } else if (strcmp(key, field) == 0) {
            int64_t max = kind == ALERT_EXCESS_CONSUMPTION ? DAY_WH_MAX : PERCENT_MAX;
            params.has_threshold = true;
            if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > max)
                err = fault_at(fault, ERR_INVALID, kind == ALERT_EXCESS_CONSUMPTION ? "/day_wh" : "/percent", "an integer from 1 to %lld is expected",
                               (long long)max);
            else
                params.threshold = json_integer_value(value);
        } else {
            err = fault_at(fault, ERR_INVALID, "", "only %s and enabled are known here", field);
        }
        if (err != OK)
            break;
    }
    json_decref(root);
    if (err == OK)
        *out = params;
    return err;
}

void rule_params_write(struct buf *out, enum alert_kind kind, const struct rule_params *params)
{
    out_object(out, NULL);
    if (params->has_threshold)
        out_int(out, threshold_field(kind), params->threshold);
    out_bool(out, "enabled", params->enabled);
    out_end_object(out);
}
