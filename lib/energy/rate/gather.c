/* Energy → buckets: intervals netted and cut at windows, or day sums. */
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "base/civil.h"
#include "energy/rate/inner.h"

#define MAX_WH INT64_C(1000000000000000000)

/* Everything that is added up stays far from the type's end. */
static bool add_wh(int64_t *sum, int64_t wh)
{
    return !__builtin_add_overflow(*sum, wh, sum) && *sum<MAX_WH && * sum> - MAX_WH;
}

static bool add_to(struct bucket *bucket, int64_t import_wh, int64_t export_wh, enum quality quality)
{
    bucket->counts[quality]++;
    return add_wh(&bucket->import_wh, import_wh) && add_wh(&bucket->export_wh, export_wh);
}

/* ---- blocks: intervals as the tariff nets them ---- */

static bool rounded_wh(const struct round_rule *rule, int64_t *wh)
{
    int64_t units, unit_wh = 1;
    for (int i = rule->digits; i < 3; i++)
        unit_wh *= 10;
    if (*wh == 0)
        return true;
    if (!fraction_round((struct fraction){.num = *wh, .den = unit_wh}, 0, rule->mode, &units))
        return false;
    *wh = units * unit_wh;
    return true;
}

static bool push_block(struct work *work, const struct tariff_version *version, struct rate_interval block)
{
    if (version->netting == NET_INTERVAL) {
        int64_t common = block.import_wh < block.export_wh ? block.import_wh : block.export_wh;
        block.import_wh -= common;
        block.export_wh -= common;
    }
    if (version->round_stage == STAGE_INTERVAL &&
        (!rounded_wh(&version->quantity_round, &block.import_wh) || !rounded_wh(&version->quantity_round, &block.export_wh)))
        return too_large(work, "");
    work->own_blocks[work->block_count++] = block;
    return true;
}

static enum quality worse(enum quality a, enum quality b)
{
    if (a == b)
        return a;
    if (a == QUALITY_MISSING || b == QUALITY_MISSING || a == QUALITY_PARTIAL || b == QUALITY_PARTIAL)
        return QUALITY_PARTIAL;
    return a == QUALITY_ESTIMATED || b == QUALITY_ESTIMATED ? QUALITY_ESTIMATED : QUALITY_EDITED;
}

/* The part of an interval that lies in the cycle; what a boundary cuts is divided by time. */
static bool clip(const struct rate_plan *plan, struct rate_interval *interval)
{
    int64_t from = interval->start_utc_ms, until = from + interval->length_ms;
    if (until <= plan->from_utc_ms || from >= plan->until_utc_ms)
        return false;
    int64_t cut_from = from < plan->from_utc_ms ? plan->from_utc_ms : from, cut_until = until > plan->until_utc_ms ? plan->until_utc_ms : until;
    if (cut_from != from || cut_until != until) {
        int64_t i0 = 0, i1 = 0, e0 = 0, e1 = 0;
        muldiv_floor(interval->import_wh, cut_from - from, interval->length_ms, &i0);
        muldiv_floor(interval->import_wh, cut_until - from, interval->length_ms, &i1);
        muldiv_floor(interval->export_wh, cut_from - from, interval->length_ms, &e0);
        muldiv_floor(interval->export_wh, cut_until - from, interval->length_ms, &e1);
        *interval = (struct rate_interval){cut_from, (int32_t)(cut_until - cut_from), interval->quality, i1 - i0, e1 - e0};
    }
    return true;
}

static bool good_interval(struct work *work, const struct rate_interval *interval, int64_t after_utc_ms)
{
    if (interval->length_ms <= 0 || interval->start_utc_ms < after_utc_ms)
        return wrong(work, "", "intervals must ascend and not overlap");
    if (interval->import_wh < -MAX_WH || interval->import_wh > MAX_WH || interval->export_wh < -MAX_WH || interval->export_wh > MAX_WH)
        return too_large(work, "");
    return add_wh(&work->import_wh, interval->import_wh) && add_wh(&work->export_wh, interval->export_wh) ? true : too_large(work, "");
}

/* Intervals shorter than the netting interval are put together first. */
static bool make_blocks(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    struct rate_interval pending = {0};
    const struct tariff_version *pending_version = NULL;
    int64_t pending_key = 0, after = INT64_MIN;
    int s = 0;
    for (int i = 0; i < work->input->interval_count; i++) {
        struct rate_interval interval = work->input->intervals[i];
        if (!clip(plan, &interval))
            continue;
        if (!good_interval(work, &interval, after))
            return false;
        after = interval.start_utc_ms + interval.length_ms;
        while (interval.start_utc_ms >= plan->segments[s].until_utc_ms)
            s++;
        const struct tariff_version *version = plan->segments[s].version;
        int64_t step = (int64_t)version->interval_s * MS_PER_S;
        bool alone = interval.length_ms >= step;
        int64_t key = alone ? 0 : instant_floor(interval.start_utc_ms, step);
        if (pending_version && !alone && pending_version == version && key == pending_key) {
            pending.length_ms = (int32_t)(interval.start_utc_ms + interval.length_ms - pending.start_utc_ms);
            pending.quality = worse(pending.quality, interval.quality);
            pending.import_wh += interval.import_wh;
            pending.export_wh += interval.export_wh;
            continue;
        }
        if (pending_version && !push_block(work, pending_version, pending))
            return false;
        pending_version = NULL;
        if (alone) {
            if (!push_block(work, version, interval))
                return false;
            continue;
        }
        pending = interval;
        pending_version = version;
        pending_key = key;
    }
    return !pending_version || push_block(work, pending_version, pending);
}

