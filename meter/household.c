#include "meter/household.h"

#include <limits.h>
#include <stddef.h>

#include "base/instant.h"
#include "base/text.h"
#include "meter/household_day.h"

enum { MINUTES = 15, SLOT_MS = MINUTES * 60 * 1000, NO_DAY = INT_MIN };

bool neighbourhood_is_southern(const char *zone_name)
{
    static const char *const southern[] = {
        "America/Sao_Paulo",   "America/Bahia",        "America/Fortaleza",  "America/Recife",   "America/Maceio",
        "America/Cuiaba",      "America/Campo_Grande", "America/Araguaina",  "America/Belem",    "America/Manaus",
        "America/Porto_Velho", "America/Rio_Branco",   "America/Argentina/", "America/Santiago", "America/Asuncion",
        "America/Montevideo",  "America/La_Paz",       "America/Lima",       "Australia/",       "Pacific/Auckland",
        "Africa/Johannesburg", "Africa/Maputo",        "Africa/Luanda",      "Brazil/",          NULL};
    for (size_t i = 0; southern[i] != NULL; i++)
        if (text_starts_with(zone_name, southern[i]))
            return true;
    return false;
}

void household_init(struct household *h, const struct neighbourhood *place, uint32_t number)
{
    uint64_t key = household_hash(place->seed, number, 4242);
    *h = (struct household){.place = place, .key = key, .day = NO_DAY};
    static const int persons[10] = {1, 1, 2, 2, 2, 3, 3, 4, 4, 5};
    h->persons = persons[household_hash(key, 0, 1) % 10];
    h->base_w = household_pick(household_hash(key, 0, 2), 45, 110) + h->persons * 8;
    h->fridge_w = household_pick(household_hash(key, 0, 3), 70, 130);
    h->shift_min = household_pick(household_hash(key, 0, 4), -60, 75);
    h->cooling_wh = household_hash(key, 0, 5) % 100 < 40 ? household_pick(household_hash(key, 0, 6), 500, 1100) : 60;
    h->heating_wh = household_hash(key, 0, 7) % 100 < 20 ? household_pick(household_hash(key, 0, 8), 300, 800) : 30;
    h->pv_wp = household_hash(key, 0, 9) % 100 < 15 ? household_pick(household_hash(key, 0, 10), 4, 12) * 550 : 0;
    h->home_office = household_hash(key, 0, 11) % 100 < 20;
    h->car = household_hash(key, 0, 12) % 100 < 6;
    h->start_wh = household_pick(household_hash(key, 0, 13), 800000, 38000000);
    h->start_export_wh = h->pv_wp > 0 ? household_pick(household_hash(key, 0, 14), 100000, 9000000) : 0;
}

/* Makes `day` the cached day; adds up the days between from the former one, or from the epoch. */
static void go_to_day(struct household *h, int32_t day)
{
    struct household_day totals;
    int32_t from = h->day;
    if (from == NO_DAY || day < from) {
        from = HOUSEHOLD_EPOCH_DAY;
        h->before_j = h->start_wh * 3600;
        h->export_before_j = h->start_export_wh * 3600;
    }
    for (; from < day; from++) {
        household_day_total(h, from, &totals);
        h->before_j += totals.import_j;
        h->export_before_j += totals.export_j;
    }
    household_day_total(h, day, &totals);
    household_day_cut(h, day, &totals);
}

/* How a quarter-hour falls on its minutes: compressor cycles, and now and then something strong. */
static void minute_weights(const struct household *h, int64_t slot_utc_ms, int64_t mean_w, int32_t weight[MINUTES])
{
    int64_t first_minute = slot_utc_ms / MS_PER_MIN;
    int64_t cycle = 36 + (int64_t)(h->key % 20);
    for (int i = 0; i < MINUTES; i++) {
        int64_t minute = first_minute + i;
        bool compressor = (minute + (int64_t)(h->key % 997)) % cycle < cycle / 3;
        bool kettle = mean_w > 450 && household_hash(h->key, minute, 31) % 20 == 0;
        int64_t w = mean_w * household_pick(household_hash(h->key, minute, 30), 92, 108) / 100 + 5;
        weight[i] = (int32_t)(w + (compressor ? h->fridge_w : 0) + (kettle ? 1800 : 0));
    }
}

struct inside {
    int64_t joules; /* since the start of the quarter-hour */
    int32_t power_w;
};

/* Where a quarter-hour of `slot_j` joules stands after `since_ms`. */
static struct inside inside_slot(const int32_t weight[MINUTES], int64_t slot_j, int64_t since_ms)
{
    int64_t total = 0, before = 0;
    int minute = (int)(since_ms / MS_PER_MIN);
    for (int i = 0; i < MINUTES; i++) {
        if (i < minute)
            before += weight[i];
        total += weight[i];
    }
    int64_t done = before * MS_PER_MIN + weight[minute] * (since_ms % MS_PER_MIN);
    return (struct inside){.joules = slot_j * done / (total * MS_PER_MIN), .power_w = (int32_t)(slot_j * weight[minute] / (total * 60))};
}

/* A little lower when the street cooks, and when this house draws much. */
static int32_t voltage(const struct household *h, int64_t utc_ms, int32_t power_w)
{
    int64_t wall_ms = utc_ms + (int64_t)zone_offset_s(h->place->zone, utc_ms) * MS_PER_S;
    int64_t minute = (wall_ms - instant_floor(wall_ms, MS_PER_DAY)) / MS_PER_MIN;
    int64_t far = minute - 20 * 60;
    int64_t street_ppm = far * far < 180 * 180 ? 14000 * (180 * 180 - far * far) / (180 * 180) : 0;
    int64_t own_ppm = (int64_t)power_w * 3; /* 3 kW: nearly one percent; feeding in raises it */
    int64_t noise_ppm = household_pick(household_hash(h->key, utc_ms / MS_PER_S, 40), -3000, 3000);
    int64_t mv = (int64_t)h->place->nominal_mv * (1000000 + 4000 - street_ppm - own_ppm + noise_ppm) / 1000000;
    return (int32_t)(mv / 100 * 100);
}

void household_at(struct household *h, int64_t utc_ms, struct household_point *out)
{
    int32_t day = zone_local_day(h->place->zone, utc_ms);
    if (day < HOUSEHOLD_EPOCH_DAY) {
        *out = (struct household_point){h->start_wh, h->start_export_wh, 0, h->place->nominal_mv};
        return;
    }
    if (day != h->day)
        go_to_day(h, day);
    int64_t since_ms = utc_ms - h->day_utc_ms;
    int slot = (int)(since_ms / SLOT_MS);
    if (slot >= h->slots)
        slot = h->slots - 1;
    since_ms -= (int64_t)slot * SLOT_MS;
    int32_t weight[MINUTES];
    int64_t slot_j = h->cum_j[slot + 1] - h->cum_j[slot];
    int64_t export_slot_j = h->export_cum_j[slot + 1] - h->export_cum_j[slot];
    minute_weights(h, h->day_utc_ms + (int64_t)slot * SLOT_MS, slot_j / (SLOT_MS / 1000), weight);
    struct inside in = inside_slot(weight, slot_j, since_ms);
    static const int32_t even[MINUTES] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct inside ex = inside_slot(even, export_slot_j, since_ms);
    out->import_wh = (h->before_j + h->cum_j[slot] + in.joules) / 3600;
    out->export_wh = (h->export_before_j + h->export_cum_j[slot] + ex.joules) / 3600;
    out->power_w = in.power_w - ex.power_w;
    out->voltage_mv = voltage(h, utc_ms, out->power_w);
}
