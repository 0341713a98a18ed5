/*
 * Text for people out of bytes that a stranger sent: a payload that may be no UTF-8, a name or a sentence that was cut in the middle of
 * a character. Pure but for the buffer's heap.
 */
#ifndef WIRE_REST_TEXT_H
#define WIRE_REST_TEXT_H

#include <stddef.h>
#include "base/buf.h"

/* Appends bytes[len] as UTF-8 without NUL: each byte that belongs to no character reads U+FFFD, and so does NUL. At most 3 × len bytes. */
void rest_text_append(struct buf *out, const char *bytes, size_t len);

#endif
