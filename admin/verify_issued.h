/*
 * Are issued bills what was issued? Their numbers have no hole, each hash is that of its document after the one before, each first edition is made
 * again from its recorded draft, dates and number to the byte, and each row says the total of its draft and, in a correction, the difference to the
 * edition before.
 */
#ifndef ADMIN_VERIFY_ISSUED_H
#define ADMIN_VERIFY_ISSUED_H

#include "store/ledger_tables.h"

extern const struct ledger_table verify_issued_table; /* of records.db */

/* `records`: the path of records.db, or of a copy. */
enum err verify_issued(const char *records, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out);

#endif
