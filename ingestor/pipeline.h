/*
 * The data path of the ingestor, in order. Read this first.
 *
 *   link callback ── journal_append ─────────────────────────────── (journal.h: on disk before it is acknowledged)
 *   drain thread:
 *     receive   journal_next                one message with its receipt time
 *     parse     stages/parse.c              topic and payload → readings, status, events, requests      (lib/wire)
 *     judge     stages/judge.c              at the door: form, time, identity → accepted or a named refusal
 *     store     stages/store.c    ══ A ══▶  facts, refusals, receipts, marks, counters, journal position: one transaction
 *     derive    stages/derive.c             marks → which reads count, quarter-hours                     (lib/energy)
 *     bill      stages/bill.c               quarter-hours × tariff → bills and forecast of the cycles touched
 *     alert     stages/alert.c    ══ B ══▶  episodes begin and end; days, bills, alerts, tail, outbox: one transaction
 *     publish   stages/publish.c            after A: receipts and rejects; after B: bills and alerts from the outbox
 *   sender thread ── link_publish ────────────────────────────────── (sender.h: a bounded queue; the drain never calls the link)
 *
 * The pipeline itself does no networking and reads no clock but the one it is given: a test hands it bytes and a clock, and looks at rows
 * and at what it would send. It belongs to one thread.
 */
#ifndef INGESTOR_PIPELINE_H
#define INGESTOR_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/clock.h"
#include "base/err.h"
#include "daemon/zones.h"
#include "ingestor/journal.h"
#include "ingestor/points.h"
#include "store/facts.h"
#include "store/records.h"

struct pipeline;

/* Something to publish. `id` 0: QoS 0, may be dropped; else QoS 1, an outbox row that pipeline_published is told of. */
struct outgoing {
    const char *topic;
    const void *payload;
    size_t payload_len;
    bool retained;
    uint64_t id;
    int64_t delay_ms; /* not before so long from now */
};

struct pipeline_parts {
    struct facts *facts; /* a writer; stays the caller's, as all here */
    struct records *records;
    struct zones *zones;
    struct clock clock;
    struct auto_register auto_register;
    int64_t refusals_kept;  /* newest ones */
    int64_t bill_publish_s;     /* at most one retained bill per meter in so long */
    int64_t resends_per_minute; /* holes asked for, of all meters together */
    int64_t silent_intervals;   /* a meter is silent after so many of its reading intervals (0: never), */
    int64_t silent_min_s;       /* and after so long at least */
    int64_t derive_rest_ms;     /* while many points wait, one of them is derived once in so long */
    int64_t seal_after_days;    /* facts of days so long past are packed (0: never) */
    const char *login_file; /* the broker's password and ACL file; "": not written */
    const char *acl_file;
    int64_t login_reload_ms; /* how long a fresh login may take to be known to the broker */
    /* Takes a message over (copies it); false: no room, ask again later (QoS 0: dropped and counted). */
    bool (*send)(void *arg, const struct outgoing *message);
    void *send_arg;
};

enum err pipeline_create(const struct pipeline_parts *parts, struct fault *fault, struct pipeline **out);
void pipeline_destroy(struct pipeline *pipeline); /* NULL-safe */

/* From any thread: is the link to the broker up? While it is not, no meter is called silent. It counts as up from the beginning. */
void pipeline_link(struct pipeline *pipeline, bool up);

/* Where the journal has to be read from: what commit A stored last. */
enum err pipeline_position(struct pipeline *pipeline, struct fault *fault, struct journal_position *out);

/*
 * parse, judge, store: commit A for a batch of messages. On any error nothing was stored: try the same batch again (ERR_RETRY, ERR_UNCERTAIN) or
 * stop (ERR_FATAL). Receipts and rejects are handed to `send` after the commit.
 */
struct message {
    const char *topic;
    size_t topic_len;
    const void *payload;
    size_t payload_len;
    int64_t received_utc_ms;
};
enum err pipeline_store(struct pipeline *pipeline, const struct message *messages, size_t count, struct journal_position next, struct fault *fault);

/* derive, bill, alert: commit B for as many marks as fit into budget_ms (at least one). *out_more: marks are left that need not rest. */
enum err pipeline_derive(struct pipeline *pipeline, int64_t budget_ms, bool *out_more, struct fault *fault);

/* What time brings: changed records, acknowledgements, requests, holes in sequences, midnights, waiting bills, pruning. Call twice a second. */
enum err pipeline_tend(struct pipeline *pipeline, struct fault *fault);

/*
 * Marks everything that was ever derived of a meter ("": of all) to be derived anew; pipeline_derive does it. ERR_NOT_FOUND: no such meter.
 */
enum err pipeline_rebuild(struct pipeline *pipeline, const char *meter_id, struct fault *fault);

/* The broker has message `id`: its outbox row goes with the next commit. From any thread. */
void pipeline_published(struct pipeline *pipeline, uint64_t id);

/* The counters of the store as they will be after the next commit are in facts_numbers; these are the live ones of this process. */
struct pipeline_stats {
    int64_t messages, readings, accepted, repeated, refused;
    int64_t commits_a, commits_b, retries;
    int64_t derive_marks, derive_live; /* marks worked on; of these by the fast path */
    int64_t marks_waiting;             /* after the last commit B */
    int64_t lag_ms;                    /* now − receipt time of the last message stored */
    int64_t refused_by[64];            /* index: verdict_index */
};
void pipeline_stats(const struct pipeline *pipeline, struct pipeline_stats *out); /* from any thread; figures may be a moment old */

#endif
