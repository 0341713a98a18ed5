/*
 * A tariff: what a kilowatt-hour costs, from when to when, by which act (tariff.md, docs/tariffs.md).
 *
 * What stands here now: versions, energy at one rate or in graduated tiers, fixed charges per day, month or bill, taxes por fora and one por
 * dentro, line rounding, proration by days. lib/wire/tariff_json refuses whatever a document asks for beyond that, by its JSON path, rather than
 * bill it wrong. Prices are nano currency: 1e-9 per kWh, per day, per month, per bill. Pure.
 */
#ifndef ENERGY_TARIFF_H
#define ENERGY_TARIFF_H

#include <stdbool.h>
#include <stdint.h>
#include "base/hash.h"
#include "base/number.h"
#include "energy/bill.h"

#define TARIFF_VERSIONS_MAX 64
#define TARIFF_CHARGES_MAX 16
#define TARIFF_TIERS_MAX 12
#define TARIFF_TAXES_MAX 4
#define DAY_NEVER INT32_MAX

enum charge_kind { CHARGE_ENERGY, CHARGE_FIXED };
enum charge_per { PER_DAY, PER_MONTH, PER_BILL };

struct tier {
    int64_t until_wh;  /* upper end for a whole cycle; INT64_MAX for the last */
    int64_t rate_nano; /* per kWh; may be negative */
};

struct charge {
    char id[NAME_SIZE];
    enum charge_kind kind;
    int tier_count; /* energy: 1 for a single rate */
    struct tier tiers[TARIFF_TIERS_MAX];
    enum charge_per per; /* fixed */
    int64_t amount_nano;
    char rule[64]; /* JSON pointer of the charge */
};

struct tax {
    char id[NAME_SIZE];
    bool included;     /* por dentro: line = net / (1 - rate) */
    int64_t rate_nano; /* 0.18 is 180,000,000 */
    unsigned base;     /* bit i: charge i is taxed */
};

/* How one kind of number is rounded. */
struct round_rule {
    int digits;
    enum rounding mode;
};

enum total_policy { TOTAL_SUM_OF_LINES, TOTAL_ROUND_OF_SUM };
enum print_days { DAYS_INCLUSIVE, DAYS_START_EXCLUSIVE };

struct tariff_version {
    int32_t from_day;
    int32_t until_day; /* DAY_NEVER: open */
    char act[96];
    int charge_count;
    struct charge charges[TARIFF_CHARGES_MAX];
    int tax_count;
    struct tax taxes[TARIFF_TAXES_MAX];
    struct round_rule line;
    enum total_policy total_policy;
    enum print_days print_days;
};

struct tariff {
    char tariff_id[NAME_SIZE];
    char currency[4];
    int minor_digits;
    char tz[64];
    char version_hash[FINGERPRINT_SIZE]; /* of the whole document's bytes */
    int version_count;
    struct tariff_version *versions; /* ascending by from_day; owned, see tariff_destroy in wire/tariff_json.h */
};

/* The version in force on a local day, or NULL. */
const struct tariff_version *tariff_version_on(const struct tariff *tariff, int32_t local_day);

#endif
