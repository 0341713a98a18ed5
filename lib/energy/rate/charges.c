/* Energy by windows, seasons and tiers. */
#include <string.h>
#include "energy/rate/inner.h"

/* One energy charge in one segment. */
struct energy {
    struct work *work;
    int segment_no, charge_no;
    const struct segment *segment;
    const struct charge *charge;
    const struct tou *tou;
    bool in_order;
    int emitted;
};

static bool by_window(const struct charge *charge, const struct tier_list *list)
{
    if (charge->tiers.windows > 1)
        return true;
    for (int t = 0; t < list->count; t++)
        if (list->tiers[t].rate.windows > 1)
            return true;
    return false;
}

static struct fraction kwh(struct fraction wh)
{
    return fraction_div(wh, fraction_of(1000, 1));
}

/* A quantity at the price of its tier and window; `window` -1: all windows together. */
static bool energy_line(struct energy *energy, const struct tier_list *list, int tier, int window, struct fraction wh)
{
    struct work *work = energy->work;
    const struct bucket *bucket = window < 0 ? NULL : bucket_of(work, energy->segment, energy->charge->tou, window);
    int64_t rate = price_at(&list->tiers[tier].rate, energy->segment->season, window < 0 ? 0 : window);
    struct line_of line = {.segment = energy->segment_no,
                           .charge = energy->charge_no,
                           .window = window < 0 ? "" : energy->tou->window_ids[window],
                           .tier = list->count > 1 ? tier + 1 : 0,
                           .quantity = kwh(wh),
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .price = nano_fraction(rate),
                           .quality = bucket ? quality_of(bucket) : quality_of_segment(work, energy->segment),
                           .source = {.from = bucket ? FROM_WINDOW : FROM_SEGMENT,
                                      .tou = energy->charge->tou,
                                      .window = window < 0 ? 0 : window,
                                      .of = OF_BILLED,
                                      .in_order = energy->in_order,
                                      .tier = tier}};
    line.net = fraction_mul(line.quantity, line.price);
    energy->emitted++;
    return add_line(work, &line);
}

/* What is due for entering a tier at all. */
static bool flat_line(struct energy *energy, const struct tier_list *list, int tier, int window)
{
    const struct tier *at = &list->tiers[tier];
    if (at->flat_nano == 0)
        return true;
    struct line_of line = {.segment = energy->segment_no,
                           .charge = energy->charge_no,
                           .window = window < 0 ? "" : energy->tou->window_ids[window],
                           .tier = list->count > 1 ? tier + 1 : 0,
                           .suffix = "flat",
                           .quantity = fraction_of(1, 1),
                           .unit = "tier",
                           .price = nano_fraction(at->flat_nano),
                           .net = nano_fraction(at->flat_nano),
                           .quality = quality_of_segment(energy->work, energy->segment)};
    return add_line(energy->work, &line);
}

static int64_t total_wh(const struct energy *energy, bool *fits)
{
    int64_t sum = 0;
    for (int w = 0; w < energy->tou->window_count; w++)
        if (__builtin_add_overflow(sum, bucket_of(energy->work, energy->segment, energy->charge->tou, w)->billed_wh, &sum))
            *fits = false;
    return sum;
}

/* The whole quantity fills the tiers; each tier is shared among the windows as the whole is. */
static bool by_total(struct energy *energy, const struct tier_list *list)
{
    struct tier_split split;
    bool fits = true, windows = by_window(energy->charge, list);
    int64_t total = total_wh(energy, &fits);
    if (!fits || !split_tiers(energy->work, energy->segment_no, energy->charge, list, fraction_of(total, 1), &split))
        return fits ? false : too_large(energy->work, energy->charge->rule);
    for (int t = 0; t < split.count; t++) {
        if (!split.entered[t])
            continue;
        if (!windows && !energy_line(energy, list, t, -1, split.part[t]))
            return false;
        for (int w = 0; windows && w < energy->tou->window_count; w++) {
            int64_t wh = bucket_of(energy->work, energy->segment, energy->charge->tou, w)->billed_wh;
            struct fraction part = total == 0 ? fraction_of(wh, 1) : fraction_mul(split.part[t], fraction_of(wh, total));
            if (wh != 0 && !energy_line(energy, list, t, w, part))
                return false;
        }
        if (!flat_line(energy, list, t, -1))
            return false;
    }
    return true;
}

/* Each window fills tiers of its own. */
static bool by_bucket(struct energy *energy)
{
    for (int w = 0; w < energy->tou->window_count; w++) {
        const struct tier_list *list = tiers_at(&energy->charge->tiers, energy->segment->season, w);
        int64_t wh = bucket_of(energy->work, energy->segment, energy->charge->tou, w)->billed_wh;
        struct tier_split split;
        if (!window_reachable(energy->segment, energy->charge->tou, w) || wh == 0)
            continue;
        if (!split_tiers(energy->work, energy->segment_no, energy->charge, list, fraction_of(wh, 1), &split))
            return false;
        for (int t = 0; t < split.count; t++)
            if (split.entered[t] && (!energy_line(energy, list, t, w, split.part[t]) || !flat_line(energy, list, t, w)))
                return false;
    }
    return true;
}

