#include "ingestor/drain.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include "daemon/log.h"

#define WAIT_MS 100
#define TEND_EVERY_MS 1000
#define DERIVE_BUDGET_MS 100 /* architecture.md: B works in slices of ≤ 100 ms */
#define RETRY_MS 250
#define REFUSED_MS 10
#define KEEP_EVERY_MS 1000 /* journal: at most a second of what was only acknowledged is lost with the power */
#define CHECKPOINT_EVERY 5 /* × KEEP_EVERY_MS */

struct drain {
    struct drain_settings s;
    pthread_t drain_thread, keeper_thread;
    atomic_bool stopping, failing, fatal;
    unsigned refused; /* what of DOING_… the store refused when it was tried last; the drain thread's own */
    _Atomic int64_t failing_since_ms, wal_bytes;
    struct message *messages;
    int64_t derived_ms, tended_ms;
    struct journal_state told; /* what damage of the journal the log knows of */
};

static void nap(int64_t ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

enum doing { DOING_STORE = 1, DOING_DERIVE = 2, DOING_TEND = 4 };

static const char *doing_name(enum doing what)
{
    return what == DOING_STORE ? "storing" : what == DOING_DERIVE ? "deriving" : "tending";
}

/*
 * Tells a failure once, and its end: when everything that was refused has been done. Deriving when nothing is there to derive works on the fullest
 * disk, and says nothing about the store. True: try again; false: no use.
 */
static bool settle(struct drain *drain, enum doing what, enum err err, const struct fault *fault)
{
    if (err == OK) {
        drain->refused &= ~(unsigned)what;
        if (drain->refused == 0 && atomic_exchange(&drain->failing, false))
            log_info("the store works again", LOG_INT("away_ms", clock_monotonic(&drain->s.clock) - atomic_load(&drain->failing_since_ms)));
        return true;
    }
    if (err == ERR_FATAL) {
        log_error("the store is broken", LOG_TEXT("doing", doing_name(what)), LOG_FAULT(fault));
        atomic_store(&drain->fatal, true);
        return false;
    }
    drain->refused |= (unsigned)what;
    if (!atomic_exchange(&drain->failing, true)) {
        atomic_store(&drain->failing_since_ms, clock_monotonic(&drain->s.clock));
        log_warn("the store refuses; trying again", LOG_TEXT("doing", doing_name(what)), LOG_FAULT(fault));
    }
    nap(RETRY_MS);
    return true;
}

/* What was lost on the disk is worth a line: whoever sent it without waiting for a receipt does not send it again. */
static void tell_damage(struct drain *drain)
{
    struct journal_state now;
    journal_look(drain->s.journal, &now);
    if (now.bad_records == drain->told.bad_records && now.torn_bytes == drain->told.torn_bytes && now.gaps == drain->told.gaps)
        return;
    log_warn("the journal was damaged; all else of it is read", LOG_INT("bad_records", now.bad_records), LOG_INT("torn_bytes", now.torn_bytes),
             LOG_INT("gaps", now.gaps));
    drain->told = now;
}

/* One batch from the journal through commit A, tried until it is in. */
static void store_batch(struct drain *drain)
{
    struct journal_record record = {0};
    struct fault fault = {0};
    size_t count = 0;
    while (count < (size_t)drain->s.batch_messages && journal_next(drain->s.journal, &record))
        drain->messages[count++] = (struct message){record.topic, record.topic_len, record.payload, record.payload_len, record.received_utc_ms};
    tell_damage(drain);
    if (count == 0) {
        journal_done(drain->s.journal); /* only damage was passed, or the disk refuses to read */
        nap(REFUSED_MS);
        return;
    }
    enum err err;
    do {
        err = pipeline_store(drain->s.pipeline, drain->messages, count, record.next, &fault);
        if (!settle(drain, DOING_STORE, err, &fault))
            return;
    } while (err != OK && !atomic_load(&drain->stopping));
    if (err == OK)
        journal_done(drain->s.journal);
}

static bool derive(struct drain *drain)
{
    struct fault fault = {0};
    bool more = false;
    enum err err = pipeline_derive(drain->s.pipeline, DERIVE_BUDGET_MS, &more, &fault);
    settle(drain, DOING_DERIVE, err, &fault);
    drain->derived_ms = clock_monotonic(&drain->s.clock);
    return err == OK && more;
}

static void tend(struct drain *drain)
{
    struct fault fault = {0};
    settle(drain, DOING_TEND, pipeline_tend(drain->s.pipeline, &fault), &fault);
    drain->tended_ms = clock_monotonic(&drain->s.clock);
}

static void *drain_run(void *arg)
{
    struct drain *drain = arg;
    bool more_marks = false;
    while (!atomic_load(&drain->stopping) && !atomic_load(&drain->fatal)) {
        bool waiting = journal_wait(drain->s.journal, more_marks ? 0 : WAIT_MS);
        if (waiting)
            store_batch(drain);
        int64_t now_ms = clock_monotonic(&drain->s.clock);
        if (!waiting || now_ms - drain->derived_ms >= drain->s.derive_every_ms)
            more_marks = derive(drain);
        if (now_ms - drain->tended_ms >= TEND_EVERY_MS)
            tend(drain);
    }
    return NULL;
}

static void *keeper_run(void *arg)
{
    struct drain *drain = arg;
    int64_t bytes;
    for (int round = 1; !atomic_load(&drain->stopping); round++) {
        nap(KEEP_EVERY_MS);
        journal_sync(drain->s.journal);
        if (drain->s.checkpointer && round % CHECKPOINT_EVERY == 0 && facts_checkpoint(drain->s.checkpointer, &bytes, NULL) == OK)
            atomic_store(&drain->wal_bytes, bytes);
    }
    return NULL;
}

enum err drain_start(const struct drain_settings *settings, struct fault *fault, struct drain **out)
{
    struct drain *drain = calloc(1, sizeof *drain);
    if (!drain)
        return fault_set(fault, ERR_FATAL, "no memory");
    drain->s = *settings;
    drain->messages = calloc((size_t)settings->batch_messages, sizeof *drain->messages);
    if (!drain->messages || pthread_create(&drain->drain_thread, NULL, drain_run, drain) != 0) {
        free(drain->messages);
        free(drain);
        return fault_set(fault, ERR_FATAL, "cannot start a thread");
    }
    if (pthread_create(&drain->keeper_thread, NULL, keeper_run, drain) != 0) {
        atomic_store(&drain->stopping, true);
        pthread_join(drain->drain_thread, NULL);
        free(drain->messages);
        free(drain);
        return fault_set(fault, ERR_FATAL, "cannot start a thread");
    }
    *out = drain;
    return OK;
}

void drain_stop(struct drain *drain)
{
    if (!drain)
        return;
    atomic_store(&drain->stopping, true);
    pthread_join(drain->drain_thread, NULL);
    pthread_join(drain->keeper_thread, NULL);
    free(drain->messages);
    free(drain);
}

void drain_look(struct drain *drain, struct drain_state *out)
{
    out->failing = atomic_load(&drain->failing);
    out->fatal = atomic_load(&drain->fatal);
    out->failing_ms = out->failing ? clock_monotonic(&drain->s.clock) - atomic_load(&drain->failing_since_ms) : 0;
    out->wal_bytes = atomic_load(&drain->wal_bytes);
}
