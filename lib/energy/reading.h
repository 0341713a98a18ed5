/*
 * A reading: what a meter says at one instant, with one value per channel (domain.md). A register reading carries
 * cumulative registers; an interval reading the energy of the `interval_s` that end at `ts_utc_ms`. Never both.
 */
#ifndef ENERGY_READING_H
#define ENERGY_READING_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/obis.h"

#define READING_CHANNELS_MAX 16
#define READING_PHASES_MAX 3
#define READING_BOOT_SIZE 33            /* protocol.md: boot ≤ 32 */
#define READING_WH_MAX 9007199254740991 /* 2^53-1: exact in every JSON reader */
#define METER_ID_SIZE 65                /* 1 to 64 of A-Z a-z 0-9 . _ - */

/* The kind of a fact. Stored: never renumber. */
enum fact_kind { FACT_REGISTER = 0, FACT_INTERVAL = 1 };

/* Flags as a bit set; all but the last travel on MQTT by name, that one is ours. Stored: never renumber. */
enum reading_flag {
    FLAG_POWER_FAIL = 1 << 0,
    FLAG_CLOCK_INVALID = 1 << 1,
    FLAG_TAMPER = 1 << 2,
    FLAG_TEST = 1 << 3,
    FLAG_ESTIMATED = 1 << 4,   /* of an interval: whoever sends it did not measure it (NEM12 quality E) */
    FLAG_SUBSTITUTED = 1 << 5, /* of an interval: put in later for what was lost (NEM12 quality S, F) */
    FLAG_SERVER_TIME = 1 << 8, /* no `ts` in the message: the time of receipt stands in */
};

/* Name of one flag bit ("power_fail"), NULL for an unknown bit; and back, 0 for an unknown name. */
const char *reading_flag_name(unsigned bit);
unsigned reading_flag_parse(const char *name);

struct channel_value {
    int32_t channel; /* OBIS code */
    int64_t value_wh;
};

/* One quantity on up to three phases; count 0: not told. */
struct phases {
    int count;
    int32_t value[READING_PHASES_MAX];
};

struct reading {
    int64_t ts_utc_ms;
    enum fact_kind kind;
    int32_t interval_s; /* 0 for registers */
    int channel_count;
    struct channel_value channels[READING_CHANNELS_MAX];
    bool has_power;
    int64_t power_w;
    struct phases voltage_mv;
    struct phases current_ma;
    struct phases power_factor_milli;
    int32_t frequency_mhz; /* 0: not told */
    unsigned flags;
    bool has_seq;
    int64_t seq;
    char boot[READING_BOOT_SIZE]; /* "" when not told */
};

/* The channel's value, or false. */
bool reading_value(const struct reading *reading, int32_t channel, int64_t *out_wh);

#endif
