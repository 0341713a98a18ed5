/*
 * The words of a printed bill, in both languages. `%s` in a word stands for what is put there, in the same order in both. Pure.
 */
#ifndef PRINT_WORDS_H
#define PRINT_WORDS_H

#include "print/tongue.h"

enum word {
    WORD_TITLE,
    WORD_NUMBER,
    WORD_EDITION,
    WORD_ISSUED_ON,
    WORD_TOTAL_DUE,
    WORD_TOTAL_CORRECTED,
    WORD_DIFFERENCE,
    WORD_TOTAL_SO_FAR,
    WORD_DUE,
    WORD_PAID,
    WORD_CANCELLED,
    WORD_DRAFT,
    WORD_OPEN,
    WORD_ACCOUNT,
    WORD_METER,
    WORD_DEVICE,
    WORD_TARIFF,
    WORD_READ_BEFORE,
    WORD_READ_NOW,
    WORD_READ_SO_FAR,
    WORD_DAYS,
    WORD_ENERGY,
    WORD_EXPORT,
    WORD_READ_NEXT,
    WORD_NEXT_NONE,
    WORD_LINES,
    WORD_ITEM,
    WORD_QUANTITY,
    WORD_PRICE,
    WORD_AMOUNT,
    WORD_SPAN,
    WORD_NET_PRICE,
    WORD_TAX_INSIDE,
    WORD_SUBTOTAL,
    WORD_ROUNDING,
    WORD_TOTAL,
    WORD_TAXES,
    WORD_TAX_ADDED,
    WORD_TAX_INCLUDED,
    WORD_TAX_NONE,
    WORD_HISTORY,
    WORD_HISTORY_WORDS,
    WORD_HISTORY_ALONE,
    WORD_HISTORY_PART,
    WORD_LEGEND_MEASURED,
    WORD_LEGEND_ESTIMATED,
    WORD_NO_BILL,
    WORD_PAY,
    WORD_PAY_PIX,
    WORD_PAY_BOLETO,
    WORD_PAY_REFERENCE,
    WORD_NOTES,
    WORD_NOTE_DRAFT,
    WORD_NOTE_OPEN,
    WORD_NOTE_FORECAST,
    WORD_NOTE_NO_TARIFF,
    WORD_NOTE_CORRECTS,
    WORD_NOTE_CAUSE_READINGS,
    WORD_NOTE_CAUSE_DECISIONS,
    WORD_NOTE_CAUSE_TARIFF,
    WORD_NOTE_ESTIMATED,
    WORD_NOTE_ESTIMATED_CYCLES,
    WORD_NOTE_ESTIMATED_BEYOND,
    WORD_NOTE_INCOMPLETE,
    WORD_NOTE_BILLED,
    WORD_NOTE_CREDIT,
    WORD_NOTE_CREDIT_LOST,
    WORD_NOTE_SAID,
    WORD_NOTE_ACTS,
    WORD_QUALITY_ESTIMATED,
    WORD_QUALITY_PARTIAL,
    WORD_QUALITY_EDITED,
    WORD_QUALITY_MISSING,
    WORD_FOOT,
    WORD_FOOT_HASH,
    WORD_PAGE,
    WORD_COUNT
};
const char *word(enum tongue tongue, enum word which);

#define LINE_NAME_SIZE 192
/* A line's, tax's or adjustment's name in plain words; ids are the tariff's own, so one that nobody foresaw is shown as it is. */
void line_name(enum tongue tongue, const char *id, char out[LINE_NAME_SIZE]);
/* "day" → "dias", "kWh" as it is. `quantity` is decimal text. */
const char *unit_name(enum tongue tongue, const char *unit, const char *quantity);

#endif
