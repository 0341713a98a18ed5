#include "wire/import_urdb.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/number.h"
#include "wire/json_in.h"
#include "wire/json_out.h"
#include "wire/urdb_schedule.h"

#define SECONDS_PER_DAY 86400

static int64_t nano_of(const json_t *object, const char *key)
{
    int64_t nano = 0;
    json_in_scaled(json_object_get(object, key), 9, INT64_MIN, INT64_MAX, &nano);
    return nano;
}

static void decimal_text(int64_t nano, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format(nano, 9, 0, out);
}

static void price_out(struct buf *out, const char *key, int64_t nano)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_text(nano, text);
    out_text(out, key, text);
}

/* ---- structures: periods of tiers ---- */

static enum err check_structure(const struct urdb *urdb, const char *key, const struct schedule *schedule)
{
    json_t *periods = json_object_get(urdb->rate, key);
    char path[96];
    for (int p = 0; p < PERIODS_MAX; p++)
        if (urdb_used_in(urdb, schedule, -1, p) && json_array_size(json_array_get(periods, (size_t)p)) == 0) {
            snprintf(path, sizeof path, "/%s/%d", key, p);
            return urdb_refuse(urdb, path, "the schedule uses a period that has no rates");
        }
    return OK;
}

/* "kWh", "kWh daily", "kWh/kW" → an upper end. */
static enum err end_out(const struct urdb *urdb, const json_t *tier, const char *path)
{
    const char *unit = json_string_value(json_object_get(tier, "unit"));
    char number[DECIMAL_TEXT_SIZE], text[96];
    if (!json_object_get(tier, "max")) {
        out_null(urdb->out, NULL);
        return OK;
    }
    decimal_text(nano_of(tier, "max"), number);
    if (!unit || strcmp(unit, "kWh") == 0)
        snprintf(text, sizeof text, "%s kWh", number);
    else if (strcmp(unit, "kWh daily") == 0)
        snprintf(text, sizeof text, "%s kWh/day", number);
    else if (strcmp(unit, "kWh/kW") == 0)
        snprintf(text, sizeof text, "%s kWh/kW", number);
    else if (strcmp(unit, "kW") == 0)
        snprintf(text, sizeof text, "%s kW", number);
    else
        return urdb_refuse(urdb, path, "this unit cannot be billed by: kWh, kWh daily, kWh/kW or kW is expected");
    out_text(urdb->out, NULL, text);
    return OK;
}

static bool same_member(const json_t *a, const json_t *b, const char *key)
{
    const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);
    return (!x && !y) || json_equal(x, y);
}

static bool same_end(const json_t *a, const json_t *b)
{
    return same_member(a, b, "max") && (!json_object_get(a, "max") || same_member(a, b, "unit"));
}

/* The tiers of one season: all its periods must have the same ends, each its own price. */
static enum err season_tiers_out(const struct urdb *urdb, const char *key, int season)
{
    json_t *periods = json_object_get(urdb->rate, "energyratestructure"), *model = NULL;
    char path[96] = "/energyratestructure", id[16];
    for (int p = 0; p < PERIODS_MAX; p++) {
        json_t *tiers = json_array_get(periods, (size_t)p);
        if (!urdb_used_in(urdb, &urdb->energy, season, p))
            continue;
        snprintf(path, sizeof path, "/energyratestructure/%d", p);
        for (size_t t = 0; model && t < json_array_size(model); t++)
            if (json_array_size(tiers) != json_array_size(model) || !same_end(json_array_get(tiers, t), json_array_get(model, t)))
                return urdb_refuse(urdb, path,
                                   "periods of one month have different tiers, which is more than one way to bill: write this tariff by hand");
        model = model ? model : tiers;
    }
    out_array(urdb->out, key);
    for (size_t t = 0; t < json_array_size(model); t++) {
        out_array(urdb->out, NULL);
        enum err err = end_out(urdb, json_array_get(model, t), path);
        if (err != OK)
            return err;
        out_object(urdb->out, NULL);
        for (int p = 0; p < PERIODS_MAX; p++)
            if (urdb_used_in(urdb, &urdb->energy, season, p)) {
                const json_t *tier = json_array_get(json_array_get(periods, (size_t)p), t);
                snprintf(id, sizeof id, "p%d", p);
                price_out(urdb->out, id, nano_of(tier, "rate") + nano_of(tier, "adj"));
            }
        out_end_object(urdb->out);
        out_end_array(urdb->out);
    }
    out_end_array(urdb->out);
    return OK;
}

