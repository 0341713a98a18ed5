/*
 * `qw rate`: one bill from files alone, or one after the other over months. What is read, what is worked out, how it is printed.
 */
#ifndef ADMIN_RATE_RUN_H
#define ADMIN_RATE_RUN_H

#include "admin/args.h"
#include "admin/command.h"
#include "energy/rate.h"
#include "wire/bill_explain.h"
#include "wire/rate_json.h"

/* Everything that was given. */
struct rating {
    struct tariff *tariff;
    const struct zone *zone;
    struct rate_party party;
    struct rate_request request; /* where quantities were given */
    bool by_quantities;
    struct rate_interval *intervals;
    int interval_count;
    struct series_set series;
    int64_t known_utc_ms;
    int version_no;
    bool explain;
    struct bill_explained *explained; /* what the last bill's lines are made of; NULL: nobody asked, or quantities were given */
    bool provisional;
};

/* On failure nothing is left to finish. */
enum err rating_read(struct qw *qw, const struct args *args, struct fault *fault, struct rating **out);
void rating_finish(struct rating *rating);
/* The cycle that the arguments or the quantities name. */
enum err rating_cycle(const struct rating *rating, const struct args *args, struct fault *fault, int32_t *out_from_day, int32_t *out_until_day);
/* One bill; the party's opening becomes what it closes with. */
enum err rating_bill(struct rating *rating, int32_t from_day, int32_t until_day, struct fault *fault, struct bill *out);

enum print_days rating_print_days(const struct rating *rating, int32_t until_day);
void rating_print_json(const struct rating *rating, const struct bill *bill, struct buf *out);
void rating_print_table(const struct rating *rating, const struct bill *bill, FILE *to);

#endif
