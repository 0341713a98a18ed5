/* qw import csv: readings of any table with a header line. */
#include <string.h>
#include "admin/import_send.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/stamp.h"
#include "base/text.h"
#include "daemon/csv.h"
#include "energy/reading.h"

#define COLUMNS_MAX 32
#define INTERVAL_MAX_S 86400
#define INTERVAL_PREFIX "interval:"

const struct arg_row import_csv_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "the CSV file, plain or .gz, with a header line", .operand = true, .required = true},
    {.name = "meter", .placeholder = "METER_ID", .help = "the meter, where the file is of one; else the column meter_id names it"},
    {.name = "meter-column", .placeholder = "COL", .help = "another column that names the meter"},
    {.name = "ts", .placeholder = "COL", .help = "the column of the time (default ts)"},
    {.name = "time-format", .placeholder = "FORMAT", .help = "auto, epoch_s, epoch_ms, iso, dmy or mdy (default auto)"},
    {.name = "tz",
     .placeholder = "ZONE",
     .help = "the zone of times without an offset, and of meters made by --register (default: the setting default_tz)"},
    {.name = "columns",
     .placeholder = "COL=FIELD,…",
     .help =
         "what columns are: energy_wh, energy_kwh, export_wh, export_kwh, power_w, voltage_v, interval_wh, interval_kwh, an OBIS code (a register), "
         "interval:CODE; columns that are called so are found by themselves"},
    {.name = "unit", .placeholder = "UNIT", .help = "Wh or kWh, of OBIS codes (default Wh)"},
    {.name = "interval-s", .type = ARG_INT, .placeholder = "S", .help = "how long an interval is, where no column interval_s says so"},
    {.name = "label", .placeholder = "WHICH", .help = "end or start: which of an interval its time is (default end)"},
    {.name = "delimiter", .placeholder = "CHAR", .help = "the character between fields (default: found in the header)"},
    {.name = "register", .type = ARG_FLAG, .help = "make the meters that are not there"},
    {.name = "no-wait", .type = ARG_FLAG, .help = "do not wait until the ingestor has taken them"},
    {0},
};

enum field { ENERGY_WH, ENERGY_KWH, EXPORT_WH, EXPORT_KWH, POWER_W, VOLTAGE_V, INTERVAL_WH, INTERVAL_KWH, INTERVAL_S, FIELDS, REGISTER, INTERVAL };
static const char *const field_names[FIELDS] = {"energy_wh", "energy_kwh",  "export_wh",    "export_kwh", "power_w",
                                                "voltage_v", "interval_wh", "interval_kwh", "interval_s"};

struct column {
    int at;
    enum field field;
    int32_t channel; /* of a register or an interval by its code */
    char name[64];
};

struct csv_import {
    struct csv *csv;
    struct import_send send;
    char default_zone[RECORD_SETTING_SIZE];
    const struct zone *zone;
    enum stamp_format format;
    int ts_column, meter_column; /* the latter -1: one meter */
    const char *meter_id;
    int column_count;
    struct column columns[COLUMNS_MAX];
    bool in_kwh, label_start;
    int64_t interval_s; /* 0: a column says it */
    char last_meter[RECORD_ID_SIZE];
    int64_t last_utc_ms;
};

/* ---- columns ---- */

static bool field_of(const char *name, enum field *out_field, int32_t *out_channel)
{
    for (int i = 0; i < FIELDS; i++)
        if (strcmp(field_names[i], name) == 0) {
            *out_field = (enum field)i;
            return true;
        }
    bool interval = strncmp(name, INTERVAL_PREFIX, sizeof INTERVAL_PREFIX - 1) == 0;
    *out_field = interval ? INTERVAL : REGISTER;
    return obis_parse(interval ? name + sizeof INTERVAL_PREFIX - 1 : name, out_channel);
}

