/*
 * What the ingestor must know of every metering point to judge and bill its readings, in memory. It follows records.db: points_refresh asks
 * cheaply whether anything changed there, and tells whose bills that concerns.
 */
#ifndef INGESTOR_POINTS_H
#define INGESTOR_POINTS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/zone.h"
#include "daemon/zones.h"
#include "energy/cycle.h"
#include "energy/estimated.h"
#include "energy/judge.h"
#include "energy/rate.h"
#include "energy/tariff.h"
#include "store/decisions.h"
#include "store/records.h"
#include "wire/alert_json.h"

#define POINT_ACCOUNTS_MAX 16 /* the newest count */
#define POINT_TERMS_MAX 32
#define POINT_DEVICES_MAX 16

/* A dated term: which tariff or cycle group from which day on. */
struct point_term {
    enum account_term term;
    int32_t from_day;
    char value[RECORD_ID_SIZE];
};

struct point_account {
    char account_id[RECORD_ID_SIZE];
    int32_t from_day, until_day;
    int term_count;
    struct point_term *terms;
};

struct point_device {
    int64_t from_utc_ms;
    int64_t register_max_wh; /* 0: unknown */
};

/*
 * Who lives there on what terms, which alert rules hold, and which devices hung there. Loaded when first needed after a change, as one block of
 * memory no larger than what there is: every meter that is heard has one.
 */
struct point_billing {
    int account_count; /* ascending by from_day */
    struct point_account *accounts;
    struct rule_params excess, variation; /* defaults: enabled, without a threshold */
    int device_count;                     /* ascending by installation */
    struct point_device *devices;
};

struct point {
    int64_t meter_no;
    char meter_id[RECORD_ID_SIZE];
    const struct zone *zone;
    struct service service;
    int32_t reading_interval_s; /* 0: undeclared */
    enum point_state state;
    bool export_allowed;
    int64_t revision;        /* of its record */
    int64_t device_revision; /* of what hangs there */
    bool cut_anew;           /* its zone, service, interval or device changed: every quarter-hour of it is to be made again */
    bool decided;            /* somebody has decided on readings of it, ever */
    int64_t decided_from_utc_ms, decided_until_utc_ms; /* what decisions that changed bear on, to be made again; from ≥ until: nothing */
    /* what is only known while the program runs */
    struct point_billing *billing;     /* NULL: not loaded since the last change */
    struct point_decisions *decisions; /* the same */
    int64_t receipt_sent_ms;           /* monotonic */
    int64_t reject_sent_ms;            /* monotonic */
    int64_t bill_published_ms;         /* monotonic; 0: not since the start */
    int64_t bill_published_minor;
    bool bill_due;  /* a newer total waits for its minute */
    bool bill_told; /* bill_told_minor went to the tail */
    int64_t bill_told_minor;
    int64_t tail_batch; /* the batch that last told a reading of it */
    int64_t mark_batch; /* the batch that last marked it, what it marked, and the next one marked */
    int64_t mark_from_utc_ms, mark_until_utc_ms;
    struct point *next_marked;
    bool anew; /* all that is derived of it goes before the next mark is worked on */
    /* Its bills of these days were looked through for others that they replace, and all of them for ended ones: stages/bill.c */
    struct {
        uint64_t epoch;
        int64_t revision; /* of records.db */
        int32_t today, from_day, until_day;
    } swept;
    uint64_t quiet_epoch;
    uint32_t quiet_kinds; /* kinds of alerts of which none lasts: stages/episode.c */
    int64_t heard_ms;     /* monotonic, when a reading of it came last; 0: not in this life. It and the following: ingestor/silence.h */
    bool watched, silent, spoke;
    struct point *silence_next, *spoke_next;
    struct live_point *live;   /* where its channels stand: ingestor/stages/live.h; NULL: not known */
    struct point_marks *marks; /* what waits to be derived: ingestor/marks.h; NULL: nothing has yet */
};

struct points;

enum err points_create(struct records *records, struct zones *zones, int64_t now_utc_ms, struct fault *fault, struct points **out);
void points_destroy(struct points *points); /* NULL-safe */

struct point *points_by_id(const struct points *points, const char *meter_id); /* NULL: unknown */
struct point *points_by_no(const struct points *points, int64_t meter_no);     /* NULL: unknown */
int64_t points_count(const struct points *points);
int64_t points_last_no(const struct points *points);  /* no point has a higher number */
int64_t points_revision(const struct points *points); /* of records.db, as far as it was followed */
/* Every point, by number; stops when `each` returns non-zero. */
int points_each(struct points *points, int (*each)(struct point *point, void *arg), void *arg);

/*
 * Looks for changes. `rebill` (may be NULL) is called for each point that is new, or whose accounts, terms, tariff, rules or zone may have changed;
 * `cut_anew` is set where more than its bills depends on the change, and `decided_from_utc_ms` … where decisions on readings changed.
 */
enum err points_refresh(struct points *points, int64_t now_utc_ms, void (*rebill)(struct point *point, void *arg), void *arg, struct fault *fault);

/*
 * A point that was registered since the last refresh: looks into records.db only when something changed there. NULL: there is none. What it changes
 * for bills is told by the next points_refresh.
 */
enum err points_look_up(struct points *points, const char *meter_id, struct fault *fault, struct point **out);

/*
 * A new point with the settings' zone, service and cycle, state unassigned. ERR_LIMIT: 100 new names in this minute, or the total cap; ERR_CONFLICT:
 * the name is taken or reserved.
 */
struct auto_register {
    bool enabled;
    int64_t per_minute;
    int64_t total_max;
};
enum err points_auto_register(struct points *points, const struct auto_register *limits, const char *meter_id, int64_t now_utc_ms,
                              struct fault *fault, struct point **out);

/* Takes note of what decisions changed since a revision of records.db, as points_refresh does: for a start. */
enum err points_decided_since(struct points *points, int64_t revision, struct fault *fault);

/* The approved decisions on readings of a point. The pointer holds until the next points_refresh. */
enum err points_decisions(struct points *points, struct point *point, struct fault *fault, const struct point_decisions **out);

/* Tariffs, cycle groups and defaults; they hold until the next points_refresh. For points_terms.c. */
struct catalogue;
struct catalogue *points_catalogue(const struct points *points);

/* The accounts and rules of a point. The pointer holds until the next points_refresh. */
enum err points_billing(struct points *points, struct point *point, struct fault *fault, const struct point_billing **out);

/* What bills a point on a day, with or without an account (NULL): NULL when there is no such tariff. Holds until the next points_refresh. */
const struct tariff *points_tariff_on(struct points *points, const struct point_account *account, int32_t day);
/* What holds of billing by estimate at an instant. */
struct estimated_limits points_estimated_limits(struct points *points, int64_t at_utc_ms);
/* The plan of such a tariff, made if need be. Holds until the next points_refresh. */
enum err points_plan(struct points *points, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out);
/* All price series; holds until the next points_refresh. */
const struct price_series *points_series(const struct points *points, int *out_count);
/* The memory that one bill after the other is worked out in; may be NULL. */
struct rate_scratch *points_scratch(struct points *points);
/* What tariffs ask about an account on a day: phases (the point's where none are said) and class. */
void points_rate_account(const struct point *point, const struct point_account *account, int32_t day, struct rate_account *out);
/* The class of whoever is billed there on a day, "" where nothing was said. Holds until the next points_refresh. */
const char *points_class_on(const struct point_billing *terms, int32_t day);
const struct cycle_group *points_cycle_group_on(struct points *points, const struct point_account *account, int32_t day);

#endif
