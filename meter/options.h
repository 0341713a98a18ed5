/*
 * Every setting of qw-meter, in one struct and one table (daemon/settings.h).
 */
#ifndef METER_OPTIONS_H
#define METER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/settings.h"

struct options {
    const char *log_level, *log_file;

    const char *broker_host, *ca_file, *username, *password_file;
    int64_t broker_port;

    /* one meter */
    const char *dir, *meter_id, *serial, *claim_code, *claim_username, *claim_password_file, *lang;
    int64_t interval_ms, rate_w, nominal_v, spool_max_readings, receipt_wait_ms;
    bool menu;

    /* faults on purpose, of one meter or of a fleet */
    const char *fault;
    int64_t fault_permille, fault_skew_s, fault_register_max_wh, fault_exchange_wh, fault_silence_s, fault_every_s;
    bool fault_silence_loses;

    /* a fleet */
    int64_t fleet, gateways, seed, backfill_days, backfill_interval_s, skip_permille;
    const char *prefix, *zone, *backfill_until_done_file, *incidents;

    /* a replay */
    const char *replay, *meter, *meter_column, *time, *column, *channel, *kind, *unit, *label, *tz, *delimiter, *time_format;
    const char *speed, *order, *power_column, *voltage_column;
    int64_t step_s, batch, receipt_timeout_s, register_start_wh;
    bool wait_receipt;
};

extern const struct program meter_program;

/* What the settings named fault… say. */
struct defect_plan;
struct defect_plan options_defects(const struct options *options);

#endif
