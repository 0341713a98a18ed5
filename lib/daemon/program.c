#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/log.h"
#include "daemon/settings.h"

#define TEXT_MAX 262144
#define EXIT_MISTAKE 2

static int print_and_leave(const struct program *program, void (*write)(const struct program *, struct buf *))
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    write(program, &text);
    bool good = !text.overflow && fwrite(text.data, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    buf_finish(&text);
    return good ? 0 : 1;
}

static void apply_log_level(const struct program *program, const char *settings)
{
    enum log_level level;
    for (size_t i = 0; i < program->setting_count; i++) {
        const struct setting *row = &program->settings[i];
        if (strcmp(row->name, "log_level") != 0)
            continue;
        if (log_level_parse(*(char *const *)(const void *)(settings + row->offset), &level))
            log_level_set(level);
    }
}

static int answer_wish(const struct program *program, enum settings_wish wish, const char *settings)
{
    switch (wish) {
    case SETTINGS_RUN:
        apply_log_level(program, settings);
        return -1;
    case SETTINGS_CHECK:
        printf("%s: the settings are good\n", program->name);
        return 0;
    case SETTINGS_VERSION:
        printf("%s %s\n", program->name, QUILOWATT_VERSION);
        return 0;
    case SETTINGS_HELP:
        return print_and_leave(program, settings_help);
    case SETTINGS_MARKDOWN:
        return print_and_leave(program, settings_markdown);
    }
    return 1;
}

int program_start(const struct program *program, int argc, char *const argv[], void *settings, int *out_operand)
{
    struct fault fault = {0};
    enum settings_wish wish = SETTINGS_RUN;
    int operand = argc;
    int code;
    if (settings_load(program, argc, argv, getenv, settings, &fault, &wish, &operand) != OK) {
        fprintf(stderr, "%s: %s\n", program->name, fault.text);
        code = EXIT_MISTAKE;
    } else {
        code = answer_wish(program, wish, settings);
        if (out_operand != NULL)
            *out_operand = operand;
    }
    if (code >= 0)
        settings_finish(program, settings);
    return code;
}
