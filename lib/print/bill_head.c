#include <stdio.h>
#include "base/text.h"
#include "print/bill_parts.h"

#define CARD_WIDTH 196.0
#define CARD_LEFT (PAGE_RIGHT - CARD_WIDTH)
#define GRID_COLUMN 150.0

static const struct type label = {8, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false};

/* "Bill no. 128 · edition 2, corrects no. 117 · issued 15 May 2026" */
static void say_which(struct pen *pen, char out[PRINT_LINE_SIZE])
{
    const struct bill_document *document = pen->document;
    char part[PRINT_LINE_SIZE], number[24], former[24], date[TONGUE_TEXT_SIZE];
    if (!document->issued) {
        text_copy(out, PRINT_LINE_SIZE, word(pen->tongue, pen->bill->state == BILL_OPEN ? WORD_OPEN : WORD_DRAFT));
        return;
    }
    snprintf(number, sizeof number, "%lld", (long long)document->number);
    pen_say(pen, part, WORD_NUMBER, number);
    size_t used = (size_t)snprintf(out, PRINT_LINE_SIZE, "%.200s", part);
    if (document->correction.there) {
        snprintf(number, sizeof number, "%d", document->edition);
        snprintf(former, sizeof former, "%lld", (long long)document->correction.negates);
        pen_say(pen, part, WORD_EDITION, number, former);
        used += (size_t)snprintf(out + used, PRINT_LINE_SIZE - used, " · %.200s", part);
    }
    tongue_date(pen->tongue, pen->input->issued_day, date);
    pen_say(pen, part, WORD_ISSUED_ON, date);
    snprintf(out + used, PRINT_LINE_SIZE - used, " · %.200s", part);
}

/* The line over all: whose bill it is, and which one. */
static void draw_band(struct pen *pen)
{
    static const struct type name = {18, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false}, title = {11, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_RIGHT, false},
                             which = {9, WEIGHT_REGULAR, INK_SOFT, SIDE_RIGHT, false};
    char text[PRINT_LINE_SIZE];
    double half = PAGE_WIDTH * 0.4, rest = PAGE_WIDTH - half;
    double left = pen_put(pen, "P", PAGE_LEFT, pen->y, half, &name, pen->input->utility);
    double right = pen_put(pen, "H1", PAGE_LEFT + half, pen->y, rest, &title, word(pen->tongue, WORD_TITLE));
    say_which(pen, text);
    right += pen_put(pen, "P", PAGE_LEFT + half, pen->y + right, rest, &which, text);
    pen->y += (left > right ? left : right) + 7;
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, 2, INK_BRAND);
    pen->y += 14;
}

static double draw_fact(struct pen *pen, double x, double y, double width, enum word which, const char *value)
{
    const struct type type = {10, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, true};
    double height = pen_put(pen, "P", x, y, width, &label, word(pen->tongue, which));
    return height + pen_put(pen, "P", x, y + height, width, &type, value) + 5;
}

static double draw_customer(struct pen *pen, double y)
{
    static const struct type name = {12.5, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, false}, address = {9.5, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false};
    const struct bill *bill = pen->bill;
    double width = CARD_LEFT - PAGE_LEFT - 18, top = y;
    if (pen->input->customer[0] != '\0')
        y += pen_put(pen, "P", PAGE_LEFT, y, width, &name, pen->input->customer);
    if (pen->input->address[0] != '\0')
        y += pen_put(pen, "P", PAGE_LEFT, y + 1, width, &address, pen->input->address) + 1;
    y += y > top ? 8 : 0;
    const struct {
        enum word which;
        const char *value;
    } facts[] = {{WORD_ACCOUNT, bill->account_id}, {WORD_METER, bill->meter_id}, {WORD_TARIFF, bill->tariff_id}, {WORD_DEVICE, pen->input->serial}};
    double row = 0;
    int shown = 0;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i].value[0] == '\0')
            continue;
        double height = draw_fact(pen, PAGE_LEFT + GRID_COLUMN * (shown % 2), y, GRID_COLUMN - 10, facts[i].which, facts[i].value);
        row = height > row ? height : row;
        if (shown++ % 2 == 1) {
            y += row;
            row = 0;
        }
    }
    return y + row;
}

/* Of a correction: nobody shall pay twice. */
static void draw_difference(struct pen *pen, double x, double y, double width)
{
    static const struct type type = {8, WEIGHT_SEMIBOLD, INK_ALERT, SIDE_LEFT, false};
    char text[PRINT_LINE_SIZE], number[24], difference[TONGUE_TEXT_SIZE];
    snprintf(number, sizeof number, "%lld", (long long)pen->document->correction.negates);
    pen_money(pen, pen->document->correction.difference, difference);
    pen_say(pen, text, WORD_DIFFERENCE, number, difference);
    pen_put(pen, "P", x, y + 1, width + 12, &type, text);
}

