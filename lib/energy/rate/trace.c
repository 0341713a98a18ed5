/* What the lines are made of, told once the bill is worked out: the steps left everything behind that this needs. */
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

#define QUANTITY_MAX_WH (INT64_MAX / 8) /* what is added up stays far from the type's end; nobody bills so much */

/* One line on its way to be told: its pieces pass twice, to be summed up and then with their shares. */
struct telling {
    struct work *work;
    int line_no;
    const struct exact_line *line;
    const struct segment *segment; /* NULL: the whole cycle */
    struct line_energy energy;
    int64_t length_ms; /* of all its pieces */
    bool sharing;      /* the second time */
    /* so far */
    int64_t metered_wh, passed_ms, shared_wh;
    /* a tier that fills by the order of time */
    struct fraction low, high, filled;
    bool open;
    int64_t used_wh;
};

static struct fraction clamp(const struct telling *telling, int64_t wh)
{
    struct fraction at = fraction_of(wh, 1);
    if (fraction_compare(at, telling->low) < 0)
        return telling->low;
    return !telling->open && fraction_compare(at, telling->high) > 0 ? telling->high : at;
}

/* What the line bears of everything up to here: in proportion to what was metered, or to time where nothing was. */
static int64_t shared_by_now(const struct telling *telling)
{
    const struct line_energy *energy = &telling->energy;
    int64_t wh = 0;
    if (telling->line->source.in_order)
        fraction_round(telling->filled, 0, ROUND_HALF_AWAY, &wh);
    else if (energy->metered_wh == energy->quantity_wh)
        wh = telling->metered_wh;
    else if (energy->metered_wh != 0)
        muldiv_floor(energy->quantity_wh, telling->metered_wh, energy->metered_wh, &wh);
    else
        muldiv_floor(energy->quantity_wh, telling->passed_ms, telling->length_ms, &wh);
    return wh;
}

static void pass(struct telling *telling, int64_t start_utc_ms, int64_t until_utc_ms, enum quality quality, int64_t wh, const int64_t *nano)
{
    telling->metered_wh += wh;
    telling->passed_ms += until_utc_ms - start_utc_ms;
    if (!telling->sharing)
        return;
    int64_t shared_wh = shared_by_now(telling);
    struct line_interval interval = {.start_utc_ms = start_utc_ms,
                                     .length_ms = (int32_t)(until_utc_ms - start_utc_ms),
                                     .quality = quality,
                                     .metered_wh = wh,
                                     .line_wh = shared_wh - telling->shared_wh,
                                     .priced = nano != NULL,
                                     .nano = nano ? *nano : 0};
    telling->shared_wh = shared_wh;
    telling->work->input->trace->interval(telling->work->input->trace->arg, telling->line_no, &interval);
}

/* ---- the pieces of a line ---- */

/* What of a block lies in one window. */
struct piece {
    int segment, bucket;
    int64_t start_utc_ms, until_utc_ms;
    int64_t import_wh, export_wh;
    enum quality quality;
};

static void pass_piece(struct telling *telling, const struct piece *piece)
{
    struct work *work = telling->work;
    const struct energy_source *source = &telling->line->source;
    const struct segment *of = &work->plan->segments[piece->segment];
    int64_t wh = telling->energy.exported ? piece->export_wh : piece->import_wh;
    bool mine = source->from != FROM_WINDOW || piece->bucket == of->first_bucket[source->tou] + source->window;
    if ((telling->segment && of != telling->segment) || piece->bucket < 0)
        return;
    if (source->in_order && telling->sharing && wh > 0) { /* the other windows fill the tiers too */
        if (mine)
            telling->filled = fraction_add(telling->filled, fraction_sub(clamp(telling, telling->used_wh + wh), clamp(telling, telling->used_wh)));
        telling->used_wh += wh;
    }
    if (mine)
        pass(telling, piece->start_utc_ms, piece->until_utc_ms, piece->quality, wh, NULL);
}

static bool pass_priced(struct work *work, const struct priced_piece *piece, void *arg)
{
    struct telling *telling = arg;
    const struct charge *charge = &telling->segment->version->charges[telling->line->charge];
    int64_t nano = 0;
    (void)work;
    fraction_round(fraction_of(piece->nano, charge->series.divisor), 0, ROUND_HALF_AWAY, &nano);
    pass(telling, piece->start_utc_ms, piece->until_utc_ms, piece->quality, piece->wh, &nano);
    return true;
}

static void pass_days(struct telling *telling)
{
    const struct rate_plan *plan = telling->work->plan;
    const struct rate_input *input = telling->work->input;
    int32_t from_day = telling->segment ? telling->segment->from_day : plan->terms.from_day;
    int32_t until_day = telling->segment ? telling->segment->until_day : plan->terms.until_day;
    for (int32_t day = from_day; day < until_day; day++) {
        const struct energy_sum *sum = &input->days[day - plan->terms.from_day];
        int64_t export_wh = input->export_days ? input->export_days[day - plan->terms.from_day].wh : 0;
        bool to_come = sum->measured + sum->estimated + sum->partial + sum->missing + sum->edited == 0 && sum->wh == 0 && export_wh == 0;
        if (to_come)
            continue;
        pass(telling, zone_midnight_utc_ms(plan->terms.zone, day), zone_midnight_utc_ms(plan->terms.zone, day + 1), energy_sum_quality(sum),
             telling->energy.exported ? export_wh : sum->wh, NULL);
    }
}

