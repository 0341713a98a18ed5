/*
 * Small things about text that the C library leaves unsafe. Pure.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies `src` (NULL counts as "") into dst[size], always terminated. True when all of it fitted. */
bool text_copy(char *dst, size_t size, const char *src);

/* Reads a whole decimal integer ("-12"; no blanks, no sign but '-', nothing after it). */
bool text_to_int64(const char *text, int64_t *out);

/* 1 to 64 of A-Z a-z 0-9 . _ - (protocol.md): what may name a meter, a login, a district or a tariff. */
bool text_is_name(const char *text, size_t len);

/* The text without blanks at both ends, cut in place. */
char *text_trim(char *text);

bool text_starts_with(const char *text, const char *prefix);

/* Writes 2*len lower-case hex digits and a NUL into dst[2*len+1]. */
void text_hex(char *dst, const void *bytes, size_t len);

/* True when bytes[len] is well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(const char *bytes, size_t len);

#endif
