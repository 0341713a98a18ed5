/*
 * How numbers, money and dates are written for people, in the two languages that a utility prints in. From integers and decimal text to text: nothing
 * is rounded or worked out here. Pure.
 */
#ifndef PRINT_TONGUE_H
#define PRINT_TONGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tongue { TONGUE_PT_BR, TONGUE_EN };
const char *tongue_tag(enum tongue tongue); /* "pt-BR", "en": BCP 47 */
/* "pt", "pt-BR", "PT-pt" …: Portuguese; "en", "en-GB" …: English. False on any other tag. */
bool tongue_parse(const char *tag, size_t len, enum tongue *out);

#define TONGUE_TEXT_SIZE 64
/*
 * Decimal text as an amount of something: "1234.500" is "1.234,5" in pt-BR and "1,234.5" in en. All its digits but zeros at the end, and those only
 * down to `min_digits` behind the point. Text that is no decimal stays as it is.
 */
void tongue_decimal(enum tongue tongue, const char *decimal, int min_digits, char out[TONGUE_TEXT_SIZE]);
/* An amount without its currency, all digits of the minor unit: 123456 with 2 is "1.234,56". */
void tongue_amount(enum tongue tongue, int64_t minor, int digits, char out[TONGUE_TEXT_SIZE]);
/* With it: "R$ 1.234,56", "-R$ 5,00", "$1,234.56", "CHF 3.00"; the blank is one that does not break. */
void tongue_money(enum tongue tongue, int64_t minor, int digits, const char *currency, char out[TONGUE_TEXT_SIZE]);
/* "R$", "US$", "$", or the code. */
const char *tongue_currency(enum tongue tongue, const char *currency);
/* Wh as kWh with up to three digits: 240500 is "240,5 kWh". */
void tongue_energy(enum tongue tongue, int64_t wh, char out[TONGUE_TEXT_SIZE]);
/* "10/04/2026", "10 Apr 2026". */
void tongue_date(enum tongue tongue, int32_t local_day, char out[TONGUE_TEXT_SIZE]);
/* "abr", "Apr". */
const char *tongue_month(enum tongue tongue, int32_t local_day);

#endif
