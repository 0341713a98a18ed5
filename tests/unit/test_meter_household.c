/*
 * The simulated household: its registers are a pure function of the instant, never go back, and
 * look like a home.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/instant.h"
#include "meter/household.h"
#include "meter/household_day.h"

static struct zone *load_zone(const char *name)
{
    char path[128];
    static char bytes[65536];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct zone *zone = NULL;
    struct fault fault;
    assert_int_equal(zone_create(name, bytes, len, &fault, &zone), OK);
    return zone;
}

static int setup(void **state)
{
    struct neighbourhood *place = calloc(1, sizeof *place);
    *place = (struct neighbourhood){.zone = load_zone("America/Sao_Paulo"), .seed = 7, .southern = true, .nominal_mv = 220000};
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct neighbourhood *place = *state;
    zone_destroy((struct zone *)place->zone);
    free(place);
    return 0;
}

static int64_t at_local(const struct neighbourhood *place, int year, int month, int mday)
{
    return zone_midnight_utc_ms(place->zone, civil_to_day((struct civil){year, month, mday}));
}

/* Asked in any order, from a fresh household or a used one, an instant gives the same answer. */
static void test_pure_function_of_time(void **state)
{
    struct neighbourhood *place = *state;
    int64_t base = at_local(place, 2026, 3, 1);
    for (uint32_t number = 1; number <= 40; number++) {
        struct household used, fresh;
        household_init(&used, place, number);
        for (int i = 0; i < 60; i++) {
            int64_t ts = base + (int64_t)((i * 7919) % 400) * 13 * MS_PER_HOUR + i * 977;
            struct household_point a, b;
            household_at(&used, ts, &a);
            household_init(&fresh, place, number);
            household_at(&fresh, ts, &b);
            assert_memory_equal(&a, &b, sizeof a);
        }
    }
}

static void test_registers_never_go_back(void **state)
{
    struct neighbourhood *place = *state;
    for (uint32_t number = 1; number <= 30; number++) {
        struct household house;
        struct household_point before, now;
        household_init(&house, place, number);
        int64_t ts = at_local(place, 2026, 11, 20) - 3 * MS_PER_HOUR;
        household_at(&house, ts, &before);
        for (int i = 0; i < 20000; i++) { /* steps of odd length, through slots and a midnight */
            ts += 4507 + (i % 5) * 1000;
            household_at(&house, ts, &now);
            assert_true(now.import_wh >= before.import_wh);
            assert_true(now.export_wh >= before.export_wh);
            assert_true(now.import_wh - before.import_wh < 200); /* no leap within seconds, not at midnight either */
            before = now;
        }
    }
}

/* What the register gains is what the power says, within what a Wh and the minutes' steps allow. */
static void test_power_is_the_slope(void **state)
{
    struct neighbourhood *place = *state;
    struct household house;
    for (uint32_t number = 1; number <= 10; number++) {
        household_init(&house, place, number);
        int64_t start = at_local(place, 2026, 11, 20);
        struct household_point first, point;
        household_at(&house, start, &first);
        int64_t import_ws = 0;
        for (int64_t ts = start; ts < start + MS_PER_DAY; ts += MS_PER_MIN) {
            household_at(&house, ts, &point);
            import_ws += (int64_t)point.power_w * 60;
        }
        household_at(&house, start + MS_PER_DAY, &point);
        int64_t net_wh = (point.import_wh - first.import_wh) - (point.export_wh - first.export_wh);
        assert_true(llabs(net_wh - import_ws / 3600) <= 1440 / 60 + 2); /* power is cut to a watt: under 1 W × 24 h */
    }
}

