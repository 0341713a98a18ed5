/* Long holes take the shape of the like-days before them, and their sum stays the register's difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "base/instant.h"
#include "energy/hole.h"

#define HOUR MS_PER_HOUR
#define MAX 40000

static struct zone *utc;
static struct span out[MAX];

static int load(void **state)
{
    static char bytes[4096];
    FILE *file = fopen("/usr/share/zoneinfo/UTC", "rb");
    (void)state;
    if (!file)
        return -1;
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return zone_create("UTC", bytes, len, NULL, &utc) == OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    zone_destroy(utc);
    return 0;
}

/* A fully measured day: `night` Wh in each quarter-hour, `evening` in those from 18:00 to 21:00. */
static void measured(struct day *day, int32_t local_day, int64_t night, int64_t evening)
{
    day_init(day, local_day, local_day * MS_PER_DAY, (local_day + 1) * MS_PER_DAY);
    for (int i = 0; i < 96; i++)
        day->slots[i] = (struct slot){i >= 72 && i < 84 ? evening : night, QUALITY_MEASURED};
}

static int64_t sum_between(int count, int64_t from_ms, int64_t until_ms)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        if (out[i].from_utc_ms >= from_ms && out[i].until_utc_ms <= until_ms)
            sum += out[i].wh;
    return sum;
}

static void the_shape_of_like_days(void **state)
{
    struct like_days likes = {0};
    struct day day;
    int32_t monday = 20780; /* 2026-11-23 */
    (void)state;
    assert_int_equal(civil_weekday(monday), 1);
    measured(&day, monday - 4, 10, 110);
    like_days_offer(&likes, &day);
    measured(&day, monday - 2, 1000, 0); /* a Saturday lends nothing to a Monday */
    like_days_offer(&likes, &day);
    /* all of Monday: 84 × 10 + 12 × 110 = 2160 in the like-day, twice that in the hole */
    const struct span hole = {monday * MS_PER_DAY, (monday + 1) * MS_PER_DAY, 4320, true, true};
    int count = hole_cut(&hole, &likes, utc, out, MAX);
    assert_int_equal(count, 96);
    for (int i = 0; i < count; i++)
        assert_int_equal(out[i].wh, i >= 72 && i < 84 ? 220 : 20);
    assert_true(out[0].from_utc_ms == hole.from_utc_ms && out[95].until_utc_ms == hole.until_utc_ms && out[7].estimated);
}

static void the_sum_is_the_registers(void **state)
{
    struct like_days likes = {0};
    struct day day;
    (void)state;
    for (int32_t d = 20700; d < 20714; d++) {
        measured(&day, d, 7 + d % 3, 90 + d % 5);
        like_days_offer(&likes, &day);
    }
    assert_int_equal(likes.count[DAY_WORKING], HOLE_LIKE_DAYS);
    for (int64_t wh = 0; wh < 100000; wh += 7777) {
        const struct span hole = {20714 * MS_PER_DAY + 12345, 20717 * MS_PER_DAY + 6 * HOUR + 777, wh, true, true};
        int count = hole_cut(&hole, &likes, utc, out, MAX);
        assert_true(count > 280);
        assert_int_equal(sum_between(count, INT64_MIN, INT64_MAX), wh);
        for (int i = 1; i < count; i++)
            assert_true(out[i].from_utc_ms == out[i - 1].until_utc_ms && out[i].wh >= 0);
    }
}

static void only_the_last_four(void **state)
{
    struct like_days likes = {0};
    struct day day;
    (void)state;
    measured(&day, 20780, 1000, 0);
    like_days_offer(&likes, &day);
    for (int32_t d = 20781; d < 20785; d++) {
        measured(&day, d, 0, 100);
        like_days_offer(&likes, &day);
    }
    const struct span hole = {20787 * MS_PER_DAY, 20788 * MS_PER_DAY, 1200, true, true};
    int count = hole_cut(&hole, &likes, utc, out, MAX);
    assert_int_equal(sum_between(count, 20787 * MS_PER_DAY + 18 * HOUR, 20787 * MS_PER_DAY + 21 * HOUR), 1200);
}

static void without_a_like_day_evenly(void **state)
{
    struct like_days likes = {0};
    struct day day;
    const struct span hole = {20780 * MS_PER_DAY, 20781 * MS_PER_DAY, 960, true, true};
    (void)state;
    assert_int_equal(hole_cut(&hole, &likes, utc, out, MAX), 0);
    measured(&day, 20777, 10, 10);
    day.slots[40].quality = QUALITY_ESTIMATED; /* never an estimate from an estimate */
    like_days_offer(&likes, &day);
    assert_int_equal(hole_cut(&hole, &likes, utc, out, MAX), 0);
    measured(&day, 20777, 0, 0); /* a day of nothing has no shape */
    like_days_offer(&likes, &day);
    assert_int_equal(hole_cut(&hole, &likes, utc, out, MAX), 0);
    measured(&day, 20777, 10, 10);
    like_days_offer(&likes, &day);
    assert_int_equal(hole_cut(&hole, &likes, utc, out, MAX), 96);
    assert_int_equal(hole_cut(&hole, &likes, utc, out, 50), 0); /* no room */
    const struct span two_hours = {20780 * MS_PER_DAY, 20780 * MS_PER_DAY + 2 * HOUR, 960, true, true};
    assert_int_equal(hole_cut(&two_hours, &likes, utc, out, MAX), 0);
    const struct span into_weekend = {20782 * MS_PER_DAY, 20785 * MS_PER_DAY + HOUR, 960, true, true};
    assert_int_equal(hole_cut(&into_weekend, &likes, utc, out, MAX), 0); /* its Saturday has no like-day */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_shape_of_like_days), cmocka_unit_test(the_sum_is_the_registers),
                                       cmocka_unit_test(only_the_last_four), cmocka_unit_test(without_a_like_day_evenly)};
    return cmocka_run_group_tests(tests, load, unload);
}
