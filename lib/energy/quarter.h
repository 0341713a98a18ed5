/*
 * Quarter-hours of one local day of one channel: what every series, bill and alert is made of.
 *
 * A quarter-hour is [start, start + 15 min) in UTC, named by its start. A local day has those whose start lies in
 * [local midnight, next local midnight): 92, 96 or 100 of them, or fewer or more where a zone's history is odd.
 * Pure.
 */
#ifndef ENERGY_QUARTER_H
#define ENERGY_QUARTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUARTER_MS INT64_C(900000)
#define DAY_SLOTS_MAX 112 /* a local day of 28 hours: none is longer but where a date line moved */

/* Stored: never renumber. MISSING carries no energy; it is null, never 0. */
enum quality { QUALITY_MISSING = 0, QUALITY_MEASURED = 1, QUALITY_ESTIMATED = 2, QUALITY_PARTIAL = 3, QUALITY_EDITED = 4 };

const char *quality_name(enum quality quality); /* "missing", "measured", … */

struct slot {
    int64_t wh;
    enum quality quality;
};

struct day {
    int32_t local_day;
    int64_t start_utc_ms; /* of slot 0 */
    int slot_count;
    struct slot slots[DAY_SLOTS_MAX];
};

/* An empty day (all missing) between two local midnights. */
void day_init(struct day *day, int32_t local_day, int64_t midnight_utc_ms, int64_t next_midnight_utc_ms);
/* Is nothing known of any of its quarter-hours? */
bool day_is_empty(const struct day *day);

/* Totals over the slots [from, until), which may be clamped by the caller: Σ Wh and how many of each quality. */
struct energy_sum {
    int64_t wh;
    int measured;
    int estimated;
    int partial;
    int missing;
    int edited;
};
void energy_sum_slots(const struct day *day, int from, int until, struct energy_sum *sum); /* adds to *sum */

/*
 * The quality of a bucket made of slots: missing when all are, partial when some are missing or partial,
 * else estimated when one is, else edited when one is, else measured.
 */
enum quality energy_sum_quality(const struct energy_sum *sum);

/* Packed form: per slot one byte of quality and, but for MISSING, the Wh as a zigzag varint. */
#define DAY_PACKED_MAX (DAY_SLOTS_MAX * 11)
size_t day_pack(const struct day *day, unsigned char out[DAY_PACKED_MAX]);
bool day_unpack(const unsigned char *bytes, size_t len, struct day *day); /* fills slots; false on damage */

#endif
