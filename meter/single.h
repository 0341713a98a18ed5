/*
 * One meter on MQTT: identity, spool, readings, commands, menu.
 */
#ifndef METER_SINGLE_H
#define METER_SINGLE_H

#include "meter/options.h"

/* Runs until the stop signal or the menu's quit. Returns the program's exit code. */
int single_run(const struct options *options);

#endif
