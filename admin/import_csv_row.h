/*
 * A row of a table as a reading: which columns carry what, and the numbers in them. Pure.
 *
 * Registers are cut to whole Wh (protocol.md), intervals rounded to the nearest, each for itself, so that rows mean the same in any order and file.
 */
#ifndef ADMIN_IMPORT_CSV_ROW_H
#define ADMIN_IMPORT_CSV_ROW_H

#include "base/err.h"
#include "base/stamp.h"
#include "energy/reading.h"

#define CSV_COLUMNS_MAX 20

enum csv_field { CSV_REGISTER, CSV_INTERVAL, CSV_POWER, CSV_VOLTAGE, CSV_INTERVAL_S };

struct csv_column {
    int at; /* in the row, from 0 */
    enum csv_field field;
    int32_t channel; /* of a register or an interval */
    int scale;       /* digits after the point that make Wh, W or mV of the number */
    char name[64];
};

struct csv_layout {
    int column_count;
    struct csv_column columns[CSV_COLUMNS_MAX];
    int ts_columns[2]; /* the second -1: one column holds date and time */
    int order_column;  /* -1: none */
    enum stamp_format format;
    bool in_kwh;         /* columns that are named by an OBIS code alone */
    int64_t interval_s;  /* of rows without a column that says it; 0: not told */
    bool has_interval_s; /* such a column is there */
};

struct csv_row {
    bool empty; /* it carries no energy: there is no reading */
    struct stamp stamp;
    int64_t order;
    struct reading reading; /* but for ts_utc_ms */
};

/* True for the name of a field (energy_wh, interval_kwh, …), an OBIS code, or interval:CODE. */
bool csv_field_known(const char *name);
/* Adds a column; ERR_INVALID for an unknown field, a channel named twice, or registers and intervals in one table. */
enum err csv_layout_add(struct csv_layout *layout, const char *name, int at, const char *field, struct fault *fault);
/* Nothing that carries energy is missing, nothing contradicts itself. */
enum err csv_layout_check(const struct csv_layout *layout, struct fault *fault);

/*
 * Reads a row; its fields are changed in place. "", ?, -, NA, N/A, NaN and null mean that a value is not there. ERR_INVALID names the column.
 */
enum err csv_row_read(const struct csv_layout *layout, char **fields, int count, struct fault *fault, struct csv_row *out);

#endif
