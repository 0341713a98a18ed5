/* Accounts: read. */
#include "store/sqlite/records_db.h"

#define SELECT                                                                                                                                       \
    "SELECT a.account_no, a.account_id, c.customer_id, a.meter_no, p.meter_id, a.from_day, a.until_day, a.goal_minor,"                               \
    " a.created_utc_ms, a.revision FROM account a JOIN customer c USING (customer_no) JOIN point p USING (meter_no) "

static void account_read(struct query *q, struct account_record *out)
{
    out->account_no = query_int(q);
    query_text(q, out->account_id, sizeof out->account_id);
    query_text(q, out->customer_id, sizeof out->customer_id);
    out->meter_no = query_int(q);
    query_text(q, out->meter_id, sizeof out->meter_id);
    out->from_day = (int32_t)query_int(q);
    out->until_day = (int32_t)query_int_or(q, RECORDS_NO_DAY);
    out->state = out->until_day == RECORDS_NO_DAY ? ACCOUNT_ACTIVE : ACCOUNT_CLOSED;
    out->has_goal = !query_is_null(q);
    out->goal_minor = query_int(q);
    out->created_utc_ms = query_int(q);
    out->revision = query_int(q);
}

static enum err finish_one(struct records *records, struct db *db, struct query *q, struct fault *fault, struct account_record *out)
{
    struct account_record account;
    enum err err = query_one(q, fault);
    if (err == OK) {
        account_read(q, &account);
        err = query_end(q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such account");
    }
    reader_give(records, db);
    if (err == OK)
        *out = account;
    return err;
}

enum err records_account_by_id(struct records *records, const char *account_id, struct fault *fault, struct account_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE a.account_id = ?");
    query_bind_text(&q, account_id);
    return finish_one(records, db, &q, fault, out);
}

enum err records_account_at(struct records *records, int64_t meter_no, int32_t day, struct fault *fault, struct account_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE a.meter_no = ?1 AND a.from_day <= ?2 AND (a.until_day IS NULL OR a.until_day > ?2)");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, day);
    return finish_one(records, db, &q, fault, out);
}

/* The same filter each time, with another condition first for the planner to find an index by. */
#define LIST(first)                                                                                                                                  \
    SELECT "WHERE " first " AND a.account_id > ?1 AND (?2 IS NULL OR c.customer_id = ?2)"                                                            \
           " AND (?3 IS NULL OR a.meter_no = ?3)"                                                                                                    \
           " AND (?4 IS NULL OR (a.from_day <= ?4 AND (a.until_day IS NULL OR a.until_day > ?4)))"                                                   \
           " ORDER BY a.account_id LIMIT ?5"

enum err records_account_list(struct records *records, const struct account_filter *filter, size_t limit, struct fault *fault,
                              struct account_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, filter->meter_no != 0 ? LIST("a.meter_no = ?3") : filter->customer_id != NULL ? LIST("c.customer_id = ?2") : LIST("1"));
    query_bind_text(&q, filter->after != NULL ? filter->after : "");
    query_bind_text(&q, filter->customer_id);
    query_bind_int_unless(&q, filter->meter_no, 0);
    query_bind_int_unless(&q, filter->by_day ? filter->on_day : INT64_MIN, INT64_MIN);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, account_read, limit, fault, out, out_count);
}

enum err records_account_changed(struct records *records, int64_t after_revision, int64_t after_account_no, size_t limit, struct fault *fault,
                                 struct account_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE (a.revision, a.account_no) > (?, ?) ORDER BY a.revision, a.account_no LIMIT ?");
    query_bind_int(&q, after_revision);
    query_bind_int(&q, after_account_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, account_read, limit, fault, out, out_count);
}
