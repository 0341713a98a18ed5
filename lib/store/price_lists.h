/*
 * Price series in memory, followed by their revision.
 */
#ifndef STORE_PRICE_LISTS_H
#define STORE_PRICE_LISTS_H

#include <stdbool.h>
#include "energy/series.h"
#include "store/records.h"

struct price_lists;

struct price_lists *price_lists_create(void);        /* NULL when memory is out */
void price_lists_destroy(struct price_lists *lists); /* NULL-safe */

/* Reads what changed. */
enum err price_lists_refresh(struct price_lists *lists, struct records *records, bool *out_changed, struct fault *fault);

/* All that there are; holds until the next refresh. */
const struct price_series *price_lists_all(const struct price_lists *lists, int *out_count);

#endif
