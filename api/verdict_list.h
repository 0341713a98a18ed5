/*
 * The lists of which GET /verdicts is made, each newest first, gathered into one page: what was refused at the door, what the neighbours say, and
 * what the checks over time found.
 */
#ifndef API_VERDICT_LIST_H
#define API_VERDICT_LIST_H

#include "api/district.h"
#include "api/exchange.h"
#include "api/gather.h"
#include "api/verdict_key.h"
#include "energy/check.h"
#include "store/facts.h"

struct verdict_asked {
    struct newest_filter newest;   /* `limit`: one more than the page holds */
    int32_t from_day, until_day;   /* the same range for what is of a local day */
    const struct check_row *check; /* NULL: any */
    bool door, neighbours, over_time;
    bool by_district;
    struct district district;
    struct verdict_after after;
};

/* ERR_RETRY: memory is out, or what facts.h and records.h say. */
enum err verdict_list(struct exchange *x, struct facts *facts, const struct verdict_asked *asked, struct gather *gather, struct fault *fault);

#endif
