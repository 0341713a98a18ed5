#include "ingestor/silence.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "energy/span.h"
#include "ingestor/stages/episode.h"

#define BUCKET_MS 10000
#define BUCKETS 8192      /* almost a day; who is due later is looked at then, and put back */
#define LOOKS_AT_ONCE 500 /* of one tending */
#define EPISODES_MAX 1000000

struct silence {
    struct pipeline *pipeline;
    int64_t since_ms;               /* monotonic: time counts from here at the earliest */
    atomic_bool link_up, link_news; /* link_news: it changed since it was looked at */
    int64_t bucket;                 /* the next one to be looked at: due_ms / BUCKET_MS */
    struct point *buckets[BUCKETS];
    struct point *spoke; /* were silent, and are heard */
};

static int64_t min_ms(const struct silence *silence)
{
    return silence->pipeline->parts.silent_min_s * MS_PER_S;
}

static void put(struct silence *silence, struct point *point, int64_t due_ms)
{
    int64_t bucket = due_ms / BUCKET_MS + 1; /* looked at when it is over */
    if (bucket < silence->bucket)
        bucket = silence->bucket;
    if (bucket >= silence->bucket + BUCKETS)
        bucket = silence->bucket + BUCKETS - 1;
    struct point **first = &silence->buckets[bucket % BUCKETS];
    point->silence_next = *first;
    *first = point;
}

static int64_t monotonic(const struct silence *silence)
{
    return clock_monotonic(&silence->pipeline->parts.clock);
}

static int watch(struct point *point, void *arg)
{
    struct silence *silence = arg;
    point->watched = true;
    put(silence, point, silence->since_ms + min_ms(silence));
    return 0;
}

static int keep_silent(const struct alert_row *row, void *arg)
{
    const struct silence *silence = arg;
    struct point *point = points_by_no(silence->pipeline->points, row->alert.meter_no);
    if (point)
        point->silent = true;
    return 0;
}

static enum err load_silent(struct silence *silence, struct fault *fault)
{
    return facts_alerts(silence->pipeline->parts.facts, 0, ALERT_METER_SILENT, -2, 0, NULL, EPISODES_MAX, keep_silent, silence, fault);
}

enum err silence_create(struct pipeline *pipeline, struct fault *fault, struct silence **out)
{
    struct silence *silence = calloc(1, sizeof *silence);
    if (!silence)
        return fault_set(fault, ERR_FATAL, "no memory");
    silence->pipeline = pipeline;
    silence->since_ms = monotonic(silence);
    silence->bucket = silence->since_ms / BUCKET_MS;
    atomic_init(&silence->link_up, true);
    atomic_init(&silence->link_news, false);
    points_each(pipeline->points, watch, silence);
    enum err err = load_silent(silence, fault);
    if (err == OK)
        *out = silence;
    else
        free(silence);
    return err;
}

void silence_destroy(struct silence *silence)
{
    free(silence);
}

void silence_heard(struct silence *silence, struct point *point)
{
    point->heard_ms = silence->pipeline->monotonic_ms;
    if (!point->watched)
        watch(point, silence);
    if (point->silent && !point->spoke) {
        point->spoke = true;
        point->spoke_next = silence->spoke;
        silence->spoke = point;
    }
}

void silence_link(struct silence *silence, bool up)
{
    if (atomic_exchange(&silence->link_up, up) != up)
        atomic_store(&silence->link_news, true);
}

/* ---- looking at one ---- */

struct instants {
    int count;
    int64_t newest_ms, before_ms;
    struct steps steps;
};

static int take_instant(int64_t ts_utc_ms, void *arg)
{
    struct instants *instants = arg;
    if (instants->count++ == 0)
        instants->newest_ms = ts_utc_ms;
    else
        steps_add(&instants->steps, instants->before_ms - ts_utc_ms);
    instants->before_ms = ts_utc_ms;
    return instants->count > STEPS_MAX;
}

/* After how long the meter is silent; 0: nothing is expected of it. *out_newest_ms: where its newest reading stands. */
static enum err limit_of(struct silence *silence, const struct point *point, struct fault *fault, int64_t *out_limit_ms, int64_t *out_newest_ms)
{
    struct instants instants = {.count = 0};
    enum err err = facts_instants(silence->pipeline->parts.facts, point->meter_no, INT64_MIN, INT64_MAX, -1, take_instant, &instants, fault);
    if (err != OK)
        return err;
    instants.steps.declared_ms = point->reading_interval_s * MS_PER_S;
    bool known = instants.count > 0 && (point->reading_interval_s > 0 || instants.steps.count >= STEPS_FEW);
    int64_t limit_ms = known ? silence->pipeline->parts.silent_intervals * steps_interval_ms(&instants.steps) : 0;
    *out_limit_ms = known && limit_ms < min_ms(silence) ? min_ms(silence) : limit_ms;
    *out_newest_ms = instants.newest_ms;
    return OK;
}

