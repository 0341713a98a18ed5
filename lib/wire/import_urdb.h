/*
 * A rate of the US Utility Rate Database (OpenEI) → a `tariff/1` document. Its 12 × 24 schedules become windows by season, months alike put together;
 * what cannot be said is refused by its path rather than left out. Pure.
 */
#ifndef WIRE_IMPORT_URDB_H
#define WIRE_IMPORT_URDB_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

/* `text`: one rate, or an API answer whose `items` hold one. `tz`: NULL or a zone for the document. */
enum err urdb_import(const char *text, size_t len, const char *tz, struct fault *fault, struct buf *out);

#endif
