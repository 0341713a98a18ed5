#include "store/sqlite/db.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/hash.h"

/* More than the project has statements per connection; what does not fit is prepared each time. */
#define CACHE_SLOTS 256

struct slot {
    const char *sql; /* sqlite3_sql(stmt), owned by the statement */
    sqlite3_stmt *stmt;
    bool busy;
};

struct db {
    sqlite3 *handle;
    int read_limit_ms;   /* 0: none */
    int64_t deadline_ms; /* of the read under way; 0: none */
    bool write;          /* a write transaction is open */
    struct slot slots[CACHE_SLOTS];
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* SQLite asks every few thousand steps whether to go on. */
static int read_too_long(void *arg)
{
    const struct db *db = arg;
    return db->deadline_ms != 0 && monotonic_ms() > db->deadline_ms;
}

static void read_starts(struct db *db)
{
    if (db->read_limit_ms > 0)
        db->deadline_ms = monotonic_ms() + db->read_limit_ms;
}

enum err db_err(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PROTOCOL:
        return ERR_RETRY;
    case SQLITE_CANTOPEN:
        return ERR_RETRY;
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    case SQLITE_INTERRUPT:
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    default:
        return ERR_FATAL;
    }
}

static enum err db_fault(struct db *db, int rc, struct fault *fault)
{
    enum err err = db_err(rc);
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fault_set(fault, err, "the database is locked by another writer; try again");
    case SQLITE_FULL:
        return fault_set(fault, err, "the disk is full; free some space and try again");
    case SQLITE_READONLY:
        return fault_set(fault, err, "the database cannot be written (permissions, or a reading connection)");
    case SQLITE_INTERRUPT:
        return fault_set(fault, err, "the read took longer than %d ms; ask for less", db->read_limit_ms);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fault_set(fault, err, "the file is damaged or is no database: %s", sqlite3_errmsg(db->handle));
    default:
        return fault_set(fault, err, "database: %s", sqlite3_errmsg(db->handle));
    }
}

/* Turning a fresh file over to WAL does not wait for others who do the same (the busy handler is not asked): wait here. */
static enum err write_ahead(struct db *db, int busy_timeout_ms, struct fault *fault)
{
    int64_t until_ms = clock_monotonic(&clock_system) + busy_timeout_ms;
    enum err err = db_script(db, "PRAGMA journal_mode=WAL;", fault);
    while (err == ERR_RETRY && clock_monotonic(&clock_system) < until_ms) {
        sqlite3_sleep(5);
        err = db_script(db, "PRAGMA journal_mode=WAL;", fault);
    }
    return err;
}

static enum err pragmas(struct db *db, const struct db_options *options, struct fault *fault)
{
    int pages = options->checkpoint_pages == 0 ? 1000 : options->checkpoint_pages < 0 ? 0 : options->checkpoint_pages;
    int cache = options->cache_kib > 0 ? options->cache_kib : 2048;
    char sql[512];
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    snprintf(sql, sizeof sql,
             "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
             "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=%d; PRAGMA cache_size=-%d; %s",
             pages, cache, options->role == DB_READER ? "PRAGMA query_only=ON;" : "");
    if (options->role != DB_READER) {
        if (options->shrinks) /* before the first page is written; later it means nothing */
            sqlite3_exec(db->handle, "PRAGMA auto_vacuum=INCREMENTAL;", NULL, NULL, NULL);
        enum err err = write_ahead(db, options->busy_timeout_ms > 0 ? options->busy_timeout_ms : DB_BUSY_TIMEOUT_MS, fault);
        if (err != OK)
            return err;
    }
    return db_script(db, sql, fault);
}

/*
 * Password hashes live in it: made for its owner and group before SQLite would make it for all. A file that is there is left alone: closing any
 * descriptor of it would drop this process's POSIX locks, also those of another connection (sqlite.org/howtocorrupt.html, 2.2). Without them the next
 * process that closes the database takes itself for the last one and removes the write-ahead log under our hands.
 */
static enum err make_file(const char *path, struct fault *fault)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0 && errno == EEXIST)
        return OK;
    if (fd < 0)
        return fault_set(fault, ERR_RETRY, "cannot make %s: %s", path, strerror(errno));
    close(fd);
    return OK;
}

/* text_mark(text): 40 bits of its FNV-1a, so that the marks of millions of rows can be added up. */
static void text_mark(sqlite3_context *context, int count, sqlite3_value **values)
{
    const void *bytes = sqlite3_value_text(values[0]);
    size_t len = (size_t)sqlite3_value_bytes(values[0]);
    (void)count;
    sqlite3_result_int64(context, bytes != NULL ? (sqlite3_int64)(hash_fnv1a(bytes, len) & ((UINT64_C(1) << 40) - 1)) : 0);
}

