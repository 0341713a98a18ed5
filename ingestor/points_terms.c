/* What holds for a point on a day: tariff, cycle group, class, as its account's dated terms and the catalogue say. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "ingestor/catalogue.h"
#include "ingestor/points.h"

/* The value of a term on a day; "" where nothing was said. */
static const char *term_on(const struct point_account *account, enum account_term term, int32_t day)
{
    const char *value = "";
    int32_t since = INT32_MIN;
    for (int i = 0; account && i < account->term_count; i++) {
        const struct point_term *row = &account->terms[i];
        if (row->term == term && row->from_day <= day && row->from_day >= since) {
            value = row->value;
            since = row->from_day;
        }
    }
    return value;
}

const struct tariff *points_tariff_on(struct points *points, const struct point_account *account, int32_t day)
{
    return catalogue_tariff(points_catalogue(points), term_on(account, TERM_TARIFF, day));
}

enum err points_plan(struct points *points, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out)
{
    return catalogue_plan(points_catalogue(points), terms, fault, out);
}

const struct price_series *points_series(const struct points *points, int *out_count)
{
    return catalogue_series(points_catalogue(points), out_count);
}

struct rate_scratch *points_scratch(struct points *points)
{
    return catalogue_scratch(points_catalogue(points));
}

void points_rate_account(const struct point *point, const struct point_account *account, int32_t day, struct rate_account *out)
{
    const char *phases = term_on(account, TERM_PHASES, day);
    memset(out, 0, sizeof *out);
    out->average_wh = -1;
    text_copy(out->attributes[ACCOUNT_CLASS], SHORT_NAME_SIZE, term_on(account, TERM_CLASS, day));
    text_copy(out->attributes[ACCOUNT_ZONE], SHORT_NAME_SIZE, term_on(account, TERM_MUNICIPALITY, day));
    if (phases[0])
        text_copy(out->attributes[ACCOUNT_PHASES], SHORT_NAME_SIZE, phases);
    else
        snprintf(out->attributes[ACCOUNT_PHASES], SHORT_NAME_SIZE, "%d", point->service.phases);
    out->amps = point->service.amps;
}

const struct cycle_group *points_cycle_group_on(struct points *points, const struct point_account *account, int32_t day)
{
    return catalogue_cycle_group(points_catalogue(points), term_on(account, TERM_CYCLE_GROUP, day));
}

struct estimated_limits points_estimated_limits(struct points *points, int64_t at_utc_ms)
{
    return catalogue_estimated_limits(points_catalogue(points), at_utc_ms);
}

const char *points_class_on(const struct point_billing *terms, int32_t day)
{
    for (int i = 0; i < terms->account_count; i++)
        if (terms->accounts[i].from_day <= day && day < terms->accounts[i].until_day)
            return term_on(&terms->accounts[i], TERM_CLASS, day);
    return "";
}
