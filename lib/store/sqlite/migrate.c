#include "store/sqlite/migrate.h"
#include <stdio.h>

static enum err pragma_int(struct db *db, const char *sql, struct fault *fault, int32_t *out)
{
    struct query q;
    query_begin(&q, db, sql);
    enum err err = query_one(&q, fault);
    if (err != OK)
        return err;
    *out = (int32_t)query_int(&q);
    return query_end(&q, fault);
}

static enum err count_tables(struct db *db, struct fault *fault, int32_t *out)
{
    return pragma_int(db, "SELECT count(*) FROM sqlite_schema", fault, out);
}

/* The file's version, after making sure that it is ours. A file without tables and id is new: version 0. */
static enum err read_version(struct db *db, const struct schema *schema, struct fault *fault, int *out)
{
    int32_t id = 0, version = 0, tables = 0;
    enum err err = pragma_int(db, "PRAGMA application_id", fault, &id);
    if (err == OK)
        err = pragma_int(db, "PRAGMA user_version", fault, &version);
    if (err == OK)
        err = count_tables(db, fault, &tables);
    if (err != OK)
        return err;
    if (id != schema->application_id && (id != 0 || version != 0 || tables != 0))
        return fault_set(fault, ERR_FATAL, "this file is not a %s database of Quilowatt; name the right file", schema->what);
    if (version > schema->count)
        return fault_set(fault, ERR_FATAL, "the %s database is at version %d, newer than this program (%d); use the newer program", schema->what,
                         (int)version, schema->count);
    *out = version;
    return OK;
}

static enum err note(struct db *db, int version, const char *name, struct fault *fault)
{
    struct query q;
    query_begin(&q, db,
                "INSERT INTO migration (version, name, applied_utc_ms) "
                "VALUES (?, ?, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))");
    query_bind_int(&q, version);
    query_bind_text(&q, name);
    return query_run(&q, fault);
}

/* In a write transaction. */
static enum err apply(struct db *db, const struct schema *schema, int version, struct fault *fault)
{
    const struct migration *migration = &schema->migrations[version - 1];
    char pragmas[96];
    enum err err = OK;
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id=%d; PRAGMA user_version=%d;", (int)schema->application_id, version);
    if (version == 1)
        err = db_script(db,
                        "CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                        " applied_utc_ms INTEGER NOT NULL) STRICT;",
                        fault);
    if (err == OK)
        err = db_script(db, migration->sql, fault);
    if (err == OK)
        err = db_script(db, pragmas, fault);
    if (err == OK)
        err = note(db, version, migration->name, fault);
    return err;
}

enum err migrate_up(struct db *db, const struct schema *schema, struct fault *fault, int *out_from, int *out_to)
{
    int from = -1;
    for (;;) {
        int version = 0;
        enum err err = db_begin_write(db, fault);
        if (err != OK)
            return err;
        err = read_version(db, schema, fault, &version); /* under the lock: another process may be at it too */
        if (err == OK && from < 0)
            from = version;
        if (err != OK || version == schema->count) {
            db_rollback(db);
            if (err == OK && out_from != NULL)
                *out_from = from;
            if (err == OK && out_to != NULL)
                *out_to = version;
            return err;
        }
        err = apply(db, schema, version + 1, fault);
        if (err == OK)
            err = db_commit(db, fault);
        if (err != OK) {
            db_rollback(db);
            return err;
        }
    }
}

enum err migrate_check(struct db *db, const struct schema *schema, struct fault *fault)
{
    int version = 0;
    enum err err = read_version(db, schema, fault, &version);
    if (err == OK && version < schema->count)
        return fault_set(fault, ERR_FATAL, "the %s database is at version %d, this program needs %d; run `qw init` to bring it up to date",
                         schema->what, version, schema->count);
    return err;
}
