/*
 * GET /quality: how complete each meter's local days are, by (day, meter_id), and together. How many readings came stands in the ledger for each
 * closed day; of a day that is open, or whose turn has not come, they are counted here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/quality_day.h"
#include "api/resources.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "store/completeness.h"
#include "wire/json_out.h"

#define DAYS_MAX 62             /* two months in one query */
#define TOTALS_METERS_MAX 10000 /* more are not added up while somebody waits */
#define CHUNK 200
#define LOOKED_MAX 10000      /* days looked at for one page of those that are incomplete; a page may end early */
#define COUNTED_DAYS_MAX 2000 /* whose readings are counted for the totals … */
#define COUNTED_MAX 1000000   /* … and those readings */

/* An end of the range: a day in every zone, or an instant, which lies on another day in another zone. */
struct bound {
    bool is_day;
    int32_t day;
    int64_t utc_ms;
    int32_t plus_days; /* of an instant */
};

static int32_t bound_day(const struct bound *bound, const struct zone *zone)
{
    return bound->is_day ? bound->day : zone_local_day(zone, bound->utc_ms) + bound->plus_days;
}

struct span {
    struct bound from, until;
};

struct asked {
    struct span span;
    int32_t from_day, until_day; /* wide enough for every zone */
    struct point_filter filter;
    bool one_meter;
    struct sight sight; /* of one meter */
    const char *district;
    bool incomplete; /* only such days */
    int32_t cursor_day;
    const char *cursor_meter; /* NULL: from the start */
};

/* Leaves *out as it is where the parameter is absent. `closes`: the instant itself does not count. */
static enum err read_bound(struct exchange *x, const char *name, bool closes, struct fault *fault, struct bound *out)
{
    int32_t day;
    int64_t utc_ms = 0;
    const char *text = param_get(&x->query, name);
    const struct zone *utc;
    if (text == NULL)
        return OK;
    enum err err = zones_get(x->server->zones, "UTC", fault, &utc);
    if (err == OK)
        err = param_instant(&x->query, name, utc, fault, &utc_ms); /* its words, and the years that are served */
    if (err != OK)
        return err;
    if (civil_parse(text, &day))
        *out = (struct bound){.is_day = true, .day = day};
    else
        *out = (struct bound){.utc_ms = utc_ms - (closes ? 1 : 0), .plus_days = closes ? 1 : 0};
    return OK;
}

/* Yesterday; the day before `to`; from `from` to today's. */
static enum err read_span(struct exchange *x, struct fault *fault, struct asked *out)
{
    bool from = param_get(&x->query, "from") != NULL, to = param_get(&x->query, "to") != NULL;
    struct span span = {.from = {.utc_ms = x->now_utc_ms, .plus_days = -1}, .until = {.utc_ms = x->now_utc_ms, .plus_days = from ? 1 : 0}};
    enum err err = read_bound(x, "to", true, fault, &span.until);
    if (err == OK && to && !from) {
        span.from = span.until;
        span.from.day--;
        span.from.plus_days--;
    }
    if (err == OK)
        err = read_bound(x, "from", false, fault, &span.from);
    if (err != OK)
        return err;
    int32_t utc_from = span.from.is_day ? span.from.day : (int32_t)(instant_floor(span.from.utc_ms, MS_PER_DAY) / MS_PER_DAY) + span.from.plus_days;
    int32_t utc_until =
        span.until.is_day ? span.until.day : (int32_t)(instant_floor(span.until.utc_ms, MS_PER_DAY) / MS_PER_DAY) + span.until.plus_days;
    if (utc_from > utc_until + (span.from.is_day != span.until.is_day))
        return param_fault(fault, "to", "It lies before \"from\".");
    if (utc_until - utc_from > DAYS_MAX)
        return param_fault(fault, "to", "At most %d days are served at once.", DAYS_MAX);
    out->span = span;
    out->from_day = utc_from - (span.from.is_day ? 0 : 1);
    out->until_day = utc_until + (span.until.is_day ? 0 : 1);
    return OK;
}

