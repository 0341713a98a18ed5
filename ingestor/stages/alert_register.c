/*
 * register_fault, reverse_flow, tamper: what the register and the meter's events say of the last 24 hours. Older ones are history, and history alarms
 * nobody (domain.md, "alert").
 */
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "ingestor/stages/episode.h"

#define LOOK_BACK_MS MS_PER_DAY
#define CONFIRMING_READS 3        /* must follow an odd read before anybody is alarmed: one alone may turn out a dip */
#define JUDGEMENTS_LOOKED_AT 1000 /* newest first; a register that is odd more often than that a day is told by those */

struct newest {
    bool found;
    int64_t ts_utc_ms;
    enum verdict verdict;
};

static int keep_fault(const struct judgement *judgement, void *arg)
{
    struct newest *newest = arg;
    if (judgement->verdict != VERDICT_RESET && judgement->verdict != VERDICT_CATCH_UP)
        return 0;
    *newest = (struct newest){true, judgement->ts_utc_ms, judgement->verdict};
    return 1;
}

static int count_read(const struct read *read, void *arg)
{
    (void)read;
    ++*(int *)arg;
    return 0;
}

static enum err newest_fault(struct pipeline *pipeline, struct point *point, int64_t from_ms, struct newest *out, struct fault *fault)
{
    int32_t channels[READING_CHANNELS_MAX * 2];
    int count = 0;
    enum err err = facts_channels(pipeline->parts.facts, point->meter_no, READING_CHANNELS_MAX * 2, channels, &count, fault);
    for (int i = 0; i < count && err == OK; i++) {
        struct newest newest = {0};
        err = facts_judgements(pipeline->parts.facts, point->meter_no, channels[i], from_ms, INT64_MAX, -1, JUDGEMENTS_LOOKED_AT, keep_fault, &newest,
                               fault);
        int following = 0;
        if (err == OK && newest.found)
            err = facts_reads(pipeline->parts.facts, point->meter_no, channels[i], newest.ts_utc_ms + 1, INT64_MAX, 1, CONFIRMING_READS, count_read,
                              &following, fault);
        if (following == CONFIRMING_READS && (!out->found || newest.ts_utc_ms > out->ts_utc_ms))
            *out = newest;
    }
    return err;
}

static enum err register_fault(struct pipeline *pipeline, struct point *point, struct fault *fault)
{
    struct newest newest = {0};
    struct alert alert;
    enum err err = newest_fault(pipeline, point, pipeline->now_utc_ms - LOOK_BACK_MS, &newest, fault);
    if (err != OK)
        return err;
    episode_of_meter(point, ALERT_REGISTER_FAULT, &alert);
    alert.since_utc_ms = newest.ts_utc_ms;
    if (newest.verdict == VERDICT_RESET) {
        snprintf(alert.message_pt_br, sizeof alert.message_pt_br,
                 "O registrador do medidor recomeçou sem aviso: o consumo nesse intervalo é estimado.");
        snprintf(alert.message_en, sizeof alert.message_en, "The meter's register began anew without notice: the use across it is estimated.");
    } else {
        snprintf(alert.message_pt_br, sizeof alert.message_pt_br,
                 "O registrador saltou mais do que a ligação comporta: a energia foi mantida e distribuída.");
        snprintf(alert.message_en, sizeof alert.message_en, "The register leapt by more than the service can carry: the energy is kept and spread.");
    }
    return episode_settle(pipeline, &alert, newest.found, pipeline->now_utc_ms, fault);
}

static int add_export(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    (void)meter_no;
    (void)local_day;
    *(int64_t *)arg += sum->wh;
    return 0;
}

/* Energy flows back where nobody agreed to that: an error of wiring, or panels that were not announced. Lasts for the local day. */
static enum err reverse_flow(struct pipeline *pipeline, struct point *point, int32_t today, struct fault *fault)
{
    struct alert alert;
    struct open_alert open;
    int64_t export_wh = 0, midnight_ms = zone_midnight_utc_ms(point->zone, today);
    enum err err = OK;
    if (!point->export_allowed)
        err = facts_day_sums(pipeline->parts.facts, point->meter_no, OBIS_EXPORT, today, today + 1, add_export, &export_wh, fault);
    if (err == OK)
        err = episode_find(pipeline, point->meter_no, ALERT_REVERSE_FLOW, &open, fault);
    if (err == OK && open.found && open.alert.since_utc_ms < midnight_ms) /* yesterday's */
        err = episode_end(pipeline, &open.alert, midnight_ms, fault);
    if (err != OK)
        return err;
    episode_of_meter(point, ALERT_REVERSE_FLOW, &alert);
    alert.since_utc_ms = midnight_ms;
    alert.value = export_wh;
    snprintf(alert.message_pt_br, sizeof alert.message_pt_br, "Energia volta para a rede, e este ponto só tem consumo contratado.");
    snprintf(alert.message_en, sizeof alert.message_en, "Energy flows back into the grid, and this point is for import only.");
    return episode_settle(pipeline, &alert, export_wh > 0, pipeline->now_utc_ms, fault);
}

static int keep_tamper(const struct event_row *row, void *arg)
{
    struct newest *newest = arg;
    if (strcmp(row->event, "tamper") == 0)
        *newest = (struct newest){.found = true, .ts_utc_ms = row->ts_utc_ms};
    return 0;
}

static enum err tamper(struct pipeline *pipeline, struct point *point, struct fault *fault)
{
    struct newest newest = {0};
    struct alert alert;
    enum err err = facts_events(pipeline->parts.facts, point->meter_no, pipeline->now_utc_ms - LOOK_BACK_MS, INT64_MAX, JUDGEMENTS_LOOKED_AT,
                                keep_tamper, &newest, fault);
    if (err != OK)
        return err;
    episode_of_meter(point, ALERT_TAMPER, &alert);
    alert.since_utc_ms = newest.ts_utc_ms;
    alert.value = 1;
    snprintf(alert.message_pt_br, sizeof alert.message_pt_br, "O medidor avisou de violação.");
    snprintf(alert.message_en, sizeof alert.message_en, "The meter reports tampering.");
    return episode_settle(pipeline, &alert, newest.found, pipeline->now_utc_ms, fault);
}

enum err alert_register(struct pipeline *pipeline, struct point *point, int32_t today, struct fault *fault)
{
    enum err err = register_fault(pipeline, point, fault);
    if (err == OK)
        err = reverse_flow(pipeline, point, today, fault);
    return err == OK ? tamper(pipeline, point, fault) : err;
}
