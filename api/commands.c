/*
 * Commands to a meter: GET (one by ?command_id=) and POST /meters/{meter_id}/commands. For operators. What is said here
 * is queued; the ingestor publishes it and writes down the answer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "access/token.h"
#include "api/caller.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/reading.h"
#include "store/records_command.h"
#include "wire/command_json.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define EXPIRES_S_DEFAULT 300
#define EXPIRES_S_MAX 604800

static void instant_or_null(struct buf *out, const char *key, int64_t utc_ms)
{
    if (utc_ms != 0)
        out_instant(out, key, utc_ms);
    else
        out_null(out, key);
}

static void write_command(struct buf *out, const struct command_record *command, int64_t now_utc_ms)
{
    out_object(out, NULL);
    out_text(out, "command_id", command->command_id);
    out_text(out, "meter_id", command->meter_id);
    out_text(out, "command", command->name);
    out_raw(out, "params", command->params);
    out_text(out, "state", command_state_name(command, now_utc_ms));
    out_text(out, "by", command->by);
    out_instant(out, "at", command->created_utc_ms);
    out_instant(out, "expires", command->expires_utc_ms);
    instant_or_null(out, "sent", command->sent_utc_ms);
    instant_or_null(out, "answered", command->answered_utc_ms);
    out_text(out, "detail", command->detail[0] != '\0' ? command->detail : NULL);
    out_end_object(out);
}

/* False, and a problem was replied. */
static bool find_meter(struct exchange *x, struct sight *out)
{
    if (!sight_of(x, x->arg, out))
        return false;
    if (x->caller.role != ROLE_CUSTOMER)
        return true;
    problem(x, 403, "forbidden", "Commands to meters are for operators.");
    return false;
}

/* ---- what there is ---- */

static bool read_cursor(struct exchange *x, int64_t *out)
{
    struct fault fault = {0};
    const char *cursor = param_get(&x->query, "cursor");
    *out = 0;
    if (cursor == NULL || *cursor == '\0' || (text_to_int64(cursor, out) && *out > 0))
        return true;
    param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    problem_input(x, &fault);
    return false;
}

