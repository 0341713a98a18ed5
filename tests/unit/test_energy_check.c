/* Checks over time: each rule on days that a metering expert would point at, and on those that only look odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "energy/check.h"
#include "store/records.h"

static struct day day;
static struct check_day input;
static struct check_result results[CHECK_COUNT];

/* An ordinary day of 250 Wh a quarter-hour with four weeks like it before, read every hour, with power, voltage and a good clock. */
static void ordinary(void)
{
    day_init(&day, 20000, 20000 * MS_PER_DAY, 20001 * MS_PER_DAY);
    memset(&input, 0, sizeof input);
    for (int i = 0; i < day.slot_count; i++)
        day.slots[i] = (struct slot){250, QUALITY_MEASURED};
    for (int i = 0; i < CHECK_PAST_DAYS; i++)
        input.past[i] = (struct check_past){true, 24000, 300, 2};
    input.day = &day;
    input.reads = 25;
    input.first_read_ms = day.start_utc_ms;
    input.last_read_ms = day.start_utc_ms + MS_PER_DAY;
    input.register_wh = 24000;
    input.has_power = true;
    input.mean_power_w = 1000;
    input.tells_voltage = true;
    for (int i = 0; i < 7; i++)
        input.voltage[i].values = 144;
    input.lags = 100;
    input.median_lag_ms = 400;
    for (int i = 0; i < CHECK_COUNT; i++)
        input.thresholds[i] = check_table[i].threshold;
}

static void set(int from, int until, int64_t wh, enum quality quality)
{
    for (int i = from; i < until; i++)
        day.slots[i] = (struct slot){wh, quality};
}

/* The check, and no other but for sum_mismatch (which is skipped: there are no intervals), comes out so. */
static const struct check_result *expect(enum check check, enum check_outcome outcome)
{
    check_run(&input, results);
    if (results[check].outcome != outcome)
        fail_msg("%s: expected %s, found %s (%lld, %s)", check_table[check].name, check_outcome_name(outcome),
                 check_outcome_name(results[check].outcome), (long long)results[check].value, check_skip_words(results[check].skip));
    return &results[check];
}

static void an_ordinary_day_passes(void **state)
{
    (void)state;
    ordinary();
    for (int i = 0; i < CHECK_COUNT; i++)
        expect((enum check)i, i == CHECK_SUM_MISMATCH ? CHECK_SKIPPED : CHECK_PASSED);
    assert_int_equal(results[CHECK_SUM_MISMATCH].skip, SKIP_ONE_KIND);
}

static void a_register_that_stands_while_power_flows(void **state)
{
    (void)state;
    ordinary();
    input.register_wh = 0;
    assert_int_equal(expect(CHECK_FROZEN, CHECK_FOUND)->value, 1000);
    input.mean_power_w = 40; /* a house nobody is in */
    expect(CHECK_FROZEN, CHECK_PASSED);
    input.has_power = false;
    assert_int_equal(expect(CHECK_FROZEN, CHECK_SKIPPED)->skip, SKIP_NO_POWER);
    input.last_read_ms = input.first_read_ms + 5 * MS_PER_HOUR;
    assert_int_equal(expect(CHECK_FROZEN, CHECK_SKIPPED)->skip, SKIP_INCOMPLETE);
}

static void nothing_for_longer_than_ever(void **state)
{
    (void)state;
    ordinary();
    set(0, 96, 0, QUALITY_MEASURED);
    assert_int_equal(expect(CHECK_ZERO_RUN, CHECK_FOUND)->value, 96);
    set(90, 96, 250, QUALITY_MEASURED);
    expect(CHECK_ZERO_RUN, CHECK_PASSED);
    input.zero_before_slots = 20; /* it began the day before */
    assert_int_equal(expect(CHECK_ZERO_RUN, CHECK_FOUND)->value, 110);
    input.past[3].zero_slots = 60; /* a weekend home: such days are its own */
    expect(CHECK_ZERO_RUN, CHECK_PASSED);
    memset(input.past, 0, sizeof input.past);
    assert_int_equal(expect(CHECK_ZERO_RUN, CHECK_SKIPPED)->skip, SKIP_HISTORY);
}

