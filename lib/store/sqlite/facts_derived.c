/* Days and judgements: what commit B makes of facts. */
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_day(struct facts *facts, const struct day_row *row, struct fault *fault)
{
    unsigned char packed[DAY_PACKED_MAX];
    struct energy_sum sum = {0};
    size_t len = day_pack(&row->day, packed);
    struct query q;
    energy_sum_slots(&row->day, 0, row->day.slot_count, &sum);
    query_begin(&q, facts_db(facts),
                "INSERT OR REPLACE INTO day (meter_no, channel, local_day, start_utc_ms, slot_count, wh, measured, estimated, partial, missing, "
                "edited, slots) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->channel);
    query_bind_int(&q, row->day.local_day);
    query_bind_int(&q, row->day.start_utc_ms);
    query_bind_int(&q, row->day.slot_count);
    query_bind_int(&q, sum.wh);
    query_bind_int(&q, sum.measured);
    query_bind_int(&q, sum.estimated);
    query_bind_int(&q, sum.partial);
    query_bind_int(&q, sum.missing);
    query_bind_int(&q, sum.edited);
    query_bind_bytes(&q, packed, len);
    return query_run(&q, fault);
}

enum err sqlite_remove_day(struct facts *facts, int64_t meter_no, int32_t channel, int32_t local_day, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM day WHERE meter_no = ? AND channel = ? AND local_day = ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, channel);
    query_bind_int(&q, local_day);
    return query_run(&q, fault);
}

enum err sqlite_days(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                     int (*each)(const struct day_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    bool damaged = false;
    query_begin(&q, facts_db(facts),
                "SELECT local_day, start_utc_ms, slot_count, slots FROM day WHERE meter_no = ? AND channel = ? AND local_day >= ? AND local_day < ? "
                "ORDER BY local_day");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, channel);
    query_bind_int(&q, from_day);
    query_bind_int(&q, until_day);
    while (!stop && !damaged && query_row(&q)) {
        struct day_row row = {.meter_no = meter_no, .channel = channel};
        size_t len = 0;
        row.day.local_day = (int32_t)query_int(&q);
        row.day.start_utc_ms = query_int(&q);
        row.day.slot_count = (int)query_int(&q);
        const unsigned char *slots = query_view(&q, &len);
        damaged = row.day.slot_count < 0 || row.day.slot_count > DAY_SLOTS_MAX || !day_unpack(slots, len, &row.day);
        if (!damaged)
            stop = each(&row, arg);
    }
    enum err err = query_end(&q, fault);
    if (err == OK && damaged)
        return fault_set(fault, ERR_FATAL, "a packed day of meter number %lld is damaged", (long long)meter_no);
    return err;
}

#define SELECT_SUMS "SELECT day.meter_no, local_day, wh, measured, estimated, partial, missing, edited "
#define SUMS_WANTED "channel = ? AND local_day >= ? AND local_day < ? "
/* From one meter to the next by the key: the days of a meter that are not wanted are never looked at. In the order of meters and days. */
#define SUMS_OF_ALL                                                                                                                                  \
    "WITH RECURSIVE meter (no) AS (SELECT min(meter_no) FROM day UNION ALL SELECT (SELECT min(meter_no) FROM day WHERE meter_no > no) FROM meter "   \
    "WHERE no IS NOT NULL) " SELECT_SUMS "FROM meter CROSS JOIN day WHERE day.meter_no = no AND " SUMS_WANTED

enum err sqlite_day_sums(struct facts *facts, int64_t meter_no, int32_t channel, int32_t from_day, int32_t until_day,
                         int (*each)(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts), meter_no ? SELECT_SUMS "FROM day WHERE " SUMS_WANTED "AND meter_no = ? ORDER BY local_day" : SUMS_OF_ALL);
    query_bind_int(&q, channel);
    query_bind_int(&q, from_day);
    query_bind_int(&q, until_day);
    if (meter_no)
        query_bind_int(&q, meter_no);
    while (!stop && query_row(&q)) {
        struct energy_sum sum;
        int64_t of_meter = query_int(&q);
        int32_t local_day = (int32_t)query_int(&q);
        sum.wh = query_int(&q);
        sum.measured = (int)query_int(&q);
        sum.estimated = (int)query_int(&q);
        sum.partial = (int)query_int(&q);
        sum.missing = (int)query_int(&q);
        sum.edited = (int)query_int(&q);
        stop = each(of_meter, local_day, &sum, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_day_range(struct facts *facts, int64_t meter_no, int32_t channel, int32_t *out_first, int32_t *out_last, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "SELECT (SELECT min(local_day) FROM day WHERE meter_no = ?1 AND channel = ?2), (SELECT max(local_day) FROM day WHERE meter_no = ?1 "
                "AND channel = ?2)");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, channel);
    bool found = query_row(&q) && !query_is_null(&q);
    int32_t first = 0, last = 0;
    if (found) {
        first = (int32_t)query_int(&q);
        last = (int32_t)query_int(&q);
    }
    enum err err = query_end(&q, fault);
    if (err != OK)
        return err;
    if (!found)
        return ERR_NOT_FOUND;
    *out_first = first;
    *out_last = last;
    return OK;
}

enum err sqlite_clear_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms,
                                 struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM judgement WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? AND channel = ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, channel);
    return query_run(&q, fault);
}

enum err sqlite_put_judgement(struct facts *facts, const struct judgement *judgement, struct fault *fault)
{
    struct query q;
    query_begin(
        &q, facts_db(facts),
        judgement->verdict == VERDICT_ACCEPTED
            ? "DELETE FROM judgement WHERE meter_no = ? AND ts_utc_ms = ? AND channel = ? AND kind = ? AND length_s = ? AND value_wh = ?"
            : "INSERT OR REPLACE INTO judgement (meter_no, ts_utc_ms, channel, kind, length_s, value_wh, verdict) VALUES (?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, judgement->meter_no);
    query_bind_int(&q, judgement->ts_utc_ms);
    query_bind_int(&q, judgement->channel);
    query_bind_int(&q, judgement->kind);
    query_bind_int(&q, judgement->length_s);
    query_bind_int(&q, judgement->value_wh);
    if (judgement->verdict != VERDICT_ACCEPTED)
        query_bind_int(&q, judgement->verdict);
    return query_run(&q, fault);
}

enum err sqlite_judgements(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                           int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                order < 0
                    ? "SELECT ts_utc_ms, kind, length_s, value_wh, verdict FROM judgement WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "
                      "AND channel = ? ORDER BY ts_utc_ms DESC LIMIT ?"
                    : "SELECT ts_utc_ms, kind, length_s, value_wh, verdict FROM judgement WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "
                      "AND channel = ? ORDER BY ts_utc_ms LIMIT ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, channel);
    query_bind_int(&q, limit);
    while (!stop && query_row(&q)) {
        struct judgement row = {.meter_no = meter_no, .channel = channel};
        row.ts_utc_ms = query_int(&q);
        row.kind = (enum fact_kind)query_int(&q);
        row.length_s = (int32_t)query_int(&q);
        row.value_wh = query_int(&q);
        row.verdict = (enum verdict)query_int(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}
