/*
 * The energy of a bill out of the ledger (energy/bill_energy.h).
 */
#ifndef STORE_BILL_ENERGY_LOAD_H
#define STORE_BILL_ENERGY_LOAD_H

#include "energy/bill_energy.h"
#include "store/facts.h"

/* `today`: days from it on that have no row are still to come, not missing. bill_energy_finish is due in any case. */
enum err bill_energy_load(struct facts *facts, int64_t meter_no, const struct rate_plan *plan, int32_t today, struct fault *fault,
                          struct bill_energy *out);
/* A month's mean of the year before the cycle, from the days that are known; where fewer than 30 are, what the cycle itself used. */
enum err bill_energy_average(struct facts *facts, int64_t meter_no, const struct bill_energy *energy, struct fault *fault, int64_t *out_wh);

#endif
