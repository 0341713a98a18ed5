/*
 * Money: an amount in minor units (cents, centavos) of one currency. A type of its own, so that it never mixes
 * with energy. Pure.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

struct money {
    int64_t minor;
};

bool money_add(struct money a, struct money b, struct money *out); /* false on overflow */

#endif
