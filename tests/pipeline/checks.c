/* Closed days are checked on the path: what is found and what could not run stands in the ledger, in any order of arrival. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "tests/support/rig.h"

#define DAYS 20

struct seen {
    int days;
    enum check_outcome outcome[CHECK_COUNT];
    int found[CHECK_COUNT];
};

static int look(const struct check_day_row *row, void *arg)
{
    struct seen *seen = arg;
    seen->days++;
    for (int i = 0; i < CHECK_COUNT; i++) {
        seen->outcome[i] = row->results[i].outcome;
        seen->found[i] += row->results[i].outcome == CHECK_FOUND;
    }
    return 0;
}

/* Twenty days of 240 Wh a quarter-hour; the last closed day uses four times as much, with one quarter-hour of 9 kWh. */
static int64_t wh_at(int i)
{
    int closed = DAYS * 96 - 96;
    int64_t wh = (int64_t)i * 240;
    if (i > closed)
        wh += (int64_t)(i - closed) * 720 + (i > closed + 40 ? 8000 : 0);
    return wh;
}

static void say_all(struct rig *rig, int step)
{
    int64_t midnight_ms = RIG_NOW - 9 * RIG_HOUR; /* 00:00 in São Paulo */
    for (int i = 0; i <= DAYS * 96; i++) {
        int at = i * step % (DAYS * 96 + 1);
        rig_read(rig, "casa", midnight_ms - (DAYS * 96 - at) * QUARTER_MS, wh_at(at));
    }
}

static void hold(struct rig *rig)
{
    struct seen seen = {0}, last = {0};
    int32_t today = (int32_t)((RIG_NOW - 3 * RIG_HOUR) / RIG_DAY);
    assert_int_equal(facts_checks(rig->facts, 1, today - DAYS, today, look, &seen, NULL), OK);
    assert_int_equal(seen.days, DAYS);
    assert_int_equal(facts_checks(rig->facts, 1, today - 1, today, look, &last, NULL), OK);
    assert_int_equal(last.outcome[CHECK_HIGH_DAY], CHECK_FOUND);
    assert_int_equal(last.outcome[CHECK_SPIKE], CHECK_FOUND);
    assert_int_equal(last.outcome[CHECK_INTERVAL_COUNT], CHECK_PASSED);
    assert_int_equal(last.outcome[CHECK_FROZEN], CHECK_SKIPPED);
    assert_int_equal(last.outcome[CHECK_VOLTAGE_CRITICAL], CHECK_SKIPPED);
    assert_int_equal(seen.found[CHECK_HIGH_DAY], 1);
    assert_int_equal(seen.found[CHECK_SPIKE], 1);
}

static void found_in_order_and_shuffled(void **state)
{
    static const int steps[] = {1, 700, 1013}; /* coprime to the number of reads: every read once */
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct rig rig;
        rig_open(&rig);
        rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
        say_all(&rig, steps[i]);
        rig_settle(&rig);
        hold(&rig);
        rig_close(&rig);
    }
}

static void a_dated_threshold_of_the_utility_holds(void **state)
{
    struct rig rig;
    struct seen last = {0};
    int32_t today = (int32_t)((RIG_NOW - 3 * RIG_HOUR) / RIG_DAY);
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    say_all(&rig, 1);
    rig_settle(&rig);
    rig_setting(&rig, "check.high_day", "900");
    rig_settle(&rig);
    assert_int_equal(facts_checks(rig.facts, 1, today - 1, today, look, &last, NULL), OK);
    assert_int_equal(last.outcome[CHECK_HIGH_DAY], CHECK_PASSED);
    assert_int_equal(last.outcome[CHECK_SPIKE], CHECK_FOUND);
    rig_close(&rig);
}

struct counted {
    int days, interval_s;
    int received[64], expected[64];
};

static int count(const struct completeness_row *row, void *arg)
{
    struct counted *counted = arg;
    counted->received[counted->days] = row->received;
    counted->expected[counted->days] = row->expected;
    counted->interval_s = row->interval_s;
    counted->days++;
    return 0;
}

static struct counted counts_of(struct rig *rig, const char *meter_id, int32_t from_day, int32_t until_day)
{
    struct counted counted = {0};
    assert_int_equal(facts_completeness(rig->facts, rig_meter_no(rig, meter_id), from_day, until_day, count, &counted, NULL), OK);
    return counted;
}

