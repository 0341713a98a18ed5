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

    /* a fleet */
    int64_t fleet, gateways, seed, backfill_days, backfill_interval_s, skip_permille;
    const char *prefix, *zone, *backfill_until_done_file;

    /* a replay */
    const char *replay, *meter, *meter_column, *time, *column, *channel, *kind, *unit, *label, *tz,
        *delimiter, *time_format;
    const char *speed, *order, *power_column, *voltage_column;
    int64_t step_s, batch, receipt_timeout_s, register_start_wh;
    bool wait_receipt;
};

extern const struct program meter_program;

#endif
