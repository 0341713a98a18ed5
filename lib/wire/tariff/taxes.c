/* Taxes and municipal charges. */
#include <string.h>
#include "base/text.h"
#include "wire/tariff/inner.h"

#define MAX_WH INT64_C(1000000000000)

/* [[90, "0"], [200, "0.12"], [null, "0.18"]]. */
static enum err brackets_in(json_t *json, const struct place *place, int64_t max_nano, struct bracket **out, int *out_count)
{
    size_t count = json_array_size(json);
    int64_t below = 0;
    if (!json_is_array(json) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "1 to %d rows [up to kWh, rate] are expected", TARIFF_ROWS_MAX);
    struct bracket *rows = tariff_alloc(place->tariff, count * sizeof *rows);
    if (!rows)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i), end = place_at(&at, 0), rate = place_at(&at, 1);
        json_t *row = json_array_get(json, i);
        if (!json_is_array(row) || json_array_size(row) != 2)
            return wrong_at(&at, "[up to kWh, rate] is expected");
        if (json_is_null(json_array_get(row, 0)) != (i + 1 == count))
            return wrong_at(&at, "the last row, and only the last, ends at null");
        rows[i].until_wh = INT64_MAX;
        enum err err = json_is_null(json_array_get(row, 0)) ? OK : number_in(json_array_get(row, 0), &end, 3, below + 1, MAX_WH, &rows[i].until_wh);
        if (err == OK)
            err = price_in(json_array_get(row, 1), &rate, &rows[i].rate_nano);
        if (err == OK && (rows[i].rate_nano < 0 || rows[i].rate_nano > max_nano))
            err = wrong_at(&rate, "a fraction is expected: \"0.18\" is 18 %%");
        if (err != OK)
            return err;
        below = rows[i].until_wh;
    }
    *out = rows;
    *out_count = (int)count;
    return OK;
}

static enum err read_months_in(json_t *json, const struct place *place, int64_t max_nano, struct tax *out)
{
    const char *key;
    json_t *value;
    size_t count = json_object_size(json);
    if (!json_is_object(json) || count < 1 || count > TARIFF_MONTHS_MAX)
        return wrong_at(place, "rates by month of the read are expected, such as {\"2026-05\": \"0.0110\"}");
    out->months = tariff_alloc(place->tariff, count * sizeof *out->months);
    if (!out->months)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    json_object_foreach(json, key, value)
    {
        struct place at = place_in(place, key);
        struct month_price *row = &out->months[out->month_count];
        enum err err = month_in(key, &at, &row->month);
        if (err == OK)
            err = price_in(value, &at, &row->nano);
        if (err == OK && (row->nano < 0 || row->nano > max_nano))
            err = wrong_at(&at, "a fraction is expected: \"0.0110\" is 1.10 %%");
        if (err != OK)
            return err;
        out->month_count++;
    }
    return OK;
}

static enum err tax_rate_in(json_t *json, const struct place *place, struct tax *out)
{
    int count = given(json, "rate") + given(json, "brackets") + given(json, "by_read_month"), applies = 0;
    bool share = out->kind != TAX_PER_KWH;
    int64_t max = out->kind == TAX_POR_DENTRO || out->kind == TAX_POR_DENTRO_JOINT ? NANO - 1 : share ? 10 * NANO : INT64_MAX;
    struct place brackets = place_in(place, "brackets"), months = place_in(place, "by_read_month");
    if (count != 1)
        return count == 0 ? wrong_in(place, "rate", "one of rate, brackets, by_read_month is expected")
                          : wrong_at(place, "exactly one of rate, brackets, by_read_month is expected");
    enum err err = word_in(json, "bracket_applies", place, "whole|marginal", &applies);
    if (err == OK && given(json, "bracket_applies") && !given(json, "brackets"))
        err = wrong_in(place, "bracket_applies", "this goes with brackets");
    out->marginal = applies == 1;
    if (err != OK)
        return err;
    if (given(json, "brackets"))
        return brackets_in(json_object_get(json, "brackets"), &brackets, max, &out->brackets, &out->bracket_count);
    if (given(json, "by_read_month"))
        return read_months_in(json_object_get(json, "by_read_month"), &months, max, out);
    err = price_key_in(json, "rate", place, MUST, &out->rate_nano);
    if (err == OK && share && (out->rate_nano < 0 || out->rate_nano > max))
        err = wrong_in(place, "rate", "a fraction is expected: \"0.18\" is 18 %%; por_dentro it is below 1");
    return err;
}

