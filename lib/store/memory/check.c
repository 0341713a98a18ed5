/* Checks over time, in memory. */
#include "store/check_pack.h"
#include "store/memory/memory.h"

enum err memory_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault)
{
    struct check_day_row *kept = row_new(sizeof *kept, fault);
    if (!kept)
        return ERR_FATAL;
    *kept = *row;
    return table_put(facts, TABLE_CHECK, kept, fault);
}

enum err memory_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    enum err err = OK;
    for (int32_t day = from_day; day < until_day && err == OK; day++) {
        struct check_day_row key = {.meter_no = meter_no, .local_day = day};
        err = table_remove_key(facts, TABLE_CHECK, &key, fault);
    }
    return err;
}

enum err memory_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                       int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    const struct table *table = table_of(facts, TABLE_CHECK);
    struct check_day_row key = {.meter_no = meter_no, .local_day = from_day};
    (void)fault;
    for (size_t i = table_seek(table, &key); i < table->count; i++) {
        const struct check_day_row *row = table->rows[i];
        if (row->meter_no != meter_no || row->local_day >= until_day || each(row, arg))
            break;
    }
    return OK;
}

/* The newest found one before (day, meter); NULL: none. The table is in order of meters: all are looked at. */
static const struct check_day_row *newest_before(const struct table *table, int64_t meter_no, int32_t from_day, int32_t before_day,
                                                 int64_t before_meter_no)
{
    const struct check_day_row *best = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct check_day_row *row = table->rows[i];
        bool before = row->local_day < before_day || (row->local_day == before_day && row->meter_no < before_meter_no);
        if (check_found_bits(row) == 0 || (meter_no && row->meter_no != meter_no) || row->local_day < from_day || !before)
            continue;
        if (!best || row->local_day > best->local_day || (row->local_day == best->local_day && row->meter_no > best->meter_no))
            best = row;
    }
    return best;
}

enum err memory_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                             int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    (void)fault;
    for (int i = 0; i < limit; i++) {
        const struct check_day_row *row = newest_before(table_of(facts, TABLE_CHECK), meter_no, from_day, before_day, before_meter_no);
        if (!row)
            break;
        before_day = row->local_day;
        before_meter_no = row->meter_no;
        if (each(row, arg))
            break;
    }
    return OK;
}
