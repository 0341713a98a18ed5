/* Fixed charges, allowances (baseline) and percentages of other charges. */
#include <string.h>
#include "energy/rate/inner.h"

/* The amount for this account and season. False: the account does not say what it depends on. */
static bool amount_of(struct work *work, const struct segment *segment, const struct charge *charge, int64_t *out_nano)
{
    static const char *const names[] = {"phases", "class", "zone", "tier", "regime"};
    const struct rate_account *account = work->input->account;
    *out_nano = charge->amount_nano;
    if (charge->amount_count == 0)
        return true;
    if (charge->by_season) {
        *out_nano = charge->amounts[segment->season].nano;
        return true;
    }
    if (charge->by_amps) {
        if (!account || account->amps <= 0)
            return wrong(work, charge->rule, "the amount depends on the account's amps, which are not given");
        for (int i = 0; i < charge->amount_count; i++) {
            if (account->amps <= charge->amps_to[i]) {
                *out_nano = charge->amounts[i].nano;
                return true;
            }
        }
        return wrong(work, charge->rule, "there is no amount for %d A", account->amps);
    }
    const char *value = attribute_of(work, charge->by);
    for (int i = 0; i < charge->amount_count; i++) {
        if (strcmp(charge->amounts[i].name, value) == 0) {
            *out_nano = charge->amounts[i].nano;
            return true;
        }
    }
    return value[0] ? wrong(work, charge->rule, "there is no amount for %s \"%s\"", names[charge->by], value)
                    : wrong(work, charge->rule, "the amount depends on the account's %s, which is not given", names[charge->by]);
}

static bool times_of(struct work *work, const struct charge *charge, struct fraction *out)
{
    const struct rate_account *account = work->input->account;
    *out = fraction_of(1, 1);
    if (strcmp(charge->times, "contracted_kw") == 0) {
        if (!account || account->contracted_milliw <= 0)
            return wrong(work, charge->rule, "the account's contracted_kw is needed");
        *out = fraction_of(account->contracted_milliw, KW_MILLIW);
    } else if (strcmp(charge->times, "amps") == 0) {
        if (!account || account->amps <= 0)
            return wrong(work, charge->rule, "the account's amps are needed");
        *out = fraction_of(account->amps, 1);
    }
    return true;
}

bool rate_fixed(struct work *work, int segment_no, int charge_no)
{
    static const char *const units[] = {"day", "month", "bill", "year"};
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    struct fraction quantity = fraction_of(1, 1), times;
    int64_t nano;
    if (!amount_of(work, segment, charge, &nano) || !times_of(work, charge, &times))
        return false;
    if (charge->per == PER_DAY)
        quantity = fraction_of(days_of(segment), 1);
    else if (charge->per == PER_MONTH)
        quantity = charge->whole ? fraction_of(1, 1) : months_of(work, segment);
    else if (charge->per == PER_BILL)
        quantity = charge->whole ? fraction_of(1, 1) : share_of_cycle(work, segment);
    else
        quantity = fraction_of(days_of(segment), 365);
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity = fraction_mul(quantity, times),
                           .quantity_digits = 6,
                           .unit = units[charge->per],
                           .price = nano_fraction(nano),
                           .quality = quality_of_segment(work, segment)};
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}

/* ---- allowance credit ---- */

static bool zone_of(struct work *work, const struct charge *charge, int *out)
{
    const char *zone = attribute_of(work, ACCOUNT_ZONE);
    *out = 0;
    if (charge->zone_count == 0)
        return true;
    for (int i = 0; i < charge->zone_count; i++) {
        if (strcmp(charge->zones[i], zone) == 0) {
            *out = i;
            return true;
        }
    }
    return zone[0] ? wrong(work, charge->rule, "there is no allowance for zone \"%s\"", zone)
                   : wrong(work, charge->rule, "the allowance depends on the account's zone, which is not given");
}

static struct fraction smaller(struct fraction a, struct fraction b)
{
    return a.bad || b.bad ? (a.bad ? a : b) : fraction_compare(a, b) < 0 ? a : b;
}

