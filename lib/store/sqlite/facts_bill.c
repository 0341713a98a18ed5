/* Bills as they stand, with their ready documents. */
#include "store/sqlite/facts_sqlite.h"

#define BILL_COLUMNS "bill_id, account_id, meter_no, state, from_day, until_day, total_minor, complete, as_of_utc_ms, document, terms"

static enum err put(struct facts *facts, const char *sql, const struct bill_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), sql);
    query_bind_text(&q, row->bill_id);
    query_bind_text(&q, row->account_id);
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->state);
    query_bind_int(&q, row->from_day);
    query_bind_int(&q, row->until_day);
    query_bind_int(&q, row->total_minor);
    query_bind_int(&q, row->complete);
    query_bind_int(&q, row->as_of_utc_ms);
    query_bind_text(&q, row->document);
    query_bind_text(&q, row->terms);
    return query_run(&q, fault);
}

/* A bill that is made again stays where it is in the indexes: only what else it says is written. */
enum err sqlite_put_bill(struct facts *facts, const struct bill_row *row, struct fault *fault)
{
    enum err err =
        put(facts,
            "INSERT INTO bill (" BILL_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (bill_id) DO UPDATE SET "
            "account_id = ?2, state = ?4, until_day = ?6, total_minor = ?7, complete = ?8, as_of_utc_ms = ?9, document = ?10, terms = ?11 WHERE "
            "meter_no = ?3 AND from_day = ?5",
            row, fault);
    if (err == OK && db_changes(facts_db(facts)) == 0) /* it was of another meter or day */
        err = put(facts, "INSERT OR REPLACE INTO bill (" BILL_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row, fault);
    return err;
}

enum err sqlite_remove_bill(struct facts *facts, const char *bill_id, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM bill WHERE bill_id = ?");
    query_bind_text(&q, bill_id);
    return query_run(&q, fault);
}

#define SELECT_BILL "SELECT " BILL_COLUMNS " FROM bill "

static enum err tell_bills(struct query *q, int (*each)(const struct bill_row *row, void *arg), void *arg, int *out_count, struct fault *fault)
{
    int stop = 0, count = 0;
    while (!stop && query_row(q)) {
        struct bill_row row;
        query_text(q, row.bill_id, sizeof row.bill_id);
        query_text(q, row.account_id, sizeof row.account_id);
        row.meter_no = query_int(q);
        row.state = (enum bill_state)query_int(q);
        row.from_day = (int32_t)query_int(q);
        row.until_day = (int32_t)query_int(q);
        row.total_minor = query_int(q);
        row.complete = query_int(q) != 0;
        row.as_of_utc_ms = query_int(q);
        row.document = query_string(q);
        row.terms = query_is_null(q) ? NULL : query_string(q);
        stop = each(&row, arg);
        count++;
    }
    *out_count = count;
    return query_end(q, fault);
}

enum err sqlite_bills(struct facts *facts, int64_t meter_no, int state, int32_t before_day, const char *before_id, int limit,
                      int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int count;
    query_begin(&q, facts_db(facts),
                meter_no ? SELECT_BILL "WHERE (from_day, bill_id) < (?, ?) AND (? < 0 OR state = ?) AND meter_no = ? ORDER BY from_day DESC, "
                                       "bill_id DESC LIMIT ?"
                         : SELECT_BILL "WHERE (from_day, bill_id) < (?, ?) AND (? < 0 OR state = ?) ORDER BY from_day DESC, bill_id DESC LIMIT ?");
    query_bind_int(&q, before_id ? before_day : INT32_MAX);
    query_bind_text(&q, before_id ? before_id : "");
    query_bind_int(&q, state);
    query_bind_int(&q, state);
    if (meter_no)
        query_bind_int(&q, meter_no);
    query_bind_int(&q, limit);
    return tell_bills(&q, each, arg, &count, fault);
}

enum err sqlite_bill(struct facts *facts, const char *bill_id, int (*each)(const struct bill_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int count = 0;
    query_begin(&q, facts_db(facts), SELECT_BILL "WHERE bill_id = ?");
    query_bind_text(&q, bill_id);
    enum err err = tell_bills(&q, each, arg, &count, fault);
    return err == OK && count == 0 ? ERR_NOT_FOUND : err;
}
