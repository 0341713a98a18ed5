/*
 * What people wait for, on a system that ./run started and whose fleet bench/serve.sh registered:
 *
 *   bench-serve RUN_ENV [--meters 10000] [--rate 10000] [--seconds 20] [--pairs 5]
 *
 * - a read of some 1 KB from the store beside a file of that size from nginx, over connections that are kept alive (without nginx: not measured);
 * - how long the API takes for a meter's readings while nobody publishes, and while `rate` readings a second come in;
 * - how long it takes from publishing a reading until it is in the meter's stream of events, in the answer of the API, and on the bill so far.
 *
 * Prints one JSON object. Words for people go to standard error.
 */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bench/bench.h"
#include "bench/http.h"
#include "mqtt/link.h"

#define CLIENTS 4
#define SAMPLES_MAX 20000
#define PROBE_EVERY_US 100000
#define REST_EVERY_US 10000
#define NGINX "/usr/sbin/nginx"

static struct {
    int meters, rate, seconds, pairs;
    int http_port, mqtt_port;
    char token[200], user[80], password[200], version[40];
} bench = {.meters = 10000, .rate = 10000, .seconds = 20, .pairs = 5};

static void read_env(const char *path)
{
    char line[400], url[200] = "";
    FILE *file = fopen(path, "r");
    if (!file)
        bench_must(ERR_NOT_FOUND, NULL, path);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        sscanf(line, "URL=%199s", url);
        sscanf(line, "MQTT_PORT=%d", &bench.mqtt_port);
        sscanf(line, "MQTT_USER=%79s", bench.user);
        sscanf(line, "MQTT_PASSWORD=%199s", bench.password);
        sscanf(line, "API_TOKEN=%199s", bench.token);
    }
    fclose(file);
    bench.http_port = url[0] ? atoi(strrchr(url, ':') + 1) : 0;
}

static double percentile(double *values, int count, int percent)
{
    if (count == 0)
        return -1;
    bench_median(values, count); /* sorts */
    return values[count * percent / 100];
}

/* ---- many clients, as fast as they go ---- */

struct client {
    int port;
    const char *path, *token;
    double until_s;
    int64_t answers;
};

static void *ask_on(void *arg)
{
    struct client *client = arg;
    struct http *http = calloc(1, sizeof *http);
    http_open(http, client->port, client->token);
    while (bench_wall_s() < client->until_s) {
        if (http_get(http, client->path) != 200)
            bench_must(ERR_FATAL, NULL, http->body);
        client->answers++;
    }
    http_close(http);
    free(http);
    return NULL;
}

static double answers_per_s(int port, const char *path, const char *token)
{
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    double began = bench_wall_s();
    int64_t answers = 0;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){port, path, token, began + 3, 0};
        pthread_create(&threads[i], NULL, ask_on, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        answers += clients[i].answers;
    }
    return (double)answers / (bench_wall_s() - began);
}

static pid_t start_nginx(int port, const char *body, size_t len)
{
    char path[400], conf[2000], argument[420];
    snprintf(path, sizeof path, "%s/one", bench_folder());
    FILE *file = fopen(path, "w");
    fwrite(body, 1, len, file);
    fclose(file);
    snprintf(conf, sizeof conf,
             "daemon off; worker_processes 2; pid %s/nginx.pid; error_log %s/nginx.log; events {}\n"
             "http { access_log off; keepalive_requests 1000000; default_type application/json; client_body_temp_path %s; proxy_temp_path %s;\n"
             "fastcgi_temp_path %s; uwsgi_temp_path %s; scgi_temp_path %s; server { listen 127.0.0.1:%d; root %s; } }\n",
             bench_folder(), bench_folder(), bench_folder(), bench_folder(), bench_folder(), bench_folder(), bench_folder(), port, bench_folder());
    snprintf(path, sizeof path, "%s/nginx.conf", bench_folder());
    file = fopen(path, "w");
    fputs(conf, file);
    fclose(file);
    snprintf(argument, sizeof argument, "%s", path);
    const char *argv[] = {NGINX, "-c", argument, NULL};
    pid_t pid = bench_spawn(argv);
    usleep(500000);
    return pid;
}

