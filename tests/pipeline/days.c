/* From reads to local days: exact sums, what is measured, estimated, partial and missing, and days of 23 and 25 hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "tests/support/rig.h"

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static struct energy_sum sum_of(const struct day *day)
{
    struct energy_sum sum = {0};
    energy_sum_slots(day, 0, day->slot_count, &sum);
    return sum;
}

/* Reads every `step` from one instant up to another, each bringing the same. Returns the last value. */
static int64_t reads(const char *meter_id, int64_t from_ms, int64_t until_ms, int64_t step_ms, int64_t first_wh, int64_t each_wh)
{
    int64_t wh = first_wh;
    for (int64_t ts = from_ms; ts <= until_ms; ts += step_ms, wh += each_wh)
        rig_read(&rig, meter_id, ts, wh);
    return wh - each_wh;
}

static void long_and_short_days(void **state)
{
    static const struct {
        const char *zone, *day;
        int64_t midnight_ms;
        int hours;
    } rows[] = {
        {"Europe/Paris", "2026-03-29", INT64_C(1774738800000), 23},      /* 2026-03-28T23:00Z */
        {"Europe/Paris", "2026-10-25", INT64_C(1792879200000), 25},      /* 2026-10-24T22:00Z */
        {"America/Sao_Paulo", "2018-11-04", INT64_C(1541300400000), 23}, /* 03:00Z: the first instant is 01:00 local */
        {"America/Sao_Paulo", "2018-02-17", INT64_C(1518832800000), 25}, /* 02:00Z */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%zu", i);
        rig_meter(&rig, id, rows[i].zone, 900);
        int64_t from = rows[i].midnight_ms - RIG_DAY, until = rows[i].midnight_ms + 2 * RIG_DAY;
        int64_t last = reads(id, from, until, 15 * RIG_MINUTE, 5000, 100);
        rig_settle(&rig);
        struct day day = rig_day(&rig, id, rows[i].day);
        assert_int_equal(day.slot_count, rows[i].hours * 4);
        assert_int_equal(day.start_utc_ms, rows[i].midnight_ms);
        struct energy_sum sum = sum_of(&day);
        assert_int_equal(sum.wh, rows[i].hours * 400);
        assert_int_equal(sum.measured, rows[i].hours * 4);
        assert_int_equal(rig_total_wh(&rig, id), last - 5000);
    }
}

/* The total is last − first, however odd the times of the reads. */
static void nothing_lost_between_quarters(void **state)
{
    unsigned seed = 11;
    int64_t ts = RIG_NOW - 20 * RIG_DAY + 12345, wh = 77, first = wh;
    (void)state;
    for (int i = 0; i < 400; i++) {
        rig_read(&rig, "a", ts, wh);
        seed = seed * 1103515245u + 12345u;
        ts += 1 + (seed >> 8) % (3 * RIG_HOUR / 2);
        seed = seed * 1103515245u + 12345u;
        wh += (seed >> 16) % 1700;
    }
    rig_read(&rig, "a", ts, wh);
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "a"), wh - first);
}

static void holes_are_estimated_and_ends_missing(void **state)
{
    int64_t noon = RIG_NOW - RIG_DAY; /* 09:00 local of 2026-11-21 */
    (void)state;
    rig_meter(&rig, "a", "America/Sao_Paulo", 900);
    reads("a", noon, noon + RIG_HOUR, 15 * RIG_MINUTE, 1000, 100);        /* 1000 … 1400 */
    rig_read(&rig, "a", noon + RIG_HOUR + 22 * RIG_MINUTE + 30000, 1500); /* exactly 1.5 × */
    rig_read(&rig, "a", noon + 2 * RIG_HOUR, 1600);                       /* 37.5 minutes: a hole */
    rig_read(&rig, "a", noon + 2 * RIG_HOUR + 15 * RIG_MINUTE, 1700);
    rig_settle(&rig);
    struct day day = rig_day(&rig, "a", "2026-11-21");
    struct energy_sum sum = sum_of(&day);
    assert_int_equal(sum.wh, 700);
    int nine = 36; /* the slot of 09:00 */
    for (int i = 0; i < nine; i++)
        assert_int_equal(day.slots[i].quality, QUALITY_MISSING);
    for (int i = nine; i < nine + 5; i++)
        assert_int_equal(day.slots[i].quality, QUALITY_MEASURED);
    for (int i = nine + 5; i < nine + 8; i++)
        assert_int_equal(day.slots[i].quality, QUALITY_ESTIMATED);
    assert_int_equal(day.slots[nine + 8].quality, QUALITY_MEASURED);
    assert_int_equal(day.slots[nine + 9].quality, QUALITY_MISSING); /* null, never 0 */
    rig_read(&rig, "a", noon + 91 * RIG_MINUTE, 1550);              /* late: what was a hole is none any more */
    rig_read(&rig, "a", noon + 100 * RIG_MINUTE, 1560);
    rig_settle(&rig);
    day = rig_day(&rig, "a", "2026-11-21");
    sum = sum_of(&day);
    assert_int_equal(sum.estimated, 0);
    assert_int_equal(sum.wh, 700);
}

