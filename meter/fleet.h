/*
 * Many simulated meters over a few gateway connections: first their history, then live.
 *
 * A gateway speaks for many meters, and a connection has one last will: when a fleet is killed its
 * meters stay `online` in their retained status. That they are gone is known from their silence
 * (alert meter_silent). When it leaves by itself it says `offline` for each.
 *
 * Live readings carry no seq: a simulated meter is a pure function of time and keeps no memory to
 * send again. The history does, so that receipts tell when it is stored.
 */
#ifndef METER_FLEET_H
#define METER_FLEET_H

#include "meter/defect.h"
#include "meter/flow.h"
#include "meter/household.h"
#include "meter/options.h"

struct fleet_meter {
    char id[65];
    struct household household;
    struct defect_meter *defects; /* NULL: it has none */
    int64_t sent;                 /* the last seq of the history that was sent, -1: none */
    _Atomic int64_t receipted;    /* the last seq of the history that was receipted, -1: none */
};

struct fleet {
    const struct options *options;
    struct defect_plan defect_plan;
    struct neighbourhood place;
    struct fleet_meter *meters;
    size_t count;
    struct flow *flow;
};

/* Runs until the stop signal. Returns the program's exit code. */
int fleet_run(const struct options *options);

/* The meter of this name, or NULL. */
struct fleet_meter *fleet_find(struct fleet *fleet, const char *id, size_t len);

/*
 * What a meter shows at an instant, as a reading without seq. Where that makes an announcement due
 * (defect.h) it is appended to `event`, which is left empty else. For each meter in order of time.
 */
struct reading;
void fleet_reading(struct fleet_meter *meter, int64_t ts_utc_ms, struct buf *event, struct reading *out);

/* Publishes an event of the meter where there is one; `wait` for room. */
enum err fleet_event(struct fleet *fleet, size_t number, const struct buf *event, bool wait, struct fault *fault);

/* True when this reading is to be left out (skip_permille). The same answer every time. */
bool fleet_skips(const struct fleet *fleet, const struct fleet_meter *meter, int64_t ts_utc_ms);

#endif
