/*
 * Drafts of days long past as the ingestor makes them: a tariff among the records, and beside each draft the terms it was worked out from, so that it
 * can be issued.
 */
#ifndef TESTS_SEED_DRAFTS_H
#define TESTS_SEED_DRAFTS_H

#include "base/zone.h"
#include "store/facts.h"
#include "store/records.h"

struct draft_plan {
    int count, days;      /* so many bills, of so many days each */
    int32_t newest_until; /* the day on which the newest one ends; the others lie before it */
    int first_number;     /* of their names: "casa-44-1" */
};

/* Inside a batch of `facts`. */
enum err seed_drafts(struct facts *facts, struct records *records, const struct point_record *point, const struct zone *zone,
                     const struct draft_plan *plan, struct fault *fault);

#endif
