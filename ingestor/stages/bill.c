/* bill: quarter-hours × tariff → bill so far, drafts of past cycles, forecast. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/estimated.h"
#include "energy/forecast.h"
#include "energy/rate.h"
#include "ingestor/context.h"
#include "store/bill_energy_load.h"
#include "wire/bill_inputs.h"
#include "wire/bill_json.h"

#define PAST_BILLS_MAX 12 /* whose mean the open one is held against */
#define USABLE_PERCENT 90 /* of a past cycle's quarter-hours must be known */
#define DOCUMENT_MAX 262144
#define BILLS_LOOKED_AT 10000 /* of one meter */
#define STALE_AT_ONCE 32
#define FRESH_MS (2 * MS_PER_DAY) /* a forecast from older readings (history on its way, a silent meter) alarms nobody */

/* One bill in the making: a cycle, or the part of it that one account holds. */
struct bill_part {
    const struct point_account *account; /* NULL: nobody lives there as far as is known */
    const struct tariff *tariff;
    const struct rate_plan *plan; /* once it was asked for */
    int32_t from_day, until_day, cycle_days;
};

/* Large, and used for one bill after the other. */
struct bill_room {
    struct bill bill, priced;
    struct bill_energy energy;
};

struct billing {
    struct pipeline *pipeline;
    struct point *point;
    const struct point_billing *terms;
    int32_t today;
    int64_t as_of_ms; /* of the newest reading */
    struct bill_outlook *outlook;
    struct fault *fault;
};

static const struct point_account *account_on(const struct point_billing *terms, int32_t day)
{
    for (int i = 0; i < terms->account_count; i++)
        if (terms->accounts[i].from_day <= day && day < terms->accounts[i].until_day)
            return &terms->accounts[i];
    return NULL;
}

/* The part that holds a day: its cycle, cut where an account begins or ends. */
static struct bill_part part_on(const struct billing *billing, int32_t day)
{
    struct bill_part part = {.account = account_on(billing->terms, day)};
    cycle_containing(points_cycle_group_on(billing->pipeline->points, part.account, day), day, &part.from_day, &part.until_day);
    part.cycle_days = part.until_day - part.from_day;
    for (int i = 0; i < billing->terms->account_count; i++) {
        const struct point_account *account = &billing->terms->accounts[i];
        const int32_t edges[] = {account->from_day, account->until_day};
        for (int e = 0; e < 2; e++) {
            if (edges[e] <= day && edges[e] > part.from_day)
                part.from_day = edges[e];
            if (edges[e] > day && edges[e] < part.until_day)
                part.until_day = edges[e];
        }
    }
    part.tariff = points_tariff_on(billing->pipeline->points, part.account, part.from_day);
    return part;
}

struct sums {
    int32_t from_day, until_day;
    struct energy_sum *days;
};

static int keep_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct sums *sums = arg;
    (void)meter_no;
    sums->days[local_day - sums->from_day] = *sum;
    return 0;
}

/* The day totals of [from, until); days without a row are all missing. */
static enum err load_sums(const struct billing *billing, int32_t from_day, int32_t until_day, struct energy_sum *out)
{
    struct sums sums = {from_day, until_day, out};
    for (int32_t day = from_day; day < until_day; day++)
        out[day - from_day] = (struct energy_sum){.missing = 96};
    return facts_day_sums(billing->pipeline->parts.facts, billing->point->meter_no, OBIS_IMPORT, from_day, until_day, keep_sum, &sums,
                          billing->fault);
}

/* ---- billing by estimate (energy/estimated.h) ---- */

static int add_estimated(const struct day_row *row, void *arg)
{
    *(int64_t *)arg += estimated_day_wh(&row->day);
    return 0;
}

