/* The order of evaluation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

static bool rate_charge(struct work *work, int segment_no, int charge_no)
{
    static bool (*const by_kind[])(struct work *, int, int) = {[CHARGE_ENERGY] = rate_energy,
                                                               [CHARGE_ADDER] = rate_adder,
                                                               [CHARGE_DEMAND] = rate_demand,
                                                               [CHARGE_FIXED] = rate_fixed,
                                                               [CHARGE_ALLOWANCE_CREDIT] = rate_allowance,
                                                               [CHARGE_PERCENT] = rate_percent,
                                                               [CHARGE_PER_KWH] = rate_per_kwh};
    const struct charge *charge = &work->plan->segments[segment_no].version->charges[charge_no];
    return !applies(work, &charge->when) || by_kind[charge->kind](work, segment_no, charge_no);
}

bool rate_segment(struct work *work, int segment_no)
{
    const struct tariff_version *version = work->plan->segments[segment_no].version;
    for (int c = 0; c < version->charge_count; c++)
        if (!rate_charge(work, segment_no, c))
            return false;
    return rate_fio_b(work, segment_no) && rate_social(work, segment_no);
}

/* The share of a year's days that this part has, weighted: what Lei 14.300 raises year by year changes on 1 January. */
static bool mean_share(struct work *work, const struct segment *segment, const struct credits *credits, struct fraction *out)
{
    struct fraction sum = fraction_of(0, 1);
    for (int32_t day = segment->from_day; day < segment->until_day;) {
        struct civil date = civil_from_day(day);
        int32_t end = civil_to_day((struct civil){date.year + 1, 1, 1});
        int64_t share = 0;
        int best = -1;
        if (end > segment->until_day)
            end = segment->until_day;
        for (int i = 0; i < credits->share_count; i++)
            if (credits->shares[i].month <= date.year && credits->shares[i].month > best) {
                best = credits->shares[i].month;
                share = credits->shares[i].nano;
            }
        if (best < 0)
            return wrong(work, credits->rule, "share_by_year has no share for %d", date.year);
        sum = fraction_add(sum, fraction_mul(nano_fraction(share), fraction_of(end - day, days_of(segment))));
        day = end;
    }
    *out = sum;
    return true;
}

/* What compensated energy still pays for the wires (TUSD Fio B). */
bool rate_fio_b(struct work *work, int segment_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct tariff_version *version = segment->version;
    int energy = 0;
    struct fraction share;
    while (energy < version->charge_count - 1 && version->charges[energy].kind != CHARGE_ENERGY)
        energy++;
    for (int c = 0; c < version->credit_count; c++) {
        const struct credits *credits = &version->credits[c];
        if (!credits->has_fio_b || !applies(work, &credits->when) || !applies(work, &credits->fio_b_when))
            continue;
        if (!mean_share(work, segment, credits, &share))
            return false;
        for (int w = 0; w < version->tous[0].window_count; w++) {
            const struct bucket *bucket = bucket_of(work, segment, 0, w);
            struct line_of line = {.segment = segment_no,
                                   .charge = energy,
                                   .id = "fio_b",
                                   .window = version->tous[0].window_ids[w],
                                   .quantity = fraction_of(bucket->compensated_wh, 1000),
                                   .quantity_digits = 3,
                                   .unit = "kWh",
                                   .rule = credits->rule,
                                   .quality = quality_of(bucket),
                                   .source = {.from = FROM_WINDOW, .window = w, .of = OF_COMPENSATED}};
            line.price = fraction_mul(nano_fraction(price_at(&credits->fio_b, segment->season, w)), share);
            line.net = fraction_mul(line.quantity, line.price);
            if (bucket->compensated_wh != 0 && !add_line(work, &line))
                return false;
        }
    }
    return true;
}

static bool all_steps(struct work *work)
{
    if (!gather(work) || !compensate(work) || !settle_quantities(work) || !measure_demands(work))
        return false;
    for (int s = 0; s < work->plan->segment_count; s++)
        if (!rate_segment(work, s))
            return false;
    return included_taxes(work) && outer_taxes(work) && municipal_charges(work) && other_items(work) && money_credits(work) && money_minimum(work) &&
           true_up(work) && total_up(work);
}

/* What does not depend on prices. */
static void head(struct work *work)
{
    struct bill *bill = work->bill;
    const struct rate_terms *terms = &work->plan->terms;
    bill->minor_digits = terms->tariff->minor_digits;
    memcpy(bill->currency, terms->tariff->currency, sizeof bill->currency);
    memcpy(bill->tariff_id, terms->tariff->tariff_id, sizeof bill->tariff_id);
    memcpy(bill->version_hash, terms->tariff->version_hash, sizeof bill->version_hash);
    bill->from_day = terms->from_day;
    bill->until_day = terms->until_day;
    bill->days = terms->until_day - terms->from_day;
    bill->elapsed_ms = work->plan->until_utc_ms - work->plan->from_utc_ms;
    if (work->input->quantities && work->input->quantities->elapsed_ms > 0)
        bill->elapsed_ms = work->input->quantities->elapsed_ms;
    work->month = month_of_day(terms->until_day - 1);
    if (work->input->quantities && work->input->quantities->read_month > 0)
        work->month = work->input->quantities->read_month;
}

