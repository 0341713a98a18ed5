#include "wire/bill_json.h"
#include <stdio.h>
#include "wire/json_out.h"

static void write_taxes(struct buf *out, const struct bill *bill)
{
    out_array(out, "taxes");
    for (int i = 0; i < bill->tax_count; i++) {
        const struct bill_tax *tax = &bill->taxes[i];
        out_object(out, NULL);
        out_text(out, "id", tax->id);
        out_int(out, "amount_minor", tax->amount.minor);
        out_bool(out, "included", tax->included);
        if (tax->municipal)
            out_bool(out, "municipal", true);
        if (tax->rule[0])
            out_text(out, "rule", tax->rule);
        if (tax->exact[0])
            out_text(out, "exact_minor", tax->exact);
        out_end_object(out);
    }
    out_end_array(out);
}

void bill_line_members(struct buf *out, const struct bill *bill, const struct bill_line *line)
{
    out_text(out, "id", line->id);
    out_text(out, "segment", line->segment);
    out_text(out, "quantity", line->quantity);
    out_text(out, "unit", line->unit);
    out_text(out, "unit_price", line->unit_price);
    if (line->unit_price_gross[0])
        out_text(out, "unit_price_gross", line->unit_price_gross);
    out_text(out, "amount", line->amount_text);
    out_int(out, "amount_minor", line->amount.minor);
    out_object(out, "tax_included");
    for (int i = 0; i < bill->tax_count; i++)
        if (line->taxed >> i & 1)
            out_int(out, bill->taxes[i].id, line->tax_minor[i]);
    out_end_object(out);
    out_text(out, "quality", quality_name(line->quality));
    out_text(out, "rule", line->rule);
    if (line->act[0])
        out_text(out, "act", line->act);
    out_text(out, "exact_minor", line->exact);
    if (line->how[0])
        out_text(out, "how", line->how);
}

static void write_adjustments(struct buf *out, const struct bill *bill)
{
    if (bill->adjustment_count == 0)
        return;
    out_array(out, "adjustments");
    for (int i = 0; i < bill->adjustment_count; i++) {
        out_object(out, NULL);
        out_text(out, "id", bill->adjustments[i].id);
        out_int(out, "amount_minor", bill->adjustments[i].amount.minor);
        if (bill->adjustments[i].rule[0])
            out_text(out, "rule", bill->adjustments[i].rule);
        out_text(out, "exact_minor", bill->adjustments[i].exact);
        out_end_object(out);
    }
    out_end_array(out);
}

static void write_credits(struct buf *out, const struct bill *bill)
{
    if (bill->credit_count == 0)
        return;
    out_array(out, "credits");
    for (int i = 0; i < bill->credit_count; i++) {
        const struct bill_credit *credit = &bill->credits[i];
        const struct {
            const char *name;
            int64_t value;
        } rows[] = {{"opening", credit->opening}, {"earned", credit->earned},   {"received", credit->received}, {"used", credit->used},
                    {"expired", credit->expired}, {"settled", credit->settled}, {"closing", credit->closing}};
        out_object(out, NULL);
        out_text(out, "id", credit->id);
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
            char name[24];
            snprintf(name, sizeof name, "%s_%s", rows[r].name, credit->energy ? "wh" : "minor");
            out_int(out, name, rows[r].value);
        }
        out_end_object(out);
    }
    out_end_array(out);
}

static void write_forecast(struct buf *out, const struct bill_forecast *forecast)
{
    if (!forecast->known) {
        out_null(out, "forecast");
        return;
    }
    out_object(out, "forecast");
    out_int(out, "total_minor", forecast->total.minor);
    out_int(out, "low_minor", forecast->low.minor);
    out_int(out, "high_minor", forecast->high.minor);
    out_end_object(out);
}

/* Dates as the tariff prints them. */
static void write_span(struct buf *out, const struct bill *bill, enum print_days print_days)
{
    out_day(out, "read_from", print_days == DAYS_START_EXCLUSIVE ? bill->from_day - 1 : bill->from_day);
    out_day(out, "read_to", print_days == DAYS_EXACT ? bill->until_day : bill->until_day - 1);
    out_day(out, "cycle_from", bill->from_day);
    out_day(out, "cycle_until", bill->until_day);
    out_int(out, "days", bill->days);
    if (bill->elapsed_ms > 0)
        out_scaled(out, "elapsed_hours", bill->elapsed_ms / 3600, 3);
}

void bill_sum_members(struct buf *out, const struct bill *bill)
{
    write_taxes(out, bill);
    write_adjustments(out, bill);
    write_credits(out, bill);
    out_int(out, "subtotal_minor", bill->subtotal.minor);
    if (bill->rounding.minor != 0)
        out_int(out, "rounding_minor", bill->rounding.minor);
    out_int(out, "total_minor", bill->total.minor);
}

void bill_members_with(struct buf *out, const struct bill *bill, enum print_days print_days, void (*more)(struct buf *out, int line_no, void *arg),
                       void *arg)
{
    out_text(out, "bill_id", bill->bill_id);
    out_text(out, "account_id", bill->account_id[0] ? bill->account_id : NULL);
    out_text(out, "meter_id", bill->meter_id);
    out_text(out, "state", bill_state_name(bill->state));
    out_text(out, "currency", bill->currency);
    out_int(out, "minor", bill->minor_digits);
    write_span(out, bill, print_days);
    out_int(out, "import_wh", bill->import_wh);
    out_int(out, "export_wh", bill->export_wh);
    out_int(out, "billed_wh", bill->billed_wh);
    out_array(out, "lines");
    for (int i = 0; i < bill->line_count; i++) {
        out_object(out, NULL);
        bill_line_members(out, bill, &bill->lines[i]);
        if (more)
            more(out, i, arg);
        out_end_object(out);
    }
    out_end_array(out);
    bill_sum_members(out, bill);
    out_bool(out, "complete", bill->complete);
    out_int(out, "estimated_wh", bill->estimated_wh);
    out_int(out, "estimated_cycles", bill->estimated_cycles);
    out_bool(out, "estimated_beyond", bill->estimated_beyond);
    write_forecast(out, &bill->forecast);
    out_object(out, "tariff");
    out_text(out, "id", bill->tariff_id);
    out_text(out, "version_hash", bill->version_hash);
    out_end_object(out);
    if (bill->tariff_note[0])
        out_text(out, "note", bill->tariff_note);
    out_instant(out, "as_of", bill->as_of_utc_ms);
}

void bill_members(struct buf *out, const struct bill *bill, enum print_days print_days)
{
    bill_members_with(out, bill, print_days, NULL, NULL);
}

void bill_write(struct buf *out, const struct bill *bill, enum print_days print_days)
{
    out_object(out, NULL);
    bill_members(out, bill, print_days);
    out_end_object(out);
}
