#include "admin/import_csv_row.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/number.h"
#include "base/text.h"

#define INTERVAL_PREFIX "interval:"
#define MICRO_DIGITS 6
#define INTERVAL_MAX_S 86400

static const struct field_name {
    const char *name;
    enum csv_field field;
    int32_t channel;
    int scale;
} field_names[] = {
    {"energy_wh", CSV_REGISTER, OBIS_IMPORT, 0},
    {"energy_kwh", CSV_REGISTER, OBIS_IMPORT, 3},
    {"export_wh", CSV_REGISTER, OBIS_EXPORT, 0},
    {"export_kwh", CSV_REGISTER, OBIS_EXPORT, 3},
    {"interval_wh", CSV_INTERVAL, OBIS_IMPORT, 0},
    {"interval_kwh", CSV_INTERVAL, OBIS_IMPORT, 3},
    {"power_w", CSV_POWER, 0, 0},
    {"power_kw", CSV_POWER, 0, 3},
    {"voltage_v", CSV_VOLTAGE, 0, 3},
    {"interval_s", CSV_INTERVAL_S, 0, 0},
};

/* ---- columns ---- */

static bool field_of(const char *name, bool in_kwh, struct csv_column *out)
{
    for (size_t i = 0; i < sizeof field_names / sizeof field_names[0]; i++)
        if (strcmp(field_names[i].name, name) == 0) {
            out->field = field_names[i].field;
            out->channel = field_names[i].channel;
            out->scale = field_names[i].scale;
            return true;
        }
    bool interval = strncmp(name, INTERVAL_PREFIX, sizeof INTERVAL_PREFIX - 1) == 0;
    out->field = interval ? CSV_INTERVAL : CSV_REGISTER;
    out->scale = in_kwh ? 3 : 0;
    return obis_parse(interval ? name + sizeof INTERVAL_PREFIX - 1 : name, &out->channel);
}

bool csv_field_known(const char *name)
{
    struct csv_column column;
    return field_of(name, false, &column);
}

static bool carries_energy(enum csv_field field)
{
    return field == CSV_REGISTER || field == CSV_INTERVAL;
}

enum err csv_layout_add(struct csv_layout *layout, const char *name, int at, const char *field, struct fault *fault)
{
    struct csv_column column = {.at = at};
    int energies = 0;
    if (!field_of(field, layout->in_kwh, &column))
        return fault_set(fault, ERR_INVALID, "'%.40s' is neither a field nor an OBIS code", field);
    snprintf(column.name, sizeof column.name, "%.63s", name);
    for (int i = 0; i < layout->column_count; i++) {
        const struct csv_column *other = &layout->columns[i];
        energies += carries_energy(other->field);
        if (carries_energy(column.field) && carries_energy(other->field) && column.field != other->field)
            return fault_set(fault, ERR_INVALID, "columns %.40s and %.40s: a table tells registers or intervals, not both", other->name, column.name);
        if (column.field == other->field && column.channel == other->channel)
            return fault_set(fault, ERR_INVALID, "columns %.40s and %.40s tell the same", other->name, column.name);
    }
    if (layout->column_count == CSV_COLUMNS_MAX || (carries_energy(column.field) && energies == READING_CHANNELS_MAX))
        return fault_set(fault, ERR_INVALID, "at most %d channels", READING_CHANNELS_MAX);
    layout->has_interval_s |= column.field == CSV_INTERVAL_S;
    layout->columns[layout->column_count++] = column;
    return OK;
}

enum err csv_layout_check(const struct csv_layout *layout, struct fault *fault)
{
    bool energy = false, intervals = false;
    for (int i = 0; i < layout->column_count; i++) {
        energy |= carries_energy(layout->columns[i].field);
        intervals |= layout->columns[i].field == CSV_INTERVAL;
    }
    if (!energy)
        return fault_set(fault, ERR_INVALID, "no column carries energy: name it, as in --columns COL=energy_kwh");
    if (intervals && layout->interval_s == 0 && !layout->has_interval_s)
        return fault_set(fault, ERR_INVALID, "how long is an interval? Give --interval-s, or a column interval_s");
    if (layout->order_column >= 0 && layout->interval_s == 0)
        return fault_set(fault, ERR_INVALID, "--order wants --interval-s: the time from one row to the next");
    return OK;
}

/* ---- rows ---- */

static bool is_missing(const char *text)
{
    static const char *const words[] = {"", "?", "-", "NA", "N/A", "NaN", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(words[i], text) == 0)
            return true;
    return false;
}

