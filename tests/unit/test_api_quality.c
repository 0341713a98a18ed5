/* How complete a local day is: what is expected of it, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "api/quality_day.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/instant.h"
#include "daemon/files.h"

#define HOUR MS_PER_HOUR
#define LATE INT64_C(4000000000000)

static struct zone *load_zone(const char *name)
{
    struct buf bytes;
    struct zone *zone = NULL;
    struct fault fault;
    char path[200];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    buf_init(&bytes, 1 << 20);
    assert_int_equal(file_read(path, &fault, &bytes), OK);
    assert_int_equal(zone_create(name, bytes.data, bytes.len, &fault, &zone), OK);
    buf_finish(&bytes);
    return zone;
}

static void test_patience(void **state)
{
    (void)state;
    assert_int_equal(quality_known_until(900, 10000000), 10000000 - 1350000);
    assert_int_equal(quality_known_until(0, 10000000), 10000000 - 5400000); /* undeclared: an hour */
    assert_int_equal(quality_known_until(1, 10000000), 10000000 - 60000);   /* at least a minute */
}

static void test_days(void **state)
{
    (void)state;
    struct zone *zone = load_zone("Europe/Lisbon");
    static const struct {
        const char *day;
        bool in_service;
        int since_h, until_h; /* from the day's midnight; -1: long before, ever after */
        struct energy_sum sum;
        bool derived;
        int expected, missing, permille;
    } cases[] = {
        {"2026-11-21", true, -1, -1, {.measured = 96}, true, 96, 0, 1000},
        {"2026-10-25", true, -1, -1, {.measured = 100}, true, 100, 0, 1000}, /* 25 hours */
        {"2026-03-29", true, -1, -1, {.measured = 92}, true, 92, 0, 1000},   /* 23 hours */
        {"2026-11-21", true, -1, -1, {.measured = 90, .estimated = 4, .partial = 1, .missing = 1}, true, 96, 1, 947},
        {"2026-11-21", true, -1, -1, {.measured = 90, .edited = 6}, true, 96, 0, 1000},
        {"2026-11-21", true, -1, -1, {.missing = 96}, true, 96, 96, 0},
        {"2026-11-21", true, -1, -1, {0}, false, 96, 96, 0},                               /* never derived: nothing came */
        {"2026-11-21", true, -1, 6, {.measured = 24, .missing = 72}, true, 24, 0, 1000},   /* today: what is over */
        {"2026-11-21", true, -1, 6, {.measured = 25, .missing = 71}, true, 25, 0, 1000},   /* it came before its time */
        {"2026-11-21", true, -1, -5, {0}, false, 0, 0, -1},                                /* tomorrow */
        {"2026-11-21", true, 12, -1, {.measured = 40, .missing = 56}, true, 48, 8, 833},   /* registered at noon */
        {"2026-11-21", true, 30, -1, {0}, false, 0, 0, -1},                                /* registered later, nothing is there */
        {"2026-11-21", true, 30, -1, {.measured = 90, .missing = 6}, true, 96, 6, 937},    /* history was loaded */
        {"2026-11-21", false, -1, -1, {0}, false, 0, 0, -1},                               /* out of service */
        {"2026-11-21", false, -1, -1, {.measured = 10, .missing = 86}, true, 96, 86, 104}, /* it said something all the same */
    };
    struct quality_day total = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t day;
        struct quality_day got;
        assert_true(civil_parse(cases[i].day, &day));
        int64_t midnight = zone_midnight_utc_ms(zone, day);
        quality_day_count(zone, day, cases[i].in_service, cases[i].since_h < 0 ? 0 : midnight + cases[i].since_h * HOUR,
                          cases[i].until_h == -1 ? LATE : midnight + cases[i].until_h * HOUR, cases[i].derived ? &cases[i].sum : NULL, &got);
        if (got.expected != cases[i].expected || got.missing != cases[i].missing || quality_day_permille(&got) != cases[i].permille)
            fail_msg("case %zu: expected %d, missing %d, permille %d", i, (int)got.expected, (int)got.missing, (int)quality_day_permille(&got));
        assert_int_equal(got.expected, got.measured + got.estimated + got.partial + got.edited + got.missing);
        quality_day_add(&total, &got);
    }
    assert_int_equal(total.expected, total.measured + total.estimated + total.partial + total.edited + total.missing);
    zone_destroy(zone);
}

