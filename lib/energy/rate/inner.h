/*
 * What the files of the engine share: the plan, and the bill in the making. Private to lib/energy/rate. Every step takes `struct work`, and a step
 * that fails says why in work->fault and returns false; nothing of the caller's is touched before the end.
 */
#ifndef ENERGY_RATE_INNER_H
#define ENERGY_RATE_INNER_H

#include "energy/rate.h"

#define SEGMENTS_MAX 64

/* A part of the cycle under one version and one season. */
struct segment {
    const struct tariff_version *version;
    int version_no; /* 0 … */
    int season;     /* 0 where the version does not ask for seasons */
    int32_t from_day;
    int32_t until_day;
    int64_t from_utc_ms;
    int64_t until_utc_ms;
    int first_bucket[TARIFF_TOUS_MAX]; /* of window 0 of each tou */
};

/* Cell i of a track reaches from the end of cell i - 1 (the first: from the cycle's begin) to until_utc_ms. */
struct cell {
    int64_t until_utc_ms;
    int bucket; /* -1: this version has no such tou */
    int segment;
};
struct track {
    int count;
    int size;
    struct cell *cells;
};

struct rate_plan {
    struct rate_terms terms;
    int cycle_days;
    int segment_count;
    struct segment segments[SEGMENTS_MAX];
    int bucket_count;
    int64_t from_utc_ms;
    int64_t until_utc_ms;
    struct track tracks[TARIFF_TOUS_MAX];
    enum rate_needs needs;
    bool by_order; /* a charge fills its tiers in the order of time */
};

bool plan_cells(struct rate_plan *plan); /* fills the tracks; false: no memory */

/* Energy of one window of one segment. */
struct bucket {
    int64_t import_wh;
    int64_t export_wh;
    int64_t net_wh;      /* import after netting by month and credits in kWh */
    int64_t measured_wh; /* import, rounded as the tariff rounds quantities */
    int64_t billed_wh;   /* net, rounded, and with a minimum */
    int64_t compensated_wh;
    int64_t minimum_wh; /* what of billed_wh is a minimum's */
    int counts[5];      /* by enum quality */
};

struct order_item {
    int segment;
    int window;
    int64_t wh;
};

/* Of which energy a line is, for whoever asks what it is made of (trace.c). */
enum line_source { FROM_NO_ENERGY, FROM_WINDOW, FROM_SEGMENT, FROM_CYCLE, FROM_SERIES, FROM_DEMAND };
struct energy_source {
    enum line_source from;
    int tou, window;     /* FROM_WINDOW, and FROM_DEMAND */
    enum quantity_of of; /* what of it counts */
    bool in_order;       /* the energy that filled this tier, by the order of time */
    int tier;
    bool has_part; /* the quantity is no energy: this is */
    struct fraction part_wh;
};

/* A line's exact amounts, beside what is printed of it. */
struct exact_line {
    int segment;
    int charge; /* index, -1: none */
    struct energy_source source;
    struct fraction quantity; /* in the line's unit */
    struct fraction net;      /* currency, before taxes that stand inside */
    struct fraction amount;   /* minor units, at the line's own digits or, by round_of_sum, not rounded */
    struct fraction rounded;  /* minor units, at the line's own digits */
};

struct demand_result {
    int charge;
    int segment;
    int window;
    int64_t milliw;          /* billing demand: after rounding, minimum and ratchet */
    int64_t measured_milliw; /* before */
    int64_t at_utc_ms;       /* INT64_MIN: no single interval */
};

struct work {
    const struct rate_plan *plan;
    const struct rate_input *input;
    struct fault *fault;
    struct bill *bill;
    struct bucket *buckets;
    const struct rate_interval *blocks; /* netted intervals inside the cycle, ascending; the caller's own where nothing changes them */
    struct rate_interval *own_blocks;
    int block_count, block_size;
    struct order_item *order;
    int order_count, order_size;
    int bucket_size;
    int64_t import_wh, export_wh; /* of the cycle, before any netting */
    int64_t billed_wh, measured_wh, net_wh;
    int64_t daily_net_wh[SEGMENTS_MAX]; /* Σ over days of max(0, import − export) */
    int demand_count;
    struct demand_result demands[DEMANDS_MAX];
    struct exact_line lines[BILL_LINES_MAX];
    struct fraction total_minor; /* what the total will be, as total_policy wants it */
    int64_t printed_minor;       /* Σ of what is printed */
    int month;                   /* of the read */
    struct rate_state state;     /* opening → closing */
    struct bill_credit kwh_credit;
    bool has_kwh_credit;
    int64_t kwh_true_up_minor;
};

/* ---- words ---- */

