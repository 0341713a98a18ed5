/*
 * Judgement over the neighbours: which register reads of one channel carry energy, how much, and why the others do not (ledger.md, truth table). The
 * truth is the register, not the arrival.
 *
 * Pure: the verdicts are a function of the reads in order of ts (and value), of the device's data and of the service. A judgement looks at most
 * JUDGE_AHEAD reads ahead and back from a place where the register goes back or leaps; where it does neither, a read depends on the one before it
 * alone. judge_is_plain tells which of both a stretch is, so that a caller can take a short window in the ordinary case.
 */
#ifndef ENERGY_JUDGE_H
#define ENERGY_JUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/decision.h"
#include "energy/verdict.h"

#define JUDGE_SHORT 32   /* so many odd reads may pass before a register that went back far is taken to have begun anew */
#define JUDGE_AHEAD 5000 /* so far a return is looked for */

/* What the connection can carry: phases × volts × breaker amps. Default 3 × 230 V × 100 A (domain.md). */
struct service {
    int phases;
    int volts;
    int amps;
};
#define SERVICE_DEFAULT ((struct service){3, 230, 100})

/* The most that a service can carry in a time, Wh, with the margin and the floor of ledger.md (a rise under 2 kWh is never odd). */
int64_t service_limit_wh(struct service service, int64_t duration_ms);

/* A device that was announced at a point (events: exchange), ascending by ts. Between the reads around `ts` the energy is exact. */
struct exchange {
    int64_t ts_utc_ms;
    int64_t old_final_wh;
    int64_t new_start_wh;
    int64_t new_register_max_wh; /* 0: unknown */
};

struct judge_context {
    struct service service;
    int64_t register_max_wh; /* of the device at the first read; the register turns to 0 after it; 0: unknown */
    const struct exchange *exchanges;
    int exchange_count;
};

struct judged_read {
    int64_t ts_utc_ms;
    int64_t value_wh;
    unsigned flags;
    enum forced forced; /* what was decided about it; a read flagged as a test never counts all the same */
    /* set by judge_registers */
    enum verdict verdict;
    bool used;       /* its value bounds energy */
    bool estimated;  /* the energy since the used read before it is not measured where it fell, or not known at all (reset) */
    int64_t rise_wh; /* energy since the used read before it; 0 for the first */
};

/*
 * `reads` ascending by ts, then value. A chosen read is used in any case: where it stands below the reads before it and at most JUDGE_SHORT of those,
 * not chosen themselves, stand above it, these are set aside; where more do, the register began anew there. No other read takes a chosen one back.
 */
void judge_registers(struct judged_read *reads, int count, const struct judge_context *context);

/* Never back, never a leap, no test, no two values at one ts, no all-ones, nothing decided: every read is used and judged by the one before it alone.
 */
bool judge_is_plain(const struct judged_read *reads, int count, const struct judge_context *context);

#endif
