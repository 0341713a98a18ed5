#include "ingestor/pipeline.h"
#include <stdlib.h>
#include <string.h>
#include "ingestor/marks.h"
#include "ingestor/stages/live.h"
#include "ingestor/silence.h"
#include "ingestor/tend.h"

#define ZONES_KNOWN_MAX 700
#define SCRATCH_MAX (1u << 20)
#define DERIVED_MAX 4096 /* marks in one commit B */

/* What memory knows to be published of a point: it is only so when the batch is committed. */
struct told {
    struct point *point;
    int64_t published_ms, published_minor, told_minor;
    bool due, told, anew;
};

enum err pipeline_create(const struct pipeline_parts *parts, struct fault *fault, struct pipeline **out)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        return fault_set(fault, ERR_FATAL, "no memory");
    pipeline->parts = *parts;
    pipeline->now_utc_ms = clock_now(&parts->clock);
    pthread_mutex_init(&pipeline->published_lock, NULL);
    pthread_mutex_init(&pipeline->stats_lock, NULL);
    buf_init(&pipeline->scratch, SCRATCH_MAX);
    pipeline->rejects = calloc(REJECTS_MAX, sizeof *pipeline->rejects);
    pipeline->answers = calloc(ANSWERS_MAX, sizeof *pipeline->answers);
    pipeline->receipts = map_create(RECEIPTS_MAX);
    pipeline->unclaimed_names = map_create(UNCLAIMED_NAMES_MAX);
    pipeline->zone_days = map_create(ZONES_KNOWN_MAX);
    bool limits_changed = false;
    pipeline->check_limits = calloc(1, sizeof *pipeline->check_limits);
    pipeline->told = calloc(DERIVED_MAX, sizeof *pipeline->told);
    pipeline->bill_room = bill_room_create();
    pipeline->broker_revision = -1;
    enum err err = OK;
    if (!pipeline->told || !pipeline->bill_room || !pipeline->check_limits || !pipeline->rejects || !pipeline->answers || !pipeline->receipts ||
        !pipeline->unclaimed_names || !pipeline->zone_days)
        err = fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = points_create(parts->records, parts->zones, pipeline->now_utc_ms, fault, &pipeline->points);
    if (err == OK)
        err = marks_create(parts->facts, pipeline->points, parts->derive_rest_ms, fault, &pipeline->marks);
    if (err == OK)
        err = check_limits_refresh(pipeline->check_limits, parts->records, fault, &limits_changed);
    if (err == OK)
        err = silence_create(pipeline, fault, &pipeline->silence);
    if (err == OK)
        err = tend_start(pipeline, fault);
    if (err != OK) {
        pipeline_destroy(pipeline);
        return err;
    }
    *out = pipeline;
    return OK;
}

static int forget_live(struct point *point, void *arg)
{
    live_forget(arg, point);
    return 0;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    map_destroy(pipeline->receipts, free);
    map_destroy(pipeline->unclaimed_names, NULL);
    map_destroy(pipeline->zone_days, free);
    marks_destroy(pipeline->marks);
    if (pipeline->points)
        points_each(pipeline->points, forget_live, pipeline);
    silence_destroy(pipeline->silence);
    points_destroy(pipeline->points);
    free(pipeline->told);
    free(pipeline->bill_room);
    free(pipeline->check_limits);
    buf_finish(&pipeline->scratch);
    free(pipeline->rejects);
    free(pipeline->answers);
    pthread_mutex_destroy(&pipeline->published_lock);
    pthread_mutex_destroy(&pipeline->stats_lock);
    free(pipeline);
}

void pipeline_link(struct pipeline *pipeline, bool up)
{
    silence_link(pipeline->silence, up);
}

static int find_position(const char *name, int64_t value, void *arg)
{
    struct journal_position *position = arg;
    if (strcmp(name, "journal.segment") == 0)
        position->segment = value;
    else if (strcmp(name, "journal.offset") == 0)
        position->offset = value;
    return 0;
}

enum err pipeline_position(struct pipeline *pipeline, struct fault *fault, struct journal_position *out)
{
    struct journal_position position = {0};
    enum err err = facts_numbers(pipeline->parts.facts, find_position, &position, fault);
    if (err == OK)
        *out = position;
    return err;
}