/* Nobody asks how much memory SQLite holds; counting it takes a lock of the whole process at every allocation. */
static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, and no matter, where something else woke SQLite first */
}

enum err db_open(const struct db_options *options, struct fault *fault, struct db **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count_no_memory);
    struct db *db = NULL;
    enum err err = OK;
    if (options->role == DB_CREATOR)
        err = make_file(options->path, fault);
    else if (access(options->path, F_OK) != 0 && errno == ENOENT)
        err = fault_set(fault, ERR_NOT_FOUND, "there is no database %s; `qw init` makes it", options->path);
    if (err != OK)
        return err;
    db = calloc(1, sizeof *db);
    if (db == NULL)
        return fault_set(fault, ERR_FATAL, "out of memory");
    int rc = sqlite3_open_v2(options->path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        err = fault_set(fault, db_err(rc), "cannot open %s: %s", options->path, sqlite3_errstr(rc));
        goto out;
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, options->busy_timeout_ms > 0 ? options->busy_timeout_ms : DB_BUSY_TIMEOUT_MS);
    rc = sqlite3_create_function(db->handle, "text_mark", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, text_mark, NULL, NULL);
    err = rc == SQLITE_OK ? pragmas(db, options, fault) : fault_set(fault, db_err(rc), "cannot open %s: %s", options->path, sqlite3_errstr(rc));
    if (err != OK)
        goto out;
    if (options->role == DB_READER) {
        db->read_limit_ms = options->read_limit_ms > 0 ? options->read_limit_ms : DB_READ_LIMIT_MS;
        sqlite3_progress_handler(db->handle, 4000, read_too_long, db);
    }
    *out = db;
    return OK;
out:
    db_close(db);
    return err;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_rollback(db);
    for (int i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(db->slots[i].stmt);
    sqlite3_close_v2(db->handle);
    free(db);
}

sqlite3 *db_handle(struct db *db)
{
    return db->handle;
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

bool db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

enum err db_script(struct db *db, const char *sql, struct fault *fault)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : db_fault(db, rc, fault);
}

static enum err run(struct db *db, const char *sql, struct fault *fault)
{
    struct query q;
    query_begin(&q, db, sql);
    return query_run(&q, fault);
}

enum err db_begin_write(struct db *db, struct fault *fault)
{
    enum err err = run(db, "BEGIN IMMEDIATE", fault);
    db->write = err == OK;
    return err;
}

enum err db_begin_read(struct db *db, struct fault *fault)
{
    enum err err = run(db, "BEGIN", fault);
    if (err == OK)
        read_starts(db);
    return err;
}

enum err db_commit(struct db *db, struct fault *fault)
{
    struct query q;
    bool write = db->write;
    query_begin(&q, db, "COMMIT");
    while (query_row(&q))
        ;
    int rc = q.rc;
    enum err err = query_end(&q, fault);
    db->write = false;
    db->deadline_ms = 0;
    if (err == OK)
        return OK;
    db_rollback(db);
    /* The WAL's frames may have reached the disk before it answered: only the next reader knows. */
    if (write && (rc & 0xff) == SQLITE_IOERR)
        return fault_set(fault, ERR_UNCERTAIN, "the disk answered the commit with an error; it may have been done");
    return err;
}

