/*
 * qw-api: serves the store and the web app over HTTP. Read routes.c for what, http.h for how.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "api/fleet.h"
#include "api/gauges.h"
#include "api/http.h"
#include "api/ledger.h"
#include "api/live.h"
#include "api/logins.h"
#include "api/routes.h"
#include "api/settings.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"

#define PRUNE_EVERY_MS 300000

/* `qw-api --print-routes`: what the contract test compares openapi.yaml with. */
static int print_routes(void)
{
    for (size_t i = 0; i < route_count; i++)
        printf("%s %s\n", route_table[i].method, route_table[i].path);
    return 0;
}

static void answered(void *arg, const struct http_request *request, int status, size_t sent, int64_t took_us)
{
    (void)arg;
    histogram_observe(&gauges_latency_us, took_us);
    log_debug("answered", LOG_TEXT("method", request->method), LOG_TEXT("path", request->path), LOG_INT("status", status), LOG_UINT("bytes", sent),
              LOG_INT("took_us", took_us), LOG_TEXT("address", request->address), LOG_TEXT("request", request->request_id));
}

static void trouble(void *arg, const char *text)
{
    (void)arg;
    log_debug("http", LOG_TEXT("what", text));
}

/* Every stream holds a descriptor: the usual soft limit of 1,024 would end before sse_clients_max does. */
static void raise_files(const struct api_settings *settings)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)settings->sse_clients_max + HTTP_WORKERS + 512;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= wanted ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_warn("few files may be open: fewer live streams than sse_clients_max", LOG_UINT("files", limit.rlim_cur));
}

static enum err open_parts(struct server *server, struct fault *fault)
{
    const struct api_settings *settings = server->settings;
    struct records_options options = {.path = settings->records_db, .mode = RECORDS_CREATE};
    enum err err = records_open(&options, fault, &server->records);
    if (err != OK)
        return err;
    server->zones = zones_create(settings->zoneinfo_dir);
    server->ledger = ledger_create(settings->ledger_db);
    server->logins = logins_create(server->clock);
    server->fleet = fleet_create();
    if (server->zones == NULL || server->ledger == NULL || server->logins == NULL || server->fleet == NULL)
        return fault_set(fault, ERR_FATAL, "memory is out");
    return live_create(server->ledger, server->clock, (int)settings->sse_clients_max, fault, &server->live);
}

static void close_parts(struct server *server)
{
    live_destroy(server->live);
    fleet_destroy(server->fleet);
    logins_destroy(server->logins);
    ledger_destroy(server->ledger);
    zones_destroy(server->zones);
    records_close(server->records);
}

static enum err listen_now(struct server *server, struct fault *fault, struct http_server **out)
{
    const struct api_settings *settings = server->settings;
    struct http_options options = {
        .address = settings->http_address,
        .port = (int)settings->http_port,
        .streams_max = (int)settings->sse_clients_max,
        .request_timeout_ms = (int)settings->request_timeout_ms,
        .connections_per_address = (int)settings->connections_per_address,
        .trusted_proxies = settings->trusted_proxies,
        .handle = routes_handle,
        .done = answered,
        .trouble = trouble,
        .arg = server,
    };
    return http_start(&options, fault, out);
}

static enum err write_pid(const char *path, struct fault *fault)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%d\n", (int)getpid());
    return *path == '\0' ? OK : file_write_atomic(path, text, (size_t)len, 0644, fault);
}

/* What is due now and then, until the stop. */
static void tend(struct server *server)
{
    int64_t prune_ms = clock_monotonic(server->clock);
    do {
        struct fault fault = {0};
        fleet_tick(server);
        if (clock_monotonic(server->clock) < prune_ms)
            continue;
        prune_ms = clock_monotonic(server->clock) + PRUNE_EVERY_MS;
        if (records_prune(server->records, clock_now(server->clock), &fault) != OK)
            log_warn("records not pruned", LOG_FAULT(&fault));
    } while (!stop_wait(FLEET_TICK_MS));
}

static int serve(const struct api_settings *settings)
{
    struct server server = {.settings = settings, .clock = &clock_system};
    struct http_server *http = NULL;
    struct fault fault = {0};
    raise_files(settings);
    enum err err = stop_install(&fault);
    if (err == OK)
        err = open_parts(&server, &fault);
    if (err == OK)
        err = listen_now(&server, &fault, &http);
    if (err == OK)
        err = write_pid(settings->pid_file, &fault);
    if (err == OK) {
        log_info("serving", LOG_TEXT("address", settings->http_address), LOG_INT("port", http_port(http)), LOG_TEXT("version", QUILOWATT_VERSION));
        tend(&server);
        log_info("stopping");
        live_end(server.live);
    } else {
        log_error("cannot start", LOG_FAULT(&fault));
    }
    http_stop(http);
    close_parts(&server);
    if (*settings->pid_file != '\0' && err == OK)
        unlink(settings->pid_file);
    return err == OK ? 0 : 1;
}

int main(int argc, char *argv[])
{
    struct api_settings settings;
    memset(&settings, 0, sizeof settings);
    if (argc == 2 && strcmp(argv[1], "--print-routes") == 0)
        return print_routes();
    int code = program_start(&api_program, argc, argv, &settings, NULL);
    if (code >= 0)
        return code;
    code = serve(&settings);
    settings_finish(&api_program, &settings);
    return code;
}