/* Readings of a closed day are counted, whatever their order; what comes late is added; the open day is not kept. */
static void readings_of_closed_days_are_counted(void **state)
{
    int32_t today = (int32_t)((RIG_NOW - 3 * RIG_HOUR) / RIG_DAY);
    int64_t midnight_ms = RIG_NOW - 9 * RIG_HOUR;
    (void)state;
    for (int declared_s = 0; declared_s <= 600; declared_s += 600) { /* undeclared: the median of the steps */
        struct rig rig;
        rig_open(&rig);
        rig_meter(&rig, "casa", "America/Sao_Paulo", declared_s);
        for (int i = 0; i < 3 * 144; i++) {
            int at = i * 7 % (3 * 144); /* coprime: every read once */
            if (at < 144 || at >= 150)
                rig_read(&rig, "casa", midnight_ms - (2 * 144 - at) * 600000, at * 100);
        }
        rig_read(&rig, "casa", midnight_ms - 600000, 1);                   /* a contradiction counts once */
        rig_read(&rig, "casa", midnight_ms - (2 * 144 - 7) * 600000, 700); /* so does a repetition */
        rig_settle(&rig);
        struct counted counted = counts_of(&rig, "casa", today - 5, today + 5);
        assert_int_equal(counted.days, 2);
        assert_int_equal(counted.interval_s, 600);
        assert_int_equal(counted.received[0], 144);
        assert_int_equal(counted.received[1], 138);
        assert_int_equal(counted.expected[1], 144);
        rig_read(&rig, "casa", midnight_ms - (2 * 144 - 147) * 600000, 14700);
        rig_settle(&rig);
        assert_int_equal(counts_of(&rig, "casa", today - 1, today).received[0], 139);
        rig_close(&rig);
    }
}

/* One reading alone makes no energy, and is counted all the same; days between readings count none. */
static void readings_without_energy_are_counted(void **state)
{
    struct rig rig;
    int32_t today = (int32_t)((RIG_NOW - 3 * RIG_HOUR) / RIG_DAY);
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    rig_read(&rig, "casa", RIG_NOW - 4 * RIG_DAY, 1000);
    rig_settle(&rig);
    struct counted counted = counts_of(&rig, "casa", today - 9, today + 1);
    assert_int_equal(counted.days, 1);
    assert_int_equal(counted.received[0], 1);
    rig_read(&rig, "casa", RIG_NOW - 2 * RIG_DAY, 1000);
    rig_settle(&rig);
    counted = counts_of(&rig, "casa", today - 9, today + 1);
    assert_int_equal(counted.days, 3);
    assert_int_equal(counted.received[1], 0);
    assert_int_equal(counted.expected[1], 96);
    rig_close(&rig);
}

/* A meter that falls silent: its last day is closed by the clock, also where the ingestor did not run when it ended. */
static void a_silent_meters_last_day_is_closed(void **state)
{
    (void)state;
    for (int stopped = 0; stopped <= 1; stopped++) {
        struct rig rig;
        int32_t today = (int32_t)((RIG_NOW - 3 * RIG_HOUR) / RIG_DAY);
        rig_open(&rig);
        rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
        for (int i = 0; i < 40; i++)
            rig_read(&rig, "casa", RIG_NOW - (40 - i) * 15 * RIG_MINUTE, i * 100);
        rig_settle(&rig);
        assert_int_equal(counts_of(&rig, "casa", today, today + 1).days, 0);
        if (stopped) {
            rig_advance(&rig, 9 * RIG_DAY);
            rig_restart(&rig);
        } else {
            rig_run(&rig, RIG_DAY, RIG_HOUR);
        }
        rig_settle(&rig);
        assert_int_equal(counts_of(&rig, "casa", today, today + 1).days, 1);
        rig_close(&rig);
    }
}

/* A clock a minute and a half behind all day: told once, from the beginning of that day; over with the first day that is well. */
static void a_clock_that_is_off_alarms(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    for (int day = 0; day < 3; day++)
        for (int i = 0; i < 96; i++) {
            rig_read(&rig, "casa", rig.now_ms - (day < 2 ? 90000 : 1000), 1000 + (day * 96 + i) * 200);
            rig_store(&rig);
            rig_run(&rig, 15 * RIG_MINUTE, 15 * RIG_MINUTE);
            if (day == 1 && i == 95) {
                assert_int_equal(rig_count(&rig, "alerts/casa/clock_drift"), 1);
                assert_non_null(strstr(rig_last(&rig, "alerts/casa/clock_drift"), "\"state\":\"active\""));
            }
        }
    rig_run(&rig, RIG_DAY, RIG_HOUR);
    assert_int_equal(rig_count(&rig, "alerts/casa/clock_drift"), 3);
    assert_non_null(strstr(rig_nth(&rig, "alerts/casa/clock_drift", 1)->payload, "\"state\":\"resolved\""));
    assert_string_equal(rig_last(&rig, "alerts/casa/clock_drift"), "");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_in_order_and_shuffled),         cmocka_unit_test(a_dated_threshold_of_the_utility_holds),
        cmocka_unit_test(readings_of_closed_days_are_counted), cmocka_unit_test(readings_without_energy_are_counted),
        cmocka_unit_test(a_silent_meters_last_day_is_closed),  cmocka_unit_test(a_clock_that_is_off_alarms),
    };
    return cmocka_run_group_tests_name("pipeline_checks", tests, NULL, NULL);
}
