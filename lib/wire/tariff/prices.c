/* Prices by season and window, tiers, parts, series. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "wire/tariff/inner.h"

static enum err no_memory(const struct place *place)
{
    return fault_set(place->fault, ERR_FATAL, "no memory");
}

static enum err table_of(const struct place *place, int seasons, int windows, struct price_table *out)
{
    out->seasons = seasons;
    out->windows = windows;
    out->nano = tariff_alloc(place->tariff, (size_t)(seasons * windows) * sizeof *out->nano);
    return out->nano ? OK : no_memory(place);
}

/* Do rows leave a minute of some day to window 0? */
static bool default_occurs(const struct tou *tou, int season)
{
    for (int day = 0; day <= DAY_SATURDAY; day++) {
        unsigned char taken[1440] = {0};
        for (int i = 0; i < tou->row_count; i++) {
            const struct window_row *row = &tou->rows[i];
            bool wraps = row->from_min > row->until_min;
            if (!(row->days >> day & 1) || !(row->seasons == UINT32_MAX || (row->seasons >> season & 1)))
                continue;
            memset(taken + row->from_min, 1, (size_t)((wraps ? 1440 : row->until_min) - row->from_min));
            if (wraps)
                memset(taken, 1, (size_t)row->until_min);
        }
        if (memchr(taken, 0, sizeof taken))
            return true;
    }
    return false;
}

/* Does a window occur in a season (-1: in any)? */
static bool occurs(const struct tou *tou, int window, int season)
{
    if (season < 0)
        return true;
    if (window == 0)
        return default_occurs(tou, season);
    for (int i = 0; i < tou->row_count; i++)
        if (tou->rows[i].window == window && (tou->rows[i].seasons == UINT32_MAX || (tou->rows[i].seasons >> season & 1)))
            return true;
    return false;
}

/* {"peak": "1.2", "off": "0.6"}: a price for each window. */
static enum err window_map_in(json_t *json, const struct place *place, int tou_no, int season, bool partial, int64_t *row)
{
    const struct tou *tou = &place->version->tous[tou_no];
    const char *key;
    json_t *value;
    bool found[TARIFF_WINDOWS_MAX] = {false};
    if (!json_is_object(json))
        return wrong_at(place, "an object of prices by window is expected");
    if (tou->window_count == 1 && !tou->window_ids[0][0])
        return wrong_at(place, "there is no tou here, so there are no windows: give one price");
    json_object_foreach(json, key, value)
    {
        struct place at = place_in(place, key);
        int window = tou_find_window(tou, key);
        if (window < 0)
            return wrong_at(&at, "no window of the tou is called so");
        enum err err = price_in(value, &at, &row[window]);
        if (err != OK)
            return err;
        found[window] = true;
    }
    for (int w = 0; !partial && w < tou->window_count; w++)
        if (!found[w] && occurs(tou, w, season))
            return wrong_at(place, "a price for window \"%s\" is missing", tou->window_ids[w]);
    return OK;
}

/* A price, or one for each window. */
static enum err price_or_map_in(json_t *json, const struct place *place, int tou, int season, bool partial, struct price_table *out)
{
    bool map = json_is_object(json);
    enum err err = table_of(place, 1, map ? place->version->tous[tou].window_count : 1, out);
    if (err == OK)
        err = map ? window_map_in(json, place, tou, season, partial, out->nano) : price_in(json, place, out->nano);
    return err;
}

/* Calls for each season of the version with its value; all must be given. */
static enum err season_value(json_t *json, const struct place *place, int season, json_t **out)
{
    const char *key;
    json_t *value;
    if (!json_is_object(json))
        return wrong_at(place, "an object of values by season is expected");
    if (place->version->season_count == 0)
        return wrong_at(place, "this version has no seasons");
    json_object_foreach(json, key, value)
    {
        bool found = false;
        for (int s = 0; s < place->version->season_count && !found; s++)
            found = strcmp(place->version->seasons[s].id, key) == 0;
        if (!found)
            return wrong_in(place, key, "no season of this version is called so");
    }
    *out = json_object_get(json, place->version->seasons[season].id);
    place->version->by_season = true;
    return *out ? OK : wrong_at(place, "season \"%s\" is missing", place->version->seasons[season].id);
}

