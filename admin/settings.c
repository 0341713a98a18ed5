#include "admin/settings.h"
#include "daemon/zones.h"

#define FIELD(field_) offsetof(struct admin_settings, field_)

static const struct setting rows[] = {
    {.name = "records_db",
     .type = SETTING_PATH,
     .offset = FIELD(records_db),
     .initial = "var/records.db",
     .also = "RECORDS_DB",
     .help = "The database of meters, customers, logins and tariffs; also from RECORDS_DB in the environment"},
    {.name = "ledger_db",
     .type = SETTING_PATH,
     .offset = FIELD(ledger_db),
     .initial = "var/ledger.db",
     .also = "LEDGER_DB",
     .help = "The ingestor's database, for init and backup; empty where it is on another machine; also from LEDGER_DB in the environment"},
    {.name = "zoneinfo_dir",
     .type = SETTING_PATH,
     .offset = FIELD(zoneinfo_dir),
     .initial = ZONES_DIR_DEFAULT,
     .min = 1,
     .help = "The folder of the time zone database"},
    {.name = "busy_timeout_ms",
     .type = SETTING_INT,
     .offset = FIELD(busy_timeout_ms),
     .initial = "5000",
     .min = 1,
     .max = 600000,
     .unit = "ms",
     .help = "How long to wait for another program's write"},
};

const struct program admin_program = {
    .name = "qw",
    .purpose = "People, meters, tariffs and settings, by hand",
    .operands = "COMMAND …",
    .settings = rows,
    .setting_count = sizeof rows / sizeof *rows,
};
