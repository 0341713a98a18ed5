/*
 * Billing cycles: half-open spans of local midnights from a cycle group's calendar (domain.md). Pure.
 */
#ifndef ENERGY_CYCLE_H
#define ENERGY_CYCLE_H

#include <stdint.h>

#define CYCLE_DATES_MAX 64

struct cycle_group {
    int day_of_month; /* 1 … 28: each cycle begins on it; used where no read dates hold the day */
    int date_count;   /* read dates, ascending; a cycle runs from one to the next */
    int32_t dates_day[CYCLE_DATES_MAX];
};

/* The cycle that holds a local day. */
void cycle_containing(const struct cycle_group *group, int32_t local_day, int32_t *out_from_day, int32_t *out_until_day);

#endif
