/*
 * Who may do what: three roles, and the scopes that a token may be narrowed to. Which meters somebody may see
 * is another question (a customer their own, an operator all), answered by who asks for them. Pure.
 */
#ifndef ACCESS_SCOPE_H
#define ACCESS_SCOPE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

enum role { ROLE_CUSTOMER, ROLE_OPERATOR, ROLE_ADMIN };

bool role_parse(const char *name, enum role *out); /* "customer", "operator", "admin" */
const char *role_name(enum role role);

/* A set of scopes is a sum of these. The names in scope.c are the contract. */
enum scope {
    SCOPE_READINGS_READ = 1 << 0, /* readings, usage, live, exports */
    SCOPE_METERS_READ = 1 << 1,
    SCOPE_METERS_WRITE = 1 << 2,
    SCOPE_BILLS_READ = 1 << 3,
    SCOPE_BILLS_WRITE = 1 << 4, /* bill runs, issuing */
    SCOPE_TARIFFS_READ = 1 << 5,
    SCOPE_TARIFFS_WRITE = 1 << 6,
    SCOPE_ALERTS_READ = 1 << 7,
    SCOPE_ALERTS_WRITE = 1 << 8,   /* acknowledging, rules */
    SCOPE_CUSTOMERS_READ = 1 << 9, /* customers and accounts */
    SCOPE_CUSTOMERS_WRITE = 1 << 10,
    SCOPE_QUALITY_READ = 1 << 11, /* completeness, verdicts */
    SCOPE_ESTIMATES_WRITE = 1 << 12,
    SCOPE_FLEET_READ = 1 << 13,
    SCOPE_TOKENS_WRITE = 1 << 14, /* one's own tokens */
    SCOPE_ADMIN = 1 << 15,        /* logins, and everything that is not named */
};
#define SCOPE_COUNT 16

typedef uint32_t scope_set;

scope_set role_scopes(enum role role);

/* "readings:read,meters:write", with commas or blanks between; repetitions do no harm. "" is the empty set. ERR_INVALID names the unknown word. */
enum err scopes_parse(const char *text, struct fault *fault, scope_set *out);
void scopes_format(scope_set scopes, struct buf *out); /* with blanks between, in the order above */
const char *scope_name(enum scope scope);              /* of one scope */

/* What a token of these scopes may do for a login of this role: what both allow. An empty set means all that the role may. */
scope_set scopes_effective(enum role role, scope_set token_scopes);

static inline bool scope_allows(scope_set have, enum scope need)
{
    return (have & (scope_set)need) == (scope_set)need;
}

#endif
