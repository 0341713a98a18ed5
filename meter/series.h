/*
 * Recorded values to readings, exactly: registers as they are, intervals with their rest below 1 Wh
 * carried on, and power integrated into a register. Pure.
 *
 * Power: the value holds from the start to the end of its interval; the register read at the end of
 * an interval is floor(exact sum), so the difference of any two reads is exact to the Wh. A row
 * without a value adds nothing and says nothing. The first row is preceded by a read at its start.
 */
#ifndef METER_SERIES_H
#define METER_SERIES_H

#include "energy/reading.h"

enum series_kind { SERIES_REGISTER, SERIES_INTERVAL, SERIES_POWER };

#define SERIES_CHANNELS_MAX 8

struct series_plan {
    enum series_kind kind;
    bool kilo; /* kWh, kW */
    bool label_is_start;
    int64_t step_ms; /* length of an interval; for registers only to add to a label that is a start,
                        may be 0 */
    int channel_count;
    int32_t channels[SERIES_CHANNELS_MAX];
    int64_t register_start_wh;
};

enum series_verdict { SERIES_TAKEN, SERIES_MISSING, SERIES_BAD_VALUE, SERIES_NEGATIVE, SERIES_OVERFLOW };

struct series {
    const struct series_plan *plan;
    bool started;
    int64_t label_utc_ms; /* of the last row */
    int64_t carry_nwh;    /* intervals: what is below 1 Wh */
    int64_t total_uws;    /* power: µW·s since the start */
    int64_t next_seq;
};

void series_init(struct series *series, const struct series_plan *plan);

/* The label after which a repeated wall time is the later one (stamp.h). */
int64_t series_after(const struct series *series);

/* "", "?", NA, NaN, null: no value. */
bool series_is_missing(const char *text);

/*
 * One row: plan->channel_count texts. Writes 0 to 2 readings, with seq. power_w and voltage are the
 * caller's to add; for power it is set.
 */
enum series_verdict series_take(struct series *series, int64_t label_utc_ms, const char *const *values, struct reading out[2], int *out_count);

#endif
