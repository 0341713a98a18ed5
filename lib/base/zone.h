/*
 * A time zone, read from the bytes of a TZif file (RFC 8536) that somebody else loaded: this library does
 * no I/O. Version 2 or later data are used where present, and the footer's POSIX TZ rule carries on after
 * the last transition (so 2040 is right too).
 *
 * A zone is immutable after creation and may be shared by threads. All functions are pure but for the heap
 * of zone_create.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/err.h"
#include <stdint.h>
#include <stddef.h>

struct zone;

#define ZONE_NAME_SIZE 64

enum err zone_create(const char *name, const void *tzif, size_t len, struct fault *fault, struct zone **out);
void zone_destroy(struct zone *zone); /* NULL-safe */

const char *zone_name(const struct zone *zone); /* "America/Sao_Paulo" */

/* Seconds east of UTC in force at this instant. */
int32_t zone_offset_s(const struct zone *zone, int64_t utc_ms);

/*
 * The same without daylight saving (a tariff's `time_basis: standard`): winter time. In Ireland too, whose
 * winter the tz database calls daylight saving of minus an hour.
 */
int32_t zone_standard_offset_s(const struct zone *zone, int64_t utc_ms);

/*
 * The local date that holds this instant: the day between whose midnights it lies. Where a clock was set back
 * over a midnight that it had shown, the day that had begun goes on.
 */
int32_t zone_local_day(const struct zone *zone, int64_t utc_ms);

/*
 * The first instant of a local date: midnight, or, where a clock change skips midnight (as Brazil's did),
 * the first instant that exists. Days therefore tile time: [midnight(d), midnight(d+1)), 23 to 25 hours.
 */
int64_t zone_midnight_utc_ms(const struct zone *zone, int32_t local_day);

/*
 * The instant of a local wall time, `ms_of_day` after 00:00 on the wall clock. A time that exists twice
 * gives the earlier (`later` false) or the later one; a time that was skipped gives the instant that the
 * clock would have shown had it not moved.
 */
int64_t zone_from_wall(const struct zone *zone, int32_t local_day, int64_t ms_of_day, int later);

#endif
