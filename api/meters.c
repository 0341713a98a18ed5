/* GET and POST /meters, GET and PATCH /meters/{meter_id}. */
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/device_line.h"
#include "api/ledger.h"
#include "api/meter_json.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/instant.h"
#include "base/text.h"
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

/* The device that the request tells of: the present one, said anew, or one that hangs there from now (or from when it says) on. */
static enum err put_device(struct exchange *x, const struct actor *actor, int64_t meter_no, const struct meter_device *said, struct fault *fault)
{
    struct device_record known[DEVICE_LINE_MAX], device = said->device;
    size_t count = 0;
    if (!said->given)
        return OK;
    enum err err = records_device_list(x->server->records, meter_no, DEVICE_LINE_MAX, fault, known, &count);
    if (err != OK)
        return err;
    const struct device_record *present = count > 0 ? &known[count - 1] : NULL;
    device.meter_no = meter_no;
    if (present != NULL && strcmp(present->serial, device.serial) == 0) {
        if (said->from_given && device.installed_from_utc_ms != present->installed_from_utc_ms)
            return fault_at(fault, ERR_CONFLICT, "/device/installed_from", "This device hangs there already, from another instant on.");
        device.installed_from_utc_ms = present->installed_from_utc_ms;
        if (!said->model_given)
            text_copy(device.model, sizeof device.model, present->model);
        if (!said->max_given)
            device.register_max_wh = present->register_max_wh;
    } else if (!said->from_given) {
        device.installed_from_utc_ms = x->now_utc_ms;
    }
    return records_device_exchange(x->server->records, actor, &device, fault, NULL);
}

/* The point and its device: both or neither. */
static enum err add_meter(struct exchange *x, const struct actor *actor, const struct point_record *point, const struct meter_device *device,
                          struct fault *fault)
{
    struct records *records = x->server->records;
    int64_t meter_no = 0;
    enum err err = records_batch_begin(records, fault);
    if (err != OK)
        return err;
    err = records_point_add(records, actor, point, fault, &meter_no);
    if (err == OK)
        err = put_device(x, actor, meter_no, device, fault);
    if (err == OK)
        err = records_batch_commit(records, fault);
    records_batch_rollback(records);
    return err;
}

static enum err change_meter(struct exchange *x, const struct actor *actor, const struct point_record *point, int64_t expected,
                             const struct meter_device *device, struct fault *fault, bool *out_changed_meanwhile)
{
    struct records *records = x->server->records;
    int64_t revision;
    enum err err = records_batch_begin(records, fault);
    if (err != OK)
        return err;
    err = records_point_update(records, actor, point, expected, fault, &revision);
    *out_changed_meanwhile = err == ERR_CONFLICT;
    if (err == OK)
        err = put_device(x, actor, point->meter_no, device, fault);
    if (err == OK)
        err = records_batch_commit(records, fault);
    records_batch_rollback(records);
    return err;
}

void meters_create(struct exchange *x)
{
    struct point_record point;
    struct meter_device device = {.given = false};
    struct sight sight;
    struct fault fault = {0};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    point_record_init(&point);
    enum err err = meter_read(&x->body, true, x->server->zones, &fault, &point, &device);
    if (err == OK)
        err = add_meter(x, &actor, &point, &device, &fault);
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
    int64_t if_revision;
    bool changed_meanwhile = false;
    struct meter_device device = {.given = false};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    if (!reply_if_match(x, &if_revision) || !sight_of(x, x->arg, &sight))
        return;
    struct point_record point = sight.point;
    enum err err = meter_read(&x->body, false, x->server->zones, &fault, &point, &device);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    /* what was read just now is what is changed: another writer in between is a conflict in any case */
    int64_t expected = if_revision == RECORDS_ANY_REVISION ? point.revision : if_revision;
    err = change_meter(x, &actor, &point, expected, &device, &fault, &changed_meanwhile);
    if (changed_meanwhile) {
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
