/* qw: people, meters, tariffs and settings, by hand. `qw help` tells the commands. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "admin/command.h"
#include "admin/settings.h"
#include "base/clock.h"
#include "daemon/settings.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* What helps where the sentence itself does not say. */
static const char *remedy(enum err err)
{
    switch (err) {
    case ERR_RETRY:
        return "nothing was changed; try again when the other program is done, or the disk has room";
    case ERR_UNCERTAIN:
        return "it may or may not have been done: look, or simply do it again";
    case ERR_FATAL:
        return "is this the right file (--records-db, --ledger-db)? `qw init` makes one or brings it up to date";
    default:
        return NULL;
    }
}

static int fail(const char *what, enum err err, const struct fault *fault)
{
    fprintf(stderr, "qw %s: %s%s%s%s\n", what, fault->text[0] != '\0' ? fault->text : err_name(err), fault->pointer[0] != '\0' ? " (at " : "",
            fault->pointer, fault->pointer[0] != '\0' ? ")" : "");
    if (remedy(err) != NULL)
        fprintf(stderr, "   → %s\n", remedy(err));
    return EXIT_FAILED;
}

static int usage(const struct command *command, const struct fault *fault)
{
    fprintf(stderr, "qw: %s\n", fault->text);
    help_command(stderr, command);
    return EXIT_USAGE;
}

static const char *system_user(char *out, size_t size)
{
    const struct passwd *entry = getpwuid(getuid());
    if (entry != NULL)
        snprintf(out, size, "qw:%.50s", entry->pw_name);
    else
        snprintf(out, size, "qw:%lu", (unsigned long)getuid());
    return out;
}

static int run(const struct command *command, const struct admin_settings *settings, int argc, char *const argv[])
{
    char user[RECORD_ID_SIZE];
    struct args args;
    struct fault fault = {0};
    struct qw qw = {
        .records_db = settings->records_db, .ledger_db = settings->ledger_db, .actor = {system_user(user, sizeof user), clock_now(&clock_system)}};
    const struct records_options options = {.path = settings->records_db, .busy_timeout_ms = (int)settings->busy_timeout_ms};
    if (args_from_line(command->rows, argc, argv, &fault, &args) != OK)
        return usage(command, &fault);
    enum err err = OK;
    qw.zones = zones_create(settings->zoneinfo_dir);
    if (qw.zones == NULL)
        err = fault_set(&fault, ERR_FATAL, "out of memory");
    if (err == OK && command->opening == OPENS_RECORDS)
        err = records_open(&options, &fault, &qw.records);
    if (err == OK)
        err = command->run(&qw, &args, &fault);
    records_close(qw.records);
    zones_destroy(qw.zones);
    args_finish(&args);
    if (err != OK) {
        int code = fail(command->noun, err, &fault);
        return qw.exit_status ? qw.exit_status : code;
    }
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int help(int argc, char *const argv[])
{
    const struct command *command = argc > 0 ? command_find(argv[0], argc > 1 ? argv[1] : NULL) : NULL;
    if (argc == 0)
        help_all(stdout);
    else if (command != NULL)
        help_command(stdout, command);
    else if (!help_noun(stdout, argv[0])) {
        fprintf(stderr, "qw: there is no command '%s'; `qw help` tells which there are\n", argv[0]);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static bool wants_help(int argc, char *const argv[])
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int dispatch(const struct admin_settings *settings, int argc, char *const argv[])
{
    if (argc == 0) {
        help_all(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[0], "help") == 0)
        return help(argc - 1, argv + 1);
    const struct command *command = command_find(argv[0], argc > 1 ? argv[1] : NULL);
    if (wants_help(argc, argv)) {
        if (command != NULL) {
            help_command(stdout, command);
            return EXIT_DONE;
        }
        return help(1, argv);
    }
    if (command == NULL) {
        fprintf(stderr, "qw: there is no command '%s%s%s'\n", argv[0], argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
        if (!help_noun(stderr, argv[0]))
            fprintf(stderr, "   → `qw help` tells which there are\n");
        return EXIT_USAGE;
    }
    int words = command->verb != NULL ? 2 : 1;
    return run(command, settings, argc - words, argv + words);
}

int main(int argc, char *argv[])
{
    struct admin_settings settings = {0};
    int operand = argc;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        help_all(stdout);
        printf("\n");
        argv[1] = "--help";
    }
    int code = program_start(&admin_program, argc, argv, &settings, &operand);
    if (code >= 0)
        return code;
    code = dispatch(&settings, argc - operand, argv + operand);
    settings_finish(&admin_program, &settings);
    return code;
}
