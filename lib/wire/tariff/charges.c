/* Charges, kind by kind. */
#include <limits.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "wire/tariff/inner.h"

#define MAX_WH INT64_C(1000000000000)
#define EVENTS_MAX 1000

enum err quantity_word_in(json_t *json, const struct place *place, enum quantity_of *out)
{
    static const enum quantity_of words[] = {OF_MEASURED, OF_MEASURED, OF_BILLED, OF_NET, OF_NET_OF_PART, OF_COMPENSATED, OF_EXPORT};
    int word = 0, per = 0;
    enum err err = word_in(json, "quantity", place, "import|measured|billed|net|max(0,import-compensated_export)|compensated|export", &word);
    if (err == OK)
        err = word_in(json, "per", place, "bill|day", &per);
    if (err != OK)
        return err;
    *out = words[word];
    if (per == 1 && *out == OF_NET_OF_PART)
        *out = OF_NET_OF_DAY;
    else if (per == 1 && given(json, "quantity") && *out != OF_MEASURED)
        return wrong_in(place, "per", "\"day\" goes with quantity \"max(0,import-compensated_export)\"");
    return OK;
}

static enum err tier_modes_in(json_t *json, const struct place *place, struct charge *out, enum tier_unit *unit)
{
    static const enum tier_mode modes[] = {TIERS_GRADUATED, TIERS_VOLUME, TIERS_PACKAGE, TIERS_GRADUATED};
    int mode = 0, scope = 0, word = -1;
    enum err err = word_in(json, "tier_mode", place, "graduated|volume|package|allowance_per_day", &mode);
    if (err == OK)
        err = word_in(json, "tier_scope", place, "total_then_share|per_bucket|time_order", &scope);
    if (err == OK)
        err = word_in(json, "tier_unit", place, "kWh|kWh/day|kWh/month|kWh/kW", &word);
    if (err != OK)
        return err;
    out->tier_mode = modes[mode];
    out->tier_scope = (enum tier_scope)scope;
    *unit = word >= 0 ? (enum tier_unit)word : mode == 3 ? TIER_KWH_DAY : TIER_KWH;
    if (mode == 3 && *unit != TIER_KWH_DAY)
        return wrong_in(place, "tier_unit", "allowance_per_day has tier_unit kWh/day");
    if (scope != 0 && mode != 0 && mode != 3)
        return wrong_in(place, "tier_scope", "per_bucket and time_order go with graduated tiers");
    return OK;
}

static enum err package_in(json_t *json, const struct place *place, struct charge *out)
{
    enum err err = number_key_in(json, "package_kwh", place, 3, 1, MAX_WH, &out->package_wh);
    if (err == OK)
        err = number_key_in(json, "free_kwh", place, 3, 0, MAX_WH, &out->free_wh);
    if (err != OK)
        return err;
    if (out->tier_mode != TIERS_PACKAGE)
        return given(json, "package_kwh") || given(json, "free_kwh") ? wrong_in(place, "tier_mode", "package_kwh and free_kwh go with \"package\"")
                                                                     : OK;
    if (out->package_wh == 0)
        return wrong_in(place, "package_kwh", "the size of a package in kWh is expected");
    if (!given(json, "rate") && !given(json, "tiers"))
        return wrong_at(place, "packages have one \"rate\" each, or \"tiers\" of rates");
    if (out->tiers.windows > 1 || out->tiers.lists[0].tiers[0].rate.windows > 1)
        return wrong_at(place, "packages have no prices by window");
    return OK;
}

/* Windows with tiers of their own fill them on their own. */
static enum err check_scope(json_t *json, const struct place *place, struct charge *out)
{
    if (out->tiers.windows > 1 && given(json, "tier_scope") && out->tier_scope != SCOPE_PER_BUCKET)
        return wrong_in(place, "tier_scope", "windows with tiers of their own are \"per_bucket\"");
    if (out->tiers.windows > 1)
        out->tier_scope = SCOPE_PER_BUCKET;
    for (int i = 0; out->tier_scope == SCOPE_TIME_ORDER && i < out->tiers.seasons; i++)
        for (int t = 0; t < out->tiers.lists[i].count; t++)
            if (out->tiers.lists[i].tiers[t].flat_nano != 0)
                return wrong_in(place, "tier_scope", "a flat amount on entering a tier cannot be billed with time_order");
    if (out->tier_scope == SCOPE_TIME_ORDER && out->tou != 0)
        return wrong_in(place, "tier_scope", "time_order goes by the version's own tou");
    return OK;
}

