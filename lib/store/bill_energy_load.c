#include "store/bill_energy_load.h"
#include <stdlib.h>
#include <string.h>

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

static enum err load_sums(struct facts *facts, int64_t meter_no, int32_t channel, struct bill_energy *energy, struct energy_sum *out,
                          struct fault *fault)
{
    struct cycle_sums kept = {energy->from_day, out};
    return facts_day_sums(facts, meter_no, channel, energy->from_day, energy->until_day, keep_sum, &kept, fault);
}

/* ---- quarter-hours ---- */

static bool push_day(struct bill_energy *energy, const struct day *day, const struct day *exported)
{
    struct rate_interval intervals[DAY_SLOTS_MAX];
    return bill_energy_push(energy, intervals, rate_intervals_of_day(day, exported->slot_count ? exported : NULL, intervals));
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

static enum err load_days(struct facts *facts, int64_t meter_no, int32_t channel, const struct bill_energy *energy, struct day *out,
                          struct fault *fault)
{
    struct cycle_days kept = {energy->from_day, out};
    return facts_days(facts, meter_no, channel, energy->from_day, energy->until_day, keep_day, &kept, fault);
}

/* Every day in order; one without a row is missing, unless it is still to come. */
static enum err load_quarters(struct facts *facts, int64_t meter_no, const struct zone *zone, struct bill_energy *energy, int32_t today,
                              struct fault *fault)
{
    int count = energy->until_day - energy->from_day;
    struct day *imports = calloc((size_t)count, sizeof *imports), *exports = calloc((size_t)count, sizeof *exports);
    enum err err = imports && exports ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = load_days(facts, meter_no, OBIS_IMPORT, energy, imports, fault);
    if (err == OK)
        err = load_days(facts, meter_no, OBIS_EXPORT, energy, exports, fault);
    for (int i = 0; err == OK && i < count; i++) {
        int32_t day = energy->from_day + i;
        if (!imports[i].slot_count && day >= today)
            continue;
        if (!imports[i].slot_count)
            day_init(&imports[i], day, zone_midnight_utc_ms(zone, day), zone_midnight_utc_ms(zone, day + 1));
        if (!push_day(energy, &imports[i], &exports[i]))
            err = fault_set(fault, ERR_FATAL, "no memory");
    }
    free(imports);
    free(exports);
    return err;
}

enum err bill_energy_load(struct facts *facts, int64_t meter_no, const struct rate_plan *plan, int32_t today, struct fault *fault,
                          struct bill_energy *out)
{
    const struct rate_terms *terms = rate_plan_terms(plan);
    out->from_day = terms->from_day;
    out->until_day = terms->until_day;
    out->intervals = NULL;
    out->interval_count = out->interval_size = 0;
    for (int i = 0; i < terms->until_day - terms->from_day; i++) {
        out->days[i] = (struct energy_sum){.missing = 96};
        out->export_days[i] = (struct energy_sum){0};
    }
    enum err err = load_sums(facts, meter_no, OBIS_IMPORT, out, out->days, fault);
    if (err == OK)
        err = load_sums(facts, meter_no, OBIS_EXPORT, out, out->export_days, fault);
    /* Days to come are not missing yet: they say nothing about the quality of a line. */
    for (int32_t day = today; day < terms->until_day; day++)
        if (day >= terms->from_day && out->days[day - terms->from_day].measured == 0)
            out->days[day - terms->from_day].missing = 0;
    if (err == OK && rate_plan_needs(plan) == NEEDS_INTERVALS)
        err = load_quarters(facts, meter_no, terms->zone, out, today, fault);
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

enum err bill_energy_average(struct facts *facts, int64_t meter_no, const struct bill_energy *energy, struct fault *fault, int64_t *out_wh)
{
    struct averaging averaging = {0};
    int64_t own_wh = 0;
    enum err err = facts_day_sums(facts, meter_no, OBIS_IMPORT, energy->from_day - 365, energy->from_day, add_known_day, &averaging, fault);
    if (err != OK)
        return err;
    for (int i = 0; i < energy->until_day - energy->from_day; i++)
        own_wh += energy->days[i].wh;
    if (averaging.days < 30 || !muldiv_floor(averaging.wh, 365, (int64_t)averaging.days * 12, out_wh))
        *out_wh = own_wh;
    return OK;
}
