/*
 * The ledger's file when it is large: how fast scattered readings go in beside a small one, how large a reading is with all that is known of it, in
 * open and in packed days, what a month of one meter costs, and one day of everybody. The store alone, through store/facts.h.
 *
 *   bench-store [--facts 100000000] [--days 100] [--wide 100000]      BENCH_DIR: where the files go (some 9 GB)
 *
 * As many meters as the facts make with so many days of quarter-hours. The small ledger has the same meters and one day. --wide: meters of the ledger
 * whose day totals are added up.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/civil.h"
#include "bench/bench.h"
#include "store/facts.h"

#define SLOTS 96
#define SLOT_MS INT64_C(900000)
#define DAY_MS INT64_C(86400000)
#define FIRST_DAY 20000 /* 2024-10-04 */
#define COMMIT_READINGS 2000
#define ROUNDS 5
#define SAMPLES 2000
#define MONTH 30

static struct {
    int64_t facts;
    int days, wide, meters;
} bench = {.facts = 100000000, .days = 100, .wide = 100000};

static struct fault fault;
#define WELL(call, what) bench_must((call), &fault, (what))

static struct facts *open_at(const char *name, enum facts_mode mode)
{
    char path[400];
    struct facts *facts;
    snprintf(path, sizeof path, "%s/%s.db", bench_folder(), name);
    WELL(facts_open_sqlite(path, mode, &fault, &facts), name);
    return facts;
}

