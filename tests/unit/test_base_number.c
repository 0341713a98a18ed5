/*
 * Decimal text, fractions and the one function that rounds: exact at every edge of 64 and 128 bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/money.h"
#include "base/number.h"

struct decimal_row {
    const char *text;
    int scale;
    bool exact; /* decimal_parse takes it */
    bool cut;   /* decimal_parse_floor takes it */
    int64_t value;
};

static const struct decimal_row decimal_rows[] = {
    {"0", 0, true, true, 0},
    {"12", 3, true, true, 12000},
    {"-12.345", 9, true, true, -12345000000},
    {"12.345", 2, false, true, 1234},
    {"-12.345", 2, false, true, -1235},
    {"-12.340", 2, true, true, -1234},
    {"0.1234567891", 9, false, true, 123456789},
    {"0.1234567890", 9, true, true, 123456789},
    {"-0.0000000001", 9, false, true, -1},
    {"-0.0", 0, true, true, 0},
    {"007.50", 2, true, true, 750},
    {"9223372036854775807", 0, true, true, INT64_MAX},
    {"9223372036854775808", 0, false, false, 0},
    {"-9223372036854775808", 0, true, true, INT64_MIN},
    {"-9223372036854775809", 0, false, false, 0},
    {"-9223372036854775808.5", 0, false, false, 0},
    {"9223372036.854775807", 9, true, true, INT64_MAX},
    {"9223372036.854775808", 9, false, false, 0},
    {"92233720368547758070", 0, false, false, 0},
    {"", 0, false, false, 0},
    {"-", 0, false, false, 0},
    {"+1", 0, false, false, 0},
    {".5", 1, false, false, 0},
    {"5.", 1, false, false, 0},
    {"1.2.3", 3, false, false, 0},
    {"1e3", 0, false, false, 0},
    {" 1", 0, false, false, 0},
    {"1 ", 0, false, false, 0},
    {"1,5", 1, false, false, 0},
    {"--1", 0, false, false, 0},
    {"1.0x", 3, false, false, 0},
    {"1.00x", 1, false, false, 0},
    {"nan", 0, false, false, 0},
};

static void decimal_text_is_read_exactly_or_not_at_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(decimal_rows) / sizeof(decimal_rows[0]); i++) {
        const struct decimal_row *row = &decimal_rows[i];
        int64_t exact = 77, cut = 77;
        bool took_exact = decimal_parse(row->text, strlen(row->text), row->scale, &exact);
        bool took_cut = decimal_parse_floor(row->text, strlen(row->text), row->scale, &cut);
        if (took_exact != row->exact || took_cut != row->cut)
            fail_msg("\"%s\" at scale %d", row->text, row->scale);
        assert_int_equal(exact, row->exact ? row->value : 77);
        assert_int_equal(cut, row->cut ? row->value : 77);
    }
    int64_t value;
    assert_true(decimal_parse("12345", 2, 0, &value)); /* only the bytes given */
    assert_int_equal(value, 12);
}

static void check_format(int64_t value, int scale, int min_digits, const char *want)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, min_digits, text);
    assert_string_equal(text, want);
}

static void decimals_are_written_without_needless_zeros(void **state)
{
    (void)state;
    check_format(0, 0, 0, "0");
    check_format(0, 9, 2, "0.00");
    check_format(1234500000, 9, 2, "1.2345");
    check_format(1200000000, 9, 2, "1.20");
    check_format(1000000000, 9, 0, "1");
    check_format(-5, 3, 0, "-0.005");
    check_format(-5, 0, 2, "-5.00");
    check_format(123, 2, 4, "1.2300");
    check_format(100, 0, 0, "100");
    check_format(INT64_MIN, 0, 0, "-9223372036854775808");
    check_format(INT64_MIN, 18, 0, "-9.223372036854775808");
    check_format(INT64_MAX, 9, 9, "9223372036.854775807");
}

