/*
 * A bill opened up: each line down to the intervals that made it, by the engine that billed it (energy/rate.h, "what a line is made of").
 * Pure but for the heap.
 */
#ifndef WIRE_BILL_EXPLAIN_H
#define WIRE_BILL_EXPLAIN_H

#include "base/buf.h"
#include "wire/bill_inputs.h"

#define EXPLAIN_INTERVALS_MAX 5000 /* of one answer about one line */

struct explain_ask {
    int line;         /* 0 … this line in its finest intervals; -1: every line in local days */
    int first, limit; /* which of that line's intervals */
};

struct bill_explained;

/* Listens to the engine while a bill is rated (rate_input.trace): for a bill that is not worked out from inputs of the system. NULL: memory is out.
 */
struct bill_explained *bill_explained_create(const struct zone *zone, const struct explain_ask *ask);
const struct rate_trace *bill_explained_trace(const struct bill_explained *explained);
/* ERR_RETRY: memory was out while it listened. */
enum err bill_explained_heard(const struct bill_explained *explained, struct fault *fault);
const struct line_energy *bill_explained_energy(const struct bill_explained *explained, int line_no); /* NULL: the line has none */
/* What a line is made of: `energy`, `intervals`, `prices`, `peak`, those that it has. */
void bill_explained_line_members(struct buf *out, const struct bill_explained *explained, int line_no);

/* ERR_INVALID: no bill comes out, or it has no such line. `state` is that of bill_work_out. */
enum err bill_explain(const struct bill_inputs *inputs, enum bill_state state, const struct explain_ask *ask, struct fault *fault,
                      struct bill_explained **out);
void bill_explained_destroy(struct bill_explained *explained); /* NULL-safe */

const struct bill *bill_explained_bill(const struct bill_explained *explained);
/* Does it ask for the same as a bill's document (wire/issue_json.h)? */
bool bill_explained_same(const struct bill_explained *explained, const char *document);
/* The first interval behind those that were asked for; 0: there is none. */
int bill_explained_next(const struct bill_explained *explained);

/* Without the braces: ids, cycle, tariff; lines with their `energy`, `intervals`, `prices` and `peak`; taxes, adjustments, credits, sums. */
void bill_explain_members(struct buf *out, const struct bill_explained *explained);

#endif
