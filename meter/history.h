/*
 * The history of a fleet: readings at even steps from some days ago until now, in batches, meter by
 * meter in turn.
 *
 * Two bounds keep memory small here and at the broker: each connection's own, and a window of
 * readings that were sent and not receipted. Where no receipts come at all (nobody listens) only
 * the first holds, after a while.
 */
#ifndef METER_HISTORY_H
#define METER_HISTORY_H

#include "meter/fleet.h"
#include "wire/device_json.h"

struct history;

struct history *history_create(struct fleet *fleet, int64_t now_utc_ms); /* NULL: no memory */
void history_destroy(struct history *history);

/* A receipt came (from the connection's thread). */
void history_receipt(struct history *history, struct fleet_meter *meter, const struct device_receipt *receipt);

/* Sends it all and waits for the broker. False: stopped before. */
bool history_send(struct history *history);

/* Once per turn of the live loop: sends again what stays without receipt. True when all is
 * receipted. */
bool history_settle(struct history *history);

#endif
