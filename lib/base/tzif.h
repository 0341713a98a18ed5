/*
 * The bytes of a TZif file (RFC 8536), checked and laid open. Used by zone.c alone. Pure, and of no heap:
 * the views point into the caller's bytes.
 */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TZIF_OFFSET_MAX_S (26 * 3600) /* RFC 8536, 3.2: offsets should stay within -25 … 26 hours */

struct tzif {
    uint32_t transition_count;
    uint32_t type_count;
    const unsigned char *times;      /* big-endian, time_size bytes each */
    const unsigned char *time_types; /* one byte each, below type_count */
    const unsigned char *types;      /* six bytes each: offset, daylight flag, name */
    const char *footer;              /* the POSIX TZ rule, not terminated */
    size_t footer_len;               /* 0: none */
    int time_size;                   /* 8, or 4 in a file of version 1 */
};

/* ERR_INVALID when these are not such bytes, or count leap seconds ("right/…"), which instants here do not. */
enum err tzif_open(const void *bytes, size_t len, struct fault *fault, struct tzif *out);

int64_t tzif_time_s(const struct tzif *tzif, uint32_t transition);
int32_t tzif_type_offset_s(const struct tzif *tzif, uint32_t type);
bool tzif_type_is_daylight(const struct tzif *tzif, uint32_t type);

#endif
