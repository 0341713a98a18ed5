#include "wire/bill_explain.h"
#include <stdlib.h>
#include <string.h>
#include "wire/bill_json.h"
#include "wire/issue_json.h"
#include "wire/json_out.h"

#define EXPLAIN_BILL_MAX 1048576

/* An interval, or all of a line's on one local day. */
struct row {
    int64_t start_utc_ms;
    int64_t length_ms;
    int64_t metered_wh, line_wh;
    struct energy_sum counts; /* pieces by quality */
    bool priced;
    int64_t nano;
};

struct explained_line {
    bool has_energy, has_peak;
    struct line_energy energy;
    struct line_peak peak;
    int first_row, row_count;
    int first_price, price_count;
};

struct bill_explained {
    struct rate_trace trace;
    struct explain_ask ask;
    const struct zone *zone;
    const struct bill_terms *terms;
    int seen; /* intervals of the line that was asked for */
    bool failed;
    int row_count, row_size;
    struct row *rows;
    int price_count, price_size;
    struct line_price *prices;
    int32_t last_day;
    struct bill bill;
    struct explained_line lines[BILL_LINES_MAX];
};

/* ---- listening ---- */

/* Room for one more; NULL: memory is out. */
static void *one_more(void **list, int count, int *size, size_t each)
{
    if (count == *size) {
        int more = *size ? 2 * *size : 512;
        void *grown = realloc(*list, (size_t)more * each);
        if (!grown)
            return NULL;
        *list = grown;
        *size = more;
    }
    return (char *)*list + (size_t)count * each;
}

static void count_quality(struct energy_sum *counts, enum quality quality)
{
    counts->missing += quality == QUALITY_MISSING;
    counts->measured += quality == QUALITY_MEASURED;
    counts->estimated += quality == QUALITY_ESTIMATED;
    counts->partial += quality == QUALITY_PARTIAL;
    counts->edited += quality == QUALITY_EDITED;
}

static bool asked(const struct bill_explained *explained, int line_no)
{
    return explained->ask.line < 0 || explained->ask.line == line_no;
}

static void on_energy(void *arg, int line_no, const struct line_energy *energy)
{
    struct bill_explained *explained = arg;
    struct explained_line *line = &explained->lines[line_no];
    line->has_energy = true;
    line->energy = *energy;
    line->first_row = explained->row_count;
}

static struct row *new_row(struct bill_explained *explained, struct explained_line *line, int64_t start_utc_ms)
{
    void *rows = explained->rows;
    struct row *row = one_more(&rows, explained->row_count, &explained->row_size, sizeof *row);
    explained->rows = rows;
    if (!row) {
        explained->failed = true;
        return NULL;
    }
    *row = (struct row){.start_utc_ms = start_utc_ms};
    explained->row_count++;
    line->row_count++;
    return row;
}

/* The row of a local day, which begins at its midnight. */
static struct row *row_of_day(struct bill_explained *explained, struct explained_line *line, int64_t start_utc_ms)
{
    int32_t day = zone_local_day(explained->zone, start_utc_ms);
    if (line->row_count > 0 && explained->last_day == day)
        return &explained->rows[explained->row_count - 1];
    explained->last_day = day;
    return new_row(explained, line, zone_midnight_utc_ms(explained->zone, day));
}

static void on_interval(void *arg, int line_no, const struct line_interval *interval)
{
    struct bill_explained *explained = arg;
    const struct explain_ask *ask = &explained->ask;
    struct explained_line *line = &explained->lines[line_no];
    struct row *row = NULL;
    if (!asked(explained, line_no))
        return;
    if (ask->line < 0)
        row = row_of_day(explained, line, interval->start_utc_ms);
    else if (explained->seen++ >= ask->first && explained->seen <= ask->first + ask->limit)
        row = new_row(explained, line, interval->start_utc_ms);
    if (!row)
        return;
    row->length_ms += interval->length_ms;
    row->metered_wh += interval->metered_wh;
    row->line_wh += interval->line_wh;
    row->priced = interval->priced;
    row->nano = interval->nano;
    count_quality(&row->counts, interval->quality);
}

