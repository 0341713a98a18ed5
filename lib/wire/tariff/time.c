/* Calendar, seasons, windows. */
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "wire/tariff/inner.h"

/* "10-01": month × 100 + day. */
static enum err month_day_in(const json_t *json, const struct place *place, int *out)
{
    const char *text = json_string_value(json);
    char date[16];
    int32_t day;
    snprintf(date, sizeof date, "2024-%.5s", text ? text : ""); /* a leap year has them all */
    if (!text || strlen(text) != 5 || !civil_parse(date, &day))
        return wrong_at(place, "a day of the year MM-DD is expected");
    struct civil civil = civil_from_day(day);
    *out = civil.month * 100 + civil.mday;
    return OK;
}

static enum err holiday_list_in(json_t *json, const char *key, const struct place *place, struct calendar *out)
{
    json_t *list = json_object_get(json, key);
    struct place at = place_in(place, key);
    size_t count = json_array_size(list);
    if (!given(json, key))
        return OK;
    if (!json_is_array(list) || count > TARIFF_HOLIDAYS_MAX)
        return wrong_at(&at, "an array of at most %d days is expected", TARIFF_HOLIDAYS_MAX);
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_array_get(list, i);
        struct place inner = place_at(&at, i);
        enum err err = OK;
        if (strcmp(key, "fixed") == 0)
            err = month_day_in(value, &inner, &out->fixed_md[out->fixed_count++]);
        else if (strcmp(key, "easter") == 0) {
            if (!json_is_integer(value) || json_integer_value(value) < -120 || json_integer_value(value) > 120)
                return wrong_at(&inner, "days from Easter Sunday are expected: -47 is Shrove Tuesday, -2 Good Friday, 60 Corpus Christi");
            out->easter_offset[out->easter_count++] = (int)json_integer_value(value);
        } else if (!json_is_string(value) || !civil_parse(json_string_value(value), &out->dates_day[out->date_count++]))
            return wrong_at(&inner, "a date YYYY-MM-DD is expected");
        if (err != OK)
            return err;
    }
    return OK;
}

enum err calendar_in(json_t *json, const struct place *place, struct calendar *out)
{
    static const int bits[] = {DAY_SUNDAY, -1, DAY_HOLIDAY};
    json_t *holidays = json_object_get(json, "holidays");
    struct place at = place_in(place, "holidays");
    int as = 0;
    out->holiday_bit = DAY_SUNDAY;
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "holidays holiday_as");
    if (err == OK)
        err = word_in(json, "holiday_as", place, "weekend|day|holiday", &as);
    out->holiday_bit = bits[as];
    if (err != OK || !given(json, "holidays"))
        return err;
    err = only_keys(holidays, &at, "fixed easter dates");
    if (err == OK)
        err = holiday_list_in(holidays, "fixed", &at, out);
    if (err == OK)
        err = holiday_list_in(holidays, "easter", &at, out);
    return err == OK ? holiday_list_in(holidays, "dates", &at, out) : err;
}

enum err seasons_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    size_t count = json_array_size(json);
    if (!json)
        return OK;
    if (!json_is_array(json) || count < 1 || count > TARIFF_SEASONS_MAX)
        return wrong_at(place, "1 to %d seasons {id, from, to} are expected", TARIFF_SEASONS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i), from = place_in(&at, "from"), to = place_in(&at, "to"), id = place_in(&at, "id");
        json_t *row = json_array_get(json, i);
        struct season *season = &version->seasons[i];
        enum err err = only_keys(row, &at, "id from to");
        if (err == OK)
            err = name_in(json_string_value(json_object_get(row, "id")), &id, season->id);
        if (err == OK)
            err = month_day_in(json_object_get(row, "from"), &from, &season->from_md);
        if (err == OK)
            err = month_day_in(json_object_get(row, "to"), &to, &season->until_md);
        if (err != OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (strcmp(version->seasons[j].id, season->id) == 0)
                return wrong_at(&id, "another season has this id; a season in two pieces is two seasons with their own prices");
        version->season_count = (int)i + 1;
    }
    return OK;
}

