/*
 * Lends reading handles of the ledger to requests: a struct facts belongs to one thread at a time. Handles are opened when
 * first needed, so the ledger may come later than this program. Thread-safe.
 */
#ifndef API_LEDGER_H
#define API_LEDGER_H

#include "api/exchange.h"
#include "store/facts.h"

#define LEDGER_HANDLES 8
#define LEDGER_WAIT_MS 2000

struct ledger;

struct ledger *ledger_create(const char *path); /* NULL when memory is out */
void ledger_destroy(struct ledger *ledger);     /* all must have been given back; NULL-safe */

/* ERR_RETRY: the ledger is not there, or all handles are lent for too long. */
enum err ledger_borrow(struct ledger *ledger, struct fault *fault, struct facts **out);
/* `broken`: it failed in a way that a fresh one may not. */
void ledger_return(struct ledger *ledger, struct facts *facts, bool broken);

/* The same for a request: NULL, and 503 was replied. */
struct facts *ledger_for(struct exchange *x);
void ledger_done(struct exchange *x, struct facts *facts);

#endif
