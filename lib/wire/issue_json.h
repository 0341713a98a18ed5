/*
 * Drafts and issued bills as documents: what a bill run looks at, whether two say the same, and the document that is handed out. Pure but for the
 * heap.
 */
#ifndef WIRE_ISSUE_JSON_H
#define WIRE_ISSUE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

/* What a run needs of a bill's document. */
struct bill_brief {
    char currency[4];
    int minor_digits;
    int64_t total_minor;
    bool complete;
    bool estimated_beyond;
};
enum err bill_brief_parse(const char *document, struct fault *fault, struct bill_brief *out);

/* Do two documents ask for the same, for the same reasons? Energy, lines, taxes, adjustments, credits, totals; not when it was looked at. */
bool bill_asks_same(const char *a, const char *b);

struct issue_words {
    int64_t number;
    int edition;
    int64_t negates;    /* the number of the edition before; 0 in the first */
    const char *former; /* the bill of the edition before; NULL in the first */
    const char *causes; /* a ready JSON array: what came since that edition; NULL in the first */
    int64_t issued_utc_ms;
    int32_t due_day;
    const char *previous_hash; /* of the document numbered one less; "" for the first of all */
    const char *inputs_hash;   /* SHA-256 of what it was worked out from; "": that was not recorded */
};

/*
 * The draft as it is issued: state "issued" or, where it corrects, "adjusted", with its number, dates, the hash of the document before it, and in a
 * correction the lines and taxes it negates. ERR_INVALID where the draft is no bill.
 */
enum err issue_write(struct buf *out, const char *draft, const struct issue_words *words, struct fault *fault);

#endif
