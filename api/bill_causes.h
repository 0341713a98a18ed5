/* Why a bill is corrected: what came after its last edition was issued. */
#ifndef API_BILL_CAUSES_H
#define API_BILL_CAUSES_H

#include "api/exchange.h"
#include "store/facts.h"
#include "store/records_issue.h"

/* A JSON array, newest first: readings of the cycle received since, decisions on it made or reviewed since. Empty where it was neither: a tariff. */
enum err bill_causes(struct exchange *x, struct facts *facts, const struct issued_record *former, struct buf *out, struct fault *fault);

#endif
