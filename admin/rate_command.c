/* qw rate: bills from files alone, by the engine that bills everybody. */
#include <stdlib.h>
#include <string.h>
#include "admin/rate_run.h"
#include "base/civil.h"
#include "wire/json_out.h"

#define DOCUMENT_MAX 8388608

static const struct arg_row rate_rows[] = {
    {.name = "tariff", .placeholder = "FILE", .help = "a tariff/1 document (docs/tariffs.md)", .required = true},
    {.name = "usage", .placeholder = "FILE", .help = "CSV: ts,import_wh[,export_wh]; ts is the interval's start"},
    {.name = "quantities", .placeholder = "FILE", .help = "JSON: energy per window, demand, days … as a bill prints them"},
    {.name = "from", .placeholder = "DATE", .help = "first date as a bill prints it (proration.days)"},
    {.name = "to", .placeholder = "DATE", .help = "last date as a bill prints it"},
    {.name = "account", .placeholder = "FILE", .help = "JSON: phases, class, zone, tier, amps …, and the opening state"},
    {.name = "series", .placeholder = "FILE", .help = "price series (series/1)"},
    {.name = "known", .placeholder = "WHEN", .help = "only versions known by then (instant or date)"},
    {.name = "version", .type = ARG_INT, .placeholder = "N", .help = "the Nth version of the document, whatever its dates"},
    {.name = "tz", .placeholder = "ZONE", .help = "instead of the tariff's own time zone"},
    {.name = "interval-s", .type = ARG_INT, .placeholder = "S", .help = "length of an interval where the file holds one row"},
    {.name = "each", .placeholder = "month", .help = "a bill for each calendar month, credits and demand carried on"},
    {.name = "provisional", .type = ARG_FLAG, .help = "a month that a table does not know yet takes the last one it knows"},
    {.name = "table", .type = ARG_FLAG, .help = "for people"},
    {.name = "explain", .type = ARG_FLAG, .help = "each line's formula, its fraction before rounding and its clause"},
    {0},
};

static void print_bill(const struct rating *rating, const struct args *args, const struct bill *bill)
{
    struct buf out;
    if (arg_flag(args, "table")) {
        rating_print_table(rating, bill, stdout);
        return;
    }
    buf_init(&out, DOCUMENT_MAX);
    rating_print_json(rating, bill, &out);
    fwrite(out.data, 1, out.len, stdout);
    buf_finish(&out);
}

/* The day after the last of the month that holds a day. */
static int32_t next_month(int32_t day)
{
    struct civil date = civil_from_day(day);
    return day + civil_month_length(date.year, date.month) - date.mday + 1;
}

static enum err each_month(struct rating *rating, const struct args *args, int32_t from_day, int32_t until_day, struct bill *bill,
                           struct fault *fault)
{
    enum err err = OK;
    bool json = !arg_flag(args, "table");
    int64_t total = 0;
    if (json)
        printf("{\"bills\":[");
    for (int32_t day = from_day; err == OK && day < until_day;) {
        int32_t end = next_month(day) < until_day ? next_month(day) : until_day;
        err = rating_bill(rating, day, end, fault, bill);
        if (err == OK && __builtin_add_overflow(total, bill->total.minor, &total))
            err = fault_set(fault, ERR_INVALID, "the total does not fit");
        if (err == OK) {
            if (json && day > from_day)
                printf(",");
            print_bill(rating, args, bill);
        }
        day = end;
    }
    if (json && err == OK)
        printf("],\"total_minor\":%lld}\n", (long long)total);
    return err;
}

static enum err run_rate(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct rating *rating = NULL;
    struct bill *bill = malloc(sizeof *bill);
    int32_t from_day = 0, until_day = 0;
    enum err err = bill ? rating_read(qw, args, fault, &rating) : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK && arg(args, "each") && (strcmp(arg(args, "each"), "month") != 0 || rating->by_quantities))
        err = fault_set(fault, ERR_INVALID, "--each month goes with --usage");
    if (err == OK)
        err = rating_cycle(rating, args, fault, &from_day, &until_day);
    if (err == OK && arg(args, "each"))
        err = each_month(rating, args, from_day, until_day, bill, fault);
    else if (err == OK) {
        err = rating_bill(rating, from_day, until_day, fault, bill);
        if (err == OK) {
            print_bill(rating, args, bill);
            if (!arg_flag(args, "table"))
                printf("\n");
        }
    }
    rating_finish(rating);
    free(bill);
    return err;
}

const struct command rate_commands[] = {
    {"rate", NULL, "Works out a bill from files, by the engine that bills everybody.", rate_rows, OPENS_NOTHING, false, run_rate},
    {0},
};
