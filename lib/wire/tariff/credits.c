/* Credits for what is fed in, and minimums. */
#include <string.h>
#include "base/text.h"
#include "wire/tariff/inner.h"

#define MAX_WH INT64_C(1000000000000)

/* ---- minimum ---- */

enum err minimum_in(json_t *json, const struct place *place)
{
    struct minimum *out = &place->version->minimum;
    struct place by = place_in(place, "by_phases"), of = place_in(place, "of");
    int kind = -1, adders = 0;
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "kind when by_phases kwh amount of month adders_on prorate");
    if (err == OK)
        err = word_in(json, "kind", place, "kwh_equivalent|money_month|money_year|money_day", &kind);
    if (err == OK && kind < 0)
        err = wrong_in(place, "kind", "one of kwh_equivalent|money_month|money_year|money_day is expected");
    if (err == OK)
        err = condition_in(json, place, &out->when);
    if (err == OK && word_in(json, "adders_on", place, "measured", &adders) != OK)
        err = wrong_in(place, "adders_on", "only \"measured\"; an adder on billed kWh says so itself: \"applies_to\": \"billed_kwh\"");
    if (err == OK)
        err = flag_in(json, "prorate", place, &out->share_of_cycle);
    if (err != OK)
        return err;
    out->kind = (enum minimum_kind)(kind + 1);
    text_copy(out->rule, sizeof out->rule, place->path);
    const char *own = kind == 0 ? "kwh" : "amount", *other = kind == 0 ? "amount" : "kwh";
    if (given(json, other) || given(json, own) == given(json, "by_phases"))
        return wrong_at(place, "either \"%s\" or \"by_phases\" is expected", own);
    out->month = 12;
    err = int_key_in(json, "month", place, 1, 12, &out->month);
    if (err == OK && given(json, "month") && kind != 2)
        err = wrong_in(place, "month", "this goes with money_year");
    if (err == OK && given(json, "of") && kind != 1 && kind != 3)
        err = wrong_in(place, "of", "this goes with money_month and money_day");
    if (err == OK && given(json, "of"))
        err = charge_ids_in(json_object_get(json, "of"), &of, place->version->charge_count, &out->of);
    if (err == OK && given(json, "by_phases"))
        return named_amounts_in(json_object_get(json, "by_phases"), &by, kind != 0, &out->by_phases, &out->by_count);
    if (err == OK)
        err = kind == 0 ? number_key_in(json, "kwh", place, 3, 0, MAX_WH, &out->amount) : price_key_in(json, "amount", place, MUST, &out->amount);
    return err;
}

/* {"amount": "100", "of": […]}: a bill, or some of its charges, is never more. */
enum err maximum_in(json_t *json, const struct place *place)
{
    struct minimum *out = &place->version->maximum;
    struct place of = place_in(place, "of");
    if (!json)
        return OK;
    enum err err = only_keys(json, place, "amount of when prorate");
    if (err == OK)
        err = condition_in(json, place, &out->when);
    if (err == OK)
        err = flag_in(json, "prorate", place, &out->share_of_cycle);
    if (err == OK)
        err = price_key_in(json, "amount", place, MUST, &out->amount);
    out->kind = MINIMUM_MONTH;
    text_copy(out->rule, sizeof out->rule, place->path);
    return err == OK && given(json, "of") ? charge_ids_in(json_object_get(json, "of"), &of, place->version->charge_count, &out->of) : err;
}

/* ---- credits ---- */

static enum err order_in(json_t *json, const struct place *place, struct credits *out)
{
    json_t *order = json_object_get(json, "bucket_order");
    struct place at = place_in(place, "bucket_order");
    static const char *const words[] = {"same", "others", "other_units"};
    size_t count = json_array_size(order);
    if (!given(json, "bucket_order"))
        return OK;
    if (!json_is_array(order) || count < 1 || count > 3)
        return wrong_at(&at, "[\"same\", \"others\", \"other_units\"] or its beginning is expected");
    int next = 0;
    for (size_t i = 0; i < count; i++, next++) {
        const char *word = json_string_value(json_array_get(order, i));
        struct place inner = place_at(&at, i);
        if (i == 1 && word && strcmp(word, "other_units") == 0)
            next = 2; /* same, then other units */
        if (!word || next > 2 || strcmp(word, words[next]) != 0)
            return wrong_at(&inner, "\"same\" stands first, then \"others\", then \"other_units\"");
        out->others = out->others || next == 1;
        out->other_units = out->other_units || next == 2;
    }
    return OK;
}

