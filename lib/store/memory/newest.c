/* Lists for people, newest first. Each row is looked for anew, so that a callback may write. */
#include "store/memory/memory.h"

/* Returns from the comparison under way unless both are the same. */
#define BY(a, b)                                                                                                                                     \
    do {                                                                                                                                             \
        if ((a) != (b))                                                                                                                              \
            return (a) < (b) ? -1 : 1;                                                                                                               \
    } while (0)

static int compare_refusals(const void *a, const void *b)
{
    const struct refusal *x = &((const struct refusal_memory *)a)->refusal, *y = &((const struct refusal_memory *)b)->refusal;
    BY(x->received_utc_ms, y->received_utc_ms);
    BY(x->refusal_id, y->refusal_id);
    return 0;
}

static int compare_judgements(const void *a, const void *b)
{
    const struct judgement *x = a, *y = b;
    BY(x->ts_utc_ms, y->ts_utc_ms);
    BY(x->meter_no, y->meter_no);
    BY(x->channel, y->channel);
    BY(x->kind, y->kind);
    BY(x->length_s, y->length_s);
    BY(x->value_wh, y->value_wh);
    return 0;
}

static int compare_events(const void *a, const void *b)
{
    const struct event_row *x = &((const struct event_memory *)a)->row, *y = &((const struct event_memory *)b)->row;
    BY(x->ts_utc_ms, y->ts_utc_ms);
    BY(x->event_id, y->event_id);
    return 0;
}

static bool refusal_fits(const struct newest_filter *newest, const void *row)
{
    const struct refusal *refusal = &((const struct refusal_memory *)row)->refusal;
    return (newest->meter_no == 0 || refusal->meter_no == newest->meter_no) &&
           (newest->verdict == VERDICT_ACCEPTED || refusal->verdict == newest->verdict) && refusal->received_utc_ms >= newest->from_utc_ms &&
           refusal->received_utc_ms < newest->until_utc_ms;
}

static bool judgement_fits(const struct newest_filter *newest, const void *row)
{
    const struct judgement *judgement = row;
    return (newest->meter_no == 0 || judgement->meter_no == newest->meter_no) &&
           (newest->verdict == VERDICT_ACCEPTED || judgement->verdict == newest->verdict) && judgement->ts_utc_ms >= newest->from_utc_ms &&
           judgement->ts_utc_ms < newest->until_utc_ms;
}

static bool event_fits(const struct newest_filter *newest, const void *row)
{
    const struct event_row *event = &((const struct event_memory *)row)->row;
    return event->meter_no == newest->meter_no && event->ts_utc_ms >= newest->from_utc_ms && event->ts_utc_ms < newest->until_utc_ms;
}

/* The greatest row that fits and lies before `after` (NULL: any); NULL: none. */
static const void *next(const struct table *table, const struct newest_filter *newest,
                        bool (*fits)(const struct newest_filter *newest, const void *row), int (*compare)(const void *a, const void *b),
                        const void *after)
{
    const void *best = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const void *row = table->rows[i];
        if (fits(newest, row) && (!after || compare(row, after) < 0) && (!best || compare(row, best) > 0))
            best = row;
    }
    return best;
}

enum err memory_newest_refusals(struct facts *facts, const struct newest_filter *newest, int64_t after_received_utc_ms, int64_t after_id,
                                int (*each)(const struct refusal *refusal, void *arg), void *arg, struct fault *fault)
{
    struct refusal_memory after = {.refusal = {.received_utc_ms = after_received_utc_ms, .refusal_id = after_id}};
    int stop = 0;
    (void)fault;
    for (int left = newest->limit; left > 0 && !stop; left--) {
        const struct refusal_memory *row = next(table_of(facts, TABLE_REFUSAL), newest, refusal_fits, compare_refusals, &after);
        if (!row)
            break;
        after.refusal = row->refusal;
        stop = each(&row->refusal, arg);
    }
    return OK;
}

enum err memory_newest_judgements(struct facts *facts, const struct newest_filter *newest, const struct judgement *after,
                                  int (*each)(const struct judgement *judgement, void *arg), void *arg, struct fault *fault)
{
    struct judgement last;
    int stop = 0;
    (void)fault;
    for (int left = newest->limit; left > 0 && !stop; left--) {
        const struct judgement *row = next(table_of(facts, TABLE_JUDGEMENT), newest, judgement_fits, compare_judgements, after);
        if (!row)
            break;
        last = *row;
        after = &last;
        stop = each(row, arg);
    }
    return OK;
}

enum err memory_newest_events(struct facts *facts, const struct newest_filter *newest, int64_t after_ts_utc_ms, int64_t after_id,
                              int (*each)(const struct event_row *row, void *arg), void *arg, struct fault *fault)
{
    struct event_memory after = {.row = {.ts_utc_ms = after_ts_utc_ms, .event_id = after_id}};
    int stop = 0;
    (void)fault;
    for (int left = newest->limit; left > 0 && !stop; left--) {
        const struct event_memory *row = next(table_of(facts, TABLE_EVENT), newest, event_fits, compare_events, &after);
        if (!row)
            break;
        after.row = row->row;
        stop = each(&row->row, arg);
    }
    return OK;
}
