#include "wire/bill_document.h"
#include <stddef.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "wire/json_in.h"

/* Reading is lenient about what is absent and strict about what a bill cannot be without: `bad` is sticky. */
struct reader {
    bool bad;
};

static int64_t get_int(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    reader->bad = reader->bad || !json_is_integer(value);
    return json_integer_value(value);
}

static int64_t maybe_int(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* "" where it is absent or null; bad where it does not fit. */
static void get_text(struct reader *reader, const json_t *object, const char *key, char *out, size_t size)
{
    reader->bad = !text_copy(out, size, json_string_value(json_object_get(object, key))) || reader->bad;
}

static int32_t get_day(struct reader *reader, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    int32_t day = 0;
    reader->bad = text == NULL || !civil_parse(text, &day) || reader->bad;
    return day;
}

static int64_t get_instant(struct reader *reader, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    int64_t utc_ms = 0;
    reader->bad = text == NULL || !instant_parse(text, strlen(text), &utc_ms) || reader->bad;
    return utc_ms;
}

static struct money get_money(struct reader *reader, const json_t *object, const char *key)
{
    return (struct money){get_int(reader, object, key)};
}

static void read_taxes(struct reader *reader, const json_t *list, struct bill *bill)
{
    const json_t *row;
    size_t i;
    json_array_foreach(list, i, row)
    {
        if (i == BILL_TAXES_MAX)
            return;
        struct bill_tax *tax = &bill->taxes[bill->tax_count++];
        memset(tax, 0, sizeof *tax);
        get_text(reader, row, "id", tax->id, sizeof tax->id);
        tax->amount = get_money(reader, row, "amount_minor");
        tax->included = json_is_true(json_object_get(row, "included"));
        tax->municipal = json_is_true(json_object_get(row, "municipal"));
    }
}

static void read_line(struct reader *reader, const json_t *row, const struct bill *bill, struct bill_line *line)
{
    const json_t *taxes = json_object_get(row, "tax_included");
    char quality[24] = "";
    memset(line, 0, sizeof *line);
    get_text(reader, row, "id", line->id, sizeof line->id);
    get_text(reader, row, "segment", line->segment, sizeof line->segment);
    get_text(reader, row, "quantity", line->quantity, sizeof line->quantity);
    get_text(reader, row, "unit", line->unit, sizeof line->unit);
    get_text(reader, row, "unit_price", line->unit_price, sizeof line->unit_price);
    get_text(reader, row, "unit_price_gross", line->unit_price_gross, sizeof line->unit_price_gross);
    get_text(reader, row, "act", line->act, sizeof line->act);
    get_text(reader, row, "quality", quality, sizeof quality);
    line->amount = get_money(reader, row, "amount_minor");
    for (int q = QUALITY_MISSING; q <= QUALITY_EDITED; q++)
        if (strcmp(quality_name((enum quality)q), quality) == 0)
            line->quality = (enum quality)q;
    for (int i = 0; i < bill->tax_count; i++) {
        const json_t *tax = json_object_get(taxes, bill->taxes[i].id);
        if (!json_is_integer(tax))
            continue;
        line->taxed |= 1u << i;
        line->tax_minor[i] = json_integer_value(tax);
    }
}

static void read_adjustments(struct reader *reader, const json_t *list, struct bill *bill)
{
    const json_t *row;
    size_t i;
    json_array_foreach(list, i, row)
    {
        if (i == BILL_ADJUSTMENTS_MAX)
            return;
        struct bill_adjustment *adjustment = &bill->adjustments[bill->adjustment_count++];
        memset(adjustment, 0, sizeof *adjustment);
        get_text(reader, row, "id", adjustment->id, sizeof adjustment->id);
        adjustment->amount = get_money(reader, row, "amount_minor");
    }
}

static void read_credits(struct reader *reader, const json_t *list, struct bill *bill)
{
    static const char *const names[2][7] = {
        {"opening_minor", "earned_minor", "received_minor", "used_minor", "expired_minor", "settled_minor", "closing_minor"},
        {"opening_wh", "earned_wh", "received_wh", "used_wh", "expired_wh", "settled_wh", "closing_wh"}};
    const json_t *row;
    size_t i;
    json_array_foreach(list, i, row)
    {
        if (i == BILL_CREDITS_MAX)
            return;
        struct bill_credit *credit = &bill->credits[bill->credit_count++];
        memset(credit, 0, sizeof *credit);
        get_text(reader, row, "id", credit->id, sizeof credit->id);
        credit->energy = json_object_get(row, "closing_wh") != NULL;
        int64_t *const fields[7] = {&credit->opening, &credit->earned,  &credit->received, &credit->used,
                                    &credit->expired, &credit->settled, &credit->closing};
        for (int f = 0; f < 7; f++)
            *fields[f] = get_int(reader, row, names[credit->energy][f]);
    }
}

static enum err read_lists(struct reader *reader, const json_t *root, struct bill *bill, struct fault *fault)
{
    const json_t *lines = json_object_get(root, "lines"), *row;
    size_t i;
    if (json_array_size(lines) > BILL_LINES_MAX || json_array_size(json_object_get(root, "taxes")) > BILL_TAXES_MAX ||
        json_array_size(json_object_get(root, "adjustments")) > BILL_ADJUSTMENTS_MAX ||
        json_array_size(json_object_get(root, "credits")) > BILL_CREDITS_MAX)
        return fault_set(fault, ERR_LIMIT, "a bill has more lines than can be");
    read_taxes(reader, json_object_get(root, "taxes"), bill);
    reader->bad = reader->bad || !json_is_array(lines);
    json_array_foreach(lines, i, row) read_line(reader, row, bill, &bill->lines[bill->line_count++]);
    read_adjustments(reader, json_object_get(root, "adjustments"), bill);
    read_credits(reader, json_object_get(root, "credits"), bill);
    return OK;
}

static void read_bill(struct reader *reader, const json_t *root, struct bill *bill)
{
    const json_t *forecast = json_object_get(root, "forecast"), *tariff = json_object_get(root, "tariff");
    char state[16] = "";
    get_text(reader, root, "bill_id", bill->bill_id, sizeof bill->bill_id);
    get_text(reader, root, "account_id", bill->account_id, sizeof bill->account_id);
    get_text(reader, root, "meter_id", bill->meter_id, sizeof bill->meter_id);
    get_text(reader, root, "state", state, sizeof state);
    reader->bad = !bill_state_parse(state, &bill->state) || reader->bad;
    get_text(reader, root, "currency", bill->currency, sizeof bill->currency);
    bill->minor_digits = (int)get_int(reader, root, "minor");
    bill->from_day = get_day(reader, root, "cycle_from");
    bill->until_day = get_day(reader, root, "cycle_until");
    bill->days = (int)get_int(reader, root, "days");
    bill->import_wh = get_int(reader, root, "import_wh");
    bill->export_wh = maybe_int(root, "export_wh");
    bill->billed_wh = maybe_int(root, "billed_wh");
    bill->estimated_wh = maybe_int(root, "estimated_wh");
    bill->estimated_cycles = (int)maybe_int(root, "estimated_cycles");
    bill->estimated_beyond = json_is_true(json_object_get(root, "estimated_beyond"));
    bill->complete = json_is_true(json_object_get(root, "complete"));
    bill->subtotal = get_money(reader, root, "subtotal_minor");
    bill->rounding.minor = maybe_int(root, "rounding_minor");
    bill->total = get_money(reader, root, "total_minor");
    get_text(reader, tariff, "id", bill->tariff_id, sizeof bill->tariff_id);
    get_text(reader, tariff, "version_hash", bill->version_hash, sizeof bill->version_hash);
    get_text(reader, root, "note", bill->tariff_note, sizeof bill->tariff_note);
    bill->as_of_utc_ms = get_instant(reader, root, "as_of");
    bill->forecast.known = json_is_object(forecast);
    if (bill->forecast.known) {
        bill->forecast.total = get_money(reader, forecast, "total_minor");
        bill->forecast.low = get_money(reader, forecast, "low_minor");
        bill->forecast.high = get_money(reader, forecast, "high_minor");
    }
}

static void read_correction(struct reader *reader, const json_t *object, struct bill_correction *out)
{
    const json_t *causes = json_object_get(object, "caused_by"), *cause;
    size_t i;
    if (!json_is_object(object))
        return;
    out->there = true;
    out->negates = get_int(reader, object, "negates");
    out->difference = get_money(reader, object, "difference_minor");
    out->former.minor = -get_int(reader, json_object_get(object, "negated"), "total_minor");
    json_array_foreach(causes, i, cause)
    {
        const char *kind = json_string_value(json_object_get(cause, "kind"));
        if (kind != NULL && strcmp(kind, "estimate") == 0)
            out->decisions++;
        else
            out->readings++;
    }
}

static void read_issue(struct reader *reader, const json_t *root, struct bill_document *out)
{
    const json_t *payment = json_object_get(root, "payment");
    char state[16] = "";
    out->issued = json_object_get(root, "number") != NULL;
    if (!out->issued)
        return;
    out->number = get_int(reader, root, "number");
    out->edition = (int)get_int(reader, root, "edition");
    out->issued_utc_ms = get_instant(reader, root, "issued_at");
    out->due_day = get_day(reader, root, "due_date");
    get_text(reader, root, "hash", out->hash, sizeof out->hash);
    get_text(reader, payment, "state", state, sizeof state);
    out->payment.paid = strcmp(state, "paid") == 0;
    out->payment.cancelled = strcmp(state, "cancelled") == 0;
    get_text(reader, payment, "pix_code", out->payment.pix_code, sizeof out->payment.pix_code);
    get_text(reader, payment, "boleto_code", out->payment.boleto_code, sizeof out->payment.boleto_code);
    get_text(reader, payment, "reference", out->payment.reference, sizeof out->payment.reference);
    read_correction(reader, json_object_get(root, "adjustment"), &out->correction);
}

enum err bill_document_parse(const char *document, struct fault *fault, struct bill_document *out)
{
    struct reader reader = {false};
    json_t *root = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    memset(out, 0, offsetof(struct bill_document, bill));
    bill_clear(&out->bill);
    read_bill(&reader, root, &out->bill);
    out->read_from_day = get_day(&reader, root, "read_from");
    out->read_to_day = get_day(&reader, root, "read_to");
    read_issue(&reader, root, out);
    enum err err = read_lists(&reader, root, &out->bill, fault);
    json_decref(root);
    return err == OK && reader.bad ? fault_set(fault, ERR_INVALID, "this is no bill") : err;
}

enum err bill_past_parse(const char *document, struct fault *fault, struct bill_past *out)
{
    struct reader reader = {false};
    json_t *root = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    struct bill_past past = {.read_to_day = get_day(&reader, root, "read_to"),
                             .from_day = get_day(&reader, root, "cycle_from"),
                             .until_day = get_day(&reader, root, "cycle_until"),
                             .import_wh = get_int(&reader, root, "import_wh"),
                             .estimated_wh = maybe_int(root, "estimated_wh"),
                             .complete = json_is_true(json_object_get(root, "complete"))};
    json_decref(root);
    if (reader.bad)
        return fault_set(fault, ERR_INVALID, "this is no bill");
    *out = past;
    return OK;
}
