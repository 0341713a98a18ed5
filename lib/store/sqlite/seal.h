/* Sealing and unsealing, as the rest of the backend sees it. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_SEAL_H
#define STORE_SQLITE_SEAL_H

#include "store/facts.h"
#include "store/sqlite/db.h"
#include "store/sqlite/seal_pack.h"

/* The number under which the ledger says that nothing is sealed from that instant on. */
#define SEALED_UNTIL "sealed.until_utc_ms"

/* One row of `fact`; *out_new: it was not there. */
enum err fact_insert(struct db *db, int64_t meter_no, const struct sealed_fact *fact, const void *electrical, struct fault *fault, bool *out_new);

/*
 * Before a reading is written: *out_repeated: its day is sealed and holds all of it already, there is nothing to write. A sealed day that does not
 * comes back into the table first; it is sealed again later.
 */
enum err seal_make_way(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);

#endif
