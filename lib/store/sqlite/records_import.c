/* Files of readings on their way into the ledger. */
#include "store/sqlite/records_db.h"

enum err records_import_begin(struct records *records, const struct actor *actor, const char *source, struct fault *fault, int64_t *out_import_no)
{
    struct change c;
    struct query q;
    enum err err = check_text(source, RECORD_TEXT_SIZE, "/source", fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "import.begin", source, "readings of a file");
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO import (source, said_by, created_utc_ms) VALUES (?, ?, ?)");
        query_bind_text(&q, source);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        err = query_run(&q, fault);
        *out_import_no = db_last_id(c.db);
    }
    return change_end(&c, err);
}

static enum err check_room(struct change *c)
{
    struct query q;
    query_begin(&q, c->db, "SELECT count(*) FROM import_chunk");
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t count = query_int(&q);
    err = query_end(&q, c->fault);
    return err == OK && count >= RECORDS_IMPORT_CHUNKS_MAX
               ? fault_set(c->fault, ERR_LIMIT, "%lld chunks of readings wait already; is the ingestor running?", (long long)count)
               : err;
}

enum err records_import_add(struct records *records, int64_t import_no, const char *meter_id, const void *payload, size_t len, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_name(meter_id, RECORD_ID_SIZE, "/meter_id", fault);
    FIRST(err, check_range((int64_t)len, 1, RECORDS_IMPORT_PAYLOAD_MAX, "/payload", fault));
    FIRST(err, change_begin(records, NULL, fault, &c));
    if (err != OK)
        return err;
    err = check_room(&c);
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO import_chunk (import_no, meter_id, payload) VALUES (?, ?, ?)");
        query_bind_int(&q, import_no);
        query_bind_text(&q, meter_id);
        query_bind_bytes(&q, payload, len);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_import_get(struct records *records, int64_t import_no, struct fault *fault, struct import_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT import_no, source, said_by, created_utc_ms, accepted, repeated, refused, detail,"
                " (SELECT count(*) FROM import_chunk c WHERE c.import_no = i.import_no) FROM import i WHERE import_no = ?");
    query_bind_int(&q, import_no);
    err = query_one(&q, fault);
    if (err == OK) {
        out->import_no = query_int(&q);
        query_text(&q, out->source, sizeof out->source);
        query_text(&q, out->by, sizeof out->by);
        out->created_utc_ms = query_int(&q);
        out->accepted = query_int(&q);
        out->repeated = query_int(&q);
        out->refused = query_int(&q);
        query_text(&q, out->detail, sizeof out->detail);
        out->waiting = query_int(&q);
        err = query_end(&q, fault);
    }
    reader_give(records, db);
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "there is no such import") : err;
}

enum err records_import_next(struct records *records, int64_t after_chunk_no, struct fault *fault, struct import_chunk *out, struct buf *out_payload)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT chunk_no, meter_id, payload FROM import_chunk WHERE chunk_no > ? ORDER BY chunk_no LIMIT 1");
    query_bind_int(&q, after_chunk_no);
    err = query_one(&q, fault);
    if (err == OK) {
        out->chunk_no = query_int(&q);
        query_text(&q, out->meter_id, sizeof out->meter_id);
        query_bytes(&q, out_payload);
        err = query_end(&q, fault);
    }
    reader_give(records, db);
    return err;
}

enum err records_import_done(struct records *records, int64_t chunk_no, int64_t accepted, int64_t repeated, int64_t refused, const char *detail,
                             struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_text(detail, RECORD_TEXT_SIZE, "/detail", fault);
    FIRST(err, change_begin(records, NULL, fault, &c));
    if (err != OK)
        return err;
    query_begin(&q, c.db,
                "UPDATE import SET accepted = accepted + ?, repeated = repeated + ?, refused = refused + ?,"
                " detail = CASE WHEN ? = '' THEN detail ELSE ? END"
                " WHERE import_no = (SELECT import_no FROM import_chunk WHERE chunk_no = ?)");
    query_bind_int(&q, accepted);
    query_bind_int(&q, repeated);
    query_bind_int(&q, refused);
    query_bind_text(&q, detail);
    query_bind_text(&q, detail);
    query_bind_int(&q, chunk_no);
    err = query_run(&q, fault);
    if (err == OK) {
        query_begin(&q, c.db, "DELETE FROM import_chunk WHERE chunk_no = ?");
        query_bind_int(&q, chunk_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}
