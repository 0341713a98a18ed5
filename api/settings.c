#include "api/settings.h"

#include <stddef.h>
#include "daemon/zones.h"

#define AT(field_) offsetof(struct api_settings, field_)

static const struct setting settings[] = {
    SETTING_LOG_LEVEL(struct api_settings, log_level),
    {.name = "records_db", .type = SETTING_PATH, .offset = AT(records_db), .min = 1, .initial = NULL,
     .help = "The records' database file: customers, logins, meters, rules"},
    {.name = "ledger_db", .type = SETTING_PATH, .offset = AT(ledger_db), .min = 1, .initial = NULL,
     .help = "The ledger's database file, which the ingestor writes; it may come later than this program"},
    {.name = "http_address", .type = SETTING_TEXT, .offset = AT(http_address), .initial = "127.0.0.1", .min = 1, .max = 45,
     .help = "The IPv4 address to listen on; TLS ends in a reverse proxy before it"},
    {.name = "http_port", .type = SETTING_INT, .offset = AT(http_port), .initial = "8080", .min = 0, .max = 65535,
     .help = "The port to listen on; 0 takes any free one, which the log tells"},
    {.name = "web_root", .type = SETTING_PATH, .offset = AT(web_root), .initial = "",
     .help = "The folder of the built web app; empty serves the API alone"},
    {.name = "zoneinfo_dir", .type = SETTING_PATH, .offset = AT(zoneinfo_dir), .initial = ZONES_DIR_DEFAULT,
     .help = "The folder of the time zone database"},
    {.name = "pid_file", .type = SETTING_PATH, .offset = AT(pid_file), .initial = "",
     .help = "Where the process id is written once the port is open; empty writes none"},
    {.name = "trusted_proxies", .type = SETTING_TEXT, .offset = AT(trusted_proxies), .initial = "",
     .help = "IPv4 addresses of reverse proxies, with commas between: exempt from the limit per address, and their "
             "X-Forwarded-For counts"},
    {.name = "cookie_secure", .type = SETTING_BOOL, .offset = AT(cookie_secure), .initial = "false",
     .help = "Marks the session cookie Secure; turn it on wherever TLS ends before this program"},
    {.name = "metrics_public", .type = SETTING_BOOL, .offset = AT(metrics_public), .initial = "false",
     .help = "Lets others than this machine read /metrics"},
    {.name = "sse_clients_max", .type = SETTING_INT, .offset = AT(sse_clients_max), .initial = "1000", .min = 1, .max = 10000,
     .help = "Live streams at a time; each holds a thread, beyond them 503"},
    {.name = "connections_per_address", .type = SETTING_INT, .offset = AT(connections_per_address), .initial = "32", .min = 1,
     .max = 10000, .help = "Connections that one address may hold; 127.0.0.1 and trusted proxies are exempt"},
    {.name = "request_timeout_ms", .type = SETTING_INT, .offset = AT(request_timeout_ms), .initial = "3000", .min = 100, .max = 60000,
     .unit = "ms", .help = "How long a request's head may take, its body, and each step of sending an answer"},
    {.name = "session_hours", .type = SETTING_INT, .offset = AT(session_hours), .initial = "168", .min = 1, .max = 8760, .unit = "h",
     .help = "How long a session lasts after it was last used"},
    {.name = "ready_heartbeat_s", .type = SETTING_INT, .offset = AT(ready_heartbeat_s), .initial = "15", .min = 1, .max = 3600,
     .unit = "s", .help = "How old the ingestor's heartbeat may be for /ready"},
};

const struct program api_program = {
    .name = "qw-api",
    .purpose = "Serves readings, bills, alerts and the web app over HTTP.",
    .settings = settings,
    .setting_count = sizeof settings / sizeof settings[0],
};
