/*
 * Time is passed in. A program makes one clock and hands it down; a test hands down one that it moves by hand.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*now_utc_ms)(void *arg);   /* the wall clock; may jump */
    int64_t (*monotonic_ms)(void *arg); /* never goes back; for waiting */
    void *arg;
};

extern const struct clock clock_system;

static inline int64_t clock_now(const struct clock *clock)
{
    return clock->now_utc_ms(clock->arg);
}

static inline int64_t clock_monotonic(const struct clock *clock)
{
    return clock->monotonic_ms(clock->arg);
}

#endif
