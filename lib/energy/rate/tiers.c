/* Tiers: how much of a quantity falls in each. */
#include <string.h>
#include "energy/rate/inner.h"

static bool end_of(struct work *work, int segment_no, const struct charge *charge, const struct tier *tier, struct fraction *out)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    struct fraction end = fraction_of(tier->end, 1);
    int64_t milliw = 0;
    switch (tier->unit) {
    case TIER_KWH:
        end = fraction_mul(end, share_of_cycle(work, segment));
        break;
    case TIER_KWH_DAY:
        end = fraction_mul(end, fraction_of(days_of(segment), 1));
        break;
    case TIER_KWH_MONTH:
        end = fraction_mul(end, months_of(work, segment));
        break;
    case TIER_KWH_KW:
        if (!demand_of(work, segment_no, charge->tier_demand, &milliw))
            return wrong(work, charge->rule, "tiers per kW need a demand, and none was measured");
        end = fraction_mul(fraction_mul(end, fraction_of(milliw, KW_MILLIW)), share_of_cycle(work, segment));
        break;
    case TIER_KW:
        break;
    }
    *out = end;
    return end.bad ? too_large(work, charge->rule) : true;
}

/* A tier never reaches beyond a later one's end: kWh blocks inside the hours of use. */
bool tier_ends(struct work *work, int segment_no, const struct charge *charge, const struct tier_list *list, struct fraction out[TARIFF_TIERS_MAX])
{
    for (int i = 0; i < list->count; i++)
        if (!list->tiers[i].open && !end_of(work, segment_no, charge, &list->tiers[i], &out[i]))
            return false;
    for (int i = list->count - 2; i > 0; i--)
        if (!list->tiers[i].open && fraction_compare(out[i - 1], out[i]) > 0)
            out[i - 1] = out[i];
    return true;
}

static void split_volume(const struct tier_list *list, const struct fraction *ends, struct fraction quantity, struct tier_split *out)
{
    for (int i = 0; i < list->count; i++) {
        if (list->tiers[i].open || fraction_compare(quantity, ends[i]) <= 0) {
            out->part[i] = quantity;
            out->entered[i] = true;
            return;
        }
    }
}

bool split_tiers(struct work *work, int segment_no, const struct charge *charge, const struct tier_list *list, struct fraction quantity,
                 struct tier_split *out)
{
    struct fraction ends[TARIFF_TIERS_MAX], below = fraction_of(0, 1);
    out->count = list->count;
    memset(out->entered, 0, sizeof out->entered);
    if (quantity.bad || !tier_ends(work, segment_no, charge, list, ends))
        return quantity.bad ? too_large(work, charge->rule) : false;
    for (int i = 0; i < list->count; i++)
        out->part[i] = fraction_of(0, 1);
    if (charge->tier_mode == TIERS_VOLUME) {
        split_volume(list, ends, quantity, out);
        return true;
    }
    for (int i = 0; i < list->count; i++) {
        if (i > 0 && fraction_compare(quantity, below) <= 0)
            break;
        struct fraction top = list->tiers[i].open || fraction_compare(quantity, ends[i]) < 0 ? quantity : ends[i];
        out->part[i] = fraction_sub(top, below);
        out->entered[i] = true;
        below = top;
        if (out->part[i].bad)
            return too_large(work, charge->rule);
    }
    return true;
}
