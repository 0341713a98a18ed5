#include <stdio.h>
#include <string.h>
#include "print/bill_parts.h"

static const struct type label = {8, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, false}, note = {8.8, WEIGHT_REGULAR, INK_TEXT, SIDE_LEFT, false};

/* ---- payment ---- */

static void draw_code(struct pen *pen, enum word which, const char *code)
{
    static const struct type type = {9, WEIGHT_SEMIBOLD, INK_TEXT, SIDE_LEFT, true};
    if (code[0] == '\0')
        return;
    double width = PAGE_WIDTH - 20,
           height = sheet_text_height(pen->sheet, width, &label, "X") + sheet_text_height(pen->sheet, width, &type, code) + 12;
    pen_room(pen, height);
    sheet_frame(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, height, 5, INK_RULE);
    double first = pen_put(pen, "P", PAGE_LEFT + 10, pen->y + 5, width, &label, word(pen->tongue, which));
    pen_put(pen, "P", PAGE_LEFT + 10, pen->y + 5 + first, width, &type, code);
    pen->y += height + 6;
}

void bill_payment_draw(struct pen *pen)
{
    const struct bill_payment *payment = &pen->document->payment;
    if (!pen->document->issued || payment->paid || payment->cancelled ||
        (payment->pix_code[0] == '\0' && payment->boleto_code[0] == '\0' && payment->reference[0] == '\0'))
        return;
    pen_room(pen, 64);
    pen_heading(pen, WORD_PAY);
    draw_code(pen, WORD_PAY_PIX, payment->pix_code);
    draw_code(pen, WORD_PAY_BOLETO, payment->boleto_code);
    draw_code(pen, WORD_PAY_REFERENCE, payment->reference);
    pen->y += 4;
}

/* ---- notes ---- */

struct notes {
    struct pen *pen;
    int count;
};

static void add(struct notes *notes, const char *text)
{
    struct pen *pen = notes->pen;
    double height = sheet_text_height(pen->sheet, PAGE_WIDTH - 10, &note, text);
    pen_room(pen, height + (notes->count == 0 ? 22 : 2));
    if (notes->count++ == 0)
        pen_heading(pen, WORD_NOTES);
    sheet_box(pen->sheet, PAGE_LEFT, pen->y + 5, 2.4, 2.4, 1.2, INK_BRAND);
    pen_put(pen, "P", PAGE_LEFT + 9, pen->y, PAGE_WIDTH - 10, &note, text);
    pen->y += height + 2;
}

static void add_state(struct notes *notes)
{
    const struct pen *pen = notes->pen;
    const struct bill *bill = pen->bill;
    char text[PRINT_LINE_SIZE], total[TONGUE_TEXT_SIZE], low[TONGUE_TEXT_SIZE], high[TONGUE_TEXT_SIZE], date[TONGUE_TEXT_SIZE];
    if (bill->state == BILL_DRAFT)
        add(notes, word(pen->tongue, WORD_NOTE_DRAFT));
    if (bill->state == BILL_OPEN) {
        tongue_date(pen->tongue, pen->input->as_of_day, date);
        pen_say(pen, text, WORD_NOTE_OPEN, date);
        add(notes, text);
    }
    if (bill->forecast.known) {
        pen_money(pen, bill->forecast.total, total);
        pen_money(pen, bill->forecast.low, low);
        pen_money(pen, bill->forecast.high, high);
        pen_say(pen, text, WORD_NOTE_FORECAST, total, low, high);
        add(notes, text);
    }
    if (bill->tariff_id[0] == '\0')
        add(notes, word(pen->tongue, WORD_NOTE_NO_TARIFF));
}

static void add_correction(struct notes *notes)
{
    const struct pen *pen = notes->pen;
    const struct bill_correction *correction = &pen->document->correction;
    char text[PRINT_LINE_SIZE], number[24], former[TONGUE_TEXT_SIZE], difference[TONGUE_TEXT_SIZE], count[16];
    if (!correction->there)
        return;
    snprintf(number, sizeof number, "%lld", (long long)correction->negates);
    pen_money(pen, correction->former, former);
    pen_money(pen, correction->difference, difference);
    pen_say(pen, text, WORD_NOTE_CORRECTS, number, former, difference);
    add(notes, text);
    if (correction->readings > 0) {
        snprintf(count, sizeof count, "%d", correction->readings);
        pen_say(pen, text, WORD_NOTE_CAUSE_READINGS, count);
        add(notes, text);
    }
    if (correction->decisions > 0) {
        snprintf(count, sizeof count, "%d", correction->decisions);
        pen_say(pen, text, WORD_NOTE_CAUSE_DECISIONS, count);
        add(notes, text);
    }
    if (correction->readings + correction->decisions == 0)
        add(notes, word(pen->tongue, WORD_NOTE_CAUSE_TARIFF));
}

