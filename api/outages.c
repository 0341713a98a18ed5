/*
 * GET /meters/{meter_id}/outages: outages and the indicators of each local month, quarter and year, made anew of the facts at each request
 * (energy/outage.h), so that nothing that arrives late can leave them wrong.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/resources.h"
#include "base/civil.h"
#include "base/instant.h"
#include "energy/obis.h"
#include "energy/outage.h"
#include "wire/json_out.h"

#define MONTHS_MAX 24 /* asked for; whole quarters or years of them may be more */
#define QUARTER_MONTHS 3
#define YEAR_MONTHS 12
#define SIGNS_MAX 500000 /* readings and events in one answer */
#define AROUND_MAX 1000  /* readings looked at beyond the range, for one that shows power */
#define CHANNELS_MAX 64

struct gathered {
    struct power_sign *signs;
    size_t count, room;
    size_t told; /* besides POWER_SEEN */
    int64_t seen_utc_ms;
    bool seen, stop_at_seen, full;
};

static int add_sign(struct gathered *all, int64_t ts_utc_ms, enum power_word word)
{
    if (all->count == all->room) {
        size_t room = all->room == 0 ? 1024 : 2 * all->room;
        struct power_sign *signs = all->count >= SIGNS_MAX ? NULL : realloc(all->signs, room * sizeof *signs);
        if (signs == NULL) {
            all->full = true;
            return 1;
        }
        all->signs = signs;
        all->room = room;
    }
    all->signs[all->count++] = (struct power_sign){ts_utc_ms, word};
    all->told += word != POWER_SEEN;
    return 0;
}

static int add_read(const struct read *read, void *arg)
{
    struct gathered *all = arg;
    bool flagged = (read->flags & FLAG_POWER_FAIL) != 0;
    if (!flagged && all->stop_at_seen) {
        all->seen = true;
        all->seen_utc_ms = read->ts_utc_ms;
    }
    return add_sign(all, read->ts_utc_ms, flagged ? POWER_FLAGGED : POWER_SEEN) || all->seen;
}

static int add_event(const struct event_row *row, void *arg)
{
    if (strcmp(row->event, "power_fail") == 0)
        return add_sign(arg, row->ts_utc_ms, POWER_FAILED);
    return strcmp(row->event, "power_restored") == 0 ? add_sign(arg, row->ts_utc_ms, POWER_RESTORED) : 0;
}

/* A reading is seen by its import; where a meter sends none, by its first channel. */
static enum err choose_channel(struct facts *facts, int64_t meter_no, struct fault *fault, int32_t *out)
{
    int32_t channels[CHANNELS_MAX];
    int count = 0;
    enum err err = facts_channels(facts, meter_no, CHANNELS_MAX, channels, &count, fault);
    *out = err == OK && count > 0 ? channels[0] : OBIS_IMPORT;
    for (int i = 0; err == OK && i < count; i++)
        if (channels[i] == OBIS_IMPORT)
            *out = OBIS_IMPORT;
    return err;
}

struct range {
    int64_t from_utc_ms, until_utc_ms; /* as asked */
    int period_months;                 /* the longest period whose indicators are told: whole ones */
    int32_t first_day;                 /* of the first month */
    int month_count;
    int64_t months_from_utc_ms, months_until_utc_ms;
};

/* The first day of the month so many after the one that holds `day`. */
static int32_t month_day(int32_t day, int months)
{
    struct civil date = civil_from_day(day);
    int month = date.year * 12 + date.month - 1 + months;
    return civil_to_day((struct civil){month / 12, month % 12 + 1, 1});
}

/*
 * What bears on the months, and around them just as much as an outage at their edges needs: back to the last reading that shows power
 * before, and on to the first one after.
 */
static enum err gather(struct facts *facts, const struct sight *sight, const struct range *range, struct fault *fault, struct gathered *all)
{
    int64_t meter_no = sight->point.meter_no, from = range->months_from_utc_ms, until = range->months_until_utc_ms;
    int64_t first = sight->from_utc_ms, last = sight->until_utc_ms;
    int32_t channel;
    enum err err = choose_channel(facts, meter_no, fault, &channel);
    if (err != OK)
        return err;
    all->stop_at_seen = true;
    err = facts_reads(facts, meter_no, channel, first, from, -1, AROUND_MAX, add_read, all, fault);
    if (err == OK && all->seen)
        first = all->seen_utc_ms;
    all->seen = false;
    if (err == OK)
        err = facts_reads(facts, meter_no, channel, until, last, 1, AROUND_MAX, add_read, all, fault);
    if (err == OK && all->seen)
        last = all->seen_utc_ms + 1;
    all->seen = all->stop_at_seen = false;
    if (err == OK)
        err = facts_reads(facts, meter_no, channel, from, until, 1, SIGNS_MAX + 1, add_read, all, fault);
    if (err == OK && !all->full)
        err = facts_events(facts, meter_no, first, last, SIGNS_MAX, add_event, all, fault);
    if (err == OK && all->full)
        err = param_fault(fault, "from", "More than %d readings lie in these months; ask for fewer.", SIGNS_MAX);
    return err;
}