/* How much of the energy of days with these sums is estimated; the days are only opened where there is any. */
static enum err estimated_by(const struct billing *billing, int32_t from_day, int32_t until_day, const struct energy_sum *days,
                             int64_t *out_estimated_wh, int64_t *out_total_wh)
{
    int64_t estimated_wh = 0, total_wh = 0;
    bool any = false;
    enum err err = OK;
    for (int i = 0; i < until_day - from_day; i++) {
        total_wh += days[i].wh;
        any = any || days[i].estimated > 0;
    }
    if (any)
        err = facts_days(billing->pipeline->parts.facts, billing->point->meter_no, OBIS_IMPORT, from_day, until_day, add_estimated, &estimated_wh,
                         billing->fault);
    if (err == OK) {
        *out_estimated_wh = estimated_wh;
        *out_total_wh = total_wh;
    }
    return err;
}

/* The same of days whose sums are not at hand. */
static enum err estimated_of(const struct billing *billing, int32_t from_day, int32_t until_day, int64_t *out_estimated_wh, int64_t *out_total_wh)
{
    struct energy_sum days[CYCLE_DAYS_MAX];
    enum err err = load_sums(billing, from_day, until_day, days);
    return err == OK ? estimated_by(billing, from_day, until_day, days, out_estimated_wh, out_total_wh) : err;
}

/* The estimated share of a bill, and how many cycles of the same account before it were billed by estimate without a break. */
static enum err count_estimated(const struct billing *billing, const struct bill_part *part, const struct bill_energy *energy, struct bill *bill)
{
    struct bill_part at = *part;
    int64_t estimated_wh = 0, total_wh = 0;
    int cycles = 0;
    struct estimated_limits limits =
        points_estimated_limits(billing->pipeline->points, zone_midnight_utc_ms(billing->point->zone, part->until_day) - 1);
    enum err err = estimated_by(billing, at.from_day, at.until_day, energy->days, &estimated_wh, &total_wh);
    bill->estimated_wh = estimated_wh;
    while (err == OK && cycles < ESTIMATED_CYCLES_COUNTED && at.account == part->account && estimated_cycle(estimated_wh, total_wh, &limits)) {
        cycles++;
        at = part_on(billing, at.from_day - 1);
        if (at.until_day - at.from_day > CYCLE_DAYS_MAX)
            break;
        err = estimated_of(billing, at.from_day, at.until_day, &estimated_wh, &total_wh);
    }
    bill->estimated_cycles = cycles;
    bill->estimated_beyond = cycles > limits.cycles_max;
    return err;
}

/* Is the cycle that begins on a day partly estimated? Then its bill tells how many before it were, and depends on those. */
static enum err counts_before(const struct billing *billing, int32_t from_day, bool *out)
{
    struct bill_part part = part_on(billing, from_day);
    int64_t estimated_wh = 0, total_wh = 0;
    enum err err = OK;
    if (from_day < billing->today && part.until_day - part.from_day <= CYCLE_DAYS_MAX)
        err = estimated_of(billing, part.from_day, part.until_day, &estimated_wh, &total_wh);
    if (err == OK)
        *out = estimated_wh > 0;
    return err;
}

static bool day_complete(const struct energy_sum *sum)
{
    return sum->missing == 0 && sum->partial == 0;
}

static bool span_complete(const struct energy_sum *days, int count)
{
    for (int i = 0; i < count; i++)
        if (!day_complete(&days[i]))
            return false;
    return true;
}

/* The last complete days before the newest reading's day, newest first. */
static enum err forecast_days(const struct billing *billing, struct forecast_input *out)
{
    struct energy_sum days[FORECAST_AGE_MAX];
    int32_t until_day = zone_local_day(billing->point->zone, billing->as_of_ms);
    int32_t from_day = until_day - FORECAST_AGE_MAX;
    enum err err = load_sums(billing, from_day, until_day, days);
    for (int32_t day = until_day - 1; err == OK && day >= from_day && out->count < FORECAST_DAYS_MAX; day--)
        if (day_complete(&days[day - from_day])) {
            out->age_days[out->count] = (int)(until_day - day);
            out->day_wh[out->count++] = days[day - from_day].wh;
        }
    return err;
}

