#include "meter/replay_file.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/text.h"
#include "meter/replay_order.h"

enum { LOOK_AHEAD_ROWS = 5000 };

/* Cuts "a,b" into at most `max` names. -1: more, or an empty one. */
static int split_names(char *text, char *names[], int max)
{
    int count = 0;
    for (char *save = NULL, *name = strtok_r(text, ",", &save); name != NULL; name = strtok_r(NULL, ",", &save)) {
        if (count == max)
            return -1;
        names[count++] = name;
    }
    return count > 0 ? count : -1;
}

static enum err find_columns(const struct csv *csv, const char *list, int max, const char *what, struct fault *fault, int *columns, int *out_count)
{
    char text[1024];
    char *names[SERIES_CHANNELS_MAX];
    int count = text_copy(text, sizeof text, list) ? split_names(text, names, max) : -1;
    if (count < 0)
        return fault_set(fault, ERR_INVALID, "%s names 1 to %d columns", what, max);
    for (int i = 0; i < count; i++) {
        enum err err = csv_column(csv, names[i], fault, &columns[i]);
        if (err != OK)
            return ERR_INVALID;
    }
    *out_count = count;
    return OK;
}

static enum err find_channels(const char *list, struct fault *fault, struct series_plan *plan)
{
    char text[256];
    char *names[SERIES_CHANNELS_MAX];
    int count = text_copy(text, sizeof text, list) ? split_names(text, names, SERIES_CHANNELS_MAX) : -1;
    if (count != plan->channel_count)
        return fault_set(fault, ERR_INVALID, "channel names one code for each column");
    for (int i = 0; i < count; i++)
        if (!obis_parse(names[i], &plan->channels[i]))
            return fault_set(fault, ERR_INVALID, "%s is no OBIS code C.D.E", names[i]);
    if (plan->kind != SERIES_REGISTER && (count != 1 || (plan->kind == SERIES_INTERVAL && plan->channels[0] != OBIS_IMPORT)))
        return fault_set(fault, ERR_INVALID, "power has one column, an interval is of channel 1.8.0");
    return OK;
}

static enum err one_column(const struct csv *csv, const char *name, struct fault *fault, int *out)
{
    *out = -1;
    return name[0] == '\0' || csv_column(csv, name, fault, out) == OK ? OK : ERR_INVALID;
}

static enum err open_columns(struct replay_file *f, struct fault *fault)
{
    const struct options *o = f->options;
    char delimiter = strcmp(o->delimiter, "tab") == 0 ? '\t' : o->delimiter[0];
    int times = 0;
    enum err err = csv_open(o->replay, delimiter, fault, &f->csv);
    f->time_columns[1] = -1;
    if (err == OK)
        err = find_columns(f->csv, o->time, 2, "time", fault, f->time_columns, &times);
    if (err == OK)
        err = find_columns(f->csv, o->column, SERIES_CHANNELS_MAX, "column", fault, f->value_columns, &f->plan.channel_count);
    if (err == OK)
        err = find_channels(o->channel, fault, &f->plan);
    if (err == OK)
        err = one_column(f->csv, o->meter_column, fault, &f->meter_column);
    if (err == OK)
        err = one_column(f->csv, o->power_column, fault, &f->power_column);
    if (err == OK)
        err = one_column(f->csv, o->voltage_column, fault, &f->voltage_column);
    if (err == OK)
        err = one_column(f->csv, o->order, fault, &f->order_column);
    return err;
}

/* The shortest time between two rows of one meter that follow each other. */
static enum err find_step(struct replay_file *f, struct fault *fault)
{
    if (f->order != NULL)
        return fault_set(fault, ERR_INVALID, "the file does not tell its step: give step_s");
    struct replay_row row;
    char meter[256] = "";
    int64_t before = INT64_MIN, shortest = 0;
    enum err err = OK;
    for (int i = 0; i < LOOK_AHEAD_ROWS && (err = replay_file_next(f, fault, &row)) != ERR_NOT_FOUND; i++) {
        if (err == ERR_LIMIT)
            continue;
        if (err != OK)
            return err;
        int64_t now = stamp_instant(&row.stamp, f->zone, INT64_MIN);
        bool same = before != INT64_MIN && strcmp(meter, row.meter) == 0;
        if (same && now > before && (shortest == 0 || now - before < shortest))
            shortest = now - before;
        text_copy(meter, sizeof meter, row.meter);
        before = now;
    }
    if (shortest == 0 || shortest > MS_PER_DAY || shortest % MS_PER_S != 0)
        return fault_set(fault, ERR_INVALID, "the file does not tell its step: give step_s");
    f->plan.step_ms = shortest;
    csv_close(f->csv);
    f->csv = NULL;
    return open_columns(f, fault);
}

