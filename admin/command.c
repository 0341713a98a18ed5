#include "admin/command.h"
#include <stdarg.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"
#include "daemon/files.h"
#include "wire/json_out.h"

const struct command *const all_commands[] = {store_commands,
                                              verify_commands,
                                              import_commands,
                                              user_commands,
                                              token_commands,
                                              meter_commands,
                                              meter_command_commands,
                                              customer_commands,
                                              account_commands,
                                              tariff_commands,
                                              rate_commands,
                                              series_commands,
                                              cycle_commands,
                                              rule_commands,
                                              estimate_commands,
                                              claim_commands,
                                              setting_commands,
                                              apply_commands,
                                              NULL};

const struct command *command_find(const char *noun, const char *verb)
{
    for (int i = 0; all_commands[i] != NULL; i++) {
        for (const struct command *c = all_commands[i]; c->noun != NULL; c++) {
            if (strcmp(c->noun, noun) == 0 && (c->verb == NULL || (verb != NULL && strcmp(c->verb, verb) == 0)))
                return c;
        }
    }
    return NULL;
}

static void name_of(const struct command *command, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", command->noun, command->verb != NULL ? " " : "", command->verb != NULL ? command->verb : "");
}

static void print_usage(FILE *to, const struct command *command)
{
    char name[64];
    bool options = false;
    name_of(command, name, sizeof name);
    fprintf(to, "qw %s", name);
    for (const struct arg_row *row = command->rows; row->name != NULL; row++) {
        if (row->operand)
            fprintf(to, row->required ? " %s" : " [%s]", row->placeholder);
        else if (row->required)
            fprintf(to, " --%s %s", row->name, row->placeholder);
        else
            options = true;
    }
    fprintf(to, "%s\n", options ? " [options]" : "");
}

void help_command(FILE *to, const struct command *command)
{
    fprintf(to, "usage: ");
    print_usage(to, command);
    fprintf(to, "%s\n", command->help);
    for (const struct arg_row *row = command->rows; row->name != NULL; row++) {
        char left[80];
        snprintf(left, sizeof left, "%s%s%s%s", row->operand ? "" : "--", row->operand ? row->placeholder : row->name,
                 row->operand || row->type == ARG_FLAG ? "" : " ", row->operand || row->type == ARG_FLAG ? "" : row->placeholder);
        fprintf(to, "  %-26s %s\n", left, row->help);
    }
}

static void print_line(FILE *to, const struct command *command)
{
    char name[64];
    name_of(command, name, sizeof name);
    fprintf(to, "  %-18s %s\n", name, command->help);
}

bool help_noun(FILE *to, const char *noun)
{
    bool found = false;
    for (int i = 0; all_commands[i] != NULL; i++) {
        for (const struct command *c = all_commands[i]; c->noun != NULL; c++) {
            if (strcmp(c->noun, noun) == 0) {
                print_line(to, c);
                found = true;
            }
        }
    }
    return found;
}

void help_all(FILE *to)
{
    fprintf(to, "usage: qw [--records-db PATH] [--ledger-db PATH] COMMAND …\n");
    for (int i = 0; all_commands[i] != NULL; i++) {
        for (const struct command *c = all_commands[i]; c->noun != NULL; c++)
            print_line(to, c);
    }
    fprintf(to, "`qw help COMMAND` tells its options. QW_RECORDS_DB and QW_LEDGER_DB name the files too.\n");
}

void say(const struct qw *qw, const char *format, ...)
{
    va_list args;
    if (qw->applying)
        return;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

void show_secret(const struct qw *qw, const char *of, const char *owner, const char *name, const char *secret)
{
    struct buf line;
    if (!qw->applying) {
        printf("%s\n", secret);
        return;
    }
    buf_init(&line, 4096);
    out_object(&line, NULL);
    out_text(&line, of, owner);
    out_text(&line, name, secret);
    out_end_object(&line);
    printf("%s\n", line.data);
    buf_finish(&line);
}

enum err set_setting(struct qw *qw, const char *name, const char *value, struct fault *fault)
{
    char now[RECORD_SETTING_SIZE];
    struct setting_record first;
    size_t count = 0;
    enum err err = records_setting_get(qw->records, name, qw->actor.at_utc_ms, fault, now);
    if (err == OK)
        err = records_setting_history(qw->records, name, 1, fault, &first, &count);
    if (err != OK || (count > 0 && strcmp(now, value) == 0))
        return err;
    return records_setting_set(qw->records, &qw->actor, name, value, count == 0 ? 0 : qw->actor.at_utc_ms, fault);
}

enum err check_zone_exists(const struct qw *qw, const char *tz, struct fault *fault)
{
    const struct zone *zone = NULL;
    if (zones_get(qw->zones, tz, fault, &zone) != OK)
        return fault_at(fault, ERR_INVALID, "/tz", "there is no time zone '%.64s'; use an IANA name, as America/Sao_Paulo", tz);
    return OK;
}

enum err read_secret(const char *file, struct fault *fault, char *out, size_t size)
{
    char line[SECRET_SIZE];
    if (strcmp(file, "-") != 0) {
        enum err err = file_read_secret(file, fault, line);
        if (err != OK)
            return err;
    } else {
        if (fgets(line, sizeof line, stdin) == NULL)
            return fault_set(fault, ERR_INVALID, "there is no line on standard input");
        line[strcspn(line, "\r\n")] = '\0';
    }
    return text_copy(out, size, line) ? OK : fault_set(fault, ERR_INVALID, "the secret is longer than %zu bytes", size - 1);
}
