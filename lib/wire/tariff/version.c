/* One version as a whole: quantity, rounding, proration, and what cannot stand together. */
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "wire/tariff/inner.h"

enum err quantity_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    json_t *round = json_object_get(json, "round");
    struct place at = place_in(place, "round");
    int unit = 0, netting = 0, stage = 1;
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "unit netting interval_s round");
    if (err == OK)
        err = word_in(json, "unit", place, "kWh", &unit);
    if (err == OK)
        err = word_in(json, "netting", place, "register|interval|month", &netting);
    if (err == OK)
        err = int_key_in(json, "interval_s", place, 60, 86400, &version->interval_s);
    version->netting = (enum netting)netting;
    if (err != OK || !given(json, "round"))
        return err;
    version->quantity_round = (struct round_rule){0, ROUND_HALF_AWAY};
    err = only_keys(round, &at, "digits mode stage");
    if (err == OK)
        err = round_in(round, &at, &version->quantity_round);
    if (err == OK)
        err = word_in(round, "stage", &at, "interval|bucket|bill", &stage);
    if (err == OK && version->quantity_round.digits > 3)
        err = wrong_in(&at, "digits", "0 to 3 digits of kWh are expected: energy is whole watt-hours");
    version->round_stage = (enum round_stage)(stage + 1);
    return err;
}

static enum err rule_in(json_t *json, const char *key, const struct place *place, struct round_rule *out)
{
    struct place at = place_in(place, key);
    if (!given(json, key))
        return OK;
    enum err err = only_keys(json_object_get(json, key), &at, "digits mode");
    return err == OK ? round_in(json_object_get(json, key), &at, out) : err;
}

static enum err display_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    json_t *display = json_object_get(json, "unit_price_display");
    struct place at = place_in(place, "unit_price_display");
    if (!given(json, "unit_price_display"))
        return OK;
    version->price_display.digits = 5;
    enum err err = only_keys(display, &at, "digits mode compute");
    if (err == OK)
        err = round_in(display, &at, &version->price_display);
    return err == OK ? flag_in(display, "compute", &at, &version->price_computes) : err;
}

/* `rounding.quantity` is the same as `quantity.round` by bucket. */
static enum err quantity_rule_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    if (!given(json, "quantity"))
        return OK;
    if (version->round_stage != STAGE_NONE)
        return wrong_in(place, "quantity", "the quantity's rounding stands in quantity.round already");
    version->quantity_round = (struct round_rule){0, ROUND_HALF_AWAY};
    version->round_stage = STAGE_BUCKET;
    enum err err = rule_in(json, "quantity", place, &version->quantity_round);
    return err == OK && version->quantity_round.digits > 3 ? wrong_in(place, "quantity", "0 to 3 digits of kWh are expected") : err;
}

enum err rounding_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    int policy = 0, minor = place->tariff->minor_digits;
    enum err err = json ? only_keys(json, place, "quantity unit_price_display line tax total total_policy") : OK;
    version->line = (struct round_rule){minor, ROUND_HALF_AWAY};
    version->price_display.digits = -1;
    if (err == OK && json)
        err = rule_in(json, "line", place, &version->line);
    version->tax_round = version->total_round = (struct round_rule){minor, version->line.mode};
    if (err != OK || !json)
        return err;
    err = rule_in(json, "tax", place, &version->tax_round);
    if (err == OK)
        err = rule_in(json, "total", place, &version->total_round);
    if (err == OK)
        err = display_in(json, place);
    if (err == OK)
        err = quantity_rule_in(json, place);
    if (err == OK)
        err = word_in(json, "total_policy", place, "sum_of_lines|round_of_sum", &policy);
    version->total_policy = (enum total_policy)policy;
    return err;
}

