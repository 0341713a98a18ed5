/* Price series: loaded day by day, as their publisher has them. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "daemon/files.h"
#include "wire/rate_json.h"

static const struct arg_row load_rows[] = {
    {.name = "file", .placeholder = "FILE", .help = "a series/1 document (docs/tariffs.md)", .operand = true, .required = true},
    {0},
};

static enum err run_load(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct buf text;
    struct series_set set = {0};
    buf_init(&text, RATE_DOCUMENT_MAX);
    enum err err = file_read(arg(args, "file"), fault, &text);
    if (err == OK)
        err = series_parse(text.data, text.len, fault, &set);
    for (int i = 0; err == OK && i < set.count; i++) {
        const struct price_series *series = &set.series[i];
        err = records_series_put(qw->records, &qw->actor, series->id, series->prices, (size_t)series->count, fault);
        if (err == OK)
            say(qw, "series %s: %d prices loaded", series->id, series->count);
    }
    series_destroy(&set);
    buf_finish(&text);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct series_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    size_t count = 0;
    int64_t after = 0;
    enum err err;
    sheet_begin(&sheet, arg_flag(args, "json"), "series_id", "prices", "from", "until", "loaded", NULL);
    do {
        err = records_series_list(qw->records, after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_text(&sheet, rows[i].series_id);
            sheet_int(&sheet, rows[i].price_count);
            sheet_instant(&sheet, rows[i].from_utc_ms, INT64_MIN);
            sheet_instant(&sheet, rows[i].until_utc_ms, INT64_MIN);
            sheet_instant(&sheet, rows[i].loaded_utc_ms, INT64_MIN);
            after = rows[i].revision;
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no price series; `qw series load` takes one in", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command series_commands[] = {
    {"series", "load", "Takes prices of a series in; those of the same time are replaced.", load_rows, OPENS_RECORDS, true, run_load},
    {"series", "list", "Lists the price series.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
