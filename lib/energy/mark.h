/*
 * A mark: "what is derived for this meter between these instants is not up to date". Commit A sets marks, commit B
 * consumes them. One per (meter, kind): merged by union, with a generation that counts every merge, so that a mark
 * that grew while it was being worked on survives its own clearing.
 */
#ifndef ENERGY_MARK_H
#define ENERGY_MARK_H

#include <stdint.h>

/* Stored: never renumber. */
enum mark_kind {
    MARK_ENERGY = 0, /* facts changed: quarter-hours, then bills and alerts over them */
    MARK_BILL = 1,   /* a decision changed (tariff, account, rule, goal): bills and alerts only */
    MARK_CHECK = 2,  /* closed days to be checked against themselves and their past (energy/check.h); what they say changes no energy */
};

struct mark {
    int64_t meter_no;
    enum mark_kind kind;
    int64_t from_utc_ms;
    int64_t until_utc_ms; /* exclusive */
    int64_t generation;
};

#endif
