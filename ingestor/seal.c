#include "ingestor/seal.h"
#include "base/instant.h"

#define BUDGET_MS 20 /* of the half second between two tendings */
#define DAYS_AT_ONCE 1000
#define POINTS_AT_ONCE 20000
#define PAGES_BACK_AT_ONCE 256

/* Days of one point, as far as the budget goes. *out_more: it may have more of them. */
static enum err seal_point(struct pipeline *pipeline, int64_t meter_no, int64_t before_utc_ms, int64_t until_ms, int *days_left, bool *out_more,
                           struct fault *fault)
{
    int facts = 1;
    enum err err = OK;
    while (facts > 0 && err == OK) {
        if (*days_left <= 0 || clock_monotonic(&pipeline->parts.clock) >= until_ms)
            break;
        err = facts_seal(pipeline->parts.facts, meter_no, before_utc_ms, &facts, fault);
        (*days_left)--;
    }
    *out_more = facts > 0;
    return err;
}

enum err seal_tend(struct pipeline *pipeline, struct fault *fault)
{
    int64_t today = pipeline->now_utc_ms / MS_PER_DAY, after_days = pipeline->parts.seal_after_days;
    int64_t until_ms = clock_monotonic(&pipeline->parts.clock) + BUDGET_MS;
    int days_left = DAYS_AT_ONCE;
    enum err err = OK;
    if (after_days <= 0)
        return OK;
    if (pipeline->seal_day != today) {
        pipeline->seal_day = today;
        pipeline->seal_meter_no = 1;
    }
    if (pipeline->seal_meter_no > points_last_no(pipeline->points))
        return facts_shrink(pipeline->parts.facts, PAGES_BACK_AT_ONCE, fault);
    for (int i = 0; i < POINTS_AT_ONCE && err == OK && pipeline->seal_meter_no <= points_last_no(pipeline->points); i++) {
        bool more = false;
        if (points_by_no(pipeline->points, pipeline->seal_meter_no))
            err = seal_point(pipeline, pipeline->seal_meter_no, (today - after_days) * MS_PER_DAY, until_ms, &days_left, &more, fault);
        if (more)
            break;
        pipeline->seal_meter_no++;
    }
    return err;
}

void seal_failed(struct pipeline *pipeline)
{
    pipeline->seal_day = 0;
}