enum err energy_in(json_t *json, const struct place *place, struct charge *out)
{
    enum tier_unit unit = TIER_KWH;
    enum err err = only_keys(json, place,
                             "id kind when rate rates rates_by_season tiers tiers_by_season tier_mode tier_scope tier_unit tier_demand package_kwh "
                             "free_kwh series unit parts tou");
    if (err == OK)
        err = charge_tou_in(json, place, &out->tou);
    if (err == OK)
        err = tier_modes_in(json, place, out, &unit);
    if (err == OK)
        err = text_in(json, "tier_demand", place, MAY, out->tier_demand, sizeof out->tier_demand);
    if (err != OK)
        return err;
    if (given(json, "series")) {
        static const char *const others[] = {"rate",      "rates",      "rates_by_season", "tiers", "tiers_by_season",
                                             "tier_mode", "tier_scope", "tier_unit",       "parts", "tou"};
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            if (given(json, others[i]))
                return wrong_in(place, others[i], "a series has no prices beside its own");
        return series_in(json, "series", "unit", place, &out->series);
    }
    if (given(json, "unit"))
        return wrong_in(place, "unit", "a unit goes with \"series\"; other prices are per kWh in %s", place->tariff->currency);
    err = tiers_in(json, place, out->tou, false, unit, &out->tiers);
    if (err == OK)
        err = package_in(json, place, out);
    if (err == OK)
        err = check_scope(json, place, out);
    return err == OK ? parts_in(json, place, out) : err;
}

/* ---- demand ---- */

static enum err ratchet_in(json_t *json, const struct place *place, struct ratchet *out)
{
    json_t *months = json_object_get(json, "months");
    struct place at = place_in(place, "months");
    enum err err = only_keys(json, place, "percent months lookback minimum_kw");
    out->lookback = 11;
    if (err == OK)
        err = price_key_in(json, "percent", place, MAY, &out->share_nano);
    if (err == OK && (out->share_nano < 0 || out->share_nano > 10 * NANO))
        err = wrong_in(place, "percent", "a share is expected: \"0.95\" is 95 %%");
    if (err == OK)
        err = int_key_in(json, "lookback", place, 1, 24, &out->lookback);
    if (err == OK)
        err = number_key_in(json, "minimum_kw", place, 6, 0, INT64_C(1000000000000000), &out->minimum_milliw);
    if (err != OK || !given(json, "months"))
        return err;
    if (!json_is_array(months) || json_array_size(months) == 0)
        return wrong_at(&at, "an array of months 1 to 12 is expected");
    for (size_t i = 0; i < json_array_size(months); i++) {
        json_t *month = json_array_get(months, i);
        struct place inner = place_at(&at, i);
        if (!json_is_integer(month) || json_integer_value(month) < 1 || json_integer_value(month) > 12)
            return wrong_at(&inner, "a month 1 to 12 is expected");
        out->months |= 1u << json_integer_value(month);
    }
    return OK;
}

static enum err ratchets_in(json_t *json, const struct place *place, struct charge *out)
{
    json_t *ratchets = json_object_get(json, "ratchet");
    struct place at = place_in(place, "ratchet");
    size_t count = json_is_array(ratchets) ? json_array_size(ratchets) : 1;
    if (!given(json, "ratchet"))
        return OK;
    if (count < 1 || count > 12)
        return wrong_at(&at, "one ratchet {percent, months, lookback, minimum_kw} or an array of at most 12 is expected");
    out->ratchets = tariff_alloc(place->tariff, count * sizeof *out->ratchets);
    if (!out->ratchets)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place inner = json_is_array(ratchets) ? place_at(&at, i) : at;
        enum err err = ratchet_in(json_is_array(ratchets) ? json_array_get(ratchets, i) : ratchets, &inner, &out->ratchets[i]);
        if (err != OK)
            return err;
        out->ratchet_count++;
    }
    return OK;
}

