/* Facts out: the reads of one channel, and whole readings joined again from their channels. */
#include <string.h>
#include "store/memory/memory.h"
#include "store/walk.h"

static size_t seek_fact(const struct table *table, int64_t meter_no, int64_t ts_utc_ms)
{
    struct reading_row key = {.meter_no = meter_no};
    key.reading.ts_utc_ms = ts_utc_ms;
    key.reading.channels[0].channel = INT32_MIN;
    return table_seek(table, &key);
}

enum err memory_reads(struct facts *facts, int64_t meter_no, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms, int order, int64_t limit,
                      int (*each)(const struct read *read, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_FACT);
    size_t from = seek_fact(table, meter_no, from_utc_ms), until = seek_fact(table, meter_no, until_utc_ms);
    int64_t left = limit > 0 ? limit : INT64_MAX;
    int stop = 0;
    (void)fault;
    while (from < until && left > 0 && !stop) {
        const struct reading *reading = &((const struct reading_row *)table->rows[order < 0 ? --until : from++])->reading;
        if (reading->channels[0].channel != channel)
            continue;
        struct read read = {reading->ts_utc_ms, reading->channels[0].value_wh, reading->kind, reading->interval_s, reading->flags};
        stop = each(&read, arg);
        left--;
    }
    return OK;
}

enum err memory_instants(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order,
                         int (*each)(int64_t ts_utc_ms, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_FACT);
    size_t from = seek_fact(table, meter_no, from_utc_ms), until = seek_fact(table, meter_no, until_utc_ms);
    bool any = false;
    int64_t last_utc_ms = 0;
    int stop = 0;
    (void)fault;
    while (from < until && !stop) {
        const struct reading_row *fact = table->rows[order < 0 ? --until : from++];
        if (any && fact->reading.ts_utc_ms == last_utc_ms)
            continue;
        any = true;
        last_utc_ms = fact->reading.ts_utc_ms;
        stop = each(last_utc_ms, arg);
    }
    return OK;
}

enum err memory_channels(struct facts *facts, int64_t meter_no, int max, int32_t *out_channels, int *out_count, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_CHANNEL);
    struct channel_memory key = {meter_no, INT32_MIN};
    int count = 0;
    (void)fault;
    for (size_t at = table_seek(table, &key); at < table->count && count < max; at++) {
        const struct channel_memory *row = table->rows[at];
        if (row->meter_no != meter_no)
            break;
        out_channels[count++] = row->channel;
    }
    *out_count = count;
    return OK;
}

enum err memory_readings(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int order, int limit,
                         const struct reading_cursor *after, int (*each)(const struct reading_row *row, const struct reading_cursor *at, void *arg),
                         void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_FACT);
    struct walk walk = {.after = after, .order = order, .left = limit, .each = each, .arg = arg};
    int stop = 0;
    (void)fault;
    walk_bounds(&walk, &from_utc_ms, &until_utc_ms);
    size_t from = seek_fact(table, meter_no, from_utc_ms), until = seek_fact(table, meter_no, until_utc_ms);
    for (size_t i = 0; from + i < until && !stop; i++) {
        struct reading_row fact = *(const struct reading_row *)table->rows[order < 0 ? until - 1 - i : from + i];
        fact.verdict = memory_verdict(facts, &fact);
        stop = walk_fact(&walk, &fact);
    }
    if (!stop)
        walk_end(&walk);
    return OK;
}

static int keep_last(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    *(struct reading_row *)arg = *row;
    return 1;
}

enum err memory_last_reading(struct facts *facts, int64_t meter_no, struct reading_row *out, struct fault *fault)
{
    struct reading_row row = {0};
    enum err err = memory_readings(facts, meter_no, INT64_MIN, INT64_MAX, -1, 1, NULL, keep_last, &row, fault);
    if (err != OK)
        return err;
    if (row.meter_no == 0)
        return ERR_NOT_FOUND;
    *out = row;
    return OK;
}