static enum err no_number(const struct csv_column *column, const char *text, struct fault *fault)
{
    return fault_set(fault, ERR_INVALID, "column %.40s: '%.30s' is no number", column->name, text);
}

/* With a decimal point, or a decimal comma. */
static enum err read_number(const struct csv_column *column, char *text, struct fault *fault, int64_t *out)
{
    bool rounds = column->field == CSV_INTERVAL;
    char *comma = strchr(text, ',');
    if (comma != NULL)
        *comma = '.';
    if (!decimal_parse_floor(text, strlen(text), column->scale + (rounds ? MICRO_DIGITS : 0), out)) {
        if (comma != NULL)
            *comma = ',';
        return no_number(column, text, fault);
    }
    /* What is so large that half a Wh cannot be added is refused by the ledger in any case. */
    if (rounds && !muldiv_floor(*out > INT64_MAX - 500000 ? *out : *out + 500000, 1, 1000000, out))
        return no_number(column, text, fault);
    return OK;
}

static enum err put_value(const struct csv_column *column, int64_t value, struct fault *fault, struct csv_row *out)
{
    struct reading *reading = &out->reading;
    switch (column->field) {
    case CSV_REGISTER:
    case CSV_INTERVAL:
        reading->kind = column->field == CSV_INTERVAL ? FACT_INTERVAL : FACT_REGISTER;
        if (value < 0)
            return fault_set(fault, ERR_INVALID, "column %.40s: energy is never negative", column->name);
        reading->channels[reading->channel_count++] = (struct channel_value){column->channel, value};
        break;
    case CSV_POWER:
        reading->has_power = true;
        reading->power_w = value;
        break;
    case CSV_VOLTAGE:
        if (value < 0 || value > INT32_MAX)
            return fault_set(fault, ERR_INVALID, "column %.40s: that is no voltage", column->name);
        reading->voltage_mv = (struct phases){1, {(int32_t)value}};
        break;
    case CSV_INTERVAL_S:
        if (value < 1 || value > INTERVAL_MAX_S)
            return fault_set(fault, ERR_INVALID, "column %.40s: an interval is at most %d s long", column->name, INTERVAL_MAX_S);
        reading->interval_s = (int32_t)value;
    }
    return OK;
}

static enum err read_time(const struct csv_layout *layout, char **fields, int count, struct fault *fault, struct stamp *out)
{
    char text[128];
    const char *first = layout->ts_columns[0] < count ? text_trim(fields[layout->ts_columns[0]]) : "";
    const char *second = layout->ts_columns[1] >= 0 && layout->ts_columns[1] < count ? text_trim(fields[layout->ts_columns[1]]) : "";
    int n = snprintf(text, sizeof text, "%s%s%s", first, second[0] ? " " : "", second);
    if (n < 0 || (size_t)n >= sizeof text || !stamp_parse(text, layout->format, out))
        return fault_set(fault, ERR_INVALID, "'%.40s' is no time that --time-format tells", text);
    return OK;
}

static enum err read_order(const struct csv_layout *layout, char **fields, int count, struct fault *fault, int64_t *out)
{
    if (layout->order_column < 0)
        return OK;
    char *text = layout->order_column < count ? text_trim(fields[layout->order_column]) : "";
    return text_to_int64(text, out) ? OK : fault_set(fault, ERR_INVALID, "the column of --order: '%.30s' is no whole number", text);
}

enum err csv_row_read(const struct csv_layout *layout, char **fields, int count, struct fault *fault, struct csv_row *out)
{
    enum err err = OK;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < layout->column_count && err == OK; i++) {
        const struct csv_column *column = &layout->columns[i];
        char *text = column->at < count ? text_trim(fields[column->at]) : "";
        int64_t value;
        if (is_missing(text))
            continue;
        err = read_number(column, text, fault, &value);
        if (err == OK)
            err = put_value(column, value, fault, out);
    }
    if (err == OK)
        err = read_time(layout, fields, count, fault, &out->stamp);
    if (err == OK)
        err = read_order(layout, fields, count, fault, &out->order);
    out->empty = out->reading.channel_count == 0;
    if (err != OK || out->empty)
        return err;
    if (out->reading.kind == FACT_REGISTER)
        out->reading.interval_s = 0;
    else if (out->reading.interval_s == 0)
        out->reading.interval_s = (int32_t)layout->interval_s;
    if (out->reading.kind == FACT_INTERVAL && out->reading.interval_s == 0)
        return fault_set(fault, ERR_INVALID, "the row does not say how long its interval is");
    return OK;
}
