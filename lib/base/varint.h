/*
 * Whole numbers as bytes: seven bits each, the lowest first, the eighth says that more follow; zigzag, so that small negative numbers are short too.
 * Stored: never change what is written. Pure.
 */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VARINT_MAX 10 /* bytes of one number */

/* Writes behind the `at` bytes that are there; how many there are then. */
static inline size_t varint_put(unsigned char *out, size_t at, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
    while (zigzag >= 0x80) {
        out[at++] = (unsigned char)(zigzag | 0x80);
        zigzag >>= 7;
    }
    out[at++] = (unsigned char)zigzag;
    return at;
}

/* False where the bytes end before the number does. */
static inline bool varint_take(const unsigned char *bytes, size_t len, size_t *at, int64_t *out)
{
    uint64_t zigzag = 0;
    for (int shift = 0; shift < 64 && *at < len; shift += 7) {
        unsigned char byte = bytes[(*at)++];
        zigzag |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = (int64_t)((zigzag >> 1) ^ (0 - (zigzag & 1)));
            return true;
        }
    }
    return false;
}

#endif
