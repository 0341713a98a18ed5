/*
 * A ledger that fails on cue: wraps one backend and hands every verb through, until the moment it
 * was told of. What a program does when a disk is full, a lock is held too long, or the answer to a
 * commit is lost, is tested with it.
 */
#ifndef TESTS_FAULTY_STORE_H
#define TESTS_FAULTY_STORE_H

#include <stdbool.h>
#include "store/facts.h"

enum faulty_verb { FAULTY_NOTHING, FAULTY_BEGIN, FAULTY_READ, FAULTY_WRITE, FAULTY_COMMIT };

struct faulty_cue {
    enum faulty_verb verb; /* which kind of verb fails */
    int after;             /* so many of them still work */
    int times;             /* then so many fail, and all is well again; 0: one */
    enum err err;          /* ERR_RETRY: nothing happened. ERR_UNCERTAIN on commit: it happened all the same */
};

/* Takes `inner` over: it is closed with the wrapper. */
struct facts *faulty_open(struct facts *inner);
void faulty_set(struct facts *facts, struct faulty_cue cue); /* counting begins now */
int faulty_hits(const struct facts *facts);                  /* how often it failed since the cue */

#endif
