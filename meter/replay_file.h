/*
 * The file side of a replay: which columns mean what, and one row after another as a meter, a label
 * and texts.
 */
#ifndef METER_REPLAY_FILE_H
#define METER_REPLAY_FILE_H

#include "base/stamp.h"
#include "daemon/csv.h"
#include "meter/options.h"
#include "meter/series.h"

struct replay_order;

struct replay_file {
    const struct options *options;
    const struct zone *zone;
    struct csv *csv;
    enum stamp_format format;
    struct series_plan plan;
    int time_columns[2];                                          /* the second is -1 where there is one only */
    int meter_column, power_column, voltage_column, order_column; /* -1: none */
    int value_columns[SERIES_CHANNELS_MAX];
    struct replay_order *order; /* NULL: the rows come as they stand in the file */
};

struct replay_row {
    const char *meter; /* the text of the meter's column; "" without one */
    const char *values[SERIES_CHANNELS_MAX];
    const char *power, *voltage, *order; /* "" where there is no such column */
    struct stamp stamp;
    uint64_t line;   /* of the file, the header is 1 */
    int64_t step_ms; /* ordered rows: the usual step of this meter's; else 0 */
};

/* Opens it and finds the columns; finds the step where the settings do not give it and it is
 * needed. */
enum err replay_file_open(const struct options *options, const struct zone *zone, struct fault *fault, struct replay_file *out);
void replay_file_close(struct replay_file *file);

/*
 * ERR_NOT_FOUND: the end. ERR_LIMIT: this row cannot be read (too long, too few fields, no time);
 * the next call goes on. ERR_INVALID: the file is broken.
 */
enum err replay_file_next(struct replay_file *file, struct fault *fault, struct replay_row *out);

/*
 * The instant of a row's label; `after_utc_ms` is that of the meter's row before (INT64_MIN: none).
 * A wall time that exists twice is the later one when the earlier does not come after it (stamp.h);
 * where rows are ordered and the label is not later even so, it is one step after it.
 */
int64_t replay_row_instant(const struct replay_file *file, const struct replay_row *row, int64_t after_utc_ms);

#endif