static enum err make_forecast(const struct billing *billing, const struct bill_part *part, const struct rate_input *input,
                              const struct bill_energy *so_far, struct bill *bill)
{
    struct forecast_input known = {0};
    struct forecast_energy energy;
    int64_t from_ms = zone_midnight_utc_ms(billing->point->zone, part->from_day);
    int64_t end_ms = zone_midnight_utc_ms(billing->point->zone, part->until_day);
    int64_t at_ms = billing->as_of_ms > from_ms ? billing->as_of_ms : from_ms;
    known.remaining_ms = end_ms - at_ms;
    enum err err = forecast_days(billing, &known);
    if (err != OK || !forecast_rest(&known, &energy))
        return err;
    struct bill *scratch = &billing->pipeline->bill_room->priced;

    bill->forecast.known = bill_energy_price_rest(part->plan, input, so_far, at_ms, energy.rest_wh, scratch, &bill->forecast.total) &&
                           bill_energy_price_rest(part->plan, input, so_far, at_ms, energy.low_rest_wh, scratch, &bill->forecast.low) &&
                           bill_energy_price_rest(part->plan, input, so_far, at_ms, energy.high_rest_wh, scratch, &bill->forecast.high);
    return OK;
}

/* "<account>-<date>", or "<meter>.<date>" where there is no account: an account may be named like another meter. */
static void bill_id_of(const struct billing *billing, const struct bill_part *part, char out[BILL_ID_SIZE])
{
    char date[CIVIL_TEXT_SIZE];
    civil_format(part->from_day, date);
    if (part->account)
        snprintf(out, BILL_ID_SIZE, "%.64s-%s", part->account->account_id, date);
    else
        snprintf(out, BILL_ID_SIZE, "%.64s.%s", billing->point->meter_id, date);
}

static void name_bill(const struct billing *billing, const struct bill_part *part, struct bill *bill)
{
    bill_id_of(billing, part, bill->bill_id);
    if (part->account)
        text_copy(bill->account_id, sizeof bill->account_id, part->account->account_id);
    text_copy(bill->meter_id, sizeof bill->meter_id, billing->point->meter_id);
    bill->meter_no = billing->point->meter_no;
}

static enum print_days print_days_of(const struct bill_part *part)
{
    const struct tariff_version *version = tariff_version_on(part->tariff, part->until_day - 1);
    return version ? version->print_days : DAYS_INCLUSIVE;
}

/* What it was worked out from beside its energy: whoever explains it needs that, and whoever issues it records it. */
static void write_terms(const struct bill_part *part, const struct rate_account *account, const struct bill *bill, struct buf *out)
{
    struct bill_terms terms;
    bill_terms_of(bill, part->plan, account, &terms);
    bill_terms_write(out, &terms);
}

static enum err tell_bill(const struct billing *billing, const struct bill_part *part, const struct rate_account *account, const struct bill *bill)
{
    struct facts *facts = billing->pipeline->parts.facts;
    struct point *point = billing->point;
    struct buf document, terms;
    buf_init(&document, DOCUMENT_MAX);
    buf_init(&terms, DOCUMENT_MAX);
    bill_write(&document, bill, print_days_of(part));
    write_terms(part, account, bill, &terms);
    struct bill_row row = {.meter_no = bill->meter_no,
                           .state = bill->state,
                           .from_day = bill->from_day,
                           .until_day = bill->until_day,
                           .total_minor = bill->total.minor,
                           .complete = bill->complete,
                           .as_of_utc_ms = bill->as_of_utc_ms,
                           .document = document.data,
                           .terms = terms.data};
    text_copy(row.bill_id, sizeof row.bill_id, bill->bill_id);
    text_copy(row.account_id, sizeof row.account_id, bill->account_id);
    enum err err = document.overflow || terms.overflow ? fault_set(billing->fault, ERR_FATAL, "a bill is larger than its buffer")
                                                       : facts_put_bill(facts, &row, billing->fault);
    if (err == OK && bill->state == BILL_OPEN) {
        err = publish_bill(billing->pipeline, point, bill->total.minor, document.data, document.len, billing->fault);
        if (err == OK && !(point->bill_told && point->bill_told_minor == bill->total.minor)) {
            err = publish_tail(billing->pipeline, TAIL_BILL, point->meter_no, point->meter_id, document.data, document.len, billing->fault);
            point->bill_told = true;
            point->bill_told_minor = bill->total.minor;
        }
    }
    buf_finish(&document);
    buf_finish(&terms);
    return err;
}

