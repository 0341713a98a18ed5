/* Rating: bills that can be recomputed by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "energy/rate.h"

static struct tariff_version versions[3];
static struct tariff tariff;
static struct rate_input input;
static struct bill bill;

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(civil_parse(text, &day));
    return day;
}

/* One version, one energy charge at 0.50, BRL, from 2026-01-01 on. */
static int fresh(void **state)
{
    (void)state;
    memset(versions, 0, sizeof versions);
    memset(&tariff, 0, sizeof tariff);
    memset(&input, 0, sizeof input);
    memset(&bill, 0, sizeof bill);
    strcpy(tariff.tariff_id, "t");
    strcpy(tariff.currency, "BRL");
    strcpy(tariff.version_hash, "h");
    tariff.minor_digits = 2;
    tariff.version_count = 1;
    tariff.versions = versions;
    for (int v = 0; v < 3; v++) {
        versions[v].from_day = day_of("2026-01-01");
        versions[v].until_day = DAY_NEVER;
        versions[v].line = (struct round_rule){2, ROUND_HALF_AWAY};
        versions[v].charge_count = 1;
        strcpy(versions[v].charges[0].id, "energy");
        strcpy(versions[v].charges[0].rule, v == 0 ? "/versions/0/charges/0" : v == 1 ? "/versions/1/charges/0" : "/versions/2/charges/0");
        versions[v].charges[0].kind = CHARGE_ENERGY;
        versions[v].charges[0].tier_count = 1;
        versions[v].charges[0].tiers[0] = (struct tier){INT64_MAX, NANO / 2};
    }
    input.from_day = day_of("2026-04-01");
    input.until_day = day_of("2026-05-01");
    return 0;
}

static void energy_of_days(int64_t wh_each)
{
    for (int i = 0; i < input.until_day - input.from_day; i++)
        input.days[i] = (struct energy_sum){.wh = wh_each, .measured = 96};
}

static void rated(void)
{
    struct fault fault = {0};
    if (rate_cycle(&tariff, &input, &fault, &bill) != OK)
        fail_msg("%s", fault.text);
}

static struct charge *add_fixed(int version, const char *id, enum charge_per per, int64_t amount_nano)
{
    struct charge *charge = &versions[version].charges[versions[version].charge_count++];
    strcpy(charge->id, id);
    snprintf(charge->rule, sizeof charge->rule, "/versions/%d/charges/%d", version, versions[version].charge_count - 1);
    charge->kind = CHARGE_FIXED;
    charge->per = per;
    charge->amount_nano = amount_nano;
    return charge;
}

static struct tax *add_tax(int version, const char *id, bool included, int64_t rate_nano, unsigned base)
{
    struct tax *tax = &versions[version].taxes[versions[version].tax_count++];
    strcpy(tax->id, id);
    tax->included = included;
    tax->rate_nano = rate_nano;
    tax->base = base;
    return tax;
}

static void one_rate(void **state)
{
    (void)state;
    energy_of_days(10001);
    rated();
    assert_int_equal(bill.import_wh, 300030);
    assert_int_equal(bill.days, 30);
    assert_int_equal(bill.line_count, 1);
    assert_int_equal(bill.lines[0].amount.minor, 15002); /* 300.03 · 0.50 = 150.015, a half goes away from zero */
    assert_string_equal(bill.lines[0].quantity, "300.03");
    assert_string_equal(bill.lines[0].unit_price, "0.50");
    assert_string_equal(bill.lines[0].unit, "kWh");
    assert_string_equal(bill.lines[0].segment, "2026-04-01/2026-05-01");
    assert_string_equal(bill.lines[0].rule, "/versions/0/charges/0");
    assert_string_equal(bill.lines[0].exact, "30003/2");
    assert_int_equal(bill.lines[0].quality, QUALITY_MEASURED);
    assert_true(bill.subtotal.minor == 15002 && bill.total.minor == 15002);
    assert_string_equal(bill.currency, "BRL");
    assert_string_equal(bill.tariff_id, "t");
    versions[0].line.mode = ROUND_HALF_EVEN;
    rated();
    assert_int_equal(bill.total.minor, 15002);
    versions[0].line.mode = ROUND_DOWN;
    rated();
    assert_int_equal(bill.total.minor, 15001);
}

static void nothing_used(void **state)
{
    (void)state;
    energy_of_days(0);
    rated();
    assert_true(bill.line_count == 1 && bill.total.minor == 0);
    assert_string_equal(bill.lines[0].quantity, "0");
}

