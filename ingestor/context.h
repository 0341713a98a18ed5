/*
 * What the stages share while one thread walks through them. Private to the pipeline.
 */
#ifndef INGESTOR_CONTEXT_H
#define INGESTOR_CONTEXT_H

#include <pthread.h>
#include "base/buf.h"
#include "base/map.h"
#include "ingestor/check_limits.h"
#include "ingestor/pipeline.h"
#include "ingestor/receipt.h"
#include "wire/message_json.h"
#include "wire/reading_json.h"
#include "wire/topic.h"

#define REJECTS_MAX 4096 /* waiting for commit A; more are dropped and counted */
#define NUMBER_NAME_SIZE 64
#define PUBLISHED_MAX 65536
#define UNCLAIMED_NAMES_MAX 10000
#define RECEIPTS_MAX 4000000   /* (meter, boot) in one batch and waiting for their receipt */
#define RECEIPTS_KEPT 50000    /* remembered beyond that; others are read from the store when they are needed */
#define RECEIPTS_DUE_MAX 20000 /* waiting for the second of their meter; beyond it a receipt goes with the next reading or repetition */

/* A reject that is sent once its refusal is stored. */
struct waiting_reject {
    char meter_id[METER_ID_SIZE];
    enum verdict verdict;
    char detail[160];
    bool has_ts, has_seq;
    int64_t ts_utc_ms, seq;
};

/* The receipt state of one (meter, boot) in memory. */
struct receipt_entry {
    struct receipt receipt;
    struct point *point;
    char boot[READING_BOOT_SIZE];
    bool changed;                       /* since the last commit A */
    bool stale;                         /* the batch that changed it failed: the store knows better */
    bool due;                           /* a receipt is to be sent */
    struct receipt_entry *next_touched; /* list of what this batch changed or made due */
    bool touched;
};

/* What one batch adds to the stored counters. */
struct tally {
    int64_t received, accepted, repeated, messages;
    int64_t refused[64]; /* index: verdict_index */
    int64_t unclaimed, asked, given_up, auto_registered;
};

/* What a provisioning answer waits for. */
struct waiting_answer {
    char topic[160];
    char payload[512];
};
#define ANSWERS_MAX 64

struct told;
struct silence;
struct bill_room;

struct pipeline {
    struct pipeline_parts parts;
    struct points *points;
    struct marks *marks;
    struct check_limits *check_limits;
    bool marks_stale;    /* a batch failed: the store knows better */
    uint64_t live_epoch; /* counts the batches that failed: what live.h knew before is not so */
    int64_t live_points, derived_live;
    struct bill_room *bill_room;
    struct silence *silence;
    bool silence_stale; /* a batch of tending failed */
    struct told *told;  /* of the points that the batch under way derived */
    int64_t batch;      /* number of the batch under way */

    /* the batch of commit A under way; reset after it, whatever became of it */
    enum err err; /* the first store error; sticky until the batch ends */
    struct fault fault;
    struct tally tally;
    int64_t now_utc_ms;
    int64_t monotonic_ms;     /* above 0; what waits is told by this clock, which does not leap */
    int64_t last_received_ms; /* receipt time of the newest message of the batch */
    int reject_count;
    struct waiting_reject *rejects;
    int answer_count;
    struct waiting_answer *answers;
    bool logins_changed;

    struct map *receipts; /* "<meter_no>/<boot>" → struct receipt_entry */
    struct receipt_entry *touched;
    struct point *marked;        /* by readings of this batch */
    struct map *unclaimed_names; /* names whose readings are kept, to bound them */
    int64_t claim_minute_utc_ms, claims_in_minute;
    int64_t ask_minute, asked_in_minute; /* for holes, of all meters: commands.h */

    /* publishing */
    struct buf scratch;
    int64_t outbox_sent_id; /* rows up to here were handed over in this life */
    pthread_mutex_t published_lock;
    int published_count;
    int forgetting; /* of them are deleted by the batch under way */
    int64_t published[PUBLISHED_MAX];

    /* tending */
    int64_t slow_tended_ms;
    int64_t seal_day, seal_meter_no;      /* where sealing is: the UTC day on which the round began, the point that is next */
    bool was_copy;                        /* the ledger says that it is a copy: from the first tending on it is not */
    bool rebill_all;                      /* marks of a change may have been lost with a failed batch, or it was made while nobody looked */
    int64_t records_revision;             /* up to which the store has the marks of what changed in records.db; -1: it has never said */
    int64_t broker_revision, broker_hour; /* for which the broker's files were written */
    int64_t ack_no;
    int64_t dropped_messages, dropped_known;       /* by the broker: what it said last, and what was told of; -1: nothing yet */
    int64_t dropping_utc_ms, claim_refused_utc_ms; /* when it last happened: their alerts end when it was calm for so long */
    int64_t tended_utc_ms;                         /* when the life before this one last did; now where there was none */
    struct map *zone_days;                         /* zone name → local day last seen */

    pthread_mutex_t stats_lock;
    struct pipeline_stats stats;
};

/* ---- stages/parse.c ---- */
void parse_message(struct pipeline *pipeline, const struct message *message);

