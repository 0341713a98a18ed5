#include "ingestor/points.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "base/map.h"
#include "base/text.h"
#include "ingestor/catalogue.h"

#define POINTS_MAX 2000000
#define PAGE 500

struct points {
    struct records *records;
    struct zones *zones;
    struct catalogue *catalogue;
    struct map *by_id;
    struct point **by_no; /* index: meter_no */
    int64_t by_no_cap;
    int64_t seen_revision;            /* of records.db when last looked at */
    int64_t point_revision, point_no; /* keyset of the points read so far */
    int64_t account_revision, account_no;
    int64_t rule_no;
    int64_t decision_revision, decision_no;
    int64_t minute_utc_ms; /* of the new names counted */
    int64_t minute_count;
    int64_t auto_count;
};

static void point_destroy(void *value)
{
    struct point *point = value;
    if (point) {
        free(point->billing);
        decisions_destroy(point->decisions);
    }
    free(point);
}

struct point *points_by_id(const struct points *points, const char *meter_id)
{
    return map_get(points->by_id, meter_id);
}

struct point *points_by_no(const struct points *points, int64_t meter_no)
{
    return meter_no > 0 && meter_no < points->by_no_cap ? points->by_no[meter_no] : NULL;
}

int64_t points_count(const struct points *points)
{
    return (int64_t)map_count(points->by_id);
}

int64_t points_revision(const struct points *points)
{
    return points->seen_revision;
}

int64_t points_last_no(const struct points *points)
{
    return points->by_no_cap - 1;
}

int points_each(struct points *points, int (*each)(struct point *point, void *arg), void *arg)
{
    int stop = 0;
    for (int64_t no = 0; no < points->by_no_cap && !stop; no++)
        if (points->by_no[no])
            stop = each(points->by_no[no], arg);
    return stop;
}

static enum err make_room(struct points *points, int64_t meter_no, struct fault *fault)
{
    int64_t cap = points->by_no_cap ? points->by_no_cap : 1024;
    if (meter_no < 1 || meter_no >= 4 * (int64_t)POINTS_MAX)
        return fault_set(fault, ERR_LIMIT, "meter number %lld is beyond what this program holds", (long long)meter_no);
    while (cap <= meter_no)
        cap *= 2;
    if (cap == points->by_no_cap)
        return OK;
    struct point **more = realloc(points->by_no, (size_t)cap * sizeof *more);
    if (!more)
        return fault_set(fault, ERR_FATAL, "no memory");
    memset(more + points->by_no_cap, 0, (size_t)(cap - points->by_no_cap) * sizeof *more);
    points->by_no = more;
    points->by_no_cap = cap;
    return OK;
}

/* Adds or renews one point. */
static enum err take_record(struct points *points, const struct point_record *record, struct fault *fault, struct point **out, bool *out_new)
{
    const struct zone *zone;
    enum err err = zones_get(points->zones, record->tz, fault, &zone);
    if (err != OK)
        return err;
    if ((err = make_room(points, record->meter_no, fault)) != OK)
        return err;
    struct point *point = points->by_no[record->meter_no];
    *out_new = !point;
    if (!point) {
        point = calloc(1, sizeof *point);
        if (!point)
            return fault_set(fault, ERR_FATAL, "no memory");
        point->meter_no = record->meter_no;
        text_copy(point->meter_id, sizeof point->meter_id, record->meter_id);
        if ((err = map_put(points->by_id, point->meter_id, point)) != OK) {
            free(point);
            return fault_set(fault, err, "more than %d meters are known", POINTS_MAX);
        }
        points->by_no[point->meter_no] = point;
    }
    points->auto_count += *out_new && record->auto_registered;
    struct service service = {record->phases, record->volts, record->breaker_a};
    point->cut_anew |= !*out_new && (point->zone != zone || memcmp(&point->service, &service, sizeof service) != 0 ||
                                     point->reading_interval_s != record->reading_interval_s || point->device_revision != record->device_revision);
    point->device_revision = record->device_revision;
    point->revision = record->revision;
    point->zone = zone;
    point->service = service;
    point->reading_interval_s = record->reading_interval_s;
    point->state = record->state;
    point->export_allowed = record->export_allowed;
    *out = point;
    return OK;
}

struct changes {
    void (*rebill)(struct point *point, void *arg);
    void *arg;
};

