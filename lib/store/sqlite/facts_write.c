/* Facts in: a reading becomes one row per channel. */
#include "store/sqlite/electrical.h"
#include "store/sqlite/facts_sqlite.h"
#include "store/sqlite/seal.h"

static enum err boot_no(struct db *db, struct known *known, int64_t meter_no, const char *boot, struct fault *fault, int64_t *out)
{
    struct query q;
    int64_t known_no = known_boot(known, meter_no, boot);
    if (known_no) {
        *out = known_no;
        return OK;
    }
    query_begin(&q, db, "SELECT boot_no FROM boot WHERE meter_no = ? AND boot = ?");
    query_bind_int(&q, meter_no);
    query_bind_text(&q, boot);
    enum err err = query_one(&q, fault);
    if (err == OK) {
        int64_t found = query_int(&q);
        err = query_end(&q, fault);
        if (err == OK) {
            known_put_boot(known, meter_no, boot, found);
            *out = found;
        }
        return err;
    }
    query_end(&q, NULL);
    if (err != ERR_NOT_FOUND)
        return err;
    query_begin(&q, db, "INSERT INTO boot (meter_no, boot) VALUES (?, ?)");
    query_bind_int(&q, meter_no);
    query_bind_text(&q, boot);
    err = query_run(&q, fault);
    if (err == OK) {
        *out = db_last_id(db);
        known_put_boot(known, meter_no, boot, *out);
    }
    return err;
}

static enum err put_channel(struct db *db, struct known *known, int64_t meter_no, int32_t channel, struct fault *fault)
{
    struct query q;
    if (known_channel(known, meter_no, channel))
        return OK;
    query_begin(&q, db, "INSERT OR IGNORE INTO channel (meter_no, channel) VALUES (?, ?)");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, channel);
    enum err err = query_run(&q, fault);
    if (err == OK)
        known_put_channel(known, meter_no, channel);
    return err;
}

enum err fact_insert(struct db *db, int64_t meter_no, const struct sealed_fact *fact, const void *electrical, struct fault *fault, bool *out_new)
{
    struct query q;
    query_begin(&q, db,
                "INSERT OR IGNORE INTO fact (meter_no, ts_utc_ms, channel, kind, length_s, value_wh, received_lag_ms, flags, boot_no, seq, "
                "power_w, electrical) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, fact->ts_utc_ms);
    query_bind_int(&q, fact->channel);
    query_bind_int(&q, fact->kind);
    query_bind_int(&q, fact->length_s);
    query_bind_int(&q, fact->value_wh);
    query_bind_int(&q, fact->received_lag_ms);
    query_bind_int(&q, fact->flags);
    query_bind_int_unless(&q, fact->boot_no, 0);
    if (fact->has_seq)
        query_bind_int(&q, fact->seq);
    else
        query_bind_null(&q);
    if (fact->has_power)
        query_bind_int(&q, fact->power_w);
    else
        query_bind_null(&q);
    if (fact->electrical_len > 0)
        query_bind_bytes(&q, electrical, fact->electrical_len);
    else
        query_bind_null(&q);
    enum err err = query_run(&q, fault);
    if (err == OK)
        *out_new = db_changes(db) > 0;
    return err;
}

/* What stands on a reading once goes with its first channel. */
static enum err put_fact(struct db *db, const struct reading_row *row, int at, int64_t boot, struct fault *fault, bool *out_new)
{
    const struct reading *reading = &row->reading;
    unsigned char electrical[ELECTRICAL_MAX];
    struct sealed_fact fact = {.ts_utc_ms = reading->ts_utc_ms,
                               .channel = reading->channels[at].channel,
                               .kind = (int32_t)reading->kind,
                               .length_s = reading->interval_s,
                               .value_wh = reading->channels[at].value_wh,
                               .received_lag_ms = row->received_utc_ms - reading->ts_utc_ms,
                               .flags = reading->flags,
                               .boot_no = boot,
                               .has_seq = reading->has_seq,
                               .seq = reading->seq,
                               .has_power = reading->has_power && at == 0,
                               .power_w = reading->power_w,
                               .electrical_len = (unsigned char)(at == 0 ? electrical_pack(reading, electrical) : 0)};
    return fact_insert(db, row->meter_no, &fact, electrical, fault, out_new);
}

enum err sqlite_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault)
{
    struct db *db = facts_db(facts);
    struct known *known = facts_known(facts);
    int64_t boot = 0;
    bool any_new = false, in_seal = false;
    enum err err = OK;
    if (row->reading.has_seq || row->reading.boot[0])
        err = boot_no(db, known, row->meter_no, row->reading.boot, fault, &boot);
    if (err == OK)
        err = seal_make_way(facts, row, &in_seal, fault);
    for (int i = 0; i < row->reading.channel_count && err == OK && !in_seal; i++) {
        bool is_new = false;
        err = put_fact(db, row, i, boot, fault, &is_new);
        if (err == OK && is_new)
            err = put_channel(db, known, row->meter_no, row->reading.channels[i].channel, fault);
        any_new |= is_new;
    }
    if (err == OK)
        *out_repeated = !any_new;
    return err;
}

enum err sqlite_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "INSERT OR IGNORE INTO event (meter_no, ts_utc_ms, received_utc_ms, event, document) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->ts_utc_ms);
    query_bind_int(&q, row->received_utc_ms);
    query_bind_text(&q, row->event);
    query_bind_text(&q, row->document);
    enum err err = query_run(&q, fault);
    if (err == OK)
        *out_repeated = db_changes(facts_db(facts)) == 0;
    return err;
}

enum err sqlite_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                       int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                "SELECT event_id, ts_utc_ms, received_utc_ms, event, document FROM event WHERE meter_no = ? AND ts_utc_ms >= ? AND "
                "ts_utc_ms < ? ORDER BY ts_utc_ms, event, document LIMIT ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct event_row row = {.event_id = query_int(&q), .meter_no = meter_no};
        row.ts_utc_ms = query_int(&q);
        row.received_utc_ms = query_int(&q);
        query_text(&q, row.event, sizeof row.event);
        row.document = query_string(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}
