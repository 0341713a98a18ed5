/* The parts of a printed bill, from top to bottom, each with a file of its own. Private to lib/print. */
#ifndef PRINT_BILL_PARTS_H
#define PRINT_BILL_PARTS_H

#include "print/bill_sheet.h"
#include "print/sheet.h"
#include "print/words.h"

#define PAGE_LEFT 42.0
#define PAGE_WIDTH (SHEET_WIDTH - 2 * PAGE_LEFT)
#define PAGE_RIGHT (PAGE_LEFT + PAGE_WIDTH)
#define PAGE_TOP 38.0
#define PAGE_BOTTOM (SHEET_HEIGHT - 62.0)

/* Where the drawing is. */
struct pen {
    struct sheet *sheet;
    const struct bill_sheet *input;
    const struct bill_document *document;
    const struct bill *bill;
    enum tongue tongue;
    double y;
    int page, pages; /* pages is 0 while they are being counted */
};

/* Goes to the next page where less than `height` is left on this one. */
void pen_room(struct pen *pen, double height);
/* A text that is a paragraph, a heading or a cell of its own (sheet_tag). The height it takes. */
double pen_put(struct pen *pen, const char *tag, double x, double y, double width, const struct type *type, const char *text);
void pen_heading(struct pen *pen, enum word which);
void pen_foot(struct pen *pen); /* of the present page */

#define PRINT_LINE_SIZE 1200
/* The word with its %s filled in; at most five. */
void pen_say(const struct pen *pen, char out[PRINT_LINE_SIZE], enum word which, ...);
void pen_money(const struct pen *pen, struct money money, char out[TONGUE_TEXT_SIZE]);

void bill_head_draw(struct pen *pen);   /* who, how much, until when */
void bill_reads_draw(struct pen *pen);  /* the strip of reads */
void bill_lines_draw(struct pen *pen);  /* lines and sums */
void bill_middle_draw(struct pen *pen); /* history and taxes, side by side */
void bill_payment_draw(struct pen *pen);
void bill_notes_draw(struct pen *pen);

#endif
