#include "wire/bill_inputs.h"
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "wire/bill_json.h"
#include "wire/json_out.h"

#define SCHEMA "bill-inputs/1"
#define PRICES_MAX 400000

static const char *const attribute_names[ACCOUNT_ATTRIBUTES] = {"phases", "class", "zone", "tier", "regime"};

void bill_terms_of(const struct bill *bill, const struct rate_plan *plan, const struct rate_account *account, struct bill_terms *out)
{
    const struct rate_terms *terms = rate_plan_terms(plan);
    *out = (struct bill_terms){.from_day = terms->from_day,
                               .until_day = terms->until_day,
                               .cycle_days = terms->cycle_days,
                               .account = *account,
                               .meter_no = bill->meter_no,
                               .complete = bill->complete,
                               .estimated_wh = bill->estimated_wh,
                               .estimated_cycles = bill->estimated_cycles,
                               .estimated_beyond = bill->estimated_beyond,
                               .as_of_utc_ms = bill->as_of_utc_ms};
    text_copy(out->tz, sizeof out->tz, zone_name(terms->zone));
    text_copy(out->tariff_id, sizeof out->tariff_id, terms->tariff->tariff_id);
    text_copy(out->version_hash, sizeof out->version_hash, terms->tariff->version_hash);
    text_copy(out->bill_id, sizeof out->bill_id, bill->bill_id);
    text_copy(out->account_id, sizeof out->account_id, bill->account_id);
    text_copy(out->meter_id, sizeof out->meter_id, bill->meter_id);
}

/* ---- writing ---- */

static void terms_members(struct buf *out, const struct bill_terms *terms)
{
    out_text(out, "schema", SCHEMA);
    out_text(out, "bill_id", terms->bill_id);
    out_text(out, "account_id", terms->account_id);
    out_text(out, "meter_id", terms->meter_id);
    out_int(out, "meter_no", terms->meter_no);
    out_object(out, "tariff");
    out_text(out, "id", terms->tariff_id);
    out_text(out, "version_hash", terms->version_hash);
    out_end_object(out);
    out_text(out, "tz", terms->tz);
    out_day(out, "from", terms->from_day);
    out_day(out, "until", terms->until_day);
    out_int(out, "cycle_days", terms->cycle_days);
    out_object(out, "account");
    for (int i = 0; i < ACCOUNT_ATTRIBUTES; i++)
        out_text(out, attribute_names[i], terms->account.attributes[i]);
    out_int(out, "amps", terms->account.amps);
    out_int(out, "contracted_milliw", terms->account.contracted_milliw);
    out_int(out, "average_wh", terms->account.average_wh);
    out_end_object(out);
    out_bool(out, "complete", terms->complete);
    out_int(out, "estimated_wh", terms->estimated_wh);
    out_int(out, "estimated_cycles", terms->estimated_cycles);
    out_bool(out, "estimated_beyond", terms->estimated_beyond);
    out_int(out, "as_of_ms", terms->as_of_utc_ms);
}

void bill_terms_write(struct buf *out, const struct bill_terms *terms)
{
    out_object(out, NULL);
    terms_members(out, terms);
    out_end_object(out);
}

static void write_days(struct buf *out, const char *key, const struct energy_sum *days, int count)
{
    out_array(out, key);
    for (int i = 0; i < count; i++) {
        out_array(out, NULL);
        out_int(out, NULL, days[i].wh);
        out_int(out, NULL, days[i].measured);
        out_int(out, NULL, days[i].estimated);
        out_int(out, NULL, days[i].partial);
        out_int(out, NULL, days[i].missing);
        out_int(out, NULL, days[i].edited);
        out_end_array(out);
    }
    out_end_array(out);
}

/* Intervals one behind the other and of one length stand together: a run. */
static int run_length(const struct rate_interval *intervals, int count)
{
    int n = 1;
    while (n < count && intervals[n].length_ms == intervals[0].length_ms &&
           intervals[n].start_utc_ms == intervals[n - 1].start_utc_ms + intervals[n - 1].length_ms)
        n++;
    return n;
}

