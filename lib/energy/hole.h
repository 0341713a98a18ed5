/*
 * Holes longer than two hours: their energy is known (a register difference), when it flowed is not. It is spread by the profile of the last fully
 * measured like-days (same class of day) before the hole, scaled so that the sum is the register difference; without such days, evenly. Never an
 * estimate from an estimate: only days of nothing but measured quarter-hours may lend their shape (ledger.md, "Splitting and holes"). Pure.
 */
#ifndef ENERGY_HOLE_H
#define ENERGY_HOLE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/zone.h"
#include "energy/span.h"

#define HOLE_LINEAR_MS INT64_C(7200000) /* up to 2 h: evenly */
#define HOLE_LIKE_DAYS 4
#define HOLE_LOOK_BACK_DAYS 60 /* how far back like-days are looked for; also how far a changed day may bear on later holes */
#define HOLE_SLOTS_MAX 38400   /* 400 days: a longer hole is spread evenly */

enum day_class { DAY_WORKING = 0, DAY_WEEKEND = 1 };
enum day_class day_class_of(int32_t local_day);

/* The last like-days of each class, as they were offered: in order of time. */
struct like_days {
    int count[2];
    int64_t wh[2][HOLE_LIKE_DAYS][96];
    int next[2];
};

/* May this day lend its shape? 96 quarter-hours, all measured. */
bool like_day_fits(const struct day *day);
/* Takes the day if it fits; the oldest of its class goes. */
void like_days_offer(struct like_days *likes, const struct day *day);

/* What the like-days used on the average in the quarter-hour of the wall clock that holds an instant; -1: there is no like-day of that class. */
int64_t like_days_wh(const struct like_days *likes, const struct zone *zone, int64_t utc_ms);

/*
 * Cuts a hole into spans of at most a quarter-hour each, in order, all estimated; their sum is the hole's energy. Returns how many were written to
 * out[max], or 0 when the hole is to be spread evenly: it is short, too long for `max`, or a class of day in it has no like-day.
 */
int hole_cut(const struct span *hole, const struct like_days *likes, const struct zone *zone, struct span *out, int max);

#endif
