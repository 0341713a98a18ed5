/* Tables: sorted arrays whose changes can be taken back. */
#include <stdlib.h>
#include <string.h>
#include "store/memory/memory.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))
#define BY(field)                                                                                                                                    \
    if (COMPARE(x->field, y->field))                                                                                                                 \
    return COMPARE(x->field, y->field)
#define BY_TEXT(field)                                                                                                                               \
    if (strcmp(x->field, y->field))                                                                                                                  \
    return strcmp(x->field, y->field)

static int by_fact(const void *a, const void *b)
{
    const struct reading_row *x = a, *y = b;
    BY(meter_no);
    BY(reading.ts_utc_ms);
    BY(reading.channels[0].channel);
    BY(reading.kind);
    BY(reading.interval_s);
    BY(reading.channels[0].value_wh);
    return 0;
}

static int by_channel(const void *a, const void *b)
{
    const struct channel_memory *x = a, *y = b;
    BY(meter_no);
    BY(channel);
    return 0;
}

static int by_judgement(const void *a, const void *b)
{
    const struct judgement *x = a, *y = b;
    BY(meter_no);
    BY(ts_utc_ms);
    BY(channel);
    BY(kind);
    BY(length_s);
    BY(value_wh);
    return 0;
}

static int by_refusal(const void *a, const void *b)
{
    const struct refusal_memory *x = a, *y = b;
    BY(refusal.refusal_id);
    return 0;
}

static int by_unclaimed(const void *a, const void *b)
{
    const struct unclaimed_memory *x = a, *y = b;
    BY_TEXT(meter_id);
    BY(no);
    return 0;
}

static int by_event(const void *a, const void *b)
{
    const struct event_memory *x = a, *y = b;
    BY(row.meter_no);
    BY(row.ts_utc_ms);
    int by_name = strcmp(x->row.event, y->row.event);
    return by_name != 0 ? by_name : strcmp(x->row.document ? x->row.document : "", y->row.document ? y->row.document : "");
}

static int by_receipt(const void *a, const void *b)
{
    const struct receipt_memory *x = a, *y = b;
    BY(row.meter_no);
    BY_TEXT(row.boot);
    return 0;
}

static int by_status(const void *a, const void *b)
{
    const struct status_row *x = a, *y = b;
    BY(meter_no);
    return 0;
}

static int by_mark(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    BY(meter_no);
    BY(kind);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    return strcmp(((const struct number_memory *)a)->name, ((const struct number_memory *)b)->name);
}

static int by_day(const void *a, const void *b)
{
    const struct day_memory *x = a, *y = b;
    BY(row.meter_no);
    BY(row.channel);
    BY(row.day.local_day);
    return 0;
}

static int by_check(const void *a, const void *b)
{
    const struct check_day_row *x = a, *y = b;
    BY(meter_no);
    BY(local_day);
    return 0;
}

static int by_completeness(const void *a, const void *b)
{
    const struct completeness_row *x = a, *y = b;
    BY(meter_no);
    BY(local_day);
    return 0;
}

static int by_bill(const void *a, const void *b)
{
    const struct bill_memory *x = a, *y = b;
    BY(row.from_day);
    BY_TEXT(row.bill_id);
    return 0;
}

static int by_alert(const void *a, const void *b)
{
    const struct alert_memory *x = a, *y = b;
    BY(row.alert.since_utc_ms);
    BY_TEXT(row.alert.alert_id);
    return 0;
}

static int by_tail(const void *a, const void *b)
{
    const struct tail_memory *x = a, *y = b;
    BY(row.tail_seq);
    return 0;
}

static int by_outbox(const void *a, const void *b)
{
    const struct outbox_memory *x = a, *y = b;
    BY(row.outbox_id);
    return 0;
}

int (*const memory_compare[TABLE_COUNT])(const void *a, const void *b) = {
    [TABLE_FACT] = by_fact,
    [TABLE_CHANNEL] = by_channel,
    [TABLE_JUDGEMENT] = by_judgement,
    [TABLE_REFUSAL] = by_refusal,
    [TABLE_UNCLAIMED] = by_unclaimed,
    [TABLE_EVENT] = by_event,
    [TABLE_RECEIPT] = by_receipt,
    [TABLE_STATUS] = by_status,
    [TABLE_MARK] = by_mark,
    [TABLE_NUMBER] = by_number,
    [TABLE_DAY] = by_day,
    [TABLE_CHECK] = by_check,
    [TABLE_COMPLETENESS] = by_completeness,
    [TABLE_BILL] = by_bill,
    [TABLE_ALERT] = by_alert,
    [TABLE_TAIL] = by_tail,
    [TABLE_OUTBOX] = by_outbox,
};

