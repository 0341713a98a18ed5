/*
 * The proleptic Gregorian calendar without time zones.
 *
 * A local date is carried as `int32_t …_day`: days since 1970-01-01 in that calendar. Valid years are
 * 1900 to 2999. Pure.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil {
    int year;
    int month; /* 1 … 12 */
    int mday;  /* 1 … 31 */
};

int32_t civil_to_day(struct civil date); /* any valid date */
struct civil civil_from_day(int32_t day);
int civil_weekday(int32_t day);              /* 0 = Sunday … 6 = Saturday */
int civil_month_length(int year, int month); /* 28 … 31 */
int32_t civil_easter(int year);              /* Easter Sunday, Gregorian (Meeus/Jones/Butcher) */

/* "YYYY-MM-DD", exactly. False on anything else, or a date that does not exist. */
bool civil_parse(const char *text, int32_t *out_day);

#define CIVIL_TEXT_SIZE 11
void civil_format(int32_t day, char out[CIVIL_TEXT_SIZE]);

#endif