/* Charges, and for taxes on top the taxes before it. Absent: all charges. */
static enum err base_in(json_t *json, const struct place *place, struct tax *out)
{
    const struct tariff_version *version = place->version;
    json_t *base = json_object_get(json, "base");
    struct place at = place_in(place, "base");
    if (!given(json, "base")) {
        out->base = (UINT64_C(1) << version->charge_count) - 1;
        return OK;
    }
    if (!json_is_array(base) || json_array_size(base) == 0)
        return wrong_at(&at, "an array of charge ids is expected");
    for (size_t i = 0; i < json_array_size(base); i++) {
        const char *id = json_string_value(json_array_get(base, i));
        struct place inner = place_at(&at, i);
        bool found = false;
        for (int c = 0; id && c < version->charge_count; c++)
            if (strcmp(version->charges[c].id, id) == 0) {
                out->base |= UINT64_C(1) << c;
                found = true;
            }
        for (int t = 0; id && !found && out->kind == TAX_POR_FORA && !out->in_lines && t < version->tax_count; t++)
            if (strcmp(version->taxes[t].id, id) == 0) {
                out->tax_base |= 1u << t;
                found = true;
            }
        if (!found)
            return wrong_at(&inner, "no charge of this version%s has this id", out->kind == TAX_POR_FORA ? ", and no tax before this one," : "");
    }
    return OK;
}

static enum err excludes_in(json_t *json, const struct place *place, struct tax *out)
{
    const struct tariff_version *version = place->version;
    json_t *excludes = json_object_get(json, "excludes");
    struct place at = place_in(place, "excludes");
    if (!given(json, "excludes"))
        return OK;
    if (out->kind != TAX_POR_DENTRO)
        return wrong_at(&at, "only a tax por_dentro can exclude others from its base");
    if (!json_is_array(excludes))
        return wrong_at(&at, "an array of the ids of taxes before this one is expected");
    for (size_t i = 0; i < json_array_size(excludes); i++) {
        const char *id = json_string_value(json_array_get(excludes, i));
        struct place inner = place_at(&at, i);
        bool found = false;
        for (int t = 0; id && t < version->tax_count; t++)
            if (strcmp(version->taxes[t].id, id) == 0 && version->taxes[t].kind == TAX_POR_DENTRO) {
                out->excludes |= 1u << t;
                found = true;
            }
        if (!found)
            return wrong_at(&inner, "no tax por_dentro before this one has this id");
    }
    return OK;
}

static enum err check_marginal(const struct place *place, const struct tax *tax)
{
    for (int t = 0; tax->marginal && tax->kind != TAX_POR_FORA && t < place->version->tax_count; t++) {
        const struct tax *other = &place->version->taxes[t];
        if (other->marginal && (other->kind == TAX_POR_DENTRO || other->kind == TAX_POR_DENTRO_JOINT) && (other->base & tax->base))
            return wrong_in(place, "bracket_applies", "only one tax inside the same charges can be marginal");
    }
    if (tax->marginal && tax->in_lines)
        return wrong_in(place, "in_lines", "a tax printed inside the lines cannot have marginal brackets");
    return OK;
}

