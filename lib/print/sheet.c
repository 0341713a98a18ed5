#include "print/sheet.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "print/pdf_catalog.h"

#define PDF_MAX ((size_t)4 * 1024 * 1024)
#define LANGUAGE_SIZE 16

static const char families[] = "Open Sans, Noto Sans, DejaVu Sans, sans-serif";

static const double inks[INK_COUNT][3] = {
    [INK_TEXT] = {0.09, 0.13, 0.18}, [INK_SOFT] = {0.33, 0.38, 0.44}, [INK_BRAND] = {0.02, 0.33, 0.36}, [INK_ALERT] = {0.62, 0.16, 0.08},
    [INK_WHITE] = {1, 1, 1},         [INK_TINT] = {0.93, 0.96, 0.96}, [INK_RULE] = {0.80, 0.84, 0.86},  [INK_BAR] = {0.56, 0.73, 0.74},
};

struct sheet {
    struct buf pdf;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoFontMap *fonts;
    PangoLayout *layout;
    char language[LANGUAGE_SIZE];
};

static cairo_status_t take(void *arg, const unsigned char *bytes, unsigned len)
{
    struct buf *pdf = arg;
    buf_append(pdf, bytes, len);
    return pdf->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void say_about(struct sheet *sheet, const struct sheet_about *about)
{
    char made[INSTANT_TEXT_SIZE];
    instant_format(instant_floor(about->made_utc_ms, MS_PER_S), made);
    cairo_pdf_surface_restrict_to_version(sheet->surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, about->title);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_SUBJECT, about->subject);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATOR, "Quilowatt");
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

