/* Facts out: the reads of one channel, and whole readings joined again from their channels. */
#include <string.h>
#include "store/sqlite/electrical.h"
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                      int64_t limit, int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    int stop = 0;
    query_begin(&q, facts_db(facts),
                order < 0 ? "SELECT ts_utc_ms, value_wh, kind, length_s, flags FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "
                            "AND channel = ? ORDER BY ts_utc_ms DESC, value_wh DESC LIMIT ?"
                          : "SELECT ts_utc_ms, value_wh, kind, length_s, flags FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "
                            "AND channel = ? ORDER BY ts_utc_ms, value_wh LIMIT ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, channel);
    query_bind_int(&q, limit > 0 ? limit : INT64_MAX);
    while (!stop && query_row(&q)) {
        struct read read;
        read.ts_utc_ms = query_int(&q);
        read.value_wh = query_int(&q);
        read.kind = (enum fact_kind)query_int(&q);
        read.length_s = (int32_t)query_int(&q);
        read.flags = (unsigned)query_int(&q);
        stop = each(&read, arg);
    }
    return query_end(&q, fault);
}

enum err sqlite_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault)
{
    struct query q;
    int count = 0;
    query_begin(&q, facts_db(facts), "SELECT channel FROM channel WHERE meter_no = ? ORDER BY channel LIMIT ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, max);
    while (count < max && query_row(&q))
        out_channels[count++] = (int32_t)query_int(&q);
    enum err err = query_end(&q, fault);
    if (err == OK)
        *out_count = count;
    return err;
}

/* The readings of one instant while their rows pass by. More than this at one instant are told apart no further (and lose nothing but that). */
#define SAME_TS_MAX 64
struct group {
    int count;
    int64_t boot_no[SAME_TS_MAX];
    struct reading_row rows[SAME_TS_MAX];
};

/* A row of the select below. */
struct fact_row {
    int64_t ts_utc_ms, boot_no, received_utc_ms;
    struct reading_row row; /* with one channel */
};

#define SELECT_FACTS                                                                                                                        \
    "SELECT f.ts_utc_ms, f.channel, f.kind, f.length_s, f.value_wh, f.received_lag_ms, f.flags, f.boot_no, b.boot, f.seq, f.power_w, "       \
    "f.electrical, j.verdict FROM fact f LEFT JOIN boot b ON b.boot_no = f.boot_no LEFT JOIN judgement j ON j.meter_no = f.meter_no AND "     \
    "j.ts_utc_ms = f.ts_utc_ms AND j.channel = f.channel AND j.kind = f.kind AND j.length_s = f.length_s AND j.value_wh = f.value_wh "       \
    "WHERE f.meter_no = ? AND f.ts_utc_ms >= ? AND f.ts_utc_ms < ? "

static void read_fact(struct query *q, int64_t meter_no, struct fact_row *out)
{
    struct reading *reading = &out->row.reading;
    memset(out, 0, sizeof *out);
    out->row.meter_no = meter_no;
    out->ts_utc_ms = reading->ts_utc_ms = query_int(q);
    reading->channels[0].channel = (int32_t)query_int(q);
    reading->kind = (enum fact_kind)query_int(q);
    reading->interval_s = (int32_t)query_int(q);
    reading->channels[0].value_wh = query_int(q);
    reading->channel_count = 1;
    out->row.received_utc_ms = reading->ts_utc_ms + query_int(q);
    reading->flags = (unsigned)query_int(q);
    out->boot_no = query_int(q);
    query_text(q, reading->boot, sizeof reading->boot);
    reading->has_seq = !query_is_null(q);
    reading->seq = query_int(q);
    reading->has_power = !query_is_null(q);
    reading->power_w = query_int(q);
    size_t len = 0;
    const unsigned char *electrical = query_view(q, &len);
    if (electrical)
        electrical_unpack(electrical, len, reading);
    out->row.verdict = (enum verdict)query_int(q);
    out->row.quality = QUALITY_MEASURED;
    const struct verdict_row *verdict = &verdict_table[verdict_index(out->row.verdict) < 0 ? 0 : verdict_index(out->row.verdict)];
    if (!verdict->energy)
        out->row.quality = QUALITY_MISSING;
    else if (out->row.verdict != VERDICT_ACCEPTED)
        out->row.quality = QUALITY_ESTIMATED;
}

/* Is this fact a channel of a reading that the group has already? */
static bool same_reading(const struct reading_row *row, int64_t boot_no, const struct fact_row *fact)
{
    const struct reading *a = &row->reading, *b = &fact->row.reading;
    int64_t value;
    return row->received_utc_ms == fact->row.received_utc_ms && boot_no == fact->boot_no && a->has_seq == b->has_seq && a->seq == b->seq &&
           a->kind == b->kind && a->channel_count < READING_CHANNELS_MAX && !reading_value(a, b->channels[0].channel, &value);
}

/* Power and electrical quantities stand on the reading's first channel, which a descending listing meets last. */
static void take_measured(struct reading *to, const struct reading *from)
{
    if (from->has_power && !to->has_power) {
        to->has_power = true;
        to->power_w = from->power_w;
    }
    if (to->voltage_mv.count == 0)
        to->voltage_mv = from->voltage_mv;
    if (to->current_ma.count == 0)
        to->current_ma = from->current_ma;
    if (to->power_factor_milli.count == 0)
        to->power_factor_milli = from->power_factor_milli;
    if (to->frequency_mhz == 0)
        to->frequency_mhz = from->frequency_mhz;
}

static void group_add(struct group *group, const struct fact_row *fact)
{
    for (int i = 0; i < group->count; i++) {
        struct reading_row *row = &group->rows[i];
        if (!same_reading(row, group->boot_no[i], fact))
            continue;
        row->reading.channels[row->reading.channel_count++] = fact->row.reading.channels[0];
        take_measured(&row->reading, &fact->row.reading);
        if (row->verdict == VERDICT_ACCEPTED) {
            row->verdict = fact->row.verdict;
            row->quality = fact->row.quality;
        }
        return;
    }
    if (group->count == SAME_TS_MAX)
        return;
    group->boot_no[group->count] = fact->boot_no;
    group->rows[group->count++] = fact->row;
}

/* What a listing is at. */
struct walk {
    struct group group;
    const struct reading_cursor *after;
    int left;
    int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg);
    void *arg;
};

