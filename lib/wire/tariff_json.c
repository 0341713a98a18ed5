#include "wire/tariff_json.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "wire/json_in.h"

/* Where the parser stands, for the words of a mistake. */
struct place {
    char path[96];
    struct fault *fault;
};

static struct place place_in(const struct place *outer, const char *name)
{
    struct place inner = *outer;
    size_t len = strlen(inner.path);
    snprintf(inner.path + len, sizeof inner.path - len, "/%s", name);
    return inner;
}

static struct place place_at(const struct place *outer, size_t index)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", index);
    return place_in(outer, name);
}

static enum err wrong(const struct place *place, const char *words)
{
    return fault_at(place->fault, ERR_INVALID, place->path, "%s", words);
}

/* Every key of an object must be one that this version understands. */
static enum err only_keys(json_t *object, const struct place *place, const char *const *known)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return wrong(place, "an object is expected");
    json_object_foreach(object, key, value)
    {
        bool found = false;
        for (const char *const *k = known; *k && !found; k++)
            found = strcmp(*k, key) == 0;
        if (!found && key[0] != '_') {
            struct place at = place_in(place, key);
            return wrong(&at, "this version cannot bill by this field; remove it, or name it with a leading _ if it is a note");
        }
    }
    return OK;
}

static enum err text_in(json_t *object, const char *key, const struct place *place, bool must, char *out, size_t size)
{
    json_t *json = json_object_get(object, key);
    struct place at = place_in(place, key);
    if ((!json || json_is_null(json)) && !must)
        return OK;
    if (!json_is_string(json) || !json_string_length(json))
        return wrong(&at, "a text is expected");
    if (!text_copy(out, size, json_string_value(json)))
        return wrong(&at, "this text is too long");
    return OK;
}

/* A price: decimal text only, so that no number ever was a double. */
static enum err price_in(const json_t *json, const struct place *place, int64_t *out)
{
    if (!json_is_string(json))
        return wrong(place, "a price is decimal text, such as \"0.62098\"");
    if (!decimal_parse(json_string_value(json), json_string_length(json), 9, out))
        return wrong(place, "a decimal with at most 9 digits after the point is expected");
    return OK;
}

static enum err day_in(json_t *object, const char *key, const struct place *place, int32_t absent, bool must, int32_t *out)
{
    json_t *json = json_object_get(object, key);
    struct place at = place_in(place, key);
    if ((!json || json_is_null(json)) && !must) {
        *out = absent;
        return OK;
    }
    if (!json_is_string(json) || !civil_parse(json_string_value(json), out))
        return wrong(&at, "a date YYYY-MM-DD is expected");
    return OK;
}

/* [[100,"0.50"],[null,"0.75"]]: upper end in kWh (number), price per kWh. */
static enum err tiers_in(json_t *tiers, const struct place *place, struct charge *out)
{
    size_t count = json_array_size(tiers);
    int64_t below = 0;
    if (!json_is_array(tiers) || count < 1 || count > TARIFF_TIERS_MAX)
        return wrong(place, "1 to 12 tiers [upper end in kWh, price] are expected");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        json_t *pair = json_array_get(tiers, i);
        json_t *end = json_array_get(pair, 0);
        struct tier *tier = &out->tiers[i];
        if (!json_is_array(pair) || json_array_size(pair) != 2)
            return wrong(&at, "a pair [upper end in kWh, price] is expected");
        if (json_is_null(end) != (i + 1 == count))
            return wrong(&at, "the last tier, and only the last, ends at null");
        tier->until_wh = INT64_MAX;
        if (!json_is_null(end) && (json_in_scaled(end, 3, below + 1, INT64_C(1000000000000), &tier->until_wh) != NUMBER_OK))
            return wrong(&at, "upper ends rise from tier to tier");
        below = tier->until_wh;
        struct place price = place_at(&at, 1);
        enum err err = price_in(json_array_get(pair, 1), &price, &tier->rate_nano);
        if (err != OK)
            return err;
    }
    out->tier_count = (int)count;
    return OK;
}

