/* Registers that are exchanged or turn over: what was announced long ago, twice, late, or right before a bad read still tells the energy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/rig.h"

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 60);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void announce(int64_t ts_ms, int64_t final_wh, int64_t start_wh, int64_t max_wh)
{
    rig_say(&rig, "meters/casa/events",
            "{\"event\":\"exchange\",\"ts\":%lld,\"old\":{\"serial\":\"a\",\"final_wh\":%lld},\"new\":{\"serial\":\"b\",\"start_wh\":%lld,"
            "\"register_max_wh\":%lld}}",
            (long long)ts_ms, (long long)final_wh, (long long)start_wh, (long long)max_wh);
}

/* More reads than judgement looks back over lie between the announcement of the maximum and the turn. */
static void a_maximum_told_long_ago(void **state)
{
    (void)state;
    int64_t minute = RIG_NOW - 12000 * RIG_MINUTE, wh = 75000;
    rig_read(&rig, "casa", minute, wh);
    announce(minute + 1, wh, wh, 99999);
    for (int i = 1; i < 12000; i++) {
        wh += 2;
        rig_read(&rig, "casa", minute + i * RIG_MINUTE, wh);
        if (i % 500 == 0)
            rig_settle(&rig);
    }
    rig_settle(&rig);
    assert_int_equal(wh, 98998);
    rig_read(&rig, "casa", RIG_NOW, 10); /* 1,012 Wh within a minute is what a service of 69 kW carries */
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW), VERDICT_ROLLOVER);
    assert_int_equal(rig_total_wh(&rig, "casa"), 98998 - 75000 + 99999 - 98998 + 1 + 10);
}

static void two_exchanges_between_two_reads(void **state)
{
    (void)state;
    rig_read(&rig, "casa", RIG_NOW - 60 * RIG_MINUTE, 70000);
    announce(RIG_NOW - 50 * RIG_MINUTE, 70100, 5, 999999);
    announce(RIG_NOW - 40 * RIG_MINUTE, 45, 300, 999999);
    rig_read(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE, 500);
    rig_read(&rig, "casa", RIG_NOW, 800);
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "casa"), 100 + 40 + 200 + 300);
}

/* The read is there before the word of the exchange is, and looks like a register that began anew. */
static void an_announcement_that_comes_late(void **state)
{
    (void)state;
    rig_read(&rig, "casa", RIG_NOW - 60 * RIG_MINUTE, 70000);
    rig_read(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE, 500);
    rig_read(&rig, "casa", RIG_NOW, 800);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE), VERDICT_RESET);
    announce(RIG_NOW - 45 * RIG_MINUTE, 70100, 300, 999999);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 30 * RIG_MINUTE), VERDICT_ACCEPTED);
    assert_int_equal(rig_total_wh(&rig, "casa"), 100 + 200 + 300);
}

/* The first read of the new device is a bad one: 0, or far too high. The exchange waits for one that fits. */
static void a_bad_read_right_behind(void **state)
{
    (void)state;
    static const int64_t bad_wh[] = {0, 65000000};
    static const enum verdict said[] = {VERDICT_TRANSIENT, VERDICT_IMPLAUSIBLE};
    for (int i = 0; i < 2; i++) {
        int64_t day = RIG_NOW - (2 - i) * RIG_DAY;
        rig_read(&rig, "casa", day, 70000);
        announce(day + 5 * RIG_MINUTE, 70100, 300, 999999);
        rig_read(&rig, "casa", day + 10 * RIG_MINUTE, bad_wh[i]);
        rig_read(&rig, "casa", day + 20 * RIG_MINUTE, 500);
        rig_read(&rig, "casa", day + 30 * RIG_MINUTE, 800);
        announce(day + RIG_HOUR, 900, 70000, 999999); /* and back, so that the second round is as the first */
        rig_settle(&rig);
        assert_int_equal(rig_verdict(&rig, "casa", day + 10 * RIG_MINUTE), said[i]);
        assert_int_equal(rig_total_wh(&rig, "casa"), 600 * (i + 1) + 100 * i);
    }
}