static enum err season_map_in(json_t *json, const struct place *place, int tou, bool partial, struct price_table *out)
{
    int seasons = place->version->season_count, windows = place->version->tous[tou].window_count;
    enum err err = table_of(place, seasons > 0 ? seasons : 1, windows, out);
    json_t *value = NULL;
    for (int s = 0; err == OK && (s == 0 || s < seasons); s++) {
        err = season_value(json, place, s, &value);
        if (err != OK)
            return err;
        struct place at = place_in(place, place->version->seasons[s].id);
        int64_t *row = out->nano + s * windows;
        if (json_is_object(value)) {
            err = window_map_in(value, &at, tou, s, partial, row);
        } else {
            err = price_in(value, &at, row);
            for (int w = 1; w < windows; w++)
                row[w] = row[0];
        }
    }
    return err;
}

enum err price_table_in(json_t *json, const char *stem, const struct place *place, int tou, bool partial, struct price_table *out)
{
    char by_season[64];
    snprintf(by_season, sizeof by_season, "%s_by_season", stem);
    struct place at = place_in(place, stem), season_at = place_in(place, by_season);
    if (given(json, stem) == given(json, by_season))
        return wrong_at(place, "either \"%s\" or \"%s\" is expected", stem, by_season);
    if (given(json, stem))
        return price_or_map_in(json_object_get(json, stem), &at, tou, -1, partial, out);
    return season_map_in(json_object_get(json, by_season), &season_at, tou, partial, out);
}

enum err season_table_in(json_t *json, const struct place *place, struct price_table *out)
{
    int seasons = json_is_object(json) ? place->version->season_count : 1;
    json_t *value = NULL;
    if (!json_is_object(json)) {
        enum err err = table_of(place, 1, 1, out);
        return err == OK ? price_in(json, place, out->nano) : err;
    }
    enum err err = table_of(place, seasons > 0 ? seasons : 1, 1, out);
    for (int s = 0; err == OK && (s == 0 || s < seasons); s++) {
        err = season_value(json, place, s, &value);
        if (err == OK) {
            struct place at = place_in(place, place->version->seasons[s].id);
            err = price_in(value, &at, &out->nano[s]);
        }
    }
    return err;
}

/* ---- tiers ---- */

/* What the readers of tiers are told. */
struct tiers_of {
    int tou;
    int season;   /* -1: all */
    bool partial; /* windows without a price are allowed */
    enum tier_unit unit;
};

/* null, 100, "11.7", "200 kWh/kW". */
static enum err end_in(const json_t *json, const struct place *place, enum tier_unit unit, struct tier *out)
{
    static const char *const units[] = {" kWh", " kWh/day", " kWh/month", " kWh/kW", " kW"};
    char text[64];
    out->unit = unit;
    int64_t scale_max = INT64_C(1000000000000);
    if (!json_is_string(json))
        return number_in(json, place, unit == TIER_KW ? 6 : 3, 0, scale_max * (unit == TIER_KW ? 1000 : 1), &out->end);
    if (!text_copy(text, sizeof text, json_string_value(json)))
        return wrong_at(place, "an upper end is expected: 100, \"100 kWh\", \"10 kWh/day\", \"200 kWh/kW\"");
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        size_t len = strlen(text), tail = strlen(units[u]);
        if (len > tail && strcmp(text + len - tail, units[u]) == 0) {
            text[len - tail] = '\0';
            out->unit = (enum tier_unit)u;
            break;
        }
    }
    if ((out->unit == TIER_KW) != (unit == TIER_KW))
        return wrong_at(place, "energy has ends in kWh, demand in kW");
    if (!decimal_parse(text, strlen(text), out->unit == TIER_KW ? 6 : 3, &out->end) || out->end < 0 || out->end > scale_max * 1000)
        return wrong_at(place, "an upper end is expected: 100, \"100 kWh\", \"10 kWh/day\", \"200 kWh/kW\"");
    return OK;
}

