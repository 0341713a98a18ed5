/*
 * Time zones against the C library and against what clocks on walls are known to have shown. Each zone file
 * is read from the system's database; broken bytes are made from them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/posix_tz.h"
#include "base/zone.h"

#define FILE_MAX 65536

static const char *const names[] = {
    "America/Sao_Paulo", "Europe/Paris",      "Australia/Lord_Howe", "Europe/London",  "UTC",
    "Europe/Dublin",     "America/St_Johns",  "Pacific/Apia",        "Asia/Kathmandu", "Africa/Casablanca",
    "America/Havana",    "Pacific/Kwajalein", "Asia/Gaza",           "EST5EDT",        "Europe/Lisbon",
};
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static unsigned char bytes[FILE_MAX];

static size_t read_zone_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("no %s on this system (Debian: tzdata)", path);
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return len;
}

static struct zone *load(const char *name)
{
    struct zone *zone = NULL;
    struct fault fault = {0};
    if (zone_create(name, bytes, read_zone_file(name), &fault, &zone) != OK)
        fail_msg("%s: %s", name, fault.text);
    return zone;
}

static int64_t at(const char *text)
{
    int64_t utc_ms;
    if (!instant_parse(text, strlen(text), &utc_ms))
        fail_msg("%s", text);
    return utc_ms;
}

static int32_t day_of(const char *text)
{
    int32_t day;
    if (!civil_parse(text, &day))
        fail_msg("%s", text);
    return day;
}

static void check_is(int64_t got, const char *want)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(got, text);
    assert_string_equal(text, want);
}

/*
 * 1 million instants a zone from 1970 to 2120, and seldom ones before, where the C library is right to the
 * second too. An odd step meets every minute of the hour.
 */
static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct zone *zone = load(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        assert_string_equal(zone_name(zone), names[i]);
        int64_t step_s = 4721;
        for (int64_t s = at("1902-01-01T00:00:00Z") / 1000; s < at("2120-01-01T00:00:00Z") / 1000; s += step_s) {
            time_t seconds = (time_t)s;
            struct tm tm;
            localtime_r(&seconds, &tm);
            if (zone_offset_s(zone, s * 1000) != tm.tm_gmtoff)
                fail_msg("%s at %lld: %d, not %ld", names[i], (long long)s, zone_offset_s(zone, s * 1000), tm.tm_gmtoff);
        }
        zone_destroy(zone);
    }
    unsetenv("TZ");
    tzset();
}

/* Days tile time: no instant is in none or two, and every instant's day is the one between whose midnights it lies. */
static void days_tile_time_in_every_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct zone *zone = load(names[i]);
        int64_t before = zone_midnight_utc_ms(zone, day_of("1910-01-01"));
        for (int32_t day = day_of("1910-01-02"); day < day_of("2100-01-01"); day++) {
            int64_t midnight = zone_midnight_utc_ms(zone, day);
            if (midnight < before)
                fail_msg("%s: day %d begins before the day before", names[i], day);
            if (midnight > before) { /* a whole day was left out of Apia's and Kwajalein's calendars */
                assert_int_equal(zone_local_day(zone, before), day - 1);
                assert_int_equal(zone_local_day(zone, midnight - 1), day - 1);
            }
            before = midnight;
        }
        zone_destroy(zone);
    }
}

static void every_wall_time_that_exists_leads_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct zone *zone = load(names[i]);
        for (int64_t t = at("1950-01-01T00:00:00Z"); t < at("2050-01-01T00:00:00Z"); t += 1000 * 12347) {
            int64_t local = t + zone_offset_s(zone, t) * MS_PER_S;
            int32_t day = (int32_t)(instant_floor(local, MS_PER_DAY) / MS_PER_DAY);
            int64_t early = zone_from_wall(zone, day, local - day * MS_PER_DAY, 0);
            int64_t late = zone_from_wall(zone, day, local - day * MS_PER_DAY, 1);
            if ((early != t && late != t) || early > late)
                fail_msg("%s: %lld became %lld and %lld", names[i], (long long)t, (long long)early, (long long)late);
        }
        zone_destroy(zone);
    }
}

