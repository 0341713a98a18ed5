/* What was refused at the door, and what waits for its name to be registered. Both are kept bounded. */
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault)
{
    struct db *db = facts_db(facts);
    struct query q;
    query_begin(&q, db,
                "INSERT INTO refusal (received_utc_ms, meter_no, meter_id, verdict, detail, ts_utc_ms, seq, payload) VALUES (?, ?, ?, ?, ?, ?, "
                "?, ?)");
    query_bind_int(&q, refusal->received_utc_ms);
    query_bind_int_unless(&q, refusal->meter_no, 0);
    query_bind_text(&q, refusal->meter_id);
    query_bind_int(&q, refusal->verdict);
    query_bind_text(&q, refusal->detail);
    query_bind_int_unless(&q, refusal->has_ts ? refusal->ts_utc_ms : INT64_MIN, INT64_MIN);
    query_bind_int_unless(&q, refusal->has_seq ? refusal->seq : -1, -1);
    if (refusal->payload)
        query_bind_bytes(&q, refusal->payload, refusal->payload_len < REFUSAL_PAYLOAD_MAX ? refusal->payload_len : REFUSAL_PAYLOAD_MAX);
    else
        query_bind_null(&q);
    enum err err = query_run(&q, fault);
    if (err != OK)
        return err;
    int64_t newest = db_last_id(db);
    /* Two go for each that comes, so that a lowered limit is reached too. */
    query_begin(&q, db, "DELETE FROM refusal WHERE refusal_id IN (SELECT refusal_id FROM refusal WHERE refusal_id <= ? ORDER BY refusal_id LIMIT 2)");
    query_bind_int(&q, newest - keep);
    return query_run(&q, fault);
}

enum err sqlite_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                         void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                meter_no ? "SELECT refusal_id, received_utc_ms, meter_no, meter_id, verdict, detail, ts_utc_ms, seq, payload FROM refusal WHERE "
                           "refusal_id < ? AND meter_no = ? ORDER BY refusal_id DESC LIMIT ?"
                         : "SELECT refusal_id, received_utc_ms, meter_no, meter_id, verdict, detail, ts_utc_ms, seq, payload FROM refusal WHERE "
                           "refusal_id < ? ORDER BY refusal_id DESC LIMIT ?");
    query_bind_int(&q, before_id ? before_id : INT64_MAX);
    if (meter_no)
        query_bind_int(&q, meter_no);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct refusal row = {.refusal_id = query_int(&q)};
        row.received_utc_ms = query_int(&q);
        row.meter_no = query_int(&q);
        query_text(&q, row.meter_id, sizeof row.meter_id);
        row.verdict = (enum verdict)query_int(&q);
        query_text(&q, row.detail, sizeof row.detail);
        row.has_ts = !query_is_null(&q);
        row.ts_utc_ms = query_int(&q);
        row.has_seq = !query_is_null(&q);
        row.seq = query_int(&q);
        row.payload = query_view(&q, &row.payload_len);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                              int64_t keep_per_name, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT INTO unclaimed (meter_id, unclaimed_no, received_utc_ms, payload) SELECT ?1, coalesce(max(unclaimed_no), 0) + 1, ?2, ?3 "
                "FROM unclaimed WHERE meter_id = ?1");
    query_bind_text(&q, meter_id);
    query_bind_int(&q, received_utc_ms);
    query_bind_bytes(&q, payload, len);
    enum err err = query_run(&q, fault);
    if (err != OK)
        return err;
    query_begin(&q, facts_db(facts),
                "DELETE FROM unclaimed WHERE meter_id = ?1 AND unclaimed_no <= (SELECT max(unclaimed_no) FROM unclaimed WHERE meter_id = ?1) - ?2");
    query_bind_text(&q, meter_id);
    query_bind_int(&q, keep_per_name);
    return query_run(&q, fault);
}

enum err sqlite_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                               int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                               struct fault *fault)
{
    struct query q;
    int count = 0, stop = 0;
    int64_t last = 0;
    query_begin(&q, facts_db(facts), "SELECT unclaimed_no, received_utc_ms, payload FROM unclaimed WHERE meter_id = ? ORDER BY unclaimed_no LIMIT ?");
    query_bind_text(&q, meter_id);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        size_t len = 0;
        last = query_int(&q);
        int64_t received_utc_ms = query_int(&q);
        const void *payload = query_view(&q, &len);
        stop = each(received_utc_ms, payload, len, arg);
        count++;
    }
    enum err err = query_end(&q, fault);
    if (err == OK && count > 0) {
        query_begin(&q, facts_db(facts), "DELETE FROM unclaimed WHERE meter_id = ? AND unclaimed_no <= ?");
        query_bind_text(&q, meter_id);
        query_bind_int(&q, last);
        err = query_run(&q, fault);
    }
    if (err == OK)
        *out_count = count;
    return err;
}

enum err sqlite_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts), "SELECT DISTINCT meter_id FROM unclaimed ORDER BY meter_id LIMIT ?");
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        char meter_id[METER_ID_SIZE];
        query_text(&q, meter_id, sizeof meter_id);
        stop = each(meter_id, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM unclaimed WHERE received_utc_ms < ?");
    query_bind_int(&q, before_utc_ms);
    return query_run(&q, fault);
}
