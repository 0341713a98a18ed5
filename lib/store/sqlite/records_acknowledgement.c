/* Who has seen which alert. Append-only. */
#include "store/sqlite/records_db.h"

#define COLUMNS "ack_no, alert_id, said_by, at_utc_ms, note"

static void acknowledgement_read(struct query *q, struct acknowledgement_record *out)
{
    out->ack_no = query_int(q);
    query_text(q, out->alert_id, sizeof out->alert_id);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
    query_text(q, out->note, sizeof out->note);
}

enum err records_acknowledge(struct records *records, const struct actor *actor, const char *alert_id, const char *note, struct fault *fault,
                             int64_t *out_ack_no)
{
    struct change c;
    struct query q;
    int64_t ack_no = 0;
    enum err err = check_name(alert_id, RECORD_ID_SIZE, "/alert_id", fault);
    FIRST(err, check_text(note != NULL ? note : "", RECORD_TEXT_SIZE, "/note", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "alert.acknowledge", alert_id, "%s", note != NULL ? note : "");
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO acknowledgement (alert_id, said_by, at_utc_ms, note) VALUES (?, ?, ?, ?)");
        query_bind_text(&q, alert_id);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_text(&q, note != NULL ? note : "");
        err = query_run(&q, fault);
        ack_no = db_last_id(c.db);
    }
    err = change_end(&c, err);
    if (err == OK && out_ack_no != NULL)
        *out_ack_no = ack_no;
    return err;
}

enum err records_acknowledged_since(struct records *records, int64_t after_ack_no, size_t limit, struct fault *fault,
                                    struct acknowledgement_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM acknowledgement WHERE ack_no > ? ORDER BY ack_no LIMIT ?");
    query_bind_int(&q, after_ack_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, acknowledgement_read, limit, fault, out, out_count);
}

enum err records_acknowledged_of(struct records *records, const char *alert_id, size_t limit, struct fault *fault, struct acknowledgement_record *out,
                                 size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM acknowledgement WHERE alert_id = ? ORDER BY ack_no LIMIT ?");
    query_bind_text(&q, alert_id);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, acknowledgement_read, limit, fault, out, out_count);
}