/* The listing whose answer is nearest to 1 KB. */
static void choose_path(struct http *http, char *path, size_t size)
{
    int best = 1;
    size_t best_off = SIZE_MAX;
    for (int limit = 1; limit <= 20; limit++) {
        snprintf(path, size, "/api/v1/meters/probe/readings?limit=%d", limit);
        if (http_get(http, path) != 200)
            bench_must(ERR_FATAL, NULL, http->body);
        size_t off = http->len > 1024 ? http->len - 1024 : 1024 - http->len;
        if (off < best_off) {
            best_off = off;
            best = limit;
        }
    }
    snprintf(path, size, "/api/v1/meters/probe/readings?limit=%d", best);
    http_get(http, path);
}

static double beside_nginx(double *out_ours, double *out_nginx, size_t *out_bytes)
{
    double ratios[32], ours[32], theirs[32];
    char path[120];
    struct http *http = calloc(1, sizeof *http);
    int port = bench_free_port();
    http_open(http, bench.http_port, bench.token);
    choose_path(http, path, sizeof path);
    *out_bytes = http->len;
    *out_ours = *out_nginx = -1;
    if (access(NGINX, X_OK) != 0) {
        bench_note("bench-serve: no nginx here: not compared with it");
        return -1;
    }
    pid_t nginx = start_nginx(port, http->body, http->len);
    http_close(http);
    free(http);
    for (int i = 0; i < bench.pairs; i++) {
        theirs[i] = answers_per_s(port, "/one", NULL);
        ours[i] = answers_per_s(bench.http_port, path, bench.token);
        ratios[i] = ours[i] / theirs[i];
        bench_note("  nginx %.0f/s, ours %.0f/s", theirs[i], ours[i]);
    }
    bench_stop(nginx, SIGTERM);
    *out_ours = bench_median(ours, bench.pairs);
    *out_nginx = bench_median(theirs, bench.pairs);
    return bench_median(ratios, bench.pairs);
}

/* ---- the fleet ---- */

static struct link *publisher;
static atomic_bool fleet_stops;
static _Atomic int64_t fleet_said;

static int64_t now_utc_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void went_down(const char *why, void *arg)
{
    (void)arg;
    bench_note("bench-serve: connection lost: %s", why);
}

static struct link *link_as(const char *client_id)
{
    struct link_settings settings = {.host = "127.0.0.1",
                                     .port = bench.mqtt_port,
                                     .client_id = client_id,
                                     .username = bench.user,
                                     .password = bench.password,
                                     .clean_session = true,
                                     .keep_alive_s = 60,
                                     .max_inflight = 800,
                                     .max_buffered = 4000};
    struct link_callbacks callbacks = {.on_down = went_down};
    struct fault fault = {0};
    struct link *link;
    bench_must(link_create(&settings, &callbacks, &fault, &link), &fault, "a link");
    bench_must(link_open(link, &fault), &fault, "a link");
    while (!link_is_up(link))
        usleep(10000);
    return link;
}

static void say(struct link *link, const char *topic, const char *payload, int len, uint64_t id)
{
    struct fault fault;
    while (link_publish(link, topic, payload, (size_t)len, 1, false, id, &fault) == ERR_RETRY)
        usleep(200);
}

/* Readings of the fleet at the wanted rate, each meter in its turn, in slices of 5 ms. */
static void *fleet(void *arg)
{
    uint32_t seed = 9;
    double began = bench_wall_s();
    (void)arg;
    for (int64_t n = 0; !atomic_load(&fleet_stops);) {
        int64_t due = (int64_t)((bench_wall_s() - began) * bench.rate);
        for (; n < due && !atomic_load(&fleet_stops); n++) {
            char topic[64], payload[200];
            int m = (int)((n * 7919) % bench.meters);
            snprintf(topic, sizeof topic, "meters/m-%06d/readings", m + 1);
            int len = snprintf(payload, sizeof payload,
                               "{\"ts\":%" PRId64 ",\"energy_wh\":%" PRId64 ",\"power_w\":%u,\"voltage_v\":%u.%u,\"seq\":%" PRId64
                               ",\"boot\":\"serve-%s\"}",
                               now_utc_ms(), 1000000 + n / bench.meters, bench_random(&seed, 5000), 220 + bench_random(&seed, 10),
                               bench_random(&seed, 10), n / bench.meters, bench.version);
            say(publisher, topic, payload, len, (uint64_t)n + 1);
            atomic_store(&fleet_said, n + 1);
        }
        usleep(5000);
    }
    return NULL;
}

