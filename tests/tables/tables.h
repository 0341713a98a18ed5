/*
 * Tables: text files whose rows are "expected <- given". Empty lines and lines that begin with # are for the reader; a line "word value" without an
 * arrow is a setting that holds from there on.
 */
#ifndef TESTS_TABLES_H
#define TESTS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a row stands, for the words of a failure. */
struct place {
    const char *file;
    int line;
};

/* One wrong row: printed, counted; the table goes on. */
void row_wrong(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A reader: settings and rows as they come. `expected` and `given` are trimmed and may be changed. */
struct reader {
    const char *suffix;
    void (*begin)(const struct place *place);
    void (*setting)(const struct place *place, const char *name, const char *value);
    void (*row)(const struct place *place, char *expected, char *given);
    void (*end)(void);
};
extern const struct reader bills_reader, checks_reader, doors_reader, ledger_reader, outages_reader, splits_reader;

/* The next word of *text, ended with a NUL; NULL at the end. Words are parted by blanks and commas. */
char *next_word(char **text);
char *trimmed(char *text);
/* A decimal with so many digits as an integer; a row that holds none is wrong. */
int64_t decimal_of(const struct place *place, const char *text, int digits);
int32_t date_of(const struct place *place, const char *text);

#endif