static enum err read_period(struct exchange *x, struct fault *fault, int *out)
{
    const char *text = param_get(&x->query, "period");
    if (text == NULL || strcmp(text, "month") == 0)
        *out = 1;
    else if (strcmp(text, "quarter") == 0)
        *out = QUARTER_MONTHS;
    else if (strcmp(text, "year") == 0)
        *out = YEAR_MONTHS;
    else
        return param_fault(fault, "period", "One of month, quarter, year is expected.");
    return OK;
}

/* How many months of its quarter or year lie before the month that begins on that day. */
static int months_into(int32_t first_day, int period_months)
{
    return (civil_from_day(first_day).month - 1) % period_months;
}

/* From the begin of the period that holds the first month to the end of the one that holds the last. */
static void widen(struct range *range)
{
    int before = months_into(range->first_day, range->period_months);
    range->first_day = month_day(range->first_day, -before);
    range->month_count += before;
    while (range->month_count % range->period_months != 0)
        range->month_count++;
}

static enum err plan(struct exchange *x, const struct sight *sight, struct fault *fault, struct range *out)
{
    out->until_utc_ms = zone_midnight_utc_ms(sight->zone, month_day(zone_local_day(sight->zone, x->now_utc_ms), 1));
    enum err err = param_instant(&x->query, "to", sight->zone, fault, &out->until_utc_ms);
    out->from_utc_ms = zone_midnight_utc_ms(sight->zone, month_day(zone_local_day(sight->zone, out->until_utc_ms - 1), 0));
    if (err == OK)
        err = param_instant(&x->query, "from", sight->zone, fault, &out->from_utc_ms);
    if (err == OK && out->from_utc_ms >= out->until_utc_ms)
        err = param_fault(fault, "to", "It does not lie after \"from\".");
    if (err == OK)
        err = read_period(x, fault, &out->period_months);
    if (err != OK)
        return err;
    out->first_day = month_day(zone_local_day(sight->zone, out->from_utc_ms), 0);
    int32_t last_day = zone_local_day(sight->zone, out->until_utc_ms - 1);
    out->month_count = 1;
    while (out->month_count <= MONTHS_MAX && month_day(out->first_day, out->month_count) <= last_day)
        out->month_count++;
    if (out->month_count > MONTHS_MAX)
        return param_fault(fault, "from", "More than %d months are asked for.", MONTHS_MAX);
    widen(out);
    out->months_from_utc_ms = zone_midnight_utc_ms(sight->zone, out->first_day);
    out->months_until_utc_ms = zone_midnight_utc_ms(sight->zone, month_day(out->first_day, out->month_count));
    if (out->months_from_utc_ms < sight->from_utc_ms)
        out->months_from_utc_ms = sight->from_utc_ms;
    if (out->months_until_utc_ms > sight->until_utc_ms)
        out->months_until_utc_ms = sight->until_utc_ms;
    return OK;
}

static const char *word_name(enum power_word word)
{
    static const char *const names[] = {
        [POWER_SEEN] = "reading", [POWER_FLAGGED] = "flag", [POWER_FAILED] = "power_fail", [POWER_RESTORED] = "power_restored"};
    return names[word];
}

static void write_outage(struct buf *out, const struct outage *outage, int64_t now_utc_ms)
{
    out_object(out, NULL);
    out_instant(out, "from", outage->from_utc_ms);
    out_text(out, "began_by", word_name(outage->began_by));
    if (outage->until_utc_ms == OUTAGE_OPEN) {
        out_null(out, "to");
        out_null(out, "ended_by");
    } else {
        out_instant(out, "to", outage->until_utc_ms);
        out_text(out, "ended_by", word_name(outage->ended_by));
    }
    out_int(out, "duration_s", outage_length_ms(outage, now_utc_ms) / MS_PER_S);
    out_bool(out, "counted", outage_counts(outage, now_utc_ms));
    out_end_object(out);
}

