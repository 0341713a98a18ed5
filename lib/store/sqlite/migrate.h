/*
 * Numbered migrations, forward only. Each runs in one transaction together with PRAGMA user_version and a row of
 * the table `migration` (version, name, applied_utc_ms), so a file is always at exactly one version.
 * PRAGMA application_id tells the two files apart. Private to lib/store/sqlite.
 */
#ifndef STORE_SQLITE_MIGRATE_H
#define STORE_SQLITE_MIGRATE_H

#include "store/sqlite/db.h"

struct migration {
    const char *name; /* "0001_first": the file's name without its ends; its number is its place, counted from 1 */
    const char *sql;
};

struct schema {
    const char *what;       /* "records", "ledger": for words */
    int32_t application_id; /* four letters */
    const struct migration *migrations;
    int count;
};

/* Made at build time from lib/store/schema/{records,ledger}/NNNN_*.sqlite.sql */
extern const struct schema schema_records;
extern const struct schema schema_ledger;

/*
 * Brings the file up to date. May run in several processes at once. ERR_FATAL where the file is newer than this
 * program, or is another file; then nothing was changed. `out_from`/`out_to` (each may be NULL): versions.
 */
enum err migrate_up(struct db *db, const struct schema *schema, struct fault *fault, int *out_from, int *out_to);

/* OK where the file is exactly at this program's version; else ERR_FATAL and words that say what to do. */
enum err migrate_check(struct db *db, const struct schema *schema, struct fault *fault);

#endif