static void list(struct exchange *x, const struct sight *sight, size_t limit, int64_t before_no)
{
    struct fault fault = {0};
    size_t count = 0;
    char next[24];
    struct command_record *rows = calloc(limit, sizeof *rows);
    enum err err = rows != NULL ? records_command_list(x->server->records, sight->point.meter_no, before_no, limit, &fault, rows, &count)
                                : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++)
            write_command(x->out, &rows[i], x->now_utc_ms);
        snprintf(next, sizeof next, "%" PRId64, count > 0 ? rows[count - 1].command_no : 0);
        page_end(x, count == limit ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

/* The one with this id, as a page of it. */
static void list_one(struct exchange *x, const struct sight *sight, const char *command_id)
{
    struct fault fault = {0};
    struct command_record command;
    enum err err = records_command_by_id(x->server->records, sight->point.meter_no, command_id, &fault, &command);
    if (err != OK && err != ERR_NOT_FOUND) {
        problem_store(x, err, &fault);
        return;
    }
    out_object(x->out, NULL);
    out_array(x->out, "items");
    if (err == OK)
        write_command(x->out, &command, x->now_utc_ms);
    page_end(x, NULL);
    reply_tagged(x, 200, -1);
}

void commands_list(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    const char *command_id;
    size_t limit;
    int64_t before_no;
    if (!find_meter(x, &sight) || !page_limit(x, &limit) || !read_cursor(x, &before_no))
        return;
    if (param_name(&x->query, "command_id", &fault, &command_id) != OK)
        problem_input(x, &fault);
    else if (command_id != NULL)
        list_one(x, &sight, command_id);
    else
        list(x, &sight, limit, before_no);
}

/* ---- a new one ---- */

static enum err read_resend(const struct rest_in *in, struct fault *fault, struct buf *params)
{
    char boot[READING_BOOT_SIZE] = "";
    int64_t from_seq = 0, to_seq = 0;
    enum err err = rest_in_required(in, "boot", fault);
    if (err == OK)
        err = rest_in_required(in, "from_seq", fault);
    if (err == OK)
        err = rest_in_required(in, "to_seq", fault);
    if (err == OK)
        err = rest_in_text(in, "boot", 1, sizeof boot - 1, fault, boot, sizeof boot);
    if (err == OK)
        err = rest_in_int(in, "from_seq", 0, READING_WH_MAX, fault, &from_seq);
    if (err == OK)
        err = rest_in_int(in, "to_seq", 0, READING_WH_MAX, fault, &to_seq);
    if (err == OK && to_seq < from_seq)
        err = fault_at(fault, ERR_INVALID, "/to_seq", "It lies before \"from_seq\".");
    if (err == OK && rest_in_member(in, "interval_s") == REST_GIVEN)
        err = fault_at(fault, ERR_INVALID, "/interval_s", "This has no meaning with \"command\":\"resend\".");
    if (err == OK)
        command_resend_params(params, boot, from_seq, to_seq);
    return err;
}

static enum err read_interval(const struct rest_in *in, struct fault *fault, struct buf *params)
{
    static const char *const others[] = {"boot", "from_seq", "to_seq"};
    char pointer[16];
    int64_t interval_s = 0;
    enum err err = rest_in_required(in, "interval_s", fault);
    if (err == OK)
        err = rest_in_int(in, "interval_s", 1, 86400, fault, &interval_s);
    for (size_t i = 0; err == OK && i < sizeof others / sizeof *others; i++)
        if (rest_in_member(in, others[i]) == REST_GIVEN) {
            snprintf(pointer, sizeof pointer, "/%s", others[i]);
            err = fault_at(fault, ERR_INVALID, pointer, "This has no meaning with \"command\":\"set_interval\".");
        }
    if (err == OK)
        command_interval_params(params, interval_s);
    return err;
}

static enum err read_command(const struct rest_in *in, int64_t now_utc_ms, struct fault *fault, struct command_record *out)
{
    static const char *const names[] = {"command", "boot", "from_seq", "to_seq", "interval_s", "expires_in_s", NULL};
    int64_t expires_in_s = EXPIRES_S_DEFAULT;
    struct buf params;
    buf_init(&params, COMMAND_PARAMS_SIZE - 1);
    enum err err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_required(in, "command", fault);
    if (err == OK)
        err = rest_in_name(in, "command", fault, out->name, sizeof out->name);
    if (err == OK)
        err = rest_in_int(in, "expires_in_s", 1, EXPIRES_S_MAX, fault, &expires_in_s);
    if (err == OK && strcmp(out->name, "resend") == 0)
        err = read_resend(in, fault, &params);
    else if (err == OK && strcmp(out->name, "set_interval") == 0)
        err = read_interval(in, fault, &params);
    else if (err == OK)
        err = fault_at(fault, ERR_INVALID, "/command", "One of resend, set_interval is expected.");
    if (err == OK && (params.overflow || !text_copy(out->params, sizeof out->params, params.data)))
        err = fault_at(fault, ERR_INVALID, "", "The command is too long.");
    out->expires_utc_ms = now_utc_ms + expires_in_s * MS_PER_S;
    buf_finish(&params);
    return err;
}

void commands_create(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct command_record command = {.state = COMMAND_QUEUED};
    struct rest_in *in = NULL;
    if (!find_meter(x, &sight))
        return;
    command.meter_no = sight.point.meter_no;
    random_hex(16, command.command_id);
    enum err err = rest_in_parse(x->body.data, x->body.len, false, &fault, &in);
    if (err == OK)
        err = read_command(in, x->now_utc_ms, &fault, &command);
    rest_in_destroy(in);
    if (err == OK)
        err = records_command_add(x->server->records, &actor, &command, &fault);
    if (err == OK)
        err = records_command_by_id(x->server->records, command.meter_no, command.command_id, &fault, &command);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    http_response_header(x->response, "Location", "/api/v1/meters/%s/commands?command_id=%s", command.meter_id, command.command_id);
    write_command(x->out, &command, x->now_utc_ms);
    reply_tagged(x, 201, -1);
}
