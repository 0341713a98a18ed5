/*
 * Taxes. Por dentro a tax is a share of the price that contains it: gross = net / (1 − Σ shares), where the share of a tax that excludes others is
 * its rate of what they leave (ICMS 18 %, PIS/COFINS of the rest: 0.82 × 0.9388). What is printed of each is worked out once for the whole bill, and
 * told line by line so that the lines add up to it.
 */
#include <stdio.h>
#include <string.h>
#include "energy/rate/inner.h"

#define SLICES_MAX TARIFF_ROWS_MAX

static bool inside(const struct tax *tax)
{
    return tax->kind == TAX_POR_DENTRO || tax->kind == TAX_POR_DENTRO_JOINT;
}

/* The rate of a slice of consumption: -1 for the whole. */
static bool rate_of(struct work *work, const struct tax *tax, int slice, int64_t *out_nano)
{
    if (tax->month_count > 0)
        return price_of_month(work, tax->months, tax->month_count, work->month, tax->id, tax->rule, out_nano);
    *out_nano = tax->rate_nano;
    if (tax->bracket_count == 0)
        return true;
    if (slice >= 0 && tax->marginal) {
        *out_nano = tax->brackets[slice].rate_nano;
        return true;
    }
    for (int i = 0; i < tax->bracket_count; i++) {
        *out_nano = tax->brackets[i].rate_nano;
        if (work->measured_wh <= tax->brackets[i].until_wh)
            break;
    }
    return true;
}

/* The share of slice i of marginal brackets in the consumption. */
static struct fraction slice_share(const struct work *work, const struct tax *tax, int i)
{
    int64_t below = i > 0 ? tax->brackets[i - 1].until_wh : 0, top = tax->brackets[i].until_wh;
    if (work->measured_wh <= 0)
        return fraction_of(i == 0, 1);
    if (top > work->measured_wh)
        top = work->measured_wh;
    return top <= below ? fraction_of(0, 1) : fraction_of(top - below, work->measured_wh);
}

static const struct tax *marginal_tax(const struct tariff_version *version, int charge_no)
{
    for (int i = 0; i < version->tax_count; i++)
        if (inside(&version->taxes[i]) && version->taxes[i].marginal && (version->taxes[i].base >> charge_no & 1))
            return &version->taxes[i];
    return NULL;
}

/* Shares of the gross price for one slice; their sum is what is not net. */
static bool shares_of_slice(struct work *work, const struct tariff_version *version, int charge_no, int slice, struct tax_shares *out)
{
    struct fraction sum = fraction_of(0, 1);
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        struct fraction base = fraction_of(1, 1);
        int64_t rate;
        out->share[i] = fraction_of(0, 1);
        if (!inside(tax) || !(tax->base >> charge_no & 1) || !applies(work, &tax->when))
            continue;
        if (!rate_of(work, tax, slice, &rate))
            return false;
        for (int u = 0; u < i; u++)
            if (tax->excludes >> u & 1)
                base = fraction_sub(base, out->share[u]);
        out->share[i] = fraction_mul(nano_fraction(rate), base);
        sum = fraction_add(sum, out->share[i]);
        out->any = true;
    }
    out->factor = fraction_div(fraction_of(1, 1), fraction_sub(fraction_of(1, 1), sum));
    return !out->factor.bad && out->factor.num > 0 ? true : wrong(work, "", "the taxes inside a price take all of it");
}

/* Marginal brackets: each slice of the consumption has a factor of its own; what comes out is their mean. */
static bool shares_by_slices(struct work *work, const struct tariff_version *version, int charge_no, const struct tax *marginal,
                             struct tax_shares *out)
{
    struct fraction factor = fraction_of(0, 1), taxed[TARIFF_TAXES_MAX];
    for (int i = 0; i < TARIFF_TAXES_MAX; i++)
        taxed[i] = fraction_of(0, 1);
    for (int s = 0; s < marginal->bracket_count; s++) {
        struct fraction weight = slice_share(work, marginal, s);
        if (weight.num == 0)
            continue;
        if (!shares_of_slice(work, version, charge_no, s, out))
            return false;
        struct fraction gross = fraction_mul(weight, out->factor);
        factor = fraction_add(factor, gross);
        for (int i = 0; i < version->tax_count; i++)
            taxed[i] = fraction_add(taxed[i], fraction_mul(gross, out->share[i]));
    }
    for (int i = 0; i < version->tax_count; i++)
        out->share[i] = fraction_div(taxed[i], factor);
    out->factor = factor;
    return !factor.bad ? true : too_large(work, marginal->rule);
}

/* Taxes on top that are printed inside the lines. */
static bool add_in_lines(struct work *work, const struct tariff_version *version, int charge_no, struct tax_shares *out)
{
    struct fraction on_top = fraction_of(1, 1);
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        int64_t rate;
        if (!tax->in_lines || !(tax->base >> charge_no & 1) || !applies(work, &tax->when))
            continue;
        if (!rate_of(work, tax, -1, &rate))
            return false;
        out->share[i] = nano_fraction(rate);
        on_top = fraction_add(on_top, out->share[i]);
        out->any = true;
    }
    if (on_top.num == on_top.den)
        return true;
    for (int i = 0; i < version->tax_count; i++)
        out->share[i] = fraction_div(out->share[i], on_top);
    out->factor = fraction_mul(out->factor, on_top);
    return true;
}

