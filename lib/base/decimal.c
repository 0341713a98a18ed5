#include "base/number.h"
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Adds a digit below zero, where one more number fits than above. */
static bool push_digit(int64_t *negative, int digit)
{
    return !__builtin_mul_overflow(*negative, 10, negative) && !__builtin_sub_overflow(*negative, digit, negative);
}

/* The digits as a number of 10^-scale, negated; `rest` says that a digit beyond the scale was not
 * zero. */
static bool gather(const char *text, size_t len, int scale, int64_t *negative, bool *rest)
{
    size_t i = 0;
    for (; i < len && is_digit(text[i]); i++)
        if (!push_digit(negative, text[i] - '0'))
            return false;
    if (i == 0)
        return false;
    int kept = 0;
    if (i < len) {
        if (text[i++] != '.' || i == len)
            return false;
        for (; i < len; i++) {
            if (!is_digit(text[i]))
                return false;
            if (kept == scale) {
                *rest |= text[i] != '0';
            } else {
                if (!push_digit(negative, text[i] - '0'))
                    return false;
                kept++;
            }
        }
    }
    for (; kept < scale; kept++)
        if (!push_digit(negative, 0))
            return false;
    return true;
}

static bool parse(const char *text, size_t len, int scale, bool cut, int64_t *out)
{
    bool minus = len > 0 && text[0] == '-';
    int64_t negative = 0;
    bool rest = false;
    if (scale < 0 || !gather(text + minus, len - minus, scale, &negative, &rest))
        return false;
    if (rest && !cut)
        return false;
    int64_t value = negative;
    if (!minus && __builtin_sub_overflow(INT64_C(0), negative, &value))
        return false;
    if (rest && minus && __builtin_sub_overflow(value, INT64_C(1), &value))
        return false;
    *out = value;
    return true;
}

bool decimal_parse(const char *text, size_t len, int scale, int64_t *out)
{
    return parse(text, len, scale, false, out);
}

bool decimal_parse_floor(const char *text, size_t len, int scale, int64_t *out)
{
    return parse(text, len, scale, true, out);
}

void decimal_format(int64_t value, int scale, int min_digits, char out[DECIMAL_TEXT_SIZE])
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int places = scale; /* digits after the point that are still in `rest` */
    while (places > 0 && places > min_digits && rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    char text[DECIMAL_TEXT_SIZE];
    char *at = text + sizeof(text);
    *--at = '\0';
    for (int pad = places; pad < min_digits && pad < 18; pad++)
        *--at = '0';
    bool has_point = *at != '\0' || places > 0;
    for (int i = 0; i < places && i < 24; i++, rest /= 10)
        *--at = (char)('0' + rest % 10);
    if (has_point)
        *--at = '.';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    memcpy(out, at, (size_t)(text + sizeof(text) - at));
}
