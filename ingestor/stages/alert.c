/* alert: episodes begin, are acknowledged, and end (protocol.md, "Alerts"). */
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/excess.h"
#include "energy/variation.h"
#include "ingestor/stages/episode.h"

/* ---- excess_consumption ---- */

struct history {
    int count;
    int64_t day_wh[EXCESS_DAYS_MAX];
};

static int add_history(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct history *history = arg;
    (void)meter_no;
    (void)local_day;
    if (sum->missing == 0 && sum->partial == 0 && history->count < EXCESS_DAYS_MAX)
        history->day_wh[history->count++] = sum->wh;
    return 0;
}

/* The limit of one day: the household's own rule, or what its past says. 0: there is none. */
static enum err excess_limit(struct pipeline *pipeline, struct point *point, const struct rule_params *rule, int32_t day, struct fault *fault,
                             int64_t *out)
{
    struct history history = {0};
    *out = 0;
    if (!rule->enabled)
        return OK;
    if (rule->has_threshold) {
        *out = rule->threshold;
        return OK;
    }
    enum err err = facts_day_sums(pipeline->parts.facts, point->meter_no, OBIS_IMPORT, day - EXCESS_DAYS_MAX, day, add_history, &history, fault);
    if (err == OK)
        *out = excess_default_limit_wh(history.day_wh, history.count);
    return err;
}

static int keep_day(const struct day_row *row, void *arg)
{
    *(struct day *)arg = row->day;
    return 1;
}

static void excess_words(struct alert *alert, int32_t day)
{
    char date[CIVIL_TEXT_SIZE], limit[DECIMAL_TEXT_SIZE];
    struct civil civil = civil_from_day(day);
    civil_format(day, date);
    decimal_format(alert->threshold / 100, 1, 1, limit);
    snprintf(alert->message_en, sizeof alert->message_en, "Use on %s went above %s kWh.", date, limit);
    for (char *c = limit; *c; c++)
        if (*c == '.')
            *c = ',';
    snprintf(alert->message_pt_br, sizeof alert->message_pt_br, "O consumo de %02d/%02d/%d passou de %s kWh.", civil.mday, civil.month, civil.year,
             limit);
}

static enum err excess_day(struct pipeline *pipeline, struct point *point, const struct rule_params *rule, int32_t day, struct fault *fault)
{
    struct open_alert open;
    struct day quarters = {0};
    struct excess excess;
    int64_t limit_wh;
    enum err err = episode_find(pipeline, point->meter_no, ALERT_EXCESS_CONSUMPTION, &open, fault);
    if (err == OK)
        err = excess_limit(pipeline, point, rule, day, fault, &limit_wh);
    if (err == OK)
        err = facts_days(pipeline->parts.facts, point->meter_no, OBIS_IMPORT, day, day + 1, keep_day, &quarters, fault);
    if (err != OK)
        return err;
    int64_t midnight_ms = zone_midnight_utc_ms(point->zone, day), next_ms = zone_midnight_utc_ms(point->zone, day + 1);
    bool open_today = open.found && open.alert.since_utc_ms >= midnight_ms && open.alert.since_utc_ms < next_ms;
    bool over = excess_of_day(&quarters, limit_wh, open_today, &excess);
    if (open.found && open.alert.since_utc_ms < midnight_ms) { /* its day is over */
        if ((err = episode_end(pipeline, &open.alert, midnight_ms, fault)) != OK)
            return err;
    }
    if (open_today && !over)
        return episode_end(pipeline, &open.alert, pipeline->now_utc_ms, fault);
    if (open_today || !over)
        return OK;
    struct alert alert;
    episode_of_meter(point, ALERT_EXCESS_CONSUMPTION, &alert);
    alert.since_utc_ms = excess.since_utc_ms;
    alert.value = excess.day_wh;
    alert.threshold = limit_wh;
    excess_words(&alert, day);
    return episode_settle(pipeline, &alert, true, 0, fault);
}

/* ---- bill_variation ---- */

static void money_text(int64_t minor, int digits, bool comma, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format(minor, digits, digits, out);
    for (char *c = out; comma && *c; c++)
        if (*c == '.')
            *c = ',';
}

/* As people write it; other currencies by their code. */
static const char *currency_sign(const char *currency)
{
    static const char *const signs[][2] = {{"BRL", "R$"}, {"USD", "US$"}, {"EUR", "€"}, {"GBP", "£"}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(signs[i][0], currency) == 0)
            return signs[i][1];
    return currency;
}

