/*
 * voltage_out_of_range, clock_drift: what the checks over time (energy/check.h) say of the last closed local day. They begin with that day and last
 * until a day is well again; a day that could not be checked is no news. Older days are history, and history alarms nobody (domain.md, "alert").
 */
#include <stdio.h>
#include "ingestor/stages/episode.h"

#define CALM_PERCENT 80 /* of the threshold: hysteresis, so that a day at the edge does not ring twice */

static bool lasts(const struct check_result *result, bool already)
{
    return result->outcome == CHECK_FOUND || (already && result->outcome == CHECK_PASSED && result->value * 100 > result->threshold * CALM_PERCENT);
}

/* The graver of the two voltage checks. */
static const struct check_result *graver(const struct check_day_row *row)
{
    const struct check_result *critical = &row->results[CHECK_VOLTAGE_CRITICAL], *precarious = &row->results[CHECK_VOLTAGE_PRECARIOUS];
    return critical->outcome == CHECK_FOUND || precarious->outcome != CHECK_FOUND ? critical : precarious;
}

static void voltage_words(struct alert *alert, bool critical)
{
    long long whole = (long long)alert->value / 10, tenth = (long long)alert->value % 10;
    snprintf(alert->message_pt_br, sizeof alert->message_pt_br, "A tensão ficou %s em %lld,%lld %% dos últimos sete dias (%s, PRODIST).",
             critical ? "crítica" : "precária", whole, tenth, critical ? "DRC" : "DRP");
    snprintf(alert->message_en, sizeof alert->message_en, "The voltage was %s for %lld.%lld %% of the last seven days (%s, PRODIST).",
             critical ? "critical" : "precarious", whole, tenth, critical ? "DRC" : "DRP");
}

static void clock_words(struct alert *alert)
{
    snprintf(alert->message_pt_br, sizeof alert->message_pt_br,
             "O relógio do medidor está errado em cerca de %lld s: os horários das leituras não são confiáveis.", (long long)alert->value);
    snprintf(alert->message_en, sizeof alert->message_en, "The meter's clock is off by about %lld s: the times of its readings cannot be relied on.",
             (long long)alert->value);
}

static enum err settle(struct pipeline *pipeline, struct point *point, enum alert_kind kind, const struct check_result *result, bool critical,
                       int64_t day_ms, int64_t midnight_ms, struct fault *fault)
{
    struct open_alert open;
    struct alert alert;
    enum err err = episode_find(pipeline, point->meter_no, kind, &open, fault);
    if (err != OK || result->outcome == CHECK_SKIPPED)
        return err;
    episode_of_meter(point, kind, &alert);
    alert.since_utc_ms = day_ms;
    alert.value = result->value;
    alert.threshold = result->threshold;
    if (kind == ALERT_CLOCK_DRIFT)
        clock_words(&alert);
    else
        voltage_words(&alert, critical);
    return episode_settle(pipeline, &alert, lasts(result, open.found), midnight_ms, fault);
}

enum err alert_checked(struct pipeline *pipeline, struct point *point, const struct check_day_row *row, struct fault *fault)
{
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    if (row->local_day != today - 1)
        return OK;
    int64_t day_ms = zone_midnight_utc_ms(point->zone, row->local_day), midnight_ms = zone_midnight_utc_ms(point->zone, today);
    const struct check_result *voltage = graver(row);
    enum err err =
        settle(pipeline, point, ALERT_VOLTAGE_OUT_OF_RANGE, voltage, voltage == &row->results[CHECK_VOLTAGE_CRITICAL], day_ms, midnight_ms, fault);
    return err == OK ? settle(pipeline, point, ALERT_CLOCK_DRIFT, &row->results[CHECK_CLOCK_DRIFT], false, day_ms, midnight_ms, fault) : err;
}
