/* Alerts: they begin, are acknowledged, end with hysteresis, are retained while they last, and are told at least once, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

#define EXCESS "alerts/casa/excess_consumption"
#define VARIATION "alerts/casa/bill_variation"
#define LOCAL_MIDNIGHT (RIG_NOW - 9 * RIG_HOUR)
static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"flat\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"}]}]}";

static struct rig rig;
static int64_t wh;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_tariff(&rig, tariff);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 3600);
    wh = 0;
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void rule(const char *kind, const char *params)
{
    struct actor actor = {"casa", rig.now_ms};
    struct fault fault = {0};
    int64_t revision;
    assert_int_equal(records_rule_set(rig.records, &actor, rig_meter_no(&rig, "casa"), kind, params, 0, &fault, &revision), OK);
    rig_settle(&rig);
}

/* Hourly reads that bring so much each, from one instant up to another. */
static void hourly(int64_t from_ms, int64_t until_ms, int64_t each_wh)
{
    for (int64_t ts = from_ms; ts <= until_ms; ts += RIG_HOUR, wh += each_wh)
        rig_read(&rig, "casa", ts, wh);
}

static void says(const char *topic, const char *state, int revision)
{
    char text[64];
    const char *last = rig_last(&rig, topic);
    snprintf(text, sizeof text, "\"revision\":%d,", revision);
    if (!strstr(last, text))
        fail_msg("%s: %s, revision %d was expected", topic, last, revision);
    snprintf(text, sizeof text, "\"state\":\"%s\"", state);
    assert_non_null(strstr(last, text));
}

static void over_the_households_own_rule(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    hourly(LOCAL_MIDNIGHT, LOCAL_MIDNIGHT + 5 * RIG_HOUR, 1000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 0); /* exactly 5 kWh */
    hourly(LOCAL_MIDNIGHT + 6 * RIG_HOUR, RIG_NOW, 1000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 1);
    const struct rig_sent *alert = rig_nth(&rig, EXCESS, 0);
    says(EXCESS, "active", 1);
    assert_true(alert->retained && alert->id);
    assert_non_null(strstr(alert->payload, "\"threshold\":5000"));
    assert_non_null(strstr(alert->payload, "\"value\":9000"));
    assert_non_null(strstr(alert->payload, "\"since\":\"2026-11-22T08:00:00Z\"")); /* the quarter-hour that passed it */
    assert_non_null(strstr(alert->payload, "5,0 kWh"));
    assert_non_null(strstr(alert->payload, "5.0 kWh"));
    rig_advance(&rig, RIG_HOUR);
    rig_read(&rig, "casa", rig.now_ms, wh + 5000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 1); /* still the same state: nothing is said */
}

static void ends_at_midnight(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000);
    rig_settle(&rig);
    says(EXCESS, "active", 1);
    rig_run(&rig, 15 * RIG_HOUR + RIG_MINUTE, RIG_HOUR / 2);
    assert_int_equal(rig_count(&rig, EXCESS), 3);
    const struct rig_sent *resolved = rig_nth(&rig, EXCESS, 1), *empty = rig_nth(&rig, EXCESS, 2);
    assert_non_null(strstr(resolved->payload, "\"state\":\"resolved\""));
    assert_non_null(strstr(resolved->payload, "\"until\":\"2026-11-23T03:00:00Z\""));
    assert_false(resolved->retained);
    assert_true(empty->retained && empty->len == 0); /* what was retained is taken away */
    assert_true(empty->id > resolved->id);
}

static void a_raised_limit_ends_it_with_hysteresis(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000); /* 9 kWh */
    rig_settle(&rig);
    rule("excess_consumption", "{\"day_wh\":9400}"); /* 95 % of it is below 9 kWh */
    assert_int_equal(rig_count(&rig, EXCESS), 1);
    rule("excess_consumption", "{\"day_wh\":9500}");
    assert_int_equal(rig_count(&rig, EXCESS), 3);
    assert_non_null(strstr(rig_nth(&rig, EXCESS, 1)->payload, "\"state\":\"resolved\""));
    rule("excess_consumption", "{\"day_wh\":9000,\"enabled\":false}");
    assert_int_equal(rig_count(&rig, EXCESS), 3);
}

/* Without a rule, the meter's own past says what is much. */
static void over_its_own_past(void **state)
{
    (void)state;
    for (int day = 10; day > 0; day--)
        hourly(LOCAL_MIDNIGHT - day * RIG_DAY, LOCAL_MIDNIGHT - (day - 1) * RIG_DAY - RIG_HOUR, day % 2 ? 400 : 500);
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 300);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 0);
    /* days of 9.6 to 12 kWh: about 11 ± 1.3; a day of 20 is much */
    rig_advance(&rig, RIG_HOUR);
    wh += 18000;
    rig_read(&rig, "casa", rig.now_ms, wh);
    rig_settle(&rig);
    says(EXCESS, "active", 1);
}