static enum err read_incomplete(struct exchange *x, struct fault *fault, bool *out)
{
    const char *text = param_get(&x->query, "incomplete");
    if (text != NULL && strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return param_fault(fault, "incomplete", "One of true, false is expected.");
    *out = text != NULL && strcmp(text, "true") == 0;
    return OK;
}

/* False, and a problem was replied. */
static bool read_query(struct exchange *x, struct asked *out)
{
    struct fault fault = {0};
    const char *meter_id;
    int64_t day = 0;
    if (!page_cursor(x, &day, &out->cursor_meter))
        return false;
    enum err err = read_span(x, &fault, out);
    if (err == OK)
        err = param_name(&x->query, "district", &fault, &out->district);
    if (err == OK)
        err = read_incomplete(x, &fault, &out->incomplete);
    if (err == OK)
        err = param_name(&x->query, "meter_id", &fault, &meter_id);
    out->cursor_day = out->cursor_meter == NULL ? out->from_day : (int32_t)day;
    if (err == OK && out->cursor_meter != NULL &&
        (day < out->from_day || day >= out->until_day || !text_is_name(out->cursor_meter, strlen(out->cursor_meter))))
        err = param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    out->one_meter = meter_id != NULL;
    if (meter_id != NULL)
        return sight_of(x, meter_id, &out->sight);
    out->filter.district = out->district;
    if (x->caller.role == ROLE_CUSTOMER) {
        out->filter.customer_id = x->caller.login.customer_id;
        out->filter.on_day = (int32_t)(instant_floor(x->now_utc_ms, MS_PER_DAY) / MS_PER_DAY);
    }
    return true;
}

/* One meter as the caller sees it: its zone, and the days of it that are asked for. */
struct meter {
    const struct point_record *point;
    const struct zone *zone;
    int32_t from_day, until_day;
};

static enum err see(struct exchange *x, const struct asked *asked, const struct point_record *point, struct fault *fault, struct meter *out)
{
    struct sight sight = {.from_day = INT32_MIN, .until_day = INT32_MAX};
    enum err err = x->caller.role == ROLE_CUSTOMER ? sight_of_point(x->server, &x->caller, point, x->now_utc_ms, fault, &sight)
                                                   : zones_get(x->server->zones, point->tz, fault, &sight.zone);
    if (err != OK)
        return err == ERR_NOT_FOUND && x->caller.role == ROLE_CUSTOMER ? ERR_NOT_FOUND : fault_set(fault, ERR_FATAL, "a meter has no zone");
    int32_t from = bound_day(&asked->span.from, sight.zone), until = bound_day(&asked->span.until, sight.zone);
    *out = (struct meter){.point = point,
                          .zone = sight.zone,
                          .from_day = from > sight.from_day ? from : sight.from_day,
                          .until_day = until < sight.until_day ? until : sight.until_day};
    return OK;
}

/* What is stored of some local days of one meter. */
struct stored {
    int32_t from_day;
    bool known[DAYS_MAX + 2];
    struct energy_sum sums[DAYS_MAX + 2];
    struct completeness_row readings[DAYS_MAX + 2]; /* interval_s 0: not kept */
};

static int keep_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct stored *stored = arg;
    (void)meter_no;
    int32_t at = local_day - stored->from_day;
    if (at >= 0 && at < DAYS_MAX + 2) {
        stored->known[at] = true;
        stored->sums[at] = *sum;
    }
    return 0;
}

static int keep_readings(const struct completeness_row *row, void *arg)
{
    struct stored *stored = arg;
    int32_t at = row->local_day - stored->from_day;
    if (at >= 0 && at < DAYS_MAX + 2)
        stored->readings[at] = *row;
    return 0;
}

static enum err load_days(struct facts *facts, const struct meter *meter, int32_t from_day, int32_t until_day, struct fault *fault,
                          struct stored *out)
{
    int64_t meter_no = meter->point->meter_no;
    memset(out, 0, sizeof *out);
    out->from_day = from_day;
    enum err err = facts_day_sums(facts, meter_no, OBIS_IMPORT, from_day, until_day, keep_sum, out, fault);
    return err == OK ? facts_completeness(facts, meter_no, from_day, until_day, keep_readings, out, fault) : err;
}

/* Days whose readings had to be counted, and those readings; max_days 0: any number. */
struct counting {
    int64_t days, readings, max_days;
    bool gave_up;
};

