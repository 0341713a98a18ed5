/*
 * What the lines of a bill are made of. Every tariff document of tests/tables/tariffs is billed on a month of quarter-hours (and where it needs no
 * more, on the same month's day sums): the intervals that a line names add up to its quantity, and what they measured is accounted for to the Wh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/zones.h"
#include "energy/rate.h"
#include "wire/tariff_json.h"

#define SLOTS_MAX (40 * 96 + 8)
#define HOUR_MS INT64_C(3600000)

struct told {
    bool energy;
    struct line_energy sums;
    int64_t metered_wh, line_wh, hours[24]; /* hours: of the local day, what the line bears */
    int64_t until_utc_ms;                   /* of its last interval: they ascend */
    int intervals, prices, priced;
    int32_t price_days;
    char levels[128];
    bool peaked;
    struct line_peak peak;
};

static struct zones *zones;
static const struct zone *zone;
static struct tariff *tariff;
static struct rate_interval slots[SLOTS_MAX];
static struct energy_sum days[40], export_days[40];
static int slot_count;
static struct told told[BILL_LINES_MAX];
static struct bill bill;
static struct fault fault;

static void on_energy(void *arg, int line_no, const struct line_energy *energy)
{
    (void)arg;
    assert_false(told[line_no].energy);
    told[line_no].energy = true;
    told[line_no].sums = *energy;
}

static void on_interval(void *arg, int line_no, const struct line_interval *interval)
{
    struct told *line = &told[line_no];
    (void)arg;
    assert_true(line->energy);
    assert_true(interval->length_ms > 0 && (line->intervals == 0 || interval->start_utc_ms >= line->until_utc_ms));
    line->until_utc_ms = interval->start_utc_ms + interval->length_ms;
    line->intervals++;
    line->priced += interval->priced;
    line->metered_wh += interval->metered_wh;
    line->line_wh += interval->line_wh;
    int64_t local_ms = interval->start_utc_ms + INT64_C(1000) * zone_offset_s(zone, interval->start_utc_ms);
    line->hours[local_ms / HOUR_MS % 24] += interval->line_wh;
}

static void on_price(void *arg, int line_no, const struct line_price *price)
{
    size_t used = strlen(told[line_no].levels);
    (void)arg;
    told[line_no].prices++;
    told[line_no].price_days += price->until_day - price->from_day;
    snprintf(told[line_no].levels + used, sizeof told[line_no].levels - used, "%s ", price->level);
}

static void on_peak(void *arg, int line_no, const struct line_peak *peak)
{
    (void)arg;
    told[line_no].peaked = true;
    told[line_no].peak = *peak;
}

static const struct rate_trace trace = {on_energy, on_interval, on_price, on_peak, NULL};

/* A house with a roof: something in every quarter-hour, never the same; a few are estimated. */
static void use(int32_t from_day, int32_t until_day)
{
    slot_count = 0;
    for (int32_t day = from_day; day < until_day; day++) {
        struct energy_sum *sum = &days[day - from_day], *out = &export_days[day - from_day];
        *sum = *out = (struct energy_sum){0};
        for (int64_t at = zone_midnight_utc_ms(zone, day); at < zone_midnight_utc_ms(zone, day + 1); at += 900000) {
            int i = slot_count;
            struct rate_interval slot = {.start_utc_ms = at,
                                         .length_ms = 900000,
                                         .quality = i % 97 == 5 ? QUALITY_ESTIMATED : QUALITY_MEASURED,
                                         .import_wh = 40 + i * 37 % 211,
                                         .export_wh = i % 96 > 40 && i % 96 < 60 ? i * 17 % 131 : 0};
            slots[slot_count++] = slot;
            sum->wh += slot.import_wh;
            out->wh += slot.export_wh;
            (*(slot.quality == QUALITY_MEASURED ? &sum->measured : &sum->estimated))++;
        }
    }
}

