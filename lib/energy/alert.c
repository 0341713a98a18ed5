#include "energy/alert.h"
#include <stdio.h>
#include <string.h>

const struct alert_kind_row alert_kind_table[] = {
    {ALERT_EXCESS_CONSUMPTION, "excess_consumption", SEVERITY_WARNING, "Wh", true},
    {ALERT_BILL_VARIATION, "bill_variation", SEVERITY_WARNING, "percent", true},
    {ALERT_BILL_FORECAST_OVER_GOAL, "bill_forecast_over_goal", SEVERITY_WARNING, "minor", false},
    {ALERT_TIER_EDGE, "tier_edge", SEVERITY_INFO, "Wh", false},
    {ALERT_STANDBY_WASTE, "standby_waste", SEVERITY_INFO, "W", false},
    {ALERT_METER_SILENT, "meter_silent", SEVERITY_WARNING, "s", true},
    {ALERT_VOLTAGE_OUT_OF_RANGE, "voltage_out_of_range", SEVERITY_WARNING, "permille", true},
    {ALERT_REVERSE_FLOW, "reverse_flow", SEVERITY_WARNING, "Wh", true},
    {ALERT_TAMPER, "tamper", SEVERITY_CRITICAL, "count", true},
    {ALERT_CLOCK_DRIFT, "clock_drift", SEVERITY_WARNING, "s", true},
    {ALERT_REGISTER_FAULT, "register_fault", SEVERITY_WARNING, "Wh", true},
    {ALERT_DISTRICT_OUTAGE, "district_outage", SEVERITY_CRITICAL, "count", false},
    {ALERT_FEEDER_IMBALANCE, "feeder_imbalance", SEVERITY_WARNING, "percent", false},
    {ALERT_BROKER_DROPPING, "broker_dropping", SEVERITY_CRITICAL, "count", true},
    {ALERT_CERTIFICATE_EXPIRY, "certificate_expiry", SEVERITY_WARNING, "day", false},
    {ALERT_CLAIM_REFUSED, "claim_refused", SEVERITY_WARNING, "count", true},
};
const int alert_kind_count = (int)(sizeof alert_kind_table / sizeof alert_kind_table[0]);

const struct alert_kind_row *alert_kind_row(enum alert_kind kind)
{
    for (int i = 0; i < alert_kind_count; i++)
        if (alert_kind_table[i].kind == kind)
            return &alert_kind_table[i];
    return NULL;
}

const struct alert_kind_row *alert_kind_by_name(const char *name)
{
    for (int i = 0; i < alert_kind_count; i++)
        if (strcmp(alert_kind_table[i].name, name) == 0)
            return &alert_kind_table[i];
    return NULL;
}

const char *alert_state_name(enum alert_state state)
{
    static const char *const names[] = {"active", "acknowledged", "resolved"};
    return names[state];
}

const char *alert_severity_name(enum alert_severity severity)
{
    static const char *const names[] = {"info", "warning", "critical"};
    return names[severity];
}

const char *alert_subject_name(enum alert_subject subject)
{
    static const char *const names[] = {"meter", "district", "feeder", "system"};
    return names[subject];
}

void alert_identify(struct alert *alert)
{
    char text[192];
    int len = snprintf(text, sizeof text, "%s/%s/%s/%lld", alert_subject_name(alert->subject), alert->subject_id, alert_kind_row(alert->kind)->name,
                       (long long)alert->since_utc_ms);
    fingerprint(text, (size_t)len, alert->alert_id);
}

void alert_topic(const struct alert *alert, char out[ALERT_TOPIC_SIZE])
{
    const char *kind = alert_kind_row(alert->kind)->name;
    if (alert->subject == SUBJECT_METER)
        snprintf(out, ALERT_TOPIC_SIZE, "alerts/%s/%s", alert->subject_id, kind);
    else if (alert->subject == SUBJECT_SYSTEM)
        snprintf(out, ALERT_TOPIC_SIZE, "alerts/system/%s", kind);
    else
        snprintf(out, ALERT_TOPIC_SIZE, "alerts/%s/%s/%s", alert_subject_name(alert->subject), alert->subject_id, kind);
}
