/*
 * Spans: energy known between two instants, and how it falls on quarter-hours.
 *
 * Between two used reads the register at a boundary t is r0 + floor((r1 - r0)·(t - t0)/(t1 - t0)) in 128 bits; a quarter-hour is
 * the difference of two boundary values, so sums are exact to the Wh (ledger.md, "Splitting and holes"). Interval facts are cut the
 * same way. Pure.
 */
#ifndef ENERGY_SPAN_H
#define ENERGY_SPAN_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/judge.h"
#include "energy/quarter.h"

struct span {
    int64_t from_utc_ms;
    int64_t until_utc_ms; /* > from */
    int64_t wh;
    bool estimated; /* a hole, or the judge says so (catch-up, reset) */
    bool hole;      /* longer than 1.5 × the reading interval, its energy known: energy/hole.h spreads it */
};

/* Steps between readings, to tell what is a hole: the declared interval, else the median of the last 100 steps, else one hour. */
#define STEPS_MAX 100
#define STEPS_FEW 10
#define STEP_UNKNOWN_MS INT64_C(3600000)
struct steps {
    int64_t declared_ms; /* 0: not declared */
    int count;
    int next;
    int64_t ms[STEPS_MAX];
};
void steps_add(struct steps *steps, int64_t step_ms);
/* The reading interval by these steps: declared, else their lower median, else an hour. */
int64_t steps_interval_ms(const struct steps *steps);
/* Is a step of this length more than 1.5 × the reading interval? */
bool steps_is_hole(const struct steps *steps, int64_t step_ms);

/*
 * The spans between consecutive used reads, in order; `out` has room for count. `steps` goes in with what was before and comes out with
 * these reads added. Returns the number of spans.
 */
int spans_of_registers(const struct judged_read *reads, int count, struct steps *steps, struct span *out);

/* How much of each quarter-hour of a day is covered by spans, ms. */
struct coverage {
    int32_t ms[DAY_SLOTS_MAX];
    bool estimated[DAY_SLOTS_MAX];
};

/* Adds what of the span falls on slots [from_slot, until_slot) of the day. */
void day_add_span(struct day *day, struct coverage *coverage, int from_slot, int until_slot, const struct span *span);

/* Gives those slots their quality, once all spans were added. */
void day_settle(struct day *day, const struct coverage *coverage, int from_slot, int until_slot);

#endif
