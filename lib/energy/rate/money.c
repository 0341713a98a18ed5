/* Money credits and their banks, minimum amounts, true-ups, the total. */
#include <stdio.h>
#include <string.h>
#include "energy/rate/inner.h"

/* ---- what feeding in earns ---- */

static bool earned_retail(struct work *work, const struct segment *segment, struct fraction *sum)
{
    for (int c = 0; c < segment->version->charge_count; c++) {
        const struct charge *charge = &segment->version->charges[c];
        if (charge->kind != CHARGE_ENERGY || charge->series.id[0] || !applies(work, &charge->when))
            continue;
        for (int w = 0; w < segment->version->tous[charge->tou].window_count; w++) {
            const struct tier_list *list = tiers_at(&charge->tiers, segment->season, w);
            struct fraction rate = nano_fraction(price_at(&list->tiers[0].rate, segment->season, w));
            *sum = fraction_add(*sum, fraction_mul(fraction_of(bucket_of(work, segment, charge->tou, w)->export_wh, 1000), rate));
        }
    }
    return true;
}

static bool earned_in(struct work *work, const struct segment *segment, const struct credits *credits, struct fraction *sum)
{
    if (credits->retail)
        return earned_retail(work, segment, sum);
    if (credits->series.id[0]) {
        int64_t wh;
        int128 nano_wh;
        if (!series_sum(work, segment, &credits->series, credits->rule, true, &wh, &nano_wh))
            return false;
        struct fraction part = fraction_div((struct fraction){.num = nano_wh, .den = 1}, fraction_of(1000 * NANO, 1));
        *sum = fraction_add(*sum, fraction_div(part, fraction_of(credits->series.divisor, 1)));
        return true;
    }
    for (int w = 0; w < segment->version->tous[0].window_count; w++) {
        struct fraction rate = nano_fraction(price_at(&credits->credit_rate, segment->season, w));
        *sum = fraction_add(*sum, fraction_mul(fraction_of(bucket_of(work, segment, 0, w)->export_wh, 1000), rate));
    }
    return true;
}

static const struct credits *same_programme(const struct tariff_version *version, const char *id)
{
    for (int i = 0; i < version->credit_count; i++)
        if (strcmp(version->credits[i].id, id) == 0)
            return &version->credits[i];
    return NULL;
}

static bool earned(struct work *work, const struct credits *credits, int64_t *out_minor)
{
    struct fraction sum = fraction_of(0, 1);
    for (int s = 0; s < work->plan->segment_count; s++) {
        const struct credits *here = same_programme(work->plan->segments[s].version, credits->id);
        if (here && !earned_in(work, &work->plan->segments[s], here, &sum))
            return false;
    }
    if (!fraction_round(fraction_mul(sum, minor_factor(work)), 0, last_version(work)->line.mode, out_minor))
        return too_large(work, credits->rule);
    return true;
}

/* ---- what it may pay ---- */

/* Minor units of the bill so far that this programme may pay; never below zero. */
static bool payable(struct work *work, const struct credits *credits, int64_t *out_minor)
{
    struct fraction sum = work->total_minor;
    if (credits->has_offsets) {
        sum = fraction_of(0, 1);
        for (int l = 0; l < work->bill->line_count; l++)
            if (credits->offsets >> work->lines[l].charge & 1)
                sum = fraction_add(sum, work->lines[l].amount);
    }
    if (!fraction_round(sum, 0, last_version(work)->line.mode, out_minor))
        return too_large(work, credits->rule);
    if (*out_minor < 0)
        *out_minor = 0;
    return true;
}

static int64_t *bank_of(struct work *work, const struct credits *credits)
{
    struct rate_state *state = &work->state;
    for (int i = 0; i < state->bank_count; i++)
        if (strcmp(state->banks[i].id, credits->id) == 0)
            return &state->banks[i].minor;
    if (state->bank_count == BANKS_MAX) {
        wrong(work, credits->rule, "more than %d banks of credits", BANKS_MAX);
        return NULL;
    }
    memcpy(state->banks[state->bank_count].id, credits->id, sizeof credits->id);
    state->banks[state->bank_count].minor = 0;
    return &state->banks[state->bank_count++].minor;
}

