#include "ingestor/tend.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"
#include "ingestor/commands.h"
#include "ingestor/import.h"
#include "ingestor/seal.h"
#include "ingestor/silence.h"
#include "store/ledger_tables.h"
#include "wire/request_json.h"

#define SLOW_MS 30000
#define TAIL_KEPT_MS (10 * MS_PER_MIN)      /* architecture.md: the tail is pruned to ten minutes */
#define UNCLAIMED_KEPT_MS (30 * MS_PER_DAY) /* domain.md: readings kept under unknown_meter */
#define DROPPING_CALM_MS (10 * MS_PER_MIN)
#define CLAIM_CALM_MS MS_PER_HOUR
#define ACKS_PAGE 100
#define REQUESTS_PAGE 50
#define UNCLAIMED_PAGE 1000
#define REPLAYS_AT_ONCE 16

static int load_open_receipt(const struct receipt_row *row, void *arg)
{
    struct pipeline *pipeline = arg;
    struct point *point = points_by_no(pipeline->points, row->meter_no);
    if (point)
        receipt_entry(pipeline, point, row->boot);
    return 0;
}

static int load_number(const char *name, int64_t value, void *arg)
{
    struct pipeline *pipeline = arg;
    if (strcmp(name, "acknowledged") == 0)
        pipeline->ack_no = value;
    else if (strcmp(name, "records.revision") == 0)
        pipeline->records_revision = value;
    else if (strcmp(name, "broker.dropped") == 0)
        pipeline->dropped_known = value;
    else if (strcmp(name, LEDGER_COPY_NUMBER) == 0)
        pipeline->was_copy = value != 0;
    else if (strcmp(name, "heartbeat_utc_ms") == 0 && value < pipeline->tended_utc_ms)
        pipeline->tended_utc_ms = value;
    return 0;
}

static int know_unclaimed(const char *meter_id, void *arg)
{
    struct pipeline *pipeline = arg;
    return map_put(pipeline->unclaimed_names, meter_id, pipeline->unclaimed_names) != OK;
}

/* What changed in records.db since the store was last told of it: its marks are set with the first tending. */
static int find_changed(struct point *point, void *arg)
{
    const struct pipeline *pipeline = arg;
    point->cut_anew |= point->revision > pipeline->records_revision;
    return 0;
}

enum err tend_start(struct pipeline *pipeline, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    pipeline->tended_utc_ms = pipeline->now_utc_ms;
    pipeline->records_revision = pipeline->dropped_known = pipeline->dropped_messages = -1;
    enum err err = facts_numbers(facts, load_number, pipeline, fault);
    pipeline->rebill_all = pipeline->records_revision < points_revision(pipeline->points);
    if (pipeline->records_revision >= 0)
        points_each(pipeline->points, find_changed, pipeline);
    if (err == OK)
        err = points_decided_since(pipeline->points, pipeline->records_revision < 0 ? 0 : pipeline->records_revision, fault);
    if (err == OK)
        err = facts_unclaimed_names(facts, UNCLAIMED_NAMES_MAX, know_unclaimed, pipeline, fault);
    if (err == OK)
        err = facts_receipts(facts, load_open_receipt, pipeline, fault);
    if (err == OK && pipeline->parts.login_file[0]) {
        pipeline->broker_hour = pipeline->now_utc_ms / MS_PER_HOUR;
        err = records_broker_version(pipeline->parts.records, fault, &pipeline->broker_revision);
        if (err == OK)
            err = broker_files_write(pipeline, fault);
    }
    return err;
}

/* ---- records ---- */

struct replay {
    struct pipeline *pipeline;
    const char *meter_id;
};

