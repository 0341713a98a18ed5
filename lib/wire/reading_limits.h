/*
 * The ranges of a reading's numbers (protocol.md, "Readings"), in the units they are stored in, shared by both parsers. Private to lib/wire.
 */
#ifndef WIRE_READING_LIMITS_H
#define WIRE_READING_LIMITS_H

#include <stdint.h>

#define TS_MAX_MS INT64_C(253402300799999) /* the end of year 9999, RFC 3339's last */
#define POWER_MAX_W INT64_C(1000000000)
#define VOLTAGE_MAX_MV INT64_C(1000000000)
#define CURRENT_MAX_MA INT64_C(1000000000)
#define POWER_FACTOR_MAX_MILLI 1000
#define FREQUENCY_MAX_MHZ 1000000

#endif
