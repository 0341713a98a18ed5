#include "ingestor/settings.h"
#include <stddef.h>

#define FIELD(name_) .offset = offsetof(struct ingestor_settings, name_), .name = #name_

static const struct setting table[] = {
    SETTING_LOG_LEVEL(struct ingestor_settings, log_level),
    {FIELD(ledger_db), .type = SETTING_PATH, .initial = NULL, .help = "The ledger; made where there is none. Written by this program alone"},
    {FIELD(records_db), .type = SETTING_PATH, .initial = NULL, .help = "The records, made by `qw init`"},
    {FIELD(journal_dir), .type = SETTING_PATH, .initial = NULL, .help = "Folder of the journal: messages on disk before they are acknowledged"},
    {FIELD(journal_segment_mib), .type = SETTING_INT, .initial = "64", .min = 1, .max = 1024, .unit = "MiB", .help = "Size of one journal segment"},
    {FIELD(journal_max_mib), .type = SETTING_INT, .initial = "4096", .min = 8, .max = 1048576, .unit = "MiB",
     .help = "How much may wait for the ledger before the broker is made to wait"},
    {FIELD(mqtt_host), .type = SETTING_TEXT, .initial = "127.0.0.1", .help = "The broker"},
    {FIELD(mqtt_port), .type = SETTING_INT, .initial = "1883", .min = 1, .max = 65535, .help = "The broker's port"},
    {FIELD(mqtt_client_id), .type = SETTING_TEXT, .initial = "qw-ingestor",
     .help = "Name of the persistent session: the broker keeps for it what comes while this program is away"},
    {FIELD(mqtt_user), .type = SETTING_TEXT, .initial = "ingestor", .help = "Login at the broker"},
    {FIELD(mqtt_password_file), .type = SETTING_SECRET_FILE, .initial = "", .help = "File that holds its password; empty: none"},
    {FIELD(mqtt_ca_file), .type = SETTING_PATH, .initial = "", .help = "CA bundle for TLS to the broker; empty: plain TCP"},
    {FIELD(mqtt_keep_alive_s), .type = SETTING_INT, .initial = "20", .min = 5, .max = 3600, .unit = "s", .help = "Keep-alive of the link"},
    {FIELD(mqtt_max_inflight), .type = SETTING_INT, .initial = "100", .min = 1, .max = 10000, .help = "QoS 1 messages under way to the broker"},
    {FIELD(login_file), .type = SETTING_PATH, .initial = "", .help = "The broker's password file, written from the logins; empty: not written"},
    {FIELD(acl_file), .type = SETTING_PATH, .initial = "", .help = "The broker's ACL file, written from the logins; empty: not written"},
    {FIELD(login_reload_ms), .type = SETTING_INT, .initial = "1500", .min = 0, .max = 60000, .unit = "ms",
     .help = "How long a new device's answer waits, so that the broker knows its login by then"},
    {FIELD(auto_register), .type = SETTING_BOOL, .initial = "false",
     .help = "May a name that nobody registered become a meter by its first good reading"},
    {FIELD(auto_register_per_minute), .type = SETTING_INT, .initial = "100", .min = 1, .max = 1000000,
     .help = "At most so many new names in a minute"},
    {FIELD(auto_register_max), .type = SETTING_INT, .initial = "100000", .min = 0, .max = 2000000, .help = "At most so many altogether"},
    {FIELD(batch_messages), .type = SETTING_INT, .initial = "2000", .min = 1, .max = 10000, .help = "At most so many messages in one commit"},
    {FIELD(derive_every_ms), .type = SETTING_INT, .initial = "200", .min = 0, .max = 60000, .unit = "ms",
     .help = "Time between two rounds of deriving while readings come without a break"},
    {FIELD(derive_rest_ms), .type = SETTING_INT, .initial = "1500", .min = 0, .max = 60000, .unit = "ms",
     .help = "While more than 500 meters wait to be derived, each is derived once in so long, and what came meanwhile together"},
    {FIELD(refusals_kept), .type = SETTING_INT, .initial = "100000", .min = 0, .max = 100000000,
     .help = "How many refused readings are kept with their payload"},
    {FIELD(bill_publish_s), .type = SETTING_INT, .initial = "60", .min = 1, .max = 86400, .unit = "s",
     .help = "At most one retained bill per meter in so long"},
    {FIELD(resends_per_minute), .type = SETTING_INT, .initial = "600", .min = 1, .max = 1000000,
          .help = "At most so many holes are asked for in a minute, of all meters together"},
    {FIELD(silent_intervals), .type = SETTING_INT, .initial = "4", .min = 0, .max = 10000,
     .help = "A meter that sent nothing for so many of its reading intervals is silent (alert meter_silent); 0: none is"},
    {FIELD(silent_min_s), .type = SETTING_INT, .initial = "3600", .min = 10, .max = 2592000, .unit = "s", .help = "And not before so long"},
    {FIELD(seal_after_days), .type = SETTING_INT, .initial = "100", .min = 0, .max = 36500, .unit = "days",
     .help = "The facts of days so long past are packed, a quarter as large or less, and read as before; 0: never"},
    {FIELD(zoneinfo_dir), .type = SETTING_PATH, .initial = "/usr/share/zoneinfo", .help = "Folder of the tz database"},
    {FIELD(metrics_port), .type = SETTING_INT, .initial = "0", .min = -1, .max = 65535,
     .help = "Port on loopback for /metrics and /health; 0: any free one, -1: none"},
    {FIELD(pid_file), .type = SETTING_PATH, .initial = "", .help = "Where the process number is written; empty: nowhere"},
    {FIELD(rebuild), .type = SETTING_BOOL, .initial = "false",
     .help = "Derives the ledger anew from its facts and ends, without a broker: only for the copy that `qw verify` made"},
};

static enum err check(const void *settings, struct fault *fault)
{
    const struct ingestor_settings *s = settings;
    if (!s->login_file[0] != !s->acl_file[0])
        return fault_set(fault, ERR_INVALID, "login_file and acl_file go together");
    return OK;
}

const struct program ingestor_program = {
    .name = "qw-ingestor",
    .purpose = "Takes readings from the broker, keeps the ledger, and publishes bills and alerts",
    .settings = table,
    .setting_count = sizeof table / sizeof table[0],
    .check = check,
};
