/* Opening, batches, checkpoint: the ledger's file. */
#include <stdlib.h>
#include <sys/stat.h>
#include <stdio.h>
#include <string.h>
#include "store/sqlite/facts_sqlite.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/seal.h"

/* Checkpoints belong to a thread of the ingestor's own; the committer only steps in when the log has grown past this (64 MiB). */
#define COMMITTER_CHECKPOINT_PAGES 16384
/*
 * Emptying the log takes the committer's lock and then waits for readers that still look into the log. As a rule that is done only as long as nobody
 * feels it. A log that has grown past the bound is emptied by waiting longer than any reader of ours may read (DB_READ_LIMIT_MS): then none is left,
 * since new ones find everything in the file. If an outsider reads on, it is tried again only when the log has grown by as much once more.
 */
#define GENTLE_MS 50
#define PATIENT_MS (DB_READ_LIMIT_MS + 500)
#define LOG_BYTES_BORNE (INT64_C(64) << 20)
#define WRITER_CACHE_KIB 65536
#define READER_CACHE_KIB 4096
#define DOCUMENT_MAX (4u << 20)

static const struct facts_ops sqlite_ops = {
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .put_reading = sqlite_put_reading,
    .put_refusal = sqlite_put_refusal,
    .refusals = sqlite_refusals,
    .put_unclaimed = sqlite_put_unclaimed,
    .take_unclaimed = sqlite_take_unclaimed,
    .unclaimed_names = sqlite_unclaimed_names,
    .prune_unclaimed = sqlite_prune_unclaimed,
    .seal = sqlite_seal,
    .shrink = sqlite_shrink,
    .put_event = sqlite_put_event,
    .events = sqlite_events,
    .put_receipt = sqlite_put_receipt,
    .receipts = sqlite_receipts,
    .receipt = sqlite_receipt,
    .put_status = sqlite_put_status,
    .status = sqlite_status,
    .put_mark = sqlite_put_mark,
    .add_number = sqlite_add_number,
    .set_number = sqlite_set_number,
    .numbers = sqlite_numbers,
    .marks = sqlite_marks,
    .clear_mark = sqlite_clear_mark,
    .meter_marked = sqlite_meter_marked,
    .clear_derived = sqlite_clear_derived,
    .put_day = sqlite_put_day,
    .remove_day = sqlite_remove_day,
    .clear_judgements = sqlite_clear_judgements,
    .put_judgement = sqlite_put_judgement,
    .judgements = sqlite_judgements,
    .put_checks = sqlite_put_checks,
    .remove_checks = sqlite_remove_checks,
    .checks = sqlite_checks,
    .found_checks = sqlite_found_checks,
    .put_completeness = sqlite_put_completeness,
    .remove_completeness = sqlite_remove_completeness,
    .completeness = sqlite_completeness,
    .put_bill = sqlite_put_bill,
    .remove_bill = sqlite_remove_bill,
    .put_alert = sqlite_put_alert,
    .remove_alert = sqlite_remove_alert,
    .put_tail = sqlite_put_tail,
    .prune_tail = sqlite_prune_tail,
    .tail = sqlite_tail,
    .tail_range = sqlite_tail_range,
    .put_outbox = sqlite_put_outbox,
    .outbox = sqlite_outbox,
    .outbox_done = sqlite_outbox_done,
    .reads = sqlite_reads,
    .instants = sqlite_instants,
    .channels = sqlite_channels,
    .readings = sqlite_readings,
    .last_reading = sqlite_last_reading,
    .days = sqlite_days,
    .day_sums = sqlite_day_sums,
    .day_range = sqlite_day_range,
    .bills = sqlite_bills,
    .bill = sqlite_bill,
    .alerts = sqlite_alerts,
    .alert = sqlite_alert,
    .newest_refusals = sqlite_newest_refusals,
    .newest_judgements = sqlite_newest_judgements,
    .newest_events = sqlite_newest_events,
    .checkpoint = sqlite_checkpoint,
};

