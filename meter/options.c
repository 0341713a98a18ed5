#include "meter/options.h"

#include <stddef.h>
#include <string.h>

#include "meter/defect.h"

#define AT(field) .offset = offsetof(struct options, field)
#define TEXT(name_, initial_, help_)                                                                                                                 \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_TEXT, AT(name_), .initial = initial_, .help = help_                                                          \
    }
#define PATH(name_, help_)                                                                                                                           \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_PATH, AT(name_), .initial = "", .help = help_                                                                \
    }
#define SECRET(name_, help_)                                                                                                                         \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_SECRET_FILE, AT(name_), .initial = "", .help = help_                                                         \
    }
#define BOOL(name_, help_)                                                                                                                           \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_BOOL, AT(name_), .initial = "false", .help = help_                                                           \
    }
#define INT(name_, initial_, min_, max_, unit_, help_)                                                                                               \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_INT, AT(name_), .initial = initial_, .min = min_, .max = max_, .unit = unit_, .help = help_                  \
    }
#define CHOICE(name_, initial_, choices_, help_)                                                                                                     \
    {                                                                                                                                                \
        .name = #name_, .type = SETTING_CHOICE, AT(name_), .initial = initial_, .choices = choices_, .help = help_                                   \
    }

static const struct setting table[] = {
    SETTING_LOG_LEVEL(struct options, log_level),
    PATH(log_file, "Append the log to this file instead of standard error; with the menu the "
                   "default is meter.log in dir"),

    {.name = "broker_host",
     .type = SETTING_TEXT,
     AT(broker_host),
     .initial = "127.0.0.1",
     .also = "MQTT_HOST",
     .help = "The broker's host name or address; also from MQTT_HOST in the environment"},
    {.name = "broker_port",
     .type = SETTING_INT,
     AT(broker_port),
     .initial = "1883",
     .min = 1,
     .max = 65535,
     .also = "MQTT_PORT",
     .help = "The broker's port; also from MQTT_PORT in the environment"},
    PATH(ca_file, "Speak TLS to the broker and trust this CA bundle; empty: plain TCP"),
    TEXT(username, "", "The login at the broker; a single meter takes it from its identity when empty"),
    SECRET(password_file, "File that holds the password of username"),

    PATH(dir, "One meter: where it keeps its identity and its spool"),
    TEXT(meter_id, "", "One meter: its name, when it is not to ask for an identity"),
    TEXT(serial, "", "One meter: its serial number; empty: it makes one up and keeps it"),
    TEXT(claim_code, "", "One meter: the code that proves whose meter it is when it asks for its identity"),
    TEXT(claim_username, "claim", "One meter: the login with which an identity is asked for"),
    SECRET(claim_password_file, "One meter: file that holds the password of claim_username"),
    INT(interval_ms, "1000", 100, 86400000, "ms", "Time between two readings of a meter, also live in a fleet"),
    INT(rate_w, "500", 0, 100000, "W", "One meter: what it draws at first; afterwards it remembers what the menu set"),
    INT(nominal_v, "220", 100, 400, "V", "Nominal voltage of simulated meters"),
    INT(spool_max_readings, "200000", 16, 10000000, NULL, "One meter: most readings kept without a receipt (56 bytes each on disk)"),
    INT(receipt_wait_ms, "10000", 100, 3600000, "ms",
        "One meter: time without a receipt until readings are sent again; doubles up to ten "
        "minutes"),
    BOOL(menu, "One meter: show the menu even when standard input is no terminal"),
    TEXT(lang, "", "Language of the menu: pt-BR or en; empty: from the environment's LANG"),

    TEXT(fault, "",
         "One meter and fleet: faults on purpose, separated by commas: duplicate, reorder, skew, "
         "rollover, silence, corrupt, transient, exchange; the same ones at every run with this "
         "seed"),
    INT(fault_permille, "1000", 0, 1000, "per mille", "Fleet: so many of its meters have the faults"),
    INT(fault_skew_s, "120", -86400, 86400, "s", "Fault skew: so far ahead is the device's clock; below 0 behind"),
    INT(fault_register_max_wh, "99999", 999, 9007199254740990, "Wh",
        "Fault rollover: the register goes on at 0 behind this; it begins less than 100 Wh below"),
    INT(fault_exchange_wh, "1000", 1, 1000000000, "Wh", "Fault exchange: another device hangs there each time so much was counted"),
    INT(fault_silence_s, "60", 1, 86400, "s", "Fault silence: so long nothing is sent"),
    INT(fault_every_s, "600", 2, 864000, "s", "Fault silence: once in so long"),
    BOOL(fault_silence_loses, "Fault silence: one meter takes no readings then; else it keeps them and sends them after "
                              "(a meter of a fleet never keeps any)"),

    INT(fleet, "0", 0, 100000, NULL, "Simulate this many meters instead of one"),
    INT(gateways, "16", 1, 16, NULL, "Fleet: most connections to the broker"),
    TEXT(prefix, "casa-", "Fleet and replay of many meters: what their names begin with"),
    INT(seed, "1", 0, 4294967295, NULL, "Fleet: another seed is another neighbourhood; other faults too, also of one meter"),
    TEXT(zone, "America/Sao_Paulo", "Fleet: time zone of the neighbourhood; tells its seasons too"),
    INT(backfill_days, "0", 0, 3650, "days", "Fleet: publish so many days of history before going live (nothing before 2024)"),
    INT(backfill_interval_s, "900", 1, 86400, "s", "Fleet: time between two readings of the history"),
    PATH(backfill_until_done_file, "Fleet: create this file when the history is sent and receipted"),
    PATH(incidents, "Fleet: CSV file of what befell which meter and when: columns meter, kind (transient, frozen, silence, outage, exchange, "
                    "reset), from, until, value_wh"),
    INT(skip_permille, "0", 0, 1000, "per mille", "Fleet: leave out so many readings at random, history and live"),

    PATH(replay, "Replay this CSV file (.gz too) instead of simulating"),
    TEXT(meter, "", "Replay: the meter's name, when the file is of one meter"),
    TEXT(meter_column, "", "Replay: the column that names the meter; prefix goes before it"),
    TEXT(time, "", "Replay: the column of the time, or two columns (date,time)"),
    TEXT(column, "", "Replay: the column of the value; for registers several, separated by commas"),
    TEXT(channel, "1.8.0", "Replay: OBIS code of each column, separated by commas; 1.8.0 is import, 2.8.0 export"),
    CHOICE(kind, "register", "register|interval|power", "Replay: a cumulative register, energy of an interval, or mean power of an interval"),
    CHOICE(unit, "Wh", "Wh|kWh|W|kW", "Replay: unit of the value"),
    CHOICE(label, "end", "start|end", "Replay: whether a row's time is the start or the end of its interval"),
    TEXT(tz, "UTC", "Replay: time zone of times without an offset"),
    TEXT(delimiter, "", "Replay: the character between fields, or tab; empty: found in the first line"),
    CHOICE(time_format, "auto", "auto|epoch_s|epoch_ms|iso|dmy|mdy", "Replay: how times are written"),
    TEXT(speed, "max", "Replay: max, or how many times faster than real time"),
    TEXT(order, "",
         "Replay: a column of numbers that tells the order of rows of a meter whose times stand "
         "there "
         "twice; a time that is not later than the one before is then one step after it"),
    TEXT(power_column, "", "Replay: a column with the power in the unit W or kW of the file's kind power, else in W"),
    TEXT(voltage_column, "", "Replay: a column with the voltage in V"),
    INT(step_s, "0", 0, 86400, "s", "Replay: length of a row's interval; 0: found in the file"),
    INT(batch, "500", 1, 1000, NULL, "Replay: readings in a message"),
    INT(register_start_wh, "0", 0, 9007199254740991, "Wh", "Replay of power: where the register begins"),
    BOOL(wait_receipt, "Replay: leave only when the receipts have come too"),
    INT(receipt_timeout_s, "120", 1, 86400, "s", "Replay: give up waiting for receipts (exit code 1) after so long without any"),
};

