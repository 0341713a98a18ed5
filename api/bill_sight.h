/* Whose bills a caller may see: a customer's are those of all accounts that were ever theirs, an operator sees all. */
#ifndef API_BILL_SIGHT_H
#define API_BILL_SIGHT_H

#include "api/exchange.h"

struct bill_sight {
    bool all; /* an operator's */
    size_t count;
    struct account_record *records;
};

/* bill_sight_finish is due in any case. */
enum err bill_sight_of(struct exchange *x, struct fault *fault, struct bill_sight *out);
void bill_sight_finish(struct bill_sight *sight);
bool bill_sight_holds(const struct bill_sight *sight, const char *account_id);

#endif