static void load(const char *document, size_t len)
{
    tariff_destroy(tariff);
    tariff = NULL;
    if (tariff_parse(document, len, &fault, &tariff) != OK)
        fail_msg("%s %s", fault.pointer, fault.text);
    if (zones_get(zones, tariff->tz[0] ? tariff->tz : "America/Sao_Paulo", &fault, &zone) != OK)
        fail_msg("%s", fault.text);
}

/* Rates `count` days from one on. False: this tariff wants something that this house has not. */
static bool rated(int32_t from_day, int count, const struct price_series *series, bool by_days)
{
    struct rate_account account = {
        .attributes = {"3", "residential", "X", "3", "gd1"}, .amps = 63, .contracted_milliw = 50000000, .average_wh = 300000};
    struct rate_terms terms = {.tariff = tariff, .zone = zone, .from_day = from_day, .until_day = from_day + count, .known_utc_ms = INT64_MAX};
    struct rate_input input = {.account = &account, .series = series, .series_count = series ? 1 : 0, .trace = &trace, .provisional = true};
    struct rate_plan *plan = NULL;
    memset(told, 0, sizeof told);
    use(from_day, from_day + count);
    bool good = rate_plan_create(&terms, &fault, &plan) == OK && !(by_days && rate_plan_needs(plan) == NEEDS_INTERVALS);
    if (by_days) {
        input.days = days;
        input.export_days = export_days;
    } else {
        input.intervals = slots;
        input.interval_count = slot_count;
    }
    good = good && rate(plan, &input, &fault, &bill, NULL) == OK;
    rate_plan_destroy(plan);
    return good;
}

/* What must hold of every line of every tariff. Returns how many lines were of energy. */
static int holds(const char *name)
{
    int count = 0;
    for (int i = 0; i < bill.line_count; i++) {
        const struct bill_line *line = &bill.lines[i];
        const struct told *at = &told[i];
        const struct line_energy *sums = &at->sums;
        bool kwh = strcmp(line->unit, "kWh") == 0;
        int64_t quantity_wh = 0;
        if (kwh && !at->energy)
            fail_msg("%s: line %s has no energy", name, line->id);
        if (!at->energy)
            continue;
        count++;
        assert_true(!kwh || decimal_parse(line->quantity, strlen(line->quantity), 3, &quantity_wh));
        if (kwh && quantity_wh != sums->quantity_wh)
            fail_msg("%s: line %s is of %s kWh, told are %lld Wh", name, line->id, line->quantity, (long long)sums->quantity_wh);
        if (at->line_wh != sums->quantity_wh || at->metered_wh != sums->metered_wh)
            fail_msg("%s: line %s of %lld Wh: its intervals bear %lld and measured %lld of %lld", name, line->id, (long long)sums->quantity_wh,
                     (long long)at->line_wh, (long long)at->metered_wh, (long long)sums->metered_wh);
        assert_int_equal(sums->metered_wh + sums->compensated_wh + sums->rounding_wh + sums->minimum_wh + sums->other_wh, sums->quantity_wh);
        assert_true(sums->compensated_wh <= 0 && sums->minimum_wh >= 0);
        assert_true(at->intervals > 0);
    }
    return count;
}

static bool ends_in(const char *name, const char *end)
{
    size_t len = strlen(name), tail = strlen(end);
    return len >= tail && strcmp(name + len - tail, end) == 0;
}

