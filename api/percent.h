/*
 * Percent-encoding of RFC 3986, strictly. Pure.
 */
#ifndef API_PERCENT_H
#define API_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Decodes text[len] into out[size], always terminated. False for a broken escape, for what is not UTF-8 or has a control
 * character (NUL among them) afterwards, or where it does not fit. `plus`: '+' means a blank, as in a query.
 */
bool percent_decode(const char *text, size_t len, bool plus, char *out, size_t size);

#endif