static enum err energy_out(struct urdb *urdb)
{
    enum err err = check_structure(urdb, "energyratestructure", &urdb->energy);
    if (err != OK)
        return err;
    out_object(urdb->out, NULL);
    out_text(urdb->out, "id", "energy");
    out_text(urdb->out, "kind", "energy");
    out_text(urdb->out, "tier_scope", "total_then_share");
    if (urdb->season_count < 2)
        err = season_tiers_out(urdb, "tiers", -1);
    else {
        out_object(urdb->out, "tiers_by_season");
        for (int s = 0; err == OK && s < urdb->season_count; s++) {
            char id[16];
            snprintf(id, sizeof id, "s%d", s + 1);
            err = season_tiers_out(urdb, id, s);
        }
        out_end_object(urdb->out);
    }
    out_end_object(urdb->out);
    return err;
}

/* Tiers in kW of one period. */
static enum err kw_tiers_out(const struct urdb *urdb, const char *key, const char *structure, int period)
{
    json_t *tiers = json_array_get(json_object_get(urdb->rate, structure), (size_t)period), *tier;
    char path[96];
    size_t t;
    snprintf(path, sizeof path, "/%s/%d", structure, period);
    if (json_array_size(tiers) == 0)
        return urdb_refuse(urdb, path, "this period has no rates");
    out_array(urdb->out, key);
    json_array_foreach(tiers, t, tier)
    {
        const char *unit = json_string_value(json_object_get(tier, "unit"));
        if (unit && strcmp(unit, "kW") != 0)
            return urdb_refuse(urdb, path, "demand is billed in kW");
        out_array(urdb->out, NULL);
        if (json_object_get(tier, "max"))
            out_scaled(urdb->out, NULL, nano_of(tier, "max"), 9);
        else
            out_null(urdb->out, NULL);
        price_out(urdb->out, NULL, nano_of(tier, "rate") + nano_of(tier, "adj"));
        out_end_array(urdb->out);
    }
    out_end_array(urdb->out);
    return OK;
}

/* demandratchetpercentage: a share for each month. */
static void ratchets_out(const struct urdb *urdb)
{
    json_t *shares = json_object_get(urdb->rate, "demandratchetpercentage");
    bool told[12] = {false}, any = false;
    for (size_t m = 0; m < 12 && m < json_array_size(shares); m++) {
        int64_t nano = 0;
        json_in_scaled(json_array_get(shares, m), 9, 0, INT64_MAX, &nano);
        if (told[m] || nano == 0)
            continue;
        if (!any)
            out_array(urdb->out, "ratchet");
        any = true;
        out_object(urdb->out, NULL);
        price_out(urdb->out, "percent", nano > NANO ? nano / 100 : nano);
        out_array(urdb->out, "months");
        for (size_t n = m; n < 12 && n < json_array_size(shares); n++)
            if (json_equal(json_array_get(shares, n), json_array_get(shares, m))) {
                told[n] = true;
                out_int(urdb->out, NULL, (int64_t)n + 1);
            }
        out_end_array(urdb->out);
        out_end_object(urdb->out);
    }
    if (any)
        out_end_array(urdb->out);
}

static void begin_demand(const struct urdb *urdb, const char *id)
{
    int64_t minutes = 15;
    json_in_scaled(json_object_get(urdb->rate, "demandwindow"), 0, 1, 1440, &minutes);
    out_object(urdb->out, NULL);
    out_text(urdb->out, "id", id);
    out_text(urdb->out, "kind", "demand");
    out_int(urdb->out, "interval_s", minutes * 60);
    ratchets_out(urdb);
}

static enum err demand_out(struct urdb *urdb)
{
    enum err err = OK;
    char id[16];
    if (!urdb->demand.given || json_array_size(json_object_get(urdb->rate, "demandratestructure")) == 0)
        return OK;
    begin_demand(urdb, "demand");
    urdb_tou_out(urdb, "tou", &urdb->demand, 'd');
    out_object(urdb->out, "tiers");
    for (int p = 0; err == OK && p < PERIODS_MAX; p++)
        if (urdb_used_in(urdb, &urdb->demand, -1, p)) {
            snprintf(id, sizeof id, "d%d", p);
            err = kw_tiers_out(urdb, id, "demandratestructure", p);
        }
    out_end_object(urdb->out);
    out_end_object(urdb->out);
    return err;
}

