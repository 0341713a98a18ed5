/*
 * The calendar and RFC 3339 instants: against the C library over 1,100 years, and strict where strictness counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>
#include "base/civil.h"
#include "base/clock.h"
#include "base/instant.h"

static void every_day_agrees_with_the_c_library(void **state)
{
    (void)state;
    int32_t first = civil_to_day((struct civil){1900, 1, 1}), last = civil_to_day((struct civil){2999, 12, 31});
    for (int32_t day = first; day <= last; day++) {
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct civil date = civil_from_day(day);
        assert_int_equal(date.year, tm.tm_year + 1900);
        assert_int_equal(date.month, tm.tm_mon + 1);
        assert_int_equal(date.mday, tm.tm_mday);
        assert_int_equal(civil_weekday(day), tm.tm_wday);
        assert_int_equal(civil_to_day(date), day);
        char text[CIVIL_TEXT_SIZE];
        int32_t back = 0;
        civil_format(day, text);
        assert_true(civil_parse(text, &back));
        assert_int_equal(back, day);
    }
    assert_int_equal(last - first + 1, 401767);
}

static void dates_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    const char *bad[] = {"2026-02-29", "2100-02-29", "1900-02-29",  "2026-13-01",  "2026-00-10", "2026-04-31",
                         "2026-01-00", "1899-12-31", "3000-01-01",  "2026-1-01",   "2026-01-1",  "2026/01/01",
                         "20260101",   "",           " 2026-01-01", "2026-01-01 ", "2026-01-0a", "-026-01-01"};
    int32_t day = 42;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (civil_parse(bad[i], &day))
            fail_msg("%s was taken", bad[i]);
    assert_false(civil_parse(NULL, &day));
    assert_int_equal(day, 42);
    assert_true(civil_parse("2024-02-29", &day));
    assert_true(civil_parse("2000-02-29", &day));
    assert_int_equal(civil_month_length(2026, 0), 0);
    assert_int_equal(civil_month_length(2026, 13), 0);
}

static void easter_is_when_the_church_says(void **state)
{
    (void)state;
    const char *sundays[] = {"1900-04-15", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2016-03-27", "2024-03-31",
                             "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22", "2299-04-16"};
    for (size_t i = 0; i < sizeof(sundays) / sizeof(sundays[0]); i++) {
        int32_t day;
        assert_true(civil_parse(sundays[i], &day));
        assert_int_equal(civil_easter(civil_from_day(day).year), day);
    }
    for (int year = 1900; year < 3000; year++)
        assert_int_equal(civil_weekday(civil_easter(year)), 0);
}

static void check_instant(const char *text, int64_t want)
{
    int64_t got = 0;
    if (!instant_parse(text, strlen(text), &got))
        fail_msg("%s was refused", text);
    if (got != want)
        fail_msg("%s read as %lld, not %lld", text, (long long)got, (long long)want);
}

static void instants_are_read_with_any_offset(void **state)
{
    (void)state;
    int64_t noon = INT64_C(1795348800000); /* 2026-11-22T12:00:00Z */
    check_instant("2026-11-22T12:00:00Z", noon);
    check_instant("2026-11-22t12:00:00z", noon);
    check_instant("2026-11-22 12:00:00Z", noon);
    check_instant("2026-11-22T12:00:00.25Z", noon + 250);
    check_instant("2026-11-22T12:00:00.9999999999999999999999Z", noon + 999);
    check_instant("2026-11-22T09:00:00-03:00", noon);
    check_instant("2026-11-22T17:45:00.001+05:45", noon + 1);
    check_instant("2026-11-23T00:00:00+12:00", noon);
    check_instant("2026-11-22T12:00:00-00:00", noon);
    check_instant("1970-01-01T00:00:00Z", 0);
    check_instant("1969-12-31T23:59:59.999Z", -1);
    check_instant("2016-12-31T23:59:60Z", INT64_C(1483228799999));
    check_instant("2016-12-31T23:59:60.1Z", INT64_C(1483228799999));
    check_instant("1900-01-01T00:00:00Z", INT64_C(-2208988800000));
    check_instant("2999-12-31T23:59:59.999Z", INT64_C(32503679999999));
}