static void every_tariff_of_the_tables(void **state)
{
    struct dirent **entries = NULL;
    int count = scandir(QW_SOURCE_ROOT "/tests/tables/tariffs", &entries, NULL, alphasort), by_slots = 0, by_days = 0, lines = 0;
    (void)state;
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char path[512];
        struct buf text;
        buf_init(&text, TARIFF_DOCUMENT_MAX);
        snprintf(path, sizeof path, QW_SOURCE_ROOT "/tests/tables/tariffs/%s", name);
        if (ends_in(name, ".json") && !ends_in(name, ".case.json") && file_read(path, &fault, &text) == OK && strstr(text.data, "tariff/1")) {
            load(text.data, text.len);
            for (int v = 0; v < tariff->version_count; v++) {
                int32_t from_day = tariff->versions[v].from_day + 9;
                if (rated(from_day, 31, NULL, false)) {
                    by_slots++;
                    lines += holds(name);
                    if (rated(from_day, 31, NULL, true)) {
                        by_days++;
                        holds(name);
                    }
                }
            }
        }
        buf_finish(&text);
        free(entries[i]);
    }
    free(entries);
    if (by_slots < 30 || by_days < 10 || lines < 120)
        fail_msg("only %d bills from quarter-hours, %d from days, %d lines of energy", by_slots, by_days, lines);
}

static const struct told *line_of(const char *id)
{
    for (int i = 0; i < bill.line_count; i++)
        if (strcmp(bill.lines[i].id, id) == 0)
            return &told[i];
    fail_msg("there is no line %s", id);
    return NULL;
}

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(civil_parse(text, &day));
    return day;
}

static void tariff_of(const char *version)
{
    char text[4096];
    int len = snprintf(
        text, sizeof text,
        "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"tz\":\"America/Sao_Paulo\",\"versions\":[{\"from\":\"2026-01-01\",%s}]}",
        version);
    load(text, (size_t)len);
}

#define PEAK "\"tou\":{\"windows\":[{\"id\":\"peak\",\"days\":\"all\",\"from\":\"18:00\",\"to\":\"21:00\"}],\"default\":\"off\"}"

/* A window's intervals are those of its hours, and nothing else. */
static void windows(void **state)
{
    int64_t hours[24] = {0};
    (void)state;
    tariff_of(PEAK ",\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rates\":{\"off\":\"0.5\",\"peak\":\"0.9\"}}]");
    assert_true(rated(day_of("2026-04-10"), 31, NULL, false));
    assert_int_equal(holds("windows"), 2);
    for (int i = 0; i < slot_count; i++)
        hours[(slots[i].start_utc_ms - 3 * HOUR_MS) / HOUR_MS % 24] += slots[i].import_wh;
    for (int hour = 0; hour < 24; hour++) {
        bool peak = hour >= 18 && hour < 21;
        assert_int_equal(line_of("energy.peak")->hours[hour], peak ? hours[hour] : 0);
        assert_int_equal(line_of("energy.off")->hours[hour], peak ? 0 : hours[hour]);
    }
    assert_int_equal(line_of("energy.peak")->intervals, 31 * 12);
}

/* Tiers that fill as energy is used: the first 100 kWh are those of the first days. */
static void in_the_order_of_time(void **state)
{
    int64_t used_wh = 0, until_utc_ms = 0;
    (void)state;
    tariff_of(
        PEAK ",\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"tier_scope\":\"time_order\",\"tiers\":[[100,{\"off\":\"0.1\",\"peak\":\"0.2\"}],"
             "[null,{\"off\":\"0.3\",\"peak\":\"0.4\"}]]}]");
    assert_true(rated(day_of("2026-04-10"), 31, NULL, false));
    assert_int_equal(holds("time_order"), 4);
    assert_int_equal(line_of("energy.off.tier1")->line_wh + line_of("energy.peak.tier1")->line_wh, 100000);
    int i = 0;
    while (used_wh + slots[i].import_wh <= 100000)
        used_wh += slots[i++].import_wh;
    until_utc_ms = slots[i].start_utc_ms;
    int64_t peak_wh = 0;
    for (int k = 0; slots[k].start_utc_ms < until_utc_ms; k++) {
        int64_t hour = (slots[k].start_utc_ms - 3 * HOUR_MS) / HOUR_MS % 24;
        peak_wh += hour >= 18 && hour < 21 ? slots[k].import_wh : 0;
    }
    int64_t hour = (until_utc_ms - 3 * HOUR_MS) / HOUR_MS % 24;
    if (hour >= 18 && hour < 21)
        peak_wh += 100000 - used_wh;
    assert_int_equal(line_of("energy.peak.tier1")->line_wh, peak_wh);
    assert_int_equal(line_of("energy.off.tier2")->sums.other_wh, -line_of("energy.off.tier1")->line_wh);
}

