/*
 * Rating: energy × tariff → the lines, taxes and total of a bill. A pure function: same inputs, same bytes.
 *
 * In three steps, so that what is the same for many meters is worked out once:
 *   plan    tariff × zone × cycle: the segments (cut where versions and seasons begin) and, for each way to cut time, the UTC instants at which one
 *           window follows another. Immutable; may be shared by threads and kept as long as the tariff.
 *   input   one meter's energy in one of four forms, from coarse to fine: quantities given by hand, day sums, quarter-hours or any intervals.
 *           rate_plan_needs says what the plan can be billed from.
 *   rate    the bill, by the order of evaluation of docs/tariffs.md. Every division is carried as a fraction to the end of its line and rounded
 * there, once; whatever does not fit is an error.
 */
#ifndef ENERGY_RATE_H
#define ENERGY_RATE_H

#include "base/err.h"
#include "base/zone.h"
#include "energy/bill.h"
#include "energy/quarter.h"
#include "energy/series.h"
#include "energy/tariff.h"

#define CYCLE_DAYS_MAX 400
#define RATE_INTERVALS_MAX 600000 /* a year of minutes */

/* ---- the plan ---- */

struct rate_plan;

struct rate_terms {
    const struct tariff *tariff;
    const struct zone *zone; /* NULL: only quantities can be billed */
    int32_t from_day;        /* the cycle: half-open local dates */
    int32_t until_day;
    int32_t cycle_days;   /* days of the whole cycle, where only a part of it is billed (moved in or out); 0: these are all */
    int64_t known_utc_ms; /* versions known later do not count; INT64_MAX: all */
    int version_no;       /* 1 …: this version alone, whatever its dates; 0: by the dates */
};

/* ERR_INVALID: a day has no version or no season, or the cycle is too long; the fault says which. */
enum err rate_plan_create(const struct rate_terms *terms, struct fault *fault, struct rate_plan **out);
void rate_plan_destroy(struct rate_plan *plan); /* NULL-safe */

enum rate_needs { NEEDS_DAYS, NEEDS_INTERVALS };
enum rate_needs rate_plan_needs(const struct rate_plan *plan);
bool rate_plan_wants_average(const struct rate_plan *plan); /* a municipal table goes by rate_account.average_wh */
const struct rate_terms *rate_plan_terms(const struct rate_plan *plan);

/* ---- who, and what was before ---- */

struct rate_account {
    char attributes[ACCOUNT_ATTRIBUTES][SHORT_NAME_SIZE]; /* "1", "residential", "X", "3", "gd1" */
    int amps;
    int64_t contracted_milliw; /* 0: not said */
    int64_t average_wh;        /* of the last months, for municipal tables; -1: not said */
};

#define LOTS_MAX 512
#define BANKS_MAX TARIFF_CREDITS_MAX
#define DEMANDS_MAX 256

struct credit_lot {
    int month; /* year × 12 + month - 1, when it arose */
    char window[SHORT_NAME_SIZE];
    int64_t wh;
};

struct demand_record {
    int month;
    char charge[SHORT_NAME_SIZE];
    char window[SHORT_NAME_SIZE];
    int64_t milliw;
};

/* What one bill hands to the next. */
struct rate_state {
    int lot_count;
    struct credit_lot lots[LOTS_MAX];
    int received_count; /* from other units, for this cycle alone */
    struct credit_lot received[TARIFF_WINDOWS_MAX];
    int bank_count;
    struct {
        char id[SHORT_NAME_SIZE];
        int64_t minor;
    } banks[BANKS_MAX];
    int demand_count;
    struct demand_record demands[DEMANDS_MAX];
    int64_t balance_wh; /* fed in less drawn since the last true-up, never below zero: as if there were no windows */
    int64_t year_minor; /* billed since the last yearly settlement */
};

/* ---- energy ---- */

struct rate_interval {
    int64_t start_utc_ms;
    int32_t length_ms;
    enum quality quality;
    int64_t import_wh;
    int64_t export_wh;
};

#define QUANTITIES_MAX 128
/* A quantity by name: of a window, a demand charge, an adder's level. */
struct rate_named {
    char name[NAME_SIZE];
    int64_t value;
};
struct rate_list {
    int count;
    struct rate_named rows[QUANTITIES_MAX];
};

/* Energy of a part of the cycle, where a bill prints one. */
struct rate_part {
    int32_t from_day;
    int32_t until_day;
    struct rate_list import_wh;
};