static void tiers(void **state)
{
    struct charge *energy = &versions[0].charges[0];
    (void)state;
    energy->tier_count = 3;
    energy->tiers[0] = (struct tier){100000, 500000000};
    energy->tiers[1] = (struct tier){220000, 750000000};
    energy->tiers[2] = (struct tier){INT64_MAX, 950000000};
    energy_of_days(10000); /* 300 kWh = 100 · 0.50 + 120 · 0.75 + 80 · 0.95 = 50 + 90 + 76 */
    rated();
    assert_int_equal(bill.line_count, 3);
    assert_int_equal(bill.lines[0].amount.minor, 5000);
    assert_int_equal(bill.lines[1].amount.minor, 9000);
    assert_int_equal(bill.lines[2].amount.minor, 7600);
    assert_string_equal(bill.lines[1].id, "energy.tier2");
    assert_string_equal(bill.lines[2].quantity, "80");
    assert_int_equal(bill.total.minor, 21600);
    energy_of_days(0);
    input.days[3].wh = 100000; /* exactly the first tier's end: no line of nothing */
    rated();
    assert_int_equal(bill.line_count, 1);
    assert_int_equal(bill.total.minor, 5000);
    input.days[3].wh = 100001;
    rated();
    assert_int_equal(bill.line_count, 2);
    assert_string_equal(bill.lines[1].quantity, "0.001");
}

static void fixed_charges(void **state)
{
    (void)state;
    energy_of_days(0);
    add_fixed(0, "standing", PER_DAY, 400000000);
    add_fixed(0, "rent", PER_MONTH, 5 * NANO);
    add_fixed(0, "paper", PER_BILL, 1250000000);
    rated();
    assert_int_equal(bill.lines[1].amount.minor, 1200);
    assert_string_equal(bill.lines[1].quantity, "30");
    assert_string_equal(bill.lines[1].unit, "day");
    assert_int_equal(bill.lines[2].amount.minor, 500);
    assert_string_equal(bill.lines[2].quantity, "1");
    assert_int_equal(bill.lines[3].amount.minor, 125);
    assert_int_equal(bill.total.minor, 1825);
    input.cycle_days = 60; /* moved in half-way: a share of the month and of the bill, the days as they are */
    rated();
    assert_int_equal(bill.lines[1].amount.minor, 1200);
    assert_int_equal(bill.lines[2].amount.minor, 250);
    assert_string_equal(bill.lines[2].quantity, "0.5");
    assert_int_equal(bill.lines[3].amount.minor, 63); /* 62.5 */
}

/* CPFL's line of tariff.md: 190 kWh × 0.62098 / (0.82 × 0.9388) = 153.27, ICMS and PIS/COFINS as one joint rate. */
static void por_dentro(void **state)
{
    (void)state;
    versions[0].charges[0].tiers[0].rate_nano = 620980000;
    add_fixed(0, "cosip", PER_BILL, 12500000000);
    add_tax(0, "joint", true, 230184000, 1u); /* 1 − 0.82 · 0.9388 */
    energy_of_days(0);
    input.days[0].wh = 190000;
    rated();
    assert_int_equal(bill.lines[0].amount.minor, 15327);
    assert_string_equal(bill.lines[0].unit_price, "0.62098"); /* the printed price is the net one */
    assert_int_equal(bill.lines[0].tax_count, 1);
    assert_int_equal(bill.lines[0].tax_included[0].amount.minor, 3528); /* 153.27 · 0.230184 */
    assert_int_equal(bill.lines[1].amount.minor, 1250);
    assert_int_equal(bill.lines[1].tax_count, 0);
    assert_int_equal(bill.tax_count, 1);
    assert_true(bill.taxes[0].included);
    assert_int_equal(bill.taxes[0].amount.minor, 3528);
    assert_int_equal(bill.total.minor, 15327 + 1250); /* inside, not on top */
}

