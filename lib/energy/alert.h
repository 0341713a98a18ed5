/*
 * An alert: one episode of a subject (domain.md). alert_id = fingerprint(subject, kind, start); `revision` counts up
 * with every state or text that is told, so that a repeat can be recognised and is byte-identical.
 */
#ifndef ENERGY_ALERT_H
#define ENERGY_ALERT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/hash.h"
#include "energy/reading.h"

/* Stored: never renumber. */
enum alert_kind {
    ALERT_EXCESS_CONSUMPTION = 1,
    ALERT_BILL_VARIATION = 2,
    ALERT_BILL_FORECAST_OVER_GOAL = 3,
    ALERT_TIER_EDGE = 4,
    ALERT_STANDBY_WASTE = 5,
    ALERT_METER_SILENT = 6,
    ALERT_VOLTAGE_OUT_OF_RANGE = 7,
    ALERT_REVERSE_FLOW = 8,
    ALERT_TAMPER = 9,
    ALERT_CLOCK_DRIFT = 10,
    ALERT_REGISTER_FAULT = 11,
    ALERT_DISTRICT_OUTAGE = 12,
    ALERT_FEEDER_IMBALANCE = 13,
    ALERT_BROKER_DROPPING = 14,
    ALERT_CERTIFICATE_EXPIRY = 15,
    ALERT_CLAIM_REFUSED = 16,
};

enum alert_subject { SUBJECT_METER = 0, SUBJECT_DISTRICT = 1, SUBJECT_FEEDER = 2, SUBJECT_SYSTEM = 3 };
enum alert_state { ALERT_ACTIVE = 0, ALERT_ACKNOWLEDGED = 1, ALERT_RESOLVED = 2 };
enum alert_severity { SEVERITY_INFO = 0, SEVERITY_WARNING = 1, SEVERITY_CRITICAL = 2 };

struct alert_kind_row {
    enum alert_kind kind;
    const char *name; /* "excess_consumption" */
    enum alert_severity severity;
    const char *unit; /* of value and threshold: "Wh", "percent", "count", "" */
    bool built;       /* false: its place is prepared, a later work order builds it */
};
extern const struct alert_kind_row alert_kind_table[];
extern const int alert_kind_count;

const struct alert_kind_row *alert_kind_row(enum alert_kind kind); /* NULL when unknown */
const struct alert_kind_row *alert_kind_by_name(const char *name); /* NULL when unknown */
const char *alert_state_name(enum alert_state state);
const char *alert_severity_name(enum alert_severity severity);
const char *alert_subject_name(enum alert_subject subject); /* "meter", "district", "feeder", "system" */

#define ALERT_TEXT_SIZE 240

struct alert {
    char alert_id[FINGERPRINT_SIZE];
    int revision;
    enum alert_subject subject;
    char subject_id[METER_ID_SIZE]; /* meter id, district or feeder name; "" for the system */
    int64_t meter_no;               /* 0 unless the subject is a meter */
    enum alert_kind kind;
    enum alert_severity severity;
    enum alert_state state;
    int64_t since_utc_ms;   /* start of the episode: part of its identity */
    int64_t until_utc_ms;   /* end of the episode; 0 while it lasts */
    int64_t updated_utc_ms; /* when this revision was made */
    int64_t value;
    int64_t threshold;
    char message_pt_br[ALERT_TEXT_SIZE];
    char message_en[ALERT_TEXT_SIZE];
};

/* Sets alert_id from subject, subject_id, kind and since_utc_ms. */
void alert_identify(struct alert *alert);

/* "alerts/casa-42/excess_consumption", "alerts/district/<id>/<kind>", "alerts/system/<kind>". */
#define ALERT_TOPIC_SIZE 160
void alert_topic(const struct alert *alert, char out[ALERT_TOPIC_SIZE]);

#endif
