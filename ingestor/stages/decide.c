#include "ingestor/stages/decide.h"
#include <stdlib.h>
#include "ingestor/stages/stored_day.h"
#include "store/decided.h"

static bool on_span(const struct decision *decision, int32_t channel, int64_t from_utc_ms, int64_t until_utc_ms)
{
    return decision->channel == channel && decision->from_utc_ms < until_utc_ms && decision->until_utc_ms > from_utc_ms;
}

static int64_t end_of(const struct day *day)
{
    return day->start_utc_ms + day->slot_count * QUARTER_MS;
}

bool decide_touches(const struct point_decisions *decisions, int32_t channel, const struct day *day)
{
    for (int i = 0; i < decisions->span_count; i++)
        if (on_span(&decisions->spans[i], channel, day->start_utc_ms, end_of(day)))
            return true;
    return false;
}

void decide_flag_edits(const struct point_decisions *decisions, int32_t channel, struct day *day)
{
    for (int d = 0; d < decisions->span_count; d++) {
        const struct decision *decision = &decisions->spans[d];
        if (decision->action != DECISION_EDIT || !on_span(decision, channel, day->start_utc_ms, end_of(day)))
            continue;
        for (int i = 0; i < day->slot_count; i++) {
            int64_t start = day->start_utc_ms + i * QUARTER_MS;
            if (start >= decision->from_utc_ms && start < decision->until_utc_ms)
                day->slots[i].quality = QUALITY_EDITED;
        }
    }
}

/* What one channel's days are made of. */
struct task {
    struct facts *facts;
    struct point *point;
    const struct point_decisions *decisions;
    int32_t channel;
    int32_t first_day, last_day; /* whose quarter-hours are settled here */
    struct decided_slot *slots;
    const struct decide_told *told;
    struct fault *fault;
};

/* A day beyond those that were made: as it is without decisions, and kept so. */
static enum err restore_day(const struct task *task, int32_t local_day)
{
    struct day_row base, counts;
    bool kept;
    enum err err = stored_day_load(task->facts, task->point, decision_base_channel(task->channel), local_day, task->fault, &base, &kept);
    if (err != OK || !decide_touches(task->decisions, task->channel, &base.day))
        return err;
    if ((err = stored_day_load(task->facts, task->point, task->channel, local_day, task->fault, &counts, NULL)) != OK)
        return err;
    const struct day former = counts.day;
    if (!kept) {
        base.day = former;
        err = facts_put_day(task->facts, &base, task->fault);
    }
    counts.day = base.day;
    decide_flag_edits(task->decisions, task->channel, &counts.day);
    if (err == OK)
        err = stored_day_put(task->facts, &counts, task->fault);
    return err == OK ? task->told->restored(task->told->arg, &former, &counts.day) : err;
}

/* Gives a day the quarter-hours that a decision claims; slots[*at …] are those from its first on. */
static enum err settle_day(const struct task *task, const struct decision *decision, int32_t local_day, int count, int *at)
{
    struct day_row row;
    bool changed = false;
    enum err err = stored_day_load(task->facts, task->point, task->channel, local_day, task->fault, &row, NULL);
    if (err != OK)
        return err;
    for (; *at < count && task->slots[*at].start_utc_ms < end_of(&row.day); ++*at) {
        const struct decided_slot *slot = &task->slots[*at];
        if (slot->start_utc_ms < row.day.start_utc_ms || !slot->claimed)
            continue;
        row.day.slots[(slot->start_utc_ms - row.day.start_utc_ms) / QUARTER_MS] =
            (struct slot){slot->wh, decision->action == DECISION_EDIT ? QUALITY_EDITED : QUALITY_ESTIMATED};
        changed = true;
    }
    return changed ? stored_day_put(task->facts, &row, task->fault) : OK;
}

static enum err apply(const struct task *task, const struct decision *decision)
{
    const struct zone *zone = task->point->zone;
    int32_t first_day = zone_local_day(zone, decision->from_utc_ms), last_day = zone_local_day(zone, decision->until_utc_ms - 1);
    int count = 0, at = 0;
    bool any = false;
    enum err err = decided_span(task->facts, task->point->meter_no, zone, decision, task->fault, task->slots, &count, &any);
    if (first_day < task->first_day)
        first_day = task->first_day;
    if (last_day > task->last_day)
        last_day = task->last_day;
    for (int32_t day = first_day; day <= last_day && any && err == OK; day++)
        err = settle_day(task, decision, day, count, &at);
    return err;
}

/* The spans of the decisions on these days may reach beyond them. */
static void widen(struct task *task)
{
    const struct zone *zone = task->point->zone;
    int64_t from_ms = zone_midnight_utc_ms(zone, task->first_day), until_ms = zone_midnight_utc_ms(zone, task->last_day + 1);
    for (int i = 0; i < task->decisions->span_count; i++) {
        const struct decision *decision = &task->decisions->spans[i];
        if (!on_span(decision, task->channel, from_ms, until_ms))
            continue;
        int32_t first_day = zone_local_day(zone, decision->from_utc_ms), last_day = zone_local_day(zone, decision->until_utc_ms - 1);
        if (first_day < task->first_day)
            task->first_day = first_day;
        if (last_day > task->last_day)
            task->last_day = last_day;
    }
}

enum err decide_days(struct pipeline *pipeline, struct point *point, const struct point_decisions *decisions, int32_t channel, int32_t *first_day,
                     int32_t *last_day, const struct decide_told *told, struct fault *fault)
{
    struct task task = {pipeline->parts.facts, point, decisions, channel, *first_day, *last_day, NULL, told, fault};
    enum err err = OK;
    if (decisions->span_count == 0)
        return OK;
    widen(&task);
    for (int32_t day = task.first_day; day <= task.last_day && err == OK; day++)
        if (day < *first_day || day > *last_day)
            err = restore_day(&task, day);
    int64_t from_ms = zone_midnight_utc_ms(point->zone, task.first_day), until_ms = zone_midnight_utc_ms(point->zone, task.last_day + 1);
    task.slots = malloc(DECISION_SLOTS_MAX * sizeof *task.slots);
    if (!task.slots)
        return fault_set(fault, ERR_FATAL, "no memory");
    for (int i = 0; i < decisions->span_count && err == OK; i++)
        if (on_span(&decisions->spans[i], channel, from_ms, until_ms))
            err = apply(&task, &decisions->spans[i]);
    free(task.slots);
    if (err == OK) {
        *first_day = task.first_day;
        *last_day = task.last_day;
    }
    return err;
}
