/* Which language an answer that is made for people is in. */
#ifndef API_LANGUAGE_H
#define API_LANGUAGE_H

#include "api/exchange.h"
#include "print/tongue.h"

/* The one that an Accept-Language header likes best of those we have (RFC 9110, 12.5.4). False where it names none of them. Pure. */
bool language_accepted(const char *header, enum tongue *out);

/*
 * ?lang=, else Accept-Language, else `customer` (a customer's own choice, ""), else the utility's. False, and 400 was replied, on a ?lang= that is
 * none of ours.
 */
bool language_of(struct exchange *x, const char *customer, enum tongue *out);

#endif