static enum err add_column(struct csv_import *import, const char *name, const char *field, struct fault *fault)
{
    struct column *column = &import->columns[import->column_count];
    if (import->column_count == COLUMNS_MAX)
        return fault_set(fault, ERR_LIMIT, "at most %d columns", COLUMNS_MAX);
    if (!field_of(field, &column->field, &column->channel))
        return fault_set(fault, ERR_INVALID, "--columns: '%.40s' is neither a field nor an OBIS code", field);
    if (csv_column(import->csv, name, fault, &column->at) != OK)
        return ERR_INVALID;
    text_copy(column->name, sizeof column->name, name);
    import->column_count++;
    return OK;
}

static enum err named_columns(struct csv_import *import, const char *list, struct fault *fault)
{
    char text[2048];
    enum err err = OK;
    if (!text_copy(text, sizeof text, list))
        return fault_set(fault, ERR_INVALID, "--columns is too long");
    for (char *save = NULL, *word = strtok_r(text, ",", &save); word && err == OK; word = strtok_r(NULL, ",", &save)) {
        char *equals = strrchr(word, '=');
        if (!equals)
            return fault_set(fault, ERR_INVALID, "--columns wants COL=FIELD, not '%.60s'", word);
        *equals = '\0';
        err = add_column(import, word, equals + 1, fault);
    }
    return err;
}

/* Columns whose header is a field's name or an OBIS code. */
static enum err plain_columns(struct csv_import *import, struct fault *fault)
{
    enum err err = OK;
    for (int i = 0; err == OK && csv_header(import->csv, i); i++) {
        enum field field;
        int32_t channel;
        bool named = false;
        for (int c = 0; c < import->column_count; c++)
            named |= import->columns[c].at == i;
        if (!named && field_of(csv_header(import->csv, i), &field, &channel))
            err = add_column(import, csv_header(import->csv, i), csv_header(import->csv, i), fault);
    }
    return err;
}

static enum err find_columns(struct csv_import *import, const struct args *args, struct fault *fault)
{
    const char *meter_column = arg(args, "meter-column");
    import->meter_id = arg(args, "meter");
    import->meter_column = -1;
    enum err err = csv_column(import->csv, arg(args, "ts") ? arg(args, "ts") : "ts", fault, &import->ts_column);
    if (err == OK && !import->meter_id)
        err = csv_column(import->csv, meter_column ? meter_column : "meter_id", fault, &import->meter_column);
    if (err == OK && arg(args, "columns"))
        err = named_columns(import, arg(args, "columns"), fault);
    if (err == OK)
        err = plain_columns(import, fault);
    bool energy = false;
    for (int i = 0; i < import->column_count; i++)
        energy |= import->columns[i].field != POWER_W && import->columns[i].field != VOLTAGE_V && import->columns[i].field != INTERVAL_S;
    if (err == OK && !energy)
        return fault_set(fault, ERR_INVALID, "no column carries energy: name it with --columns COL=energy_kwh, say");
    return err == ERR_NOT_FOUND ? ERR_INVALID : err;
}

/* ---- rows ---- */

static bool is_interval(enum field field)
{
    return field == INTERVAL_WH || field == INTERVAL_KWH || field == INTERVAL;
}

/* A decimal number, with a point or, where commas are not between fields, with a comma. */
static enum err read_number(const struct column *column, char *text, int scale, struct fault *fault, int64_t *out)
{
    for (char *c = text; *c; c++)
        if (*c == ',')
            *c = '.';
    return decimal_parse_floor(text, strlen(text), scale, out)
               ? OK
               : fault_set(fault, ERR_INVALID, "column %.40s: '%.30s' is no number", column->name, text);
}

static int scale_of(const struct csv_import *import, enum field field)
{
    bool coded = field == REGISTER || field == INTERVAL;
    if (field == VOLTAGE_V || field == ENERGY_KWH || field == EXPORT_KWH || field == INTERVAL_KWH || (coded && import->in_kwh))
        return 3;
    return 0;
}

struct row {
    bool has_any, has_interval;
    int64_t interval_s;
    int64_t values[COLUMNS_MAX];
    bool has[COLUMNS_MAX];
};

