/* Rating: bills that can be recomputed by hand. Tariffs are documents here too: tests/tables/tariffs holds whole cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "energy/rate.h"
#include "wire/tariff_json.h"

static struct tariff *tariff;
static struct energy_sum days[CYCLE_DAYS_MAX];
static struct rate_quantities given;
static struct rate_state closing;
static struct bill bill;
static struct fault fault;
static struct rate_terms terms;

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(civil_parse(text, &day));
    return day;
}

/* A tariff of these versions; R$, April 2026. */
static void tariff_of(const char *versions)
{
    char text[8192];
    snprintf(text, sizeof text, "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[%s]}", versions);
    tariff_destroy(tariff);
    tariff = NULL;
    if (tariff_parse(text, strlen(text), &fault, &tariff) != OK)
        fail_msg("%s %s", fault.pointer, fault.text);
    terms = (struct rate_terms){.tariff = tariff, .from_day = day_of("2026-04-01"), .until_day = day_of("2026-05-01"), .known_utc_ms = INT64_MAX};
}

static void charges_of(const char *charges)
{
    char text[6144];
    snprintf(text, sizeof text, "{\"from\":\"2026-01-01\",%s}", charges);
    tariff_of(text);
}

static void energy_of_days(int64_t wh_each)
{
    for (int i = 0; i < CYCLE_DAYS_MAX; i++)
        days[i] = (struct energy_sum){.wh = wh_each, .measured = 96};
}

static void rated(void)
{
    memset(&bill, 0, sizeof bill);
    if (rate_days(&terms, days, &fault, &bill) != OK)
        fail_msg("%s %s", fault.pointer, fault.text);
}

static void rated_given(const struct rate_account *account, const struct rate_state *opening)
{
    struct rate_plan *plan;
    struct rate_input input = {.account = account, .opening = opening, .quantities = &given};
    memset(&bill, 0, sizeof bill);
    if (rate_plan_create(&terms, &fault, &plan) != OK || rate(plan, &input, &fault, &bill, &closing) != OK)
        fail_msg("%s %s", fault.pointer, fault.text);
    rate_plan_destroy(plan);
}

static void give(struct rate_list *list, const char *name, int64_t value)
{
    snprintf(list->rows[list->count].name, NAME_SIZE, "%s", name);
    list->rows[list->count++].value = value;
}

static int fresh(void **state)
{
    (void)state;
    memset(&fault, 0, sizeof fault);
    memset(&given, 0, sizeof given);
    memset(&bill, 0, sizeof bill);
    energy_of_days(0);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    tariff_destroy(tariff);
    tariff = NULL;
    return 0;
}

#define FLAT "\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"}]"

static void one_rate(void **state)
{
    (void)state;
    charges_of(FLAT ",\"act\":\"REH 1\"");
    energy_of_days(10001);
    rated();
    assert_int_equal(bill.import_wh, 300030);
    assert_int_equal(bill.billed_wh, 300030);
    assert_int_equal(bill.days, 30);
    assert_int_equal(bill.line_count, 1);
    assert_int_equal(bill.lines[0].amount.minor, 15002); /* 300.03 · 0.50 = 150.015, a half goes away from zero */
    assert_string_equal(bill.lines[0].quantity, "300.03");
    assert_string_equal(bill.lines[0].unit_price, "0.50");
    assert_string_equal(bill.lines[0].unit, "kWh");
    assert_string_equal(bill.lines[0].segment, "2026-04-01/2026-05-01");
    assert_string_equal(bill.lines[0].rule, "/versions/0/charges/0");
    assert_string_equal(bill.lines[0].act, "REH 1");
    assert_string_equal(bill.lines[0].exact, "30003/2");
    assert_int_equal(bill.lines[0].quality, QUALITY_MEASURED);
    assert_true(bill.subtotal.minor == 15002 && bill.total.minor == 15002);
    assert_string_equal(bill.currency, "BRL");
    assert_string_equal(bill.tariff_id, "t");
}

