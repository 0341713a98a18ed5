#include "seed_drafts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "store/bill_energy_load.h"
#include "wire/bill_inputs.h"
#include "wire/issue_json.h"
#include "wire/tariff_json.h"

static const char document[] = "{\"schema\":\"tariff/1\",\"id\":\"seeded\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"1980-01-01\",\"charges\":["
                               "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0\"},"
                               "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"bill\",\"amount\":\"238.77\"}]}]}";

static enum err put_draft(struct facts *facts, const struct point_record *point, const struct zone *zone, const struct tariff *tariff,
                          int32_t from_day, int days, int number, struct fault *fault)
{
    static struct bill_energy energy;
    struct bill_terms terms = {.from_day = from_day, .until_day = from_day + days, .cycle_days = days, .meter_no = point->meter_no, .complete = true};
    struct bill_brief brief = {.total_minor = 0};
    struct rate_plan *plan = NULL;
    struct buf text, kept;
    terms.account.average_wh = -1;
    text_copy(terms.tz, sizeof terms.tz, point->tz);
    text_copy(terms.tariff_id, sizeof terms.tariff_id, tariff->tariff_id);
    text_copy(terms.version_hash, sizeof terms.version_hash, tariff->version_hash);
    text_copy(terms.meter_id, sizeof terms.meter_id, point->meter_id);
    snprintf(terms.account_id, sizeof terms.account_id, "%.60s-1", point->meter_id);
    snprintf(terms.bill_id, sizeof terms.bill_id, "%.60s-%d", point->meter_id, number);
    buf_init(&text, 65536);
    buf_init(&kept, 65536);
    enum err err = bill_terms_plan(&terms, tariff, zone, fault, &plan);
    if (err == OK)
        err = bill_energy_load(facts, point->meter_no, plan, terms.until_day, fault, &energy);
    if (err == OK)
        err = bill_made_again(&terms, plan, &energy, NULL, 0, fault, &text);
    if (err == OK)
        err = bill_brief_parse(text.data, fault, &brief);
    bill_terms_write(&kept, &terms);
    struct bill_row row = {.meter_no = point->meter_no,
                           .state = BILL_DRAFT,
                           .from_day = terms.from_day,
                           .until_day = terms.until_day,
                           .total_minor = brief.total_minor,
                           .complete = true,
                           .document = text.data,
                           .terms = kept.data};
    text_copy(row.bill_id, sizeof row.bill_id, terms.bill_id);
    text_copy(row.account_id, sizeof row.account_id, terms.account_id);
    if (err == OK)
        err = facts_put_bill(facts, &row, fault);
    rate_plan_destroy(plan);
    buf_finish(&text);
    buf_finish(&kept);
    return err;
}

enum err seed_drafts(struct facts *facts, struct records *records, const struct point_record *point, const struct zone *zone,
                     const struct draft_plan *plan, struct fault *fault)
{
    struct actor actor = {"api_seed", 1};
    struct tariff *tariff = NULL;
    int64_t revision;
    enum err err = tariff_parse(document, sizeof document - 1, fault, &tariff);
    if (err == OK)
        err = records_tariff_put(records, &actor, tariff->tariff_id, document, sizeof document - 1, tariff->version_hash, RECORDS_ANY_REVISION, fault,
                                 &revision);
    for (int i = 0; i < plan->count && err == OK; i++)
        err = put_draft(facts, point, zone, tariff, plan->newest_until - (i + 1) * plan->days, plan->days, plan->first_number + i, fault);
    tariff_destroy(tariff);
    return err;
}
