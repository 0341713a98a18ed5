/* Web sessions. They leave no audit rows: the API audits log-ins as it sees fit. */
#include "store/sqlite/records_login.h"

#define COLUMNS "s.token_hash, s.login_no, s.csrf, s.created_utc_ms, s.expires_utc_ms, s.last_seen_utc_ms"

static void session_read(struct query *q, struct session_record *out)
{
    query_text(q, out->token_hash, sizeof out->token_hash);
    out->login_no = query_int(q);
    query_text(q, out->csrf, sizeof out->csrf);
    out->created_utc_ms = query_int(q);
    out->expires_utc_ms = query_int(q);
    out->last_seen_utc_ms = query_int(q);
}

enum err records_session_add(struct records *records, const struct session_record *session, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db,
                "INSERT INTO session (token_hash, login_no, csrf, created_utc_ms, expires_utc_ms, last_seen_utc_ms)"
                " VALUES (?, ?, ?, ?, ?, ?)");
    query_bind_text(&q, session->token_hash);
    query_bind_int(&q, session->login_no);
    query_bind_text(&q, session->csrf);
    query_bind_int(&q, session->created_utc_ms);
    query_bind_int(&q, session->expires_utc_ms);
    query_bind_int(&q, session->last_seen_utc_ms);
    err = query_run(&q, fault);
    if (err == OK) {
        query_begin(&q, c.db,
                    "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE login_no = ?"
                    " ORDER BY created_utc_ms DESC, token_hash LIMIT -1 OFFSET ?)");
        query_bind_int(&q, session->login_no);
        query_bind_int(&q, RECORDS_SESSIONS_MAX);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_session_by_hash(struct records *records, const char *token_hash, int64_t now_utc_ms, struct fault *fault, struct session_record *out,
                                 struct login_record *out_login)
{
    struct query q;
    struct db *db = NULL;
    struct session_record session;
    struct login_record login;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS ", " LOGIN_COLUMNS " FROM session s JOIN login l USING (login_no) LEFT JOIN customer c USING (customer_no)"
                " WHERE s.token_hash = ? AND s.expires_utc_ms > ? AND l.disabled = 0");
    query_bind_text(&q, token_hash);
    query_bind_int(&q, now_utc_ms);
    err = query_one(&q, fault);
    if (err == OK) {
        session_read(&q, &session);
        login_read(&q, &login);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such session, or it has expired");
    }
    reader_give(records, db);
    if (err != OK)
        return err;
    *out = session;
    if (out_login != NULL)
        *out_login = login;
    return OK;
}

enum err records_session_touch(struct records *records, const char *token_hash, int64_t now_utc_ms, int64_t expires_utc_ms, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE session SET last_seen_utc_ms = ?, expires_utc_ms = ? WHERE token_hash = ?");
    query_bind_int(&q, now_utc_ms);
    query_bind_int(&q, expires_utc_ms);
    query_bind_text(&q, token_hash);
    return change_end(&c, query_run(&q, fault));
}

enum err records_session_remove(struct records *records, const char *token_hash, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "DELETE FROM session WHERE token_hash = ?");
    query_bind_text(&q, token_hash);
    return change_end(&c, query_run(&q, fault));
}
