/* Facts in: readings, refusals, unclaimed readings, events. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/memory/memory.h"

/* One channel of a reading as a row of its own; what is told once stands on the first. */
static enum err put_fact(struct facts *facts, const struct reading_row *whole, int at, bool *out_new, struct fault *fault)
{
    struct reading_row *row = row_new(sizeof *row, fault);
    if (!row)
        return ERR_FATAL;
    *row = *whole;
    row->verdict = VERDICT_ACCEPTED;
    row->reading.channel_count = 1;
    row->reading.channels[0] = whole->reading.channels[at];
    if (at > 0) {
        row->reading.has_power = false;
        row->reading.power_w = 0;
        row->reading.voltage_mv.count = row->reading.current_ma.count = row->reading.power_factor_milli.count = 0;
        row->reading.frequency_mhz = 0;
    }
    *out_new = !table_find(table_of(facts, TABLE_FACT), row);
    if (*out_new)
        return table_put(facts, TABLE_FACT, row, fault);
    free(row);
    return OK;
}

static enum err put_channel(struct facts *facts, int64_t meter_no, int32_t channel, struct fault *fault)
{
    struct channel_memory key = {meter_no, channel};
    if (table_find(table_of(facts, TABLE_CHANNEL), &key))
        return OK;
    struct channel_memory *row = row_new(sizeof *row, fault);
    if (!row)
        return ERR_FATAL;
    *row = key;
    return table_put(facts, TABLE_CHANNEL, row, fault);
}

enum err memory_put_reading(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault)
{
    bool any_new = false;
    enum err err = OK;
    for (int i = 0; i < row->reading.channel_count && err == OK; i++) {
        bool is_new = false;
        err = put_fact(facts, row, i, &is_new, fault);
        if (err == OK && is_new)
            err = put_channel(facts, row->meter_no, row->reading.channels[i].channel, fault);
        any_new |= is_new;
    }
    if (err == OK)
        *out_repeated = !any_new;
    return err;
}

enum err memory_put_refusal(struct facts *facts, const struct refusal *refusal, int64_t keep, struct fault *fault)
{
    struct memory *memory = (struct memory *)facts;
    const struct table *table = table_of(facts, TABLE_REFUSAL);
    size_t len = refusal->payload_len < REFUSAL_PAYLOAD_MAX ? refusal->payload_len : REFUSAL_PAYLOAD_MAX;
    struct refusal_memory *row = row_new(sizeof *row + len, fault);
    if (!row)
        return ERR_FATAL;
    row->refusal = *refusal;
    row->refusal.refusal_id = ++memory->last_refusal;
    row->refusal.payload = refusal->payload && len > 0 ? (const char *)row->payload : NULL;
    row->refusal.payload_len = refusal->payload ? len : 0;
    if (row->refusal.payload)
        memcpy(row->payload, refusal->payload, len);
    enum err err = table_put(facts, TABLE_REFUSAL, row, fault);
    for (int gone = 0; gone < 2 && err == OK && table->count > 0; gone++) {
        const struct refusal_memory *oldest = table->rows[0];
        if (oldest->refusal.refusal_id > memory->last_refusal - keep)
            break;
        err = table_remove(facts, TABLE_REFUSAL, 0, fault);
    }
    return err;
}

enum err memory_refusals(struct facts *facts, int64_t meter_no, int64_t before_id, int limit, int (*each)(const struct refusal *refusal, void *arg),
                         void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_REFUSAL);
    struct refusal_memory key = {.refusal = {.refusal_id = before_id ? before_id : INT64_MAX}};
    (void)fault;
    int left = limit, stop = 0;
    for (size_t at = table_seek(table, &key); at > 0 && left > 0 && !stop; at--) {
        const struct refusal_memory *row = table->rows[at - 1];
        if (meter_no && row->refusal.meter_no != meter_no)
            continue;
        left--;
        stop = each(&row->refusal, arg);
    }
    return OK;
}

/* The rows of one name: [*from, *until). */
static void unclaimed_of(const struct table *table, const char *meter_id, size_t *from, size_t *until)
{
    struct unclaimed_memory key = {.no = INT64_MIN};
    text_copy(key.meter_id, sizeof key.meter_id, meter_id);
    *from = table_seek(table, &key);
    key.no = INT64_MAX;
    *until = table_seek(table, &key);
}

