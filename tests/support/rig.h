/*
 * A bench for the ingestor's path: real SQLite files in a folder of its own, a clock moved by hand,
 * and a sender that writes down what it is given. A test says messages and looks at rows and at
 * what would be published.
 *
 * Every call that can fail for a reason no test expects ends the test with the fault's words.
 */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "ingestor/pipeline.h"

#define RIG_NOW INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */
#define RIG_MINUTE INT64_C(60000)
#define RIG_HOUR INT64_C(3600000)
#define RIG_DAY INT64_C(86400000)

struct rig_sent {
    char *topic, *payload;
    size_t len;
    bool retained;
    uint64_t id;
    int64_t at_ms; /* monotonic */
};

struct rig {
    char folder[40];
    char ledger[64], records_path[64], logins[64], acl[64];
    int64_t now_ms, monotonic_ms;
    struct facts *facts; /* the faulty wrapper around SQLite */
    struct records *records;
    struct zones *zones;
    struct pipeline *pipeline;
    struct auto_register auto_register;
    int64_t bill_publish_s;
    int64_t resends_per_minute;
    int64_t silent_intervals; /* 0: no meter falls silent */
    int64_t derive_rest_ms;   /* 0: nobody rests */
    int64_t seal_after_days;  /* 0: no day is sealed */
    bool broker_files;
    bool refuses;         /* the sender has no room */
    bool never_published; /* the broker acknowledges nothing */
    int sent_count, sent_cap;
    struct rig_sent *sent;
    int said_count, said_cap;
    struct message *said; /* waiting for rig_store */
    int64_t position;     /* of the journal, made up: counts messages */
};

/* A fresh bench at RIG_NOW, auto_register on, zone America/Sao_Paulo, no tariff. */
void rig_open(struct rig *rig);
void rig_close(struct rig *rig);
/* The process ends and starts again: what was said and not stored is forgotten, what was sent stays
 * written down. */
void rig_restart(struct rig *rig);

void rig_advance(struct rig *rig, int64_t ms);

/* Says something, stored by the next rig_store. */
void rig_say(struct rig *rig, const char *topic, const char *payload, ...) __attribute__((format(printf, 3, 4)));
void rig_say_bytes(struct rig *rig, const char *topic, const void *payload, size_t len);
/* A register reading of a meter. */
void rig_read(struct rig *rig, const char *meter_id, int64_t ts_ms, int64_t energy_wh);

enum err rig_store_once(struct rig *rig); /* one batch of all that was said; kept where it fails */
void rig_store(struct rig *rig);          /* tried until it is in */
void rig_derive(struct rig *rig);         /* until no mark is left */
void rig_tend(struct rig *rig);
void rig_settle(struct rig *rig);                           /* store, tend, derive, and what that publishes is acknowledged */
void rig_run(struct rig *rig, int64_t ms, int64_t step_ms); /* lets time pass: tends and derives at each step */

int64_t rig_number(struct rig *rig, const char *name);       /* a stored counter; 0 when it is not there */
int64_t rig_meter_no(struct rig *rig, const char *meter_id); /* 0: unknown */

/* What was sent to a topic: how often, and the last one's payload as text ("" when none). */
int rig_count(const struct rig *rig, const char *topic);
const char *rig_last(const struct rig *rig, const char *topic);
const struct rig_sent *rig_nth(const struct rig *rig, const char *topic, int n); /* NULL: there are fewer */

/* The meter's local day, all missing when there is none; and the sum of its quarter-hours over all
 * days. */
struct day rig_day(struct rig *rig, const char *meter_id, const char *date);
enum verdict rig_verdict(struct rig *rig, const char *meter_id, int64_t ts_ms); /* of the first reading at this instant */
int64_t rig_total_wh(struct rig *rig, const char *meter_id);
const char *rig_bill(struct rig *rig, const char *bill_id); /* its document, "" when none; valid until the next call */

/* All that is derived of every meter (days, verdicts, bills), as text, to hold two histories
 * against each other. */
void rig_derived(struct rig *rig, struct buf *out);

/* A tariff as the default of all meters: `json` is its document. */
void rig_tariff(struct rig *rig, const char *json);
void rig_setting(struct rig *rig, const char *name, const char *value);
void rig_meter(struct rig *rig, const char *meter_id, const char *tz, int reading_interval_s); /* registers it */

#endif
