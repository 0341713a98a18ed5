/*
 * Decisions on readings: GET and POST /estimates, POST /estimates/preview, GET /estimates/{estimate_id}, POST …/approve, …/reject, …/withdraw. For
 * operators: what a household sees of them is the quality of its quarter-hours.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/estimate_json.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "store/decided.h"
#include "wire/json_out.h"
#include "wire/message_json.h"
#include "wire/rest_in.h"

/* Quality is read by customers too (their meters' completeness), decisions are not. False, and 403 was replied. */
static bool may_see(struct exchange *x)
{
    if (x->caller.role != ROLE_CUSTOMER)
        return true;
    problem(x, 403, "forbidden", "Decisions on readings are for operators.");
    return false;
}

static bool read_exchange(const char *document, int64_t *old_final_wh, int64_t *new_start_wh, int64_t *new_register_max_wh)
{
    struct exchange_message message;
    if (!exchange_parse(document, strlen(document), &message))
        return false;
    *old_final_wh = message.old_final_wh;
    *new_start_wh = message.new_start_wh;
    *new_register_max_wh = message.new_register_max_wh;
    return true;
}

static void reply_estimate(struct exchange *x, int64_t decision_no, int status)
{
    struct decision_record record;
    struct fault fault = {0};
    enum err err = records_decision_by_no(x->server->records, decision_no, &fault, &record);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if (status == 201)
        http_response_header(x->response, "Location", "/api/v1/estimates/%s", record.estimate_id);
    estimate_write(x->out, &record);
    reply_tagged(x, status, record.revision);
}

/* ---- lists ---- */

/* False, and a problem was replied. */
static bool read_filter(struct exchange *x, struct decision_filter *out)
{
    struct fault fault = {0};
    const char *meter_id, *state = param_get(&x->query, "state"), *cursor = param_get(&x->query, "cursor");
    struct sight sight;
    memset(out, 0, sizeof *out);
    enum err err = param_name(&x->query, "meter_id", &fault, &meter_id);
    if (err == OK && state != NULL) {
        out->by_state = true;
        if (!decision_state_parse(state, &out->state))
            err = param_fault(&fault, "state", "One of proposed, approved, rejected, withdrawn is expected.");
    }
    if (err == OK && cursor != NULL && *cursor != '\0' && (!text_to_int64(cursor, &out->before_no) || out->before_no < 1))
        err = param_fault(&fault, "cursor", "This is not a next_cursor of this list.");
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (meter_id == NULL)
        return true;
    if (!sight_of(x, meter_id, &sight))
        return false;
    out->meter_no = sight.point.meter_no;
    return true;
}

