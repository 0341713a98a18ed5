/* Counts the whole fleet, once, from records and ledger. */
#ifndef API_FLEET_COUNT_H
#define API_FLEET_COUNT_H

#include <stdbool.h>
#include <stdint.h>
#include "api/server.h"
#include "base/err.h"
#include "store/facts.h"

#define FLEET_KINDS 32
#define FLEET_MARKS_MAX 100000 /* counted up to here */
#define FLEET_ALERTS_MAX 100000

/* What the ingestor counts in the ledger. */
struct fleet_numbers {
    int64_t received, accepted, repeated, refused;
    int64_t heartbeat_utc_ms; /* 0: never */
    bool has_lag;
    int64_t lag_ms;
};

struct fleet_day {
    int64_t expected, present; /* quarter-hours */
    int64_t import_wh;
};

struct fleet_kind {
    int64_t active, acknowledged;
};

struct fleet_count {
    int64_t as_of_utc_ms;
    int64_t total, by_state[3];
    int64_t online, offline, silent, never_read;
    struct fleet_day today, yesterday;
    struct fleet_numbers numbers;
    struct fleet_kind kinds[FLEET_KINDS]; /* by row of alert_kind_table */
    int64_t marked;
    int64_t rate_milli;
};

enum err fleet_numbers_read(struct facts *facts, struct fault *fault, struct fleet_numbers *out);
enum err fleet_count_all(struct server *server, struct facts *facts, int64_t now_utc_ms, struct fault *fault, struct fleet_count *out);

#endif
