/*
 * The plain reading, read in one pass without a document tree: one object of the everyday fields (ts, energy and export, power, voltage, current,
 * power factor, frequency, seq, boot, v), each at most once, numbers of at most 15 digits without an exponent, texts of plain ASCII without escapes.
 *
 * It never decides against a message: what is not plain, or not good, is left to the parser that knows all (reading_json.c), which says why. What it
 * does take it reads as that one would; tests/fuzz/scan.c holds the two to each other. Pure: no heap.
 */
#ifndef WIRE_READING_SCAN_H
#define WIRE_READING_SCAN_H

#include "wire/reading_json.h"

/* True with an accepted reading in *out (zeroed before); false: ask the other parser, *out is of no use. */
bool reading_scan(const char *text, size_t len, struct parsed_reading *out);

#endif
