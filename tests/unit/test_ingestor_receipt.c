/* Which sequence numbers are settled: receipts, holes, asking and giving up (protocol.md, "Receipts and resending"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "ingestor/receipt.h"

#define S INT64_C(1000)
#define T0 INT64_C(1795381200000)

static struct receipt receipt;

static int fresh(void **state)
{
    (void)state;
    receipt_init(&receipt);
    return 0;
}

static void takes(int64_t from, int64_t to)
{
    for (int64_t seq = from; seq <= to; seq++)
        assert_true(receipt_take(&receipt, seq, T0));
}

static enum receipt_step at(int64_t after_s, int64_t *from, int64_t *to)
{
    return receipt_tick(&receipt, T0 + after_s * S, from, to);
}

static void a_boot_starts_at_0_or_1(void **state)
{
    int64_t from, to;
    (void)state;
    assert_int_equal(receipt.done_seq, -1);
    assert_int_equal(at(5, &from, &to), RECEIPT_WAIT);
    takes(0, 4);
    assert_int_equal(receipt.done_seq, 4);
    receipt_init(&receipt);
    takes(1, 4);
    assert_int_equal(receipt.done_seq, 4);
    assert_int_equal(receipt.given_up, 0);
    assert_false(receipt_take(&receipt, 0, T0)); /* settled with 1 */
    receipt_init(&receipt);
    takes(2, 2);
    assert_int_equal(receipt.done_seq, -1); /* 0 and 1 may yet come */
    takes(1, 1);
    assert_int_equal(receipt.done_seq, 2);
    receipt_init(&receipt);
    takes(2, 2);
    takes(0, 0);
    assert_int_equal(receipt.done_seq, 0); /* it did begin at 0, so 1 is waited for */
    takes(1, 1);
    assert_int_equal(receipt.done_seq, 2);
}

static void repetitions_change_nothing(void **state)
{
    (void)state;
    takes(0, 9);
    struct receipt before = receipt;
    for (int64_t seq = 0; seq < 10; seq++)
        assert_false(receipt_take(&receipt, seq, T0 + 99 * S));
    takes(12, 12);
    before = receipt;
    assert_false(receipt_take(&receipt, 12, T0 + 99 * S));
    assert_memory_equal(&before, &receipt, sizeof receipt);
}

