/*
 * A bill on paper: A4, in one of two languages, as PDF. Every amount is the document's own, to the last digit; nothing is added up but the mean of
 * the history, which is energy. The same input gives the same bytes.
 */
#ifndef PRINT_BILL_SHEET_H
#define PRINT_BILL_SHEET_H

#include "base/buf.h"
#include "base/err.h"
#include "print/tongue.h"
#include "wire/bill_document.h"

#define BILL_HISTORY_MAX 13 /* twelve months, and this bill */

struct bill_bar {
    bool known;    /* else: between two bills there is a span without one */
    bool complete; /* no readings are missing */
    int32_t read_to_day;
    int64_t import_wh, estimated_wh;
};

struct bill_sheet {
    const struct bill_document *document;
    const char *utility;  /* its name */
    const char *customer; /* "" where nobody is known, as the next two */
    const char *address;
    const char *serial;    /* of the device that was read */
    int32_t issued_day;    /* where the meter is; of an issued bill */
    int32_t as_of_day;     /* the same, of its data */
    bool has_next_read;    /* false: the account ends with this bill */
    int32_t next_read_day; /* as printed: in the manner of read_to */
    int history_count;
    struct bill_bar history[BILL_HISTORY_MAX]; /* oldest first, this bill last */
};

/* Appends the PDF. ERR_RETRY: memory is out. ERR_FATAL: it cannot be drawn. */
enum err bill_sheet_print(const struct bill_sheet *bill, enum tongue tongue, struct fault *fault, struct buf *out);

#endif
