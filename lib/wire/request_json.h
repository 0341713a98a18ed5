/*
 * The parameters of requests to the ingestor (store/records.h, "requests"). Pure.
 */
#ifndef WIRE_REQUEST_JSON_H
#define WIRE_REQUEST_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "energy/reading.h"

/* {"meter_id":"casa-42"}, or {} (then ""): which meter a request is about. False where it is neither. */
bool request_meter_parse(const char *params, size_t len, char out_meter_id[METER_ID_SIZE]);
void request_meter_write(struct buf *out, const char *meter_id);

#endif
