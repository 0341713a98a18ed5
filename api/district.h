/*
 * The meters of a district, to tell rows of the ledger by: it knows numbers of meters alone.
 */
#ifndef API_DISTRICT_H
#define API_DISTRICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "store/records.h"

struct district {
    size_t count;
    int64_t *meter_nos; /* ascending; owned */
};

/* Meters of any state, as they are now. ERR_RETRY: memory is out. To be released on success alone. */
enum err district_load(struct records *records, const char *name, struct fault *fault, struct district *out);
void district_release(struct district *district); /* zeros are well */
bool district_holds(const struct district *district, int64_t meter_no);

#endif
