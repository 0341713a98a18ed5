/* Many commands from a file, one JSON object per line, in transactions of 500. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "admin/command.h"
#include "wire/rest_in.h"

#define LINES_PER_TRANSACTION 500
#define LINE_MAX_BYTES 65536

static const struct arg_row apply_rows[] = {
    {.name = "file",
     .placeholder = "FILE",
     .help = "lines as {\"do\":\"meter add\",\"id\":\"casa-1\",\"interval_s\":900}; - is standard input",
     .operand = true,
     .required = true},
    {0},
};

static enum err command_of(const struct rest_in *in, struct fault *fault, const struct command **out)
{
    char name[64] = "";
    enum err err = rest_in_required(in, "do", fault);
    if (err == OK)
        err = rest_in_text(in, "do", 1, sizeof name - 1, fault, name, sizeof name);
    if (err != OK)
        return err;
    char *verb = strchr(name, ' ');
    if (verb != NULL)
        *verb++ = '\0';
    const struct command *command = command_find(name, verb);
    if (command == NULL || !command->applies)
        return fault_at(fault, ERR_INVALID, "/do", "there is no command '%s%s%s' that may stand in a file", name, verb != NULL ? " " : "",
                        verb != NULL ? verb : "");
    *out = command;
    return OK;
}

static enum err apply_line(struct qw *qw, const char *line, size_t len, struct fault *fault)
{
    struct rest_in *in = NULL;
    const struct command *command = NULL;
    struct args args = {0};
    enum err err = rest_in_parse(line, len, false, fault, &in);
    if (err == OK)
        err = command_of(in, fault, &command);
    if (err == OK)
        err = args_from_json(command->rows, in, fault, &args);
    if (err == OK)
        err = command->run(qw, &args, fault);
    args_finish(&args);
    rest_in_destroy(in);
    return err;
}

/* Up to so many lines in one transaction. *done counts lines whose transaction was committed. */
static enum err apply_some(struct qw *qw, FILE *file, char *line, int64_t *read, int64_t *done, bool *end, struct fault *fault)
{
    enum err err = records_batch_begin(qw->records, fault);
    for (int i = 0; err == OK && i < LINES_PER_TRANSACTION; i++) {
        if (fgets(line, LINE_MAX_BYTES, file) == NULL) {
            *end = true;
            if (ferror(file))
                err = fault_set(fault, ERR_RETRY, "the file could not be read: %s", strerror(errno));
            break;
        }
        (*read)++;
        size_t len = strlen(line);
        if (len + 1 == LINE_MAX_BYTES && line[len - 1] != '\n')
            err = fault_set(fault, ERR_INVALID, "the line is longer than %d bytes", LINE_MAX_BYTES - 2);
        else if (strspn(line, " \t\r\n") != len)
            err = apply_line(qw, line, len, fault);
    }
    if (err == OK)
        err = records_batch_commit(qw->records, fault);
    else
        records_batch_rollback(qw->records);
    if (err == OK)
        *done = *read;
    return err;
}

static enum err run_apply(struct qw *qw, const struct args *args, struct fault *fault)
{
    const char *path = arg(args, "file");
    int64_t read = 0, done = 0;
    bool end = false;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *line = malloc(LINE_MAX_BYTES);
    enum err err = OK;
    if (file == NULL)
        err = fault_set(fault, ERR_NOT_FOUND, "cannot read %.180s: %s", path, strerror(errno));
    else if (line == NULL)
        err = fault_set(fault, ERR_FATAL, "out of memory");
    qw->applying = true;
    while (err == OK && !end)
        err = apply_some(qw, file, line, &read, &done, &end, fault);
    qw->applying = false;
    if (file != NULL && file != stdin)
        fclose(file);
    free(line);
    if (err == OK)
        fprintf(stderr, "%lld lines applied\n", (long long)done);
    else if (read > 0) {
        struct fault inner = *fault;
        fault_at(fault, err, inner.pointer, "line %lld: %.160s; what stands up to line %lld is stored, nothing after it", (long long)read, inner.text,
                 (long long)done);
    }
    return err;
}

const struct command apply_commands[] = {
    {"apply", NULL, "Does what stands in a file, a JSON object per line.", apply_rows, OPENS_RECORDS, false, run_apply},
    {0},
};
