/*
 * Excessive consumption: a local day's energy over a limit. Pure.
 */
#ifndef ENERGY_EXCESS_H
#define ENERGY_EXCESS_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/quarter.h"

#define EXCESS_DAYS_MAX 28 /* four whole weeks of the meter's own past */
#define EXCESS_DAYS_MIN 7  /* fewer tell nothing about a week's rhythm */

/*
 * The limit where the household set none: mean + 3 standard deviations of the last complete days, but at least 1.3 × their mean and 2 kWh. About
 * one ordinary day in a thousand lies above it. 0: too little is known.
 */
int64_t excess_default_limit_wh(const int64_t *day_wh, int count);

struct excess {
    int64_t since_utc_ms; /* start of the quarter-hour in which the limit was passed */
    int64_t day_wh;
};

/*
 * Is the day over its limit (> 0)? Hysteresis: an alert that is open (`already`) ends only below 95 % of it, so that a late correction of a few Wh,
 * or a limit moved by a hair, does not ring twice.
 */
bool excess_of_day(const struct day *day, int64_t limit_wh, bool already, struct excess *out);

#endif