void db_rollback(struct db *db)
{
    if (db == NULL)
        return;
    db->write = false;
    db->deadline_ms = 0;
    if (db->handle != NULL && db_in_transaction(db))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Of its length and of some of its words: what falls together is told apart by the text. */
static size_t slot_of(const char *sql)
{
    enum { WORDS = 8 };
    size_t len = strlen(sql), step = len / WORDS;
    uint64_t hash = len;
    for (size_t i = 0; step >= sizeof hash && i < WORDS; i++) {
        uint64_t word;
        memcpy(&word, sql + i * step, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return (size_t)(hash >> 32 ^ hash) % CACHE_SLOTS;
}

static bool take_cached(struct query *q, const char *sql)
{
    size_t start = slot_of(sql);
    for (size_t i = 0; i < 8; i++) {
        struct slot *slot = &q->db->slots[(start + i) % CACHE_SLOTS];
        if (slot->stmt == NULL || (strcmp(slot->sql, sql) == 0 && !slot->busy)) {
            q->slot = (int)((start + i) % CACHE_SLOTS);
            q->stmt = slot->stmt;
            return q->stmt != NULL;
        }
    }
    return false;
}

void query_begin(struct query *q, struct db *db, const char *sql)
{
    *q = (struct query){.db = db, .rc = SQLITE_OK, .slot = -1};
    if (!take_cached(q, sql)) {
        unsigned flags = q->slot >= 0 ? SQLITE_PREPARE_PERSISTENT : 0;
        q->rc = sqlite3_prepare_v3(db->handle, sql, -1, flags, &q->stmt, NULL);
        if (q->rc != SQLITE_OK || q->stmt == NULL) {
            q->slot = -1;
            return;
        }
        if (q->slot >= 0) {
            db->slots[q->slot].stmt = q->stmt;
            db->slots[q->slot].sql = sqlite3_sql(q->stmt);
        }
    }
    if (q->slot >= 0)
        db->slots[q->slot].busy = true;
    if (!db_in_transaction(db))
        read_starts(db);
}

static void keep_error(struct query *q, int rc)
{
    if (q->rc == SQLITE_OK && rc != SQLITE_OK)
        q->rc = rc;
}

void query_bind_int(struct query *q, int64_t value)
{
    if (q->rc == SQLITE_OK)
        keep_error(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void query_bind_text(struct query *q, const char *text)
{
    if (q->rc == SQLITE_OK)
        keep_error(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
}

void query_bind_text_or_null(struct query *q, const char *text)
{
    query_bind_text(q, text != NULL && text[0] != '\0' ? text : NULL);
}

void query_bind_bytes(struct query *q, const void *bytes, size_t len)
{
    if (q->rc == SQLITE_OK)
        keep_error(q, sqlite3_bind_blob64(q->stmt, ++q->bound, bytes, len, SQLITE_STATIC));
}

void query_bind_null(struct query *q)
{
    if (q->rc == SQLITE_OK)
        keep_error(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void query_bind_int_unless(struct query *q, int64_t value, int64_t none)
{
    if (value == none)
        query_bind_null(q);
    else
        query_bind_int(q, value);
}

bool query_row(struct query *q)
{
    if (q->rc != SQLITE_OK || q->stmt == NULL)
        return false;
    int rc = sqlite3_step(q->stmt);
    q->column = 0;
    if (rc == SQLITE_ROW)
        return true;
    q->rc = rc; /* SQLITE_DONE, or what went wrong */
    return false;
}

bool query_is_null(struct query *q)
{
    return sqlite3_column_type(q->stmt, q->column) == SQLITE_NULL;
}

int64_t query_int(struct query *q)
{
    return sqlite3_column_int64(q->stmt, q->column++);
}

int64_t query_int_or(struct query *q, int64_t none)
{
    if (!query_is_null(q))
        return query_int(q);
    query_skip(q);
    return none;
}

const void *query_view(struct query *q, size_t *out_len)
{
    int column = q->column++;
    const void *bytes = sqlite3_column_blob(q->stmt, column);
    *out_len = (size_t)sqlite3_column_bytes(q->stmt, column);
    return bytes;
}

const char *query_string(struct query *q)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, q->column++);
    return text ? (const char *)text : "";
}

void query_text(struct query *q, char *dst, size_t size)
{
    size_t len = 0;
    const void *bytes = query_view(q, &len);
    if (size == 0)
        return;
    if (len >= size)
        len = size - 1;
    if (len > 0)
        memcpy(dst, bytes, len);
    dst[len] = '\0';
}

void query_bytes(struct query *q, struct buf *out)
{
    size_t len = 0;
    const void *bytes = query_view(q, &len);
    if (len > 0)
        buf_append(out, bytes, len);
}

void query_skip(struct query *q)
{
    q->column++;
}

enum err query_end(struct query *q, struct fault *fault)
{
    enum err err = OK;
    if (db_err(q->rc) != OK)
        err = db_fault(q->db, q->rc, fault);
    if (q->slot >= 0) {
        sqlite3_reset(q->stmt);
        sqlite3_clear_bindings(q->stmt);
        q->db->slots[q->slot].busy = false;
    } else {
        sqlite3_finalize(q->stmt);
    }
    q->stmt = NULL;
    q->slot = -1;
    if (!db_in_transaction(q->db))
        q->db->deadline_ms = 0;
    return err;
}

enum err query_run(struct query *q, struct fault *fault)
{
    while (query_row(q))
        ;
    return query_end(q, fault);
}

enum err query_one(struct query *q, struct fault *fault)
{
    if (query_row(q))
        return OK;
    enum err err = query_end(q, fault);
    return err == OK ? ERR_NOT_FOUND : err;
}
