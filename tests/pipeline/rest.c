/* A crowd that speaks every second: each meter is derived once in a while, nobody waits longer than that, and what comes out is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/rig.h"

#define CROWD 700
#define REST_MS 1500
#define STEP_MS 100

static struct rig rig;

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static int begin_with(int64_t rest_ms)
{
    rig_open(&rig);
    rig.derive_rest_ms = rest_ms;
    rig.auto_register.per_minute = CROWD;
    rig_restart(&rig);
    return 0;
}

static int with_rest(void **state)
{
    (void)state;
    return begin_with(REST_MS);
}

static int64_t derived(void)
{
    struct pipeline_stats stats;
    pipeline_stats(rig.pipeline, &stats);
    return stats.derive_marks;
}

/* So many meters say a reading each second; after each tenth of a second what may be derived is. The most that waits at the end of a round comes
 * back. */
static void seconds(int meters, int count)
{
    for (int s = 0; s < count; s++) {
        for (int m = 0; m < meters; m++) {
            char meter_id[20];
            snprintf(meter_id, sizeof meter_id, "m-%03d", m);
            rig_read(&rig, meter_id, rig.now_ms, 1000 + 3 * s + m);
        }
        rig_store(&rig);
        for (int i = 0; i < 1000 / STEP_MS; i++) {
            rig_derive(&rig);
            rig_advance(&rig, STEP_MS);
        }
    }
}

static int64_t waiting(void)
{
    struct pipeline_stats stats;
    pipeline_stats(rig.pipeline, &stats);
    return stats.marks_waiting;
}

static void a_crowd_rests(void **state)
{
    (void)state;
    seconds(CROWD, 1);
    int64_t before = derived();
    seconds(CROWD, 12);
    /* The first 500 that come into an empty line need not rest; the other 200 are derived in two seconds of three. */
    assert_in_range(derived() - before, 500 * 12 + 200 * 6, 500 * 12 + 200 * 9);
    rig_advance(&rig, REST_MS);
    rig_derive(&rig);
    assert_int_equal(waiting(), 0);
}

static void a_few_do_not(void **state)
{
    (void)state;
    seconds(20, 1);
    int64_t before = derived();
    seconds(20, 6);
    assert_int_equal(derived() - before, 120);
    assert_int_equal(waiting(), 0);
}

static void a_clock_that_goes_back_ends_the_rest(void **state)
{
    (void)state;
    seconds(CROWD, 2);
    for (int m = 0; m < CROWD; m++) {
        char meter_id[20];
        snprintf(meter_id, sizeof meter_id, "m-%03d", m);
        rig_read(&rig, meter_id, rig.now_ms, 5000 + m);
    }
    rig_store(&rig);
    rig_advance(&rig, -RIG_HOUR);
    rig_derive(&rig);
    assert_int_equal(waiting(), 0);
}

static struct buf what_came_out(int64_t rest_ms)
{
    struct buf text;
    begin_with(rest_ms);
    seconds(CROWD, 5);
    rig_advance(&rig, REST_MS);
    rig_settle(&rig);
    buf_init(&text, 64 << 20);
    rig_derived(&rig, &text);
    assert_true(text.len > 10000 && !text.overflow);
    return text;
}

static void the_same_comes_out(void **state)
{
    struct buf plain = what_came_out(0);
    gone(NULL);
    struct buf rested = what_came_out(REST_MS);
    (void)state;
    assert_int_equal(plain.len, rested.len);
    assert_memory_equal(plain.data, rested.data, plain.len);
    buf_finish(&plain);
    buf_finish(&rested);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_crowd_rests, with_rest, gone),
        cmocka_unit_test_setup_teardown(a_few_do_not, with_rest, gone),
        cmocka_unit_test_setup_teardown(a_clock_that_goes_back_ends_the_rest, with_rest, gone),
        cmocka_unit_test_teardown(the_same_comes_out, gone),
    };
    return cmocka_run_group_tests_name("pipeline_rest", tests, NULL, NULL);
}
