/*
 * What a bill was worked out from, as a document ("bill-inputs/1") that lasts: whoever has it and the tariff's document makes the same bill again,
 * byte for byte. The ledger keeps its terms beside each bill; with the energy and the prices of its cycle it is recorded with every issued bill.
 * Pure but for the heap.
 *
 *   terms    which tariff document, zone and cycle; what is known of the account; what the bill tells beside its lines (complete, estimated, as of)
 *   energy   day sums [Wh, quarter-hours measured, estimated, partial, missing, edited], or runs of intervals where the tariff looks inside the day
 *   prices   of every series that overlaps the cycle, where there are any
 */
#ifndef WIRE_BILL_INPUTS_H
#define WIRE_BILL_INPUTS_H

#include "base/buf.h"
#include "energy/bill_energy.h"

struct bill_terms {
    char tz[ZONE_NAME_SIZE];
    char tariff_id[NAME_SIZE];
    char version_hash[FINGERPRINT_SIZE]; /* of the tariff's document */
    int32_t from_day, until_day, cycle_days;
    struct rate_account account;
    /* told as they are */
    char bill_id[BILL_ID_SIZE];
    char account_id[NAME_SIZE];
    char meter_id[METER_ID_SIZE];
    int64_t meter_no;
    bool complete;
    int64_t estimated_wh;
    int estimated_cycles;
    bool estimated_beyond;
    int64_t as_of_utc_ms;
};

/* The terms of a bill that was just made. */
void bill_terms_of(const struct bill *bill, const struct rate_plan *plan, const struct rate_account *account, struct bill_terms *out);
void bill_terms_write(struct buf *out, const struct bill_terms *terms);

struct bill_prices {
    int count;
    struct price_series *series;
};
void bill_prices_finish(struct bill_prices *prices);

/* The whole document: `series` are all there are; what lies outside of the cycle is left out. */
void bill_inputs_write(struct buf *out, const struct bill_terms *terms, const struct rate_plan *plan, const struct bill_energy *energy,
                       const struct price_series *series, int series_count);

/*
 * Back again; a document of terms alone has no energy: then out_energy->from_day is until_day. The energy and the prices are to be finished.
 * ERR_INVALID.
 */
enum err bill_inputs_parse(const char *document, struct fault *fault, struct bill_terms *out_terms, struct bill_energy *out_energy,
                           struct bill_prices *out_prices);

/* The plan of these terms. `tariff` is the document they name, `zone` the one of their name; both must outlive it. */
enum err bill_terms_plan(const struct bill_terms *terms, const struct tariff *tariff, const struct zone *zone, struct fault *fault,
                         struct rate_plan **out);

/* All that a bill is worked out from. */
struct bill_inputs {
    const struct bill_terms *terms;
    const struct rate_plan *plan;
    const struct bill_energy *energy;
    const struct price_series *series;
    int series_count;
};

/* The bill. An open one may use prices of a month that is not known yet. `trace` may be NULL; where it is not, lines tell their formula too. */
enum err bill_work_out(const struct bill_inputs *inputs, enum bill_state state, const struct rate_trace *trace, struct fault *fault,
                       struct bill *out);

/* The draft's document, made again from its inputs. */
enum err bill_made_again(const struct bill_terms *terms, const struct rate_plan *plan, const struct bill_energy *energy,
                         const struct price_series *series, int series_count, struct fault *fault, struct buf *out);

#endif
