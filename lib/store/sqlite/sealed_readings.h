/* Whole readings of a sealed day: their facts with the boot's name and the verdict that stands today. Private to lib/store/sqlite. */
#ifndef STORE_SQLITE_SEALED_READINGS_H
#define STORE_SQLITE_SEALED_READINGS_H

#include "store/sqlite/sealed.h"
#include "store/walk.h"

/* *stop: the walk wants no more. */
enum err sealed_readings(struct segments *segments, const struct segment *segment, struct walk *walk, int *stop);

#endif
