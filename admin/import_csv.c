/* qw import csv: readings of any table with a header line. */
#include <stdlib.h>
#include <string.h>
#include "admin/import_csv_row.h"
#include "admin/import_send.h"
#include "base/instant.h"
#include "base/map.h"
#include "base/text.h"
#include "daemon/csv.h"

#define HELD_MAX 64 /* rows of a meter that wait for their order to be known */

const struct arg_row import_csv_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "the CSV file, plain or gzip, with a header line", .operand = true, .required = true},
    {.name = "meter", .placeholder = "METER_ID", .help = "the meter, where the file is of one; else the column meter_id names it"},
    {.name = "meter-column", .placeholder = "COL", .help = "another column that names the meter"},
    {.name = "ts", .placeholder = "COL[,COL]", .help = "the column of the time, or those of date and time (default ts)"},
    {.name = "time-format", .placeholder = "FORMAT", .help = "auto, epoch_s, epoch_ms, iso, dmy or mdy (default auto)"},
    {.name = "tz",
     .placeholder = "ZONE",
     .help = "the zone of times without an offset, and of meters that --register adds (default: the setting default_tz)"},
    {.name = "columns",
     .placeholder = "COL=FIELD,…",
     .help = "what columns are: energy_wh, energy_kwh, export_wh, export_kwh (registers), interval_wh, interval_kwh, power_w, power_kw, voltage_v, "
             "interval_s, an OBIS code (a register) or interval:CODE; columns that are called so are found by themselves"},
    {.name = "unit", .placeholder = "UNIT", .help = "Wh or kWh, of OBIS codes (default Wh)"},
    {.name = "interval-s", .type = ARG_INT, .placeholder = "S", .help = "how long an interval is, where no column interval_s says so"},
    {.name = "label", .placeholder = "WHICH", .help = "end or start: which of an interval its time is (default end)"},
    {.name = "order", .placeholder = "COL", .help = "a column of numbers that tells the true order of rows whose time stands there twice"},
    {.name = "delimiter", .placeholder = "CHAR", .help = "the character between fields, or tab (default: found in the header)"},
    {.name = "register", .type = ARG_FLAG, .help = "add meters that are not there yet"},
    {.name = "no-wait", .type = ARG_FLAG, .help = "hand over and go; the ingestor does the rest"},
    {0},
};

/* How far a meter's rows are. */
struct meter_rows {
    char meter_id[RECORD_ID_SIZE];
    int64_t last_utc_ms; /* of the row before; INT64_MIN: none */
    bool backwards;      /* the newest row stands first */
    int held_count;
    struct csv_row *held; /* --order: HELD_MAX of them */
};

struct csv_import {
    struct import_send send;
    char tz[RECORD_SETTING_SIZE];
    const struct zone *zone;
    struct csv *csv;
    struct csv_layout layout;
    int meter_column; /* -1: one meter */
    bool label_start;
    int64_t without_energy; /* rows */
    struct map *meters;     /* by meter_id: struct meter_rows */
};

/* ---- columns ---- */

static enum err named_columns(struct csv_import *import, const char *list, struct fault *fault)
{
    char text[2048];
    enum err err = OK;
    if (!text_copy(text, sizeof text, list))
        return fault_set(fault, ERR_INVALID, "--columns is too long");
    for (char *save = NULL, *word = strtok_r(text, ",", &save); word && err == OK; word = strtok_r(NULL, ",", &save)) {
        char *equals = strrchr(word, '=');
        int at = 0;
        if (!equals)
            return fault_set(fault, ERR_INVALID, "--columns wants COL=FIELD, not '%.60s'", word);
        *equals = '\0';
        err = csv_column(import->csv, word, fault, &at);
        if (err == OK)
            err = csv_layout_add(&import->layout, word, at, equals + 1, fault);
    }
    return err;
}

/* Columns whose header is a field's name or an OBIS code, and that have no other meaning. */
static enum err plain_columns(struct csv_import *import, struct fault *fault)
{
    struct csv_layout *layout = &import->layout;
    enum err err = OK;
    for (int i = 0; err == OK && csv_header(import->csv, i); i++) {
        const char *header = csv_header(import->csv, i);
        bool taken = i == layout->ts_columns[0] || i == layout->ts_columns[1] || i == layout->order_column || i == import->meter_column;
        for (int c = 0; c < layout->column_count; c++)
            taken |= layout->columns[c].at == i;
        if (!taken && csv_field_known(header))
            err = csv_layout_add(layout, header, i, header, fault);
    }
    return err;
}

