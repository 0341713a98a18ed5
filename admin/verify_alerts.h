/*
 * Are the episodes of alerts what was told? They depend on the moment at which they were looked at, so they cannot be derived anew from facts alone:
 * each row is held to its own document and identity, and each meter's episodes to what the ledger added up while it told them.
 */
#ifndef ADMIN_VERIFY_ALERTS_H
#define ADMIN_VERIFY_ALERTS_H

#include "store/ledger_tables.h"

enum err verify_alerts(const char *ledger, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out);

const struct ledger_table *verify_alerts_table(void);

#endif
