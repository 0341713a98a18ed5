#include "meter/incident.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/text.h"
#include "daemon/csv.h"
#include "energy/reading.h"

enum column { METER, KIND, FROM, UNTIL, VALUE, COLUMNS };
static const char *const column_names[COLUMNS] = {"meter", "kind", "from", "until", "value_wh"};
static const char *const kind_names[] = {"transient", "frozen", "silence", "outage", "exchange", "reset"};

static const struct {
    bool lasts, has_value;
} shapes[] = {{true, true}, {true, false}, {true, false}, {true, false}, {false, true}, {false, true}};

/* NULL: the row is right; else what is wrong with it. */
static const char *parse_row(char *const fields[COLUMNS], struct incident *out)
{
    size_t kind = 0, kinds = sizeof kind_names / sizeof *kind_names;
    while (kind < kinds && strcmp(fields[KIND], kind_names[kind]) != 0)
        kind++;
    if (kind == kinds)
        return "kind is transient, frozen, silence, outage, exchange or reset";
    *out = (struct incident){.kind = (enum incident_kind)kind};
    if (!instant_parse(fields[FROM], strlen(fields[FROM]), &out->from_utc_ms))
        return "from is no time such as 2026-11-22T18:00:00-03:00";
    out->until_utc_ms = out->from_utc_ms;
    if (!shapes[kind].lasts && fields[UNTIL][0] != '\0')
        return "this kind happens at once: until stays empty";
    if (shapes[kind].lasts && (!instant_parse(fields[UNTIL], strlen(fields[UNTIL]), &out->until_utc_ms) || out->until_utc_ms <= out->from_utc_ms))
        return "until is no time behind from";
    if (fields[VALUE][0] == '\0')
        return NULL;
    if (!shapes[kind].has_value)
        return "this kind has no value_wh: it stays empty";
    if (!text_to_int64(fields[VALUE], &out->value_wh) || out->value_wh < 0 || out->value_wh > READING_WH_MAX)
        return "value_wh is a whole number of Wh, from 0 to 9007199254740991";
    return NULL;
}

/* One row: checked, and handed over. */
static enum err take_row(const int columns[COLUMNS], char **fields, int count, incident_take *take, void *arg, struct fault *fault)
{
    char *row[COLUMNS];
    struct incident incident;
    for (int i = 0; i < COLUMNS; i++) {
        if (columns[i] >= count)
            return fault_set(fault, ERR_INVALID, "the field %s is missing", column_names[i]);
        row[i] = text_trim(fields[columns[i]]);
    }
    const char *wrong = parse_row(row, &incident);
    if (wrong != NULL)
        return fault_set(fault, ERR_INVALID, "%s", wrong);
    return take(row[METER], &incident, fault, arg);
}

static enum err read_rows(struct csv *csv, const char *path, incident_take *take, void *arg, struct fault *fault)
{
    int columns[COLUMNS], count;
    char **fields;
    enum err err;
    for (int i = 0; i < COLUMNS; i++)
        if (csv_column(csv, column_names[i], fault, &columns[i]) != OK)
            return ERR_INVALID;
    while ((err = csv_next(csv, fault, &fields, &count)) == OK) {
        struct fault cause;
        err = take_row(columns, fields, count, take, arg, &cause);
        if (err != OK)
            return fault_set(fault, err, "%s, line %llu: %s", path, (unsigned long long)csv_line(csv), cause.text);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err incidents_read(const char *path, incident_take *take, void *arg, struct fault *fault)
{
    struct csv *csv;
    enum err err = csv_open(path, ',', fault, &csv);
    if (err != OK)
        return err;
    err = read_rows(csv, path, take, arg, fault);
    csv_close(csv);
    return err;
}
