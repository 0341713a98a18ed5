/* GET and POST /bill-runs, GET /bill-runs/{run_id}, …/items, POST …/release, POST …/issue; PUT /bills/{bill_id}/payment. For operators. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/bill_issue.h"
#include "api/bill_preview.h"
#include "api/bill_run_json.h"
#include "api/page.h"
#include "api/resources.h"
#include "api/utility_day.h"
#include "base/text.h"
#include "wire/json_out.h"

/* Runs are the utility's business. False, and 403 was replied. */
static bool may_see(struct exchange *x)
{
    if (x->caller.role != ROLE_CUSTOMER)
        return true;
    problem(x, 403, "forbidden", "Bill runs are for operators.");
    return false;
}

/* False, and a problem was replied. */
static bool find_run(struct exchange *x, struct bill_run_record *out)
{
    struct fault fault = {0};
    int64_t run_no;
    if (!may_see(x))
        return false;
    if (!bill_run_id_parse(x->arg, &run_no)) {
        problem_not_found(x);
        return false;
    }
    enum err err = records_run_get(x->server->records, run_no, &fault, out);
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

static void reply_run(struct exchange *x, int64_t run_no, int status)
{
    struct bill_run_record run;
    struct fault fault = {0};
    enum err err = records_run_get(x->server->records, run_no, &fault, &run);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if (status == 201)
        http_response_header(x->response, "Location", "/api/v1/bill-runs/" RUN_ID_PREFIX "%" PRId64, run_no);
    bill_run_write(x->out, &run);
    reply_tagged(x, status, -1);
}

void bill_runs_create(struct exchange *x)
{
    struct bill_run_record run = {0};
    struct fault fault = {0};
    char meter_id[RECORD_ID_SIZE] = "";
    int32_t today = 0;
    int64_t run_no = 0;
    enum err err = utility_today(x, &fault, &today);
    run.until_day = today;
    if (err == OK)
        err = bill_run_read(&x->body, &fault, &run, meter_id);
    if (err == OK && run.until_day > today)
        err = fault_at(&fault, ERR_INVALID, "/until", "No cycle has ended after today.");
    if (err == OK && meter_id[0] != '\0') {
        struct point_record point;
        err = records_point_by_id(x->server->records, meter_id, &fault, &point);
        if (err == ERR_NOT_FOUND)
            err = fault_at(&fault, ERR_INVALID, "/meter_id", "There is no such meter.");
        run.meter_no = err == OK ? point.meter_no : 0;
    }
    if (err == OK && run.cycle_group[0] != '\0') {
        struct cycle_group_record group;
        err = records_cycle_group_by_id(x->server->records, run.cycle_group, &fault, &group);
        if (err == ERR_NOT_FOUND)
            err = fault_at(&fault, ERR_INVALID, "/cycle_group", "There is no such cycle group.");
    }
    if (err == OK)
        err = bill_preview(x, &run, &fault, &run_no);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_run(x, run_no, 201);
}

void bill_runs_get(struct exchange *x)
{
    struct bill_run_record run;
    if (find_run(x, &run)) {
        bill_run_write(x->out, &run);
        reply_tagged(x, 200, -1);
    }
}

/* A cursor that is a number. False, and 400 was replied. */
static bool read_cursor(struct exchange *x, int64_t *out)
{
    struct fault fault = {0};
    const char *cursor = param_get(&x->query, "cursor");
    *out = 0;
    if (cursor == NULL || *cursor == '\0' || (text_to_int64(cursor, out) && *out > 0))
        return true;
    param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    problem_input(x, &fault);
    return false;
}

static void end_page(struct exchange *x, bool more, int64_t last)
{
    char next[24];
    snprintf(next, sizeof next, "%" PRId64, last);
    page_end(x, more ? next : NULL);
    reply_tagged(x, 200, -1);
}

void bill_runs_list(struct exchange *x)
{
    struct fault fault = {0};
    size_t limit, count = 0;
    int64_t before_no;
    if (!may_see(x) || !page_limit(x, &limit) || !read_cursor(x, &before_no))
        return;
    struct bill_run_record *runs = calloc(limit, sizeof *runs);
    enum err err =
        runs != NULL ? records_run_list(x->server->records, before_no, limit, &fault, runs, &count) : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++)
            bill_run_write(x->out, &runs[i]);
        end_page(x, count == limit, count > 0 ? runs[count - 1].run_no : 0);
    } else {
        problem_store(x, err, &fault);
    }
    free(runs);
}

void bill_run_items_list(struct exchange *x)
{
    struct bill_run_record run;
    struct fault fault = {0};
    enum run_item_filter filter = ITEMS_ALL;
    size_t limit, count = 0;
    int64_t after_no;
    if (!find_run(x, &run) || !page_limit(x, &limit) || !read_cursor(x, &after_no))
        return;
    const char *state = param_get(&x->query, "state");
    if (state != NULL && !run_item_filter_parse(state, &filter)) {
        param_fault(&fault, "state", "One of all, ready, held, issued, stale is expected.");
        problem_input(x, &fault);
        return;
    }
    struct bill_run_item *items = calloc(limit, sizeof *items);
    enum err err = items != NULL ? records_run_items(x->server->records, run.run_no, filter, after_no, limit, &fault, items, &count)
                                 : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++)
            bill_run_item_write(x->out, &items[i]);
        end_page(x, count == limit, count > 0 ? items[count - 1].item_no : 0);
    } else {
        problem_store(x, err, &fault);
    }
    free(items);
}

void bill_run_release(struct exchange *x)
{
    struct bill_run_record run;
    struct fault fault = {0};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    char bill_id[BILL_ID_SIZE], reason[RECORD_REASON_SIZE];
    if (!find_run(x, &run))
        return;
    enum err err = bill_release_read(&x->body, &fault, bill_id, reason);
    if (err == OK)
        err = records_run_release(x->server->records, &actor, run.run_no, bill_id, reason, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_run(x, run.run_no, 200);
}

void bill_run_issue(struct exchange *x)
{
    struct bill_run_record run;
    struct fault fault = {0};
    if (!find_run(x, &run))
        return;
    if (!run.whole) {
        problem(x, 409, "conflict", "The preview of this run did not come to its end; make another.");
        return;
    }
    enum err err = bill_issue(x, run.run_no, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_run(x, run.run_no, 200);
}

void bill_payment_set(struct exchange *x)
{
    struct issued_record issued;
    struct payment_record payment;
    struct fault fault = {0};
    struct buf document;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    enum err err = records_issued_by_bill(x->server->records, x->arg, 0, &fault, &issued, NULL, &document);
    if (err == OK)
        err = records_payment_get(x->server->records, issued.number, &fault, &payment);
    if (err == OK)
        err = bill_payment_read(&x->body, &fault, &payment);
    if (err == OK)
        err = records_payment_set(x->server->records, &actor, issued.number, &payment, &fault);
    if (err == OK)
        err = records_payment_get(x->server->records, issued.number, &fault, &payment);
    if (err == OK) {
        bill_issued_write(x->out, document.data, &issued, &payment);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    buf_finish(&document);
}
