/*
 * One table per program from which come its parser, its defaults, --help and docs/configuration.md.
 *
 * A row binds a name to a field of the program's own settings struct, so a program reads plain fields. Each
 * setting is looked for in this order, the last one found counts: the default, a file of `name = value` lines
 * (--config FILE, or QW_CONFIG), the environment (QW_ and the name in capitals), the command line
 * (--name value or --name=value; for a bool `--name` alone says true; '-' may stand for '_'). In a file a `#`
 * begins a comment where it stands first or after a blank; an unknown or repeated name is an error that names file and line.
 * Unknown QW_… variables are left alone: other programs share the environment.
 *
 * No secret is a setting: a row of SETTING_SECRET_FILE holds the path of a file that holds it, to be read
 * with file_read_secret (files.h).
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

enum setting_type {
    SETTING_TEXT,        /* const char *; min … max bytes */
    SETTING_PATH,        /* const char *; as text */
    SETTING_SECRET_FILE, /* const char *: the path of a file that holds a secret; "" where there is none */
    SETTING_INT,         /* int64_t; min … max */
    SETTING_BOOL,        /* bool: true, false */
    SETTING_CHOICE,      /* const char *: one of `choices`, "a|b|c" */
};

#define SETTING_TEXT_MAX 4096 /* what max 0 means for texts and paths */

struct setting {
    const char *name; /* lower case, with its unit: "poll_ms" */
    enum setting_type type;
    size_t offset;       /* of its field: offsetof(struct …_settings, …) */
    const char *initial; /* the default as text; NULL: must be given */
    int64_t min, max;
    const char *unit; /* for people: "ms", "bytes"; NULL: none */
    const char *help; /* one sentence, without a full stop */
    const char *choices;
    const char *also; /* another variable of the environment, looked for where QW_… is not set: a name of ./run's run.env; NULL: none */
};

/* What a main tells of itself. */
struct program {
    const char *name;     /* "qw-ingestor" */
    const char *purpose;  /* one sentence */
    const char *operands; /* for the usage line: "COMMAND …"; NULL: it takes none */
    const struct setting *settings;
    size_t setting_count;
    /* Checks what one row cannot tell (pairs, files); may be NULL. */
    enum err (*check)(const void *settings, struct fault *fault);
};

/* What the command line asked for. */
enum settings_wish {
    SETTINGS_RUN,
    SETTINGS_CHECK,   /* --check: all was checked; say so and leave */
    SETTINGS_HELP,    /* --help */
    SETTINGS_VERSION, /* --version */
    SETTINGS_MARKDOWN /* --print-settings-md */
};

/*
 * Fills the program's settings struct (which must be zeroed; texts become its own until settings_finish) and
 * calls `check`. `environment` looks a variable up, as getenv does. `out_operand` is the index in argv of the
 * first operand, or argc; everything from there on is left alone. ERR_INVALID with a sentence that names the
 * place: "qw.conf:7: unknown setting \"foo\"". When it fails, settings_finish is still due.
 * For SETTINGS_HELP, _VERSION and _MARKDOWN nothing is checked.
 */
enum err settings_load(const struct program *program, int argc, char *const argv[], char *(*environment)(const char *name), void *settings,
                       struct fault *fault, enum settings_wish *out_wish, int *out_operand);

/* Releases the texts. NULL-safe in its fields. */
void settings_finish(const struct program *program, void *settings);

/* --help, and one Markdown section with the table of all settings. */
void settings_help(const struct program *program, struct buf *out);
void settings_markdown(const struct program *program, struct buf *out);

/*
 * The lines every main begins with: loads, answers --help, --version, --print-settings-md and --check on
 * standard output, tells a mistake on standard error, sets the log's level from the setting `log_level` where
 * there is one. Returns -1 when the program shall go on, else its exit code (0, or 2 for a mistake; nothing
 * is left to release then). `out_operand` may be NULL where there are no operands.
 */
int program_start(const struct program *program, int argc, char *const argv[], void *settings, int *out_operand);

/* The row that every daemon's table begins with. */
#define SETTING_LOG_LEVEL(type_, field_)                                                                                                             \
    {                                                                                                                                                \
        .name = "log_level", .type = SETTING_CHOICE, .offset = offsetof(type_, field_), .initial = "info", .choices = "debug|info|warn|error",       \
        .help = "The least important events that are logged"                                                                                         \
    }

#endif
