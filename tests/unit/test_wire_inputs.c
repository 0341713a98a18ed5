/* Inputs of a bill: what is written is read again, the bill comes out of them byte for byte, and what is broken is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "daemon/zones.h"
#include "wire/bill_explain.h"
#include "wire/bill_inputs.h"
#include "wire/json_out.h"
#include "wire/tariff_json.h"

#define DAYS 31

static struct zones *zones;
static const struct zone *zone;
static struct tariff *tariff;
static struct rate_plan *plan;
static struct bill_energy energy;
static struct bill_terms terms;
static struct price_series series[2];
static struct series_price prices[4000];

static const char by_days[] = "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                              "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]}],"
                              "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\"}]}]}";
static const char by_intervals[] = "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                                   "{\"id\":\"energy\",\"kind\":\"energy\",\"series\":\"spot\",\"unit\":\"BRL/kWh\"}]}]}";

static void prepare(const char *document)
{
    struct fault fault = {0};
    int32_t first;
    assert_true(civil_parse("2026-10-01", &first));
    if (tariff_parse(document, strlen(document), &fault, &tariff) != OK)
        fail_msg("%s %s", fault.pointer, fault.text);
    memset(&terms, 0, sizeof terms);
    terms = (struct bill_terms){.from_day = first,
                                .until_day = first + DAYS,
                                .cycle_days = DAYS,
                                .meter_no = 7,
                                .complete = true,
                                .estimated_wh = 1200,
                                .estimated_cycles = 1,
                                .as_of_utc_ms = INT64_C(1793761200000)};
    terms.account.average_wh = 250000;
    terms.account.amps = 63;
    text_copy(terms.account.attributes[ACCOUNT_CLASS], SHORT_NAME_SIZE, "residential");
    text_copy(terms.tz, sizeof terms.tz, "America/Sao_Paulo");
    text_copy(terms.tariff_id, sizeof terms.tariff_id, tariff->tariff_id);
    text_copy(terms.version_hash, sizeof terms.version_hash, tariff->version_hash);
    text_copy(terms.bill_id, sizeof terms.bill_id, "casa-1-2026-10-01");
    text_copy(terms.account_id, sizeof terms.account_id, "casa-1");
    text_copy(terms.meter_id, sizeof terms.meter_id, "casa");
    assert_int_equal(bill_terms_plan(&terms, tariff, zone, &fault, &plan), OK);
    energy.from_day = terms.from_day;
    energy.until_day = terms.until_day;
    for (int i = 0; i < DAYS; i++) {
        energy.days[i] = (struct energy_sum){.wh = 8000 + i * 37, .measured = 90, .estimated = 3, .partial = 1, .missing = 1, .edited = 1};
        energy.export_days[i] = (struct energy_sum){.wh = i, .measured = 96};
    }
}

static int finish(void **state)
{
    (void)state;
    rate_plan_destroy(plan);
    tariff_destroy(tariff);
    bill_energy_finish(&energy);
    energy.interval_count = energy.interval_size = 0;
    plan = NULL;
    tariff = NULL;
    return 0;
}

static int64_t column_sum(const json_t *intervals, const char *name)
{
    int64_t sum = 0;
    json_t *value;
    size_t i;
    json_array_foreach(json_object_get(intervals, name), i, value) sum += json_integer_value(value);
    return sum;
}

/* The answer's first line as JSON, from the engine that made the bill; *out_next as it says. */
static json_t *explained_line(const struct bill_inputs *inputs, const struct explain_ask *ask, const char *document, int *out_next)
{
    struct bill_explained *explained = NULL;
    struct fault fault = {0};
    struct buf text;
    buf_init(&text, 1 << 22);
    assert_int_equal(bill_explain(inputs, BILL_DRAFT, ask, &fault, &explained), OK);
    assert_true(bill_explained_same(explained, document));
    out_object(&text, NULL);
    bill_explain_members(&text, explained);
    out_end_object(&text);
    json_t *json = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL), *lines = json_object_get(json, "lines");
    assert_int_equal(json_array_size(lines), ask->line < 0 ? bill_explained_bill(explained)->line_count : 1);
    json_t *line = json_incref(json_array_get(lines, 0));
    assert_true(json_string_length(json_object_get(line, "how")) > 0);
    *out_next = bill_explained_next(explained);
    json_decref(json);
    buf_finish(&text);
    bill_explained_destroy(explained);
    return line;
}

/* Its intervals add up, by days and one by one in pages; `finest` are there. */
static void is_explained(const struct bill_inputs *inputs, const char *document, int finest)
{
    struct explain_ask ask = {.line = -1};
    struct bill_explained *none = NULL;
    int64_t wh = 0, metered_wh = 0;
    int next, seen = 0;
    json_t *whole = explained_line(inputs, &ask, document, &next), *intervals = json_object_get(whole, "intervals");
    int64_t quantity_wh = json_integer_value(json_object_get(json_object_get(whole, "energy"), "quantity_wh"));
    assert_int_equal(json_array_size(json_object_get(intervals, "t")), DAYS);
    assert_true(quantity_wh > 0 && column_sum(intervals, "wh") == quantity_wh);
    for (ask = (struct explain_ask){.limit = 700}; ask.first == 0 || next > 0; ask.first = next) {
        json_t *line = explained_line(inputs, &ask, document, &next);
        intervals = json_object_get(line, "intervals");
        wh += column_sum(intervals, "wh");
        metered_wh += column_sum(intervals, "metered_wh");
        seen += (int)json_array_size(json_object_get(intervals, "t"));
        json_decref(line);
        if (next == 0)
            break;
    }
    assert_int_equal(seen, finest);
    assert_int_equal(wh, quantity_wh);
    assert_int_equal(metered_wh, json_integer_value(json_object_get(json_object_get(whole, "energy"), "metered_wh")));
    json_decref(whole);
    assert_int_equal(bill_explain(inputs, BILL_DRAFT, &(struct explain_ask){.line = 100, .limit = 1}, NULL, &none), ERR_INVALID);
    assert_null(none);
}

