#include "ingestor/stages/bill_energy.h"
#include <stdlib.h>
#include <string.h>
#include "store/facts.h"

/* The sums of a cycle's days, each where it belongs. */
struct cycle_sums {
    int32_t from_day;
    struct energy_sum *sums;
};

static int keep_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct cycle_sums *kept = arg;
    (void)meter_no;
    kept->sums[local_day - kept->from_day] = *sum;
    return 0;
}

static enum err load_sums(struct facts *facts, const struct point *point, int32_t channel, struct bill_energy *energy, struct energy_sum *out,
                          struct fault *fault)
{
    struct cycle_sums kept = {energy->from_day, out};
    return facts_day_sums(facts, point->meter_no, channel, energy->from_day, energy->until_day, keep_sum, &kept, fault);
}

/* ---- quarter-hours ---- */

static bool push(struct bill_energy *energy, const struct rate_interval *intervals, int count)
{
    if (energy->interval_count + count > energy->interval_size) {
        int size = 2 * energy->interval_size + DAY_SLOTS_MAX * 32;
        struct rate_interval *more = realloc(energy->intervals, (size_t)size * sizeof *more);
        if (!more)
            return false;
        energy->intervals = more;
        energy->interval_size = size;
    }
    memcpy(energy->intervals + energy->interval_count, intervals, (size_t)count * sizeof *intervals);
    energy->interval_count += count;
    return true;
}

static bool push_day(struct bill_energy *energy, const struct day *day, const struct day *exported)
{
    struct rate_interval intervals[DAY_SLOTS_MAX];
    return push(energy, intervals, rate_intervals_of_day(day, exported->slot_count ? exported : NULL, intervals));
}

/* The days of a cycle, each where it belongs; slot_count 0: it has no row. */
struct cycle_days {
    int32_t from_day;
    struct day *days;
};

static int keep_day(const struct day_row *row, void *arg)
{
    struct cycle_days *kept = arg;
    kept->days[row->day.local_day - kept->from_day] = row->day;
    return 0;
}

static enum err load_days(struct facts *facts, const struct point *point, int32_t channel, const struct bill_energy *energy, struct day *out,
                          struct fault *fault)
{
    struct cycle_days kept = {energy->from_day, out};
    return facts_days(facts, point->meter_no, channel, energy->from_day, energy->until_day, keep_day, &kept, fault);
}

/* Every day in order; one without a row is missing, unless it is still to come. */
static enum err load_quarters(struct facts *facts, const struct point *point, struct bill_energy *energy, int32_t today, struct fault *fault)
{
    int count = energy->until_day - energy->from_day;
    struct day *imports = calloc((size_t)count, sizeof *imports), *exports = calloc((size_t)count, sizeof *exports);
    enum err err = imports && exports ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = load_days(facts, point, OBIS_IMPORT, energy, imports, fault);
    if (err == OK)
        err = load_days(facts, point, OBIS_EXPORT, energy, exports, fault);
    for (int i = 0; err == OK && i < count; i++) {
        int32_t day = energy->from_day + i;
        if (!imports[i].slot_count && day >= today)
            continue;
        if (!imports[i].slot_count)
            day_init(&imports[i], day, zone_midnight_utc_ms(point->zone, day), zone_midnight_utc_ms(point->zone, day + 1));
        if (!push_day(energy, &imports[i], &exports[i]))
            err = fault_set(fault, ERR_FATAL, "no memory");
    }
    free(imports);
    free(exports);
    return err;
}

enum err bill_energy_load(struct facts *facts, const struct point *point, const struct rate_plan *plan, int32_t today, struct fault *fault,
                          struct bill_energy *out)
{
    const struct rate_terms *terms = rate_plan_terms(plan);
    memset(out, 0, sizeof *out);
    out->from_day = terms->from_day;
    out->until_day = terms->until_day;
    for (int32_t day = terms->from_day; day < terms->until_day; day++)
        out->days[day - terms->from_day].missing = 96;
    enum err err = load_sums(facts, point, OBIS_IMPORT, out, out->days, fault);
    if (err == OK)
        err = load_sums(facts, point, OBIS_EXPORT, out, out->export_days, fault);
    /* Days to come are not missing yet: they say nothing about the quality of a line. */
    for (int32_t day = today; day < terms->until_day; day++)
        if (day >= terms->from_day && out->days[day - terms->from_day].measured == 0)
            out->days[day - terms->from_day].missing = 0;
    if (err == OK && rate_plan_needs(plan) == NEEDS_INTERVALS)
        err = load_quarters(facts, point, out, today, fault);
    return err;
}

