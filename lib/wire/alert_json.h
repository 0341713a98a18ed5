/*
 * The alert object of protocol.md, the same on MQTT, REST and SSE. Pure.
 */
#ifndef WIRE_ALERT_JSON_H
#define WIRE_ALERT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"
#include "energy/alert.h"

void alert_write(struct buf *out, const struct alert *alert);

/*
 * The parameters of an alert rule, as PUT …/alert-rules and `qw rules set` give them per kind: {"day_wh":20000} for excess_consumption,
 * {"percent":30} for bill_variation; {"enabled":false} for either.
 */
struct rule_params {
    bool enabled;
    bool has_threshold;
    int64_t threshold; /* day_wh, or percent */
};
enum err rule_params_parse(enum alert_kind kind, const char *text, size_t len, struct fault *fault, struct rule_params *out);
void rule_params_write(struct buf *out, enum alert_kind kind, const struct rule_params *params);

#endif
