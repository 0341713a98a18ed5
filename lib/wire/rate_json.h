/*
 * What a bill is worked out from beside the tariff: an account, the state that one bill hands to the next, quantities of a printed bill, intervals as
 * CSV, price series (docs/tariffs.md, "Inputs"). Pure but for the heap of the results.
 */
#ifndef WIRE_RATE_JSON_H
#define WIRE_RATE_JSON_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"
#include "energy/rate.h"

#define RATE_DOCUMENT_MAX 16777216

struct rate_party {
    char meter_id[METER_ID_SIZE];
    char account_id[NAME_SIZE];
    struct rate_account account;
    int cycle_days; /* 0: not said */
    struct rate_state opening;
};

/* Nothing is known: no attribute, average -1. */
void party_init(struct rate_party *party);
/* Adds what the document says. ERR_INVALID: fault.pointer is the JSON pointer of the mistake. */
enum err party_parse(const char *text, size_t len, struct fault *fault, struct rate_party *party);

struct rate_request {
    bool has_dates;
    int32_t from_print_day; /* as a bill prints them (proration.days) */
    int32_t to_print_day;
    int days; /* 0: not said */
    struct rate_quantities quantities;
    int item_count;
    struct rate_item items[RATE_ITEMS_MAX];
};
/* Quantities; members of an account may stand beside them and are added to *party. The dates of parts are as printed, half-open cycles come later. */
enum err request_parse(const char *text, size_t len, struct fault *fault, struct rate_request *out, struct rate_party *party);

/* Local days → half-open cycle. */
void print_days_to_cycle(enum print_days rule, int32_t from_print_day, int32_t to_print_day, int32_t *out_from_day, int32_t *out_until_day);

/*
 * "ts,import_wh[,export_wh]" with or without that header: interval starts (RFC 3339) and Wh. An interval lasts until the next row, at most the
 * smallest step of the file; one row alone lasts `default_s`. *out is freed with free().
 */
enum err usage_parse(const char *text, size_t len, int default_s, struct fault *fault, struct rate_interval **out, int *out_count);

/* One or several {"schema":"series/1","id","unit"?,"step_s","prices":[[instant, price],…]}. Freed with series_destroy. */
struct series_set {
    int count;
    struct price_series *series;
};
enum err series_parse(const char *text, size_t len, struct fault *fault, struct series_set *out);
void series_destroy(struct series_set *set);

/* Documents give balances as decimal text without a currency: nano → minor units. ERR_INVALID where one has digits beyond them. */
enum err state_to_minor(struct rate_state *state, int minor_digits, struct fault *fault);

/* The member "closing": what the next bill takes as its account's "opening". */
void state_write(struct buf *out, const char *key, const struct rate_state *state, int minor_digits);

#endif
