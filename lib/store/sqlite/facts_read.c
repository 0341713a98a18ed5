/* Facts out: the reads of one channel, and whole readings joined again from their channels. */
#include <string.h>
#include "store/sqlite/electrical.h"
#include "store/sqlite/facts_sqlite.h"
#include "store/sqlite/sealed_readings.h"
#include "store/walk.h"

/* In the order of the key, so that nothing is sorted; the plus keeps SQLite from taking the channel for settled and sorting all the same. */
#define SELECT_READS                                                                                                                                 \
    "SELECT ts_utc_ms, value_wh, kind, length_s, flags FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? AND +channel = ? "

struct reads {
    int32_t channel;
    int order;
    int64_t left;
    int (*each)(const struct read *read, void *arg);
    void *arg;
    int stop;
};

static enum err table_reads(struct segments *segments, const struct segment *segment, struct reads *reads)
{
    struct query q;
    query_begin(&q, facts_db(segments->facts),
                reads->order < 0 ? SELECT_READS "ORDER BY ts_utc_ms DESC, channel DESC, kind DESC, length_s DESC, value_wh DESC LIMIT ?"
                                 : SELECT_READS "ORDER BY ts_utc_ms, channel, kind, length_s, value_wh LIMIT ?");
    query_bind_int(&q, segments->meter_no);
    query_bind_int(&q, segment->from_utc_ms);
    query_bind_int(&q, segment->until_utc_ms);
    query_bind_int(&q, reads->channel);
    query_bind_int(&q, reads->left);
    while (!reads->stop && query_row(&q)) {
        struct read read;
        read.ts_utc_ms = query_int(&q);
        read.value_wh = query_int(&q);
        read.kind = (enum fact_kind)query_int(&q);
        read.length_s = (int32_t)query_int(&q);
        read.flags = (unsigned)query_int(&q);
        reads->left--;
        reads->stop = reads->each(&read, reads->arg);
    }
    return query_end(&q, segments->fault);
}

static void sealed_reads(const struct segment *segment, struct reads *reads)
{
    for (size_t i = segment->first; i < segment->end && reads->left > 0 && !reads->stop; i++) {
        const struct sealed_fact *fact = &segment->day->facts[reads->order < 0 ? segment->first + (segment->end - 1 - i) : i];
        if (fact->channel != reads->channel)
            continue;
        struct read read = {fact->ts_utc_ms, fact->value_wh, (enum fact_kind)fact->kind, fact->length_s, fact->flags};
        reads->left--;
        reads->stop = reads->each(&read, reads->arg);
    }
}

enum err sqlite_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                      int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault)
{
    struct reads reads = {channel, order, limit > 0 ? limit : INT64_MAX, each, arg, 0};
    struct segments segments;
    struct segment segment;
    segments_begin(&segments, facts, meter_no, from_utc_ms, until_utc_ms, order, fault);
    while (!reads.stop && reads.left > 0 && segments_next(&segments, &segment)) {
        if (segment.day)
            sealed_reads(&segment, &reads);
        else
            segments.err = table_reads(&segments, &segment, &reads);
    }
    return segments_end(&segments);
}

struct instants {
    int order;
    int (*each)(int64_t ts_utc_ms, void *arg);
    void *arg;
    int stop;
};

static enum err table_instants(struct segments *segments, const struct segment *segment, struct instants *instants)
{
    struct query q;
    query_begin(&q, facts_db(segments->facts),
                instants->order < 0
                    ? "SELECT DISTINCT ts_utc_ms FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? ORDER BY ts_utc_ms DESC"
                    : "SELECT DISTINCT ts_utc_ms FROM fact WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? ORDER BY ts_utc_ms");
    query_bind_int(&q, segments->meter_no);
    query_bind_int(&q, segment->from_utc_ms);
    query_bind_int(&q, segment->until_utc_ms);
    while (!instants->stop && query_row(&q))
        instants->stop = instants->each(query_int(&q), instants->arg);
    return query_end(&q, segments->fault);
}

