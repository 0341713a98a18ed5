/* Tariffs that look inside the day, in the pipeline: windows of local time and half-hourly prices over the meter's own quarter-hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "tests/support/rig.h"

#define BILL "meters/casa/bill"
#define LOCAL_MIDNIGHT (RIG_NOW - 9 * RIG_HOUR) /* 2026-11-22T00:00 in São Paulo, a Sunday */

static const char windows[] =
    "{\"schema\":\"tariff/1\",\"id\":\"branca\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"act\":\"REH "
    "1\",\"tou\":{\"default\":\"off\","
    "\"windows\":[{\"id\":\"peak\",\"days\":\"weekday\",\"from\":\"18:00\",\"to\":\"21:00\"}]},\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\","
    "\"rates\":{\"off\":\"0.50\",\"peak\":\"2.00\"}}],\"minimum\":{\"kind\":\"kwh_equivalent\",\"by_phases\":{\"3\":100}}}]}";
static const char half_hours[] =
    "{\"schema\":\"tariff/1\",\"id\":\"agile\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"quantity\":{"
    "\"netting\":\"interval\",\"interval_s\":1800},\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"series\":\"spot\"}]}]}";

static const char flags[] =
    "{\"schema\":\"tariff/1\",\"id\":\"flags\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":[{\"id\":\"energy\",\"kind\":"
    "\"energy\",\"rate\":\"0.50\"},{\"id\":\"flag\",\"kind\":\"adder\",\"table\":{\"2026-09\":\"0\",\"2026-10\":\"0.10\"}}],\"municipal\":[{\"id\":"
    "\"cosip\","
    "\"by\":\"average\",\"table\":[[300,\"5\"],[null,\"9\"]]}]}]}";

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_tariff(&rig, windows);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 3600);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

/* Hourly reads of 500 Wh each. */
static void hourly(int64_t from_ms, int64_t until_ms)
{
    for (int64_t ts = from_ms; ts <= until_ms; ts += RIG_HOUR)
        rig_read(&rig, "casa", ts, 1000 + (ts - from_ms) / RIG_HOUR * 500);
}

/* A line's member as text, "" where there is no such line. */
static void line_text(const char *document, const char *id, const char *member, char out[64])
{
    json_t *root = json_loads(document, 0, NULL), *line;
    size_t i;
    out[0] = '\0';
    json_array_foreach(json_object_get(root, "lines"), i, line)
    {
        const char *text = json_string_value(json_object_get(line, member));
        if (strcmp(json_string_value(json_object_get(line, "id")), id) == 0 && text)
            snprintf(out, 64, "%s", text);
    }
    json_decref(root);
}

static int64_t number_of(const char *document, const char *key)
{
    json_t *root = json_loads(document, 0, NULL);
    int64_t number = json_integer_value(json_object_get(root, key));
    json_decref(root);
    return number;
}

static void windows_of_local_time(void **state)
{
    char text[64];
    (void)state;
    /* November 1 to 22, 09:00: 21 days and nine hours of 500 Wh; 15 of the days are weekdays with three hours of peak each */
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW);
    rig_settle(&rig);
    const char *bill = rig_last(&rig, BILL);
    assert_int_equal(number_of(bill, "import_wh"), 256500);
    line_text(bill, "energy.peak", "quantity", text);
    assert_string_equal(text, "22.5");
    line_text(bill, "energy.off", "quantity", text);
    assert_string_equal(text, "234");
    line_text(bill, "energy.off", "act", text);
    assert_string_equal(text, "REH 1");
    assert_int_equal(number_of(bill, "total_minor"), 4500 + 11700);
    assert_int_equal(number_of(bill, "export_wh"), 0);
}

/* The service has three phases: 30 kWh are billed as 100, in the default window. */
static void the_minimum_by_the_points_phases(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - RIG_DAY, RIG_NOW); /* a Saturday, and Sunday morning: 16.5 kWh */
    rig_settle(&rig);
    assert_int_equal(number_of(rig_last(&rig, BILL), "billed_wh"), 100000);
    assert_int_equal(number_of(rig_last(&rig, BILL), "total_minor"), 5000);
}

static void half_hourly_prices(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct fault fault = {0};
    struct series_price prices[48];
    (void)state;
    rig_tariff(&rig, half_hours);
    hourly(LOCAL_MIDNIGHT, RIG_NOW); /* nine hours */
    rig_settle(&rig);
    assert_string_equal(rig_bill(&rig, "casa.2026-11-01"), ""); /* no price, no bill: never a zero */
    for (int i = 0; i < 48; i++)                                /* half the half-hours pay the customer */
        prices[i] = (struct series_price){LOCAL_MIDNIGHT + i * RIG_HOUR / 2, LOCAL_MIDNIGHT + (i + 1) * RIG_HOUR / 2,
                                          i % 2 ? -INT64_C(100000000) : INT64_C(300000000)};
    assert_int_equal(records_series_put(rig.records, &actor, "spot", prices, 48, &fault), OK);
    rig_tend(&rig);
    rig_settle(&rig);
    const char *bill = rig_last(&rig, BILL);
    assert_non_null(bill);
    assert_int_equal(number_of(bill, "total_minor"), 45); /* 4.5 kWh: 2.25 · 0.30 − 2.25 · 0.10 */
    prices[0].nano = INT64_C(1300000000);
    assert_int_equal(records_series_put(rig.records, &actor, "spot", prices, 1, &fault), OK);
    rig_tend(&rig);
    rig_settle(&rig);
    const char *dearer = rig_bill(&rig, "casa.2026-11-01");
    assert_int_equal(number_of(dearer, "total_minor"), 70); /* 0.25 kWh more at one real */
}

/* November's flag is not told yet: the open bill takes October's and says so; the finished one of October has its own. COSIP by the mean of the year.
 */
static void what_is_not_known_yet(void **state)
{
    char text[64];
    (void)state;
    rig_tariff(&rig, flags);
    hourly(LOCAL_MIDNIGHT - 52 * RIG_DAY, RIG_NOW); /* from October the first on: 12 kWh a day */
    rig_settle(&rig);
    const char *open = rig_last(&rig, BILL);
    line_text(open, "flag", "unit_price", text);
    assert_string_equal(text, "0.10");
    assert_non_null(strstr(open, "\"note\":\"flag of 2026-11 is not known yet: 2026-10 is used\""));
    assert_non_null(strstr(open, "\"id\":\"cosip\",\"amount_minor\":900")); /* 365 kWh a month */
    const char *october = rig_bill(&rig, "casa.2026-10-01");
    assert_non_null(strstr(october, "\"id\":\"cosip\",\"amount_minor\":900")); /* a newcomer's own 372 kWh */
    assert_null(strstr(october, "\"note\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(windows_of_local_time, fresh, gone),
        cmocka_unit_test_setup_teardown(the_minimum_by_the_points_phases, fresh, gone),
        cmocka_unit_test_setup_teardown(half_hourly_prices, fresh, gone),
        cmocka_unit_test_setup_teardown(what_is_not_known_yet, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
