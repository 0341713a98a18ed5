/*
 * An ingestor that knows very many points: how long it takes until it is connected and ready, and how much memory it holds; then again after each of
 * `heard` of them has said a reading.
 *
 *   bench-start [--points 1000000] [--heard 100000] [--bin build/bin]
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bench/bench.h"
#include "mqtt/link.h"
#include "store/facts.h"

#define READY_S 120

static struct {
    int points, heard, port, metrics_port;
    const char *bin;
    char records[400], ledger[400], journal[400];
} bench = {.points = 1000000, .heard = 100000, .bin = "build/bin"};

static struct fault fault;

static pid_t start(double *out_s)
{
    char program[300], port[16], metrics[16];
    snprintf(program, sizeof program, "%s/qw-ingestor", bench.bin);
    snprintf(port, sizeof port, "%d", bench.port);
    snprintf(metrics, sizeof metrics, "%d", bench.metrics_port);
    const char *argv[] = {program,
                          "--ledger-db",
                          bench.ledger,
                          "--records-db",
                          bench.records,
                          "--journal-dir",
                          bench.journal,
                          "--mqtt-port",
                          port,
                          "--mqtt-user",
                          "",
                          "--metrics-port",
                          metrics,
                          NULL};
    double began = bench_wall_s();
    pid_t pid = bench_spawn(argv);
    for (;;) {
        char command[100];
        snprintf(command, sizeof command, "curl -sf -o /dev/null http://127.0.0.1:%d/health", bench.metrics_port);
        if (system(command) == 0)
            break;
        if (bench_wall_s() - began > READY_S)
            bench_must(ERR_FATAL, NULL, "the ingestor does not become ready");
        usleep(20000);
    }
    *out_s = bench_wall_s() - began;
    return pid;
}

static int find_received(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, "readings.received") == 0)
        *(int64_t *)arg = value;
    return 0;
}

/* Each of `heard` says one reading, and all of them are derived. */
static void hear(void)
{
    struct link_settings settings = {.host = "127.0.0.1",
                                     .port = bench.port,
                                     .client_id = "fleet",
                                     .clean_session = true,
                                     .keep_alive_s = 60,
                                     .max_inflight = 400,
                                     .max_buffered = 4000};
    struct link_callbacks callbacks = {0};
    struct link *link;
    struct facts *facts;
    int64_t received = 0;
    bench_must(link_create(&settings, &callbacks, &fault, &link), &fault, "a link");
    bench_must(link_open(link, &fault), &fault, "a link");
    while (!link_is_up(link))
        usleep(10000);
    for (int i = 0; i < bench.heard; i++) {
        char topic[64], payload[120];
        snprintf(topic, sizeof topic, "meters/m-%06d/readings", i + 1);
        int len = snprintf(payload, sizeof payload, "{\"ts\":%" PRId64 ",\"energy_wh\":1000,\"power_w\":300,\"seq\":0,\"boot\":\"b\"}",
                           (int64_t)time(NULL) * 1000);
        while (link_publish(link, topic, payload, (size_t)len, 1, false, (uint64_t)i + 1, &fault) == ERR_RETRY)
            usleep(200);
    }
    bench_must(facts_open_sqlite(bench.ledger, FACTS_READER, &fault, &facts), &fault, "the ledger");
    for (int i = 0; i < 1200 && received < bench.heard; i++) {
        usleep(100000);
        facts_numbers(facts, find_received, &received, NULL);
    }
    if (received < bench.heard)
        bench_must(ERR_FATAL, NULL, "not all readings came");
    sleep(5);
    facts_close(facts);
    link_close(link, 2000);
}

int main(int argc, char **argv)
{
    double first_s, again_s;
    (void)argc;
    for (int i = 1; argv[i]; i += 2) {
        if (argv[i + 1] && strcmp(argv[i], "--points") == 0)
            bench.points = atoi(argv[i + 1]);
        else if (argv[i + 1] && strcmp(argv[i], "--heard") == 0)
            bench.heard = atoi(argv[i + 1]);
        else if (argv[i + 1] && strcmp(argv[i], "--bin") == 0)
            bench.bin = argv[i + 1];
        else
            bench_must(ERR_INVALID, NULL, argv[i]);
    }
    if (bench.points < 1 || bench.heard < 0 || bench.heard > bench.points)
        bench_must(ERR_INVALID, NULL, "the options");
    snprintf(bench.records, sizeof bench.records, "%s/records.db", bench_folder());
    snprintf(bench.ledger, sizeof bench.ledger, "%s/ledger.db", bench_folder());
    snprintf(bench.journal, sizeof bench.journal, "%s/journal", bench_folder());
    bench_note("bench-start: registering %d meters", bench.points);
    bench_records(bench.records, bench.points);
    bench.port = bench_free_port();
    bench.metrics_port = bench_free_port();
    bench_broker(bench.port);
    pid_t ingestor = start(&first_s);
    sleep(2);
    int64_t known_kib = bench_memory_kib(ingestor);
    bench_note("  ready after %.1f s, %" PRId64 " MiB; %d of them say something", first_s, known_kib / 1024, bench.heard);
    hear();
    int64_t heard_kib = bench_memory_kib(ingestor);
    bench_stop(ingestor, SIGTERM);
    ingestor = start(&again_s);
    sleep(2);
    int64_t again_kib = bench_memory_kib(ingestor);
    bench_stop(ingestor, SIGTERM);
    printf("{\"bench\":\"start\",\"points\":%d,\"ready_s\":%.2f,\"memory_mib\":%.0f,\"heard\":%d,\"heard_memory_mib\":%.0f,\"ready_again_s\":%.2f,"
           "\"memory_again_mib\":%.0f}\n",
           bench.points, first_s, (double)known_kib / 1024, bench.heard, (double)heard_kib / 1024, again_s, (double)again_kib / 1024);
    return 0;
}
