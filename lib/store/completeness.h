/*
 * How many readings of a local day were to come, and how many came. For the ingestor, which keeps it of each closed day, and for whoever asks of a
 * day that is still open.
 *
 * Received are the distinct instants (`ts`) of the day with at least one fact: a repetition and a contradiction count once, what was refused not at
 * all. Expected is the day's length over the reading interval: the declared one, else the lower median of the last 100 steps before the day's end,
 * else an hour (domain.md, "metering point"). Only the COMPLETENESS_PAST_DAYS before the day's end are looked at, so that what a late reading may
 * change is bounded. Errors are those of facts.h.
 */
#ifndef STORE_COMPLETENESS_H
#define STORE_COMPLETENESS_H

#include "store/facts.h"

#define COMPLETENESS_PAST_DAYS 28 /* as of the checks (energy/check.h), with which it is kept */

/* The local day lies at [from, until). `declared_s` 0: no interval is declared. */
enum err completeness_of_day(struct facts *facts, int64_t meter_no, int32_t declared_s, int32_t local_day, int64_t from_utc_ms, int64_t until_utc_ms,
                             struct fault *fault, struct completeness_row *out);

#endif