static void decimals_come_back_as_they_went(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252;
    for (int i = 0; i < 200000; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        int64_t value = (int64_t)random >> (random % 60), back;
        int scale = (int)(random >> 32) % 19 & 15;
        char text[DECIMAL_TEXT_SIZE];
        decimal_format(value, scale, 0, text);
        assert_true(decimal_parse(text, strlen(text), scale, &back));
        assert_int_equal(back, value);
    }
}

struct rounding_row {
    int64_t num, den;
    int digits;
    int64_t want[8]; /* half_away half_even half_up half_down down up floor ceil */
};

static const struct rounding_row rounding_rows[] = {
    {5, 2, 0, {3, 2, 3, 2, 2, 3, 2, 3}},
    {-5, 2, 0, {-3, -2, -2, -3, -2, -3, -3, -2}},
    {7, 2, 0, {4, 4, 4, 3, 3, 4, 3, 4}},
    {-7, 2, 0, {-4, -4, -3, -4, -3, -4, -4, -3}},
    {1, 2, 0, {1, 0, 1, 0, 0, 1, 0, 1}},
    {-1, 2, 0, {-1, 0, 0, -1, 0, -1, -1, 0}},
    {249, 100, 0, {2, 2, 2, 2, 2, 3, 2, 3}},
    {251, 100, 0, {3, 3, 3, 3, 2, 3, 2, 3}},
    {-249, 100, 0, {-2, -2, -2, -2, -2, -3, -3, -2}},
    {-251, 100, 0, {-3, -3, -3, -3, -2, -3, -3, -2}},
    {6, 2, 0, {3, 3, 3, 3, 3, 3, 3, 3}},
    {0, 7, 2, {0, 0, 0, 0, 0, 0, 0, 0}},
    {1, 3, 2, {33, 33, 33, 33, 33, 34, 33, 34}},
    {-2, 3, 2, {-67, -67, -67, -67, -66, -67, -67, -66}},
    {1005, 1000, 2, {101, 100, 101, 100, 100, 101, 100, 101}},
    {1250, 1, -2, {13, 12, 13, 12, 12, 13, 12, 13}},
    {-1250, 1, -2, {-13, -12, -12, -13, -12, -13, -13, -12}},
    {1,
     7,
     18,
     {142857142857142857, 142857142857142857, 142857142857142857, 142857142857142857, 142857142857142857, 142857142857142858, 142857142857142857,
      142857142857142858}},
};

static void rounding_follows_its_mode_on_both_sides_of_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rounding_rows) / sizeof(rounding_rows[0]); i++) {
        const struct rounding_row *row = &rounding_rows[i];
        for (int mode = 0; mode < 8; mode++) {
            int64_t got = 99999;
            assert_true(fraction_round(fraction_of(row->num, row->den), row->digits, (enum rounding)mode, &got));
            if (got != row->want[mode])
                fail_msg("%lld/%lld to %d digits %s: %lld, not %lld", (long long)row->num, (long long)row->den, row->digits,
                         rounding_name((enum rounding)mode), (long long)got, (long long)row->want[mode]);
        }
    }
}

static void a_cancelled_bill_is_the_exact_negative(void **state)
{
    (void)state;
    const enum rounding odd_modes[] = {ROUND_HALF_AWAY, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP};
    for (int64_t num = 0; num < 4000; num++) {
        for (size_t m = 0; m < 4; m++) {
            int64_t plus, minus;
            assert_true(fraction_round(fraction_of(num, 80), 1, odd_modes[m], &plus));
            assert_true(fraction_round(fraction_of(-num, 80), 1, odd_modes[m], &minus));
            assert_int_equal(plus, -minus);
        }
    }
}