static void sealed_instants(const struct segment *segment, struct instants *instants)
{
    const struct sealed_fact *before = NULL;
    for (size_t i = segment->first; i < segment->end && !instants->stop; i++) {
        const struct sealed_fact *fact = &segment->day->facts[instants->order < 0 ? segment->first + (segment->end - 1 - i) : i];
        if (!before || before->ts_utc_ms != fact->ts_utc_ms)
            instants->stop = instants->each(fact->ts_utc_ms, instants->arg);
        before = fact;
    }
}

enum err sqlite_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                         int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault)
{
    struct instants instants = {order, each, arg, 0};
    struct segments segments;
    struct segment segment;
    segments_begin(&segments, facts, meter_no, from_utc_ms, until_utc_ms, order, fault);
    while (!instants.stop && segments_next(&segments, &segment)) {
        if (segment.day)
            sealed_instants(&segment, &instants);
        else
            segments.err = table_instants(&segments, &segment, &instants);
    }
    return segments_end(&segments);
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

#define SELECT_FACTS                                                                                                                                 \
    "SELECT f.ts_utc_ms, f.channel, f.kind, f.length_s, f.value_wh, f.received_lag_ms, f.flags, b.boot, f.seq, f.power_w, "                          \
    "f.electrical, j.verdict FROM fact f LEFT JOIN boot b ON b.boot_no = f.boot_no LEFT JOIN judgement j ON j.meter_no = f.meter_no AND "            \
    "j.ts_utc_ms = f.ts_utc_ms AND j.channel = f.channel AND j.kind = f.kind AND j.length_s = f.length_s AND j.value_wh = f.value_wh "               \
    "WHERE f.meter_no = ? AND f.ts_utc_ms >= ? AND f.ts_utc_ms < ? "

/* A row of the select above, as a reading with one channel. */
static void read_fact(struct query *q, int64_t meter_no, struct reading_row *out)
{
    struct reading *reading = &out->reading;
    memset(out, 0, sizeof *out);
    out->meter_no = meter_no;
    reading->ts_utc_ms = query_int(q);
    reading->channels[0].channel = (int32_t)query_int(q);
    reading->kind = (enum fact_kind)query_int(q);
    reading->interval_s = (int32_t)query_int(q);
    reading->channels[0].value_wh = query_int(q);
    reading->channel_count = 1;
    out->received_utc_ms = reading->ts_utc_ms + query_int(q);
    reading->flags = (unsigned)query_int(q);
    query_text(q, reading->boot, sizeof reading->boot);
    reading->has_seq = !query_is_null(q);
    reading->seq = query_int(q);
    reading->has_power = !query_is_null(q);
    reading->power_w = query_int(q);
    size_t len = 0;
    const unsigned char *electrical = query_view(q, &len);
    if (electrical)
        electrical_unpack(electrical, len, reading);
    out->verdict = (enum verdict)query_int(q);
}

static enum err table_readings(struct segments *segments, const struct segment *segment, struct walk *walk, int *stop)
{
    struct query q;
    query_begin(&q, facts_db(segments->facts),
                walk->order < 0 ? SELECT_FACTS "ORDER BY f.ts_utc_ms DESC, f.channel DESC, f.kind DESC, f.length_s DESC, f.value_wh DESC"
                                : SELECT_FACTS "ORDER BY f.ts_utc_ms, f.channel, f.kind, f.length_s, f.value_wh");
    query_bind_int(&q, segments->meter_no);
    query_bind_int(&q, segment->from_utc_ms);
    query_bind_int(&q, segment->until_utc_ms);
    while (!*stop && query_row(&q)) {
        struct reading_row fact;
        read_fact(&q, segments->meter_no, &fact);
        *stop = walk_fact(walk, &fact);
    }
    return query_end(&q, segments->fault);
}

enum err sqlite_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault)
{
    struct walk walk = {.after = after, .order = order, .left = limit, .each = each, .arg = arg};
    struct segments segments;
    struct segment segment;
    int stop = 0;
    walk_bounds(&walk, &from_utc_ms, &until_utc_ms);
    segments_begin(&segments, facts, meter_no, from_utc_ms, until_utc_ms, order, fault);
    while (!stop && segments_next(&segments, &segment))
        segments.err = segment.day ? sealed_readings(&segments, &segment, &walk, &stop) : table_readings(&segments, &segment, &walk, &stop);
    if (!stop && segments.err == OK)
        walk_end(&walk);
    return segments_end(&segments);
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