static enum err check_replay(const struct options *o, struct fault *fault)
{
    if ((o->meter[0] == '\0') == (o->meter_column[0] == '\0'))
        return fault_set(fault, ERR_INVALID, "a replay needs either meter or meter_column");
    if (o->time[0] == '\0' || o->column[0] == '\0')
        return fault_set(fault, ERR_INVALID, "a replay needs time and column");
    bool power_unit = strcmp(o->unit, "W") == 0 || strcmp(o->unit, "kW") == 0;
    if (power_unit != (strcmp(o->kind, "power") == 0))
        return fault_set(fault, ERR_INVALID, "kind %s is not measured in %s", o->kind, o->unit);
    return OK;
}

static enum err check(const void *settings, struct fault *fault)
{
    const struct options *o = settings;
    unsigned defects;
    enum err err = defects_parse(o->fault, fault, &defects);
    if (err != OK)
        return err;
    if (defects != 0 && o->replay[0] != '\0')
        return fault_set(fault, ERR_INVALID, "a replay sends what the file holds: no fault");
    if (o->fault_silence_s >= o->fault_every_s)
        return fault_set(fault, ERR_INVALID, "fault_silence_s must be below fault_every_s");
    if (o->incidents[0] != '\0' && (o->fleet == 0 || defects != 0))
        return fault_set(fault, ERR_INVALID, "incidents are for a fleet, and one without fault");
    if (o->fleet > 0 && o->replay[0] != '\0')
        return fault_set(fault, ERR_INVALID, "fleet and replay exclude each other");
    if (o->replay[0] != '\0')
        return check_replay(o, fault);
    if (o->fleet == 0 && o->dir[0] == '\0')
        return fault_set(fault, ERR_INVALID, "one meter needs dir (or give fleet, or replay)");
    if (o->meter_id[0] != '\0' && o->username[0] == '\0')
        return fault_set(fault, ERR_INVALID, "meter_id needs username and password_file");
    return OK;
}

struct defect_plan options_defects(const struct options *o)
{
    struct defect_plan plan = {.seed = (uint64_t)o->seed,
                               .interval_ms = o->interval_ms,
                               .skew_s = o->fault_skew_s,
                               .register_max_wh = o->fault_register_max_wh,
                               .exchange_wh = o->fault_exchange_wh,
                               .silence_s = o->fault_silence_s,
                               .every_s = o->fault_every_s};
    defects_parse(o->fault, NULL, &plan.defects); /* was checked with the settings */
    return plan;
}

const struct program meter_program = {
    .name = "qw-meter",
    .purpose = "An electricity meter on MQTT: one with a menu, a simulated fleet, or a replay of "
               "recorded data",
    .settings = table,
    .setting_count = sizeof table / sizeof *table,
    .check = check,
};