enum err pipeline_batch_begin(struct pipeline *pipeline, struct fault *fault)
{
    enum err err = pipeline->marks_stale ? marks_reload(pipeline->marks, fault) : OK;
    if (err != OK)
        return err;
    pipeline->marks_stale = false;
    pipeline->batch++;
    pipeline->now_utc_ms = clock_now(&pipeline->parts.clock);
    pipeline->monotonic_ms = clock_monotonic(&pipeline->parts.clock) + 1;
    pipeline->err = OK;
    memset(&pipeline->tally, 0, sizeof pipeline->tally);
    pipeline->marked = NULL;
    pipeline->reject_count = 0;
    pipeline->answer_count = 0;
    return OK;
}

void pipeline_batch_failed(struct pipeline *pipeline)
{
    pipeline->marks_stale = true;
    pipeline->live_epoch++;
    pipeline->reject_count = 0;
    pipeline->answer_count = 0;
    for (struct receipt_entry *entry = pipeline->touched; entry; entry = entry->next_touched)
        entry->stale |= entry->changed;
    pthread_mutex_lock(&pipeline->stats_lock);
    pipeline->stats.retries++;
    pthread_mutex_unlock(&pipeline->stats_lock);
}

static void count_batch(struct pipeline *pipeline, const struct message *messages, size_t count)
{
    const struct tally *tally = &pipeline->tally;
    struct pipeline_stats *stats = &pipeline->stats;
    pthread_mutex_lock(&pipeline->stats_lock);
    stats->messages += tally->messages;
    stats->readings += tally->received;
    stats->accepted += tally->accepted;
    stats->repeated += tally->repeated;
    for (int i = 0; i < verdict_count; i++) {
        stats->refused += tally->refused[i];
        stats->refused_by[i] += tally->refused[i];
    }
    stats->commits_a++;
    if (count > 0)
        stats->lag_ms = clock_now(&pipeline->parts.clock) - messages[count - 1].received_utc_ms;
    pthread_mutex_unlock(&pipeline->stats_lock);
}

enum err pipeline_store(struct pipeline *pipeline, const struct message *messages, size_t count, struct journal_position next, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    enum err err = pipeline_batch_begin(pipeline, fault);
    if (err == OK)
        err = facts_begin(facts, fault);
    if (err != OK)
        return err;
    receipts_refresh(pipeline);
    for (size_t i = 0; i < count && pipeline->err == OK; i++)
        parse_message(pipeline, &messages[i]);
    if (pipeline->err == OK)
        store_bounds(pipeline, next);
    if (pipeline->err == OK && pipeline->logins_changed && pipeline->parts.login_file[0]) {
        err = broker_files_write(pipeline, &pipeline->fault);
        if (err != OK)
            store_failed(pipeline, err, &pipeline->fault);
    }
    if (pipeline->err == OK) {
        err = facts_commit(facts, fault);
    } else {
        err = pipeline->err;
        if (fault)
            *fault = pipeline->fault;
        facts_rollback(facts);
    }
    if (err != OK) {
        pipeline_batch_failed(pipeline);
        return err;
    }
    pipeline->logins_changed = false;
    publish_after_a(pipeline);
    count_batch(pipeline, messages, count);
    return OK;
}

static struct told remember_told(struct point *point)
{
    if (!point)
        return (struct told){0};
    return (struct told){point,      point->bill_published_ms, point->bill_published_minor, point->bill_told_minor, point->bill_due, point->bill_told,
                         point->anew};
}

static void restore_told(const struct told *told)
{
    struct point *point = told->point;
    if (!point)
        return;
    point->bill_published_ms = told->published_ms;
    point->bill_published_minor = told->published_minor;
    point->bill_told_minor = told->told_minor;
    point->bill_due = told->due;
    point->bill_told = told->told;
}

/* derive, bill, alert for one mark. What did not fit stays as a mark. */
static enum err work_on(struct pipeline *pipeline, struct point *point, const struct mark *mark, struct fault *fault)
{
    struct mark rest = *mark;
    struct bill_outlook outlook;
    int32_t from_day, until_day;
    enum err err = OK;
    if (point->anew && (err = facts_clear_derived(pipeline->parts.facts, point->meter_no, fault)) != OK)
        return err;
    point->anew = false;
    if (mark->kind == MARK_ENERGY && live_extend(pipeline, point, mark, &from_day, &until_day, &err, fault)) {
        rest.from_utc_ms = mark->until_utc_ms;
        pipeline->derived_live++;
    } else if (mark->kind == MARK_ENERGY && err == OK) {
        err = derive_mark(pipeline, point, mark, &from_day, &until_day, &rest, fault);
    } else if (mark->kind == MARK_CHECK) {
        err = check_days(pipeline, point, mark, &rest, fault);
        from_day = until_day = 0;
    } else if (err == OK) {
        from_day = zone_local_day(point->zone, mark->from_utc_ms);
        until_day = zone_local_day(point->zone, mark->until_utc_ms) + 1;
        rest.from_utc_ms = mark->until_utc_ms;
    }
    if (err == OK && from_day < until_day)
        err = bill_days(pipeline, point, from_day, until_day, &outlook, fault);
    /* Half a derivation alarms nobody: whoever ends it looks at all of it. */
    bool derived = !(mark->kind == MARK_ENERGY && rest.from_utc_ms < rest.until_utc_ms) && !marks_more(point, MARK_ENERGY);
    if (err == OK && from_day < until_day && derived)
        err = alert_meter(pipeline, point, &outlook, fault);
    if (err == OK && from_day < until_day)
        err = check_wanted(pipeline, point, from_day, until_day, fault);
    if (err == OK && rest.from_utc_ms < rest.until_utc_ms)
        err = marks_put(pipeline->marks, point, mark->kind, rest.from_utc_ms, rest.until_utc_ms, pipeline->now_utc_ms, fault);
    return err == OK ? marks_done(pipeline->marks, point, mark->kind, fault) : err;
}