static void a_spike_but_no_shower_and_no_charger(void **state)
{
    const struct check_result *result;
    (void)state;
    ordinary();
    set(40, 41, 1875 + 250, QUALITY_MEASURED); /* a shower of 7.5 kW for a quarter of an hour */
    expect(CHECK_SPIKE, CHECK_PASSED);
    set(40, 56, 5500, QUALITY_MEASURED); /* a car at 22 kW for four hours */
    expect(CHECK_SPIKE, CHECK_PASSED);
    ordinary();
    set(40, 41, 9000, QUALITY_MEASURED);
    result = expect(CHECK_SPIKE, CHECK_FOUND);
    assert_int_equal(result->from_utc_ms, day.start_utc_ms + 40 * QUARTER_MS);
    assert_int_equal(result->until_utc_ms, day.start_utc_ms + 41 * QUARTER_MS);
    set(40, 41, 9000, QUALITY_ESTIMATED); /* nobody measured that */
    expect(CHECK_SPIKE, CHECK_PASSED);
    set(40, 41, 0, QUALITY_MISSING);
    assert_int_equal(expect(CHECK_SPIKE, CHECK_SKIPPED)->skip, SKIP_INCOMPLETE);
}

static void days_far_from_its_own(void **state)
{
    (void)state;
    ordinary();
    set(0, 96, 800, QUALITY_MEASURED);
    assert_int_equal(expect(CHECK_HIGH_DAY, CHECK_FOUND)->value, 320);
    expect(CHECK_LOW_DAY, CHECK_PASSED);
    set(0, 96, 700, QUALITY_MEASURED);
    expect(CHECK_HIGH_DAY, CHECK_PASSED);
    set(0, 96, 20, QUALITY_MEASURED);
    assert_int_equal(expect(CHECK_LOW_DAY, CHECK_FOUND)->value, 8);
    for (int i = 0; i < CHECK_PAST_DAYS; i++)
        input.past[i].complete = i < CHECK_PAST_MIN - 1;
    assert_int_equal(expect(CHECK_LOW_DAY, CHECK_SKIPPED)->skip, SKIP_HISTORY);
}

static void intervals_against_the_register(void **state)
{
    (void)state;
    ordinary();
    input.has_intervals = true;
    input.interval_wh = 24200;
    expect(CHECK_SUM_MISMATCH, CHECK_PASSED);
    input.interval_wh = 24300;
    assert_int_equal(expect(CHECK_SUM_MISMATCH, CHECK_FOUND)->value, 12);
    input.interval_wh = 23700;
    expect(CHECK_SUM_MISMATCH, CHECK_FOUND);
    input.register_wh = 1000;
    input.interval_wh = 1090; /* 9 %, but within what whole Wh make */
    expect(CHECK_SUM_MISMATCH, CHECK_PASSED);
}

static void quarter_hours_of_days_of_23_24_and_25_hours(void **state)
{
    static const int hours[] = {23, 24, 25};
    (void)state;
    for (int i = 0; i < 3; i++) {
        ordinary();
        day_init(&day, 20000, 20000 * MS_PER_DAY, 20000 * MS_PER_DAY + hours[i] * MS_PER_HOUR);
        set(0, hours[i] * 4, 250, QUALITY_MEASURED);
        expect(CHECK_INTERVAL_COUNT, CHECK_PASSED);
        set(10, 12, 0, QUALITY_MISSING);
        assert_int_equal(expect(CHECK_INTERVAL_COUNT, CHECK_FOUND)->value, 2);
    }
}

