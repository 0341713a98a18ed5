/* The handle: connections, who may use which, transactions, the version. */
#include "store/records.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/text.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/records_db.h"

struct lent {
    struct db *db; /* NULL: not opened yet */
    bool busy;
};

struct records {
    char *path;
    int busy_timeout_ms;
    pthread_mutex_t lock; /* guards what follows; never held during SQL */
    pthread_cond_t freed;
    struct lent readers[RECORDS_READERS];
    struct db *writer;
    bool writer_busy;
    bool in_batch;
    pthread_t batch_owner;
    pthread_mutex_t watch_lock; /* guards what follows */
    struct db *watch;           /* never writes, so its data_version tells of every other's commit */
    int64_t watch_data_version;
    int64_t watch_revision;
};

static enum err open_one(const struct records *records, enum db_role role, struct fault *fault, struct db **out)
{
    const struct db_options options = {.path = records->path, .role = role, .busy_timeout_ms = records->busy_timeout_ms, .cache_kib = 1024};
    return db_open(&options, fault, out);
}

static void init_sync(struct records *records)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&records->lock, NULL);
    pthread_mutex_init(&records->watch_lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&records->freed, &attr);
    pthread_condattr_destroy(&attr);
}

enum err records_open(const struct records_options *options, struct fault *fault, struct records **out)
{
    struct records *records = calloc(1, sizeof *records);
    if (records == NULL)
        return fault_set(fault, ERR_FATAL, "out of memory");
    init_sync(records);
    records->watch_data_version = -1;
    records->busy_timeout_ms = options->busy_timeout_ms > 0 ? options->busy_timeout_ms : DB_BUSY_TIMEOUT_MS;
    records->path = strdup(options->path);
    enum err err = records->path != NULL ? OK : fault_set(fault, ERR_FATAL, "out of memory");
    FIRST(err, open_one(records, options->mode == RECORDS_CREATE ? DB_CREATOR : DB_WRITER, fault, &records->writer));
    if (options->mode == RECORDS_CREATE)
        FIRST(err, migrate_up(records->writer, &schema_records, fault, NULL, NULL));
    FIRST(err, migrate_check(records->writer, &schema_records, fault));
    FIRST(err, open_one(records, DB_READER, fault, &records->watch));
    if (err != OK) {
        records_close(records);
        return err;
    }
    *out = records;
    return OK;
}

void records_close(struct records *records)
{
    if (records == NULL)
        return;
    for (int i = 0; i < RECORDS_READERS; i++)
        db_close(records->readers[i].db);
    db_close(records->watch);
    db_close(records->writer);
    pthread_cond_destroy(&records->freed);
    pthread_mutex_destroy(&records->watch_lock);
    pthread_mutex_destroy(&records->lock);
    free(records->path);
    free(records);
}

/* Under the lock. False when nothing was freed in time. */
static bool wait_freed(struct records *records, const struct timespec *until)
{
    return pthread_cond_timedwait(&records->freed, &records->lock, until) == 0;
}

static struct timespec patience(const struct records *records)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += records->busy_timeout_ms / 1000;
    until.tv_nsec += (long)(records->busy_timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    return until;
}

/* Under the lock. */
static bool own_batch(const struct records *records)
{
    return records->in_batch && pthread_equal(records->batch_owner, pthread_self());
}

/* Under the lock: the first that is free, opened ones first; -1 when all are lent. */
static int free_reader(const struct records *records)
{
    int found = -1;
    for (int i = RECORDS_READERS - 1; i >= 0; i--) {
        const struct lent *reader = &records->readers[i];
        if (!reader->busy && (found < 0 || reader->db != NULL))
            found = i;
    }
    return found;
}

enum err reader_take(struct records *records, struct fault *fault, struct db **out)
{
    struct timespec until = patience(records);
    enum err err = OK;
    int i = -1;
    pthread_mutex_lock(&records->lock);
    if (own_batch(records)) {
        pthread_mutex_unlock(&records->lock);
        *out = records->writer;
        return OK;
    }
    while ((i = free_reader(records)) < 0) {
        if (!wait_freed(records, &until) && free_reader(records) < 0) {
            pthread_mutex_unlock(&records->lock);
            return fault_set(fault, ERR_RETRY, "all reading connections are busy; try again");
        }
    }
    struct lent *reader = &records->readers[i];
    reader->busy = true;
    pthread_mutex_unlock(&records->lock);
    struct db *opened = NULL;
    if (reader->db == NULL) /* only its borrower sets it, but reader_give compares it */
        err = open_one(records, DB_READER, fault, &opened);
    if (opened != NULL) {
        pthread_mutex_lock(&records->lock);
        reader->db = opened;
        pthread_mutex_unlock(&records->lock);
    }
    if (err != OK) {
        pthread_mutex_lock(&records->lock);
        reader->busy = false;
        pthread_cond_broadcast(&records->freed);
        pthread_mutex_unlock(&records->lock);
        return err;
    }
    *out = reader->db;
    return OK;
}

void reader_give(struct records *records, struct db *db)
{
    if (db == records->writer)
        return;
    db_rollback(db);
    pthread_mutex_lock(&records->lock);
    for (int i = 0; i < RECORDS_READERS; i++) {
        if (records->readers[i].db == db)
            records->readers[i].busy = false;
    }
    pthread_cond_broadcast(&records->freed);
    pthread_mutex_unlock(&records->lock);
}