static enum err time_columns(struct csv_import *import, const char *names, struct fault *fault)
{
    char text[256];
    int *at = import->layout.ts_columns;
    at[1] = -1;
    if (!text_copy(text, sizeof text, names))
        return fault_set(fault, ERR_INVALID, "--ts is too long");
    enum err err = csv_column(import->csv, text, fault, &at[0]); /* a header may hold a comma itself */
    char *comma = strchr(text, ',');
    if (err == OK || !comma)
        return err;
    *comma = '\0';
    *fault = (struct fault){0};
    err = csv_column(import->csv, text, fault, &at[0]);
    return err == OK ? csv_column(import->csv, comma + 1, fault, &at[1]) : err;
}

static enum err find_columns(struct csv_import *import, struct fault *fault)
{
    const struct args *args = import->send.args;
    const char *meter_column = arg(args, "meter-column"), *order = arg(args, "order");
    import->meter_column = import->layout.order_column = -1;
    import->layout.column_count = 0;
    import->layout.has_interval_s = false;
    if (arg(args, "meter") && meter_column)
        return fault_set(fault, ERR_INVALID, "--meter or --meter-column, not both");
    enum err err = time_columns(import, arg(args, "ts") ? arg(args, "ts") : "ts", fault);
    if (err == OK && !arg(args, "meter"))
        err = csv_column(import->csv, meter_column ? meter_column : "meter_id", fault, &import->meter_column);
    if (err == OK && order)
        err = csv_column(import->csv, order, fault, &import->layout.order_column);
    if (err == OK && arg(args, "columns"))
        err = named_columns(import, arg(args, "columns"), fault);
    if (err == OK)
        err = plain_columns(import, fault);
    if (err == OK)
        err = csv_layout_check(&import->layout, fault);
    return err == ERR_NOT_FOUND ? ERR_INVALID : err;
}

/* ---- which instant a row is of ---- */

/*
 * A wall time that exists twice is the first where the meter's rows have not come so far, else the second; in a file whose newest row stands first it
 * is the other way around.
 */
static int64_t instant_of(const struct csv_import *import, struct meter_rows *meter, const struct stamp *stamp)
{
    int64_t first = stamp_instant(stamp, import->zone, INT64_MIN), second = stamp_instant(stamp, import->zone, INT64_MAX), last = meter->last_utc_ms;
    if (last != INT64_MIN && (last < first || last > second))
        meter->backwards = last > second;
    if (first != second && meter->backwards)
        return last <= second ? first : second;
    if (first != second)
        return last >= first ? second : first;
    return first;
}

static enum err put_row(struct csv_import *import, struct meter_rows *meter, const struct csv_row *row, int64_t utc_ms)
{
    struct reading reading = row->reading;
    meter->last_utc_ms = utc_ms;
    reading.ts_utc_ms = reading.kind == FACT_INTERVAL && import->label_start ? utc_ms + reading.interval_s * MS_PER_S : utc_ms;
    return import_put(&import->send, meter->meter_id, &reading);
}

/* ---- --order: labels that stand there twice ---- */

static int64_t label_of(const struct csv_row *row)
{
    return row->stamp.is_utc ? row->stamp.utc_ms : row->stamp.local_day * MS_PER_DAY + row->stamp.ms_of_day;
}

static int by_order(const void *a, const void *b)
{
    const struct csv_row *left = a, *right = b;
    return left->order < right->order ? -1 : left->order > right->order;
}

/*
 * Puts the first `count` held rows: they are one, or all of labels that stand there more than once. These follow each other by their number; one
 * whose label is not later than its predecessor's instant stands for a step after it. One number twice is one row told again.
 */
