/*
 * The payload of meters/<id>/readings → readings, each with its verdict (protocol.md, "Readings"). Pure: time is not looked at here; what needs the
 * time of receipt (future, missing ts → server time) is judged by the caller.
 */
#ifndef WIRE_READING_JSON_H
#define WIRE_READING_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "energy/reading.h"
#include "energy/verdict.h"

#define PAYLOAD_MAX 262144 /* protocol.md: at most 256 KiB */
#define BATCH_MAX 1000
#define READING_DETAIL_SIZE 160

struct parsed_reading {
    enum verdict verdict; /* ACCEPTED: well-formed; else why not. seq and boot are told as far as they could be read */
    char detail[READING_DETAIL_SIZE];
    bool has_ts;
    struct reading reading;
};

/*
 * Calls `each` for every reading in the message. A message that is no batch at all (too large, not JSON …) is one refused reading. `each` gets a
 * parsed reading that is only valid during the call.
 */
void readings_parse(const char *payload, size_t len, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg);
/* The same without the short way for plain readings (reading_scan.h): what that one is held against. */
void readings_parse_whole(const char *payload, size_t len, void (*each)(const struct parsed_reading *parsed, void *arg), void *arg);

/*
 * A reading in the fields of protocol.md, `ts` as RFC 3339 UTC, without enclosing braces: the caller opens the object and may add its own fields.
 */
void reading_fields_write(struct buf *out, const struct reading *reading);

#endif
