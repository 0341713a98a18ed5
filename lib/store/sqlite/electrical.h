/*
 * The electrical values of a reading as a few bytes: per quantity a tag, a count, and its values. Stored: never renumber the tags; what was written
 * with values of four bytes each is read too. Pure; private to lib/store.
 */
#ifndef STORE_SQLITE_ELECTRICAL_H
#define STORE_SQLITE_ELECTRICAL_H

#include <stddef.h>
#include "energy/reading.h"

#define ELECTRICAL_MAX 64

size_t electrical_pack(const struct reading *reading, unsigned char out[ELECTRICAL_MAX]); /* 0: nothing told */
void electrical_unpack(const unsigned char *bytes, size_t len, struct reading *reading);  /* ignores what it does not know */

#endif
