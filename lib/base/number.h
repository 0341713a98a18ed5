/*
 * Exact numbers: decimal text, fractions, and the one function that rounds.
 *
 * Prices are integers of 1e-9 currency (per kWh, per day, …: `…_nano`). A product is taken in 128 bits and a
 * division is carried as a fraction to the end of its bill line. No floating point anywhere. Pure.
 * Source: billing.md, "Numbers".
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 int128;

#define NANO INT64_C(1000000000)

/*
 * Decimal text ("-12.345", no exponent, no blanks, at least one digit on each side of a point) to an integer
 * of 10^-scale. Digits beyond the scale must be zero, else false ("0.1234567891" at scale 9 is refused, not
 * rounded). False on overflow.
 */
bool decimal_parse(const char *text, size_t len, int scale, int64_t *out);

/* The same, but digits beyond the scale are cut off toward minus infinity (registers: "cut, never rounded"). */
bool decimal_parse_floor(const char *text, size_t len, int scale, int64_t *out);

#define DECIMAL_TEXT_SIZE 48
/* Writes value × 10^-scale with at least `min_digits` after the point and no further trailing zeros. */
void decimal_format(int64_t value, int scale, int min_digits, char out[DECIMAL_TEXT_SIZE]);

/* num / den, den > 0, always reduced. `bad` is sticky: once a step overflowed, every result of it is bad. */
struct fraction {
    int128 num;
    int128 den;
    bool bad;
};

struct fraction fraction_of(int64_t num, int64_t den); /* den ≠ 0 */
struct fraction fraction_add(struct fraction a, struct fraction b);
struct fraction fraction_sub(struct fraction a, struct fraction b);
struct fraction fraction_mul(struct fraction a, struct fraction b);
struct fraction fraction_div(struct fraction a, struct fraction b); /* by zero: bad */
int fraction_compare(struct fraction a, struct fraction b);         /* -1, 0, 1; of good fractions */

/*
 * How a half, or any rest, is decided. half_away is the default: a cancelled bill is the exact negative.
 * half_up and half_down send a half toward plus and minus infinity, as ceil and floor do with any rest; up and
 * down send any rest away from zero and toward it.
 */
enum rounding { ROUND_HALF_AWAY, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_DOWN, ROUND_UP, ROUND_FLOOR, ROUND_CEIL };

bool rounding_parse(const char *name, enum rounding *out); /* "half_away", "half_even", … */
const char *rounding_name(enum rounding mode);

/* value × 10^digits, rounded to an integer. False when the fraction is bad or the result does not fit. */
bool fraction_round(struct fraction value, int digits, enum rounding mode, int64_t *out);

/* floor(a·b/c) in 128 bits, c > 0; false on overflow of the result. Right for negative a too. */
bool muldiv_floor(int64_t a, int64_t b, int64_t c, int64_t *out);

#endif
