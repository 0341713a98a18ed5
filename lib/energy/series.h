/*
 * Prices over time that no window can say: half-hourly, hourly (docs/tariffs.md, "Series"). Nano currency per kWh, or of whatever unit the tariff
 * says.
 */
#ifndef ENERGY_SERIES_H
#define ENERGY_SERIES_H

#include <stdint.h>
#include "energy/bill.h"

/* One price of a series: half-open, ascending, not overlapping. */
struct series_price {
    int64_t from_utc_ms;
    int64_t until_utc_ms;
    int64_t nano;
};

struct price_series {
    char id[NAME_SIZE];
    int count;
    const struct series_price *prices;
};

#endif
