/* Completeness of closed days, in memory. */
#include "store/memory/memory.h"

enum err memory_put_completeness(struct facts *facts, const struct completeness_row *row, struct fault *fault)
{
    struct completeness_row *kept = row_new(sizeof *kept, fault);
    if (!kept)
        return ERR_FATAL;
    *kept = *row;
    return table_put(facts, TABLE_COMPLETENESS, kept, fault);
}

/* The place of the first row of the meter on that day or later. */
static size_t seek(const struct table *table, int64_t meter_no, int32_t local_day)
{
    struct completeness_row key = {.meter_no = meter_no, .local_day = local_day};
    return table_seek(table, &key);
}

enum err memory_remove_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_COMPLETENESS);
    size_t from = seek(table, meter_no, from_day);
    enum err err = OK;
    for (size_t until = seek(table, meter_no, until_day); until > from && err == OK; until--)
        err = table_remove(facts, TABLE_COMPLETENESS, until - 1, fault);
    return err;
}

enum err memory_completeness(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                             int (*each)(const struct completeness_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_COMPLETENESS);
    size_t until = seek(table, meter_no, until_day);
    (void)fault;
    for (size_t at = seek(table, meter_no, from_day); at < until; at++)
        if (each(table->rows[at], arg))
            break;
    return OK;
}
