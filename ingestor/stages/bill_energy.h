/*
 * The energy of one bill, as coarse as its plan allows: day sums, or quarter-hours where the tariff looks inside the day.
 */
#ifndef INGESTOR_STAGES_BILL_ENERGY_H
#define INGESTOR_STAGES_BILL_ENERGY_H

#include "energy/rate.h"
#include "ingestor/context.h"

struct bill_energy {
    int32_t from_day, until_day;
    struct energy_sum days[CYCLE_DAYS_MAX]; /* import; days[i] is from_day + i */
    struct energy_sum export_days[CYCLE_DAYS_MAX];
    struct rate_interval *intervals; /* NULL: day sums are enough */
    int interval_count, interval_size;
};

/* `today`: days from it on that have no row are still to come, not missing. bill_energy_finish is due in any case. */
enum err bill_energy_load(struct facts *facts, const struct point *point, const struct rate_plan *plan, int32_t today, struct fault *fault,
                          struct bill_energy *out);
void bill_energy_finish(struct bill_energy *energy);

/* The bill's total when `rest_wh` come evenly over what of the cycle lies after an instant. False: nothing lies there, or no price. */
bool bill_energy_price_rest(const struct rate_plan *plan, const struct rate_input *input, const struct bill_energy *so_far, int64_t at_ms,
                            int64_t rest_wh, struct bill *scratch, struct money *out);

/* A month's mean of the year before the cycle, from the days that are known; where fewer than 30 are, what the cycle itself used. */
enum err bill_energy_average(struct facts *facts, const struct point *point, const struct bill_energy *energy, struct fault *fault, int64_t *out_wh);

void bill_energy_input(const struct bill_energy *energy, struct rate_input *out);

#endif