/* A quarter-hour under way when the meter was registered is not expected of it. */
static void test_registered_between(void **state)
{
    (void)state;
    struct zone *zone = load_zone("America/Sao_Paulo");
    struct quality_day got;
    int32_t day;
    assert_true(civil_parse("2026-11-21", &day));
    quality_day_count(zone, day, true, zone_midnight_utc_ms(zone, day) + 23 * HOUR + 1, LATE, NULL, &got);
    assert_int_equal(got.expected, 3);
    quality_day_count(zone, day, true, 0, zone_midnight_utc_ms(zone, day) + HOUR - 1, NULL, &got);
    assert_int_equal(got.expected, 3);
    zone_destroy(zone);
}

/* Readings by the same rule; and what an operator is to look after. */
static void test_readings(void **state)
{
    (void)state;
    struct zone *zone = load_zone("Europe/Lisbon");
    int32_t day, spring;
    assert_true(civil_parse("2026-11-21", &day));
    assert_true(civil_parse("2026-03-29", &spring));
    int64_t midnight = zone_midnight_utc_ms(zone, day);
    assert_int_equal(quality_readings_expected(zone, day, true, 0, LATE, 900, false, 0), 96);
    assert_int_equal(quality_readings_expected(zone, spring, true, 0, LATE, 900, false, 0), 92);
    assert_int_equal(quality_readings_expected(zone, day, true, 0, midnight + 6 * HOUR, 600, false, 0), 36);      /* today: what is over */
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 12 * HOUR, LATE, 3600, false, 0), 12); /* registered at noon */
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 30 * HOUR, LATE, 900, false, 0), 0);   /* registered later */
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 30 * HOUR, LATE, 900, true, 0), 96);   /* history was loaded */
    assert_int_equal(quality_readings_expected(zone, day, false, 0, LATE, 900, false, 0), 0);                     /* out of service */
    assert_int_equal(quality_readings_expected(zone, day, true, 0, midnight - HOUR, 900, true, 0), 0);            /* tomorrow */
    assert_int_equal(quality_readings_expected(zone, day, true, 0, LATE, 7 * 86400, true, 0), 0);                 /* one a week */
    /* registered at noon, and history of the morning was loaded: what is there counts, but not what is beyond the interval */
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 12 * HOUR, LATE, 900, true, 30), 48);
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 12 * HOUR, LATE, 900, true, 80), 80);
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 12 * HOUR, LATE, 900, true, 5000), 96);
    assert_int_equal(quality_readings_expected(zone, day, true, midnight + 30 * HOUR, LATE, 900, false, 1), 96);
    assert_false(quality_day_incomplete(&(struct quality_day){.readings_expected = 96, .readings_received = 95}));
    assert_true(quality_day_incomplete(&(struct quality_day){.readings_expected = 96, .readings_received = 94}));
    assert_false(quality_day_incomplete(&(struct quality_day){.measured = 96, .readings_expected = 96, .readings_received = 200}));
    assert_true(quality_day_incomplete(&(struct quality_day){.estimated = 1}));
    assert_true(quality_day_incomplete(&(struct quality_day){.missing = 1}));
    assert_true(quality_day_incomplete(&(struct quality_day){.partial = 1}));
    assert_false(quality_day_incomplete(&(struct quality_day){.edited = 1})); /* somebody looked after it */
    zone_destroy(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_patience), cmocka_unit_test(test_days), cmocka_unit_test(test_registered_between),
                                       cmocka_unit_test(test_readings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