static void tell_rebill(struct point *point, const struct changes *changes)
{
    free(point->billing);
    point->billing = NULL;
    if (changes->rebill)
        changes->rebill(point, changes->arg);
}

static enum err refresh_points(struct points *points, const struct changes *changes, struct fault *fault)
{
    struct point_record *page = malloc(PAGE * sizeof *page);
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_point_changed(points->records, points->point_revision, points->point_no, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            struct point *point;
            bool is_new;
            err = take_record(points, &page[i], fault, &point, &is_new);
            if (err != OK && err != ERR_FATAL) { /* a zone that this machine does not know must not stop the others */
                err = OK;
            } else if (err == OK) {
                tell_rebill(point, changes);
            }
            points->point_revision = page[i].revision;
            points->point_no = page[i].meter_no;
        }
    }
    free(page);
    return err;
}

static enum err refresh_accounts(struct points *points, const struct changes *changes, struct fault *fault)
{
    struct account_record *page = malloc(PAGE * sizeof *page);
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_account_changed(points->records, points->account_revision, points->account_no, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            struct point *point = points_by_no(points, page[i].meter_no);
            if (point)
                tell_rebill(point, changes);
            points->account_revision = page[i].revision;
            points->account_no = page[i].account_no;
        }
    }
    free(page);
    return err;
}

static enum err refresh_rules(struct points *points, const struct changes *changes, struct fault *fault)
{
    struct rule_record *page = malloc(PAGE * sizeof *page);
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_rule_history(points->records, 0, points->rule_no, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            struct point *point = points_by_no(points, page[i].meter_no);
            if (point)
                tell_rebill(point, changes);
            points->rule_no = page[i].rule_no;
        }
    }
    free(page);
    return err;
}

/* Another decision, or another word on one: what it bears on is to be made again. */
static void take_decision(struct points *points, const struct decision_record *record, bool news)
{
    struct point *point = points_by_no(points, record->meter_no);
    const struct decision *decision = &record->decision;
    if (!point)
        return;
    point->decided = true;
    decisions_destroy(point->decisions);
    point->decisions = NULL;
    if (!news)
        return;
    bool first = point->decided_from_utc_ms >= point->decided_until_utc_ms;
    if (first || decision->from_utc_ms < point->decided_from_utc_ms)
        point->decided_from_utc_ms = decision->from_utc_ms;
    if (first || decision->until_utc_ms > point->decided_until_utc_ms)
        point->decided_until_utc_ms = decision->until_utc_ms;
}

/* Every decision after (*revision, *no), which follow. `changes` NULL: nobody is told. */
static enum err take_decisions(struct points *points, int64_t *revision, int64_t *no, bool news, const struct changes *changes, struct fault *fault)
{
    struct decision_record *page = malloc(PAGE * sizeof *page);
    size_t count = PAGE;
    enum err err = page ? OK : fault_set(fault, ERR_FATAL, "no memory");
    while (err == OK && count == PAGE) {
        err = records_decision_changed(points->records, *revision, *no, PAGE, fault, page, &count);
        for (size_t i = 0; err == OK && i < count; i++) {
            struct point *point = points_by_no(points, page[i].meter_no);
            take_decision(points, &page[i], news);
            if (point && changes)
                tell_rebill(point, changes);
            *revision = page[i].revision;
            *no = page[i].decision.decision_no;
        }
    }
    free(page);
    return err;
}

enum err points_decided_since(struct points *points, int64_t revision, struct fault *fault)
{
    int64_t no = INT64_MAX;
    return take_decisions(points, &revision, &no, true, NULL, fault);
}

enum err points_decisions(struct points *points, struct point *point, struct fault *fault, const struct point_decisions **out)
{
    static const struct point_decisions none = {0};
    if (!point->decided) {
        *out = &none;
        return OK;
    }
    enum err err = point->decisions ? OK : decisions_load(points->records, point->meter_no, fault, &point->decisions);
    if (err == OK)
        *out = point->decisions;
    return err;
}