static void write_runs(struct buf *out, const struct rate_interval *intervals, int count)
{
    out_array(out, "intervals");
    for (int at = 0, n; at < count; at += n) {
        n = run_length(intervals + at, count - at);
        out_object(out, NULL);
        out_int(out, "from_ms", intervals[at].start_utc_ms);
        out_int(out, "length_ms", intervals[at].length_ms);
        out_array(out, "import_wh");
        for (int i = 0; i < n; i++)
            out_int(out, NULL, intervals[at + i].import_wh);
        out_end_array(out);
        out_array(out, "export_wh");
        for (int i = 0; i < n; i++)
            out_int(out, NULL, intervals[at + i].export_wh);
        out_end_array(out);
        out_array(out, "quality");
        for (int i = 0; i < n; i++)
            out_int(out, NULL, intervals[at + i].quality);
        out_end_array(out);
        out_end_object(out);
    }
    out_end_array(out);
}

static void write_prices(struct buf *out, const struct price_series *series, int count, int64_t from_utc_ms, int64_t until_utc_ms)
{
    out_array(out, "prices");
    for (int s = 0; s < count; s++) {
        out_object(out, NULL);
        out_text(out, "series", series[s].id);
        out_array(out, "nano");
        for (int i = 0; i < series[s].count; i++) {
            const struct series_price *price = &series[s].prices[i];
            if (price->until_utc_ms <= from_utc_ms || price->from_utc_ms >= until_utc_ms)
                continue;
            out_array(out, NULL);
            out_int(out, NULL, price->from_utc_ms);
            out_int(out, NULL, price->until_utc_ms);
            out_int(out, NULL, price->nano);
            out_end_array(out);
        }
        out_end_array(out);
        out_end_object(out);
    }
    out_end_array(out);
}

void bill_inputs_write(struct buf *out, const struct bill_terms *terms, const struct rate_plan *plan, const struct bill_energy *energy,
                       const struct price_series *series, int series_count)
{
    const struct zone *zone = rate_plan_terms(plan)->zone;
    int days = terms->until_day - terms->from_day;
    out_object(out, NULL);
    terms_members(out, terms);
    write_days(out, "days", energy->days, days);
    write_days(out, "export_days", energy->export_days, days);
    if (energy->intervals)
        write_runs(out, energy->intervals, energy->interval_count);
    if (series_count > 0 && rate_plan_needs(plan) == NEEDS_INTERVALS)
        write_prices(out, series, series_count, zone_midnight_utc_ms(zone, terms->from_day), zone_midnight_utc_ms(zone, terms->until_day));
    out_end_object(out);
}

/* ---- reading ---- */

static bool read_text(const json_t *object, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && text_copy(out, size, text);
}

static bool read_int(const json_t *object, const char *key, int64_t *out)
{
    const json_t *value = json_object_get(object, key);
    *out = json_integer_value(value);
    return json_is_integer(value);
}

static bool read_day(const json_t *object, const char *key, int32_t *out)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && civil_parse(text, out);
}

static bool read_account(const json_t *account, struct rate_account *out)
{
    int64_t amps = 0;
    bool good = read_int(account, "amps", &amps) && amps >= 0 && amps <= INT32_MAX &&
                read_int(account, "contracted_milliw", &out->contracted_milliw) && read_int(account, "average_wh", &out->average_wh);
    for (int i = 0; i < ACCOUNT_ATTRIBUTES && good; i++)
        good = read_text(account, attribute_names[i], out->attributes[i], SHORT_NAME_SIZE);
    out->amps = (int)amps;
    return good;
}