static enum word card_word(const struct pen *pen)
{
    if (pen->bill->tariff_id[0] == '\0')
        return WORD_ENERGY;
    if (pen->bill->state == BILL_OPEN)
        return WORD_TOTAL_SO_FAR;
    if (pen->document->correction.there)
        return WORD_TOTAL_CORRECTED;
    return pen->document->issued ? WORD_TOTAL_DUE : WORD_TOTAL;
}

/* Of an issued bill what is to be paid and when; of another one that it is not to be paid. */
static double draw_card(struct pen *pen, double y)
{
    static const struct type small = {9, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false}, due = {14, WEIGHT_BOLD, INK_TEXT, SIDE_LEFT, false},
                             said = {11, WEIGHT_BOLD, INK_ALERT, SIDE_LEFT, false};
    struct type amount = {25, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false};
    const struct bill_document *document = pen->document;
    bool priced = pen->bill->tariff_id[0] != '\0';
    char text[TONGUE_TEXT_SIZE];
    double x = CARD_LEFT + 14, width = CARD_WIDTH - 28, height = 112;
    sheet_box(pen->sheet, CARD_LEFT, y, CARD_WIDTH, height, 7, INK_TINT);
    double at = y + 11;
    at += pen_put(pen, "P", x, at, width, &small, word(pen->tongue, card_word(pen)));
    if (priced)
        pen_money(pen, pen->bill->total, text);
    else
        tongue_energy(pen->tongue, pen->bill->import_wh, text);
    while (sheet_text_width(pen->sheet, &amount, text) > width && amount.size > 9)
        amount.size -= 1;
    at += pen_put(pen, "P", x, at - 2, width, &amount, text) + 2;
    if (document->issued) {
        at += pen_put(pen, "P", x, at, width, &small, word(pen->tongue, WORD_DUE));
        tongue_date(pen->tongue, document->due_day, text);
        double height_due = pen_put(pen, "P", x, at, width, &due, text);
        if (document->correction.there)
            draw_difference(pen, x, at + height_due, width);
        if (document->payment.paid || document->payment.cancelled) {
            struct type stamp = due;
            stamp.ink = document->payment.paid ? INK_BRAND : INK_ALERT;
            stamp.side = SIDE_RIGHT;
            pen_put(pen, "P", x, at, width, &stamp, word(pen->tongue, document->payment.paid ? WORD_PAID : WORD_CANCELLED));
        }
    } else {
        pen_put(pen, "P", x, at, width, &said, word(pen->tongue, pen->bill->state == BILL_OPEN ? WORD_OPEN : WORD_DRAFT));
    }
    return y + height;
}

void bill_head_draw(struct pen *pen)
{
    draw_band(pen);
    double left = draw_customer(pen, pen->y), right = draw_card(pen, pen->y);
    pen->y = (left > right ? left : right) + 12;
}

/* ---- reads ---- */

void bill_reads_draw(struct pen *pen)
{
    static const struct type value = {10, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, false};
    char before[TONGUE_TEXT_SIZE], now[TONGUE_TEXT_SIZE], next[TONGUE_TEXT_SIZE], days[16], energy[TONGUE_TEXT_SIZE], sent[TONGUE_TEXT_SIZE];
    const struct bill *bill = pen->bill;
    tongue_date(pen->tongue, pen->document->read_from_day, before);
    tongue_date(pen->tongue, pen->document->read_to_day, now);
    snprintf(days, sizeof days, "%d", bill->days);
    tongue_energy(pen->tongue, bill->import_wh, energy);
    tongue_energy(pen->tongue, bill->export_wh, sent);
    if (pen->input->has_next_read)
        tongue_date(pen->tongue, pen->input->next_read_day, next);
    const struct {
        enum word which;
        const char *value;
        bool shown;
    } cells[] = {{WORD_READ_BEFORE, before, true},
                 {bill->state == BILL_OPEN ? WORD_READ_SO_FAR : WORD_READ_NOW, now, true},
                 {WORD_DAYS, days, true},
                 {WORD_ENERGY, energy, true},
                 {WORD_EXPORT, sent, bill->export_wh > 0},
                 {WORD_READ_NEXT, pen->input->has_next_read ? next : word(pen->tongue, WORD_NEXT_NONE), true}};
    int count = 0, at = 0;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        count += cells[i].shown;
    double width = PAGE_WIDTH / count;
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, 0.75, INK_RULE);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (!cells[i].shown)
            continue;
        double x = PAGE_LEFT + width * at++;
        double height = pen_put(pen, "P", x, pen->y + 7, width - 6, &label, word(pen->tongue, cells[i].which));
        pen_put(pen, "P", x, pen->y + 7 + height, width - 6, &value, cells[i].value);
    }
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y + 38, PAGE_WIDTH, 0.75, INK_RULE);
    pen->y += 52;
}