enum err points_refresh(struct points *points, int64_t now_utc_ms, void (*rebill)(struct point *point, void *arg), void *arg, struct fault *fault)
{
    struct changes changes = {rebill, arg};
    int64_t revision;
    bool prices_changed = false;
    enum err err = records_version(points->records, fault, &revision);
    if (err != OK || revision == points->seen_revision)
        return err;
    err = refresh_points(points, &changes, fault);
    if (err == OK)
        err = refresh_accounts(points, &changes, fault);
    if (err == OK)
        err = refresh_rules(points, &changes, fault);
    if (err == OK) /* at the start nothing of them is news: points_decided_since */
        err = take_decisions(points, &points->decision_revision, &points->decision_no, points->seen_revision >= 0, &changes, fault);
    if (err == OK)
        err = catalogue_refresh(points->catalogue, now_utc_ms, &prices_changed, fault);
    if (err != OK)
        return err;
    for (int64_t no = 0; prices_changed && no < points->by_no_cap; no++)
        if (points->by_no[no])
            tell_rebill(points->by_no[no], &changes);
    points->seen_revision = revision;
    return OK;
}

enum err points_create(struct records *records, struct zones *zones, int64_t now_utc_ms, struct fault *fault, struct points **out)
{
    struct points *points = calloc(1, sizeof *points);
    if (!points)
        return fault_set(fault, ERR_FATAL, "no memory");
    points->records = records;
    points->zones = zones;
    points->seen_revision = -1;
    points->by_id = map_create(POINTS_MAX);
    points->catalogue = catalogue_create(records);
    enum err err = points->by_id && points->catalogue ? OK : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = points_refresh(points, now_utc_ms, NULL, NULL, fault);
    if (err != OK) {
        points_destroy(points);
        return err;
    }
    *out = points;
    return OK;
}

void points_destroy(struct points *points)
{
    if (!points)
        return;
    map_destroy(points->by_id, point_destroy);
    catalogue_destroy(points->catalogue);
    free(points->by_no);
    free(points);
}

enum err points_look_up(struct points *points, const char *meter_id, struct fault *fault, struct point **out)
{
    struct point_record record;
    struct point *point = NULL;
    int64_t revision;
    bool is_new;
    enum err err = records_version(points->records, fault, &revision);
    if (err == OK && revision != points->seen_revision) {
        err = records_point_by_id(points->records, meter_id, fault, &record);
        if (err == OK)
            err = take_record(points, &record, fault, &point, &is_new);
        else if (err == ERR_NOT_FOUND)
            err = OK;
    }
    if (err == OK)
        *out = point;
    return err;
}

enum err points_auto_register(struct points *points, const struct auto_register *limits, const char *meter_id, int64_t now_utc_ms,
                              struct fault *fault, struct point **out)
{
    struct point_record record;
    struct actor actor = {"ingestor", now_utc_ms};
    int64_t minute = instant_floor(now_utc_ms, MS_PER_MIN);
    bool is_new;
    if (!limits->enabled)
        return fault_set(fault, ERR_NOT_FOUND, "meters may not register themselves here");
    if (minute != points->minute_utc_ms) {
        points->minute_utc_ms = minute;
        points->minute_count = 0;
    }
    if (points->minute_count >= limits->per_minute || points->auto_count >= limits->total_max)
        return fault_set(fault, ERR_LIMIT, "too many new meters");
    point_record_init(&record);
    text_copy(record.meter_id, sizeof record.meter_id, meter_id);
    text_copy(record.tz, sizeof record.tz, catalogue_default_tz(points->catalogue));
    record.auto_registered = true;
    enum err err = records_point_add(points->records, &actor, &record, fault, &record.meter_no);
    if (err != OK)
        return err;
    points->minute_count++;
    return take_record(points, &record, fault, out, &is_new);
}

static void load_rule(const struct rule_record *rule, struct point_billing *billing)
{
    const struct alert_kind_row *kind = alert_kind_by_name(rule->kind);
    struct rule_params params;
    if (!kind || rule_params_parse(kind->kind, rule->params, strlen(rule->params), NULL, &params) != OK)
        return;
    if (kind->kind == ALERT_EXCESS_CONSUMPTION)
        billing->excess = params;
    else if (kind->kind == ALERT_BILL_VARIATION)
        billing->variation = params;
}

static enum err load_account(struct points *points, const struct account_record *record, struct fault *fault, struct point_account *out)
{
    struct account_term_row rows[POINT_TERMS_MAX];
    size_t count = 0;
    enum err err = records_account_term_list(points->records, record->account_no, NULL, POINT_TERMS_MAX, fault, rows, &count);
    if (err != OK)
        return err;
    text_copy(out->account_id, sizeof out->account_id, record->account_id);
    out->from_day = record->from_day;
    out->until_day = record->until_day;
    for (size_t i = 0; i < count; i++) {
        struct point_term *term = &out->terms[out->term_count++];
        term->term = rows[i].term;
        term->from_day = rows[i].from_day;
        text_copy(term->value, sizeof term->value, rows[i].value);
    }
    return OK;
}

