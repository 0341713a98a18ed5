/*
 * The truth table of the ledger, as far as one register tells it: reads in, energy and verdicts out. The truth is the register, not the arrival.
 *
 * A row is a story: `minute value verdict` per read. "." is a read that is used, any other word its verdict; "chosen" and "set_aside" are reads on
 * which a person decided so. `energy` is what all used reads together measure; `exact` is the part of it that is not estimated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "energy/judge.h"
#include "energy/reading.h"

#define READS_MAX 12000

struct story {
    const char *what;
    const char *reads;
    int64_t energy_wh, exact_wh;
    int64_t register_max_wh;
    struct exchange exchange; /* ts_utc_ms in minutes; 0: none */
};

static const struct story stories[] = {
    {"in order", "0 1000 . 15 1100 . 30 1100 . 45 1300 .", 300, 300, 0, {0}},
    {"one read of zero", "0 500000 . 15 0 transient 30 500200 .", 200, 200, 0, {0}},
    {"some reads anywhere below", "0 500000 . 15 7 transient 30 9 transient 45 400000 transient 60 500200 .", 200, 200, 0, {0}},
    {"a small step back: the run before it is longer",
     "0 1000 . 15 1100 . 30 1200 . 45 1150 transient 60 1160 transient 75 1300 .",
     300,
     300,
     0,
     {0}},
    {"a small step back at the end is not used yet", "0 20000 . 15 20100 . 30 20050 transient", 100, 100, 0, {0}},
    {"wraps at its maximum", "0 99999900 . 15 99999990 . 30 100 rollover 45 200 .", 90 + 110 + 100, 300, 99999999, {0}},
    {"goes back, and no maximum is known: begins anew", "0 99999900 . 15 99999990 . 30 100 reset 45 200 .", 290, 190, 0, {0}},
    {"far from its maximum it cannot have wrapped", "0 50000000 . 15 50000100 . 30 100 reset 45 200 .", 300, 200, 99999999, {0}},
    {"an announced exchange", "0 8000000 . 15 8000100 . 30 50 . 45 150 .", 100 + 30 + 50 + 100, 280, 0, {20, 8000130, 0, 0}},
    {"an announced exchange to a used register",
     "0 8000000 . 15 8000100 . 30 700050 . 45 700150 .",
     100 + 30 + 50 + 100,
     280,
     0,
     {20, 8000130, 700000, 0}},
    {"after an exchange the new maximum holds",
     "0 8000000 . 30 999990 . 45 100 rollover",
     100 + 90 + 110,
     300,
     99999999,
     {20, 8000100, 999900, 999999}},
    {"a zero near its maximum that does not stay is no turn", "0 99999900 . 15 0 transient 30 99999950 . 45 99999990 .", 90, 90, 99999999, {0}},
    {"a zero, and then it wraps", "0 99999900 . 15 0 transient 30 99999950 . 45 10 rollover 60 30 .", 50 + 60 + 20, 130, 99999999, {0}},
    {"a small register that wraps and comes near its maximum again",
     "0 99000 . 60 19000 rollover 120 69000 . 180 99500 .",
     20000 + 50000 + 30500,
     100500,
     99999,
     {0}},
    {"after an exchange, a zero near the new maximum that does not stay",
     "0 8000000 . 30 0 transient 45 999950 . 60 100 rollover",
     100 + 50 + 150,
     300,
     0,
     {20, 8000100, 999900, 999999}},
    {"a low read right before an exchange, whose final value is where the register was",
     "0 8000000 . 15 4000 transient 30 50 . 45 150 .",
     130 + 50 + 100,
     280,
     0,
     {20, 8000130, 0, 0}},
    {"begins anew, and is exchanged at what it counted since",
     "0 8000000 . 15 50 reset 30 20 . 45 150 .",
     50 + 30 + 20 + 130,
     180,
     0,
     {20, 80, 0, 0}},
    {"restarts low and stays, unannounced", "0 8000000 . 15 8000100 . 30 50 reset 45 150 . 60 300 .", 100 + 50 + 250, 350, 0, {0}},
    {"begins anew at a place the service cannot reach: nothing is known of the time between",
     "0 8000000 . 15 8000100 . 30 600000 reset 45 600150 .",
     250,
     250,
     0,
     {0}},
    {"a leap that does not stay", "0 1000 . 15 99000000 implausible 30 1100 . 45 1200 .", 200, 200, 0, {0}},
    {"leaps that do not stay", "0 1000 . 15 99000000 implausible 30 98000000 implausible 45 1200 .", 200, 200, 0, {0}},
    {"a leap that stays", "0 1000 . 15 99000000 catch_up 30 99000100 .", 98999000 + 100, 100, 0, {0}},
    {"a rise under 2 kWh is never odd", "0 1000 . 0 1000 conflict 1 2999 . 2 4998 .", 3998, 3998, 0, {0}},
    {"two values at one instant: the one between its neighbours", "0 1000 . 15 900 conflict 15 1100 . 30 1200 .", 200, 200, 0, {0}},
    {"both between: the smaller", "0 1000 . 15 1050 . 15 1100 conflict 30 1200 .", 200, 200, 0, {0}},
    {"none between: none", "0 1000 . 15 10 conflict 15 9000 conflict 30 1200 .", 200, 200, 0, {0}},
    {"all-ones of 16 bits away from its neighbours", "0 1000 . 15 65535 sentinel 30 1200 .", 200, 200, 0, {0}},
    {"all-ones of 16 bits where the register is", "0 65000 . 15 65535 . 30 65700 .", 700, 700, 0, {0}},
    {"all-ones of 32 bits first", "0 4294967295 sentinel 15 1000 . 30 1100 .", 100, 100, 0, {0}},
    {"all-ones of 16 bits first, far below", "0 65535 sentinel 15 9931000 . 30 9931100 .", 100, 100, 0, {0}},
    {"all-ones of 16 bits first, where the register is", "0 65535 . 15 65600 . 30 65700 .", 165, 165, 0, {0}},
    {"all-ones of 24 bits last", "0 1000 . 15 1100 . 30 16777215 sentinel", 100, 100, 0, {0}},
    /* what a person decided comes before what the neighbours say */
    {"a leap that does not stay is chosen: what fell back is not the same register",
     "0 1000 . 15 99000000 chosen 30 1100 reset 45 1200 .",
     98999000 + 1100 + 100,
     100,
     0,
     {0}},
    {"a plain read is set aside", "0 1000 . 15 1100 set_aside 30 1200 .", 200, 200, 0, {0}},
    {"a leap that stays is set aside, read by read", "0 1000 . 15 99000000 set_aside 30 99000100 set_aside 45 1300 .", 300, 300, 0, {0}},
    {"the greater of two values is chosen", "0 1000 . 15 1050 conflict 15 1100 chosen 30 1200 .", 200, 200, 0, {0}},
    {"a value beyond its neighbours is chosen: those after it wait until they are past it",
     "0 1000 . 15 1050 conflict 15 1300 chosen 30 1200 transient 45 1400 .",
     400,
     400,
     0,
     {0}},
    {"all-ones are chosen", "0 1000 . 15 65535 chosen 30 65600 .", 64535 + 65, 65, 0, {0}},
    {"all-ones that fit are set aside", "0 65000 . 15 65535 set_aside 30 65700 .", 700, 700, 0, {0}},
    {"a low read is chosen: the few above it give way", "0 1000 . 15 1400 transient 30 1500 transient 45 1100 chosen 60 1200 .", 200, 200, 0, {0}},
    {"a low read is chosen, and the one above it too: the register began anew",
     "0 1000 . 15 1400 chosen 30 1100 chosen 45 1200 .",
     400 + 1100 + 100,
     500,
     0,
     {0}},
    {"a zero is chosen: nothing stands below it, so the register began anew", "0 500000 . 15 0 chosen 30 100 .", 0 + 100, 100, 0, {0}},
    {"a dip after a chosen read does not take it back",
     "0 1000 . 15 1200 chosen 30 1150 transient 45 1160 transient 60 1170 transient 75 1180 transient 90 1300 .",
     300,
     300,
     0,
     {0}},
    {"a rollover is chosen", "0 99999900 . 15 99999990 . 30 100 chosen 45 200 .", 90 + 110 + 100, 300, 99999999, {0}},
    {"the first read is set aside", "0 4000000 set_aside 15 1000 . 30 1100 .", 100, 100, 0, {0}},
    {"an odd read right after an exchange is chosen",
     "0 8000000 . 15 8000100 . 30 5 chosen 45 150 .",
     100 + 30 + 5 + 145,
     280,
     0,
     {20, 8000130, 0, 0}},
    {"a transient zero in a day: 96 kWh, not 5,143", "0 5047000 . 360 5071000 . 361 0 transient 362 5071067 . 1440 5143000 .", 96000, 96000, 0, {0}},
};