/* What earlier parts of the cycle left of the whole cycle's usage; the parts fill up in their order. */
static bool usage_left(struct work *work, int segment_no, const struct charge *charge, struct fraction *out)
{
    struct fraction left = fraction_of(0, 1);
    for (int s = 0; s < work->plan->segment_count; s++)
        left = fraction_add(left, wh_of_charge(work, &work->plan->segments[s], OF_BILLED));
    for (int s = 0; s < segment_no; s++) {
        const struct segment *before = &work->plan->segments[s];
        const struct charge *same = find_charge(before->version, charge->id);
        int zone;
        if (!same || same->kind != CHARGE_ALLOWANCE_CREDIT)
            continue;
        if (!zone_of(work, same, &zone))
            return false;
        struct fraction allowance =
            fraction_mul(fraction_of(price_at(&same->allowance_wh, before->season, zone), 1), fraction_of(days_of(before), 1));
        left = fraction_sub(left, smaller(left, allowance));
    }
    *out = left;
    return true;
}

bool rate_allowance(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    int zone;
    struct fraction usage;
    if (!zone_of(work, charge, &zone))
        return false;
    struct fraction wh = fraction_mul(fraction_of(price_at(&charge->allowance_wh, segment->season, zone), 1), fraction_of(days_of(segment), 1));
    if (charge->cap == CAP_USAGE) {
        if (!usage_left(work, segment_no, charge, &usage))
            return false;
        wh = smaller(wh, usage);
    } else if (charge->cap == CAP_SEGMENT) {
        wh = smaller(wh, wh_of_charge(work, segment, OF_BILLED));
    }
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity = fraction_div(wh, fraction_of(1000, 1)),
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .price = nano_fraction(-price_at(&charge->credit, segment->season, 0)),
                           .quality = quality_of_segment(work, segment),
                           .source = {.from = FROM_SEGMENT, .of = OF_BILLED}};
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}

/* ---- percent ---- */

static struct fraction net_of(const struct work *work, int segment_no, uint64_t charges)
{
    struct fraction sum = fraction_of(0, 1);
    for (int l = 0; l < work->bill->line_count; l++)
        if (work->lines[l].segment == segment_no && work->lines[l].charge >= 0 && (charges >> work->lines[l].charge & 1))
            sum = fraction_add(sum, work->lines[l].net);
    return sum;
}

bool rate_percent(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity = net_of(work, segment_no, charge->of),
                           .quantity_digits = 6,
                           .unit = work->plan->terms.tariff->currency,
                           .price = nano_fraction(charge->amount_nano),
                           .quality = quality_of_segment(work, segment)};
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}

/* ---- social discounts: tiers of kWh that pay a share less ---- */

static bool social_line(struct work *work, int segment_no, int tier, struct fraction wh, struct fraction total_wh, struct fraction net)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct social *social = &segment->version->social;
    int charge_no = 0;
    while (!(social->of >> charge_no & 1))
        charge_no++;
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .id = "social",
                           .tier = social->count > 1 ? tier + 1 : 0,
                           .quantity = fraction_div(wh, fraction_of(1000, 1)),
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .rule = social->rule,
                           .quality = quality_of_segment(work, segment),
                           .source = {.from = FROM_SEGMENT, .of = OF_BILLED}};
    struct fraction mean = fraction_div(net, fraction_div(total_wh, fraction_of(1000, 1)));
    line.price = fraction_mul(mean, nano_fraction(-social->discounts[tier].rate_nano));
    line.net = fraction_mul(line.quantity, line.price);
    return add_line(work, &line);
}

bool rate_social(struct work *work, int segment_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct social *social = &segment->version->social;
    struct fraction total = wh_of_charge(work, segment, OF_BILLED), below = fraction_of(0, 1);
    if (social->count == 0 || !applies(work, &social->when) || total.bad || total.num <= 0)
        return true;
    struct fraction net = net_of(work, segment_no, social->of);
    for (int i = 0; i < social->count && fraction_compare(total, below) > 0; i++) {
        struct fraction top = total;
        if (social->discounts[i].until_wh != INT64_MAX)
            top = smaller(total, fraction_mul(fraction_of(social->discounts[i].until_wh, 1), share_of_cycle(work, segment)));
        if (social->discounts[i].rate_nano != 0 && !social_line(work, segment_no, i, fraction_sub(top, below), total, net))
            return false;
        below = top;
    }
    return true;
}
