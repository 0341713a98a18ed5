/* Alert episodes, with their ready documents; and beside them what they add up to (schema/ledger/0006). */
#include "store/sqlite/facts_sqlite.h"

/* The row that stands under this id, if any, counts no longer. */
static enum err take_from_sum(struct facts *facts, const char *alert_id, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "UPDATE alert_sum SET episodes = episodes - 1, marks = marks - (SELECT text_mark(document) FROM alert WHERE alert_id = ?1) WHERE "
                "meter_no = (SELECT meter_no FROM alert WHERE alert_id = ?1)");
    query_bind_text(&q, alert_id);
    return query_run(&q, fault);
}

static enum err add_to_sum(struct facts *facts, const struct alert_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT INTO alert_sum (meter_no, episodes, marks) VALUES (?, 1, text_mark(?)) ON CONFLICT (meter_no) DO UPDATE SET episodes = "
                "episodes + 1, marks = marks + excluded.marks");
    query_bind_int(&q, row->alert.meter_no);
    query_bind_text(&q, row->document);
    return query_run(&q, fault);
}

enum err sqlite_put_alert(struct facts *facts, const struct alert_row *row, struct fault *fault)
{
    enum err err = take_from_sum(facts, row->alert.alert_id, fault);
    if (err != OK)
        return err;
    const struct alert *alert = &row->alert;
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT OR REPLACE INTO alert (alert_id, revision, subject, subject_id, meter_no, kind, severity, state, since_utc_ms, until_utc_ms, "
                "updated_utc_ms, value, threshold, message_pt_br, message_en, published, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                "?, ?, ?, ?)");
    query_bind_text(&q, alert->alert_id);
    query_bind_int(&q, alert->revision);
    query_bind_int(&q, alert->subject);
    query_bind_text(&q, alert->subject_id);
    query_bind_int(&q, alert->meter_no);
    query_bind_int(&q, alert->kind);
    query_bind_int(&q, alert->severity);
    query_bind_int(&q, alert->state);
    query_bind_int(&q, alert->since_utc_ms);
    query_bind_int(&q, alert->until_utc_ms);
    query_bind_int(&q, alert->updated_utc_ms);
    query_bind_int(&q, alert->value);
    query_bind_int(&q, alert->threshold);
    query_bind_text(&q, alert->message_pt_br);
    query_bind_text(&q, alert->message_en);
    query_bind_int(&q, row->published);
    query_bind_text(&q, row->document);
    err = query_run(&q, fault);
    return err == OK ? add_to_sum(facts, row, fault) : err;
}

enum err sqlite_remove_alert(struct facts *facts, const char *alert_id, struct fault *fault)
{
    enum err err = take_from_sum(facts, alert_id, fault);
    struct query q;
    if (err != OK)
        return err;
    query_begin(&q, facts_db(facts), "DELETE FROM alert WHERE alert_id = ?");
    query_bind_text(&q, alert_id);
    return query_run(&q, fault);
}

#define SELECT_ALERT                                                                                                                                 \
    "SELECT alert_id, revision, subject, subject_id, meter_no, kind, severity, state, since_utc_ms, until_utc_ms, updated_utc_ms, value, "           \
    "threshold, message_pt_br, message_en, published, document FROM alert "

static enum err tell_alerts(struct query *q, int (*each)(const struct alert_row *row, void *arg), void *arg, int *out_count, struct fault *fault)
{
    int stop = 0, count = 0;
    while (!stop && query_row(q)) {
        struct alert_row row = {0};
        struct alert *alert = &row.alert;
        query_text(q, alert->alert_id, sizeof alert->alert_id);
        alert->revision = (int)query_int(q);
        alert->subject = (enum alert_subject)query_int(q);
        query_text(q, alert->subject_id, sizeof alert->subject_id);
        alert->meter_no = query_int(q);
        alert->kind = (enum alert_kind)query_int(q);
        alert->severity = (enum alert_severity)query_int(q);
        alert->state = (enum alert_state)query_int(q);
        alert->since_utc_ms = query_int(q);
        alert->until_utc_ms = query_int(q);
        alert->updated_utc_ms = query_int(q);
        alert->value = query_int(q);
        alert->threshold = query_int(q);
        query_text(q, alert->message_pt_br, sizeof alert->message_pt_br);
        query_text(q, alert->message_en, sizeof alert->message_en);
        row.published = query_int(q) != 0;
        row.document = query_string(q);
        stop = each(&row, arg);
        count++;
    }
    *out_count = count;
    return query_end(q, fault);
}

enum err sqlite_alerts(struct facts *facts, int64_t meter_no, int kind, int state, int64_t before_utc_ms, const char *before_id, int limit,
                       int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int count;
    query_begin(&q, facts_db(facts),
                meter_no ? SELECT_ALERT "WHERE (since_utc_ms, alert_id) < (?1, ?2) AND (?3 = 0 OR kind = ?3) AND (?4 = -1 OR state = ?4 OR (?4 = "
                                        "-2 AND state < 2)) AND meter_no = ?5 ORDER BY since_utc_ms DESC, alert_id DESC LIMIT ?6"
                         : SELECT_ALERT "WHERE (since_utc_ms, alert_id) < (?1, ?2) AND (?3 = 0 OR kind = ?3) AND (?4 = -1 OR state = ?4 OR (?4 = "
                                        "-2 AND state < 2)) AND ?5 = 0 ORDER BY since_utc_ms DESC, alert_id DESC LIMIT ?6");
    query_bind_int(&q, before_id ? before_utc_ms : INT64_MAX);
    query_bind_text(&q, before_id ? before_id : "");
    query_bind_int(&q, kind);
    query_bind_int(&q, state);
    query_bind_int(&q, meter_no);
    query_bind_int(&q, limit);
    return tell_alerts(&q, each, arg, &count, fault);
}

enum err sqlite_alert(struct facts *facts, const char *alert_id, int (*each)(const struct alert_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int count = 0;
    query_begin(&q, facts_db(facts), SELECT_ALERT "WHERE alert_id = ?");
    query_bind_text(&q, alert_id);
    enum err err = tell_alerts(&q, each, arg, &count, fault);
    return err == OK && count == 0 ? ERR_NOT_FOUND : err;
}