/* -150.015 under every mode: what is toward zero, away from it, up and down are four different things below zero. */
static void every_mode_below_zero(void **state)
{
    static const struct {
        const char *mode;
        int64_t above, below;
    } rows[] = {{"half_away", 15002, -15002}, {"half_even", 15002, -15002}, {"half_up", 15002, -15001}, {"half_down", 15001, -15002},
                {"down", 15001, -15001},      {"up", 15002, -15002},        {"floor", 15001, -15002},   {"ceil", 15002, -15001}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int sign = 0; sign < 2; sign++) {
            char text[512];
            snprintf(text, sizeof text,
                     "\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"%s0.50\"}],\"rounding\":{\"line\":{\"mode\":\"%s\"}}",
                     sign ? "-" : "", rows[i].mode);
            charges_of(text);
            energy_of_days(10001);
            rated();
            assert_int_equal(bill.total.minor, sign ? rows[i].below : rows[i].above);
        }
}

static void nothing_used(void **state)
{
    (void)state;
    charges_of(FLAT);
    rated();
    assert_true(bill.line_count == 1 && bill.total.minor == 0);
    assert_string_equal(bill.lines[0].quantity, "0");
}

static void tiers(void **state)
{
    (void)state;
    charges_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.50\"],[220,\"0.75\"],[null,\"0.95\"]]}]");
    energy_of_days(10000); /* 300 kWh = 100 · 0.50 + 120 · 0.75 + 80 · 0.95 = 50 + 90 + 76 */
    rated();
    assert_int_equal(bill.line_count, 3);
    assert_int_equal(bill.lines[0].amount.minor, 5000);
    assert_int_equal(bill.lines[1].amount.minor, 9000);
    assert_int_equal(bill.lines[2].amount.minor, 7600);
    assert_string_equal(bill.lines[1].id, "energy.tier2");
    assert_string_equal(bill.lines[2].quantity, "80");
    energy_of_days(0);
    days[3].wh = 100000; /* exactly the first tier's end: no line of nothing */
    rated();
    assert_int_equal(bill.line_count, 1);
    assert_int_equal(bill.total.minor, 5000);
    days[3].wh = 100001;
    rated();
    assert_int_equal(bill.line_count, 2);
    assert_string_equal(bill.lines[1].quantity, "0.001");
}

static void fixed_charges(void **state)
{
    (void)state;
    charges_of(
        "\"charges\":[{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"},{\"id\":\"rent\",\"kind\":\"fixed\",\"per\":"
        "\"month\",\"amount\":\"5\"},{\"id\":\"paper\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"1.25\"}]");
    rated();
    assert_int_equal(bill.lines[0].amount.minor, 1200);
    assert_string_equal(bill.lines[0].quantity, "30");
    assert_string_equal(bill.lines[0].unit, "day");
    assert_int_equal(bill.lines[1].amount.minor, 500);
    assert_int_equal(bill.lines[2].amount.minor, 125);
    terms.cycle_days = 60; /* moved in half-way: a share of the month and of the bill, the days as they are */
    rated();
    assert_int_equal(bill.lines[0].amount.minor, 1200);
    assert_int_equal(bill.lines[1].amount.minor, 250);
    assert_string_equal(bill.lines[1].quantity, "0.5");
    assert_int_equal(bill.lines[2].amount.minor, 63); /* 62.5 */
}

#define INSIDE                                                                                                                                       \
    "\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.62098\"},{\"id\":\"paper\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":"    \
    "\"12.50\"}],\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\",\"base\":[\"energy\"]},{\"id\":\"pis\",\"kind\":"             \
    "\"por_dentro\",\"rate\":\"0.0612\",\"base\":[\"energy\"],\"excludes\":[\"icms\"]}]"

/* CPFL's line of tariff.md: 190 kWh × 0.62098 / (0.82 × 0.9388) = 153.27. */
static void por_dentro(void **state)
{
    (void)state;
    charges_of(INSIDE);
    days[0].wh = 190000;
    rated();
    assert_int_equal(bill.lines[0].amount.minor, 15327);
    assert_string_equal(bill.lines[0].unit_price, "0.62098"); /* the printed price is the net one */
    assert_string_equal(bill.lines[0].unit_price_gross, "0.80666029");
    assert_int_equal(bill.lines[0].taxed, 3);
    assert_int_equal(bill.lines[0].tax_minor[0], 2759); /* 18 % */
    assert_int_equal(bill.lines[0].tax_minor[1], 769);  /* 6.12 % of 153.27 − 27.59 */
    assert_int_equal(bill.lines[1].taxed, 0);
    assert_int_equal(bill.lines[1].amount.minor, 1250);
    assert_true(bill.tax_count == 2 && bill.taxes[0].included && bill.taxes[0].amount.minor == 2759);
    assert_int_equal(bill.total.minor, 15327 + 1250); /* inside, not on top */
}

