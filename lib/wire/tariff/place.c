/* Where a mistake stands, and the small readers. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/tariff/inner.h"

struct place place_in(const struct place *outer, const char *name)
{
    struct place inner = *outer;
    size_t len = strlen(inner.path);
    if (len < sizeof inner.path - 1)
        inner.path[len++] = '/';
    for (const char *c = name; *c && len < sizeof inner.path - 2; c++) { /* RFC 6901 */
        if (*c == '~' || *c == '/') {
            inner.path[len++] = '~';
            inner.path[len++] = *c == '~' ? '0' : '1';
        } else {
            inner.path[len++] = *c;
        }
    }
    inner.path[len] = '\0';
    return inner;
}

struct place place_at(const struct place *outer, size_t index)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", index);
    return place_in(outer, name);
}

enum err wrong_at(const struct place *place, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fault_at(place->fault, ERR_INVALID, place->path, "%s", text);
}

enum err wrong_in(const struct place *place, const char *name, const char *format, ...)
{
    struct place at = place_in(place, name);
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return wrong_at(&at, "%s", text);
}

struct tariff_block {
    struct tariff_block *next;
    max_align_t memory[];
};

void *tariff_alloc(struct tariff *tariff, size_t size)
{
    struct tariff_block *block = calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->next = tariff->blocks;
    tariff->blocks = block;
    return block->memory;
}

void tariff_release(struct tariff *tariff)
{
    while (tariff->blocks) {
        struct tariff_block *next = tariff->blocks->next;
        free(tariff->blocks);
        tariff->blocks = next;
    }
}

bool given(const json_t *object, const char *key)
{
    const json_t *json = json_object_get(object, key);
    return json && !json_is_null(json);
}

static bool is_listed(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; len > 0 && (at = strstr(at, word)) != NULL; at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

enum err only_keys(json_t *object, const struct place *place, const char *known)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return wrong_at(place, "an object is expected");
    json_object_foreach(object, key, value)
    {
        if (key[0] != '_' && (strchr(key, ' ') || !is_listed(known, key)))
            return wrong_in(place, key, "this field cannot be billed by here; known are: %s. A note begins with _", known);
    }
    return OK;
}

enum err text_in(json_t *object, const char *key, const struct place *place, enum need need, char *out, size_t size)
{
    json_t *json = json_object_get(object, key);
    if (!given(object, key) && need == MAY)
        return OK;
    if (!json_is_string(json) || !json_string_length(json))
        return wrong_in(place, key, "a text is expected");
    if (!text_copy(out, size, json_string_value(json)))
        return wrong_in(place, key, "this text is too long: at most %zu bytes", size - 1);
    return OK;
}

enum err name_in(const char *name, const struct place *place, char out[SHORT_NAME_SIZE])
{
    if (!name || !text_is_name(name, strlen(name)) || strlen(name) >= SHORT_NAME_SIZE)
        return wrong_at(place, "a name of 1 to %d of A-Z a-z 0-9 . _ - is expected", SHORT_NAME_SIZE - 1);
    text_copy(out, SHORT_NAME_SIZE, name);
    return OK;
}

enum err price_in(const json_t *json, const struct place *place, int64_t *out_nano)
{
    if (!json_is_string(json))
        return wrong_at(place, "a price is decimal text, such as \"0.62098\"");
    if (!decimal_parse(json_string_value(json), json_string_length(json), 9, out_nano))
        return wrong_at(place, "a decimal with at most 9 digits after the point is expected, such as \"0.62098\"");
    return OK;
}

enum err price_key_in(json_t *object, const char *key, const struct place *place, enum need need, int64_t *out_nano)
{
    struct place at = place_in(place, key);
    if (!given(object, key) && need == MAY)
        return OK;
    return price_in(json_object_get(object, key), &at, out_nano);
}

enum err number_in(const json_t *json, const struct place *place, int scale, int64_t min, int64_t max, int64_t *out)
{
    int64_t value;
    enum number_result result = NUMBER_OK;
    if (json_is_string(json))
        result = decimal_parse(json_string_value(json), json_string_length(json), scale, &value) ? NUMBER_OK : NUMBER_NOT;
    else
        result = json_in_scaled(json, scale, INT64_MIN, INT64_MAX, &value);
    if (result == NUMBER_NOT)
        return wrong_at(place, "a number with at most %d digits after the point is expected", scale);
    if (result == NUMBER_RANGE || value < min || value > max)
        return wrong_at(place, "this number is out of range");
    *out = value;
    return OK;
}

enum err number_key_in(json_t *object, const char *key, const struct place *place, int scale, int64_t min, int64_t max, int64_t *out)
{
    struct place at = place_in(place, key);
    return given(object, key) ? number_in(json_object_get(object, key), &at, scale, min, max, out) : OK;
}

enum err int_key_in(json_t *object, const char *key, const struct place *place, int min, int max, int *out)
{
    json_t *json = json_object_get(object, key);
    if (!given(object, key))
        return OK;
    if (!json_is_integer(json) || json_integer_value(json) < min || json_integer_value(json) > max)
        return wrong_in(place, key, "a whole number from %d to %d is expected", min, max);
    *out = (int)json_integer_value(json);
    return OK;
}

