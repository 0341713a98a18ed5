#include "store/price_lists.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

#define PRICES_MAX 400000 /* of one series: twenty years of half-hours */

struct price_lists {
    int64_t revision;
    int count;
    struct price_series series[RECORDS_SERIES_MAX];
};

struct price_lists *price_lists_create(void)
{
    return calloc(1, sizeof(struct price_lists));
}

void price_lists_destroy(struct price_lists *lists)
{
    if (!lists)
        return;
    for (int i = 0; i < lists->count; i++)
        free((void *)lists->series[i].prices);
    free(lists);
}

static enum err load(struct price_lists *lists, struct records *records, const struct series_record *record, struct fault *fault)
{
    int at = 0;
    size_t wanted = record->price_count < PRICES_MAX ? (size_t)record->price_count : PRICES_MAX, count = 0;
    while (at < lists->count && strcmp(lists->series[at].id, record->series_id) != 0)
        at++;
    if (at == RECORDS_SERIES_MAX) /* none is added beyond; and one too many may not keep all else from being refreshed */
        return OK;
    struct series_price *prices = malloc((wanted + 1) * sizeof *prices);
    if (!prices)
        return fault_set(fault, ERR_FATAL, "no memory");
    /* where there are more, the newest count */
    enum err err = records_series_prices(records, record->series_id,
                                         record->price_count > PRICES_MAX ? record->until_utc_ms - PRICES_MAX * INT64_C(1800000) : INT64_MIN,
                                         INT64_MAX, wanted, fault, prices, &count);
    if (err != OK) {
        free(prices);
        return err;
    }
    struct price_series *series = &lists->series[at];
    free((void *)series->prices);
    text_copy(series->id, sizeof series->id, record->series_id);
    series->prices = prices;
    series->count = (int)count;
    if (at == lists->count)
        lists->count++;
    return OK;
}

enum err price_lists_refresh(struct price_lists *lists, struct records *records, bool *out_changed, struct fault *fault)
{
    struct series_record rows[8];
    size_t count = 8;
    enum err err = OK;
    while (err == OK && count == 8) {
        err = records_series_list(records, lists->revision, 8, fault, rows, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            err = load(lists, records, &rows[i], fault);
            lists->revision = rows[i].revision;
            *out_changed = true;
        }
    }
    return err;
}

const struct price_series *price_lists_all(const struct price_lists *lists, int *out_count)
{
    *out_count = lists->count;
    return lists->series;
}
