/*
 * One local day of a household: its totals, and how they fall on its quarter-hours. Pure.
 */
#ifndef METER_HOUSEHOLD_DAY_H
#define METER_HOUSEHOLD_DAY_H

#include "meter/household.h"

struct household_day {
    int64_t import_j, export_j;
    /* parts of the import in Wh, for the shapes; what the sun gave is already taken off */
    int32_t base_wh, morning_wh, daytime_wh, evening_wh, cooling_wh, heating_wh, laundry_wh, car_wh, sun_used_wh;
    int32_t laundry_start_min;
};

/* Mixes numbers into 64 well-spread bits (splitmix64's finaliser). */
uint64_t household_hash(uint64_t key, int64_t a, int64_t b);

/* A number from lo to hi, both included, from hashed bits. */
int32_t household_pick(uint64_t hash, int32_t lo, int32_t hi);

/* Mean temperature of a day in hundredths of a degree Celsius: one for the whole neighbourhood. */
int32_t neighbourhood_temperature(const struct neighbourhood *place, int32_t day);

void household_day_total(const struct household *household, int32_t day, struct household_day *out);

/* Fills the cached day of the household (cum_j, export_cum_j, slots, day_utc_ms) from the totals.
 */
void household_day_cut(struct household *household, int32_t day, const struct household_day *totals);

#endif
