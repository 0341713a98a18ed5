/*
 * Recorded data over MQTT: a CSV file's rows as readings with boot and seq, in batches, with
 * waiting for the broker and, where asked for, for the receipts.
 */
#ifndef METER_REPLAY_H
#define METER_REPLAY_H

#include "meter/options.h"

/* 0: everything was acknowledged (and receipted with wait_receipt); 1: not; 2: a mistake in the
 * settings. */
int replay_run(const struct options *options);

#endif