static void rounding_names_go_both_ways(void **state)
{
    (void)state;
    for (int mode = 0; mode < 8; mode++) {
        enum rounding back = ROUND_HALF_AWAY;
        assert_true(rounding_parse(rounding_name((enum rounding)mode), &back));
        assert_int_equal(back, mode);
    }
    enum rounding kept = ROUND_CEIL;
    assert_false(rounding_parse("half", &kept));
    assert_false(rounding_parse("", &kept));
    assert_int_equal(kept, ROUND_CEIL);
}

static void rounding_says_when_it_does_not_fit(void **state)
{
    (void)state;
    int64_t got = 5;
    assert_true(fraction_round(fraction_of(INT64_MAX, 1), 0, ROUND_DOWN, &got));
    assert_int_equal(got, INT64_MAX);
    assert_true(fraction_round(fraction_of(INT64_MIN, 1), 0, ROUND_DOWN, &got));
    assert_int_equal(got, INT64_MIN);
    got = 5;
    assert_false(fraction_round(fraction_of(INT64_MAX, 1), 1, ROUND_DOWN, &got));
    struct fraction above = fraction_add(fraction_of(INT64_MAX, 1), fraction_of(1, 2));
    assert_false(fraction_round(above, 0, ROUND_HALF_AWAY, &got));
    assert_false(fraction_round(fraction_div(fraction_of(1, 1), fraction_of(0, 5)), 0, ROUND_DOWN, &got));
    assert_int_equal(got, 5);
}

/* A denominator of nearly 2^127 leaves no room for "times ten": the digits must come out all the same. */
static void rounding_is_exact_at_the_edge_of_128_bits(void **state)
{
    (void)state;
    int128 den = (((int128)1 << 126) - 1) * 2 + 1; /* 2^127 - 1 */
    struct fraction nearly_one = {.num = den - 1, .den = den};
    int64_t got;
    assert_true(fraction_round(nearly_one, 18, ROUND_DOWN, &got));
    assert_int_equal(got, INT64_C(999999999999999999));
    assert_true(fraction_round(nearly_one, 18, ROUND_HALF_EVEN, &got));
    assert_int_equal(got, INT64_C(1000000000000000000));
    struct fraction below_half = {.num = den / 2, .den = den}, above_half = {.num = den / 2 + 1, .den = den};
    assert_true(fraction_round(below_half, 0, ROUND_HALF_AWAY, &got));
    assert_int_equal(got, 0);
    assert_true(fraction_round(above_half, 0, ROUND_HALF_DOWN, &got));
    assert_int_equal(got, 1);
}

static void check_fraction(struct fraction got, int64_t num, int64_t den)
{
    assert_false(got.bad);
    assert_true(got.num == num);
    assert_true(got.den == den);
}

static void fractions_are_always_reduced(void **state)
{
    (void)state;
    struct fraction third = fraction_of(-2, -6), sixth = fraction_of(1, 6);
    check_fraction(third, 1, 3);
    check_fraction(fraction_of(4, -6), -2, 3);
    check_fraction(fraction_of(0, -9), 0, 1);
    check_fraction(fraction_of(INT64_MIN, INT64_MIN), 1, 1);
    check_fraction(fraction_add(third, sixth), 1, 2);
    check_fraction(fraction_sub(sixth, third), -1, 6);
    check_fraction(fraction_sub(third, third), 0, 1);
    check_fraction(fraction_mul(third, fraction_of(-3, 4)), -1, 4);
    check_fraction(fraction_mul(fraction_of(0, 1), fraction_of(7, 9)), 0, 1);
    check_fraction(fraction_div(third, fraction_of(-2, 9)), -3, 2);
}