static void voltages_by_prodist(void **state)
{
    (void)state;
    ordinary();
    input.voltage[2].precarious = 31; /* of 1,008: 3.08 % */
    assert_int_equal(expect(CHECK_VOLTAGE_PRECARIOUS, CHECK_FOUND)->value, 30);
    input.voltage[2].precarious = 30;
    expect(CHECK_VOLTAGE_PRECARIOUS, CHECK_PASSED);
    input.voltage[0].critical = 6;
    expect(CHECK_VOLTAGE_CRITICAL, CHECK_FOUND);
    input.voltage[0].critical = 5;
    expect(CHECK_VOLTAGE_CRITICAL, CHECK_PASSED);
    input.voltage[1].values = 143;
    assert_int_equal(expect(CHECK_VOLTAGE_CRITICAL, CHECK_SKIPPED)->skip, SKIP_VOLTAGES);
    memset(input.voltage, 0, sizeof input.voltage);
    input.tells_voltage = false;
    assert_int_equal(expect(CHECK_VOLTAGE_PRECARIOUS, CHECK_SKIPPED)->skip, SKIP_NO_VOLTAGE);
    /* the bands of 220 V: 202 to 231 adequate, 191 to 233 not critical; of 127 V: 117 to 133, 110 to 135 */
    static const struct {
        int nominal_v, volts;
        enum check_band band;
    } bands[] = {{220, 202, BAND_ADEQUATE},   {220, 231, BAND_ADEQUATE},   {220, 201, BAND_PRECARIOUS}, {220, 232, BAND_PRECARIOUS},
                 {220, 191, BAND_PRECARIOUS}, {220, 190, BAND_CRITICAL},   {220, 234, BAND_CRITICAL},   {127, 117, BAND_ADEQUATE},
                 {127, 133, BAND_ADEQUATE},   {127, 116, BAND_PRECARIOUS}, {127, 135, BAND_PRECARIOUS}, {127, 109, BAND_CRITICAL},
                 {127, 136, BAND_CRITICAL}};
    for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++)
        assert_int_equal(check_voltage_band(bands[i].nominal_v, bands[i].volts * 1000), bands[i].band);
}

static void a_clock_that_is_off(void **state)
{
    (void)state;
    ordinary();
    input.median_lag_ms = -90000;
    assert_int_equal(expect(CHECK_CLOCK_DRIFT, CHECK_FOUND)->value, 90);
    input.median_lag_ms = 59999;
    expect(CHECK_CLOCK_DRIFT, CHECK_PASSED);
    input.lags = 5;
    assert_int_equal(expect(CHECK_CLOCK_DRIFT, CHECK_SKIPPED)->skip, SKIP_NO_TIMES);
}

static void another_threshold_holds(void **state)
{
    (void)state;
    ordinary();
    set(40, 41, 9000, QUALITY_MEASURED);
    input.thresholds[CHECK_SPIKE] = 5000;
    assert_int_equal(expect(CHECK_SPIKE, CHECK_PASSED)->threshold, 5000);
}

/* The settings' table repeats the thresholds, because a utility changes them there. */
static void settings_say_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < CHECK_COUNT; i++) {
        char name[64];
        bool found = false;
        snprintf(name, sizeof name, "check.%s", check_table[i].name);
        for (int s = 0; s < setting_count; s++)
            if (strcmp(setting_table[s].name, name) == 0) {
                found = true;
                assert_int_equal(strtoll(setting_table[s].fallback, NULL, 10), check_table[i].threshold);
            }
        assert_true(found);
        assert_ptr_equal(check_by_name(check_table[i].name), &check_table[i]);
        assert_int_equal(check_table[i].check, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_day_passes),
        cmocka_unit_test(a_register_that_stands_while_power_flows),
        cmocka_unit_test(nothing_for_longer_than_ever),
        cmocka_unit_test(a_spike_but_no_shower_and_no_charger),
        cmocka_unit_test(days_far_from_its_own),
        cmocka_unit_test(intervals_against_the_register),
        cmocka_unit_test(quarter_hours_of_days_of_23_24_and_25_hours),
        cmocka_unit_test(voltages_by_prodist),
        cmocka_unit_test(a_clock_that_is_off),
        cmocka_unit_test(another_threshold_holds),
        cmocka_unit_test(settings_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
