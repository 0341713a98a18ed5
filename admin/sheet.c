#include "admin/sheet.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "wire/json_out.h"

void sheet_begin(struct sheet *sheet, int json, ...)
{
    va_list names;
    memset(sheet, 0, sizeof *sheet);
    sheet->json = json != 0;
    buf_init(&sheet->text, SHEET_MAX_BYTES);
    va_start(names, json);
    for (const char *name; (name = va_arg(names, const char *)) != NULL && sheet->columns < SHEET_COLUMNS_MAX;) {
        sheet->names[sheet->columns] = name;
        sheet->widths[sheet->columns++] = (int)strlen(name);
    }
    va_end(names);
}

/* Characters, not bytes: what follows in a UTF-8 sequence has no width of its own. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void next(struct sheet *sheet)
{
    if (++sheet->at < sheet->columns)
        return;
    sheet->at = 0;
    sheet->rows++;
    if (!sheet->json)
        return;
    out_end_object(&sheet->text);
    printf("%s\n%s", sheet->rows == 1 ? "[" : ",", sheet->text.data);
    buf_reset(&sheet->text);
}

static const char *begin_json(struct sheet *sheet)
{
    if (sheet->at == 0)
        out_object(&sheet->text, NULL);
    return sheet->names[sheet->at];
}

static void cell(struct sheet *sheet, const char *text)
{
    const char *shown = text[0] != '\0' ? text : "-";
    int width = width_of(shown);
    if (width > sheet->widths[sheet->at])
        sheet->widths[sheet->at] = width;
    buf_append(&sheet->text, shown, strlen(shown) + 1);
}

void sheet_text(struct sheet *sheet, const char *value)
{
    if (sheet->json)
        out_text(&sheet->text, begin_json(sheet), value[0] != '\0' ? value : NULL);
    else
        cell(sheet, value);
    next(sheet);
}

void sheet_int(struct sheet *sheet, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    if (sheet->json)
        out_int(&sheet->text, begin_json(sheet), value);
    else
        cell(sheet, text);
    next(sheet);
}

void sheet_int_or(struct sheet *sheet, int64_t value, int64_t none)
{
    if (value == none)
        sheet_text(sheet, "");
    else
        sheet_int(sheet, value);
}

void sheet_bool(struct sheet *sheet, bool value)
{
    if (sheet->json)
        out_bool(&sheet->text, begin_json(sheet), value);
    else
        cell(sheet, value ? "yes" : "-");
    next(sheet);
}

void sheet_instant(struct sheet *sheet, int64_t utc_ms, int64_t none)
{
    char text[INSTANT_TEXT_SIZE] = "";
    if (utc_ms != none)
        instant_format(utc_ms, text);
    sheet_text(sheet, text);
}

void sheet_day(struct sheet *sheet, int32_t day, int32_t none)
{
    char text[CIVIL_TEXT_SIZE] = "";
    if (day != none)
        civil_format(day, text);
    sheet_text(sheet, text);
}

static void print_cell(const struct sheet *sheet, int column, const char *text)
{
    bool last = column == sheet->columns - 1;
    printf("%s%*s%s", text, last ? 0 : sheet->widths[column] - width_of(text), "", last ? "\n" : "  ");
}

static void print_table(const struct sheet *sheet)
{
    const char *text = sheet->text.data;
    for (int i = 0; i < sheet->columns; i++)
        print_cell(sheet, i, sheet->names[i]);
    for (int64_t row = 0; row < sheet->rows; row++) {
        for (int i = 0; i < sheet->columns; i++) {
            print_cell(sheet, i, text);
            text += strlen(text) + 1;
        }
    }
}

enum err sheet_end(struct sheet *sheet, const char *words_when_empty, struct fault *fault)
{
    enum err err = OK;
    if (sheet->text.overflow)
        err = fault_set(fault, ERR_LIMIT, "the table is too long; use --json, or --limit");
    else if (sheet->json)
        printf("%s\n", sheet->rows == 0 ? "[]" : "\n]");
    else if (sheet->rows == 0)
        fprintf(stderr, "%s\n", words_when_empty);
    else
        print_table(sheet);
    if (err == OK && fflush(stdout) != 0)
        err = fault_set(fault, ERR_RETRY, "standard output could not be written");
    buf_finish(&sheet->text);
    return err;
}

void sheet_abandon(struct sheet *sheet)
{
    buf_finish(&sheet->text);
}
