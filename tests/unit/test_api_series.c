/* Buckets of a meter's local time: days of 23, 24 and 25 hours, months, widening, missing is not zero. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "api/gather.h"
#include "api/series.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/instant.h"
#include "daemon/zones.h"

static struct zones *zones;

static const struct zone *zone_of(const char *name)
{
    const struct zone *zone;
    assert_int_equal(zones_get(zones, name, NULL, &zone), OK);
    return zone;
}

static int32_t day_of(const char *text)
{
    int32_t day;
    assert_true(civil_parse(text, &day));
    return day;
}

static int64_t at(const char *text)
{
    int64_t utc_ms;
    assert_true(instant_parse(text, strlen(text), &utc_ms));
    return utc_ms;
}

/* All of a day measured, one Wh more in each quarter-hour than in the one before, from 1. */
static void fill_day(const struct zone *zone, int32_t local_day, struct day *day)
{
    day_init(day, local_day, zone_midnight_utc_ms(zone, local_day), zone_midnight_utc_ms(zone, local_day + 1));
    for (int i = 0; i < day->slot_count; i++)
        day->slots[i] = (struct slot){i + 1, QUALITY_MEASURED};
}

static int64_t sum_of(const struct series *series)
{
    int64_t sum = 0, wh;
    for (size_t i = 0; i < series->count; i++)
        if (series_value(series, i, SERIES_IMPORT, &wh))
            sum += wh;
    return sum;
}

static void test_days_of_clock_changes(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("Europe/Paris");
    static const struct {
        const char *day;
        int slots;
    } cases[] = {{"2026-03-29", 92}, {"2026-10-25", 100}, {"2026-11-22", 96}};
    for (size_t i = 0; i < 3; i++) {
        int32_t local_day = day_of(cases[i].day);
        int64_t from = zone_midnight_utc_ms(zone, local_day), until = zone_midnight_utc_ms(zone, local_day + 1);
        for (int bucket = BUCKET_QUARTER_HOUR; bucket <= BUCKET_DAY; bucket++) {
            static const int per[] = {1, 4, 1000};
            struct series series;
            struct day day;
            fill_day(zone, local_day, &day);
            assert_int_equal(series_plan(zone, (enum series_bucket)bucket, from, until, NULL, &series), OK);
            assert_int_equal(series.count, (cases[i].slots + per[bucket] - 1) / per[bucket]);
            assert_int_equal(series.until_day - series.from_day, 1);
            series_add_day(&series, SERIES_IMPORT, &day);
            assert_int_equal(sum_of(&series), cases[i].slots * (cases[i].slots + 1) / 2);
            assert_int_equal(series_quality(&series, 0), QUALITY_MEASURED);
            assert_true(series_is_whole(&series, until));
            series_finish(&series);
        }
    }
}

static void test_half_hour_zone(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("Asia/Kolkata"); /* +05:30: hours of the wall, not of UTC */
    struct series series;
    struct day day;
    assert_int_equal(series_plan(zone, BUCKET_HOUR, at("2026-11-22T00:10:00Z"), at("2026-11-22T01:31:00Z"), NULL, &series), OK);
    assert_int_equal(series.from_utc_ms, at("2026-11-21T23:30:00Z"));
    assert_int_equal(series.until_utc_ms, at("2026-11-22T02:30:00Z"));
    assert_int_equal(series.count, 3);
    fill_day(zone, day_of("2026-11-22"), &day);
    series_add_day(&series, SERIES_IMPORT, &day);
    int64_t wh;
    assert_true(series_value(&series, 0, SERIES_IMPORT, &wh)); /* 05:00 local: slots 20 … 23 */
    assert_int_equal(wh, 21 + 22 + 23 + 24);
    series_finish(&series);
}

static void test_part_of_days(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("America/Sao_Paulo");
    struct series series;
    struct day day;
    assert_int_equal(series_plan(zone, BUCKET_QUARTER_HOUR, at("2026-11-22T02:37:00Z"), at("2026-11-22T03:20:00Z"), NULL, &series), OK);
    assert_int_equal(series.count, 4); /* 23:30, 23:45 of one day, 00:00, 00:15 of the next */
    fill_day(zone, day_of("2026-11-21"), &day);
    series_add_day(&series, SERIES_IMPORT, &day);
    int64_t wh;
    assert_true(series_value(&series, 1, SERIES_IMPORT, &wh));
    assert_int_equal(wh, 96);
    assert_false(series_value(&series, 2, SERIES_IMPORT, &wh));
    assert_false(series_value(&series, 1, SERIES_EXPORT, &wh));
    assert_int_equal(series_quality(&series, 2), QUALITY_MISSING);
    fill_day(zone, day_of("2026-11-22"), &day);
    series_add_day(&series, SERIES_IMPORT, &day);
    assert_true(series_value(&series, 3, SERIES_IMPORT, &wh));
    assert_int_equal(wh, 2);
    fill_day(zone, day_of("2026-11-25"), &day); /* not asked for */
    series_add_day(&series, SERIES_IMPORT, &day);
    assert_int_equal(sum_of(&series), 95 + 96 + 1 + 2);
    series_finish(&series);
}