/* Copies what rate() fills, and of the arrays only what is used. */
static void hand_over(const struct work *work, struct bill *out)
{
    const struct bill *bill = work->bill;
    out->minor_digits = bill->minor_digits;
    memcpy(out->currency, bill->currency, sizeof out->currency);
    memcpy(out->tariff_id, bill->tariff_id, sizeof out->tariff_id);
    memcpy(out->version_hash, bill->version_hash, sizeof out->version_hash);
    out->from_day = bill->from_day;
    out->until_day = bill->until_day;
    out->days = bill->days;
    out->elapsed_ms = bill->elapsed_ms;
    out->import_wh = work->import_wh;
    out->export_wh = work->export_wh;
    out->billed_wh = work->billed_wh;
    out->line_count = bill->line_count;
    memcpy(out->lines, bill->lines, (size_t)bill->line_count * sizeof bill->lines[0]);
    out->tax_count = bill->tax_count;
    memcpy(out->taxes, bill->taxes, (size_t)bill->tax_count * sizeof bill->taxes[0]);
    out->adjustment_count = bill->adjustment_count;
    memcpy(out->adjustments, bill->adjustments, (size_t)bill->adjustment_count * sizeof bill->adjustments[0]);
    out->credit_count = bill->credit_count;
    memcpy(out->credits, bill->credits, (size_t)bill->credit_count * sizeof bill->credits[0]);
    out->subtotal = bill->subtotal;
    out->rounding = bill->rounding;
    out->total = bill->total;
    memcpy(out->tariff_note, bill->tariff_note, sizeof out->tariff_note);
}

/* A bill's memory: large, so that nothing of the caller's is touched before everything went well. Only what is used of it is ever written. */
struct rate_scratch {
    struct work work;
    struct bill bill;
};

struct rate_scratch *rate_scratch_create(void)
{
    struct rate_scratch *scratch = malloc(sizeof *scratch);
    if (scratch)
        memset(&scratch->work, 0, offsetof(struct work, demands));
    return scratch;
}

void rate_scratch_destroy(struct rate_scratch *scratch)
{
    if (!scratch)
        return;
    free(scratch->work.own_blocks);
    free(scratch->work.order);
    free(scratch->work.buckets);
    free(scratch);
}

/* An empty state; of the caller's, only what is used. */
static void open_state(struct rate_state *to, const struct rate_state *from)
{
    to->lot_count = to->received_count = to->bank_count = to->demand_count = 0;
    to->year_minor = to->balance_wh = 0;
    if (from)
        *to = *from;
}

static bool make_buckets(struct work *work)
{
    int count = work->plan->bucket_count;
    if (count > work->bucket_size) {
        free(work->buckets);
        work->buckets = malloc((size_t)count * sizeof *work->buckets);
        work->bucket_size = work->buckets ? count : 0;
    }
    if (work->buckets)
        memset(work->buckets, 0, (size_t)count * sizeof *work->buckets);
    return work->buckets != NULL;
}

static struct work *begin(struct rate_scratch *scratch, const struct rate_plan *plan, const struct rate_input *input, struct fault *fault)
{
    struct work *work = &scratch->work;
    struct bill *bill = work->bill = &scratch->bill;
    work->plan = plan;
    work->input = input;
    work->fault = fault;
    work->blocks = NULL;
    work->block_count = work->order_count = work->demand_count = 0;
    work->import_wh = work->export_wh = work->billed_wh = work->measured_wh = work->net_wh = 0;
    memset(work->daily_net_wh, 0, sizeof work->daily_net_wh);
    work->total_minor = fraction_of(0, 1);
    work->printed_minor = work->kwh_true_up_minor = 0;
    work->has_kwh_credit = false;
    work->kwh_credit = (struct bill_credit){0};
    open_state(&work->state, input->opening);
    bill->line_count = bill->tax_count = bill->adjustment_count = bill->credit_count = 0;
    bill->subtotal = bill->total = bill->rounding = (struct money){0};
    bill->tariff_note[0] = '\0';
    return make_buckets(work) ? work : NULL;
}

enum err rate(const struct rate_plan *plan, const struct rate_input *input, struct fault *fault, struct bill *out, struct rate_state *closing)
{
    struct fault own = {0};
    struct rate_scratch *scratch = input->scratch ? input->scratch : rate_scratch_create();
    struct fault *words = fault ? fault : &own;
    words->code = OK;
    struct work *work = scratch ? begin(scratch, plan, input, words) : NULL;
    bool good = false;
    if (work) {
        head(work);
        good = all_steps(work);
    } else {
        fault_set(words, ERR_FATAL, "no memory");
    }
    if (good && work->has_kwh_credit && work->bill->credit_count < BILL_CREDITS_MAX)
        work->bill->credits[work->bill->credit_count++] = work->kwh_credit;
    if (good) {
        hand_over(work, out);
        if (input->trace && !input->quantities && plan->terms.zone)
            trace_lines(work);
        work->state.received_count = 0;
        if (closing)
            *closing = work->state;
    }
    if (!input->scratch)
        rate_scratch_destroy(scratch);
    return good ? OK : words->code != OK ? words->code : ERR_INVALID;
}

enum err rate_days(const struct rate_terms *terms, const struct energy_sum *days, struct fault *fault, struct bill *out)
{
    struct rate_plan *plan;
    struct rate_input input = {.days = days};
    enum err err = rate_plan_create(terms, fault, &plan);
    if (err != OK)
        return err;
    err = rate(plan, &input, fault, out, NULL);
    rate_plan_destroy(plan);
    return err;
}
