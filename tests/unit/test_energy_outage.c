/* Outages: any order and any repetition of what was told; months that tile time lose nothing. The cases themselves: tests/tables/power.outages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "energy/outage.h"

#define SIGNS 40
#define MINUTE INT64_C(60000)

static uint32_t seed = 1;
static uint32_t next_random(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void test_any_order(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct power_sign plain[SIGNS], mixed[2 * SIGNS];
        struct outage once[SIGNS], again[2 * SIGNS];
        for (size_t i = 0; i < SIGNS; i++)
            plain[i] = (struct power_sign){next_random(60) * MINUTE, (enum power_word)next_random(4)};
        for (size_t i = 0; i < 2 * SIGNS; i++)
            mixed[i] = plain[(i * 7 + (size_t)round) % SIGNS];
        size_t count = outages_of(plain, SIGNS, once);
        memset(again, 0, sizeof again);
        assert_int_equal(outages_of(mixed, 2 * SIGNS, again), count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(once[i].from_utc_ms, again[i].from_utc_ms);
            assert_int_equal(once[i].until_utc_ms, again[i].until_utc_ms);
            assert_int_equal(once[i].began_by, again[i].began_by);
            assert_true(once[i].from_utc_ms <= once[i].until_utc_ms);
            assert_true(i == 0 || once[i - 1].until_utc_ms <= once[i].from_utc_ms);
        }
    }
}

static void test_months_tile(void **state)
{
    (void)state;
    struct outage outages[] = {{10 * MINUTE, 25 * MINUTE, POWER_FAILED, POWER_RESTORED},
                               {30 * MINUTE, 32 * MINUTE, POWER_FAILED, POWER_RESTORED},
                               {38 * MINUTE, OUTAGE_OPEN, POWER_FLAGGED, POWER_SEEN}};
    int64_t dic = 0, fic = 0;
    for (int64_t from = 0; from < 60; from += 20) {
        struct outage_month month;
        outage_month_count(outages, 3, from * MINUTE, (from + 20) * MINUTE, 50 * MINUTE, &month);
        dic += month.dic_ms;
        fic += month.fic;
        assert_true(month.dmic_ms <= month.dic_ms);
    }
    assert_int_equal(dic, (15 + 12) * MINUTE);
    assert_int_equal(fic, 2);
    assert_int_equal(outage_length_ms(&outages[2], 30 * MINUTE), 0); /* a clock before it began */
}

static void test_nothing(void **state)
{
    (void)state;
    struct outage none;
    assert_int_equal(outages_of(NULL, 0, &none), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order), cmocka_unit_test(test_months_tile), cmocka_unit_test(test_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