static void test_months(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("America/Sao_Paulo");
    struct series series;
    assert_int_equal(series_plan(zone, BUCKET_MONTH, at("2026-01-31T12:00:00Z"), at("2026-03-01T03:00:00Z"), NULL, &series), OK);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.points[0].start_utc_ms, at("2026-01-01T03:00:00Z"));
    assert_int_equal(series.points[1].slots, 28 * 96);
    struct energy_sum sum = {.wh = 10, .measured = 96};
    for (int32_t day = day_of("2026-02-01"); day < day_of("2026-03-01"); day++)
        series_add_sum(&series, SERIES_IMPORT, day, &sum);
    int64_t wh;
    assert_false(series_value(&series, 0, SERIES_IMPORT, &wh));
    assert_true(series_value(&series, 1, SERIES_IMPORT, &wh));
    assert_int_equal(wh, 280);
    assert_int_equal(series_quality(&series, 1), QUALITY_MEASURED);
    assert_false(series_is_whole(&series, at("2026-03-01T03:00:00Z")));
    assert_true(series_is_whole(&series, at("2026-01-01T03:00:00Z"))); /* nothing was due by then */
    series_finish(&series);
}

static void test_partial_quality(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("UTC");
    struct series series;
    int64_t from = at("2026-11-22T00:00:00Z");
    assert_int_equal(series_plan(zone, BUCKET_DAY, from, from + 1, NULL, &series), OK);
    struct energy_sum sum = {.wh = 5, .measured = 40, .missing = 56};
    series_add_sum(&series, SERIES_IMPORT, day_of("2026-11-22"), &sum);
    assert_int_equal(series_quality(&series, 0), QUALITY_PARTIAL);
    assert_true(series_is_whole(&series, from + 40 * QUARTER_MS));
    assert_false(series_is_whole(&series, from + 41 * QUARTER_MS));
    series_finish(&series);
}

static void test_limits(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("UTC");
    struct fault fault = {0};
    struct series series;
    int64_t from = at("2026-01-01T00:00:00Z");
    assert_int_equal(series_plan(zone, BUCKET_QUARTER_HOUR, from, from + 5000 * QUARTER_MS, &fault, &series), OK);
    assert_int_equal(series.count, 5000);
    series_finish(&series);
    assert_int_equal(series_plan(zone, BUCKET_QUARTER_HOUR, from, from + 5000 * QUARTER_MS + 1, &fault, &series), ERR_LIMIT);
    assert_non_null(strstr(fault.text, "bucket=hour"));
    assert_int_equal(series_plan(zone, BUCKET_HOUR, from, from + 6000 * MS_PER_HOUR, &fault, &series), ERR_LIMIT);
    assert_non_null(strstr(fault.text, "bucket=day"));
    assert_int_equal(series_plan(zone, BUCKET_DAY, from, from + 6000 * MS_PER_DAY, &fault, &series), ERR_LIMIT);
    assert_non_null(strstr(fault.text, "bucket=month"));
    assert_int_equal(series_plan(zone, BUCKET_MONTH, 0, at("2199-12-31T00:00:00Z"), &fault, &series), OK);
    assert_int_equal(series.count, 230 * 12);
    series_finish(&series);
    assert_int_equal(series_plan(zone, BUCKET_DAY, from, from - 1, &fault, &series), ERR_INVALID);
    assert_int_equal(series_plan(zone, BUCKET_DAY, from, from, &fault, &series), OK);
    assert_int_equal(series.count, 0);
    series_finish(&series);
}

static void test_defaults(void **state)
{
    (void)state;
    const struct zone *zone = zone_of("America/Sao_Paulo");
    int64_t now = at("2026-11-22T12:34:00Z");
    int64_t until = series_default_until(zone, BUCKET_DAY, now);
    assert_int_equal(until, at("2026-11-23T03:00:00Z"));
    assert_int_equal(series_default_from(zone, BUCKET_DAY, until), at("2026-10-23T03:00:00Z"));
    until = series_default_until(zone, BUCKET_MONTH, now);
    assert_int_equal(until, at("2026-12-01T03:00:00Z"));
    assert_int_equal(series_default_from(zone, BUCKET_MONTH, until), at("2025-12-01T03:00:00Z"));
    assert_int_equal(series_default_until(zone, BUCKET_QUARTER_HOUR, now), at("2026-11-22T12:45:00Z"));
}

static void test_gather(void **state)
{
    (void)state;
    struct gather gather;
    struct buf out;
    char next[GATHER_CURSOR_SIZE];
    gather_init(&gather, 3);
    for (int i = 0; i < 500; i++) /* more than a page keeps, so that it is cut on the way */
        gather_add(&gather, i / 2, i % 2 == 0 ? "a" : "b", i == 499 ? "\"newest\"" : i == 498 ? "\"second\"" : i == 497 ? "\"third\"" : "\"old\"");
    buf_init(&out, 4096);
    assert_true(gather_write(&gather, &out, next));
    assert_string_equal(out.data, "\"newest\",\"second\",\"third\"");
    assert_string_equal(next, "248.b");
    gather_finish(&gather);
    buf_reset(&out);
    gather_init(&gather, 3);
    assert_false(gather_write(&gather, &out, next));
    assert_string_equal(out.data, "");
    gather_finish(&gather);
    buf_finish(&out);
}

static int set_up(void **state)
{
    (void)state;
    zones = zones_create(ZONES_DIR_DEFAULT);
    return zones == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    zones_destroy(zones);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_of_clock_changes),
        cmocka_unit_test(test_half_hour_zone),
        cmocka_unit_test(test_part_of_days),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_partial_quality),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_gather),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