/* As many marks as fit into the budget, at least one. */
static enum err work_on_marks(struct pipeline *pipeline, int64_t budget_ms, int *done, struct fault *fault)
{
    int64_t began_ms = clock_monotonic(&pipeline->parts.clock);
    struct point *point;
    struct mark mark;
    enum err err = OK;
    while (err == OK && *done < DERIVED_MAX && (*done == 0 || clock_monotonic(&pipeline->parts.clock) - began_ms < budget_ms) &&
           marks_next(pipeline->marks, pipeline->now_utc_ms, &point, &mark)) {
        pipeline->told[(*done)++] = remember_told(point);
        err = work_on(pipeline, point, &mark, fault);
    }
    return err;
}

enum err pipeline_derive(struct pipeline *pipeline, int64_t budget_ms, bool *out_more, struct fault *fault)
{
    struct facts *facts = pipeline->parts.facts;
    int done = 0;
    enum err err = pipeline_batch_begin(pipeline, fault);
    if (err != OK)
        return err;
    if (!marks_ready(pipeline->marks, pipeline->now_utc_ms)) {
        *out_more = false;
        return OK;
    }
    if ((err = facts_begin(facts, fault)) != OK)
        return err;
    err = work_on_marks(pipeline, budget_ms, &done, fault);
    if (err == OK)
        err = publish_forget(pipeline, fault);
    if (err == OK)
        err = facts_commit(facts, fault);
    else
        facts_rollback(facts);
    if (err != OK) {
        while (done > 0)
            restore_told(&pipeline->told[--done]);
        pipeline_batch_failed(pipeline);
        return err;
    }
    publish_forgotten(pipeline);
    publish_outbox(pipeline);
    pthread_mutex_lock(&pipeline->stats_lock);
    pipeline->stats.commits_b++;
    pipeline->stats.derive_marks += done;
    pipeline->stats.derive_live = pipeline->derived_live;
    pipeline->stats.marks_waiting = marks_waiting(pipeline->marks);
    pthread_mutex_unlock(&pipeline->stats_lock);
    *out_more = marks_ready(pipeline->marks, pipeline->now_utc_ms);
    return OK;
}

enum err pipeline_rebuild(struct pipeline *pipeline, const char *meter_id, struct fault *fault)
{
    struct point *point = meter_id[0] ? points_by_id(pipeline->points, meter_id) : NULL;
    struct journal_position position;
    if (meter_id[0] && !point)
        return fault_set(fault, ERR_NOT_FOUND, "there is no meter %.64s", meter_id);
    enum err err = pipeline_batch_begin(pipeline, fault);
    if (err == OK)
        err = pipeline_position(pipeline, fault, &position);
    if (err == OK)
        err = facts_begin(pipeline->parts.facts, fault);
    if (err != OK)
        return err;
    mark_anew(pipeline, point);
    store_bounds(pipeline, position);
    err = pipeline->err == OK ? facts_commit(pipeline->parts.facts, fault) : pipeline->err;
    if (err != OK) {
        if (pipeline->err != OK && fault)
            *fault = pipeline->fault;
        facts_rollback(pipeline->parts.facts);
        pipeline_batch_failed(pipeline);
    }
    return err;
}

void pipeline_stats(const struct pipeline *pipeline, struct pipeline_stats *out)
{
    struct pipeline *self = (struct pipeline *)pipeline;
    pthread_mutex_lock(&self->stats_lock);
    *out = pipeline->stats;
    pthread_mutex_unlock(&self->stats_lock);
}