void estimates_list(struct exchange *x)
{
    struct decision_filter filter;
    struct fault fault = {0};
    size_t limit, count = 0;
    char next[32];
    if (!may_see(x) || !page_limit(x, &limit) || !read_filter(x, &filter))
        return;
    struct decision_record *rows = calloc(limit, sizeof *rows);
    enum err err = rows != NULL ? records_decision_list(x->server->records, &filter, limit, &fault, rows, &count)
                                : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        out_object(x->out, NULL);
        out_array(x->out, "items");
        for (size_t i = 0; i < count; i++)
            estimate_write(x->out, &rows[i]);
        if (count == limit)
            snprintf(next, sizeof next, "%" PRId64, rows[count - 1].decision.decision_no);
        page_end(x, count == limit ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

/* False, and 404 was replied. */
static bool read_id(struct exchange *x, int64_t *out_decision_no)
{
    if (records_decision_id_parse(x->arg, out_decision_no))
        return true;
    problem_not_found(x);
    return false;
}

void estimates_get(struct exchange *x)
{
    int64_t decision_no;
    if (may_see(x) && read_id(x, &decision_no))
        reply_estimate(x, decision_no, 200);
}

/* ---- a new one ---- */

/* The meter and the decision of the body, and what it changes. */
static enum err read_new(struct exchange *x, bool with_reason, struct fault *fault, struct sight *sight, struct decision_record *record)
{
    struct rest_in *in = NULL;
    char meter_id[RECORD_ID_SIZE] = "";
    enum err err = estimate_open(&x->body, fault, &in, meter_id);
    if (err == OK) {
        err = records_point_by_id(x->server->records, meter_id, fault, &sight->point);
        if (err == ERR_NOT_FOUND)
            err = fault_at(fault, ERR_INVALID, "/meter_id", "There is no such meter.");
    }
    if (err == OK)
        err = sight_of_point(x->server, &x->caller, &sight->point, x->now_utc_ms, fault, sight);
    if (err == OK)
        err = estimate_read(in, sight->zone, with_reason, fault, record);
    rest_in_destroy(in);
    return err;
}

static enum err weigh(struct exchange *x, const struct sight *sight, struct decision_record *record, struct fault *fault)
{
    struct facts *facts = NULL;
    record->meter_no = sight->point.meter_no;
    if (record->decision.until_utc_ms > x->now_utc_ms)
        return fault_at(fault, ERR_INVALID, decision_is_span(&record->decision) ? "/to" : "/ts", "It lies in the future.");
    enum err err = ledger_borrow(x->server->ledger, fault, &facts);
    if (err != OK)
        return err;
    err = decided_preview(facts, x->server->records, &sight->point, sight->zone, &record->decision, read_exchange, fault, &record->before_wh,
                          &record->after_wh);
    ledger_return(x->server->ledger, facts, err == ERR_FATAL);
    return err;
}

void estimates_create(struct exchange *x)
{
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct fault fault = {0};
    struct sight sight;
    struct decision_record record;
    int64_t decision_no = 0;
    enum err err = read_new(x, true, &fault, &sight, &record);
    if (err == OK)
        err = weigh(x, &sight, &record, &fault);
    if (err == OK)
        err = records_decision_add(x->server->records, &actor, &record, &fault, &decision_no);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_estimate(x, decision_no, 201);
}

void estimates_preview(struct exchange *x)
{
    struct fault fault = {0};
    struct sight sight;
    struct decision_record record;
    bool second = false;
    enum err err = read_new(x, false, &fault, &sight, &record);
    if (err == OK)
        err = weigh(x, &sight, &record, &fault);
    if (err == OK)
        err = records_decision_needs_second(x->server->records, x->now_utc_ms, record.before_wh, record.after_wh, &fault, &second);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    estimate_write_preview(x->out, &record, second);
    reply_json(x, 200);
}

/* ---- reviews ---- */

/* Who may not is told so, apart from what cannot be. False, and a problem was replied. */
static bool may_review(struct exchange *x, int64_t decision_no, enum decision_state state, int64_t if_revision)
{
    struct decision_record now;
    struct fault fault = {0};
    enum err err = records_decision_by_no(x->server->records, decision_no, &fault, &now);
    if (err != OK) {
        problem_store(x, err, &fault);
        return false;
    }
    bool own = strcmp(now.by, x->caller.login.username) == 0;
    if (state != DECISION_WITHDRAWN && own)
        problem(x, 403, "second_person", "You proposed this; a second person approves or rejects it. You may withdraw it.");
    else if (state == DECISION_WITHDRAWN && !own && x->caller.role != ROLE_ADMIN)
        problem(x, 403, "not_yours", "Only %s, who decided it, or an administrator may withdraw it.", now.by);
    else if (if_revision != RECORDS_ANY_REVISION && if_revision != now.revision)
        problem(x, 412, "changed", "The decision has changed meanwhile; get it again.");
    else
        return true;
    return false;
}

static void review(struct exchange *x, enum decision_state state)
{
    char note[RECORD_REASON_SIZE] = "";
    struct fault fault = {0};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct decision_review said = {.state = state, .note = note, .for_others = x->caller.role == ROLE_ADMIN};
    int64_t decision_no;
    if (!read_id(x, &decision_no) || !reply_if_match(x, &said.if_revision))
        return;
    enum err err = estimate_read_note(&x->body, &fault, note);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if (!may_review(x, decision_no, state, said.if_revision))
        return;
    err = records_decision_review(x->server->records, &actor, decision_no, &said, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_estimate(x, decision_no, 200);
}

void estimates_approve(struct exchange *x)
{
    review(x, DECISION_APPROVED);
}

void estimates_reject(struct exchange *x)
{
    review(x, DECISION_REJECTED);
}

void estimates_withdraw(struct exchange *x)
{
    review(x, DECISION_WITHDRAWN);
}
