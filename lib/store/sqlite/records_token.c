/* API tokens: shown once, kept as a hash. */
#include <string.h>
#include "store/sqlite/records_login.h"

#define COLUMNS                                                                                                                                      \
    "t.token_id, t.token_hash, t.login_no, l.username, t.name, t.scopes, t.created_utc_ms, t.expires_utc_ms,"                                        \
    " t.revoked_utc_ms, t.last_used_utc_ms"

static void token_read(struct query *q, struct token_record *out)
{
    query_text(q, out->token_id, sizeof out->token_id);
    query_text(q, out->token_hash, sizeof out->token_hash);
    out->login_no = query_int(q);
    query_text(q, out->username, sizeof out->username);
    query_text(q, out->name, sizeof out->name);
    query_text(q, out->scopes, sizeof out->scopes);
    out->created_utc_ms = query_int(q);
    out->expires_utc_ms = query_int_or(q, INT64_MAX);
    out->revoked_utc_ms = query_int_or(q, INT64_MAX);
    out->last_used_utc_ms = query_int(q);
}

static enum err login_name(struct change *c, int64_t login_no, char out[RECORD_ID_SIZE])
{
    struct query q;
    query_begin(&q, c->db, "SELECT username FROM login WHERE login_no = ?");
    query_bind_int(&q, login_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no such login") : err;
    query_text(&q, out, RECORD_ID_SIZE);
    return query_end(&q, c->fault);
}

static enum err check_room(struct change *c, int64_t login_no)
{
    struct query q;
    query_begin(&q, c->db,
                "SELECT count(*) FROM token WHERE login_no = ? AND revoked_utc_ms IS NULL AND (expires_utc_ms IS NULL OR expires_utc_ms > ?)");
    query_bind_int(&q, login_no);
    query_bind_int(&q, c->actor->at_utc_ms);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t count = query_int(&q);
    err = query_end(&q, c->fault);
    if (err == OK && count >= RECORDS_TOKENS_MAX)
        return fault_set(c->fault, ERR_LIMIT, "a login has at most %d tokens; revoke one first", RECORDS_TOKENS_MAX);
    return err;
}

static enum err insert(struct change *c, const struct token_record *token)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO token (token_id, token_hash, login_no, name, scopes, created_utc_ms, expires_utc_ms) VALUES (?, ?, ?, ?, ?, ?, ?)");
    query_bind_text(&q, token->token_id);
    query_bind_text(&q, token->token_hash);
    query_bind_int(&q, token->login_no);
    query_bind_text(&q, token->name);
    query_bind_text(&q, token->scopes);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int_unless(&q, token->expires_utc_ms, INT64_MAX);
    enum err err = query_run(&q, c->fault);
    if (err == ERR_CONFLICT)
        fault_at(c->fault, err, "/token_id", "the token %s exists already", token->token_id);
    return err;
}

enum err records_token_add(struct records *records, const struct actor *actor, const struct token_record *token, struct fault *fault)
{
    struct change c;
    char username[RECORD_ID_SIZE];
    enum err err = check_name(token->token_id, sizeof token->token_id, "/token_id", fault);
    FIRST(err, check_text(token->token_hash, sizeof token->token_hash, "/token_hash", fault));
    FIRST(err, check_text(token->name, sizeof token->name, "/name", fault));
    FIRST(err, check_text(token->scopes, sizeof token->scopes, "/scopes", fault));
    if (err == OK && token->token_hash[0] == '\0')
        return fault_at(fault, ERR_INVALID, "/token_hash", "the hash is missing");
    if (err == OK && token->expires_utc_ms <= actor->at_utc_ms)
        return fault_at(fault, ERR_INVALID, "/expires", "the token would have expired already");
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = login_name(&c, token->login_no, username);
    FIRST(err, check_room(&c, token->login_no));
    FIRST(err, change_note(&c, "token.add", token->token_id, "login=%s name=%s scopes=%s", username, token->name, token->scopes));
    FIRST(err, insert(&c, token));
    return change_end(&c, err);
}

enum err records_token_by_hash(struct records *records, const char *token_hash, int64_t now_utc_ms, struct fault *fault, struct token_record *out,
                               struct login_record *out_login)
{
    struct query q;
    struct db *db = NULL;
    struct token_record token;
    struct login_record login;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS ", " LOGIN_COLUMNS " FROM token t JOIN login l USING (login_no) LEFT JOIN customer c USING (customer_no)"
                " WHERE t.token_hash = ? AND (t.expires_utc_ms IS NULL OR t.expires_utc_ms > ?) AND t.revoked_utc_ms IS NULL"
                " AND l.disabled = 0");
    query_bind_text(&q, token_hash);
    query_bind_int(&q, now_utc_ms);
    err = query_one(&q, fault);
    if (err == OK) {
        token_read(&q, &token);
        login_read(&q, &login);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such token, or it has expired or was revoked");
    }
    reader_give(records, db);
    if (err != OK)
        return err;
    *out = token;
    if (out_login != NULL)
        *out_login = login;
    return OK;
}

enum err records_token_touch(struct records *records, const char *token_id, int64_t now_utc_ms, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE token SET last_used_utc_ms = ? WHERE token_id = ?");
    query_bind_int(&q, now_utc_ms);
    query_bind_text(&q, token_id);
    return change_end(&c, query_run(&q, fault));
}

enum err records_token_revoke(struct records *records, const struct actor *actor, const char *token_id, int64_t login_no, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, actor, fault, &c);
    if (err != OK)
        return err;
    err = change_note(&c, "token.revoke", token_id, "%s", "");
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE token SET revoked_utc_ms = ifnull(revoked_utc_ms, ?1) WHERE token_id = ?2 AND (?3 = 0 OR login_no = ?3)");
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_text(&q, token_id);
        query_bind_int(&q, login_no);
        err = query_run(&q, fault);
    }
    if (err == OK && db_changes(c.db) == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "there is no token %.64s", token_id);
    return change_end(&c, err);
}

enum err records_token_list(struct records *records, int64_t login_no, const char *after, size_t limit, struct fault *fault, struct token_record *out,
                            size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS " FROM token t JOIN login l USING (login_no) WHERE t.token_id > ?1 AND (?2 = 0 OR t.login_no = ?2)"
                " ORDER BY t.token_id LIMIT ?3");
    query_bind_text(&q, after != NULL ? after : "");
    query_bind_int(&q, login_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, token_read, limit, fault, out, out_count);
}
