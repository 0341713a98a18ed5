/* What the files about accounts share. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_RECORDS_ACCOUNT_H
#define STORE_SQLITE_RECORDS_ACCOUNT_H

#include "store/sqlite/records_db.h"

/* Writes one dated term, checked. Changes neither revision nor audit. */
enum err account_term_write(struct change *c, int64_t account_no, enum account_term term, int32_t from_day, const char *value);

#endif
