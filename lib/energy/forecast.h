/*
 * Forecast of a cycle's energy: plain and honest. The rest of the cycle is expected to run like the mean of the last complete days, and the band
 * comes from how much those days differed. It is priced through the same engine as the bill. Pure; integers only.
 */
#ifndef ENERGY_FORECAST_H
#define ENERGY_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

#define FORECAST_DAYS_MAX 28 /* four whole weeks, so that each weekday weighs the same */
#define FORECAST_DAYS_MIN 3  /* fewer tell nothing */

struct forecast_input {
    int count; /* complete days known, newest first, at most FORECAST_DAYS_MAX */
    int64_t day_wh[FORECAST_DAYS_MAX];
    int64_t remaining_ms; /* from the last reading to the end of the cycle */
};

struct forecast_energy {
    int64_t rest_wh;      /* expected from the last reading to the end */
    int64_t low_rest_wh;  /* P10, never below 0 */
    int64_t high_rest_wh; /* P90 */
};

/* False when too little is known. */
bool forecast_rest(const struct forecast_input *input, struct forecast_energy *out);

#endif