/* What a tax is on the whole bill, its lines add up to, although each alone rounds another way. */
static void tax_lines_add_up(void **state)
{
    (void)state;
    charges_of(
        "\"charges\":[{\"id\":\"a\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"0.10\"},{\"id\":\"b\",\"kind\":\"fixed\",\"per\":\"bill\","
        "\"amount\":\"0.10\"},{\"id\":\"c\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"0.10\"}],"
        "\"taxes\":[{\"id\":\"t\",\"kind\":\"por_dentro\",\"rate\":\"0.24\"}]");
    rated();
    assert_int_equal(bill.taxes[0].amount.minor, 9); /* 0.24 · 0.39 = 0.0936, but three times 0.0312 → 0.03 */
    assert_int_equal(bill.lines[0].tax_minor[0] + bill.lines[1].tax_minor[0] + bill.lines[2].tax_minor[0], 9);
}

static void por_fora(void **state)
{
    (void)state;
    charges_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"},{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\","
               "\"amount\":\"0.40\"},{\"id\":\"untaxed\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"1\"}],"
               "\"taxes\":[{\"id\":\"vat\",\"kind\":\"por_fora\",\"rate\":\"0.05\",\"base\":[\"energy\",\"standing\"]},"
               "{\"id\":\"levy\",\"kind\":\"per_kwh\",\"rate\":\"0.0005\"},"
               "{\"id\":\"on_tax\",\"kind\":\"por_fora\",\"rate\":\"0.10\",\"base\":[\"vat\"]}]");
    energy_of_days(10000);
    rated();
    assert_int_equal(bill.subtotal.minor, 16300);
    assert_int_equal(bill.taxes[0].amount.minor, 810); /* of 162.00 */
    assert_int_equal(bill.taxes[1].amount.minor, 15);  /* 300 kWh */
    assert_int_equal(bill.taxes[2].amount.minor, 81);
    assert_int_equal(bill.total.minor, 16300 + 810 + 15 + 81);
}

/* Lines finer than the cent are added as they are printed; or nothing is rounded but the total. */
static void sum_of_lines_or_round_of_sum(void **state)
{
    static const char pieces[] =
        "\"charges\":[{\"id\":\"a\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"0.004\"},{\"id\":\"b\",\"kind\":\"fixed\","
        "\"per\":\"bill\",\"amount\":\"0.004\"},{\"id\":\"c\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"0.004\"}],"
        "\"rounding\":{\"line\":{\"digits\":%d},\"total_policy\":\"%s\"}";
    static const struct {
        int digits;
        const char *policy;
        int64_t total, rounding;
    } rows[] = {{2, "sum_of_lines", 0, 0}, {4, "sum_of_lines", 1, 1}, {2, "round_of_sum", 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, pieces, rows[i].digits, rows[i].policy);
        charges_of(text);
        rated();
        assert_int_equal(bill.total.minor, rows[i].total);
        assert_int_equal(bill.rounding.minor, rows[i].rounding); /* told, so that the bill adds up */
        assert_string_equal(bill.lines[0].amount_text, rows[i].digits == 4 ? "0.0040" : "0.00");
    }
}

static void version_changes_mid_cycle(void **state)
{
    (void)state;
    tariff_of(
        "{\"from\":\"2026-01-01\",\"until\":\"2026-04-11\",\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[30,\"0\"],[null,\"1\"]]},"
        "{\"id\":\"rent\",\"kind\":\"fixed\",\"per\":\"month\",\"amount\":\"3\"}]},"
        "{\"from\":\"2026-04-11\",\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.80\"},"
        "{\"id\":\"rent\",\"kind\":\"fixed\",\"per\":\"month\",\"amount\":\"6\"}]}");
    energy_of_days(2000);
    rated();
    assert_string_equal(bill.lines[0].segment, "2026-04-01/2026-04-11");
    assert_string_equal(bill.lines[0].quantity, "10"); /* tiers shrink with the days: 30 kWh of a whole cycle are 10 of these ten days */
    assert_int_equal(bill.lines[1].amount.minor, 1000);
    assert_int_equal(bill.lines[2].amount.minor, 100); /* 10/30 of 3.00 */
    assert_int_equal(bill.lines[3].amount.minor, 3200);
    assert_int_equal(bill.lines[4].amount.minor, 400);
    assert_int_equal(bill.import_wh, 60000);
}

