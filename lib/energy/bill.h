/*
 * The bill: one object everywhere (rest.md). Money in minor units of `currency`; quantities and unit prices as decimal
 * text, because they are shown and never computed with again. Pure.
 */
#ifndef ENERGY_BILL_H
#define ENERGY_BILL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/hash.h"
#include "base/money.h"
#include "base/number.h"
#include "energy/quarter.h"
#include "energy/reading.h"

#define BILL_LINES_MAX 64
#define BILL_TAXES_MAX 8
#define BILL_ID_SIZE 96
#define NAME_SIZE 65

/* Stored: never renumber. */
enum bill_state { BILL_OPEN = 0, BILL_DRAFT = 1, BILL_ISSUED = 2, BILL_ADJUSTED = 3 };
const char *bill_state_name(enum bill_state state);
bool bill_state_parse(const char *name, enum bill_state *out);

struct bill_tax {
    char id[NAME_SIZE];
    struct money amount;
    bool included; /* por dentro: inside the lines already */
};

struct bill_line {
    char id[NAME_SIZE]; /* the charge's id; for a tier "energy.tier2" */
    char segment[32];   /* "2026-04-10/2026-05-01": half-open local dates */
    char quantity[DECIMAL_TEXT_SIZE];
    char unit[16]; /* "kWh", "day", "month", "bill" */
    char unit_price[DECIMAL_TEXT_SIZE];
    struct money amount;
    int tax_count;
    struct bill_tax tax_included[BILL_TAXES_MAX];
    enum quality quality;
    char rule[128]; /* path into the tariff document: "/versions/0/charges/1" */
    /* audit: the exact amount in minor units before rounding, "num/den" */
    char exact[96];
};

struct bill_forecast {
    bool known;
    struct money total;
    struct money low;  /* P10 */
    struct money high; /* P90 */
};

struct bill {
    char bill_id[BILL_ID_SIZE];
    char account_id[NAME_SIZE]; /* "" for a meter without an account */
    char meter_id[METER_ID_SIZE];
    int64_t meter_no;
    enum bill_state state;
    char currency[4];
    int minor_digits;
    int32_t from_day; /* half-open span of local midnights */
    int32_t until_day;
    int days;
    int64_t import_wh;
    int line_count;
    struct bill_line lines[BILL_LINES_MAX];
    int tax_count;
    struct bill_tax taxes[BILL_TAXES_MAX];
    struct money subtotal;
    struct money total;
    bool complete;         /* every quarter-hour is known: of the whole span, or, while it is open, of the days before the newest reading's */
    int64_t estimated_wh;  /* of import_wh: what nobody measured where it fell (energy/estimated.h) */
    int estimated_cycles;  /* so many consecutive cycles up to this one are billed by estimate; 0: this one is not */
    bool estimated_beyond; /* more than may be */
    struct bill_forecast forecast;
    char tariff_id[NAME_SIZE];
    char version_hash[FINGERPRINT_SIZE];
    char tariff_note[96]; /* why there is no price, "" otherwise */
    int64_t as_of_utc_ms;
};

#endif
