/* From register reads to quarter-hours: which reads count, what is a hole, and sums that are exact to the Wh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "energy/reading.h"
#include "energy/span.h"

#define HOUR MS_PER_HOUR
#define MINUTE MS_PER_MIN

/* ---- judge ---- */

struct expected {
    int64_t ts_min, value_wh;
    unsigned flags;
    enum verdict verdict;
    bool used, estimated;
};

static void judged(const char *what, const struct expected *rows, int count)
{
    struct judged_read reads[64];
    for (int i = 0; i < count; i++)
        reads[i] = (struct judged_read){.ts_utc_ms = rows[i].ts_min * MINUTE,
                                        .value_wh = rows[i].value_wh,
                                        .flags = rows[i].flags,
                                        .verdict = VERDICT_SENTINEL,
                                        .used = true,
                                        .estimated = true,
                                        .rise_wh = 77};
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    judge_registers(reads, count, &context);
    for (int i = 0; i < count; i++)
        if (reads[i].verdict != rows[i].verdict || reads[i].used != rows[i].used || reads[i].estimated != rows[i].estimated)
            fail_msg("%s, read %d: %s, %s used, %s", what, i, verdict_name(reads[i].verdict), reads[i].used ? "" : "not",
                     reads[i].estimated ? "estimated" : "measured");
}
#define JUDGED(what, ...)                                                                                                                            \
    judged(what, (const struct expected[]){__VA_ARGS__}, (int)(sizeof((const struct expected[]){__VA_ARGS__}) / sizeof(struct expected)))
#define GOOD(ts, wh)                                                                                                                                 \
    {                                                                                                                                                \
        ts, wh, 0, VERDICT_ACCEPTED, true, false                                                                                                     \
    }
#define ASIDE(ts, wh, why)                                                                                                                           \
    {                                                                                                                                                \
        ts, wh, 0, why, false, false                                                                                                                 \
    }

static void judges_over_neighbours(void **state)
{
    (void)state;
    JUDGED("in order", GOOD(0, 100), GOOD(15, 200), GOOD(30, 200), GOOD(45, 300));
    JUDGED("one dip", GOOD(0, 1000), ASIDE(15, 0, VERDICT_TRANSIENT), GOOD(30, 1100));
    JUDGED("a long dip", GOOD(0, 1000), ASIDE(15, 0, VERDICT_TRANSIENT), ASIDE(30, 5, VERDICT_TRANSIENT), GOOD(45, 1000));
    JUDGED("begins anew", GOOD(0, 1000000), {15, 3, 0, VERDICT_RESET, true, true}, GOOD(30, 40));
    JUDGED("a leap that does not stay", GOOD(0, 1000), ASIDE(15, 99000000, VERDICT_IMPLAUSIBLE), GOOD(30, 1100), GOOD(45, 1200));
    JUDGED("a leap that stays", GOOD(0, 1000), {15, 99000000, 0, VERDICT_CATCH_UP, true, true}, GOOD(30, 99000100));
    JUDGED("under 2 kWh is never odd", GOOD(0, 1000), {0, 3000, 0, VERDICT_CONFLICT, false, false}, GOOD(1, 3000));
    JUDGED("a test read", GOOD(0, 1000), {15, 1, FLAG_TEST, VERDICT_TEST, false, false}, GOOD(30, 1100));
    JUDGED("all tests", {0, 5, FLAG_TEST, VERDICT_TEST, false, false});
    JUDGED("nothing before it", GOOD(0, 99000000));
}

