#include "wire/rest_in.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"

struct rest_in {
    json_t *object;  /* owned reference */
    char prefix[48]; /* pointer of this object in the document */
};

static enum err wrong(const struct rest_in *in, const char *name, struct fault *fault, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* `name` may be a stranger's: it is cut and its '~' and '/' escaped as RFC 6901 wants. */
static enum err wrong(const struct rest_in *in, const char *name, struct fault *fault, const char *format, ...)
{
    char pointer[96], text[200];
    size_t used = (size_t)snprintf(pointer, sizeof pointer, "%s/", in->prefix);
    for (; *name != '\0' && used + 3 < sizeof pointer; name++) {
        if (*name == '~' || *name == '/') {
            pointer[used++] = '~';
            pointer[used++] = *name == '~' ? '0' : '1';
        } else {
            pointer[used++] = *name;
        }
    }
    pointer[used] = '\0';
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fault_at(fault, ERR_INVALID, pointer, "%s", text);
}

static enum err wrap(json_t *object, const char *prefix, const char *name, struct fault *fault, struct rest_in **out)
{
    struct rest_in *in = calloc(1, sizeof *in);
    if (in == NULL) {
        json_decref(object);
        return fault_set(fault, ERR_RETRY, "memory is out");
    }
    in->object = object;
    text_copy(in->prefix, sizeof in->prefix, prefix);
    if (*name != '\0') { /* names are ours and short; one level deep */
        size_t used = strlen(in->prefix);
        if (text_copy(in->prefix + used, sizeof in->prefix - used, "/"))
            text_copy(in->prefix + used + 1, sizeof in->prefix - used - 1, name);
    }
    *out = in;
    return OK;
}

enum err rest_in_parse(const char *bytes, size_t len, bool may_be_empty, struct fault *fault, struct rest_in **out)
{
    if (len == 0 && may_be_empty) {
        json_t *empty = json_object();
        return empty != NULL ? wrap(empty, "", "", fault, out) : fault_set(fault, ERR_RETRY, "memory is out");
    }
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        return fault_set(fault, ERR_INVALID, "This is not JSON: %s (line %d, column %d).", error.text, error.line, error.column);
    if (!json_is_object(root)) {
        json_decref(root);
        return fault_set(fault, ERR_INVALID, "A JSON object is expected.");
    }
    return wrap(root, "", "", fault, out);
}

void rest_in_destroy(struct rest_in *in)
{
    if (in == NULL)
        return;
    json_decref(in->object);
    free(in);
}

enum err rest_in_only(const struct rest_in *in, const char *const names[], struct fault *fault)
{
    const char *key;
    json_t *value;
    json_object_foreach(in->object, key, value)
    {
        int i = 0;
        while (names[i] != NULL && strcmp(names[i], key) != 0)
            i++;
        if (names[i] == NULL)
            return wrong(in, key, fault, "There is no such member.");
    }
    return OK;
}

enum rest_member rest_in_member(const struct rest_in *in, const char *name)
{
    const json_t *value = json_object_get(in->object, name);
    return value == NULL ? REST_ABSENT : json_is_null(value) ? REST_NULL : REST_GIVEN;
}

enum err rest_in_required(const struct rest_in *in, const char *name, struct fault *fault)
{
    return rest_in_member(in, name) == REST_GIVEN ? OK : wrong(in, name, fault, "This is required.");
}

/* The value, or NULL where it is absent or null. */
static const json_t *given(const struct rest_in *in, const char *name)
{
    const json_t *value = json_object_get(in->object, name);
    return value != NULL && !json_is_null(value) ? value : NULL;
}

enum err rest_in_text(const struct rest_in *in, const char *name, size_t min, size_t max, struct fault *fault, char *out, size_t size)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_string(value))
        return wrong(in, name, fault, "A string is expected.");
    size_t len = json_string_length(value);
    const char *text = json_string_value(value);
    if (max > size - 1)
        max = size - 1;
    if (len < min || len > max || strlen(text) != len)
        return wrong(in, name, fault, "A string of %zu to %zu bytes is expected.", min, max);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20)
            return wrong(in, name, fault, "Control characters are not allowed.");
    memcpy(out, text, len + 1);
    return OK;
}

enum err rest_in_name(const struct rest_in *in, const char *name, struct fault *fault, char *out, size_t size)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_string(value) || !text_is_name(json_string_value(value), json_string_length(value)))
        return wrong(in, name, fault, "1 to 64 of A-Z a-z 0-9 . _ - are expected.");
    text_copy(out, size, json_string_value(value));
    return OK;
}

enum err rest_in_int(const struct rest_in *in, const char *name, int64_t min, int64_t max, struct fault *fault, int64_t *out)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_integer(value) || json_integer_value(value) < min || json_integer_value(value) > max)
        return wrong(in, name, fault, "An integer from %lld to %lld is expected.", (long long)min, (long long)max);
    *out = json_integer_value(value);
    return OK;
}

enum err rest_in_instant(const struct rest_in *in, const char *name, struct fault *fault, int64_t *out_utc_ms)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_string(value) || !instant_parse(json_string_value(value), json_string_length(value), out_utc_ms))
        return wrong(in, name, fault, "An instant like 2026-11-22T18:00:00-03:00 is expected.");
    return OK;
}

enum err rest_in_words(const struct rest_in *in, const char *name, struct fault *fault, char *out, size_t size)
{
    const json_t *list = given(in, name), *item;
    size_t i, used = 0;
    if (list == NULL)
        return OK;
    if (!json_is_array(list) || json_array_size(list) == 0)
        return wrong(in, name, fault, "An array of words is expected.");
    char *joined = calloc(1, size);
    if (joined == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    bool good = true;
    json_array_foreach((json_t *)list, i, item)
    {
        const char *word = json_string_value(item);
        good =
            good && word != NULL && *word != '\0' && strcspn(word, " ,") == strlen(word) && text_copy(joined + used, size - used, i > 0 ? " " : "");
        used = strlen(joined);
        good = good && text_copy(joined + used, size - used, word);
        used = strlen(joined);
    }
    enum err err = good ? OK : wrong(in, name, fault, "An array of words is expected, not too many.");
    if (good)
        text_copy(out, size, joined);
    free(joined);
    return err;
}

enum err rest_in_day(const struct rest_in *in, const char *name, struct fault *fault, int32_t *out_local_day)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_string(value) || !civil_parse(json_string_value(value), out_local_day))
        return wrong(in, name, fault, "A local date like 2026-11-22 is expected.");
    return OK;
}

enum err rest_in_bool(const struct rest_in *in, const char *name, struct fault *fault, bool *out)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_boolean(value))
        return wrong(in, name, fault, "true or false is expected.");
    *out = json_is_true(value);
    return OK;
}

enum err rest_in_degrees(const struct rest_in *in, const char *name, int limit, struct fault *fault, int32_t *out_udeg)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    double degrees = json_is_number(value) ? json_number_value(value) : (double)NAN;
    if (!(degrees >= -limit && degrees <= limit))
        return wrong(in, name, fault, "A number of degrees from -%d to %d is expected.", limit, limit);
    *out_udeg = (int32_t)lround(degrees * 1e6);
    return OK;
}

enum err rest_in_object(const struct rest_in *in, const char *name, struct fault *fault, struct rest_in **out)
{
    const json_t *value = given(in, name);
    if (value == NULL)
        return OK;
    if (!json_is_object(value))
        return wrong(in, name, fault, "An object is expected.");
    return wrap(json_incref((json_t *)(uintptr_t)value), in->prefix, name, fault, out);
}