static enum err put_held(struct csv_import *import, struct meter_rows *meter, int count)
{
    enum err err = OK;
    if (count > 1)
        qsort(meter->held, (size_t)count, sizeof *meter->held, by_order);
    for (int i = 0; i < count && err == OK; i++) {
        const struct csv_row *row = &meter->held[i];
        int64_t before = meter->last_utc_ms, utc_ms = instant_of(import, meter, &row->stamp);
        if (i > 0 && row->order == row[-1].order)
            utc_ms = before;
        else if (i > 0 && utc_ms <= before)
            utc_ms = before + import->layout.interval_s * MS_PER_S;
        err = put_row(import, meter, row, utc_ms);
    }
    meter->held_count -= count;
    memmove(meter->held, meter->held + count, (size_t)meter->held_count * sizeof *meter->held);
    return err;
}

static enum err hold_row(struct csv_import *import, struct meter_rows *meter, const struct csv_row *row, struct fault *fault)
{
    int count = meter->held_count, same = 0;
    enum err err = OK;
    while (same < count && label_of(&meter->held[count - 1 - same]) == label_of(&meter->held[count - 1]))
        same++;
    if (count > 0 && label_of(row) != label_of(&meter->held[count - 1])) {
        int64_t apart_ms = label_of(row) - label_of(&meter->held[count - 1]);
        if (same == 1 && count > 1)
            err = put_held(import, meter, count - 1);
        if (err == OK && (same == 1 || apart_ms < 0 || apart_ms > import->layout.interval_s * MS_PER_S))
            err = put_held(import, meter, meter->held_count);
    }
    if (err != OK)
        return err;
    if (meter->held_count == HELD_MAX)
        return fault_set(fault, ERR_INVALID, "more than %d rows whose times stand there more than once", HELD_MAX);
    meter->held[meter->held_count++] = *row;
    return OK;
}

static int put_rest(const char *meter_id, void *value, void *arg_)
{
    struct meter_rows *meter = value;
    int count = meter->held_count, same = 0;
    enum err err = OK;
    (void)meter_id;
    while (same < count && label_of(&meter->held[count - 1 - same]) == label_of(&meter->held[count - 1]))
        same++;
    if (same == 1 && count > 1)
        err = put_held(arg_, meter, count - 1);
    return (int)(err == OK ? put_held(arg_, meter, meter->held_count) : err);
}

/* ---- rows ---- */

static void destroy_rows(void *value)
{
    struct meter_rows *meter = value;
    free(meter->held);
    free(meter);
}

static enum err meter_of(struct csv_import *import, const char *meter_id, const struct reading *reading, struct fault *fault, struct meter_rows **out)
{
    if ((*out = map_get(import->meters, meter_id)) != NULL)
        return OK;
    enum err err = import_meter(&import->send, meter_id, reading->interval_s);
    if (err != OK)
        return err;
    struct meter_rows *meter = calloc(1, sizeof *meter);
    if (meter && import->layout.order_column >= 0)
        meter->held = calloc(HELD_MAX, sizeof *meter->held);
    if (!meter || (import->layout.order_column >= 0 && !meter->held)) {
        free(meter);
        return fault_set(fault, ERR_FATAL, "out of memory");
    }
    text_copy(meter->meter_id, sizeof meter->meter_id, meter_id);
    meter->last_utc_ms = INT64_MIN;
    err = map_put(import->meters, meter_id, meter);
    if (err != OK) {
        destroy_rows(meter);
        if (err == ERR_LIMIT)
            return fault_set(fault, err, "a file names at most %d meters", IMPORT_METERS_MAX);
        return fault_set(fault, err, "out of memory");
    }
    *out = meter;
    return OK;
}

static enum err take_row(struct csv_import *import, char **fields, int count, struct fault *fault)
{
    struct csv_row row;
    struct meter_rows *meter = NULL;
    const char *meter_id = arg(import->send.args, "meter");
    if (!meter_id)
        meter_id = import->meter_column < count ? text_trim(fields[import->meter_column]) : "";
    enum err err = csv_row_read(&import->layout, fields, count, fault, &row);
    if (err != OK)
        return err;
    import->without_energy += row.empty;
    if (row.empty)
        return OK;
    if (!meter_id[0])
        return fault_set(fault, ERR_INVALID, "the row names no meter");
    err = meter_of(import, meter_id, &row.reading, fault, &meter);
    if (err != OK)
        return err;
    return meter->held ? hold_row(import, meter, &row, fault) : put_row(import, meter, &row, instant_of(import, meter, &row.stamp));
}

