/* The list of charges. */
#include <string.h>
#include "base/text.h"
#include "wire/tariff/inner.h"

static enum err percent_in(json_t *json, const struct place *place, struct charge *out)
{
    struct place of = place_in(place, "of");
    enum err err = only_keys(json, place, "id kind when of rate");
    if (err == OK)
        err = price_key_in(json, "rate", place, MUST, &out->amount_nano);
    return err == OK ? charge_ids_in(json_object_get(json, "of"), &of, place->version->charge_count, &out->of) : err;
}

static enum err per_kwh_in(json_t *json, const struct place *place, struct charge *out)
{
    enum err err = only_keys(json, place, "id kind when rate parts quantity per");
    if (err == OK)
        err = price_key_in(json, "rate", place, MUST, &out->amount_nano);
    if (err == OK)
        err = simple_parts_in(json, place, out->amount_nano);
    return err == OK ? quantity_word_in(json, place, &out->quantity_of) : err;
}

static enum err charge_in(json_t *json, const struct place *place, struct charge *out)
{
    static enum err (*const readers[])(json_t *, const struct place *, struct charge *) = {[CHARGE_ENERGY] = energy_in,
                                                                                           [CHARGE_ADDER] = adder_in,
                                                                                           [CHARGE_DEMAND] = demand_in,
                                                                                           [CHARGE_FIXED] = fixed_in,
                                                                                           [CHARGE_ALLOWANCE_CREDIT] = allowance_in,
                                                                                           [CHARGE_PERCENT] = percent_in,
                                                                                           [CHARGE_PER_KWH] = per_kwh_in};
    static const char kinds[] = "energy|adder|demand|fixed|allowance_credit|percent|per_kwh";
    int kind = -1;
    if (!json_is_object(json))
        return wrong_at(place, "an object is expected");
    enum err err = text_in(json, "id", place, MUST, out->id, sizeof out->id);
    if (err == OK && !text_is_name(out->id, strlen(out->id)))
        err = wrong_in(place, "id", "1 to 64 of A-Z a-z 0-9 . _ - are expected");
    if (err == OK)
        err = word_in(json, "kind", place, kinds, &kind);
    if (err == OK && kind < 0)
        err = wrong_in(place, "kind", "one of %s is expected", kinds);
    if (err != OK)
        return err;
    if (!text_copy(out->rule, sizeof out->rule, place->path))
        return wrong_at(place, "the path is too long");
    out->kind = (enum charge_kind)kind;
    err = condition_in(json, place, &out->when);
    return err == OK ? readers[kind](json, place, out) : err;
}

enum err charges_in(json_t *json, const struct place *place)
{
    struct tariff_version *version = place->version;
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > TARIFF_CHARGES_MAX)
        return wrong_at(place, "1 to %d charges are expected", TARIFF_CHARGES_MAX);
    version->charges = tariff_alloc(place->tariff, count * sizeof *version->charges);
    if (!version->charges)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = charge_in(json_array_get(json, i), &at, &version->charges[i]);
        if (err != OK)
            return err;
        for (size_t j = 0; j < i; j++)
            if (strcmp(version->charges[j].id, version->charges[i].id) == 0)
                return wrong_in(&at, "id", "another charge of this version has the same id");
        version->charge_count = (int)i + 1;
    }
    return OK;
}