static void too_little_past_says_nothing(void **state)
{
    (void)state;
    for (int day = 5; day > 0; day--)
        hourly(LOCAL_MIDNIGHT - day * RIG_DAY, LOCAL_MIDNIGHT - (day - 1) * RIG_DAY - RIG_HOUR, 400);
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 9000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 0);
}

static void history_mails_nobody(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    for (int day = 60; day > 0; day--)
        hourly(LOCAL_MIDNIGHT - day * RIG_DAY, LOCAL_MIDNIGHT - (day - 1) * RIG_DAY - RIG_HOUR, 1000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 0);
}

/* September and October of 12 kWh a day; November as it is told. Returns after settling at RIG_NOW. */
static void months_then(int64_t november_each_wh)
{
    hourly(LOCAL_MIDNIGHT - 82 * RIG_DAY, LOCAL_MIDNIGHT - 21 * RIG_DAY - RIG_HOUR, 500);
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW, november_each_wh);
    rig_settle(&rig);
}

static void a_bill_far_above_the_others(void **state)
{
    (void)state;
    months_then(800);
    says(VARIATION, "active", 1);
    const char *alert = rig_last(&rig, VARIATION);
    assert_non_null(strstr(alert, "\"threshold\":30"));
    assert_non_null(strstr(alert, "R$ 183,00")); /* mean of 180.00 and 186.00 */
    assert_non_null(strstr(alert, "\"unit\":\"percent\""));
    rule("bill_variation", "{\"percent\":200}");
    assert_int_equal(rig_count(&rig, VARIATION), 3);
    assert_non_null(strstr(rig_nth(&rig, VARIATION, 1)->payload, "\"state\":\"resolved\""));
}

static void a_bill_like_the_others(void **state)
{
    (void)state;
    months_then(600); /* 20 % above */
    assert_int_equal(rig_count(&rig, VARIATION), 0);
    rule("bill_variation", "{\"percent\":15}");
    says(VARIATION, "active", 1);
    rule("bill_variation", "{\"percent\":20}"); /* it would not have begun, but four fifths hold it */
    assert_int_equal(rig_count(&rig, VARIATION), 1);
    rule("bill_variation", "{\"percent\":30}");
    assert_int_equal(rig_count(&rig, VARIATION), 3);
    rule("bill_variation", "{\"enabled\":false}");
    assert_int_equal(rig_count(&rig, VARIATION), 3);
}

static void a_bill_far_below(void **state)
{
    (void)state;
    months_then(200);
    says(VARIATION, "active", 1);
    assert_non_null(strstr(rig_last(&rig, VARIATION), "abaixo"));
    assert_non_null(strstr(rig_last(&rig, VARIATION), "below"));
}

static void the_first_bill_has_nothing_to_vary_from(void **state)
{
    (void)state;
    hourly(LOCAL_MIDNIGHT - 21 * RIG_DAY, RIG_NOW, 5000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, VARIATION), 0);
}

struct found {
    char alert_id[FINGERPRINT_SIZE];
    enum alert_state state;
};

static int keep_found(const struct alert_row *row, void *arg)
{
    struct found *found = arg;
    memcpy(found->alert_id, row->alert.alert_id, sizeof found->alert_id);
    found->state = row->alert.state;
    return 1;
}

static void acknowledged_then_resolved(void **state)
{
    struct actor actor = {"ana", RIG_NOW};
    struct found found = {0};
    struct fault fault = {0};
    int64_t ack_no;
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000);
    rig_settle(&rig);
    assert_int_equal(facts_alerts(rig.facts, rig_meter_no(&rig, "casa"), 0, -2, 0, NULL, 1, keep_found, &found, &fault), OK);
    assert_int_equal(records_acknowledge(rig.records, &actor, found.alert_id, "seen", &fault, &ack_no), OK);
    assert_int_equal(records_acknowledge(rig.records, &actor, "nosuchalert", "", &fault, &ack_no), OK);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 2);
    says(EXCESS, "acknowledged", 2);
    assert_true(rig_nth(&rig, EXCESS, 1)->retained);
    assert_int_equal(records_acknowledge(rig.records, &actor, found.alert_id, "again", &fault, &ack_no), OK);
    rig_restart(&rig);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 2); /* one is enough, and it is remembered */
    rule("excess_consumption", "{\"day_wh\":50000}");
    assert_int_equal(rig_count(&rig, EXCESS), 4);
    assert_non_null(strstr(rig_nth(&rig, EXCESS, 2)->payload, "\"revision\":3,"));
    assert_non_null(strstr(rig_nth(&rig, EXCESS, 2)->payload, "\"state\":\"resolved\""));
}