static int replay_payload(int64_t received_utc_ms, const void *payload, size_t len, void *arg)
{
    struct replay *replay = arg;
    struct event_message event;
    char topic[96], detail[160];
    bool is_event = event_parse(payload, len, &event, detail) == VERDICT_ACCEPTED;
    snprintf(topic, sizeof topic, is_event ? "meters/%s/events" : "meters/%s/readings", replay->meter_id);
    struct message message = {.topic = topic, .topic_len = strlen(topic), .payload = payload, .payload_len = len, .received_utc_ms = received_utc_ms};
    parse_message(replay->pipeline, &message);
    return replay->pipeline->err != OK;
}

struct registered {
    struct pipeline *pipeline;
    int count;
    char names[REPLAYS_AT_ONCE][METER_ID_SIZE];
};

static int collect_registered(const char *name, void *value, void *arg)
{
    struct registered *found = arg;
    (void)value;
    if (points_by_id(found->pipeline->points, name))
        text_copy(found->names[found->count++], METER_ID_SIZE, name);
    return found->count == REPLAYS_AT_ONCE;
}

/* Names that were unknown and are registered now: what they said meanwhile is judged again, with the receipt times it had. */
static enum err tend_unclaimed(struct pipeline *pipeline, struct fault *fault)
{
    struct registered found = {.pipeline = pipeline};
    enum err err = OK;
    map_each(pipeline->unclaimed_names, collect_registered, &found);
    for (int i = 0; i < found.count && err == OK && pipeline->err == OK; i++) {
        struct replay replay = {pipeline, found.names[i]};
        int count = 0;
        err = facts_take_unclaimed(pipeline->parts.facts, found.names[i], UNCLAIMED_PAGE, replay_payload, &replay, &count, fault);
        if (err == OK && count == 0)
            map_remove(pipeline->unclaimed_names, found.names[i]);
    }
    return err;
}

static void rebill_point(struct point *point, void *arg)
{
    mark_changed(arg, point);
}

static int rebill_each(struct point *point, void *arg)
{
    mark_changed(arg, point);
    return 0;
}

static int changed_is_marked(struct point *point, void *arg)
{
    (void)arg;
    point->cut_anew = false;
    point->decided_from_utc_ms = point->decided_until_utc_ms = 0;
    return 0;
}

static enum err tend_records(struct pipeline *pipeline, struct fault *fault)
{
    enum err err = points_refresh(pipeline->points, pipeline->now_utc_ms, rebill_point, pipeline, fault);
    bool limits_changed = false;
    if (err == OK && pipeline->records_revision != points_revision(pipeline->points))
        err = check_limits_refresh(pipeline->check_limits, pipeline->parts.records, fault, &limits_changed);
    if (pipeline->rebill_all || limits_changed)
        points_each(pipeline->points, rebill_each, pipeline);
    if (err == OK && pipeline->records_revision != points_revision(pipeline->points))
        err = facts_set_number(pipeline->parts.facts, "records.revision", points_revision(pipeline->points), fault);
    return err;
}

static enum err tend_acknowledgements(struct pipeline *pipeline, struct fault *fault)
{
    struct acknowledgement_record page[ACKS_PAGE];
    size_t count = 0;
    enum err err = records_acknowledged_since(pipeline->parts.records, pipeline->ack_no, ACKS_PAGE, fault, page, &count);
    for (size_t i = 0; i < count && err == OK; i++) {
        err = alert_acknowledge(pipeline, &page[i], fault);
        if (err == OK)
            pipeline->ack_no = page[i].ack_no;
    }
    if (err == OK && count > 0)
        err = facts_set_number(pipeline->parts.facts, "acknowledged", pipeline->ack_no, fault);
    return err;
}