static int64_t file_bytes(struct facts *writer, const char *name)
{
    char path[400];
    struct stat info;
    int64_t log;
    snprintf(path, sizeof path, "%s/%s.db", bench_folder(), name);
    WELL(facts_checkpoint(writer, &log, &fault), "the checkpoint");
    return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* ---- what is stored ---- */

static struct reading_row reading_of(int meter, int64_t n, uint32_t *seed)
{
    struct reading_row row = {.meter_no = meter + 1};
    struct reading *r = &row.reading;
    r->ts_utc_ms = FIRST_DAY * DAY_MS + n * SLOT_MS;
    r->channel_count = 1;
    r->channels[0] = (struct channel_value){OBIS_IMPORT, 1000000 + n * 130 + bench_random(seed, 120)};
    r->has_power = true;
    r->power_w = bench_random(seed, 3000);
    r->voltage_mv = (struct phases){1, {218000 + (int)bench_random(seed, 60) * 100}};
    r->has_seq = true;
    r->seq = n;
    snprintf(r->boot, sizeof r->boot, "b1a2c3d4");
    row.received_utc_ms = r->ts_utc_ms + 80 + bench_random(seed, 400);
    return row;
}

static void put(struct facts *facts, const struct reading_row *row)
{
    bool repeated;
    WELL(facts_put_reading(facts, row, &repeated, &fault), "a reading");
}

static void progress(const char *what, int meter, int meters)
{
    if (meter % (meters / 10 + 1) == 0)
        bench_note("  %s: %d of %d meters", what, meter, meters);
}

static void fill_facts(struct facts *facts, int meters, int days)
{
    uint32_t seed = 1;
    for (int meter = 0; meter < meters; meter++) {
        if (meter % 40 == 0)
            WELL(facts_begin(facts, &fault), "a batch");
        for (int64_t n = 0; n < (int64_t)days * SLOTS; n++) {
            struct reading_row row = reading_of(meter, n, &seed);
            put(facts, &row);
        }
        if (meter % 40 == 39 || meter == meters - 1)
            WELL(facts_commit(facts, &fault), "a batch");
        progress("facts", meter, meters);
    }
}

static void fill_days(struct facts *facts, int meters, int days)
{
    uint32_t seed = 2;
    for (int meter = 0; meter < meters; meter++) {
        if (meter % 400 == 0)
            WELL(facts_begin(facts, &fault), "a batch");
        for (int d = 0; d < days; d++) {
            struct day_row row = {.meter_no = meter + 1, .channel = OBIS_IMPORT};
            day_init(&row.day, FIRST_DAY + d, (FIRST_DAY + d) * DAY_MS, (FIRST_DAY + d + 1) * DAY_MS);
            for (int i = 0; i < SLOTS; i++)
                row.day.slots[i] = (struct slot){(int)bench_random(&seed, 400), QUALITY_MEASURED};
            WELL(facts_put_day(facts, &row, &fault), "a day");
        }
        if (meter % 400 == 399 || meter == meters - 1)
            WELL(facts_commit(facts, &fault), "a batch");
        progress("days", meter, meters);
    }
}

/* ---- readings that come now ---- */

/* One reading of every meter, in scattered order; readings a second. */
static double live_round(struct facts *facts, int64_t n, int *order, uint32_t *seed)
{
    for (int i = bench.meters - 1; i > 0; i--) {
        int j = (int)bench_random(seed, (uint32_t)i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    double began = bench_wall_s();
    for (int i = 0; i < bench.meters; i++) {
        if (i % COMMIT_READINGS == 0)
            WELL(facts_begin(facts, &fault), "a batch");
        struct reading_row row = reading_of(order[i], n, seed);
        put(facts, &row);
        if (i % COMMIT_READINGS == COMMIT_READINGS - 1 || i == bench.meters - 1)
            WELL(facts_commit(facts, &fault), "a batch");
    }
    return bench.meters / (bench_wall_s() - began);
}

static double inserts(struct facts *small, struct facts *large, double *out_small, double *out_large)
{
    double ratios[ROUNDS], slow[ROUNDS], quick[ROUNDS];
    uint32_t seed = 3;
    int *order = calloc((size_t)bench.meters, sizeof *order);
    for (int i = 0; i < bench.meters; i++)
        order[i] = i;
    live_round(small, SLOTS, order, &seed);
    live_round(large, (int64_t)bench.days * SLOTS, order, &seed);
    for (int i = 0; i < ROUNDS; i++) {
        quick[i] = live_round(small, SLOTS + 1 + i, order, &seed);
        slow[i] = live_round(large, (int64_t)bench.days * SLOTS + 1 + i, order, &seed);
        ratios[i] = slow[i] / quick[i];
    }
    free(order);
    *out_small = bench_median(quick, ROUNDS);
    *out_large = bench_median(slow, ROUNDS);
    return bench_median(ratios, ROUNDS);
}

/* ---- reading ---- */

static int count_day(const struct day_row *row, void *arg)
{
    *(int64_t *)arg += row->day.slot_count;
    return 0;
}

static int count_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)row;
    (void)at;
    ++*(int64_t *)arg;
    return 0;
}

static void month_of(struct facts *facts, int meter, int first)
{
    int64_t slots = 0;
    WELL(facts_days(facts, meter + 1, OBIS_IMPORT, FIRST_DAY + first, FIRST_DAY + first + MONTH, count_day, &slots, &fault), "a month");
    if (slots != MONTH * SLOTS)
        bench_must(ERR_FATAL, NULL, "a month that is whole");
}

static void readings_of_a_day(struct facts *facts, int meter, int first)
{
    int64_t count = 0, from = (FIRST_DAY + first) * DAY_MS;
    WELL(facts_readings(facts, meter + 1, from, from + DAY_MS, 1, 1000, NULL, count_reading, &count, &fault), "a day's readings");
    if (count != SLOTS)
        bench_must(ERR_FATAL, NULL, "a day that is whole");
}

/* Bytes that this process asked the system to read. */
static int64_t bytes_read(void)
{
    int64_t bytes = 0;
    FILE *file = fopen("/proc/self/io", "r");
    if (!file || fscanf(file, "rchar: %" SCNd64, &bytes) != 1)
        bench_must(ERR_FATAL, NULL, "/proc/self/io");
    fclose(file);
    return bytes;
}

static double cold_pages(const char *name)
{
    double pages[9];
    uint32_t seed = 5;
    for (int i = 0; i < 9; i++) {
        struct facts *facts = open_at(name, FACTS_READER);
        int64_t before = bytes_read();
        month_of(facts, (int)bench_random(&seed, (uint32_t)bench.meters), bench.days - MONTH);
        pages[i] = (double)(bytes_read() - before) / 4096;
        facts_close(facts);
    }
    return bench_median(pages, 9);
}

/* The 99th of a hundred, in ms; each is read once before it counts. */
static double p99_ms(struct facts *facts, void (*read)(struct facts *facts, int meter, int first), int first)
{
    static double took[SAMPLES];
    uint32_t seed = 6;
    for (int i = 0; i < SAMPLES; i++) {
        int meter = (int)bench_random(&seed, (uint32_t)bench.meters);
        read(facts, meter, first);
        double began = bench_wall_s();
        read(facts, meter, first);
        took[i] = (bench_wall_s() - began) * 1e3;
    }
    bench_median(took, SAMPLES); /* sorts */
    return took[SAMPLES * 99 / 100];
}

static int add_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    (void)meter_no;
    (void)local_day;
    *(int64_t *)arg += sum->wh > 0;
    return 0;
}

