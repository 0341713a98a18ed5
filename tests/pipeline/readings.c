/* At the door: what is stored, refused and counted, who may register itself, and what is kept for a name that nobody knows yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/rig.h"

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

struct counts {
    int64_t received, accepted, repeated, refused;
};

static struct counts counted(void)
{
    struct counts counts = {rig_number(&rig, "readings.received"), rig_number(&rig, "readings.accepted"), rig_number(&rig, "readings.repeated"), 0};
    for (int i = 0; i < verdict_count; i++) {
        char name[64];
        snprintf(name, sizeof name, "readings.refused.%s", verdict_table[i].name);
        counts.refused += rig_number(&rig, name);
    }
    assert_int_equal(counts.received, counts.accepted + counts.repeated + counts.refused);
    return counts;
}

static int keep_row(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    *(struct reading_row *)arg = *row;
    return 1;
}

static struct reading_row newest(const char *meter_id)
{
    struct reading_row row = {0};
    struct fault fault = {0};
    assert_int_equal(facts_readings(rig.facts, rig_meter_no(&rig, meter_id), INT64_MIN, INT64_MAX, -1, 1, NULL, keep_row, &row, &fault), OK);
    return row;
}

static void one_publish_is_a_reading(void **state)
{
    (void)state;
    rig_say(&rig, "meters/casa-42/readings", "{\"energy_wh\":123456,\"power_w\":420}");
    rig_settle(&rig);
    struct reading_row row = newest("casa-42");
    assert_int_equal(row.reading.ts_utc_ms, RIG_NOW); /* the time of receipt stands in, and says so */
    assert_true(row.reading.flags & FLAG_SERVER_TIME);
    assert_int_equal(row.received_utc_ms, RIG_NOW);
    assert_int_equal(row.reading.channels[0].value_wh, 123456);
    assert_true(row.reading.has_power && row.reading.power_w == 420);
    struct counts counts = counted();
    assert_true(counts.received == 1 && counts.accepted == 1);
    assert_int_equal(rig_number(&rig, "meters.auto_registered"), 1);
    assert_int_equal(rig_number(&rig, "messages"), 1);
    assert_int_equal(rig_number(&rig, "journal.offset"), 1);
    assert_int_equal(rig_count(&rig, "meters/casa-42/rejects"), 0);
    assert_int_equal(rig_count(&rig, "meters/casa-42/receipt"), 0); /* no seq, no receipt */
}

static void every_message_is_counted(void **state)
{
    (void)state;
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":1,\"ts\":%lld}", (long long)RIG_NOW);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":1,\"ts\":%lld}", (long long)RIG_NOW); /* again */
    rig_say(&rig, "meters/a/readings", "{\"readings\":[{\"energy_wh\":2,\"ts\":%lld},{\"energy_wh\":-2,\"ts\":%lld},{\"energy_wh\":3}]}",
            (long long)RIG_NOW + 1, (long long)RIG_NOW + 2);
    rig_say(&rig, "meters/a/readings", "garbage");
    rig_say(&rig, "meters/a b/readings", "{\"energy_wh\":1}");
    rig_say(&rig, "elsewhere", "{\"energy_wh\":1}");
    rig_say_bytes(&rig, "meters/a/readings", "\x00\xff\x01", 3);
    rig_say_bytes(&rig, "meters/a/readings", "", 0);
    rig_store(&rig);
    struct counts counts = counted();
    assert_int_equal(counts.received, 10);
    assert_int_equal(counts.accepted, 2);
    assert_int_equal(counts.repeated, 1);
    assert_int_equal(rig_number(&rig, "readings.refused.out_of_range"), 1);
    assert_int_equal(rig_number(&rig, "readings.refused.missing_ts"), 1);
    assert_int_equal(rig_number(&rig, "readings.refused.bad_json"), 3);
    assert_int_equal(rig_number(&rig, "readings.refused.bad_topic"), 2);
    assert_int_equal(rig_count(&rig, "meters/a/rejects"), 5); /* what named no meter can be told nobody */
    struct pipeline_stats stats;
    pipeline_stats(rig.pipeline, &stats);
    assert_true(stats.readings == 10 && stats.refused == 7 && stats.accepted == 2 && stats.repeated == 1);
}

