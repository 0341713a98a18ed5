/*
 * Rate plans kept in memory: thousands of meters share a tariff, a zone and a cycle, and a plan is worked out once for all of them.
 */
#ifndef INGESTOR_PLANS_H
#define INGESTOR_PLANS_H

#include "energy/rate.h"

struct plans;

struct plans *plans_create(void);        /* NULL when memory is out */
void plans_destroy(struct plans *plans); /* NULL-safe */
void plans_clear(struct plans *plans);   /* due before a tariff they were made of goes */

/* Memory for one bill after the other; NULL when there is none: then each bill asks for its own. */
struct rate_scratch *plans_scratch(struct plans *plans);

/* The plan for these terms, made if need be. Holds until the next plans_clear, or until PLANS_MAX others were asked for. */
enum err plans_get(struct plans *plans, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out);

#endif