/* *nested: the writer is this thread's already, for its batch. */
static enum err writer_take(struct records *records, struct fault *fault, bool *nested)
{
    struct timespec until = patience(records);
    enum err err = OK;
    pthread_mutex_lock(&records->lock);
    *nested = own_batch(records);
    while (!*nested && records->writer_busy && err == OK) {
        if (!wait_freed(records, &until) && records->writer_busy)
            err = fault_set(fault, ERR_RETRY, "another writer of this program is busy; try again");
    }
    if (err == OK && !*nested)
        records->writer_busy = true;
    pthread_mutex_unlock(&records->lock);
    return err;
}

static void writer_give(struct records *records)
{
    pthread_mutex_lock(&records->lock);
    records->writer_busy = false;
    records->in_batch = false;
    pthread_cond_broadcast(&records->freed);
    pthread_mutex_unlock(&records->lock);
}

static enum err statement(struct db *db, const char *sql, struct fault *fault)
{
    struct query q;
    query_begin(&q, db, sql);
    return query_run(&q, fault);
}

enum err change_begin(struct records *records, const struct actor *actor, struct fault *fault, struct change *out)
{
    *out = (struct change){.records = records, .db = records->writer, .actor = actor, .fault = fault};
    enum err err = writer_take(records, fault, &out->nested);
    if (err != OK)
        return err;
    if (out->nested && !db_in_transaction(out->db)) /* a full disk undoes a whole transaction */
        return fault_set(fault, ERR_RETRY, "the batch was undone by the store; begin it again");
    err = out->nested ? statement(out->db, "SAVEPOINT verb", fault) : db_begin_write(out->db, fault);
    if (err != OK && !out->nested)
        writer_give(records);
    return err;
}

enum err change_end(struct change *c, enum err err)
{
    if (c->nested) {
        if (err == OK)
            return statement(c->db, "RELEASE verb", c->fault);
        statement(c->db, "ROLLBACK TO verb", NULL);
        statement(c->db, "RELEASE verb", NULL);
        return err;
    }
    if (err == OK)
        err = db_commit(c->db, c->fault);
    else
        db_rollback(c->db);
    writer_give(c->records);
    return err;
}

static enum err next_revision(struct change *c)
{
    struct query q;
    query_begin(&q, c->db, "UPDATE counter SET value = value + 1 WHERE name = 'revision' RETURNING value");
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, ERR_FATAL, "the revision counter is gone") : err;
    int64_t revision = query_int(&q);
    while (query_row(&q))
        ;
    err = query_end(&q, c->fault);
    if (err == OK)
        c->revision = revision;
    return err;
}

enum err change_note(struct change *c, const char *action, const char *subject, const char *detail_format, ...)
{
    struct audit_record row;
    struct query q;
    va_list args;
    enum err err = next_revision(c);
    if (err != OK)
        return err;
    va_start(args, detail_format);
    vsnprintf(row.detail, sizeof row.detail, detail_format, args);
    va_end(args);
    text_copy(row.actor, sizeof row.actor, c->actor->name);
    query_begin(&q, c->db, "INSERT INTO audit (at_utc_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_text(&q, row.actor);
    query_bind_text(&q, action);
    query_bind_text(&q, subject);
    query_bind_text(&q, row.detail);
    return query_run(&q, c->fault);
}

enum err records_batch_begin(struct records *records, struct fault *fault)
{
    bool nested = false;
    enum err err = writer_take(records, fault, &nested);
    if (err != OK)
        return err;
    if (nested)
        return fault_set(fault, ERR_FATAL, "a batch is open already");
    err = db_begin_write(records->writer, fault);
    if (err != OK) {
        writer_give(records);
        return err;
    }
    pthread_mutex_lock(&records->lock);
    records->in_batch = true;
    records->batch_owner = pthread_self();
    pthread_mutex_unlock(&records->lock);
    return OK;
}

static bool owns_batch(struct records *records)
{
    pthread_mutex_lock(&records->lock);
    bool own = own_batch(records);
    pthread_mutex_unlock(&records->lock);
    return own;
}

enum err records_batch_commit(struct records *records, struct fault *fault)
{
    if (!owns_batch(records))
        return fault_set(fault, ERR_FATAL, "no batch is open");
    enum err err = db_in_transaction(records->writer) ? db_commit(records->writer, fault)
                                                      : fault_set(fault, ERR_RETRY, "the batch was undone by the store; begin it again");
    writer_give(records);
    return err;
}

void records_batch_rollback(struct records *records)
{
    if (!owns_batch(records))
        return;
    db_rollback(records->writer);
    writer_give(records);
}

static enum err one_number(struct db *db, const char *sql, struct fault *fault, int64_t *out)
{
    struct query q;
    query_begin(&q, db, sql);
    enum err err = query_one(&q, fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(fault, ERR_FATAL, "a counter is gone") : err;
    int64_t value = query_int(&q);
    err = query_end(&q, fault);
    if (err == OK)
        *out = value;
    return err;
}

enum err records_version(struct records *records, struct fault *fault, int64_t *out_revision)
{
    int64_t data_version = 0;
    pthread_mutex_lock(&records->watch_lock);
    enum err err = one_number(records->watch, "PRAGMA data_version", fault, &data_version);
    /* The data_version first: what is committed in between is seen now, and once more the next time. */
    if (err == OK && data_version != records->watch_data_version) {
        err = one_number(records->watch, "SELECT value FROM counter WHERE name = 'revision'", fault, &records->watch_revision);
        if (err == OK)
            records->watch_data_version = data_version;
    }
    if (err == OK)
        *out_revision = records->watch_revision;
    pthread_mutex_unlock(&records->watch_lock);
    return err;
}