/* Numbers that cannot be do not take the reads with them: they alone tell then. */
static void an_announcement_that_cannot_be(void **state)
{
    (void)state;
    rig_read(&rig, "casa", RIG_NOW - 60 * RIG_MINUTE, 70000);
    announce(RIG_NOW - 45 * RIG_MINUTE, 60000, 900000, 999999);
    for (int i = 0; i <= 40; i++)
        rig_read(&rig, "casa", RIG_NOW - (40 - i) * RIG_MINUTE, 70200 + 10 * i);
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "casa"), 600);
}

/* What a meter says of its exchange before anybody knows its name is not lost: it is heard when a reading registers it. */
static void announced_by_a_name_nobody_knows(void **state)
{
    (void)state;
    rig_say(&rig, "meters/new/events",
            "{\"event\":\"exchange\",\"ts\":%lld,\"old\":{\"serial\":\"a\",\"final_wh\":5100},\"new\":{\"serial\":\"b\",\"start_wh\":7}}",
            (long long)(RIG_NOW - 50 * RIG_MINUTE));
    rig_settle(&rig);
    rig_restart(&rig);
    rig_read(&rig, "new", RIG_NOW - 60 * RIG_MINUTE, 5000);
    rig_read(&rig, "new", RIG_NOW - 40 * RIG_MINUTE, 20);
    rig_read(&rig, "new", RIG_NOW - 20 * RIG_MINUTE, 120);
    rig_settle(&rig);
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "new"), 100 + 13 + 100);
    assert_int_equal(rig_verdict(&rig, "new", RIG_NOW - 40 * RIG_MINUTE), VERDICT_ACCEPTED);
}

static void hang(const char *serial, int64_t from_ms, int64_t register_max_wh)
{
    struct actor actor = {"ana", rig.now_ms};
    struct fault fault = {0};
    struct device_record device = {.meter_no = rig_meter_no(&rig, "casa"), .register_max_wh = register_max_wh, .installed_from_utc_ms = from_ms};
    snprintf(device.serial, sizeof device.serial, "%s", serial);
    if (records_device_exchange(rig.records, &actor, &device, &fault, NULL) != OK)
        fail_msg("%s", fault.text);
    rig_settle(&rig);
}

/* What somebody says of the device later judges what its register showed before; and says it anew. */
static void a_maximum_entered_afterwards(void **state)
{
    (void)state;
    hang("s-1", RIG_NOW - RIG_DAY, 0);
    rig_read(&rig, "casa", RIG_NOW - 3 * RIG_HOUR, 99500);
    for (int i = 0; i < 20; i++)
        rig_read(&rig, "casa", RIG_NOW - 2 * RIG_HOUR + i * RIG_MINUTE, 20 + i);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 2 * RIG_HOUR), VERDICT_RESET);
    hang("s-1", RIG_NOW - RIG_DAY, 99999);
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 2 * RIG_HOUR), VERDICT_ROLLOVER);
    assert_int_equal(rig_total_wh(&rig, "casa"), 99999 - 99500 + 1 + 39);
    hang("s-1", RIG_NOW - RIG_DAY, 0); /* that was a mistake */
    assert_int_equal(rig_verdict(&rig, "casa", RIG_NOW - 2 * RIG_HOUR), VERDICT_RESET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_maximum_told_long_ago, fresh, gone),
        cmocka_unit_test_setup_teardown(two_exchanges_between_two_reads, fresh, gone),
        cmocka_unit_test_setup_teardown(an_announcement_that_comes_late, fresh, gone),
        cmocka_unit_test_setup_teardown(a_bad_read_right_behind, fresh, gone),
        cmocka_unit_test_setup_teardown(an_announcement_that_cannot_be, fresh, gone),
        cmocka_unit_test_setup_teardown(a_maximum_entered_afterwards, fresh, gone),
        cmocka_unit_test_setup_teardown(announced_by_a_name_nobody_knows, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
