/*
 * How many month-bills of 15-minute data one core works out in a second.
 *
 *   bench-rate TARIFF.json [SECONDS]        one line of JSON: {"bench":"rate","tariff":…,"bills_per_second":…}
 *
 * Each meter has 31 days of quarter-hours of its own (import, and export at noon). The plan is made once, as the ingestor does; the time of making it
 * is told too. Baseline: the goal of issue 5, 10,000 bills per second and core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/civil.h"
#include "base/clock.h"
#include "daemon/files.h"
#include "daemon/zones.h"
#include "energy/rate.h"
#include "wire/tariff_json.h"

#define METERS 64
#define GOAL 10000
#define SLOTS_MAX (32 * DAY_SLOTS_MAX)

struct bench {
    struct tariff *tariff;
    const struct zone *zone;
    struct rate_plan *plan;
    int slots;
    struct rate_interval *intervals[METERS];
    int64_t plan_us;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A household's shape: low at night, high in the evening; each meter another seed of the same generator. */
static bool make_energy(struct bench *bench, int32_t from_day, int32_t until_day)
{
    int64_t from = zone_midnight_utc_ms(bench->zone, from_day), until = zone_midnight_utc_ms(bench->zone, until_day);
    bench->slots = (int)((until - from) / QUARTER_MS);
    for (int m = 0; m < METERS; m++) {
        uint32_t seed = 12345u + (uint32_t)m;
        bench->intervals[m] = calloc((size_t)bench->slots, sizeof *bench->intervals[m]);
        if (!bench->intervals[m])
            return false;
        for (int i = 0; i < bench->slots; i++) {
            int hour = i / 4 % 24;
            seed = seed * 1664525u + 1013904223u;
            bench->intervals[m][i] = (struct rate_interval){.start_utc_ms = from + i * QUARTER_MS,
                                                            .length_ms = (int32_t)QUARTER_MS,
                                                            .quality = QUALITY_MEASURED,
                                                            .import_wh = (hour >= 17 && hour < 22 ? 200 : 50) + (int64_t)(seed >> 25),
                                                            .export_wh = hour >= 11 && hour < 14 ? (int64_t)(seed >> 24) : 0};
        }
    }
    return true;
}

/* The last version's first whole month that all its dated tables know; prices by month decide. */
static int32_t choose_month(const struct tariff *tariff)
{
    const struct tariff_version *version = &tariff->versions[tariff->version_count - 1];
    int32_t day = version->from_day;
    for (int c = 0; c < version->charge_count; c++)
        for (int i = 0; i < version->charges[c].month_count; i++) {
            int month = version->charges[c].months[i].month;
            int32_t first = civil_to_day((struct civil){month / 12, month % 12 + 1, 1});
            if (first > day)
                day = first;
        }
    for (int t = 0; t < version->tax_count; t++)
        if (version->taxes[t].month_count > 0) {
            int month = version->taxes[t].months[0].month;
            day = civil_to_day((struct civil){month / 12, month % 12 + 1, 1});
        }
    return day;
}

static enum err prepare(struct bench *bench, const char *path, struct zones *zones, struct fault *fault)
{
    struct buf text;
    buf_init(&text, TARIFF_DOCUMENT_MAX);
    enum err err = file_read(path, fault, &text);
    if (err == OK)
        err = tariff_parse(text.data, text.len, fault, &bench->tariff);
    buf_finish(&text);
    if (err == OK)
        err = zones_get(zones, bench->tariff->tz[0] ? bench->tariff->tz : "UTC", fault, &bench->zone);
    if (err != OK)
        return err;
    int32_t day = choose_month(bench->tariff);
    struct civil date = civil_from_day(day);
    struct rate_terms terms = {.tariff = bench->tariff,
                               .zone = bench->zone,
                               .from_day = day,
                               .until_day = day + civil_month_length(date.year, date.month),
                               .known_utc_ms = INT64_MAX,
                               .version_no = bench->tariff->version_count};
    int64_t before = now_us();
    err = rate_plan_create(&terms, fault, &bench->plan);
    bench->plan_us = now_us() - before;
    if (err == OK && !make_energy(bench, terms.from_day, terms.until_day))
        err = fault_set(fault, ERR_FATAL, "no memory");
    return err;
}

/* Every half-hour of the month has a price, for tariffs that ask for a series. */
static struct price_series make_series(const struct bench *bench, struct series_price *prices)
{
    struct price_series series = {.prices = prices};
    const struct tariff_version *version = &bench->tariff->versions[bench->tariff->version_count - 1];
    for (int c = 0; c < version->charge_count; c++)
        if (version->charges[c].series.id[0])
            memcpy(series.id, version->charges[c].series.id, sizeof series.id);
    for (int i = 0; i < bench->slots; i += 2) {
        int64_t from = bench->intervals[0][i].start_utc_ms;
        prices[series.count++] = (struct series_price){from, from + 2 * QUARTER_MS, (i % 96 - 10) * (NANO / 4)};
    }
    return series;
}

static enum err run(const struct bench *bench, double seconds, struct fault *fault, int64_t *bills, int64_t *spent_us, int *lines)
{
    static struct bill bill;
    struct rate_account account = {
        .attributes = {"3", "residential", "X", "3", "gd2"}, .amps = 40, .contracted_milliw = 4600000, .average_wh = 250000};
    struct series_price *prices = calloc((size_t)bench->slots, sizeof *prices);
    if (!prices)
        return fault_set(fault, ERR_FATAL, "no memory");
    struct price_series series = make_series(bench, prices);
    struct rate_input input = {
        .account = &account, .interval_count = bench->slots, .series = &series, .series_count = 1, .scratch = rate_scratch_create()};
    enum err err = OK;
    int64_t begin = now_us(), end = begin + (int64_t)(seconds * 1e6);
    for (*bills = 0; err == OK && (*spent_us = now_us()) < end; (*bills)++) {
        input.intervals = bench->intervals[*bills % METERS];
        err = rate(bench->plan, &input, fault, &bill, NULL);
    }
    *spent_us -= begin;
    *lines = bill.line_count;
    free(prices);
    rate_scratch_destroy(input.scratch);
    return err;
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    struct fault fault = {0};
    int64_t bills = 0, spent_us = 1;
    int lines = 0;
    double seconds = argc > 2 ? atof(argv[2]) : 2;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    if (argc < 2 || !zones) {
        fprintf(stderr, "usage: bench-rate TARIFF.json [SECONDS]\n");
        return 2;
    }
    enum err err = prepare(&bench, argv[1], zones, &fault);
    if (err == OK)
        err = run(&bench, seconds, &fault, &bills, &spent_us, &lines);
    if (err != OK)
        fprintf(stderr, "bench-rate: %s %s\n", fault.pointer, fault.text);
    else
        printf("{\"bench\":\"rate\",\"tariff\":\"%s\",\"intervals\":%d,\"lines\":%d,\"bills\":%lld,\"seconds\":%.3f,\"bills_per_second\":%.0f,"
               "\"goal\":%d,\"plan_us\":%lld}\n",
               bench.tariff->tariff_id, bench.slots, lines, (long long)bills, (double)spent_us / 1e6, (double)bills * 1e6 / (double)spent_us, GOAL,
               (long long)bench.plan_us);
    for (int m = 0; m < METERS; m++)
        free(bench.intervals[m]);
    rate_plan_destroy(bench.plan);
    tariff_destroy(bench.tariff);
    zones_destroy(zones);
    return err != OK;
}
