/* An account as REST shows it, and what a request may say of one. */
#ifndef API_ACCOUNT_JSON_H
#define API_ACCOUNT_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "store/records.h"

/* `terms`: those of the day that is shown. */
void account_write(struct buf *out, const struct account_record *account, const struct account_terms *terms);

struct new_account {
    struct account_record account;
    struct account_terms terms;
};
enum err account_read_new(const struct buf *body, struct fault *fault, struct new_account *out);

#define ACCOUNT_TERMS 5
/* What a PATCH changes. Terms need `from_day`. */
struct account_change {
    bool sets_until;
    int32_t until_day; /* RECORDS_NO_DAY: open again */
    bool sets_goal, has_goal;
    int64_t goal_minor;
    int term_count;
    int32_t from_day;
    struct {
        enum account_term term;
        char value[RECORD_ID_SIZE];
    } terms[ACCOUNT_TERMS];
};
enum err account_read_change(const struct buf *body, struct fault *fault, struct account_change *out);

#endif