static void brazil_skipped_midnights(void **state)
{
    (void)state;
    struct zone *zone = load("America/Sao_Paulo");
    int32_t day = day_of("2018-11-04");
    check_is(zone_midnight_utc_ms(zone, day - 1), "2018-11-03T03:00:00Z");
    check_is(zone_midnight_utc_ms(zone, day), "2018-11-04T03:00:00Z"); /* 01:00 on the wall */
    check_is(zone_midnight_utc_ms(zone, day + 1), "2018-11-05T02:00:00Z");
    assert_int_equal(zone_local_day(zone, at("2018-11-04T02:59:59.999Z")), day - 1);
    assert_int_equal(zone_local_day(zone, at("2018-11-04T03:00:00Z")), day);
    check_is(zone_from_wall(zone, day, 30 * MS_PER_MIN, 0), "2018-11-04T03:30:00Z");
    check_is(zone_from_wall(zone, day, 30 * MS_PER_MIN, 1), "2018-11-04T03:30:00Z");
    /* Daylight saving ended at midnight, back to 23:00: that day has 25 hours. */
    day = day_of("2019-02-16");
    check_is(zone_midnight_utc_ms(zone, day), "2019-02-16T02:00:00Z");
    check_is(zone_midnight_utc_ms(zone, day + 1), "2019-02-17T03:00:00Z");
    check_is(zone_from_wall(zone, day, 23 * MS_PER_HOUR + 30 * MS_PER_MIN, 0), "2019-02-17T01:30:00Z");
    check_is(zone_from_wall(zone, day, 23 * MS_PER_HOUR + 30 * MS_PER_MIN, 1), "2019-02-17T02:30:00Z");
    check_is(zone_midnight_utc_ms(zone, day_of("2026-11-22")), "2026-11-22T03:00:00Z");
    check_is(zone_midnight_utc_ms(zone, day_of("2040-01-15")), "2040-01-15T03:00:00Z");
    assert_int_equal(zone_standard_offset_s(zone, at("2018-12-25T00:00:00Z")), -3 * 3600);
    zone_destroy(zone);
}

static void europe_has_23_and_25_hours_in_2026_and_2040(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/Paris");
    int32_t march = day_of("2026-03-29"), october = day_of("2026-10-25"), later = day_of("2040-03-25");
    assert_int_equal(zone_midnight_utc_ms(zone, march + 1) - zone_midnight_utc_ms(zone, march), 23 * MS_PER_HOUR);
    assert_int_equal(zone_midnight_utc_ms(zone, october + 1) - zone_midnight_utc_ms(zone, october), 25 * MS_PER_HOUR);
    assert_int_equal(zone_midnight_utc_ms(zone, later + 1) - zone_midnight_utc_ms(zone, later), 23 * MS_PER_HOUR);
    check_is(zone_from_wall(zone, march, 150 * MS_PER_MIN, 0), "2026-03-29T01:30:00Z"); /* 02:30 never was */
    check_is(zone_from_wall(zone, october, 150 * MS_PER_MIN, 0), "2026-10-25T00:30:00Z");
    check_is(zone_from_wall(zone, october, 150 * MS_PER_MIN, 1), "2026-10-25T01:30:00Z");
    assert_int_equal(zone_offset_s(zone, at("2040-07-01T00:00:00Z")), 7200);
    assert_int_equal(zone_offset_s(zone, at("2999-07-01T00:00:00Z")), 7200);
    assert_int_equal(zone_standard_offset_s(zone, at("2040-07-01T00:00:00Z")), 3600);
    zone_destroy(zone);
    zone = load("Europe/London");
    assert_int_equal(zone_midnight_utc_ms(zone, march + 1) - zone_midnight_utc_ms(zone, march), 23 * MS_PER_HOUR);
    check_is(zone_midnight_utc_ms(zone, march + 1), "2026-03-29T23:00:00Z");
    assert_int_equal(zone_offset_s(zone, at("1944-07-01T00:00:00Z")), 7200); /* double summer time */
    assert_int_equal(zone_standard_offset_s(zone, at("1944-07-01T00:00:00Z")), 0);
    zone_destroy(zone);
}

static void lord_howe_moves_half_an_hour(void **state)
{
    (void)state;
    struct zone *zone = load("Australia/Lord_Howe");
    assert_int_equal(zone_offset_s(zone, at("2026-01-01T00:00:00Z")), 11 * 3600);
    assert_int_equal(zone_offset_s(zone, at("2026-07-01T00:00:00Z")), 10 * 3600 + 1800);
    assert_int_equal(zone_standard_offset_s(zone, at("2040-01-01T00:00:00Z")), 10 * 3600 + 1800);
    int32_t spring = day_of("2026-10-04");
    assert_int_equal(zone_midnight_utc_ms(zone, spring + 1) - zone_midnight_utc_ms(zone, spring), 23 * MS_PER_HOUR + 30 * MS_PER_MIN);
    zone_destroy(zone);
}

