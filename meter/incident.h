/*
 * What befell some meters of a fleet, dated (--incidents FILE), so that somebody who is shown the
 * system, or learns to work with it, meets what real meters do. Unlike a fault (defect.h), which goes
 * on all the time, an incident has its moment.
 *
 * A CSV file with the columns meter, kind, from, until and value_wh; times in RFC 3339. A meter's
 * incidents do not overlap.
 *
 *   kind       from … until                                            value_wh
 *   transient  its import register shows value_wh, then again the right one   what it shows (empty: 0)
 *   frozen     its import register stands still, then shows what was counted  (none)
 *   silence    nothing is sent; it counts on                           (none)
 *   outage     there is no power: nothing is sent nor counted; it tells of both ends by events  (none)
 *   exchange   at from another device hangs there, and an event tells of it (until stays empty)  its first register (empty: 0)
 *   reset      at from its import register goes on at value_wh, and nobody tells (until stays empty)  (empty: 0)
 *
 * What a meter shows stays a function of the instant, so that history can be sent again. No I/O but
 * the reading of the file. Not thread-safe.
 */
#ifndef METER_INCIDENT_H
#define METER_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

enum incident_kind { INCIDENT_TRANSIENT, INCIDENT_FROZEN, INCIDENT_SILENCE, INCIDENT_OUTAGE, INCIDENT_EXCHANGE, INCIDENT_RESET };

struct incident {
    enum incident_kind kind;
    int64_t from_utc_ms, until_utc_ms; /* half open; equal for exchange and reset */
    int64_t value_wh;
    int64_t true_from_wh, true_until_wh; /* what was counted by then, were there no incidents */
};

struct incidents { /* of one meter, in the order of time; zeros: none */
    struct incident *items;
    size_t count;
    size_t told; /* events */
};

/* Who takes a row. The two true_… are not set yet. Anything but OK ends the reading. */
typedef enum err incident_take(const char *meter, const struct incident *incident, struct fault *fault, void *arg);

/* ERR_INVALID names the line. */
enum err incidents_read(const char *path, incident_take *take, void *arg, struct fault *fault);

/* Adds one; ERR_INVALID where it does not begin after those that are there have ended. */
enum err incidents_add(struct incidents *incidents, const struct incident *incident, struct fault *fault);
void incidents_finish(struct incidents *incidents);

/* The import register that is shown for what was counted. */
int64_t incidents_register(const struct incidents *incidents, int64_t ts_utc_ms, int64_t true_wh);

/* Silence and outage: no reading is taken then. */
bool incidents_are_silent(const struct incidents *incidents, int64_t ts_utc_ms);

/* Of the steps 0 … count-1 at first + n × step: how many fall into silence. */
int64_t incidents_silent_steps(const struct incidents *incidents, int64_t first_utc_ms, int64_t step_ms, int64_t count);

/* Begins telling behind this instant: what came before was told, or is never to be. */
void incidents_tell_from(struct incidents *incidents, int64_t ts_utc_ms);

/* The next event that is due at this reading, as a payload; false: none (more). `number` makes the serial numbers. */
bool incidents_event(struct incidents *incidents, size_t number, int64_t ts_utc_ms, struct buf *out);

#endif
