#include "ingestor/catalogue.h"
#include <stdlib.h>
#include <string.h>
#include "base/map.h"
#include "base/text.h"
#include "wire/tariff_json.h"

#define TARIFFS_MAX 10000
#define GROUPS_MAX 1000
#define PAGE 100
#define DATED_MAX 200 /* changes of one setting; the newest count */

/* A setting that is a number, as it was said from when on: ascending, what was said last behind. */
struct dated {
    int64_t fallback;
    int count;
    struct {
        int64_t from_utc_ms, value;
    } rows[DATED_MAX];
};

struct catalogue {
    struct records *records;
    int64_t tariff_revision;
    struct map *tariffs; /* id → struct tariff */
    struct plans *plans;
    struct price_lists *prices;
    struct map *groups; /* id → struct cycle_group_record */
    char default_tariff[RECORD_SETTING_SIZE];
    char default_group[RECORD_SETTING_SIZE];
    char default_tz[RECORD_SETTING_SIZE];
    struct dated estimated_share, estimated_cycles;
};

static void destroy_tariff(void *tariff)
{
    tariff_destroy(tariff);
}

struct catalogue *catalogue_create(struct records *records)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (!catalogue)
        return NULL;
    catalogue->records = records;
    catalogue->tariffs = map_create(TARIFFS_MAX);
    catalogue->groups = map_create(GROUPS_MAX);
    catalogue->plans = plans_create();
    catalogue->prices = price_lists_create();
    if (catalogue->tariffs && catalogue->groups && catalogue->plans && catalogue->prices)
        return catalogue;
    catalogue_destroy(catalogue);
    return NULL;
}

void catalogue_destroy(struct catalogue *catalogue)
{
    if (!catalogue)
        return;
    plans_destroy(catalogue->plans);
    price_lists_destroy(catalogue->prices);
    map_destroy(catalogue->tariffs, destroy_tariff);
    map_destroy(catalogue->groups, free);
    free(catalogue);
}

static enum err read_tariff(struct catalogue *catalogue, const char *tariff_id, struct fault *fault)
{
    struct buf document;
    struct tariff *tariff;
    buf_init(&document, TARIFF_DOCUMENT_MAX);
    enum err err = records_tariff_get(catalogue->records, tariff_id, NULL, fault, NULL, &document);
    if (err == OK && tariff_parse(document.data, document.len, NULL, &tariff) == OK) {
        struct tariff *former = map_get(catalogue->tariffs, tariff_id);
        plans_clear(catalogue->plans);
        err = map_put(catalogue->tariffs, tariff_id, tariff);
        tariff_destroy(err == OK ? former : tariff);
        if (err != OK)
            err = fault_set(fault, err, "more than %d tariffs are known", TARIFFS_MAX);
    }
    buf_finish(&document);
    return err;
}

static enum err refresh_tariffs(struct catalogue *catalogue, bool *out_changed, struct fault *fault)
{
    struct tariff_record *page = malloc(PAGE * sizeof *page);
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_tariff_changed(catalogue->records, catalogue->tariff_revision, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            err = read_tariff(catalogue, page[i].tariff_id, fault);
            catalogue->tariff_revision = page[i].revision;
            *out_changed = true;
        }
    }
    free(page);
    return err;
}

static enum err refresh_groups(struct catalogue *catalogue, bool *out_changed, struct fault *fault)
{
    struct cycle_group_record *page = malloc(GROUPS_MAX * sizeof *page);
    size_t count = 0;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = records_cycle_group_list(catalogue->records, NULL, GROUPS_MAX, fault, page, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        struct cycle_group_record *known = map_get(catalogue->groups, page[i].group_id);
        if (known && known->revision == page[i].revision)
            continue;
        struct cycle_group_record *group = malloc(sizeof *group);
        if (!group) {
            err = fault_set(fault, ERR_FATAL, "no memory");
            break;
        }
        *group = page[i];
        err = map_put(catalogue->groups, group->group_id, group);
        free(err == OK ? known : group);
        *out_changed = true;
    }
    free(page);
    return err;
}

static enum err refresh_setting(struct catalogue *catalogue, const char *name, int64_t now_utc_ms, char *known, bool *out_changed,
                                struct fault *fault)
{
    char value[RECORD_SETTING_SIZE];
    enum err err = records_setting_get(catalogue->records, name, now_utc_ms, fault, value);
    if (err == OK && strcmp(value, known) != 0) {
        memcpy(known, value, sizeof value);
        *out_changed = true;
    }
    return err;
}