/* ---- what one waits for ---- */

static double answer_p99_ms(double seconds, double *out_p50)
{
    static double took[SAMPLES_MAX];
    struct http *http = calloc(1, sizeof *http);
    uint32_t seed = 4;
    int count = 0;
    http_open(http, bench.http_port, bench.token);
    for (double end = bench_wall_s() + seconds; bench_wall_s() < end && count < SAMPLES_MAX;) {
        char path[100];
        snprintf(path, sizeof path, "/api/v1/meters/m-%06u/readings?limit=20", 1 + bench_random(&seed, (uint32_t)bench.meters));
        double began = bench_wall_s();
        if (http_get(http, path) != 200)
            bench_must(ERR_FATAL, NULL, http->body);
        took[count++] = (bench_wall_s() - began) * 1e3;
        usleep(5000);
    }
    http_close(http);
    free(http);
    *out_p50 = percentile(took, count, 50);
    return percentile(took, count, 99);
}

enum way { STREAM, REST, BILL, WAYS }; /* on which a reading is seen */

struct wait {
    double ms[WAYS][SAMPLES_MAX];
    int count[WAYS], lost;
};

/* Is the register's value in what the stream says next, within a second and a half? */
static bool stream_tells(struct http *stream, int64_t energy_wh, double until_s)
{
    static char text[65536];
    static size_t len;
    char wanted[60];
    snprintf(wanted, sizeof wanted, "\"energy_wh\":%" PRId64, energy_wh);
    for (;;) {
        text[len] = '\0';
        char *found = strstr(text, wanted);
        if (found) {
            len = 0;
            return true;
        }
        double left = until_s - bench_wall_s();
        struct pollfd fd = {.fd = stream->fd, .events = POLLIN};
        if (left <= 0 || poll(&fd, 1, (int)(left * 1000) + 1) <= 0)
            return false;
        if (len > sizeof text / 2) {
            memmove(text, text + len - 1000, 1000);
            len = 1000;
        }
        ssize_t more = read(stream->fd, text + len, sizeof text - 1 - len);
        if (more <= 0)
            bench_must(ERR_FATAL, NULL, "the stream of events");
        len += (size_t)more;
    }
}

/* Asks until the answer holds the words. */
static bool answer_tells(struct http *rest, const char *path, const char *wanted, double until_s)
{
    for (;;) {
        if (http_get(rest, path) != 200)
            bench_must(ERR_FATAL, NULL, rest->body);
        if (strstr(rest->body, wanted))
            return true;
        if (bench_wall_s() > until_s)
            return false;
        usleep(REST_EVERY_US);
    }
}

static int64_t billed_wh(struct http *rest)
{
    int64_t wh = 0;
    const char *at = http_get(rest, "/api/v1/meters/probe/bill") == 200 ? strstr(rest->body, "\"import_wh\":") : NULL;
    if (!at || sscanf(at, "\"import_wh\":%" SCNd64, &wh) != 1)
        bench_must(ERR_FATAL, NULL, rest->body);
    return wh;
}

