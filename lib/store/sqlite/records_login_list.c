/* Logins: read. */
#include "store/sqlite/records_login.h"

void login_read(struct query *q, struct login_record *out)
{
    out->login_no = query_int(q);
    query_text(q, out->username, sizeof out->username);
    out->kind = (enum login_kind)query_int(q);
    query_text(q, out->web_hash, sizeof out->web_hash);
    query_text(q, out->broker_hash, sizeof out->broker_hash);
    query_text(q, out->customer_id, sizeof out->customer_id);
    out->meter_no = query_int(q);
    out->disabled = query_int(q) != 0;
    out->created_utc_ms = query_int(q);
    out->revision = query_int(q);
}

static enum err finish_one(struct records *records, struct db *db, struct query *q, struct fault *fault, struct login_record *out)
{
    struct login_record login;
    enum err err = query_one(q, fault);
    if (err == OK) {
        login_read(q, &login);
        err = query_end(q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such login");
    }
    reader_give(records, db);
    if (err == OK)
        *out = login;
    return err;
}

enum err records_login_by_name(struct records *records, const char *username, struct fault *fault, struct login_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " LOGIN_COLUMNS " " LOGIN_FROM "WHERE l.username = ?");
    query_bind_text(&q, username);
    return finish_one(records, db, &q, fault, out);
}

enum err records_login_by_no(struct records *records, int64_t login_no, struct fault *fault, struct login_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " LOGIN_COLUMNS " " LOGIN_FROM "WHERE l.login_no = ?");
    query_bind_int(&q, login_no);
    return finish_one(records, db, &q, fault, out);
}

enum err records_login_list(struct records *records, const struct login_filter *filter, size_t limit, struct fault *fault, struct login_record *out,
                            size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " LOGIN_COLUMNS " " LOGIN_FROM "WHERE l.username > ?1 AND (?2 IS NULL OR l.kind = ?2)"
                " AND (?3 = 0 OR (l.broker_hash IS NOT NULL AND l.disabled = 0)) AND (?4 = 0 OR l.kind <> 4)"
                " ORDER BY l.username LIMIT ?5");
    query_bind_text(&q, filter->after != NULL ? filter->after : "");
    query_bind_int_unless(&q, filter->by_kind ? (int)filter->kind : 0, 0);
    query_bind_int(&q, filter->broker_only);
    query_bind_int(&q, filter->without_meters);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, login_read, limit, fault, out, out_count);
}

enum err records_broker_version(struct records *records, struct fault *fault, int64_t *out_revision)
{
    struct query q;
    struct db *db = NULL;
    int64_t revision = 0;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT max(ifnull((SELECT max(revision) FROM login), 0), ifnull((SELECT max(revision) FROM account), 0))");
    err = query_one(&q, fault);
    if (err == OK) {
        revision = query_int(&q);
        err = query_end(&q, fault);
    }
    reader_give(records, db);
    if (err == OK)
        *out_revision = revision;
    return err;
}