static enum err refresh_dated(struct catalogue *catalogue, const char *name, struct dated *known, bool *out_changed, struct fault *fault)
{
    struct setting_record *page = malloc(RECORDS_PAGE_MAX * sizeof *page);
    struct dated dated;
    char fallback[RECORD_SETTING_SIZE];
    size_t count = 0;
    memset(&dated, 0, sizeof dated); /* the gaps too: it is compared as a whole */
    enum err err = page ? records_setting_get(catalogue->records, name, INT64_MIN, fault, fallback) : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = records_setting_history(catalogue->records, name, RECORDS_PAGE_MAX, fault, page, &count);
    if (err == OK)
        text_to_int64(fallback, &dated.fallback);
    for (size_t i = count > DATED_MAX ? count - DATED_MAX : 0; err == OK && i < count; i++) {
        dated.rows[dated.count].from_utc_ms = page[i].valid_from_utc_ms;
        if (text_to_int64(page[i].value, &dated.rows[dated.count].value))
            dated.count++;
    }
    free(page);
    if (err == OK && memcmp(&dated, known, sizeof dated) != 0) {
        memcpy(known, &dated, sizeof dated);
        *out_changed = true;
    }
    return err;
}

static int64_t dated_at(const struct dated *dated, int64_t at_utc_ms)
{
    int64_t value = dated->fallback;
    for (int i = 0; i < dated->count && dated->rows[i].from_utc_ms <= at_utc_ms; i++)
        value = dated->rows[i].value;
    return value;
}

enum err catalogue_refresh(struct catalogue *catalogue, int64_t now_utc_ms, bool *out_changed, struct fault *fault)
{
    enum err err = refresh_tariffs(catalogue, out_changed, fault);
    if (err == OK)
        err = refresh_groups(catalogue, out_changed, fault);
    if (err == OK)
        err = price_lists_refresh(catalogue->prices, catalogue->records, out_changed, fault);
    if (err == OK)
        err = refresh_setting(catalogue, "default_tariff", now_utc_ms, catalogue->default_tariff, out_changed, fault);
    if (err == OK)
        err = refresh_setting(catalogue, "default_cycle_group", now_utc_ms, catalogue->default_group, out_changed, fault);
    if (err == OK)
        err = refresh_setting(catalogue, "default_tz", now_utc_ms, catalogue->default_tz, out_changed, fault);
    if (err == OK)
        err = refresh_dated(catalogue, "estimated_share_percent", &catalogue->estimated_share, out_changed, fault);
    if (err == OK)
        err = refresh_dated(catalogue, "estimated_cycles_max", &catalogue->estimated_cycles, out_changed, fault);
    return err;
}

const struct tariff *catalogue_tariff(const struct catalogue *catalogue, const char *tariff_id)
{
    return map_get(catalogue->tariffs, tariff_id[0] ? tariff_id : catalogue->default_tariff);
}

const struct cycle_group *catalogue_cycle_group(const struct catalogue *catalogue, const char *group_id)
{
    static const struct cycle_group first_of_month = {.day_of_month = 1};
    const struct cycle_group_record *record = map_get(catalogue->groups, group_id[0] ? group_id : catalogue->default_group);
    return record ? &record->group : &first_of_month;
}

struct estimated_limits catalogue_estimated_limits(const struct catalogue *catalogue, int64_t at_utc_ms)
{
    return (struct estimated_limits){dated_at(&catalogue->estimated_share, at_utc_ms), dated_at(&catalogue->estimated_cycles, at_utc_ms)};
}

enum err catalogue_plan(struct catalogue *catalogue, const struct rate_terms *terms, struct fault *fault, const struct rate_plan **out)
{
    return plans_get(catalogue->plans, terms, fault, out);
}

const struct price_series *catalogue_series(const struct catalogue *catalogue, int *out_count)
{
    return price_lists_all(catalogue->prices, out_count);
}

struct rate_scratch *catalogue_scratch(struct catalogue *catalogue)
{
    return plans_scratch(catalogue->plans);
}

const char *catalogue_default_tz(const struct catalogue *catalogue)
{
    return catalogue->default_tz[0] ? catalogue->default_tz : "UTC";
}
