/* The bill so far and the bills of past cycles: made of days and a tariff, published retained at most once a minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

#define BILL "meters/casa/bill"
static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"flat\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"}]}]}";
static const char dearer[] = "{\"schema\":\"tariff/1\",\"id\":\"flat\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"1.00\"}]}]}";

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_tariff(&rig, tariff);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 3600);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static int64_t value_of(const char *document, const char *key)
{
    json_t *root = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    if (!root)
        fail_msg("no document: %s", document);
    const json_t *value = json_object_get(root, key);
    int64_t number = json_is_boolean(value) ? json_is_true(value) : json_integer_value(value);
    json_decref(root);
    return number;
}

static int64_t forecast_of(const char *document, const char *key)
{
    json_t *root = json_loads(document, 0, NULL);
    const json_t *forecast = json_object_get(root, "forecast");
    int64_t number = json_is_object(forecast) ? json_integer_value(json_object_get(forecast, key)) : -1;
    json_decref(root);
    return number;
}

static bool in_state(const char *document, const char *state)
{
    char text[32];
    snprintf(text, sizeof text, "\"state\":\"%s\"", state);
    return strstr(document, text) != NULL;
}

/* Hourly reads of 500 Wh each from a day at 03:00Z (a local midnight) on. */
static void hourly(int64_t from_ms, int64_t until_ms, int64_t first_wh)
{
    for (int64_t ts = from_ms; ts <= until_ms; ts += RIG_HOUR)
        rig_read(&rig, "casa", ts, first_wh + (ts - from_ms) / RIG_HOUR * 500);
}

#define LOCAL_MIDNIGHT (RIG_NOW - 9 * RIG_HOUR) /* 2026-11-22T00:00 in São Paulo */

static void bill_so_far(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW, 1000); /* from November the first on */
    rig_settle(&rig);
    const char *bill = rig_bill(&rig, "casa.2026-11-01");
    assert_true(in_state(bill, "open"));
    /* 21 days and 9 hours · 0.5 kWh = 256.5 kWh */
    assert_int_equal(value_of(bill, "import_wh"), 256500);
    assert_int_equal(value_of(bill, "total_minor"), 12825);
    assert_int_equal(value_of(bill, "complete"), 1); /* up to the newest reading's day */
    assert_int_equal(value_of(bill, "days"), 30);
    assert_non_null(strstr(bill, "\"as_of\":\"2026-11-22T12:00:00Z\""));
    assert_int_equal(forecast_of(bill, "total_minor"), 18000); /* thirty days of 12 kWh */
    assert_string_equal(rig_last(&rig, BILL), rig_bill(&rig, "casa.2026-11-01"));
    assert_true(rig_nth(&rig, BILL, 0)->retained && rig_nth(&rig, BILL, 0)->id);
}

static void at_most_one_a_minute(void **state)
{
    (void)state;
    for (int second = 0; second <= 180; second += 2) {
        rig_read(&rig, "casa", rig.now_ms, 100000 + second * 1000);
        rig_store(&rig);
        rig_run(&rig, 2000, 1000);
    }
    rig_run(&rig, 61000, 1000);
    assert_in_range(rig_count(&rig, BILL), 4, 5);
    for (int i = 1; i < rig_count(&rig, BILL); i++)
        assert_true(rig_nth(&rig, BILL, i)->at_ms - rig_nth(&rig, BILL, i - 1)->at_ms >= 60000);
    assert_int_equal(value_of(rig_last(&rig, BILL), "total_minor"), 9000); /* the last word came though nobody spoke */
    int count = rig_count(&rig, BILL);
    rig_read(&rig, "casa", rig.now_ms, 280000); /* no change of the total: nothing to say */
    rig_store(&rig);
    rig_run(&rig, 120000, 1000);
    assert_int_equal(rig_count(&rig, BILL), count);
}

/* A commit that fails takes back that the bill was published. */
static void published_though_the_store_failed(void **state)
{
    (void)state;
    rig_read(&rig, "casa", RIG_NOW - RIG_HOUR, 1000);
    rig_settle(&rig);
    rig_advance(&rig, 100000);
    int before = rig_count(&rig, BILL);
    rig_read(&rig, "casa", RIG_NOW, 3000);
    rig_store(&rig);
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 1, ERR_RETRY});
    rig_derive(&rig);
    assert_int_equal(faulty_hits(rig.facts), 1);
    rig_run(&rig, 3000, 1000);
    assert_int_equal(rig_count(&rig, BILL), before + 1);
    assert_int_equal(value_of(rig_last(&rig, BILL), "total_minor"), 100);
}

