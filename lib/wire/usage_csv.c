/* Intervals as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "wire/rate_json.h"

#define COLUMNS_MAX 16

struct csv {
    const char *at, *end;
    int line;
    int ts, import, export;             /* columns; export -1: none */
    int64_t import_micro, export_micro; /* running sums: rounding never adds up */
    struct fault *fault;
};

/* The cells of the next line that holds anything; false at the end. */
static bool next_row(struct csv *csv, const char *cells[COLUMNS_MAX], size_t lens[COLUMNS_MAX], int *count)
{
    while (csv->at < csv->end) {
        const char *line = csv->at, *stop = memchr(line, '\n', (size_t)(csv->end - line));
        if (!stop)
            stop = csv->end;
        csv->at = stop < csv->end ? stop + 1 : stop;
        csv->line++;
        if (stop > line && stop[-1] == '\r')
            stop--;
        if (stop == line || *line == '#')
            continue;
        *count = 0;
        for (const char *cell = line; *count < COLUMNS_MAX;) {
            const char *comma = memchr(cell, ',', (size_t)(stop - cell)), *cell_end = comma ? comma : stop;
            while (cell < cell_end && (*cell == ' ' || *cell == '"'))
                cell++;
            while (cell_end > cell && (cell_end[-1] == ' ' || cell_end[-1] == '"'))
                cell_end--;
            cells[*count] = cell;
            lens[(*count)++] = (size_t)(cell_end - cell);
            if (!comma)
                break;
            cell = comma + 1;
        }
        return true;
    }
    return false;
}

static int column(const char *const *cells, const size_t *lens, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strlen(name) == lens[i] && strncmp(cells[i], name, lens[i]) == 0)
            return i;
    return -1;
}

/* Wh with up to six digits after the point; what stands below a watt-hour is carried to the next row. */
static bool energy(const char *cell, size_t len, int64_t *running_micro, int64_t *out_wh)
{
    int64_t micro, sum, before = 0, after = 0;
    if (!decimal_parse_floor(cell, len, 6, &micro) || __builtin_add_overflow(*running_micro, micro, &sum))
        return false;
    muldiv_floor(*running_micro, 1, 1000000, &before);
    muldiv_floor(sum, 1, 1000000, &after);
    *running_micro = sum;
    *out_wh = after - before;
    return true;
}

static enum err read_row(struct csv *csv, const char *const *cells, const size_t *lens, int count, struct rate_interval *out)
{
    *out = (struct rate_interval){.quality = QUALITY_MEASURED};
    if (csv->ts >= count || csv->import >= count || !instant_parse(cells[csv->ts], lens[csv->ts], &out->start_utc_ms))
        return fault_set(csv->fault, ERR_INVALID, "line %d: ts,import_wh[,export_wh] is expected, ts with Z or an offset: 2026-03-29T00:00:00Z,125",
                         csv->line);
    if (lens[csv->import] == 0)
        out->quality = QUALITY_MISSING;
    else if (!energy(cells[csv->import], lens[csv->import], &csv->import_micro, &out->import_wh))
        return fault_set(csv->fault, ERR_INVALID, "line %d: import_wh is a number of Wh", csv->line);
    if (csv->export >= 0 && csv->export < count && lens[csv->export] > 0 &&
        !energy(cells[csv->export], lens[csv->export], &csv->export_micro, &out->export_wh))
        return fault_set(csv->fault, ERR_INVALID, "line %d: export_wh is a number of Wh", csv->line);
    return OK;
}

/* The first line may name the columns. */
static bool is_header(struct csv *csv, const char *const *cells, const size_t *lens, int count)
{
    int ts = column(cells, lens, count, "ts");
    if (ts < 0)
        return false;
    csv->ts = ts;
    csv->import = column(cells, lens, count, "import_wh");
    csv->export = column(cells, lens, count, "export_wh");
    return true;
}

static enum err read_rows(struct csv *csv, struct rate_interval **rows, int *out_count)
{
    const char *cells[COLUMNS_MAX];
    size_t lens[COLUMNS_MAX];
    int columns, count = 0, size = 0;
    enum err err = OK;
    for (bool first = true; err == OK && next_row(csv, cells, lens, &columns); first = false) {
        if (first && is_header(csv, cells, lens, columns)) {
            if (csv->import < 0)
                return fault_set(csv->fault, ERR_INVALID, "line %d: there is no column import_wh", csv->line);
            continue;
        }
        if (count == size) {
            size = size ? 2 * size : 4096;
            struct rate_interval *more = size > 2 * RATE_INTERVALS_MAX ? NULL : realloc(*rows, (size_t)size * sizeof **rows);
            if (!more)
                return fault_set(csv->fault, ERR_LIMIT, "more than %d rows", RATE_INTERVALS_MAX);
            *rows = more;
        }
        err = read_row(csv, cells, lens, columns, &(*rows)[count]);
        if (err == OK && count > 0 && (*rows)[count].start_utc_ms <= (*rows)[count - 1].start_utc_ms)
            err = fault_set(csv->fault, ERR_INVALID, "line %d: rows must ascend in time, each ts once", csv->line);
        count++;
    }
    *out_count = count;
    return err;
}

enum err usage_parse(const char *text, size_t len, int default_s, struct fault *fault, struct rate_interval **out, int *out_count)
{
    struct csv csv = {.at = text, .end = text + len, .ts = 0, .import = 1, .export = 2, .fault = fault};
    struct rate_interval *rows = NULL;
    int count = 0;
    int64_t step = (int64_t)default_s * MS_PER_S, smallest = INT64_MAX;
    enum err err = read_rows(&csv, &rows, &count);
    if (err == OK && count == 0)
        err = fault_set(fault, ERR_INVALID, "the file holds no interval");
    if (err != OK) {
        free(rows);
        return err;
    }
    for (int i = 1; i < count; i++)
        if (rows[i].start_utc_ms - rows[i - 1].start_utc_ms < smallest)
            smallest = rows[i].start_utc_ms - rows[i - 1].start_utc_ms;
    if (count > 1)
        step = smallest < MS_PER_DAY ? smallest : MS_PER_DAY;
    for (int i = 0; i < count; i++)
        rows[i].length_ms = (int32_t)step;
    *out = rows;
    *out_count = count;
    return OK;
}