static void on_price(void *arg, int line_no, const struct line_price *price)
{
    struct bill_explained *explained = arg;
    struct explained_line *line = &explained->lines[line_no];
    void *prices = explained->prices;
    struct line_price *row = one_more(&prices, explained->price_count, &explained->price_size, sizeof *row);
    explained->prices = prices;
    if (!row) {
        explained->failed = true;
        return;
    }
    *row = *price;
    if (line->price_count++ == 0)
        line->first_price = explained->price_count;
    explained->price_count++;
}

static void on_peak(void *arg, int line_no, const struct line_peak *peak)
{
    struct bill_explained *explained = arg;
    explained->lines[line_no].has_peak = true;
    explained->lines[line_no].peak = *peak;
}

struct bill_explained *bill_explained_create(const struct zone *zone, const struct explain_ask *ask)
{
    struct bill_explained *explained = calloc(1, sizeof *explained);
    if (!explained)
        return NULL;
    explained->trace = (struct rate_trace){on_energy, on_interval, on_price, on_peak, explained};
    explained->ask = *ask;
    explained->zone = zone;
    return explained;
}

const struct rate_trace *bill_explained_trace(const struct bill_explained *explained)
{
    return &explained->trace;
}

enum err bill_explained_heard(const struct bill_explained *explained, struct fault *fault)
{
    return explained->failed ? fault_set(fault, ERR_RETRY, "memory is out") : OK;
}

const struct line_energy *bill_explained_energy(const struct bill_explained *explained, int line_no)
{
    return explained->lines[line_no].has_energy ? &explained->lines[line_no].energy : NULL;
}

enum err bill_explain(const struct bill_inputs *inputs, enum bill_state state, const struct explain_ask *ask, struct fault *fault,
                      struct bill_explained **out)
{
    struct bill_explained *explained = bill_explained_create(rate_plan_terms(inputs->plan)->zone, ask);
    if (!explained)
        return fault_set(fault, ERR_RETRY, "memory is out");
    explained->terms = inputs->terms;
    enum err err = bill_work_out(inputs, state, &explained->trace, fault, &explained->bill);
    if (err == OK)
        err = bill_explained_heard(explained, fault);
    if (err == OK && ask->line >= explained->bill.line_count)
        err = fault_set(fault, ERR_INVALID, "this bill has %d lines, numbered from 0", explained->bill.line_count);
    if (err == OK)
        *out = explained;
    else
        bill_explained_destroy(explained);
    return err;
}

void bill_explained_destroy(struct bill_explained *explained)
{
    if (!explained)
        return;
    free(explained->rows);
    free(explained->prices);
    free(explained);
}

const struct bill *bill_explained_bill(const struct bill_explained *explained)
{
    return &explained->bill;
}

bool bill_explained_same(const struct bill_explained *explained, const char *document)
{
    struct buf text;
    struct bill *bill = malloc(sizeof *bill);
    if (!bill)
        return false;
    *bill = explained->bill;
    for (int i = 0; i < bill->line_count; i++)
        bill->lines[i].how[0] = '\0'; /* no bill tells its formulas */
    buf_init(&text, EXPLAIN_BILL_MAX);
    bill_write(&text, bill, DAYS_INCLUSIVE);
    bool same = !text.overflow && bill_asks_same(text.data, document);
    buf_finish(&text);
    free(bill);
    return same;
}

int bill_explained_next(const struct bill_explained *explained)
{
    int end = explained->ask.first + explained->ask.limit;
    return explained->ask.line >= 0 && explained->seen > end ? end : 0;
}

/* ---- telling ---- */

static void write_energy(struct buf *out, const struct line_energy *energy)
{
    out_object(out, "energy");
    out_text(out, "direction", energy->exported ? "export" : "import");
    out_int(out, "metered_wh", energy->metered_wh);
    out_int(out, "compensated_wh", energy->compensated_wh);
    out_int(out, "rounding_wh", energy->rounding_wh);
    out_int(out, "minimum_wh", energy->minimum_wh);
    out_int(out, "other_wh", energy->other_wh);
    out_int(out, "quantity_wh", energy->quantity_wh);
    out_end_object(out);
}

/* What is missing is null, never 0. */
static void out_wh(struct buf *out, const struct row *row, int64_t wh)
{
    if (wh == 0 && energy_sum_quality(&row->counts) == QUALITY_MISSING)
        out_null(out, NULL);
    else
        out_int(out, NULL, wh);
}