/* A font map of its own: pango's is for one thread. */
static void prepare_text(struct sheet *sheet, const char *language)
{
    sheet->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    PangoContext *context = pango_font_map_create_context(sheet->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_language(context, pango_language_from_string(language));
    pango_context_set_round_glyph_positions(context, FALSE);
    sheet->layout = pango_layout_new(context);
    cairo_font_options_destroy(options);
    g_object_unref(context);
}

enum err sheet_create(const struct sheet_about *about, struct fault *fault, struct sheet **out)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (sheet == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    buf_init(&sheet->pdf, PDF_MAX);
    strncpy(sheet->language, about->language, sizeof sheet->language - 1);
    sheet->surface = cairo_pdf_surface_create_for_stream(take, &sheet->pdf, SHEET_WIDTH, SHEET_HEIGHT);
    say_about(sheet, about);
    sheet->cairo = cairo_create(sheet->surface);
    prepare_text(sheet, about->language);
    sheet_tag(sheet, "Document");
    *out = sheet;
    return OK;
}

void sheet_destroy(struct sheet *sheet)
{
    if (sheet == NULL)
        return;
    g_object_unref(sheet->layout);
    g_object_unref(sheet->fonts);
    cairo_destroy(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    buf_finish(&sheet->pdf);
    free(sheet);
}

enum err sheet_end(struct sheet *sheet, struct fault *fault, struct buf *out)
{
    sheet_untag(sheet, "Document");
    cairo_status_t status = cairo_status(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(sheet->surface);
    enum err err = OK;
    if (status == CAIRO_STATUS_NO_MEMORY || sheet->pdf.overflow)
        err = fault_set(fault, ERR_RETRY, "memory is out");
    else if (status != CAIRO_STATUS_SUCCESS)
        err = fault_set(fault, ERR_FATAL, "the page cannot be drawn: %s", cairo_status_to_string(status));
    if (err == OK)
        err = pdf_catalog_say(&sheet->pdf, sheet->language, fault);
    if (err == OK)
        buf_append(out, sheet->pdf.data, sheet->pdf.len);
    sheet_destroy(sheet);
    return err;
}

void sheet_next_page(struct sheet *sheet)
{
    cairo_show_page(sheet->cairo);
}

/* ---- text ---- */

static void set_type(PangoLayout *layout, const struct type *type)
{
    static const PangoWeight weights[] = {PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_SEMIBOLD, PANGO_WEIGHT_BOLD};
    static const PangoAlignment sides[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    PangoFontDescription *font = pango_font_description_from_string(families);
    pango_font_description_set_size(font, (int)(type->size * PANGO_SCALE + 0.5));
    pango_font_description_set_weight(font, weights[type->weight]);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_alignment(layout, sides[type->side]);
    pango_layout_set_wrap(layout, type->anywhere ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
}

/* Ligatures would be one sign for two letters when the text is taken out again; digits shall stand below each other. */
static void set_text(PangoLayout *layout, const struct type *type, double width, const char *text)
{
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0, tnum=1, lnum=1"));
    if (type->anywhere)
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    set_type(layout, type);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_width(layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
}

double sheet_text_height(struct sheet *sheet, double width, const struct type *type, const char *text)
{
    int height;
    set_text(sheet->layout, type, width, text);
    pango_layout_get_size(sheet->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double sheet_text_width(struct sheet *sheet, const struct type *type, const char *text)
{
    int width;
    set_text(sheet->layout, type, -1, text);
    pango_layout_get_size(sheet->layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

static void set_ink(struct sheet *sheet, enum ink ink)
{
    cairo_set_source_rgb(sheet->cairo, inks[ink][0], inks[ink][1], inks[ink][2]);
}

double sheet_text(struct sheet *sheet, double x, double y, double width, const struct type *type, const char *text)
{
    double height = sheet_text_height(sheet, width, type, text);
    set_ink(sheet, type->ink);
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, sheet->layout);
    return height;
}

/* ---- shapes ---- */

static void round_path(cairo_t *cairo, double x, double y, double width, double height, double radius)
{
    static const double quarter = 1.57079632679489661923;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, quarter);
    cairo_arc(cairo, x + radius, y + height - radius, radius, quarter, 2 * quarter);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
}

static void shape(struct sheet *sheet, double x, double y, double width, double height, double radius)
{
    if (radius > 0)
        round_path(sheet->cairo, x, y, width, height, radius);
    else
        cairo_rectangle(sheet->cairo, x, y, width, height);
}

void sheet_box(struct sheet *sheet, double x, double y, double width, double height, double radius, enum ink ink)
{
    set_ink(sheet, ink);
    shape(sheet, x, y, width, height, radius);
    cairo_fill(sheet->cairo);
}

void sheet_frame(struct sheet *sheet, double x, double y, double width, double height, double radius, enum ink ink)
{
    set_ink(sheet, ink);
    cairo_set_line_width(sheet->cairo, 0.75);
    shape(sheet, x, y, width, height, radius);
    cairo_stroke(sheet->cairo);
}

void sheet_hatched(struct sheet *sheet, double x, double y, double width, double height, enum ink ink)
{
    cairo_save(sheet->cairo);
    cairo_rectangle(sheet->cairo, x, y, width, height);
    cairo_clip(sheet->cairo);
    set_ink(sheet, ink);
    cairo_set_line_width(sheet->cairo, 0.9);
    for (double at = y - width; at < y + height; at += 3) {
        cairo_move_to(sheet->cairo, x, at + width);
        cairo_line_to(sheet->cairo, x + width, at);
    }
    cairo_stroke(sheet->cairo);
    cairo_restore(sheet->cairo);
    sheet_frame(sheet, x + 0.375, y + 0.375, width - 0.75, height > 0.75 ? height - 0.75 : 0, 0, ink);
}

void sheet_rule(struct sheet *sheet, double x, double y, double width, double thickness, enum ink ink)
{
    sheet_box(sheet, x, y, width, thickness, 0, ink);
}

/* ---- structure ---- */

void sheet_tag(struct sheet *sheet, const char *tag)
{
    cairo_tag_begin(sheet->cairo, tag, NULL);
}

void sheet_untag(struct sheet *sheet, const char *tag)
{
    cairo_tag_end(sheet->cairo, tag);
}
