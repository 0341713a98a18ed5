#include "print/tongue.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/civil.h"
#include "base/number.h"
#include "base/text.h"

#define NO_BREAK "\u00a0"

static const char *const months[2][12] = {{"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
                                          {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};

const char *tongue_tag(enum tongue tongue)
{
    return tongue == TONGUE_EN ? "en" : "pt-BR";
}

bool tongue_parse(const char *tag, size_t len, enum tongue *out)
{
    if (len < 2 || (len > 2 && tag[2] != '-'))
        return false;
    if (strncasecmp(tag, "pt", 2) == 0)
        *out = TONGUE_PT_BR;
    else if (strncasecmp(tag, "en", 2) == 0)
        *out = TONGUE_EN;
    else
        return false;
    return true;
}

static bool is_decimal(const char *text)
{
    size_t whole = strspn(text += *text == '-', "0123456789");
    if (whole == 0)
        return false;
    if (text[whole] == '\0')
        return true;
    return text[whole] == '.' && text[whole + 1] != '\0' && text[whole + 1 + strspn(text + whole + 1, "0123456789")] == '\0';
}

/* Groups the digits before the point and puts the tongue's own marks. */
static void mark(enum tongue tongue, const char *decimal, char out[TONGUE_TEXT_SIZE])
{
    const char *group = tongue == TONGUE_EN ? "," : ".", *point = tongue == TONGUE_EN ? "." : ",";
    size_t used = 0;
    if (*decimal == '-')
        out[used++] = *decimal++;
    size_t whole = strcspn(decimal, ".");
    for (size_t i = 0; i < whole && used < TONGUE_TEXT_SIZE - 3; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            out[used++] = *group;
        out[used++] = decimal[i];
    }
    for (const char *at = decimal + whole; *at != '\0' && used < TONGUE_TEXT_SIZE - 1; at++)
        out[used++] = *at == '.' ? *point : *at;
    out[used] = '\0';
}

/* Zeros at the end go, or come, until `min_digits` stand behind the point. */
static void trim(char text[DECIMAL_TEXT_SIZE], int min_digits)
{
    size_t len = strlen(text), point = strcspn(text, ".");
    if (point == len && min_digits > 0 && len < DECIMAL_TEXT_SIZE - 1)
        text[len++] = '.';
    while (len > point + 1 + (size_t)min_digits && text[len - 1] == '0')
        len--;
    while (len < point + 1 + (size_t)min_digits && point < len && len < DECIMAL_TEXT_SIZE - 1)
        text[len++] = '0';
    if (min_digits == 0 && text[len - 1] == '.')
        len--;
    text[len] = '\0';
}

void tongue_decimal(enum tongue tongue, const char *decimal, int min_digits, char out[TONGUE_TEXT_SIZE])
{
    char text[DECIMAL_TEXT_SIZE];
    if (!text_copy(text, sizeof text, decimal) || !is_decimal(text)) {
        text_copy(out, TONGUE_TEXT_SIZE, decimal);
        return;
    }
    trim(text, min_digits);
    mark(tongue, text, out);
}

void tongue_amount(enum tongue tongue, int64_t minor, int digits, char out[TONGUE_TEXT_SIZE])
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(minor, digits, digits, text);
    mark(tongue, text, out);
}

const char *tongue_currency(enum tongue tongue, const char *currency)
{
    static const struct {
        const char *code, *sign[2];
    } signs[] = {{"BRL", {"R$", "R$"}}, {"USD", {"US$", "$"}}, {"EUR", {"€", "€"}}, {"GBP", {"£", "£"}}, {"AUD", {"AU$", "A$"}}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(signs[i].code, currency) == 0)
            return signs[i].sign[tongue];
    return currency;
}

void tongue_money(enum tongue tongue, int64_t minor, int digits, const char *currency, char out[TONGUE_TEXT_SIZE])
{
    char amount[TONGUE_TEXT_SIZE], text[2 * TONGUE_TEXT_SIZE];
    const char *sign = tongue_currency(tongue, currency), *gap = tongue == TONGUE_EN && sign != currency ? "" : NO_BREAK;
    tongue_amount(tongue, minor, digits, amount);
    bool negative = amount[0] == '-';
    snprintf(text, sizeof text, "%s%s%s%s", negative ? "-" : "", sign, gap, amount + negative);
    text_copy(out, TONGUE_TEXT_SIZE, text);
}

void tongue_energy(enum tongue tongue, int64_t wh, char out[TONGUE_TEXT_SIZE])
{
    char decimal[DECIMAL_TEXT_SIZE], number[TONGUE_TEXT_SIZE], text[2 * TONGUE_TEXT_SIZE];
    decimal_format(wh, 3, 0, decimal);
    tongue_decimal(tongue, decimal, 0, number);
    snprintf(text, sizeof text, "%s" NO_BREAK "kWh", number);
    text_copy(out, TONGUE_TEXT_SIZE, text);
}

void tongue_date(enum tongue tongue, int32_t local_day, char out[TONGUE_TEXT_SIZE])
{
    struct civil date = civil_from_day(local_day);
    if (tongue == TONGUE_EN)
        snprintf(out, TONGUE_TEXT_SIZE, "%d" NO_BREAK "%s" NO_BREAK "%d", date.mday, months[tongue][date.month - 1], date.year);
    else
        snprintf(out, TONGUE_TEXT_SIZE, "%02d/%02d/%d", date.mday, date.month, date.year);
}

const char *tongue_month(enum tongue tongue, int32_t local_day)
{
    return months[tongue][civil_from_day(local_day).month - 1];
}
