/*
 * Merges several newest-first lists of ready JSON documents into one page, by (number, text) descending.
 */
#ifndef API_GATHER_H
#define API_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

#define GATHER_CURSOR_SIZE 160

struct gather_cursor {
    int64_t number;
    const char *text; /* NULL: from the start */
};

struct gather_item {
    int64_t number;
    char text[96];
    char *document;
};

struct gather {
    size_t limit, count, room;
    struct gather_item *items;
    bool ends; /* one of the lists was read up to here only */
    int64_t end_number;
    char end_text[96];
    bool failed; /* memory was out */
};

void gather_init(struct gather *gather, size_t limit);
void gather_finish(struct gather *gather);
void gather_add(struct gather *gather, int64_t number, const char *text, const char *document);

/* A list was read only up to a row that sorts so: the page ends there at the latest, and the next one begins there. */
void gather_end(struct gather *gather, int64_t number, const char *text);

/* Sorts, and appends the first `limit` documents as array elements. True when there are more; then *next is the cursor. */
bool gather_write(struct gather *gather, struct buf *out, char next[GATHER_CURSOR_SIZE]);

#endif