/* Any order ends the same, as long as the holes fit. */
static void any_order(void **state)
{
    unsigned seed = 3;
    (void)state;
    for (int round = 0; round < 200; round++) {
        int order[100];
        for (int i = 0; i < 100; i++)
            order[i] = i;
        for (int i = 99; i > 0; i--) {
            seed = seed * 1103515245u + 12345u;
            int j = (int)((seed >> 16) % (unsigned)(i + 1)), swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        receipt_init(&receipt);
        bool heard[100] = {false};
        for (int i = 0; i < 100; i++) {
            receipt_take(&receipt, order[i], T0);
            heard[order[i]] = true;
            int64_t done = -1;
            while (done < 99 && heard[done + 1])
                done++;
            if (done >= 0 || !heard[1])
                assert_true(receipt.done_seq >= done);
            for (int r = 0; r < receipt.range_count; r++) {
                assert_true(receipt.ranges[r].from <= receipt.ranges[r].to);
                assert_true(receipt.ranges[r].from > (r ? receipt.ranges[r - 1].to : receipt.done_seq) + 1); /* never touching */
            }
        }
        assert_int_equal(receipt.done_seq, 99);
        assert_int_equal(receipt.top_seq, 99);
        assert_int_equal(receipt.range_count, 0);
        assert_int_equal(receipt.given_up, 0);
    }
}

static void asks_at_10_s_1_min_and_10_min(void **state)
{
    int64_t from = 0, to = 0;
    (void)state;
    takes(0, 4);
    takes(8, 9);
    assert_int_equal(receipt.done_seq, 4);
    assert_int_equal(at(9, &from, &to), RECEIPT_WAIT);
    assert_int_equal(at(10, &from, &to), RECEIPT_ASK);
    assert_true(from == 5 && to == 7);
    assert_int_equal(at(10, &from, &to), RECEIPT_WAIT); /* once */
    assert_int_equal(at(59, &from, &to), RECEIPT_WAIT);
    assert_int_equal(at(60, &from, &to), RECEIPT_ASK);
    assert_int_equal(at(599, &from, &to), RECEIPT_WAIT);
    assert_int_equal(at(600, &from, &to), RECEIPT_ASK);
    assert_int_equal(at(659, &from, &to), RECEIPT_WAIT);
    assert_int_equal(receipt.done_seq, 4);
    assert_int_equal(at(660, &from, &to), RECEIPT_GIVEN_UP);
    assert_true(from == 5 && to == 7);
    assert_int_equal(receipt.done_seq, 9);       /* the receipt moves on */
    assert_int_equal(receipt.given_up, 3);       /* and says how many were never heard */
    assert_false(receipt_take(&receipt, 6, T0)); /* too late */
    assert_int_equal(at(9999, &from, &to), RECEIPT_WAIT);
}

static void the_answer_closes_the_hole(void **state)
{
    int64_t from, to;
    (void)state;
    takes(0, 4);
    takes(8, 9);
    takes(12, 12);
    assert_int_equal(at(10, &from, &to), RECEIPT_ASK);
    for (int64_t seq = 5; seq <= 7; seq++)
        assert_true(receipt_take(&receipt, seq, T0 + 11 * S));
    assert_int_equal(receipt.done_seq, 9);
    assert_int_equal(receipt.given_up, 0);
    assert_int_equal(at(20, &from, &to), RECEIPT_WAIT); /* the next hole has its own ten seconds */
    assert_int_equal(at(21, &from, &to), RECEIPT_ASK);
    assert_true(from == 10 && to == 11);
}

static void a_hole_that_shrinks_is_the_same_hole(void **state)
{
    int64_t from, to;
    (void)state;
    takes(0, 4);
    takes(9, 9);
    assert_int_equal(at(10, &from, &to), RECEIPT_ASK);
    takes(8, 8);
    assert_int_equal(at(60, &from, &to), RECEIPT_ASK);
    assert_true(from == 5 && to == 7);
    takes(5, 5); /* from below: the receipt moves, what is left goes on waiting */
    assert_int_equal(receipt.done_seq, 5);
    for (int64_t s = 61; s < 2000; s++)
        if (at(s, &from, &to) == RECEIPT_GIVEN_UP)
            break;
    assert_int_equal(receipt.done_seq, 9);
    assert_int_equal(receipt.given_up, 2);
}

static void a_clock_that_went_back(void **state)
{
    int64_t from, to;
    (void)state;
    takes(0, 0);
    takes(2, 2);
    assert_int_equal(at(-86400, &from, &to), RECEIPT_WAIT);
    assert_int_equal(at(-86400 + 10, &from, &to), RECEIPT_ASK); /* not only in a day */
}

/* More holes than can be kept: the lowest is given up, and nothing is overrun. */
static void too_many_holes(void **state)
{
    (void)state;
    takes(0, 0);
    for (int64_t i = 1; i <= 500; i++)
        assert_true(receipt_take(&receipt, 2 * i, T0));
    assert_true(receipt.range_count <= RECEIPT_RANGES_MAX);
    assert_int_equal(receipt.top_seq, 1000);
    assert_int_equal(receipt.done_seq + 1, receipt.ranges[0].from - 1);
    assert_int_equal(receipt.given_up, receipt.done_seq / 2);
    assert_true(receipt.done_seq >= 2 * (500 - RECEIPT_RANGES_MAX));
}

static void the_largest_numbers(void **state)
{
    char text[RECEIPT_TEXT_MAX];
    struct receipt back;
    int64_t from, to;
    (void)state;
    takes(0, 0);
    for (int64_t i = 0; i < RECEIPT_RANGES_MAX; i++)
        assert_true(receipt_take(&receipt, INT64_C(9007199254740991) - 2 * (RECEIPT_RANGES_MAX - i), T0));
    receipt_ranges_write(&receipt, text);
    receipt_init(&back);
    back.done_seq = receipt.done_seq;
    receipt_ranges_read(&back, text);
    assert_int_equal(back.range_count, RECEIPT_RANGES_MAX);
    assert_memory_equal(back.ranges, receipt.ranges, sizeof back.ranges);
    for (int64_t s = 0; s < 70000; s += 10)
        at(s, &from, &to);
    assert_int_equal(receipt.range_count, 0);
    assert_int_equal(receipt.given_up, receipt.done_seq - RECEIPT_RANGES_MAX);
}

static void ranges_as_text(void **state)
{
    static const char *const bad[] = {"", "x", "3", "3-", "3-7;9-9", "3-7,", "3-7,x", "7-3", "-3-7", "3-7,8-9", "3-7,5-9", "3-7 ", " 3-7", "9-9,3-3"};
    char text[RECEIPT_TEXT_MAX];
    (void)state;
    takes(0, 0);
    takes(3, 7);
    takes(9, 9);
    receipt_ranges_write(&receipt, text);
    assert_string_equal(text, "3-7,9-9");
    struct receipt back;
    receipt_init(&back);
    back.done_seq = 0;
    receipt_ranges_read(&back, text);
    assert_int_equal(back.range_count, 2);
    assert_true(back.ranges[0].from == 3 && back.ranges[0].to == 7 && back.ranges[1].from == 9 && back.ranges[1].to == 9);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        receipt_ranges_read(&back, bad[i]);
        if (back.range_count != 0)
            fail_msg("\"%s\" reads as %d ranges", bad[i], back.range_count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_boot_starts_at_0_or_1, fresh),
        cmocka_unit_test_setup(repetitions_change_nothing, fresh),
        cmocka_unit_test_setup(any_order, fresh),
        cmocka_unit_test_setup(asks_at_10_s_1_min_and_10_min, fresh),
        cmocka_unit_test_setup(the_answer_closes_the_hole, fresh),
        cmocka_unit_test_setup(a_hole_that_shrinks_is_the_same_hole, fresh),
        cmocka_unit_test_setup(a_clock_that_went_back, fresh),
        cmocka_unit_test_setup(too_many_holes, fresh),
        cmocka_unit_test_setup(the_largest_numbers, fresh),
        cmocka_unit_test_setup(ranges_as_text, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
