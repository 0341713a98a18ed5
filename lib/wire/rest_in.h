/*
 * Reads the JSON object of a request strictly: a member that is unknown, repeated, of another type or out of range is refused
 * with a JSON pointer to it. Out-parameters are untouched on failure, and where the member is absent or null.
 *
 * Nesting is limited by Jansson (2,048) and size by the caller. Pure: heap in Jansson only.
 */
#ifndef WIRE_REST_IN_H
#define WIRE_REST_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct rest_in; /* one JSON object */

/* ERR_INVALID where it is not one JSON object. An empty text is an empty object where `may_be_empty`. */
enum err rest_in_parse(const char *bytes, size_t len, bool may_be_empty, struct fault *fault, struct rest_in **out);
void rest_in_destroy(struct rest_in *in); /* NULL-safe */

/* ERR_INVALID at the first member that is not among `names` (ends with NULL). */
enum err rest_in_only(const struct rest_in *in, const char *const names[], struct fault *fault);
/* ERR_INVALID where the member is absent or null. */
enum err rest_in_required(const struct rest_in *in, const char *name, struct fault *fault);

enum rest_member { REST_ABSENT, REST_NULL, REST_GIVEN };
enum rest_member rest_in_member(const struct rest_in *in, const char *name);

/* `min` and `max` in bytes; at most size - 1. */
enum err rest_in_text(const struct rest_in *in, const char *name, size_t min, size_t max, struct fault *fault, char *out, size_t size);
/* 1 to 64 of A-Z a-z 0-9 . _ - */
enum err rest_in_name(const struct rest_in *in, const char *name, struct fault *fault, char *out, size_t size);
enum err rest_in_int(const struct rest_in *in, const char *name, int64_t min, int64_t max, struct fault *fault, int64_t *out);
/* RFC 3339 with an offset. */
enum err rest_in_instant(const struct rest_in *in, const char *name, struct fault *fault, int64_t *out_utc_ms);
/* An array of words without blanks, joined by one blank each. */
enum err rest_in_words(const struct rest_in *in, const char *name, struct fault *fault, char *out, size_t size);
/* YYYY-MM-DD */
enum err rest_in_day(const struct rest_in *in, const char *name, struct fault *fault, int32_t *out_local_day);
enum err rest_in_bool(const struct rest_in *in, const char *name, struct fault *fault, bool *out);
/* A number of degrees within ± limit, as millionths. */
enum err rest_in_degrees(const struct rest_in *in, const char *name, int limit, struct fault *fault, int32_t *out_udeg);
/* The object inside, whose faults point below `name`; destroy it too. *out stays NULL where it is absent or null. */
enum err rest_in_object(const struct rest_in *in, const char *name, struct fault *fault, struct rest_in **out);

#endif
