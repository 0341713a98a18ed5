/* The tail of what just happened, and the outbox of what is to be published. */
#include <stdlib.h>
#include <string.h>
#include "store/memory/memory.h"

enum err memory_put_tail(struct facts *facts, const struct tail_row *row, struct fault *fault)
{
    struct tail_memory *tail = row_new(sizeof *tail + row->data_len + 1, fault);
    if (!tail)
        return ERR_FATAL;
    tail->row = *row;
    tail->row.tail_seq = ++((struct memory *)facts)->last_tail;
    tail->row.data = tail->data;
    if (row->data_len > 0)
        memcpy(tail->data, row->data, row->data_len);
    return table_put(facts, TABLE_TAIL, tail, fault);
}

enum err memory_prune_tail(struct facts *facts, int64_t before_utc_ms, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_TAIL);
    enum err err = OK;
    size_t old = 0;
    while (old < table->count && ((const struct tail_memory *)table->rows[old])->row.at_utc_ms < before_utc_ms)
        old++;
    while (old > 0 && err == OK)
        err = table_remove(facts, TABLE_TAIL, --old, fault);
    return err;
}

enum err memory_tail(struct facts *facts, int64_t after_seq, int limit, int (*each)(const struct tail_row *row, void *arg), void *arg,
                     struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_TAIL);
    struct tail_memory key = {.row = {.tail_seq = after_seq + 1}};
    int left = limit, stop = 0;
    (void)fault;
    for (size_t at = table_seek(table, &key); at < table->count && left > 0 && !stop; at++, left--)
        stop = each(&((const struct tail_memory *)table->rows[at])->row, arg);
    return OK;
}

enum err memory_tail_range(struct facts *facts, int64_t *out_oldest, int64_t *out_newest, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_TAIL);
    (void)fault;
    *out_oldest = table->count > 0 ? ((const struct tail_memory *)table->rows[0])->row.tail_seq : 0;
    *out_newest = ((struct memory *)facts)->last_tail;
    return OK;
}

enum err memory_put_outbox(struct facts *facts, const struct outbox_row *row, struct fault *fault)
{
    struct outbox_memory *message = row_new(sizeof *message + row->payload_len + 1, fault);
    if (!message)
        return ERR_FATAL;
    message->row = *row;
    message->row.outbox_id = ++((struct memory *)facts)->last_outbox;
    message->row.payload = message->payload;
    if (row->payload_len > 0)
        memcpy(message->payload, row->payload, row->payload_len);
    return table_put(facts, TABLE_OUTBOX, message, fault);
}

enum err memory_outbox(struct facts *facts, int64_t after_id, int limit, int (*each)(const struct outbox_row *row, void *arg), void *arg,
                       struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_OUTBOX);
    struct outbox_memory key = {.row = {.outbox_id = after_id + 1}};
    int left = limit, stop = 0;
    (void)fault;
    for (size_t at = table_seek(table, &key); at < table->count && left > 0 && !stop; at++, left--)
        stop = each(&((const struct outbox_memory *)table->rows[at])->row, arg);
    return OK;
}

enum err memory_outbox_done(struct facts *facts, int64_t outbox_id, struct fault *fault)
{
    struct outbox_memory key = {.row = {.outbox_id = outbox_id}};
    return table_remove_key(facts, TABLE_OUTBOX, &key, fault);
}
