#include "wire/bill_json.h"
#include "wire/json_out.h"

static void write_taxes(struct buf *out, const struct bill *bill)
{
    out_array(out, "taxes");
    for (int i = 0; i < bill->tax_count; i++) {
        out_object(out, NULL);
        out_text(out, "id", bill->taxes[i].id);
        out_int(out, "amount_minor", bill->taxes[i].amount.minor);
        out_bool(out, "included", bill->taxes[i].included);
        out_end_object(out);
    }
    out_end_array(out);
}

static void write_line(struct buf *out, const struct bill_line *line)
{
    out_object(out, NULL);
    out_text(out, "id", line->id);
    out_text(out, "segment", line->segment);
    out_text(out, "quantity", line->quantity);
    out_text(out, "unit", line->unit);
    out_text(out, "unit_price", line->unit_price);
    out_int(out, "amount_minor", line->amount.minor);
    out_object(out, "tax_included");
    for (int i = 0; i < line->tax_count; i++)
        out_int(out, line->tax_included[i].id, line->tax_included[i].amount.minor);
    out_end_object(out);
    out_text(out, "quality", quality_name(line->quality));
    out_text(out, "rule", line->rule);
    out_text(out, "exact_minor", line->exact);
    out_end_object(out);
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

void bill_write(struct buf *out, const struct bill *bill, enum print_days print_days)
{
    out_object(out, NULL);
    out_text(out, "bill_id", bill->bill_id);
    out_text(out, "account_id", bill->account_id[0] ? bill->account_id : NULL);
    out_text(out, "meter_id", bill->meter_id);
    out_text(out, "state", bill_state_name(bill->state));
    out_text(out, "currency", bill->currency);
    out_int(out, "minor", bill->minor_digits);
    out_day(out, "read_from", print_days == DAYS_START_EXCLUSIVE ? bill->from_day - 1 : bill->from_day);
    out_day(out, "read_to", bill->until_day - 1);
    out_day(out, "cycle_from", bill->from_day);
    out_day(out, "cycle_until", bill->until_day);
    out_int(out, "days", bill->days);
    out_int(out, "import_wh", bill->import_wh);
    out_array(out, "lines");
    for (int i = 0; i < bill->line_count; i++)
        write_line(out, &bill->lines[i]);
    out_end_array(out);
    write_taxes(out, bill);
    out_int(out, "subtotal_minor", bill->subtotal.minor);
    out_int(out, "total_minor", bill->total.minor);
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
    out_end_object(out);
}
