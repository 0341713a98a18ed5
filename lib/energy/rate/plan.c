/* Segments: where one version or season ends and the next begins. */
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

static const struct tariff_version *version_for(const struct rate_terms *terms, int32_t day)
{
    if (terms->version_no > 0)
        return &terms->tariff->versions[terms->version_no - 1];
    return tariff_version_known(terms->tariff, day, terms->known_utc_ms);
}

/* By read date, the version of the last day holds for the whole cycle. */
static const struct tariff_version *version_of_part(const struct rate_terms *terms, int32_t day)
{
    const struct tariff_version *last = version_for(terms, terms->until_day - 1);
    return last && last->tariff_change == CHANGE_READ_DATE ? last : version_for(terms, day);
}

static int season_of(const struct rate_terms *terms, const struct tariff_version *version, int32_t day)
{
    if (!version->by_season)
        return 0;
    return tariff_season_on(version, version->tariff_change == CHANGE_READ_DATE ? terms->until_day - 1 : day);
}

static enum err cut_segments(struct rate_plan *plan, struct fault *fault)
{
    const struct rate_terms *terms = &plan->terms;
    char text[CIVIL_TEXT_SIZE];
    for (int32_t day = terms->from_day; day < terms->until_day; day++) {
        const struct tariff_version *version = version_of_part(terms, day);
        civil_format(day, text);
        if (!version)
            return fault_set(fault, ERR_INVALID, "tariff %s has no version in force on %s", terms->tariff->tariff_id, text);
        int season = season_of(terms, version, day);
        if (season < 0)
            return fault_set(fault, ERR_INVALID, "tariff %s: no season holds %s", terms->tariff->tariff_id, text);
        struct segment *last = plan->segment_count > 0 ? &plan->segments[plan->segment_count - 1] : NULL;
        if (last && last->version == version && last->season == season) {
            last->until_day = day + 1;
            continue;
        }
        if (plan->segment_count == SEGMENTS_MAX)
            return fault_set(fault, ERR_INVALID, "the cycle falls into more than %d parts", SEGMENTS_MAX);
        plan->segments[plan->segment_count++] = (struct segment){
            .version = version, .version_no = (int)(version - terms->tariff->versions), .season = season, .from_day = day, .until_day = day + 1};
    }
    return OK;
}

static void number_buckets(struct rate_plan *plan)
{
    for (int i = 0; i < plan->segment_count; i++) {
        struct segment *segment = &plan->segments[i];
        for (int t = 0; t < segment->version->tou_count; t++) {
            segment->first_bucket[t] = plan->bucket_count;
            plan->bucket_count += segment->version->tous[t].window_count;
        }
        if (plan->terms.zone) {
            segment->from_utc_ms = zone_midnight_utc_ms(plan->terms.zone, segment->from_day);
            segment->until_utc_ms = zone_midnight_utc_ms(plan->terms.zone, segment->until_day);
        }
    }
}

/* Day sums are enough where nothing looks inside a day. */
static bool looks_inside(const struct tariff_version *version)
{
    if (version->netting == NET_INTERVAL || version->round_stage == STAGE_INTERVAL)
        return true;
    for (int t = 0; t < version->tou_count; t++)
        if (version->tous[t].window_count > 1)
            return true;
    for (int c = 0; c < version->charge_count; c++)
        if (version->charges[c].kind == CHARGE_DEMAND || version->charges[c].series.id[0])
            return true;
    for (int c = 0; c < version->credit_count; c++)
        if (version->credits[c].series.id[0])
            return true;
    return false;
}

static void look_what_is_needed(struct rate_plan *plan)
{
    for (int i = 0; i < plan->segment_count; i++) {
        const struct tariff_version *version = plan->segments[i].version;
        if (looks_inside(version))
            plan->needs = NEEDS_INTERVALS;
        for (int c = 0; c < version->charge_count; c++)
            plan->by_order = plan->by_order || (version->charges[c].kind == CHARGE_ENERGY && version->charges[c].tier_scope == SCOPE_TIME_ORDER);
    }
}

enum err rate_plan_create(const struct rate_terms *terms, struct fault *fault, struct rate_plan **out)
{
    int days = terms->until_day - terms->from_day;
    if (terms->until_day <= terms->from_day || days > CYCLE_DAYS_MAX)
        return fault_set(fault, ERR_INVALID, "a cycle has 1 to %d days", CYCLE_DAYS_MAX);
    if (terms->version_no < 0 || terms->version_no > terms->tariff->version_count)
        return fault_set(fault, ERR_INVALID, "tariff %s has %d versions", terms->tariff->tariff_id, terms->tariff->version_count);
    struct rate_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return fault_set(fault, ERR_FATAL, "no memory");
    plan->terms = *terms;
    plan->cycle_days = terms->cycle_days > 0 ? terms->cycle_days : days;
    enum err err = cut_segments(plan, fault);
    if (err == OK) {
        number_buckets(plan);
        look_what_is_needed(plan);
        plan->from_utc_ms = plan->segments[0].from_utc_ms;
        plan->until_utc_ms = plan->segments[plan->segment_count - 1].until_utc_ms;
        if (terms->zone && plan->needs == NEEDS_INTERVALS && !plan_cells(plan))
            err = fault_set(fault, ERR_FATAL, "no memory");
    }
    if (err == OK)
        *out = plan;
    else
        rate_plan_destroy(plan);
    return err;
}

void rate_plan_destroy(struct rate_plan *plan)
{
    if (!plan)
        return;
    for (int t = 0; t < TARIFF_TOUS_MAX; t++)
        free(plan->tracks[t].cells);
    free(plan);
}

enum rate_needs rate_plan_needs(const struct rate_plan *plan)
{
    return plan->needs;
}

bool rate_plan_wants_average(const struct rate_plan *plan)
{
    const struct tariff_version *version = plan->segments[plan->segment_count - 1].version;
    for (int i = 0; i < version->municipal_count; i++)
        if (version->municipal[i].by == BY_AVERAGE && version->municipal[i].row_count > 0)
            return true;
    return false;
}

const struct rate_terms *rate_plan_terms(const struct rate_plan *plan)
{
    return &plan->terms;
}