static enum err take_rows(struct csv_import *import, struct fault *fault)
{
    struct fault inner = {0};
    char **fields;
    int count;
    enum err err = OK;
    for (bool ended = false; err == OK && !ended;) {
        err = csv_next(import->csv, &inner, &fields, &count);
        ended = err == ERR_NOT_FOUND;
        if (err != OK && !ended)
            return fault_set(fault, err == ERR_LIMIT ? ERR_INVALID : err, "%.100s: %.140s", import->send.path, inner.text);
        import->send.fault = &inner;
        err = ended ? (enum err)map_each(import->meters, put_rest, import) : take_row(import, fields, count, &inner);
    }
    if (err == OK)
        return OK;
    return fault_set(fault, err, "%.80s: line %llu: %.150s", import->send.path, (unsigned long long)csv_line(import->csv), inner.text);
}

static enum err read_file(struct import_send *send, void *arg_)
{
    struct csv_import *import = arg_;
    const char *delimiter = arg(send->args, "delimiter");
    struct fault *fault = send->fault;
    char sign = !delimiter ? '\0' : strcmp(delimiter, "tab") == 0 ? '\t' : delimiter[0];
    import->without_energy = 0;
    import->meters = map_create(IMPORT_METERS_MAX);
    enum err err = import->meters ? csv_open(import->send.path, sign, fault, &import->csv) : fault_set(fault, ERR_FATAL, "out of memory");
    if (err == OK)
        err = find_columns(import, fault);
    if (err == OK)
        err = take_rows(import, fault);
    send->fault = fault;
    csv_close(import->csv);
    import->csv = NULL;
    map_destroy(import->meters, destroy_rows);
    return err;
}

/* ---- the command ---- */

static enum err read_options(struct csv_import *import, struct fault *fault)
{
    const struct args *args = import->send.args;
    const char *tz = arg(args, "tz"), *format = arg(args, "time-format"), *unit = arg(args, "unit"), *label = arg(args, "label");
    const char *delimiter = arg(args, "delimiter");
    enum err err = OK;
    if (format && !stamp_format_parse(format, &import->layout.format))
        return fault_set(fault, ERR_INVALID, "--time-format is auto, epoch_s, epoch_ms, iso, dmy or mdy");
    if (unit && strcmp(unit, "Wh") != 0 && strcmp(unit, "kWh") != 0)
        return fault_set(fault, ERR_INVALID, "--unit is Wh or kWh");
    if (label && strcmp(label, "start") != 0 && strcmp(label, "end") != 0)
        return fault_set(fault, ERR_INVALID, "--label is start or end");
    if (delimiter && strlen(delimiter) != 1 && strcmp(delimiter, "tab") != 0)
        return fault_set(fault, ERR_INVALID, "--delimiter is one character, or tab");
    import->layout.in_kwh = unit && strcmp(unit, "kWh") == 0;
    import->label_start = label && strcmp(label, "start") == 0;
    if (tz && !text_copy(import->tz, sizeof import->tz, tz))
        return fault_set(fault, ERR_INVALID, "--tz is too long");
    if (!tz)
        err = records_setting_get(import->send.qw->records, "default_tz", import->send.qw->actor.at_utc_ms, fault, import->tz);
    if (err == OK)
        err = check_zone_exists(import->send.qw, import->tz, fault);
    if (err == OK)
        err = zones_get(import->send.qw->zones, import->tz, fault, &import->zone);
    return err == OK ? arg_int(args, "interval-s", 1, 86400, fault, &import->layout.interval_s) : err;
}

static void say_left_out(struct import_send *send, void *arg_)
{
    const struct csv_import *import = arg_;
    if (import->without_energy > 0)
        say(send->qw, "%lld rows carry no energy", (long long)import->without_energy);
}

enum err import_csv(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct csv_import import = {.send = {.qw = qw, .args = args, .path = arg(args, "file"), .fault = fault}};
    enum err err = read_options(&import, fault);
    import.send.zone = import.tz;
    return err == OK ? import_run(&import.send, read_file, say_left_out, &import) : err;
}
