/*
 * What of the ledger's drafts could be issued, and what speaks against it: fills a bill run. A draft whose bill is issued already and says something
 * else by now becomes a correction; one that says the same is left out.
 */
#ifndef API_BILL_PREVIEW_H
#define API_BILL_PREVIEW_H

#include "api/exchange.h"
#include "store/records_issue.h"

enum err bill_preview(struct exchange *x, const struct bill_run_record *run, struct fault *fault, int64_t *out_run_no);

#endif