/* The next stretch of time's energy goes on filling the tiers. */
struct filling {
    struct fraction ends[TARIFF_TIERS_MAX];
    struct fraction used;
    int tier;
    struct fraction wh[TARIFF_TIERS_MAX][TARIFF_WINDOWS_MAX];
};

static void fill(struct filling *filling, const struct tier_list *list, int window, int64_t wh)
{
    struct fraction left = fraction_of(wh, 1);
    while (!left.bad && left.num > 0) {
        struct fraction room = left;
        if (!list->tiers[filling->tier].open) {
            room = fraction_sub(filling->ends[filling->tier], filling->used);
            if (!room.bad && room.num <= 0) {
                filling->tier++;
                continue;
            }
            if (fraction_compare(left, room) < 0)
                room = left;
        }
        struct fraction *cell = &filling->wh[filling->tier][window];
        *cell = cell->den == 0 ? room : fraction_add(*cell, room);
        filling->used = fraction_add(filling->used, room);
        left = fraction_sub(left, room);
    }
}

static void fill_in_order(struct energy *energy, struct filling *filling, const struct tier_list *list)
{
    struct work *work = energy->work;
    const struct rate_quantities *given = work->input->quantities;
    if (!given)
        for (int i = 0; i < work->order_count; i++)
            if (work->order[i].segment == energy->segment_no)
                fill(filling, list, work->order[i].window, work->order[i].wh);
    for (int i = 0; given && i < given->order.count; i++) {
        int window = tou_find_window(energy->tou, given->order.rows[i].name);
        if (window >= 0)
            fill(filling, list, window, bucket_of(work, energy->segment, 0, window)->billed_wh);
    }
    if (given && energy->tou->window_count == 1 && given->order.count == 0)
        fill(filling, list, 0, bucket_of(work, energy->segment, 0, 0)->billed_wh);
}

static bool by_time(struct energy *energy, const struct tier_list *list)
{
    struct filling filling;
    memset(&filling, 0, sizeof filling);
    energy->in_order = true;
    filling.used = fraction_of(0, 1);
    if (!tier_ends(energy->work, energy->segment_no, energy->charge, list, filling.ends))
        return false;
    fill_in_order(energy, &filling, list);
    for (int t = 0; t < list->count; t++)
        for (int w = 0; w < energy->tou->window_count; w++)
            if (filling.wh[t][w].den != 0 && !energy_line(energy, list, t, w, filling.wh[t][w]))
                return false;
    return true;
}

/* Started packages beyond what is free, in each tier on its own. */
static bool by_package(struct energy *energy, const struct tier_list *list)
{
    struct work *work = energy->work;
    const struct charge *charge = energy->charge;
    bool fits = true;
    int64_t wh = total_wh(energy, &fits) - charge->free_wh, packages;
    struct tier_split split;
    if (!fits)
        return too_large(work, charge->rule);
    if (!split_tiers(work, energy->segment_no, charge, list, fraction_of(wh > 0 ? wh : 0, 1), &split))
        return false;
    for (int t = 0; t < split.count; t++) {
        if (!split.entered[t])
            continue;
        if (!fraction_round(fraction_div(split.part[t], fraction_of(charge->package_wh, 1)), 0, ROUND_CEIL, &packages))
            return too_large(work, charge->rule);
        struct line_of line = {.segment = energy->segment_no,
                               .charge = energy->charge_no,
                               .tier = list->count > 1 ? t + 1 : 0,
                               .quantity = fraction_of(packages, 1),
                               .unit = "package",
                               .price = nano_fraction(price_at(&list->tiers[t].rate, energy->segment->season, 0)),
                               .quality = quality_of_segment(work, energy->segment),
                               .source = {.from = FROM_SEGMENT, .tou = charge->tou, .of = OF_BILLED, .has_part = true, .part_wh = split.part[t]}};
        line.net = fraction_mul(line.quantity, line.price);
        energy->emitted++;
        if (!add_line(work, &line) || !flat_line(energy, list, t, -1))
            return false;
    }
    return true;
}

bool rate_energy(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    struct energy energy = {work, segment_no, charge_no, segment, charge, &segment->version->tous[charge->tou], false, 0};
    if (charge->series.id[0])
        return rate_series(work, segment_no, charge_no);
    const struct tier_list *list = tiers_at(&charge->tiers, segment->season, 0);
    bool good;
    if (charge->tier_mode == TIERS_PACKAGE)
        good = by_package(&energy, list);
    else if (charge->tiers.windows > 1 || charge->tier_scope == SCOPE_PER_BUCKET)
        good = by_bucket(&energy);
    else if (charge->tier_scope == SCOPE_TIME_ORDER)
        good = by_time(&energy, list);
    else
        good = by_total(&energy, list);
    if (good && energy.emitted == 0) /* nothing was used: a line says so */
        good = energy_line(&energy, list, 0, by_window(charge, list) ? 0 : -1, fraction_of(0, 1));
    return good;
}

bool rate_per_kwh(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity = kwh(wh_of_charge(work, segment, charge->quantity_of)),
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .price = nano_fraction(charge->amount_nano),
                           .quality = quality_of_segment(work, segment),
                           .source = {.from = FROM_SEGMENT, .of = charge->quantity_of}};
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}
