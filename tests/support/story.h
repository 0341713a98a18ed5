/*
 * Stories of one meter, made from a seed: what it sends over some weeks or days with all that real meters do to it, what its events say, and what
 * people decide on its readings meanwhile. The same seed is the same story.
 *
 * Every reading carries its time, so that nothing in a story depends on when it is told (readings without one take the time of their receipt, by the
 * contract: they have no place here). A fact is told by one reading only: which of two readings brought a value first would depend on their order.
 */
#ifndef TESTS_STORY_H
#define TESTS_STORY_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/decision.h"
#include "tests/support/rig.h"

#define STORY_METER "casa"

enum move_kind { MOVE_SAY, MOVE_DECIDE, MOVE_WITHDRAW };

struct move {
    enum move_kind kind;
    int64_t at_ms; /* when it happens, where the story is told as it happens; not descending */
    bool reading;  /* said: a reading, which may stand in a batch; else an event */
    char *payload;
    struct decision decision;
    int decided; /* withdrawn: the number of the move that decided */
};

struct story {
    unsigned seed;
    bool history; /* all of it lies before RIG_NOW; else it goes on from there */
    const char *zone;
    int interval_s; /* declared; 0: not */
    int64_t excess_wh;
    bool export_allowed;
    int count;
    struct move *moves;
    int64_t end_ms;
};

void story_make(unsigned seed, bool history, struct story *out);
void story_finish(struct story *story);

/* A bench with the story's meter, tariff and rules. */
void story_begin(const struct story *story, struct rig *rig);

/* A decision, or its withdrawal, as a person takes it now. `numbers[i]` is set and used for the move i. */
void story_decide(const struct story *story, int move, struct rig *rig, int64_t *numbers);

/* All of the ledger that the story made: facts, events, verdicts, days, checks, completeness, bills; `alerts`: episodes too. */
void story_ledger(struct rig *rig, bool alerts, struct buf *out);

/* Random numbers of a test: the same ones from the same seed. */
struct dice {
    uint64_t state;
};
struct dice dice_of(unsigned seed, unsigned use);
int dice(struct dice *dice, int below);
static inline bool dice_one_in(struct dice *d, int n)
{
    return dice(d, n) == 0;
}

#endif