static enum err carries_in(json_t *json, const struct place *place, struct credits *out)
{
    json_t *rows = json_object_get(json, "carry_map");
    struct place at = place_in(place, "carry_map");
    size_t count = json_array_size(rows);
    if (!given(json, "carry_map"))
        return OK;
    if (!json_is_array(rows) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(&at, "rows {into, from, to} are expected: on entering season \"into\", credits of window \"from\" belong to \"to\"");
    out->carries = tariff_alloc(place->tariff, count * sizeof *out->carries);
    if (!out->carries)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place inner = place_at(&at, i);
        struct carry *row = &out->carries[i];
        json_t *value = json_array_get(rows, i);
        const char *into = json_string_value(json_object_get(value, "into"));
        enum err err = only_keys(value, &inner, "into from to");
        row->season = -1;
        for (int s = 0; into && s < place->version->season_count; s++)
            if (strcmp(place->version->seasons[s].id, into) == 0)
                row->season = s;
        if (err == OK && row->season < 0)
            err = wrong_in(&inner, "into", "the id of a season is expected");
        if (err == OK)
            err = text_in(value, "from", &inner, MUST, row->from, sizeof row->from);
        if (err == OK)
            err = text_in(value, "to", &inner, MUST, row->to, sizeof row->to);
        if (err == OK && tou_find_window(&place->version->tous[0], row->from) < 0)
            err = wrong_in(&inner, "from", "no window is called so");
        if (err == OK && tou_find_window(&place->version->tous[0], row->to) < 0)
            err = wrong_in(&inner, "to", "no window is called so");
        if (err != OK)
            return err;
        out->carry_count++;
    }
    place->version->by_season = true;
    return OK;
}

static enum err shares_in(json_t *json, const struct place *place, struct credits *out)
{
    const char *key;
    json_t *value;
    size_t count = json_object_size(json);
    if (!json_is_object(json) || count < 1 || count > TARIFF_ROWS_MAX)
        return wrong_at(place, "shares by year are expected, such as {\"2025\": \"0.45\", \"2026\": \"0.60\"}");
    out->shares = tariff_alloc(place->tariff, count * sizeof *out->shares);
    if (!out->shares)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    json_object_foreach(json, key, value)
    {
        struct place at = place_in(place, key);
        int64_t year = 0;
        struct month_price *row = &out->shares[out->share_count];
        if (!text_to_int64(key, &year) || year < 1900 || year > 2999)
            return wrong_at(&at, "a year is expected");
        row->month = (int)year;
        enum err err = price_in(value, &at, &row->nano);
        if (err == OK && (row->nano < 0 || row->nano > NANO))
            err = wrong_at(&at, "a share from \"0\" to \"1\" is expected");
        if (err != OK)
            return err;
        out->share_count++;
    }
    return OK;
}

static enum err fio_b_in(json_t *json, const struct place *place, struct credits *out)
{
    json_t *fio_b = json_object_get(json, "fio_b");
    struct place at = place_in(place, "fio_b"), shares = place_in(&at, "share_by_year");
    if (!given(json, "fio_b"))
        return OK;
    enum err err = only_keys(fio_b, &at, "rate rate_by_season share_by_year when");
    if (err == OK)
        err = price_table_in(fio_b, "rate", &at, 0, false, &out->fio_b);
    if (err == OK)
        err = shares_in(json_object_get(fio_b, "share_by_year"), &shares, out);
    if (err == OK)
        err = condition_in(fio_b, &at, &out->fio_b_when);
    out->has_fio_b = true;
    return err;
}

static enum err kwh_credits_in(json_t *json, const struct place *place, struct credits *out)
{
    int lots = 0, floor = 0, first = 0;
    enum err err = only_keys(json, place, "mode id when bucket_order lots expiry_months floor use_first convert_by carry_map fio_b true_up");
    if (err == OK)
        err = order_in(json, place, out);
    if (err == OK)
        err = word_in(json, "lots", place, "fifo", &lots);
    if (err == OK)
        err = int_key_in(json, "expiry_months", place, 1, 1200, &out->expiry_months);
    if (err == OK)
        err = word_in(json, "floor", place, "none|minimum", &floor);
    if (err == OK)
        err = word_in(json, "use_first", place, "current|lots", &first);
    if (err == OK)
        err = text_in(json, "convert_by", place, MAY, out->convert_by, sizeof out->convert_by);
    out->floor_minimum = floor == 1;
    out->lots_first = first == 1;
    bool found = !out->convert_by[0];
    for (int c = 0; c < place->version->charge_count; c++)
        for (int p = 0; p < place->version->charges[c].part_count && !found; p++)
            found = strcmp(place->version->charges[c].parts[p].id, out->convert_by) == 0;
    if (err == OK && !found)
        err = wrong_in(place, "convert_by", "the name of a part of an energy charge is expected");
    if (err == OK && out->floor_minimum && place->version->minimum.kind != MINIMUM_KWH)
        err = wrong_in(place, "floor", "there is no minimum of kind kwh_equivalent");
    if (err == OK)
        err = carries_in(json, place, out);
    return err == OK ? fio_b_in(json, place, out) : err;
}