/* What a printed bill says. A single number stands under the name "". */
struct rate_quantities {
    struct rate_list import_wh;
    struct rate_list export_wh;
    struct rate_list demand_milliw;
    struct rate_list coincident_milliw; /* by instant, as the document writes it */
    struct rate_list already_nano;      /* money already billed for a demand, by charge and window */
    struct rate_list adder_days;        /* "flag.yellow" → days */
    struct rate_list order;             /* windows in the order of time */
    int part_count;
    struct rate_part parts[16];
    int read_month;     /* 0: the month of the last day */
    int64_t elapsed_ms; /* 0: not said */
};

/* Something else on the bill, taken as given. */
struct rate_item {
    char id[NAME_SIZE];
    int64_t nano;
};
#define RATE_ITEMS_MAX 16

/* ---- what a line is made of ---- */

/*
 * Where the energy of a line comes from: metered_wh, the sum of its intervals, and what made it the line's quantity:
 * metered + compensated + rounding + minimum + other = quantity. Where a tariff nets or rounds each interval, that is done before: its energy is
 * metered so.
 */
struct line_energy {
    bool exported;          /* energy that was fed in; else drawn */
    int64_t metered_wh;     /* the sum of its intervals */
    int64_t compensated_wh; /* by netting and by credits in kWh; not above zero */
    int64_t rounding_wh;    /* as the tariff rounds quantities */
    int64_t minimum_wh;     /* billed though it was not used */
    int64_t other_wh;       /* what falls to other lines, or to none: other tiers, another part of the cycle, a free amount */
    int64_t quantity_wh;
};

/* One interval of a line: cut at the windows of the tariff, or a local day where the bill is worked out from day sums. */
struct line_interval {
    int64_t start_utc_ms;
    int32_t length_ms;
    enum quality quality;
    int64_t metered_wh;
    int64_t line_wh; /* its share of the line's quantity: in proportion, or by the order of time where tiers fill so; the shares add up exactly */
    bool priced;     /* by a price series: … */
    int64_t nano;    /* … currency per kWh */
};

/* An adder's price, and the days of the line's segment that it holds for. */
struct line_price {
    int32_t from_day, until_day;
    int64_t nano;
    const char *level; /* the level's name ("yellow"), "" where the table gives a price */
};

/* The greatest demand of a line in kW. */
struct line_peak {
    int64_t start_utc_ms;
    int64_t milliw; /* measured; a ratchet may bill more */
};

/* Tells what the lines are made of once the bill is worked out, in their order: the energy of one, then its intervals by time, its prices, its peak.
 */
struct rate_trace {
    void (*energy)(void *arg, int line_no, const struct line_energy *energy); /* a line without energy has none */
    void (*interval)(void *arg, int line_no, const struct line_interval *interval);
    void (*price)(void *arg, int line_no, const struct line_price *price);
    void (*peak)(void *arg, int line_no, const struct line_peak *peak);
    void *arg;
};

struct rate_input {
    const struct rate_account *account; /* NULL: nothing is known of it */
    const struct rate_state *opening;   /* NULL: the first bill */
    int item_count;
    struct rate_item items[RATE_ITEMS_MAX];
    int series_count;
    const struct price_series *series;
    /* energy: one of these */
    const struct energy_sum *days;         /* day i is from_day + i; NEEDS_DAYS alone */
    const struct energy_sum *export_days;  /* NULL: none */
    const struct rate_interval *intervals; /* ascending, not overlapping */
    int interval_count;
    const struct rate_quantities *quantities;
    bool explain;                   /* fills bill_line.how */
    bool provisional;               /* an open bill: a month that a table does not know yet takes the last one it knows, and tariff_note says so */
    const struct rate_trace *trace; /* NULL: nobody asks; nothing is told of quantities given by hand */
    struct rate_scratch *scratch;   /* NULL: memory is asked for and given back with each bill */
};

/* Intervals of one local day's quarter-hours; `export` may be NULL. Returns how many, at most DAY_SLOTS_MAX. */
int rate_intervals_of_day(const struct day *import, const struct day *export_day, struct rate_interval out[DAY_SLOTS_MAX]);

/* Memory that one bill after the other may use; not shared between threads. NULL when memory is out. */
struct rate_scratch;
struct rate_scratch *rate_scratch_create(void);
void rate_scratch_destroy(struct rate_scratch *scratch); /* NULL-safe */

/*
 * Fills everything of *out but what names the bill (ids, state, complete, forecast, as_of). `closing` may be NULL. ERR_INVALID: a price is missing, a
 * quantity is missing, or a number does not fit; *out and *closing are untouched and the fault says which.
 */
enum err rate(const struct rate_plan *plan, const struct rate_input *input, struct fault *fault, struct bill *out, struct rate_state *closing);

/* The same in one go from day sums, for a tariff that needs no more. */
enum err rate_days(const struct rate_terms *terms, const struct energy_sum *days, struct fault *fault, struct bill *out);

#endif
