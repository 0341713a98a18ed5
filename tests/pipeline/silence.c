/* Meters that fall silent: after which time, told once, ended by the next reading, over restarts, failures and a broker that was away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

#define SILENT "alerts/casa/meter_silent"

static struct rig rig;
static int64_t wh;

static int fresh(void **state)
{
    (void)state;
    wh = 1000;
    rig_open(&rig);
    rig.silent_intervals = 4;
    rig_restart(&rig);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void read_now(const char *meter_id)
{
    rig_read(&rig, meter_id, rig.now_ms, wh += 100);
    rig_settle(&rig);
}

/* So many readings, one in `step_ms`. */
static void readings(const char *meter_id, int count, int64_t step_ms)
{
    for (int i = 0; i < count; i++) {
        rig_advance(&rig, step_ms);
        read_now(meter_id);
    }
}

static void pass(int64_t ms)
{
    rig_run(&rig, ms, RIG_MINUTE);
}

static void says(const char *state, int count)
{
    char text[40];
    assert_int_equal(rig_count(&rig, SILENT), count);
    snprintf(text, sizeof text, "\"state\":\"%s\"", state);
    if (!strstr(rig_last(&rig, SILENT), text))
        fail_msg("%s: %s", state, rig_last(&rig, SILENT));
}

/* Half-hours: two hours are four of them. */
static void silent_and_heard_again(void **state)
{
    (void)state;
    rig_meter(&rig, "casa", "America/Sao_Paulo", 1800);
    readings("casa", 4, 30 * RIG_MINUTE);
    int64_t last_ms = rig.now_ms;
    pass(2 * RIG_HOUR - RIG_MINUTE);
    assert_int_equal(rig_count(&rig, SILENT), 0);
    pass(2 * RIG_MINUTE);
    says("active", 1);
    const struct rig_sent *alert = rig_nth(&rig, SILENT, 0);
    assert_true(alert->retained && alert->id);
    assert_non_null(strstr(alert->payload, "\"threshold\":7200,\"unit\":\"s\""));
    assert_non_null(strstr(alert->payload, "desde 22/11/2026, 11:00.")); /* 14:00 in UTC */
    assert_non_null(strstr(alert->payload, "since 2026-11-22, 11:00."));
    assert_int_equal(last_ms, RIG_NOW + 2 * RIG_HOUR);
    pass(5 * RIG_HOUR);
    says("active", 1);
    read_now("casa");
    assert_int_equal(rig_count(&rig, SILENT), 3); /* ended, and no longer retained */
    assert_non_null(strstr(rig_nth(&rig, SILENT, 1)->payload, "\"state\":\"resolved\""));
    assert_int_equal(rig_nth(&rig, SILENT, 2)->len, 0);
    pass(3 * RIG_HOUR);
    assert_int_equal(rig_count(&rig, SILENT), 4); /* another episode */
}

/* A meter of a reading a minute is not silent after four minutes: an hour is the least. */
static void an_hour_at_least(void **state)
{
    (void)state;
    readings("casa", 20, RIG_MINUTE); /* nobody declared its interval */
    pass(59 * RIG_MINUTE);
    assert_int_equal(rig_count(&rig, SILENT), 0);
    pass(2 * RIG_MINUTE);
    says("active", 1);
}

/* What is late, or told again, is heard too. */
static void late_and_repeated_readings(void **state)
{
    (void)state;
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    int64_t first_ms = rig.now_ms + 15 * RIG_MINUTE;
    readings("casa", 4, 15 * RIG_MINUTE);
    pass(55 * RIG_MINUTE);
    rig_read(&rig, "casa", first_ms - RIG_DAY, 5); /* of yesterday */
    rig_settle(&rig);
    pass(55 * RIG_MINUTE);
    rig_read(&rig, "casa", first_ms, 1100); /* known long since */
    rig_settle(&rig);
    pass(55 * RIG_MINUTE);
    assert_int_equal(rig_count(&rig, SILENT), 0);
    pass(6 * RIG_MINUTE);
    says("active", 1);
    rig_read(&rig, "casa", first_ms, 1100);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, SILENT), 3);
}

