#include "ingestor/marks.h"
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "energy/quarter.h"

#define HISTORY_MS (2 * MS_PER_DAY) /* what ended longer ago waits behind the present */
#define KINDS 3
/* While so many wait, a point that was derived a moment ago rests, and its next readings are derived together. */
#define CROWD 500

struct span_of_mark {
    bool any;
    int64_t from_utc_ms, until_utc_ms;
};

enum line_name { LIVE, HISTORY, RESTING, LINES };

struct waiting {
    struct point *point;
    enum mark_kind kind;
    bool queued, working;
    struct span_of_mark waits; /* what is to be worked on */
    struct span_of_mark later; /* put while it is worked on */
    struct mark stored;        /* as the store has it, which may reach further; generation 0: it has none */
    int64_t since_utc_ms;
    int64_t done_utc_ms; /* when it was worked on last; 0: not in this life */
    bool in_line[LINES]; /* perhaps in several: history that the present joined; it is worked on once */
    struct waiting *next[LINES];
};

/* Made when first needed. Bills and checks come seldom: theirs go again when they are done. */
struct point_marks {
    struct waiting *of[KINDS];
};

struct line {
    struct waiting *first, *last;
};

struct marks {
    struct facts *facts;
    struct points *points;
    struct line lines[LINES];
    int64_t waiting, rest_ms;
};

static void widen(struct span_of_mark *span, int64_t from_utc_ms, int64_t until_utc_ms)
{
    if (!span->any || from_utc_ms < span->from_utc_ms)
        span->from_utc_ms = from_utc_ms;
    if (!span->any || until_utc_ms > span->until_utc_ms)
        span->until_utc_ms = until_utc_ms;
    span->any = true;
}

static struct waiting *waiting_of(struct point *point, enum mark_kind kind)
{
    if (!point->marks)
        point->marks = calloc(1, sizeof *point->marks);
    if (!point->marks)
        return NULL;
    struct waiting *waiting = point->marks->of[kind];
    if (!waiting && (waiting = calloc(1, sizeof *waiting)) != NULL) {
        waiting->point = point;
        waiting->kind = kind;
        point->marks->of[kind] = waiting;
    }
    return waiting;
}

static void append(struct marks *marks, enum line_name name, struct waiting *waiting)
{
    struct line *line = &marks->lines[name];
    if (waiting->in_line[name])
        return;
    waiting->in_line[name] = true;
    waiting->next[name] = NULL;
    *(line->last ? &line->last->next[name] : &line->first) = waiting;
    line->last = waiting;
}

/* Was it worked on less than the time of rest ago? A clock that went back ends any rest. */
static bool is_fresh(const struct marks *marks, const struct waiting *waiting, int64_t now_utc_ms)
{
    int64_t age_ms = now_utc_ms - waiting->done_utc_ms;
    return age_ms >= 0 && age_ms < marks->rest_ms;
}

static void queue(struct marks *marks, struct waiting *waiting, int64_t now_utc_ms)
{
    if (!waiting->queued) {
        waiting->queued = true;
        waiting->since_utc_ms = now_utc_ms;
        marks->waiting++;
    }
    bool can_wait = waiting->kind == MARK_CHECK || waiting->waits.until_utc_ms < now_utc_ms - HISTORY_MS;
    bool rests = marks->waiting > CROWD && is_fresh(marks, waiting, now_utc_ms);
    append(marks, can_wait ? HISTORY : rests ? RESTING : LIVE, waiting);
}

/* ---- loading ---- */

static int forget_marks(struct point *point, void *arg)
{
    (void)arg;
    for (int i = 0; point->marks && i < KINDS; i++)
        free(point->marks->of[i]);
    free(point->marks);
    point->marks = NULL;
    return 0;
}

struct loading {
    struct marks *marks;
    bool no_memory;
};

static int load_mark(const struct mark *mark, void *arg)
{
    struct loading *loading = arg;
    struct point *point = points_by_no(loading->marks->points, mark->meter_no);
    struct waiting *waiting = point ? waiting_of(point, mark->kind) : NULL;
    if (!point) /* of a meter that this program does not hold: it stays where it is */
        return 0;
    loading->no_memory = !waiting;
    if (!waiting)
        return 1;
    waiting->stored = *mark;
    widen(&waiting->waits, mark->from_utc_ms, mark->until_utc_ms);
    queue(loading->marks, waiting, mark->until_utc_ms);
    return 0;
}

enum err marks_reload(struct marks *marks, struct fault *fault)
{
    struct loading loading = {.marks = marks};
    points_each(marks->points, forget_marks, NULL);
    memset(marks->lines, 0, sizeof marks->lines);
    marks->waiting = 0;
    enum err err = facts_marks(marks->facts, INT32_MAX, load_mark, &loading, fault);
    return err == OK && loading.no_memory ? fault_set(fault, ERR_FATAL, "no memory") : err;
}

enum err marks_create(struct facts *facts, struct points *points, int64_t rest_ms, struct fault *fault, struct marks **out)
{
    struct marks *marks = calloc(1, sizeof *marks);
    if (!marks)
        return fault_set(fault, ERR_FATAL, "no memory");
    marks->facts = facts;
    marks->points = points;
    marks->rest_ms = rest_ms;
    enum err err = marks_reload(marks, fault);
    if (err == OK)
        *out = marks;
    else
        marks_destroy(marks);
    return err;
}

