/* API tokens. */
#include <string.h>
#include "access/scope.h"
#include "access/token.h"
#include "admin/command.h"
#include "admin/sheet.h"
#include "base/instant.h"
#include "base/text.h"

static const struct arg_row add_rows[] = {
    {.name = "user", .placeholder = "NAME", .help = "the login in whose name it acts: operator, admin or customer", .required = true},
    {.name = "name", .placeholder = "TEXT", .help = "what it is for", .required = true},
    {.name = "scopes", .placeholder = "SCOPES", .help = "narrows it, as readings:read,bills:read (default: all that the login may)"},
    {.name = "expires-days", .type = ARG_INT, .placeholder = "N", .help = "how long it lives (default: until revoked)"},
    {0},
};

static enum err fill(const struct args *args, const struct qw *qw, struct fault *fault, struct token_record *token)
{
    scope_set scopes = 0;
    int64_t days = 0;
    struct buf text;
    enum err err = arg_copy(args, "name", fault, token->name, sizeof token->name);
    if (err == OK && arg(args, "scopes") != NULL)
        err = scopes_parse(arg(args, "scopes"), fault, &scopes);
    if (err == OK)
        err = arg_int(args, "expires-days", 1, 36500, fault, &days);
    if (err != OK)
        return err;
    token->expires_utc_ms = days > 0 ? qw->actor.at_utc_ms + days * MS_PER_DAY : INT64_MAX;
    buf_init(&text, 1024);
    scopes_format(scopes, &text);
    if (!text_copy(token->scopes, sizeof token->scopes, text.data))
        err = fault_set(fault, ERR_INVALID, "so many scopes do not fit; leave --scopes out for all that the login may");
    buf_finish(&text);
    return err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct token_record token = {0};
    struct login_record login;
    char secret[TOKEN_SIZE], id[2 * 8 + 1];
    const char *user = arg(args, "user");
    enum err err = fill(args, qw, fault, &token);
    if (err == OK)
        err = records_login_by_name(qw->records, user, fault, &login);
    if (err == ERR_NOT_FOUND)
        return fault_set(fault, err, "there is no login %.64s; make it first with `qw user add`", user);
    if (err == OK && (login.kind > LOGIN_CUSTOMER || login.disabled))
        return fault_set(fault, ERR_INVALID, "the %s login %s may not enter the API", login_kind_name(login.kind), user);
    if (err != OK)
        return err;
    random_hex(8, id);
    token_make(secret);
    token.login_no = login.login_no;
    text_copy(token.token_id, sizeof token.token_id, id);
    secret_hash(secret, token.token_hash);
    err = records_token_add(qw->records, &qw->actor, &token, fault);
    if (err != OK)
        return err;
    show_secret(qw, "token_id", id, "token", secret);
    if (!qw->applying)
        fprintf(stderr, "token %s of %s: shown this once\n", id, user);
    return OK;
}

static const struct arg_row list_rows[] = {
    {.name = "user", .placeholder = "NAME", .help = "only this login's"},
    {.name = "json", .type = ARG_FLAG, .help = "as a JSON array"},
    {0},
};

static enum err run_list(struct qw *qw, const struct args *args, struct fault *fault)
{
    static struct token_record rows[RECORDS_PAGE_MAX];
    struct login_record login = {0};
    struct sheet sheet;
    size_t count = 0;
    char after[RECORD_ID_SIZE] = "";
    enum err err = arg(args, "user") != NULL ? records_login_by_name(qw->records, arg(args, "user"), fault, &login) : OK;
    if (err != OK)
        return err;
    sheet_begin(&sheet, arg_flag(args, "json"), "token_id", "username", "name", "scopes", "created", "expires", "revoked", "last_used", NULL);
    do {
        err = records_token_list(qw->records, login.login_no, after, RECORDS_PAGE_MAX, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            sheet_text(&sheet, rows[i].token_id);
            sheet_text(&sheet, rows[i].username);
            sheet_text(&sheet, rows[i].name);
            sheet_text(&sheet, rows[i].scopes);
            sheet_instant(&sheet, rows[i].created_utc_ms, INT64_MIN);
            sheet_instant(&sheet, rows[i].expires_utc_ms, INT64_MAX);
            sheet_instant(&sheet, rows[i].revoked_utc_ms, INT64_MAX);
            sheet_instant(&sheet, rows[i].last_used_utc_ms, 0);
            text_copy(after, sizeof after, rows[i].token_id);
        }
    } while (err == OK && count == RECORDS_PAGE_MAX);
    if (err == OK)
        return sheet_end(&sheet, "no tokens; `qw token add` makes one", fault);
    sheet_abandon(&sheet);
    return err;
}

static const struct arg_row revoke_rows[] = {
    {.name = "token-id", .placeholder = "TOKEN_ID", .help = "as `qw token list` tells it", .operand = true, .required = true},
    {0},
};

static enum err run_revoke(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *id = arg(args, "token-id");
    enum err err = records_token_revoke(qw->records, &qw->actor, id, 0, fault);
    if (err == OK)
        say(qw, "token %s is revoked", id);
    return err;
}

const struct command token_commands[] = {
    {"token", "add", "Makes an API token and prints it, this once.", add_rows, OPENS_RECORDS, true, run_add},
    {"token", "list", "Lists the tokens, without their secrets.", list_rows, OPENS_RECORDS, false, run_list},
    {"token", "revoke", "Ends a token.", revoke_rows, OPENS_RECORDS, true, run_revoke},
    {0},
};
