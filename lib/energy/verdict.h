/*
 * Verdicts: what became of a reading, by name (ledger.md). One table gives the name, where it is judged, whether the
 * reading is stored and whether its energy counts; everything that names a verdict (rejects, metrics, REST, docs) reads it.
 *
 * The numbers are stored: never renumber, only append.
 */
#ifndef ENERGY_VERDICT_H
#define ENERGY_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

enum verdict {
    VERDICT_ACCEPTED = 0,
    VERDICT_REPEATED = 1,
    /* refused at the door: only what the message and its receipt time tell */
    VERDICT_BAD_TOPIC = 10,
    VERDICT_TOO_LARGE = 11,
    VERDICT_BAD_JSON = 12,
    VERDICT_BAD_TYPE = 13,
    VERDICT_OUT_OF_RANGE = 14,
    VERDICT_NO_ENERGY = 15,
    VERDICT_MIXED_KINDS = 16,
    VERDICT_BAD_TIME = 17,
    VERDICT_MISSING_TS = 18,
    VERDICT_FUTURE = 19,
    VERDICT_CLOCK_INVALID = 20,
    VERDICT_UNKNOWN_METER = 21,
    VERDICT_UNSUPPORTED_VERSION = 22,
    VERDICT_BAD_BATCH = 23,
    VERDICT_DUPLICATE_FIELD = 24,
    VERDICT_BAD_NAME = 25,
    VERDICT_BAD_EVENT = 26,
    /* over the neighbours: derived, may change when data arrive */
    VERDICT_CONFLICT = 40,
    VERDICT_TRANSIENT = 41,
    VERDICT_ROLLOVER = 42,
    VERDICT_RESET = 43,
    VERDICT_IMPLAUSIBLE = 44,
    VERDICT_CATCH_UP = 45,
    VERDICT_SENTINEL = 46,
    VERDICT_TEST = 47,
    /* a person decided it (energy/decision.h) */
    VERDICT_CHOSEN = 60,
    VERDICT_SET_ASIDE = 61,
};

enum verdict_place { VERDICT_AT_DOOR, VERDICT_OVER_NEIGHBOURS };

struct verdict_row {
    enum verdict verdict;
    const char *name;
    enum verdict_place place;
    bool stored; /* the reading is a fact */
    bool energy; /* its register value carries energy */
    const char *meaning;
};

extern const struct verdict_row verdict_table[];
extern const int verdict_count;

const char *verdict_name(enum verdict verdict); /* never NULL; "unknown_verdict" for a number not in the table */
bool verdict_refused(enum verdict verdict);     /* judged at the door and not stored */
bool verdict_parse(const char *name, enum verdict *out);
int verdict_index(enum verdict verdict); /* its row, or -1: for an array of counters */

#endif