/* One day of everybody, by a fresh connection that is not cut off. */
static double everybody_s(void)
{
    struct facts *facts = open_at("wide", FACTS_WRITER);
    int64_t meters = 0;
    fill_days(facts, bench.wide, bench.days);
    facts_close(facts);
    facts = open_at("wide", FACTS_WRITER);
    double began = bench_wall_s();
    WELL(facts_day_sums(facts, 0, OBIS_IMPORT, FIRST_DAY + bench.days / 2, FIRST_DAY + bench.days / 2 + 1, add_sum, &meters, &fault),
         "the day's sums");
    double took = bench_wall_s() - began;
    facts_close(facts);
    if (meters != bench.wide)
        bench_must(ERR_FATAL, NULL, "a day of everybody");
    return took;
}

/* ---- packing ---- */

/* What the file uses, without its free pages: its header says both (sqlite.org/fileformat2.html). */
static int64_t used_bytes(struct facts *writer, const char *name)
{
    unsigned char head[40];
    char path[400];
    file_bytes(writer, name);
    snprintf(path, sizeof path, "%s/%s.db", bench_folder(), name);
    FILE *file = fopen(path, "r");
    if (!file || fread(head, 1, sizeof head, file) != sizeof head)
        bench_must(ERR_FATAL, NULL, path);
    fclose(file);
    int64_t pages = (int64_t)head[28] << 24 | head[29] << 16 | head[30] << 8 | head[31];
    int64_t unused = (int64_t)head[36] << 24 | head[37] << 16 | head[38] << 8 | head[39];
    return (pages - unused) * 4096;
}

/* Seconds for all days but the last. */
static double seal_all(struct facts *facts, int64_t *out_days)
{
    double began = bench_wall_s();
    int64_t before = (FIRST_DAY + bench.days) * DAY_MS;
    *out_days = 0;
    for (int meter = 0; meter < bench.meters; meter++) {
        if (meter % 20 == 0)
            WELL(facts_begin(facts, &fault), "a batch");
        for (int sealed = 1; sealed > 0; *out_days += sealed > 0)
            WELL(facts_seal(facts, meter + 1, before, &sealed, &fault), "sealing");
        if (meter % 20 == 19 || meter == bench.meters - 1)
            WELL(facts_commit(facts, &fault), "a batch");
        progress("sealed", meter, bench.meters);
    }
    return bench_wall_s() - began;
}