/* A later correction of the same days counts once it is known. */
static void known_later(void **state)
{
    (void)state;
    tariff_of("{\"from\":\"2026-01-01\"," FLAT "},{\"from\":\"2026-01-01\",\"known_from\":\"2026-06-01T00:00:00Z\",\"charges\":"
              "[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.60\"}]}");
    energy_of_days(10000);
    rated();
    assert_int_equal(bill.total.minor, 18000);
    terms.known_utc_ms = INT64_C(1780000000000); /* 2026-05-28 */
    rated();
    assert_int_equal(bill.total.minor, 15000);
    terms.version_no = 2;
    rated();
    assert_int_equal(bill.total.minor, 18000);
}

static void quality_of_a_line(void **state)
{
    (void)state;
    charges_of(FLAT);
    energy_of_days(1000);
    days[7].estimated = 1;
    rated();
    assert_int_equal(bill.lines[0].quality, QUALITY_ESTIMATED);
    days[7].missing = 1;
    rated();
    assert_int_equal(bill.lines[0].quality, QUALITY_PARTIAL);
}

/* ---- credits in kWh ---- */

#define BRANCA                                                                                                                                       \
    "\"tou\":{\"default\":\"off\",\"windows\":[{\"id\":\"peak\",\"days\":\"weekday\",\"from\":\"18:00\",\"to\":\"21:00\"}]},"                        \
    "\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rates\":{\"off\":\"0.50\",\"peak\":\"1.00\"}}]"

static void credits_by_window(void **state)
{
    struct rate_state opening = {.lot_count = 2, .lots = {{2026 * 12 + 1, "peak", 4000}, {2021 * 12 + 1, "off", 7000}}};
    (void)state;
    charges_of(BRANCA ",\"credits\":{\"mode\":\"kwh_rollover\",\"bucket_order\":[\"same\",\"others\"],\"lots\":\"fifo\",\"expiry_months\":60}");
    give(&given.import_wh, "off", 100000);
    give(&given.import_wh, "peak", 20000);
    give(&given.export_wh, "off", 110000);
    rated_given(NULL, &opening);
    /* off covers all of off, its 10 left go to peak, the lot of peak covers 4 more; the lot of 2021 has expired */
    assert_int_equal(bill.total.minor, 600);
    assert_int_equal(bill.credits[0].earned, 110000);
    assert_int_equal(bill.credits[0].used, 114000);
    assert_int_equal(bill.credits[0].expired, 7000);
    assert_int_equal(bill.credits[0].closing, 0);
    assert_int_equal(closing.lot_count, 0);
}

static void never_below_the_minimum(void **state)
{
    struct rate_account account = {.attributes = {"1"}, .average_wh = -1};
    (void)state;
    charges_of(BRANCA ",\"minimum\":{\"kind\":\"kwh_equivalent\",\"by_phases\":{\"1\":30,\"3\":100}},"
                      "\"credits\":{\"mode\":\"kwh_rollover\",\"floor\":\"minimum\",\"expiry_months\":60,"
                      "\"fio_b\":{\"rate\":\"0.10\",\"share_by_year\":{\"2026\":\"0.60\"}}}");
    give(&given.import_wh, "off", 100000);
    give(&given.import_wh, "peak", 0);
    give(&given.export_wh, "off", 200000);
    rated_given(&account, NULL);
    assert_int_equal(bill.billed_wh, 30000);
    assert_int_equal(bill.credits[0].used, 70000);
    assert_int_equal(closing.lots[0].wh, 130000); /* what the minimum left is not lost */
    assert_int_equal(bill.lines[0].amount.minor, 1500);
    assert_string_equal(bill.lines[1].id, "fio_b.off");
    assert_int_equal(bill.lines[1].amount.minor, 420); /* 70 · 0.10 · 60 % */
}

