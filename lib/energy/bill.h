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

#define BILL_LINES_MAX 192
#define BILL_TAXES_MAX 12
#define BILL_ADJUSTMENTS_MAX 24
#define BILL_CREDITS_MAX 4
#define BILL_ID_SIZE 96
#define NAME_SIZE 65

/* Stored: never renumber. */
enum bill_state { BILL_OPEN = 0, BILL_DRAFT = 1, BILL_ISSUED = 2, BILL_ADJUSTED = 3 };
const char *bill_state_name(enum bill_state state);
bool bill_state_parse(const char *name, enum bill_state *out);

struct bill_tax {
    char id[NAME_SIZE];
    struct money amount;
    bool included;  /* por dentro: inside the lines already */
    bool municipal; /* a municipal charge: outside, and no tax on the lines */
    char rule[72];
    char exact[96]; /* minor units before rounding, "num/den"; "" where it does not fit */
};

struct bill_line {
    char id[128];     /* the charge's id, its window, its tier: "energy.peak.tier2" */
    char segment[32]; /* "2026-04-10/2026-05-01": half-open local dates */
    char quantity[DECIMAL_TEXT_SIZE];
    char unit[16]; /* "kWh", "kW", "day", "month", "bill" … */
    char unit_price[DECIMAL_TEXT_SIZE];
    char unit_price_gross[DECIMAL_TEXT_SIZE]; /* with the taxes that stand inside; "" where there are none */
    struct money amount;
    char amount_text[DECIMAL_TEXT_SIZE]; /* at the line's own digits, which may be finer than the minor unit */
    uint32_t taxed;                      /* bit i: bill.taxes[i] stands inside this line … */
    int64_t tax_minor[BILL_TAXES_MAX];   /* … with so much */
    enum quality quality;
    char rule[128]; /* path into the tariff document: "/versions/0/charges/1" */
    char act[96];   /* the legal act of that version */
    char exact[96]; /* audit: the exact amount in minor units before rounding, "num/den" */
    char how[192];  /* the formula in words, where it was asked for */
};

/* What comes after lines and taxes: a credit from a bank, a minimum, a true-up, something else that was given. */
struct bill_adjustment {
    char id[NAME_SIZE];
    struct money amount;
    char rule[72];
    char exact[96];
};

/* Energy or money credits of one programme over this bill. */
struct bill_credit {
    char id[NAME_SIZE];
    bool energy; /* the numbers are Wh; else minor units */
    int64_t opening;
    int64_t earned;
    int64_t received; /* from other units */
    int64_t used;
    int64_t expired;
    int64_t settled; /* paid out or dropped by a true-up */
    int64_t closing;
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
    int64_t export_wh;
    int64_t billed_wh;  /* after netting, credits, rounding and a minimum */
    int64_t elapsed_ms; /* 743 h in a March that loses one; 0: not known */
    int line_count;
    int tax_count;
    int adjustment_count;
    int credit_count;
    struct money subtotal;
    struct money rounding; /* total − (subtotal, taxes outside, adjustments): not zero only where the total is rounded on its own */
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
    /* Large, and valid up to their counts only: bill_clear leaves them as they are. */
    struct bill_tax taxes[BILL_TAXES_MAX];
    struct bill_adjustment adjustments[BILL_ADJUSTMENTS_MAX];
    struct bill_credit credits[BILL_CREDITS_MAX];
    struct bill_line lines[BILL_LINES_MAX];
};

/* An empty bill. */
void bill_clear(struct bill *bill);

#endif