/* ---- blocks → buckets ---- */

static bool keep_order(struct work *work, const struct cell *cell, int64_t wh)
{
    const struct segment *segment = &work->plan->segments[cell->segment];
    int window = cell->bucket - segment->first_bucket[0];
    struct order_item *last = work->order_count > 0 ? &work->order[work->order_count - 1] : NULL;
    if (last && last->segment == cell->segment && last->window == window) {
        last->wh += wh;
        return true;
    }
    if (work->order_count == work->order_size) {
        int size = work->order_size ? 2 * work->order_size : 256;
        struct order_item *order = realloc(work->order, (size_t)size * sizeof *order);
        if (!order)
            return fault_set(work->fault, ERR_FATAL, "no memory") == OK;
        work->order = order;
        work->order_size = size;
    }
    work->order[work->order_count++] = (struct order_item){cell->segment, window, wh};
    return true;
}

void energy_until(const struct rate_interval *block, int64_t utc_ms, int64_t *out_import_wh, int64_t *out_export_wh)
{
    *out_import_wh = *out_export_wh = 0;
    muldiv_floor(block->import_wh, utc_ms - block->start_utc_ms, block->length_ms, out_import_wh);
    muldiv_floor(block->export_wh, utc_ms - block->start_utc_ms, block->length_ms, out_export_wh);
}

/* A block that lies across cells: divided by time, sums exact. */
static bool spread_block(struct work *work, const struct track *track, int cell, const struct rate_interval *block, bool order)
{
    int64_t end = block->start_utc_ms + block->length_ms;
    int64_t import_before = 0, export_before = 0, import_until, export_until;
    for (;; cell++) {
        int64_t until = track->cells[cell].until_utc_ms < end ? track->cells[cell].until_utc_ms : end;
        energy_until(block, until, &import_until, &export_until);
        int bucket = track->cells[cell].bucket;
        if (bucket >= 0 && !add_to(&work->buckets[bucket], import_until - import_before, export_until - export_before, block->quality))
            return too_large(work, "");
        if (order && bucket >= 0 && !keep_order(work, &track->cells[cell], import_until - import_before))
            return false;
        if (until == end)
            return true;
        import_before = import_until;
        export_before = export_until;
    }
}

static bool fill_buckets(struct work *work, const struct track *track, bool order)
{
    int cell = 0;
    for (int i = 0; i < work->block_count; i++) {
        const struct rate_interval *block = &work->blocks[i];
        while (track->cells[cell].until_utc_ms <= block->start_utc_ms)
            cell++;
        const struct cell *at = &track->cells[cell];
        if (block->start_utc_ms + block->length_ms > at->until_utc_ms) {
            if (!spread_block(work, track, cell, block, order))
                return false;
        } else if (at->bucket >= 0) {
            if (!add_to(&work->buckets[at->bucket], block->import_wh, block->export_wh, block->quality))
                return too_large(work, "");
            if (order && !keep_order(work, at, block->import_wh))
                return false;
        }
    }
    return true;
}

static bool wants_days(const struct tariff_version *version)
{
    for (int i = 0; i < version->tax_count; i++)
        if (version->taxes[i].quantity_of == OF_NET_OF_DAY)
            return true;
    for (int i = 0; i < version->charge_count; i++)
        if (version->charges[i].quantity_of == OF_NET_OF_DAY)
            return true;
    return false;
}

/* Σ over days of max(0, import − export), for taxes that look at each day. */
static bool net_by_day(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    int next = 0;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct segment *segment = &plan->segments[s];
        if (!wants_days(segment->version))
            continue;
        for (int32_t day = segment->from_day; day < segment->until_day; day++) {
            int64_t until = zone_midnight_utc_ms(plan->terms.zone, day + 1), net = 0;
            for (; next < work->block_count && work->blocks[next].start_utc_ms < until; next++)
                net += work->blocks[next].import_wh - work->blocks[next].export_wh;
            if (net > 0)
                work->daily_net_wh[s] += net;
        }
    }
    return true;
}

