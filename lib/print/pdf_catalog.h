/*
 * What cairo cannot say of a PDF: its language, that it is tagged, and that a window shows its title instead of the file's name. Said by an
 * incremental update (ISO 32000-1, 7.5.6): the catalogue once more with these entries, behind what is there, which stays byte for byte. Pure.
 */
#ifndef PRINT_PDF_CATALOG_H
#define PRINT_PDF_CATALOG_H

#include "base/buf.h"
#include "base/err.h"

/* `language` is BCP 47. ERR_FATAL where the PDF has no plain trailer and catalogue at its end: *pdf is untouched then. */
enum err pdf_catalog_say(struct buf *pdf, const char *language, struct fault *fault);

#endif
