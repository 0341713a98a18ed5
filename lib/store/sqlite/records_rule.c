/* Alert rules of meters: append-only, dated. */
#include <string.h>
#include "store/sqlite/records_db.h"

#define COLUMNS "r.rule_no, r.meter_no, r.kind, r.params, r.valid_from_utc_ms, r.said_by, r.at_utc_ms, r.revision"
#define NEWEST "ORDER BY n.valid_from_utc_ms DESC, n.rule_no DESC LIMIT 1"

static void rule_read(struct query *q, struct rule_record *out)
{
    out->rule_no = query_int(q);
    out->meter_no = query_int(q);
    query_text(q, out->kind, sizeof out->kind);
    query_text(q, out->params, sizeof out->params);
    out->valid_from_utc_ms = query_int(q);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
    out->revision = query_int(q);
}

/* The same as what holds at that instant: *same and its revision. Where nothing was ever said, "" is the same. */
static enum err unchanged(struct change *c, int64_t meter_no, const char *kind, const char *params, int64_t at_utc_ms, bool *same)
{
    struct query q;
    char now[RECORD_PARAMS_SIZE] = "";
    query_begin(&q, c->db, "SELECT n.params, n.revision FROM rule n WHERE n.meter_no = ? AND n.kind = ? AND n.valid_from_utc_ms <= ? " NEWEST);
    query_bind_int(&q, meter_no);
    query_bind_text(&q, kind);
    query_bind_int(&q, at_utc_ms);
    if (query_row(&q)) {
        query_text(&q, now, sizeof now);
        c->revision = query_int(&q);
    }
    enum err err = query_end(&q, c->fault);
    *same = strcmp(now, params) == 0;
    return err;
}

static enum err insert(struct change *c, int64_t meter_no, const char *kind, const char *params, int64_t valid_from_utc_ms)
{
    struct query q;
    query_begin(&q, c->db, "INSERT INTO rule (meter_no, kind, params, valid_from_utc_ms, said_by, at_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, meter_no);
    query_bind_text(&q, kind);
    query_bind_text(&q, params);
    query_bind_int(&q, valid_from_utc_ms);
    query_bind_text(&q, c->actor->name);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    enum err err = query_run(&q, c->fault);
    return err == ERR_CONFLICT ? fault_set(c->fault, ERR_NOT_FOUND, "there is no such meter") : err;
}

static enum err meter_name(struct change *c, int64_t meter_no, char out[RECORD_ID_SIZE])
{
    struct query q;
    query_begin(&q, c->db, "SELECT meter_id FROM point WHERE meter_no = ?");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no such meter") : err;
    query_text(&q, out, RECORD_ID_SIZE);
    return query_end(&q, c->fault);
}

enum err records_rule_set(struct records *records, const struct actor *actor, int64_t meter_no, const char *kind, const char *params,
                          int64_t valid_from_utc_ms, struct fault *fault, int64_t *out_revision)
{
    struct change c;
    char meter_id[RECORD_ID_SIZE];
    bool same = false;
    enum err err = check_name(kind, RECORD_ID_SIZE, "/kind", fault);
    FIRST(err, check_text(params, RECORD_PARAMS_SIZE, "/params", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = meter_name(&c, meter_no, meter_id);
    FIRST(err, unchanged(&c, meter_no, kind, params, valid_from_utc_ms, &same));
    if (!same) {
        FIRST(err, change_note(&c, "rule.set", meter_id, "%s %s", kind, params));
        FIRST(err, insert(&c, meter_no, kind, params, valid_from_utc_ms));
    }
    err = change_end(&c, err);
    if (err == OK && out_revision != NULL)
        *out_revision = c.revision;
    return err;
}

enum err records_rule_list(struct records *records, int64_t meter_no, int64_t at_utc_ms, size_t limit, struct fault *fault, struct rule_record *out,
                           size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS " FROM (SELECT DISTINCT kind FROM rule WHERE meter_no = ?1) k JOIN rule r ON r.rule_no ="
                " (SELECT n.rule_no FROM rule n WHERE n.meter_no = ?1 AND n.kind = k.kind AND n.valid_from_utc_ms <= ?2 " NEWEST ")"
                " WHERE r.params <> '' ORDER BY r.kind LIMIT ?3");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, at_utc_ms);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, rule_read, limit, fault, out, out_count);
}

enum err records_rule_history(struct records *records, int64_t meter_no, int64_t after_rule_no, size_t limit, struct fault *fault,
                              struct rule_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                meter_no != 0 ? "SELECT " COLUMNS " FROM rule r WHERE r.meter_no = ?1 AND r.rule_no > ?2 ORDER BY r.rule_no LIMIT ?3"
                              : "SELECT " COLUMNS " FROM rule r WHERE ?1 = 0 AND r.rule_no > ?2 ORDER BY r.rule_no LIMIT ?3");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, after_rule_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, rule_read, limit, fault, out, out_count);
}