/* One instant or several; of several the greatest demand counts. */
static enum err event_in(json_t *json, const struct place *place, int event, struct charge *out)
{
    json_t *at = json_object_get(json, "at");
    size_t count = json_is_array(at) ? json_array_size(at) : 1;
    int64_t rate_nano = 0;
    enum err err = only_keys(json, place, "at rate");
    if (err == OK)
        err = price_key_in(json, "rate", place, MUST, &rate_nano);
    if (err == OK && (count < 1 || count + (size_t)out->coincident_count > EVENTS_MAX))
        err = wrong_in(place, "at", "at most %d instants are expected", EVENTS_MAX);
    for (size_t i = 0; err == OK && i < count; i++) {
        const char *text = json_string_value(json_is_array(at) ? json_array_get(at, i) : at);
        struct coincident *row = &out->coincident[out->coincident_count];
        if (!text || !instant_parse(text, strlen(text), &row->at_utc_ms))
            return wrong_in(place, "at", "an instant is expected, such as \"2026-07-10T22:00:00Z\", or an array of them");
        row->event = event;
        row->rate_nano = rate_nano;
        out->coincident_count++;
    }
    return err;
}

/* [{"at": "2026-07-10T22:00:00Z", "rate": "10"}]: the demand at announced times. */
static enum err coincident_in(json_t *json, const struct place *place, struct charge *out)
{
    json_t *events = json_object_get(json, "coincident");
    struct place at = place_in(place, "coincident");
    size_t count = json_array_size(events);
    if (!json_is_array(events) || count < 1 || count > EVENTS_MAX)
        return wrong_at(&at, "1 to %d events {at, rate} are expected", EVENTS_MAX);
    out->coincident = tariff_alloc(place->tariff, EVENTS_MAX * sizeof *out->coincident);
    if (!out->coincident)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place inner = place_at(&at, i);
        enum err err = event_in(json_array_get(events, i), &inner, (int)i, out);
        if (err != OK)
            return err;
    }
    return OK;
}

enum err demand_in(json_t *json, const struct place *place, struct charge *out)
{
    int per = 0;
    bool prorate = true;
    struct place round = place_in(place, "round");
    enum err err = only_keys(
        json, place,
        "id kind when interval_s rate rates rates_by_season tiers tiers_by_season ratchet per average_of_days prorate round tou coincident");
    out->interval_s = 900;
    if (err == OK)
        err = charge_tou_in(json, place, &out->tou);
    if (err == OK)
        err = int_key_in(json, "interval_s", place, 60, 86400, &out->interval_s);
    if (err == OK)
        err = word_in(json, "per", place, "month|day", &per);
    if (err == OK)
        err = flag_in(json, "prorate", place, &prorate);
    if (err == OK && given(json, "round")) {
        struct round_rule rule = {0, ROUND_HALF_AWAY};
        err = only_keys(json_object_get(json, "round"), &round, "digits mode");
        if (err == OK)
            err = round_in(json_object_get(json, "round"), &round, &rule);
        if (err == OK && rule.digits > 6)
            err = wrong_in(&round, "digits", "0 to 6 digits of kW are expected");
        out->kw_round.digits = rule.digits;
        out->kw_round.mode = rule.mode;
        out->kw_round.given = true;
    }
    if (err == OK)
        err = int_key_in(json, "average_of_days", place, 1, 31, &out->top_days);
    if (err == OK && out->top_days > 0 && per == 1)
        err = wrong_in(place, "average_of_days", "this goes with \"per\": \"month\"");
    out->daily = per == 1;
    out->whole = !prorate;
    if (err == OK && given(json, "coincident"))
        return coincident_in(json, place, out);
    if (err == OK)
        err = tiers_in(json, place, out->tou, true, TIER_KW, &out->tiers);
    return err == OK ? ratchets_in(json, place, out) : err;
}

/* ---- adder ---- */

static enum err adder_months_in(json_t *json, const struct place *place, struct charge *out)
{
    json_t *table = json_object_get(json, "table"), *value;
    const char *key;
    struct place at = place_in(place, "table");
    size_t count = json_object_size(table);
    if (!given(json, "table"))
        return out->level_count > 0 ? OK : wrong_at(&at, "prices by month are expected, such as {\"2026-05\": \"0.01885\"}");
    if (!json_is_object(table) || count > TARIFF_MONTHS_MAX)
        return wrong_at(&at, "an object of at most %d months is expected, such as {\"2026-05\": \"0.01885\"}", TARIFF_MONTHS_MAX);
    out->months = tariff_alloc(place->tariff, (count + 1) * sizeof *out->months);
    if (!out->months)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    json_object_foreach(table, key, value)
    {
        struct place inner = place_in(&at, key);
        struct month_price *row = &out->months[out->month_count];
        const char *text = json_string_value(value);
        bool level = false;
        enum err err = month_in(key, &inner, &row->month);
        for (int l = 0; text && !level && l < out->level_count; l++)
            if (strcmp(out->levels[l].name, text) == 0) {
                row->nano = out->levels[l].nano;
                level = true;
            }
        if (err == OK && !level)
            err = price_in(value, &inner, &row->nano);
        if (err != OK)
            return err;
        out->month_count++;
    }
    return OK;
}