static enum err count_day(const struct exchange *x, struct facts *facts, const struct meter *meter, int32_t local_day, struct stored *stored,
                          struct counting *counting, struct fault *fault, struct quality_day *out)
{
    const struct point_record *point = meter->point;
    int32_t at = local_day - stored->from_day;
    struct completeness_row *readings = &stored->readings[at];
    bool in_service = point->state != POINT_INACTIVE;
    int64_t known_until_ms = quality_known_until(point->reading_interval_s, x->now_utc_ms);
    quality_day_count(meter->zone, local_day, in_service, point->created_utc_ms, known_until_ms, stored->known[at] ? &stored->sums[at] : NULL, out);
    if (readings->interval_s == 0) {
        counting->gave_up |= counting->max_days > 0 && (counting->days >= counting->max_days || counting->readings > COUNTED_MAX);
        if (counting->gave_up)
            return OK;
        enum err err = completeness_of_day(facts, point->meter_no, point->reading_interval_s, local_day, zone_midnight_utc_ms(meter->zone, local_day),
                                           zone_midnight_utc_ms(meter->zone, local_day + 1), fault, readings);
        if (err != OK)
            return err;
        counting->days++;
        counting->readings += readings->received;
    }
    out->readings_received = readings->received;
    out->readings_expected = quality_readings_expected(meter->zone, local_day, in_service, point->created_utc_ms, known_until_ms,
                                                       readings->interval_s, stored->known[at], readings->received);
    return OK;
}

/* ---- meter by meter ---- */

/* What is done with each meter in order; *stop ends it. */
typedef enum err (*visit)(struct exchange *x, const struct meter *meter, void *arg, struct fault *fault, bool *stop);

static enum err visit_point(struct exchange *x, const struct asked *asked, const struct point_record *point, visit each, void *arg,
                            struct fault *fault, bool *stop)
{
    struct meter meter;
    enum err err = see(x, asked, point, fault, &meter);
    if (err == ERR_NOT_FOUND)
        return OK;
    return err == OK ? each(x, &meter, arg, fault, stop) : err;
}

static enum err visit_all(struct exchange *x, const struct asked *asked, const char *after, visit each, void *arg, struct fault *fault, bool *stop)
{
    struct point_filter filter = asked->filter;
    char last[RECORD_ID_SIZE];
    size_t got = CHUNK;
    if (asked->one_meter) {
        const struct point_record *point = &asked->sight.point;
        bool fits =
            (after == NULL || strcmp(point->meter_id, after) > 0) && (asked->district == NULL || strcmp(asked->district, point->district) == 0);
        return fits ? visit_point(x, asked, point, each, arg, fault, stop) : OK;
    }
    struct point_record *points = calloc(CHUNK, sizeof *points);
    enum err err = points != NULL ? OK : fault_set(fault, ERR_RETRY, "memory is out");
    filter.after = after;
    while (err == OK && got == CHUNK && !*stop) {
        err = records_point_list(x->server->records, &filter, CHUNK, fault, points, &got);
        for (size_t i = 0; err == OK && i < got && !*stop; i++)
            err = visit_point(x, asked, &points[i], each, arg, fault, stop);
        if (err == OK && got > 0) {
            text_copy(last, sizeof last, points[got - 1].meter_id);
            filter.after = last;
        }
    }
    free(points);
    return err;
}

/* ---- totals ---- */

struct totals {
    struct facts *facts;
    int64_t meters, import_wh;
    struct quality_day slots;
    struct counting counting;
};

static enum err add_meter(struct exchange *x, const struct meter *meter, void *arg, struct fault *fault, bool *stop)
{
    struct totals *totals = arg;
    struct stored stored;
    if (++totals->meters > TOTALS_METERS_MAX) {
        *stop = true;
        return OK;
    }
    if (meter->from_day >= meter->until_day)
        return OK;
    enum err err = load_days(totals->facts, meter, meter->from_day, meter->until_day, fault, &stored);
    for (int32_t day = meter->from_day; err == OK && day < meter->until_day; day++) {
        struct quality_day counted;
        err = count_day(x, totals->facts, meter, day, &stored, &totals->counting, fault, &counted);
        if (err == OK)
            quality_day_add(&totals->slots, &counted);
        totals->import_wh += stored.sums[day - meter->from_day].wh;
    }
    return err;
}

/* ---- rows ---- */

struct rows {
    struct facts *facts;
    int32_t day;
    bool incomplete;
    size_t count, limit, looked;
    bool more;
    int32_t last_day;
    char last_meter[RECORD_ID_SIZE];
};