void *row_new(size_t size, struct fault *fault)
{
    void *row = calloc(1, size);
    if (!row)
        fault_set(fault, ERR_FATAL, "no memory");
    return row;
}

size_t table_seek(const struct table *table, const void *key)
{
    size_t from = 0, until = table->count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (table->compare(table->rows[middle], key) < 0)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

void *table_find(const struct table *table, const void *key)
{
    size_t at = table_seek(table, key);
    return at < table->count && table->compare(table->rows[at], key) == 0 ? table->rows[at] : NULL;
}

static bool has_room(void **array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return true;
    size_t more = *cap ? 2 * *cap : 64;
    void *larger = realloc(*array, more * size);
    if (!larger)
        return false;
    *array = larger;
    *cap = more;
    return true;
}

/* Notes what a rollback has to take back; outside a batch there is none. */
static bool note(struct memory *memory, struct table *table, void *added, void *removed)
{
    void *array = memory->undo;
    if (!memory->in_batch) {
        free(removed);
        return true;
    }
    if (!has_room(&array, memory->undo_count, &memory->undo_cap, sizeof *memory->undo))
        return false;
    memory->undo = array;
    memory->undo[memory->undo_count++] = (struct undo){table, added, removed};
    return true;
}

static bool insert_at(struct table *table, size_t at, void *row)
{
    void *array = table->rows;
    if (!has_room(&array, table->count, &table->cap, sizeof *table->rows))
        return false;
    table->rows = array;
    memmove(table->rows + at + 1, table->rows + at, (table->count - at) * sizeof *table->rows);
    table->rows[at] = row;
    table->count++;
    return true;
}

static void take_out(struct table *table, size_t at)
{
    table->count--;
    memmove(table->rows + at, table->rows + at + 1, (table->count - at) * sizeof *table->rows);
}

enum err table_put(struct facts *facts, enum table_name name, void *row, struct fault *fault)
{
    struct table *table = table_of(facts, name);
    size_t at = table_seek(table, row);
    void *former = at < table->count && table->compare(table->rows[at], row) == 0 ? table->rows[at] : NULL;
    if (!former && !insert_at(table, at, row)) {
        free(row);
        return fault_set(fault, ERR_FATAL, "no memory");
    }
    table->rows[at] = row;
    if (note((struct memory *)facts, table, row, former))
        return OK;
    if (former)
        table->rows[at] = former;
    else
        take_out(table, at);
    free(row);
    return fault_set(fault, ERR_FATAL, "no memory");
}

enum err table_remove(struct facts *facts, enum table_name name, size_t at, struct fault *fault)
{
    struct table *table = table_of(facts, name);
    void *row = table->rows[at];
    take_out(table, at);
    if (note((struct memory *)facts, table, NULL, row))
        return OK;
    insert_at(table, at, row); /* there was room a moment ago */
    return fault_set(fault, ERR_FATAL, "no memory");
}

enum err table_remove_key(struct facts *facts, enum table_name name, const void *key, struct fault *fault)
{
    const struct table *table = table_of(facts, name);
    size_t at = table_seek(table, key);
    bool found = at < table->count && table->compare(table->rows[at], key) == 0;
    return found ? table_remove(facts, name, at, fault) : OK;
}

void memory_rollback(struct facts *facts)
{
    struct memory *memory = (struct memory *)facts;
    while (memory->undo_count > 0) {
        struct undo *undo = &memory->undo[--memory->undo_count];
        if (undo->added) {
            take_out(undo->table, table_seek(undo->table, undo->added));
            if (undo->removed)
                insert_at(undo->table, table_seek(undo->table, undo->removed), undo->removed);
            free(undo->added);
        } else {
            insert_at(undo->table, table_seek(undo->table, undo->removed), undo->removed);
        }
    }
    memory->in_batch = false;
}
