#include "daemon/settings.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "daemon/files.h"

#define FILE_MAX_BYTES 65536
#define PLACE_SIZE 160

/* What one loading has gathered so far. */
struct loading {
    const struct program *program;
    char *settings;
    struct fault *fault;
    bool *given;    /* per row: by anything but the default */
    int *file_line; /* per row: where the file named it, or 0 */
    const char *config;
    enum settings_wish wish;
    int operand;
};

static const struct setting *find(const struct program *program, const char *name, size_t len)
{
    for (size_t i = 0; i < program->setting_count; i++) {
        const char *own = program->settings[i].name;
        size_t at = 0;
        while (at < len && own[at] != '\0' && (own[at] == name[at] || (own[at] == '_' && name[at] == '-')))
            at++;
        if (at == len && own[at] == '\0')
            return &program->settings[i];
    }
    return NULL;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t len = strlen(value);
    if (strchr(value, '|') != NULL)
        return false;
    for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
        if (*at == '|')
            at++;
        if (strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return len > 0;
    }
    return false;
}

static enum err set_text(const struct loading *load, const struct setting *row, const char *value, const char *place)
{
    int64_t max = row->max > 0 ? row->max : SETTING_TEXT_MAX;
    int64_t len = (int64_t)strlen(value);
    if (len < row->min || len > max)
        return fault_set(load->fault, ERR_INVALID, "%s: %s has %lld bytes; it takes %lld to %lld", place, row->name, (long long)len,
                         (long long)row->min, (long long)max);
    if (!text_is_utf8(value, (size_t)len))
        return fault_set(load->fault, ERR_INVALID, "%s: %s is not UTF-8", place, row->name);
    char *copy = strdup(value);
    if (copy == NULL)
        return fault_set(load->fault, ERR_FATAL, "no memory for the settings");
    char **field = (char **)(void *)(load->settings + row->offset);
    free(*field);
    *field = copy;
    return OK;
}

static enum err set_int(const struct loading *load, const struct setting *row, const char *value, const char *place)
{
    int64_t number;
    if (!text_to_int64(value, &number) || number < row->min || number > row->max)
        return fault_set(load->fault, ERR_INVALID, "%s: %s is \"%.40s\"; it takes a whole number from %lld to %lld", place, row->name, value,
                         (long long)row->min, (long long)row->max);
    *(int64_t *)(void *)(load->settings + row->offset) = number;
    return OK;
}

static enum err set_bool(const struct loading *load, const struct setting *row, const char *value, const char *place)
{
    bool truth = strcmp(value, "true") == 0;
    if (!truth && strcmp(value, "false") != 0)
        return fault_set(load->fault, ERR_INVALID, "%s: %s is \"%.40s\"; it takes true or false", place, row->name, value);
    *(bool *)(void *)(load->settings + row->offset) = truth;
    return OK;
}

static enum err set_value(const struct loading *load, const struct setting *row, const char *value, const char *place)
{
    switch (row->type) {
    case SETTING_INT:
        return set_int(load, row, value, place);
    case SETTING_BOOL:
        return set_bool(load, row, value, place);
    case SETTING_CHOICE:
        if (!is_choice(row->choices, value))
            return fault_set(load->fault, ERR_INVALID, "%s: %s is \"%.40s\"; it takes one of %s", place, row->name, value, row->choices);
        return set_text(load, row, value, place);
    case SETTING_TEXT:
    case SETTING_PATH:
    case SETTING_SECRET_FILE:
        return set_text(load, row, value, place);
    }
    return fault_set(load->fault, ERR_FATAL, "setting %s has no type", row->name);
}

static enum err give(const struct loading *load, const struct setting *row, const char *value, const char *place)
{
    load->given[row - load->program->settings] = true;
    return set_value(load, row, value, place);
}

static enum err apply_defaults(const struct loading *load)
{
    for (size_t i = 0; i < load->program->setting_count; i++) {
        const struct setting *row = &load->program->settings[i];
        enum err err = row->initial == NULL ? OK : set_value(load, row, row->initial, "default");
        if (err != OK)
            return err;
    }
    return OK;
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        text[--len] = '\0';
    return text;
}

