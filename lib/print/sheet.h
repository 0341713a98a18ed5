/*
 * An A4 document of pages with text, boxes and lines on them, as PDF (cairo and pango: nobody else sees them). Lengths are points (1/72 inch) from
 * the top left corner; floating point is geometry here, never money or energy.
 *
 * The text is real: it can be selected, searched and read aloud, and its order is that of the calls. The same calls give the same bytes, on the same
 * machine with the same fonts. No clock, no log. One sheet belongs to one thread; many may be made at once.
 */
#ifndef PRINT_SHEET_H
#define PRINT_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define SHEET_WIDTH 595.28
#define SHEET_HEIGHT 841.89

/* Colours by their use; each text colour has a contrast of 4.5 : 1 or more on white and on INK_TINT. */
enum ink { INK_TEXT, INK_SOFT, INK_BRAND, INK_ALERT, INK_WHITE, INK_TINT, INK_RULE, INK_BAR, INK_COUNT };
enum weight { WEIGHT_REGULAR, WEIGHT_SEMIBOLD, WEIGHT_BOLD };
enum side { SIDE_LEFT, SIDE_CENTRE, SIDE_RIGHT };

struct type {
    double size;
    enum weight weight;
    enum ink ink;
    enum side side;
    bool anywhere; /* long codes: lines may break between any two characters */
};

struct sheet_about {
    const char *title, *author, *subject;
    const char *language; /* BCP 47 */
    int64_t made_utc_ms;  /* the document's date: not now, but when what it says was made */
};

struct sheet;

/* ERR_RETRY: memory is out. */
enum err sheet_create(const struct sheet_about *about, struct fault *fault, struct sheet **out);
void sheet_destroy(struct sheet *sheet); /* NULL-safe; of a sheet that was not ended */
/* Ends the document and appends it to *out. The sheet is gone afterwards, in any case. ERR_FATAL where something could not be drawn. */
enum err sheet_end(struct sheet *sheet, struct fault *fault, struct buf *out);

void sheet_next_page(struct sheet *sheet);

/* Text from (x, y) down, in lines of `width` at most. The height it takes. */
double sheet_text(struct sheet *sheet, double x, double y, double width, const struct type *type, const char *text);
/* The same without drawing. */
double sheet_text_height(struct sheet *sheet, double width, const struct type *type, const char *text);
/* How wide a text is on one line. */
double sheet_text_width(struct sheet *sheet, const struct type *type, const char *text);

void sheet_box(struct sheet *sheet, double x, double y, double width, double height, double radius, enum ink ink);
void sheet_frame(struct sheet *sheet, double x, double y, double width, double height, double radius, enum ink ink);
void sheet_hatched(struct sheet *sheet, double x, double y, double width, double height, enum ink ink); /* white with stripes and an edge */
void sheet_rule(struct sheet *sheet, double x, double y, double width, double thickness, enum ink ink);

/* What a reader program is told of the structure: "H1", "P", "Table", "TR", "TH", "TD" … of PDF 1.7, 14.8.4. Balanced, and within one page. */
void sheet_tag(struct sheet *sheet, const char *tag);
void sheet_untag(struct sheet *sheet, const char *tag);

#endif
