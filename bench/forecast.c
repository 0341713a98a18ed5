/*
 * How near the forecast of a cycle comes, on real homes, against the two guesses anybody would make.
 *
 *   bench-forecast FILE.csv[.gz]     half-hours of homes: customer_id, reading_datetime, general_supply_kwh
 *
 * One line of JSON for each day of the cycle (5, 10, 20), for the cycles the method's two constants were chosen on ("chosen": those that ended before
 * 2013) and for those that had no part in it ("held"): mean absolute errors in kWh of our forecast, of "the same as last cycle" and of "linear so
 * far", of the same cycles each; the share of cycles that end within P10 … P90. Cycles begin on the first of a month ("month": true), or, as a
 * utility's cycle groups do, on every third day of it.
 *
 * Only days with all 48 half-hours count, and only cycles all of whose days count and nine tenths of whose last cycle's do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/map.h"
#include "base/number.h"
#include "daemon/csv.h"
#include "energy/forecast.h"

#define HOMES_MAX 1000
#define DAYS_MAX 400
#define HALF_HOURS 48
#define GROUP_STEP 3

struct home {
    int64_t day_wh[DAYS_MAX];
    int halves[DAYS_MAX];
};

struct homes {
    struct map *by_id;
    struct home *all[HOMES_MAX];
    int count;
    int32_t first_day; /* day_wh[0] */
};

struct score {
    int cycles, within;
    int64_t ours, last, linear; /* sums of absolute errors, Wh */
};

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench-forecast: %s\n", what);
    exit(2);
}

static struct home *home_of(struct homes *homes, const char *id)
{
    struct home *home = map_get(homes->by_id, id);
    if (home)
        return home;
    must(homes->count < HOMES_MAX, "more than 1,000 homes");
    home = calloc(1, sizeof *home);
    must(home && map_put(homes->by_id, id, home) == OK, "no memory");
    return homes->all[homes->count++] = home;
}

static void read_homes(const char *path, struct homes *homes)
{
    struct fault fault = {0};
    struct csv *csv;
    char **fields;
    int count, home_column, label_column, energy_column;
    enum err err = csv_open(path, ',', &fault, &csv);
    must(err == OK && csv_column(csv, "customer_id", &fault, &home_column) == OK &&
             csv_column(csv, "reading_datetime", &fault, &label_column) == OK && csv_column(csv, "general_supply_kwh", &fault, &energy_column) == OK,
         fault.text);
    homes->by_id = map_create(HOMES_MAX);
    must(homes->by_id != NULL, "no memory");
    while ((err = csv_next(csv, &fault, &fields, &count)) == OK) {
        char date[CIVIL_TEXT_SIZE] = "";
        int32_t day;
        must(count > home_column && count > label_column && count > energy_column, "a row is too short");
        snprintf(date, sizeof date, "%.10s", fields[label_column]);
        must(civil_parse(date, &day), "a label is no date");
        if (homes->count == 0)
            homes->first_day = day;
        must(day >= homes->first_day && day < homes->first_day + DAYS_MAX, "the days do not fit");
        struct home *home = home_of(homes, fields[home_column]);
        home->day_wh[day - homes->first_day] += (int64_t)(strtod(fields[energy_column], NULL) * 1000 + 0.5);
        home->halves[day - homes->first_day]++;
    }
    must(err == ERR_NOT_FOUND, fault.text);
    csv_close(csv);
}

static bool known(const struct homes *homes, const struct home *home, int32_t day)
{
    int32_t at = day - homes->first_day;
    return at >= 0 && at < DAYS_MAX && home->halves[at] == HALF_HOURS;
}