enum err proration_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    json_t *month = json_object_get(json, "month_days");
    const char *word = json_string_value(month);
    struct place at = place_in(place, "month_days");
    int days = 0, change = 0;
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "days tariff_change month_days");
    if (err == OK)
        err = word_in(json, "days", place, "inclusive|start_exclusive_end_inclusive|exact", &days);
    if (err == OK)
        err = word_in(json, "tariff_change", place, "split_days|read_date|interval", &change);
    version->print_days = (enum print_days)days;
    version->tariff_change = (enum tariff_change)change;
    if (err != OK || !given(json, "month_days") || (word && strcmp(word, "cycle") == 0))
        return err;
    version->month_rule = word && strcmp(word, "calendar") == 0 ? MONTH_CALENDAR : MONTH_DAYS;
    if (version->month_rule == MONTH_DAYS &&
        (!word || !decimal_parse(word, strlen(word), 9, &version->month_days_nano) || version->month_days_nano <= 0))
        return wrong_at(&at, "\"cycle\", \"calendar\", or the days of a month as decimal text (\"30\", \"30.4375\") are expected");
    return OK;
}

enum err estimate_in(json_t *json, const struct place *place)
{
    int method = -1;
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "method max_cycles");
    if (err == OK)
        err = word_in(json, "method", place, "mean_12|same_month_last_year|profile", &method);
    place->version->estimate = (enum estimate_method)(method + 1);
    return err == OK ? int_key_in(json, "max_cycles", place, 1, 120, &place->version->estimate_max_cycles) : err;
}

/* ---- what cannot stand together ---- */

static bool in_kwh(const struct tariff_version *version)
{
    for (int i = 0; i < version->credit_count; i++)
        if (version->credits[i].mode == CREDITS_KWH)
            return true;
    return version->minimum.kind == MINIMUM_KWH;
}

static bool asks_for_kw(const struct charge *charge)
{
    for (int l = 0; l < charge->tiers.seasons * charge->tiers.windows; l++)
        for (int t = 0; charge->kind == CHARGE_ENERGY && t < charge->tiers.lists[l].count; t++)
            if (charge->tiers.lists[l].tiers[t].unit == TIER_KWH_KW)
                return true;
    return false;
}

static enum err check_charge(const struct place *place, const struct charge *charge)
{
    const struct tariff_version *version = place->version;
    bool changes_kwh = in_kwh(version);
    bool rounds_later = version->round_stage == STAGE_BUCKET || version->round_stage == STAGE_BILL;
    if (charge->kind != CHARGE_ENERGY)
        return OK;
    if (charge->tier_scope == SCOPE_TIME_ORDER && (changes_kwh || rounds_later || version->netting == NET_MONTH))
        return wrong_in(place, "tier_scope",
                        "time_order needs the energy as it flowed: no kWh credits, minimum kWh, monthly netting or later rounding");
    if (charge->series.id[0] && (changes_kwh || rounds_later || version->netting == NET_MONTH))
        return wrong_in(place, "series", "a series prices each interval: no kWh credits, minimum kWh, monthly netting or later rounding");
    if (charge->tou != 0 && changes_kwh)
        return wrong_in(place, "tou", "windows of its own cannot be billed together with kWh credits or a minimum in kWh");
    bool demand = false;
    for (int c = 0; c < version->charge_count; c++) {
        const struct charge *other = &version->charges[c];
        demand = demand || (other->kind == CHARGE_DEMAND && other->coincident_count == 0 && !other->daily &&
                            (!charge->tier_demand[0] || strcmp(other->id, charge->tier_demand) == 0));
    }
    if ((asks_for_kw(charge) || charge->tier_demand[0]) && !demand)
        return charge->tier_demand[0] ? wrong_in(place, "tier_demand", "the id of a demand charge is expected")
                                      : wrong_at(place, "tiers in kWh/kW need a charge of kind demand in this version (its rate may be \"0\")");
    return OK;
}

