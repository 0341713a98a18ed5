/* Any order, delay and repetition, any failing of the store and any restart give the same ledger: the same days, verdicts and bills. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]},"
                             "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"}],"
                             "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\"}]}]}";

#define READS 700
static struct {
    int64_t ts_ms, wh;
} reads[READS];
static unsigned seed;

static int rnd(int below)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)below);
}

/* Ten days of readings a quarter-hour apart, with jitter, a few holes, dips, leaps, contradictions and a new beginning. */
static void make_reads(void)
{
    int64_t ts = RIG_NOW - 10 * RIG_DAY, wh = 1000000;
    seed = 99;
    for (int i = 0; i < READS; i++) {
        ts += 15 * RIG_MINUTE + rnd(60000) - 30000 + (rnd(40) == 0 ? RIG_HOUR * (1 + rnd(6)) : 0);
        wh += rnd(900);
        if (i == 500)
            wh = 40;
        reads[i].ts_ms = ts < RIG_NOW ? ts : RIG_NOW - (READS - i);
        reads[i].wh = rnd(50) == 0 ? 0 : rnd(60) == 0 ? wh + 90000000 : wh;
        if (i > 0 && rnd(50) == 0) {
            reads[i].ts_ms = reads[i - 1].ts_ms; /* two values at one instant */
            reads[i].wh = reads[i - 1].wh + 1 + rnd(300);
        }
    }
}

static void begin(struct rig *rig)
{
    rig_open(rig);
    rig_tariff(rig, tariff);
    rig_meter(rig, "casa", "America/Sao_Paulo", 0);
}

static void hold(struct rig *rig, const struct buf *expected, const char *how)
{
    struct buf got;
    buf_init(&got, 64 << 20);
    rig_derived(rig, &got);
    if (got.len != expected->len || memcmp(got.data, expected->data, got.len) != 0) {
        size_t at = 0;
        while (at < got.len && at < expected->len && got.data[at] == expected->data[at])
            at++;
        while (at > 0 && got.data[at - 1] != '\n')
            at--;
        fail_msg("%s: another ledger:\n%.600s\nexpected:\n%.600s", how, got.data + at, expected->data + at);
    }
    buf_finish(&got);
}

static struct buf expected;

/* In order, in one go: what all others are held against. */
static int make_expected(void **state)
{
    struct rig rig;
    (void)state;
    make_reads();
    begin(&rig);
    for (int i = 0; i < READS; i++)
        rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
    rig_settle(&rig);
    buf_init(&expected, 64 << 20);
    rig_derived(&rig, &expected);
    assert_non_null(strstr(expected.data, "transient"));
    assert_non_null(strstr(expected.data, "conflict"));
    assert_non_null(strstr(expected.data, "reset"));
    assert_non_null(strstr(expected.data, "implausible"));
    assert_non_null(strstr(expected.data, "bill casa"));
    rig_close(&rig);
    return 0;
}

static int drop_expected(void **state)
{
    (void)state;
    buf_finish(&expected);
    return 0;
}

static void one_by_one(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    for (int i = 0; i < READS; i++) {
        rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
        rig_store(&rig);
        if (i % 3 == 0)
            rig_derive(&rig);
    }
    rig_settle(&rig);
    hold(&rig, &expected, "one by one");
    rig_close(&rig);
}