static void out_price(struct buf *out, const char *key, int64_t nano)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(nano, 9, 2, text);
    out_text(out, key, text);
}

static void write_intervals(struct buf *out, const struct row *rows, int count, bool by_day)
{
    out_object(out, "intervals");
    out_text(out, "bucket", by_day ? "day" : "interval");
    out_array(out, "t");
    for (int i = 0; i < count; i++)
        out_instant(out, NULL, rows[i].start_utc_ms);
    out_end_array(out);
    if (!by_day) {
        out_array(out, "length_s");
        for (int i = 0; i < count; i++)
            out_int(out, NULL, rows[i].length_ms / 1000);
        out_end_array(out);
    }
    out_array(out, "metered_wh");
    for (int i = 0; i < count; i++)
        out_wh(out, &rows[i], rows[i].metered_wh);
    out_end_array(out);
    out_array(out, "wh");
    for (int i = 0; i < count; i++)
        out_wh(out, &rows[i], rows[i].line_wh);
    out_end_array(out);
    out_array(out, "quality");
    for (int i = 0; i < count; i++)
        out_text(out, NULL, quality_name(energy_sum_quality(&rows[i].counts)));
    out_end_array(out);
    if (!by_day && count > 0 && rows[0].priced) {
        out_array(out, "unit_price");
        for (int i = 0; i < count; i++)
            out_price(out, NULL, rows[i].nano);
        out_end_array(out);
    }
    out_end_object(out);
}

static void write_prices(struct buf *out, const struct line_price *prices, int count)
{
    out_array(out, "prices");
    for (int i = 0; i < count; i++) {
        out_object(out, NULL);
        out_day(out, "from", prices[i].from_day);
        out_day(out, "until", prices[i].until_day);
        out_int(out, "days", prices[i].until_day - prices[i].from_day);
        out_text(out, "level", prices[i].level[0] ? prices[i].level : NULL);
        out_price(out, "unit_price", prices[i].nano);
        out_end_object(out);
    }
    out_end_array(out);
}

static void write_peak(struct buf *out, const struct line_peak *peak)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(peak->milliw, 6, 0, text);
    out_object(out, "peak");
    out_instant(out, "t", peak->start_utc_ms);
    out_text(out, "kw", text);
    out_end_object(out);
}

void bill_explained_line_members(struct buf *out, const struct bill_explained *explained, int line_no)
{
    const struct explained_line *line = &explained->lines[line_no];
    if (line->has_energy)
        write_energy(out, &line->energy);
    if (line->has_energy)
        write_intervals(out, explained->rows + line->first_row, line->row_count, explained->ask.line < 0);
    if (line->price_count > 0)
        write_prices(out, explained->prices + line->first_price, line->price_count);
    if (line->has_peak)
        write_peak(out, &line->peak);
}

static void write_line(struct buf *out, const struct bill_explained *explained, int line_no)
{
    out_object(out, NULL);
    out_int(out, "line", line_no);
    bill_line_members(out, &explained->bill, &explained->bill.lines[line_no]);
    bill_explained_line_members(out, explained, line_no);
    out_end_object(out);
}

void bill_explain_members(struct buf *out, const struct bill_explained *explained)
{
    const struct bill *bill = &explained->bill;
    out_text(out, "bill_id", bill->bill_id);
    out_text(out, "account_id", bill->account_id[0] ? bill->account_id : NULL);
    out_text(out, "meter_id", bill->meter_id);
    out_text(out, "tz", explained->terms->tz);
    out_day(out, "cycle_from", bill->from_day);
    out_day(out, "cycle_until", bill->until_day);
    out_int(out, "days", bill->days);
    out_text(out, "currency", bill->currency);
    out_int(out, "minor", bill->minor_digits);
    out_object(out, "tariff");
    out_text(out, "id", bill->tariff_id);
    out_text(out, "version_hash", bill->version_hash);
    out_end_object(out);
    out_array(out, "lines");
    for (int i = 0; i < bill->line_count; i++)
        if (asked(explained, i))
            write_line(out, explained, i);
    out_end_array(out);
    bill_sum_members(out, bill);
    if (bill->tariff_note[0])
        out_text(out, "note", bill->tariff_note);
    out_instant(out, "as_of", bill->as_of_utc_ms);
}
