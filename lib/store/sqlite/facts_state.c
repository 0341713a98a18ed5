/* Receipts, status, marks, numbers: where things stand. */
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT OR REPLACE INTO receipt (meter_no, boot, done_seq, top_seq, given_up, holes, updated_utc_ms) VALUES (?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_text(&q, row->boot);
    query_bind_int(&q, row->done_seq);
    query_bind_int(&q, row->top_seq);
    query_bind_int(&q, row->given_up);
    query_bind_text(&q, row->holes ? row->holes : "");
    query_bind_int(&q, row->updated_utc_ms);
    return query_run(&q, fault);
}

static enum err tell_receipts(struct query *q, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault)
{
    int stop = 0;
    while (!stop && query_row(q)) {
        struct receipt_row row = {.meter_no = query_int(q)};
        query_text(q, row.boot, sizeof row.boot);
        row.done_seq = query_int(q);
        row.top_seq = query_int(q);
        row.given_up = query_int(q);
        row.holes = query_string(q);
        row.updated_utc_ms = query_int(q);
        stop = each(&row, arg);
    }
    return query_end(q, fault);
}

enum err sqlite_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    query_begin(
        &q, facts_db(facts),
        "SELECT meter_no, boot, done_seq, top_seq, given_up, holes, updated_utc_ms FROM receipt WHERE done_seq < top_seq ORDER BY meter_no, boot");
    return tell_receipts(&q, each, arg, fault);
}

enum err sqlite_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                        struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "SELECT meter_no, boot, done_seq, top_seq, given_up, holes, updated_utc_ms FROM receipt WHERE meter_no = ? AND boot = ?");
    query_bind_int(&q, meter_no);
    query_bind_text(&q, boot);
    return tell_receipts(&q, each, arg, fault);
}

enum err sqlite_put_status(struct facts *facts, const struct status_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT OR REPLACE INTO status (meter_no, online, changed_utc_ms, serial, firmware, boot) VALUES (?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->online);
    query_bind_int(&q, row->changed_utc_ms);
    query_bind_text(&q, row->serial);
    query_bind_text(&q, row->firmware);
    query_bind_text(&q, row->boot);
    return query_run(&q, fault);
}

enum err sqlite_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "SELECT online, changed_utc_ms, serial, firmware, boot FROM status WHERE meter_no = ?");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, fault);
    struct status_row row = {.meter_no = meter_no};
    if (err == OK) {
        row.online = query_int(&q) != 0;
        row.changed_utc_ms = query_int(&q);
        query_text(&q, row.serial, sizeof row.serial);
        query_text(&q, row.firmware, sizeof row.firmware);
        query_text(&q, row.boot, sizeof row.boot);
    }
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    if (err == OK && ended == OK)
        *out = row;
    return err != OK ? err : ended;
}

enum err sqlite_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT INTO mark (meter_no, kind, from_utc_ms, until_utc_ms, generation) VALUES (?, ?, ?, ?, 1) ON CONFLICT (meter_no, kind) DO "
                "UPDATE SET from_utc_ms = min(from_utc_ms, excluded.from_utc_ms), until_utc_ms = max(until_utc_ms, excluded.until_utc_ms), "
                "generation = generation + 1");
    query_bind_int(&q, mark->meter_no);
    query_bind_int(&q, mark->kind);
    query_bind_int(&q, mark->from_utc_ms);
    query_bind_int(&q, mark->until_utc_ms);
    return query_run(&q, fault);
}

enum err sqlite_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts), "SELECT meter_no, kind, from_utc_ms, until_utc_ms, generation FROM mark ORDER BY until_utc_ms DESC LIMIT ?");
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct mark mark = {.meter_no = query_int(&q)};
        mark.kind = (enum mark_kind)query_int(&q);
        mark.from_utc_ms = query_int(&q);
        mark.until_utc_ms = query_int(&q);
        mark.generation = query_int(&q);
        stop = each(&mark, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM mark WHERE meter_no = ? AND kind = ? AND generation = ?");
    query_bind_int(&q, mark->meter_no);
    query_bind_int(&q, mark->kind);
    query_bind_int(&q, mark->generation);
    return query_run(&q, fault);
}

enum err sqlite_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "SELECT 1 FROM mark WHERE meter_no = ? AND kind < 2 LIMIT 1");
    query_bind_int(&q, meter_no);
    bool marked = query_row(&q);
    enum err err = query_end(&q, fault);
    if (err == OK)
        *out = marked;
    return err;
}

enum err sqlite_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT INTO number (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value");
    query_bind_text(&q, name);
    query_bind_int(&q, difference);
    return query_run(&q, fault);
}

enum err sqlite_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "INSERT OR REPLACE INTO number (name, value) VALUES (?, ?)");
    query_bind_text(&q, name);
    query_bind_int(&q, value);
    return query_run(&q, fault);
}

enum err sqlite_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts), "SELECT name, value FROM number ORDER BY name");
    while (!stop && query_row(&q)) {
        char name[96];
        query_text(&q, name, sizeof name);
        stop = each(name, query_int(&q), arg);
    }
    return query_end(&q, fault);
}
