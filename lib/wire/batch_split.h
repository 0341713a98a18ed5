/*
 * Takes a batch apart without parsing it: for messages that a strict parser refuses as a whole because one reading holds a number beyond
 * 64 bits or a field twice. "One bad reading refuses itself, never its neighbours" (protocol.md). Pure but for the buffer's heap.
 */
#ifndef WIRE_BATCH_SPLIT_H
#define WIRE_BATCH_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* The text of one member of an array. */
struct batch_part {
    const char *text;
    size_t len;
};

/*
 * Finds the array "readings" of the outer object. True: *out_outer has the message with an empty array in its place appended, and parts[0 …
 * *out_count) are its members as they stand; *out_count may exceed max, then only max are told. False: there is no such array, or it does not end.
 * What it finds is only as well-formed as the text: parse each piece.
 */
bool batch_split(const char *text, size_t len, struct batch_part *parts, size_t max, size_t *out_count, struct buf *out_outer);

#endif
