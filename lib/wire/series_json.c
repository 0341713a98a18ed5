/* Price series. */
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/rate_json.h"
#include "wire/tariff/inner.h"

#define PRICES_MAX 1000000
#define SERIES_MAX 64

void series_destroy(struct series_set *set)
{
    for (int i = 0; i < set->count; i++)
        free((void *)set->series[i].prices);
    free(set->series);
    *set = (struct series_set){0};
}

/* ["2026-03-29T00:00:00Z", "18.00"]: from then for one step. */
static enum err one_price(json_t *json, const struct place *place, int64_t step_ms, struct series_price *out)
{
    struct place price = place_at(place, 1);
    const char *from = json_string_value(json_array_get(json, 0));
    if (json_array_size(json) != 2 || !from || !instant_parse(from, strlen(from), &out->from_utc_ms))
        return wrong_at(place, "[instant, price] is expected, such as [\"2026-03-29T00:00:00Z\", \"18.00\"]");
    out->until_utc_ms = out->from_utc_ms + step_ms;
    return price_in(json_array_get(json, 1), &price, &out->nano);
}

static enum err prices_in(json_t *json, const struct place *place, int64_t step_ms, struct price_series *out)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > PRICES_MAX)
        return wrong_at(place, "1 to %d prices are expected", PRICES_MAX);
    struct series_price *prices = calloc(count, sizeof *prices);
    if (!prices)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    out->prices = prices;
    out->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        enum err err = one_price(json_array_get(json, i), &at, step_ms, &prices[i]);
        if (err == OK && i > 0 && prices[i].from_utc_ms < prices[i - 1].until_utc_ms)
            err = wrong_at(&at, "prices ascend by at least step_s");
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err one_series(json_t *json, const struct place *place, struct price_series *out)
{
    const char *schema = json_string_value(json_object_get(json, "schema"));
    struct place prices = place_in(place, "prices");
    int step_s = 1800;
    char unit[32];
    enum err err = only_keys(json, place, "schema id unit step_s prices");
    if (err == OK && (!schema || strcmp(schema, "series/1") != 0))
        err = wrong_in(place, "schema", "\"series/1\" is expected");
    if (err == OK)
        err = text_in(json, "id", place, MUST, out->id, sizeof out->id);
    if (err == OK && !text_is_name(out->id, strlen(out->id)))
        err = wrong_in(place, "id", "1 to 64 of A-Z a-z 0-9 . _ - are expected");
    if (err == OK)
        err = text_in(json, "unit", place, MAY, unit, sizeof unit);
    if (err == OK)
        err = int_key_in(json, "step_s", place, 60, 86400, &step_s);
    return err == OK ? prices_in(json_object_get(json, "prices"), &prices, step_s * MS_PER_S, out) : err;
}

enum err series_parse(const char *text, size_t len, struct fault *fault, struct series_set *out)
{
    struct place place = {.fault = fault}, list = place_in(&place, "series");
    struct series_set set = {0};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    json_t *root = len > RATE_DOCUMENT_MAX ? NULL : json_in_object(text, len, &verdict, detail);
    if (!root)
        return fault_at(fault, ERR_INVALID, "", "%s", len > RATE_DOCUMENT_MAX ? "the document is too large" : detail);
    json_t *several = json_object_get(root, "series");
    size_t count = several ? json_array_size(several) : 1;
    enum err err = count < 1 || count > SERIES_MAX ? wrong_at(&list, "an array of 1 to %d series is expected", SERIES_MAX) : OK;
    set.series = calloc(SERIES_MAX, sizeof *set.series);
    if (!set.series)
        err = fault_set(fault, ERR_FATAL, "no memory");
    for (size_t i = 0; err == OK && i < count; i++) {
        struct place at = several ? place_at(&list, i) : place;
        set.count = (int)i + 1;
        err = one_series(several ? json_array_get(several, i) : root, &at, &set.series[i]);
    }
    json_decref(root);
    if (err != OK) {
        series_destroy(&set);
        return err;
    }
    *out = set;
    return OK;
}
