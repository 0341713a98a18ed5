/* Opening, batches, checkpoint: the ledger's file. */
#include <stdlib.h>
#include <sys/stat.h>
#include <stdio.h>
#include "store/sqlite/facts_sqlite.h"
#include "store/sqlite/migrate.h"

/* Checkpoints belong to a thread of the ingestor's own; the committer only steps in when the log has grown past this (64 MiB). */
#define COMMITTER_CHECKPOINT_PAGES 16384
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

enum err facts_open_sqlite(const char *path, enum facts_mode mode, struct fault *fault, struct facts **out)
{
    struct sqlite_facts *self = calloc(1, sizeof *self);
    if (!self)
        return fault_set(fault, ERR_FATAL, "no memory");
    bool writer = mode == FACTS_WRITER;
    struct db_options options = {.path = path,
                                 .role = writer ? DB_CREATOR : DB_READER,
                                 .checkpoint_pages = writer ? COMMITTER_CHECKPOINT_PAGES : 0,
                                 .cache_kib = writer ? WRITER_CACHE_KIB : READER_CACHE_KIB};
    self->facts.ops = &sqlite_ops;
    buf_init(&self->scratch, DOCUMENT_MAX);
    self->known = writer ? known_create() : NULL;
    enum err err = writer && !self->known ? fault_set(fault, ERR_FATAL, "no memory") : db_open(&options, fault, &self->db);
    if (err == OK)
        err = writer ? migrate_up(self->db, &schema_ledger, fault, NULL, NULL) : migrate_check(self->db, &schema_ledger, fault);
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

enum err sqlite_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault)
{
    int log_pages = 0, moved_pages = 0;
    sqlite3 *db = db_handle(facts_db(facts));
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log_pages, &moved_pages);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        return fault_set(fault, db_err(sqlite3_extended_errcode(db)), "checkpoint: %s", sqlite3_errmsg(db));
    struct stat info;
    char path[4096];
    snprintf(path, sizeof path, "%s-wal", sqlite3_db_filename(db, NULL));
    *out_wal_bytes = stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
    return OK;
}