static void look_out(const struct billing *billing, const struct bill *bill, struct bill_outlook *out)
{
    out->known = bill->forecast.known && billing->pipeline->now_utc_ms - billing->as_of_ms <= FRESH_MS;
    out->forecast_minor = bill->forecast.total.minor;
    out->cycle_from_day = bill->from_day;
    out->minor_digits = bill->minor_digits;
    text_copy(out->currency, sizeof out->currency, bill->currency);
}

/* An open bill is complete when everything up to the newest reading's day is known. */
static bool is_complete(const struct billing *billing, const struct bill_part *part, const struct bill_energy *energy, enum bill_state state)
{
    int32_t known_until = state == BILL_OPEN ? zone_local_day(billing->point->zone, billing->as_of_ms) : part->until_day;
    if (known_until > part->until_day)
        known_until = part->until_day;
    return known_until >= part->from_day && span_complete(energy->days, known_until - part->from_day);
}

static enum err rate_part(struct billing *billing, const struct bill_part *part, struct bill_energy *energy, struct bill *bill)
{
    struct rate_account account;
    struct rate_input input = {.account = &account, .scratch = points_scratch(billing->pipeline->points)};
    input.series = points_series(billing->pipeline->points, &input.series_count);
    bill_clear(bill);
    name_bill(billing, part, bill);
    points_rate_account(billing->point, part->account, part->from_day, &account);
    input.provisional = part->until_day > billing->today;
    enum err err = rate_plan_wants_average(part->plan)
                       ? bill_energy_average(billing->pipeline->parts.facts, billing->point->meter_no, energy, billing->fault, &account.average_wh)
                       : OK;
    if (err != OK)
        return err;
    bill_energy_input(energy, &input);
    struct fault fault = {0};
    if (rate(part->plan, &input, &fault, bill, NULL) != OK) /* a price is missing, or too large: no bill rather than a wrong one */
        return facts_remove_bill(billing->pipeline->parts.facts, bill->bill_id, billing->fault);
    bill->state = part->until_day <= billing->today ? BILL_DRAFT : BILL_OPEN;
    bill->complete = is_complete(billing, part, energy, bill->state);
    int64_t end_ms = zone_midnight_utc_ms(billing->point->zone, part->until_day);
    bill->as_of_utc_ms = billing->as_of_ms < end_ms ? billing->as_of_ms : end_ms;
    err = count_estimated(billing, part, energy, bill);
    if (err != OK)
        return err;
    if (bill->state == BILL_OPEN) {
        err = make_forecast(billing, part, &input, energy, bill);
        look_out(billing, bill, billing->outlook);
    }
    return err == OK ? tell_bill(billing, part, &account, bill) : err;
}

/* The plan of a part; ERR_INVALID where a day has no price. */
static enum err plan_part(const struct billing *billing, struct bill_part *part, struct fault *fault)
{
    const struct rate_terms terms = {.tariff = part->tariff,
                                     .zone = billing->point->zone,
                                     .from_day = part->from_day,
                                     .until_day = part->until_day,
                                     .cycle_days = part->cycle_days,
                                     .known_utc_ms = INT64_MAX};
    return points_plan(billing->pipeline->points, &terms, fault, &part->plan);
}

struct bill_room *bill_room_create(void)
{
    return malloc(sizeof(struct bill_room));
}

static enum err make_bill(struct billing *billing, struct bill_part *part)
{
    struct fault fault = {0};
    char bill_id[BILL_ID_SIZE];
    if (!part->tariff || part->until_day - part->from_day > CYCLE_DAYS_MAX)
        return OK;
    enum err err = plan_part(billing, part, &fault);
    if (err == ERR_INVALID) { /* no price on a day: no bill rather than a wrong one */
        bill_id_of(billing, part, bill_id);
        return facts_remove_bill(billing->pipeline->parts.facts, bill_id, billing->fault);
    }
    struct bill_room *room = billing->pipeline->bill_room;
    if (err != OK || !room)
        return fault_set(billing->fault, ERR_FATAL, "no memory");
    err = bill_energy_load(billing->pipeline->parts.facts, billing->point->meter_no, part->plan, billing->today, billing->fault, &room->energy);
    if (err == OK)
        err = rate_part(billing, part, &room->energy, &room->bill);
    bill_energy_finish(&room->energy);
    return err;
}