static enum err energy_in(json_t *json, const struct place *place, struct charge *out)
{
    static const char *const known[] = {"id", "kind", "rate", "tiers", "tier_mode", NULL};
    json_t *rate = json_object_get(json, "rate");
    json_t *tiers = json_object_get(json, "tiers");
    json_t *mode = json_object_get(json, "tier_mode");
    enum err err = only_keys(json, place, known);
    if (err != OK)
        return err;
    if (mode && (!json_is_string(mode) || strcmp(json_string_value(mode), "graduated") != 0)) {
        struct place at = place_in(place, "tier_mode");
        return wrong(&at, "only \"graduated\" can be billed by so far");
    }
    if (!rate == !tiers)
        return wrong(place, "an energy charge has either \"rate\" or \"tiers\"");
    if (tiers) {
        struct place at = place_in(place, "tiers");
        return tiers_in(tiers, &at, out);
    }
    struct place at = place_in(place, "rate");
    out->tier_count = 1;
    out->tiers[0].until_wh = INT64_MAX;
    return price_in(rate, &at, &out->tiers[0].rate_nano);
}

static enum err fixed_in(json_t *json, const struct place *place, struct charge *out)
{
    static const char *const known[] = {"id", "kind", "per", "amount", NULL};
    static const char *const names[] = {"day", "month", "bill"};
    const char *per = json_string_value(json_object_get(json, "per"));
    struct place at = place_in(place, "per");
    enum err err = only_keys(json, place, known);
    if (err != OK)
        return err;
    int found = -1;
    for (int i = 0; per && i < 3; i++)
        if (strcmp(per, names[i]) == 0)
            found = i;
    if (found < 0)
        return wrong(&at, "\"day\", \"month\" or \"bill\" is expected");
    out->per = (enum charge_per)found;
    at = place_in(place, "amount");
    return price_in(json_object_get(json, "amount"), &at, &out->amount_nano);
}

static enum err charge_in(json_t *json, const struct place *place, struct charge *out)
{
    const char *kind = json_string_value(json_object_get(json, "kind"));
    struct place at = place_in(place, "kind");
    if (!json_is_object(json))
        return wrong(place, "an object is expected");
    enum err err = text_in(json, "id", place, true, out->id, sizeof out->id);
    if (err != OK)
        return err;
    text_copy(out->rule, sizeof out->rule, place->path);
    if (kind && strcmp(kind, "energy") == 0) {
        out->kind = CHARGE_ENERGY;
        return energy_in(json, place, out);
    }
    if (kind && strcmp(kind, "fixed") == 0) {
        out->kind = CHARGE_FIXED;
        return fixed_in(json, place, out);
    }
    return wrong(&at, "\"energy\" or \"fixed\" is expected; other kinds cannot be billed by so far");
}

static enum err tax_base_in(json_t *json, const struct place *place, const struct tariff_version *version, unsigned *out)
{
    unsigned base = 0;
    if (!json) { /* all charges */
        *out = (1u << version->charge_count) - 1;
        return OK;
    }
    if (!json_is_array(json))
        return wrong(place, "an array of charge ids is expected");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *id = json_string_value(json_array_get(json, i));
        struct place at = place_at(place, i);
        int found = -1;
        for (int c = 0; id && c < version->charge_count; c++)
            if (strcmp(version->charges[c].id, id) == 0)
                found = c;
        if (found < 0)
            return wrong(&at, "no charge of this version has this id");
        base |= 1u << found;
    }
    *out = base;
    return OK;
}

static enum err tax_in(json_t *json, const struct place *place, struct tariff_version *version, struct tax *out)
{
    static const char *const known[] = {"id", "kind", "rate", "base", NULL};
    const char *kind = json_string_value(json_object_get(json, "kind"));
    struct place at = place_in(place, "kind");
    enum err err = only_keys(json, place, known);
    if (err == OK)
        err = text_in(json, "id", place, true, out->id, sizeof out->id);
    if (err != OK)
        return err;
    out->included = kind && strcmp(kind, "por_dentro") == 0;
    if (!out->included && (!kind || strcmp(kind, "por_fora") != 0))
        return wrong(&at, "\"por_dentro\" or \"por_fora\" is expected");
    for (int i = 0; out->included && i < version->tax_count; i++)
        if (version->taxes[i].included)
            return wrong(place, "only one tax por_dentro can be billed by so far; give their joint rate");
    at = place_in(place, "rate");
    err = price_in(json_object_get(json, "rate"), &at, &out->rate_nano);
    if (err == OK && (out->rate_nano < 0 || (out->included && out->rate_nano >= NANO)))
        err = wrong(&at, "a fraction is expected: \"0.18\" is 18 %; por_dentro it is below 1");
    at = place_in(place, "base");
    return err != OK ? err : tax_base_in(json_object_get(json, "base"), &at, version, &out->base);
}

