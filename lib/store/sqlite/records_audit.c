/* The audit: who changed what, and when. */
#include "store/sqlite/records_db.h"

static void audit_read(struct query *q, struct audit_record *out)
{
    out->audit_no = query_int(q);
    out->at_utc_ms = query_int(q);
    query_text(q, out->actor, sizeof out->actor);
    query_text(q, out->action, sizeof out->action);
    query_text(q, out->subject, sizeof out->subject);
    query_text(q, out->detail, sizeof out->detail);
}

enum err records_audit_list(struct records *records, const char *subject, int64_t before, size_t limit, struct fault *fault, struct audit_record *out,
                            size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                subject != NULL ? "SELECT audit_no, at_utc_ms, actor, action, subject, detail FROM audit"
                                  " WHERE audit_no < ?1 AND subject = ?2 ORDER BY audit_no DESC LIMIT ?3"
                                : "SELECT audit_no, at_utc_ms, actor, action, subject, detail FROM audit"
                                  " WHERE audit_no < ?1 AND ?2 IS NULL ORDER BY audit_no DESC LIMIT ?3");
    query_bind_int(&q, before);
    query_bind_text(&q, subject);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, audit_read, limit, fault, out, out_count);
}

enum err records_audit_add(struct records *records, const struct actor *actor, const char *action, const char *subject, const char *detail,
                           struct fault *fault)
{
    struct change c;
    enum err err = check_name(action, RECORD_ID_SIZE, "/action", fault);
    FIRST(err, check_text(subject, RECORD_TEXT_SIZE, "/subject", fault));
    FIRST(err, check_text(detail, 513, "/detail", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    return change_end(&c, change_note(&c, action, subject, "%s", detail));
}
