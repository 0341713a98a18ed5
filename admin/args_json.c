/* The arguments of a command as the members of a JSON object: `qw apply`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "admin/args.h"
#include "base/number.h"
#include "base/text.h"
#include "wire/rest_in.h"

#define NAME_MAX_BYTES 64
#define VALUE_MAX_BYTES 4096

/* "reading-interval-s" → "reading_interval_s" */
static void member_name(const char *name, char out[NAME_MAX_BYTES])
{
    text_copy(out, NAME_MAX_BYTES, name);
    for (char *c = out; *c != '\0'; c++) {
        if (*c == '-')
            *c = '_';
    }
}

static enum err check_names(const struct arg_row *rows, const struct rest_in *in, struct fault *fault)
{
    char names[ARGS_MAX + 1][NAME_MAX_BYTES];
    const char *list[ARGS_MAX + 2];
    size_t count = 0;
    text_copy(names[count], NAME_MAX_BYTES, "do");
    list[count] = names[count];
    for (count = 1; rows[count - 1].name != NULL; count++) {
        member_name(rows[count - 1].name, names[count]);
        list[count] = names[count];
    }
    list[count] = NULL;
    return rest_in_only(in, list, fault);
}

static enum err read_value(const struct arg_row *row, const char *name, const struct rest_in *in, struct fault *fault, char *out, size_t size)
{
    int64_t number = 0;
    int32_t udeg = 0;
    bool truth = false;
    enum err err = OK;
    switch (row->type) {
    case ARG_TEXT:
        return rest_in_text(in, name, 0, size - 1, fault, out, size);
    case ARG_INT:
        err = rest_in_int(in, name, INT64_MIN, INT64_MAX, fault, &number);
        snprintf(out, size, "%lld", (long long)number);
        return err;
    case ARG_FLAG:
        err = rest_in_bool(in, name, fault, &truth);
        snprintf(out, size, "%s", truth ? "true" : "false");
        return err;
    case ARG_DEGREES:
        err = rest_in_degrees(in, name, 180, fault, &udeg);
        decimal_format(udeg, 6, 0, out);
        return err;
    }
    return ERR_FATAL;
}

enum err args_from_json(const struct arg_row *rows, const struct rest_in *in, struct fault *fault, struct args *out)
{
    char value[VALUE_MAX_BYTES];
    *out = (struct args){.rows = rows};
    enum err err = check_names(rows, in, fault);
    for (int i = 0; err == OK && rows[i].name != NULL; i++) {
        char name[NAME_MAX_BYTES];
        member_name(rows[i].name, name);
        if (rest_in_member(in, name) != REST_GIVEN)
            continue;
        err = read_value(&rows[i], name, in, fault, value, sizeof value);
        if (err != OK)
            break;
        out->owned[i] = strdup(value);
        if (out->owned[i] == NULL)
            err = fault_set(fault, ERR_FATAL, "out of memory");
        out->values[i] = out->owned[i];
    }
    return err == OK ? args_check_required(out, fault) : err;
}
