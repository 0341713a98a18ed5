#include "billing/maker.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/bill_energy_load.h"
#include "store/price_lists.h"
#include "wire/tariff_json.h"

struct bill_maker {
    struct records *records;
    struct bill_zones zones;
    struct price_lists *prices; /* NULL: not asked for yet */
    struct tariff *tariff;      /* the last one, and the last plan of it */
    struct rate_plan *plan;
    /* what is worked on */
    struct bill_terms terms;
    struct bill_energy energy;
    struct bill_prices recorded;
    struct buf text;
};

struct bill_maker *bill_maker_create(struct records *records, const struct bill_zones *zones)
{
    struct bill_maker *maker = calloc(1, sizeof *maker);
    if (maker) {
        maker->records = records;
        maker->zones = *zones;
        buf_init(&maker->text, RECORDS_DOCUMENT_MAX);
    }
    return maker;
}

static void forget_plan(struct bill_maker *maker)
{
    rate_plan_destroy(maker->plan);
    maker->plan = NULL;
}

/* The last bill's energy and prices are of no use any more. */
static void release(struct bill_maker *maker)
{
    bill_energy_finish(&maker->energy);
    bill_prices_finish(&maker->recorded);
}

void bill_maker_destroy(struct bill_maker *maker)
{
    if (!maker)
        return;
    forget_plan(maker);
    release(maker);
    tariff_destroy(maker->tariff);
    price_lists_destroy(maker->prices);
    buf_finish(&maker->text);
    free(maker);
}

static enum err find_tariff(struct bill_maker *maker, struct fault *fault)
{
    const struct bill_terms *terms = &maker->terms;
    if (maker->tariff && strcmp(maker->tariff->tariff_id, terms->tariff_id) == 0 && strcmp(maker->tariff->version_hash, terms->version_hash) == 0)
        return OK;
    struct buf document;
    struct tariff *tariff = NULL;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    enum err err = records_tariff_get(maker->records, terms->tariff_id, terms->version_hash, fault, NULL, &document);
    if (err == OK)
        err = tariff_parse(document.data, document.len, fault, &tariff);
    buf_finish(&document);
    if (err != OK)
        return err;
    forget_plan(maker);
    tariff_destroy(maker->tariff);
    maker->tariff = tariff;
    return OK;
}

static bool plan_fits(const struct bill_maker *maker, const struct zone *zone)
{
    const struct rate_terms *plan = maker->plan ? rate_plan_terms(maker->plan) : NULL;
    const struct bill_terms *terms = &maker->terms;
    return plan && plan->zone == zone && plan->from_day == terms->from_day && plan->until_day == terms->until_day &&
           plan->cycle_days == terms->cycle_days;
}

static enum err find_plan(struct bill_maker *maker, struct fault *fault)
{
    const struct zone *zone;
    enum err err = find_tariff(maker, fault);
    if (err == OK)
        err = maker->zones.get(maker->zones.arg, maker->terms.tz, fault, &zone);
    if (err != OK || plan_fits(maker, zone))
        return err;
    forget_plan(maker);
    return bill_terms_plan(&maker->terms, maker->tariff, zone, fault, &maker->plan);
}

static enum err find_prices(struct bill_maker *maker, struct fault *fault, const struct price_series **out, int *out_count)
{
    bool changed;
    *out_count = 0;
    if (rate_plan_needs(maker->plan) != NEEDS_INTERVALS)
        return OK;
    if (!maker->prices && !(maker->prices = price_lists_create()))
        return fault_set(fault, ERR_RETRY, "memory is out");
    enum err err = price_lists_refresh(maker->prices, maker->records, &changed, fault);
    if (err == OK)
        *out = price_lists_all(maker->prices, out_count);
    return err;
}

enum err bill_maker_recorded(struct bill_maker *maker, const char *inputs, struct fault *fault, struct bill_inputs *out)
{
    release(maker);
    enum err err = bill_inputs_parse(inputs, fault, &maker->terms, &maker->energy, &maker->recorded);
    if (err == OK && maker->energy.from_day == maker->energy.until_day)
        err = fault_set(fault, ERR_INVALID, "these are terms without energy");
    if (err == OK)
        err = find_plan(maker, fault);
    if (err == OK)
        *out = (struct bill_inputs){&maker->terms, maker->plan, &maker->energy, maker->recorded.series, maker->recorded.count};
    return err;
}

enum err bill_maker_present(struct bill_maker *maker, struct facts *facts, const char *terms, const struct tariff_record *tariff, int64_t now_utc_ms,
                            struct fault *fault, struct bill_inputs *out)
{
    const struct price_series *series = NULL;
    int series_count = 0;
    release(maker);
    enum err err = bill_inputs_parse(terms, fault, &maker->terms, &maker->energy, &maker->recorded);
    if (err != OK)
        return err;
    release(maker);
    if (tariff) {
        text_copy(maker->terms.tariff_id, sizeof maker->terms.tariff_id, tariff->tariff_id);
        text_copy(maker->terms.version_hash, sizeof maker->terms.version_hash, tariff->version_hash);
        maker->terms.account.average_wh = -1;
    }
    err = find_plan(maker, fault);
    if (err == OK)
        err = find_prices(maker, fault, &series, &series_count);
    if (err != OK)
        return err;
    int32_t today = now_utc_ms == INT64_MAX ? INT32_MAX : zone_local_day(rate_plan_terms(maker->plan)->zone, now_utc_ms);
    err = bill_energy_load(facts, maker->terms.meter_no, maker->plan, today, fault, &maker->energy);
    if (err == OK && tariff && rate_plan_wants_average(maker->plan))
        err = bill_energy_average(facts, maker->terms.meter_no, &maker->energy, fault, &maker->terms.account.average_wh);
    if (err == OK)
        *out = (struct bill_inputs){&maker->terms, maker->plan, &maker->energy, series, series_count};
    return err;
}

/* The bill of what is at hand, held against the draft. */
static enum err hold(struct bill_maker *maker, const struct bill_inputs *inputs, const char *draft, struct fault *fault, bool *out_same)
{
    buf_reset(&maker->text);
    enum err err = bill_made_again(inputs->terms, inputs->plan, inputs->energy, inputs->series, inputs->series_count, fault, &maker->text);
    if (err == OK)
        *out_same = !maker->text.overflow && strcmp(maker->text.data, draft) == 0;
    return err;
}

enum err bill_maker_inputs(struct bill_maker *maker, struct facts *facts, const char *terms, const char *draft, struct fault *fault, struct buf *out,
                           bool *out_same)
{
    struct bill_inputs inputs;
    enum err err = bill_maker_present(maker, facts, terms, NULL, INT64_MAX, fault, &inputs);
    if (err == OK)
        err = hold(maker, &inputs, draft, fault, out_same);
    if (err == OK)
        bill_inputs_write(out, inputs.terms, inputs.plan, inputs.energy, inputs.series, inputs.series_count);
    return err;
}

enum err bill_maker_again(struct bill_maker *maker, const char *inputs, const char *draft, struct fault *fault, bool *out_same)
{
    struct bill_inputs recorded;
    enum err err = bill_maker_recorded(maker, inputs, fault, &recorded);
    return err == OK ? hold(maker, &recorded, draft, fault, out_same) : err;
}