bool tax_shares_of(struct work *work, int segment_no, int charge_no, struct tax_shares *out)
{
    const struct tariff_version *version = work->plan->segments[segment_no].version;
    const struct tax *marginal = marginal_tax(version, charge_no);
    out->any = false;
    bool good = marginal ? shares_by_slices(work, version, charge_no, marginal, out) : shares_of_slice(work, version, charge_no, -1, out);
    return good && add_in_lines(work, version, charge_no, out);
}

/* ---- what is printed of taxes inside the lines ---- */

/* Whether a bill has one rate for this tax throughout, so that it can be worked out on rounded sums as a person would. */
static bool plain(const struct work *work, const struct tax *tax)
{
    return work->plan->segment_count == 1 && !tax->marginal && !tax->in_lines;
}

/* Σ of the rounded lines a tax is levied on, minor units. */
static struct fraction base_of(const struct work *work, int segment_no, uint64_t base)
{
    struct fraction sum = fraction_of(0, 1);
    for (int l = 0; l < work->bill->line_count; l++)
        if (work->lines[l].segment == segment_no && (base >> work->lines[l].charge & 1))
            sum = fraction_add(sum, work->lines[l].rounded);
    return sum;
}

/* rate × (lines − the rounded taxes that are excluded). */
static bool plain_amount(struct work *work, const struct tariff_version *version, int tax_no, struct fraction *out)
{
    const struct tax *tax = &version->taxes[tax_no];
    struct fraction base = base_of(work, 0, tax->base);
    int64_t rate;
    for (int u = 0; u < tax_no; u++) {
        const struct tax *other = &version->taxes[u];
        if (!(tax->excludes >> u & 1) || !applies(work, &other->when))
            continue;
        for (int i = 0; i < work->bill->tax_count; i++)
            if (strcmp(work->bill->taxes[i].id, other->id) == 0)
                base = fraction_sub(base, fraction_of(work->bill->taxes[i].amount.minor, 1));
    }
    if (!rate_of(work, tax, -1, &rate))
        return false;
    *out = fraction_mul(base, nano_fraction(rate));
    return true;
}

static bool same_bases(const struct tariff_version *version, int tax_no)
{
    for (int u = 0; u < tax_no; u++)
        if ((version->taxes[tax_no].excludes >> u & 1) && version->taxes[u].base != version->taxes[tax_no].base)
            return false;
    return true;
}

/* The exact share of every line; its sum is the tax where rates differ within the bill. */
static bool line_share(struct work *work, int line_no, const char *tax_id, struct fraction *out, const struct tax **out_tax)
{
    const struct exact_line *line = &work->lines[line_no];
    const struct tariff_version *version = work->plan->segments[line->segment].version;
    struct tax_shares shares;
    *out_tax = NULL;
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        if (strcmp(tax->id, tax_id) != 0 || !(inside(tax) || tax->in_lines) || !(tax->base >> line->charge & 1) || !applies(work, &tax->when))
            continue;
        if (!tax_shares_of(work, line->segment, line->charge, &shares))
            return false;
        *out = fraction_mul(line->rounded, shares.share[i]);
        *out_tax = tax;
    }
    return true;
}

/* Tells a tax line by line: differences of the rounded running sum; the last line takes what rounding left. */
static bool tell_lines(struct work *work, struct bill_tax *slot, bool known)
{
    struct fraction running = fraction_of(0, 1);
    int64_t told = 0, sum;
    int bit = (int)(slot - work->bill->taxes), last = -1;
    const struct tax *tax;
    for (int l = 0; l < work->bill->line_count; l++) {
        struct fraction share;
        if (!line_share(work, l, slot->id, &share, &tax))
            return false;
        if (!tax)
            continue;
        running = fraction_add(running, share);
        const struct tariff_version *version = work->plan->segments[work->lines[l].segment].version;
        if (!fraction_round(running, 0, version->tax_round.mode, &sum))
            return too_large(work, slot->rule);
        work->bill->lines[l].taxed |= 1u << bit;
        work->bill->lines[l].tax_minor[bit] = sum - told;
        told = sum;
        last = l;
    }
    if (!known) {
        slot->amount.minor = told;
        tell_exact(running, slot->exact);
    } else if (last >= 0) {
        work->bill->lines[last].tax_minor[bit] += slot->amount.minor - told;
    }
    return true;
}

