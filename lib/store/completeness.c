#include "store/completeness.h"
#include <stdlib.h>
#include "base/instant.h"
#include "energy/span.h"

struct steps_back {
    struct steps steps;
    bool any;
    int64_t last_utc_ms; /* of those seen: they come newest first */
};

static int take_step(int64_t ts_utc_ms, void *arg)
{
    struct steps_back *back = arg;
    if (back->any)
        steps_add(&back->steps, back->last_utc_ms - ts_utc_ms);
    back->any = true;
    back->last_utc_ms = ts_utc_ms;
    return back->steps.count == STEPS_MAX;
}

static int count_instant(int64_t ts_utc_ms, void *arg)
{
    (void)ts_utc_ms;
    ++*(int32_t *)arg;
    return 0;
}

/* The interval in whole seconds, at least one. */
static enum err find_interval(struct facts *facts, int64_t meter_no, int32_t declared_s, int64_t until_utc_ms, struct fault *fault, int32_t *out)
{
    struct steps_back back = {.any = false};
    if (declared_s > 0) {
        *out = declared_s;
        return OK;
    }
    enum err err = facts_instants(facts, meter_no, until_utc_ms - COMPLETENESS_PAST_DAYS * MS_PER_DAY, until_utc_ms, -1, take_step, &back, fault);
    if (err == OK) {
        int64_t interval_s = (steps_interval_ms(&back.steps) + MS_PER_S / 2) / MS_PER_S;
        *out = interval_s > 0 ? (int32_t)interval_s : 1;
    }
    return err;
}

enum err completeness_of_day(struct facts *facts, int64_t meter_no, int32_t declared_s, int32_t local_day, int64_t from_utc_ms, int64_t until_utc_ms,
                             struct fault *fault, struct completeness_row *out)
{
    struct completeness_row row = {.meter_no = meter_no, .local_day = local_day};
    enum err err = find_interval(facts, meter_no, declared_s, until_utc_ms, fault, &row.interval_s);
    if (err == OK)
        err = facts_instants(facts, meter_no, from_utc_ms, until_utc_ms, 1, count_instant, &row.received, fault);
    if (err != OK)
        return err;
    row.expected = (int32_t)((until_utc_ms - from_utc_ms) / (row.interval_s * MS_PER_S));
    *out = row;
    return OK;
}
