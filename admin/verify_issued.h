/*
 * Are issued bills what was issued? Their numbers have no hole, each hash is that of its document after the one before, each draft is made again from the
 * inputs recorded with it and each first edition from its draft, dates and number, to the byte, and each row says the total of its draft and, in a
 * correction, the difference to the edition before. Bills issued before inputs were recorded count as waiting: their draft is not made again.
 */
#ifndef ADMIN_VERIFY_ISSUED_H
#define ADMIN_VERIFY_ISSUED_H

#include "store/ledger_tables.h"

extern const struct ledger_table verify_issued_table; /* of records.db */

/* `records`: the path of records.db, or of a copy. */
enum err verify_issued(const char *records, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out);

#endif