static void test_cached_day_sums_to_its_total(void **state)
{
    struct neighbourhood *place = *state;
    struct household house;
    struct household_day totals;
    for (uint32_t number = 1; number <= 50; number++) {
        household_init(&house, place, number);
        int32_t day = civil_to_day((struct civil){2025, 6, 1}) + (int32_t)number * 7;
        household_day_total(&house, day, &totals);
        household_day_cut(&house, day, &totals);
        assert_int_equal(house.slots, 96);
        assert_int_equal(house.cum_j[96], totals.import_j);
        assert_int_equal(house.export_cum_j[96], house.pv_wp > 0 ? totals.export_j : 0);
    }
}

/* A neighbourhood of 500: believable means, an evening peak, some panels; a warm summer costs more
 * than spring. */
static void test_looks_like_homes(void **state)
{
    struct neighbourhood *place = *state;
    int64_t day_wh = 0, evening_wh = 0, night_wh = 0;
    int panels = 0;
    int64_t start = at_local(place, 2026, 10, 1);
    for (uint32_t number = 1; number <= 500; number++) {
        struct household house;
        struct household_point a, b, c, d, e;
        household_init(&house, place, number);
        panels += house.pv_wp > 0;
        household_at(&house, start, &a);
        household_at(&house, start + 30 * MS_PER_DAY, &b);
        day_wh += (b.import_wh - a.import_wh) / 30;
        household_at(&house, start + 2 * MS_PER_HOUR, &c);
        household_at(&house, start + 4 * MS_PER_HOUR, &d);
        night_wh += d.import_wh - c.import_wh;
        household_at(&house, start + 19 * MS_PER_HOUR, &c);
        household_at(&house, start + 21 * MS_PER_HOUR, &e);
        evening_wh += e.import_wh - c.import_wh;
        assert_true(e.voltage_mv > 200000 && e.voltage_mv < 235000);
        assert_true(b.import_wh - a.import_wh > 30 * 800); /* even an empty flat has a refrigerator */
        assert_true(b.import_wh - a.import_wh < 30 * 45000);
    }
    assert_in_range(panels, 40, 120);
    assert_in_range(day_wh / 500, 4000, 14000);
    assert_true(evening_wh > 3 * night_wh / 2);
}

static void test_seeds_differ(void **state)
{
    struct neighbourhood *place = *state;
    struct neighbourhood other = *place;
    other.seed = 8;
    struct household a, b;
    household_init(&a, place, 1);
    household_init(&b, &other, 1);
    assert_true(a.key != b.key);
    household_init(&b, place, 2);
    assert_true(a.key != b.key);
    assert_true(neighbourhood_is_southern("America/Sao_Paulo"));
    assert_true(neighbourhood_is_southern("Australia/Sydney"));
    assert_false(neighbourhood_is_southern("Europe/Amsterdam"));
}

/* In a zone with clock changes a day has 92 or 100 quarter-hours, and days still tile. */
static void test_days_of_23_and_25_hours(void **state)
{
    struct neighbourhood place = *(struct neighbourhood *)*state;
    struct zone *zone = load_zone("Europe/Amsterdam");
    place.zone = zone;
    place.southern = false;
    struct household house;
    struct household_point before, after;
    household_init(&house, &place, 3);
    const int days[2] = {civil_to_day((struct civil){2026, 3, 29}), civil_to_day((struct civil){2026, 10, 25})};
    for (int i = 0; i < 2; i++) {
        int64_t end = zone_midnight_utc_ms(zone, days[i] + 1);
        household_at(&house, end - 1, &before);
        assert_int_equal(house.slots, i == 0 ? 92 : 100);
        household_at(&house, end, &after);
        assert_true(after.import_wh - before.import_wh <= 1 && after.import_wh >= before.import_wh);
    }
    zone_destroy(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pure_function_of_time),   cmocka_unit_test(test_registers_never_go_back),
        cmocka_unit_test(test_power_is_the_slope),      cmocka_unit_test(test_cached_day_sums_to_its_total),
        cmocka_unit_test(test_looks_like_homes),        cmocka_unit_test(test_seeds_differ),
        cmocka_unit_test(test_days_of_23_and_25_hours),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