static bool is_true_up(const struct work *work, const struct credits *credits)
{
    return credits->true_up_month > 0 && work->month % 12 + 1 == credits->true_up_month;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool money_credit(struct work *work, const struct credits *credits)
{
    int64_t now, due, *bank = bank_of(work, credits);
    struct bill_credit *told = &work->bill->credits[work->bill->credit_count];
    if (!bank || !earned(work, credits, &now) || !payable(work, credits, &due))
        return false;
    if (work->bill->credit_count == BILL_CREDITS_MAX)
        return too_large(work, credits->rule);
    memset(told, 0, sizeof *told);
    memcpy(told->id, credits->id, sizeof credits->id);
    told->opening = *bank;
    told->earned = now;
    if (__builtin_add_overflow(*bank, now, bank))
        return too_large(work, credits->rule);
    told->used = least(credits->next_bill ? told->opening : *bank, due);
    if (credits->surplus == SURPLUS_PAY && !credits->next_bill)
        told->used = *bank;
    if (told->used < 0 && credits->surplus != SURPLUS_PAY && credits->mode != CREDITS_BUY_SELL)
        told->used = *bank < 0 ? *bank : 0; /* a negative credit is a debt of this bill */
    *bank -= told->used;
    if (credits->surplus == SURPLUS_EXPIRE) {
        told->expired = *bank;
        *bank = 0;
    }
    told->closing = *bank;
    work->bill->credit_count++;
    char id[NAME_SIZE];
    snprintf(id, sizeof id, "%s", credits->id);
    return told->used == 0 || add_adjustment(work, id, credits->rule, fraction_of(-told->used, 1));
}

bool money_credits(struct work *work)
{
    const struct tariff_version *version = last_version(work);
    for (int i = 0; i < version->credit_count; i++) {
        const struct credits *credits = &version->credits[i];
        bool money = credits->mode == CREDITS_NET_BILLING || credits->mode == CREDITS_BUY_SELL;
        if (money && applies(work, &credits->when) && !money_credit(work, credits))
            return false;
    }
    return true;
}

/* ---- minimum ---- */

/* Minor units of the charges a limit looks at; all of the bill so far where it names none. */
static struct fraction limited(const struct work *work, const struct minimum *limit)
{
    struct fraction have = fraction_of(0, 1);
    if (!limit->of)
        return work->total_minor;
    for (int l = 0; l < work->bill->line_count; l++)
        if (limit->of >> work->lines[l].charge & 1)
            have = fraction_add(have, work->lines[l].amount);
    return have;
}

/* The limit of this cycle in minor units. */
static struct fraction limit_of(const struct work *work, const struct minimum *limit)
{
    int days = work->plan->terms.until_day - work->plan->terms.from_day;
    int64_t nano = limit->amount;
    for (int i = 0; i < limit->by_count; i++)
        if (strcmp(limit->by_phases[i].name, attribute_of(work, ACCOUNT_PHASES)) == 0)
            nano = limit->by_phases[i].nano;
    struct fraction wanted = fraction_mul(nano_fraction(nano), minor_factor(work));
    if (limit->kind == MINIMUM_DAY)
        return fraction_mul(wanted, fraction_of(days, 1));
    return limit->share_of_cycle ? fraction_mul(wanted, fraction_of(days, work->plan->cycle_days)) : wanted;
}

static bool hold_maximum(struct work *work, const struct minimum *maximum)
{
    if (maximum->kind == MINIMUM_NONE || !applies(work, &maximum->when))
        return true;
    struct fraction have = limited(work, maximum), most = limit_of(work, maximum);
    if (have.bad || most.bad)
        return too_large(work, maximum->rule);
    return fraction_compare(have, most) <= 0 || add_adjustment(work, "maximum", maximum->rule, fraction_sub(most, have));
}

bool money_minimum(struct work *work)
{
    const struct tariff_version *version = last_version(work);
    const struct minimum *minimum = &version->minimum;
    if (!hold_maximum(work, &version->maximum))
        return false;
    if (minimum->kind == MINIMUM_NONE || minimum->kind == MINIMUM_KWH || !applies(work, &minimum->when))
        return true;
    struct fraction have = limited(work, minimum), wanted = limit_of(work, minimum);
    if (minimum->kind == MINIMUM_YEAR) {
        if (work->month % 12 + 1 != minimum->month)
            return true;
        have = fraction_add(fraction_of(work->state.year_minor, 1), have);
    }
    if (have.bad || wanted.bad)
        return too_large(work, minimum->rule);
    return fraction_compare(have, wanted) >= 0 || add_adjustment(work, "minimum", minimum->rule, fraction_sub(wanted, have));
}

/* ---- true-up ---- */

static bool settle_bank(struct work *work, const struct credits *credits, struct bill_credit *told)
{
    int64_t *bank = bank_of(work, credits);
    if (!bank || *bank == 0)
        return bank != NULL;
    told->settled = *bank;
    told->closing = 0;
    *bank = 0;
    return !credits->true_up_pays || add_adjustment(work, "true_up", credits->rule, fraction_of(-told->settled, 1));
}

bool true_up(struct work *work)
{
    const struct tariff_version *version = last_version(work);
    for (int i = 0; i < version->credit_count; i++) {
        const struct credits *credits = &version->credits[i];
        if (!is_true_up(work, credits) || !applies(work, &credits->when))
            continue;
        if (credits->mode == CREDITS_KWH) {
            struct fraction money = fraction_mul(fraction_of(work->kwh_credit.settled, 1000), nano_fraction(-credits->true_up_nano));
            if (work->kwh_credit.settled > 0 && credits->true_up_nano != 0 &&
                !add_adjustment(work, "true_up", credits->rule, fraction_mul(money, minor_factor(work))))
                return false;
            continue;
        }
        for (int c = 0; c < work->bill->credit_count; c++)
            if (strcmp(work->bill->credits[c].id, credits->id) == 0 && !settle_bank(work, credits, &work->bill->credits[c]))
                return false;
    }
    return true;
}

bool total_up(struct work *work)
{
    struct bill *bill = work->bill;
    const struct tariff_version *version = last_version(work);
    struct fraction rounded;
    int64_t printed;
    if (work->total_minor.bad || !round_money(work->total_minor, version->total_round, work->plan->terms.tariff->minor_digits, &rounded) ||
        !fraction_round(rounded, 0, version->total_round.mode, &bill->total.minor))
        return too_large(work, "");
    if (__builtin_add_overflow(bill->subtotal.minor, work->printed_minor, &printed) ||
        __builtin_sub_overflow(bill->total.minor, printed, &bill->rounding.minor))
        return too_large(work, "");
    if (version->minimum.kind == MINIMUM_YEAR && work->month % 12 + 1 == version->minimum.month)
        work->state.year_minor = 0;
    else if (__builtin_add_overflow(work->state.year_minor, bill->total.minor, &work->state.year_minor))
        return too_large(work, "");
    return true;
}
