/* Sealing: the facts of a long past day leave the table `fact` for one packed row, and come back when somebody says something new of that day. */
#include <stdio.h>
#include "base/hash.h"
#include "store/sqlite/facts_sqlite.h"
#include "store/sqlite/seal.h"

#define PACKED_MAX (64u << 20)
/* Pages that are free are filled again with new facts: given back is what is more than that takes for a while. */
#define FREE_PAGES_KEPT 2048
#define FREE_SHARE_KEPT 8

static enum err read_table(struct db *db, int64_t meter_no, int64_t utc_day, struct fault *fault, struct sealed_facts *out)
{
    struct query q;
    enum err err = OK;
    query_begin(&q, db,
                "SELECT ts_utc_ms, channel, kind, length_s, value_wh, received_lag_ms, flags, boot_no, seq, power_w, electrical FROM fact WHERE "
                "meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? ORDER BY ts_utc_ms, channel, kind, length_s, value_wh");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, utc_day * MS_OF_DAY);
    query_bind_int(&q, (utc_day + 1) * MS_OF_DAY);
    while (err == OK && query_row(&q)) {
        struct sealed_fact fact = {.ts_utc_ms = query_int(&q)};
        size_t len = 0;
        fact.channel = (int32_t)query_int(&q);
        fact.kind = (int32_t)query_int(&q);
        fact.length_s = (int32_t)query_int(&q);
        fact.value_wh = query_int(&q);
        fact.received_lag_ms = query_int(&q);
        fact.flags = (uint32_t)query_int(&q);
        fact.boot_no = query_int(&q);
        fact.has_seq = !query_is_null(&q);
        fact.seq = query_int(&q);
        fact.has_power = !query_is_null(&q);
        fact.power_w = query_int(&q);
        const void *electrical = query_view(&q, &len);
        fact.electrical_len = (unsigned char)len;
        err =
            len > UINT8_MAX ? fault_set(fault, ERR_FATAL, "a fact's electrical values are damaged") : sealed_facts_add(out, &fact, electrical, fault);
    }
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    return err == OK ? ended : err;
}

static enum err put_packed(struct db *db, int64_t meter_no, int64_t utc_day, size_t count, const struct buf *packed, struct fault *fault)
{
    struct query q;
    query_begin(&q, db, "INSERT INTO sealed (meter_no, utc_day, facts, mark, packed) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, utc_day);
    query_bind_int(&q, (int64_t)count);
    query_bind_int(&q, (int64_t)hash_fnv1a(packed->data, packed->len));
    query_bind_bytes(&q, packed->data, packed->len);
    enum err err = query_run(&q, fault);
    if (err != OK)
        return err;
    query_begin(&q, db, "DELETE FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, utc_day * MS_OF_DAY);
    query_bind_int(&q, (utc_day + 1) * MS_OF_DAY);
    return query_run(&q, fault);
}

/* The oldest day of a meter that is not sealed. ERR_NOT_FOUND: it has no facts outside of seals. */
static enum err oldest_day(struct db *db, int64_t meter_no, struct fault *fault, int64_t *out_day)
{
    struct query q;
    query_begin(&q, db, "SELECT ts_utc_ms FROM fact WHERE meter_no = ? ORDER BY ts_utc_ms LIMIT 1");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, fault);
    if (err == OK)
        *out_day = utc_day_of(query_int(&q));
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    return err == OK ? ended : err;
}

/* Told every time: what memory knows may be of a batch that was rolled back, what is stored is not. */
static enum err sealed_until(struct sqlite_facts *self, int64_t until_utc_ms, struct fault *fault)
{
    struct query q;
    if (self->sealed_until_utc_ms < until_utc_ms)
        self->sealed_until_utc_ms = until_utc_ms;
    query_begin(&q, self->db, "INSERT INTO number (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)");
    query_bind_text(&q, SEALED_UNTIL);
    query_bind_int(&q, until_utc_ms);
    return query_run(&q, fault);
}

enum err sqlite_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault)
{
    struct sqlite_facts *self = (struct sqlite_facts *)facts;
    struct sealed_facts day = {0}, again = {0};
    struct buf packed;
    int64_t utc_day = 0;
    *out_facts = 0;
    enum err err = oldest_day(self->db, meter_no, fault, &utc_day);
    if (err == ERR_NOT_FOUND || (err == OK && (utc_day + 1) * MS_OF_DAY > before_utc_ms))
        return OK;
    buf_init(&packed, PACKED_MAX);
    if (err == OK)
        err = read_table(self->db, meter_no, utc_day, fault, &day);
    if (err == OK)
        err = seal_pack(&day, fault, &packed);
    if (err == OK) /* before the rows go: does all of it come out again? */
        err = seal_unpack(packed.data, packed.len, fault, &again);
    if (err == OK && !sealed_facts_equal(&day, &again))
        err = fault_set(fault, ERR_FATAL, "a packed day is not what it was made of");
    if (err == OK)
        err = put_packed(self->db, meter_no, utc_day, day.count, &packed, fault);
    if (err == OK)
        err = sealed_until(self, (utc_day + 1) * MS_OF_DAY, fault);
    if (err == OK)
        err = sqlite_add_number(facts, "sealed.facts", (int64_t)day.count, fault);
    if (err == OK)
        *out_facts = (int)day.count;
    buf_finish(&packed);
    sealed_facts_finish(&again);
    sealed_facts_finish(&day);
    return err;
}