/* Past bills of the same account whose cycle is known well enough. */
struct past {
    const struct billing *billing;
    const char *account_id;
    int count;
    int128 total_minor;
    enum err err;
};

static int add_past(const struct bill_row *row, void *arg)
{
    struct past *past = arg;
    struct energy_sum days[CYCLE_DAYS_MAX];
    struct energy_sum sum = {0};
    int count = row->until_day - row->from_day;
    if (row->state == BILL_OPEN || strcmp(row->account_id, past->account_id) != 0 || count > CYCLE_DAYS_MAX)
        return 0;
    past->err = load_sums(past->billing, row->from_day, row->until_day, days);
    for (int i = 0; past->err == OK && i < count; i++) {
        sum.missing += days[i].missing;
        sum.measured += days[i].measured + days[i].estimated + days[i].partial + days[i].edited;
    }
    if (past->err == OK && (int64_t)sum.measured * 100 >= (int64_t)(sum.measured + sum.missing) * USABLE_PERCENT) {
        past->count++;
        past->total_minor += row->total_minor;
    }
    return past->err != OK;
}

static enum err look_back(const struct billing *billing, struct bill_outlook *outlook)
{
    const struct point_account *account = account_on(billing->terms, billing->today);
    struct past past = {.billing = billing, .account_id = account ? account->account_id : ""};
    if (!outlook->known)
        return OK;
    enum err err = facts_bills(billing->pipeline->parts.facts, billing->point->meter_no, -1, outlook->cycle_from_day, "", PAST_BILLS_MAX, add_past,
                               &past, billing->fault);
    if (err == OK)
        err = past.err;
    if (err == OK && past.count > 0) {
        outlook->past_count = past.count;
        outlook->past_mean_minor = (int64_t)(past.total_minor / past.count);
    }
    return err;
}

/* ---- bills of before ---- */

static int find_ended(const struct bill_row *row, void *arg)
{
    struct bill_part *ended = arg; /* until_day: today, from_day: what is found */
    if (row->until_day <= ended->until_day && row->from_day < ended->from_day)
        ended->from_day = row->from_day;
    return 0;
}

/* An open bill whose cycle ended while nobody looked is made again, however long ago that was. */
static enum err from_ended(const struct billing *billing, int32_t *from_day)
{
    struct bill_part ended = {.from_day = *from_day, .until_day = billing->today};
    enum err err = facts_bills(billing->pipeline->parts.facts, billing->point->meter_no, BILL_OPEN, 0, NULL, BILLS_LOOKED_AT, find_ended, &ended,
                               billing->fault);
    *from_day = ended.from_day;
    return err;
}

struct stale {
    const struct billing *billing;
    int32_t from_day, until_day; /* days that were billed now */
    int count;
    char ids[STALE_AT_ONCE][BILL_ID_SIZE];
};

static int find_stale(const struct bill_row *row, void *arg)
{
    struct stale *stale = arg;
    char bill_id[BILL_ID_SIZE];
    bool touched = row->from_day < stale->until_day && row->until_day > stale->from_day;
    if (!touched || (row->state != BILL_OPEN && row->state != BILL_DRAFT))
        return 0;
    struct bill_part part = part_on(stale->billing, row->from_day);
    bill_id_of(stale->billing, &part, bill_id);
    if (part.tariff && part.from_day == row->from_day && part.until_day == row->until_day && strcmp(bill_id, row->bill_id) == 0)
        return 0;
    text_copy(stale->ids[stale->count++], BILL_ID_SIZE, row->bill_id);
    return stale->count == STALE_AT_ONCE;
}

