/*
 * Reading a `tariff/1` document, in pieces: what they share. Private to lib/wire/tariff (it shows jansson.h). Every reader takes the JSON, where it
 * stands, and what to fill; a mistake is told by its JSON pointer and what would be right.
 */
#ifndef WIRE_TARIFF_INNER_H
#define WIRE_TARIFF_INNER_H

#include <jansson.h>
#include "base/err.h"
#include "energy/tariff.h"

/* Where the parser stands, and what it fills. */
struct place {
    char path[96];
    struct fault *fault;
    struct tariff *tariff;
    struct tariff_version *version;
};

struct place place_in(const struct place *outer, const char *name);
struct place place_at(const struct place *outer, size_t index);
enum err wrong_at(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum err wrong_in(const struct place *place, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Zeroed memory that lives as long as the tariff; NULL when memory is out. */
void *tariff_alloc(struct tariff *tariff, size_t size);
void tariff_release(struct tariff *tariff); /* all that tariff_alloc gave */

/* ---- small readers; `key` absent or null leaves *out as it is, unless it must stand there ---- */

enum need { MAY, MUST };
bool given(const json_t *object, const char *key); /* stands there and is not null */
/* `known` is "id kind rate": each key must be one of these, or begin with _. */
enum err only_keys(json_t *object, const struct place *place, const char *known);
enum err text_in(json_t *object, const char *key, const struct place *place, enum need need, char *out, size_t size);
enum err name_in(const char *name, const struct place *place, char out[SHORT_NAME_SIZE]);
enum err price_in(const json_t *json, const struct place *place, int64_t *out_nano); /* decimal text */
enum err price_key_in(json_t *object, const char *key, const struct place *place, enum need need, int64_t *out_nano);
enum err number_in(const json_t *json, const struct place *place, int scale, int64_t min, int64_t max,
                   int64_t *out); /* a JSON number or decimal text */
enum err number_key_in(json_t *object, const char *key, const struct place *place, int scale, int64_t min, int64_t max, int64_t *out);
enum err int_key_in(json_t *object, const char *key, const struct place *place, int min, int max, int *out);
enum err flag_in(json_t *object, const char *key, const struct place *place, bool *out);
/* One of "a|b|c"; *out its place in the list. */
enum err word_in(json_t *object, const char *key, const struct place *place, const char *words, int *out);
enum err day_in(json_t *object, const char *key, const struct place *place, enum need need, int32_t *out);
enum err round_in(json_t *json, const struct place *place, struct round_rule *out);
enum err month_in(const char *text, const struct place *place, int *out_month); /* "2026-05" */
enum err charge_ids_in(json_t *json, const struct place *place, int charge_count, uint64_t *out);
enum err condition_in(json_t *object, const struct place *place, struct condition *out); /* its "when" */
enum err named_amounts_in(json_t *json, const struct place *place, bool money, struct named_amount **out, int *out_count);

/* ---- parts of a version ---- */

enum err calendar_in(json_t *json, const struct place *place, struct calendar *out);
enum err seasons_in(json_t *json, const struct place *place);
enum err check_seasons(const struct place *place); /* every day of the year is in one */
enum err tou_in(json_t *json, const struct place *place, struct tou *out);
enum err tous_in(json_t *json, const struct place *place); /* version's tou and tous */
enum err charge_tou_in(json_t *json, const struct place *place, int *out);

/* Exactly one of rate, rates, rates_by_season, tiers, tiers_by_season. `partial`: windows without a price are allowed. */
enum err tiers_in(json_t *json, const struct place *place, int tou, bool partial, enum tier_unit unit, struct tiers *out);
/* rate, rates or rates_by_season by other names: `stem` "credit_rate" reads credit_rate (text or map) and credit_rate_by_season. */
enum err price_table_in(json_t *json, const char *stem, const struct place *place, int tou, bool partial, struct price_table *out);
enum err season_table_in(json_t *json, const struct place *place, struct price_table *out); /* text, or {season: text} */
enum err parts_in(json_t *json, const struct place *place, struct charge *out);
enum err simple_parts_in(json_t *json, const struct place *place, int64_t total_nano); /* of one amount */
enum err series_in(json_t *json, const char *series_key, const char *unit_key, const struct place *place, struct series_use *out);

enum err charges_in(json_t *json, const struct place *place);
enum err energy_in(json_t *json, const struct place *place, struct charge *out);
enum err demand_in(json_t *json, const struct place *place, struct charge *out);
enum err adder_in(json_t *json, const struct place *place, struct charge *out);
enum err fixed_in(json_t *json, const struct place *place, struct charge *out);
enum err allowance_in(json_t *json, const struct place *place, struct charge *out);
enum err quantity_word_in(json_t *json, const struct place *place, enum quantity_of *out);

enum err taxes_in(json_t *json, const struct place *place);
enum err municipal_in(json_t *json, const struct place *place);
enum err minimum_in(json_t *json, const struct place *place);
enum err maximum_in(json_t *json, const struct place *place);
enum err credits_in(json_t *json, const struct place *place);
enum err social_in(json_t *json, const struct place *place);
enum err quantity_in(json_t *json, const struct place *place);
enum err rounding_in(json_t *json, const struct place *place);
enum err proration_in(json_t *json, const struct place *place);
enum err estimate_in(json_t *json, const struct place *place);
enum err check_combinations(const struct place *place);
enum err version_in(json_t *json, const struct place *place);

#endif