/* Nothing is expected of a meter that was never heard, of one that said little, and of one that is inactive. */
static void of_whom_nothing_is_expected(void **state)
{
    struct actor actor = {"ana", RIG_NOW};
    struct fault fault = {0};
    struct point_record point;
    int64_t revision;
    (void)state;
    rig_meter(&rig, "never", "America/Sao_Paulo", 900);
    readings("little", 5, 15 * RIG_MINUTE); /* by hand, say */
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    readings("casa", 4, 15 * RIG_MINUTE);
    pass(3 * RIG_HOUR);
    assert_int_equal(rig_count(&rig, "alerts/never/meter_silent"), 0);
    assert_int_equal(rig_count(&rig, "alerts/little/meter_silent"), 0);
    says("active", 1);
    assert_int_equal(records_point_by_id(rig.records, "casa", &fault, &point), OK);
    point.state = POINT_INACTIVE;
    assert_int_equal(records_point_update(rig.records, &actor, &point, RECORDS_ANY_REVISION, &fault, &revision), OK);
    pass(2 * RIG_HOUR);
    assert_int_equal(rig_count(&rig, SILENT), 3); /* nobody waits for it any more */
    pass(5 * RIG_HOUR);
    assert_int_equal(rig_count(&rig, SILENT), 3);
}

/* The program's own silence is not theirs; an episode that lasts goes on after a restart, and is told once. */
static void over_restarts(void **state)
{
    (void)state;
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    readings("casa", 4, 15 * RIG_MINUTE);
    rig_advance(&rig, 12 * RIG_HOUR); /* it was off */
    rig_restart(&rig);
    pass(55 * RIG_MINUTE);
    assert_int_equal(rig_count(&rig, SILENT), 0);
    pass(10 * RIG_MINUTE);
    says("active", 1);
    rig_restart(&rig);
    pass(5 * RIG_HOUR);
    says("active", 1);
    read_now("casa");
    assert_int_equal(rig_count(&rig, SILENT), 3);
}

static void while_the_broker_is_away(void **state)
{
    (void)state;
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    readings("casa", 4, 15 * RIG_MINUTE);
    pass(50 * RIG_MINUTE);
    pipeline_link(rig.pipeline, false);
    pass(6 * RIG_HOUR);
    pipeline_link(rig.pipeline, true);
    pass(55 * RIG_MINUTE); /* they have until then to say something */
    assert_int_equal(rig_count(&rig, SILENT), 0);
    pass(10 * RIG_MINUTE);
    says("active", 1);
}

/* What a failed batch began was not begun: it is, with the next one. */
static void on_a_failing_store(void **state)
{
    (void)state;
    rig_meter(&rig, "casa", "America/Sao_Paulo", 900);
    readings("casa", 4, 15 * RIG_MINUTE);
    for (int i = 0; i < 90; i++) {
        faulty_set(rig.facts, (struct faulty_cue){i % 3 == 0 ? FAULTY_COMMIT : i % 3 == 1 ? FAULTY_WRITE : FAULTY_READ, i % 7, 2, ERR_RETRY});
        pass(RIG_MINUTE);
    }
    faulty_set(rig.facts, (struct faulty_cue){0});
    pass(65 * RIG_MINUTE);
    says("active", 1);
    for (int i = 0; i < 4; i++) {
        faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, i, 1, ERR_RETRY});
        read_now("casa");
    }
    faulty_set(rig.facts, (struct faulty_cue){0});
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, SILENT), 3);
    assert_non_null(strstr(rig_nth(&rig, SILENT, 1)->payload, "\"revision\":2,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(silent_and_heard_again, fresh, gone),
        cmocka_unit_test_setup_teardown(an_hour_at_least, fresh, gone),
        cmocka_unit_test_setup_teardown(late_and_repeated_readings, fresh, gone),
        cmocka_unit_test_setup_teardown(of_whom_nothing_is_expected, fresh, gone),
        cmocka_unit_test_setup_teardown(over_restarts, fresh, gone),
        cmocka_unit_test_setup_teardown(while_the_broker_is_away, fresh, gone),
        cmocka_unit_test_setup_teardown(on_a_failing_store, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
