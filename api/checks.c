/*
 * GET /meters/{meter_id}/checks: what the checks over time say of each closed local day of a meter, with what could not run and why.
 * GET /checks: of all meters, the days on which something was found, newest first; for operators.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "api/caller.h"
#include "api/district.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"

#define DAYS_MAX 62
#define DAYS_USUAL 31
#define LOOKED_MAX 20000 /* days looked at for one page, where not all of them are wanted */

static void write_result(struct buf *out, const struct check_row *row, const struct check_result *result)
{
    out_object(out, NULL);
    out_text(out, "check", row->name);
    out_text(out, "outcome", check_outcome_name(result->outcome));
    out_text(out, "reason", result->skip == SKIP_NOT ? NULL : check_skip_words(result->skip));
    out_instant(out, "from", result->from_utc_ms);
    out_instant(out, "to", result->until_utc_ms);
    if (result->outcome == CHECK_SKIPPED)
        out_null(out, "value");
    else
        out_int(out, "value", result->value);
    out_int(out, "threshold", result->threshold);
    out_text(out, "unit", row->unit);
    out_text(out, "meaning", row->what);
    out_text(out, "source", row->source);
    out_end_object(out);
}

static void write_day(struct buf *out, const char *meter_id, const struct check_day_row *row, bool found_only)
{
    out_object(out, NULL);
    if (meter_id)
        out_text(out, "meter_id", meter_id);
    out_day(out, "day", row->local_day);
    out_array(out, "checks");
    for (int i = 0; i < CHECK_COUNT; i++)
        if (!found_only || row->results[i].outcome == CHECK_FOUND)
            write_result(out, &check_table[i], &row->results[i]);
    out_end_array(out);
    out_end_object(out);
}

/* ---- one meter ---- */

static int write_own_day(const struct check_day_row *row, void *arg)
{
    write_day(arg, NULL, row, false);
    return 0;
}

