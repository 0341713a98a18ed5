/* One line: net → gross → rounded once, and everything that makes it checkable by hand. */
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

#define DISPLAY_DIGITS 8

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

struct fraction minor_factor(const struct work *work)
{
    return fraction_of(power_of_ten(work->plan->terms.tariff->minor_digits), 1);
}

static char *write_int128(int128 value, char *end)
{
    bool negative = value < 0;
    *--end = '\0';
    do {
        int digit = (int)(value % 10);
        *--end = (char)('0' + (digit < 0 ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative)
        *--end = '-';
    return end;
}

void tell_exact(struct fraction value, char out[96])
{
    char num[48], den[48];
    if (value.bad)
        out[0] = '\0';
    else
        snprintf(out, 96, "%s/%s", write_int128(value.num, num + sizeof num), write_int128(value.den, den + sizeof den));
}

/* Minor units rounded to a rule's digits, which may be finer or coarser than the minor unit. */
bool round_money(struct fraction minor, struct round_rule rule, int minor_digits, struct fraction *out_minor)
{
    int64_t units;
    int finer = rule.digits - minor_digits;
    if (!fraction_round(minor, finer, rule.mode, &units))
        return false;
    *out_minor = finer >= 0 ? fraction_of(units, power_of_ten(finer)) : fraction_mul(fraction_of(units, 1), fraction_of(power_of_ten(-finer), 1));
    return !out_minor->bad;
}

static bool decimal_of(struct fraction value, int digits, enum rounding mode, int min_digits, char out[DECIMAL_TEXT_SIZE])
{
    int64_t scaled;
    if (!fraction_round(value, digits, mode, &scaled))
        return false;
    decimal_format(scaled, digits, min_digits, out);
    return true;
}

static void name_line(const struct line_of *of, const struct charge *charge, struct bill_line *line)
{
    int len = snprintf(line->id, sizeof line->id, "%s", of->id ? of->id : charge->id);
    if (of->window && of->window[0])
        len += snprintf(line->id + len, sizeof line->id - (size_t)len, ".%s", of->window);
    if (of->tier > 0)
        len += snprintf(line->id + len, sizeof line->id - (size_t)len, ".tier%d", of->tier);
    if (of->suffix && of->suffix[0])
        snprintf(line->id + len, sizeof line->id - (size_t)len, ".%s", of->suffix);
}

static void place_line(const struct work *work, const struct line_of *of, const struct charge *charge, struct bill_line *line)
{
    const struct segment *segment = &work->plan->segments[of->segment];
    civil_format(segment->from_day, line->segment);
    line->segment[CIVIL_TEXT_SIZE - 1] = '/';
    civil_format(segment->until_day, line->segment + CIVIL_TEXT_SIZE);
    snprintf(line->rule, sizeof line->rule, "%s", of->rule ? of->rule : charge->rule);
    memcpy(line->act, segment->version->act, sizeof line->act);
    snprintf(line->unit, sizeof line->unit, "%s", of->unit);
    line->quality = of->quality;
}

static bool price_line(const struct line_of *of, const struct tariff_version *version, const struct tax_shares *taxes, struct bill_line *line)
{
    const struct round_rule *display = &version->price_display;
    enum rounding mode = display->mode;
    struct fraction gross = fraction_mul(of->price, taxes->factor);
    bool shown = display->digits >= 0;
    if (!decimal_of(of->quantity, of->quantity_digits, ROUND_HALF_AWAY, 0, line->quantity))
        return false;
    if (!decimal_of(of->price, shown ? display->digits : 9, mode, shown ? display->digits : 2, line->unit_price))
        return false;
    line->unit_price_gross[0] = '\0';
    return !taxes->any || decimal_of(gross, shown ? display->digits : DISPLAY_DIGITS, mode, shown ? display->digits : 2, line->unit_price_gross);
}

/* The formula as one would write it on paper. */
static void tell_how(const struct line_of *of, const struct tax_shares *taxes, struct bill_line *line)
{
    char net[DECIMAL_TEXT_SIZE] = "", quantity[DECIMAL_TEXT_SIZE], unit[sizeof line->unit], price[DECIMAL_TEXT_SIZE];
    memcpy(quantity, line->quantity, sizeof quantity);
    memcpy(unit, line->unit, sizeof unit);
    memcpy(price, line->unit_price, sizeof price);
    int len = snprintf(line->how, sizeof line->how, "%s %s × %s", quantity, unit, price);
    struct fraction product = fraction_mul(of->quantity, of->price);
    if (!product.bad && !of->net.bad && fraction_compare(product, of->net) != 0 && decimal_of(of->net, 9, ROUND_HALF_AWAY, 0, net))
        len += snprintf(line->how + len, sizeof line->how - (size_t)len, " → %s", net);
    if (taxes->any && !taxes->factor.bad) {
        struct fraction divisor = fraction_div(fraction_of(1, 1), taxes->factor);
        char text[DECIMAL_TEXT_SIZE];
        if (decimal_of(divisor, 9, ROUND_HALF_AWAY, 0, text))
            snprintf(line->how + len, sizeof line->how - (size_t)len, " ÷ %s (taxes inside)", text);
    }
}

/* Net to gross; where the tariff says so the printed price is what counts. */
static struct fraction gross_of(const struct line_of *of, const struct tariff_version *version, const struct tax_shares *taxes)
{
    int64_t shown;
    struct fraction price = fraction_mul(of->price, taxes->factor);
    if (!version->price_computes || fraction_compare(fraction_mul(of->quantity, of->price), of->net) != 0)
        return fraction_mul(of->net, taxes->factor);
    if (!fraction_round(price, version->price_display.digits, version->price_display.mode, &shown))
        return fraction_div(price, fraction_of(0, 1));
    return fraction_mul(of->quantity, fraction_of(shown, power_of_ten(version->price_display.digits)));
}

static bool round_line(struct work *work, struct fraction gross, struct exact_line *exact, struct bill_line *line)
{
    const struct tariff *tariff = work->plan->terms.tariff;
    const struct tariff_version *version = work->plan->segments[exact->segment].version;
    struct fraction minor = fraction_mul(gross, minor_factor(work));
    int64_t units;
    if (minor.bad || !round_money(minor, version->line, tariff->minor_digits, &exact->rounded) ||
        !fraction_round(exact->rounded, 0, version->line.mode, &line->amount.minor) ||
        !fraction_round(gross, version->line.digits, version->line.mode, &units))
        return false;
    decimal_format(units, version->line.digits, version->line.digits, line->amount_text);
    exact->amount = last_version(work)->total_policy == TOTAL_ROUND_OF_SUM ? minor : exact->rounded;
    tell_exact(minor, line->exact);
    work->total_minor = fraction_add(work->total_minor, exact->amount);
    return !work->total_minor.bad && !__builtin_add_overflow(work->bill->subtotal.minor, line->amount.minor, &work->bill->subtotal.minor);
}

bool add_line(struct work *work, const struct line_of *of)
{
    struct bill *bill = work->bill;
    const struct tariff_version *version = work->plan->segments[of->segment].version;
    const struct charge *charge = &version->charges[of->charge];
    const char *rule = of->rule ? of->rule : charge->rule;
    struct tax_shares taxes;
    if (of->net.bad || of->quantity.bad || of->price.bad || bill->line_count == BILL_LINES_MAX)
        return too_large(work, rule);
    if (!tax_shares_of(work, of->segment, of->charge, &taxes))
        return false;
    struct bill_line *line = &bill->lines[bill->line_count];
    struct exact_line *exact = &work->lines[bill->line_count];
    memset(line, 0, sizeof *line);
    *exact = (struct exact_line){.segment = of->segment, .charge = of->charge, .net = of->net, .source = of->source, .quantity = of->quantity};
    name_line(of, charge, line);
    place_line(work, of, charge, line);
    if (!price_line(of, version, &taxes, line) || !round_line(work, gross_of(of, version, &taxes), exact, line))
        return too_large(work, rule);
    if (work->input->explain)
        tell_how(of, &taxes, line);
    bill->line_count++;
    return true;
}

struct bill_tax *tax_slot(struct work *work, const char *id, const char *rule)
{
    struct bill *bill = work->bill;
    for (int i = 0; i < bill->tax_count; i++)
        if (strcmp(bill->taxes[i].id, id) == 0)
            return &bill->taxes[i];
    if (bill->tax_count == BILL_TAXES_MAX) {
        wrong(work, rule, "more than %d taxes and municipal charges", BILL_TAXES_MAX);
        return NULL;
    }
    struct bill_tax *slot = &bill->taxes[bill->tax_count++];
    memset(slot, 0, sizeof *slot);
    snprintf(slot->id, sizeof slot->id, "%s", id);
    snprintf(slot->rule, sizeof slot->rule, "%s", rule);
    return slot;
}

bool add_adjustment(struct work *work, const char *id, const char *rule, struct fraction minor)
{
    struct bill *bill = work->bill;
    const struct tariff_version *version = last_version(work);
    struct bill_adjustment *row = &bill->adjustments[bill->adjustment_count];
    struct fraction rounded;
    if (bill->adjustment_count == BILL_ADJUSTMENTS_MAX || minor.bad ||
        !round_money(minor, version->line, work->plan->terms.tariff->minor_digits, &rounded))
        return too_large(work, rule);
    memset(row, 0, sizeof *row);
    if (!fraction_round(rounded, 0, version->line.mode, &row->amount.minor))
        return too_large(work, rule);
    snprintf(row->id, sizeof row->id, "%s", id);
    snprintf(row->rule, sizeof row->rule, "%s", rule);
    tell_exact(minor, row->exact);
    bill->adjustment_count++;
    work->total_minor = fraction_add(work->total_minor, version->total_policy == TOTAL_ROUND_OF_SUM ? minor : rounded);
    work->printed_minor += row->amount.minor;
    return !work->total_minor.bad ? true : too_large(work, rule);
}
