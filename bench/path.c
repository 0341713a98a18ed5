/*
 * What one reading costs on the ingestor's path, without broker and journal: CPU time of commit A and of commit B, for a fleet that sends in
 * scattered order. Prints one JSON object.
 *
 *   bench-path [meters] [seconds] [history days] [batch]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "base/instant.h"
#include "ingestor/pipeline.h"

#define PAYLOAD_SIZE 200

static int64_t now_ms, monotonic_ms;

static int64_t now_of(void *arg)
{
    (void)arg;
    return now_ms;
}

static int64_t monotonic_of(void *arg)
{
    (void)arg;
    return monotonic_ms;
}

static bool send_nowhere(void *arg, const struct outgoing *message)
{
    (void)arg;
    (void)message;
    return true;
}

static void must(enum err err, const struct fault *fault)
{
    if (err == OK)
        return;
    fprintf(stderr, "bench-path: %s: %s\n", err_name(err), fault->text);
    exit(1);
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double wall_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned random_state = 1;
static unsigned rnd(unsigned below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

int main(int argc, char **argv)
{
    int meters = argc > 1 ? atoi(argv[1]) : 10000, seconds = argc > 2 ? atoi(argv[2]) : 20;
    bool derive = !getenv("A_ONLY");
    int history = argc > 3 ? atoi(argv[3]) : 0, batch = argc > 4 ? atoi(argv[4]) : 2000;
    char folder[] = "/tmp/qw-bench-XXXXXX", path[64];
    struct fault fault = {0};
    struct records *records;
    struct facts *facts;
    struct pipeline *pipeline;
    if (!mkdtemp(folder))
        return 1;
    now_ms = INT64_C(1795348800000);
    monotonic_ms = 1000000;
    snprintf(path, sizeof path, "%s/records.db", folder);
    must(records_open(&(struct records_options){.path = path, .mode = RECORDS_CREATE}, &fault, &records), &fault);
    struct actor actor = {"bench", now_ms};
    struct point_record model;
    int64_t added, existing;
    point_record_init(&model);
    snprintf(model.tz, sizeof model.tz, "America/Sao_Paulo");
    must(records_point_add_many(records, &actor, &model, "m-", 1, meters, 6, &fault, &added, &existing), &fault);
    static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                                 "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]},"
                                 "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"}],"
                                 "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\"}]}]}";
    int64_t revision;
    must(records_tariff_put(records, &actor, "t", tariff, sizeof tariff - 1, "hash", 0, &fault, &revision), &fault);
    must(records_setting_set(records, &actor, "default_tariff", "t", 0, &fault), &fault);
    snprintf(path, sizeof path, "%s/ledger.db", folder);
    must(facts_open_sqlite(path, FACTS_WRITER, &fault, &facts), &fault);
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    struct pipeline_parts parts = {.facts = facts,
                                   .records = records,
                                   .zones = zones,
                                   .clock = {now_of, monotonic_of, NULL},
                                   .refusals_kept = 1000,
                                   .bill_publish_s = 60,
                                   .resends_per_minute = 600,
                                   .login_file = "",
                                   .acl_file = "",
                                   .send = send_nowhere};
    must(pipeline_create(&parts, &fault, &pipeline), &fault);

    int64_t *register_wh = calloc((size_t)meters, sizeof *register_wh), *seq = calloc((size_t)meters, sizeof *seq);
    int *order = calloc((size_t)meters, sizeof *order);
    struct message *messages = calloc((size_t)batch, sizeof *messages);
    char(*topics)[64] = calloc((size_t)batch, sizeof *topics), (*payloads)[PAYLOAD_SIZE] = calloc((size_t)batch, sizeof *payloads);
    for (int i = 0; i < meters; i++) {
        order[i] = i;
        register_wh[i] = 1000000 + (int64_t)rnd(1000000);
    }
    struct journal_position position = {1, 0};
    bool more;
    /* history: a reading every quarter-hour, in batches of 96 */
    static char big[96 * PAYLOAD_SIZE];
    double h0 = cpu_s(), hb = 0;
    int64_t hn = 0;
    for (int day = history; day > 0; day--)
        for (int m = 0; m < meters; m++) {
            int len = snprintf(big, sizeof big, "{\"readings\":[");
            for (int q = 0; q < 96; q++)
                len += snprintf(big + len, sizeof big - (size_t)len, "%s{\"ts\":%" PRId64 ",\"energy_wh\":%" PRId64 "}", q ? "," : "",
                                now_ms - day * MS_PER_DAY + q * 15 * MS_PER_MIN, register_wh[m] += 50 + rnd(100));
            len += snprintf(big + len, sizeof big - (size_t)len, "]}");
            char topic[64];
            snprintf(topic, sizeof topic, "meters/m-%06d/readings", m + 1);
            struct message one = {topic, strlen(topic), big, (size_t)len, now_ms};
            position.offset++;
            must(pipeline_store(pipeline, &one, 1, position, &fault), &fault);
            hn += 96;
            if (m % 20 == 19 || m == meters - 1) {
                double b0 = cpu_s();
                for (more = true; more;)
                    must(pipeline_derive(pipeline, 100, &more, &fault), &fault);
                hb += cpu_s() - b0;
            }
        }
    double history_s = cpu_s() - h0;
    double a = 0, b = 0, aw = 0, bw = 0;
    int64_t readings = 0, marks = 0;
    for (int s = 0; s < seconds; s++) {
        for (int i = meters - 1; i > 0; i--) {
            int j = (int)rnd((unsigned)i + 1), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        for (int at = 0; at < meters; at += batch) {
            int count = meters - at < batch ? meters - at : batch;
            for (int i = 0; i < count; i++) {
                int m = order[at + i];
                register_wh[m] += rnd(3);
                snprintf(topics[i], sizeof topics[i], "meters/m-%06d/readings", m + 1);
                int len = snprintf(payloads[i], PAYLOAD_SIZE,
                                   "{\"ts\":%" PRId64 ",\"energy_wh\":%" PRId64 ",\"power_w\":%u,\"voltage_v\":%u.%u,\"seq\":%" PRId64
                                   ",\"boot\":\"b1a2c3d4\"}",
                                   now_ms, register_wh[m], rnd(5000), 220 + rnd(10), rnd(10), seq[m]++);
                messages[i] = (struct message){topics[i], strlen(topics[i]), payloads[i], (size_t)len, now_ms};
            }
            position.offset += count;
            double a0 = cpu_s(), w0 = wall_s();
            must(pipeline_store(pipeline, messages, (size_t)count, position, &fault), &fault);
            a += cpu_s() - a0;
            aw += wall_s() - w0;
            readings += count;
        }
        double b0 = cpu_s(), w0 = wall_s();
        for (more = derive; more;)
            must(pipeline_derive(pipeline, 100, &more, &fault), &fault);
        b += cpu_s() - b0;
        bw += wall_s() - w0;
        marks += meters;
        now_ms += 1000;
        monotonic_ms += 1000;
        must(pipeline_tend(pipeline, &fault), &fault);
    }
    printf("{\"bench\":\"path\",\"meters\":%d,\"readings\":%" PRId64 ",\"a_cpu_us\":%.2f,\"b_cpu_us\":%.2f,\"a_wall_us\":%.2f,\"b_wall_us\":%.2f,"
           "\"history_readings\":%" PRId64 ",\"history_cpu_us\":%.2f,\"history_b_us\":%.2f}\n",
           meters, readings, a / (double)readings * 1e6, b / (double)marks * 1e6, aw / (double)readings * 1e6, bw / (double)marks * 1e6, hn,
           hn ? history_s / (double)hn * 1e6 : 0, hn ? hb / (double)hn * 1e6 : 0);
    pipeline_destroy(pipeline);
    facts_close(facts);
    records_close(records);
    zones_destroy(zones);
    snprintf(big, sizeof big, "rm -rf %s", folder);
    return system(big);
}