static void add_estimated(struct notes *notes)
{
    const struct pen *pen = notes->pen;
    const struct bill *bill = pen->bill;
    char text[PRINT_LINE_SIZE], part[TONGUE_TEXT_SIZE], whole[TONGUE_TEXT_SIZE], percent[TONGUE_TEXT_SIZE], share[2 * TONGUE_TEXT_SIZE], count[16];
    if (bill->estimated_wh > 0) {
        int64_t permille = bill->import_wh > 0 ? (bill->estimated_wh * 1000 + bill->import_wh / 2) / bill->import_wh : 0;
        tongue_energy(pen->tongue, bill->estimated_wh, part);
        tongue_energy(pen->tongue, bill->import_wh, whole);
        tongue_amount(pen->tongue, permille, 1, percent);
        snprintf(share, sizeof share, pen->tongue == TONGUE_EN ? "%s%%" : "%s\u00a0%%", percent);
        pen_say(pen, text, WORD_NOTE_ESTIMATED, part, whole, share);
        add(notes, text);
    }
    if (bill->estimated_cycles > 0) {
        snprintf(count, sizeof count, "%d", bill->estimated_cycles);
        pen_say(pen, text, WORD_NOTE_ESTIMATED_CYCLES, count);
        add(notes, text);
    }
    if (bill->estimated_beyond)
        add(notes, word(pen->tongue, WORD_NOTE_ESTIMATED_BEYOND));
    if (!bill->complete && bill->state != BILL_OPEN)
        add(notes, word(pen->tongue, WORD_NOTE_INCOMPLETE));
}

static void credit_text(const struct pen *pen, const struct bill_credit *credit, int64_t value, char out[TONGUE_TEXT_SIZE])
{
    if (credit->energy)
        tongue_energy(pen->tongue, value, out);
    else
        pen_money(pen, (struct money){value}, out);
}

static void add_credits(struct notes *notes)
{
    const struct pen *pen = notes->pen;
    const struct bill *bill = pen->bill;
    char text[PRINT_LINE_SIZE], values[7][TONGUE_TEXT_SIZE], name[LINE_NAME_SIZE];
    if (bill->billed_wh != bill->import_wh && bill->tariff_id[0] != '\0') {
        tongue_energy(pen->tongue, bill->billed_wh, values[0]);
        tongue_energy(pen->tongue, bill->import_wh, values[1]);
        pen_say(pen, text, WORD_NOTE_BILLED, values[0], values[1]);
        add(notes, text);
    }
    for (int i = 0; i < bill->credit_count; i++) {
        const struct bill_credit *credit = &bill->credits[i];
        const int64_t numbers[7] = {credit->opening, credit->earned,  credit->received, credit->used,
                                    credit->closing, credit->expired, credit->settled};
        for (int v = 0; v < 7; v++)
            credit_text(pen, credit, numbers[v], values[v]);
        line_name(pen->tongue, credit->id, name);
        pen_say(pen, text, WORD_NOTE_CREDIT, name, values[0], values[1], values[2], values[3], values[4]);
        add(notes, text);
        if (credit->expired != 0 || credit->settled != 0) {
            pen_say(pen, text, WORD_NOTE_CREDIT_LOST, values[5], values[6]);
            add(notes, text);
        }
    }
}

/* The legal acts that the prices come from, each once. */
static void add_acts(struct notes *notes)
{
    const struct bill *bill = notes->pen->bill;
    char text[PRINT_LINE_SIZE], acts[PRINT_LINE_SIZE] = "";
    for (int i = 0; i < bill->line_count; i++) {
        const char *act = bill->lines[i].act;
        bool said = act[0] == '\0';
        for (int k = 0; k < i && !said; k++)
            said = strcmp(bill->lines[k].act, act) == 0;
        size_t used = strlen(acts);
        if (!said)
            snprintf(acts + used, sizeof acts - used, "%s%s", used > 0 ? "; " : "", act);
    }
    if (acts[0] == '\0')
        return;
    pen_say(notes->pen, text, WORD_NOTE_ACTS, acts);
    add(notes, text);
}

void bill_notes_draw(struct pen *pen)
{
    struct notes notes = {.pen = pen};
    char text[PRINT_LINE_SIZE];
    add_state(&notes);
    add_correction(&notes);
    add_estimated(&notes);
    add_credits(&notes);
    add_acts(&notes);
    if (pen->bill->tariff_note[0] != '\0' && pen->bill->tariff_id[0] != '\0') {
        pen_say(pen, text, WORD_NOTE_SAID, pen->bill->tariff_note);
        add(&notes, text);
    }
}
