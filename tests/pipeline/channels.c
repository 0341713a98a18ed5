/* Channels beside energy and export: kept apart, summed where the total is not told, by registers and by intervals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "tests/support/rig.h"

#define FROM_MS (RIG_NOW - 6 * RIG_HOUR)

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "m", "America/Sao_Paulo", 900);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static int add_day(int64_t meter_no, int32_t local_day, const struct energy_sum *day, void *arg)
{
    struct energy_sum *sum = arg;
    (void)meter_no;
    (void)local_day;
    sum->wh += day->wh;
    sum->measured += day->measured;
    sum->estimated += day->estimated;
    sum->partial += day->partial;
    return 0;
}

static struct energy_sum sum_of(int32_t channel)
{
    struct energy_sum sum = {0};
    assert_int_equal(facts_day_sums(rig.facts, rig_meter_no(&rig, "m"), channel, INT32_MIN / 2, INT32_MAX / 2, add_day, &sum, NULL), OK);
    return sum;
}

static void say(int64_t ts_ms, const char *fields)
{
    rig_say(&rig, "meters/m/readings", "{\"ts\":%lld,%s}", (long long)ts_ms, fields);
}

static void two_tariffs_each_way_and_reactive(void **state)
{
    (void)state;
    for (int i = 0; i <= 4; i++) {
        char fields[200];
        snprintf(fields, sizeof fields, "\"registers\":{\"1.8.1\":%d,\"1.8.2\":%d,\"2.8.1\":%d,\"2.8.2\":%d,\"3.8.0\":%d,\"21.8.0\":%d}",
                 1000 + 10 * i, 2000 + 20 * i, 500 + i, 600 + 2 * i, 70 + 7 * i, 90 + 9 * i);
        say(FROM_MS + i * QUARTER_MS, fields);
    }
    rig_settle(&rig);
    assert_int_equal(sum_of(OBIS(1, 8, 1)).wh, 40);
    assert_int_equal(sum_of(OBIS(1, 8, 2)).wh, 80);
    assert_int_equal(sum_of(OBIS_IMPORT).wh, 120);
    assert_int_equal(sum_of(OBIS_IMPORT).measured, 4);
    assert_int_equal(sum_of(OBIS_EXPORT).wh, 12); /* never netted with import */
    assert_int_equal(sum_of(OBIS(3, 8, 0)).wh, 28);
    assert_int_equal(sum_of(OBIS(21, 8, 0)).wh, 36);
}

static void intervals_of_parts_are_summed(void **state)
{
    (void)state;
    say(FROM_MS + 2 * QUARTER_MS, "\"interval_s\":1800,\"intervals\":{\"1.8.1\":101,\"1.8.2\":50,\"2.8.0\":7,\"4.8.0\":9}");
    say(FROM_MS + 4 * QUARTER_MS, "\"interval_s\":1800,\"intervals\":{\"1.8.1\":100,\"1.8.2\":50},\"flags\":[\"substituted\"]");
    say(FROM_MS + 6 * QUARTER_MS, "\"interval_s\":1800,\"intervals\":{\"1.8.1\":100}"); /* half of it is unknown */
    rig_settle(&rig);
    struct energy_sum import = sum_of(OBIS_IMPORT);
    assert_int_equal(import.wh, 301);
    assert_int_equal(import.measured, 2);
    assert_int_equal(import.estimated, 2);
    assert_int_equal(sum_of(OBIS(1, 8, 1)).wh, 301);
    assert_int_equal(sum_of(OBIS(1, 8, 1)).estimated, 2);
    assert_int_equal(sum_of(OBIS_EXPORT).wh, 7);
    assert_int_equal(sum_of(OBIS(4, 8, 0)).wh, 9);
}

static void registers_win_over_intervals(void **state)
{
    (void)state;
    say(FROM_MS, "\"export_wh\":1000");
    say(FROM_MS + QUARTER_MS, "\"export_wh\":1040");
    say(FROM_MS + QUARTER_MS, "\"interval_s\":900,\"intervals\":{\"2.8.0\":99}");
    say(FROM_MS + 2 * QUARTER_MS, "\"interval_s\":900,\"intervals\":{\"2.8.0\":5}");
    rig_settle(&rig);
    assert_int_equal(sum_of(OBIS_EXPORT).wh, 45);
}

/* In either order. */
static void a_measurement_takes_the_place_of_an_estimate(void **state)
{
    (void)state;
    say(FROM_MS + QUARTER_MS, "\"interval_s\":900,\"interval_wh\":10,\"flags\":[\"estimated\"]");
    say(FROM_MS + QUARTER_MS, "\"interval_s\":900,\"interval_wh\":30");
    say(FROM_MS + 2 * QUARTER_MS, "\"interval_s\":900,\"interval_wh\":10");
    say(FROM_MS + 2 * QUARTER_MS, "\"interval_s\":900,\"interval_wh\":30,\"flags\":[\"substituted\"]");
    rig_settle(&rig);
    struct energy_sum import = sum_of(OBIS_IMPORT);
    assert_int_equal(import.wh, 40);
    assert_int_equal(import.measured, 2);
    assert_int_equal(import.estimated, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_tariffs_each_way_and_reactive, fresh, gone),
        cmocka_unit_test_setup_teardown(intervals_of_parts_are_summed, fresh, gone),
        cmocka_unit_test_setup_teardown(registers_win_over_intervals, fresh, gone),
        cmocka_unit_test_setup_teardown(a_measurement_takes_the_place_of_an_estimate, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
