/*
 * The settings of qw-ingestor.
 */
#ifndef INGESTOR_SETTINGS_H
#define INGESTOR_SETTINGS_H

#include "daemon/settings.h"

struct ingestor_settings {
    const char *log_level;
    const char *ledger_db;
    const char *records_db;
    const char *journal_dir;
    int64_t journal_segment_mib;
    int64_t journal_max_mib;
    const char *mqtt_host;
    int64_t mqtt_port;
    const char *mqtt_client_id;
    const char *mqtt_user;
    const char *mqtt_password_file;
    const char *mqtt_ca_file;
    int64_t mqtt_keep_alive_s;
    int64_t mqtt_max_inflight;
    const char *login_file;
    const char *acl_file;
    int64_t login_reload_ms;
    bool auto_register;
    int64_t auto_register_per_minute;
    int64_t auto_register_max;
    int64_t batch_messages;
    int64_t derive_every_ms;
    int64_t refusals_kept;
    int64_t bill_publish_s;
        int64_t resends_per_minute, silent_intervals, silent_min_s, seal_after_days, derive_rest_ms;
    const char *zoneinfo_dir;
    int64_t metrics_port;
    const char *pid_file;
    bool rebuild;
};

extern const struct program ingestor_program;

#endif
