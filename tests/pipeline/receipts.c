/* Receipts after commit A: cumulative, at most one a second per meter, again on repetition; holes asked for and given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

#define RECEIPT "meters/a/receipt"
#define COMMANDS "meters/a/commands"

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

static void says(const char *boot, int64_t seq)
{
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":%lld,\"ts\":%lld,\"boot\":\"%s\",\"seq\":%lld}", (long long)(1000 + seq),
            (long long)(RIG_NOW - RIG_DAY + seq * 1000), boot, (long long)seq);
}

static void receipt_is(const char *boot, int64_t seq)
{
    char text[96];
    snprintf(text, sizeof text, "{\"boot\":\"%s\",\"seq\":%lld}", boot, (long long)seq);
    assert_string_equal(rig_last(&rig, RECEIPT), text);
}

static void cumulative_and_after_the_commit(void **state)
{
    (void)state;
    for (int seq = 0; seq < 5; seq++)
        says("b", seq);
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 1, ERR_RETRY});
    assert_int_equal(rig_store_once(&rig), ERR_RETRY);
    assert_int_equal(rig.sent_count, 0); /* "received" only when it cannot be lost */
    rig_store(&rig);
    assert_int_equal(rig_count(&rig, RECEIPT), 1);
    receipt_is("b", 4);
    assert_false(rig_nth(&rig, RECEIPT, 0)->retained);
    assert_int_equal(rig_nth(&rig, RECEIPT, 0)->id, 0);
}

static void one_a_second(void **state)
{
    (void)state;
    for (int seq = 0; seq < 40; seq++) { /* ten a second */
        says("b", seq);
        rig_store(&rig);
        rig_advance(&rig, 100);
        rig_tend(&rig);
    }
    assert_in_range(rig_count(&rig, RECEIPT), 4, 5);
    for (int i = 1; i < rig_count(&rig, RECEIPT); i++)
        assert_true(rig_nth(&rig, RECEIPT, i)->at_ms - rig_nth(&rig, RECEIPT, i - 1)->at_ms >= 1000);
    rig_run(&rig, 2000, 500); /* and the last one comes by itself */
    receipt_is("b", 39);
}

static void again_on_repetition(void **state)
{
    (void)state;
    says("b", 0);
    rig_store(&rig);
    rig_run(&rig, 5000, 500);
    assert_int_equal(rig_count(&rig, RECEIPT), 1); /* not by itself */
    says("b", 0);
    rig_store(&rig);
    assert_int_equal(rig_count(&rig, RECEIPT), 2);
    rig_restart(&rig);
    says("b", 0); /* after a restart too, from the store */
    rig_store(&rig);
    receipt_is("b", 0);
    assert_int_equal(rig_count(&rig, RECEIPT), 3);
    assert_int_equal(rig_number(&rig, "readings.repeated"), 2);
}

static void refused_is_settled(void **state)
{
    (void)state;
    says("b", 0);
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":-5,\"boot\":\"b\",\"seq\":1}");
    rig_say(&rig, "meters/a/readings", "{\"energy_wh\":5,\"boot\":\"b\",\"seq\":2,\"ts\":1}");
    rig_store(&rig);
    receipt_is("b", 2);
}

static void boots_are_apart(void **state)
{
    (void)state;
    for (int seq = 0; seq < 3; seq++)
        says("one", seq);
    rig_store(&rig);
    receipt_is("one", 2);
    rig_run(&rig, 2000, 500);
    says("two", 1); /* a boot may begin at 1 */
    rig_store(&rig);
    receipt_is("two", 1);
    says("three", 0);
    says("four", 0);
    rig_store(&rig);
    rig_run(&rig, 4000, 500);
    assert_int_equal(rig_count(&rig, RECEIPT), 4); /* one a second for the meter, and each boot its turn */
}

static void a_hole_is_asked_for_and_given_up(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 1);
    says("b", 5);
    rig_settle(&rig);
    receipt_is("b", 1);
    rig_run(&rig, 9 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 0);
    rig_run(&rig, 2 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    const struct rig_sent *command = rig_nth(&rig, COMMANDS, 0);
    assert_non_null(strstr(command->payload, "\"command\":\"resend\",\"boot\":\"b\",\"from_seq\":2,\"to_seq\":4}"));
    assert_true(command->id != 0 && !command->retained);
    rig_run(&rig, 60 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 2);
    assert_string_not_equal(rig_nth(&rig, COMMANDS, 1)->payload, command->payload); /* another command_id */
    rig_run(&rig, 540 * 1000, 10000);
    assert_int_equal(rig_count(&rig, COMMANDS), 3);
    receipt_is("b", 1);
    rig_run(&rig, 60 * 1000, 1000);
    receipt_is("b", 5); /* given up, and the receipt moves on */
    assert_int_equal(rig_number(&rig, "sequence.given_up"), 3);
    rig_run(&rig, 3600 * 1000, 60000);
    assert_int_equal(rig_count(&rig, COMMANDS), 3);
    rig_restart(&rig);
    says("b", 3); /* it came after all: stored, and the receipt does not go back */
    rig_store(&rig);
    assert_int_equal(rig_number(&rig, "readings.accepted"), 4);
    receipt_is("b", 5);
}

