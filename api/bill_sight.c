#include "api/bill_sight.h"
#include <stdlib.h>
#include <string.h>

#define ACCOUNTS_MAX 200

enum err bill_sight_of(struct exchange *x, struct fault *fault, struct bill_sight *out)
{
    memset(out, 0, sizeof *out);
    out->all = x->caller.role != ROLE_CUSTOMER;
    if (out->all)
        return OK;
    struct account_filter filter = {.customer_id = x->caller.login.customer_id};
    out->records = calloc(ACCOUNTS_MAX, sizeof *out->records);
    if (out->records == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    return records_account_list(x->server->records, &filter, ACCOUNTS_MAX, fault, out->records, &out->count);
}

void bill_sight_finish(struct bill_sight *sight)
{
    free(sight->records);
    sight->records = NULL;
}

bool bill_sight_holds(const struct bill_sight *sight, const char *account_id)
{
    if (sight->all)
        return true;
    for (size_t i = 0; i < sight->count; i++)
        if (strcmp(sight->records[i].account_id, account_id) == 0)
            return true;
    return false;
}