/* What people asked of the ledger, by name. */
static enum request_state answer_request(struct pipeline *pipeline, const struct request_record *request, const char **out_result)
{
    char meter_id[METER_ID_SIZE];
    if (strcmp(request->kind, "rebill") == 0) { /* {}: every bill again */
        points_each(pipeline->points, rebill_each, pipeline);
        *out_result = "every bill is made again";
        return REQUEST_DONE;
    }
    if (strcmp(request->kind, "rebuild") == 0) { /* {"meter_id":…}, or {}: all that is derived */
        if (!request_meter_parse(request->params, strlen(request->params), meter_id)) {
            *out_result = "a request to rebuild is {} or {\"meter_id\":...}";
            return REQUEST_REFUSED;
        }
        struct point *point = meter_id[0] ? points_by_id(pipeline->points, meter_id) : NULL;
        if (meter_id[0] && !point) {
            *out_result = "there is no such meter";
            return REQUEST_REFUSED;
        }
        mark_anew(pipeline, point);
        *out_result = "all that is derived is made again";
        return REQUEST_DONE;
    }
    *out_result = "this ingestor does not know this request";
    return REQUEST_REFUSED;
}

static enum err tend_requests(struct pipeline *pipeline, struct fault *fault)
{
    struct request_record page[REQUESTS_PAGE];
    struct actor actor = {"ingestor", pipeline->now_utc_ms};
    size_t count = 0;
    enum err err = records_request_poll(pipeline->parts.records, REQUESTS_PAGE, fault, page, &count);
    for (size_t i = 0; i < count && err == OK; i++) {
        const char *result;
        enum request_state state = answer_request(pipeline, &page[i], &result);
        err = records_request_finish(pipeline->parts.records, &actor, page[i].request_no, state, result, fault);
    }
    return err;
}

/* ---- midnights ---- */

/*
 * At each local midnight cycles may end and days begin: the meters of that zone are looked at. The first time also for the midnights that passed
 * while nobody looked.
 */
static int point_midnight(struct point *point, void *arg)
{
    struct pipeline *pipeline = arg;
    const char *zone = zone_name(point->zone);
    int32_t today = zone_local_day(point->zone, pipeline->now_utc_ms);
    int64_t from_ms = pipeline->now_utc_ms - 2 * MS_PER_DAY;
    int32_t *seen = map_get(pipeline->zone_days, zone);
    if (!seen) {
        seen = malloc(sizeof *seen);
        if (!seen || map_put(pipeline->zone_days, zone, seen) != OK) {
            free(seen);
            return 0;
        }
        *seen = INT32_MIN;
    }
    if (*seen == INT32_MIN && pipeline->tended_utc_ms - 2 * MS_PER_DAY < from_ms)
        from_ms = pipeline->tended_utc_ms - 2 * MS_PER_DAY;
    if (*seen < today)
        mark_bills(pipeline, point, from_ms);
    return pipeline->err != OK;
}

struct day_turn {
    int64_t now_utc_ms;
    struct zones *zones;
};

static int turn_day(const char *zone_name_, void *value, void *arg)
{
    const struct day_turn *turn = arg;
    const struct zone *zone;
    if (zones_get(turn->zones, zone_name_, NULL, &zone) == OK)
        *(int32_t *)value = zone_local_day(zone, turn->now_utc_ms);
    return 0;
}

static void tend_midnights(struct pipeline *pipeline)
{
    struct day_turn turn = {pipeline->now_utc_ms, pipeline->parts.zones};
    points_each(pipeline->points, point_midnight, pipeline);
    if (pipeline->err == OK)
        map_each(pipeline->zone_days, turn_day, &turn);
}

/* ---- holes ---- */

static int tend_receipt(const char *key, void *value, void *arg)
{
    struct receipt_entry *entry = value;
    struct pipeline *pipeline = arg;
    int64_t from, to, given_up = entry->receipt.given_up;
    (void)key;
    if (!commands_may_ask(pipeline))
        return 0; /* the next minute's */
    enum receipt_step step = receipt_tick(&entry->receipt, pipeline->monotonic_ms, &from, &to);
    if (step == RECEIPT_ASK)
        commands_ask_again(pipeline, entry, from, to);
    if (step == RECEIPT_GIVEN_UP) {
        pipeline->tally.given_up += entry->receipt.given_up - given_up;
        entry->changed = entry->due = true;
        if (!entry->touched) {
            entry->touched = true;
            entry->next_touched = pipeline->touched;
            pipeline->touched = entry;
        }
    }
    return pipeline->err != OK;
}