/* MiB that go back to the disk in a second, as the ingestor asks for it. */
static double give_back(struct facts *facts)
{
    int64_t before = file_bytes(facts, "large");
    double began = bench_wall_s();
    for (int i = 0; i < 40; i++) {
        WELL(facts_begin(facts, &fault), "a batch");
        WELL(facts_shrink(facts, 256, &fault), "shrinking");
        WELL(facts_commit(facts, &fault), "a batch");
    }
    double took = bench_wall_s() - began;
    return (double)(before - file_bytes(facts, "large")) / 1048576 / took;
}

static void read_options(char **argv)
{
    for (int i = 1; argv[i]; i += 2) {
        int64_t value = argv[i + 1] ? atoll(argv[i + 1]) : 0;
        if (value < 1)
            bench_must(ERR_INVALID, NULL, argv[i]);
        if (strcmp(argv[i], "--facts") == 0)
            bench.facts = value;
        else if (strcmp(argv[i], "--days") == 0)
            bench.days = (int)value;
        else if (strcmp(argv[i], "--wide") == 0)
            bench.wide = (int)value;
        else
            bench_must(ERR_INVALID, NULL, argv[i]);
    }
    bench.meters = (int)(bench.facts / SLOTS / bench.days);
    if (bench.days < MONTH + 1 || bench.meters < 10)
        bench_must(ERR_INVALID, NULL, "the options: at least 31 days and ten meters");
}

int main(int argc, char **argv)
{
    (void)argc;
    read_options(argv);
    struct facts *small = open_at("small", FACTS_WRITER), *large = open_at("large", FACTS_WRITER);
    double facts = (double)bench.meters * bench.days * SLOTS, began = bench_wall_s(), small_s, large_s;
    bench_note("bench-store: %d meters, %d days", bench.meters, bench.days);
    fill_facts(small, bench.meters, 1);
    fill_facts(large, bench.meters, bench.days);
    double bulk_s = facts / (bench_wall_s() - began);
    int64_t open_bytes = used_bytes(large, "large");
    bench_note("  %.1f bytes a reading", (double)open_bytes / facts);
    fill_days(large, bench.meters, bench.days);
    int64_t derived_bytes = used_bytes(large, "large") - open_bytes;
    double ratio = inserts(small, large, &small_s, &large_s);
    bench_note("  %.0f/s into the large one, %.0f/s into the small one, ratio %.3f", large_s, small_s, ratio);
    double pages = cold_pages("large");
    double month_ms = p99_ms(large, month_of, bench.days - MONTH), day_ms = p99_ms(large, readings_of_a_day, bench.days / 2);
    bench_note("  a month: %.0f pages, %.3f ms", pages, month_ms);
    int64_t days;
    double seal_s = seal_all(large, &days), back = give_back(large);
    int64_t sealed_bytes = used_bytes(large, "large") - derived_bytes;
    double sealed_day_ms = p99_ms(large, readings_of_a_day, bench.days / 2);
    bench_note("  %.1f bytes a reading, sealed", (double)sealed_bytes / facts);
    printf("{\"bench\":\"store\",\"facts\":%.0f,\"meters\":%d,\"bulk_per_s\":%.0f,\"insert_ratio\":%.3f,\"insert_small_per_s\":%.0f,"
           "\"insert_large_per_s\":%.0f,\"open_bytes\":%.1f,\"derived_bytes\":%.1f,\"sealed_bytes\":%.1f,\"seal_day_us\":%.0f,\"given_back_mib_s\":%."
           "1f,\"month_cold_pages\":%.0f,"
           "\"month_p99_ms\":%.3f,\"day_readings_p99_ms\":%.3f,\"sealed_day_readings_p99_ms\":%.3f,\"wide_meters\":%d,\"wide_day_s\":%.3f}\n",
           facts, bench.meters, bulk_s, ratio, small_s, large_s, (double)open_bytes / facts, (double)derived_bytes / facts,
           (double)sealed_bytes / facts, seal_s / (double)days * 1e6, back, pages, month_ms, day_ms, sealed_day_ms, bench.wide, everybody_s());
    facts_close(small);
    facts_close(large);
    return 0;
}