static bool read_terms(const json_t *document, struct bill_terms *out)
{
    const char *schema = json_string_value(json_object_get(document, "schema"));
    const json_t *tariff = json_object_get(document, "tariff");
    int64_t cycle_days = 0, cycles = 0;
    memset(out, 0, sizeof *out);
    bool good = schema && strcmp(schema, SCHEMA) == 0 && read_text(document, "bill_id", out->bill_id, sizeof out->bill_id) &&
                read_text(document, "account_id", out->account_id, sizeof out->account_id) &&
                read_text(document, "meter_id", out->meter_id, sizeof out->meter_id) && read_int(document, "meter_no", &out->meter_no) &&
                read_text(tariff, "id", out->tariff_id, sizeof out->tariff_id) &&
                read_text(tariff, "version_hash", out->version_hash, sizeof out->version_hash) &&
                read_text(document, "tz", out->tz, sizeof out->tz) && read_day(document, "from", &out->from_day) &&
                read_day(document, "until", &out->until_day) && out->from_day < out->until_day && out->until_day - out->from_day <= CYCLE_DAYS_MAX &&
                read_int(document, "cycle_days", &cycle_days) && cycle_days >= 0 && cycle_days <= CYCLE_DAYS_MAX &&
                read_account(json_object_get(document, "account"), &out->account) && json_is_boolean(json_object_get(document, "complete")) &&
                read_int(document, "estimated_wh", &out->estimated_wh) && read_int(document, "estimated_cycles", &cycles) && cycles >= 0 &&
                cycles <= INT32_MAX && json_is_boolean(json_object_get(document, "estimated_beyond")) &&
                read_int(document, "as_of_ms", &out->as_of_utc_ms);
    out->cycle_days = (int32_t)cycle_days;
    out->estimated_cycles = (int)cycles;
    out->complete = json_is_true(json_object_get(document, "complete"));
    out->estimated_beyond = json_is_true(json_object_get(document, "estimated_beyond"));
    return good;
}

static bool read_days(const json_t *list, int count, struct energy_sum *out)
{
    if (!json_is_array(list) || json_array_size(list) != (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        json_int_t n[6];
        if (json_unpack((json_t *)json_array_get(list, (size_t)i), "[I,I,I,I,I,I!]", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]) != 0)
            return false;
        for (int k = 1; k < 6; k++)
            if (n[k] < 0 || n[k] > DAY_SLOTS_MAX)
                return false;
        out[i] = (struct energy_sum){n[0], (int)n[1], (int)n[2], (int)n[3], (int)n[4], (int)n[5]};
    }
    return true;
}

static bool read_run(const json_t *run, struct bill_energy *out)
{
    int64_t from_ms, length_ms;
    const json_t *imports = json_object_get(run, "import_wh"), *exports = json_object_get(run, "export_wh"),
                 *qualities = json_object_get(run, "quality");
    size_t count = json_array_size(imports);
    if (!read_int(run, "from_ms", &from_ms) || !read_int(run, "length_ms", &length_ms) || length_ms <= 0 || length_ms > MS_PER_DAY || count == 0 ||
        json_array_size(exports) != count || json_array_size(qualities) != count || (int64_t)count + out->interval_count > RATE_INTERVALS_MAX ||
        from_ms < -MS_PER_DAY * 365 * 8000 || from_ms > MS_PER_DAY * 365 * 8000)
        return false;
    for (size_t i = 0; i < count; i++) {
        json_int_t quality = json_integer_value(json_array_get(qualities, i));
        struct rate_interval interval = {.start_utc_ms = from_ms + (int64_t)i * length_ms,
                                         .length_ms = (int32_t)length_ms,
                                         .quality = (enum quality)quality,
                                         .import_wh = json_integer_value(json_array_get(imports, i)),
                                         .export_wh = json_integer_value(json_array_get(exports, i))};
        if (quality < QUALITY_MISSING || quality > QUALITY_EDITED || !bill_energy_push(out, &interval, 1))
            return false;
    }
    return true;
}

/* A document of terms alone has none. */
static bool read_energy(const json_t *document, const struct bill_terms *terms, struct bill_energy *out)
{
    const json_t *days = json_object_get(document, "days"), *runs = json_object_get(document, "intervals"), *run;
    size_t i;
    int count = terms->until_day - terms->from_day;
    out->until_day = terms->until_day;
    out->from_day = days ? terms->from_day : terms->until_day;
    if (!days)
        return true;
    if (!read_days(days, count, out->days) || !read_days(json_object_get(document, "export_days"), count, out->export_days))
        return false;
    json_array_foreach((json_t *)runs, i, run) if (!read_run(run, out)) return false;
    return true;
}

static bool read_series(const json_t *object, struct price_series *out)
{
    const json_t *list = json_object_get(object, "nano"), *row;
    size_t i, count = json_array_size(list);
    struct series_price *prices = calloc(count ? count : 1, sizeof *prices);
    out->prices = prices;
    if (!prices || count > PRICES_MAX || !json_is_array(list) || !read_text(object, "series", out->id, sizeof out->id))
        return false;
    json_array_foreach((json_t *)list, i, row)
    {
        json_int_t n[3];
        if (json_unpack((json_t *)row, "[I,I,I!]", &n[0], &n[1], &n[2]) != 0 || n[0] >= n[1] || (i > 0 && n[0] < prices[i - 1].until_utc_ms))
            return false;
        prices[i] = (struct series_price){n[0], n[1], n[2]};
    }
    out->count = (int)count;
    return true;
}

