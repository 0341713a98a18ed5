/* GET and POST /meters, GET and PATCH /meters/{meter_id}. */
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/ledger.h"
#include "api/meter_json.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/instant.h"
#include "wire/json_out.h"

/* False, and 400 was replied. */
static bool read_filter(struct exchange *x, struct point_filter *filter)
{
    struct fault fault = {0};
    const char *state = param_get(&x->query, "state");
    memset(filter, 0, sizeof *filter);
    filter->by_state = state != NULL;
    enum err err = OK;
    if (state != NULL && !point_state_parse(state, &filter->state))
        err = param_fault(&fault, "state", "One of unassigned, active, inactive is expected.");
    if (err == OK)
        err = param_name(&x->query, "district", &fault, &filter->district);
    if (err == OK)
        err = param_name(&x->query, "feeder", &fault, &filter->feeder);
    if (err == OK)
        err = param_name(&x->query, "cursor", &fault, &filter->after);
    filter->search = param_get(&x->query, "search");
    if (err == OK && filter->search != NULL && (filter->search[0] == '\0' || strlen(filter->search) > 64))
        err = param_fault(&fault, "search", "1 to 64 bytes are expected.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (x->caller.role == ROLE_CUSTOMER) {
        filter->customer_id = x->caller.login.customer_id;
        filter->on_day = (int32_t)(instant_floor(x->now_utc_ms, MS_PER_DAY) / MS_PER_DAY);
    }
    return true;
}

static enum err write_items(struct exchange *x, const struct point_record *points, size_t count, struct facts *facts, struct fault *fault)
{
    out_object(x->out, NULL);
    out_array(x->out, "items");
    for (size_t i = 0; i < count; i++) {
        struct sight sight;
        enum err err = sight_of_point(x->server, &x->caller, &points[i], x->now_utc_ms, fault, &sight);
        if (err == ERR_NOT_FOUND)
            continue;
        if (err == OK)
            err = meter_write(x->out, &sight, facts, NULL, fault);
        if (err != OK)
            return err;
    }
    return OK;
}

void meters_list(struct exchange *x)
{
    struct point_filter filter;
    struct fault fault = {0};
    size_t limit, count = 0;
    if (!page_limit(x, &limit) || !read_filter(x, &filter))
        return;
    struct point_record *points = calloc(limit, sizeof *points);
    struct facts *facts = points != NULL ? ledger_for(x) : NULL;
    if (points == NULL)
        problem_later(x, 503, "busy", 1000, "Memory is out.");
    if (facts == NULL) {
        free(points);
        return;
    }
    enum err err = records_point_list(x->server->records, &filter, limit, &fault, points, &count);
    if (err == OK)
        err = write_items(x, points, count, facts, &fault);
    if (err == OK) {
        page_end(x, count == limit ? points[count - 1].meter_id : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
    free(points);
}

static void reply_meter(struct exchange *x, const struct sight *sight, int status)
{
    struct fault fault = {0};
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    enum err err = meter_write(x->out, sight, facts, x->server->records, &fault);
    if (err == OK)
        reply_tagged(x, status, sight->point.revision);
    else
        problem_store(x, err, &fault);
    ledger_done(x, facts);
}

void meters_get(struct exchange *x)
{
    struct sight sight;
    if (sight_of(x, x->arg, &sight))
        reply_meter(x, &sight, 200);
}

void meters_create(struct exchange *x)
{
    struct point_record point;
    struct sight sight;
    struct fault fault = {0};
    int64_t meter_no;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    point_record_init(&point);
    enum err err = meter_read(&x->body, true, x->server->zones, &fault, &point);
    if (err == OK)
        err = records_point_add(x->server->records, &actor, &point, &fault, &meter_no);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if (!sight_of(x, point.meter_id, &sight))
        return;
    http_response_header(x->response, "Location", "/api/v1/meters/%s", point.meter_id);
    reply_meter(x, &sight, 201);
}

void meters_update(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    int64_t if_revision, revision;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    if (!reply_if_match(x, &if_revision) || !sight_of(x, x->arg, &sight))
        return;
    struct point_record point = sight.point;
    enum err err = meter_read(&x->body, false, x->server->zones, &fault, &point);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    /* what was read just now is what is changed: another writer in between is a conflict in any case */
    int64_t expected = if_revision == RECORDS_ANY_REVISION ? point.revision : if_revision;
    err = records_point_update(x->server->records, &actor, &point, expected, &fault, &revision);
    if (err == ERR_CONFLICT) {
        problem(x, 412, "changed", "The meter has changed meanwhile; get it again.");
        return;
    }
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if (sight_of(x, x->arg, &sight))
        reply_meter(x, &sight, 200);
}
