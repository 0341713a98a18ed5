/* GET/POST /tokens, DELETE /tokens/{token_id}: one's own API tokens. The secret is shown once, in the answer that makes it, and stored as its hash.
 */
#include <stdlib.h>
#include <string.h>
#include "access/token.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

#define TOKEN_ID_BYTES 8

static void out_instant_or_null(struct buf *out, const char *key, int64_t utc_ms, int64_t never)
{
    if (utc_ms == never)
        out_null(out, key);
    else
        out_instant(out, key, utc_ms);
}

/* null: all that the login may. */
static void write_scopes(struct buf *out, const char *scopes)
{
    if (scopes[0] == '\0') {
        out_null(out, "scopes");
        return;
    }
    out_array(out, "scopes");
    for (const char *at = scopes; *at != '\0';) {
        char word[32];
        size_t len = strcspn(at, " ");
        text_copy(word, len < sizeof word ? len + 1 : sizeof word, at);
        out_text(out, NULL, word);
        at += len + strspn(at + len, " ");
    }
    out_end_array(out);
}

static void write_members(struct buf *out, const struct token_record *token)
{
    out_text(out, "token_id", token->token_id);
    out_text(out, "name", token->name);
    write_scopes(out, token->scopes);
    out_instant(out, "created", token->created_utc_ms);
    out_instant_or_null(out, "expires", token->expires_utc_ms, INT64_MAX);
    out_instant_or_null(out, "revoked", token->revoked_utc_ms, INT64_MAX);
    out_instant_or_null(out, "last_used", token->last_used_utc_ms, 0);
}

void tokens_list(struct exchange *x)
{
    const char *after;
    size_t limit, count = 0;
    struct fault fault = {0};
    if (!page_limit(x, &limit))
        return;
    if (param_name(&x->query, "cursor", &fault, &after) != OK) {
        problem_input(x, &fault);
        return;
    }
    struct token_record *rows = calloc(limit, sizeof *rows);
    enum err err = rows != NULL ? records_token_list(x->server->records, x->caller.login.login_no, after ? after : "", limit, &fault, rows, &count)
                                : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++) {
            out_object(x->out, NULL);
            write_members(x->out, &rows[i]);
            out_end_object(x->out);
        }
        page_end(x, count == limit ? rows[count - 1].token_id : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

/* ---- a new one ---- */

/* What was asked for, within what the caller may; where nothing was said, what the caller may. */
static enum err narrow(const struct exchange *x, const char *asked, struct fault *fault, char *out, size_t size)
{
    scope_set scopes = 0;
    struct buf text;
    enum err err = scopes_parse(asked, fault, &scopes);
    if (err != OK)
        return fault_at(fault, ERR_INVALID, "/scopes", "These are no scopes: \"%.80s\".", asked);
    if ((scopes & ~x->caller.scopes) != 0)
        return fault_at(fault, ERR_INVALID, "/scopes", "A token may not do more than who makes it.");
    if (scopes == 0 && x->caller.scopes == role_scopes(x->caller.role))
        return OK; /* "": all, also what the role may some day */
    buf_init(&text, 1024);
    scopes_format(scopes != 0 ? scopes : x->caller.scopes, &text);
    if (!text_copy(out, size, text.data))
        err = fault_at(fault, ERR_INVALID, "/scopes", "So many scopes do not fit; leave them out for all that you may.");
    buf_finish(&text);
    return err;
}

static enum err read_token(const struct exchange *x, struct fault *fault, struct token_record *out)
{
    static const char *const names[] = {"name", "scopes", "expires", NULL};
    char asked[512] = "";
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(x->body.data, x->body.len, false, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_required(in, "name", fault);
    if (err == OK)
        err = rest_in_text(in, "name", 1, sizeof out->name - 1, fault, out->name, sizeof out->name);
    if (err == OK)
        err = rest_in_words(in, "scopes", fault, asked, sizeof asked);
    if (err == OK)
        err = rest_in_instant(in, "expires", fault, &out->expires_utc_ms);
    if (err == OK)
        err = narrow(x, asked, fault, out->scopes, sizeof out->scopes);
    if (err == OK && out->expires_utc_ms <= x->now_utc_ms)
        err = fault_at(fault, ERR_INVALID, "/expires", "An instant to come is expected.");
    if (err == OK && !x->caller.by_cookie && out->expires_utc_ms > x->caller.expires_utc_ms)
        err = fault_at(fault, ERR_INVALID, "/expires", "A token that a token makes may not outlive it.");
    rest_in_destroy(in);
    return err;
}

void tokens_create(struct exchange *x)
{
    struct token_record token = {.expires_utc_ms = x->caller.by_cookie ? INT64_MAX : x->caller.expires_utc_ms,
                                 .revoked_utc_ms = INT64_MAX,
                                 .login_no = x->caller.login.login_no};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct fault fault = {0};
    char secret[TOKEN_SIZE];
    enum err err = read_token(x, &fault, &token);
    if (err == OK && http_request_header(x->request, "Idempotency-Key") != NULL)
        err = fault_at(&fault, ERR_INVALID, "Idempotency-Key", "It is not taken here: this answer is never kept.");
    if (err == OK) {
        random_hex(TOKEN_ID_BYTES, token.token_id);
        token_make(secret);
        secret_hash(secret, token.token_hash);
        token.created_utc_ms = x->now_utc_ms;
        err = records_token_add(x->server->records, &actor, &token, &fault);
    }
    if (err == ERR_LIMIT) {
        problem(x, 409, "too_many", "A login has at most %d tokens: revoke one first.", RECORDS_TOKENS_MAX);
    } else if (err != OK) {
        problem_store(x, err, &fault);
    } else {
        out_object(x->out, NULL);
        write_members(x->out, &token);
        out_text(x->out, "token", secret);
        out_end_object(x->out);
        http_response_header(x->response, "Location", "/api/v1/tokens/%s", token.token_id);
        reply_json(x, 201);
    }
}

void tokens_revoke(struct exchange *x)
{
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct fault fault = {0};
    enum err err = records_token_revoke(x->server->records, &actor, x->arg, x->caller.login.login_no, &fault);
    if (err == OK)
        reply_nothing(x);
    else
        problem_store(x, err == ERR_INVALID ? ERR_NOT_FOUND : err, &fault);
}
