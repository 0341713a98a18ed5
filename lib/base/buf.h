/*
 * A growing byte buffer that is born with a maximum.
 *
 * Appending beyond the maximum (or when memory is out) changes nothing but sets `overflow`, which stays
 * set until buf_reset: a writer appends freely and looks once at the end. `data` always ends with a NUL
 * that `len` does not count (it is "" while empty).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data; /* NUL-terminated; owned */
    size_t len;
    size_t cap;
    size_t max;
    bool overflow;
};

void buf_init(struct buf *buf, size_t max);
void buf_finish(struct buf *buf); /* releases; the buf may be initialised again; NULL-safe */
void buf_reset(struct buf *buf);  /* empties, keeps the memory */

void buf_append(struct buf *buf, const void *bytes, size_t len);
/* Appends `len` bytes that the caller fills in at once; NULL, with `overflow` set, where they do not fit. */
char *buf_room(struct buf *buf, size_t len);
void buf_str(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
