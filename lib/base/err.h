/*
 * What went wrong, told twice: a code that says what the caller can do, and a sentence for a person.
 *
 * A function that can fail returns `enum err` and, where words help, fills a `struct fault` given last
 * but for its out-parameters. Out-parameters are untouched on failure. A verdict on a reading is
 * neither: see energy/verdict.h. Pure: no clock, no heap, no log.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
    OK = 0,
    ERR_RETRY,     /* nothing was done; the same call may work later (locked, full, away) */
    ERR_UNCERTAIN, /* it may or may not have been done; every write here may be repeated */
    ERR_INVALID,   /* the input is wrong and stays wrong; the fault says where and what would be right */
    ERR_LIMIT,     /* a stated maximum was reached */
    ERR_NOT_FOUND, /* what was named does not exist */
    ERR_CONFLICT,  /* what was named exists already, or changed meanwhile */
    ERR_FATAL,     /* go no further: a broken store, no memory, a bug */
};

/* What happened, in words. `pointer` is a JSON pointer into the input where there is one, else "". */
struct fault {
    enum err code;
    char pointer[96];
    char text[256];
};

/* Fills `fault` (which may be NULL) with a printf-like sentence and returns `code`. */
enum err fault_set(struct fault *fault, enum err code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with the place in the input that is at fault. */
enum err fault_at(struct fault *fault, enum err code, const char *pointer, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "retry", "invalid" …: the code's name for logs. Never NULL. */
const char *err_name(enum err code);

#endif
