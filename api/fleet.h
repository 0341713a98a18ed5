/*
 * The fleet at a glance. Counting touches every meter, so the answer is kept: for FLEET_KEEP_MS, or for twenty times what it cost
 * to count, whichever is longer. Thread-safe; one request counts, others get what there is.
 */
#ifndef API_FLEET_H
#define API_FLEET_H

#include <stdint.h>
#include "base/err.h"

#define FLEET_KEEP_MS 3000
#define FLEET_TICK_MS 5000

struct fleet;
struct server;

struct fleet *fleet_create(void); /* NULL when memory is out */
void fleet_destroy(struct fleet *fleet);

/* Takes note of the ingestor's counters, every FLEET_TICK_MS, for the rate. Errors are left for the next time. */
void fleet_tick(struct server *server);

#endif