static int parse(const char *text, struct judged_read *reads, char verdicts[][24])
{
    long long minute, value;
    int used, count = 0;
    while (sscanf(text, "%lld %lld %23s%n", &minute, &value, verdicts[count], &used) == 3) {
        enum forced forced = strcmp(verdicts[count], "chosen") == 0      ? FORCED_USED
                             : strcmp(verdicts[count], "set_aside") == 0 ? FORCED_ASIDE
                                                                         : FORCED_NOT;
        reads[count++] = (struct judged_read){.ts_utc_ms = minute * MS_PER_MIN, .value_wh = value, .forced = forced};
        text += used;
    }
    return count;
}

static void every_story(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof stories / sizeof stories[0]; s++) {
        const struct story *story = &stories[s];
        struct exchange exchange = story->exchange;
        struct judged_read reads[32];
        char verdicts[32][24];
        int count = parse(story->reads, reads, verdicts);
        int64_t energy_wh = 0, exact_wh = 0;
        exchange.ts_utc_ms *= MS_PER_MIN;
        const struct judge_context context = {
            .service = SERVICE_DEFAULT, .register_max_wh = story->register_max_wh, .exchanges = &exchange, .exchange_count = exchange.ts_utc_ms != 0};
        judge_registers(reads, count, &context);
        for (int i = 0; i < count; i++) {
            const char *verdict = reads[i].used && reads[i].verdict == VERDICT_ACCEPTED ? "." : verdict_name(reads[i].verdict);
            if (strcmp(verdict, verdicts[i]) != 0)
                fail_msg("%s: read %d (%lld) is \"%s\", not \"%s\"", story->what, i, (long long)reads[i].value_wh, verdict, verdicts[i]);
            energy_wh += reads[i].used ? reads[i].rise_wh : 0;
            exact_wh += reads[i].used && !reads[i].estimated ? reads[i].rise_wh : 0;
        }
        if (energy_wh != story->energy_wh || exact_wh != story->exact_wh)
            fail_msg("%s: %lld Wh, %lld of them exact", story->what, (long long)energy_wh, (long long)exact_wh);
    }
}