/* The energy of the known days in [from, until); their number. */
static int sum_of(const struct homes *homes, const struct home *home, int32_t from, int32_t until, int64_t *out_wh)
{
    int count = 0;
    *out_wh = 0;
    for (int32_t day = from; day < until; day++) {
        if (!known(homes, home, day))
            continue;
        *out_wh += home->day_wh[day - homes->first_day];
        count++;
    }
    return count;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static void add_cycle(const struct homes *homes, const struct home *home, int32_t before, int32_t from, int32_t until, int elapsed,
                      struct score *score)
{
    int64_t whole_wh, so_far_wh, past_wh;
    int length = until - from;
    if (sum_of(homes, home, from, until, &whole_wh) < length)
        return;
    int past = sum_of(homes, home, before, from, &past_wh);
    if (past * 10 < (from - before) * 9)
        return;
    struct forecast_input input = {.remaining_ms = (length - elapsed) * MS_PER_DAY};
    struct forecast_energy rest;
    for (int age = 1; age <= FORECAST_AGE_MAX && input.count < FORECAST_DAYS_MAX; age++) {
        int32_t day = from + elapsed - age;
        if (!known(homes, home, day))
            continue;
        input.age_days[input.count] = age;
        input.day_wh[input.count++] = home->day_wh[day - homes->first_day];
    }
    if (!forecast_rest(&input, &rest))
        return;
    sum_of(homes, home, from, from + elapsed, &so_far_wh);
    score->cycles++;
    score->within += so_far_wh + rest.low_rest_wh <= whole_wh && whole_wh <= so_far_wh + rest.high_rest_wh;
    score->ours += distance(so_far_wh + rest.rest_wh, whole_wh);
    score->last += distance(past_wh * (from - before) / past, whole_wh);
    score->linear += distance(so_far_wh * length / elapsed, whole_wh);
}

/* The same day of the month before or after; cycles of this bench begin on the first to the 28th. */
static int32_t month_from(int32_t day, int months)
{
    struct civil date = civil_from_day(day);
    int month = date.year * 12 + date.month - 1 + months;
    return civil_to_day((struct civil){.year = month / 12, .month = month % 12 + 1, .mday = date.mday});
}

static void measure(const struct homes *homes, bool held, bool month, int elapsed)
{
    struct score score = {0};
    int32_t split = civil_to_day((struct civil){.year = 2013, .month = 1, .mday = 1});
    for (int32_t from = homes->first_day; from < homes->first_day + DAYS_MAX; from++) {
        struct civil date = civil_from_day(from);
        if (date.mday > 28 || (date.mday - 1) % GROUP_STEP != 0 || (month && date.mday != 1))
            continue;
        int32_t until = month_from(from, 1);
        if (held ? from < split : until > split)
            continue;
        for (int i = 0; i < homes->count; i++)
            add_cycle(homes, homes->all[i], month_from(from, -1), from, until, elapsed, &score);
    }
    must(score.cycles > 0, "no whole cycle");
    double n = score.cycles * 1000.0;
    printf("{\"bench\":\"forecast\",\"months\":\"%s\",\"month\":%s,\"day\":%d,\"cycles\":%d,\"error_kwh\":%.2f,\"error_last_kwh\":%.2f,"
           "\"error_linear_kwh\":%.2f,\"ratio_last\":%.3f,\"ratio_linear\":%.3f,\"within_band\":%.3f}\n",
           held ? "held" : "chosen", month ? "true" : "false", elapsed, score.cycles, (double)score.ours / n, (double)score.last / n,
           (double)score.linear / n, (double)score.ours / (double)score.last, (double)score.ours / (double)score.linear,
           (double)score.within / score.cycles);
}

int main(int argc, char **argv)
{
    static const int elapsed[] = {5, 10, 20};
    struct homes homes = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: bench-forecast FILE.csv[.gz]\n");
        return 2;
    }
    read_homes(argv[1], &homes);
    for (int held = 0; held <= 1; held++)
        for (int month = 0; month <= 1; month++)
            for (size_t i = 0; i < sizeof elapsed / sizeof elapsed[0]; i++)
                measure(&homes, held, month, elapsed[i]);
    map_destroy(homes.by_id, free);
    return 0;
}
