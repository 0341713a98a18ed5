/*
 * Runs one table.   tables FILE.bills|FILE.doors|FILE.ledger|FILE.outages|FILE.splits
 *
 * Exit 0 when every row came out as it says; each other row is one line "file:line: …".
 */
#include "tests/tables/tables.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/number.h"

static int rows, wrong;

void row_wrong(const struct place *place, const char *format, ...)
{
    va_list args;
    printf("%s:%d: ", place->file, place->line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    wrong++;
}

char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
    return text;
}

char *next_word(char **text)
{
    char *word = *text + strspn(*text, " \t,");
    if (!*word)
        return NULL;
    *text = word + strcspn(word, " \t,");
    if (**text)
        *(*text)++ = '\0';
    return word;
}

int64_t decimal_of(const struct place *place, const char *text, int digits)
{
    int64_t value = 0;
    if (!text || !decimal_parse(text, strlen(text), digits, &value))
        row_wrong(place, "a number is expected where \"%s\" stands", text ? text : "nothing");
    return value;
}

int32_t date_of(const struct place *place, const char *text)
{
    int32_t day = 0;
    if (!text || !civil_parse(text, &day))
        row_wrong(place, "a date is expected where \"%s\" stands", text ? text : "nothing");
    return day;
}

static void take_line(const struct reader *reader, const struct place *place, char *line)
{
    char *arrow = strstr(line, "<-");
    line = trimmed(line);
    if (!*line || *line == '#')
        return;
    if (arrow) {
        *arrow = '\0';
        rows++;
        reader->row(place, trimmed(line), trimmed(arrow + 2));
        return;
    }
    char *rest = line;
    char *name = next_word(&rest);
    reader->setting(place, name, trimmed(rest));
}

int main(int argc, char **argv)
{
    static const struct reader *const readers[] = {&bills_reader, &checks_reader, &doors_reader, &ledger_reader, &outages_reader, &splits_reader};
    const struct reader *reader = NULL;
    const char *suffix = argc == 2 ? strrchr(argv[1], '.') : NULL;
    for (size_t i = 0; suffix && i < sizeof readers / sizeof readers[0]; i++)
        if (strcmp(readers[i]->suffix, suffix) == 0)
            reader = readers[i];
    FILE *file = reader ? fopen(argv[1], "r") : NULL;
    if (!file) {
        fprintf(stderr, "usage: tables FILE.bills|FILE.doors|FILE.ledger|FILE.outages|FILE.splits\n");
        return 2;
    }
    char line[4096];
    struct place place = {strrchr(argv[1], '/') ? strrchr(argv[1], '/') + 1 : argv[1], 0};
    reader->begin(&(struct place){argv[1], 0});
    while (fgets(line, sizeof line, file)) {
        place.line++;
        take_line(reader, &place, line);
    }
    fclose(file);
    reader->end();
    printf("[  PASSED  ] %d test(s).\n", rows - (wrong < rows ? wrong : rows));
    if (wrong > 0 || rows == 0)
        printf("[  FAILED  ] %d test(s).\n", wrong ? wrong : 1);
    return wrong > 0 || rows == 0;
}