static int find_sealed(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, SEALED_UNTIL) == 0)
        *(int64_t *)arg = value;
    return 0;
}

enum err facts_open_sqlite(const char *path, enum facts_mode mode, struct fault *fault, struct facts **out)
{
    struct sqlite_facts *self = calloc(1, sizeof *self);
    if (!self)
        return fault_set(fault, ERR_FATAL, "no memory");
    bool writer = mode == FACTS_WRITER;
    struct db_options options = {.path = path,
                                 .role = writer ? DB_CREATOR : DB_READER,
                                 .checkpoint_pages = writer ? COMMITTER_CHECKPOINT_PAGES : 0,
                                 .cache_kib = writer ? WRITER_CACHE_KIB : READER_CACHE_KIB,
                                 .shrinks = true};
    self->facts.ops = &sqlite_ops;
    self->log_bytes_borne = LOG_BYTES_BORNE;
    buf_init(&self->scratch, DOCUMENT_MAX);
    self->known = writer ? known_create() : NULL;
    enum err err = writer && !self->known ? fault_set(fault, ERR_FATAL, "no memory") : db_open(&options, fault, &self->db);
    if (err == OK)
        err = writer ? migrate_up(self->db, &schema_ledger, fault, NULL, NULL) : migrate_check(self->db, &schema_ledger, fault);
    self->sealed_until_utc_ms = writer ? INT64_MIN : INT64_MAX;
    if (err == OK && writer)
        err = sqlite_numbers(&self->facts, find_sealed, &self->sealed_until_utc_ms, fault);
    if (err != OK) {
        sqlite_close(&self->facts);
        return err;
    }
    *out = &self->facts;
    return OK;
}

void sqlite_close(struct facts *facts)
{
    struct sqlite_facts *self = (struct sqlite_facts *)facts;
    db_close(self->db);
    free(self->known);
    sealed_facts_finish(&self->sealed.facts);
    buf_finish(&self->scratch);
    free(self);
}

enum err sqlite_begin(struct facts *facts, struct fault *fault)
{
    return db_begin_write(facts_db(facts), fault);
}

enum err sqlite_commit(struct facts *facts, struct fault *fault)
{
    enum err err = db_commit(facts_db(facts), fault);
    if (err != OK && facts_known(facts))
        known_forget(facts_known(facts));
    return err;
}

void sqlite_rollback(struct facts *facts)
{
    db_rollback(facts_db(facts));
    if (facts_known(facts))
        known_forget(facts_known(facts));
}

static int empty_log(sqlite3 *db, int wait_ms)
{
    sqlite3_busy_timeout(db, wait_ms);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(db, DB_BUSY_TIMEOUT_MS);
    return rc;
}

static int64_t log_bytes(sqlite3 *db)
{
    struct stat info;
    char path[4096];
    snprintf(path, sizeof path, "%s-wal", sqlite3_db_filename(db, NULL));
    return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

enum err sqlite_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault)
{
    struct sqlite_facts *self = (struct sqlite_facts *)facts;
    sqlite3 *db = db_handle(self->db);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL); /* the most of the work, and nobody waits for it */
    if (rc == SQLITE_OK)
        rc = empty_log(db, GENTLE_MS);
    if ((rc == SQLITE_OK || rc == SQLITE_BUSY) && log_bytes(db) > self->log_bytes_borne)
        rc = empty_log(db, PATIENT_MS);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        return fault_set(fault, db_err(sqlite3_extended_errcode(db)), "checkpoint: %s", sqlite3_errmsg(db));
    int64_t bytes = log_bytes(db);
    if (bytes <= LOG_BYTES_BORNE)
        self->log_bytes_borne = LOG_BYTES_BORNE;
    else if (bytes > self->log_bytes_borne)
        self->log_bytes_borne = bytes + LOG_BYTES_BORNE;
    *out_wal_bytes = bytes;
    return OK;
}
