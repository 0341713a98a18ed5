/*
 * Bill variation: the forecast of the open bill against the mean of past bills, in percent. Pure.
 */
#ifndef ENERGY_VARIATION_H
#define ENERGY_VARIATION_H

#include <stdbool.h>
#include <stdint.h>

#define VARIATION_DEFAULT_PERCENT 30

/* (forecast − mean) · 100 / mean, cut toward zero. False where the mean is not above zero. */
bool variation_percent(int64_t forecast_minor, int64_t mean_minor, int64_t *out);

/* At or beyond the limit, up or down. Hysteresis: an alert that is open (`already`) ends only below four fifths of the limit. */
bool variation_over(int64_t percent, int64_t limit_percent, bool already);

#endif
