#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "print/bill_parts.h"

/* Columns: where each begins and how wide it is. */
#define ITEM_WIDTH 254.0
#define QUANTITY_LEFT (PAGE_LEFT + ITEM_WIDTH)
#define QUANTITY_WIDTH 90.0
#define PRICE_LEFT (QUANTITY_LEFT + QUANTITY_WIDTH)
#define PRICE_WIDTH 90.0
#define AMOUNT_LEFT (PRICE_LEFT + PRICE_WIDTH)
#define AMOUNT_WIDTH (PAGE_RIGHT - AMOUNT_LEFT)

static const struct type head = {8, WEIGHT_SEMIBOLD, INK_SOFT, SIDE_LEFT, false}, head_right = {8, WEIGHT_SEMIBOLD, INK_SOFT, SIDE_RIGHT, false};
static const struct type item = {9.8, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, false}, note = {7.8, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false};
static const struct type number = {9.8, WEIGHT_REGULAR, INK_TEXT, SIDE_RIGHT, false};

static void draw_table_head(struct pen *pen)
{
    char price[PRINT_LINE_SIZE], amount[PRINT_LINE_SIZE];
    const char *sign = tongue_currency(pen->tongue, pen->bill->currency);
    pen_say(pen, price, WORD_PRICE, sign);
    pen_say(pen, amount, WORD_AMOUNT, sign);
    sheet_tag(pen->sheet, "TR");
    pen_put(pen, "TH", PAGE_LEFT, pen->y, ITEM_WIDTH, &head, word(pen->tongue, WORD_ITEM));
    pen_put(pen, "TH", QUANTITY_LEFT, pen->y, QUANTITY_WIDTH, &head_right, word(pen->tongue, WORD_QUANTITY));
    pen_put(pen, "TH", PRICE_LEFT, pen->y, PRICE_WIDTH, &head_right, price);
    pen_put(pen, "TH", AMOUNT_LEFT, pen->y, AMOUNT_WIDTH, &head_right, amount);
    sheet_untag(pen->sheet, "TR");
    pen->y += 13;
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, 0.9, INK_BRAND);
    pen->y += 4;
}

/* A table lies within one page for who has it read aloud: on the next one it begins again, with its head. */
static void table_room(struct pen *pen, double height)
{
    if (pen->y + height <= PAGE_BOTTOM)
        return;
    sheet_untag(pen->sheet, "Table");
    pen_room(pen, height);
    sheet_tag(pen->sheet, "Table");
    draw_table_head(pen);
}

static void append(char out[PRINT_LINE_SIZE], const char *text)
{
    size_t used = strlen(out);
    if (used > 0 && text_copy(out + used, PRINT_LINE_SIZE - used, " · "))
        used = strlen(out);
    text_copy(out + used, PRINT_LINE_SIZE - used, text);
}

static const char *quality_word(const struct pen *pen, enum quality quality)
{
    switch (quality) {
    case QUALITY_ESTIMATED:
        return word(pen->tongue, WORD_QUALITY_ESTIMATED);
    case QUALITY_EDITED:
        return word(pen->tongue, WORD_QUALITY_EDITED);
    case QUALITY_MISSING:
        return word(pen->tongue, WORD_QUALITY_MISSING);
    case QUALITY_PARTIAL: /* of an open cycle always: it says nothing there */
        return pen->bill->state == BILL_OPEN ? NULL : word(pen->tongue, WORD_QUALITY_PARTIAL);
    case QUALITY_MEASURED:
        break;
    }
    return NULL;
}

/* The small print of a line: its span, what is inside its amount, and how sure its energy is. */
static void line_note(const struct pen *pen, const struct bill_line *line, char out[PRINT_LINE_SIZE])
{
    char part[PRINT_LINE_SIZE], from[CIVIL_TEXT_SIZE] = "", text[TONGUE_TEXT_SIZE], last[TONGUE_TEXT_SIZE], taxes[PRINT_LINE_SIZE] = "";
    int32_t from_day, until_day;
    out[0] = '\0';
    memcpy(from, line->segment, CIVIL_TEXT_SIZE - 1);
    const char *slash = strchr(line->segment, '/');
    if (civil_parse(from, &from_day) && slash != NULL && civil_parse(slash + 1, &until_day)) {
        tongue_date(pen->tongue, from_day, text);
        tongue_date(pen->tongue, until_day - 1, last);
        pen_say(pen, part, WORD_SPAN, text, last);
        append(out, part);
    }
    /* how sure the energy is bears on lines of energy alone */
    const char *quality = line->unit[0] == 'k' ? quality_word(pen, line->quality) : NULL;
    if (quality != NULL)
        append(out, quality);
    if (line->unit_price_gross[0] != '\0') {
        tongue_decimal(pen->tongue, line->unit_price, pen->bill->minor_digits, text);
        pen_say(pen, part, WORD_NET_PRICE, text);
        append(out, part);
    }
    for (int i = 0; i < pen->bill->tax_count; i++) {
        if ((line->taxed >> i & 1) == 0)
            continue;
        char name[LINE_NAME_SIZE];
        size_t used = strlen(taxes);
        line_name(pen->tongue, pen->bill->taxes[i].id, name);
        pen_money(pen, (struct money){line->tax_minor[i]}, text);
        snprintf(taxes + used, sizeof taxes - used, "%s%s\u00a0%s", used > 0 ? ", " : "", name, text);
    }
    if (taxes[0] != '\0') {
        pen_say(pen, part, WORD_TAX_INSIDE, taxes);
        append(out, part);
    }
}

