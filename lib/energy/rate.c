#include "energy/rate.h"
#include <stdio.h>
#include <string.h>
#include "base/civil.h"

/* A part of the cycle under one tariff version. */
struct segment {
    const struct tariff_version *version;
    int version_no;
    int32_t from_day;
    int32_t until_day;
    int32_t cycle_days;
    struct energy_sum energy;
};

/* What is being built, and the exact amounts that rounding must not touch before its time. */
struct draft {
    struct bill bill;
    struct fraction line_minor[BILL_LINES_MAX]; /* each line in minor units, at the line's own digits */
    struct fraction total_minor;                /* their sum and the taxes, where the total alone is rounded */
    bool bad;
};

static struct fraction share_of_cycle(const struct segment *segment)
{
    return fraction_of(segment->until_day - segment->from_day, segment->cycle_days);
}

/* 1 / (1 - the rate of the tax that stands inside this charge's lines), or 1. */
static struct fraction gross_factor(const struct tariff_version *version, int charge)
{
    struct fraction factor = fraction_of(1, 1);
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        if (tax->included && (tax->base >> charge & 1))
            factor = fraction_div(factor, fraction_of(NANO - tax->rate_nano, NANO));
    }
    return factor;
}

static struct bill_tax *bill_tax_slot(struct bill_tax *taxes, int *count, const struct tax *tax)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(taxes[i].id, tax->id) == 0)
            return &taxes[i];
    if (*count == BILL_TAXES_MAX)
        return NULL;
    struct bill_tax *slot = &taxes[(*count)++];
    memset(slot, 0, sizeof *slot);
    snprintf(slot->id, sizeof slot->id, "%s", tax->id);
    slot->included = tax->included;
    return slot;
}

static void add_tax(struct draft *draft, struct bill_tax *taxes, int *count, const struct tax *tax, struct money amount)
{
    struct bill_tax *slot = bill_tax_slot(taxes, count, tax);
    if (!slot || !money_add(slot->amount, amount, &slot->amount))
        draft->bad = true;
}

/* The taxes inside a rounded line: its share, as printed on the bill. */
static void tell_included_taxes(struct draft *draft, struct bill_line *line, const struct tariff_version *version, int charge)
{
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        struct money amount;
        if (!tax->included || !(tax->base >> charge & 1))
            continue;
        struct fraction share = fraction_mul(fraction_of(line->amount.minor, 1), fraction_of(tax->rate_nano, NANO));
        if (!fraction_round(share, 0, version->line.mode, &amount.minor)) {
            draft->bad = true;
            return;
        }
        add_tax(draft, line->tax_included, &line->tax_count, tax, amount);
        add_tax(draft, draft->bill.taxes, &draft->bill.tax_count, tax, amount);
    }
}

/* The exact amount as num/den, for whoever wants to recompute the line by hand. */
static void tell_exact(struct fraction value, char *out, size_t size)
{
    if (value.bad || value.num > INT64_MAX || value.num < INT64_MIN || value.den > INT64_MAX)
        snprintf(out, size, "%s", "");
    else
        snprintf(out, size, "%lld/%lld", (long long)value.num, (long long)value.den);
}

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Rounds a line to its own digits, and to money. False (and `bad`) when it does not fit. */
static bool round_line(struct draft *draft, const struct tariff_version *version, struct fraction gross, struct bill_line *line)
{
    struct bill *bill = &draft->bill;
    int finer = version->line.digits - bill->minor_digits;
    int64_t rounded;
    struct fraction minor;
    draft->bad |= !fraction_round(gross, version->line.digits, version->line.mode, &rounded);
    if (draft->bad)
        return false;
    minor = finer > 0 ? fraction_of(rounded, power_of_ten(finer)) : fraction_mul(fraction_of(rounded, 1), fraction_of(power_of_ten(-finer), 1));
    draft->bad |= !fraction_round(minor, 0, version->line.mode, &line->amount.minor);
    draft->line_minor[bill->line_count] = minor;
    draft->total_minor = fraction_add(draft->total_minor, minor);
    return !draft->bad;
}

