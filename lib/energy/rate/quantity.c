/* The billable quantity: its rounding, and the minimum in kWh. */
#include <string.h>
#include "energy/rate/inner.h"

static bool round_wh(const struct round_rule *rule, int64_t wh, int64_t *out)
{
    int64_t units, unit_wh = 1;
    for (int i = rule->digits; i < 3; i++)
        unit_wh *= 10;
    if (rule->digits >= 3) {
        *out = wh;
        return true;
    }
    if (!fraction_round((struct fraction){.num = wh, .den = unit_wh}, 0, rule->mode, &units))
        return false;
    return !__builtin_mul_overflow(units, unit_wh, out);
}

/*
 * Rounds a window's energy over the whole cycle: its parts are differences of rounded running sums, so that they add up. Sums run over the segments
 * that have a window of that name.
 */
static bool round_bucket(struct work *work, int tou, int segment_no, int window, bool measured)
{
    const struct rate_plan *plan = work->plan;
    const struct segment *segment = &plan->segments[segment_no];
    const struct round_rule *rule = &segment->version->quantity_round;
    const char *name = segment->version->tous[tou].window_ids[window];
    int64_t before = 0, before_rounded, until_rounded;
    for (int s = 0; s < segment_no; s++) {
        const struct tariff_version *version = plan->segments[s].version;
        int w = tou < version->tou_count ? tou_find_window(&version->tous[tou], name) : -1;
        if (w >= 0 && version->round_stage == STAGE_BUCKET)
            before += measured ? bucket_of(work, &plan->segments[s], tou, w)->import_wh : bucket_of(work, &plan->segments[s], tou, w)->net_wh;
    }
    struct bucket *bucket = bucket_of(work, segment, tou, window);
    int64_t own = measured ? bucket->import_wh : bucket->net_wh;
    if (!round_wh(rule, before, &before_rounded) || !round_wh(rule, before + own, &until_rounded))
        return too_large(work, "");
    *(measured ? &bucket->measured_wh : &bucket->billed_wh) = until_rounded - before_rounded;
    return true;
}

static bool round_buckets(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct tariff_version *version = plan->segments[s].version;
        for (int t = 0; t < version->tou_count; t++)
            for (int w = 0; w < version->tous[t].window_count; w++) {
                struct bucket *bucket = bucket_of(work, &plan->segments[s], t, w);
                bucket->measured_wh = bucket->import_wh;
                bucket->billed_wh = bucket->net_wh;
                if (version->round_stage == STAGE_BUCKET && (!round_bucket(work, t, s, w, true) || !round_bucket(work, t, s, w, false)))
                    return false;
            }
    }
    return true;
}

static int64_t sum_of(const struct work *work, bool measured)
{
    int64_t sum = 0;
    for (int s = 0; s < work->plan->segment_count; s++)
        for (int w = 0; w < work->plan->segments[s].version->tous[0].window_count; w++) {
            const struct bucket *bucket = bucket_of(work, &work->plan->segments[s], 0, w);
            sum += measured ? bucket->measured_wh : bucket->billed_wh;
        }
    return sum;
}

/* By bill: the sum is rounded, and the difference falls to the last part's first window. */
static bool round_bill(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    const struct tariff_version *version = last_version(work);
    int64_t measured = sum_of(work, true), billed = sum_of(work, false), measured_rounded, billed_rounded;
    if (version->round_stage != STAGE_BILL)
        return true;
    if (!round_wh(&version->quantity_round, measured, &measured_rounded) || !round_wh(&version->quantity_round, billed, &billed_rounded))
        return too_large(work, "");
    struct bucket *bucket = bucket_of(work, &plan->segments[plan->segment_count - 1], 0, 0);
    bucket->measured_wh += measured_rounded - measured;
    bucket->billed_wh += billed_rounded - billed;
    return true;
}

static bool minimum_of(struct work *work, const struct minimum *minimum, int64_t *out)
{
    const char *phases = attribute_of(work, ACCOUNT_PHASES);
    *out = minimum->amount;
    if (minimum->by_count == 0)
        return true;
    for (int i = 0; i < minimum->by_count; i++) {
        if (strcmp(minimum->by_phases[i].name, phases) == 0) {
            *out = minimum->by_phases[i].nano / (NANO / 1000);
            return true;
        }
    }
    return phases[0] ? wrong(work, minimum->rule, "there is no minimum for %s phases", phases)
                     : wrong(work, minimum->rule, "the minimum depends on the account's phases, which are not given");
}

/* What is missing to the minimum is billed in window 0, by the days of the parts. */
static bool minimum_kwh(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    const struct minimum *minimum = &last_version(work)->minimum;
    int64_t wanted, have = sum_of(work, false);
    if (minimum->kind != MINIMUM_KWH || !applies(work, &minimum->when))
        return true;
    if (!minimum_of(work, minimum, &wanted))
        return false;
    int32_t from = plan->terms.from_day;
    int days = plan->terms.until_day - from;
    if (minimum->share_of_cycle)
        wanted = spread_by_days(wanted, 0, days, plan->cycle_days);
    for (int s = 0; s < plan->segment_count && wanted > have; s++) {
        const struct segment *segment = &plan->segments[s];
        struct bucket *bucket = bucket_of(work, segment, 0, 0);
        bucket->minimum_wh = spread_by_days(wanted - have, segment->from_day - from, segment->until_day - from, days);
        bucket->billed_wh += bucket->minimum_wh;
    }
    return true;
}

bool settle_quantities(struct work *work)
{
    if (!round_buckets(work) || !round_bill(work) || !minimum_kwh(work))
        return false;
    work->measured_wh = sum_of(work, true);
    work->billed_wh = sum_of(work, false);
    return true;
}
