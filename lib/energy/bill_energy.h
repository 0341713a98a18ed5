/*
 * The energy of one bill, as coarse as its plan allows: day sums, or quarter-hours where the tariff looks inside the day.
 */
#ifndef ENERGY_BILL_ENERGY_H
#define ENERGY_BILL_ENERGY_H

#include "energy/rate.h"

struct bill_energy {
    int32_t from_day, until_day;
    struct rate_interval *intervals; /* NULL: day sums are enough */
    int interval_count, interval_size;
    struct energy_sum days[CYCLE_DAYS_MAX]; /* import; days[i] is from_day + i, valid up to until_day */
    struct energy_sum export_days[CYCLE_DAYS_MAX];
};

/* More intervals behind those that are there. False: no memory. */
bool bill_energy_push(struct bill_energy *energy, const struct rate_interval *intervals, int count);
void bill_energy_finish(struct bill_energy *energy);

/* The bill's total when `rest_wh` come evenly over what of the cycle lies after an instant. False: nothing lies there, or no price. */
bool bill_energy_price_rest(const struct rate_plan *plan, const struct rate_input *input, const struct bill_energy *so_far, int64_t at_ms,
                            int64_t rest_wh, struct bill *scratch, struct money *out);

void bill_energy_input(const struct bill_energy *energy, struct rate_input *out);

#endif