static void the_minimum_needs_phases(void **state)
{
    struct rate_plan *plan;
    struct rate_input input = {.quantities = &given};
    (void)state;
    charges_of(BRANCA ",\"minimum\":{\"kind\":\"kwh_equivalent\",\"by_phases\":{\"1\":30}}");
    assert_int_equal(rate_plan_create(&terms, &fault, &plan), OK);
    assert_int_equal(rate(plan, &input, &fault, &bill, NULL), ERR_INVALID);
    assert_non_null(strstr(fault.text, "phases"));
    rate_plan_destroy(plan);
}

/* ---- what is refused ---- */

static void a_day_without_a_price(void **state)
{
    static struct bill before;
    (void)state;
    tariff_of("{\"from\":\"2026-01-01\",\"until\":\"2026-04-20\"," FLAT "}");
    bill.total.minor = 77;
    before = bill;
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
    assert_non_null(strstr(fault.text, "2026-04-20"));
    assert_memory_equal(&before, &bill, sizeof bill);
}

static void too_large_is_an_error(void **state)
{
    (void)state;
    charges_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"9223372036.854775807\"}]");
    energy_of_days(INT64_C(9007199254740991) / 30);
    bill.total.minor = 5;
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
    assert_int_equal(bill.total.minor, 5);
    assert_true(fault.text[0]);
    energy_of_days(INT64_MAX);
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
    terms.until_day = terms.from_day;
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
    terms.until_day = terms.from_day + CYCLE_DAYS_MAX + 1;
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
}

static void day_sums_are_not_enough(void **state)
{
    (void)state;
    charges_of(BRANCA);
    assert_int_equal(rate_days(&terms, days, &fault, &bill), ERR_INVALID);
    assert_non_null(strstr(fault.text, "intervals"));
}

static void same_inputs_same_bytes(void **state)
{
    static struct bill first;
    (void)state;
    charges_of(INSIDE);
    energy_of_days(12345);
    rated();
    first = bill;
    rated();
    assert_memory_equal(&first, &bill, sizeof bill);
}

static void versions_by_day(void **state)
{
    (void)state;
    tariff_of("{\"from\":\"2026-01-01\",\"until\":\"2026-06-01\"," FLAT "},{\"from\":\"2026-06-01\"," FLAT "},{\"from\":\"2026-09-01\"," FLAT "}");
    assert_null(tariff_version_on(tariff, day_of("2025-12-31")));
    assert_ptr_equal(tariff_version_on(tariff, day_of("2026-01-01")), &tariff->versions[0]);
    assert_ptr_equal(tariff_version_on(tariff, day_of("2026-05-31")), &tariff->versions[0]);
    assert_ptr_equal(tariff_version_on(tariff, day_of("2026-06-01")), &tariff->versions[1]);
    assert_ptr_equal(tariff_version_on(tariff, day_of("2026-10-01")), &tariff->versions[2]); /* a later act overrides an open end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_rate, fresh),
        cmocka_unit_test_setup(every_mode_below_zero, fresh),
        cmocka_unit_test_setup(nothing_used, fresh),
        cmocka_unit_test_setup(tiers, fresh),
        cmocka_unit_test_setup(fixed_charges, fresh),
        cmocka_unit_test_setup(por_dentro, fresh),
        cmocka_unit_test_setup(tax_lines_add_up, fresh),
        cmocka_unit_test_setup(por_fora, fresh),
        cmocka_unit_test_setup(sum_of_lines_or_round_of_sum, fresh),
        cmocka_unit_test_setup(version_changes_mid_cycle, fresh),
        cmocka_unit_test_setup(known_later, fresh),
        cmocka_unit_test_setup(quality_of_a_line, fresh),
        cmocka_unit_test_setup(credits_by_window, fresh),
        cmocka_unit_test_setup(never_below_the_minimum, fresh),
        cmocka_unit_test_setup(the_minimum_needs_phases, fresh),
        cmocka_unit_test_setup(a_day_without_a_price, fresh),
        cmocka_unit_test_setup(too_large_is_an_error, fresh),
        cmocka_unit_test_setup(day_sums_are_not_enough, fresh),
        cmocka_unit_test_setup(same_inputs_same_bytes, fresh),
        cmocka_unit_test_setup_teardown(versions_by_day, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
