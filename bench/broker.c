/*
 * End to end on one broker: how many readings a second the ingestor takes (commit A and commit B), against a subscriber of the same client library
 * that only counts. The same publisher, the same payloads, the same broker settings; the two take turns, and the median of the pairs is told.
 *
 *   bench-broker [--meters 10000] [--seconds 20] [--pairs 3] [--bin build/bin] [--a-only]
 *
 * The load is closed: at most WINDOW readings are under way between the publisher and what the consumer has counted (or committed), so that what is
 * measured is what the consumer sustains, not how long a queue may grow. A run ends when everything published is counted, or committed and derived.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "bench/bench.h"
#include "mqtt/link.h"
#include "store/facts.h"

#define WINDOW 20000
#define PAIRS_MAX 15
#define PAYLOAD_SIZE 256
#define SETTLE_S 30

struct shared {
    _Atomic int64_t published, consumed;
    atomic_bool stop, ready, done;
};

static struct {
    int meters, seconds, pairs, port;
    const char *bin;
    bool a_only;
    struct shared *shared;
} bench = {.meters = 10000, .seconds = 20, .pairs = 3, .bin = "build/bin"};

/* ---- the publisher ---- */

static void acknowledged(uint64_t id, enum err result, void *arg)
{
    (void)id;
    (void)arg;
    (void)result;
}

static void went_down(const char *why, void *arg)
{
    (void)arg;
    bench_note("bench-broker: connection lost: %s", why);
}

