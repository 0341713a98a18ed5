/* The drain thread beside a store that refuses: it says so for as long as it lasts, whatever else works meanwhile, and goes on by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "ingestor/drain.h"
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

static struct rig rig;
static struct journal *journal;
static struct drain *drain; /* NULL: not running */

static int fresh(void **state)
{
    char folder[64];
    struct fault fault = {0};
    (void)state;
    rig_open(&rig);
    snprintf(folder, sizeof folder, "%s/journal", rig.folder);
    struct journal_settings settings = {.folder = folder};
    return journal_open(&settings, (struct journal_position){0}, &fault, &journal) == OK ? 0 : -1;
}

static int gone(void **state)
{
    (void)state;
    drain_stop(drain);
    journal_close(journal);
    rig_close(&rig);
    return 0;
}

static void start(void)
{
    struct drain_settings settings = {journal, rig.pipeline, NULL, clock_system, 100, 20};
    struct fault fault = {0};
    assert_int_equal(drain_start(&settings, &fault, &drain), OK);
}

static bool failing(void)
{
    struct drain_state state;
    drain_look(drain, &state);
    assert_false(state.fatal);
    return state.failing;
}

/* True when it becomes so within so long. */
static bool becomes(bool wanted, int64_t within_ms)
{
    int64_t until_ms = clock_monotonic(&clock_system) + within_ms;
    while (failing() != wanted && clock_monotonic(&clock_system) < until_ms)
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    return failing() == wanted;
}

/* No message comes, so nothing is to be stored or derived: only the tending meets the full disk, once a second. Between two of its tries the store is
 * no better. */
static void failing_until_what_failed_is_done(void **state)
{
    (void)state;
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_BEGIN, 0, 3, ERR_RETRY});
    start();
    assert_true(becomes(true, 3000));
    int64_t began_ms = clock_monotonic(&clock_system);
    assert_true(becomes(false, 10000));
    assert_true(clock_monotonic(&clock_system) - began_ms > 1000); /* three refused tries, then one that works */
}

static void a_batch_is_tried_until_it_is_in(void **state)
{
    struct fault fault = {0};
    const char *topic = "meters/a/readings", *payload = "{\"energy_wh\":5}";
    (void)state;
    assert_int_equal(journal_append(journal, RIG_NOW, topic, strlen(topic), payload, strlen(payload), &fault), OK);
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 2, ERR_UNCERTAIN});
    start();
    assert_true(becomes(true, 3000));
    assert_true(becomes(false, 10000));
    drain_stop(drain);
    drain = NULL;
    assert_int_equal(rig_number(&rig, "readings.accepted") + rig_number(&rig, "readings.repeated"), rig_number(&rig, "readings.received"));
    struct journal_state state_now;
    journal_look(journal, &state_now);
    assert_int_equal(state_now.waiting_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(failing_until_what_failed_is_done, fresh, gone),
        cmocka_unit_test_setup_teardown(a_batch_is_tried_until_it_is_in, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