static void contradictions_at_one_instant(void **state)
{
    (void)state;
    JUDGED("one lies between its neighbours", GOOD(0, 1000), GOOD(15, 1100), ASIDE(15, 9000, VERDICT_CONFLICT), GOOD(30, 1200));
    JUDGED("the other does", GOOD(0, 1000), ASIDE(15, 900, VERDICT_CONFLICT), GOOD(15, 1100), GOOD(30, 1200));
    JUDGED("both do: the smaller", GOOD(0, 1000), GOOD(15, 1050), ASIDE(15, 1100, VERDICT_CONFLICT), GOOD(30, 1200));
    JUDGED("none does", GOOD(0, 1000), ASIDE(15, 10, VERDICT_CONFLICT), ASIDE(15, 9000, VERDICT_CONFLICT), GOOD(30, 1200));
    JUDGED("the newest instant", GOOD(0, 1000), GOOD(15, 1100), ASIDE(15, 1200, VERDICT_CONFLICT));
    JUDGED("the first instant", GOOD(0, 1000), ASIDE(0, 5000, VERDICT_CONFLICT), GOOD(15, 1200));
    JUDGED("three", GOOD(0, 1000), ASIDE(15, 1, VERDICT_CONFLICT), GOOD(15, 1001), ASIDE(15, 1002, VERDICT_CONFLICT), GOOD(30, 1003));
    JUDGED("a test read contradicts nobody", GOOD(0, 1000), {15, 1050, FLAG_TEST, VERDICT_TEST, false, false}, GOOD(15, 1100), GOOD(30, 1200));
}

static void what_a_service_carries(void **state)
{
    const struct service flat = {1, 127, 40};
    (void)state;
    /* 3 × 230 V × 100 A × 1.45 = 100,050 VA */
    assert_int_equal(service_limit_wh(SERVICE_DEFAULT, HOUR), 100050);
    assert_int_equal(service_limit_wh(SERVICE_DEFAULT, HOUR / 4), 25012);
    assert_int_equal(service_limit_wh(flat, HOUR), 7366);
    assert_int_equal(service_limit_wh(flat, 0), 2000); /* the floor of ledger.md */
    assert_int_equal(service_limit_wh(flat, 1000), 2000);
    assert_int_equal(service_limit_wh(flat, -1), INT64_MAX);
    assert_int_equal(service_limit_wh((struct service){3, 1000, 10000}, INT64_MAX), INT64_MAX);
}

/* The edge: exactly what the service carries is accepted, one Wh more is not. */
static void the_edge_of_plausible(void **state)
{
    (void)state;
    JUDGED("at the limit", GOOD(0, 0), GOOD(60, 100050), GOOD(75, 100051));
    JUDGED("beyond it", GOOD(0, 0), {60, 100051, 0, VERDICT_CATCH_UP, true, true}, GOOD(75, 100052));
}

/* ---- steps ---- */

