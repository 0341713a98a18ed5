/*
 * GET /verdicts: the exception queue. What was refused at the door, what was set aside or specially judged over the neighbours and, where it is asked
 * for, what the checks over time found: one list, newest first. Refusals are for operators alone: they hold payloads, and names that are nobody's.
 */
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/verdict_list.h"
#include "wire/json_out.h"

/* False, and 400 was replied. */
static bool read_cursor(struct exchange *x, struct verdict_after *out)
{
    struct fault fault = {0};
    if (!page_cursor(x, &out->page.number, &out->page.text))
        return false;
    if (out->page.text == NULL || verdict_key_read(out))
        return true;
    param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    problem_input(x, &fault);
    return false;
}

static enum err read_place(struct exchange *x, struct verdict_asked *out, struct fault *fault)
{
    const char *place = param_get(&x->query, "place");
    bool any = place != NULL && strcmp(place, "any") == 0;
    out->door = place == NULL || any || strcmp(place, "door") == 0;
    out->neighbours = place == NULL || any || strcmp(place, "neighbours") == 0;
    out->over_time = place != NULL && (any || strcmp(place, "over_time") == 0);
    if (!out->door && !out->neighbours && !out->over_time)
        return param_fault(fault, "place", "One of door, neighbours, over_time, any is expected.");
    return OK;
}

/* A verdict belongs to one place; the name of a check to the third. */
static enum err read_words(struct exchange *x, struct verdict_asked *out, struct fault *fault)
{
    const char *name = param_get(&x->query, "verdict");
    enum verdict verdict = VERDICT_ACCEPTED;
    enum err err = read_place(x, out, fault);
    if (err != OK)
        return err;
    out->check = name != NULL ? check_by_name(name) : NULL;
    if (out->check != NULL) {
        out->over_time = out->over_time || param_get(&x->query, "place") == NULL;
        out->door = out->neighbours = false;
    } else if (name != NULL) {
        if (!verdict_parse(name, &verdict) || verdict == VERDICT_ACCEPTED || verdict == VERDICT_REPEATED)
            return param_fault(fault, "verdict", "There is no verdict of this name in this list.");
        bool at_door = verdict_table[verdict_index(verdict)].place == VERDICT_AT_DOOR;
        out->door = out->door && at_door;
        out->neighbours = out->neighbours && !at_door;
        out->over_time = false;
    }
    out->door = out->door && x->caller.role != ROLE_CUSTOMER;
    out->newest.verdict = verdict;
    return OK;
}

static enum err read_range(struct exchange *x, const struct zone *zone, struct verdict_asked *out, struct fault *fault)
{
    struct newest_filter *newest = &out->newest;
    enum err err = param_instant(&x->query, "from", zone, fault, &newest->from_utc_ms);
    if (err == OK)
        err = param_instant(&x->query, "to", zone, fault, &newest->until_utc_ms);
    if (err == OK && newest->from_utc_ms > newest->until_utc_ms)
        err = param_fault(fault, "to", "It lies before \"from\".");
    if (err == OK && newest->from_utc_ms != INT64_MIN)
        out->from_day = zone_local_day(zone, newest->from_utc_ms);
    if (err == OK && newest->until_utc_ms != INT64_MAX)
        out->until_day = zone_local_day(zone, newest->until_utc_ms - 1) + 1;
    return err;
}

/* One meter, as far as it exists for the caller. */
static void narrow(struct verdict_asked *asked, const struct sight *sight)
{
    struct newest_filter *newest = &asked->newest;
    newest->meter_no = sight->point.meter_no;
    newest->from_utc_ms = newest->from_utc_ms < sight->from_utc_ms ? sight->from_utc_ms : newest->from_utc_ms;
    newest->until_utc_ms = newest->until_utc_ms > sight->until_utc_ms ? sight->until_utc_ms : newest->until_utc_ms;
    asked->from_day = asked->from_day < sight->from_day ? sight->from_day : asked->from_day;
    asked->until_day = asked->until_day > sight->until_day ? sight->until_day : asked->until_day;
}

/* False, and a problem was replied. */
static bool read_query(struct exchange *x, struct verdict_asked *out)
{
    struct fault fault = {0};
    struct sight sight = {.zone = NULL};
    const char *meter_id, *district, *place = param_get(&x->query, "place");
    out->newest.from_utc_ms = INT64_MIN;
    out->newest.until_utc_ms = INT64_MAX;
    out->from_day = INT32_MIN;
    out->until_day = INT32_MAX;
    enum err err = param_name(&x->query, "meter_id", &fault, &meter_id);
    if (err == OK && meter_id != NULL && !sight_of(x, meter_id, &sight))
        return false;
    if (err == OK && meter_id == NULL)
        err = zones_get(x->server->zones, "UTC", &fault, &sight.zone);
    if (err == OK)
        err = param_name(&x->query, "district", &fault, &district);
    if (err == OK)
        err = read_range(x, sight.zone, out, &fault);
    if (err == OK)
        err = read_words(x, out, &fault);
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (x->caller.role == ROLE_CUSTOMER && place != NULL && strcmp(place, "door") == 0) {
        problem(x, 403, "forbidden", "What was refused at the door is for operators.");
        return false;
    }
    if (meter_id != NULL)
        narrow(out, &sight);
    out->by_district = district != NULL;
    err = district != NULL ? district_load(x->server->records, district, &fault, &out->district) : OK;
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

static void reply_page(struct exchange *x, struct gather *gather)
{
    char next[GATHER_CURSOR_SIZE];
    out_object(x->out, NULL);
    out_array(x->out, "items");
    bool more = gather_write(gather, x->out, next);
    page_end(x, more ? next : NULL);
    reply_tagged(x, 200, -1);
}

void verdicts_list(struct exchange *x)
{
    struct verdict_asked asked = {.door = false};
    struct gather gather;
    struct fault fault = {0};
    size_t limit;
    if (!page_limit(x, &limit) || !read_cursor(x, &asked.after) || !read_query(x, &asked))
        return;
    struct facts *facts = ledger_for(x);
    if (facts != NULL) {
        asked.newest.limit = (int)limit + 1;
        gather_init(&gather, limit);
        enum err err = verdict_list(x, facts, &asked, &gather, &fault);
        if (err == OK)
            reply_page(x, &gather);
        else
            problem_store(x, err, &fault);
        ledger_done(x, facts);
        gather_finish(&gather);
    }
    district_release(&asked.district);
}