static enum err check_credits(const struct place *place)
{
    const struct tariff_version *version = place->version;
    int in_energy = 0;
    for (int i = 0; i < version->credit_count; i++) {
        const struct credits *credits = &version->credits[i];
        if (credits->mode == CREDITS_BUY_SELL && version->netting != NET_REGISTER)
            return wrong_at(place, "buy_sell_all buys and sells everything: quantity.netting is \"register\"");
        for (int c = 0; credits->retail && c < version->charge_count; c++)
            if (version->charges[c].kind == CHARGE_ENERGY && (version->charges[c].series.id[0] || version->charges[c].tier_mode == TIERS_PACKAGE))
                return wrong_at(place,
                                "\"retail\" is the energy price of a window: a series or packages have none; give credit_series or credit_rate");
        if (credits->series.id[0] && version->netting == NET_MONTH)
            return wrong_at(place, "a series prices each interval: no monthly netting");
        bool always = true;
        for (int a = 0; a < ACCOUNT_ATTRIBUTES; a++)
            always = always && credits->when.count[a] == 0;
        in_energy += credits->mode == CREDITS_KWH && always && version->credit_count > 1;
    }
    return in_energy > 0 ? wrong_at(place, "kwh_rollover without \"when\" stands alone: energy cannot be credited twice") : OK;
}

enum err check_combinations(const struct place *place)
{
    struct place charges = place_in(place, "charges"), credits = place_in(place, "credits");
    for (int c = 0; c < place->version->charge_count; c++) {
        struct place at = place_at(&charges, (size_t)c);
        enum err err = check_charge(&at, &place->version->charges[c]);
        if (err != OK)
            return err;
    }
    enum err err = check_seasons(place);
    return err == OK ? check_credits(&credits) : err;
}

static enum err head_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    const char *known = json_string_value(json_object_get(json, "known_from"));
    char supersedes[96];
    enum err err =
        only_keys(json, place,
                  "from until known_from act supersedes calendar seasons tou tous quantity charges minimum maximum credits social taxes municipal "
                  "rounding proration estimate");
    version->until_day = DAY_NEVER;
    version->known_utc_ms = INT64_MIN;
    if (err == OK)
        err = day_in(json, "from", place, MUST, &version->from_day);
    if (err == OK)
        err = day_in(json, "until", place, MAY, &version->until_day);
    if (err == OK && version->until_day <= version->from_day)
        err = wrong_in(place, "until", "a day after \"from\" is expected: the span is half-open");
    if (err == OK && given(json, "known_from") && (!known || !instant_parse(known, strlen(known), &version->known_utc_ms)))
        err = wrong_in(place, "known_from", "an instant is expected, such as \"2025-10-21T00:00:00Z\"");
    if (err == OK)
        err = text_in(json, "act", place, MAY, version->act, sizeof version->act);
    return err == OK ? text_in(json, "supersedes", place, MAY, supersedes, sizeof supersedes) : err;
}

enum err version_in(json_t *json, const struct place *place)
{
    static const struct {
        const char *key;
        enum err (*read)(json_t *, const struct place *);
    } parts[] = {
        {"seasons", seasons_in}, {"quantity", quantity_in}, {"proration", proration_in}, {"rounding", rounding_in}, {"estimate", estimate_in}};
    static const struct {
        const char *key;
        enum err (*read)(json_t *, const struct place *);
    } later[] = {{"charges", charges_in}, {"minimum", minimum_in}, {"maximum", maximum_in},    {"credits", credits_in},
                 {"social", social_in},   {"taxes", taxes_in},     {"municipal", municipal_in}};
    struct place calendar = place_in(place, "calendar");
    enum err err = json_is_object(json) ? head_in(json, place) : wrong_at(place, "an object is expected");
    if (err == OK)
        err = calendar_in(json_object_get(json, "calendar"), &calendar, &place->version->calendar);
    for (size_t i = 0; err == OK && i < sizeof parts / sizeof parts[0]; i++) {
        struct place at = place_in(place, parts[i].key);
        err = parts[i].read(given(json, parts[i].key) ? json_object_get(json, parts[i].key) : NULL, &at);
    }
    if (err == OK)
        err = tous_in(json, place);
    for (size_t i = 0; err == OK && i < sizeof later / sizeof later[0]; i++) {
        struct place at = place_in(place, later[i].key);
        err = later[i].read(given(json, later[i].key) ? json_object_get(json, later[i].key) : NULL, &at);
    }
    return err == OK ? check_combinations(place) : err;
}