static void holes_by_the_reading_interval(void **state)
{
    struct steps steps = {.declared_ms = 15 * MINUTE};
    (void)state;
    assert_false(steps_is_hole(&steps, 22 * MINUTE + 30 * MS_PER_S)); /* exactly 1.5 × */
    assert_true(steps_is_hole(&steps, 22 * MINUTE + 30 * MS_PER_S + 1));
    steps = (struct steps){0};
    assert_false(steps_is_hole(&steps, 90 * MINUTE)); /* nothing known: one hour */
    assert_int_equal(steps_interval_ms(&steps), 60 * MINUTE);
    assert_int_equal(steps_interval_ms(&(struct steps){.declared_ms = 5 * MINUTE}), 5 * MINUTE);
    assert_true(steps_is_hole(&steps, 90 * MINUTE + 1));
    for (int i = 0; i < 9; i++)
        steps_add(&steps, MINUTE);
    assert_false(steps_is_hole(&steps, 90 * MINUTE)); /* nine are too few */
    steps_add(&steps, MINUTE);
    assert_false(steps_is_hole(&steps, 90 * MS_PER_S));
    assert_true(steps_is_hole(&steps, 90 * MS_PER_S + 1));
    steps_add(&steps, 0); /* no step at all */
    steps_add(&steps, -5);
    assert_int_equal(steps.count, 10);
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Against the definition: more than 1.5 × the lower median of the last 100 steps. */
static void hole_is_against_the_median(void **state)
{
    unsigned seed = 7;
    struct steps steps = {0};
    int64_t all[400];
    (void)state;
    for (int n = 0; n < 400; n++) {
        seed = seed * 1103515245u + 12345u;
        all[n] = 1 + (int64_t)(seed >> 16) % 5000;
        steps_add(&steps, all[n]);
        int kept = n + 1 < STEPS_MAX ? n + 1 : STEPS_MAX;
        if (kept < STEPS_FEW)
            continue;
        int64_t sorted[STEPS_MAX];
        memcpy(sorted, all + n + 1 - kept, (size_t)kept * sizeof sorted[0]);
        qsort(sorted, (size_t)kept, sizeof sorted[0], by_length);
        int64_t median = sorted[(kept - 1) / 2];
        for (int64_t step = median; step < 2 * median; step += 1 + median / 50)
            assert_int_equal(steps_is_hole(&steps, step), 2 * step > 3 * median);
        assert_int_equal(steps_interval_ms(&steps), median);
    }
}

/* ---- spans ---- */

static void spans_between_used_reads(void **state)
{
    struct judged_read reads[] = {{.ts_utc_ms = 0, .value_wh = 1000, .used = true},
                                  {.ts_utc_ms = HOUR, .value_wh = 5, .used = false, .verdict = VERDICT_TRANSIENT},
                                  {.ts_utc_ms = 90 * MINUTE, .value_wh = 1300, .used = true, .rise_wh = 300},
                                  {.ts_utc_ms = 90 * MINUTE + 6 * HOUR, .value_wh = 1400, .used = true, .rise_wh = 100},
                                  {.ts_utc_ms = 9 * HOUR, .value_wh = 7, .used = true, .rise_wh = 7, .estimated = true, .verdict = VERDICT_RESET}};
    struct steps steps = {0};
    struct span out[5];
    (void)state;
    assert_int_equal(spans_of_registers(reads, 5, &steps, out), 3);
    assert_true(out[0].from_utc_ms == 0 && out[0].until_utc_ms == 90 * MINUTE && out[0].wh == 300 && !out[0].estimated);
    assert_true(out[1].wh == 100 && out[1].estimated);
    assert_true(out[2].wh == 7 && out[2].estimated); /* what the new count tells */
    assert_int_equal(steps.count, 3);
    assert_int_equal(spans_of_registers(reads, 1, &steps, out), 0);
    assert_int_equal(spans_of_registers(reads, 0, &steps, out), 0);
}

static void split_by_hand(void **state)
{
    /* 00:05 → 00:35, 100 Wh: 10 of 30 minutes, then 15, then 5. floor(100·10/30) = 33, floor(100·25/30) = 83 */
    const struct span span = {5 * MINUTE, 35 * MINUTE, 100, false, false};
    struct coverage coverage = {0};
    struct day day;
    (void)state;
    day_init(&day, 0, 0, MS_PER_DAY);
    day_add_span(&day, &coverage, 0, 96, &span);
    day_settle(&day, &coverage, 0, 96);
    assert_true(day.slots[0].wh == 33 && day.slots[0].quality == QUALITY_PARTIAL);
    assert_true(day.slots[1].wh == 50 && day.slots[1].quality == QUALITY_MEASURED);
    assert_true(day.slots[2].wh == 17 && day.slots[2].quality == QUALITY_PARTIAL);
    assert_true(day.slots[3].wh == 0 && day.slots[3].quality == QUALITY_MISSING);
}

static void estimated_colours_its_quarters(void **state)
{
    const struct span hole = {0, 20 * MINUTE, 20, true, false}, rest = {20 * MINUTE, 45 * MINUTE, 25, false, false};
    struct coverage coverage = {0};
    struct day day;
    (void)state;
    day_init(&day, 0, 0, MS_PER_DAY);
    day_add_span(&day, &coverage, 0, 96, &hole);
    day_add_span(&day, &coverage, 0, 96, &rest);
    day_settle(&day, &coverage, 0, 96);
    assert_int_equal(day.slots[0].quality, QUALITY_ESTIMATED);
    assert_int_equal(day.slots[1].quality, QUALITY_ESTIMATED);
    assert_int_equal(day.slots[2].quality, QUALITY_MEASURED);
    assert_int_equal(day.slots[0].wh + day.slots[1].wh + day.slots[2].wh, 45);
}

/* Whatever the reads, the quarter-hours of all days together are last − first: also with registers near 2^53 over years. */
static void sums_are_exact(void **state)
{
    unsigned seed = 42;
    (void)state;
    for (int round = 0; round < 200; round++) {
        int64_t t = -3 * MS_PER_DAY, total = 0;
        static struct day days[12];
        static struct coverage coverages[12];
        memset(coverages, 0, sizeof coverages);
        for (int d = 0; d < 12; d++)
            day_init(&days[d], d - 4, (d - 4) * MS_PER_DAY, (d - 3) * MS_PER_DAY);
        while (t < 7 * MS_PER_DAY) {
            seed = seed * 1103515245u + 12345u;
            int64_t step = 1 + (int64_t)(seed >> 8) % (round % 3 ? 5000000 : 50000000);
            seed = seed * 1103515245u + 12345u;
            int64_t rise = round % 2 ? (int64_t)(seed >> 4) * 1000003 : (int64_t)(seed >> 16) % 700;
            struct span span = {t, t + step < 8 * MS_PER_DAY ? t + step : 8 * MS_PER_DAY, rise, false, false};
            for (int d = 0; d < 12; d++)
                day_add_span(&days[d], &coverages[d], 0, days[d].slot_count, &span);
            total += rise;
            t = span.until_utc_ms;
        }
        int64_t sum = 0;
        for (int d = 0; d < 12; d++)
            for (int s = 0; s < days[d].slot_count; s++) {
                assert_true(days[d].slots[s].wh >= 0);
                sum += days[d].slots[s].wh;
            }
        assert_int_equal(sum, total);
    }
}

/* The products leave 64 bits: 2^53 Wh over a century. */
static void splits_in_128_bits(void **state)
{
    const struct span span = {0, 100 * 365 * MS_PER_DAY, INT64_C(9007199254740991), false, false};
    int64_t sum = 0;
    (void)state;
    for (int64_t d = 0; d < 100 * 365; d++) {
        struct coverage coverage = {0};
        struct day day;
        day_init(&day, (int32_t)d, d * MS_PER_DAY, (d + 1) * MS_PER_DAY);
        day_add_span(&day, &coverage, 0, 96, &span);
        for (int s = 0; s < 96; s++)
            sum += day.slots[s].wh;
        /* 2^53 / 36,500 days: every day within a Wh of each other */
        if (d == 0 || d == 20000)
            assert_in_range(day.slots[7].wh, 2570547732, 2570547734);
    }
    assert_int_equal(sum, INT64_C(9007199254740991));
}

static void only_the_slots_asked_for(void **state)
{
    const struct span span = {0, 2 * HOUR, 800, false, false};
    struct coverage coverage = {0};
    struct day day;
    (void)state;
    day_init(&day, 0, 0, MS_PER_DAY);
    day_add_span(&day, &coverage, 2, 4, &span);
    for (int i = 0; i < 96; i++)
        assert_int_equal(day.slots[i].wh, i == 2 || i == 3 ? 100 : 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_over_neighbours),
        cmocka_unit_test(contradictions_at_one_instant),
        cmocka_unit_test(what_a_service_carries),
        cmocka_unit_test(the_edge_of_plausible),
        cmocka_unit_test(holes_by_the_reading_interval),
        cmocka_unit_test(hole_is_against_the_median),
        cmocka_unit_test(spans_between_used_reads),
        cmocka_unit_test(split_by_hand),
        cmocka_unit_test(estimated_colours_its_quarters),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(splits_in_128_bits),
        cmocka_unit_test(only_the_slots_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
