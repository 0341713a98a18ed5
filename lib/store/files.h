/*
 * The two database files as files: made, brought up to date, copied while in use.
 *
 * Errors are those of base/err.h; ERR_FATAL with words where a file is newer than this program or is not ours.
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include <stdint.h>
#include "base/err.h"

enum store_file {
    STORE_RECORDS, /* written by people: api, qw */
    STORE_LEDGER   /* written by the ingestor alone */
};

/* Makes the file where there is none and applies the migrations it lacks. Versions out; each may be NULL. */
enum err store_file_migrate(enum store_file which, const char *path, struct fault *fault, int *out_from, int *out_to);

/*
 * Copies a file that may be in use to a path that must not exist yet (ERR_CONFLICT): SQLite's online backup, one
 * consistent state, synced to disk before it returns, checked (integrity_check). The copy is one file without WAL.
 */
enum err store_file_backup(enum store_file which, const char *from, const char *to, struct fault *fault);

#endif