static enum err flat_demand_out(struct urdb *urdb)
{
    enum err err = OK;
    if (urdb->flat[0] < 0)
        return OK;
    begin_demand(urdb, "flat_demand");
    if (urdb->season_count < 2)
        err = kw_tiers_out(urdb, "tiers", "flatdemandstructure", urdb->flat[0]);
    else {
        out_object(urdb->out, "tiers_by_season");
        for (int s = 0; err == OK && s < urdb->season_count; s++) {
            char id[16];
            snprintf(id, sizeof id, "s%d", s + 1);
            err = kw_tiers_out(urdb, id, "flatdemandstructure", urdb->flat[urdb->season_first[s]]);
        }
        out_end_object(urdb->out);
    }
    out_end_object(urdb->out);
    return err;
}

/* "$/month", "$/day", "$/year" → month, day, year; NULL: another. */
static const char *per_of(const json_t *rate, const char *key)
{
    const char *units = json_string_value(json_object_get(rate, key));
    if (!units)
        return "month";
    return strcmp(units, "$/month") == 0 ? "month" : strcmp(units, "$/day") == 0 ? "day" : strcmp(units, "$/year") == 0 ? "year" : NULL;
}

static enum err fixed_out(struct urdb *urdb)
{
    int64_t nano = nano_of(urdb->rate, "fixedchargefirstmeter") + nano_of(urdb->rate, "fixedmonthlycharge");
    const char *per = per_of(urdb->rate, "fixedchargeunits");
    if (nano == 0)
        return OK;
    if (!per)
        return urdb_refuse(urdb, "/fixedchargeunits", "$/month, $/day or $/year is expected");
    out_object(urdb->out, NULL);
    out_text(urdb->out, "id", "fixed");
    out_text(urdb->out, "kind", "fixed");
    out_text(urdb->out, "per", per);
    price_out(urdb->out, "amount", nano);
    out_end_object(urdb->out);
    return OK;
}

static enum err minimum_out(struct urdb *urdb)
{
    int64_t nano = nano_of(urdb->rate, "mincharge");
    const char *per = per_of(urdb->rate, "minchargeunits");
    char kind[32];
    if (nano == 0)
        return OK;
    if (!per)
        return urdb_refuse(urdb, "/minchargeunits", "$/month, $/day or $/year is expected");
    snprintf(kind, sizeof kind, "money_%s", per);
    out_object(urdb->out, "minimum");
    out_text(urdb->out, "kind", kind);
    price_out(urdb->out, "amount", nano);
    out_end_object(urdb->out);
    return OK;
}

/* dgrules, and the sell prices of each period's first tier. */
static enum err credits_out(struct urdb *urdb)
{
    const char *rules = json_string_value(json_object_get(urdb->rate, "dgrules"));
    json_t *periods = json_object_get(urdb->rate, "energyratestructure");
    char id[16];
    if (!rules || strcmp(rules, "None") == 0)
        return OK;
    if (strcmp(rules, "Net Metering") == 0) {
        out_raw(urdb->out, "credits", "{\"mode\":\"kwh_rollover\"}");
        return OK;
    }
    bool all = strcmp(rules, "Buy All Sell All") == 0;
    if (!all && strncmp(rules, "Net Billing", 11) != 0)
        return urdb_refuse(urdb, "/dgrules", "Net Metering, Net Billing Instantaneous, Net Billing Hourly or Buy All Sell All is expected");
    out_object(urdb->out, "credits");
    out_text(urdb->out, "mode", all ? "buy_sell_all" : "net_billing");
    out_object(urdb->out, "credit_rate");
    for (int p = 0; p < PERIODS_MAX; p++)
        if (urdb_used_in(urdb, &urdb->energy, -1, p)) {
            snprintf(id, sizeof id, "p%d", p);
            price_out(urdb->out, id, nano_of(json_array_get(json_array_get(periods, (size_t)p), 0), "sell"));
        }
    out_end_object(urdb->out);
    out_end_object(urdb->out);
    return OK;
}

static void quantity_out(const struct urdb *urdb)
{
    const char *rules = json_string_value(json_object_get(urdb->rate, "dgrules"));
    if (rules && strcmp(rules, "Net Billing Hourly") == 0)
        out_raw(urdb->out, "quantity", "{\"netting\":\"interval\",\"interval_s\":3600}");
    else if (rules && strncmp(rules, "Net Billing", 11) == 0)
        out_raw(urdb->out, "quantity", "{\"netting\":\"interval\"}");
    else if (rules && strcmp(rules, "Net Metering") == 0)
        out_raw(urdb->out, "quantity", "{\"netting\":\"month\"}");
}

/* ---- the whole ---- */

