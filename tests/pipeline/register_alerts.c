/* register_fault, reverse_flow and tamper: told once, retained while they last, ended with the day that they concern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/rig.h"

#define FAULT "alerts/casa/register_fault"
#define REVERSE "alerts/casa/reverse_flow"
#define TAMPER "alerts/casa/tamper"

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

/* Quarter-hourly reads up to now, then what the caller says. */
static void steady(int64_t from_wh, int hours_before, int64_t until_ms)
{
    int64_t wh = from_wh;
    for (int64_t ts = RIG_NOW - hours_before * RIG_HOUR; ts <= until_ms; ts += 15 * RIG_MINUTE, wh += 100)
        rig_read(&rig, "casa", ts, wh);
    rig_settle(&rig);
}

static void a_register_that_begins_anew(void **state)
{
    (void)state;
    steady(50000000, 6, RIG_NOW - 2 * RIG_HOUR);
    assert_int_equal(rig_count(&rig, FAULT), 0);
    steady(0, 1, RIG_NOW);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - RIG_HOUR), VERDICT_RESET);
    assert_int_equal(rig_count(&rig, FAULT), 1);
    assert_true(rig_nth(&rig, FAULT, 0)->retained);
    assert_non_null(strstr(rig_last(&rig, FAULT), "\"since\":\"2026-11-22T11:00:00Z\""));
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, FAULT), 1); /* a state without change is never told */
    rig_run(&rig, 2 * RIG_DAY, RIG_HOUR);
    assert_int_equal(rig_count(&rig, FAULT), 3); /* resolved, and the empty message that takes it away */
    assert_non_null(strstr(rig_nth(&rig, FAULT, 1)->payload, "\"resolved\""));
    assert_int_equal(rig_nth(&rig, FAULT, 2)->len, 0);
}

static void a_register_that_leaps_and_stays(void **state)
{
    (void)state;
    steady(0, 6, RIG_NOW - RIG_HOUR);
    rig_read(&rig, "casa", RIG_NOW - 45 * RIG_MINUTE, 29500000);
    rig_read(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE, 29500100);
    rig_read(&rig, "casa", RIG_NOW - 15 * RIG_MINUTE, 29500200);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, FAULT), 0); /* it might still fall back */
    rig_read(&rig, "casa", RIG_NOW, 29500300);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 45 * RIG_MINUTE), VERDICT_CATCH_UP);
    assert_int_equal(rig_count(&rig, FAULT), 1);
    struct day day = rig_day(&rig, "casa", "2026-11-22");
    int slot = (int)((RIG_NOW - RIG_HOUR - day.start_utc_ms) / QUARTER_MS);
    assert_int_equal(day.slots[slot].quality, QUALITY_ESTIMATED);
    assert_int_equal(rig_total_wh(&rig, "casa"), 29500300);
}

static void a_dip_alarms_nobody(void **state)
{
    (void)state;
    steady(50000000, 6, RIG_NOW - RIG_HOUR);
    rig_read(&rig, "casa", RIG_NOW - 45 * RIG_MINUTE, 0);
    rig_settle(&rig);
    rig_read(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE, 50002100);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 45 * RIG_MINUTE), VERDICT_TRANSIENT);
    assert_int_equal(rig_count(&rig, FAULT), 0);
}

static void energy_that_flows_back(void **state)
{
    (void)state;
    rig_say(&rig, "meters/casa/readings", "{\"energy_wh\":5,\"export_wh\":0,\"ts\":%lld}", (long long)(RIG_NOW - 2 * RIG_HOUR));
    rig_say(&rig, "meters/casa/readings", "{\"energy_wh\":6,\"export_wh\":0,\"ts\":%lld}", (long long)(RIG_NOW - RIG_HOUR));
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, REVERSE), 0);
    rig_say(&rig, "meters/casa/readings", "{\"energy_wh\":6,\"export_wh\":40,\"ts\":%lld}", (long long)RIG_NOW);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, REVERSE), 1);
    rig_run(&rig, RIG_DAY, RIG_HOUR); /* a day without export ends it */
    assert_int_equal(rig_count(&rig, REVERSE), 3);
}

static void tampering(void **state)
{
    (void)state;
    steady(1000, 3, RIG_NOW);
    rig_say(&rig, "meters/casa/events", "{\"event\":\"tamper\",\"ts\":%lld}", (long long)(RIG_NOW - 2 * RIG_DAY));
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, TAMPER), 0); /* history */
    rig_say(&rig, "meters/casa/events", "{\"event\":\"tamper\",\"ts\":%lld}", (long long)(RIG_NOW - RIG_MINUTE));
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, TAMPER), 1);
    assert_non_null(strstr(rig_last(&rig, TAMPER), "\"severity\":\"critical\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(a_register_that_begins_anew, fresh, gone),
                                       cmocka_unit_test_setup_teardown(a_register_that_leaps_and_stays, fresh, gone),
                                       cmocka_unit_test_setup_teardown(a_dip_alarms_nobody, fresh, gone),
                                       cmocka_unit_test_setup_teardown(energy_that_flows_back, fresh, gone),
                                       cmocka_unit_test_setup_teardown(tampering, fresh, gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