/* Of a tariff that does not look inside the day the segments are the only windows. */
static void pass_blocks(struct telling *telling)
{
    struct work *work = telling->work;
    int s = 0;
    for (int i = 0; i < work->block_count; i++) {
        const struct rate_interval *block = &work->blocks[i];
        while (block->start_utc_ms >= work->plan->segments[s].until_utc_ms)
            s++;
        struct piece piece = {.segment = s,
                              .bucket = work->plan->segments[s].first_bucket[telling->line->source.tou],
                              .start_utc_ms = block->start_utc_ms,
                              .until_utc_ms = block->start_utc_ms + block->length_ms,
                              .import_wh = block->import_wh,
                              .export_wh = block->export_wh,
                              .quality = block->quality};
        pass_piece(telling, &piece);
    }
}

/* As the buckets were filled: blocks cut at the windows. */
static void pass_cells(struct telling *telling)
{
    struct work *work = telling->work;
    const struct track *track = &work->plan->tracks[telling->line->source.tou];
    int cell = 0;
    for (int i = 0; i < work->block_count; i++) {
        const struct rate_interval *block = &work->blocks[i];
        int64_t at = block->start_utc_ms, end = at + block->length_ms, import_before = 0, export_before = 0, import_until, export_until;
        while (track->cells[cell].until_utc_ms <= at)
            cell++;
        for (int c = cell; at < end; c++) {
            int64_t until = track->cells[c].until_utc_ms < end ? track->cells[c].until_utc_ms : end;
            energy_until(block, until, &import_until, &export_until);
            struct piece piece = {.segment = track->cells[c].segment,
                                  .bucket = track->cells[c].bucket,
                                  .start_utc_ms = at,
                                  .until_utc_ms = until,
                                  .import_wh = import_until - import_before,
                                  .export_wh = export_until - export_before,
                                  .quality = block->quality};
            pass_piece(telling, &piece);
            import_before = import_until;
            export_before = export_until;
            at = until;
        }
    }
}

static void pass_all(struct telling *telling)
{
    struct work *work = telling->work;
    const struct exact_line *line = telling->line;
    telling->metered_wh = telling->passed_ms = 0;
    if (line->source.from == FROM_SERIES) {
        const struct charge *charge = &telling->segment->version->charges[line->charge];
        each_priced(work, telling->segment, &charge->series, charge->rule, false, pass_priced, telling);
    } else if (work->input->days) {
        pass_days(telling);
    } else if (work->plan->needs == NEEDS_DAYS) {
        pass_blocks(telling);
    } else {
        pass_cells(telling);
    }
}

/* ---- from what was metered to the quantity ---- */

struct totals {
    int64_t import_wh, export_wh, net_wh, measured_wh, billed_wh, minimum_wh, of_day_wh, of_part_wh;
};

static void add_segment(const struct telling *telling, int segment_no, struct totals *totals)
{
    const struct work *work = telling->work;
    const struct energy_source *source = &telling->line->source;
    const struct segment *segment = &work->plan->segments[segment_no];
    int64_t of_part = 0;
    for (int w = 0; w < segment->version->tous[source->tou].window_count; w++) {
        const struct bucket *bucket = bucket_of(work, segment, source->tou, w);
        if (source->from == FROM_WINDOW && w != source->window)
            continue;
        totals->import_wh += bucket->import_wh;
        totals->export_wh += bucket->export_wh;
        totals->net_wh += bucket->net_wh;
        totals->measured_wh += bucket->measured_wh;
        totals->billed_wh += bucket->billed_wh;
        totals->minimum_wh += bucket->minimum_wh;
        of_part += bucket->import_wh - bucket->export_wh;
    }
    totals->of_part_wh += of_part > 0 ? of_part : 0;
    totals->of_day_wh += work->daily_net_wh[segment_no];
}

static struct totals totals_of(const struct telling *telling)
{
    struct totals totals = {0};
    for (int s = 0; s < telling->work->plan->segment_count; s++)
        if (!telling->segment || telling->segment == &telling->work->plan->segments[s])
            add_segment(telling, s, &totals);
    return totals;
}