static void a_bad_fraction_stays_bad(void **state)
{
    (void)state;
    struct fraction good = fraction_of(1, 3);
    struct fraction bad = fraction_div(good, fraction_of(0, 1));
    assert_true(bad.bad);
    assert_true(fraction_of(1, 0).bad);
    assert_true(fraction_add(bad, good).bad);
    assert_true(fraction_sub(good, bad).bad);
    assert_true(fraction_mul(good, bad).bad);
    assert_true(fraction_div(good, bad).bad);
    assert_true(fraction_div(bad, good).bad);
    struct fraction big = fraction_of(INT64_MAX, 1);
    struct fraction square = fraction_mul(big, big);
    assert_false(square.bad);
    assert_true(fraction_mul(square, big).bad);
    assert_false(fraction_mul(square, fraction_of(1, INT64_MAX)).bad); /* reduces crosswise */
    struct fraction tiny = fraction_div(fraction_of(1, 1), square);
    assert_false(tiny.bad);
    assert_true(fraction_add(tiny, fraction_of(1, 1000003)).bad);
}

static void fractions_compare_without_overflow(void **state)
{
    (void)state;
    assert_int_equal(fraction_compare(fraction_of(1, 3), fraction_of(2, 6)), 0);
    assert_int_equal(fraction_compare(fraction_of(1, 3), fraction_of(1, 2)), -1);
    assert_int_equal(fraction_compare(fraction_of(-1, 3), fraction_of(-1, 2)), 1);
    assert_int_equal(fraction_compare(fraction_of(-1, 3), fraction_of(1, 3)), -1);
    int128 big = (((int128)1 << 126) - 1) * 2 + 1;
    struct fraction a = {.num = big - 1, .den = big}, b = {.num = big - 2, .den = big - 1};
    assert_int_equal(fraction_compare(a, b), 1);
    assert_int_equal(fraction_compare(b, a), -1);
    assert_int_equal(fraction_compare(a, a), 0);
    for (int64_t n = -40; n <= 40; n++)
        for (int64_t d = 1; d <= 12; d++)
            for (int64_t m = -40; m <= 40; m += 3) {
                int want = n * 7 < m * d ? -1 : n * 7 > m * d;
                assert_int_equal(fraction_compare(fraction_of(n, d), fraction_of(m, 7)), want);
            }
}

static void muldiv_floors_in_128_bits(void **state)
{
    (void)state;
    int64_t got = 1;
    assert_true(muldiv_floor(7, 3, 2, &got));
    assert_int_equal(got, 10);
    assert_true(muldiv_floor(-7, 3, 2, &got));
    assert_int_equal(got, -11);
    assert_true(muldiv_floor(INT64_MAX, INT64_MAX, INT64_MAX, &got));
    assert_int_equal(got, INT64_MAX);
    assert_true(muldiv_floor(INT64_MIN, 1, 1, &got));
    assert_int_equal(got, INT64_MIN);
    got = 1;
    assert_false(muldiv_floor(INT64_MAX, 2, 1, &got));
    assert_false(muldiv_floor(INT64_MIN, 3, 2, &got));
    assert_int_equal(got, 1);
}

static void money_adds_or_says_no(void **state)
{
    (void)state;
    struct money sum = {7};
    assert_true(money_add((struct money){150}, (struct money){-200}, &sum));
    assert_int_equal(sum.minor, -50);
    assert_false(money_add((struct money){INT64_MAX}, (struct money){1}, &sum));
    assert_int_equal(sum.minor, -50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_text_is_read_exactly_or_not_at_all),
        cmocka_unit_test(decimals_are_written_without_needless_zeros),
        cmocka_unit_test(decimals_come_back_as_they_went),
        cmocka_unit_test(rounding_follows_its_mode_on_both_sides_of_zero),
        cmocka_unit_test(a_cancelled_bill_is_the_exact_negative),
        cmocka_unit_test(rounding_names_go_both_ways),
        cmocka_unit_test(rounding_says_when_it_does_not_fit),
        cmocka_unit_test(rounding_is_exact_at_the_edge_of_128_bits),
        cmocka_unit_test(fractions_are_always_reduced),
        cmocka_unit_test(a_bad_fraction_stays_bad),
        cmocka_unit_test(fractions_compare_without_overflow),
        cmocka_unit_test(muldiv_floors_in_128_bits),
        cmocka_unit_test(money_adds_or_says_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