/* The local days asked for. False, and 400 was replied. */
static bool read_days(struct exchange *x, const struct sight *sight, int32_t *out_from, int32_t *out_until)
{
    struct fault fault = {0};
    int32_t today = zone_local_day(sight->zone, x->now_utc_ms);
    int64_t until_ms = zone_midnight_utc_ms(sight->zone, today), from_ms;
    enum err err = param_instant(&x->query, "to", sight->zone, &fault, &until_ms);
    from_ms = zone_midnight_utc_ms(sight->zone, zone_local_day(sight->zone, until_ms) - DAYS_USUAL);
    if (err == OK)
        err = param_instant(&x->query, "from", sight->zone, &fault, &from_ms);
    if (err == OK && from_ms > until_ms)
        err = param_fault(&fault, "to", "It lies before \"from\".");
    int32_t from = zone_local_day(sight->zone, from_ms), until = until_ms > from_ms ? zone_local_day(sight->zone, until_ms - 1) + 1 : from;
    if (err == OK && until - from > DAYS_MAX)
        err = param_fault(&fault, "from", "At most 62 days are told at a time.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    *out_from = from < sight->from_day ? sight->from_day : from;
    *out_until = until > sight->until_day ? sight->until_day : until;
    return true;
}

void checks_of_meter(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    int32_t from_day, until_day;
    if (!sight_of(x, x->arg, &sight) || !read_days(x, &sight, &from_day, &until_day))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    out_object(x->out, NULL);
    out_text(x->out, "meter_id", sight.point.meter_id);
    out_text(x->out, "tz", sight.point.tz);
    out_array(x->out, "days");
    enum err err = facts_checks(facts, sight.point.meter_no, from_day, until_day, write_own_day, x->out, &fault);
    out_end_array(x->out);
    out_end_object(x->out);
    if (err == OK) {
        reply_tagged(x, 200, -1);
    } else {
        buf_reset(x->out);
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
}

/* ---- all meters ---- */

struct found_page {
    struct exchange *x;
    const struct check_row *check;   /* NULL: any */
    const struct district *district; /* NULL: any */
    size_t count, limit;
    int looked;
    bool more;
    int32_t last_day;
    int64_t last_meter_no;
    struct fault *fault;
    enum err err;
};

static enum err write_found(struct found_page *page, const struct check_day_row *row)
{
    struct point_record point;
    if ((page->check && row->results[page->check->check].outcome != CHECK_FOUND) ||
        (page->district && !district_holds(page->district, row->meter_no)))
        return OK;
    page->count++;
    enum err err = records_point_by_no(page->x->server->records, row->meter_no, page->fault, &point);
    if (err == OK)
        write_day(page->x->out, point.meter_id, row, true);
    return err == ERR_NOT_FOUND ? OK : err;
}

static int take_found_day(const struct check_day_row *row, void *arg)
{
    struct found_page *page = arg;
    page->more = page->count == page->limit || page->looked == LOOKED_MAX;
    if (page->more)
        return 1;
    page->looked++;
    page->last_day = row->local_day;
    page->last_meter_no = row->meter_no;
    page->err = write_found(page, row);
    return page->err != OK;
}

struct found_asked {
    int64_t meter_no; /* 0: of all */
    int32_t from_day, before_day;
    int64_t before_meter_no;
    bool by_district;
    struct district district;
};

/* The cursor: the day and the meter's number of the last one seen. It only narrows what the dates ask for. */
static bool read_cursor(struct exchange *x, struct found_asked *asked)
{
    struct fault fault = {0};
    int64_t day = INT32_MAX, meter_no_read = 0;
    const char *meter_no;
    if (!page_cursor(x, &day, &meter_no))
        return false;
    if (meter_no != NULL && (!text_to_int64(meter_no, &meter_no_read) || day > INT32_MAX || day < INT32_MIN)) {
        param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
        problem_input(x, &fault);
        return false;
    }
    if (meter_no != NULL && day < asked->before_day) {
        asked->before_day = (int32_t)day;
        asked->before_meter_no = meter_no_read;
    }
    return true;
}

/* False, and a problem was replied. */
static bool read_found_query(struct exchange *x, struct found_page *page, struct found_asked *out)
{
    struct fault fault = {0};
    struct sight sight = {.zone = NULL};
    const char *meter_id, *district, *check = param_get(&x->query, "check");
    int64_t from_ms = INT64_MIN, until_ms = INT64_MAX;
    enum err err = param_name(&x->query, "meter_id", &fault, &meter_id);
    if (err == OK && meter_id != NULL && !sight_of(x, meter_id, &sight))
        return false;
    if (err == OK && meter_id == NULL)
        err = zones_get(x->server->zones, "UTC", &fault, &sight.zone);
    if (err == OK)
        err = param_name(&x->query, "district", &fault, &district);
    if (err == OK)
        err = param_instant(&x->query, "from", sight.zone, &fault, &from_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", sight.zone, &fault, &until_ms);
    if (err == OK && from_ms > until_ms)
        err = param_fault(&fault, "to", "It lies before \"from\".");
    page->check = check != NULL ? check_by_name(check) : NULL;
    if (err == OK && check != NULL && page->check == NULL)
        err = param_fault(&fault, "check", "There is no check of this name.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    out->meter_no = meter_id != NULL ? sight.point.meter_no : 0;
    out->from_day = from_ms == INT64_MIN ? INT32_MIN : zone_local_day(sight.zone, from_ms);
    out->before_day = until_ms == INT64_MAX ? INT32_MAX : zone_local_day(sight.zone, until_ms - 1) + 1;
    out->by_district = district != NULL;
    if (!read_cursor(x, out))
        return false;
    err = district != NULL ? district_load(x->server->records, district, &fault, &out->district) : OK;
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

static void reply_found(struct exchange *x, struct facts *facts, const struct found_asked *asked, struct found_page *page)
{
    struct fault fault = {0};
    bool all = page->check == NULL && page->district == NULL;
    page->fault = &fault;
    out_object(x->out, NULL);
    out_array(x->out, "items");
    enum err err = facts_found_checks(facts, asked->meter_no, asked->from_day, asked->before_day, asked->before_meter_no,
                                      all ? (int)page->limit + 1 : LOOKED_MAX + 1, take_found_day, page, &fault);
    if (err == OK)
        err = page->err;
    if (err == OK) {
        char next[64];
        snprintf(next, sizeof next, "%" PRId32 ".%" PRId64, page->last_day, page->last_meter_no);
        page_end(x, page->more ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        buf_reset(x->out);
        problem_store(x, err, &fault);
    }
}

void checks_list(struct exchange *x)
{
    struct found_page page = {.x = x};
    struct found_asked asked = {.meter_no = 0};
    if (x->caller.role == ROLE_CUSTOMER) {
        problem(x, 403, "forbidden", "What was found over all meters is for operators.");
        return;
    }
    if (!page_limit(x, &page.limit) || !read_found_query(x, &page, &asked))
        return;
    if (asked.by_district)
        page.district = &asked.district;
    struct facts *facts = ledger_for(x);
    if (facts != NULL) {
        reply_found(x, facts, &asked, &page);
        ledger_done(x, facts);
    }
    district_release(&asked.district);
}
