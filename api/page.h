/* Pages: ?limit= and ?cursor=. */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <stddef.h>
#include "api/exchange.h"

#define PAGE_DEFAULT 100
#define PAGE_MAX 1000

/* False, and 400 was replied. */
bool page_limit(struct exchange *x, size_t *out);

/* A cursor of two parts, "<number>.<text>"; *out_text is NULL where there is no cursor. False, and 400 was replied. */
bool page_cursor(struct exchange *x, int64_t *out_number, const char **out_text);

/* Ends {"items":[…] with its next_cursor; NULL is the last page. */
void page_end(struct exchange *x, const char *next_cursor);

#endif