static void clocks_at_the_door(void **state)
{
    (void)state;
    rig_read(&rig, "a", RIG_NOW + 5 * RIG_MINUTE, 5); /* five minutes ahead is a clock, more is none */
    rig_read(&rig, "a", RIG_NOW + 5 * RIG_MINUTE + 1, 6);
    rig_read(&rig, "a", INT64_C(946684799999), 1); /* 1999 */
    rig_read(&rig, "a", INT64_C(946684800000), 2); /* 2000 */
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":7,\"ts\":%lld,\"flags\":[\"clock_invalid\"],\"seq\":9}", (long long)RIG_NOW);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":7,\"flags\":[\"clock_invalid\"]}");
    rig_store(&rig);
    assert_int_equal(counted().accepted, 2);
    assert_int_equal(rig_number(&rig, "readings.refused.future"), 1);
    assert_int_equal(rig_number(&rig, "readings.refused.clock_invalid"), 3);
    const struct rig_sent *reject = rig_nth(&rig, "meters/a/rejects", 2);
    assert_non_null(strstr(reject->payload, "\"verdict\":\"clock_invalid\""));
    assert_non_null(strstr(reject->payload, "\"seq\":9"));
    assert_non_null(strstr(rig_nth(&rig, "meters/a/rejects", 0)->payload, "\"ts\":\"2026-11-22T12:05:00.001Z\""));
    assert_false(reject->retained);
    assert_int_equal(reject->id, 0);
}

/* Judged by the time of receipt, not by that of the batch: what waited in the journal is not in the future. */
static void judged_by_its_receipt(void **state)
{
    (void)state;
    rig_read(&rig, "a", RIG_NOW + RIG_HOUR, 5);
    rig_advance(&rig, 2 * RIG_HOUR);
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.refused.future"), 1);
}

static void a_contradiction_is_two_facts(void **state)
{
    (void)state;
    rig_read(&rig, "a", RIG_NOW, 5);
    rig_read(&rig, "a", RIG_NOW, 6);
    rig_read(&rig, "a", RIG_NOW, 5);
    rig_store(&rig);
    struct counts counts = counted();
    assert_true(counts.accepted == 2 && counts.repeated == 1);
}

/* One channel more than before is news, and nothing is stored twice. */
static void partly_repeated(void **state)
{
    (void)state;
    rig_read(&rig, "a", RIG_NOW, 5);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":5,\"export_wh\":9,\"ts\":%lld}", (long long)RIG_NOW);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":5,\"export_wh\":9,\"ts\":%lld}", (long long)RIG_NOW);
    rig_store(&rig);
    struct counts counts = counted();
    assert_true(counts.accepted == 2 && counts.repeated == 1);
}

static void names_register_themselves_within_limits(void **state)
{
    (void)state;
    rig_close(&rig);
    rig_open(&rig);
    rig.auto_register = (struct auto_register){true, 5, 8};
    rig_restart(&rig);
    for (int minute = 0; minute < 3; minute++) {
        for (int i = 0; i < 10; i++) {
            char id[16];
            snprintf(id, sizeof id, "m%d-%d", minute, i);
            rig_read(&rig, id, rig.now_ms, 5);
        }
        rig_store(&rig);
        assert_int_equal(rig_number(&rig, "meters.auto_registered"), minute == 0 ? 5 : 8); /* five a minute, eight altogether */
        rig_advance(&rig, RIG_MINUTE);
    }
    assert_int_equal(rig_number(&rig, "readings.refused.unknown_meter"), 22);
    rig_read(&rig, "m0-0", rig.now_ms, 6); /* who is known goes on */
    rig_store(&rig);
    assert_int_equal(counted().accepted, 9);
    rig_restart(&rig); /* the total is of the records, not of this life */
    rig_read(&rig, "m9", rig.now_ms, 6);
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.refused.unknown_meter"), 23);
}

static void garbage_registers_nobody(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        char topic[64];
        snprintf(topic, sizeof topic, "meters/flood-%d/readings", i);
        rig_say(&rig, topic, i % 2 ? "{\"energy_wh\":\"x\"}" : "\x01\x02");
        rig_say(&rig, topic, "{\"energy_wh\":1,\"ts\":%lld}", (long long)RIG_NOW * 2); /* future: well-formed, and still nothing */
    }
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.refused.future"), 50);
    assert_int_equal(rig_number(&rig, "meters.auto_registered"), 0);
}