enum err adder_in(json_t *json, const struct place *place, struct charge *out)
{
    static const enum quantity_of words[] = {OF_MEASURED, OF_BILLED, OF_NET};
    int apportion = 0, applies_to = 0;
    struct place levels = place_in(place, "levels");
    enum err err = only_keys(json, place, "id kind when table levels apportion applies_to free_kwh");
    if (err == OK)
        err = word_in(json, "apportion", place, "days|none", &apportion);
    if (err == OK)
        err = word_in(json, "applies_to", place, "measured|billed_kwh|net", &applies_to);
    if (err == OK)
        err = number_key_in(json, "free_kwh", place, 3, 0, MAX_WH, &out->free_wh);
    if (err == OK && given(json, "levels"))
        err = named_amounts_in(json_object_get(json, "levels"), &levels, true, &out->levels, &out->level_count);
    out->by_days = apportion == 0;
    out->quantity_of = words[applies_to];
    return err == OK ? adder_months_in(json, place, out) : err;
}

/* ---- fixed ---- */

static enum err by_amps_in(json_t *json, const struct place *place, struct charge *out)
{
    size_t count = json_array_size(json);
    int64_t below = 0;
    if (!json_is_array(json) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "1 to %d rows [up to A, amount] are expected; the last may end at null", TARIFF_ROWS_MAX);
    out->amounts = tariff_alloc(place->tariff, count * sizeof *out->amounts);
    out->amps_to = tariff_alloc(place->tariff, count * sizeof *out->amps_to);
    if (!out->amounts || !out->amps_to)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i), end = place_at(&at, 0), amount = place_at(&at, 1);
        json_t *row = json_array_get(json, i);
        int64_t amps = INT_MAX;
        enum err err = json_array_size(row) == 2 ? OK : wrong_at(&at, "[up to A, amount] is expected");
        if (err == OK && !(json_is_null(json_array_get(row, 0)) && i + 1 == count))
            err = number_in(json_array_get(row, 0), &end, 0, below + 1, 100000, &amps);
        if (err == OK)
            err = price_in(json_array_get(row, 1), &amount, &out->amounts[i].nano);
        if (err != OK)
            return err;
        out->amps_to[i] = (int)amps;
        below = amps;
        out->amount_count++;
    }
    out->by_amps = true;
    return OK;
}

static enum err amounts_in(json_t *json, const struct place *place, struct charge *out)
{
    static const char *const keys[] = {"amount", "by_amps", "amount_by_season", "by_phases", "by_class", "by_zone", "by_tier", "by_regime"};
    static const enum account_attribute by[] = {0, 0, 0, ACCOUNT_PHASES, ACCOUNT_CLASS, ACCOUNT_ZONE, ACCOUNT_TIER, ACCOUNT_REGIME};
    int found = -1, count = 0;
    for (int i = 0; i < 8; i++)
        if (given(json, keys[i])) {
            found = i;
            count++;
        }
    if (count == 0)
        found = 0; /* told as a missing amount */
    if (count > 1)
        return wrong_at(place, "exactly one of amount, amount_by_season, by_phases, by_amps, by_tier, by_zone, by_class, by_regime is expected");
    struct place at = place_in(place, keys[found]);
    json_t *value = json_object_get(json, keys[found]);
    if (found == 0)
        return price_in(value, &at, &out->amount_nano);
    if (found == 1)
        return by_amps_in(value, &at, out);
    if (found == 2) {
        struct price_table table = {0};
        if (!json_is_object(value))
            return wrong_at(&at, "an object of amounts by season is expected");
        enum err err = season_table_in(value, &at, &table);
        out->amounts = err == OK ? tariff_alloc(place->tariff, (size_t)table.seasons * sizeof *out->amounts) : NULL;
        if (err == OK && !out->amounts)
            err = fault_set(place->fault, ERR_FATAL, "no memory");
        for (int s = 0; err == OK && s < table.seasons; s++)
            out->amounts[s].nano = table.nano[s];
        out->amount_count = table.seasons;
        out->by_season = true;
        return err;
    }
    out->by = by[found];
    return named_amounts_in(value, &at, true, &out->amounts, &out->amount_count);
}

