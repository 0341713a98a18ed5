/*
 * The one bill object (rest.md). Money is integers of minor units, quantities and prices decimal strings. Pure.
 */
#ifndef WIRE_BILL_JSON_H
#define WIRE_BILL_JSON_H

#include "base/buf.h"
#include "energy/bill.h"
#include "energy/tariff.h"

/* `print_days`: how read_from and read_to are printed (tariff `proration.days`). */
void bill_members(struct buf *out, const struct bill *bill, enum print_days print_days); /* without the braces: for a document that says more */
/* The same, with what `more` (may be NULL) adds to each line. */
void bill_members_with(struct buf *out, const struct bill *bill, enum print_days print_days, void (*more)(struct buf *out, int line_no, void *arg),
                       void *arg);
/* Parts of it, for a document that says more of each line: one line; taxes, adjustments, credits and the sums. */
void bill_line_members(struct buf *out, const struct bill *bill, const struct bill_line *line);
void bill_sum_members(struct buf *out, const struct bill *bill);
void bill_write(struct buf *out, const struct bill *bill, enum print_days print_days);

#endif