static void write_slots(struct buf *out, const struct quality_day *day, int64_t import_wh, bool readings_known)
{
    int64_t permille = quality_day_permille(day);
    out_int(out, "slots_expected", day->expected);
    out_int(out, "slots_measured", day->measured);
    out_int(out, "slots_estimated", day->estimated);
    out_int(out, "slots_partial", day->partial);
    out_int(out, "slots_missing", day->missing);
    out_int(out, "slots_edited", day->edited);
    if (permille >= 0)
        out_int(out, "present_permille", permille);
    else
        out_null(out, "present_permille");
    if (day->expected > day->missing)
        out_int(out, "import_wh", import_wh);
    else
        out_null(out, "import_wh");
    if (readings_known) {
        out_int(out, "readings_expected", day->readings_expected);
        out_int(out, "readings_received", day->readings_received);
    } else {
        out_null(out, "readings_expected");
        out_null(out, "readings_received");
    }
}

static enum err write_row(struct exchange *x, const struct meter *meter, void *arg, struct fault *fault, bool *stop)
{
    struct rows *rows = arg;
    struct stored stored;
    struct quality_day counted;
    struct counting counting = {0};
    if (rows->day < meter->from_day || rows->day >= meter->until_day)
        return OK;
    *stop = rows->more = rows->count == rows->limit || rows->looked == LOOKED_MAX;
    if (*stop)
        return OK;
    enum err err = load_days(rows->facts, meter, rows->day, rows->day + 1, fault, &stored);
    if (err == OK)
        err = count_day(x, rows->facts, meter, rows->day, &stored, &counting, fault, &counted);
    if (err != OK)
        return err;
    rows->looked++;
    rows->last_day = rows->day;
    text_copy(rows->last_meter, sizeof rows->last_meter, meter->point->meter_id);
    if (rows->incomplete && !quality_day_incomplete(&counted))
        return OK;
    out_object(x->out, NULL);
    out_day(x->out, "day", rows->day);
    out_text(x->out, "meter_id", meter->point->meter_id);
    out_text(x->out, "tz", meter->point->tz);
    out_text(x->out, "district", meter->point->district[0] != '\0' ? meter->point->district : NULL);
    write_slots(x->out, &counted, stored.sums[0].wh, true);
    out_end_object(x->out);
    rows->count++;
    return OK;
}

static enum err write_totals(struct exchange *x, const struct asked *asked, struct facts *facts, struct fault *fault)
{
    struct totals totals = {.facts = facts, .counting = {.max_days = COUNTED_DAYS_MAX}};
    bool stop = false;
    enum err err = asked->cursor_meter == NULL ? visit_all(x, asked, NULL, add_meter, &totals, fault, &stop) : OK;
    if (err != OK)
        return err;
    if (asked->cursor_meter != NULL || stop) {
        out_null(x->out, "totals");
        return OK;
    }
    out_object(x->out, "totals");
    out_int(x->out, "meters", totals.meters);
    write_slots(x->out, &totals.slots, totals.import_wh, !totals.counting.gave_up);
    out_end_object(x->out);
    return OK;
}

static enum err write_rows(struct exchange *x, const struct asked *asked, struct rows *rows, struct fault *fault)
{
    const char *after = asked->cursor_meter;
    bool stop = false;
    enum err err = OK;
    for (rows->day = asked->cursor_day; err == OK && !stop && rows->day < asked->until_day; rows->day++) {
        err = visit_all(x, asked, after, write_row, rows, fault, &stop);
        after = NULL;
    }
    return err;
}

void quality_get(struct exchange *x)
{
    struct asked asked = {.one_meter = false};
    struct rows rows = {.count = 0};
    struct fault fault = {0};
    if (!page_limit(x, &rows.limit) || !read_query(x, &asked))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    rows.facts = facts;
    rows.incomplete = asked.incomplete;
    out_object(x->out, NULL);
    enum err err = write_totals(x, &asked, facts, &fault);
    out_array(x->out, "items");
    if (err == OK)
        err = write_rows(x, &asked, &rows, &fault);
    if (err == OK) {
        char next[EXCHANGE_ARG_SIZE];
        snprintf(next, sizeof next, "%" PRId32 ".%s", rows.last_day, rows.last_meter);
        page_end(x, rows.more ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
}
