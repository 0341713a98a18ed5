/*
 * What a meter keeps until its receipt: readings on disk, in append-only segment files with a
 * checksum on every record. Survives kill -9 at any moment (a torn tail is cut at the next start)
 * and, after spool_sync, the power.
 *
 * Readings have a number that counts up for ever within one opening; [spool_first, spool_end) are
 * kept. Where the most that may be kept is reached the oldest is dropped and counted. The last
 * reading ever appended stays known (register and boot) even when everything was receipted. Not
 * thread-safe. The directory belongs to one process at a time (a lock file says so).
 */
#ifndef METER_SPOOL_H
#define METER_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define SPOOL_BOOT_SIZE 16

struct spool_reading {
    int64_t ts_utc_ms;
    int64_t register_wms; /* W·ms: 3,600,000 are one Wh */
    int64_t seq;
    int32_t power_w;
    int32_t voltage_mv;
    char boot[SPOOL_BOOT_SIZE]; /* at most 15 characters */
};

struct spool;

struct spool_limits {
    size_t max_readings;    /* 16 or more; each is 56 bytes on disk and 72 in memory */
    size_t segment_records; /* 8 or more */
};

/* Creates the directory where needed. ERR_CONFLICT: another process has it; ERR_RETRY: the disk
 * refuses. */
enum err spool_open(const char *dir, const struct spool_limits *limits, struct fault *fault, struct spool **out);
void spool_close(struct spool *spool); /* syncs; NULL-safe */

/* ERR_RETRY: the disk refuses (full); nothing is kept, the next call may work. ERR_INVALID: boot is
 * too long or empty. */
enum err spool_append(struct spool *spool, const struct spool_reading *reading, struct fault *fault);

/* Every reading of this boot up to this seq is settled. True when that freed at least one. */
bool spool_receipt(struct spool *spool, const char *boot, int64_t seq);

/* fdatasync of what was appended since. */
enum err spool_sync(struct spool *spool, struct fault *fault);

uint64_t spool_first(const struct spool *spool);
uint64_t spool_end(const struct spool *spool);
/* The reading of this number, or NULL when it is settled or not kept. Valid until the next append
 * or receipt. */
const struct spool_reading *spool_get(const struct spool *spool, uint64_t number);

/* The last reading ever appended; false when there was none. */
bool spool_last(const struct spool *spool, struct spool_reading *out);

struct spool_counts {
    uint64_t dropped;     /* for want of room */
    uint64_t bad_records; /* whose checksum was wrong, at opening */
    uint64_t torn_bytes;  /* cut off the last segment at opening */
    size_t segments;
};
struct spool_counts spool_counts(const struct spool *spool);

#endif
