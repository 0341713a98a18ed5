/*
 * Facts that pass by in order of their instant, joined to whole readings again: what every backend's `readings` verb is made of. Private to
 * lib/store. Pure.
 */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "store/facts.h"

/* More readings than this at one instant are told apart no further (and lose nothing but that). */
#define WALK_SAME_TS_MAX 64

struct walk {
    const struct reading_cursor *after; /* NULL: from the start */
    int order;                          /* 1 or -1, as the facts come */
    int left;                           /* how many readings may still be told */
    int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg);
    void *arg;
    int count; /* the readings of the instant under way */
    struct reading_row rows[WALK_SAME_TS_MAX];
};

/* The instants that a listing with this cursor has to look at. */
void walk_bounds(const struct walk *walk, int64_t *from_utc_ms, int64_t *until_utc_ms);

/* One fact: a reading with one channel and its verdict; its quality is set here. Non-zero: stop. */
int walk_fact(struct walk *walk, const struct reading_row *fact);

/* The end of the facts. */
void walk_end(struct walk *walk);

#endif
