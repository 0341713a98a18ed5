/* Sealing and unsealing, as the rest of the backend sees it. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_SEAL_H
#define STORE_SQLITE_SEAL_H

#include "store/facts.h"

/* The number under which the ledger says that nothing is sealed from that instant on. */
#define SEALED_UNTIL "sealed.until_utc_ms"

/*
 * Before a reading is written: *out_repeated: its day is sealed and holds all of it already, there is nothing to write. A sealed day that does not
 * comes back into the table first; it is sealed again later.
 */
enum err seal_make_way(struct facts *facts, const struct reading_row *row, bool *out_repeated, struct fault *fault);

#endif