static void draw_line(struct pen *pen, const struct bill_line *line)
{
    char name[LINE_NAME_SIZE], small[PRINT_LINE_SIZE], text[TONGUE_TEXT_SIZE], quantity[2 * TONGUE_TEXT_SIZE];
    line_name(pen->tongue, line->id, name);
    line_note(pen, line, small);
    double name_height = sheet_text_height(pen->sheet, ITEM_WIDTH - 8, &item, name);
    double height = name_height + (small[0] != '\0' ? sheet_text_height(pen->sheet, PAGE_WIDTH, &note, small) : 0);
    table_room(pen, height + 6);
    sheet_tag(pen->sheet, "TR");
    sheet_tag(pen->sheet, "TD");
    pen_put(pen, "P", PAGE_LEFT, pen->y, ITEM_WIDTH - 8, &item, name);
    if (small[0] != '\0')
        pen_put(pen, "P", PAGE_LEFT, pen->y + name_height, PAGE_WIDTH, &note, small);
    sheet_untag(pen->sheet, "TD");
    tongue_decimal(pen->tongue, line->quantity, 0, text);
    snprintf(quantity, sizeof quantity, "%s\u00a0%s", text, unit_name(pen->tongue, line->unit, line->quantity));
    pen_put(pen, "TD", QUANTITY_LEFT, pen->y, QUANTITY_WIDTH, &number, quantity);
    tongue_decimal(pen->tongue, line->unit_price_gross[0] != '\0' ? line->unit_price_gross : line->unit_price, pen->bill->minor_digits, text);
    pen_put(pen, "TD", PRICE_LEFT, pen->y, PRICE_WIDTH, &number, text);
    tongue_amount(pen->tongue, line->amount.minor, pen->bill->minor_digits, text);
    pen_put(pen, "TD", AMOUNT_LEFT, pen->y, AMOUNT_WIDTH, &number, text);
    sheet_untag(pen->sheet, "TR");
    pen->y += height + 3;
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, 0.4, INK_RULE);
    pen->y += 3;
}

static void draw_sum(struct pen *pen, const char *name, struct money money)
{
    static const struct type left = {9.8, WEIGHT_REGULAR, INK_TEXT, SIDE_LEFT, false};
    char text[TONGUE_TEXT_SIZE];
    table_room(pen, 16);
    tongue_amount(pen->tongue, money.minor, pen->bill->minor_digits, text);
    sheet_tag(pen->sheet, "TR");
    pen_put(pen, "TH", PAGE_LEFT, pen->y, PAGE_WIDTH - AMOUNT_WIDTH, &left, name);
    pen_put(pen, "TD", AMOUNT_LEFT, pen->y, AMOUNT_WIDTH, &number, text);
    sheet_untag(pen->sheet, "TR");
    pen->y += 16;
}

static void draw_total(struct pen *pen)
{
    static const struct type left = {11, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false}, right = {11, WEIGHT_BOLD, INK_BRAND, SIDE_RIGHT, false};
    char text[TONGUE_TEXT_SIZE];
    table_room(pen, 26);
    pen_money(pen, pen->bill->total, text);
    sheet_box(pen->sheet, PAGE_LEFT - 6, pen->y + 1, PAGE_WIDTH + 12, 22, 4, INK_TINT);
    sheet_tag(pen->sheet, "TR");
    pen_put(pen, "TH", PAGE_LEFT, pen->y + 4, PAGE_WIDTH / 2, &left, word(pen->tongue, WORD_TOTAL));
    pen_put(pen, "TD", PAGE_RIGHT - PAGE_WIDTH / 2, pen->y + 4, PAGE_WIDTH / 2, &right, text);
    sheet_untag(pen->sheet, "TR");
    pen->y += 40;
}

void bill_lines_draw(struct pen *pen)
{
    const struct bill *bill = pen->bill;
    char name[LINE_NAME_SIZE];
    if (bill->tariff_id[0] == '\0')
        return;
    pen_heading(pen, WORD_LINES);
    sheet_tag(pen->sheet, "Table");
    draw_table_head(pen);
    for (int i = 0; i < bill->line_count; i++)
        draw_line(pen, &bill->lines[i]);
    draw_sum(pen, word(pen->tongue, WORD_SUBTOTAL), bill->subtotal);
    for (int i = 0; i < bill->tax_count; i++) {
        if (bill->taxes[i].included)
            continue;
        line_name(pen->tongue, bill->taxes[i].id, name);
        draw_sum(pen, name, bill->taxes[i].amount);
    }
    for (int i = 0; i < bill->adjustment_count; i++) {
        line_name(pen->tongue, bill->adjustments[i].id, name);
        draw_sum(pen, name, bill->adjustments[i].amount);
    }
    if (bill->rounding.minor != 0)
        draw_sum(pen, word(pen->tongue, WORD_ROUNDING), bill->rounding);
    draw_total(pen);
    sheet_untag(pen->sheet, "Table");
}
