/*
 * Forecast of a cycle's energy: plain and honest. The rest of the cycle is expected to run like the last complete days, the newest weighing most: a
 * day's weight halves every six days, since a home's use drifts with the weather and with who is at home. The band (P10 to P90) comes from how much
 * those days differed, widened by what a simple count of days does not see: neighbouring days are alike, and the level itself moves.
 *
 * Half-life and widening were chosen on October to December of fifty real homes (bench/forecast.c), and are held to January to April of the same
 * homes, which had no part in choosing; docs/performance.md has the figures. The energy is priced through the same engine as the bill. Pure;
 * integers only.
 */
#ifndef ENERGY_FORECAST_H
#define ENERGY_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

#define FORECAST_DAYS_MAX 28 /* four whole weeks, so that the spread sees each weekday as often */
#define FORECAST_DAYS_MIN 3  /* fewer tell nothing */
#define FORECAST_AGE_MAX 56  /* no day older than this is looked at */

struct forecast_input {
    int count; /* complete days known, newest first, at most FORECAST_DAYS_MAX */
    int64_t day_wh[FORECAST_DAYS_MAX];
    int age_days[FORECAST_DAYS_MAX]; /* 1: the day before the one of the last reading; 1 … FORECAST_AGE_MAX */
    int64_t remaining_ms;            /* from the last reading to the end of the cycle */
};

struct forecast_energy {
    int64_t rest_wh;      /* expected from the last reading to the end */
    int64_t low_rest_wh;  /* P10, never below 0 */
    int64_t high_rest_wh; /* P90 */
};

/* False when too little is known. */
bool forecast_rest(const struct forecast_input *input, struct forecast_energy *out);

#endif