static void variation_words(struct alert *alert, const struct bill_outlook *outlook)
{
    char now[DECIMAL_TEXT_SIZE], mean[DECIMAL_TEXT_SIZE];
    const char *sign = currency_sign(outlook->currency);
    bool above = alert->value >= 0;
    long long percent = above ? alert->value : -alert->value;
    money_text(outlook->forecast_minor, outlook->minor_digits, false, now);
    money_text(outlook->past_mean_minor, outlook->minor_digits, false, mean);
    snprintf(alert->message_en, sizeof alert->message_en, "The open bill is heading for %s %s, %lld %% %s the mean of the last %d (%s %s).", sign,
             now, percent, above ? "above" : "below", outlook->past_count, sign, mean);
    money_text(outlook->forecast_minor, outlook->minor_digits, true, now);
    money_text(outlook->past_mean_minor, outlook->minor_digits, true, mean);
    snprintf(alert->message_pt_br, sizeof alert->message_pt_br, "A conta em aberto deve fechar em %s %s, %lld %% %s da média das últimas %d (%s %s).",
             sign, now, percent, above ? "acima" : "abaixo", outlook->past_count, sign, mean);
}

static enum err variation(struct pipeline *pipeline, struct point *point, const struct rule_params *rule, const struct bill_outlook *outlook,
                          struct fault *fault)
{
    struct open_alert open;
    int64_t percent = 0;
    int64_t limit = rule->has_threshold ? rule->threshold : VARIATION_DEFAULT_PERCENT;
    enum err err = episode_find(pipeline, point->meter_no, ALERT_BILL_VARIATION, &open, fault);
    if (err != OK)
        return err;
    int64_t cycle_ms = zone_midnight_utc_ms(point->zone, outlook->cycle_from_day);
    bool comparable =
        rule->enabled && outlook->known && outlook->past_count > 0 && variation_percent(outlook->forecast_minor, outlook->past_mean_minor, &percent);
    bool same_cycle = open.found && open.alert.since_utc_ms >= cycle_ms;
    if (same_cycle && rule->enabled && !outlook->known)
        return OK; /* nothing new is known: it lasts */
    bool over = comparable && variation_over(percent, limit, same_cycle);
    if (open.found && !(same_cycle && over)) {
        err = episode_end(pipeline, &open.alert, same_cycle ? pipeline->now_utc_ms : cycle_ms, fault);
        if (err != OK || same_cycle)
            return err;
        open.found = false;
    }
    if (!over || open.found)
        return OK;
    struct alert alert;
    episode_of_meter(point, ALERT_BILL_VARIATION, &alert);
    alert.since_utc_ms = pipeline->now_utc_ms;
    alert.value = percent;
    alert.threshold = limit;
    variation_words(&alert, outlook);
    return episode_begin(pipeline, &alert, fault);
}

enum err alert_meter(struct pipeline *pipeline, struct point *point, const struct bill_outlook *outlook, struct fault *fault)
{
    const struct point_billing *terms;
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    enum err err = points_billing(pipeline->points, point, fault, &terms);
    /* Only the day under way: loading history mails nobody (domain.md, "alert"). */
    if (err == OK)
        err = excess_day(pipeline, point, &terms->excess, today, fault);
    if (err == OK)
        err = alert_register(pipeline, point, today, fault);
    return err == OK ? variation(pipeline, point, &terms->variation, outlook, fault) : err;
}

enum err alert_acknowledge(struct pipeline *pipeline, const struct acknowledgement_record *acknowledgement, struct fault *fault)
{
    struct open_alert open = {0};
    enum err err = facts_alert(pipeline->parts.facts, acknowledgement->alert_id, episode_keep, &open, fault);
    if (err == ERR_NOT_FOUND)
        return OK;
    if (err != OK || open.alert.state != ALERT_ACTIVE)
        return err;
    open.alert.state = ALERT_ACKNOWLEDGED;
    return episode_tell(pipeline, &open.alert, fault);
}

enum err alert_system(struct pipeline *pipeline, enum alert_kind kind, bool active, int64_t value, const char *pt_br, const char *en,
                      struct fault *fault)
{
    struct open_alert open;
    enum err err = episode_find(pipeline, 0, kind, &open, fault);
    if (err != OK || open.found == active)
        return err;
    if (!active)
        return episode_end(pipeline, &open.alert, pipeline->now_utc_ms, fault);
    struct alert alert = {.subject = SUBJECT_SYSTEM, .kind = kind, .since_utc_ms = pipeline->now_utc_ms, .value = value};
    text_copy(alert.message_pt_br, sizeof alert.message_pt_br, pt_br);
    text_copy(alert.message_en, sizeof alert.message_en, en);
    return episode_begin(pipeline, &alert, fault);
}