static enum err read_row(const struct csv_import *import, char **fields, int count, struct row *row, struct fault *fault)
{
    memset(row, 0, sizeof *row);
    row->interval_s = import->interval_s;
    for (int i = 0; i < import->column_count; i++) {
        const struct column *column = &import->columns[i];
        char *text = column->at < count ? text_trim(fields[column->at]) : "";
        if (!text[0])
            continue;
        enum err err = read_number(column, text, scale_of(import, column->field), fault, &row->values[i]);
        if (err != OK)
            return err;
        row->has[i] = true;
        row->has_any |= column->field != INTERVAL_S;
        row->has_interval |= is_interval(column->field);
        if (column->field == INTERVAL_S)
            row->interval_s = row->values[i];
    }
    if (row->has_interval && row->interval_s <= 0)
        return fault_set(fault, ERR_INVALID, "how long its interval is: give --interval-s, or a column interval_s");
    if (row->has_interval && row->interval_s > INTERVAL_MAX_S)
        return fault_set(fault, ERR_INVALID, "an interval is at most %d s long", INTERVAL_MAX_S);
    return OK;
}

static enum err read_instant(struct csv_import *import, const char *meter_id, char **fields, int count, const struct row *row, struct fault *fault,
                             int64_t *out)
{
    struct stamp stamp;
    bool same = strcmp(import->last_meter, meter_id) == 0;
    int64_t after = same ? import->last_utc_ms : INT64_MIN, step_ms = row->interval_s * MS_PER_S;
    if (import->ts_column >= count || !stamp_parse(fields[import->ts_column], import->format, &stamp))
        return fault_set(fault, ERR_INVALID, "'%.40s' is no time that --time-format tells",
                         import->ts_column < count ? fields[import->ts_column] : "");
    int64_t utc_ms = stamp_instant(&stamp, import->zone, after);
    /* A label that stands there once more, where a clock was set back, is one step after the one before. */
    if (row->has_interval && same && utc_ms == after)
        utc_ms = after + step_ms;
    text_copy(import->last_meter, sizeof import->last_meter, meter_id);
    import->last_utc_ms = utc_ms;
    *out = row->has_interval && import->label_start ? utc_ms + step_ms : utc_ms;
    return OK;
}

/* Where the file tells the energy; 0: what a column says is no energy. */
static int32_t channel_of(const struct column *column)
{
    switch (column->field) {
    case ENERGY_WH:
    case ENERGY_KWH:
    case INTERVAL_WH:
    case INTERVAL_KWH:
        return OBIS_IMPORT;
    case EXPORT_WH:
    case EXPORT_KWH:
        return OBIS_EXPORT;
    case REGISTER:
    case INTERVAL:
        return column->channel;
    default:
        return 0;
    }
}

static enum err fill_reading(const struct csv_import *import, const struct row *row, struct fault *fault, struct reading *out)
{
    *out =
        (struct reading){.kind = row->has_interval ? FACT_INTERVAL : FACT_REGISTER, .interval_s = row->has_interval ? (int32_t)row->interval_s : 0};
    for (int i = 0; i < import->column_count; i++) {
        const struct column *column = &import->columns[i];
        int32_t channel = channel_of(column);
        if (!row->has[i])
            continue;
        if (channel != 0 && is_interval(column->field) != row->has_interval)
            return fault_set(fault, ERR_INVALID, "column %.40s: a row tells registers or an interval, not both", column->name);
        if (channel != 0 && out->channel_count == READING_CHANNELS_MAX)
            return fault_set(fault, ERR_LIMIT, "a row tells at most %d channels", READING_CHANNELS_MAX);
        if (channel != 0)
            out->channels[out->channel_count++] = (struct channel_value){channel, row->values[i]};
        else if (column->field == POWER_W) {
            out->has_power = true;
            out->power_w = row->values[i];
        } else if (column->field == VOLTAGE_V && (row->values[i] < 0 || row->values[i] > INT32_MAX))
            return fault_set(fault, ERR_INVALID, "column %.40s: no voltage", column->name);
        else if (column->field == VOLTAGE_V)
            out->voltage_mv = (struct phases){.count = 1, .value = {(int32_t)row->values[i]}};
    }
    return OK;
}