/* Closes one line: net amount in currency → gross, rounded, its taxes told. */
static struct bill_line *add_line(struct draft *draft, const struct segment *segment, int charge, struct fraction net)
{
    struct bill *bill = &draft->bill;
    const struct tariff_version *version = segment->version;
    if (bill->line_count == BILL_LINES_MAX) {
        draft->bad = true;
        return NULL;
    }
    struct bill_line *line = &bill->lines[bill->line_count];
    memset(line, 0, sizeof *line);
    struct fraction gross = fraction_mul(net, gross_factor(version, charge));
    if (!round_line(draft, version, gross, line))
        return NULL;
    char from[CIVIL_TEXT_SIZE], until[CIVIL_TEXT_SIZE];
    civil_format(segment->from_day, from);
    civil_format(segment->until_day, until);
    snprintf(line->segment, sizeof line->segment, "%s/%s", from, until);
    snprintf(line->id, sizeof line->id, "%s", version->charges[charge].id);
    snprintf(line->rule, sizeof line->rule, "%s", version->charges[charge].rule);
    line->quality = energy_sum_quality(&segment->energy);
    tell_exact(fraction_mul(gross, fraction_of(power_of_ten(bill->minor_digits), 1)), line->exact, sizeof line->exact);
    tell_included_taxes(draft, line, version, charge);
    bill->line_count++;
    return line;
}

/* Energy in graduated tiers whose widths shrink with the segment's share of the cycle. */
static void rate_energy(struct draft *draft, const struct segment *segment, int charge_no)
{
    const struct charge *charge = &segment->version->charges[charge_no];
    struct fraction below = fraction_of(0, 1);
    struct fraction used = fraction_of(segment->energy.wh, 1);
    for (int i = 0; i < charge->tier_count; i++) {
        const struct tier *tier = &charge->tiers[i];
        struct fraction top = used;
        if (tier->until_wh != INT64_MAX) {
            top = fraction_mul(fraction_of(tier->until_wh, 1), share_of_cycle(segment));
            if (fraction_compare(used, top) < 0)
                top = used;
        }
        struct fraction wh = fraction_sub(top, below);
        if (i > 0 && fraction_compare(wh, fraction_of(0, 1)) <= 0)
            return;
        struct fraction net = fraction_div(fraction_mul(wh, fraction_of(tier->rate_nano, NANO)), fraction_of(1000, 1));
        struct bill_line *line = add_line(draft, segment, charge_no, net);
        if (!line)
            return;
        int64_t shown_wh;
        if (!fraction_round(wh, 0, ROUND_HALF_AWAY, &shown_wh)) {
            draft->bad = true;
            return;
        }
        if (charge->tier_count > 1) {
            size_t len = strlen(line->id);
            snprintf(line->id + len, sizeof line->id - len, ".tier%d", i + 1);
        }
        decimal_format(shown_wh, 3, 0, line->quantity);
        decimal_format(tier->rate_nano, 9, 2, line->unit_price);
        snprintf(line->unit, sizeof line->unit, "kWh");
        below = top;
    }
}

static void rate_fixed(struct draft *draft, const struct segment *segment, int charge_no)
{
    const struct charge *charge = &segment->version->charges[charge_no];
    struct fraction quantity = fraction_of(1, 1);
    const char *unit = "bill";
    if (charge->per == PER_DAY) {
        quantity = fraction_of(segment->until_day - segment->from_day, 1);
        unit = "day";
    } else {
        quantity = share_of_cycle(segment); /* a cycle is one month, one bill */
        unit = charge->per == PER_MONTH ? "month" : "bill";
    }
    struct bill_line *line = add_line(draft, segment, charge_no, fraction_mul(quantity, fraction_of(charge->amount_nano, NANO)));
    if (!line)
        return;
    int64_t micro;
    if (!fraction_round(quantity, 6, ROUND_HALF_AWAY, &micro)) {
        draft->bad = true;
        return;
    }
    decimal_format(micro, 6, 0, line->quantity);
    decimal_format(charge->amount_nano, 9, 2, line->unit_price);
    snprintf(line->unit, sizeof line->unit, "%s", unit);
}

/* Taxes por fora, on the rounded lines of this segment that they are levied on. */
static void rate_outer_taxes(struct draft *draft, const struct segment *segment, int first_line)
{
    const struct tariff_version *version = segment->version;
    for (int i = 0; i < version->tax_count; i++) {
        const struct tax *tax = &version->taxes[i];
        if (tax->included)
            continue;
        struct fraction base = fraction_of(0, 1);
        struct money amount = {0};
        for (int l = first_line; l < draft->bill.line_count; l++)
            for (int c = 0; c < version->charge_count; c++)
                if ((tax->base >> c & 1) && strcmp(draft->bill.lines[l].rule, version->charges[c].rule) == 0)
                    base = fraction_add(base, draft->line_minor[l]);
        struct fraction exact = fraction_mul(base, fraction_of(tax->rate_nano, NANO));
        if (!fraction_round(exact, 0, version->line.mode, &amount.minor))
            draft->bad = true;
        draft->total_minor = fraction_add(draft->total_minor, version->total_policy == TOTAL_ROUND_OF_SUM ? exact : fraction_of(amount.minor, 1));
        add_tax(draft, draft->bill.taxes, &draft->bill.tax_count, tax, amount);
    }
}