/* Midnight of the last day: the open bill becomes a draft, and the next begins. Nobody has to send anything for it. */
static void midnight_turns_the_bill(void **state)
{
    (void)state;
    int64_t end = LOCAL_MIDNIGHT + 9 * RIG_DAY; /* December the first */
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW, 1000);
    rig_settle(&rig);
    for (int64_t t = RIG_NOW; t < end; t += RIG_DAY / 2) {
        rig_advance(&rig, RIG_DAY / 2 < end - rig.now_ms ? RIG_DAY / 2 : end - rig.now_ms);
        hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, rig.now_ms, 1000);
        rig_settle(&rig);
    }
    assert_int_equal(rig.now_ms, end);
    rig_run(&rig, 2000, 1000);
    const char *november = rig_bill(&rig, "casa.2026-11-01");
    assert_true(in_state(november, "draft"));
    assert_int_equal(value_of(november, "complete"), 1);
    assert_int_equal(value_of(november, "total_minor"), 18000);
    assert_true(in_state(rig_bill(&rig, "casa.2026-12-01"), "open"));
    rig_run(&rig, 62000, 1000);
    assert_int_equal(value_of(rig_last(&rig, BILL), "total_minor"), 0); /* the retained one is the new cycle's */
}

/* The program was away when the cycle ended, and long after. */
static void away_at_midnight(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW, 1000);
    rig_settle(&rig);
    rig_advance(&rig, 20 * RIG_DAY);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_true(in_state(rig_bill(&rig, "casa.2026-11-01"), "draft"));
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-11-01"), "complete"), 0);
    assert_true(in_state(rig_bill(&rig, "casa.2026-12-01"), "open"));
}

static void history_makes_drafts(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - 82 * RIG_DAY, RIG_NOW, 1000); /* since September the first */
    rig_settle(&rig);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-09-01"), "total_minor"), 18000);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-10-01"), "total_minor"), 18600);
    assert_true(in_state(rig_bill(&rig, "casa.2026-10-01"), "draft"));
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-10-01"), "complete"), 1);
    assert_string_equal(rig_bill(&rig, "casa.2026-08-01"), "");
    /* Late data of October: that bill, and no other. */
    char september[8192];
    snprintf(september, sizeof september, "%s", rig_bill(&rig, "casa.2026-09-01"));
    rig_read(&rig, "casa", LOCAL_MIDNIGHT - 40 * RIG_DAY + RIG_HOUR / 2, 1000 + 42 * 12000);
    rig_settle(&rig);
    assert_string_equal(rig_bill(&rig, "casa.2026-09-01"), september);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-10-01"), "total_minor"), 18600);
}

static void another_price_rates_anew(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - 82 * RIG_DAY, RIG_NOW, 1000);
    rig_settle(&rig);
    rig_tariff(&rig, dearer);
    rig_settle(&rig);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-09-01"), "total_minor"), 36000);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-11-01"), "total_minor"), 25650);
    rig_tariff(&rig, tariff);
    rig_restart(&rig); /* before the bills were made: that is not forgotten */
    rig_run(&rig, 2000, 1000);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-09-01"), "total_minor"), 18000);
}

/* Prices that changed while the program was away. */
static void another_price_while_away(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct fault fault = {0};
    int64_t revision;
    (void)state;
    hourly(LOCAL_MIDNIGHT - 82 * RIG_DAY, RIG_NOW, 1000);
    rig_settle(&rig);
    assert_int_equal(records_tariff_put(rig.records, &actor, "flat", dearer, strlen(dearer), "another", RECORDS_ANY_REVISION, &fault, &revision), OK);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-09-01"), "total_minor"), 36000);
}

static void no_price_no_bill(void **state)
{
    (void)state;
    rig_close(&rig);
    rig_open(&rig);
    rig_read(&rig, "casa", RIG_NOW - RIG_HOUR, 0);
    rig_read(&rig, "casa", RIG_NOW, 1000);
    rig_settle(&rig);
    assert_string_equal(rig_bill(&rig, "casa.2026-11-01"), "");
    assert_int_equal(rig_count(&rig, BILL), 0);
    rig_tariff(&rig, tariff); /* and when there is one, there is one */
    rig_settle(&rig);
    assert_int_equal(value_of(rig_bill(&rig, "casa.2026-11-01"), "total_minor"), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bill_so_far, fresh, gone),
        cmocka_unit_test_setup_teardown(at_most_one_a_minute, fresh, gone),
        cmocka_unit_test_setup_teardown(published_though_the_store_failed, fresh, gone),
        cmocka_unit_test_setup_teardown(midnight_turns_the_bill, fresh, gone),
        cmocka_unit_test_setup_teardown(away_at_midnight, fresh, gone),
        cmocka_unit_test_setup_teardown(history_makes_drafts, fresh, gone),
        cmocka_unit_test_setup_teardown(another_price_rates_anew, fresh, gone),
        cmocka_unit_test_setup_teardown(another_price_while_away, fresh, gone),
        cmocka_unit_test_setup_teardown(no_price_no_bill, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
