#include "admin/args.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"

static int find_option(const struct arg_row *rows, const char *name, size_t len)
{
    for (int i = 0; rows[i].name != NULL; i++) {
        if (!rows[i].operand && strlen(rows[i].name) == len && strncmp(rows[i].name, name, len) == 0)
            return i;
    }
    return -1;
}

static int next_operand(const struct arg_row *rows, const struct args *args)
{
    for (int i = 0; rows[i].name != NULL; i++) {
        if (rows[i].operand && args->values[i] == NULL)
            return i;
    }
    return -1;
}

enum err args_check_required(const struct args *args, struct fault *fault)
{
    for (int i = 0; args->rows[i].name != NULL; i++) {
        const struct arg_row *row = &args->rows[i];
        if (row->required && args->values[i] == NULL)
            return row->operand ? fault_set(fault, ERR_INVALID, "%s is missing (%s)", row->placeholder, row->help)
                                : fault_set(fault, ERR_INVALID, "--%s %s is missing (%s)", row->name, row->placeholder, row->help);
    }
    return OK;
}

/* One option; *used says how many words it took. */
static enum err take_option(struct args *args, int argc, char *const argv[], struct fault *fault, int *used)
{
    const char *word = argv[0] + 2;
    const char *equals = strchr(word, '=');
    size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
    int i = find_option(args->rows, word, len);
    *used = 1;
    if (i < 0)
        return fault_set(fault, ERR_INVALID, "there is no option --%.*s here", (int)(len < 60 ? len : 60), word);
    if (args->values[i] != NULL)
        return fault_set(fault, ERR_INVALID, "--%s was given twice", args->rows[i].name);
    if (args->rows[i].type == ARG_FLAG) {
        if (equals != NULL && strcmp(equals, "=true") != 0)
            return fault_set(fault, ERR_INVALID, "--%s takes no value", args->rows[i].name);
        args->values[i] = "true";
        return OK;
    }
    if (equals != NULL) {
        args->values[i] = equals + 1;
        return OK;
    }
    if (argc < 2)
        return fault_set(fault, ERR_INVALID, "--%s wants a value: %s", args->rows[i].name, args->rows[i].placeholder);
    args->values[i] = argv[1];
    *used = 2;
    return OK;
}

enum err args_from_line(const struct arg_row *rows, int argc, char *const argv[], struct fault *fault, struct args *out)
{
    bool only_operands = false;
    *out = (struct args){.rows = rows};
    for (int at = 0; at < argc;) {
        const char *word = argv[at];
        int used = 1;
        enum err err = OK;
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && text_starts_with(word, "--")) {
            err = take_option(out, argc - at, argv + at, fault, &used);
        } else {
            int i = next_operand(rows, out);
            if (i < 0)
                err = fault_set(fault, ERR_INVALID, "'%.60s' is one word too many", word);
            else
                out->values[i] = word;
        }
        if (err != OK)
            return err;
        at += used;
    }
    return args_check_required(out, fault);
}

static int find_any(const struct args *args, const char *name)
{
    for (int i = 0; args->rows[i].name != NULL; i++) {
        if (strcmp(args->rows[i].name, name) == 0)
            return i;
    }
    fprintf(stderr, "qw: bug: no argument is called %s\n", name);
    abort();
}

const char *arg(const struct args *args, const char *name)
{
    return args->values[find_any(args, name)];
}

bool arg_flag(const struct args *args, const char *name)
{
    const char *value = arg(args, name);
    return value != NULL && strcmp(value, "true") == 0;
}

/* "--name" or "ID", as the person wrote it. */
static const char *called(const struct args *args, const char *name, char out[80])
{
    const struct arg_row *row = &args->rows[find_any(args, name)];
    snprintf(out, 80, "%s%s", row->operand ? "" : "--", row->operand ? row->placeholder : row->name);
    return out;
}

enum err arg_int(const struct args *args, const char *name, int64_t min, int64_t max, struct fault *fault, int64_t *out)
{
    char label[80];
    int64_t value = 0;
    const char *text = arg(args, name);
    if (text == NULL)
        return OK;
    if (!text_to_int64(text, &value) || value < min || value > max)
        return fault_set(fault, ERR_INVALID, "%s must be a whole number from %lld to %lld, not '%.40s'", called(args, name, label), (long long)min,
                         (long long)max, text);
    *out = value;
    return OK;
}

enum err arg_small(const struct args *args, const char *name, int min, int max, struct fault *fault, int *out)
{
    int64_t value = *out;
    enum err err = arg_int(args, name, min, max, fault, &value);
    if (err == OK)
        *out = (int)value;
    return err;
}

enum err arg_degrees(const struct args *args, const char *name, int limit, struct fault *fault, int32_t *out_udeg)
{
    char label[80];
    int64_t value = 0;
    const char *text = arg(args, name);
    if (text == NULL)
        return OK;
    if (!decimal_parse(text, strlen(text), 6, &value) || value < -INT64_C(1000000) * limit || value > INT64_C(1000000) * limit)
        return fault_set(fault, ERR_INVALID, "%s must be degrees from -%d to %d with at most six digits after the point, as -23.55052",
                         called(args, name, label), limit, limit);
    *out_udeg = (int32_t)value;
    return OK;
}

enum err arg_day(const struct args *args, const char *name, struct fault *fault, int32_t *out_day)
{
    char label[80];
    const char *text = arg(args, name);
    if (text == NULL)
        return OK;
    if (!civil_parse(text, out_day))
        return fault_set(fault, ERR_INVALID, "%s must be a date that exists, as 2026-11-22, not '%.40s'", called(args, name, label), text);
    return OK;
}

enum err arg_instant(const struct args *args, const char *name, struct fault *fault, int64_t *out_utc_ms)
{
    char label[80];
    const char *text = arg(args, name);
    if (text == NULL)
        return OK;
    if (!instant_parse(text, strlen(text), out_utc_ms))
        return fault_set(fault, ERR_INVALID, "%s must be an instant with its offset, as 2026-11-22T18:00:00-03:00, not '%.40s'",
                         called(args, name, label), text);
    return OK;
}

enum err arg_copy(const struct args *args, const char *name, struct fault *fault, char *dst, size_t size)
{
    char label[80];
    const char *text = arg(args, name);
    if (text == NULL)
        return OK;
    if (strlen(text) >= size)
        return fault_set(fault, ERR_INVALID, "%s is too long: at most %zu bytes", called(args, name, label), size - 1);
    text_copy(dst, size, text);
    return OK;
}

void args_finish(struct args *args)
{
    for (int i = 0; i < ARGS_MAX; i++) {
        free(args->owned[i]);
        args->owned[i] = NULL;
    }
}
