/*
 * Decisions on readings: what a person said about what a register showed (domain.md, "decision"). Facts stay as they came; a decision is an input
 * beside them, and what is derived is a pure function of both. Of two decisions on the same thing the later one (by decision_no) holds, whichever
 * came first to the program that applies them.
 *
 *   accept     one stored register read is used, whatever its neighbours say
 *   refuse     one stored register read is set aside, whatever its neighbours say
 *   edit       the quarter-hours of a span carry this energy together, spread by the shape they had
 *   estimate   the quarter-hours of a span that nothing measured are filled: by the like-days before the span, or up to a given total
 *
 * How sums relate to the registers: accept and refuse choose among what the register showed, so the total stays last − first of the used reads. An
 * edit or an estimate stands beside the register: within its span the energy is what was decided, outside of it what was read, and the total of the
 * days is off from last − first by exactly what the decision changed.
 *
 * Pure: no clock, no heap, no log.
 */
#ifndef ENERGY_DECISION_H
#define ENERGY_DECISION_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/quarter.h"

/* What decisions say of one read. */
enum forced { FORCED_NOT = 0, FORCED_USED = 1, FORCED_ASIDE = 2 };

/* Stored: never renumber. */
enum decision_action { DECISION_ACCEPT = 1, DECISION_REFUSE = 2, DECISION_EDIT = 3, DECISION_ESTIMATE = 4 };
const char *decision_action_name(enum decision_action action); /* "accept", … */
bool decision_action_parse(const char *name, enum decision_action *out);

/* Stored: never renumber. Only what is approved has an effect. */
enum decision_state { DECISION_PROPOSED = 0, DECISION_APPROVED = 1, DECISION_REJECTED = 2, DECISION_WITHDRAWN = 3 };
#define DECISION_STATES 4
const char *decision_state_name(enum decision_state state); /* "proposed", … */
bool decision_state_parse(const char *name, enum decision_state *out);

/* A bill of two months is the longest that is usual; a span beyond it is decided in parts. */
#define DECISION_SPAN_DAYS_MAX 62
#define DECISION_SPAN_MS_MAX (DECISION_SPAN_DAYS_MAX * INT64_C(86400000))
#define DECISION_SLOTS_MAX ((DECISION_SPAN_DAYS_MAX + 1) * 96)

struct decision {
    int64_t decision_no;
    int32_t channel;
    enum decision_action action;
    int64_t from_utc_ms, until_utc_ms; /* of a span: quarter-hours; of a read: its ts and the millisecond after it */
    int64_t value_wh;                  /* of a read */
    bool has_energy;                   /* edit: always; estimate: where a total was given */
    int64_t energy_wh;
};

bool decision_is_span(const struct decision *decision);

/* The channel under which the quarter-hours of days with decisions on a span are kept as they were without them. */
int32_t decision_base_channel(int32_t channel);

/* How decisions on reads lie in an array: by (from_utc_ms, decision_no). For qsort; spans lie so too. */
int decision_order(const void *a, const void *b);

/*
 * What the decisions say of one read: the latest one that names its channel, ts and value. Of several values accepted at one ts, the one accepted
 * last. `decisions` are approved ones on reads, in decision_order.
 */
enum forced decisions_on_read(const struct decision *decisions, int count, int32_t channel, int64_t ts_utc_ms, int64_t value_wh);

/* One quarter-hour of a span under decision. */
struct decided_slot {
    int64_t start_utc_ms;
    struct slot base; /* as it is without any decision on spans */
    int64_t like_wh;  /* what the like-days before the span used at this time of the day; -1: there is none */
    bool claimed;     /* set by decision_spread: it carries `wh` */
    int64_t wh;
};

/*
 * What one decision makes of the quarter-hours of its span, all of them, in order.
 *
 * edit: every quarter-hour, in proportion to what it had (a missing one as much as the others on the average), evenly where all had nothing; the sum
 * is energy_wh exactly.
 * estimate with a total: what is not measured shares energy_wh less what is measured (0 where that is more already), in proportion to the like-days,
 * else to what it had, else evenly.
 * estimate without: each quarter-hour that is missing, or covered in part, takes what the like-days used, never less than what was read in it. What
 * is estimated already stays, because its sum is a difference of registers. Where there is no like-day nothing is claimed.
 *
 * False: nothing was claimed.
 */
bool decision_spread(const struct decision *decision, struct decided_slot *slots, int count);

#endif