static void por_fora(void **state)
{
    (void)state;
    add_fixed(0, "standing", PER_DAY, 400000000);
    add_fixed(0, "untaxed", PER_BILL, NANO);
    add_tax(0, "vat", false, 50000000, 3u);
    add_tax(0, "levy", false, 1000000, 1u);
    energy_of_days(10000);
    rated();
    /* 150.00 + 12.00 taxed, 1.00 not: 8.10, and 0.15 on the energy alone */
    assert_int_equal(bill.subtotal.minor, 16300);
    assert_int_equal(bill.tax_count, 2);
    assert_int_equal(bill.taxes[0].amount.minor, 810);
    assert_false(bill.taxes[0].included);
    assert_int_equal(bill.taxes[1].amount.minor, 15);
    assert_int_equal(bill.total.minor, 16300 + 810 + 15);
}

/* billing.md's British bill in the form that can be billed by so far: lines of four digits, only the total rounded. */
static void sum_of_lines_or_round_of_sum(void **state)
{
    (void)state;
    add_fixed(0, "a", PER_BILL, 4000000); /* 0.004 each */
    add_fixed(0, "b", PER_BILL, 4000000);
    add_fixed(0, "c", PER_BILL, 4000000);
    energy_of_days(0);
    versions[0].line.digits = 4;
    rated();
    assert_int_equal(bill.total.minor, 0); /* each rounds to nothing */
    versions[0].total_policy = TOTAL_ROUND_OF_SUM;
    rated();
    assert_int_equal(bill.total.minor, 1); /* 0.012 */
    add_tax(0, "vat", false, 500000000, 14u);
    rated();
    assert_int_equal(bill.total.minor, 2); /* 0.018 */
}

static void version_changes_mid_cycle(void **state)
{
    struct charge *energy = &versions[0].charges[0];
    (void)state;
    tariff.version_count = 2;
    versions[0].until_day = versions[1].from_day = day_of("2026-04-11"); /* 10 days of 0.50, 20 of 0.80 */
    versions[1].charges[0].tiers[0].rate_nano = 800000000;
    add_fixed(0, "rent", PER_MONTH, 3 * NANO);
    add_fixed(1, "rent", PER_MONTH, 6 * NANO);
    energy_of_days(10000);
    for (int i = 0; i < 10; i++)
        input.days[i].wh = 1000;
    rated();
    assert_int_equal(bill.line_count, 4);
    assert_string_equal(bill.lines[0].segment, "2026-04-01/2026-04-11");
    assert_int_equal(bill.lines[0].amount.minor, 500);
    assert_int_equal(bill.lines[1].amount.minor, 100); /* 10/30 of 3.00 */
    assert_string_equal(bill.lines[2].segment, "2026-04-11/2026-05-01");
    assert_int_equal(bill.lines[2].amount.minor, 16000);
    assert_int_equal(bill.lines[3].amount.minor, 400);
    assert_int_equal(bill.import_wh, 210000);
    /* Tiers shrink with the days: the first 30 kWh of a whole cycle are 10 of these ten days. */
    energy->tier_count = 2;
    energy->tiers[0] = (struct tier){30000, 0};
    energy->tiers[1] = (struct tier){INT64_MAX, NANO};
    energy_of_days(2000);
    rated();
    assert_string_equal(bill.lines[0].quantity, "10");
    assert_string_equal(bill.lines[1].quantity, "10");
    assert_int_equal(bill.lines[1].amount.minor, 1000);
}

static void quality_of_a_line(void **state)
{
    (void)state;
    energy_of_days(1000);
    input.days[7].estimated = 1;
    rated();
    assert_int_equal(bill.lines[0].quality, QUALITY_ESTIMATED);
    input.days[7].missing = 1;
    rated();
    assert_int_equal(bill.lines[0].quality, QUALITY_PARTIAL);
}

/* A price below zero pays the customer; the cancelled bill is the exact negative. */
static void negative_prices(void **state)
{
    (void)state;
    energy_of_days(10001);
    versions[0].charges[0].tiers[0].rate_nano = -NANO / 2;
    rated();
    assert_int_equal(bill.total.minor, -15002);
    assert_string_equal(bill.lines[0].unit_price, "-0.50");
}

static void a_day_without_a_price(void **state)
{
    struct fault fault = {0};
    struct bill before;
    (void)state;
    energy_of_days(1000);
    versions[0].until_day = day_of("2026-04-20");
    bill.total.minor = 77;
    before = bill;
    assert_int_equal(rate_cycle(&tariff, &input, &fault, &bill), ERR_INVALID);
    assert_non_null(strstr(fault.text, "2026-04-20"));
    assert_memory_equal(&before, &bill, sizeof bill);
}