/* ---- stages/judge.c ---- */
/* Where a reading comes from. */
struct origin {
    struct point *point; /* NULL: not registered */
    const char *meter_id;
    int64_t received_utc_ms;
    const void *payload;
    size_t payload_len;
    bool identified; /* it was tried to register it */
};
/* Registers the origin by its first good reading, where that is allowed. True: it would be good, but nobody knows the name. */
bool judge_reading(struct pipeline *pipeline, struct origin *origin, const struct parsed_reading *parsed);

/* ---- stages/store.c ---- */
bool store_reading(struct pipeline *pipeline, const struct origin *origin, const struct reading *reading);
void store_refusal(struct pipeline *pipeline, const struct origin *origin, enum verdict verdict, const char *detail,
                   const struct parsed_reading *parsed /* NULL: no reading */, bool is_reading);
void store_status(struct pipeline *pipeline, const struct origin *origin, const struct status_message *status);
void store_event(struct pipeline *pipeline, const struct origin *origin, const struct event_message *event);
void store_unclaimed(struct pipeline *pipeline, const struct origin *origin);
void store_bounds(struct pipeline *pipeline, struct journal_position next); /* receipts, counters, position: the end of commit A */
void store_failed(struct pipeline *pipeline, enum err err, const struct fault *fault);
/* Marks go through these and ingestor/marks.h, never to the store alone: the order of work is kept in memory. */
void mark_energy(struct pipeline *pipeline, struct point *point, int64_t from_utc_ms, int64_t until_utc_ms);
void mark_bills(struct pipeline *pipeline, struct point *point, int64_t from_utc_ms);
void mark_changed(struct pipeline *pipeline,
                  struct point *point); /* all its bills, where it is to be cut anew all its days, and what decisions bear on */
void mark_anew(struct pipeline *pipeline, struct point *point /* NULL: all */); /* all its days and bills */
void receipt_heard(struct pipeline *pipeline, struct point *point, const struct reading *reading);
struct receipt_entry *receipt_entry(struct pipeline *pipeline, struct point *point, const char *boot);
void receipts_refresh(struct pipeline *pipeline); /* what a failed batch left in memory, as the store has it */

/* ---- stages/derive.c ---- */
/* Brings the quarter-hours of one mark up to date. *out_from_day … *out_until_day: local days that changed; *out_rest: what did not fit (from ≥
 * until: nothing). */
enum err derive_mark(struct pipeline *pipeline, struct point *point, const struct mark *mark, int32_t *out_from_day, int32_t *out_until_day,
                     struct mark *out_rest, struct fault *fault);

/* ---- stages/bill.c ---- */
/* The memory that bills are made in; freed with free(). NULL: there is none. */
struct bill_room *bill_room_create(void);
/* What alerts need to know of the bills just made. */
struct bill_outlook {
    bool known; /* there is an open bill with a forecast from fresh readings */
    int64_t forecast_minor;
    int past_count; /* usable past bills */
    int64_t past_mean_minor;
    int32_t cycle_from_day;
    char currency[4];
    int minor_digits;
};
enum err bill_days(struct pipeline *pipeline, struct point *point, int32_t from_day, int32_t until_day, struct bill_outlook *out,
                   struct fault *fault);

/* ---- stages/check.c ---- */
/* These days changed: those that are closed, and the four weeks after them, are to be checked. */
enum err check_wanted(struct pipeline *pipeline, struct point *point, int32_t from_day, int32_t until_day, struct fault *fault);
/* Checks the closed days of a mark, a few at a time; *out_rest: what is left. */
enum err check_days(struct pipeline *pipeline, struct point *point, const struct mark *mark, struct mark *out_rest, struct fault *fault);

/* ---- stages/alert.c ---- */
enum err alert_meter(struct pipeline *pipeline, struct point *point, const struct bill_outlook *outlook, struct fault *fault);
enum err alert_acknowledge(struct pipeline *pipeline, const struct acknowledgement_record *acknowledgement, struct fault *fault);
/* An alert of the system: begins (or goes on) with this value, or ends. */
enum err alert_system(struct pipeline *pipeline, enum alert_kind kind, bool active, int64_t value, const char *pt_br, const char *en,
                      struct fault *fault);

/* ---- stages/alert_check.c ---- */
/* What the checks of a day say, where it is the last closed one. */
enum err alert_checked(struct pipeline *pipeline, struct point *point, const struct check_day_row *row, struct fault *fault);

/* ---- stages/publish.c ---- */
void publish_after_a(struct pipeline *pipeline);
void publish_outbox(struct pipeline *pipeline);
enum err publish_forget(struct pipeline *pipeline, struct fault *fault); /* deletes the rows that the broker has; inside a batch */
void publish_forgotten(struct pipeline *pipeline);                       /* that batch is committed */
enum err publish_bill(struct pipeline *pipeline, struct point *point, int64_t total_minor, const char *document, size_t len, struct fault *fault);
enum err publish_alert(struct pipeline *pipeline, const struct alert *alert, const char *document, size_t len, struct fault *fault);
enum err publish_tail(struct pipeline *pipeline, enum tail_kind kind, int64_t meter_no, const char *meter_id, const char *data, size_t len,
                      struct fault *fault);

/* ---- provision.c ---- */
void provision_request(struct pipeline *pipeline, const char *nonce, const struct message *message);

/* ---- broker_files.c ---- */
/* Writes the broker's password and ACL file from the logins. */
enum err broker_files_write(struct pipeline *pipeline, struct fault *fault);

#endif
