/*
 * The table of `qw`'s commands: it yields the parser, the help, and what `qw apply` understands.
 */
#ifndef ADMIN_COMMAND_H
#define ADMIN_COMMAND_H

#include <stdbool.h>
#include <stdio.h>
#include "admin/args.h"
#include "daemon/zones.h"
#include "store/records.h"

struct qw {
    const char *records_db;
    const char *ledger_db;   /* "": there is none on this machine */
    struct records *records; /* NULL where the command opens none */
    struct zones *zones;
    struct actor actor;
    int exit_status; /* where it is not 0, a command that fails ends with it instead of 1 */
    bool applying;   /* inside `qw apply`: no words on what went well; secrets as JSON lines */
};

enum opening { OPENS_NOTHING, OPENS_RECORDS };

struct command {
    const char *noun; /* "meter" */
    const char *verb; /* "add"; NULL where the noun stands alone ("init") */
    const char *help; /* one sentence */
    const struct arg_row *rows;
    enum opening opening;
    bool applies; /* may stand in a file of `qw apply` */
    enum err (*run)(struct qw *qw, const struct args *args, struct fault *fault);
};

/* One table per file of commands; each ends with a command without a noun. */
extern const struct command store_commands[], user_commands[], token_commands[], meter_commands[], customer_commands[], account_commands[],
    tariff_commands[], rate_commands[], series_commands[], claim_commands[], rule_commands[], estimate_commands[], setting_commands[],
    cycle_commands[], apply_commands[], verify_commands[], import_commands[], meter_command_commands[];

/* All tables in the order in which the help shows them; ends with NULL. */
extern const struct command *const all_commands[];

const struct command *command_find(const char *noun, const char *verb); /* NULL when there is none */

void help_all(FILE *to);
bool help_noun(FILE *to, const char *noun); /* false when there is no such noun */
void help_command(FILE *to, const struct command *command);

/* A line for people on standard output, unless a file is being applied. */
void say(const struct qw *qw, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A secret that is shown this once: alone on standard output, or as {"<of>":…,"<name>":…} when a file is being applied. */
void show_secret(const struct qw *qw, const char *of, const char *owner, const char *name, const char *secret);

/*
 * Says a setting of the utility unless that is what holds. What is said for the first time holds since ever, so that history
 * loaded later is cut and rated by it; a change holds from now on.
 */
enum err set_setting(struct qw *qw, const char *name, const char *value, struct fault *fault);

/* ERR_INVALID where the machine's tz database has no such zone. */
enum err check_zone_exists(const struct qw *qw, const char *tz, struct fault *fault);
/* Reads the secret in --password-file ("-": the first line of standard input), or makes one where --generate was given. */
enum err read_secret(const char *file, struct fault *fault, char *out, size_t size);

#endif
