/* The tail of what just happened, and the outbox of what is to be published. */
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "INSERT INTO tail (at_utc_ms, meter_no, meter_id, kind, data) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, row->at_utc_ms);
    query_bind_int(&q, row->meter_no);
    query_bind_text(&q, row->meter_id);
    query_bind_int(&q, row->kind);
    query_bind_bytes(&q, row->data, row->data_len);
    return query_run(&q, fault);
}

enum err sqlite_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    struct query q;
    /* Ascending by sequence is ascending by time but for clock steps; so the first younger row ends the cut. */
    query_begin(&q, facts_db(facts),
                "DELETE FROM tail WHERE tail_seq < coalesce((SELECT tail_seq FROM tail WHERE at_utc_ms >= ? ORDER BY tail_seq LIMIT 1), "
                "(SELECT max(tail_seq) + 1 FROM tail))");
    query_bind_int(&q, before_utc_ms);
    return query_run(&q, fault);
}

enum err sqlite_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                     struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                "SELECT tail_seq, at_utc_ms, meter_no, meter_id, kind, data FROM tail WHERE tail_seq > ? ORDER BY tail_seq LIMIT ?");
    query_bind_int(&q, after_seq);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct tail_row row;
        row.tail_seq = query_int(&q);
        row.at_utc_ms = query_int(&q);
        row.meter_no = query_int(&q);
        query_text(&q, row.meter_id, sizeof row.meter_id);
        row.kind = (enum tail_kind)query_int(&q);
        row.data = query_view(&q, &row.data_len);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "SELECT (SELECT min(tail_seq) FROM tail), max(coalesce((SELECT max(tail_seq) FROM tail), 0), "
                "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tail'), 0))");
    int64_t oldest = 0, newest = 0;
    if (query_row(&q)) {
        oldest = query_int(&q);
        newest = query_int(&q);
    }
    enum err err = query_end(&q, fault);
    if (err == OK) {
        *out_oldest = oldest;
        *out_newest = newest;
    }
    return err;
}

enum err sqlite_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "INSERT INTO outbox (topic, payload, retained, not_before_utc_ms) VALUES (?, ?, ?, ?)");
    query_bind_text(&q, row->topic);
    query_bind_bytes(&q, row->payload ? row->payload : "", row->payload_len);
    query_bind_int(&q, row->retained);
    query_bind_int(&q, row->not_before_utc_ms);
    return query_run(&q, fault);
}

enum err sqlite_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                       struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                "SELECT outbox_id, topic, payload, retained, not_before_utc_ms FROM outbox WHERE outbox_id > ? ORDER BY outbox_id LIMIT ?");
    query_bind_int(&q, after_id);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct outbox_row row = {.outbox_id = query_int(&q)};
        query_text(&q, row.topic, sizeof row.topic);
        row.payload = query_view(&q, &row.payload_len);
        if (!row.payload)
            row.payload = ""; /* the empty retained message */
        row.retained = query_int(&q) != 0;
        row.not_before_utc_ms = query_int(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM outbox WHERE outbox_id = ?");
    query_bind_int(&q, outbox_id);
    return query_run(&q, fault);
}
