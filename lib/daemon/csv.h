/*
 * Rows of a CSV file, plain or gzip: a header line, a delimiter, quoted fields ("" for a quote
 * inside). Lines end with LF or CRLF; a quoted field does not span lines. A line of at most
 * CSV_LINE_MAX bytes and CSV_FIELDS_MAX fields.
 */
#ifndef DAEMON_CSV_H
#define DAEMON_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define CSV_LINE_MAX 65536
#define CSV_FIELDS_MAX 256

struct csv;

/* delimiter 0: the one of , ; tab | that is most frequent in the header. */
enum err csv_open(const char *path, char delimiter, struct fault *fault, struct csv **out);
void csv_close(struct csv *csv); /* NULL-safe */

/* The column of this name, or "#3" for the third. ERR_NOT_FOUND with the names there are. */
enum err csv_column(const struct csv *csv, const char *name, struct fault *fault, int *out);

/* The header of a column; NULL behind the last. */
const char *csv_header(const struct csv *csv, int column);

/*
 * The next row: *out_fields are valid until the next call. ERR_NOT_FOUND at the end; ERR_LIMIT for
 * a line that is too long, which is skipped: the call after goes on behind it; ERR_INVALID when the
 * file is broken.
 */
enum err csv_next(struct csv *csv, struct fault *fault, char ***out_fields, int *out_count);

uint64_t csv_line(const struct csv *csv); /* of the row read last, the header is 1 */

#endif
