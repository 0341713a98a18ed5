/* A bill as it is handed out: its last issued edition where there is one, else as the ledger has it. */
#ifndef API_BILL_VIEW_H
#define API_BILL_VIEW_H

#include "api/exchange.h"
#include "store/facts.h"

/* Appends the document to *out. */
enum err bill_view(struct exchange *x, const struct bill_row *row, struct fault *fault, struct buf *out, enum bill_state *out_state);

/* An edition (0: the last) of an issued bill; ERR_NOT_FOUND. `out_account_id` says whose it is. */
enum err bill_view_issued(struct exchange *x, const char *bill_id, int edition, struct fault *fault, struct buf *out, enum bill_state *out_state,
                          char out_account_id[RECORD_ID_SIZE]);

/*
 * The bill that the path names, as the caller may see it: an edition, or (0) the last one, or as the ledger has it. ERR_NOT_FOUND where there is
 * none, or it is somebody else's.
 */
enum err bill_for_caller(struct exchange *x, int edition, struct fault *fault, struct buf *out);

#endif
