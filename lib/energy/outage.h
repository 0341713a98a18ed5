/*
 * Outages of one metering point, made of what its meter told: events `power_fail` and `power_restored`, readings flagged `power_fail` (the
 * power was off then) and all other readings (it was on). Any order and any repetition give the same outages.
 *
 * Where a half is missing the nearest reading bounds it: a failure without its return lasts until the next reading that shows power, a return
 * without its failure began at the last one; without any before it the begin is unknown and nothing is made of it. A bound makes an outage
 * longer than it was, never shorter.
 *
 * Indicators: DIC (hours without power) and FIC (how often) of a consumer unit in a local month, quarter or year, and DMIC (the longest) in a month,
 * as ANEEL's PRODIST, module 8 (annex VIII of REN 956/2021), defines them and limits them; interruptions of at least three minutes count. One that
 * reaches over the end of a month is ours to divide: its time counts in the month in which it passed, its number in the month in which it began. So
 * a quarter, and a year, is the sum of its months. What PRODIST takes out (critical days,
 * suspension for debt, …) no meter can tell: these are raw indicators.
 *
 * Pure: no clock, no heap, no log.
 */
#ifndef ENERGY_OUTAGE_H
#define ENERGY_OUTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTAGE_COUNTS_FROM_MS INT64_C(180000) /* PRODIST, module 8: three minutes */
#define OUTAGE_OPEN INT64_MAX

/* At one instant they are looked at in this order. */
enum power_word {
    POWER_SEEN,    /* a reading: there was power */
    POWER_FLAGGED, /* a reading that says that there was none */
    POWER_FAILED,  /* the event */
    POWER_RESTORED,
};

struct power_sign {
    int64_t ts_utc_ms;
    enum power_word word;
};

struct outage {
    int64_t from_utc_ms, until_utc_ms; /* OUTAGE_OPEN: not over yet */
    enum power_word began_by;          /* POWER_SEEN: not told, the last reading bounds it */
    enum power_word ended_by;          /* POWER_SEEN: not told, the next reading bounds it; nothing while it is open */
};

/* Sorts `signs`. Writes at most as many outages as there are signs besides POWER_SEEN, ascending and apart; returns how many. */
size_t outages_of(struct power_sign *signs, size_t count, struct outage *out);

/* One that is open lasts until now. */
int64_t outage_length_ms(const struct outage *outage, int64_t now_utc_ms);
bool outage_counts(const struct outage *outage, int64_t now_utc_ms);

struct outage_month {
    int64_t dic_ms, dmic_ms;
    int64_t fic;
};

/* Of the span [from, until): a local month, or the months of a quarter or a year together (dmic_ms is then the longest within them all). */
void outage_month_count(const struct outage *outages, size_t count, int64_t from_utc_ms, int64_t until_utc_ms, int64_t now_utc_ms,
                        struct outage_month *out);

#endif