/* The machine's clock is set forward by a day, and back by an hour: what waits goes on waiting as long as it should. */
static void a_clock_that_leaps_gives_nothing_up(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 3);
    rig_settle(&rig);
    rig_run(&rig, 2 * 1000, 1000);
    rig.now_ms += RIG_DAY;
    rig_run(&rig, 5 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 0);
    rig_run(&rig, 5 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    rig.now_ms -= RIG_DAY + RIG_HOUR;
    rig_run(&rig, 30 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    rig_run(&rig, 30 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 2);
    assert_int_equal(rig_number(&rig, "sequence.given_up"), 0);
    receipt_is("b", 0);
}

/* All meters share what may be asked for in a minute: a storm of holes is worked off, none is forgotten. */
static void asking_is_bounded(void **state)
{
    int asked = 0;
    (void)state;
    rig.resends_per_minute = 2;
    rig_restart(&rig);
    for (int i = 0; i < 5; i++) {
        static const int seqs[] = {0, 3};
        char boot[8];
        snprintf(boot, sizeof boot, "b%d", i);
        for (int k = 0; k < 2; k++)
            says(boot, seqs[k]);
    }
    rig_settle(&rig);
    rig_run(&rig, 20 * 1000, 1000);
    asked = rig_count(&rig, COMMANDS);
    assert_true(asked >= 2 && asked <= 4); /* a minute may have begun between */
    rig_run(&rig, 60 * 1000, 1000);
    assert_true(rig_count(&rig, COMMANDS) <= asked + 4);
    rig_run(&rig, 240 * 1000, 1000);
    assert_true(rig_count(&rig, COMMANDS) >= 5);
    for (int i = 0; i < 5; i++) {
        char boot[16];
        bool found = false;
        snprintf(boot, sizeof boot, "\"boot\":\"b%d\"", i);
        for (int n = 0; n < rig_count(&rig, COMMANDS); n++)
            found = found || strstr(rig_nth(&rig, COMMANDS, n)->payload, boot) != NULL;
        assert_true(found);
    }
}

static void the_answer_closes_the_hole(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 3);
    rig_settle(&rig);
    rig_run(&rig, 11 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    says("b", 2);
    says("b", 1);
    rig_store(&rig);
    receipt_is("b", 3);
    rig_run(&rig, 700 * 1000, 10000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    assert_int_equal(rig_number(&rig, "sequence.given_up"), 0);
}

/* A hole that stands when the process ends, or when the store refuses, is still asked for. */
static void holes_survive_a_restart(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 3);
    rig_settle(&rig);
    rig_restart(&rig);
    rig_run(&rig, 12 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
    says("b", 1);
    says("b", 2);
    rig_store(&rig);
    receipt_is("b", 3);
}

static void holes_survive_a_failing_store(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 3);
    rig_settle(&rig);
    faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 1, ERR_RETRY});
    rig_read(&rig, "other", RIG_NOW, 5);
    rig_store(&rig);
    rig_run(&rig, 12 * 1000, 1000);
    assert_int_equal(rig_count(&rig, COMMANDS), 1);
}

/* What memory learnt in a tending that failed is not told as stored. */
static void nothing_is_given_up_twice(void **state)
{
    (void)state;
    says("b", 0);
    says("b", 3);
    rig_settle(&rig);
    for (int second = 0; second < 1500; second++) {
        if (second % 7 == 3)
            faulty_set(rig.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 1, ERR_RETRY});
        rig_run(&rig, 1000, 1000);
    }
    assert_int_equal(rig_number(&rig, "sequence.given_up"), 2);
    receipt_is("b", 3);
}

/* A stranger may say a new boot with every reading: memory stays bounded, and the service goes on. */
static void boots_without_end(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, 1 << 18);
    says("known", 0);
    says("known", 2);
    for (int batch = 0; batch < 60; batch++) { /* more than are remembered */
        buf_reset(&text);
        buf_str(&text, "{\"readings\":[");
        for (int i = batch * 1000; i < (batch + 1) * 1000; i++)
            buf_printf(&text, "%s{\"energy_wh\":%d,\"ts\":%lld,\"boot\":\"%d\",\"seq\":1}", i % 1000 ? "," : "", i,
                       (long long)(RIG_NOW - RIG_DAY + i), i);
        buf_str(&text, "]}");
        rig_say_bytes(&rig, "meters/a/readings", text.data, text.len);
        if (batch % 10 == 9)
            rig_store(&rig);
    }
    assert_int_equal(rig_number(&rig, "readings.accepted"), 60002);
    rig_run(&rig, 5000, 500);
    assert_in_range(rig_count(&rig, RECEIPT), 5, 8);
    rig_say(&rig, "meters/b/readings", "{\"energy_wh\":1,\"boot\":\"x\",\"seq\":1}");
    rig_store(&rig);
    assert_string_equal(rig_last(&rig, "meters/b/receipt"), "{\"boot\":\"x\",\"seq\":1}");
    says("known", 1); /* what left the memory is read from the store */
    rig_store(&rig);
    rig_run(&rig, 3000, 500);
    assert_int_equal(rig_number(&rig, "sequence.given_up"), 0);
    buf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cumulative_and_after_the_commit, fresh, gone),
        cmocka_unit_test_setup_teardown(one_a_second, fresh, gone),
        cmocka_unit_test_setup_teardown(again_on_repetition, fresh, gone),
        cmocka_unit_test_setup_teardown(refused_is_settled, fresh, gone),
        cmocka_unit_test_setup_teardown(boots_are_apart, fresh, gone),
        cmocka_unit_test_setup_teardown(a_hole_is_asked_for_and_given_up, fresh, gone),
        cmocka_unit_test_setup_teardown(a_clock_that_leaps_gives_nothing_up, fresh, gone),
        cmocka_unit_test_setup_teardown(asking_is_bounded, fresh, gone),
        cmocka_unit_test_setup_teardown(the_answer_closes_the_hole, fresh, gone),
        cmocka_unit_test_setup_teardown(holes_survive_a_restart, fresh, gone),
        cmocka_unit_test_setup_teardown(holes_survive_a_failing_store, fresh, gone),
        cmocka_unit_test_setup_teardown(nothing_is_given_up_twice, fresh, gone),
        cmocka_unit_test_setup_teardown(boots_without_end, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