enum err replay_file_open(const struct options *o, const struct zone *zone, struct fault *fault, struct replay_file *out)
{
    *out = (struct replay_file){.options = o, .zone = zone};
    struct series_plan *plan = &out->plan;
    plan->kind = strcmp(o->kind, "interval") == 0 ? SERIES_INTERVAL : strcmp(o->kind, "power") == 0 ? SERIES_POWER : SERIES_REGISTER;
    plan->kilo = o->unit[0] == 'k';
    plan->label_is_start = strcmp(o->label, "start") == 0;
    plan->step_ms = o->step_s * MS_PER_S;
    plan->register_start_wh = o->register_start_wh;
    if (strlen(o->delimiter) > 1 && strcmp(o->delimiter, "tab") != 0)
        return fault_set(fault, ERR_INVALID, "delimiter is one character, or tab");
    stamp_format_parse(o->time_format, &out->format);
    enum err err = open_columns(out, fault);
    bool needs_step = plan->kind != SERIES_REGISTER || plan->label_is_start;
    if (err == OK && out->order_column >= 0) {
        err = replay_order_load(out, fault, &out->order);
        if (err == OK && plan->step_ms == 0)
            plan->step_ms = replay_order_step_ms(out->order);
    }
    if (err == OK && needs_step && plan->step_ms == 0)
        err = find_step(out, fault);
    if (err != OK)
        replay_file_close(out);
    return err;
}

void replay_file_close(struct replay_file *f)
{
    replay_order_destroy(f->order);
    f->order = NULL;
    csv_close(f->csv);
    f->csv = NULL;
}

/* Decimal commas become points where the comma is not the delimiter. */
static const char *field(char **fields, int column)
{
    if (column < 0)
        return "";
    char *comma = strchr(fields[column], ',');
    if (comma != NULL)
        *comma = '.';
    return fields[column];
}

static int last_column(const struct replay_file *f)
{
    int last = f->meter_column;
    const int others[] = {f->time_columns[0], f->time_columns[1], f->power_column, f->voltage_column, f->order_column};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        last = others[i] > last ? others[i] : last;
    for (int i = 0; i < f->plan.channel_count; i++)
        last = f->value_columns[i] > last ? f->value_columns[i] : last;
    return last;
}

enum err replay_file_next(struct replay_file *f, struct fault *fault, struct replay_row *out)
{
    char **fields, text[128];
    int count;
    if (f->order != NULL)
        return replay_order_next(f->order, fault, out);
    enum err err = csv_next(f->csv, fault, &fields, &count);
    if (err != OK)
        return err;
    unsigned long long line = csv_line(f->csv);
    if (count <= last_column(f))
        return fault_set(fault, ERR_LIMIT, "line %llu has %d fields only", line, count);
    const char *date = fields[f->time_columns[0]];
    int n = f->time_columns[1] < 0 ? snprintf(text, sizeof text, "%s", date) : snprintf(text, sizeof text, "%s %s", date, fields[f->time_columns[1]]);
    if (n < 0 || (size_t)n >= sizeof text || !stamp_parse(text, f->format, &out->stamp))
        return fault_set(fault, ERR_LIMIT, "line %llu: no time: %.60s", line, text);
    out->meter = f->meter_column >= 0 ? fields[f->meter_column] : "";
    for (int i = 0; i < f->plan.channel_count; i++)
        out->values[i] = field(fields, f->value_columns[i]);
    out->power = field(fields, f->power_column);
    out->voltage = field(fields, f->voltage_column);
    out->order = field(fields, f->order_column);
    out->line = line;
    out->step_ms = 0;
    return OK;
}

int64_t replay_row_instant(const struct replay_file *f, const struct replay_row *row, int64_t after_utc_ms)
{
    int64_t instant = stamp_instant(&row->stamp, f->zone, after_utc_ms);
    if (f->order == NULL || instant > after_utc_ms)
        return instant;
    bool told = f->options->step_s > 0 || row->step_ms == 0;
    return after_utc_ms + (told ? f->plan.step_ms : row->step_ms);
}