enum err flag_in(json_t *object, const char *key, const struct place *place, bool *out)
{
    json_t *json = json_object_get(object, key);
    if (!given(object, key))
        return OK;
    if (!json_is_boolean(json))
        return wrong_in(place, key, "true or false is expected");
    *out = json_is_true(json);
    return OK;
}

enum err word_in(json_t *object, const char *key, const struct place *place, const char *words, int *out)
{
    const char *word = json_string_value(json_object_get(object, key));
    if (!given(object, key))
        return OK;
    int index = 0;
    for (const char *at = words; word && *word; index++) {
        size_t len = strcspn(at, "|");
        if (strlen(word) == len && strncmp(word, at, len) == 0) {
            *out = index;
            return OK;
        }
        if (!at[len])
            break;
        at += len + 1;
    }
    return wrong_in(place, key, "one of %s is expected", words);
}

enum err day_in(json_t *object, const char *key, const struct place *place, enum need need, int32_t *out)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!given(object, key) && need == MAY)
        return OK;
    if (!text || !civil_parse(text, out))
        return wrong_in(place, key, "a date YYYY-MM-DD is expected");
    return OK;
}

enum err month_in(const char *text, const struct place *place, int *out_month)
{
    char date[16];
    int32_t day;
    snprintf(date, sizeof date, "%.7s-01", text ? text : "");
    if (!text || strlen(text) != 7 || !civil_parse(date, &day))
        return wrong_at(place, "a month YYYY-MM is expected");
    *out_month = month_of_day(day);
    return OK;
}

enum err round_in(json_t *json, const struct place *place, struct round_rule *out)
{
    const char *mode = json_string_value(json_object_get(json, "mode"));
    enum err err = int_key_in(json, "digits", place, 0, 9, &out->digits);
    if (err == OK && given(json, "mode") && (!mode || !rounding_parse(mode, &out->mode)))
        err = wrong_in(place, "mode", "half_away, half_even, half_up, half_down, down, up, floor or ceil is expected");
    return err;
}

enum err charge_ids_in(json_t *json, const struct place *place, int charge_count, uint64_t *out)
{
    uint64_t ids = 0;
    if (!json_is_array(json) || json_array_size(json) == 0)
        return wrong_at(place, "an array of charge ids is expected");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *id = json_string_value(json_array_get(json, i));
        struct place at = place_at(place, i);
        int found = -1;
        for (int c = 0; id && c < charge_count; c++)
            if (strcmp(place->version->charges[c].id, id) == 0)
                found = c;
        if (found < 0)
            return wrong_at(&at, "no charge of this version before here has this id");
        ids |= UINT64_C(1) << found;
    }
    *out = ids;
    return OK;
}

static enum err condition_values_in(json_t *json, const struct place *place, enum account_attribute attribute, struct condition *out)
{
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    if (count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "one value or an array of values is expected");
    out->values[attribute] = tariff_alloc(place->tariff, count * sizeof *out->values[attribute]);
    if (!out->values[attribute])
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_is_array(json) ? json_array_get(json, i) : json;
        if (json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= INT_MAX)
            snprintf(out->values[attribute][i], SHORT_NAME_SIZE, "%d", (int)json_integer_value(value));
        else if (!json_is_string(value) || !text_copy(out->values[attribute][i], SHORT_NAME_SIZE, json_string_value(value)))
            return wrong_at(place, "a text of at most %d bytes is expected", SHORT_NAME_SIZE - 1);
    }
    out->count[attribute] = (int)count;
    return OK;
}

enum err condition_in(json_t *object, const struct place *place, struct condition *out)
{
    static const char *const names[] = {"phases", "class", "zone", "tier", "regime"};
    json_t *when = json_object_get(object, "when");
    struct place at = place_in(place, "when");
    if (!given(object, "when"))
        return OK;
    enum err err = only_keys(when, &at, "phases class zone tier regime");
    for (int a = 0; err == OK && a < ACCOUNT_ATTRIBUTES; a++) {
        struct place inner = place_in(&at, names[a]);
        if (given(when, names[a]))
            err = condition_values_in(json_object_get(when, names[a]), &inner, (enum account_attribute)a, out);
    }
    return err;
}

enum err named_amounts_in(json_t *json, const struct place *place, bool money, struct named_amount **out, int *out_count)
{
    const char *key;
    json_t *value;
    size_t count = json_object_size(json);
    if (!json_is_object(json) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "an object of 1 to %d values by name is expected", TARIFF_ROWS_MAX);
    struct named_amount *rows = tariff_alloc(place->tariff, count * sizeof *rows);
    if (!rows)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    int i = 0;
    json_object_foreach(json, key, value)
    {
        struct place at = place_in(place, key);
        enum err err = name_in(key, &at, rows[i].name);
        if (err == OK)
            err = money ? price_in(value, &at, &rows[i].nano) : number_in(value, &at, 9, 0, INT64_C(1000000000) * NANO, &rows[i].nano);
        if (err != OK)
            return err;
        i++;
    }
    *out = rows;
    *out_count = i;
    return OK;
}
