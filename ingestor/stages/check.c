/*
 * check: closed local days against themselves and their past (energy/check.h). It comes last and waits behind everything that is live: what it finds
 * changes no energy. A day is checked again when it, or one of the four weeks before it, changed. How complete the readings of a closed day are
 * (store/completeness.h) is counted at the same time, by the same rule of what it depends on.
 */
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "ingestor/context.h"
#include "ingestor/marks.h"
#include "store/completeness.h"

#define DAYS_AT_ONCE 8
#define TEN_MINUTES_MS (10 * MS_PER_MIN)
#define SAMPLES 6 /* readings of each ten minutes that are looked at: a meter may send every second */
#define LAGS_MAX (CHECK_TEN_MINUTES * SAMPLES + SAMPLES)
#define LATE_MS (15 * MS_PER_MIN) /* what came later says nothing about a clock */

enum err check_wanted(struct pipeline *pipeline, struct point *point, int32_t from_day, int32_t until_day, struct fault *fault)
{
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    int32_t until = until_day + CHECK_PAST_DAYS < today ? until_day + CHECK_PAST_DAYS : today;
    if (from_day >= today)
        return OK;
    return marks_put(pipeline->marks, point, MARK_CHECK, zone_midnight_utc_ms(point->zone, from_day), zone_midnight_utc_ms(point->zone, until),
                     pipeline->now_utc_ms, fault);
}

struct checking {
    struct pipeline *pipeline;
    struct point *point;
    struct fault *fault;
    int32_t first_day; /* of `days`: four weeks and a day before those that are checked */
    struct day days[CHECK_PAST_DAYS + 1 + DAYS_AT_ONCE];
    bool known[CHECK_PAST_DAYS + 1 + DAYS_AT_ONCE];
    /* of the day under way */
    struct check_day input;
    int64_t power_sum_w, powers;
    int64_t lags_ms[LAGS_MAX];
    int64_t volts_sum[READING_PHASES_MAX];
    int volts[READING_PHASES_MAX];
    struct check_voltage voltage;
};

static int keep_day(const struct day_row *row, void *arg)
{
    struct checking *checking = arg;
    checking->days[row->day.local_day - checking->first_day] = row->day;
    checking->known[row->day.local_day - checking->first_day] = true;
    return 0;
}

/* ---- what a day was ---- */

static struct check_past past_of(const struct day *day)
{
    struct check_past past = {.complete = day->slot_count > 0};
    int run = 0;
    for (int i = 0; i < day->slot_count; i++) {
        const struct slot *slot = &day->slots[i];
        past.complete &= slot->quality != QUALITY_MISSING && slot->quality != QUALITY_PARTIAL;
        past.wh += slot->wh;
        if (slot->wh > past.top_wh)
            past.top_wh = slot->wh;
        run = slot->quality != QUALITY_MISSING && slot->wh == 0 ? run + 1 : 0;
        if (run > past.zero_slots)
            past.zero_slots = run;
    }
    return past;
}

/* Quarter-hours of nothing that end where the day at `at` begins. */
static int64_t zero_before(const struct checking *checking, int at)
{
    int64_t run = 0;
    for (int d = at - 1; d >= 0 && checking->known[d]; d--) {
        const struct day *day = &checking->days[d];
        for (int i = day->slot_count - 1; i >= 0; i--) {
            if (day->slots[i].quality == QUALITY_MISSING || day->slots[i].wh != 0)
                return run;
            run++;
        }
    }
    return run;
}

/* ---- what its readings tell, sampled ---- */

static int take_sample(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    struct checking *checking = arg;
    const struct reading *reading = &row->reading;
    int64_t lag_ms = row->received_utc_ms - reading->ts_utc_ms;
    (void)at;
    if (reading->kind == FACT_REGISTER)
        checking->input.reads++;
    if (reading->has_power) {
        checking->power_sum_w += reading->power_w < 0 ? -reading->power_w : reading->power_w;
        checking->powers++;
    }
    if (!(reading->flags & FLAG_SERVER_TIME) && lag_ms < LATE_MS && checking->input.lags < LAGS_MAX)
        checking->lags_ms[checking->input.lags++] = lag_ms;
    for (int i = 0; i < reading->voltage_mv.count; i++) {
        checking->volts_sum[i] += reading->voltage_mv.value[i];
        checking->volts[i]++;
    }
    return 0;
}

