/*
 * Tariffs, cycle groups and the settings' defaults, parsed and in memory. A tariff that no longer parses keeps its last good form.
 */
#ifndef INGESTOR_CATALOGUE_H
#define INGESTOR_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/cycle.h"
#include "energy/estimated.h"
#include "energy/tariff.h"
#include "ingestor/plans.h"
#include "store/price_lists.h"
#include "store/records.h"

struct catalogue;

struct catalogue *catalogue_create(struct records *records); /* empty; NULL when memory is out */
void catalogue_destroy(struct catalogue *catalogue);         /* NULL-safe */

/* Reads what changed. *out_changed: a price, a cycle or a default may be another now. */
enum err catalogue_refresh(struct catalogue *catalogue, int64_t now_utc_ms, bool *out_changed, struct fault *fault);

/* By id; "" is the default. NULL when there is none. */
const struct tariff *catalogue_tariff(const struct catalogue *catalogue, const char *tariff_id);
const struct cycle_group *catalogue_cycle_group(const struct catalogue *catalogue, const char *group_id); /* never NULL: the first of the month */
/* What holds of billing by estimate at an instant. */
struct estimated_limits catalogue_estimated_limits(const struct catalogue *catalogue, int64_t at_utc_ms);
/* The plan of a tariff of this catalogue. Holds until the next refresh. */
enum err catalogue_plan(struct catalogue *catalogue, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out);
const struct price_series *catalogue_series(const struct catalogue *catalogue, int *out_count);
struct rate_scratch *catalogue_scratch(struct catalogue *catalogue); /* may be NULL */
const char *catalogue_default_tz(const struct catalogue *catalogue);

#endif