void marks_destroy(struct marks *marks)
{
    if (!marks)
        return;
    points_each(marks->points, forget_marks, NULL);
    free(marks);
}

/* ---- putting ---- */

static enum err store_mark(struct marks *marks, struct waiting *waiting, int64_t from_utc_ms, int64_t until_utc_ms, struct fault *fault)
{
    struct mark *stored = &waiting->stored;
    struct mark mark = {.meter_no = waiting->point->meter_no, .kind = waiting->kind, .from_utc_ms = from_utc_ms, .until_utc_ms = until_utc_ms};
    if (stored->generation > 0 && stored->from_utc_ms <= from_utc_ms && stored->until_utc_ms >= until_utc_ms)
        return OK;
    enum err err = facts_put_mark(marks->facts, &mark, fault);
    if (err != OK)
        return err;
    if (stored->generation == 0)
        *stored = mark;
    if (from_utc_ms < stored->from_utc_ms)
        stored->from_utc_ms = from_utc_ms;
    if (until_utc_ms > stored->until_utc_ms)
        stored->until_utc_ms = until_utc_ms;
    stored->generation++;
    return OK;
}

enum err marks_put(struct marks *marks, struct point *point, enum mark_kind kind, int64_t from_utc_ms, int64_t until_utc_ms, int64_t now_utc_ms,
                   struct fault *fault)
{
    struct waiting *waiting = waiting_of(point, kind);
    if (!waiting)
        return fault_set(fault, ERR_FATAL, "no memory");
    if (waiting->working) { /* written when what is worked on has left the store */
        widen(&waiting->later, from_utc_ms, until_utc_ms);
        return OK;
    }
    /* To the end of its quarter-hour, so that the readings that follow find it standing. */
    enum err err = store_mark(marks, waiting, from_utc_ms, instant_floor(until_utc_ms + QUARTER_MS - 1, QUARTER_MS), fault);
    if (err != OK)
        return err;
    widen(&waiting->waits, from_utc_ms, until_utc_ms);
    queue(marks, waiting, now_utc_ms);
    return OK;
}

/* ---- working on them ---- */

/* The first of a line that still waits. */
static struct waiting *take_first(struct marks *marks, enum line_name name)
{
    struct line *line = &marks->lines[name];
    for (struct waiting *waiting = line->first; waiting; waiting = line->first) {
        line->first = waiting->next[name];
        if (!line->first)
            line->last = NULL;
        waiting->in_line[name] = false;
        if (waiting->queued)
            return waiting;
    }
    return NULL;
}

/* Those that have rested join the line. Who came into it first may keep others waiting, for one rest at most. */
static void wake(struct marks *marks, int64_t now_utc_ms)
{
    struct line *line = &marks->lines[RESTING];
    while (line->first && (!line->first->queued || !is_fresh(marks, line->first, now_utc_ms))) {
        struct waiting *waiting = take_first(marks, RESTING);
        if (waiting)
            append(marks, LIVE, waiting);
    }
}

bool marks_ready(struct marks *marks, int64_t now_utc_ms)
{
    wake(marks, now_utc_ms);
    return marks->lines[LIVE].first || marks->lines[HISTORY].first;
}

bool marks_next(struct marks *marks, int64_t now_utc_ms, struct point **out_point, struct mark *out)
{
    wake(marks, now_utc_ms);
    struct waiting *waiting = take_first(marks, LIVE);
    if (!waiting)
        waiting = take_first(marks, HISTORY);
    if (!waiting)
        return false;
    marks->waiting--;
    waiting->queued = false;
    waiting->working = true;
    waiting->done_utc_ms = now_utc_ms;
    waiting->later.any = false;
    *out_point = waiting->point;
    *out = (struct mark){.meter_no = waiting->point->meter_no,
                         .kind = waiting->kind,
                         .from_utc_ms = waiting->waits.from_utc_ms,
                         .until_utc_ms = waiting->waits.until_utc_ms,
                         .generation = waiting->stored.generation};
    return true;
}

enum err marks_done(struct marks *marks, struct point *point, enum mark_kind kind, struct fault *fault)
{
    struct waiting *waiting = waiting_of(point, kind);
    struct span_of_mark later = waiting->later;
    enum err err = facts_clear_mark(marks->facts, &waiting->stored, fault);
    if (err != OK)
        return err;
    waiting->working = waiting->waits.any = waiting->later.any = false;
    waiting->stored.generation = 0;
    if (later.any)
        return marks_put(marks, point, kind, later.from_utc_ms, later.until_utc_ms, waiting->since_utc_ms, fault);
    if (kind != MARK_ENERGY && !waiting->in_line[LIVE] && !waiting->in_line[HISTORY] && !waiting->in_line[RESTING]) {
        free(waiting);
        point->marks->of[kind] = NULL;
    }
    return OK;
}

bool marks_more(const struct point *point, enum mark_kind kind)
{
    const struct waiting *waiting = point->marks ? point->marks->of[kind] : NULL;
    return waiting && (waiting->queued || waiting->later.any);
}

int64_t marks_waiting(const struct marks *marks)
{
    return marks->waiting;
}