/* St. John's went back at 00:01 to 23:01 of the day before: the day that had begun goes on. */
static void a_midnight_that_was_passed_twice_counts_once(void **state)
{
    (void)state;
    struct zone *zone = load("America/St_Johns");
    int32_t day = day_of("2006-10-29");
    check_is(zone_midnight_utc_ms(zone, day), "2006-10-29T02:30:00Z");
    assert_int_equal(zone_local_day(zone, at("2006-10-29T02:29:59Z")), day - 1);
    assert_int_equal(zone_local_day(zone, at("2006-10-29T02:30:30Z")), day);
    assert_int_equal(zone_local_day(zone, at("2006-10-29T02:45:00Z")), day); /* 23:15 on the wall */
    assert_int_equal(zone_local_day(zone, at("2006-10-29T04:00:00Z")), day);
    zone_destroy(zone);
    zone = load("Pacific/Apia"); /* left out 2011-12-30 */
    assert_int_equal(zone_midnight_utc_ms(zone, day_of("2011-12-30")), zone_midnight_utc_ms(zone, day_of("2011-12-31")));
    assert_int_equal(zone_local_day(zone, at("2011-12-30T10:00:00Z")), day_of("2011-12-31"));
    assert_int_equal(zone_local_day(zone, at("2011-12-30T09:59:59Z")), day_of("2011-12-29"));
    zone_destroy(zone);
}

/* The tz database calls Ireland's winter "daylight saving of -1 h"; people do not. */
static void standard_time_in_ireland_is_winter_time(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/Dublin");
    const char *when[] = {"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "2040-01-15T12:00:00Z", "2040-07-15T12:00:00Z"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(zone_standard_offset_s(zone, at(when[i])), 0);
    assert_int_equal(zone_offset_s(zone, at("2040-07-15T12:00:00Z")), 3600);
    zone_destroy(zone);
}

static void far_instants_do_no_harm(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/Paris");
    assert_int_equal(zone_offset_s(zone, INT64_MAX), 3600);
    assert_int_equal(zone_offset_s(zone, INT64_MIN), 561);
    assert_true(zone_local_day(zone, INT64_MAX) > day_of("2999-12-31"));
    assert_true(zone_local_day(zone, INT64_MIN) < day_of("1900-01-01"));
    assert_true(zone_midnight_utc_ms(zone, INT32_MAX) > zone_midnight_utc_ms(zone, INT32_MIN));
    zone_destroy(zone);
    zone_destroy(NULL);
}

/* A file of version 1 has 32-bit times and no footer: made here, since nobody ships one. */
static void version_1_files_are_read(void **state)
{
    (void)state;
    static const unsigned char file[] = {'T', 'Z', 'i',  'f',  0,   0,   0,   0, 0,    0,    0,    0,    0, 0, 0,    0,    0, 0,
                                         0,   0,   0,    0,    0,   0,   0,   0, 0,    0,    0,    0,    0, 0, 0,    0,    0, 2,
                                         0,   0,   0,    2,    0,   0,   0,   8, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x0e, 0x10, /* -1 and 3600 */
                                         1,   0,   0,    0,    0,   0,   0,   0,                                           /* 0 s */
                                         0,   0,   0x0e, 0x10, 1,   4,                                                     /* 3600 s, daylight */
                                         'A', 'A', 'A',  0,    'B', 'B', 'B', 0};
    struct zone *zone = NULL;
    assert_int_equal(zone_create("Test/One", file, sizeof(file), NULL, &zone), OK);
    assert_int_equal(zone_offset_s(zone, -1001), 0);
    assert_int_equal(zone_offset_s(zone, -1000), 3600);
    assert_int_equal(zone_standard_offset_s(zone, 0), 0);
    assert_int_equal(zone_offset_s(zone, 3600000), 0);
    zone_destroy(zone);
}

static void broken_files_are_refused_and_never_overrun(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    struct fault fault = {0};
    size_t len = read_zone_file("Europe/Paris");
    for (size_t cut = 0; cut < len; cut++) {
        unsigned char *copy = malloc(cut + 1); /* its own size, so that a sanitizer sees the end */
        memcpy(copy, bytes, cut);
        unsigned char *exact = realloc(copy, cut > 0 ? cut : 1);
        assert_int_equal(zone_create("Europe/Paris", exact, cut, &fault, &zone), ERR_INVALID);
        assert_true(fault.text[0] != '\0');
        free(exact);
    }
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        len = read_zone_file(round % 2 == 0 ? "America/Sao_Paulo" : "UTC");
        for (int hits = 0; hits < 3; hits++) {
            random = random * 1103515245 + 12345;
            size_t where = (random >> 8) % (round % 4 < 2 ? 44 : len);
            bytes[where] = (unsigned char)(random >> 3);
        }
        if (zone_create("Test/Broken", bytes, len, &fault, &zone) == OK) {
            zone_local_day(zone, (int64_t)random * 100000);
            zone_midnight_utc_ms(zone, (int32_t)random >> 8);
            zone_from_wall(zone, (int32_t)random >> 8, 0, 1);
            zone_destroy(zone);
        }
    }
    len = read_zone_file("UTC");
    assert_int_equal(zone_create("", bytes, len, &fault, &zone), ERR_INVALID);
    char long_name[80];
    memset(long_name, 'a', sizeof(long_name));
    long_name[79] = '\0';
    assert_int_equal(zone_create(long_name, bytes, len, &fault, &zone), ERR_INVALID);
}