static enum err rounding_in(json_t *json, const struct place *place, struct tariff_version *out)
{
    static const char *const known[] = {"line", "total_policy", NULL};
    static const char *const line_known[] = {"digits", "mode", NULL};
    json_t *line = json_object_get(json, "line");
    struct place at = place_in(place, "line");
    if (!json)
        return OK;
    enum err err = only_keys(json, place, known);
    if (err == OK && line)
        err = only_keys(line, &at, line_known);
    if (err != OK)
        return err;
    if (json_object_get(line, "digits")) {
        json_t *digits = json_object_get(line, "digits");
        at = place_in(&at, "digits");
        if (!json_is_integer(digits) || json_integer_value(digits) < 0 || json_integer_value(digits) > 9)
            return wrong(&at, "0 to 9 digits are expected");
        out->line.digits = (int)json_integer_value(digits);
    }
    if (json_object_get(line, "mode")) {
        const char *mode = json_string_value(json_object_get(line, "mode"));
        at = place_in(place, "line/mode");
        if (!mode || !rounding_parse(mode, &out->line.mode))
            return wrong(&at, "half_away, half_even, half_up, half_down, down, up, floor or ceil is expected");
    }
    if (json_object_get(json, "total_policy")) {
        const char *policy = json_string_value(json_object_get(json, "total_policy"));
        at = place_in(place, "total_policy");
        if (policy && strcmp(policy, "round_of_sum") == 0)
            out->total_policy = TOTAL_ROUND_OF_SUM;
        else if (!policy || strcmp(policy, "sum_of_lines") != 0)
            return wrong(&at, "sum_of_lines or round_of_sum is expected");
    }
    return OK;
}

static enum err proration_in(json_t *json, const struct place *place, struct tariff_version *out)
{
    static const char *const known[] = {"days", "tariff_change", NULL};
    const char *days = json_string_value(json_object_get(json, "days"));
    const char *change = json_string_value(json_object_get(json, "tariff_change"));
    struct place at = place_in(place, "days");
    if (!json)
        return OK;
    enum err err = only_keys(json, place, known);
    if (err != OK)
        return err;
    if (days && strcmp(days, "start_exclusive_end_inclusive") == 0)
        out->print_days = DAYS_START_EXCLUSIVE;
    else if (json_object_get(json, "days") && (!days || strcmp(days, "inclusive") != 0))
        return wrong(&at, "inclusive or start_exclusive_end_inclusive is expected");
    at = place_in(place, "tariff_change");
    if (json_object_get(json, "tariff_change") && (!change || strcmp(change, "split_days") != 0))
        return wrong(&at, "only \"split_days\" can be billed by so far");
    return OK;
}

static enum err quantity_in(json_t *json, const struct place *place)
{
    static const char *const known[] = {"unit", "netting", NULL};
    json_t *unit = json_object_get(json, "unit");
    json_t *netting = json_object_get(json, "netting");
    struct place at = place_in(place, "unit");
    if (!json)
        return OK;
    enum err err = only_keys(json, place, known);
    if (err != OK)
        return err;
    if (unit && (!json_is_string(unit) || strcmp(json_string_value(unit), "kWh") != 0))
        return wrong(&at, "\"kWh\" is expected");
    at = place_in(place, "netting");
    if (netting && (!json_is_string(netting) || strcmp(json_string_value(netting), "register") != 0))
        return wrong(&at, "only \"register\" can be billed by so far");
    return OK;
}

static enum err charges_in(json_t *json, const struct place *place, struct tariff_version *out)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > TARIFF_CHARGES_MAX)
        return wrong(place, "1 to 16 charges are expected");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = charge_in(json_array_get(json, i), &at, &out->charges[i]);
        if (err != OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (strcmp(out->charges[j].id, out->charges[i].id) == 0)
                return wrong(&at, "another charge of this version has the same id");
        out->charge_count = (int)i + 1;
    }
    return OK;
}

static enum err taxes_in(json_t *json, const struct place *place, struct tariff_version *out)
{
    size_t count = json_array_size(json);
    if (!json)
        return OK;
    if (!json_is_array(json) || count > TARIFF_TAXES_MAX)
        return wrong(place, "an array of at most 4 taxes is expected");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = tax_in(json_array_get(json, i), &at, out, &out->taxes[i]);
        if (err != OK)
            return err;
        out->tax_count = (int)i + 1;
    }
    return OK;
}

