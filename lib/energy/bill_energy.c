#include "energy/bill_energy.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool bill_energy_push(struct bill_energy *energy, const struct rate_interval *intervals, int count)
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
        if (!bill_energy_push(energy, &interval, 1))
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
        size_t days = (size_t)(so_far->until_day - so_far->from_day) * sizeof *energy->days;
        memcpy(energy, so_far, offsetof(struct bill_energy, days));
        memcpy(energy->days, so_far->days, days);
        memcpy(energy->export_days, so_far->export_days, days);
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
