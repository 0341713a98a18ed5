/* Completeness of closed days: one row per meter and local day. */
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "INSERT OR REPLACE INTO completeness (meter_no, local_day, interval_s, expected, received) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->local_day);
    query_bind_int(&q, row->interval_s);
    query_bind_int(&q, row->expected);
    query_bind_int(&q, row->received);
    return query_run(&q, fault);
}

static void bind_days(struct query *q, int64_t meter_no, int32_t from_day, int32_t until_day)
{
    query_bind_int(q, meter_no);
    query_bind_int(q, from_day);
    query_bind_int(q, until_day);
}

enum err sqlite_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM completeness WHERE meter_no = ? AND local_day >= ? AND local_day < ?");
    bind_days(&q, meter_no, from_day, until_day);
    return query_run(&q, fault);
}

enum err sqlite_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                             int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                "SELECT local_day, interval_s, expected, received FROM completeness WHERE meter_no = ? AND local_day >= ? AND local_day < ? "
                "ORDER BY local_day");
    bind_days(&q, meter_no, from_day, until_day);
    while (!stop && query_row(&q)) {
        struct completeness_row row = {.meter_no = meter_no};
        row.local_day = (int32_t)query_int(&q);
        row.interval_s = (int32_t)query_int(&q);
        row.expected = (int32_t)query_int(&q);
        row.received = (int32_t)query_int(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}
