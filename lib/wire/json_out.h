/*
 * Writing JSON into a buffer, in the order given: commas and quotes come by themselves. What overflows is seen at the end (buf.overflow).
 * Pure but for the buffer's heap.
 */
#ifndef WIRE_JSON_OUT_H
#define WIRE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

/* `key` NULL inside arrays and at the top. */
void out_object(struct buf *buf, const char *key);
void out_array(struct buf *buf, const char *key);
void out_end_object(struct buf *buf);
void out_end_array(struct buf *buf);
void out_text(struct buf *buf, const char *key, const char *value); /* NULL value: null */
void out_int(struct buf *buf, const char *key, int64_t value);
void out_bool(struct buf *buf, const char *key, bool value);
void out_null(struct buf *buf, const char *key);
void out_raw(struct buf *buf, const char *key, const char *json);            /* ready JSON */
void out_scaled(struct buf *buf, const char *key, int64_t value, int scale); /* 229300, 3 → 229.3 */
void out_instant(struct buf *buf, const char *key, int64_t utc_ms);
void out_day(struct buf *buf, const char *key, int32_t local_day);

#endif
