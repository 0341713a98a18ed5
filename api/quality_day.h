/*
 * How complete one local day of a meter is: how many of its quarter-hours should be there by now, and what became of them. Pure.
 *
 * A day expects the quarter-hours that ended by `known_until_utc_ms`. Nothing is expected of a meter that is out of service, nor of what
 * lies before it was registered; what is there nevertheless (history that was loaded later) counts as expected: a whole day where the
 * meter was registered after that day. Readings are counted beside them (store/completeness.h).
 */
#ifndef API_QUALITY_DAY_H
#define API_QUALITY_DAY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/zone.h"
#include "energy/quarter.h"

/* Up to when a quarter-hour should be there: half an interval of patience past the next reading. 0: no interval is declared. */
int64_t quality_known_until(int32_t reading_interval_s, int64_t now_utc_ms);

struct quality_day {
    int64_t expected; /* = measured + estimated + partial + edited + missing */
    int64_t measured, estimated, partial, edited, missing;
    int64_t readings_expected, readings_received; /* received may be more */
};

/* `in_service`: something is expected of the meter, from `since_utc_ms` on. `sum`: as stored; NULL: the day was never derived. */
void quality_day_count(const struct zone *zone, int32_t local_day, bool in_service, int64_t since_utc_ms, int64_t known_until_utc_ms,
                       const struct energy_sum *sum, struct quality_day *out);

/*
 * Readings that should be there by `known_until_utc_ms`, by the same rule: so many intervals fit into what of the day counts, and what is there
 * nevertheless counts as expected, up to what the whole day would hold. `anything`: energy of the day is there.
 */
int64_t quality_readings_expected(const struct zone *zone, int32_t local_day, bool in_service, int64_t since_utc_ms, int64_t known_until_utc_ms,
                                  int32_t interval_s, bool anything, int64_t received);

void quality_day_add(struct quality_day *total, const struct quality_day *day);

/*
 * Is there something to look after: a quarter-hour estimated, missing or only partly known, or readings that did not come? One reading less is
 * forgiven: near midnight it falls on either day.
 */
bool quality_day_incomplete(const struct quality_day *day);

/* Measured, edited or partly measured: an edited one has somebody who answers for it. */
int64_t quality_day_present(const struct quality_day *day);

/* The same in thousandths of what is expected; -1: nothing is expected. */
int64_t quality_day_permille(const struct quality_day *day);

#endif
