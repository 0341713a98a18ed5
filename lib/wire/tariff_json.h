/*
 * A `tariff/1` document → struct tariff (docs/tariffs.md).
 *
 * Strict: money must be decimal text, and a field that this version cannot bill by is refused with its JSON path and what would be right, so that
 * nobody is billed by half a tariff. Pure but for the heap of the result.
 */
#ifndef WIRE_TARIFF_JSON_H
#define WIRE_TARIFF_JSON_H

#include <stddef.h>
#include "base/err.h"
#include "energy/tariff.h"

#define TARIFF_DOCUMENT_MAX 1048576

/* ERR_INVALID: fault.pointer is the JSON pointer of the mistake. */
enum err tariff_parse(const char *text, size_t len, struct fault *fault, struct tariff **out);
void tariff_destroy(struct tariff *tariff); /* NULL-safe */

#endif