static void too_large_is_an_error(void **state)
{
    struct fault fault = {0};
    (void)state;
    energy_of_days(INT64_C(9007199254740991) / 30);
    versions[0].charges[0].tiers[0].rate_nano = INT64_MAX;
    bill.total.minor = 5;
    assert_int_equal(rate_cycle(&tariff, &input, &fault, &bill), ERR_INVALID);
    assert_int_equal(bill.total.minor, 5);
    assert_true(fault.text[0]);
    input.until_day = input.from_day;
    assert_int_equal(rate_cycle(&tariff, &input, &fault, &bill), ERR_INVALID);
    input.until_day = input.from_day + CYCLE_DAYS_MAX + 1;
    assert_int_equal(rate_cycle(&tariff, &input, &fault, &bill), ERR_INVALID);
}

/* Sums that leave 64 bits are told too, wherever they arise. */
static void totals_that_do_not_fit(void **state)
{
    struct fault fault = {0};
    (void)state;
    energy_of_days(0);
    tariff.minor_digits = 0;
    versions[0].line.digits = 0;
    for (int i = 0; i < 3; i++) { /* 3 × 9.2 · 10^9 per day × 400 days fits; more than 64 lines do not */
        char id[8];
        snprintf(id, sizeof id, "f%d", i);
        add_fixed(0, id, PER_DAY, INT64_MAX);
    }
    rated();
    assert_int_equal(bill.lines[1].amount.minor, INT64_C(276701161106));
    versions[0].charge_count = TARIFF_CHARGES_MAX;
    for (int i = 1; i < TARIFF_CHARGES_MAX; i++) {
        versions[0].charges[i] = versions[0].charges[0];
        snprintf(versions[0].charges[i].id, sizeof versions[0].charges[i].id, "e%d", i);
    }
    for (int i = 0; i < TARIFF_CHARGES_MAX; i++) {
        versions[0].charges[i].tier_count = 12;
        for (int t = 0; t < 12; t++)
            versions[0].charges[i].tiers[t] = (struct tier){t == 11 ? INT64_MAX : t + 1, NANO};
    }
    input.days[0].wh = 100;
    assert_int_equal(rate_cycle(&tariff, &input, &fault, &bill), ERR_INVALID); /* 192 lines */
}

static void same_inputs_same_bytes(void **state)
{
    static struct bill first;
    (void)state;
    energy_of_days(12345);
    add_fixed(0, "standing", PER_DAY, 123456789);
    add_tax(0, "vat", false, 70000000, 3u);
    rated();
    first = bill;
    memset(&bill, 0, sizeof bill);
    rated();
    assert_memory_equal(&first, &bill, sizeof bill);
}

static void versions_by_day(void **state)
{
    (void)state;
    tariff.version_count = 3;
    versions[0].until_day = day_of("2026-06-01");
    versions[1].from_day = day_of("2026-06-01");
    versions[2].from_day = day_of("2026-09-01"); /* a later act overrides an open end */
    assert_null(tariff_version_on(&tariff, day_of("2025-12-31")));
    assert_ptr_equal(tariff_version_on(&tariff, day_of("2026-01-01")), &versions[0]);
    assert_ptr_equal(tariff_version_on(&tariff, day_of("2026-05-31")), &versions[0]);
    assert_ptr_equal(tariff_version_on(&tariff, day_of("2026-06-01")), &versions[1]);
    assert_ptr_equal(tariff_version_on(&tariff, day_of("2026-10-01")), &versions[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_rate, fresh),
        cmocka_unit_test_setup(nothing_used, fresh),
        cmocka_unit_test_setup(tiers, fresh),
        cmocka_unit_test_setup(fixed_charges, fresh),
        cmocka_unit_test_setup(por_dentro, fresh),
        cmocka_unit_test_setup(por_fora, fresh),
        cmocka_unit_test_setup(sum_of_lines_or_round_of_sum, fresh),
        cmocka_unit_test_setup(version_changes_mid_cycle, fresh),
        cmocka_unit_test_setup(quality_of_a_line, fresh),
        cmocka_unit_test_setup(negative_prices, fresh),
        cmocka_unit_test_setup(a_day_without_a_price, fresh),
        cmocka_unit_test_setup(too_large_is_an_error, fresh),
        cmocka_unit_test_setup(totals_that_do_not_fit, fresh),
        cmocka_unit_test_setup(same_inputs_same_bytes, fresh),
        cmocka_unit_test_setup(versions_by_day, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
