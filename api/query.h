/*
 * The query of a request, strictly: every parameter is known, stands once, is well-formed. Faults point to "?name". Pure.
 */
#ifndef API_QUERY_H
#define API_QUERY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/zone.h"

#define QUERY_PARAMS_MAX 12
#define QUERY_VALUE_SIZE 257

struct query {
    int count;
    struct {
        char name[32];
        char value[QUERY_VALUE_SIZE];
    } params[QUERY_PARAMS_MAX];
};

/* `allowed`: names with blanks between. `raw` as in the request line, without '?'. ERR_INVALID. */
enum err param_parse(const char *raw, const char *allowed, struct fault *fault, struct query *out);

/* NULL when absent. An empty value is a value. */
const char *param_get(const struct query *query, const char *name);

/* The fallback when absent. */
enum err param_int(const struct query *query, const char *name, int64_t min, int64_t max, int64_t fallback, struct fault *fault, int64_t *out);
/* 1 to 64 of A-Z a-z 0-9 . _ -; *out is NULL when absent. */
enum err param_name(const struct query *query, const char *name, struct fault *fault, const char **out);

/*
 * An instant (RFC 3339 with offset) or a local date of `zone`, which means its first instant. Untouched when absent. Years
 * 1970 to 2199.
 */
enum err param_instant(const struct query *query, const char *name, const struct zone *zone, struct fault *fault, int64_t *out_utc_ms);

enum err param_fault(struct fault *fault, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