static enum err version_in(json_t *json, const struct place *place, int minor_digits, struct tariff_version *out)
{
    static const char *const known[] = {"from",    "until", "known_from", "act",       "supersedes", "quantity",
                                        "charges", "taxes", "rounding",   "proration", NULL};
    enum err err = only_keys(json, place, known);
    out->line = (struct round_rule){minor_digits, ROUND_HALF_AWAY};
    if (err == OK)
        err = day_in(json, "from", place, 0, true, &out->from_day);
    if (err == OK)
        err = day_in(json, "until", place, DAY_NEVER, false, &out->until_day);
    if (err == OK && out->until_day <= out->from_day)
        err = wrong(place, "until must come after from");
    if (err == OK)
        err = text_in(json, "act", place, false, out->act, sizeof out->act);
    struct place at = place_in(place, "quantity");
    if (err == OK)
        err = quantity_in(json_object_get(json, "quantity"), &at);
    at = place_in(place, "charges");
    if (err == OK)
        err = charges_in(json_object_get(json, "charges"), &at, out);
    at = place_in(place, "taxes");
    if (err == OK)
        err = taxes_in(json_object_get(json, "taxes"), &at, out);
    at = place_in(place, "rounding");
    if (err == OK)
        err = rounding_in(json_object_get(json, "rounding"), &at, out);
    at = place_in(place, "proration");
    return err != OK ? err : proration_in(json_object_get(json, "proration"), &at, out);
}

static enum err versions_in(json_t *json, const struct place *place, struct tariff *out)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > TARIFF_VERSIONS_MAX)
        return wrong(place, "1 to 64 versions are expected");
    out->versions = calloc(count, sizeof *out->versions);
    if (!out->versions)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = version_in(json_array_get(json, i), &at, out->minor_digits, &out->versions[i]);
        if (err != OK)
            return err;
        if (i > 0 && out->versions[i].from_day < out->versions[i - 1].from_day)
            return wrong(&at, "versions stand in the order of their from");
        out->version_count = (int)i + 1;
    }
    return OK;
}

static enum err document_in(json_t *root, const struct place *place, struct tariff *out)
{
    static const char *const known[] = {"schema", "id", "currency", "minor", "tz", "versions", "name", NULL};
    const char *schema = json_string_value(json_object_get(root, "schema"));
    json_t *minor = json_object_get(root, "minor");
    struct place at = place_in(place, "schema");
    if (!schema || strcmp(schema, "tariff/1") != 0)
        return wrong(&at, "\"tariff/1\" is expected");
    enum err err = only_keys(root, place, known);
    if (err == OK)
        err = text_in(root, "id", place, true, out->tariff_id, sizeof out->tariff_id);
    at = place_in(place, "id");
    if (err == OK && !text_is_name(out->tariff_id, strlen(out->tariff_id)))
        err = wrong(&at, "1 to 64 of A-Z a-z 0-9 . _ - are expected");
    if (err == OK)
        err = text_in(root, "currency", place, true, out->currency, sizeof out->currency);
    at = place_in(place, "currency");
    if (err == OK && (strlen(out->currency) != 3 || strspn(out->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
        err = wrong(&at, "an ISO 4217 code of three capital letters is expected");
    if (err == OK)
        err = text_in(root, "tz", place, false, out->tz, sizeof out->tz);
    out->minor_digits = minor ? (int)json_integer_value(minor) : 2;
    at = place_in(place, "minor");
    if (err == OK && minor && (!json_is_integer(minor) || out->minor_digits < 0 || out->minor_digits > 4))
        err = wrong(&at, "0 to 4 digits of minor units are expected");
    at = place_in(place, "versions");
    return err != OK ? err : versions_in(json_object_get(root, "versions"), &at, out);
}

enum err tariff_parse(const char *text, size_t len, struct fault *fault, struct tariff **out)
{
    struct place place = {.fault = fault};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    if (len > TARIFF_DOCUMENT_MAX)
        return fault_set(fault, ERR_INVALID, "a tariff document is at most 1 MiB");
    json_t *root = json_in_object(text, len, &verdict, detail);
    if (!root)
        return fault_at(fault, ERR_INVALID, "", "%s", detail);
    struct tariff *tariff = calloc(1, sizeof *tariff);
    enum err err = tariff ? document_in(root, &place, tariff) : fault_set(fault, ERR_FATAL, "no memory");
    json_decref(root);
    if (err != OK) {
        tariff_destroy(tariff);
        return err;
    }
    fingerprint(text, len, tariff->version_hash);
    *out = tariff;
    return OK;
}

void tariff_destroy(struct tariff *tariff)
{
    if (!tariff)
        return;
    free(tariff->versions);
    free(tariff);
}