static bool read_prices(const json_t *document, struct bill_prices *out)
{
    const json_t *list = json_object_get(document, "prices"), *row;
    size_t i, count = json_array_size(list);
    if (count == 0)
        return true;
    out->series = count <= 1000 ? calloc(count, sizeof *out->series) : NULL;
    json_array_foreach((json_t *)list, i, row)
    {
        if (!out->series || !(out->count++, read_series(row, &out->series[i])))
            return false;
    }
    return true;
}

void bill_prices_finish(struct bill_prices *prices)
{
    for (int i = 0; i < prices->count; i++)
        free((void *)prices->series[i].prices);
    free(prices->series);
    *prices = (struct bill_prices){0};
}

enum err bill_inputs_parse(const char *document, struct fault *fault, struct bill_terms *out_terms, struct bill_energy *out_energy,
                           struct bill_prices *out_prices)
{
    json_t *json = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    out_energy->intervals = NULL;
    out_energy->interval_count = out_energy->interval_size = 0;
    *out_prices = (struct bill_prices){0};
    bool good = json && read_terms(json, out_terms) && read_energy(json, out_terms, out_energy) && read_prices(json, out_prices);
    json_decref(json);
    if (good)
        return OK;
    bill_energy_finish(out_energy);
    bill_prices_finish(out_prices);
    return fault_set(fault, ERR_INVALID, "these are no inputs of a bill");
}

/* ---- making again ---- */

enum err bill_terms_plan(const struct bill_terms *terms, const struct tariff *tariff, const struct zone *zone, struct fault *fault,
                         struct rate_plan **out)
{
    return rate_plan_create(&(struct rate_terms){.tariff = tariff,
                                                 .zone = zone,
                                                 .from_day = terms->from_day,
                                                 .until_day = terms->until_day,
                                                 .cycle_days = terms->cycle_days,
                                                 .known_utc_ms = INT64_MAX},
                            fault, out);
}

static void name_bill(const struct bill_terms *terms, enum bill_state state, struct bill *bill)
{
    text_copy(bill->bill_id, sizeof bill->bill_id, terms->bill_id);
    text_copy(bill->account_id, sizeof bill->account_id, terms->account_id);
    text_copy(bill->meter_id, sizeof bill->meter_id, terms->meter_id);
    bill->meter_no = terms->meter_no;
    bill->state = state;
    bill->complete = terms->complete;
    bill->estimated_wh = terms->estimated_wh;
    bill->estimated_cycles = terms->estimated_cycles;
    bill->estimated_beyond = terms->estimated_beyond;
    bill->as_of_utc_ms = terms->as_of_utc_ms;
}

enum err bill_work_out(const struct bill_inputs *inputs, enum bill_state state, const struct rate_trace *trace, struct fault *fault, struct bill *out)
{
    struct rate_input input = {.account = &inputs->terms->account,
                               .series = inputs->series,
                               .series_count = inputs->series_count,
                               .provisional = state == BILL_OPEN,
                               .explain = trace != NULL,
                               .trace = trace};
    bill_clear(out);
    bill_energy_input(inputs->energy, &input);
    enum err err = rate(inputs->plan, &input, fault, out, NULL);
    if (err == OK)
        name_bill(inputs->terms, state, out);
    return err;
}

enum err bill_made_again(const struct bill_terms *terms, const struct rate_plan *plan, const struct bill_energy *energy,
                         const struct price_series *series, int series_count, struct fault *fault, struct buf *out)
{
    const struct bill_inputs inputs = {terms, plan, energy, series, series_count};
    const struct tariff_version *version = tariff_version_on(rate_plan_terms(plan)->tariff, terms->until_day - 1);
    struct bill *bill = malloc(sizeof *bill);
    if (!bill)
        return fault_set(fault, ERR_FATAL, "no memory");
    enum err err = bill_work_out(&inputs, BILL_DRAFT, NULL, fault, bill);
    if (err == OK)
        bill_write(out, bill, version ? version->print_days : DAYS_INCLUSIVE);
    free(bill);
    return err;
}