/* ---- the system's own alerts ---- */

struct calm {
    bool found;
    int64_t updated_utc_ms;
};

static int keep_updated(const struct alert_row *row, void *arg)
{
    struct calm *calm = arg;
    calm->found = true;
    calm->updated_utc_ms = row->alert.updated_utc_ms;
    return 1;
}

/* Ends a system alert when what it tells of has not happened for so long. */
static enum err end_when_calm(struct pipeline *pipeline, enum alert_kind kind, int64_t last_utc_ms, int64_t calm_ms, struct fault *fault)
{
    struct calm calm = {0};
    enum err err = facts_alerts(pipeline->parts.facts, 0, kind, -2, 0, NULL, 1, keep_updated, &calm, fault);
    if (calm.updated_utc_ms < last_utc_ms)
        calm.updated_utc_ms = last_utc_ms;
    if (err == OK && calm.found && pipeline->now_utc_ms - calm.updated_utc_ms > calm_ms)
        err = alert_system(pipeline, kind, false, 0, "", "", fault);
    return err;
}

static enum err tend_dropping(struct pipeline *pipeline, struct fault *fault)
{
    char pt_br[ALERT_TEXT_SIZE], en[ALERT_TEXT_SIZE];
    int64_t known = pipeline->dropped_known, now = pipeline->dropped_messages;
    if (now < 0 || now == known)
        return OK;
    int64_t risen = known < 0 ? 0 : now < known ? now : now - known; /* less than before: the broker began anew */
    pipeline->dropped_known = now;
    enum err err = facts_set_number(pipeline->parts.facts, "broker.dropped", now, fault);
    if (err != OK || risen == 0)
        return err;
    pipeline->dropping_utc_ms = pipeline->now_utc_ms;
    snprintf(pt_br, sizeof pt_br, "O broker descartou %lld mensagens: aumente max_queued_messages ou veja por que o ingestor está lento.",
             (long long)risen);
    snprintf(en, sizeof en, "The broker dropped %lld messages: raise max_queued_messages, or see why the ingestor is slow.", (long long)risen);
    return alert_system(pipeline, ALERT_BROKER_DROPPING, true, risen, pt_br, en, fault);
}

/* ---- bills that wait for their minute ---- */

static int point_bill_due(struct point *point, void *arg)
{
    struct pipeline *pipeline = arg;
    int64_t waited_ms = clock_monotonic(&pipeline->parts.clock) - point->bill_published_ms;
    if (point->bill_due && waited_ms >= pipeline->parts.bill_publish_s * 1000)
        mark_bills(pipeline, point, pipeline->now_utc_ms);
    return pipeline->err != OK;
}

static enum err tend_slowly(struct pipeline *pipeline, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    enum err err = facts_prune_tail(facts, pipeline->now_utc_ms - TAIL_KEPT_MS, fault);
    if (err == OK)
        err = facts_prune_unclaimed(facts, pipeline->now_utc_ms - UNCLAIMED_KEPT_MS, fault);
    if (err == OK)
        err = commands_forget(pipeline, fault);
    if (err == OK)
        err = end_when_calm(pipeline, ALERT_BROKER_DROPPING, pipeline->dropping_utc_ms, DROPPING_CALM_MS, fault);
    if (err == OK)
        err = end_when_calm(pipeline, ALERT_CLAIM_REFUSED, pipeline->claim_refused_utc_ms, CLAIM_CALM_MS, fault);
    return err;
}

/*
 * The broker's files follow the logins; and each hour the date, because accounts begin and end at midnights. `revision` was asked for before the
 * points were refreshed: what changes between is seen the next time.
 */
static enum err tend_logins(struct pipeline *pipeline, int64_t revision, struct fault *fault)
{
    int64_t hour = pipeline->now_utc_ms / MS_PER_HOUR;
    if (!pipeline->parts.login_file[0] || (revision == pipeline->broker_revision && hour == pipeline->broker_hour))
        return OK;
    enum err err = broker_files_write(pipeline, fault);
    if (err == OK) {
        pipeline->broker_revision = revision;
        pipeline->broker_hour = hour;
    }
    return err;
}

