/* The utility's settings. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"

static const struct arg_row get_rows[] = {
    {.name = "name", .placeholder = "NAME", .help = "as `qw setting list` tells it", .operand = true, .required = true},
    {0},
};

static enum err run_get(struct qw *qw, const struct args *args, struct fault *fault)
{
    char value[RECORD_SETTING_SIZE];
    enum err err = records_setting_get(qw->records, arg(args, "name"), qw->actor.at_utc_ms, fault, value);
    if (err == OK)
        printf("%s\n", value);
    return err;
}

static const struct arg_row set_rows[] = {
    {.name = "name", .placeholder = "NAME", .help = "as `qw setting list` tells it", .operand = true, .required = true},
    {.name = "value", .placeholder = "VALUE", .help = "what holds from then on", .operand = true, .required = true},
    {.name = "from", .placeholder = "INSTANT", .help = "from when (default: since ever where it was never said, else now)"},
    {0},
};

static enum err run_set(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *name = arg(args, "name"), *value = arg(args, "value");
    int64_t from = qw->actor.at_utc_ms;
    enum err err = arg_instant(args, "from", fault, &from);
    if (err == OK && strcmp(name, "default_tz") == 0)
        err = check_zone_exists(qw, value, fault);
    if (err == OK)
        err =
            arg(args, "from") != NULL ? records_setting_set(qw->records, &qw->actor, name, value, from, fault) : set_setting(qw, name, value, fault);
    if (err == OK)
        say(qw, "%s is %s", name, value);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct sheet sheet;
    enum err err = OK;
    sheet_begin(&sheet, arg_flag(args, "json"), "name", "value", "what", NULL);
    for (int i = 0; err == OK && i < setting_count; i++) {
        char value[RECORD_SETTING_SIZE];
        err = records_setting_get(qw->records, setting_table[i].name, qw->actor.at_utc_ms, fault, value);
        if (err != OK)
            break;
        sheet_text(&sheet, setting_table[i].name);
        sheet_text(&sheet, value);
        sheet_text(&sheet, setting_table[i].what);
    }
    if (err == OK)
        return sheet_end(&sheet, "", fault);
    sheet_abandon(&sheet);
    return err;
}

const struct command setting_commands[] = {
    {"setting", "get", "Prints what a setting of the utility is.", get_rows, OPENS_RECORDS, false, run_get},
    {"setting", "set", "Sets it, from an instant on.", set_rows, OPENS_RECORDS, true, run_set},
    {"setting", "list", "Lists the settings of the utility.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
