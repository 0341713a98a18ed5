/*
 * Random names in base32 (RFC 4648, lower case): nonces, boots, serials. From the system's random
 * generator.
 */
#ifndef METER_NONCE_H
#define METER_NONCE_H

#include <stddef.h>
#include "base/err.h"

#define NONCE_LEN 26 /* × 5 bits = 130 */

/* Writes `len` characters and a NUL to out[len + 1]. ERR_FATAL when the system has no random
 * numbers. */
enum err nonce_make(size_t len, struct fault *fault, char *out);

#endif