static enum err tax_in(json_t *json, const struct place *place, struct tax *out)
{
    static const char kinds[] = "por_dentro|por_dentro_joint|por_fora|per_kwh";
    int kind = -1;
    enum err err = only_keys(json, place, "id kind when rate brackets bracket_applies by_read_month base excludes in_lines quantity per");
    if (err == OK)
        err = text_in(json, "id", place, MUST, out->id, sizeof out->id);
    if (err == OK)
        err = word_in(json, "kind", place, kinds, &kind);
    if (err == OK && kind < 0)
        err = wrong_in(place, "kind", "one of %s is expected", kinds);
    if (err != OK)
        return err;
    out->kind = (enum tax_kind)kind;
    text_copy(out->rule, sizeof out->rule, place->path);
    err = flag_in(json, "in_lines", place, &out->in_lines);
    if (err == OK && out->in_lines && out->kind != TAX_POR_FORA)
        err = wrong_in(place, "in_lines", "this goes with por_fora; a tax por_dentro is inside the lines anyway");
    if (err == OK)
        err = condition_in(json, place, &out->when);
    if (err == OK)
        err = tax_rate_in(json, place, out);
    if (err == OK && kind == TAX_PER_KWH && given(json, "base"))
        err = wrong_in(place, "base", "a tax per kWh has a quantity, no base");
    if (err == OK && kind != TAX_PER_KWH && (given(json, "quantity") || given(json, "per")))
        err = wrong_in(place, given(json, "quantity") ? "quantity" : "per", "this goes with per_kwh");
    if (err == OK)
        err = kind == TAX_PER_KWH ? quantity_word_in(json, place, &out->quantity_of) : base_in(json, place, out);
    if (err == OK)
        err = excludes_in(json, place, out);
    return err == OK ? check_marginal(place, out) : err;
}

enum err taxes_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    size_t count = json_array_size(json);
    if (!json)
        return OK;
    if (!json_is_array(json) || count > TARIFF_TAXES_MAX)
        return wrong_at(place, "an array of at most %d taxes is expected", TARIFF_TAXES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = tax_in(json_array_get(json, i), &at, &version->taxes[i]);
        if (err != OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (strcmp(version->taxes[j].id, version->taxes[i].id) == 0)
                return wrong_in(&at, "id", "another tax of this version has the same id");
        version->tax_count = (int)i + 1;
    }
    return OK;
}

/* ---- municipal ---- */

/* [[120, "0"], [140, "2.75", "0.00572"], …]: up to kWh, fixed amount, coefficient of the reference. */
static enum err municipal_rows_in(json_t *json, const struct place *place, struct municipal *out)
{
    size_t count = json_array_size(json);
    int64_t below = 0;
    if (!json_is_array(json) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "1 to %d rows [up to kWh, amount] or [up to kWh, amount, coefficient] are expected", TARIFF_ROWS_MAX);
    out->rows = tariff_alloc(place->tariff, count * sizeof *out->rows);
    if (!out->rows)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i), end = place_at(&at, 0), fixed = place_at(&at, 1), coefficient = place_at(&at, 2);
        json_t *row = json_array_get(json, i);
        struct municipal_row *to = &out->rows[i];
        size_t columns = json_array_size(row);
        if (columns < 2 || columns > 3)
            return wrong_at(&at, "[up to kWh, amount] or [up to kWh, amount, coefficient] is expected");
        to->until_wh = INT64_MAX;
        enum err err = OK;
        if (!(json_is_null(json_array_get(row, 0)) && i + 1 == count))
            err = number_in(json_array_get(row, 0), &end, 3, below + 1, MAX_WH, &to->until_wh);
        if (err == OK)
            err = price_in(json_array_get(row, 1), &fixed, &to->fixed_nano);
        if (err == OK && columns == 3)
            err = price_in(json_array_get(row, 2), &coefficient, &to->coefficient_nano);
        if (err != OK)
            return err;
        below = to->until_wh;
        out->row_count++;
    }
    return OK;
}