static enum err tier_in(json_t *row, const struct place *place, const struct tiers_of *of, bool last, struct tier *out)
{
    struct place end = place_at(place, 0), price = place_at(place, 1), flat = place_at(place, 2);
    size_t count = json_array_size(row);
    if (!json_is_array(row) || count < 2 || count > 3)
        return wrong_at(place, "[upper end, price] or [upper end, price, flat amount] is expected");
    out->open = json_is_null(json_array_get(row, 0));
    if (out->open != last)
        return wrong_at(place, "the last tier, and only the last, ends at null");
    enum err err = out->open ? OK : end_in(json_array_get(row, 0), &end, of->unit, out);
    if (err == OK)
        err = price_or_map_in(json_array_get(row, 1), &price, of->tou, of->season, of->partial, &out->rate);
    if (err == OK && count == 3)
        err = price_in(json_array_get(row, 2), &flat, &out->flat_nano);
    return err;
}

static enum err tier_list_in(json_t *json, const struct place *place, const struct tiers_of *of, struct tier_list *out)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > TARIFF_TIERS_MAX)
        return wrong_at(place, "1 to %d tiers [upper end, price] are expected", TARIFF_TIERS_MAX);
    out->count = (int)count;
    out->tiers = tariff_alloc(place->tariff, count * sizeof *out->tiers);
    if (!out->tiers)
        return no_memory(place);
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        struct tier *tier = &out->tiers[i], *before = i > 0 ? tier - 1 : NULL;
        enum err err = tier_in(json_array_get(json, i), &at, of, i + 1 == count, tier);
        if (err != OK)
            return err;
        if (before && !tier->open && tier->unit == before->unit && tier->end <= before->end)
            return wrong_at(&at, "upper ends rise from tier to tier");
    }
    return OK;
}

/* A list for all windows, or {"peak": [...], "off": [...]}. */
static enum err tier_lists_in(json_t *json, const struct place *place, const struct tiers_of *of, int windows, struct tier_list *out)
{
    const struct tou *cut = &place->version->tous[of->tou];
    if (windows == 1)
        return tier_list_in(json, place, of, out);
    for (int w = 0; w < windows; w++) {
        struct place at = place_in(place, cut->window_ids[w]);
        json_t *list = json_object_get(json, cut->window_ids[w]);
        if (!list && (of->partial || !occurs(cut, w, of->season))) { /* a window that is not charged */
            out[w].count = 1;
            out[w].tiers = tariff_alloc(place->tariff, sizeof *out[w].tiers);
            if (!out[w].tiers || table_of(place, 1, 1, &out[w].tiers->rate) != OK)
                return no_memory(place);
            out[w].tiers->open = true;
            continue;
        }
        enum err err = tier_list_in(list, &at, of, &out[w]);
        if (err != OK)
            return err;
    }
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        if (tou_find_window(cut, key) < 0)
            return wrong_in(place, key, "no window of the tou is called so");
    }
    return OK;
}

static enum err lists_of(const struct place *place, int seasons, int windows, struct tiers *out)
{
    out->seasons = seasons;
    out->windows = windows;
    out->lists = tariff_alloc(place->tariff, (size_t)(seasons * windows) * sizeof *out->lists);
    return out->lists ? OK : no_memory(place);
}

static enum err tiers_by_season_in(json_t *json, const struct place *place, struct tiers_of of, struct tiers *out)
{
    int seasons = place->version->season_count, windows = 1;
    json_t *value = NULL;
    enum err err = season_value(json, place, 0, &value);
    if (err != OK)
        return err;
    if (json_is_object(value))
        windows = place->version->tous[of.tou].window_count;
    err = lists_of(place, seasons, windows, out);
    for (int s = 0; err == OK && s < seasons; s++) {
        struct place at = place_in(place, place->version->seasons[s].id);
        err = season_value(json, place, s, &value);
        if (err == OK && json_is_object(value) != (windows > 1))
            err = wrong_at(&at, "either all seasons have tiers by window, or none");
        of.season = s;
        if (err == OK)
            err = tier_lists_in(value, &at, &of, windows, out->lists + s * windows);
    }
    return err;
}