/* Nothing nets, groups, rounds or clips them: the caller's intervals are the blocks. */
static bool as_they_are(const struct work *work)
{
    const struct rate_plan *plan = work->plan;
    const struct rate_interval *intervals = work->input->intervals;
    int count = work->input->interval_count;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct tariff_version *version = plan->segments[s].version;
        if (version->netting == NET_INTERVAL || version->round_stage == STAGE_INTERVAL || version->interval_s > 0)
            return false;
    }
    return count > 0 && intervals[0].start_utc_ms >= plan->from_utc_ms &&
           intervals[count - 1].start_utc_ms + intervals[count - 1].length_ms <= plan->until_utc_ms;
}

static bool check_blocks(struct work *work)
{
    int64_t after = INT64_MIN;
    work->blocks = work->input->intervals;
    work->block_count = work->input->interval_count;
    for (int i = 0; i < work->block_count; i++) {
        if (!good_interval(work, &work->blocks[i], after))
            return false;
        after = work->blocks[i].start_utc_ms + work->blocks[i].length_ms;
    }
    return true;
}

static bool make_own_blocks(struct work *work)
{
    int size = work->input->interval_count + 1;
    if (size > work->block_size) {
        free(work->own_blocks);
        work->own_blocks = malloc((size_t)size * sizeof *work->own_blocks);
        work->block_size = work->own_blocks ? size : 0;
        if (!work->own_blocks)
            return fault_set(work->fault, ERR_FATAL, "no memory") == OK;
    }
    work->blocks = work->own_blocks;
    return make_blocks(work);
}

static bool gather_intervals(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    if (!plan->terms.zone)
        return wrong(work, "", "a time zone is needed to bill from intervals");
    if (work->input->interval_count > RATE_INTERVALS_MAX)
        return wrong(work, "", "more than %d intervals", RATE_INTERVALS_MAX);
    if (as_they_are(work) ? !check_blocks(work) : !make_own_blocks(work))
        return false;
    if (plan->needs == NEEDS_DAYS) { /* one window: the segment is all there is to know */
        int s = 0;
        for (int i = 0; i < work->block_count; i++) {
            while (work->blocks[i].start_utc_ms >= plan->segments[s].until_utc_ms)
                s++;
            if (!add_to(bucket_of(work, &plan->segments[s], 0, 0), work->blocks[i].import_wh, work->blocks[i].export_wh, work->blocks[i].quality))
                return too_large(work, "");
        }
        return net_by_day(work);
    }
    for (int t = 0; t < TARIFF_TOUS_MAX; t++)
        if (plan->tracks[t].count > 0 && !fill_buckets(work, &plan->tracks[t], t == 0 && plan->by_order))
            return false;
    return net_by_day(work);
}

static bool gather_days(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    if (plan->needs != NEEDS_DAYS)
        return wrong(work, "", "tariff %s looks inside the day: intervals are needed", plan->terms.tariff->tariff_id);
    for (int s = 0; s < plan->segment_count; s++) {
        const struct segment *segment = &plan->segments[s];
        struct bucket *bucket = bucket_of(work, segment, 0, 0);
        for (int32_t day = segment->from_day; day < segment->until_day; day++) {
            const struct energy_sum *sum = &work->input->days[day - plan->terms.from_day];
            int64_t export_wh = work->input->export_days ? work->input->export_days[day - plan->terms.from_day].wh : 0;
            bucket->counts[QUALITY_MISSING] += sum->missing;
            bucket->counts[QUALITY_MEASURED] += sum->measured;
            bucket->counts[QUALITY_ESTIMATED] += sum->estimated;
            bucket->counts[QUALITY_PARTIAL] += sum->partial;
            bucket->counts[QUALITY_EDITED] += sum->edited;
            if (!add_wh(&bucket->import_wh, sum->wh) || !add_wh(&bucket->export_wh, export_wh) || !add_wh(&work->import_wh, sum->wh) ||
                !add_wh(&work->export_wh, export_wh))
                return too_large(work, "");
            if (sum->wh > export_wh)
                work->daily_net_wh[s] += sum->wh - export_wh;
        }
    }
    return true;
}

bool gather(struct work *work)
{
    if (work->input->quantities)
        return gather_quantities(work);
    return work->input->days ? gather_days(work) : gather_intervals(work);
}

int rate_intervals_of_day(const struct day *import, const struct day *export_day, struct rate_interval out[DAY_SLOTS_MAX])
{
    for (int i = 0; i < import->slot_count; i++) {
        const struct slot *slot = &import->slots[i];
        int64_t export_wh = export_day && i < export_day->slot_count && export_day->slots[i].quality != QUALITY_MISSING ? export_day->slots[i].wh : 0;
        out[i] = (struct rate_interval){.start_utc_ms = import->start_utc_ms + i * QUARTER_MS,
                                        .length_ms = (int32_t)QUARTER_MS,
                                        .quality = slot->quality,
                                        .import_wh = slot->quality == QUALITY_MISSING ? 0 : slot->wh,
                                        .export_wh = export_wh};
    }
    return import->slot_count;
}