static void date_out(const struct urdb *urdb, const char *key, const char *from, const char *fallback)
{
    json_t *seconds = json_object_get(urdb->rate, from);
    char text[CIVIL_TEXT_SIZE];
    if (!json_is_integer(seconds) || json_integer_value(seconds) < 0 || json_integer_value(seconds) > INT64_C(32000000000)) {
        if (fallback)
            out_text(urdb->out, key, fallback);
        return;
    }
    civil_format((int32_t)(json_integer_value(seconds) / SECONDS_PER_DAY), text);
    out_text(urdb->out, key, text);
}

static void head_out(const struct urdb *urdb, const char *tz)
{
    const char *label = json_string_value(json_object_get(urdb->rate, "label")), *name = json_string_value(json_object_get(urdb->rate, "name"));
    const char *utility = json_string_value(json_object_get(urdb->rate, "utility"));
    char id[64] = "us.urdb.", text[200];
    size_t at = strlen(id);
    for (const char *c = label ? label : "rate"; *c && at < sizeof id - 1; c++)
        id[at++] = isalnum((unsigned char)*c) ? *c : '-';
    id[at] = '\0';
    out_text(urdb->out, "schema", "tariff/1");
    out_text(urdb->out, "id", id);
    snprintf(text, sizeof text, "%.90s, %.90s", utility ? utility : "utility", name ? name : "rate");
    out_text(urdb->out, "name", text);
    out_text(urdb->out, "currency", "USD");
    if (tz)
        out_text(urdb->out, "tz", tz);
    out_raw(urdb->out, "_source", "\"US Utility Rate Database\"");
}

static enum err read_all(struct urdb *urdb)
{
    json_t *months = json_object_get(urdb->rate, "flatdemandmonths");
    enum err err = urdb_read_schedule(urdb, "energy", &urdb->energy);
    if (err == OK && !urdb->energy.given)
        err = urdb_refuse(urdb, "/energyweekdayschedule", "a rate without an energy schedule");
    if (err == OK)
        err = urdb_read_schedule(urdb, "demand", &urdb->demand);
    for (int m = 0; m < 12; m++) {
        json_t *period = json_array_get(months, (size_t)m);
        bool given = json_array_size(json_object_get(urdb->rate, "flatdemandstructure")) > 0;
        urdb->flat[m] = !given ? -1
                        : json_is_integer(period) && json_integer_value(period) >= 0 && json_integer_value(period) < PERIODS_MAX
                            ? (int)json_integer_value(period)
                            : 0;
    }
    if (err == OK && json_array_size(json_object_get(urdb->rate, "coincidentratestructure")) > 0)
        err = urdb_refuse(urdb, "/coincidentratestructure", "coincident demand has announced hours that this file does not hold: write them by hand");
    urdb_find_seasons(urdb);
    return err;
}

static enum err write_all(struct urdb *urdb, const char *tz)
{
    out_object(urdb->out, NULL);
    head_out(urdb, tz);
    out_array(urdb->out, "versions");
    out_object(urdb->out, NULL);
    date_out(urdb, "from", "startdate", "2000-01-01");
    date_out(urdb, "until", "enddate", NULL);
    urdb_seasons_out(urdb);
    urdb_tou_out(urdb, "tou", &urdb->energy, 'p');
    quantity_out(urdb);
    out_array(urdb->out, "charges");
    enum err err = energy_out(urdb);
    if (err == OK)
        err = demand_out(urdb);
    if (err == OK)
        err = flat_demand_out(urdb);
    if (err == OK)
        err = fixed_out(urdb);
    out_end_array(urdb->out);
    if (err == OK)
        err = minimum_out(urdb);
    if (err == OK)
        err = credits_out(urdb);
    out_end_object(urdb->out);
    out_end_array(urdb->out);
    out_end_object(urdb->out);
    return err;
}

enum err urdb_import(const char *text, size_t len, const char *tz, struct fault *fault, struct buf *out)
{
    struct urdb urdb = {.fault = fault, .out = out};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    json_t *root = json_in_object(text, len, &verdict, detail);
    if (!root)
        return fault_set(fault, ERR_INVALID, "%s", detail);
    json_t *items = json_object_get(root, "items");
    urdb.rate = items ? json_array_get(items, 0) : root;
    enum err err = items && json_array_size(items) != 1 ? urdb_refuse(&urdb, "/items", "one rate is expected") : OK;
    if (err == OK)
        err = read_all(&urdb);
    if (err == OK)
        err = write_all(&urdb, tz);
    if (err == OK && out->overflow)
        err = fault_set(fault, ERR_LIMIT, "the tariff is larger than its buffer");
    json_decref(root);
    return err;
}
