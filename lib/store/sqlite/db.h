/*
 * SQLite, in as few words as its callers need: one connection, one query at a time, one transaction.
 *
 * Private to lib/store/sqlite: no other folder may include it, and no header of lib/store shows sqlite3.h.
 * A `struct db` belongs to one thread at a time (it is opened without SQLite's own mutex). SQL is always a
 * string literal: it is the key of the statement cache and never holds a value.
 *
 * Errors: locked, full, refused by the disk, read-only → ERR_RETRY (nothing was done); a constraint →
 * ERR_CONFLICT; a read longer than `read_limit_ms` → ERR_LIMIT; a commit that the disk answered with an error →
 * ERR_UNCERTAIN; a broken file, no memory, wrong SQL → ERR_FATAL.
 */
#ifndef STORE_SQLITE_DB_H
#define STORE_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

struct db;

enum db_role {
    DB_READER, /* query_only; the file must exist; each read is cut off after read_limit_ms */
    DB_WRITER, /* synchronous=FULL: what is committed survives a power cut; the file must exist */
    DB_CREATOR /* a writer that makes the file (mode 0640) where there is none */
};

struct db_options {
    const char *path;
    enum db_role role;
    int busy_timeout_ms;  /* how long a lock is waited for; 0: DB_BUSY_TIMEOUT_MS */
    int read_limit_ms;    /* readers only; 0: DB_READ_LIMIT_MS */
    int checkpoint_pages; /* checkpoint by the committer after so many WAL pages; 0: 1000, -1: never (a thread does) */
    int cache_kib;        /* page cache; 0: 2048 */
    bool shrinks;         /* a file that is made now can give pages back (PRAGMA incremental_vacuum) */
};

#define DB_BUSY_TIMEOUT_MS 5000
#define DB_READ_LIMIT_MS 1000

/* WAL, foreign keys on, no mmap. ERR_NOT_FOUND where there is no file and the role does not make one. */
enum err db_open(const struct db_options *options, struct fault *fault, struct db **out);
void db_close(struct db *db); /* rolls back what is open; NULL-safe */

sqlite3 *db_handle(struct db *db);       /* for backup, checkpoint and hooks */
int64_t db_changes(const struct db *db); /* rows changed by the last INSERT, UPDATE or DELETE */
int64_t db_last_id(const struct db *db); /* the rowid of the last INSERT */

/* The transaction is the caller's: begin, then commit or rollback. Write begins IMMEDIATE (waits for the lock). */
enum err db_begin_write(struct db *db, struct fault *fault);
enum err db_begin_read(struct db *db, struct fault *fault);
enum err db_commit(struct db *db, struct fault *fault); /* on any error the transaction is gone */
void db_rollback(struct db *db);                        /* harmless where none is open; NULL-safe */
bool db_in_transaction(const struct db *db);

/* Several statements without parameters or rows (schema, pragmas). */
enum err db_script(struct db *db, const char *sql, struct fault *fault);

/* What an SQLite result code (extended) asks of the caller. */
enum err db_err(int rc);

/*
 * A query: begin, bind from left to right, read rows and columns from left to right, end. Errors stick: bind and
 * read freely and look at what query_end says. query_end must be called exactly once, on every path.
 *
 *     struct query q;
 *     query_begin(&q, db, "SELECT name, born FROM person WHERE age > ?");
 *     query_bind_int(&q, 30);
 *     while (query_row(&q)) {
 *         query_text(&q, name, sizeof name);
 *         born = query_int(&q);
 *     }
 *     return query_end(&q, fault);
 */
struct query {
    struct db *db;
    sqlite3_stmt *stmt;
    int bound;
    int column;
    int rc;
    int slot; /* in the cache; -1: this statement is finalised at the end */
};

void query_begin(struct query *q, struct db *db, const char *sql);

/* Bound bytes must live until query_end. NULL text is bound as SQL NULL. */
void query_bind_int(struct query *q, int64_t value);
void query_bind_text(struct query *q, const char *text);
void query_bind_text_or_null(struct query *q, const char *text); /* "" is NULL too */
void query_bind_bytes(struct query *q, const void *bytes, size_t len);
void query_bind_null(struct query *q);
/* NULL where value == none: open ends of validity, absent numbers. */
void query_bind_int_unless(struct query *q, int64_t value, int64_t none);

bool query_row(struct query *q); /* false at the end and on error */

bool query_is_null(struct query *q); /* looks at the next column, does not pass it */
int64_t query_int(struct query *q);  /* NULL reads as 0 */
int64_t query_int_or(struct query *q, int64_t none);
void query_text(struct query *q, char *dst, size_t size); /* NULL reads as ""; longer text is cut */
void query_bytes(struct query *q, struct buf *out);       /* appends; text too */
/* Points into the row: valid until the next query_row or query_end. NULL column: NULL and 0. */
const void *query_view(struct query *q, size_t *out_len);
/* The same for text: always terminated, never NULL. */
const char *query_string(struct query *q);
void query_skip(struct query *q);

enum err query_end(struct query *q, struct fault *fault);
enum err query_run(struct query *q, struct fault *fault); /* for statements without rows: step and end */

/* One row expected: ERR_NOT_FOUND (fault untouched) where there is none. Then read columns and query_end. */
enum err query_one(struct query *q, struct fault *fault);

#endif