bool wrong(struct work *work, const char *rule, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool too_large(struct work *work, const char *rule);

/* ---- segment and version helpers (segment.c) ---- */

const struct tariff_version *last_version(const struct work *work);
struct bucket *bucket_of(const struct work *work, const struct segment *segment, int tou, int window);
struct fraction share_of_cycle(const struct work *work, const struct segment *segment);
struct fraction months_of(const struct work *work, const struct segment *segment);
struct fraction part_of_month(const struct work *work, const struct segment *segment); /* what of a monthly amount this part bears */
int days_of(const struct segment *segment);
bool window_reachable(const struct segment *segment, int tou, int window);
enum quality quality_of(const struct bucket *bucket);
enum quality quality_of_segment(const struct work *work, const struct segment *segment);
bool applies(const struct work *work, const struct condition *when);
const char *attribute_of(const struct work *work, enum account_attribute attribute); /* "" where it is not known */
int64_t spread_by_days(int64_t total, int64_t before, int64_t until, int64_t days);  /* share of days [before, until) of a total, sums exactly */
const struct rate_named *named(const struct rate_list *list, const char *name);

/* ---- the steps, in their order ---- */

bool gather(struct work *work);            /* energy → buckets */
bool gather_quantities(struct work *work); /* the same from what a bill prints */
bool compensate(struct work *work);        /* netting by month, credits in kWh */
bool settle_quantities(struct work *work); /* rounding, minimum kWh */
bool measure_demands(struct work *work);   /* maxima, ratchet */
bool rate_segment(struct work *work, int segment_no);
bool rate_energy(struct work *work, int segment_no, int charge_no);
bool rate_series(struct work *work, int segment_no, int charge_no);
bool rate_demand(struct work *work, int segment_no, int charge_no);
bool rate_adder(struct work *work, int segment_no, int charge_no);
bool rate_fixed(struct work *work, int segment_no, int charge_no);
bool rate_allowance(struct work *work, int segment_no, int charge_no);
bool rate_percent(struct work *work, int segment_no, int charge_no);
bool rate_per_kwh(struct work *work, int segment_no, int charge_no);
bool rate_fio_b(struct work *work, int segment_no);
bool rate_social(struct work *work, int segment_no);
bool included_taxes(struct work *work);
bool outer_taxes(struct work *work);
bool municipal_charges(struct work *work);
bool other_items(struct work *work);
bool money_credits(struct work *work);
bool money_minimum(struct work *work);
bool true_up(struct work *work);
bool total_up(struct work *work);
void trace_lines(struct work *work); /* what the lines are made of */

/* ---- what the steps ask of each other ---- */

struct fraction wh_of_charge(struct work *work, const struct segment *segment, enum quantity_of of);
bool demand_of(const struct work *work, int segment_no, const char *charge_id, int64_t *out_milliw); /* false: none was measured */
bool adder_mean(struct work *work, const struct segment *segment, const struct charge *charge, struct fraction *out_nano);
/* A table's price of a month; of an open bill, where it is not known yet, the last known one's. */
bool price_of_month(struct work *work, const struct month_price *rows, int count, int month, const char *what, const char *rule, int64_t *out_nano);
bool adder_price_in(struct work *work, const struct charge *charge, int month, int64_t *out_nano);
bool series_sum(struct work *work, const struct segment *segment, const struct series_use *use, const char *rule, bool export, int64_t *out_wh,
                int128 *out_nano_wh);
const struct charge *find_charge(const struct tariff_version *version, const char *id);

/* What of a block lies before an instant inside it, by time. */
void energy_until(const struct rate_interval *block, int64_t utc_ms, int64_t *out_import_wh, int64_t *out_export_wh);

/* What of a block has one price of a series, the sums being exact. */
struct priced_piece {
    int64_t start_utc_ms, until_utc_ms;
    int64_t wh;
    int64_t nano; /* in the unit of the series */
    enum quality quality;
};
/* Every priced piece of a segment by time. False, with words: a hole, no such series, or `visit` returned false. */
bool each_priced(struct work *work, const struct segment *segment, const struct series_use *use, const char *rule, bool export,
                 bool (*visit)(struct work *work, const struct priced_piece *piece, void *arg), void *arg);

/* Tiers (tiers.c): how much of a quantity falls in each. Ends and results are Wh (or milliwatt) as fractions. */
struct tier_split {
    int count;
    struct fraction part[TARIFF_TIERS_MAX];
    bool entered[TARIFF_TIERS_MAX];
};
bool split_tiers(struct work *work, int segment_no, const struct charge *charge, const struct tier_list *list, struct fraction quantity,
                 struct tier_split *out);
bool tier_ends(struct work *work, int segment_no, const struct charge *charge, const struct tier_list *list, struct fraction out[TARIFF_TIERS_MAX]);

/* Lines (lines.c). Quantity in units, price in currency per unit; `flat` is added without a quantity of its own. */
struct line_of {
    int segment;
    int charge;
    const char *id;     /* NULL: the charge's */
    const char *window; /* "" or NULL: none */
    int tier;           /* 0: none */
    const char *suffix;
    struct fraction quantity;
    int quantity_digits;
    const char *unit;
    struct fraction price;
    bool price_is_mean; /* shown rounded */
    struct fraction net;
    enum quality quality;
    const char *rule; /* NULL: the charge's */
    struct energy_source source;
};
bool add_line(struct work *work, const struct line_of *line);
void tell_exact(struct fraction value, char out[96]);
struct fraction minor_factor(const struct work *work);
struct fraction nano_fraction(int64_t nano);
bool round_money(struct fraction minor, struct round_rule rule, int minor_digits, struct fraction *out_minor);

/* Taxes inside a charge's lines (taxes.c). */
struct tax_shares {
    struct fraction factor;                  /* gross = net × factor */
    struct fraction share[TARIFF_TAXES_MAX]; /* of the gross amount; 0: does not apply */
    bool any;
};
bool tax_shares_of(struct work *work, int segment_no, int charge_no, struct tax_shares *out);

/* An amount beside the lines: counted into the total. */
bool add_adjustment(struct work *work, const char *id, const char *rule, struct fraction minor);
struct bill_tax *tax_slot(struct work *work, const char *id, const char *rule);

#endif