enum err memory_put_unclaimed(struct facts *facts, const char *meter_id, int64_t received_utc_ms, const void *payload, size_t len,
                              int64_t keep_per_name, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_UNCLAIMED);
    size_t from, until;
    struct unclaimed_memory *row = row_new(sizeof *row + len, fault);
    if (!row)
        return ERR_FATAL;
    unclaimed_of(table, meter_id, &from, &until);
    row->no = until > from ? ((const struct unclaimed_memory *)table->rows[until - 1])->no + 1 : 1;
    row->received_utc_ms = received_utc_ms;
    row->len = len;
    text_copy(row->meter_id, sizeof row->meter_id, meter_id);
    if (len > 0)
        memcpy(row->payload, payload, len);
    enum err err = table_put(facts, TABLE_UNCLAIMED, row, fault);
    for (size_t count = until - from + 1; err == OK && (int64_t)count > keep_per_name; count--)
        err = table_remove(facts, TABLE_UNCLAIMED, from, fault);
    return err;
}

enum err memory_take_unclaimed(struct facts *facts, const char *meter_id, int limit,
                               int (*each)(int64_t received_utc_ms, const void *payload, size_t len, void *arg), void *arg, int *out_count,
                               struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_UNCLAIMED);
    size_t from, until;
    int count = 0, stop = 0;
    enum err err = OK;
    unclaimed_of(table, meter_id, &from, &until);
    for (; count < limit && from + (size_t)count < until && !stop; count++) {
        const struct unclaimed_memory *row = table->rows[from + (size_t)count];
        stop = each(row->received_utc_ms, row->payload, row->len, arg);
    }
    for (int i = 0; i < count && err == OK; i++)
        err = table_remove(facts, TABLE_UNCLAIMED, from, fault);
    if (err == OK)
        *out_count = count;
    return err;
}

enum err memory_unclaimed_names(struct facts *facts, int limit, int (*each)(const char *meter_id, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_UNCLAIMED);
    const char *last = "";
    int left = limit, stop = 0;
    (void)fault;
    for (size_t at = 0; at < table->count && left > 0 && !stop; at++) {
        const struct unclaimed_memory *row = table->rows[at];
        if (strcmp(row->meter_id, last) == 0)
            continue;
        last = row->meter_id;
        left--;
        stop = each(row->meter_id, arg);
    }
    return OK;
}

enum err memory_prune_unclaimed(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_UNCLAIMED);
    enum err err = OK;
    for (size_t at = table->count; at > 0 && err == OK; at--)
        if (((const struct unclaimed_memory *)table->rows[at - 1])->received_utc_ms < before_utc_ms)
            err = table_remove(facts, TABLE_UNCLAIMED, at - 1, fault);
    return err;
}

/* Memory packs nothing. */
enum err memory_seal(struct facts *facts, int64_t meter_no, int64_t before_utc_ms, int *out_facts, struct fault *fault)
{
    (void)facts;
    (void)meter_no;
    (void)before_utc_ms;
    (void)fault;
    *out_facts = 0;
    return OK;
}

enum err memory_shrink(struct facts *facts, int pages_max, struct fault *fault)
{
    (void)facts;
    (void)pages_max;
    (void)fault;
    return OK;
}

enum err memory_put_event(struct facts *facts, const struct event_row *row, bool *out_repeated, struct fault *fault)
{
    struct memory *memory = (struct memory *)facts;
    struct event_memory key = {.row = *row};
    if (table_find(table_of(facts, TABLE_EVENT), &key)) {
        *out_repeated = true;
        return OK;
    }
    size_t len = strlen(row->document);
    struct event_memory *event = row_new(sizeof *event + len + 1, fault);
    if (!event)
        return ERR_FATAL;
    event->row = *row;
    event->row.event_id = ++memory->last_event;
    event->row.document = event->document;
    memcpy(event->document, row->document, len + 1);
    enum err err = table_put(facts, TABLE_EVENT, event, fault);
    if (err == OK)
        *out_repeated = false;
    return err;
}

enum err memory_events(struct facts *facts, int64_t meter_no, int64_t from_utc_ms, int64_t until_utc_ms, int limit,
                       int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_EVENT);
    struct event_memory key = {.row = {.meter_no = meter_no, .ts_utc_ms = from_utc_ms}};
    int left = limit, stop = 0;
    (void)fault;
    for (size_t at = table_seek(table, &key); at < table->count && left > 0 && !stop; at++, left--) {
        const struct event_memory *event = table->rows[at];
        if (event->row.meter_no != meter_no || event->row.ts_utc_ms >= until_utc_ms)
            break;
        stop = each(&event->row, arg);
    }
    return OK;
}