struct averaging {
    int64_t wh;
    int days;
};

static int add_known_day(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct averaging *averaging = arg;
    (void)meter_no;
    (void)local_day;
    if (sum->missing == 0 && sum->partial == 0) {
        averaging->wh += sum->wh;
        averaging->days++;
    }
    return 0;
}

enum err bill_energy_average(struct facts *facts, const struct point *point, const struct bill_energy *energy, struct fault *fault, int64_t *out_wh)
{
    struct averaging averaging = {0};
    int64_t own_wh = 0;
    enum err err = facts_day_sums(facts, point->meter_no, OBIS_IMPORT, energy->from_day - 365, energy->from_day, add_known_day, &averaging, fault);
    if (err != OK)
        return err;
    for (int i = 0; i < energy->until_day - energy->from_day; i++)
        own_wh += energy->days[i].wh;
    if (averaging.days < 30 || !muldiv_floor(averaging.wh, 365, (int64_t)averaging.days * 12, out_wh))
        *out_wh = own_wh;
    return OK;
}

void bill_energy_finish(struct bill_energy *energy)
{
    free(energy->intervals);
    energy->intervals = NULL;
}

/* The rest evenly over the quarter-hours that follow the last one that is known. */
static bool add_quarters(struct bill_energy *energy, const struct rate_plan *plan, int64_t at_utc_ms, int64_t rest_wh)
{
    const struct rate_terms *terms = rate_plan_terms(plan);
    int64_t end = zone_midnight_utc_ms(terms->zone, terms->until_day), from = (at_utc_ms + QUARTER_MS - 1) / QUARTER_MS * QUARTER_MS;
    while (energy->interval_count > 0 && energy->intervals[energy->interval_count - 1].start_utc_ms >= from)
        energy->interval_count--;
    int64_t slots = (end - from) / QUARTER_MS, before = 0;
    for (int64_t i = 0; i < slots; i++) {
        int64_t until = 0;
        muldiv_floor(rest_wh, i + 1, slots, &until);
        struct rate_interval interval = {
            .start_utc_ms = from + i * QUARTER_MS, .length_ms = (int32_t)QUARTER_MS, .quality = QUALITY_ESTIMATED, .import_wh = until - before};
        before = until;
        if (!push(energy, &interval, 1))
            return false;
    }
    return slots > 0;
}

static bool add_rest(struct bill_energy *energy, const struct rate_plan *plan, int64_t at_utc_ms, int64_t rest_wh)
{
    const struct rate_terms *terms = rate_plan_terms(plan);
    if (rate_plan_needs(plan) == NEEDS_INTERVALS)
        return add_quarters(energy, plan, at_utc_ms, rest_wh);
    int32_t from_day = zone_local_day(terms->zone, at_utc_ms);
    int days = terms->until_day - from_day;
    for (int i = 0; i < days; i++)
        energy->days[from_day - terms->from_day + i].wh += rest_wh / days + (i == days - 1 ? rest_wh % days : 0);
    return days > 0;
}

void bill_energy_input(const struct bill_energy *energy, struct rate_input *out)
{
    if (energy->intervals) {
        out->intervals = energy->intervals;
        out->interval_count = energy->interval_count;
        return;
    }
    out->days = energy->days;
    out->export_days = energy->export_days;
}

bool bill_energy_price_rest(const struct rate_plan *plan, const struct rate_input *input, const struct bill_energy *so_far, int64_t at_ms,
                            int64_t rest_wh, struct bill *scratch, struct money *out)
{
    struct bill_energy *energy = malloc(sizeof *energy);
    struct rate_input whole = *input;
    bool good = energy != NULL;
    if (good) {
        *energy = *so_far;
        energy->interval_size = energy->interval_count;
        if (so_far->intervals)
            energy->intervals = malloc((size_t)(so_far->interval_count + 1) * sizeof *energy->intervals);
        good = !so_far->intervals || energy->intervals;
        if (good && so_far->intervals)
            memcpy(energy->intervals, so_far->intervals, (size_t)so_far->interval_count * sizeof *energy->intervals);
    }
    good = good && add_rest(energy, plan, at_ms, rest_wh);
    if (good) {
        bill_energy_input(energy, &whole);
        good = rate(plan, &whole, NULL, scratch, NULL) == OK;
        *out = good ? scratch->total : *out;
    }
    if (energy)
        bill_energy_finish(energy);
    free(energy);
    return good;
}