/* Seconds as hours and their hundredths, as PRODIST prints them; half up. */
static void write_hours(struct buf *out, const char *key, int64_t ms)
{
    char text[32];
    int64_t hundredths = (ms + MS_PER_HOUR / 200) / (MS_PER_HOUR / 100);
    snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
    out_text(out, key, text);
}

struct told {
    const struct sight *sight;
    const struct outage *outages;
    size_t count;
    int64_t now_utc_ms;
};

/* "2026-03", "2026-Q1" or "2026". */
static void name_period(int32_t first_day, int months, char out[CIVIL_TEXT_SIZE])
{
    struct civil date = civil_from_day(first_day);
    civil_format(first_day, out);
    out[months == 1 ? 7 : 4] = '\0';
    if (months == QUARTER_MONTHS)
        snprintf(out + 4, CIVIL_TEXT_SIZE - 4, "-Q%c", (char)('1' + (date.month - 1) / QUARTER_MONTHS));
}

/* The indicators of so many months from that day on. */
static void write_period(struct buf *out, const struct told *told, int32_t first_day, int months, const char *key)
{
    const struct sight *sight = told->sight;
    char name[CIVIL_TEXT_SIZE];
    struct outage_month sums;
    int64_t from = zone_midnight_utc_ms(sight->zone, first_day), until = zone_midnight_utc_ms(sight->zone, month_day(first_day, months));
    outage_month_count(told->outages, told->count, from > sight->from_utc_ms ? from : sight->from_utc_ms,
                       until < sight->until_utc_ms ? until : sight->until_utc_ms, told->now_utc_ms, &sums);
    name_period(first_day, months, name);
    out_object(out, NULL);
    out_text(out, key, name);
    write_hours(out, "dic_h", sums.dic_ms);
    out_int(out, "fic", sums.fic);
    if (months == 1)
        write_hours(out, "dmic_h", sums.dmic_ms);
    out_bool(out, "complete", until <= told->now_utc_ms && until <= sight->until_utc_ms && from >= sight->from_utc_ms);
    out_end_object(out);
}

/* Newest first; nothing where so long a period was not asked for. */
static void write_periods(struct buf *out, const struct told *told, const struct range *range, int months, const char *list, const char *key)
{
    out_array(out, list);
    for (int i = range->month_count - months; i >= 0 && months <= range->period_months; i -= months)
        write_period(out, told, month_day(range->first_day, i), months, key);
    out_end_array(out);
}

static enum err write_all(struct exchange *x, const struct sight *sight, const struct range *range, struct gathered *all, struct fault *fault)
{
    struct outage *outages = calloc(all->told + 1, sizeof *outages);
    if (outages == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    size_t count = outages_of(all->signs, all->count, outages);
    out_object(x->out, NULL);
    out_text(x->out, "meter_id", sight->point.meter_id);
    out_text(x->out, "tz", sight->point.tz);
    out_instant(x->out, "from", range->from_utc_ms);
    out_instant(x->out, "to", range->until_utc_ms);
    out_array(x->out, "items");
    for (size_t i = count; i-- > 0;)
        if (outages[i].from_utc_ms < range->until_utc_ms && outages[i].until_utc_ms > range->from_utc_ms)
            write_outage(x->out, &outages[i], x->now_utc_ms);
    out_end_array(x->out);
    const struct told told = {sight, outages, count, x->now_utc_ms};
    write_periods(x->out, &told, range, 1, "months", "month");
    write_periods(x->out, &told, range, QUARTER_MONTHS, "quarters", "quarter");
    write_periods(x->out, &told, range, YEAR_MONTHS, "years", "year");
    out_end_object(x->out);
    free(outages);
    return OK;
}

void outages_get(struct exchange *x)
{
    struct sight sight;
    struct range range;
    struct fault fault = {0};
    struct gathered all = {0};
    if (!sight_of(x, x->arg, &sight))
        return;
    enum err err = plan(x, &sight, &fault, &range);
    if (err != OK) {
        problem_input(x, &fault);
        return;
    }
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    if (range.months_from_utc_ms < range.months_until_utc_ms)
        err = gather(facts, &sight, &range, &fault, &all);
    if (err == OK)
        err = write_all(x, &sight, &range, &all, &fault);
    if (err == OK)
        reply_tagged(x, 200, -1);
    else if (err == ERR_INVALID)
        problem_input(x, &fault);
    else
        problem_store(x, err, &fault);
    free(all.signs);
    ledger_done(x, facts);
}
