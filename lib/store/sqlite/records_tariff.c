/* Tariffs: documents, each kept for ever under its hash; one of them is the present one. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

static void tariff_read(struct query *q, struct tariff_record *out)
{
    query_text(q, out->tariff_id, sizeof out->tariff_id);
    query_text(q, out->version_hash, sizeof out->version_hash);
    out->document_len = query_int(q);
    out->created_utc_ms = query_int(q);
    out->revision = query_int(q);
}

#define PRESENT                                                                                                                                      \
    "SELECT t.tariff_id, t.version_hash, length(CAST(d.document AS BLOB)), d.created_utc_ms, t.revision FROM tariff t"                               \
    " JOIN tariff_document d USING (tariff_id, version_hash) "

static enum err present(struct change *c, const char *tariff_id, struct tariff_record *out)
{
    struct query q;
    *out = (struct tariff_record){0};
    query_begin(&q, c->db, PRESENT "WHERE t.tariff_id = ?");
    query_bind_text(&q, tariff_id);
    if (query_row(&q))
        tariff_read(&q, out);
    return query_end(&q, c->fault);
}

static enum err write_document(struct change *c, const char *tariff_id, const char *version_hash, const char *document)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO tariff_document (tariff_id, version_hash, document, created_utc_ms, revision) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING");
    query_bind_text(&q, tariff_id);
    query_bind_text(&q, version_hash);
    query_bind_text(&q, document);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    return query_run(&q, c->fault);
}

static enum err point_to(struct change *c, const char *tariff_id, const char *version_hash)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO tariff (tariff_id, version_hash, revision) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET version_hash = excluded.version_hash, revision = excluded.revision");
    query_bind_text(&q, tariff_id);
    query_bind_text(&q, version_hash);
    query_bind_int(&q, c->revision);
    return query_run(&q, c->fault);
}

static enum err check(const char *tariff_id, const char *document, size_t len, const char *version_hash, struct fault *fault)
{
    enum err err = check_name(tariff_id, RECORD_ID_SIZE, "/id", fault);
    FIRST(err, check_name(version_hash, RECORD_ID_SIZE, "/version_hash", fault));
    if (err == OK && (len == 0 || len > RECORDS_DOCUMENT_MAX))
        return fault_at(fault, ERR_INVALID, "", "a tariff document has 1 to %d bytes", RECORDS_DOCUMENT_MAX);
    if (err == OK && (!text_is_utf8(document, len) || memchr(document, '\0', len) != NULL))
        return fault_at(fault, ERR_INVALID, "", "a tariff document is UTF-8 text");
    return err;
}

enum err records_tariff_put(struct records *records, const struct actor *actor, const char *tariff_id, const char *document, size_t document_len,
                            const char *version_hash, int64_t if_revision, struct fault *fault, int64_t *out_revision)
{
    struct change c;
    struct tariff_record before;
    enum err err = check(tariff_id, document, document_len, version_hash, fault);
    char *text = err == OK ? strndup(document, document_len) : NULL;
    if (err == OK && text == NULL)
        err = fault_set(fault, ERR_FATAL, "out of memory");
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        goto out;
    err = present(&c, tariff_id, &before);
    if (err == OK && if_revision == 0 && before.tariff_id[0] != '\0')
        err = fault_at(fault, ERR_CONFLICT, "/id", "the tariff %s exists already", tariff_id);
    else
        FIRST(err, check_revision(before.revision, if_revision, fault));
    if (err == OK && strcmp(before.version_hash, version_hash) == 0) {
        c.revision = before.revision; /* said before */
    } else {
        FIRST(err, change_note(&c, "tariff.put", tariff_id, "version %s", version_hash));
        FIRST(err, write_document(&c, tariff_id, version_hash, text));
        FIRST(err, point_to(&c, tariff_id, version_hash));
    }
    err = change_end(&c, err);
    if (err == OK && out_revision != NULL)
        *out_revision = c.revision;
out:
    free(text);
    return err;
}

enum err records_tariff_get(struct records *records, const char *tariff_id, const char *version_hash, struct fault *fault, struct tariff_record *out,
                            struct buf *out_document)
{
    struct query q;
    struct db *db = NULL;
    struct tariff_record tariff;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT d.tariff_id, d.version_hash, length(CAST(d.document AS BLOB)), d.created_utc_ms,"
                " CASE WHEN t.version_hash = d.version_hash THEN t.revision ELSE d.revision END, d.document"
                " FROM tariff t JOIN tariff_document d USING (tariff_id)"
                " WHERE t.tariff_id = ? AND d.version_hash = ifnull(?, t.version_hash)");
    query_bind_text(&q, tariff_id);
    query_bind_text(&q, version_hash);
    err = query_one(&q, fault);
    if (err == OK) {
        tariff_read(&q, &tariff);
        if (out_document != NULL)
            query_bytes(&q, out_document);
        err = query_end(&q, fault);
        if (err == OK && out_document != NULL && out_document->overflow)
            err = fault_set(fault, ERR_LIMIT, "the tariff document is larger than its buffer");
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no tariff %.64s", tariff_id);
    }
    reader_give(records, db);
    if (err == OK && out != NULL)
        *out = tariff;
    return err;
}

enum err records_tariff_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct tariff_record *out,
                             size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, PRESENT "WHERE t.tariff_id > ? ORDER BY t.tariff_id LIMIT ?");
    query_bind_text(&q, after != NULL ? after : "");
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, tariff_read, limit, fault, out, out_count);
}

enum err records_tariff_history(struct records *records, const char *tariff_id, size_t limit, struct fault *fault, struct tariff_record *out,
                                size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT tariff_id, version_hash, length(CAST(document AS BLOB)), created_utc_ms, revision FROM tariff_document"
                " WHERE tariff_id = ? ORDER BY revision DESC LIMIT ?");
    query_bind_text(&q, tariff_id);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, tariff_read, limit, fault, out, out_count);
}

enum err records_tariff_changed(struct records *records, int64_t after_revision, size_t limit, struct fault *fault, struct tariff_record *out,
                                size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, PRESENT "WHERE t.revision > ? ORDER BY t.revision LIMIT ?");
    query_bind_int(&q, after_revision);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, tariff_read, limit, fault, out, out_count);
}
