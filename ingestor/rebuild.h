/*
 * Derives a ledger anew from its facts and the decisions in the records, at the clock that it was last tended at, and nothing else: no broker, no
 * journal, nothing published. What `qw verify` runs on a copy.
 *
 * ERR_CONFLICT, and nothing is touched: the ledger is held by a running ingestor, or it is not marked as a copy (store/ledger_tables.h,
 * LEDGER_COPY_NUMBER). What waits in the marks and the outbox of a ledger that is used would be lost with it.
 *
 * Tells on standard output how far it is, a line "progress DONE LEFT" (marks) now and then.
 */
#ifndef INGESTOR_REBUILD_H
#define INGESTOR_REBUILD_H

#include "ingestor/settings.h"

enum err rebuild_ledger(const struct ingestor_settings *settings, struct fault *fault);

#endif