static enum err tend_all(struct pipeline *pipeline, bool slowly, struct imported *imported, struct fault *fault)
{
    enum err err = tend_records(pipeline, fault);
    if (err == OK)
        err = tend_unclaimed(pipeline, fault);
    if (err == OK)
        err = import_take(pipeline, imported, fault);
    if (err == OK)
        err = tend_acknowledgements(pipeline, fault);
    if (err == OK)
        err = tend_requests(pipeline, fault);
    if (err == OK)
        err = commands_send(pipeline, fault);
    if (err == OK)
        err = tend_dropping(pipeline, fault);
    if (err == OK)
        err = silence_tend(pipeline, fault);
    if (err == OK)
        err = seal_tend(pipeline, fault);
    if (err == OK)
        err = facts_set_number(pipeline->parts.facts, "heartbeat_utc_ms", pipeline->now_utc_ms, fault);
    if (err == OK && pipeline->was_copy) /* it is somebody's ledger now */
        err = facts_set_number(pipeline->parts.facts, LEDGER_COPY_NUMBER, 0, fault);
    if (err == OK && slowly)
        err = tend_slowly(pipeline, fault);
    if (err != OK)
        return err;
    tend_midnights(pipeline);
    points_each(pipeline->points, point_bill_due, pipeline);
    map_each(pipeline->receipts, tend_receipt, pipeline);
    return OK;
}

enum err pipeline_tend(struct pipeline *pipeline, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    struct journal_position position;
    struct imported imported = {.count = 0};
    int64_t login_revision, now_ms = clock_monotonic(&pipeline->parts.clock);
    int64_t ack_no = pipeline->ack_no, dropped_known = pipeline->dropped_known;
    bool slowly = pipeline->slow_tended_ms == 0 || now_ms - pipeline->slow_tended_ms >= SLOW_MS;
    enum err err = pipeline_batch_begin(pipeline, fault);
    if (err == OK)
        err = records_broker_version(pipeline->parts.records, fault, &login_revision);
    if (err == OK)
        err = pipeline_position(pipeline, fault, &position);
    if (err == OK)
        err = facts_begin(facts, fault);
    if (err != OK)
        return err;
    receipts_refresh(pipeline);
    if (pipeline->silence_stale && (err = silence_reload(pipeline, fault)) == OK)
        pipeline->silence_stale = false;
    if (err == OK)
        err = tend_all(pipeline, slowly, &imported, fault);
    if (err == OK && pipeline->err == OK)
        store_bounds(pipeline, position);
    if (err == OK && pipeline->err != OK) {
        err = pipeline->err;
        if (fault)
            *fault = pipeline->fault;
    }
    if (err == OK)
        err = publish_forget(pipeline, fault);
    if (err == OK)
        err = facts_commit(facts, fault);
    else
        facts_rollback(facts);
    if (err != OK) { /* what memory had learnt is not in the store: learn it again */
        pipeline->ack_no = ack_no;
        pipeline->dropped_known = dropped_known;
        pipeline->rebill_all = true;
        pipeline_batch_failed(pipeline);
        pipeline->silence_stale = true;
        seal_failed(pipeline);
        return err;
    }
    publish_forgotten(pipeline);
    pipeline->rebill_all = pipeline->was_copy = false;
    if (pipeline->records_revision != points_revision(pipeline->points)) {
        pipeline->records_revision = points_revision(pipeline->points);
        points_each(pipeline->points, changed_is_marked, NULL);
    }
    if (slowly)
        pipeline->slow_tended_ms = now_ms ? now_ms : 1;
    publish_after_a(pipeline);
    publish_outbox(pipeline);
    err = import_done(pipeline, &imported, fault);
    return err == OK ? tend_logins(pipeline, login_revision, fault) : err;
}