/* Tells the readings of the finished instant. Non-zero: stop. */
static int walk_flush(struct walk *walk)
{
    int stop = 0;
    bool begun_before = walk->after && walk->group.count > 0 && walk->group.rows[0].reading.ts_utc_ms == walk->after->ts_utc_ms;
    for (int64_t i = begun_before ? walk->after->skip : 0; i < walk->group.count && !stop; i++) {
        if (walk->left-- <= 0)
            return 1;
        struct reading_cursor at = {walk->group.rows[i].reading.ts_utc_ms, i + 1};
        stop = walk->each(&walk->group.rows[i], &at, walk->arg);
    }
    walk->group.count = 0;
    return stop || walk->left <= 0;
}

enum err sqlite_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault)
{
    struct walk walk = {.after = after, .left = limit, .each = each, .arg = arg};
    struct query q;
    int stop = 0;
    if (after && order >= 0 && after->ts_utc_ms > from_utc_ms)
        from_utc_ms = after->ts_utc_ms;
    if (after && order < 0 && after->ts_utc_ms < until_utc_ms)
        until_utc_ms = after->ts_utc_ms + 1;
    query_begin(&q, facts_db(facts), order < 0 ? SELECT_FACTS "ORDER BY f.ts_utc_ms DESC" : SELECT_FACTS "ORDER BY f.ts_utc_ms");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_utc_ms);
    query_bind_int(&q, until_utc_ms);
    while (!stop && query_row(&q)) {
        struct fact_row fact;
        read_fact(&q, meter_no, &fact);
        if (walk.group.count > 0 && walk.group.rows[0].reading.ts_utc_ms != fact.ts_utc_ms)
            stop = walk_flush(&walk);
        if (!stop)
            group_add(&walk.group, &fact);
    }
    if (!stop)
        walk_flush(&walk);
    return query_end(&q, fault);
}

static int keep_last(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    *(struct reading_row *)arg = *row;
    return 1;
}

enum err sqlite_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault)
{
    struct reading_row row = {0};
    enum err err = sqlite_readings(facts, meter_no, INT64_MIN, INT64_MAX, -1, 1, NULL, keep_last, &row, fault);
    if (err != OK)
        return err;
    if (row.meter_no == 0)
        return ERR_NOT_FOUND;
    *out = row;
    return OK;
}
