#include "ingestor/plans.h"
#include <stdlib.h>
#include <string.h>

#define PLANS_MAX 256 /* cycle groups × tariffs of a city; some 100 KiB each with windows */

struct kept {
    struct rate_plan *plan;
    int64_t used;
};

struct plans {
    int64_t clock;
    struct rate_scratch *scratch;
    struct kept slots[PLANS_MAX];
};

struct plans *plans_create(void)
{
    return calloc(1, sizeof(struct plans));
}

void plans_clear(struct plans *plans)
{
    for (int i = 0; i < PLANS_MAX; i++) {
        rate_plan_destroy(plans->slots[i].plan);
        plans->slots[i] = (struct kept){0};
    }
}

void plans_destroy(struct plans *plans)
{
    if (!plans)
        return;
    plans_clear(plans);
    rate_scratch_destroy(plans->scratch);
    free(plans);
}

struct rate_scratch *plans_scratch(struct plans *plans)
{
    if (!plans->scratch)
        plans->scratch = rate_scratch_create();
    return plans->scratch;
}

static bool same(const struct rate_terms *a, const struct rate_terms *b)
{
    return a->tariff == b->tariff && a->zone == b->zone && a->from_day == b->from_day && a->until_day == b->until_day &&
           a->cycle_days == b->cycle_days && a->known_utc_ms == b->known_utc_ms && a->version_no == b->version_no;
}

enum err plans_get(struct plans *plans, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out)
{
    struct kept *oldest = &plans->slots[0];
    for (int i = 0; i < PLANS_MAX; i++) {
        struct kept *slot = &plans->slots[i];
        if (slot->plan && same(rate_plan_terms(slot->plan), terms)) {
            slot->used = ++plans->clock;
            *out = slot->plan;
            return OK;
        }
        if (slot->used < oldest->used)
            oldest = slot;
    }
    struct rate_plan *plan;
    enum err err = rate_plan_create(terms, fault, &plan);
    if (err != OK)
        return err;
    rate_plan_destroy(oldest->plan);
    *oldest = (struct kept){plan, ++plans->clock};
    *out = plan;
    return OK;
}
