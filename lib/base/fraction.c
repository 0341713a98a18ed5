#include "base/number.h"
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

static const struct fraction bad = {.num = 0, .den = 1, .bad = true};

static uint128 magnitude(int128 x)
{
    return x < 0 ? 0 - (uint128)x : (uint128)x;
}

/* The greatest common divisor of |a| and b > 0; never more than b, so it fits. Most of a bill's numbers are small: those go by 64 bits. */
static int128 gcd(int128 a, int128 b)
{
    uint128 x = magnitude(a), y = (uint128)b;
    if (x == 1 || y == 1)
        return 1;
    while (x != 0 && (x >> 64 || y >> 64)) {
        uint128 rest = y % x;
        y = x;
        x = rest;
    }
    if (x == 0)
        return (int128)y;
    uint64_t small = (uint64_t)x, large = (uint64_t)y;
    while (small != 0) {
        uint64_t rest = large % small;
        large = small;
        small = rest;
    }
    return (int128)large;
}

static int128 divided(int128 a, int128 by)
{
    return by == 1 ? a : a / by;
}

static struct fraction reduced(int128 num, int128 den)
{
    int128 common = gcd(num, den);
    return (struct fraction){.num = divided(num, common), .den = divided(den, common)};
}

struct fraction fraction_of(int64_t num, int64_t den)
{
    if (den == 0)
        return bad;
    return den < 0 ? reduced(-(int128)num, -(int128)den) : reduced(num, den);
}

struct fraction fraction_add(struct fraction a, struct fraction b)
{
    if (a.bad || b.bad)
        return bad;
    int128 common = gcd(a.den, b.den);
    int128 left, right, num, den;
    if (__builtin_mul_overflow(a.num, divided(b.den, common), &left) || __builtin_mul_overflow(b.num, divided(a.den, common), &right) ||
        __builtin_add_overflow(left, right, &num) || __builtin_mul_overflow(divided(a.den, common), b.den, &den))
        return bad;
    return reduced(num, den);
}

static struct fraction negated(struct fraction a)
{
    if (a.bad || __builtin_sub_overflow((int128)0, a.num, &a.num))
        return bad;
    return a;
}

struct fraction fraction_sub(struct fraction a, struct fraction b)
{
    return fraction_add(a, negated(b));
}

struct fraction fraction_mul(struct fraction a, struct fraction b)
{
    if (a.bad || b.bad)
        return bad;
    /* Reducing crosswise first keeps the products as small as they can be. */
    int128 first = gcd(a.num, b.den), second = gcd(b.num, a.den);
    struct fraction product = {0};
    if (__builtin_mul_overflow(divided(a.num, first), divided(b.num, second), &product.num) ||
        __builtin_mul_overflow(divided(a.den, second), divided(b.den, first), &product.den))
        return bad;
    return product;
}

struct fraction fraction_div(struct fraction a, struct fraction b)
{
    if (b.bad || b.num == 0)
        return bad;
    if (b.num < 0) {
        a = negated(a);
        b = negated(b);
        if (b.bad)
            return bad;
    }
    return fraction_mul(a, (struct fraction){.num = b.den, .den = b.num});
}

/* num = quotient × den + rest with 0 ≤ rest < den. */
static int128 divide_floor(int128 num, int128 den, int128 *rest)
{
    int128 quotient = num / den;
    *rest = num % den;
    if (*rest < 0) {
        *rest += den;
        quotient--;
    }
    return quotient;
}

/* Whole parts first, then the reciprocals of what is left: continued fractions never overflow. */
int fraction_compare(struct fraction a, struct fraction b)
{
    for (int sign = 1;; sign = -sign) {
        int128 a_rest, b_rest;
        int128 a_whole = divide_floor(a.num, a.den, &a_rest);
        int128 b_whole = divide_floor(b.num, b.den, &b_rest);
        if (a_whole != b_whole)
            return a_whole < b_whole ? -sign : sign;
        if (a_rest == 0 || b_rest == 0)
            return a_rest == b_rest ? 0 : a_rest == 0 ? -sign : sign;
        a = (struct fraction){.num = a.den, .den = a_rest};
        b = (struct fraction){.num = b.den, .den = b_rest};
    }
}

static const char *const rounding_names[] = {
    [ROUND_HALF_AWAY] = "half_away", [ROUND_HALF_EVEN] = "half_even", [ROUND_HALF_UP] = "half_up",
    [ROUND_HALF_DOWN] = "half_down", [ROUND_DOWN] = "down",           [ROUND_UP] = "up",
    [ROUND_FLOOR] = "floor",         [ROUND_CEIL] = "ceil",
};

bool rounding_parse(const char *name, enum rounding *out)
{
    for (size_t i = 0; i < sizeof(rounding_names) / sizeof(rounding_names[0]); i++) {
        if (strcmp(rounding_names[i], name) == 0) {
            *out = (enum rounding)i;
            return true;
        }
    }
    return false;
}

const char *rounding_name(enum rounding mode)
{
    return rounding_names[mode];
}

/* Whether a magnitude with this last digit's evenness and this rest (of den, not zero) goes one
 * further. */
static bool goes_away(enum rounding mode, bool negative, bool odd, uint128 rest, uint128 den)
{
    uint128 other = den - rest;
    bool above = rest > other, tie = rest == other;
    switch (mode) {
    case ROUND_HALF_AWAY:
        return above || tie;
    case ROUND_HALF_EVEN:
        return above || (tie && odd);
    case ROUND_HALF_UP:
        return above || (tie && !negative);
    case ROUND_HALF_DOWN:
        return above || (tie && negative);
    case ROUND_DOWN:
        return false;
    case ROUND_UP:
        return true;
    case ROUND_FLOOR:
        return negative;
    case ROUND_CEIL:
        return !negative;
    }
    return false;
}

/* rest × 10 / den by doubling, for a product that may not fit; den < 2^127. The digit is returned.
 */
static unsigned next_digit(uint128 *rest, uint128 den)
{
    uint128 sum = 0;
    unsigned digit = 0;
    for (unsigned bit = 8; bit > 0; bit >>= 1) {
        sum *= 2;
        digit *= 2;
        if (sum >= den) {
            sum -= den;
            digit++;
        }
        if ((10 & bit) == 0)
            continue;
        sum += *rest;
        if (sum >= den) {
            sum -= den;
            digit++;
        }
    }
    *rest = sum;
    return digit;
}

bool fraction_round(struct fraction value, int digits, enum rounding mode, int64_t *out)
{
    if (value.bad)
        return false;
    for (; digits < 0; digits++) /* to tens, hundreds … */
        if (__builtin_mul_overflow(value.den, 10, &value.den))
            return false;
    bool negative = value.num < 0;
    uint128 den = (uint128)value.den;
    uint128 whole = magnitude(value.num) / den, rest = magnitude(value.num) % den;
    for (; digits > 0; digits--)
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, next_digit(&rest, den), &whole))
            return false;
    if (rest != 0 && goes_away(mode, negative, whole % 2 == 1, rest, den))
        whole++;
    uint128 limit = (uint128)INT64_MAX + (negative ? 1 : 0);
    if (whole > limit)
        return false;
    *out = negative ? (int64_t)(0 - (uint64_t)whole) : (int64_t)whole;
    return true;
}

bool muldiv_floor(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    int128 rest;
    int128 quotient = divide_floor((int128)a * b, c, &rest);
    if (quotient < INT64_MIN || quotient > INT64_MAX)
        return false;
    *out = (int64_t)quotient;
    return true;
}
