/*
 * Reading JSON with Jansson, strictly: exact decimals, named failures. Private to lib/wire (it shows jansson.h).
 */
#ifndef WIRE_JSON_IN_H
#define WIRE_JSON_IN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "energy/verdict.h"

#define DETAIL_SIZE 160

/* A UTF-8 JSON object, or NULL and the verdict with its detail. Keys that stand twice are refused. */
json_t *json_in_object(const char *text, size_t len, enum verdict *out_verdict, char detail[DETAIL_SIZE]);

/* True where "v" is absent or the integer 1, the version of protocol.md that is understood. */
bool json_in_version(const json_t *object);

enum number_result { NUMBER_OK, NUMBER_NOT, NUMBER_RANGE };

/*
 * A JSON number × 10^scale, what lies below cut off toward minus infinity. Jansson hands decimals over as doubles; 15 significant digits of
 * them are the digits of the text, so every register up to 10^15 steps comes out exactly.
 */
enum number_result json_in_scaled(const json_t *value, int scale, int64_t min, int64_t max, int64_t *out);

#endif
