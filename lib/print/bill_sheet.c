#include "print/bill_sheet.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "print/bill_parts.h"

void pen_say(const struct pen *pen, char out[PRINT_LINE_SIZE], enum word which, ...)
{
    const char *pattern = word(pen->tongue, which);
    size_t used = 0;
    va_list args;
    va_start(args, which);
    while (*pattern != '\0' && used < PRINT_LINE_SIZE - 1) {
        if (!text_starts_with(pattern, "%s")) {
            out[used++] = *pattern++;
            continue;
        }
        const char *value = va_arg(args, const char *);
        text_copy(out + used, PRINT_LINE_SIZE - used, value);
        used += strlen(out + used);
        pattern += 2;
    }
    va_end(args);
    out[used] = '\0';
}

void pen_money(const struct pen *pen, struct money money, char out[TONGUE_TEXT_SIZE])
{
    tongue_money(pen->tongue, money.minor, pen->bill->minor_digits, pen->bill->currency, out);
}

void pen_foot(struct pen *pen)
{
    const struct type soft = {6.8, WEIGHT_REGULAR, INK_SOFT, SIDE_LEFT, true}, right = {6.8, WEIGHT_REGULAR, INK_SOFT, SIDE_RIGHT, false};
    char text[PRINT_LINE_SIZE], as_of[INSTANT_TEXT_SIZE], page[16], pages[16];
    double y = PAGE_BOTTOM + 14;
    instant_format(pen->bill->as_of_utc_ms, as_of);
    as_of[10] = ' ';
    as_of[16] = '\0';
    snprintf(page, sizeof page, "%d", pen->page);
    snprintf(pages, sizeof pages, "%d", pen->pages > pen->page ? pen->pages : pen->page);
    sheet_rule(pen->sheet, PAGE_LEFT, y - 5, PAGE_WIDTH, 0.5, INK_RULE);
    pen_say(pen, text, WORD_FOOT, pen->bill->bill_id, as_of);
    double height = pen_put(pen, "P", PAGE_LEFT, y, PAGE_WIDTH - 80, &soft, text);
    pen_say(pen, text, WORD_PAGE, page, pages);
    pen_put(pen, "P", PAGE_RIGHT - 80, y, 80, &right, text);
    if (pen->document->issued) {
        pen_say(pen, text, WORD_FOOT_HASH, pen->document->hash);
        pen_put(pen, "P", PAGE_LEFT, y + height, PAGE_WIDTH - 80, &soft, text);
    }
}

double pen_put(struct pen *pen, const char *tag, double x, double y, double width, const struct type *type, const char *text)
{
    sheet_tag(pen->sheet, tag);
    double height = sheet_text(pen->sheet, x, y, width, type, text);
    sheet_untag(pen->sheet, tag);
    return height;
}

/* "Bill no. 128", or a draft's id. */
static void say_number(const struct pen *pen, char out[PRINT_LINE_SIZE])
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)pen->document->number);
    if (pen->document->issued)
        pen_say(pen, out, WORD_NUMBER, number);
    else
        text_copy(out, PRINT_LINE_SIZE, pen->bill->bill_id);
}

/* Pages may come apart: each says whose it is. */
static void draw_running_head(struct pen *pen)
{
    static const struct type left = {10, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false}, right = {9, WEIGHT_REGULAR, INK_SOFT, SIDE_RIGHT, false};
    char text[PRINT_LINE_SIZE], number[PRINT_LINE_SIZE];
    say_number(pen, number);
    snprintf(text, sizeof text, "%.200s%s%.400s", number, pen->input->customer[0] != '\0' ? " · " : "", pen->input->customer);
    pen_put(pen, "P", PAGE_LEFT, pen->y, PAGE_WIDTH / 3, &left, pen->input->utility);
    pen->y += pen_put(pen, "P", PAGE_LEFT + PAGE_WIDTH / 3, pen->y, PAGE_WIDTH * 2 / 3, &right, text) + 6;
    sheet_rule(pen->sheet, PAGE_LEFT, pen->y, PAGE_WIDTH, 1, INK_BRAND);
    pen->y += 14;
}

void pen_room(struct pen *pen, double height)
{
    if (pen->y + height <= PAGE_BOTTOM)
        return;
    pen_foot(pen);
    sheet_next_page(pen->sheet);
    pen->page++;
    pen->y = PAGE_TOP;
    draw_running_head(pen);
}

void pen_heading(struct pen *pen, enum word which)
{
    static const struct type type = {10.5, WEIGHT_BOLD, INK_BRAND, SIDE_LEFT, false};
    pen->y += pen_put(pen, "H2", PAGE_LEFT, pen->y, PAGE_WIDTH, &type, word(pen->tongue, which)) + 4;
}

static enum err draw(const struct bill_sheet *input, enum tongue tongue, int pages, struct fault *fault, int *out_pages, struct buf *out)
{
    char title[PRINT_LINE_SIZE], number[PRINT_LINE_SIZE];
    struct pen pen = {
        .input = input, .document = input->document, .bill = &input->document->bill, .tongue = tongue, .y = PAGE_TOP, .page = 1, .pages = pages};
    say_number(&pen, number);
    snprintf(title, sizeof title, "%.300s: %.200s", input->utility, number);
    struct sheet_about about = {.title = title,
                                .author = input->utility,
                                .subject = word(tongue, WORD_TITLE),
                                .language = tongue_tag(tongue),
                                .made_utc_ms = pen.bill->as_of_utc_ms};
    enum err err = sheet_create(&about, fault, &pen.sheet);
    if (err != OK)
        return err;
    bill_head_draw(&pen);
    bill_reads_draw(&pen);
    bill_lines_draw(&pen);
    bill_middle_draw(&pen);
    bill_payment_draw(&pen);
    bill_notes_draw(&pen);
    pen_foot(&pen);
    *out_pages = pen.page;
    return sheet_end(pen.sheet, fault, out);
}

/* Drawn twice where one page does not do: how many there are is known at the end. */
enum err bill_sheet_print(const struct bill_sheet *bill, enum tongue tongue, struct fault *fault, struct buf *out)
{
    struct buf once;
    int pages = 0;
    buf_init(&once, out->max);
    enum err err = draw(bill, tongue, 0, fault, &pages, &once);
    if (err == OK && pages > 1) {
        buf_reset(&once);
        err = draw(bill, tongue, pages, fault, &pages, &once);
    }
    if (err == OK)
        buf_append(out, once.data, once.len);
    if (err == OK && (once.overflow || out->overflow))
        err = fault_set(fault, ERR_RETRY, "memory is out");
    buf_finish(&once);
    return err;
}