static enum err offsets_in(json_t *json, const struct place *place, struct credits *out)
{
    struct place offsets = place_in(place, "offsets"), not_offset = place_in(place, "not_offset");
    uint64_t ids = 0, all = (UINT64_C(1) << place->version->charge_count) - 1;
    enum err err = OK;
    if (given(json, "offsets") && given(json, "not_offset"))
        return wrong_in(place, "offsets", "either offsets or not_offset is expected");
    if (given(json, "offsets"))
        err = charge_ids_in(json_object_get(json, "offsets"), &offsets, place->version->charge_count, &ids);
    if (given(json, "not_offset"))
        err = charge_ids_in(json_object_get(json, "not_offset"), &not_offset, place->version->charge_count, &ids);
    out->has_offsets = given(json, "offsets") || given(json, "not_offset");
    out->offsets = given(json, "not_offset") ? all & ~ids : ids;
    return err;
}

static enum err credit_rate_in(json_t *json, const struct place *place, struct credits *out)
{
    const char *text = json_string_value(json_object_get(json, "credit_rate"));
    if (given(json, "credit_series")) {
        if (given(json, "credit_rate") || given(json, "credit_rate_by_season"))
            return wrong_in(place, "credit_series", "a series has no prices beside its own");
        return series_in(json, "credit_series", "credit_unit", place, &out->series);
    }
    out->retail = text && strcmp(text, "retail") == 0;
    return out->retail ? OK : price_table_in(json, "credit_rate", place, 0, false, &out->credit_rate);
}

static enum err money_credits_in(json_t *json, const struct place *place, struct credits *out)
{
    int apply = 0, surplus = out->mode == CREDITS_BUY_SELL ? SURPLUS_PAY : SURPLUS_CARRY;
    enum err err =
        only_keys(json, place, "mode id when credit_rate credit_rate_by_season credit_series credit_unit apply surplus offsets not_offset true_up");
    if (err == OK)
        err = credit_rate_in(json, place, out);
    if (err == OK)
        err = word_in(json, "apply", place, "same_bill|next_bill", &apply);
    if (err == OK)
        err = word_in(json, "surplus", place, "carry|pay|expire", &surplus);
    out->next_bill = apply == 1;
    out->surplus = (enum credit_surplus)surplus;
    if (err == OK && out->next_bill && out->surplus != SURPLUS_CARRY)
        err = wrong_in(place, "surplus", "what is applied to the next bill is carried there");
    return err == OK ? offsets_in(json, place, out) : err;
}

static enum err true_up_in(json_t *json, const struct place *place, struct credits *out)
{
    json_t *true_up = json_object_get(json, "true_up");
    struct place at = place_in(place, "true_up");
    if (!given(json, "true_up"))
        return OK;
    enum err err = only_keys(true_up, &at, out->mode == CREDITS_KWH ? "month price of" : "month pay");
    int of = 0;
    if (err == OK)
        err = word_in(true_up, "of", &at, "windows|total", &of);
    out->true_up_of_total = of == 1;
    if (err == OK && !given(true_up, "month"))
        err = wrong_in(&at, "month", "the month 1 to 12 whose bill settles is expected");
    if (err == OK)
        err = int_key_in(true_up, "month", &at, 1, 12, &out->true_up_month);
    out->true_up_pays = true;
    if (err == OK)
        err = flag_in(true_up, "pay", &at, &out->true_up_pays);
    return err == OK ? price_key_in(true_up, "price", &at, out->mode == CREDITS_KWH ? MUST : MAY, &out->true_up_nano) : err;
}

static enum err programme_in(json_t *json, const struct place *place, struct credits *out)
{
    int mode = -1;
    struct place id = place_in(place, "id");
    if (!json_is_object(json))
        return wrong_at(place, "an object is expected");
    enum err err = word_in(json, "mode", place, "none|kwh_rollover|net_billing|buy_sell_all", &mode);
    if (err == OK && mode < 0)
        err = wrong_in(place, "mode", "one of none|kwh_rollover|net_billing|buy_sell_all is expected");
    if (err != OK)
        return err;
    out->mode = (enum credit_mode)mode;
    text_copy(out->rule, sizeof out->rule, place->path);
    text_copy(out->id, sizeof out->id, "credits");
    if (given(json, "id"))
        err = name_in(json_string_value(json_object_get(json, "id")), &id, out->id);
    if (err == OK)
        err = condition_in(json, place, &out->when);
    if (err == OK && mode == CREDITS_NONE)
        return only_keys(json, place, "mode id when");
    if (err == OK)
        err = mode == CREDITS_KWH ? kwh_credits_in(json, place, out) : money_credits_in(json, place, out);
    return err == OK ? true_up_in(json, place, out) : err;
}

enum err credits_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    if (!json)
        return OK;
    if (count > TARIFF_CREDITS_MAX)
        return wrong_at(place, "at most %d programmes of credits", TARIFF_CREDITS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct place at = json_is_array(json) ? place_at(place, i) : *place;
        struct credits *credits = &version->credits[i];
        enum err err = programme_in(json_is_array(json) ? json_array_get(json, i) : json, &at, credits);
        if (err != OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (strcmp(version->credits[j].id, credits->id) == 0)
                return wrong_in(&at, "id", "another programme has the same id; give each its own");
        version->credit_count++;
    }
    return OK;
}
