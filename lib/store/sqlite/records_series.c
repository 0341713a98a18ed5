/* Price series: a row per price. */
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

static void series_read(struct query *q, struct series_record *out)
{
    query_text(q, out->series_id, sizeof out->series_id);
    out->loaded_utc_ms = query_int(q);
    out->revision = query_int(q);
    out->from_utc_ms = query_int(q);
    out->until_utc_ms = query_int(q);
    out->price_count = query_int(q);
}

#define SERIES                                                                                                                                       \
    "SELECT s.series_id, s.loaded_utc_ms, s.revision, min(p.from_utc_ms), max(p.until_utc_ms), count(p.from_utc_ms) FROM series s"                   \
    " LEFT JOIN series_price p USING (series_id) "

static enum err write_head(struct change *c, const char *series_id)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO series (series_id, loaded_utc_ms, revision) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET loaded_utc_ms = excluded.loaded_utc_ms, revision = excluded.revision");
    query_bind_text(&q, series_id);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    return query_run(&q, c->fault);
}

/* The ingestor holds all series in memory. */
static enum err check_series_room(struct change *c, const char *series_id)
{
    struct query q;
    query_begin(&q, c->db, "SELECT count(*) FROM series WHERE series_id <> ?");
    query_bind_text(&q, series_id);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err;
    int64_t others = query_int(&q);
    err = query_end(&q, c->fault);
    return err == OK && others >= RECORDS_SERIES_MAX ? fault_set(c->fault, ERR_LIMIT, "there are %d price series already", RECORDS_SERIES_MAX) : err;
}

/* What the new prices lie over goes: they never overlap. */
static enum err clear_span(struct change *c, const char *series_id, const struct series_price *prices, size_t count)
{
    struct query q;
    query_begin(&q, c->db, "DELETE FROM series_price WHERE series_id = ? AND from_utc_ms < ? AND until_utc_ms > ?");
    query_bind_text(&q, series_id);
    query_bind_int(&q, prices[count - 1].until_utc_ms);
    query_bind_int(&q, prices[0].from_utc_ms);
    return query_run(&q, c->fault);
}

static enum err write_price(struct change *c, const char *series_id, const struct series_price *price)
{
    struct query q;
    query_begin(&q, c->db, "INSERT INTO series_price (series_id, from_utc_ms, until_utc_ms, price_nano) VALUES (?, ?, ?, ?)");
    query_bind_text(&q, series_id);
    query_bind_int(&q, price->from_utc_ms);
    query_bind_int(&q, price->until_utc_ms);
    query_bind_int(&q, price->nano);
    return query_run(&q, c->fault);
}

enum err records_series_put(struct records *records, const struct actor *actor, const char *series_id, const struct series_price *prices,
                            size_t count, struct fault *fault)
{
    struct change c;
    enum err err = check_name(series_id, RECORD_ID_SIZE, "/id", fault);
    if (err == OK && count == 0)
        err = fault_at(fault, ERR_INVALID, "/prices", "a series has at least one price");
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "series.put", series_id, "%zu prices", count);
    FIRST(err, check_series_room(&c, series_id));
    FIRST(err, write_head(&c, series_id));
    FIRST(err, clear_span(&c, series_id, prices, count));
    for (size_t i = 0; err == OK && i < count; i++)
        err = write_price(&c, series_id, &prices[i]);
    return change_end(&c, err);
}

enum err records_series_list(struct records *records, int64_t after_revision, size_t limit, struct fault *fault, struct series_record *out,
                             size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, SERIES "WHERE s.revision > ? GROUP BY s.series_id ORDER BY s.revision LIMIT ?");
    query_bind_int(&q, after_revision);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, series_read, limit, fault, out, out_count);
}

enum err records_series_prices(struct records *records, const char *series_id, int64_t from_utc_ms, int64_t until_utc_ms, size_t limit,
                               struct fault *fault, struct series_price *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    size_t count = 0;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT from_utc_ms, until_utc_ms, price_nano FROM series_price WHERE series_id = ? AND from_utc_ms >= ? AND from_utc_ms < ?"
                " ORDER BY from_utc_ms LIMIT ?");
    query_bind_text(&q, series_id);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, (int64_t)limit);
    while (count < limit && query_row(&q)) {
        out[count].from_utc_ms = query_int(&q);
        out[count].until_utc_ms = query_int(&q);
        out[count].nano = query_int(&q);
        count++;
    }
    err = query_end(&q, fault);
    reader_give(records, db);
    if (err == OK)
        *out_count = count;
    return err;
}