static bool included_tax(struct work *work, const struct tariff_version *version, int tax_no)
{
    const struct tax *tax = &version->taxes[tax_no];
    struct fraction exact, rounded;
    int before = work->bill->tax_count;
    struct bill_tax *slot = tax_slot(work, tax->id, tax->rule);
    if (!slot)
        return false;
    if (work->bill->tax_count == before)
        return true; /* told already for an earlier part */
    slot->included = true;
    if (!plain(work, tax) || !same_bases(version, tax_no))
        return tell_lines(work, slot, false);
    if (!plain_amount(work, version, tax_no, &exact))
        return false;
    if (!round_money(exact, version->tax_round, work->plan->terms.tariff->minor_digits, &rounded) ||
        !fraction_round(rounded, 0, version->tax_round.mode, &slot->amount.minor))
        return too_large(work, tax->rule);
    tell_exact(exact, slot->exact);
    return tell_lines(work, slot, true);
}

bool included_taxes(struct work *work)
{
    for (int s = 0; s < work->plan->segment_count; s++) {
        const struct tariff_version *version = work->plan->segments[s].version;
        for (int i = 0; i < version->tax_count; i++)
            if ((inside(&version->taxes[i]) || version->taxes[i].in_lines) && applies(work, &version->taxes[i].when) &&
                !included_tax(work, version, i))
                return false;
    }
    return true;
}

/* ---- taxes on top ---- */

/* Marginal brackets on top: the mean rate over the consumption. */
static bool mean_rate(struct work *work, const struct tax *tax, struct fraction *out)
{
    int64_t rate;
    *out = fraction_of(0, 1);
    if (!tax->marginal) {
        if (!rate_of(work, tax, -1, &rate))
            return false;
        *out = nano_fraction(rate);
        return true;
    }
    for (int s = 0; s < tax->bracket_count; s++)
        *out = fraction_add(*out, fraction_mul(slice_share(work, tax, s), nano_fraction(tax->brackets[s].rate_nano)));
    return true;
}

static struct fraction outer_base(const struct work *work, int segment_no, const struct tax *tax)
{
    struct fraction sum = fraction_of(0, 1);
    for (int l = 0; l < work->bill->line_count; l++)
        if (work->lines[l].segment == segment_no && (tax->base >> work->lines[l].charge & 1))
            sum = fraction_add(sum, work->lines[l].amount);
    return sum;
}

/* Minor units of one tax in one segment; a tax on other taxes counts those of the whole bill, once. */
static bool outer_in_segment(struct work *work, int segment_no, const struct tax *tax, struct fraction *sum)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct tariff_version *version = segment->version;
    struct fraction rate, base;
    if (!mean_rate(work, tax, &rate))
        return false;
    if (tax->kind == TAX_PER_KWH) {
        base = fraction_mul(fraction_div(wh_of_charge(work, segment, tax->quantity_of), fraction_of(1000, 1)), minor_factor(work));
    } else {
        base = outer_base(work, segment_no, tax);
        for (int u = 0; segment_no == work->plan->segment_count - 1 && u < version->tax_count; u++)
            for (int i = 0; (tax->tax_base >> u & 1) && i < work->bill->tax_count; i++)
                if (strcmp(work->bill->taxes[i].id, version->taxes[u].id) == 0)
                    base = fraction_add(base, fraction_of(work->bill->taxes[i].amount.minor, 1));
    }
    *sum = fraction_add(*sum, fraction_mul(base, rate));
    return true;
}

static bool outer_tax(struct work *work, const struct tax *tax, int first_segment)
{
    const struct rate_plan *plan = work->plan;
    const struct tariff_version *last = last_version(work);
    struct fraction exact = fraction_of(0, 1), rounded;
    int before = work->bill->tax_count;
    struct bill_tax *slot = tax_slot(work, tax->id, tax->rule);
    if (!slot)
        return false;
    if (work->bill->tax_count == before)
        return true;
    for (int s = first_segment; s < plan->segment_count; s++) {
        const struct tariff_version *version = plan->segments[s].version;
        for (int i = 0; i < version->tax_count; i++)
            if (strcmp(version->taxes[i].id, tax->id) == 0 && applies(work, &version->taxes[i].when) &&
                !outer_in_segment(work, s, &version->taxes[i], &exact))
                return false;
    }
    if (exact.bad || !round_money(exact, last->tax_round, plan->terms.tariff->minor_digits, &rounded) ||
        !fraction_round(rounded, 0, last->tax_round.mode, &slot->amount.minor))
        return too_large(work, tax->rule);
    tell_exact(exact, slot->exact);
    work->total_minor = fraction_add(work->total_minor, last->total_policy == TOTAL_ROUND_OF_SUM ? exact : rounded);
    work->printed_minor += slot->amount.minor;
    return !work->total_minor.bad ? true : too_large(work, tax->rule);
}

bool outer_taxes(struct work *work)
{
    for (int s = 0; s < work->plan->segment_count; s++) {
        const struct tariff_version *version = work->plan->segments[s].version;
        for (int i = 0; i < version->tax_count; i++) {
            const struct tax *tax = &version->taxes[i];
            if (!inside(tax) && !tax->in_lines && applies(work, &tax->when) && !outer_tax(work, tax, s))
                return false;
        }
    }
    return true;
}