static void account_for(struct telling *telling)
{
    struct line_energy *energy = &telling->energy;
    struct totals totals = totals_of(telling);
    enum quantity_of of = telling->line->source.of;
    int64_t netted_wh = energy->metered_wh;
    if (telling->line->source.from == FROM_SERIES || of == OF_COMPENSATED)
        ;
    else if (of == OF_BILLED || of == OF_NET)
        netted_wh = totals.net_wh;
    else if (of == OF_MEASURED)
        netted_wh = totals.import_wh;
    else if (of == OF_EXPORT)
        netted_wh = totals.export_wh;
    else
        netted_wh = of == OF_NET_OF_DAY ? totals.of_day_wh : totals.of_part_wh;
    energy->compensated_wh = netted_wh - energy->metered_wh;
    if (telling->line->source.from != FROM_SERIES && of == OF_BILLED) {
        energy->minimum_wh = totals.minimum_wh;
        energy->rounding_wh = totals.billed_wh - totals.net_wh - totals.minimum_wh;
    } else if (of == OF_MEASURED) {
        energy->rounding_wh = totals.measured_wh - totals.import_wh;
    }
    energy->other_wh = energy->quantity_wh - energy->metered_wh - energy->compensated_wh - energy->rounding_wh - energy->minimum_wh;
}

static bool quantity_of(struct telling *telling)
{
    const struct exact_line *line = telling->line;
    struct fraction wh = line->source.has_part ? line->source.part_wh : fraction_mul(line->quantity, fraction_of(1000, 1));
    return fraction_round(wh, 0, ROUND_HALF_AWAY, &telling->energy.quantity_wh);
}

static bool find_tier(struct telling *telling)
{
    const struct exact_line *line = telling->line;
    const struct charge *charge = &telling->segment->version->charges[line->charge];
    const struct tier_list *list = tiers_at(&charge->tiers, telling->segment->season, 0);
    struct fraction ends[TARIFF_TIERS_MAX];
    if (!tier_ends(telling->work, line->segment, charge, list, ends))
        return false;
    telling->filled = fraction_of(0, 1);
    telling->open = list->tiers[line->source.tier].open;
    telling->low = line->source.tier > 0 ? ends[line->source.tier - 1] : fraction_of(0, 1);
    telling->high = telling->open ? telling->low : ends[line->source.tier];
    return true;
}

static void tell_energy(struct work *work, int line_no)
{
    const struct exact_line *line = &work->lines[line_no];
    struct telling telling = {.work = work, .line_no = line_no, .line = line};
    telling.segment = line->source.from == FROM_CYCLE ? NULL : &work->plan->segments[line->segment];
    telling.energy.exported = line->source.of == OF_EXPORT && line->source.from != FROM_SERIES;
    if (!quantity_of(&telling) || telling.energy.quantity_wh > QUANTITY_MAX_WH || telling.energy.quantity_wh < -QUANTITY_MAX_WH ||
        (line->source.in_order && !find_tier(&telling)))
        return;
    pass_all(&telling);
    telling.energy.metered_wh = telling.metered_wh;
    telling.length_ms = telling.passed_ms;
    account_for(&telling);
    work->input->trace->energy(work->input->trace->arg, line_no, &telling.energy);
    telling.sharing = true;
    pass_all(&telling);
}

/* ---- adders and demands ---- */

/* A table's level by its price, where no other costs the same. */
static const char *level_of(const struct charge *charge, int64_t nano)
{
    const char *name = "";
    for (int i = 0; i < charge->level_count; i++) {
        if (charge->levels[i].nano != nano)
            continue;
        if (name[0])
            return "";
        name = charge->levels[i].name;
    }
    return name;
}

static void tell_price(struct work *work, int line_no, const struct charge *charge, int32_t from_day, int32_t until_day, int month)
{
    struct line_price price = {.from_day = from_day, .until_day = until_day};
    if (!adder_price_in(work, charge, month, &price.nano))
        return;
    price.level = level_of(charge, price.nano);
    work->input->trace->price(work->input->trace->arg, line_no, &price);
}

static void tell_prices(struct work *work, int line_no)
{
    const struct exact_line *line = &work->lines[line_no];
    const struct segment *segment = &work->plan->segments[line->segment];
    const struct charge *charge = &segment->version->charges[line->charge];
    if (!charge->by_days) {
        tell_price(work, line_no, charge, segment->from_day, segment->until_day, work->month);
        return;
    }
    for (int32_t day = segment->from_day, end; day < segment->until_day; day = end) {
        struct civil date = civil_from_day(day);
        end = day + civil_month_length(date.year, date.month) - date.mday + 1;
        if (end > segment->until_day)
            end = segment->until_day;
        tell_price(work, line_no, charge, day, end, month_of_day(day));
    }
}

static void tell_peak(struct work *work, int line_no)
{
    const struct exact_line *line = &work->lines[line_no];
    for (int i = 0; i < work->demand_count; i++) {
        const struct demand_result *result = &work->demands[i];
        if (result->charge != line->charge || result->segment != line->segment || result->window != line->source.window ||
            result->at_utc_ms == INT64_MIN)
            continue;
        struct line_peak peak = {result->at_utc_ms, result->measured_milliw};
        work->input->trace->peak(work->input->trace->arg, line_no, &peak);
    }
}

void trace_lines(struct work *work)
{
    for (int i = 0; i < work->bill->line_count; i++) {
        enum line_source from = work->lines[i].source.from;
        if (from == FROM_DEMAND)
            tell_peak(work, i);
        else if (from != FROM_NO_ENERGY)
            tell_energy(work, i);
        if (from == FROM_CYCLE)
            tell_prices(work, i);
    }
}