static enum err reference_in(json_t *json, const struct place *place, struct municipal *out)
{
    json_t *reference = json_object_get(json, "reference");
    struct place at = place_in(place, "reference");
    int64_t scale = 1;
    bool coefficients = false;
    for (int i = 0; i < out->row_count; i++)
        coefficients = coefficients || out->rows[i].coefficient_nano != 0;
    if (!given(json, "reference"))
        return coefficients ? wrong_at(&at, "the table has coefficients: {\"amount\": …} is what they multiply") : OK;
    enum err err = only_keys(reference, &at, "amount previous_month_adder scale");
    if (err == OK)
        err = price_key_in(reference, "amount", &at, MUST, &out->reference_nano);
    if (err == OK)
        err = text_in(reference, "previous_month_adder", &at, MAY, out->reference_adder, sizeof out->reference_adder);
    if (err == OK)
        err = number_key_in(reference, "scale", &at, 0, 1, 1000000, &scale);
    out->reference_scale = scale;
    bool found = !out->reference_adder[0];
    for (int c = 0; c < place->version->charge_count && !found; c++)
        found = place->version->charges[c].kind == CHARGE_ADDER && strcmp(place->version->charges[c].id, out->reference_adder) == 0;
    return err == OK && !found ? wrong_in(&at, "previous_month_adder", "no adder of this version has this id") : err;
}

static enum err municipal_charge_in(json_t *json, const struct place *place, struct municipal *out)
{
    int kind = 0, by = 0;
    struct place table = place_in(place, "table"), percent = place_in(place, "percent"), of = place_in(place, "of");
    enum err err = only_keys(json, place, "id kind when amount table by reference cap percent of");
    if (err == OK)
        err = text_in(json, "id", place, MUST, out->id, sizeof out->id);
    if (err == OK)
        err = word_in(json, "kind", place, "table|amount|percent", &kind);
    if (err == OK)
        err = condition_in(json, place, &out->when);
    if (err == OK)
        err = word_in(json, "by", place, "measured|billed|average", &by);
    out->by = (enum municipal_by)by;
    out->cap_nano = INT64_MAX;
    text_copy(out->rule, sizeof out->rule, place->path);
    if (err == OK && given(json, "amount") + given(json, "table") + given(json, "percent") != 1)
        err = wrong_at(place, "exactly one of amount, table, percent is expected");
    if (err == OK)
        err = price_key_in(json, "amount", place, MAY, &out->amount_nano);
    if (err == OK)
        err = price_key_in(json, "cap", place, MAY, &out->cap_nano);
    if (err == OK && given(json, "table"))
        err = municipal_rows_in(json_object_get(json, "table"), &table, out);
    if (err == OK)
        err = reference_in(json, place, out);
    if (err == OK && given(json, "percent"))
        err = price_in(json_object_get(json, "percent"), &percent, &out->percent_nano);
    if (err == OK && given(json, "percent"))
        err = charge_ids_in(json_object_get(json, "of"), &of, place->version->charge_count, &out->of);
    return err;
}

enum err municipal_in(json_t *json, const struct place *place)
{
    size_t count = json_array_size(json);
    if (!json)
        return OK;
    if (!json_is_array(json) || count > TARIFF_MUNICIPAL_MAX)
        return wrong_at(place, "an array of at most %d municipal charges is expected", TARIFF_MUNICIPAL_MAX);
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = municipal_charge_in(json_array_get(json, i), &at, &place->version->municipal[i]);
        if (err != OK)
            return err;
        place->version->municipal_count++;
    }
    return OK;
}

/* ---- social discounts ---- */

enum err social_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    struct place discounts = place_in(place, "discounts"), of = place_in(place, "of");
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "discounts of when");
    if (err == OK)
        err = condition_in(json, place, &version->social.when);
    if (err == OK)
        err = brackets_in(json_object_get(json, "discounts"), &discounts, NANO, &version->social.discounts, &version->social.count);
    text_copy(version->social.rule, sizeof version->social.rule, place->path);
    return err == OK ? charge_ids_in(json_object_get(json, "of"), &of, version->charge_count, &version->social.of) : err;
}
