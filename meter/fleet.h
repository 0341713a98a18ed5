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
#include "meter/incident.h"
#include "meter/options.h"

struct fleet_meter {
    char id[65];
    struct household household;
    struct defect_meter *defects; /* NULL: it has none */
    struct incidents incidents;
    int64_t sent;              /* the last seq of the history that was sent, -1: none */
    _Atomic int64_t receipted; /* the last seq of the history that was receipted, -1: none */
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

/* What a meter shows at an instant; seq -1: a reading without one. */
struct reading;
void fleet_reading(struct fleet_meter *meter, int64_t ts_utc_ms, int64_t seq, struct reading *out);

/*
 * Publishes what the meter has to announce at this instant (defect.h, incident.h), if anything;
 * `wait` for room. To be asked for each meter in order of time; `scratch` holds DEFECT_EVENT_MAX.
 */
enum err fleet_announce(struct fleet *fleet, size_t number, int64_t ts_utc_ms, bool wait, struct buf *scratch, struct fault *fault);

/* Begins announcing what comes behind this instant. */
void fleet_announce_from(struct fleet *fleet, int64_t ts_utc_ms);

/* True when this reading is to be left out (skip_permille). The same answer every time. */
bool fleet_skips(const struct fleet *fleet, const struct fleet_meter *meter, int64_t ts_utc_ms);

#endif