static void words(const struct point *point, struct alert *alert)
{
    int32_t day = zone_local_day(point->zone, alert->since_utc_ms);
    int64_t minute = (alert->since_utc_ms + zone_offset_s(point->zone, alert->since_utc_ms) * MS_PER_S) / MS_PER_MIN;
    struct civil civil = civil_from_day(day);
    char date[CIVIL_TEXT_SIZE];
    civil_format(day, date);
    int hour = (int)(((minute / 60) % 24 + 24) % 24), of_hour = (int)((minute % 60 + 60) % 60);
    snprintf(alert->message_pt_br, sizeof alert->message_pt_br, "O medidor não envia leituras desde %02d/%02d/%d, %02d:%02d.", civil.mday,
             civil.month, civil.year, hour, of_hour);
    snprintf(alert->message_en, sizeof alert->message_en, "The meter has sent no reading since %s, %02d:%02d.", date, hour, of_hour);
}

static enum err begin(struct silence *silence, struct point *point, int64_t quiet_ms, int64_t limit_ms, int64_t newest_ms, struct fault *fault)
{
    struct alert alert;
    episode_of_meter(point, ALERT_METER_SILENT, &alert);
    alert.since_utc_ms = newest_ms;
    alert.value = quiet_ms / MS_PER_S;
    alert.threshold = limit_ms / MS_PER_S;
    words(point, &alert);
    point->silent = true;
    return episode_settle(silence->pipeline, &alert, true, 0, fault);
}

static enum err end(struct silence *silence, struct point *point, struct fault *fault)
{
    struct open_alert open;
    enum err err = episode_find(silence->pipeline, point->meter_no, ALERT_METER_SILENT, &open, fault);
    point->silent = false;
    return err == OK && open.found ? episode_end(silence->pipeline, &open.alert, silence->pipeline->now_utc_ms, fault) : err;
}

/* Its moment has come: silent, or put back for the next one. */
static enum err look(struct silence *silence, struct point *point, int64_t now_ms, struct fault *fault)
{
    int64_t base_ms = point->heard_ms > silence->since_ms ? point->heard_ms : silence->since_ms, limit_ms = 0, newest_ms = 0;
    enum err err = OK;
    if (point->silent) {
        err = point->state == POINT_INACTIVE ? end(silence, point, fault) : OK; /* nobody waits for it any more */
        base_ms = now_ms;
    } else if (now_ms - base_ms >= min_ms(silence) && point->state != POINT_INACTIVE) {
        err = limit_of(silence, point, fault, &limit_ms, &newest_ms);
        if (err == OK && limit_ms > 0 && now_ms - base_ms >= limit_ms)
            err = begin(silence, point, now_ms - base_ms, limit_ms, newest_ms, fault);
    }
    int64_t due_ms = base_ms + (limit_ms > min_ms(silence) ? limit_ms : min_ms(silence));
    put(silence, point, due_ms > now_ms ? due_ms : now_ms + min_ms(silence));
    return err;
}

/* ---- tending ---- */

static enum err end_those_that_spoke(struct silence *silence, struct fault *fault)
{
    enum err err = OK;
    while (silence->spoke && err == OK) {
        struct point *point = silence->spoke;
        silence->spoke = point->spoke_next;
        point->spoke = false;
        err = end(silence, point, fault);
    }
    return err;
}

static enum err look_at_due(struct silence *silence, int64_t now_ms, struct fault *fault)
{
    enum err err = OK;
    int looks = 0;
    while (silence->bucket <= now_ms / BUCKET_MS && looks < LOOKS_AT_ONCE && err == OK) {
        struct point **first = &silence->buckets[silence->bucket % BUCKETS], *point = *first;
        if (!point) {
            silence->bucket++;
            continue;
        }
        *first = point->silence_next;
        err = look(silence, point, now_ms, fault);
        looks++;
    }
    return err;
}

enum err silence_tend(struct pipeline *pipeline, struct fault *fault)
{
    struct silence *silence = pipeline->silence;
    int64_t now_ms = monotonic(silence);
    enum err err = end_those_that_spoke(silence, fault);
    /* What came over a link that was away is on its way through the journal. */
    bool news = atomic_exchange(&silence->link_news, false);
    if (news || !atomic_load(&silence->link_up))
        silence->since_ms = now_ms;
    return err == OK && pipeline->parts.silent_intervals > 0 ? look_at_due(silence, now_ms, fault) : err;
}

static int forget(struct point *point, void *arg)
{
    (void)arg;
    point->silent = point->spoke = point->watched = false;
    return 0;
}

enum err silence_reload(struct pipeline *pipeline, struct fault *fault)
{
    struct silence *silence = pipeline->silence;
    memset(silence->buckets, 0, sizeof silence->buckets);
    silence->spoke = NULL;
    points_each(pipeline->points, forget, NULL);
    points_each(pipeline->points, watch, silence);
    return load_silent(silence, fault);
}
