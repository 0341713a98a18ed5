/* The bills before a bill, for its history on paper. */
#ifndef API_BILL_HISTORY_H
#define API_BILL_HISTORY_H

#include "api/exchange.h"
#include "print/bill_sheet.h"

/*
 * Fills sheet->history: the bills of the same account and meter before it, as many as a history shows, and this one. Of an issued bill they are as
 * they had been issued when it was, so that its paper stays the same whatever is corrected later; cycles never issued are as the ledger has them.
 */
enum err bill_history_fill(struct exchange *x, int64_t meter_no, struct bill_sheet *sheet, struct fault *fault);

#endif