static void anything_else_is_not_an_instant(void **state)
{
    (void)state;
    const char *bad[] = {
        "",
        "2026-11-22",
        "2026-11-22T12:00:00",
        "2026-11-22T12:00:00.Z",
        "2026-11-22T12:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T12:60:00Z",
        "2026-11-22T12:00:61Z",
        "2026-02-30T12:00:00Z",
        "2026-11-22T12:00:00+3:00",
        "2026-11-22T12:00:00+0300",
        "2026-11-22T12:00:00+24:00",
        "2026-11-22T12:00:00+03:60",
        "2026-11-22T12:00:00Z ",
        " 2026-11-22T12:00:00Z",
        "2026-11-22_12:00:00Z",
        "2026-11-22T12:00:00,5Z",
        "2026-11-22T12:00:00ZZ",
        "+2026-11-22T12:00:00Z",
        "1899-12-31T00:00:00Z",
        "3000-01-01T00:00:00Z",
        "2026-11-22T1a:00:00Z",
        "2026-11-22T12:00:00.5",
        "2026-11-22T12:00:00+",
        "2026-11-22T12:00:00+03",
        "1795348800",
        "now",
    };
    int64_t kept = 42;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (instant_parse(bad[i], strlen(bad[i]), &kept))
            fail_msg("\"%s\" was taken", bad[i]);
    const char *whole = "2026-11-22T12:00:00.5-03:00";
    for (size_t len = 0; len < strlen(whole); len++)
        assert_false(instant_parse(whole, len, &kept));
    assert_int_equal(kept, 42);
}

static void check_text(int64_t utc_ms, const char *want)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(utc_ms, text);
    assert_string_equal(text, want);
}

static void instants_are_written_as_they_are_read(void **state)
{
    (void)state;
    check_text(INT64_C(1795348800000), "2026-11-22T12:00:00Z");
    check_text(INT64_C(1795348800250), "2026-11-22T12:00:00.250Z");
    check_text(-1, "1969-12-31T23:59:59.999Z");
    check_text(INT64_MIN, "0000-01-01T00:00:00Z");
    check_text(INT64_MAX, "9999-12-31T23:59:59.999Z");
    for (int64_t at = INT64_C(-2208988800000); at < INT64_C(32503680000000); at += INT64_C(86413777)) {
        char text[INSTANT_TEXT_SIZE];
        instant_format(at, text);
        check_instant(text, at);
    }
}

static void floors_go_down_before_1970_too(void **state)
{
    (void)state;
    assert_int_equal(instant_floor(1799999, 900000), 900000);
    assert_int_equal(instant_floor(900000, 900000), 900000);
    assert_int_equal(instant_floor(-1, 900000), -900000);
    assert_int_equal(instant_floor(-900000, 900000), -900000);
    assert_int_equal(instant_floor(0, 900000), 0);
}

static void the_system_clock_goes(void **state)
{
    (void)state;
    int64_t begin = clock_monotonic(&clock_system);
    struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
    int64_t passed = clock_monotonic(&clock_system) - begin;
    assert_true(passed >= 19);
    int64_t seconds = (int64_t)time(NULL);
    int64_t now = clock_now(&clock_system);
    assert_true(now >= seconds * 1000 - 1000 && now < seconds * 1000 + 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_agrees_with_the_c_library), cmocka_unit_test(dates_that_do_not_exist_are_refused),
        cmocka_unit_test(easter_is_when_the_church_says),      cmocka_unit_test(instants_are_read_with_any_offset),
        cmocka_unit_test(anything_else_is_not_an_instant),     cmocka_unit_test(instants_are_written_as_they_are_read),
        cmocka_unit_test(floors_go_down_before_1970_too),      cmocka_unit_test(the_system_clock_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
