#include "wire/json_in.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "base/text.h"

#define SIGNIFICANT_DIGITS 15

json_t *json_in_object(const char *text, size_t len, enum verdict *out_verdict, char detail[DETAIL_SIZE])
{
    json_error_t error;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (root && json_is_object(root))
        return root;
    *out_verdict = VERDICT_BAD_JSON;
    if (root)
        snprintf(detail, DETAIL_SIZE, "a JSON object is expected");
    else {
        if (json_error_code(&error) == json_error_duplicate_key)
            *out_verdict = VERDICT_DUPLICATE_FIELD;
        else if (json_error_code(&error) == json_error_numeric_overflow)
            *out_verdict = VERDICT_OUT_OF_RANGE;
        /* Jansson's words may quote the input: told only where they are plain ASCII. */
        bool plain = true;
        for (const char *c = error.text; *c; c++)
            plain = plain && *c >= ' ' && *c <= '~';
        snprintf(detail, DETAIL_SIZE, "at byte %d: %.120s", error.position, plain ? error.text : "not JSON");
    }
    json_decref(root);
    return NULL;
}

bool json_in_version(const json_t *object)
{
    const json_t *json = json_object_get(object, "v");
    return !json || (json_is_integer(json) && json_integer_value(json) == 1);
}

enum number_result json_in_scaled(const json_t *value, int scale, int64_t min, int64_t max, int64_t *out)
{
    int64_t number;
    if (json_is_integer(value)) {
        number = json_integer_value(value);
        for (int i = 0; i < scale; i++)
            if (__builtin_mul_overflow(number, INT64_C(10), &number))
                return NUMBER_RANGE;
    } else if (json_is_real(value)) {
        double real = json_real_value(value);
        if (!(fabs(real) < 1e15))
            return NUMBER_RANGE;
        char text[64]; /* first with an exponent, which says how many digits stand before the point: log10 rounds just below a power of ten */
        snprintf(text, sizeof text, "%.*e", SIGNIFICANT_DIGITS - 1, real);
        int exponent = atoi(strchr(text, 'e') + 1);
        int whole = exponent < 0 ? 1 : exponent + 1;
        int len = snprintf(text, sizeof text, "%.*f", SIGNIFICANT_DIGITS > whole ? SIGNIFICANT_DIGITS - whole : 0, real);
        if (!decimal_parse_floor(text, (size_t)len, scale, &number))
            return NUMBER_RANGE;
    } else {
        return NUMBER_NOT;
    }
    if (number < min || number > max)
        return NUMBER_RANGE;
    *out = number;
    return NUMBER_OK;
}