/* The mean of the ten minutes, by the worst of the phases told (PRODIST judges a point by its worst). */
static void settle_ten_minutes(struct checking *checking)
{
    enum check_band worst = BAND_ADEQUATE;
    bool any = false;
    for (int i = 0; i < READING_PHASES_MAX; i++) {
        if (checking->volts[i] == 0)
            continue;
        enum check_band band = check_voltage_band(checking->point->service.volts, checking->volts_sum[i] / checking->volts[i]);
        worst = band > worst ? band : worst;
        any = true;
    }
    checking->voltage.values += any;
    checking->voltage.precarious += worst == BAND_PRECARIOUS;
    checking->voltage.critical += worst == BAND_CRITICAL;
    memset(checking->volts, 0, sizeof checking->volts);
    memset(checking->volts_sum, 0, sizeof checking->volts_sum);
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static enum err sample_day(struct checking *checking, const struct day *day)
{
    int64_t until_ms = day->start_utc_ms + day->slot_count * QUARTER_MS;
    enum err err = OK;
    for (int64_t at = day->start_utc_ms; at < until_ms && err == OK; at += TEN_MINUTES_MS) {
        err = facts_readings(checking->pipeline->parts.facts, checking->point->meter_no, at, at + TEN_MINUTES_MS, 1, SAMPLES, NULL, take_sample,
                             checking, checking->fault);
        settle_ten_minutes(checking);
    }
    if (checking->powers > 0) {
        checking->input.has_power = true;
        checking->input.mean_power_w = checking->power_sum_w / checking->powers;
    }
    if (checking->input.lags > 0) {
        qsort(checking->lags_ms, (size_t)checking->input.lags, sizeof checking->lags_ms[0], ascending);
        checking->input.median_lag_ms = checking->lags_ms[checking->input.lags / 2];
    }
    return err;
}

/* ---- register against intervals ---- */

/* The first register read that comes, and whether any interval comes. */
struct end {
    bool any;
    int64_t at_ms, wh;
    bool intervals;
};

static int take_end(const struct read *read, void *arg)
{
    struct end *end = arg;
    if (read->flags & FLAG_TEST)
        return 0;
    if (read->kind == FACT_INTERVAL) {
        end->intervals = true;
    } else if (!end->any) {
        end->any = true;
        end->at_ms = read->ts_utc_ms;
        end->wh = read->value_wh;
    }
    return 0;
}

/* Intervals that lie wholly between two instants. */
struct between {
    int64_t from_ms, until_ms;
    int64_t wh;
};

static int add_interval(const struct read *read, void *arg)
{
    struct between *between = arg;
    bool within = read->ts_utc_ms - read->length_s * MS_PER_S >= between->from_ms && read->ts_utc_ms <= between->until_ms;
    if (read->kind == FACT_INTERVAL && !(read->flags & FLAG_TEST) && within)
        between->wh += read->value_wh;
    return 0;
}

/* The first and the last read of the day; all of it only where intervals stand beside registers, which is rare. */
static enum err read_ends(struct checking *checking, const struct day *day)
{
    struct facts *facts = checking->pipeline->parts.facts;
    struct check_day *input = &checking->input;
    int64_t meter_no = checking->point->meter_no, until_ms = day->start_utc_ms + day->slot_count * QUARTER_MS;
    struct end first = {0}, last = {0};
    enum err err = facts_reads(facts, meter_no, OBIS_IMPORT, day->start_utc_ms, until_ms, 1, SAMPLES, take_end, &first, checking->fault);
    if (err == OK)
        err = facts_reads(facts, meter_no, OBIS_IMPORT, day->start_utc_ms, until_ms, -1, SAMPLES, take_end, &last, checking->fault);
    if (err != OK || !first.any || !last.any)
        return err;
    input->first_read_ms = first.at_ms;
    input->last_read_ms = last.at_ms;
    input->register_wh = last.wh - first.wh;
    input->has_intervals = first.intervals || last.intervals;
    struct between between = {first.at_ms, last.at_ms, 0};
    if (input->has_intervals)
        err = facts_reads(facts, meter_no, OBIS_IMPORT, first.at_ms, last.at_ms + 1, 1, 0, add_interval, &between, checking->fault);
    input->interval_wh = between.wh;
    return err;
}

/* ---- one day ---- */

static int add_voltage(const struct check_day_row *row, void *arg)
{
    struct check_voltage *sum = arg;
    sum->values += row->voltage.values;
    sum->precarious += row->voltage.precarious;
    sum->critical += row->voltage.critical;
    return 0;
}

static enum err check_one(struct checking *checking, int32_t local_day)
{
    struct facts *facts = checking->pipeline->parts.facts;
    struct point *point = checking->point;
    const struct point_billing *terms;
    int at = local_day - checking->first_day;
    const struct day *day = &checking->days[at];
    struct check_day_row row = {.meter_no = point->meter_no, .local_day = local_day};
    if (!checking->known[at])
        return facts_remove_checks(facts, point->meter_no, local_day, local_day + 1, checking->fault);
    memset(&checking->input, 0, sizeof checking->input);
    memset(&checking->voltage, 0, sizeof checking->voltage);
    checking->power_sum_w = checking->powers = 0;
    checking->input.day = day;
    for (int i = 0; i < CHECK_PAST_DAYS; i++)
        if (at - 1 - i >= 0 && checking->known[at - 1 - i])
            checking->input.past[i] = past_of(&checking->days[at - 1 - i]);
    checking->input.zero_before_slots = zero_before(checking, at);
    enum err err = points_billing(checking->pipeline->points, point, checking->fault, &terms);
    if (err == OK)
        err = sample_day(checking, day);
    if (err == OK)
        err = read_ends(checking, day);
    struct check_voltage before = {0}; /* of the six days before it */
    if (err == OK)
        err = facts_checks(facts, point->meter_no, local_day - 6, local_day, add_voltage, &before, checking->fault);
    if (err != OK)
        return err;
    checking->input.tells_voltage = checking->voltage.values > 0;
    checking->input.voltage[0] = row.voltage = checking->voltage;
    checking->input.voltage[1] = before;
    check_limits_at(checking->pipeline->check_limits, points_class_on(terms, local_day), day->start_utc_ms, checking->input.thresholds);
    check_run(&checking->input, row.results);
    err = facts_put_checks(facts, &row, checking->fault);
    return err == OK ? alert_checked(checking->pipeline, point, &row, checking->fault) : err;
}

/* ---- the days of a mark ---- */

static int take_first(int64_t ts_utc_ms, void *arg)
{
    *(int64_t *)arg = ts_utc_ms;
    return 1;
}

/* From the first day with a reading or with energy to behind the last; from ≥ until: there is none. */
static enum err known_days(struct facts *facts, const struct point *point, struct fault *fault, int32_t *out_from_day, int32_t *out_until_day)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    int64_t oldest_ms = INT64_MAX, newest_ms = INT64_MIN;
    enum err err = facts_day_range(facts, point->meter_no, OBIS_IMPORT, &first, &last, fault);
    if (err == OK || err == ERR_NOT_FOUND)
        err = facts_instants(facts, point->meter_no, INT64_MIN, INT64_MAX, 1, take_first, &oldest_ms, fault);
    if (err == OK)
        err = facts_instants(facts, point->meter_no, INT64_MIN, INT64_MAX, -1, take_first, &newest_ms, fault);
    if (err != OK)
        return err;
    if (oldest_ms <= newest_ms) {
        int32_t oldest = zone_local_day(point->zone, oldest_ms), newest = zone_local_day(point->zone, newest_ms);
        first = oldest < first ? oldest : first;
        last = newest > last ? newest : last;
    }
    *out_from_day = first;
    *out_until_day = first <= last ? last + 1 : first;
    return OK;
}