/* A test is no reading, whoever says so; and a decision on a place makes it no plain one. */
static void what_cannot_be_chosen(void **state)
{
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    struct judged_read reads[] = {{.value_wh = 1000}, {.ts_utc_ms = 60000, .value_wh = 1100, .flags = FLAG_TEST, .forced = FORCED_USED}};
    (void)state;
    judge_registers(reads, 2, &context);
    assert_int_equal(reads[1].verdict, VERDICT_TEST);
    assert_false(reads[1].used);
    reads[1].flags = 0;
    assert_false(judge_is_plain(reads, 2, &context));
    reads[1].forced = FORCED_NOT;
    assert_true(judge_is_plain(reads, 2, &context));
}

static int64_t energy_of(struct judged_read *reads, int count)
{
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    int64_t energy_wh = 0;
    judge_registers(reads, count, &context);
    for (int i = 0; i < count; i++)
        energy_wh += reads[i].used ? reads[i].rise_wh : 0;
    return energy_wh;
}

/* A register that steps back by 300 Wh in a still night and needs hours to be there again: the total stays last − first, whichever side is longer. */
static void a_small_step_back_in_a_still_night(void **state)
{
    static struct judged_read reads[READS_MAX];
    (void)state;
    for (int before = 10; before <= 2000; before += 1990) {
        int count = 0;
        int64_t value = 4013046;
        for (int i = 0; i < before; i++)
            reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = value + i / 10}, count++;
        value = reads[count - 1].value_wh - 300;
        for (int i = 0; i < 700; i++)
            reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = value + i}, count++;
        assert_int_equal(energy_of(reads, count), reads[count - 1].value_wh - (before == 10 ? value : 4013046));
    }
}

