/* Claims: serials that may ask for an identity, and the meter that each was given. */
#include "store/sqlite/records_db.h"

#define SELECT                                                                                                                                       \
    "SELECT k.serial, k.code_hash, k.model, k.meter_no, p.meter_id, k.claimed_utc_ms, k.created_utc_ms, k.revision"                                  \
    " FROM claim k LEFT JOIN point p USING (meter_no) "

static void claim_read(struct query *q, struct claim_record *out)
{
    query_text(q, out->serial, sizeof out->serial);
    query_text(q, out->code_hash, sizeof out->code_hash);
    query_text(q, out->model, sizeof out->model);
    out->meter_no = query_int(q);
    query_text(q, out->meter_id, sizeof out->meter_id);
    out->claimed_utc_ms = query_int(q);
    out->created_utc_ms = query_int(q);
    out->revision = query_int(q);
}

enum err records_claim_add(struct records *records, const struct actor *actor, const struct claim_record *claim, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_name(claim->serial, sizeof claim->serial, "/serial", fault);
    FIRST(err, check_name_or_empty(claim->model, sizeof claim->model, "/model", fault));
    FIRST(err, check_text(claim->code_hash, sizeof claim->code_hash, "/code_hash", fault));
    if (err == OK && claim->code_hash[0] == '\0')
        return fault_at(fault, ERR_INVALID, "/code_hash", "the hash of the claim code is missing");
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "claim.add", claim->serial, "meter_no=%lld", (long long)claim->meter_no);
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO claim (serial, code_hash, model, meter_no, created_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?)");
        query_bind_text(&q, claim->serial);
        query_bind_text(&q, claim->code_hash);
        query_bind_text(&q, claim->model);
        query_bind_int_unless(&q, claim->meter_no, 0);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
    }
    if (err == ERR_CONFLICT)
        fault_at(fault, err, "/serial", "the serial %s may be claimed already, or its meter does not exist", claim->serial);
    return change_end(&c, err);
}

static enum err find(struct db *db, const char *serial, struct fault *fault, struct claim_record *out)
{
    struct query q;
    query_begin(&q, db, SELECT "WHERE k.serial = ?");
    query_bind_text(&q, serial);
    enum err err = query_one(&q, fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(fault, err, "the serial %.64s may not be claimed", serial) : err;
    claim_read(&q, out);
    return query_end(&q, fault);
}

enum err records_claim_lookup(struct records *records, const char *serial, struct fault *fault, struct claim_record *out)
{
    struct db *db = NULL;
    struct claim_record claim;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    err = find(db, serial, fault, &claim);
    reader_give(records, db);
    if (err == OK)
        *out = claim;
    return err;
}

static enum err tie(struct change *c, const char *serial, int64_t meter_no)
{
    struct query q;
    enum err err = change_note(c, "claim.bind", serial, "meter_no=%lld", (long long)meter_no);
    if (err != OK)
        return err;
    query_begin(&q, c->db, "UPDATE claim SET meter_no = ?, claimed_utc_ms = ?, revision = ? WHERE serial = ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    query_bind_text(&q, serial);
    err = query_run(&q, c->fault);
    return err == ERR_CONFLICT ? fault_set(c->fault, ERR_INVALID, "there is no such meter") : err;
}

enum err records_claim_bind(struct records *records, const struct actor *actor, const char *serial, int64_t meter_no, struct fault *fault)
{
    struct change c;
    struct claim_record claim;
    enum err err = change_begin(records, actor, fault, &c);
    if (err != OK)
        return err;
    err = find(c.db, serial, fault, &claim);
    if (err == OK && claim.meter_no != 0 && claim.meter_no != meter_no)
        err = fault_set(fault, ERR_CONFLICT, "the serial %s belongs to the meter %s", serial, claim.meter_id);
    if (err == OK && (claim.meter_no == 0 || claim.claimed_utc_ms == 0))
        err = tie(&c, serial, meter_no);
    return change_end(&c, err);
}

enum err records_claim_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct claim_record *out,
                            size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, SELECT "WHERE k.serial > ? ORDER BY k.serial LIMIT ?");
    query_bind_text(&q, after != NULL ? after : "");
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, claim_read, limit, fault, out, out_count);
}
