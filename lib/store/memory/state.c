/* Receipts, status, marks, numbers: where things stand. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/memory/memory.h"

enum err memory_put_receipt(struct facts *facts, const struct receipt_row *row, struct fault *fault)
{
    const char *holes = row->holes ? row->holes : "";
    size_t len = strlen(holes);
    struct receipt_memory *receipt = row_new(sizeof *receipt + len + 1, fault);
    if (!receipt)
        return ERR_FATAL;
    receipt->row = *row;
    receipt->row.holes = receipt->holes;
    memcpy(receipt->holes, holes, len + 1);
    return table_put(facts, TABLE_RECEIPT, receipt, fault);
}

enum err memory_receipts(struct facts *facts, int (*each)(const struct receipt_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_RECEIPT);
    int stop = 0;
    (void)fault;
    for (size_t at = 0; at < table->count && !stop; at++) {
        const struct receipt_memory *receipt = table->rows[at];
        if (receipt->row.done_seq < receipt->row.top_seq)
            stop = each(&receipt->row, arg);
    }
    return OK;
}

enum err memory_receipt(struct facts *facts, int64_t meter_no, const char *boot, int (*each)(const struct receipt_row *row, void *arg), void *arg,
                        struct fault *fault)
{
    struct receipt_memory key = {.row = {.meter_no = meter_no}};
    (void)fault;
    text_copy(key.row.boot, sizeof key.row.boot, boot);
    const struct receipt_memory *receipt = table_find(table_of(facts, TABLE_RECEIPT), &key);
    if (receipt)
        each(&receipt->row, arg);
    return OK;
}

enum err memory_put_status(struct facts *facts, const struct status_row *row, struct fault *fault)
{
    struct status_row *status = row_new(sizeof *status, fault);
    if (!status)
        return ERR_FATAL;
    *status = *row;
    return table_put(facts, TABLE_STATUS, status, fault);
}

enum err memory_status(struct facts *facts, int64_t meter_no, struct status_row *out, struct fault *fault)
{
    struct status_row key = {.meter_no = meter_no};
    (void)fault;
    const struct status_row *status = table_find(table_of(facts, TABLE_STATUS), &key);
    if (!status)
        return ERR_NOT_FOUND;
    *out = *status;
    return OK;
}

enum err memory_put_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    const struct mark *former = table_find(table_of(facts, TABLE_MARK), mark);
    struct mark *row = row_new(sizeof *row, fault);
    if (!row)
        return ERR_FATAL;
    *row = *mark;
    row->generation = former ? former->generation + 1 : 1;
    if (former && former->from_utc_ms < row->from_utc_ms)
        row->from_utc_ms = former->from_utc_ms;
    if (former && former->until_utc_ms > row->until_utc_ms)
        row->until_utc_ms = former->until_utc_ms;
    return table_put(facts, TABLE_MARK, row, fault);
}

static int newest_first(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    if (x->until_utc_ms != y->until_utc_ms)
        return x->until_utc_ms > y->until_utc_ms ? -1 : 1;
    return x->meter_no != y->meter_no ? (x->meter_no < y->meter_no ? -1 : 1) : (int)x->kind - (int)y->kind;
}

enum err memory_marks(struct facts *facts, int limit, int (*each)(const struct mark *mark, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_MARK);
    size_t count = table->count;
    int stop = 0;
    struct mark *marks = row_new(count * sizeof *marks + 1, fault);
    if (!marks)
        return ERR_FATAL;
    for (size_t i = 0; i < count; i++)
        marks[i] = *(const struct mark *)table->rows[i];
    qsort(marks, count, sizeof *marks, newest_first);
    for (size_t i = 0; i < count && (int64_t)i < limit && !stop; i++)
        stop = each(&marks[i], arg);
    free(marks);
    return OK;
}

enum err memory_clear_mark(struct facts *facts, const struct mark *mark, struct fault *fault)
{
    const struct mark *there = table_find(table_of(facts, TABLE_MARK), mark);
    return there && there->generation == mark->generation ? table_remove_key(facts, TABLE_MARK, mark, fault) : OK;
}

enum err memory_meter_marked(struct facts *facts, int64_t meter_no, bool *out, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_MARK);
    struct mark key = {.meter_no = meter_no};
    size_t at = table_seek(table, &key);
    (void)fault;
    *out = at < table->count && ((const struct mark *)table->rows[at])->meter_no == meter_no &&
           ((const struct mark *)table->rows[at])->kind < MARK_CHECK; /* marks are in order of their kind */
    return OK;
}

enum err memory_set_number(struct facts *facts, const char *name, int64_t value, struct fault *fault)
{
    struct number_memory *number = row_new(sizeof *number, fault);
    if (!number)
        return ERR_FATAL;
    text_copy(number->name, sizeof number->name, name);
    number->value = value;
    return table_put(facts, TABLE_NUMBER, number, fault);
}

enum err memory_add_number(struct facts *facts, const char *name, int64_t difference, struct fault *fault)
{
    struct number_memory key = {.value = 0};
    text_copy(key.name, sizeof key.name, name);
    const struct number_memory *former = table_find(table_of(facts, TABLE_NUMBER), &key);
    return memory_set_number(facts, name, (former ? former->value : 0) + difference, fault);
}

enum err memory_numbers(struct facts *facts, int (*each)(const char *name, int64_t value, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_NUMBER);
    int stop = 0;
    (void)fault;
    for (size_t at = 0; at < table->count && !stop; at++) {
        const struct number_memory *number = table->rows[at];
        stop = each(number->name, number->value, arg);
    }
    return OK;
}