/* What the broker did not acknowledge is published again after a restart: the same bytes. */
static void told_again_byte_for_byte(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    rig.never_published = true;
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000);
    rig_settle(&rig);
    rig_run(&rig, 5000, 1000);
    assert_int_equal(rig_count(&rig, EXCESS), 1); /* in one life once */
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(rig_count(&rig, EXCESS), 2);
    const struct rig_sent *first = rig_nth(&rig, EXCESS, 0), *again = rig_nth(&rig, EXCESS, 1);
    assert_true(first->len == again->len && memcmp(first->payload, again->payload, first->len) == 0);
    assert_true(first->retained == again->retained && first->id == again->id);
    rig.never_published = false;
    pipeline_published(rig.pipeline, again->id);
    rig_run(&rig, 2000, 1000);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(rig_count(&rig, EXCESS), 2); /* acknowledged: never again */
}

/* An acknowledged row whose deletion failed is deleted with the next commit. */
static void deleted_though_the_store_failed(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    rig.never_published = true;
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000);
    rig_settle(&rig);
    for (int i = 0; i < rig.sent_count; i++)
        if (rig.sent[i].id)
            pipeline_published(rig.pipeline, rig.sent[i].id);
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 2, ERR_RETRY});
    rig_run(&rig, 5000, 1000);
    int before = rig_count(&rig, EXCESS);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(rig_count(&rig, EXCESS), before);
}

/* While the sender has no room, alerts wait and bills wait; nothing is lost. */
static void a_full_sender(void **state)
{
    (void)state;
    rule("excess_consumption", "{\"day_wh\":5000}");
    rig.refuses = true;
    hourly(LOCAL_MIDNIGHT, RIG_NOW, 1000);
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, EXCESS), 0);
    rig.refuses = false;
    rig_run(&rig, 2000, 1000);
    assert_int_equal(rig_count(&rig, EXCESS), 1);
}

static void a_dropping_broker(void **state)
{
    static const char topic[] = "alerts/system/broker_dropping";
    (void)state;
    rig_say(&rig, "$SYS/broker/publish/messages/dropped", "500"); /* how it stood when we came says nothing */
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 0);
    rig_say(&rig, "$SYS/broker/publish/messages/dropped", "517");
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 1);
    assert_non_null(strstr(rig_last(&rig, topic), "\"value\":17"));
    for (int minute = 0; minute < 30; minute++) { /* it goes on: one alert, not one every ten minutes */
        char text[16];
        snprintf(text, sizeof text, "%d", 520 + minute);
        rig_say(&rig, "$SYS/broker/publish/messages/dropped", "%s", text);
        rig_settle(&rig);
        rig_run(&rig, RIG_MINUTE, RIG_MINUTE / 2);
    }
    assert_int_equal(rig_count(&rig, topic), 1);
    rig_run(&rig, 12 * RIG_MINUTE, RIG_MINUTE); /* ten calm minutes end it */
    assert_int_equal(rig_count(&rig, topic), 3);
    rig_restart(&rig);
    rig_say(&rig, "$SYS/broker/publish/messages/dropped", "549"); /* no more than was known before the restart */
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 3);
    rig_say(&rig, "$SYS/broker/publish/messages/dropped", "3"); /* the broker began anew, and dropped again */
    rig_settle(&rig);
    rig_say(&rig, "$SYS/broker/publish/messages/dropped", "5");
    rig_settle(&rig);
    assert_int_equal(rig_count(&rig, topic), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(over_the_households_own_rule, fresh, gone),
        cmocka_unit_test_setup_teardown(ends_at_midnight, fresh, gone),
        cmocka_unit_test_setup_teardown(a_raised_limit_ends_it_with_hysteresis, fresh, gone),
        cmocka_unit_test_setup_teardown(over_its_own_past, fresh, gone),
        cmocka_unit_test_setup_teardown(too_little_past_says_nothing, fresh, gone),
        cmocka_unit_test_setup_teardown(history_mails_nobody, fresh, gone),
        cmocka_unit_test_setup_teardown(a_bill_far_above_the_others, fresh, gone),
        cmocka_unit_test_setup_teardown(a_bill_like_the_others, fresh, gone),
        cmocka_unit_test_setup_teardown(a_bill_far_below, fresh, gone),
        cmocka_unit_test_setup_teardown(the_first_bill_has_nothing_to_vary_from, fresh, gone),
        cmocka_unit_test_setup_teardown(acknowledged_then_resolved, fresh, gone),
        cmocka_unit_test_setup_teardown(told_again_byte_for_byte, fresh, gone),
        cmocka_unit_test_setup_teardown(deleted_though_the_store_failed, fresh, gone),
        cmocka_unit_test_setup_teardown(a_full_sender, fresh, gone),
        cmocka_unit_test_setup_teardown(a_dropping_broker, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