static int by_from_day(const void *a, const void *b)
{
    const struct point_account *left = a, *right = b;
    return left->from_day < right->from_day ? -1 : left->from_day > right->from_day;
}

static enum err load_devices(struct points *points, const struct point *point, struct fault *fault, struct point_billing *billing)
{
    struct device_record devices[POINT_DEVICES_MAX];
    size_t count = 0;
    enum err err = records_device_list(points->records, point->meter_no, POINT_DEVICES_MAX, fault, devices, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        billing->devices[i].from_utc_ms = devices[i].installed_from_utc_ms;
        billing->devices[i].register_max_wh = devices[i].register_max_wh;
        billing->device_count = (int)i + 1;
    }
    return err;
}

/* Room for the most that is loaded, before it is known how much there is. */
struct billing_room {
    struct point_billing billing;
    struct point_device devices[POINT_DEVICES_MAX];
    struct point_account accounts[POINT_ACCOUNTS_MAX];
    struct point_term terms[POINT_ACCOUNTS_MAX][POINT_TERMS_MAX];
};

/* What the room holds, as one block: the billing, its devices, its accounts, their terms. NULL: no memory. */
static struct point_billing *compact(const struct billing_room *room)
{
    const struct point_billing *from = &room->billing;
    size_t devices = (size_t)from->device_count, accounts = (size_t)from->account_count, terms = 0;
    for (size_t i = 0; i < accounts; i++)
        terms += (size_t)from->accounts[i].term_count;
    struct point_billing *to =
        malloc(sizeof *to + devices * sizeof *to->devices + accounts * sizeof *to->accounts + terms * sizeof(struct point_term));
    if (!to)
        return NULL;
    *to = *from;
    to->devices = (struct point_device *)(to + 1);
    to->accounts = (struct point_account *)(to->devices + devices);
    struct point_term *next = (struct point_term *)(to->accounts + accounts);
    if (devices)
        memcpy(to->devices, from->devices, devices * sizeof *to->devices);
    for (size_t i = 0; i < accounts; i++) {
        to->accounts[i] = from->accounts[i];
        to->accounts[i].terms = next;
        if (from->accounts[i].term_count)
            memcpy(next, from->accounts[i].terms, (size_t)from->accounts[i].term_count * sizeof *next);
        next += from->accounts[i].term_count;
    }
    return to;
}

enum err points_billing(struct points *points, struct point *point, struct fault *fault, const struct point_billing **out)
{
    struct account_record records[POINT_ACCOUNTS_MAX];
    struct rule_record rules[8];
    struct account_filter filter = {.meter_no = point->meter_no};
    size_t account_count = 0, rule_count = 0;
    if (point->billing) {
        *out = point->billing;
        return OK;
    }
    struct billing_room *room = calloc(1, sizeof *room);
    if (!room)
        return fault_set(fault, ERR_FATAL, "no memory");
    struct point_billing *billing = &room->billing;
    billing->devices = room->devices;
    billing->accounts = room->accounts;
    for (int i = 0; i < POINT_ACCOUNTS_MAX; i++)
        room->accounts[i].terms = room->terms[i];
    billing->excess.enabled = billing->variation.enabled = true;
    enum err err = records_account_list(points->records, &filter, POINT_ACCOUNTS_MAX, fault, records, &account_count);
    for (size_t i = 0; err == OK && i < account_count; i++)
        err = load_account(points, &records[i], fault, &billing->accounts[billing->account_count++]);
    if (err == OK)
        err = records_rule_list(points->records, point->meter_no, INT64_MAX, 8, fault, rules, &rule_count);
    if (err == OK)
        err = load_devices(points, point, fault, billing);
    if (err == OK) {
        qsort(billing->accounts, (size_t)billing->account_count, sizeof billing->accounts[0], by_from_day);
        for (size_t i = 0; i < rule_count; i++)
            load_rule(&rules[i], billing);
        point->billing = compact(room);
        err = point->billing ? OK : fault_set(fault, ERR_FATAL, "no memory");
    }
    free(room);
    *out = point->billing;
    return err;
}

struct catalogue *points_catalogue(const struct points *points)
{
    return points->catalogue;
}
