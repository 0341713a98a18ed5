/*
 * Makes bills again from their inputs (wire/bill_inputs.h): finds the tariff document that they name among the records, and keeps the last plan,
 * since many bills of a run have the same. For one thread at a time.
 */
#ifndef BILLING_MAKER_H
#define BILLING_MAKER_H

#include "store/facts.h"
#include "store/records.h"
#include "wire/bill_inputs.h"

struct bill_maker;

/* Finds a zone by its name; the pointer holds as long as the maker. */
struct bill_zones {
    enum err (*get)(void *arg, const char *name, struct fault *fault, const struct zone **out);
    void *arg;
};

struct bill_maker *bill_maker_create(struct records *records, const struct bill_zones *zones); /* NULL: no memory. `records` must outlive it. */
void bill_maker_destroy(struct bill_maker *maker);                                             /* NULL-safe */

/*
 * The inputs of a draft of the ledger: its terms, with the energy and the prices of its cycle as they are now. *out_same: from these the draft comes
 * out byte for byte; where not, it is about to be made again. ERR_INVALID: the terms are none, or no bill comes out.
 */
enum err bill_maker_inputs(struct bill_maker *maker, struct facts *facts, const char *terms, const char *draft, struct fault *fault, struct buf *out,
                           bool *out_same);

/* Does the draft come out of its recorded inputs? ERR_INVALID: they are none, or no bill comes out; ERR_NOT_FOUND: the tariff's document is gone. */
enum err bill_maker_again(struct bill_maker *maker, const char *inputs, const char *draft, struct fault *fault, bool *out_same);

/*
 * What a bill is worked out from, opened up for whoever explains it (wire/bill_explain.h) or rates it again: as recorded with an issued one, or of a
 * bill of the ledger as its energy and prices are now; days from that of `now_utc_ms` on are
 * still to come (INT64_MAX: all are over). `tariff` (NULL: the bill's own) is the present document
 * of another one to bill by instead. *out holds until the maker's next call. Errors as above.
 */
enum err bill_maker_recorded(struct bill_maker *maker, const char *inputs, struct fault *fault, struct bill_inputs *out);
enum err bill_maker_present(struct bill_maker *maker, struct facts *facts, const char *terms, const struct tariff_record *tariff, int64_t now_utc_ms,
                            struct fault *fault, struct bill_inputs *out);

#endif
