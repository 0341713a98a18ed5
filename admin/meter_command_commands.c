/* Commands to meters: what they are asked to do, and what they answered. */
#include <string.h>
#include "access/token.h"
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/reading.h"
#include "store/records_command.h"
#include "wire/command_json.h"

#define EXPIRES_S_MAX 604800

static enum err queue(struct qw *qw, const struct args *args, const char *name, const struct buf *params, struct fault *fault)
{
    struct point_record point;
    struct command_record command = {.state = COMMAND_QUEUED};
    int64_t expires_in_s = 300;
    enum err err = arg_int(args, "expires-in-s", 1, EXPIRES_S_MAX, fault, &expires_in_s);
    if (err == OK)
        err = records_point_by_id(qw->records, arg(args, "meter"), fault, &point);
    if (err != OK)
        return err;
    command.meter_no = point.meter_no;
    command.expires_utc_ms = qw->actor.at_utc_ms + expires_in_s * MS_PER_S;
    random_hex(16, command.command_id);
    text_copy(command.name, sizeof command.name, name);
    if (params->overflow || !text_copy(command.params, sizeof command.params, params->data))
        return fault_set(fault, ERR_INVALID, "the command is too long");
    err = records_command_add(qw->records, &qw->actor, &command, fault);
    if (err == OK)
        say(qw, "command %s to %s is queued; `qw command list %s` tells what became of it", command.command_id, point.meter_id, point.meter_id);
    return err;
}

#define METER_ROW                                                                                                                                    \
    {                                                                                                                                                \
        .name = "meter", .placeholder = "METER", .help = "the meter", .operand = true, .required = true                                              \
    }
#define EXPIRES_ROW                                                                                                                                  \
    {                                                                                                                                                \
        .name = "expires-in-s", .type = ARG_INT, .placeholder = "N", .help = "seconds after which it is not to be done any more (300)"               \
    }

static const struct arg_row interval_rows[] = {
    METER_ROW,
    {.name = "interval-s",
     .type = ARG_INT,
     .placeholder = "N",
     .help = "seconds between two readings, 1 to 86400",
     .operand = true,
     .required = true},
    EXPIRES_ROW,
    {0},
};

static enum err run_interval(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct buf params;
    int64_t interval_s = 0;
    buf_init(&params, COMMAND_PARAMS_SIZE - 1);
    enum err err = arg_int(args, "interval-s", 1, 86400, fault, &interval_s);
    command_interval_params(&params, interval_s);
    if (err == OK)
        err = queue(qw, args, "set_interval", &params, fault);
    buf_finish(&params);
    return err;
}

static const struct arg_row resend_rows[] = {
    METER_ROW,
    {.name = "boot", .placeholder = "BOOT", .help = "the boot whose sequence it is", .required = true},
    {.name = "from-seq", .type = ARG_INT, .placeholder = "N", .help = "the first number", .required = true},
    {.name = "to-seq", .type = ARG_INT, .placeholder = "N", .help = "the last one", .required = true},
    EXPIRES_ROW,
    {0},
};

static enum err run_resend(struct qw *qw, const struct args *args, struct fault *fault)
{
    char boot[READING_BOOT_SIZE];
    struct buf params;
    int64_t from_seq = 0, to_seq = 0;
    buf_init(&params, COMMAND_PARAMS_SIZE - 1);
    enum err err = arg_copy(args, "boot", fault, boot, sizeof boot);
    if (err == OK)
        err = arg_int(args, "from-seq", 0, READING_WH_MAX, fault, &from_seq);
    if (err == OK)
        err = arg_int(args, "to-seq", from_seq, READING_WH_MAX, fault, &to_seq);
    if (err == OK) {
        command_resend_params(&params, boot, from_seq, to_seq);
        err = queue(qw, args, "resend", &params, fault);
    }
    buf_finish(&params);
    return err;
}

static const struct arg_row list_rows[] = {
    {.name = "meter", .placeholder = "METER", .help = "of this meter alone", .operand = true},
    {.name = "limit", .type = ARG_INT, .placeholder = "N", .help = "at most so many, newest first (50)"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static void show(const struct qw *qw, struct sheet *sheet, const struct command_record *command)
{
    char at[INSTANT_TEXT_SIZE];
    instant_format(command->created_utc_ms, at);
    sheet_text(sheet, command->command_id);
    sheet_text(sheet, command->meter_id);
    sheet_text(sheet, command->name);
    sheet_text(sheet, command->params);
    sheet_text(sheet, command_state_name(command, qw->actor.at_utc_ms));
    sheet_text(sheet, command->detail);
    sheet_text(sheet, command->by);
    sheet_text(sheet, at);
}

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct command_record rows[RECORDS_PAGE_MAX];
    struct sheet sheet;
    struct point_record point = {.meter_no = 0};
    int64_t limit = 50;
    size_t count = 0;
    enum err err = arg_int(args, "limit", 1, RECORDS_PAGE_MAX, fault, &limit);
    if (err == OK && arg(args, "meter") != NULL)
        err = records_point_by_id(qw->records, arg(args, "meter"), fault, &point);
    if (err == OK)
        err = records_command_list(qw->records, point.meter_no, 0, (size_t)limit, fault, rows, &count);
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "command_id", "meter_id", "command", "params", "state", "detail", "by", "at", NULL);
    for (size_t i = 0; i < count; i++)
        show(qw, &sheet, &rows[i]);
    return sheet_end(&sheet, "no commands", fault);
}

const struct command meter_command_commands[] = {
    {"command", "set-interval", "A meter is to read at another interval.", interval_rows, OPENS_RECORDS, false, run_interval},
    {"command", "resend", "A meter is to send a stretch of its sequence again.", resend_rows, OPENS_RECORDS, false, run_resend},
    {"command", "list", "Lists commands and what became of them.", list_rows, OPENS_RECORDS, false, run_list},
    {0},
};