/* Zeros for longer than a few reads, and then the register leaps back to where it was: no energy from any of it. */
static void a_long_silence_of_the_register(void **state)
{
    static struct judged_read reads[READS_MAX];
    int count = 0;
    (void)state;
    for (int i = 0; i < 100; i++)
        reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = 9000000 + i * 10}, count++;
    for (int i = 0; i < 3000; i++)
        reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = 0}, count++;
    for (int i = 0; i < 100; i++)
        reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = 9002000 + i * 10}, count++;
    assert_int_equal(energy_of(reads, count), 9002990 - 9000000);
    for (int i = 100; i < 3100; i++)
        assert_int_equal(reads[i].verdict, VERDICT_TRANSIENT);
}

/* A new register that in time grows beyond the old one's last value is a new register all the same. */
static void a_new_register_outgrows_the_old(void **state)
{
    static struct judged_read reads[READS_MAX];
    int count = 0;
    (void)state;
    for (int i = 0; i < 10; i++)
        reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = 50000 + i * 10}, count++;
    for (int i = 0; i < 6000; i++)
        reads[count] = (struct judged_read){.ts_utc_ms = count * MS_PER_MIN, .value_wh = i * 10}, count++;
    assert_int_equal(energy_of(reads, count), 90 + 5999 * 10);
    assert_int_equal(reads[10].verdict, VERDICT_RESET);
}

static void what_is_plain(void **state)
{
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    const struct exchange exchange = {.ts_utc_ms = MS_PER_MIN};
    const struct judge_context with_exchange = {.service = SERVICE_DEFAULT, .exchanges = &exchange, .exchange_count = 1};
    struct judged_read reads[3] = {
        {.ts_utc_ms = 0, .value_wh = 5}, {.ts_utc_ms = MS_PER_MIN, .value_wh = 5}, {.ts_utc_ms = 2 * MS_PER_MIN, .value_wh = 6}};
    (void)state;
    assert_true(judge_is_plain(reads, 3, &context));
    assert_true(judge_is_plain(reads, 0, &context));
    assert_false(judge_is_plain(reads, 3, &with_exchange));
    reads[1].value_wh = 4;
    assert_false(judge_is_plain(reads, 3, &context));
    reads[1].value_wh = 65535;
    assert_false(judge_is_plain(reads, 3, &context));
    reads[1] = (struct judged_read){.ts_utc_ms = 0, .value_wh = 5};
    assert_false(judge_is_plain(reads, 3, &context));
    reads[1] = (struct judged_read){.ts_utc_ms = MS_PER_MIN, .value_wh = 5, .flags = FLAG_TEST};
    assert_false(judge_is_plain(reads, 3, &context));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_story),
                                       cmocka_unit_test(what_cannot_be_chosen),
                                       cmocka_unit_test(a_small_step_back_in_a_still_night),
                                       cmocka_unit_test(a_long_silence_of_the_register),
                                       cmocka_unit_test(a_new_register_outgrows_the_old),
                                       cmocka_unit_test(what_is_plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