/* One price without tiers is one tier that never ends. */
static enum err single_tier_in(json_t *json, const char *key, const struct place *place, int tou, bool partial, struct tiers *out)
{
    struct place at = place_in(place, key);
    json_t *value = json_object_get(json, key);
    enum err err = lists_of(place, 1, 1, out);
    if (err != OK)
        return err;
    struct tier *tier = tariff_alloc(place->tariff, sizeof *tier);
    if (!tier)
        return no_memory(place);
    tier->open = true;
    out->lists[0] = (struct tier_list){1, tier};
    if (strcmp(key, "rates_by_season") == 0)
        return season_map_in(value, &at, tou, partial, &tier->rate);
    if (strcmp(key, "rates") == 0 && !json_is_object(value))
        return wrong_at(&at, "an object of prices by window is expected");
    if (strcmp(key, "rate") == 0 && json_is_object(value))
        return wrong_at(&at, "one price is expected; prices by window stand in \"rates\"");
    return price_or_map_in(value, &at, tou, -1, partial, &tier->rate);
}

enum err tiers_in(json_t *json, const struct place *place, int tou, bool partial, enum tier_unit unit, struct tiers *out)
{
    static const char *const keys[] = {"rate", "rates", "rates_by_season", "tiers", "tiers_by_season"};
    int found = -1, count = 0;
    for (int i = 0; i < 5; i++)
        if (given(json, keys[i])) {
            found = i;
            count++;
        }
    if (count != 1)
        return wrong_at(place, "exactly one of rate, rates, rates_by_season, tiers, tiers_by_season is expected");
    if (found < 3)
        return single_tier_in(json, keys[found], place, tou, partial, out);
    struct place at = place_in(place, keys[found]);
    json_t *value = json_object_get(json, keys[found]);
    struct tiers_of of = {tou, -1, partial, unit};
    if (found == 4)
        return tiers_by_season_in(value, &at, of, out);
    int windows = json_is_object(value) ? place->version->tous[tou].window_count : 1;
    enum err err = lists_of(place, 1, windows, out);
    return err == OK ? tier_lists_in(value, &at, &of, windows, out->lists) : err;
}

/* ---- parts ---- */

/* Text, a map by window, or a map by season: the first key tells which. */
static enum err part_in(json_t *json, const struct place *place, int tou, struct price_table *out)
{
    const char *key = json_object_iter_key(json_object_iter(json));
    bool seasons = key && place->version->season_count > 0 && tou_find_window(&place->version->tous[tou], key) < 0;
    return seasons ? season_map_in(json, place, tou, false, out) : price_or_map_in(json, place, tou, -1, false, out);
}

static enum err check_sums(const struct place *place, const struct charge *charge)
{
    const struct tou *tou = &place->version->tous[charge->tou];
    int seasons = place->version->season_count > 0 ? place->version->season_count : 1;
    const struct price_table *rate = &charge->tiers.lists[0].tiers[0].rate;
    for (int s = 0; s < seasons; s++)
        for (int w = 0; w < tou->window_count; w++) {
            int64_t sum = 0;
            if (!occurs(tou, w, rate->seasons > 1 ? s : -1))
                continue;
            for (int p = 0; p < charge->part_count; p++)
                if (__builtin_add_overflow(sum, price_at(&charge->parts[p].rate, s, w), &sum))
                    return wrong_at(place, "the parts do not fit");
            if (sum != price_at(rate, s, w)) {
                char have[DECIMAL_TEXT_SIZE], want[DECIMAL_TEXT_SIZE];
                decimal_format(sum, 9, 2, have);
                decimal_format(price_at(rate, s, w), 9, 2, want);
                return wrong_at(place, "the parts add up to %s, but the rate%s%s is %s", have, tou->window_ids[w][0] ? " of " : "",
                                tou->window_ids[w], want);
            }
        }
    return OK;
}

