#include "daemon/settings.h"
#include <string.h>

static const char *type_name(enum setting_type type)
{
    switch (type) {
    case SETTING_TEXT:
        return "text";
    case SETTING_PATH:
        return "path";
    case SETTING_SECRET_FILE:
        return "path of a secret";
    case SETTING_INT:
        return "whole number";
    case SETTING_BOOL:
        return "true or false";
    case SETTING_CHOICE:
        return "choice";
    }
    return "";
}

/* "1 to 1000 ms", "a, b or c", "text": what a setting takes. */
static void put_values(const struct setting *row, struct buf *out)
{
    if (row->type == SETTING_INT) {
        buf_printf(out, "%lld to %lld", (long long)row->min, (long long)row->max);
    } else if (row->type == SETTING_CHOICE) {
        for (const char *c = row->choices; *c != '\0'; c++) {
            if (*c != '|')
                buf_char(out, *c);
            else
                buf_str(out, strchr(c + 1, '|') != NULL ? ", " : " or ");
        }
    } else {
        buf_str(out, type_name(row->type));
    }
    if (row->unit != NULL)
        buf_printf(out, " %s", row->unit);
}

static void put_upper(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++)
        buf_char(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
}

void settings_help(const struct program *program, struct buf *out)
{
    buf_printf(out, "%s: %s\n\nUsage: %s [OPTIONS]%s%s\n\nOptions:\n", program->name, program->purpose, program->name,
               program->operands != NULL ? " " : "", program->operands != NULL ? program->operands : "");
    for (size_t i = 0; i < program->setting_count; i++) {
        const struct setting *row = &program->settings[i];
        buf_printf(out, "  --%s VALUE\n      %s.\n      ", row->name, row->help);
        put_values(row, out);
        if (row->initial == NULL)
            buf_str(out, "; must be given");
        else if (row->initial[0] != '\0')
            buf_printf(out, "; default %s", row->initial);
        buf_char(out, '\n');
    }
    buf_str(out, "  --config FILE\n      Reads settings from a file of \"name = value\" lines.\n"
                 "  --check\n      Checks settings and secrets, then leaves.\n"
                 "  --print-settings-md\n      Prints the settings as a Markdown table.\n"
                 "  --version\n  --help\n\n"
                 "Each setting may also come from the environment: QW_ and its name in capitals.\n"
                 "The last of default, file, environment and command line counts.\n");
}

/* A text inside a table cell. */
static void put_cell(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

void settings_markdown(const struct program *program, struct buf *out)
{
    buf_printf(out, "## %s\n\n%s.\n\n| setting | environment | takes | default | |\n|---|---|---|---|---|\n", program->name, program->purpose);
    for (size_t i = 0; i < program->setting_count; i++) {
        const struct setting *row = &program->settings[i];
        buf_printf(out, "| `%s` | `QW_", row->name);
        put_upper(row->name, out);
        buf_str(out, "` | ");
        put_values(row, out);
        buf_str(out, " | ");
        if (row->initial == NULL)
            buf_str(out, "(must be given)");
        else if (row->initial[0] == '\0')
            buf_str(out, "(empty)");
        else
            buf_printf(out, "`%s`", row->initial);
        buf_str(out, " | ");
        put_cell(row->help, out);
        buf_str(out, " |\n");
    }
}
