/* Municipal charges (Brazil's COSIP): an amount, a table by consumption, a share of charges. And what else is given with the bill. */
#include <string.h>
#include "energy/rate/inner.h"

static bool row_for(struct work *work, const struct municipal *charge, const struct municipal_row **out)
{
    int64_t wh = charge->by == BY_BILLED ? work->billed_wh : work->measured_wh;
    if (charge->by == BY_AVERAGE) {
        if (!work->input->account || work->input->account->average_wh < 0)
            return wrong(work, charge->rule, "the table goes by the average consumption, which is not given (\"average_kwh\")");
        wh = work->input->account->average_wh;
    }
    for (int i = 0; i < charge->row_count; i++) {
        *out = &charge->rows[i];
        if (wh <= charge->rows[i].until_wh)
            return true;
    }
    return wrong(work, charge->rule, "the table ends below this consumption");
}

/* The amount that coefficients refer to: fixed, and a former month's adder. */
static bool reference_of(struct work *work, const struct municipal *charge, struct fraction *out)
{
    *out = nano_fraction(charge->reference_nano);
    if (!charge->reference_adder[0])
        return true;
    const struct charge *adder = find_charge(last_version(work), charge->reference_adder);
    int64_t nano = 0;
    if (!adder || !adder_price_in(work, adder, work->month - 1, &nano))
        return adder ? false : wrong(work, charge->rule, "there is no adder %s", charge->reference_adder);
    *out = fraction_add(*out, fraction_mul(nano_fraction(nano), fraction_of(charge->reference_scale, 1)));
    return true;
}

static bool table_amount(struct work *work, const struct municipal *charge, struct fraction *out)
{
    const struct municipal_row *row = NULL;
    struct fraction reference;
    int64_t part;
    int digits = work->plan->terms.tariff->minor_digits;
    if (!row_for(work, charge, &row))
        return false;
    *out = nano_fraction(row->fixed_nano);
    if (row->coefficient_nano == 0)
        return true;
    if (!reference_of(work, charge, &reference))
        return false;
    if (!fraction_round(fraction_mul(reference, nano_fraction(row->coefficient_nano)), digits, last_version(work)->line.mode, &part))
        return too_large(work, charge->rule);
    *out = fraction_add(*out, fraction_div(fraction_of(part, 1), minor_factor(work)));
    return true;
}

static struct fraction percent_amount(const struct work *work, const struct municipal *charge)
{
    struct fraction sum = fraction_of(0, 1);
    for (int l = 0; l < work->bill->line_count; l++)
        if (charge->of >> work->lines[l].charge & 1)
            sum = fraction_add(sum, work->lines[l].amount);
    return fraction_div(fraction_mul(sum, nano_fraction(charge->percent_nano)), minor_factor(work));
}

static bool municipal_charge(struct work *work, const struct municipal *charge)
{
    const struct tariff_version *version = last_version(work);
    struct fraction amount = nano_fraction(charge->amount_nano), rounded;
    struct bill_tax *slot = tax_slot(work, charge->id, charge->rule);
    if (!slot)
        return false;
    if (charge->row_count > 0 && !table_amount(work, charge, &amount))
        return false;
    if (charge->percent_nano != 0)
        amount = fraction_add(amount, percent_amount(work, charge));
    if (amount.bad)
        return too_large(work, charge->rule);
    if (fraction_compare(amount, nano_fraction(charge->cap_nano)) > 0)
        amount = nano_fraction(charge->cap_nano);
    amount = fraction_mul(amount, minor_factor(work));
    if (!round_money(amount, version->line, work->plan->terms.tariff->minor_digits, &rounded) ||
        !fraction_round(rounded, 0, version->line.mode, &slot->amount.minor))
        return too_large(work, charge->rule);
    slot->municipal = true;
    tell_exact(amount, slot->exact);
    work->total_minor = fraction_add(work->total_minor, version->total_policy == TOTAL_ROUND_OF_SUM ? amount : rounded);
    work->printed_minor += slot->amount.minor;
    return !work->total_minor.bad ? true : too_large(work, charge->rule);
}

bool municipal_charges(struct work *work)
{
    const struct tariff_version *version = last_version(work);
    for (int i = 0; i < version->municipal_count; i++)
        if (applies(work, &version->municipal[i].when) && !municipal_charge(work, &version->municipal[i]))
            return false;
    return true;
}

bool other_items(struct work *work)
{
    for (int i = 0; i < work->input->item_count; i++)
        if (!add_adjustment(work, work->input->items[i].id, "", fraction_mul(nano_fraction(work->input->items[i].nano), minor_factor(work))))
            return false;
    return true;
}
