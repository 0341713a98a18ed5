/*
 * Instants: int64_t `…_utc_ms`, milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Pure.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MS_PER_S INT64_C(1000)
#define MS_PER_MIN INT64_C(60000)
#define MS_PER_HOUR INT64_C(3600000)
#define MS_PER_DAY INT64_C(86400000)

/*
 * RFC 3339 with an offset or Z: "2026-11-22T18:00:00Z", "…T18:00:00.250-03:00". Upper or lower case T and
 * Z, or a blank for T; fractions of any length, cut to milliseconds; second 60 reads as 59.999. False
 * without an offset.
 */
bool instant_parse(const char *text, size_t len, int64_t *out_utc_ms);

#define INSTANT_TEXT_SIZE 28
/* "2026-11-22T21:00:00Z", with ".250" before the Z only where milliseconds are not zero. Beyond the years 0 to
 * 9999 it writes their first or last millisecond. */
void instant_format(int64_t utc_ms, char out[INSTANT_TEXT_SIZE]);

/* Floor of utc_ms to a multiple of step_ms, right for times before 1970 too. */
int64_t instant_floor(int64_t utc_ms, int64_t step_ms);

#endif