/* Bills over these days that another account, calendar or tariff has replaced: two bills for one day would be one too many. */
static enum err remove_stale(const struct billing *billing, int32_t from_day, int32_t until_day)
{
    struct facts *facts = billing->pipeline->parts.facts;
    struct stale stale = {.billing = billing, .from_day = from_day, .until_day = until_day, .count = STALE_AT_ONCE};
    enum err err = OK;
    while (err == OK && stale.count == STALE_AT_ONCE) {
        stale.count = 0;
        err = facts_bills(facts, billing->point->meter_no, -1, until_day, "", BILLS_LOOKED_AT, find_stale, &stale, billing->fault);
        for (int i = 0; i < stale.count && err == OK; i++)
            err = facts_remove_bill(facts, stale.ids[i], billing->fault);
    }
    return err;
}

/* What was swept stays so while the day, the records and the store are the same. */
static bool is_swept(const struct billing *billing)
{
    const struct point *point = billing->point;
    return point->swept.today == billing->today && point->swept.epoch == billing->pipeline->live_epoch &&
           point->swept.revision == points_revision(billing->pipeline->points);
}

static enum err sweep(const struct billing *billing, int32_t from_day, int32_t until_day)
{
    struct point *point = billing->point;
    if (is_swept(billing) && point->swept.from_day <= from_day && until_day <= point->swept.until_day)
        return OK;
    enum err err = remove_stale(billing, from_day, until_day);
    if (err != OK)
        return err;
    point->swept.epoch = billing->pipeline->live_epoch;
    point->swept.revision = points_revision(billing->pipeline->points);
    point->swept.today = billing->today;
    point->swept.from_day = from_day;
    point->swept.until_day = until_day;
    return OK;
}

/* Makes the bills of these days, and the open one. */
static enum err make_bills(struct billing *billing, int32_t from_day, int32_t until_day)
{
    enum err err = OK;
    int32_t first_day = INT32_MAX, last_day = INT32_MIN;
    int followed = 0;
    for (int32_t day = from_day; err == OK && day <= billing->today;) {
        struct bill_part part = part_on(billing, day);
        err = make_bill(billing, &part);
        if (part.from_day < first_day)
            first_day = part.from_day;
        last_day = part.until_day;
        bool follows = part.until_day < until_day || part.until_day > billing->today;
        if (err == OK && !follows && followed++ < ESTIMATED_CYCLES_COUNTED)
            err = counts_before(billing, part.until_day, &follows);
        day = follows ? part.until_day : billing->today;
    }
    return err == OK && first_day < last_day ? sweep(billing, first_day, last_day) : err;
}

static int keep_instant(int64_t ts_utc_ms, void *arg)
{
    *(int64_t *)arg = ts_utc_ms;
    return 1;
}

enum err bill_days(struct pipeline *pipeline, struct point *point, int32_t from_day, int32_t until_day, struct bill_outlook *out, struct fault *fault)
{
    struct billing billing = {.pipeline = pipeline, .point = point, .outlook = out, .fault = fault};
    int32_t first_day, last_day;
    memset(out, 0, sizeof *out);
    enum err err = facts_day_range(pipeline->parts.facts, point->meter_no, OBIS_IMPORT, &first_day, &last_day, fault);
    if (err == ERR_NOT_FOUND)
        return OK;
    if (err == OK)
        err = points_billing(pipeline->points, point, fault, &billing.terms);
    if (err == OK)
        err = facts_instants(pipeline->parts.facts, point->meter_no, INT64_MIN, INT64_MAX, -1, keep_instant, &billing.as_of_ms, fault);
    billing.today = zone_local_day(point->zone, pipeline->now_utc_ms);
    if (from_day < first_day)
        from_day = first_day;
    if (until_day > billing.today + 1)
        until_day = billing.today + 1;
    if (err == OK && !is_swept(&billing))
        err = from_ended(&billing, &from_day);
    if (from_day > billing.today)
        from_day = billing.today;
    if (err == OK)
        err = make_bills(&billing, from_day, until_day);
    return err == OK ? look_back(&billing, out) : err;
}