enum err check_seasons(const struct place *place)
{
    struct place at = place_in(place, "seasons");
    int32_t first = civil_to_day((struct civil){2024, 1, 1});
    for (int32_t day = first; place->version->by_season && day < first + 366; day++) {
        char text[CIVIL_TEXT_SIZE];
        civil_format(day, text);
        if (tariff_season_on(place->version, day) < 0)
            return wrong_at(&at, "a charge has prices by season, but %s is in no season", text + 5);
    }
    return OK;
}

/* ---- windows ---- */

static enum err minute_in(const json_t *json, const struct place *place, int *out)
{
    const char *text = json_string_value(json);
    int hour = -1, minute = -1;
    if (text && strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789") == 2 && strspn(text + 3, "0123456789") == 2) {
        hour = (text[0] - '0') * 10 + text[1] - '0';
        minute = (text[3] - '0') * 10 + text[4] - '0';
    }
    if (hour < 0 || hour > 24 || minute > 59 || hour * 60 + minute > 1440)
        return wrong_at(place, "a time of day HH:MM from 00:00 to 24:00 is expected");
    *out = hour * 60 + minute;
    return OK;
}

static int day_bits_of(const char *word)
{
    static const struct {
        const char *word;
        unsigned bits;
    } words[] = {{"weekday", DAYS_WEEKDAY},
                 {"weekend", DAYS_WEEKEND},
                 {"all", DAYS_ALL},
                 {"sun", 1},
                 {"mon", 2},
                 {"tue", 4},
                 {"wed", 8},
                 {"thu", 16},
                 {"fri", 32},
                 {"sat", 64},
                 {"holiday", 1u << 7}};
    for (size_t i = 0; word && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return (int)words[i].bits;
    return 0;
}

static enum err days_in(const json_t *json, const struct place *place, unsigned *out)
{
    unsigned bits = 0;
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_is_array(json) ? json_array_get(json, i) : json;
        unsigned own = (unsigned)day_bits_of(json_string_value(value));
        if (!own)
            return wrong_at(place, "weekday, weekend, all, holiday, sun … sat, or an array of these is expected");
        bits |= own;
    }
    *out = bits;
    return bits ? OK : wrong_at(place, "at least one day is expected");
}

static enum err window_seasons_in(const json_t *json, const struct place *place, uint32_t *out)
{
    uint32_t bits = 0;
    *out = UINT32_MAX;
    if (!json || json_is_null(json))
        return OK;
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_is_array(json) ? json_array_get(json, i) : json);
        int found = -1;
        for (int s = 0; id && s < place->version->season_count; s++)
            if (strcmp(place->version->seasons[s].id, id) == 0)
                found = s;
        if (found < 0)
            return wrong_at(place, "the id of a season of this version is expected, or null for all");
        bits |= 1u << found;
    }
    *out = bits;
    return bits ? OK : wrong_at(place, "at least one season is expected");
}

static enum err window_row_in(json_t *json, const struct place *place, struct tou *tou, struct window_row *out)
{
    char id[SHORT_NAME_SIZE];
    struct place at = place_in(place, "id"), days = place_in(place, "days"), from = place_in(place, "from"), to = place_in(place, "to");
    struct place season = place_in(place, "season");
    enum err err = only_keys(json, place, "id days season from to");
    if (err == OK)
        err = name_in(json_string_value(json_object_get(json, "id")), &at, id);
    if (err == OK)
        err = days_in(json_object_get(json, "days"), &days, &out->days);
    if (err == OK)
        err = window_seasons_in(json_object_get(json, "season"), &season, &out->seasons);
    if (err == OK)
        err = minute_in(json_object_get(json, "from"), &from, &out->from_min);
    if (err == OK)
        err = minute_in(json_object_get(json, "to"), &to, &out->until_min);
    if (err != OK)
        return err;
    if (out->from_min == out->until_min || out->from_min == 1440)
        return wrong_at(place, "a window ends at another time than it begins; a whole day is 00:00 to 24:00");
    out->window = tou_find_window(tou, id);
    if (out->window >= 0)
        return OK;
    if (tou->window_count == TARIFF_WINDOWS_MAX)
        return wrong_at(&at, "at most %d windows have names", TARIFF_WINDOWS_MAX);
    out->window = tou->window_count;
    memcpy(tou->window_ids[tou->window_count++], id, sizeof id);
    return OK;
}

