#include "meter/household_day.h"

#include "base/civil.h"
#include "base/instant.h"

enum { SLOT_MS = 15 * 60 * 1000, SLOT_MIN = 15, DAY_MIN = 24 * 60 };

uint64_t household_hash(uint64_t key, int64_t a, int64_t b)
{
    uint64_t x = key + 0x9e3779b97f4a7c15u * (uint64_t)(a + 1) + 0xd1b54a32d192ed03u * (uint64_t)(b + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

int32_t household_pick(uint64_t hash, int32_t lo, int32_t hi)
{
    return lo + (int32_t)((hash >> 20) % (uint64_t)(hi - lo + 1));
}

/* 1000·cos of a phase where 65536 is a full turn (Bhaskara's approximation, off by less than 2). */
static int32_t cosine_milli(int32_t phase)
{
    int64_t u = phase & 0xffff;
    int sign = 1;
    if (u > 32768)
        u = 65536 - u;
    if (u > 16384) {
        u = 32768 - u;
        sign = -1;
    }
    const int64_t half = 32768LL * 32768LL;
    return sign * (int32_t)(1000 * (half - 4 * u * u) / (half + u * u));
}

/* +1000 in the middle of summer, -1000 in the middle of winter. */
static int32_t season_milli(const struct neighbourhood *place, int32_t day)
{
    int32_t quarter_days = (day - 16) * 4 % 1461; /* warmest or coldest in the middle of January */
    int32_t wave = cosine_milli((int32_t)((int64_t)quarter_days * 65536 / 1461));
    return place->southern ? wave : -wave;
}

int32_t neighbourhood_temperature(const struct neighbourhood *place, int32_t day)
{
    int32_t weather = 0;
    for (int back = 0; back < 3; back++) /* weather lasts some days */
        weather += household_pick(household_hash(place->seed, day - back, 77), -600, 600);
    int32_t mean = place->southern ? 2150 : 1300;
    int32_t swing = place->southern ? 450 : 900;
    return mean + swing * season_milli(place, day) / 1000 + weather / 2;
}

/* How much of a clear day's sun came through, in percent. */
static int32_t clearness(const struct neighbourhood *place, int32_t day)
{
    return household_pick(household_hash(place->seed, day, 78), 30, 100);
}

static void sun_total(const struct household *h, int32_t day, struct household_day *out, int64_t *export_wh)
{
    int64_t hours_milli = 4600 + 1300 * season_milli(h->place, day) / 1000;
    int64_t sun_wh = (int64_t)h->pv_wp * hours_milli / 1000 * clearness(h->place, day) / 100;
    int64_t used = sun_wh * household_pick(household_hash(h->key, day, 8), 25, 45) / 100;
    int64_t wanted = (int64_t)(out->daytime_wh + out->cooling_wh + out->laundry_wh) + out->base_wh / 3;
    out->sun_used_wh = (int32_t)(used < wanted * 8 / 10 ? used : wanted * 8 / 10);
    *export_wh = sun_wh - out->sun_used_wh;
}

void household_day_total(const struct household *h, int32_t day, struct household_day *out)
{
    int32_t temperature = neighbourhood_temperature(h->place, day);
    int weekday = civil_weekday(day);
    bool free_day = weekday == 0 || weekday == 6;
    bool away = household_hash(h->key, day / 7, 1) % 45 == 0; /* about a week a year */
    int32_t mood = household_pick(household_hash(h->key, day, 2), 65, 140);
    if (household_hash(h->key, day, 11) % 6 == 0) /* out for the evening */
        mood = mood * 55 / 100;
    else if (household_hash(h->key, day, 12) % (free_day ? 7 : 30) == 0) /* guests, an oven, a long film */
        mood = mood * 185 / 100;
    int64_t export_wh = 0;
    *out = (struct household_day){.base_wh = h->base_w * 24};
    if (temperature > 2000)
        out->base_wh += out->base_wh * (temperature - 2000) / 100 / 80;
    if (!away) {
        int32_t warm_water_wh = h->persons * (620 - (temperature - 1200) / 5);
        out->morning_wh = h->persons * 230 * mood / 100 + warm_water_wh / 2;
        out->evening_wh = h->persons * 640 * mood / 100 + warm_water_wh / 2;
        out->daytime_wh = h->persons * (free_day ? 520 : 210) * mood / 100 + (h->home_office && !free_day ? 1100 : 0);
        if (temperature > 2400)
            out->cooling_wh = h->cooling_wh * (temperature - 2400) / 100;
        if (temperature < 1400)
            out->heating_wh = h->heating_wh * (1400 - temperature) / 100;
        if (household_hash(h->key, day, 3) % (free_day ? 2 : 4) == 0)
            out->laundry_wh = household_pick(household_hash(h->key, day, 4), 600, 1600);
        if (h->car && household_hash(h->key, day, 5) % 5 < 2)
            out->car_wh = household_pick(household_hash(h->key, day, 6), 5000, 11000);
    }
    out->laundry_start_min = household_pick(household_hash(h->key, day, 7), 9 * 60, 18 * 60);
    if (h->pv_wp > 0)
        sun_total(h, day, out, &export_wh);
    int64_t import_wh = (int64_t)out->base_wh + out->morning_wh + out->daytime_wh + out->evening_wh + out->cooling_wh + out->heating_wh +
                        out->laundry_wh + out->car_wh - out->sun_used_wh;
    out->import_j = import_wh * 3600 + household_pick(household_hash(h->key, day, 9), 0, 3599);
    out->export_j = export_wh * 3600;
}

/* A bump of `energy` around `centre`, as watts at minute `at`: a parabola that ends `half` minutes
 * away. */
static int64_t bump(int64_t energy, int32_t centre, int32_t half, int32_t at)
{
    int64_t far = at - centre;
    if (far > DAY_MIN / 2)
        far -= DAY_MIN;
    if (far < -DAY_MIN / 2)
        far += DAY_MIN;
    int64_t rest = (int64_t)half * half - far * far;
    return rest <= 0 ? 0 : energy * 60 * 3 * rest / (4LL * half * half * half);
}

static int64_t block(int64_t energy, int32_t start, int32_t minutes, int32_t at)
{
    int32_t since = at - start;
    if (since < 0)
        since += DAY_MIN;
    return since < minutes ? energy * 60 / minutes : 0;
}

/* The sun at a wall minute, 0 … 1000. */
static int64_t sun_milli(int32_t at)
{
    int64_t far = at - 12 * 60 - 10, half = 6 * 60;
    int64_t rest = half * half - far * far;
    return rest <= 0 ? 0 : 1000 * rest / (half * half);
}

static int64_t import_weight(const struct household *h, const struct household_day *d, int32_t day, int slot, int32_t at)
{
    int32_t s = h->shift_min;
    int64_t w = d->base_wh / 24;
    int64_t people =
        bump(d->morning_wh, 7 * 60 + s, 100, at) + bump(d->daytime_wh, 13 * 60 + s / 2, 300, at) + bump(d->evening_wh, 20 * 60 + s, 190, at);
    w += people * household_pick(household_hash(h->key, day, 1000 + slot), 55, 145) / 100;
    w += bump(d->cooling_wh, 18 * 60, 420, at) + bump(d->heating_wh, 19 * 60, 540, at);
    w += block(d->laundry_wh, d->laundry_start_min, 75, at) + block(d->car_wh, 23 * 60 + s, 180, at);
    if (h->pv_wp > 0)
        w -= w * sun_milli(at) * 85 / 100000;
    return w > 1 ? w : 1;
}

static int64_t export_weight(const struct household *h, int32_t day, int slot, int32_t at)
{
    return sun_milli(at) * household_pick(household_hash(h->place->seed, day, 2000 + slot / 2), 45, 100) / 100;
}

/* Turns cumulative weights (in place) into cumulative joules that end exactly at total_j. */
static void scale(int64_t *weight, int slots, int64_t total_j, int32_t *cum_j)
{
    int64_t sum = weight[slots];
    for (int i = 0; i <= slots; i++)
        cum_j[i] = sum > 0 ? (int32_t)(total_j * weight[i] / sum) : 0;
}

void household_day_cut(struct household *h, int32_t day, const struct household_day *totals)
{
    const struct zone *zone = h->place->zone;
    int64_t in[HOUSEHOLD_SLOTS_MAX + 1] = {0}, out[HOUSEHOLD_SLOTS_MAX + 1] = {0};
    int64_t start = zone_midnight_utc_ms(zone, day);
    int64_t length = zone_midnight_utc_ms(zone, day + 1) - start;
    int slots = (int)(length / SLOT_MS);
    if (slots > HOUSEHOLD_SLOTS_MAX)
        slots = HOUSEHOLD_SLOTS_MAX;
    for (int i = 0; i < slots; i++) {
        int64_t slot_ms = start + (int64_t)i * SLOT_MS;
        int64_t wall_ms = slot_ms + (int64_t)zone_offset_s(zone, slot_ms) * MS_PER_S;
        int32_t at = (int32_t)((wall_ms - instant_floor(wall_ms, MS_PER_DAY)) / MS_PER_MIN) + SLOT_MIN / 2;
        in[i + 1] = in[i] + import_weight(h, totals, day, i, at);
        out[i + 1] = out[i] + (h->pv_wp > 0 ? export_weight(h, day, i, at) : 0);
    }
    scale(in, slots, totals->import_j, h->cum_j);
    scale(out, slots, totals->export_j, h->export_cum_j);
    h->day = day;
    h->day_utc_ms = start;
    h->slots = slots;
}
