/*
 * Checks over time: what a local day of a meter looks like against itself and its own past. They are advisory: they change no energy, and tell a
 * person where to look. A check that could not run says why (ledger.md: "A rule that could not run is listed as skipped").
 *
 * One table: name, threshold, unit, source. The thresholds are dated settings of the utility ("check.<name>", per class of point
 * "check.<name>.<class>"); the table has their defaults. Pure: a result is a function of what is handed in.
 *
 * Sources. UBP: Edison Electric Institute, Uniform Business Practices for Unbundled Electricity Metering, vol. 2 (2000), section 3: spike, high/low
 * usage, sum, interval and zero checks of validating, editing and estimating. PRODIST: ANEEL, Procedimentos de Distribuição, module 8 (power
 * quality), section 8.1: 1,008 valid ten-minute values of seven days; nominal voltage bands; DRP at most 3 %, DRC at most 0.5 %.
 */
#ifndef ENERGY_CHECK_H
#define ENERGY_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/quarter.h"

/* Stored: never renumber. */
enum check {
    CHECK_FROZEN = 0,
    CHECK_ZERO_RUN = 1,
    CHECK_SPIKE = 2,
    CHECK_HIGH_DAY = 3,
    CHECK_LOW_DAY = 4,
    CHECK_SUM_MISMATCH = 5,
    CHECK_INTERVAL_COUNT = 6,
    CHECK_VOLTAGE_PRECARIOUS = 7,
    CHECK_VOLTAGE_CRITICAL = 8,
    CHECK_CLOCK_DRIFT = 9,
};
#define CHECK_COUNT 10

struct check_row {
    enum check check;
    const char *name;
    const char *unit;   /* of value and threshold */
    int64_t threshold;  /* found beyond it */
    const char *source; /* of the rule and its threshold */
    const char *what;   /* one sentence */
};
extern const struct check_row check_table[CHECK_COUNT];
const struct check_row *check_by_name(const char *name); /* NULL: unknown */

enum check_outcome { CHECK_PASSED = 0, CHECK_FOUND = 1, CHECK_SKIPPED = 2 };
const char *check_outcome_name(enum check_outcome outcome);

/* Why a check could not run. Stored: never renumber. */
enum check_skip {
    SKIP_NOT = 0,
    SKIP_HISTORY = 1,    /* too few complete days before it */
    SKIP_INCOMPLETE = 2, /* the day itself is not whole */
    SKIP_NO_POWER = 3,   /* no power is told beside the register */
    SKIP_ONE_KIND = 4,   /* only registers, or only intervals: nothing to hold one to the other */
    SKIP_VOLTAGES = 5,   /* fewer than 1,008 ten-minute values in seven days */
    SKIP_NO_VOLTAGE = 6, /* no voltage is told */
    SKIP_NO_TIMES = 7,   /* too few readings with a time of their own that came at once */
};
const char *check_skip_words(enum check_skip skip); /* "too few complete days before it"; "" for SKIP_NOT */

struct check_result {
    enum check_outcome outcome;
    enum check_skip skip;
    int64_t from_utc_ms, until_utc_ms; /* what it is about: the day, or a stretch of it */
    int64_t value, threshold;
};

/* ---- what is handed in ---- */

#define CHECK_PAST_DAYS 28    /* before the day: four whole weeks */
#define CHECK_PAST_MIN 7      /* complete days that a comparison needs */
#define CHECK_TEN_MINUTES 144 /* of a day */
#define CHECK_WEEK_VALUES 1008

struct check_past {
    bool complete;
    int64_t wh;
    int64_t top_wh; /* the highest quarter-hour */
    int zero_slots; /* the longest run of quarter-hours of nothing in it */
};

/* Ten-minute values of one day that lay in, below or above the band, over all phases told. */
struct check_voltage {
    int values, precarious, critical;
};

struct check_day {
    const struct day *day;                   /* import */
    struct check_past past[CHECK_PAST_DAYS]; /* newest first; those that are not known are not complete */
    /* register reads of the day */
    int reads;
    int64_t first_read_ms, last_read_ms;
    int64_t register_wh; /* the rise between the first and the last used one */
    bool has_power;
    int64_t mean_power_w; /* of the readings that told one, absolute */
    bool has_intervals;
    int64_t interval_wh;             /* sum of the interval facts between the first and the last read */
    int64_t zero_before_slots;       /* quarter-hours of nothing that end where the day begins */
    struct check_voltage voltage[7]; /* this day and the six before it */
    bool tells_voltage;
    int lags;              /* readings with a time of their own, in order */
    int64_t median_lag_ms; /* receipt - ts */
    int64_t thresholds[CHECK_COUNT];
};

void check_run(const struct check_day *input, struct check_result out[CHECK_COUNT]);

/* Where a ten-minute value (mV, phase to neutral) lies for a nominal voltage (V): adequate, precarious or critical (PRODIST 8.1, annex tables). */
enum check_band { BAND_ADEQUATE, BAND_PRECARIOUS, BAND_CRITICAL };
enum check_band check_voltage_band(int nominal_v, int64_t value_mv);

#endif