enum err tou_in(json_t *json, const struct place *place, struct tou *out)
{
    json_t *windows = json_object_get(json, "windows");
    struct place at = place_in(place, "windows"), standard = place_in(place, "default");
    size_t count = json_array_size(windows);
    int basis = 0;
    enum err err = only_keys(json, place, "time_basis windows default");
    if (err == OK)
        err = word_in(json, "time_basis", place, "wall|standard", &basis);
    out->standard = basis == 1;
    if (err == OK)
        err = name_in(json_string_value(json_object_get(json, "default")), &standard, out->window_ids[0]);
    if (err != OK)
        return err;
    out->window_count = 1;
    if (!json_is_array(windows) || count > TARIFF_WINDOW_ROWS_MAX)
        return wrong_at(&at, "an array of at most %d windows {id, days, from, to} is expected", TARIFF_WINDOW_ROWS_MAX);
    out->rows = tariff_alloc(place->tariff, (count + 1) * sizeof *out->rows);
    if (!out->rows)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; err == OK && i < count; i++) {
        struct place row = place_at(&at, i);
        err = window_row_in(json_array_get(windows, i), &row, out, &out->rows[i]);
        out->row_count = (int)i + 1;
    }
    return err;
}

/* tous[0] is the version's own; named ones follow in the order of `tous`, then those that charges bring themselves. */
enum err tous_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    json_t *named = json_object_get(json, "tous"), *value;
    const char *key;
    struct place at = place_in(place, "tou");
    enum err err = OK;
    version->tou_count = 1;
    version->tous[0].window_count = 1;
    if (given(json, "tou"))
        err = tou_in(json_object_get(json, "tou"), &at, &version->tous[0]);
    if (err != OK || !given(json, "tous"))
        return err;
    at = place_in(place, "tous");
    if (!json_is_object(named))
        return wrong_at(&at, "an object of named tou is expected");
    json_object_foreach(named, key, value)
    {
        struct place inner = place_in(&at, key);
        if (version->tou_count == TARIFF_TOUS_MAX)
            return wrong_at(&inner, "at most %d ways to cut time", TARIFF_TOUS_MAX);
        err = name_in(key, &inner, version->tous[version->tou_count].name);
        if (err == OK)
            err = tou_in(value, &inner, &version->tous[version->tou_count++]);
        if (err != OK)
            return err;
    }
    return OK;
}

/* A charge's own `tou`: the name of one of `tous`, or one given in place. */
enum err charge_tou_in(json_t *json, const struct place *place, int *out)
{
    struct tariff_version *version = place->version;
    json_t *tou = json_object_get(json, "tou");
    struct place at = place_in(place, "tou");
    if (!given(json, "tou"))
        return OK;
    for (int t = 1; json_is_string(tou) && t < version->tou_count; t++) {
        if (strcmp(version->tous[t].name, json_string_value(tou)) == 0) {
            *out = t;
            return OK;
        }
    }
    if (version->tou_count == TARIFF_TOUS_MAX && json_is_object(tou))
        return wrong_at(&at, "at most %d ways to cut time", TARIFF_TOUS_MAX);
    if (!json_is_object(tou))
        return wrong_at(&at, "the name of one of this version's tous, or {time_basis, windows, default}, is expected");
    *out = version->tou_count++;
    return tou_in(tou, &at, &version->tous[*out]);
}
