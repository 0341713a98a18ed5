/*
 * Rating: energy per local day × tariff → the lines, taxes and total of a bill. A pure function: same inputs, same bytes.
 *
 * The cycle is cut where a tariff version begins (billing.md, "split_days"); each segment uses its own prices on the energy of its own
 * days, tiers and monthly charges in proportion to its days of the cycle. Every division is carried as a fraction to the end of its line and
 * rounded there, once.
 */
#ifndef ENERGY_RATE_H
#define ENERGY_RATE_H

#include "base/err.h"
#include "energy/bill.h"
#include "energy/tariff.h"

#define CYCLE_DAYS_MAX 400

struct rate_input {
    int32_t from_day; /* the cycle: half-open local dates */
    int32_t until_day;
    int32_t cycle_days; /* days of the whole cycle, where only a part of it is billed (moved in or out); 0: these are all */
    /* Energy of each day of the cycle, and its quality counts; days[i] is from_day + i. */
    struct energy_sum days[CYCLE_DAYS_MAX];
};

/*
 * Fills currency, from/until day, days, import_wh, lines, taxes, subtotal, total, tariff_id and version_hash of *out; the rest is the caller's.
 * ERR_INVALID: a day of the cycle has no tariff version, or a number does not fit; *out is untouched and the fault says which.
 */
enum err rate_cycle(const struct tariff *tariff, const struct rate_input *input, struct fault *fault, struct bill *out);

#endif
