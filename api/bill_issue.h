/*
 * Issues what of a run may be issued, in short transactions, for at most a moment: whoever asks again goes on. Each transaction takes the next
 * numbers and the hash of the document before, so that whatever is interrupted leaves neither a hole nor a bill issued twice.
 */
#ifndef API_BILL_ISSUE_H
#define API_BILL_ISSUE_H

#include "api/exchange.h"
#include "store/records_issue.h"

#define BILL_ISSUE_SLICE_MS 2000

enum err bill_issue(struct exchange *x, int64_t run_no, struct fault *fault);

/* SHA-256 in hex of the hash of the document before, a line feed and the document. ERR_RETRY: no memory. */
enum err bill_chain_hash(const char *previous_hash, const char *document, struct fault *fault, char out[BILL_HASH_SIZE]);

#endif
