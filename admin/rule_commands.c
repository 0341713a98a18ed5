/* Alert rules of meters. */
#include <string.h>
#include "admin/command.h"
#include "admin/sheet.h"
#include "energy/alert.h"
#include "wire/alert_json.h"

static enum err find(struct qw *qw, const char *id, struct fault *fault, int64_t *out_no)
{
    struct point_record point;
    enum err err = records_point_by_id(qw->records, id, fault, &point);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no meter %.64s; `qw meter list` tells which there are", id);
    if (err == OK)
        *out_no = point.meter_no;
    return err;
}

static const struct arg_row set_rows[] = {
    {.name = "meter", .placeholder = "METER", .help = "the meter", .operand = true, .required = true},
    {.name = "kind", .placeholder = "KIND", .help = "excess_consumption or bill_variation", .operand = true, .required = true},
    {.name = "params",
     .placeholder = "JSON",
     .help = "{\"day_wh\":20000}, {\"percent\":30}, {\"enabled\":false}; '' is the default again",
     .operand = true,
     .required = true},
    {.name = "from", .placeholder = "INSTANT", .help = "from when it holds (default: now)"},
    {0},
};

static enum err run_set(struct qw *qw, const struct args *args, struct fault *fault)
{
    const struct alert_kind_row *kind = alert_kind_by_name(arg(args, "kind"));
    const char *params = arg(args, "params");
    struct rule_params parsed;
    int64_t meter_no = 0, from = qw->actor.at_utc_ms;
    enum err err = OK;
    if (kind == NULL)
        return fault_set(fault, ERR_INVALID, "there is no alert kind %.40s", arg(args, "kind"));
    if (params[0] != '\0')
        err = rule_params_parse(kind->kind, params, strlen(params), fault, &parsed);
    if (err == OK)
        err = arg_instant(args, "from", fault, &from);
    if (err == OK)
        err = find(qw, arg(args, "meter"), fault, &meter_no);
    if (err == OK)
        err = records_rule_set(qw->records, &qw->actor, meter_no, kind->name, params, from, fault, NULL);
    if (err == OK)
        say(qw, "meter %s: %s %s", arg(args, "meter"), kind->name, params[0] != '\0' ? params : "as by default");
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "meter", .placeholder = "METER", .help = "the meter", .operand = true, .required = true},
    {.name = "all", .type = ARG_FLAG, .help = "all that was ever said"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct rule_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    int64_t meter_no = 0;
    size_t count = 0;
    enum err err = find(qw, arg(args, "meter"), fault, &meter_no);
    if (err == OK && arg_flag(args, "all"))
        err = records_rule_history(qw->records, meter_no, 0, RECORDS_PAGE_MAX, fault, rows, &count);
    else if (err == OK)
        err = records_rule_list(qw->records, meter_no, qw->actor.at_utc_ms, RECORDS_PAGE_MAX, fault, rows, &count);
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "kind", "params", "valid_from", "by", NULL);
    for (size_t i = 0; i < count; i++) {
        sheet_text(&sheet, rows[i].kind);
        sheet_text(&sheet, rows[i].params);
        sheet_instant(&sheet, rows[i].valid_from_utc_ms, INT64_MIN);
        sheet_text(&sheet, rows[i].by);
    }
    return sheet_end(&sheet, "no rules of its own: those by default hold", fault);
}

const struct command rule_commands[] = {
    {"rules", "set", "Sets an alert rule of a meter.", set_rows, OPENS_RECORDS, true, run_set},
    {"rules", "list", "Lists the alert rules of a meter.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
