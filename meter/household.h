/*
 * A simulated household: what its meter shows at any instant, from a seed, a number and the place
 * alone.
 *
 * Registers are an exact integral. A local day has a total for import and one for export (from the
 * people who live there, the weekday, the season, the day's temperature, the sun); the total is cut
 * over the day's quarter-hours by cumulative weights, and a quarter-hour over its minutes likewise.
 * So a register at any instant is a pure function of that instant, never goes back with time, and
 * is the same in history and live, before and after a restart.
 *
 * Integers only; energy is carried in joules (1 Wh = 3600 J). Pure but for the day kept in struct
 * household as a cache. Not thread-safe per household. The shapes are plausible inventions, not
 * measurements.
 */
#ifndef METER_HOUSEHOLD_H
#define METER_HOUSEHOLD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/zone.h"

#define HOUSEHOLD_EPOCH_DAY 19723 /* 2024-01-01: registers begin here, with what they had */
#define HOUSEHOLD_SLOTS_MAX 100   /* quarter-hours of a local day of 25 hours */

/* Where the households stand. Shared by them all. */
struct neighbourhood {
    const struct zone *zone;
    uint64_t seed;
    bool southern;      /* summer in January */
    int32_t nominal_mv; /* 220000, 230000, … */
};

struct household {
    const struct neighbourhood *place;
    uint64_t key;
    int persons;
    int32_t base_w;     /* standby and refrigerator, mean */
    int32_t fridge_w;   /* what the compressor draws while it runs */
    int32_t shift_min;  /* early birds and night owls */
    int32_t cooling_wh; /* a day, for each degree above 24 °C */
    int32_t heating_wh; /* a day, for each degree below 14 °C */
    int32_t pv_wp;      /* 0: no panels */
    bool home_office, car;
    int64_t start_wh, start_export_wh; /* at the epoch */

    /* the day looked at last */
    int32_t day;
    int64_t day_utc_ms;
    int slots;
    int64_t before_j, export_before_j;      /* from the epoch to this day */
    int32_t cum_j[HOUSEHOLD_SLOTS_MAX + 1]; /* import since midnight at each boundary */
    int32_t export_cum_j[HOUSEHOLD_SLOTS_MAX + 1];
};

struct household_point {
    int64_t import_wh, export_wh;
    int32_t power_w; /* negative while feeding in */
    int32_t voltage_mv;
};

/* True where the zone's name is one of a southern country. */
bool neighbourhood_is_southern(const char *zone_name);

void household_init(struct household *household, const struct neighbourhood *place, uint32_t number);

/* What the meter shows; before the epoch it shows what it had then. */
void household_at(struct household *household, int64_t utc_ms, struct household_point *out);

#endif