static int64_t now_utc_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void shuffle(int *order, int count, uint32_t *seed)
{
    for (int i = count - 1; i > 0; i--) {
        int j = (int)bench_random(seed, (uint32_t)i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static void publish(int run)
{
    struct link_settings settings = {.host = "127.0.0.1",
                                     .port = bench.port,
                                     .client_id = "publisher",
                                     .clean_session = true,
                                     .keep_alive_s = 60,
                                     .max_inflight = 400,
                                     .max_buffered = 2000};
    struct link_callbacks callbacks = {.on_published = acknowledged, .on_down = went_down};
    struct fault fault = {0};
    struct link *link;
    uint32_t seed = 7;
    int *order = calloc((size_t)bench.meters, sizeof *order);
    int64_t *register_wh = calloc((size_t)bench.meters, sizeof *register_wh), *seq = calloc((size_t)bench.meters, sizeof *seq);
    bench_must(link_create(&settings, &callbacks, &fault, &link), &fault, "the publisher's link");
    bench_must(link_open(link, &fault), &fault, "the publisher's link");
    while (!link_is_up(link))
        usleep(10000);
    for (int i = 0; i < bench.meters; i++) {
        order[i] = i;
        register_wh[i] = 1000000 + (int64_t)run * 100000000;
    }
    for (int64_t n = 0; !atomic_load(&bench.shared->stop); n++) {
        if (n % bench.meters == 0)
            shuffle(order, bench.meters, &seed);
        int m = order[n % bench.meters];
        char topic[64], payload[PAYLOAD_SIZE];
        snprintf(topic, sizeof topic, "meters/m-%06d/readings", m + 1);
        int len =
            snprintf(payload, sizeof payload,
                     "{\"ts\":%" PRId64 ",\"energy_wh\":%" PRId64 ",\"power_w\":%u,\"voltage_v\":%u.%u,\"seq\":%" PRId64 ",\"boot\":\"run-%08d\"}",
                     now_utc_ms(), register_wh[m] += bench_random(&seed, 2), bench_random(&seed, 5000), 220 + bench_random(&seed, 10),
                     bench_random(&seed, 10), seq[m]++, run);
        while (n - atomic_load(&bench.shared->consumed) > WINDOW && !atomic_load(&bench.shared->stop))
            usleep(500);
        while (link_publish(link, topic, payload, (size_t)len, 1, false, (uint64_t)n + 1, &fault) == ERR_RETRY)
            usleep(200);
        atomic_store(&bench.shared->published, n + 1);
    }
    link_close(link, 20000);
    atomic_store(&bench.shared->done, true);
}

/* ---- the consumers ---- */

static void count_one(const struct link_message *message, void *arg)
{
    (void)message;
    (void)arg;
    atomic_fetch_add_explicit(&bench.shared->consumed, 1, memory_order_relaxed);
}

static void is_up(bool session_present, void *arg)
{
    (void)session_present;
    (void)arg;
    atomic_store(&bench.shared->ready, true);
}

static void count(void)
{
    struct link_subscription subscription = {"meters/+/readings", 1};
    struct link_settings settings = {.host = "127.0.0.1",
                                     .port = bench.port,
                                     .client_id = "counter",
                                     .keep_alive_s = 20,
                                     .max_inflight = 100,
                                     .subscriptions = &subscription,
                                     .subscription_count = 1};
    struct link_callbacks callbacks = {.on_message = count_one, .on_up = is_up, .on_down = went_down};
    struct fault fault = {0};
    struct link *link;
    bench_must(link_create(&settings, &callbacks, &fault, &link), &fault, "the counter's link");
    bench_must(link_open(link, &fault), &fault, "the counter's link");
    for (;;)
        pause();
}

static pid_t in_child(void (*work)(int), int arg)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        work(arg);
        _exit(0);
    }
    bench_keep_child(pid);
    return pid;
}

static void count_in_child(int arg)
{
    (void)arg;
    count();
}

static pid_t start_ingestor(const char *ledger, const char *records)
{
    char program[300], port[16], journal[420];
    snprintf(program, sizeof program, "%s/qw-ingestor", bench.bin);
    snprintf(port, sizeof port, "%d", bench.port);
    snprintf(journal, sizeof journal, "%s.journal", ledger); /* of this ledger alone */
    const char *argv[] = {program,
                          "--ledger-db",
                          ledger,
                          "--records-db",
                          records,
                          "--journal-dir",
                          journal,
                          "--mqtt-port",
                          port,
                          "--mqtt-user",
                          "",
                          "--metrics-port",
                          "-1",
                          "--derive-every-ms",
                          bench.a_only ? "60000" : "200",
                          NULL};
    return bench_spawn(argv);
}

/* ---- a run ---- */

struct outcome {
    double per_s, cpu_us;
};

static int find_received(const char *name, int64_t value, void *arg)
{
    if (strcmp(name, "readings.received") == 0)
        *(int64_t *)arg = value;
    return 0;
}

static int any_mark(const struct mark *mark, void *arg)
{
    (void)mark;
    *(bool *)arg = true;
    return 1;
}

/* How far the ingestor is: readings committed since `before`; *out_derived: and nothing is left to derive. */
static int64_t committed(struct facts *facts, int64_t before, bool *out_derived)
{
    int64_t received = before;
    bool marked = false;
    if (facts_numbers(facts, find_received, &received, NULL) != OK)
        return 0;
    facts_marks(facts, 1, any_mark, &marked, NULL);
    *out_derived = !marked || bench.a_only;
    return received - before;
}

static struct outcome measure(int run, pid_t consumer, struct facts *facts)
{
    int64_t before = 0;
    bool derived = true;
    if (facts)
        bench_must(facts_numbers(facts, find_received, &before, NULL), NULL, "the ledger's counters");
    atomic_store(&bench.shared->consumed, 0);
    atomic_store(&bench.shared->published, 0);
    atomic_store(&bench.shared->stop, false);
    atomic_store(&bench.shared->done, false);
    double cpu0 = bench_cpu_of_s(consumer), began = bench_wall_s();
    pid_t publisher = in_child(publish, run);
    for (;;) {
        if (facts)
            atomic_store(&bench.shared->consumed, committed(facts, before, &derived));
        double elapsed = bench_wall_s() - began;
        if (elapsed >= bench.seconds)
            atomic_store(&bench.shared->stop, true);
        if (atomic_load(&bench.shared->done) && atomic_load(&bench.shared->consumed) >= atomic_load(&bench.shared->published) && derived)
            break;
        if (elapsed > bench.seconds + SETTLE_S) {
            bench_note("bench-broker: %" PRId64 " of %" PRId64 " readings came through", atomic_load(&bench.shared->consumed),
                       atomic_load(&bench.shared->published));
            exit(1);
        }
        usleep(facts ? 20000 : 2000);
    }
    double elapsed = bench_wall_s() - began, readings = (double)atomic_load(&bench.shared->published);
    struct outcome outcome = {readings / elapsed, (bench_cpu_of_s(consumer) - cpu0) / readings * 1e6};
    bench_stop(publisher, SIGKILL);
    bench_note("  %s: %.0f readings/s, %.1f us of CPU each", facts ? "ingestor" : "counter ", outcome.per_s, outcome.cpu_us);
    return outcome;
}

static bool number_option(char **argv, int *i, const char *name, int *out)
{
    if (strcmp(argv[*i], name) != 0 || !argv[*i + 1])
        return false;
    *out = atoi(argv[++*i]);
    return true;
}

static void read_options(char **argv)
{
    for (int i = 1; argv[i]; i++) {
        if (number_option(argv, &i, "--meters", &bench.meters) || number_option(argv, &i, "--seconds", &bench.seconds) ||
            number_option(argv, &i, "--pairs", &bench.pairs))
            continue;
        if (strcmp(argv[i], "--a-only") == 0)
            bench.a_only = true;
        else if (strcmp(argv[i], "--bin") == 0 && argv[i + 1])
            bench.bin = argv[++i];
        else
            bench_must(ERR_INVALID, NULL, argv[i]);
    }
    if (bench.meters < 1 || bench.seconds < 1 || bench.pairs < 1 || bench.pairs > PAIRS_MAX)
        bench_must(ERR_INVALID, NULL, "the options");
}

int main(int argc, char **argv)
{
    (void)argc;
    read_options(argv);
    char ledger[400], records[400];
    struct facts *facts;
    struct fault fault = {0};
    double ratios[PAIRS_MAX], counter[PAIRS_MAX], ingestor[PAIRS_MAX], cpu[PAIRS_MAX];
    snprintf(records, sizeof records, "%s/records.db", bench_folder());
    bench.shared = mmap(NULL, sizeof *bench.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bench_records(records, bench.meters);
    for (int i = 0; i < bench.pairs; i++) {
        /* A ledger of its own for each pair: registers begin anew, which in one ledger would be ten thousand leaps to look into. */
        snprintf(ledger, sizeof ledger, "%s/ledger-%d.db", bench_folder(), i);
        bench_must(facts_open_sqlite(ledger, FACTS_WRITER, &fault, &facts), &fault, "the ledger");
        facts_close(facts);
        bench.port = bench_free_port();
        pid_t broker = bench_broker(bench.port);
        atomic_store(&bench.shared->ready, false);
        pid_t child = in_child(count_in_child, 0);
        while (!atomic_load(&bench.shared->ready))
            usleep(10000);
        counter[i] = measure(2 * i, child, NULL).per_s;
        bench_stop(child, SIGKILL);
        bench_stop(broker, SIGTERM);

        bench.port = bench_free_port();
        broker = bench_broker(bench.port);
        child = start_ingestor(ledger, records);
        bench_must(facts_open_sqlite(ledger, FACTS_READER, &fault, &facts), &fault, "the ledger");
        sleep(2);
        struct outcome outcome = measure(2 * i + 1, child, facts);
        ingestor[i] = outcome.per_s;
        cpu[i] = outcome.cpu_us;
        ratios[i] = ingestor[i] / counter[i];
        facts_close(facts);
        bench_stop(child, SIGTERM);
        bench_stop(broker, SIGTERM);
    }
    printf("{\"bench\":\"broker\",\"part\":\"%s\",\"meters\":%d,\"seconds\":%d,\"pairs\":%d,\"ratio\":%.3f,\"counter_per_s\":%.0f,"
           "\"ingestor_per_s\":%.0f,\"ingestor_cpu_us\":%.2f}\n",
           bench.a_only ? "a" : "a+b", bench.meters, bench.seconds, bench.pairs, bench_median(ratios, bench.pairs),
           bench_median(counter, bench.pairs), bench_median(ingestor, bench.pairs), bench_median(cpu, bench.pairs));
    return 0;
}
