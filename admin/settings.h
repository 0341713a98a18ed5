/* What qw can be told before its command (lib/daemon/settings.h gives file, environment and command line). */
#ifndef ADMIN_SETTINGS_H
#define ADMIN_SETTINGS_H

#include <stdint.h>
#include "daemon/settings.h"

struct admin_settings {
    const char *records_db;
    const char *ledger_db;
    const char *zoneinfo_dir;
    int64_t busy_timeout_ms;
};

extern const struct program admin_program;

#endif
