/*
 * The checks of a day as bytes: for each check its outcome and why it was skipped, its span, value and threshold as varints, then the day's voltages.
 * The same result is the same bytes. Private to lib/store.
 */
#ifndef STORE_CHECK_PACK_H
#define STORE_CHECK_PACK_H

#include <stddef.h>
#include "store/facts.h"

#define CHECK_PACKED_MAX (CHECK_COUNT * 42 + 32)

size_t check_pack(const struct check_day_row *row, unsigned char out[CHECK_PACKED_MAX]);
/* False where the bytes are not what check_pack writes. */
bool check_unpack(const unsigned char *bytes, size_t len, struct check_day_row *row);
/* Bit i: check i found something. */
unsigned check_found_bits(const struct check_day_row *row);

#endif