static void cut_comment(char *line)
{
    for (char *at = line; *at != '\0'; at++)
        if (*at == '#' && (at == line || at[-1] == ' ' || at[-1] == '\t')) {
            *at = '\0';
            return;
        }
}

static enum err apply_line(const struct loading *load, char *line, int line_no)
{
    char place[PLACE_SIZE];
    snprintf(place, sizeof(place), "%s:%d", load->config, line_no);
    cut_comment(line);
    char *name = trim(line);
    if (*name == '\0')
        return OK;
    char *equals = strchr(name, '=');
    if (equals == NULL)
        return fault_set(load->fault, ERR_INVALID, "%s: not of the form name = value", place);
    *equals = '\0';
    name = trim(name);
    const struct setting *row = find(load->program, name, strlen(name));
    if (row == NULL)
        return fault_set(load->fault, ERR_INVALID, "%s: unknown setting \"%.64s\"", place, name);
    int *first = &load->file_line[row - load->program->settings];
    if (*first != 0)
        return fault_set(load->fault, ERR_INVALID, "%s: %s stands in line %d already", place, row->name, *first);
    *first = line_no;
    return give(load, row, trim(equals + 1), place);
}

static enum err apply_file(const struct loading *load)
{
    if (load->config == NULL)
        return OK;
    struct buf text;
    buf_init(&text, FILE_MAX_BYTES);
    enum err err = file_read(load->config, load->fault, &text);
    if (err == OK && strlen(text.data) != text.len)
        err = fault_set(load->fault, ERR_INVALID, "%s: not a text", load->config);
    char *line = text.data;
    for (int line_no = 1; err == OK && line != NULL; line_no++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        if (*line != '\0')
            err = apply_line(load, line, line_no);
        line = end == NULL ? NULL : end + 1;
    }
    buf_finish(&text);
    return err;
}

static enum err apply_environment(const struct loading *load, char *(*environment)(const char *name))
{
    for (size_t i = 0; i < load->program->setting_count; i++) {
        const struct setting *row = &load->program->settings[i];
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "QW_%s", row->name);
        for (char *c = place; *c != '\0'; c++)
            if (*c >= 'a' && *c <= 'z')
                *c = (char)(*c - 'a' + 'A');
        const char *value = environment(place);
        if (value == NULL && row->also != NULL) {
            text_copy(place, sizeof(place), row->also);
            value = environment(place);
        }
        enum err err = value == NULL ? OK : give(load, row, value, place);
        if (err != OK)
            return err;
    }
    return OK;
}

static bool take_wish(struct loading *load, const char *arg)
{
    static const struct {
        const char *option;
        enum settings_wish wish;
    } wishes[] = {
        {"--check", SETTINGS_CHECK},
        {"--help", SETTINGS_HELP},
        {"--version", SETTINGS_VERSION},
        {"--print-settings-md", SETTINGS_MARKDOWN},
    };
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        if (strcmp(arg, wishes[i].option) == 0) {
            load->wish = wishes[i].wish;
            return true;
        }
    }
    return false;
}

/* The value of the option at argv[*i], in it or after it; steps over it. NULL: there is none. */
static const char *take_argument(int argc, char *const argv[], int *i, const struct setting *row)
{
    const char *equals = strchr(argv[*i], '=');
    if (equals != NULL)
        return equals + 1;
    bool has_next = *i + 1 < argc;
    if (row != NULL && row->type == SETTING_BOOL) {
        bool told = has_next && (strcmp(argv[*i + 1], "true") == 0 || strcmp(argv[*i + 1], "false") == 0);
        return told ? argv[++*i] : "true";
    }
    return has_next ? argv[++*i] : NULL;
}

/* One walk over the command line; values are only set in the second (`apply`), after file and
 * environment. */
