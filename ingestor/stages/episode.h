/*
 * The life of an alert episode: begun, told, ended. Private to the alert stage.
 */
#ifndef INGESTOR_STAGES_EPISODE_H
#define INGESTOR_STAGES_EPISODE_H

#include "ingestor/context.h"

struct open_alert {
    bool found;
    struct alert alert;
};

/* A callback for facts_alerts and facts_alert: `arg` is a struct open_alert. */
int episode_keep(const struct alert_row *row, void *arg);

/* The episode of this kind that lasts (active or acknowledged), of a meter or (0) of the system. */
enum err episode_find(struct pipeline *pipeline, int64_t meter_no, enum alert_kind kind, struct open_alert *out, struct fault *fault);

/* Stores this revision, puts it into the outbox and the tail. */
enum err episode_tell(struct pipeline *pipeline, struct alert *alert, struct fault *fault);
enum err episode_begin(struct pipeline *pipeline, struct alert *alert, struct fault *fault);
enum err episode_end(struct pipeline *pipeline, struct alert *alert, int64_t until_utc_ms, struct fault *fault);

/*
 * Begins the episode where it lasts and none of its kind is open; ends the open one where it does not. An episode of the same start that ended
 * already stays ended: one life.
 */
enum err episode_settle(struct pipeline *pipeline, struct alert *alert, bool lasts, int64_t until_utc_ms, struct fault *fault);

/* Subject and kind of an alert about a meter; the rest zero. */
void episode_of_meter(const struct point *point, enum alert_kind kind, struct alert *out);

/* ---- stages/alert_register.c ---- */
/* register_fault, reverse_flow and tamper: what the register and its events say of the last day. */
enum err alert_register(struct pipeline *pipeline, struct point *point, int32_t today, struct fault *fault);

#endif