static void reserved_names_do_not_register(void **state)
{
    static const char *const names[] = {"district", "feeder", "system", "ingestor", "claim", "api"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rig_read(&rig, names[i], RIG_NOW, 1);
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.refused.unknown_meter"), 6);
}

static void unknown_names_are_kept_and_replayed(void **state)
{
    (void)state;
    rig.auto_register.enabled = false;
    rig_restart(&rig);
    rig_read(&rig, "later", RIG_NOW - RIG_HOUR, 1000);
    rig_say(&rig, "meters/later/readings", "{\"readings\":[{\"energy_wh\":1100,\"ts\":%lld},{\"energy_wh\":-1,\"ts\":%lld}]}", (long long)RIG_NOW,
            (long long)RIG_NOW);
    rig_say(&rig, "meters/later/readings", "{\"energy_wh\":1200}");
    rig_settle(&rig);
    assert_int_equal(rig_number(&rig, "readings.refused.unknown_meter"), 3);
    assert_int_equal(rig_number(&rig, "unclaimed.kept"), 3);
    assert_non_null(strstr(rig_last(&rig, "meters/later/rejects"), "unknown_meter"));
    rig_advance(&rig, RIG_HOUR);
    rig_restart(&rig); /* kept in the store, not in memory */
    rig_meter(&rig, "later", "America/Sao_Paulo", 0);
    for (int i = 0; i < 4; i++)
        rig_settle(&rig);
    struct counts counts = counted();
    assert_int_equal(counts.accepted, 3);
    assert_int_equal(newest("later").reading.ts_utc_ms, RIG_NOW); /* with the receipt times they had */
    assert_int_equal(newest("later").received_utc_ms, RIG_NOW);
    assert_true(rig_total_wh(&rig, "later") >= 100);
    rig_settle(&rig);
    assert_int_equal(counted().received, counts.received); /* once */
}

static void other_messages(void **state)
{
    struct status_row status = {0};
    (void)state;
    rig_read(&rig, "a", RIG_NOW, 1);
    rig_say(&rig, "meters/a/status", "{\"state\":\"online\",\"serial\":\"S1\",\"firmware\":\"1\",\"boot\":\"b\"}");
    rig_say(&rig, "meters/a/events", "{\"event\":\"tamper\",\"ts\":%lld}", (long long)RIG_NOW);
    rig_say(&rig, "meters/a/events", "{\"event\":\"tamper\",\"ts\":%lld}", (long long)RIG_NOW); /* again */
    rig_say(&rig, "meters/a/events", "{\"event\":\"party\"}");
    rig_say(&rig, "meters/nobody/status", "{\"state\":\"online\"}");
    rig_say(&rig, "meters/a/status", "%s", "");
    rig_store(&rig);
    assert_int_equal(facts_status(rig.facts, rig_meter_no(&rig, "a"), &status, NULL), OK);
    assert_true(status.online);
    assert_string_equal(status.serial, "S1");
    assert_int_equal(status.changed_utc_ms, RIG_NOW);
    rig_advance(&rig, 1000);
    rig_say(&rig, "meters/a/status", "{\"state\":\"offline\"}");
    rig_store(&rig);
    assert_int_equal(facts_status(rig.facts, rig_meter_no(&rig, "a"), &status, NULL), OK);
    assert_false(status.online);
    assert_string_equal(status.serial, "S1"); /* a last will says nothing about the device */
    assert_int_equal(status.changed_utc_ms, RIG_NOW + 1000);
    assert_int_equal(counted().received, 1); /* none of these is a reading */
    assert_non_null(strstr(rig_last(&rig, "meters/a/rejects"), "bad_event"));
}

static int count_refusal(const struct refusal *refusal, void *arg)
{
    (void)refusal;
    (*(int *)arg)++;
    return 0;
}

/* Whatever a flood brings, only so much is kept, and what is kept of one is bounded. */
static void refusals_are_bounded(void **state)
{
    int kept = 0;
    static char large[5000];
    (void)state;
    memset(large, 'x', sizeof large - 1);
    for (int batch = 0; batch < 3; batch++) {
        for (int i = 0; i < 800; i++)
            rig_say(&rig, "meters/a/readings", "%s", large);
        rig_store(&rig);
    }
    assert_int_equal(facts_refusals(rig.facts, 0, 0, 100000, count_refusal, &kept, NULL), OK);
    assert_int_equal(kept, 1000);
    assert_int_equal(counted().refused, 2400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_publish_is_a_reading, fresh, gone),
        cmocka_unit_test_setup_teardown(every_message_is_counted, fresh, gone),
        cmocka_unit_test_setup_teardown(clocks_at_the_door, fresh, gone),
        cmocka_unit_test_setup_teardown(judged_by_its_receipt, fresh, gone),
        cmocka_unit_test_setup_teardown(a_contradiction_is_two_facts, fresh, gone),
        cmocka_unit_test_setup_teardown(partly_repeated, fresh, gone),
        cmocka_unit_test_setup_teardown(names_register_themselves_within_limits, fresh, gone),
        cmocka_unit_test_setup_teardown(garbage_registers_nobody, fresh, gone),
        cmocka_unit_test_setup_teardown(reserved_names_do_not_register, fresh, gone),
        cmocka_unit_test_setup_teardown(unknown_names_are_kept_and_replayed, fresh, gone),
        cmocka_unit_test_setup_teardown(other_messages, fresh, gone),
        cmocka_unit_test_setup_teardown(refusals_are_bounded, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
