#include "api/query.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "api/percent.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"

#define INSTANT_LAST INT64_C(7258118400000) /* 2200-01-01 */

enum err param_fault(struct fault *fault, const char *name, const char *format, ...)
{
    char pointer[48], text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(pointer, sizeof pointer, "?%.40s", name);
    return fault_at(fault, ERR_INVALID, pointer, "%s", text);
}

static bool is_allowed(const char *allowed, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = allowed; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, name, len) == 0)
            return true;
        at += word + strspn(at + word, " ");
    }
    return false;
}

static enum err take(const char *text, size_t len, const char *allowed, struct fault *fault, struct query *query)
{
    const char *equals = memchr(text, '=', len);
    size_t name_len = equals != NULL ? (size_t)(equals - text) : len;
    char name[sizeof query->params[0].name];
    if (!percent_decode(text, name_len, true, name, sizeof name) || name[0] == '\0' || !is_allowed(allowed, name))
        return param_fault(fault, name_len < sizeof name && percent_decode(text, name_len, true, name, sizeof name) ? name : "",
                           *allowed != '\0' ? "There is no such parameter here; known: %s." : "No parameters are known here%s.", allowed);
    if (param_get(query, name) != NULL)
        return param_fault(fault, name, "This parameter stands twice.");
    if (query->count == QUERY_PARAMS_MAX)
        return param_fault(fault, name, "There are too many parameters.");
    const char *value = equals != NULL ? equals + 1 : text + len;
    if (!percent_decode(value, (size_t)(text + len - value), true, query->params[query->count].value, QUERY_VALUE_SIZE))
        return param_fault(fault, name, "The value is longer than %d bytes, or its encoding is broken.", QUERY_VALUE_SIZE - 1);
    text_copy(query->params[query->count].name, sizeof name, name);
    query->count++;
    return OK;
}

enum err param_parse(const char *raw, const char *allowed, struct fault *fault, struct query *out)
{
    struct query query = {0};
    for (const char *at = raw; *at != '\0';) {
        size_t len = strcspn(at, "&");
        if (len > 0) {
            enum err err = take(at, len, allowed, fault, &query);
            if (err != OK)
                return err;
        }
        at += len + (at[len] == '&');
    }
    *out = query;
    return OK;
}

const char *param_get(const struct query *query, const char *name)
{
    for (int i = 0; i < query->count; i++)
        if (strcmp(query->params[i].name, name) == 0)
            return query->params[i].value;
    return NULL;
}

enum err param_int(const struct query *query, const char *name, int64_t min, int64_t max, int64_t fallback, struct fault *fault, int64_t *out)
{
    const char *text = param_get(query, name);
    int64_t value = fallback;
    if (text != NULL && (!text_to_int64(text, &value) || value < min || value > max))
        return param_fault(fault, name, "An integer from %lld to %lld is expected.", (long long)min, (long long)max);
    *out = value;
    return OK;
}

enum err param_name(const struct query *query, const char *name, struct fault *fault, const char **out)
{
    const char *text = param_get(query, name);
    if (text != NULL && !text_is_name(text, strlen(text)))
        return param_fault(fault, name, "1 to 64 of A-Z a-z 0-9 . _ - are expected.");
    *out = text;
    return OK;
}

enum err param_instant(const struct query *query, const char *name, const struct zone *zone, struct fault *fault, int64_t *out_utc_ms)
{
    const char *given = param_get(query, name);
    int32_t day;
    int64_t utc_ms;
    if (given == NULL)
        return OK;
    char text[QUERY_VALUE_SIZE];
    text_copy(text, sizeof text, given);
    size_t len = strlen(text);
    if (len > 6 && text[len - 6] == ' ') /* a '+' that was not encoded reads as a blank */
        text[len - 6] = '+';
    if (civil_parse(text, &day) && zone != NULL)
        utc_ms = zone_midnight_utc_ms(zone, day);
    else if (!instant_parse(text, len, &utc_ms))
        return param_fault(fault, name, "An instant like 2026-11-22T18:00:00-03:00 or a local date like 2026-11-22 is expected.");
    if (utc_ms < -MS_PER_DAY || utc_ms > INSTANT_LAST)
        return param_fault(fault, name, "Years from 1970 to 2199 are served.");
    *out_utc_ms = utc_ms;
    return OK;
}