enum err parts_in(json_t *json, const struct place *place, struct charge *out)
{
    json_t *parts = json_object_get(json, "parts"), *value;
    const char *key;
    struct place at = place_in(place, "parts");
    size_t count = json_object_size(parts);
    if (!given(json, "parts"))
        return OK;
    if (!json_is_object(parts) || count < 1 || count > 16)
        return wrong_at(&at, "an object of 1 to 16 parts is expected, such as {\"te\": …, \"tusd\": …}");
    if (out->tiers.windows > 1 || out->tiers.seasons > 1 || out->tiers.lists == NULL || out->tiers.lists[0].count != 1)
        return wrong_at(&at, "parts stand beside rate, rates or rates_by_season, not beside tiers or a series");
    out->parts = tariff_alloc(place->tariff, count * sizeof *out->parts);
    if (!out->parts)
        return no_memory(place);
    json_object_foreach(parts, key, value)
    {
        struct place inner = place_in(&at, key);
        struct part *part = &out->parts[out->part_count];
        enum err err = name_in(key, &inner, part->id);
        if (err == OK)
            err = part_in(value, &inner, out->tou, &part->rate);
        if (err != OK)
            return err;
        out->part_count++;
    }
    return check_sums(&at, out);
}

/* Parts of one amount: told, and held to it. */
enum err simple_parts_in(json_t *json, const struct place *place, int64_t total_nano)
{
    json_t *parts = json_object_get(json, "parts"), *value;
    const char *key;
    struct place at = place_in(place, "parts");
    int64_t sum = 0, nano;
    char have[DECIMAL_TEXT_SIZE], want[DECIMAL_TEXT_SIZE];
    if (!given(json, "parts"))
        return OK;
    if (!json_is_object(parts) || json_object_size(parts) < 1 || json_object_size(parts) > 16)
        return wrong_at(&at, "an object of 1 to 16 parts is expected");
    json_object_foreach(parts, key, value)
    {
        struct place inner = place_in(&at, key);
        enum err err = price_in(value, &inner, &nano);
        if (err == OK && __builtin_add_overflow(sum, nano, &sum))
            err = wrong_at(&inner, "the parts do not fit");
        if (err != OK)
            return err;
    }
    decimal_format(sum, 9, 2, have);
    decimal_format(total_nano, 9, 2, want);
    return sum == total_nano ? OK : wrong_at(&at, "the parts add up to %s, but the amount is %s", have, want);
}

/* ---- series ---- */

/* "p/kWh", "c/kWh", "EUR/kWh", "EUR/MWh". */
static int divisor_of(const char *unit, const char *currency)
{
    static const char *const hundredths[] = {"p", "c", "ct", "cent"};
    size_t len = strcspn(unit, "/");
    int by_energy = strcmp(unit + len, "/kWh") == 0 ? 1 : strcmp(unit + len, "/MWh") == 0 ? 1000 : 0;
    if (strlen(currency) == len && strncmp(unit, currency, len) == 0)
        return by_energy;
    for (size_t i = 0; i < sizeof hundredths / sizeof hundredths[0]; i++)
        if (strlen(hundredths[i]) == len && strncmp(unit, hundredths[i], len) == 0)
            return 100 * by_energy;
    return 0;
}

enum err series_in(json_t *json, const char *series_key, const char *unit_key, const struct place *place, struct series_use *out)
{
    const char *unit = json_string_value(json_object_get(json, unit_key));
    enum err err = text_in(json, series_key, place, MUST, out->id, sizeof out->id);
    if (err == OK && !text_is_name(out->id, strlen(out->id)))
        err = wrong_in(place, series_key, "the name of a series is expected: 1 to 64 of A-Z a-z 0-9 . _ -");
    out->divisor = 1;
    if (err != OK || !given(json, unit_key))
        return err;
    out->divisor = unit ? divisor_of(unit, place->tariff->currency) : 0;
    return out->divisor ? OK
                        : wrong_in(place, unit_key, "p/kWh, c/kWh, %s/kWh or %s/MWh is expected", place->tariff->currency, place->tariff->currency);
}