static void shuffle(int *order)
{
    for (int i = 0; i < READS; i++)
        order[i] = i;
    for (int i = READS - 1; i > 0; i--) {
        int j = rnd(i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

static void shuffled_and_doubled(void **state)
{
    int order[READS];
    (void)state;
    for (int round = 0; round < 3; round++) {
        struct rig rig;
        begin(&rig);
        shuffle(order);
        for (int i = 0; i < READS; i++) {
            rig_read(&rig, "casa", reads[order[i]].ts_ms, reads[order[i]].wh);
            if (rnd(3) == 0) {
                int again = order[rnd(i + 1)];
                rig_read(&rig, "casa", reads[again].ts_ms, reads[again].wh);
            }
            if (rnd(20) == 0)
                rig_store(&rig);
            if (rnd(40) == 0)
                rig_derive(&rig);
        }
        rig_settle(&rig);
        hold(&rig, &expected, "shuffled");
        assert_int_equal(rig_number(&rig, "readings.accepted"), READS);
        rig_close(&rig);
    }
}

static void backwards(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    for (int i = READS - 1; i >= 0; i--) {
        rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
        if (i % 25 == 0) {
            rig_store(&rig);
            rig_derive(&rig);
        }
    }
    rig_settle(&rig);
    hold(&rig, &expected, "backwards");
    rig_close(&rig);
}

static void in_batches_of_a_message(void **state)
{
    struct rig rig;
    struct buf text;
    (void)state;
    begin(&rig);
    buf_init(&text, 1 << 18);
    for (int i = 0; i < READS;) {
        buf_reset(&text);
        buf_str(&text, "{\"readings\":[");
        for (int n = 0; n < 90 && i < READS; n++, i++)
            buf_printf(&text, "%s{\"energy_wh\":%lld,\"ts\":%lld}", n ? "," : "", (long long)reads[i].wh, (long long)reads[i].ts_ms);
        buf_str(&text, "]}");
        rig_say_bytes(&rig, "meters/casa/readings", text.data, text.len);
        if (i > READS / 2)
            rig_settle(&rig);
    }
    rig_settle(&rig);
    hold(&rig, &expected, "in batches");
    buf_finish(&text);
    rig_close(&rig);
}

/* The store fails at every kind of verb, again and again, and each commit may be done though it says otherwise. */
static void failing_store(void **state)
{
    static const struct faulty_cue cues[] = {
        {FAULTY_BEGIN, 0, 1, ERR_RETRY},  {FAULTY_WRITE, 3, 1, ERR_RETRY},      {FAULTY_COMMIT, 0, 2, ERR_RETRY},
        {FAULTY_READ, 2, 1, ERR_RETRY},   {FAULTY_COMMIT, 0, 1, ERR_UNCERTAIN}, {FAULTY_WRITE, 40, 1, ERR_RETRY},
        {FAULTY_READ, 30, 1, ERR_RETRY},  {FAULTY_COMMIT, 1, 1, ERR_UNCERTAIN}, {FAULTY_WRITE, 150, 2, ERR_RETRY},
        {FAULTY_COMMIT, 1, 1, ERR_RETRY},
    };
    struct rig rig;
    int hits = 0, cue = 0;
    (void)state;
    begin(&rig);
    for (int i = 0; i < READS; i++) {
        rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
        if (i % 10 != 9)
            continue;
        faulty_set(rig.facts, cues[cue++ % (int)(sizeof cues / sizeof cues[0])]);
        rig_store(&rig);
        rig_derive(&rig);
        hits += faulty_hits(rig.facts);
    }
    faulty_set(rig.facts, (struct faulty_cue){0});
    rig_settle(&rig);
    assert_in_range(hits, 40, 1000);
    hold(&rig, &expected, "on a failing store");
    assert_int_equal(rig_number(&rig, "readings.received"), rig_number(&rig, "readings.accepted") + rig_number(&rig, "readings.repeated"));
    rig_close(&rig);
}

static void restarted_anywhere(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    for (int i = 0; i < READS;) {
        int batch = 1 + rnd(60), from = i;
        for (int n = 0; n < batch && i < READS; n++, i++)
            rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
        if (rnd(3) == 0) { /* it dies before this batch is in: the journal brings it again */
            i = from;
            rig_restart(&rig);
            continue;
        }
        rig_store(&rig);
        if (rnd(3) == 0)
            rig_restart(&rig); /* after A, before B */
        if (rnd(2) == 0)
            rig_derive(&rig);
    }
    rig_restart(&rig);
    rig_settle(&rig);
    hold(&rig, &expected, "restarted");
    rig_close(&rig);
}

/* The last reads come days late; the ledger is as if they had been there. */
static void late_by_days(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    for (int i = 0; i < READS; i++)
        if (i % 7 != 3)
            rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
    rig_settle(&rig);
    for (int i = READS - 1; i >= 0; i--)
        if (i % 7 == 3) {
            rig_read(&rig, "casa", reads[i].ts_ms, reads[i].wh);
            rig_settle(&rig);
        }
    hold(&rig, &expected, "late");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_by_one),    cmocka_unit_test(shuffled_and_doubled),
        cmocka_unit_test(backwards),     cmocka_unit_test(in_batches_of_a_message),
        cmocka_unit_test(failing_store), cmocka_unit_test(restarted_anywhere),
        cmocka_unit_test(late_by_days),
    };
    return cmocka_run_group_tests(tests, make_expected, drop_expected);
}
