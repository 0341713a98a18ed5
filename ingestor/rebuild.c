#include "ingestor/rebuild.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "daemon/files.h"
#include "daemon/stop.h"
#include "ingestor/pipeline.h"
#include "store/ledger_tables.h"

#define BUDGET_MS 1000

static int64_t fixed_now(void *arg)
{
    return *(const int64_t *)arg;
}

static int64_t running(void *arg)
{
    (void)arg;
    return clock_monotonic(&clock_system);
}

static bool say_nothing(void *arg, const struct outgoing *message)
{
    (void)arg;
    (void)message;
    return true;
}

static int find_copy(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, LEDGER_COPY_NUMBER) == 0)
        *(bool *)arg = value != 0;
    return 0;
}

/* A ledger that something may still depend on is never emptied: only what says of itself that it is a copy, and is held by nobody. */
static enum err hold_copy(const char *path, struct fault *fault, int *out_lock)
{
    struct facts *facts = NULL;
    bool copy = false;
    int lock = -1;
    enum err err = file_lock_beside(path, fault, &lock);
    if (err == OK)
        err = facts_open_sqlite(path, FACTS_READER, fault, &facts);
    if (err == OK)
        err = facts_numbers(facts, find_copy, &copy, fault);
    facts_close(facts);
    if (err == OK && !copy)
        err = fault_set(fault, ERR_CONFLICT, "%.150s is no copy that `qw verify` made: to derive a ledger in use anew, ask for `qw rebuild`", path);
    if (err != OK && lock >= 0)
        close(lock);
    if (err == OK)
        *out_lock = lock;
    return err;
}

static int find_heartbeat(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, "heartbeat_utc_ms") == 0)
        *(int64_t *)arg = value;
    return 0;
}

static enum err derive_all(struct pipeline *pipeline, struct fault *fault)
{
    struct pipeline_stats stats;
    bool more = true;
    enum err err = pipeline_rebuild(pipeline, "", fault);
    while (err == OK && more && !stop_wait(0)) {
        err = pipeline_derive(pipeline, BUDGET_MS, &more, fault);
        pipeline_stats(pipeline, &stats);
        printf("progress %" PRId64 " %" PRId64 "\n", stats.derive_marks, stats.marks_waiting);
        fflush(stdout);
    }
    return err == OK && more ? fault_set(fault, ERR_RETRY, "stopped before the end") : err;
}

enum err rebuild_ledger(const struct ingestor_settings *settings, struct fault *fault)
{
    struct records *records = NULL;
    struct facts *facts = NULL;
    struct pipeline *pipeline = NULL;
    int64_t at_utc_ms = clock_now(&clock_system);
    int lock = -1;
    struct zones *zones = zones_create(settings->zoneinfo_dir);
    struct records_options options = {.path = settings->records_db, .mode = RECORDS_USE};
    enum err err = zones ? records_open(&options, fault, &records) : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = hold_copy(settings->ledger_db, fault, &lock);
    if (err == OK)
        err = ledger_clear_derived(settings->ledger_db, fault);
    if (err == OK)
        err = facts_open_sqlite(settings->ledger_db, FACTS_WRITER, fault, &facts);
    if (err == OK)
        err = facts_numbers(facts, find_heartbeat, &at_utc_ms, fault);
    struct pipeline_parts parts = {.facts = facts,
                                   .records = records,
                                   .zones = zones,
                                   .clock = {fixed_now, running, &at_utc_ms},
                                   .refusals_kept = settings->refusals_kept,
                                   .bill_publish_s = settings->bill_publish_s,
                                   .resends_per_minute = settings->resends_per_minute,
                                   .silent_min_s = settings->silent_min_s,
                                   .login_file = "",
                                   .acl_file = "",
                                   .send = say_nothing};
    if (err == OK)
        err = pipeline_create(&parts, fault, &pipeline);
    if (err == OK)
        err = derive_all(pipeline, fault);
    pipeline_destroy(pipeline);
    facts_close(facts);
    records_close(records);
    zones_destroy(zones);
    if (lock >= 0)
        close(lock);
    return err;
}
