/*
 * What a command was given: operands and options by name, from a command line or from one JSON object, checked against
 * the command's own table. Values are text; arg_int and its like read them.
 */
#ifndef ADMIN_ARGS_H
#define ADMIN_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

enum arg_type {
    ARG_TEXT,
    ARG_INT,
    ARG_FLAG,   /* --json: given or not; true or false in JSON */
    ARG_DEGREES /* decimal degrees, at most six digits after the point */
};

struct arg_row {
    const char *name; /* "reading-interval-s"; in JSON '_' for '-' */
    enum arg_type type;
    const char *placeholder; /* "DATE"; an operand shows it alone */
    const char *help;
    bool operand;
    bool required;
};

#define ARGS_MAX 32

struct args {
    const struct arg_row *rows;   /* ends with a row without a name */
    const char *values[ARGS_MAX]; /* NULL: not given */
    char *owned[ARGS_MAX];
};

/* ERR_INVALID with a sentence at the first mistake. Values point into argv. */
enum err args_from_line(const struct arg_row *rows, int argc, char *const argv[], struct fault *fault, struct args *out);

struct rest_in;
/* The same from the members of an object, but for the member `do`. args_finish is due in any case. */
enum err args_from_json(const struct arg_row *rows, const struct rest_in *in, struct fault *fault, struct args *out);
void args_finish(struct args *args);
/* ERR_INVALID where one that is required is missing. */
enum err args_check_required(const struct args *args, struct fault *fault);

/* NULL where it was not given. Asking for a name that is not in the rows is a bug and ends the program. */
const char *arg(const struct args *args, const char *name);
bool arg_flag(const struct args *args, const char *name);

/* Where it was not given, *out stays as it is. */
enum err arg_int(const struct args *args, const char *name, int64_t min, int64_t max, struct fault *fault, int64_t *out);
enum err arg_small(const struct args *args, const char *name, int min, int max, struct fault *fault, int *out);
enum err arg_degrees(const struct args *args, const char *name, int limit, struct fault *fault, int32_t *out_udeg);
enum err arg_day(const struct args *args, const char *name, struct fault *fault, int32_t *out_day);        /* YYYY-MM-DD */
enum err arg_instant(const struct args *args, const char *name, struct fault *fault, int64_t *out_utc_ms); /* RFC 3339 */
/* ERR_INVALID where it does not fit. */
enum err arg_copy(const struct args *args, const char *name, struct fault *fault, char *dst, size_t size);

#endif
