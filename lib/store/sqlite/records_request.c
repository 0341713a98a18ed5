/* Requests to the ingestor: what others want done in the ledger, which only it writes. */
#include "store/sqlite/records_db.h"

#define COLUMNS "request_no, kind, params, state, result, said_by, created_utc_ms, finished_utc_ms"

const char *request_state_name(enum request_state state)
{
    static const char *const names[] = {"new", "done", "refused"};
    return (unsigned)state < 3 ? names[state] : "new";
}

static void request_read(struct query *q, struct request_record *out)
{
    out->request_no = query_int(q);
    query_text(q, out->kind, sizeof out->kind);
    query_text(q, out->params, sizeof out->params);
    out->state = (enum request_state)query_int(q);
    query_text(q, out->result, sizeof out->result);
    query_text(q, out->by, sizeof out->by);
    out->created_utc_ms = query_int(q);
    out->finished_utc_ms = query_int(q);
}

static enum err check_room(struct change *c)
{
    struct query q;
    query_begin(&q, c->db, "SELECT count(*) FROM request WHERE state = 0");
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t count = query_int(&q);
    err = query_end(&q, c->fault);
    if (err == OK && count >= RECORDS_REQUESTS_MAX)
        return fault_set(c->fault, ERR_LIMIT, "%lld requests wait already; is the ingestor running?", (long long)count);
    return err;
}

enum err records_request_add(struct records *records, const struct actor *actor, const char *kind, const char *params, struct fault *fault,
                             int64_t *out_request_no)
{
    struct change c;
    struct query q;
    int64_t request_no = 0;
    enum err err = check_name(kind, RECORD_ID_SIZE, "/kind", fault);
    FIRST(err, check_text(params, RECORD_PARAMS_SIZE, "/params", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = check_room(&c);
    FIRST(err, change_note(&c, "request.add", kind, "%s", params));
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO request (kind, params, said_by, created_utc_ms) VALUES (?, ?, ?, ?)");
        query_bind_text(&q, kind);
        query_bind_text(&q, params);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        err = query_run(&q, fault);
        request_no = db_last_id(c.db);
    }
    err = change_end(&c, err);
    if (err == OK && out_request_no != NULL)
        *out_request_no = request_no;
    return err;
}

enum err records_request_poll(struct records *records, size_t limit, struct fault *fault, struct request_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM request WHERE state = 0 ORDER BY request_no LIMIT ?");
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, request_read, limit, fault, out, out_count);
}

static enum err state_of(struct change *c, int64_t request_no, enum request_state *out)
{
    struct query q;
    query_begin(&q, c->db, "SELECT state FROM request WHERE request_no = ?");
    query_bind_int(&q, request_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no such request") : err;
    *out = (enum request_state)query_int(&q);
    return query_end(&q, c->fault);
}

enum err records_request_finish(struct records *records, const struct actor *actor, int64_t request_no, enum request_state state, const char *result,
                                struct fault *fault)
{
    struct change c;
    struct query q;
    enum request_state now = REQUEST_NEW;
    enum err err = check_range(state, REQUEST_DONE, REQUEST_REFUSED, "/state", fault);
    FIRST(err, check_text(result, RECORD_TEXT_SIZE, "/result", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = state_of(&c, request_no, &now);
    if (err == OK && now == REQUEST_NEW) {
        err = change_note(&c, "request.finish", request_state_name(state), "request %lld: %s", (long long)request_no, result);
        if (err == OK) {
            query_begin(&q, c.db, "UPDATE request SET state = ?, result = ?, finished_utc_ms = ? WHERE request_no = ?");
            query_bind_int(&q, state);
            query_bind_text(&q, result);
            query_bind_int(&q, actor->at_utc_ms);
            query_bind_int(&q, request_no);
            err = query_run(&q, fault);
        }
    }
    return change_end(&c, err);
}

enum err records_request_by_no(struct records *records, int64_t request_no, struct fault *fault, struct request_record *out)
{
    struct query q;
    struct db *db = NULL;
    struct request_record request;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM request WHERE request_no = ?");
    query_bind_int(&q, request_no);
    err = query_one(&q, fault);
    if (err == OK) {
        request_read(&q, &request);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such request");
    }
    reader_give(records, db);
    if (err == OK)
        *out = request;
    return err;
}