static enum err forget_days(struct facts *facts, const struct point *point, int32_t from_day, int32_t until_day, struct fault *fault)
{
    if (from_day >= until_day)
        return OK;
    enum err err = facts_remove_checks(facts, point->meter_no, from_day, until_day, fault);
    return err == OK ? facts_remove_completeness(facts, point->meter_no, from_day, until_day, fault) : err;
}

/* How many readings were to come, and how many did; nothing is kept of a day without a reading and without energy. */
static enum err count_readings(struct checking *checking, int32_t local_day)
{
    const struct point *point = checking->point;
    struct facts *facts = checking->pipeline->parts.facts;
    struct completeness_row row;
    enum err err = completeness_of_day(facts, point->meter_no, point->reading_interval_s, local_day, zone_midnight_utc_ms(point->zone, local_day),
                                       zone_midnight_utc_ms(point->zone, local_day + 1), checking->fault, &row);
    if (err != OK)
        return err;
    return row.received > 0 || checking->known[local_day - checking->first_day]
               ? facts_put_completeness(facts, &row, checking->fault)
               : facts_remove_completeness(facts, point->meter_no, local_day, local_day + 1, checking->fault);
}

enum err check_days(struct pipeline *pipeline, struct point *point, const struct mark *mark, struct mark *out_rest, struct fault *fault)
{
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    int32_t from_day = zone_local_day(point->zone, mark->from_utc_ms), until_day = zone_local_day(point->zone, mark->until_utc_ms - 1) + 1;
    int32_t known_from, known_until;
    struct facts *facts = pipeline->parts.facts;
    *out_rest = *mark;
    out_rest->from_utc_ms = mark->until_utc_ms;
    enum err err = known_days(facts, point, fault, &known_from, &known_until);
    if (err == OK)
        err = forget_days(facts, point, from_day, until_day < known_from ? until_day : known_from, fault);
    if (err == OK)
        err = forget_days(facts, point, from_day > known_until ? from_day : known_until, until_day, fault);
    if (err != OK)
        return err;
    from_day = from_day < known_from ? known_from : from_day;
    until_day = until_day > known_until ? known_until : until_day;
    until_day = until_day > today ? today : until_day;
    if (from_day >= until_day)
        return OK;
    int32_t end_day = from_day + DAYS_AT_ONCE < until_day ? from_day + DAYS_AT_ONCE : until_day;
    struct checking *checking = calloc(1, sizeof *checking);
    if (!checking)
        return fault_set(fault, ERR_FATAL, "no memory");
    checking->pipeline = pipeline;
    checking->point = point;
    checking->fault = fault;
    checking->first_day = from_day - CHECK_PAST_DAYS - 1;
    err = facts_days(facts, point->meter_no, OBIS_IMPORT, checking->first_day, end_day, keep_day, checking, fault);
    for (int32_t day = from_day; day < end_day && err == OK; day++) {
        err = check_one(checking, day);
        if (err == OK)
            err = count_readings(checking, day);
    }
    free(checking);
    if (err == OK && end_day < until_day)
        out_rest->from_utc_ms = zone_midnight_utc_ms(point->zone, end_day);
    return err;
}
