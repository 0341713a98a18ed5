/*
 * The file side of a replay: which columns mean what, and one row after another as a meter, a label
 * and texts.
 */
#ifndef METER_REPLAY_FILE_H
#define METER_REPLAY_FILE_H

#include "meter/csv.h"
#include "meter/options.h"
#include "meter/series.h"
#include "meter/stamp.h"

struct replay_file {
    const struct options *options;
    const struct zone *zone;
    struct csv *csv;
    enum stamp_format format;
    struct series_plan plan;
    int time_columns[2];                            /* the second is -1 where there is one only */
    int meter_column, power_column, voltage_column; /* -1: none */
    int value_columns[SERIES_CHANNELS_MAX];
};

struct replay_row {
    const char *meter; /* the text of the meter's column; "" without one */
    const char *values[SERIES_CHANNELS_MAX];
    const char *power, *voltage; /* "" where there is no such column */
    struct stamp stamp;
};

/* Opens it and finds the columns; finds the step where the settings do not give it and it is
 * needed. */
enum err replay_file_open(const struct options *options, const struct zone *zone,
                          struct fault *fault, struct replay_file *out);
void replay_file_close(struct replay_file *file);

/*
 * ERR_NOT_FOUND: the end. ERR_LIMIT: this row cannot be read (too long, too few fields, no time);
 * the next call goes on. ERR_INVALID: the file is broken.
 */
enum err replay_file_next(struct replay_file *file, struct fault *fault, struct replay_row *out);

#endif
