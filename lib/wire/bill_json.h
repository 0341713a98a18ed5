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
void bill_write(struct buf *out, const struct bill *bill, enum print_days print_days);

#endif
