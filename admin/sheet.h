/*
 * A list for people (aligned columns) or for programs (--json: one array, an item to a line).
 *
 *     struct sheet sheet;
 *     sheet_begin(&sheet, json, "meter_id", "state", NULL);
 *     sheet_text(&sheet, point.meter_id); sheet_text(&sheet, …);     // one per column, row after row
 *     return sheet_end(&sheet, "no meters", fault);
 */
#ifndef ADMIN_SHEET_H
#define ADMIN_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define SHEET_COLUMNS_MAX 16
#define SHEET_MAX_BYTES 268435456 /* a table for people is held until its widths are known */

struct sheet {
    bool json;
    int columns;
    const char *names[SHEET_COLUMNS_MAX];
    int widths[SHEET_COLUMNS_MAX];
    int at; /* the next cell's column */
    int64_t rows;
    struct buf text; /* cells, each ended by a NUL; JSON: the row under way */
};

void sheet_begin(struct sheet *sheet, int json, ... /* names, NULL */); /* int: a bool may not stand before "..." */
void sheet_text(struct sheet *sheet, const char *value);                /* "" is shown as "-", in JSON as null */
void sheet_int(struct sheet *sheet, int64_t value);
void sheet_int_or(struct sheet *sheet, int64_t value, int64_t none); /* none: "-", null */
void sheet_bool(struct sheet *sheet, bool value);                    /* "yes" or "-" */
void sheet_instant(struct sheet *sheet, int64_t utc_ms, int64_t none);
void sheet_day(struct sheet *sheet, int32_t day, int32_t none);
/* Prints. ERR_LIMIT where the table is too long to be held; ERR_RETRY where standard output refuses. */
enum err sheet_end(struct sheet *sheet, const char *words_when_empty, struct fault *fault);
/* Drops it after an error. */
void sheet_abandon(struct sheet *sheet);

#endif