/* Through the document and back: the same bill, and the same document. */
static void goes_round(int series_count, int finest)
{
    static struct bill_energy read_energy;
    struct bill_terms read_terms;
    struct bill_prices read_prices;
    struct buf inputs, again, bill, bill_again;
    struct fault fault = {0};
    buf_init(&inputs, 1 << 20);
    buf_init(&again, 1 << 20);
    buf_init(&bill, 1 << 20);
    buf_init(&bill_again, 1 << 20);
    if (bill_made_again(&terms, plan, &energy, series, series_count, &fault, &bill) != OK)
        fail_msg("%s", fault.text);
    bill_inputs_write(&inputs, &terms, plan, &energy, series, series_count);
    assert_int_equal(bill_inputs_parse(inputs.data, &fault, &read_terms, &read_energy, &read_prices), OK);
    assert_int_equal(bill_made_again(&read_terms, plan, &read_energy, read_prices.series, read_prices.count, &fault, &bill_again), OK);
    assert_string_equal(bill_again.data, bill.data);
    assert_non_null(strstr(bill.data, "\"estimated_wh\":1200"));
    is_explained(&(struct bill_inputs){&read_terms, plan, &read_energy, read_prices.series, read_prices.count}, bill.data, finest);
    bill_inputs_write(&again, &read_terms, plan, &read_energy, read_prices.series, read_prices.count);
    assert_string_equal(again.data, inputs.data);
    bill_energy_finish(&read_energy);
    bill_prices_finish(&read_prices);
    /* Cut off anywhere it is none. */
    for (size_t len = 0; len < inputs.len; len += 1 + len / 50) {
        char *cut = strndup(inputs.data, len);
        assert_int_equal(bill_inputs_parse(cut, NULL, &read_terms, &read_energy, &read_prices), ERR_INVALID);
        free(cut);
    }
    buf_finish(&inputs);
    buf_finish(&again);
    buf_finish(&bill);
    buf_finish(&bill_again);
}

static void day_sums(void **state)
{
    (void)state;
    prepare(by_days);
    goes_round(0, DAYS);
}

/* Quarter-hours with a gap, of two lengths, and prices beyond the cycle, which are left out. */
static void intervals_and_prices(void **state)
{
    int64_t from_ms;
    (void)state;
    prepare(by_intervals);
    from_ms = zone_midnight_utc_ms(zone, terms.from_day);
    for (int i = 0; i < DAYS * 96; i++) {
        struct rate_interval interval = {.start_utc_ms = from_ms + i * INT64_C(900000),
                                         .length_ms = 900000,
                                         .quality = i % 50 == 0 ? QUALITY_ESTIMATED : QUALITY_MEASURED,
                                         .import_wh = 100 + i % 7,
                                         .export_wh = i % 5};
        if (i % 1000 != 999)
            assert_true(bill_energy_push(&energy, &interval, 1));
    }
    for (int i = 0; i < 4000; i++)
        prices[i] = (struct series_price){from_ms + (i - 200) * INT64_C(1800000), from_ms + (i - 199) * INT64_C(1800000), (i % 48 - 5) * 10000000};
    series[0] = (struct price_series){.id = "spot", .count = 4000, .prices = prices};
    series[1] = (struct price_series){.id = "other", .count = 10, .prices = prices};
    goes_round(2, DAYS * 96 - 2);
}

static void terms_alone(void **state)
{
    static struct bill_energy read_energy;
    struct bill_terms read;
    struct bill_prices read_prices;
    struct buf text, again;
    (void)state;
    prepare(by_days);
    buf_init(&text, 1 << 16);
    buf_init(&again, 1 << 16);
    bill_terms_write(&text, &terms);
    assert_int_equal(bill_inputs_parse(text.data, NULL, &read, &read_energy, &read_prices), OK);
    assert_int_equal(read_energy.from_day, read_energy.until_day);
    bill_terms_write(&again, &read);
    assert_string_equal(again.data, text.data);
    assert_int_equal(bill_inputs_parse("{\"schema\":\"bill-inputs/2\"}", NULL, &read, &read_energy, &read_prices), ERR_INVALID);
    assert_int_equal(bill_inputs_parse("[]", NULL, &read, &read_energy, &read_prices), ERR_INVALID);
    buf_finish(&text);
    buf_finish(&again);
}

static int open_zone(void **state)
{
    (void)state;
    zones = zones_create(ZONES_DIR_DEFAULT);
    return zones && zones_get(zones, "America/Sao_Paulo", NULL, &zone) == OK ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    zones_destroy(zones);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(day_sums, finish),
        cmocka_unit_test_teardown(intervals_and_prices, finish),
        cmocka_unit_test_teardown(terms_alone, finish),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