static void rate_segment(struct draft *draft, const struct segment *segment)
{
    int first_line = draft->bill.line_count;
    for (int i = 0; i < segment->version->charge_count; i++) {
        if (segment->version->charges[i].kind == CHARGE_ENERGY)
            rate_energy(draft, segment, i);
        else
            rate_fixed(draft, segment, i);
    }
    rate_outer_taxes(draft, segment, first_line);
}

static void total_up(struct draft *draft, const struct tariff_version *last)
{
    struct bill *bill = &draft->bill;
    for (int i = 0; i < bill->line_count; i++)
        draft->bad |= !money_add(bill->subtotal, bill->lines[i].amount, &bill->subtotal);
    bill->total = bill->subtotal;
    for (int i = 0; i < bill->tax_count; i++)
        if (!bill->taxes[i].included)
            draft->bad |= !money_add(bill->total, bill->taxes[i].amount, &bill->total);
    if (last->total_policy == TOTAL_ROUND_OF_SUM)
        draft->bad |= !fraction_round(draft->total_minor, 0, last->line.mode, &bill->total.minor);
}

const struct tariff_version *tariff_version_on(const struct tariff *tariff, int32_t local_day)
{
    const struct tariff_version *found = NULL;
    for (int i = 0; i < tariff->version_count; i++)
        if (tariff->versions[i].from_day <= local_day && local_day < tariff->versions[i].until_day)
            found = &tariff->versions[i];
    return found;
}

/* The segment that begins at a day: as long as the same version is in force. False when none is. */
static bool segment_from(const struct tariff *tariff, const struct rate_input *input, int32_t day, struct segment *out)
{
    memset(out, 0, sizeof *out);
    out->version = tariff_version_on(tariff, day);
    if (!out->version)
        return false;
    out->from_day = day;
    out->cycle_days = input->cycle_days > 0 ? input->cycle_days : input->until_day - input->from_day;
    for (; day < input->until_day && tariff_version_on(tariff, day) == out->version; day++) {
        const struct energy_sum *sum = &input->days[day - input->from_day];
        out->energy.wh += sum->wh;
        out->energy.measured += sum->measured;
        out->energy.estimated += sum->estimated;
        out->energy.partial += sum->partial;
        out->energy.missing += sum->missing;
        out->energy.edited += sum->edited;
    }
    out->until_day = day;
    return true;
}

enum err rate_cycle(const struct tariff *tariff, const struct rate_input *input, struct fault *fault, struct bill *out)
{
    struct draft draft = {.total_minor = fraction_of(0, 1)};
    struct bill *bill = &draft.bill;
    const struct tariff_version *last = NULL;
    if (input->until_day <= input->from_day || input->until_day - input->from_day > CYCLE_DAYS_MAX)
        return fault_set(fault, ERR_INVALID, "a cycle has 1 to %d days", CYCLE_DAYS_MAX);
    *bill = *out;
    bill->minor_digits = tariff->minor_digits;
    bill->import_wh = 0;
    bill->line_count = bill->tax_count = 0;
    bill->subtotal = bill->total = (struct money){0};
    snprintf(bill->currency, sizeof bill->currency, "%s", tariff->currency);
    snprintf(bill->tariff_id, sizeof bill->tariff_id, "%s", tariff->tariff_id);
    snprintf(bill->version_hash, sizeof bill->version_hash, "%s", tariff->version_hash);
    bill->from_day = input->from_day;
    bill->until_day = input->until_day;
    bill->days = input->until_day - input->from_day;
    for (int32_t day = input->from_day; day < input->until_day;) {
        struct segment segment;
        if (!segment_from(tariff, input, day, &segment)) {
            char text[CIVIL_TEXT_SIZE];
            civil_format(day, text);
            return fault_set(fault, ERR_INVALID, "tariff %s has no version in force on %s", tariff->tariff_id, text);
        }
        bill->import_wh += segment.energy.wh;
        rate_segment(&draft, &segment);
        last = segment.version;
        day = segment.until_day;
    }
    total_up(&draft, last);
    if (draft.bad)
        return fault_set(fault, ERR_INVALID, "an amount of this bill does not fit, or it has too many lines");
    *out = *bill;
    return OK;
}
