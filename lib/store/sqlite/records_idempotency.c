/* Idempotency-Key: one answer per key and login, for 24 hours. And what else is pruned by age. */
#include <string.h>
#include "base/instant.h"
#include "store/sqlite/records_db.h"

#define ABANDONED_MS MS_PER_MIN /* a request that has not answered by then has died */

struct kept {
    bool found;
    bool answered;
    int status;
    int64_t created_utc_ms;
    char request_hash[RECORD_HASH_SIZE];
};

static enum err look(struct change *c, int64_t login_no, const char *key, struct kept *out, struct buf *out_body)
{
    struct query q;
    *out = (struct kept){0};
    query_begin(&q, c->db, "SELECT request_hash, created_utc_ms, status, body FROM idempotency WHERE login_no = ? AND key = ?");
    query_bind_int(&q, login_no);
    query_bind_text(&q, key);
    if (query_row(&q)) {
        out->found = true;
        query_text(&q, out->request_hash, sizeof out->request_hash);
        out->created_utc_ms = query_int(&q);
        out->answered = !query_is_null(&q);
        out->status = (int)query_int(&q);
        query_bytes(&q, out_body);
    }
    return query_end(&q, c->fault);
}

static enum err reserve(struct change *c, int64_t login_no, const char *key, const char *request_hash, int64_t now_utc_ms)
{
    struct query q;
    query_begin(&q, c->db, "INSERT OR REPLACE INTO idempotency (login_no, key, request_hash, created_utc_ms) VALUES (?, ?, ?, ?)");
    query_bind_int(&q, login_no);
    query_bind_text(&q, key);
    query_bind_text(&q, request_hash);
    query_bind_int(&q, now_utc_ms);
    return query_run(&q, c->fault);
}

enum err records_idempotency_begin(struct records *records, int64_t login_no, const char *key, const char *request_hash, int64_t now_utc_ms,
                                   struct fault *fault, enum idempotency_answer *out, int *out_status, struct buf *out_body)
{
    struct change c;
    struct kept kept;
    struct buf body;
    enum idempotency_answer answer = IDEMPOTENCY_NEW;
    size_t len = strlen(key);
    if (len < 1 || len > 128)
        return fault_at(fault, ERR_INVALID, "", "an Idempotency-Key has 1 to 128 characters");
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    buf_init(&body, RECORDS_IDEMPOTENCY_BODY_MAX + 1);
    err = look(&c, login_no, key, &kept, &body);
    int64_t age_ms = now_utc_ms - kept.created_utc_ms;
    if (!kept.found || age_ms > MS_PER_DAY || (!kept.answered && age_ms > ABANDONED_MS))
        FIRST(err, reserve(&c, login_no, key, request_hash, now_utc_ms));
    else if (strcmp(kept.request_hash, request_hash) != 0)
        answer = IDEMPOTENCY_OTHER;
    else
        answer = kept.answered ? IDEMPOTENCY_DONE : IDEMPOTENCY_PENDING;
    err = change_end(&c, err);
    if (err == OK) {
        *out = answer;
        if (answer == IDEMPOTENCY_DONE) {
            *out_status = kept.status;
            buf_append(out_body, body.data, body.len);
        }
    }
    buf_finish(&body);
    return err;
}

enum err records_idempotency_finish(struct records *records, int64_t login_no, const char *key, int status, const void *body, size_t len,
                                    struct fault *fault)
{
    struct change c;
    struct query q;
    if (len > RECORDS_IDEMPOTENCY_BODY_MAX)
        return fault_set(fault, ERR_LIMIT, "an answer of more than %d bytes is not kept", RECORDS_IDEMPOTENCY_BODY_MAX);
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE idempotency SET status = ?, body = ? WHERE login_no = ? AND key = ? AND status IS NULL");
    query_bind_int(&q, status);
    query_bind_bytes(&q, body, len);
    query_bind_int(&q, login_no);
    query_bind_text(&q, key);
    return change_end(&c, query_run(&q, fault));
}

enum err records_idempotency_forget(struct records *records, int64_t login_no, const char *key, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "DELETE FROM idempotency WHERE login_no = ? AND key = ? AND status IS NULL");
    query_bind_int(&q, login_no);
    query_bind_text(&q, key);
    return change_end(&c, query_run(&q, fault));
}

static enum err drop(struct change *c, const char *sql, int64_t before_utc_ms)
{
    struct query q;
    query_begin(&q, c->db, sql);
    query_bind_int(&q, before_utc_ms);
    return query_run(&q, c->fault);
}

enum err records_prune(struct records *records, int64_t now_utc_ms, struct fault *fault)
{
    struct change c;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    err = drop(&c, "DELETE FROM session WHERE expires_utc_ms <= ?", now_utc_ms);
    FIRST(err, drop(&c, "DELETE FROM idempotency WHERE created_utc_ms < ?", now_utc_ms - MS_PER_DAY));
    FIRST(err, drop(&c, "DELETE FROM request WHERE state <> 0 AND finished_utc_ms < ?", now_utc_ms - 30 * MS_PER_DAY));
    return change_end(&c, err);
}