static enum err put_back(struct db *db, const struct sealed_day *day, const struct sealed_fact *fact, struct fault *fault)
{
    const void *electrical = fact->electrical_len > 0 ? day->facts.bytes + fact->electrical_at : NULL;
    bool is_new = false;
    enum err err = fact_insert(db, day->meter_no, fact, electrical, fault, &is_new);
    return err == OK && !is_new ? fault_set(fault, ERR_FATAL, "a fact stands in its sealed day and beside it") : err;
}

static enum err unseal(struct facts *facts, const struct sealed_day *day, struct fault *fault)
{
    struct query q;
    enum err err = OK;
    for (size_t i = 0; i < day->facts.count && err == OK; i++)
        err = put_back(facts_db(facts), day, &day->facts.facts[i], fault);
    if (err != OK)
        return err;
    query_begin(&q, facts_db(facts), "DELETE FROM sealed WHERE meter_no = ? AND utc_day = ?");
    query_bind_int(&q, day->meter_no);
    query_bind_int(&q, day->utc_day);
    err = query_run(&q, fault);
    return err == OK ? sqlite_add_number(facts, "sealed.facts", -(int64_t)day->facts.count, fault) : err;
}

static bool says_nothing_new(const struct sealed_facts *facts, const struct reading *reading)
{
    for (int i = 0; i < reading->channel_count; i++) {
        struct sealed_fact fact = {.ts_utc_ms = reading->ts_utc_ms,
                                   .channel = reading->channels[i].channel,
                                   .kind = (int32_t)reading->kind,
                                   .length_s = reading->interval_s,
                                   .value_wh = reading->channels[i].value_wh};
        if (sealed_find(facts, &fact) < 0)
            return false;
    }
    return true;
}

enum err seal_make_way(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault)
{
    struct sqlite_facts *self = (struct sqlite_facts *)facts;
    struct sealed_day day = {0};
    *out_repeated = false;
    if (row->reading.ts_utc_ms >= self->sealed_until_utc_ms)
        return OK;
    enum err err = sealed_load(self->db, &self->sealed, row->meter_no, utc_day_of(row->reading.ts_utc_ms), fault, &day);
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    *out_repeated = says_nothing_new(&day.facts, &row->reading);
    if (!*out_repeated)
        err = unseal(facts, &day, fault);
    sealed_keep(&self->sealed, &day);
    return err;
}

static enum err pragma_int(struct db *db, const char *sql, struct fault *fault, int64_t *out)
{
    struct query q;
    query_begin(&q, db, sql);
    enum err err = query_one(&q, fault);
    if (err == OK)
        *out = query_int(&q);
    enum err ended = query_end(&q, err == OK ? fault : NULL);
    return err == OK ? ended : err;
}

enum err sqlite_shrink(struct facts *facts, int pages_max, struct fault *fault)
{
    struct db *db = facts_db(facts);
    int64_t unused = 0, pages = 0;
    char sql[64];
    enum err err = pragma_int(db, "PRAGMA freelist_count", fault, &unused);
    if (err == OK)
        err = pragma_int(db, "PRAGMA page_count", fault, &pages);
    int64_t kept = pages / FREE_SHARE_KEPT > FREE_PAGES_KEPT ? pages / FREE_SHARE_KEPT : FREE_PAGES_KEPT;
    if (err != OK || unused <= kept)
        return err;
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", unused - kept < pages_max ? (int)(unused - kept) : pages_max);
    return db_script(db, sql, fault);
}