static void leap_seconds_are_refused(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    struct fault fault = {0};
    assert_int_equal(zone_create("right/UTC", bytes, read_zone_file("right/UTC"), &fault, &zone), ERR_INVALID);
    assert_non_null(strstr(fault.text, "leap"));
}

static void footers_are_read_in_all_their_forms(void **state)
{
    (void)state;
    struct posix_tz tz;
    const char *good[] = {"UTC0",
                          "<-03>3",
                          "CET-1CEST,M3.5.0,M10.5.0/3",
                          "EST5EDT4,J60/2:30,300",
                          "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                          "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                          "IST-1GMT0,M10.5.0,M3.5.0/1",
                          "EET-2EEST,M3.4.4/50,M10.4.4/50",
                          "XXX3EDT4,0/0,J365/23"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (!posix_tz_parse(good[i], strlen(good[i]), &tz))
            fail_msg("%s was refused", good[i]);
    const char *bad[] = {"",
                         "3",
                         "AB3",
                         "UTC",
                         "UTC25",
                         "UTC0:60",
                         "<-03",
                         "CET-1CEST",
                         "CET-1CEST,M3.5.0",
                         "CET-1CEST,M13.5.0,M10.5.0",
                         "CET-1CEST,M3.6.0,M10.5.0",
                         "CET-1CEST,M3.5.7,M10.5.0",
                         "CET-1CEST,J0,J5",
                         "CET-1CEST,366,1",
                         "CET-1CEST,M3.5.0/168,M10.5.0",
                         "UTC0 ",
                         "UTC99999999999"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (posix_tz_parse(bad[i], strlen(bad[i]), &tz))
            fail_msg("%s was taken", bad[i]);
    assert_true(posix_tz_parse("EST5EDT4,J60/2:30,300", 21, &tz));
    check_is(posix_tz_begin_s(&tz, 2024) * 1000, "2024-03-01T07:30:00Z"); /* J60 is March 1st in leap years too */
    check_is(posix_tz_begin_s(&tz, 2025) * 1000, "2025-03-01T07:30:00Z");
    check_is(posix_tz_end_s(&tz, 2024) * 1000, "2024-10-27T06:00:00Z"); /* day 300 counts February 29th */
    check_is(posix_tz_end_s(&tz, 2025) * 1000, "2025-10-28T06:00:00Z");
}

/* "XXX3EDT4,0/0,J365/23" is RFC 8536's way to say daylight saving all year. */
static void daylight_saving_all_year_has_no_gaps(void **state)
{
    (void)state;
    static const char head[44] = "TZif2";
    static const char types[] = "\0\0\0\0\0\0A";
    unsigned char file[256];
    size_t len = 0;
    unsigned char block[44];
    memcpy(block, head, 44);
    block[39] = 1; /* one type */
    block[43] = 2; /* "A" */
    for (int i = 0; i < 2; i++) {
        memcpy(file + len, block, 44);
        memcpy(file + len + 44, types, 8);
        len += 52;
    }
    const char footer[] = "\nXXX3EDT4,0/0,J365/23\n";
    memcpy(file + len, footer, sizeof(footer) - 1);
    struct zone *zone = NULL;
    struct fault fault = {0};
    if (zone_create("Test/AllYear", file, len + sizeof(footer) - 1, &fault, &zone) != OK)
        fail_msg("%s", fault.text);
    for (int64_t t = at("1990-01-01T12:00:00Z"); t < at("2060-01-01T00:00:00Z"); t += MS_PER_HOUR)
        assert_int_equal(zone_offset_s(zone, t), -4 * 3600);
    zone_destroy(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
        cmocka_unit_test(days_tile_time_in_every_zone),
        cmocka_unit_test(every_wall_time_that_exists_leads_back),
        cmocka_unit_test(brazil_skipped_midnights),
        cmocka_unit_test(europe_has_23_and_25_hours_in_2026_and_2040),
        cmocka_unit_test(lord_howe_moves_half_an_hour),
        cmocka_unit_test(a_midnight_that_was_passed_twice_counts_once),
        cmocka_unit_test(standard_time_in_ireland_is_winter_time),
        cmocka_unit_test(far_instants_do_no_harm),
        cmocka_unit_test(version_1_files_are_read),
        cmocka_unit_test(broken_files_are_refused_and_never_overrun),
        cmocka_unit_test(leap_seconds_are_refused),
        cmocka_unit_test(footers_are_read_in_all_their_forms),
        cmocka_unit_test(daylight_saving_all_year_has_no_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
