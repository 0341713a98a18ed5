/*
 * Derives a ledger anew from its facts and the decisions in the records, at the clock that it was last tended at, and nothing else: no broker, no
 * journal, nothing published. What `qw verify` runs on a copy. The ledger must not be written by anybody else meanwhile.
 *
 * Tells on standard output how far it is, a line "progress DONE LEFT" (marks) now and then.
 */
#ifndef INGESTOR_REBUILD_H
#define INGESTOR_REBUILD_H

#include "ingestor/settings.h"

enum err rebuild_ledger(const struct ingestor_settings *settings, struct fault *fault);

#endif