static enum err take_row(struct csv_import *import, char **fields, int count, struct fault *fault)
{
    struct row row;
    struct reading reading;
    const char *meter_id = import->meter_column < 0 ? import->meter_id : import->meter_column < count ? text_trim(fields[import->meter_column]) : "";
    enum err err = read_row(import, fields, count, &row, fault);
    if (err != OK || !row.has_any)
        return err;
    if (!meter_id[0])
        return fault_set(fault, ERR_INVALID, "the row names no meter");
    err = fill_reading(import, &row, fault, &reading);
    if (err == OK)
        err = read_instant(import, meter_id, fields, count, &row, fault, &reading.ts_utc_ms);
    if (err == OK)
        err = import_meter(&import->send, meter_id, reading.interval_s);
    if (err == OK && reading.channel_count > 0)
        err = import_put(&import->send, meter_id, &reading);
    return err;
}

static enum err take_rows(struct csv_import *import)
{
    struct fault inner = {0};
    struct fault *outer = import->send.fault;
    char **fields;
    int count;
    bool ended = false;
    enum err err = OK;
    import->send.fault = &inner;
    while (err == OK && !ended) {
        err = csv_next(import->csv, &inner, &fields, &count);
        ended = err == ERR_NOT_FOUND;
        if (err == OK)
            err = take_row(import, fields, count, &inner);
    }
    import->send.fault = outer;
    return ended || err == OK ? OK
                              : fault_set(outer, err == ERR_LIMIT ? ERR_INVALID : err, "%.100s: line %llu: %.130s", import->send.path,
                                          (unsigned long long)csv_line(import->csv), inner.text);
}

/* ---- the command ---- */

static enum err read_options(struct csv_import *import, struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *tz = arg(args, "tz"), *format = arg(args, "time-format"), *unit = arg(args, "unit"), *label = arg(args, "label");
    enum err err = OK;
    import->format = STAMP_AUTO;
    if (format && !stamp_format_parse(format, &import->format))
        return fault_set(fault, ERR_INVALID, "--time-format is auto, epoch_s, epoch_ms, iso, dmy or mdy");
    if (unit && strcmp(unit, "Wh") != 0 && strcmp(unit, "kWh") != 0)
        return fault_set(fault, ERR_INVALID, "--unit is Wh or kWh");
    if (label && strcmp(label, "start") != 0 && strcmp(label, "end") != 0)
        return fault_set(fault, ERR_INVALID, "--label is start or end");
    import->in_kwh = unit && strcmp(unit, "kWh") == 0;
    import->label_start = label && strcmp(label, "start") == 0;
    if (!tz) {
        err = records_setting_get(qw->records, "default_tz", INT64_MAX, fault, import->default_zone);
        tz = import->default_zone;
    }
    import->send.zone = tz;
    if (err == OK)
        err = check_zone_exists(qw, tz, fault);
    if (err == OK)
        err = zones_get(qw->zones, tz, fault, &import->zone);
    return err == OK ? arg_int(args, "interval-s", 1, INTERVAL_MAX_S, fault, &import->interval_s) : err;
}

static enum err read_file(struct import_send *send, void *arg_)
{
    struct csv_import *import = arg_;
    const char *delimiter = arg(send->args, "delimiter");
    import->last_meter[0] = '\0';
    import->last_utc_ms = INT64_MIN;
    import->column_count = 0;
    enum err err = csv_open(send->path, delimiter ? (strcmp(delimiter, "tab") == 0 ? '\t' : delimiter[0]) : '\0', send->fault, &import->csv);
    if (err != OK)
        return err;
    err = find_columns(import, send->args, send->fault);
    if (err == OK)
        err = take_rows(import);
    csv_close(import->csv);
    return err;
}

enum err import_csv(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct csv_import import;
    memset(&import, 0, sizeof import);
    import.send = (struct import_send){.qw = qw, .args = args, .path = arg(args, "file"), .fault = fault};
    enum err err = read_options(&import, qw, args, fault);
    return err == OK ? import_run(&import.send, read_file, NULL, &import) : err;
}
