/* Lists for people, newest first: what was refused, what the neighbours said, what meters told. Indexes: schema 0002. */
#include "store/sqlite/facts_sqlite.h"

/* Nothing later than the last one seen is looked at again. */
static int64_t until(const struct newest_filter *newest, int64_t after_utc_ms)
{
    return after_utc_ms < newest->until_utc_ms ? after_utc_ms + 1 : newest->until_utc_ms;
}

#define REFUSAL_COLUMNS "refusal_id, received_utc_ms, meter_no, meter_id, verdict, detail, ts_utc_ms, seq, payload"
#define REFUSAL_RANGE                                                                                                                                \
    "received_utc_ms >= ?1 AND received_utc_ms < ?2 AND (received_utc_ms, refusal_id) < (?3, ?4) AND (?5 = 0 OR verdict = ?5) "                      \
    "ORDER BY received_utc_ms DESC, refusal_id DESC LIMIT ?6"

enum err sqlite_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                newest->meter_no ? "SELECT " REFUSAL_COLUMNS " FROM refusal WHERE meter_no = ?7 AND " REFUSAL_RANGE
                                 : "SELECT " REFUSAL_COLUMNS " FROM refusal WHERE " REFUSAL_RANGE);
    query_bind_int(&q, newest->from_utc_ms);
    query_bind_int(&q, until(newest, after_received_utc_ms));
    query_bind_int(&q, after_received_utc_ms);
    query_bind_int(&q, after_id);
    query_bind_int(&q, newest->verdict);
    query_bind_int(&q, newest->limit);
    if (newest->meter_no)
        query_bind_int(&q, newest->meter_no);
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

#define JUDGEMENT_SELECT "SELECT meter_no, ts_utc_ms, channel, kind, length_s, value_wh, verdict FROM judgement WHERE "
#define JUDGEMENT_KEY "(ts_utc_ms, meter_no, channel, kind, length_s, value_wh)"
#define JUDGEMENT_RANGE                                                                                                                              \
    "ts_utc_ms >= ?1 AND ts_utc_ms < ?2 AND " JUDGEMENT_KEY " < (?3, ?4, ?5, ?6, ?7, ?8) "                                                           \
    "ORDER BY ts_utc_ms DESC, meter_no DESC, channel DESC, kind DESC, length_s DESC, value_wh DESC LIMIT ?9"

/* A meter's own rows are few and lie together; over all meters there is an index for every verdict and one for each. */
static const char *judgement_sql(const struct newest_filter *newest)
{
    if (newest->meter_no)
        return JUDGEMENT_SELECT "(?10 = 0 OR +verdict = ?10) AND meter_no = ?11 AND " JUDGEMENT_RANGE;
    if (newest->verdict != VERDICT_ACCEPTED)
        return JUDGEMENT_SELECT "verdict = ?10 AND " JUDGEMENT_RANGE;
    return JUDGEMENT_SELECT JUDGEMENT_RANGE;
}

static void bind_after(struct query *q, const struct judgement *after)
{
    query_bind_int(q, after ? after->ts_utc_ms : INT64_MAX);
    query_bind_int(q, after ? after->meter_no : INT64_MAX);
    query_bind_int(q, after ? after->channel : INT64_MAX);
    query_bind_int(q, after ? (int64_t)after->kind : INT64_MAX);
    query_bind_int(q, after ? after->length_s : INT64_MAX);
    query_bind_int(q, after ? after->value_wh : INT64_MAX);
}

enum err sqlite_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                  int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts), judgement_sql(newest));
    query_bind_int(&q, newest->from_utc_ms);
    query_bind_int(&q, until(newest, after ? after->ts_utc_ms : INT64_MAX));
    bind_after(&q, after);
    query_bind_int(&q, newest->limit);
    if (newest->meter_no || newest->verdict != VERDICT_ACCEPTED)
        query_bind_int(&q, newest->verdict);
    if (newest->meter_no)
        query_bind_int(&q, newest->meter_no);
    while (!stop && query_row(&q)) {
        struct judgement row = {.meter_no = query_int(&q)};
        row.ts_utc_ms = query_int(&q);
        row.channel = (int32_t)query_int(&q);
        row.kind = (enum fact_kind)query_int(&q);
        row.length_s = (int32_t)query_int(&q);
        row.value_wh = query_int(&q);
        row.verdict = (enum verdict)query_int(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                "SELECT event_id, ts_utc_ms, received_utc_ms, event, document FROM event WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "
                "AND (ts_utc_ms, event_id) < (?, ?) ORDER BY ts_utc_ms DESC, event_id DESC LIMIT ?");
    query_bind_int(&q, newest->meter_no);
    query_bind_int(&q, newest->from_utc_ms);
    query_bind_int(&q, until(newest, after_ts_utc_ms));
    query_bind_int(&q, after_ts_utc_ms);
    query_bind_int(&q, after_id);
    query_bind_int(&q, newest->limit);
    while (!stop && query_row(&q)) {
        struct event_row row = {.event_id = query_int(&q), .meter_no = newest->meter_no};
        row.ts_utc_ms = query_int(&q);
        row.received_utc_ms = query_int(&q);
        query_text(&q, row.event, sizeof row.event);
        row.document = query_string(&q);
        stop = each(&row, arg);
    }
    return query_end(&q, fault);
}