static enum err walk_arguments(struct loading *load, int argc, char *const argv[], bool apply)
{
    int i = 1;
    for (; i < argc; i++) {
        const char *arg = argv[i];
        if (strcmp(arg, "--") == 0) {
            i++;
            break;
        }
        if (strncmp(arg, "--", 2) != 0)
            break;
        if (take_wish(load, arg))
            continue;
        size_t len = strcspn(arg + 2, "=");
        bool is_config = len == 6 && strncmp(arg + 2, "config", 6) == 0;
        const struct setting *row = is_config ? NULL : find(load->program, arg + 2, len);
        if (!is_config && row == NULL)
            return fault_set(load->fault, ERR_INVALID, "unknown option %.64s (try --help)", arg);
        const char *value = take_argument(argc, argv, &i, row);
        if (value == NULL)
            return fault_set(load->fault, ERR_INVALID, "option %.64s lacks its value", arg);
        if (is_config) {
            load->config = value;
        } else if (apply) {
            char place[PLACE_SIZE];
            snprintf(place, sizeof(place), "--%s", row->name);
            enum err err = give(load, row, value, place);
            if (err != OK)
                return err;
        }
    }
    load->operand = i < argc ? i : argc;
    if (i < argc && load->program->operands == NULL)
        return fault_set(load->fault, ERR_INVALID, "%.64s is not an option (try --help)", argv[i]);
    return OK;
}

static enum err check_required(const struct loading *load)
{
    for (size_t i = 0; i < load->program->setting_count; i++)
        if (load->program->settings[i].initial == NULL && !load->given[i])
            return fault_set(load->fault, ERR_INVALID, "%s must be given: --%s, its environment variable, or a line of --config",
                             load->program->settings[i].name, load->program->settings[i].name);
    return OK;
}

/* --check goes as far as to read the secrets. */
static enum err check_secrets(const struct loading *load)
{
    for (size_t i = 0; i < load->program->setting_count; i++) {
        const struct setting *row = &load->program->settings[i];
        if (row->type != SETTING_SECRET_FILE)
            continue;
        const char *path = *(const char **)(void *)(load->settings + row->offset);
        char secret[SECRET_SIZE];
        enum err err = path[0] == '\0' ? OK : file_read_secret(path, load->fault, secret);
        explicit_bzero(secret, sizeof(secret));
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err load_all(struct loading *load, int argc, char *const argv[], char *(*environment)(const char *name))
{
    load->config = environment("QW_CONFIG");
    enum err err = walk_arguments(load, argc, argv, false);
    if (err == OK)
        err = apply_defaults(load);
    if (err != OK || (load->wish != SETTINGS_RUN && load->wish != SETTINGS_CHECK))
        return err;
    err = apply_file(load);
    if (err == OK)
        err = apply_environment(load, environment);
    if (err == OK)
        err = walk_arguments(load, argc, argv, true);
    if (err == OK)
        err = check_required(load);
    if (err == OK && load->program->check != NULL)
        err = load->program->check(load->settings, load->fault);
    if (err == OK && load->wish == SETTINGS_CHECK)
        err = check_secrets(load);
    return err;
}

enum err settings_load(const struct program *program, int argc, char *const argv[], char *(*environment)(const char *name), void *settings,
                       struct fault *fault, enum settings_wish *out_wish, int *out_operand)
{
    struct loading load = {.program = program, .settings = settings, .fault = fault};
    load.given = calloc(program->setting_count + 1, sizeof(*load.given));
    load.file_line = calloc(program->setting_count + 1, sizeof(*load.file_line));
    enum err err = ERR_FATAL;
    if (load.given == NULL || load.file_line == NULL)
        fault_set(fault, ERR_FATAL, "no memory for the settings");
    else
        err = load_all(&load, argc, argv, environment);
    if (err == OK) {
        *out_wish = load.wish;
        *out_operand = load.operand;
    }
    free(load.given);
    free(load.file_line);
    return err;
}

void settings_finish(const struct program *program, void *settings)
{
    for (size_t i = 0; i < program->setting_count; i++) {
        const struct setting *row = &program->settings[i];
        if (row->type == SETTING_INT || row->type == SETTING_BOOL)
            continue;
        char **field = (char **)(void *)((char *)settings + row->offset);
        free(*field);
        *field = NULL;
    }
}
