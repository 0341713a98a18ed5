/*
 * Judgement over the neighbours: which register reads of one channel carry energy, and why the others do not.
 *
 * What stands here now: conflict, transient, implausible and catch-up, reset, test. Rollover, sentinel, announced exchange and the
 * longest run for small steps back are the next work order (ledger.md, truth table); their verdicts have their numbers already.
 *
 * A judgement looks at most JUDGE_LOOK reads ahead and depends on the last used read behind, so a window that begins JUDGE_LOOK
 * reads before a change and ends JUDGE_LOOK after it judges the change as the whole history would, but for stretches of more than
 * JUDGE_LOOK odd reads, which count as having stayed. Pure.
 */
#ifndef ENERGY_JUDGE_H
#define ENERGY_JUDGE_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/verdict.h"

#define JUDGE_LOOK 32

/* What the connection can carry: phases × volts × breaker amps. Default 3 × 230 V × 100 A (domain.md). */
struct service {
    int phases;
    int volts;
    int amps;
};
#define SERVICE_DEFAULT ((struct service){3, 230, 100})

struct judged_read {
    int64_t ts_utc_ms;
    int64_t value_wh;
    unsigned flags;
    enum verdict verdict; /* set by judge_registers */
    bool used;            /* its value bounds energy */
    bool breaks;          /* used, and the register began anew here: no difference to the read before */
};

/* `reads` ascending by ts, then value. */
void judge_registers(struct judged_read *reads, int count, struct service service);

/* The most that a service can carry in a time, Wh, with the margin and the floor of ledger.md (a rise under 2 kWh is never odd). */
int64_t service_limit_wh(struct service service, int64_t duration_ms);

#endif