/* A dip, a leap and a test read bring nothing; what is set aside says why. */
static void odd_reads_bring_nothing(void **state)
{
    int64_t t = RIG_NOW - RIG_DAY;
    struct buf derived;
    (void)state;
    reads("a", t, t + 4 * RIG_HOUR, 15 * RIG_MINUTE, 1000, 100); /* up to 2600 */
    rig_read(&rig, "a", t + RIG_HOUR + 1000, 0);
    rig_read(&rig, "a", t + 2 * RIG_HOUR + 1000, 90000000);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":50,\"ts\":%lld,\"flags\":[\"test\"]}", (long long)(t + 3 * RIG_HOUR + 1000));
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "a"), 1600);
    buf_init(&derived, 1 << 20);
    rig_derived(&rig, &derived);
    assert_non_null(strstr(derived.data, "=0 transient"));
    assert_non_null(strstr(derived.data, "=90000000 implausible"));
    assert_non_null(strstr(derived.data, "=50 test"));
    buf_finish(&derived);
}

static void intervals_are_energy_too(void **state)
{
    int64_t t = RIG_NOW - RIG_DAY; /* 09:00 local */
    (void)state;
    for (int i = 1; i <= 8; i++) /* half-hours, named by their end */
        rig_say(&rig, "meters/a/readings", "{\"interval_wh\":%d,\"interval_s\":1800,\"ts\":%lld}", 100 + i, (long long)(t + i * 30 * RIG_MINUTE));
    rig_settle(&rig);
    struct day day = rig_day(&rig, "a", "2026-11-21");
    struct energy_sum sum = sum_of(&day);
    assert_int_equal(sum.wh, 836);
    assert_int_equal(sum.measured, 16);
    assert_true(day.slots[36].wh == 50 && day.slots[37].wh == 51 && day.slots[35].quality == QUALITY_MISSING);
}

static void tariff_registers_stand_for_the_whole(void **state)
{
    int64_t t = RIG_NOW - RIG_DAY;
    (void)state;
    for (int i = 0; i <= 8; i++)
        rig_say(&rig, "meters/a/readings", "{\"registers\":{\"1.8.1\":%d,\"1.8.2\":%d},\"ts\":%lld}", 1000 + i * 10, 5000 + i * 7,
                (long long)(t + i * 15 * RIG_MINUTE));
    rig_settle(&rig);
    assert_int_equal(rig_total_wh(&rig, "a"), 8 * 17);
}

/* Another zone cuts the same energy into other days; nothing of the old cut stays. */
static void another_zone_cuts_anew(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct point_record record;
    struct fault fault = {0};
    int64_t from = RIG_NOW - 5 * RIG_DAY, revision;
    (void)state;
    rig_meter(&rig, "a", "America/Sao_Paulo", 900);
    reads("a", from, RIG_NOW - RIG_HOUR, 15 * RIG_MINUTE, 0, 100);
    rig_settle(&rig);
    int64_t total = rig_total_wh(&rig, "a");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(records_point_by_id(rig.records, "a", &fault, &record), OK);
        strcpy(record.tz, round == 0 ? "Asia/Tokyo" : "America/Sao_Paulo");
        assert_int_equal(records_point_update(rig.records, &actor, &record, RECORDS_ANY_REVISION, &fault, &revision), OK);
        if (round == 1)
            rig_restart(&rig); /* it was changed while nobody looked */
        for (int i = 0; i < 3; i++)
            rig_settle(&rig);
        assert_int_equal(rig_total_wh(&rig, "a"), total);
        struct day day = rig_day(&rig, "a", "2026-11-19");
        assert_int_equal(day.start_utc_ms % RIG_DAY, round == 0 ? 15 * RIG_HOUR : 3 * RIG_HOUR);
        assert_int_equal(sum_of(&day).measured, 96);
        struct day first = rig_day(&rig, "a", "2026-11-17"), last = rig_day(&rig, "a", "2026-11-22");
        assert_int_equal(sum_of(&first).measured, round == 0 ? 12 : 60); /* from 12:00Z on: 21:00 in Tokyo, 09:00 in São Paulo */
        assert_int_equal(sum_of(&last).measured, round == 0 ? 80 : 32);
    }
}

/* A shorter declared interval makes holes of what was none. */
static void another_interval_judges_anew(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct point_record record;
    struct fault fault = {0};
    int64_t revision;
    (void)state;
    rig_meter(&rig, "a", "America/Sao_Paulo", 3600);
    reads("a", RIG_NOW - RIG_DAY, RIG_NOW - RIG_HOUR, RIG_HOUR, 0, 100);
    rig_settle(&rig);
    struct day day = rig_day(&rig, "a", "2026-11-21");
    assert_int_equal(sum_of(&day).estimated, 0);
    assert_int_equal(records_point_by_id(rig.records, "a", &fault, &record), OK);
    record.reading_interval_s = 900;
    assert_int_equal(records_point_update(rig.records, &actor, &record, RECORDS_ANY_REVISION, &fault, &revision), OK);
    for (int i = 0; i < 3; i++)
        rig_settle(&rig);
    day = rig_day(&rig, "a", "2026-11-21");
    assert_int_equal(sum_of(&day).estimated, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(long_and_short_days, fresh, gone),
        cmocka_unit_test_setup_teardown(nothing_lost_between_quarters, fresh, gone),
        cmocka_unit_test_setup_teardown(holes_are_estimated_and_ends_missing, fresh, gone),
        cmocka_unit_test_setup_teardown(odd_reads_bring_nothing, fresh, gone),
        cmocka_unit_test_setup_teardown(intervals_are_energy_too, fresh, gone),
        cmocka_unit_test_setup_teardown(tariff_registers_stand_for_the_whole, fresh, gone),
        cmocka_unit_test_setup_teardown(another_zone_cuts_anew, fresh, gone),
        cmocka_unit_test_setup_teardown(another_interval_judges_anew, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
