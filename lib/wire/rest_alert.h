/*
 * Alerts over REST: the alert object of MQTT with its acknowledgement, and the document of a meter's rules. Pure.
 */
#ifndef WIRE_REST_ALERT_H
#define WIRE_REST_ALERT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "wire/alert_json.h"

/*
 * Appends the alert `document` with `acknowledgement` {by, at, note}; an active one reads `acknowledged` from then on, also
 * before the ingestor has told so. ERR_FATAL where the document is not an alert object.
 */
enum err rest_alert_acknowledged(struct buf *out, const char *document, const char *by, int64_t at_utc_ms, const char *note, struct fault *fault);

/* The rules that a household sets, one for each kind of alert that has one. */
#define RULES_COUNT 2
extern const enum alert_kind rule_kinds[RULES_COUNT];

struct alert_rules {
    bool set[RULES_COUNT]; /* false: the rule by default */
    struct rule_params params[RULES_COUNT];
};

/* The document of PUT …/alert-rules: kind → parameters or null. ERR_INVALID with a pointer. */
enum err rest_rules_parse(const char *bytes, size_t len, struct fault *fault, struct alert_rules *out);
void rest_rules_write(struct buf *out, const struct alert_rules *rules);

/* Takes in what is stored for one kind ("" is the default); kinds without a rule and damaged parameters change nothing. */
void rest_rules_take(struct alert_rules *rules, const char *kind, const char *params);

#endif
