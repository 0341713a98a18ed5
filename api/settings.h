/* What qw-api can be told (lib/daemon/settings.h gives file, environment and command line). */
#ifndef API_SETTINGS_H
#define API_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/settings.h"

struct api_settings {
    const char *log_level;
    const char *records_db;
    const char *ledger_db;
    const char *http_address;
    int64_t http_port;
    const char *web_root;
    const char *zoneinfo_dir;
    const char *pid_file;
    const char *trusted_proxies;
    bool cookie_secure;
    bool metrics_public;
    int64_t sse_clients_max;
    int64_t connections_per_address;
    int64_t request_timeout_ms;
    int64_t session_hours;
    int64_t ready_heartbeat_s;
};

extern const struct program api_program;

#endif
