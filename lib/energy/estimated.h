/*
 * Billing by estimate: how much of a cycle's energy nobody measured where it fell, and for how many cycles running.
 *
 * A cycle is billed by estimate when more than a share of its energy is estimated; a utility may do so for a few consecutive cycles only. Both limits
 * are settings (records.h): the share is ours, the number of cycles is three as in REN ANEEL 414/2010, art. 87, § 1, on billing by the mean where a
 * meter cannot be read. Edited quarter-hours are not estimated: somebody answers for them. Pure.
 */
#ifndef ENERGY_ESTIMATED_H
#define ENERGY_ESTIMATED_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/quarter.h"

#define ESTIMATED_CYCLES_COUNTED 24 /* further back nobody counts */

struct estimated_limits {
    int64_t share_percent; /* 0 … 100 */
    int64_t cycles_max;
};

/* The energy of the estimated quarter-hours of a day, Wh. */
int64_t estimated_day_wh(const struct day *day);

/* Is a cycle with so much estimated of its energy billed by estimate? One without estimates never is. */
bool estimated_cycle(int64_t estimated_wh, int64_t total_wh, const struct estimated_limits *limits);

#endif
