/* The energy of the last twelve months as bars with their numbers, and the taxes beside it. */
#include <stdio.h>
#include "base/civil.h"
#include "print/bill_parts.h"

#define BARS_HEIGHT 84.0
#define HISTORY_HEIGHT (40 + BARS_HEIGHT + 25 + 30)
#define TAXES_WIDTH 176.0
#define GAP 24.0
#define FEW_BARS 7 /* so many stand wider */

static const struct type heading = {10.5, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false}, small = {8, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false};

static int64_t most_wh(const struct bill_sheet *input)
{
    int64_t most = 1;
    for (int i = 0; i < input->history_count; i++)
        if (input->history[i].import_wh > most)
            most = input->history[i].import_wh;
    return most;
}

/* The month below a bar; the year where it begins. */
static void draw_when(struct pen *pen, int i, double x, double foot, double slot)
{
    const struct bill_sheet *input = pen->input;
    bool present = i == input->history_count - 1;
    struct type month = {7, present ? WEIGHT_BOLD : WEIGHT_REGULAR, present ? INK_BRAND : INK_SOFT, SIDE_CENTRE, false}, year = month;
    char text[16];
    int this_year = civil_from_day(input->history[i].read_to_day).year, year_before = 0;
    for (int k = 0; k < i; k++)
        year_before = input->history[k].known ? civil_from_day(input->history[k].read_to_day).year : year_before;
    year.weight = WEIGHT_REGULAR;
    double height = pen_put(pen, "P", x - 4, foot + 3, slot + 8, &month, tongue_month(pen->tongue, input->history[i].read_to_day));
    snprintf(text, sizeof text, "%d", this_year);
    if (this_year != year_before)
        pen_put(pen, "P", x - 4, foot + 2 + height, slot + 8, &year, text);
}

static void draw_bar(struct pen *pen, int i, double x, double top, double slot, int64_t most)
{
    const struct bill_bar *bar = &pen->input->history[i];
    bool present = i == pen->input->history_count - 1;
    struct type number = {7, present ? WEIGHT_BOLD : WEIGHT_REGULAR, present ? INK_BRAND : INK_TEXT, SIDE_CENTRE, false};
    static const struct type none = {6.6, WEIGHT_REGULAR, INK_SOFT, SIDE_CENTRE, false};
    double width = slot * 0.62 < 24 ? slot * 0.62 : 24, left = x + (slot - width) / 2, foot = top + BARS_HEIGHT;
    double height = BARS_HEIGHT * ((double)bar->import_wh / (double)most);
    double estimated = bar->estimated_wh > 0 && bar->import_wh > 0 ? height * ((double)bar->estimated_wh / (double)bar->import_wh) : 0;
    char text[TONGUE_TEXT_SIZE], said[TONGUE_TEXT_SIZE + 2];
    if (!bar->known) {
        pen_put(pen, "P", x - 1, foot - 22, slot + 2, &none, word(pen->tongue, WORD_NO_BILL));
        return;
    }
    sheet_box(pen->sheet, left, foot - height, width, height, 0, present ? INK_BRAND : INK_BAR);
    if (estimated > 0) {
        sheet_box(pen->sheet, left, foot - height, width, estimated, 0, INK_WHITE);
        sheet_hatched(pen->sheet, left, foot - height, width, estimated, present ? INK_BRAND : INK_BAR);
    }
    tongue_amount(pen->tongue, (bar->import_wh + 500) / 1000, 0, text);
    snprintf(said, sizeof said, "%s%s", text, bar->complete ? "" : "*");
    pen_put(pen, "P", x - 4, foot - height - 10.5, slot + 8, &number, said);
    draw_when(pen, i, x, foot, slot);
}

/* The mean is that of whole cycles: a part of one says nothing of a household. */
static void draw_words(struct pen *pen, double x, double y, double width)
{
    const struct bill_sheet *input = pen->input;
    char text[PRINT_LINE_SIZE], now[TONGUE_TEXT_SIZE], mean[TONGUE_TEXT_SIZE];
    int64_t sum_wh = 0, count = 0;
    bool incomplete = false;
    for (int i = 0; i < input->history_count; i++) {
        const struct bill_bar *bar = &input->history[i];
        incomplete = incomplete || (bar->known && !bar->complete);
        if (i == input->history_count - 1 || !bar->known || !bar->complete)
            continue;
        sum_wh += bar->import_wh;
        count++;
    }
    tongue_energy(pen->tongue, pen->bill->import_wh, now);
    if (count > 0) {
        tongue_energy(pen->tongue, (sum_wh / count + 500) / 1000 * 1000, mean);
        pen_say(pen, text, WORD_HISTORY_WORDS, now, mean);
    } else {
        pen_say(pen, text, WORD_HISTORY_ALONE, now);
    }
    y += pen_put(pen, "P", x, y, width, &small, text);
    if (incomplete)
        pen_put(pen, "P", x, y, width, &small, word(pen->tongue, WORD_HISTORY_PART));
}

