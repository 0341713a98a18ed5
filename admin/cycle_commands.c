/* Cycle groups: when bills begin. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/civil.h"
#include "base/text.h"

static const struct arg_row set_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "the cycle group; made where it is missing", .operand = true, .required = true},
    {.name = "day-of-month", .type = ARG_INT, .placeholder = "N", .help = "1 to 28: each cycle begins on it", .required = true},
    {.name = "dates", .placeholder = "DATES", .help = "read dates with commas between, ascending; they go before the day of the month"},
    {0},
};

static enum err read_dates(const char *text, struct fault *fault, struct cycle_group *out)
{
    while (text != NULL && *text != '\0') {
        char date[CIVIL_TEXT_SIZE];
        size_t len = strcspn(text, ",");
        if (out->date_count == CYCLE_DATES_MAX)
            return fault_set(fault, ERR_LIMIT, "at most %d read dates", CYCLE_DATES_MAX);
        if (len != sizeof date - 1)
            return fault_set(fault, ERR_INVALID, "--dates must be dates as 2026-01-07,2026-02-06");
        memcpy(date, text, len);
        date[len] = '\0';
        if (!civil_parse(date, &out->dates_day[out->date_count]))
            return fault_set(fault, ERR_INVALID, "there is no date %s", date);
        out->date_count++;
        text += len + (text[len] == ',');
    }
    return OK;
}

static enum err run_set(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct cycle_group_record group = {0};
    enum err err = arg_copy(args, "id", fault, group.group_id, sizeof group.group_id);
    if (err == OK)
        err = arg_small(args, "day-of-month", 1, 28, fault, &group.group.day_of_month);
    if (err == OK)
        err = read_dates(arg(args, "dates"), fault, &group.group);
    if (err == OK)
        err = records_cycle_group_put(qw->records, &qw->actor, &group, fault);
    if (err == OK)
        say(qw, "cycle group %s begins on day %d%s", group.group_id, group.group.day_of_month,
            group.group.date_count > 0 ? ", or by its read dates" : "");
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static void show(struct sheet *sheet, const struct cycle_group_record *group)
{
    struct buf dates;
    buf_init(&dates, 1024);
    for (int i = 0; i < group->group.date_count; i++) {
        char date[CIVIL_TEXT_SIZE];
        civil_format(group->group.dates_day[i], date);
        buf_printf(&dates, "%s%s", i > 0 ? "," : "", date);
    }
    sheet_text(sheet, group->group_id);
    sheet_int(sheet, group->group.day_of_month);
    sheet_text(sheet, dates.data);
    buf_finish(&dates);
}

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct cycle_group_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    char after[RECORD_ID_SIZE] = "";
    size_t count = 0;
    enum err err = OK;
    sheet_begin(&sheet, arg_flag(args, "json"), "group_id", "day_of_month", "dates", NULL);
    do {
        err = records_cycle_group_list(qw->records, after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            show(&sheet, &rows[i]);
            text_copy(after, sizeof after, rows[i].group_id);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no cycle groups", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command cycle_commands[] = {
    {"cycle", "set", "Makes or changes a cycle group.", set_rows, OPENS_RECORDS, true, run_set},
    {"cycle", "list", "Lists the cycle groups.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
