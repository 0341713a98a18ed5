#include "energy/bill.h"
#include <stddef.h>
#include <string.h>

static const char *const state_names[] = {"open", "draft", "issued", "adjusted"};

const char *bill_state_name(enum bill_state state)
{
    return state_names[state];
}

bool bill_state_parse(const char *name, enum bill_state *out)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *out = (enum bill_state)i;
            return true;
        }
    }
    return false;
}

void bill_clear(struct bill *bill)
{
    memset(bill, 0, offsetof(struct bill, taxes));
}