enum err fixed_in(json_t *json, const struct place *place, struct charge *out)
{
    int per = -1, times = 0;
    bool prorate = true;
    enum err err =
        only_keys(json, place, "id kind when per amount amount_by_season by_phases by_amps by_tier by_zone by_class by_regime times prorate parts");
    if (err == OK)
        err = word_in(json, "per", place, "day|month|bill|year", &per);
    if (err == OK && per < 0)
        err = wrong_in(place, "per", "one of day|month|bill|year is expected");
    if (err == OK)
        err = word_in(json, "times", place, "|contracted_kw|amps", &times);
    if (err == OK)
        err = flag_in(json, "prorate", place, &prorate);
    if (err != OK)
        return err;
    if (!prorate && (per == PER_DAY || per == PER_YEAR))
        return wrong_in(place, "prorate", "an amount per day or year goes by its days anyway");
    out->per = (enum charge_per)per;
    out->whole = !prorate;
    text_copy(out->times, sizeof out->times, times == 1 ? "contracted_kw" : times == 2 ? "amps" : "");
    if (given(json, "parts") && !given(json, "amount"))
        return wrong_in(place, "parts", "parts stand beside \"amount\"");
    err = amounts_in(json, place, out);
    return err == OK ? simple_parts_in(json, place, out->amount_nano) : err;
}

/* ---- allowance credit (baseline) ---- */

static bool is_zoned(const json_t *per_day)
{
    return json_is_object(per_day) && json_is_object(json_object_iter_value(json_object_iter((json_t *)per_day)));
}

static enum err kwh_in(const json_t *json, const struct place *place, int64_t *out_wh)
{
    return number_in(json, place, 3, 0, MAX_WH, out_wh);
}

/* kWh per day: one, by season, or by zone and season. */
static enum err zone_row_in(json_t *json, const struct place *place, int zone, struct charge *out)
{
    const struct tariff_version *version = place->version;
    struct price_table *table = &out->allowance_wh;
    for (int s = 0; s < table->seasons; s++) {
        struct place at = *place;
        json_t *value = json;
        if (json_is_object(json)) {
            at = place_in(place, version->seasons[s].id);
            value = json_object_get(json, version->seasons[s].id);
        }
        enum err err = kwh_in(value, &at, &table->nano[s * table->windows + zone]);
        if (err != OK)
            return err;
    }
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        bool found = false;
        for (int s = 0; s < version->season_count && !found; s++)
            found = strcmp(version->seasons[s].id, key) == 0;
        if (!found)
            return wrong_in(place, key, "no season of this version is called so");
    }
    if (json_is_object(json))
        place->version->by_season = true;
    return OK;
}

static enum err per_day_in(json_t *json, const struct place *place, struct charge *out)
{
    json_t *per_day = json_object_get(json, "per_day"), *value;
    const char *key;
    struct place at = place_in(place, "per_day");
    int seasons = place->version->season_count > 0 ? place->version->season_count : 1;
    int zones = is_zoned(per_day) ? (int)json_object_size(per_day) : 1;
    if (!given(json, "per_day") || zones > TARIFF_ROWS_MAX)
        return wrong_at(&at, "kWh per day are expected: \"9.7\", by season, or by zone and season");
    out->allowance_wh = (struct price_table){seasons, zones, tariff_alloc(place->tariff, (size_t)(seasons * zones) * sizeof(int64_t))};
    out->zones = tariff_alloc(place->tariff, (size_t)zones * sizeof *out->zones);
    if (!out->allowance_wh.nano || !out->zones)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    if (!is_zoned(per_day))
        return zone_row_in(per_day, &at, 0, out);
    json_object_foreach(per_day, key, value)
    {
        struct place inner = place_in(&at, key);
        enum err err = name_in(key, &inner, out->zones[out->zone_count]);
        if (err == OK)
            err = zone_row_in(value, &inner, out->zone_count, out);
        if (err != OK)
            return err;
        out->zone_count++;
    }
    return OK;
}

enum err allowance_in(json_t *json, const struct place *place, struct charge *out)
{
    int cap = 0;
    struct place credit = place_in(place, "credit");
    enum err err = only_keys(json, place, "id kind when per_day credit cap");
    if (err == OK)
        err = word_in(json, "cap", place, "usage|segment|none", &cap);
    out->cap = (enum cap_rule)cap;
    if (err == OK)
        err = per_day_in(json, place, out);
    return err == OK ? season_table_in(json_object_get(json, "credit"), &credit, &out->credit) : err;
}