/* What was not used but is billed, and what credits took off, are told for what they are. */
static void minimum_and_credits(void **state)
{
    (void)state;
    tariff_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.5\"}],\"minimum\":{\"kind\":\"kwh_equivalent\",\"by_phases\":{\"3\":"
              "9000}}");
    assert_true(rated(day_of("2026-04-10"), 31, NULL, true));
    assert_int_equal(holds("minimum"), 1);
    assert_int_equal(line_of("energy")->sums.minimum_wh, 9000000 - bill.import_wh);
    assert_int_equal(line_of("energy")->line_wh, 9000000);
    tariff_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.5\"}],\"credits\":{\"mode\":\"kwh_rollover\"}");
    assert_true(rated(day_of("2026-04-10"), 31, NULL, true));
    assert_int_equal(holds("credits"), 1);
    assert_int_equal(line_of("energy")->sums.compensated_wh, -bill.export_wh);
    assert_int_equal(line_of("energy")->sums.metered_wh, bill.import_wh);
}

/* Flags: the rows of the table that the line's price is the mean of. */
static void flags(void **state)
{
    (void)state;
    tariff_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.5\"},{\"id\":\"flag\",\"kind\":\"adder\",\"levels\":{"
              "\"green\":\"0\","
              "\"yellow\":\"0.01885\"},\"table\":{\"2026-04\":\"green\",\"2026-05\":\"yellow\"}}]");
    assert_true(rated(day_of("2026-04-11"), 31, NULL, true));
    assert_int_equal(holds("flags"), 2);
    assert_string_equal(line_of("flag")->levels, "green yellow ");
    assert_int_equal(line_of("flag")->price_days, 31);
    assert_int_equal(line_of("flag")->line_wh, bill.import_wh);
}

/* Half-hourly prices: each interval with its own. And the quarter-hour that made a demand. */
static void series_and_demand(void **state)
{
    static struct series_price prices[2000];
    int32_t from_day = day_of("2026-04-10");
    int greatest = 0;
    (void)state;
    tariff_of("\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"series\":\"spot\",\"unit\":\"BRL/MWh\"},"
              "{\"id\":\"demand\",\"kind\":\"demand\",\"interval_s\":900,\"rate\":\"10\"}]");
    int64_t from_utc_ms = zone_midnight_utc_ms(zone, from_day);
    for (int i = 0; i < 2000; i++)
        prices[i] = (struct series_price){from_utc_ms + i * HOUR_MS / 2, from_utc_ms + (i + 1) * HOUR_MS / 2, (i % 48 - 5) * INT64_C(10000000000)};
    struct price_series series = {.id = "spot", .count = 2000, .prices = prices};
    assert_true(rated(from_day, 31, &series, false));
    assert_int_equal(holds("series"), 1);
    assert_int_equal(line_of("energy")->priced, 31 * 96);
    for (int i = 1; i < slot_count; i++)
        if (slots[i].import_wh > slots[greatest].import_wh)
            greatest = i;
    assert_true(line_of("demand")->peaked);
    assert_int_equal(line_of("demand")->peak.start_utc_ms, slots[greatest].start_utc_ms);
    assert_int_equal(line_of("demand")->peak.milliw, slots[greatest].import_wh * 4000);
}

static int begin(void **state)
{
    (void)state;
    zones = zones_create(ZONES_DIR_DEFAULT);
    return zones ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    tariff_destroy(tariff);
    zones_destroy(zones);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tariff_of_the_tables), cmocka_unit_test(windows), cmocka_unit_test(in_the_order_of_time),
        cmocka_unit_test(minimum_and_credits),        cmocka_unit_test(flags),   cmocka_unit_test(series_and_demand)};
    return cmocka_run_group_tests(tests, begin, end);
}