/* Only where something is estimated are two kinds of bars to be told apart. */
static void draw_legend(struct pen *pen, double x, double y)
{
    bool any = false;
    for (int i = 0; i < pen->input->history_count; i++)
        any = any || pen->input->history[i].estimated_wh > 0;
    if (!any)
        return;
    const char *measured = word(pen->tongue, WORD_LEGEND_MEASURED);
    sheet_box(pen->sheet, x, y + 2, 8, 7, 0, INK_BAR);
    pen_put(pen, "P", x + 11, y, 60, &small, measured);
    double next = x + 22 + sheet_text_width(pen->sheet, &small, measured);
    sheet_hatched(pen->sheet, next, y + 2, 8, 7, INK_BAR);
    pen_put(pen, "P", next + 11, y, 60, &small, word(pen->tongue, WORD_LEGEND_ESTIMATED));
}

static void draw_history(struct pen *pen, double x, double y, double width)
{
    const struct bill_sheet *input = pen->input;
    char title[PRINT_LINE_SIZE];
    snprintf(title, sizeof title, "%s (kWh)", word(pen->tongue, WORD_HISTORY));
    pen_put(pen, "H2", x, y, width, &heading, title);
    draw_legend(pen, x, y + 17);
    int slots = input->history_count > FEW_BARS ? BILL_HISTORY_MAX : FEW_BARS;
    double top = y + 40, slot = width / slots;
    int64_t most = most_wh(input);
    sheet_rule(pen->sheet, x, top + BARS_HEIGHT, width, 0.75, INK_SOFT);
    for (int i = 0; i < input->history_count; i++) /* the newest stands at the right end, however many there are */
        draw_bar(pen, i, x + slot * (slots - input->history_count + i), top, slot, most);
    draw_words(pen, x, top + BARS_HEIGHT + 25, width);
}

/* ---- taxes ---- */

static double draw_tax(struct pen *pen, const struct bill_tax *tax, double x, double y)
{
    static const struct type name = {9, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, false}, amount = {9, WEIGHT_REGULAR, INK_TEXT, SIDE_RIGHT, false};
    char text[TONGUE_TEXT_SIZE], words[LINE_NAME_SIZE];
    line_name(pen->tongue, tax->id, words);
    pen_money(pen, tax->amount, text);
    sheet_tag(pen->sheet, "TR");
    sheet_tag(pen->sheet, "TH");
    double height = pen_put(pen, "P", x, y, TAXES_WIDTH - 72, &name, words);
    height += pen_put(pen, "P", x, y + height, TAXES_WIDTH - 72, &small, word(pen->tongue, tax->included ? WORD_TAX_INCLUDED : WORD_TAX_ADDED));
    sheet_untag(pen->sheet, "TH");
    pen_put(pen, "TD", x + TAXES_WIDTH - 72, y, 72, &amount, text);
    sheet_untag(pen->sheet, "TR");
    return height + 5;
}

static double draw_taxes(struct pen *pen, double x, double y)
{
    double top = y;
    y += pen_put(pen, "H2", x, y, TAXES_WIDTH, &heading, word(pen->tongue, WORD_TAXES)) + 5;
    if (pen->bill->tax_count == 0) {
        y += pen_put(pen, "P", x, y, TAXES_WIDTH, &small, word(pen->tongue, WORD_TAX_NONE));
        return y - top;
    }
    sheet_tag(pen->sheet, "Table");
    for (int i = 0; i < pen->bill->tax_count; i++)
        y += draw_tax(pen, &pen->bill->taxes[i], x, y);
    sheet_untag(pen->sheet, "Table");
    return y - top;
}

void bill_middle_draw(struct pen *pen)
{
    double wanted = 44 + 30.0 * pen->bill->tax_count, history = HISTORY_HEIGHT;
    if (history > wanted)
        wanted = history;
    pen_room(pen, wanted);
    draw_history(pen, PAGE_LEFT, pen->y, PAGE_WIDTH - TAXES_WIDTH - GAP);
    double taxes = pen->bill->tariff_id[0] != '\0' ? draw_taxes(pen, PAGE_RIGHT - TAXES_WIDTH, pen->y) : 0;
    pen->y += (taxes > history ? taxes : history) + 8;
}