/* Readings of one more meter, each a Wh more than the one before: on which way is it seen, and after how long? The ways take turns. */
static void wait_for_readings(double seconds, struct wait *wait)
{
    struct http *stream = calloc(1, sizeof *stream), *rest = calloc(1, sizeof *rest);
    struct link *link = link_as("probe");
    int64_t energy_wh = now_utc_ms() / 100;
    http_open(stream, bench.http_port, bench.token);
    http_stream(stream, "/api/v1/meters/probe/live");
    usleep(500000);
    int turn = 0;
    for (double end = bench_wall_s() + seconds; bench_wall_s() < end && wait->count[STREAM] < SAMPLES_MAX; turn++) {
        enum way way = (enum way)(turn % WAYS);
        char payload[120], wanted[60];
        http_open(rest, bench.http_port, bench.token); /* the server keeps none that rests */
        int len = snprintf(payload, sizeof payload, "{\"ts\":%" PRId64 ",\"energy_wh\":%" PRId64 "}", now_utc_ms(), ++energy_wh);
        snprintf(wanted, sizeof wanted, "\"energy_wh\":%" PRId64, energy_wh);
        if (way == BILL)
            snprintf(wanted, sizeof wanted, "\"import_wh\":%" PRId64, billed_wh(rest) + 1);
        double began = bench_wall_s();
        say(link, "meters/probe/readings", payload, len, (uint64_t)energy_wh);
        bool seen = way == STREAM ? stream_tells(stream, energy_wh, began + 5)
                    : way == REST ? answer_tells(rest, "/api/v1/meters/probe/readings?limit=1&order=desc", wanted, began + 5)
                                  : answer_tells(rest, "/api/v1/meters/probe/bill", wanted, began + 5);
        if (seen)
            wait->ms[way][wait->count[way]++] = (bench_wall_s() - began) * 1e3;
        else
            wait->lost++;
        http_close(rest);
        /* What it said before must be billed before it is billed again. */
        usleep(turn % WAYS == REST ? 2500000 : PROBE_EVERY_US);
    }
    http_close(stream);
    free(stream);
    free(rest);
    link_close(link, 2000);
}

static void read_options(char **argv)
{
    for (int i = 2; argv[i] && argv[i + 1]; i += 2) {
        int *to = strcmp(argv[i], "--meters") == 0    ? &bench.meters
                  : strcmp(argv[i], "--rate") == 0    ? &bench.rate
                  : strcmp(argv[i], "--seconds") == 0 ? &bench.seconds
                  : strcmp(argv[i], "--pairs") == 0   ? &bench.pairs
                                                      : NULL;
        if (!to || (*to = atoi(argv[i + 1])) < 1 || bench.pairs > 32)
            bench_must(ERR_INVALID, NULL, argv[i]);
    }
}

int main(int argc, char **argv)
{
    static struct wait idle, busy;
    double ours, nginx, idle_p50, busy_p50;
    size_t bytes;
    pthread_t thread;
    if (argc < 2)
        bench_must(ERR_INVALID, NULL, "bench-serve RUN_ENV");
    read_env(argv[1]);
    read_options(argv);
    snprintf(bench.version, sizeof bench.version, "%" PRId64, now_utc_ms());
    double ratio = beside_nginx(&ours, &nginx, &bytes);
    publisher = link_as("fleet");
    bench_note("  nobody publishes");
    double idle_p99 = answer_p99_ms(bench.seconds, &idle_p50);
    wait_for_readings(bench.seconds, &idle);
    bench_note("  %d readings a second", bench.rate);
    pthread_create(&thread, NULL, fleet, NULL);
    sleep(3);
    int64_t said = atomic_load(&fleet_said);
    double began = bench_wall_s();
    double busy_p99 = answer_p99_ms(bench.seconds, &busy_p50);
    wait_for_readings(bench.seconds, &busy);
    double rate = (double)(atomic_load(&fleet_said) - said) / (bench_wall_s() - began);
    atomic_store(&fleet_stops, true);
    pthread_join(thread, NULL);
    link_close(publisher, 20000);
    printf(
        "{\"bench\":\"serve\",\"answer_bytes\":%zu,\"nginx_ratio\":%.3f,\"ours_per_s\":%.0f,\"nginx_per_s\":%.0f,\"ingested_per_s\":%.0f,"
        "\"answer_p99_ratio\":%.2f,\"answer_idle_p50_ms\":%.2f,\"answer_idle_p99_ms\":%.2f,\"answer_busy_p50_ms\":%.2f,\"answer_busy_p99_ms\":%.2f",
        bytes, ratio, ours, nginx, rate, busy_p99 / idle_p99, idle_p50, idle_p99, busy_p50, busy_p99);
    static const char *const names[WAYS] = {"stream", "rest", "bill"};
    for (int way = 0; way < WAYS; way++)
        printf(",\"%s_idle_p50_ms\":%.0f,\"%s_busy_p50_ms\":%.0f,\"%s_busy_p99_ms\":%.0f", names[way], percentile(idle.ms[way], idle.count[way], 50),
               names[way], percentile(busy.ms[way], busy.count[way], 50), names[way], percentile(busy.ms[way], busy.count[way], 99));
    printf(",\"not_seen\":%d}\n", idle.lost + busy.lost);
    return 0;
}
