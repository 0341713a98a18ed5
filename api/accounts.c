/*
 * GET and POST /accounts, GET and PATCH /accounts/{account_id}. Operators say who lives where, from when, on which terms; a
 * customer sees their own accounts, former ones too, and sets their goal.
 */
#include <stdlib.h>
#include <string.h>
#include "api/account_json.h"
#include "api/caller.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/civil.h"
#include "base/instant.h"
#include "wire/json_out.h"

/* The terms of today, or of the nearest day of the account. */
static enum err write_account(struct exchange *x, const struct account_record *account, struct fault *fault)
{
    struct account_terms terms;
    int32_t day = (int32_t)(instant_floor(x->now_utc_ms, MS_PER_DAY) / MS_PER_DAY);
    if (account->until_day != RECORDS_NO_DAY && day >= account->until_day)
        day = account->until_day - 1;
    if (day < account->from_day)
        day = account->from_day;
    enum err err = records_account_terms_on(x->server->records, account->account_no, day, fault, &terms);
    if (err == OK)
        account_write(x->out, account, &terms);
    return err;
}

/* False, and a problem was replied. */
static bool read_filter(struct exchange *x, struct account_filter *filter)
{
    struct fault fault = {0};
    const char *meter_id, *on = param_get(&x->query, "on");
    struct point_record point;
    memset(filter, 0, sizeof *filter);
    enum err err = param_name(&x->query, "customer_id", &fault, &filter->customer_id);
    if (err == OK)
        err = param_name(&x->query, "meter_id", &fault, &meter_id);
    if (err == OK)
        err = param_name(&x->query, "cursor", &fault, &filter->after);
    filter->by_day = on != NULL;
    if (err == OK && on != NULL && !civil_parse(on, &filter->on_day))
        err = param_fault(&fault, "on", "A local date like 2026-11-22 is expected.");
    if (err == OK && meter_id != NULL) {
        err = records_point_by_id(x->server->records, meter_id, &fault, &point);
        filter->meter_no = err == OK ? point.meter_no : 0;
    }
    if (err == OK && x->caller.role == ROLE_CUSTOMER) {
        if (filter->customer_id != NULL && strcmp(filter->customer_id, x->caller.login.customer_id) != 0)
            err = ERR_NOT_FOUND;
        filter->customer_id = x->caller.login.customer_id;
    }
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

void accounts_list(struct exchange *x)
{
    struct account_filter filter;
    struct fault fault = {0};
    size_t limit, count = 0;
    if (!page_limit(x, &limit) || !read_filter(x, &filter))
        return;
    struct account_record *rows = calloc(limit, sizeof *rows);
    enum err err =
        rows != NULL ? records_account_list(x->server->records, &filter, limit, &fault, rows, &count) : fault_set(&fault, ERR_RETRY, "memory is out");
    out_object(x->out, NULL);
    out_array(x->out, "items");
    for (size_t i = 0; err == OK && i < count; i++)
        err = write_account(x, &rows[i], &fault);
    if (err == OK) {
        page_end(x, count == limit ? rows[count - 1].account_id : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    free(rows);
}

/* False, and a problem was replied. */
static bool find_account(struct exchange *x, const char *account_id, struct account_record *out)
{
    struct fault fault = {0};
    enum err err = records_account_by_id(x->server->records, account_id, &fault, out);
    if (err == ERR_INVALID || (err == OK && x->caller.role == ROLE_CUSTOMER && strcmp(out->customer_id, x->caller.login.customer_id) != 0))
        err = ERR_NOT_FOUND;
    if (err != OK)
        problem_store(x, err, &fault);
    return err == OK;
}

static void reply_account(struct exchange *x, const char *account_id, int status)
{
    struct account_record account;
    struct fault fault = {0};
    if (!find_account(x, account_id, &account))
        return;
    enum err err = write_account(x, &account, &fault);
    if (err == OK)
        reply_tagged(x, status, account.revision);
    else
        problem_store(x, err, &fault);
}

void accounts_get(struct exchange *x)
{
    reply_account(x, x->arg, 200);
}

void accounts_create(struct exchange *x)
{
    struct new_account made;
    struct fault fault = {0};
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    enum err err = account_read_new(&x->body, &fault, &made);
    if (err == OK)
        err = records_account_add(x->server->records, &actor, &made.account, &made.terms, &fault, &made.account);
    if (err != OK) {
        problem_store(x, err == ERR_NOT_FOUND ? ERR_INVALID : err, &fault);
        return;
    }
    http_response_header(x->response, "Location", "/api/v1/accounts/%s", made.account.account_id);
    reply_account(x, made.account.account_id, 201);
}

static enum err apply(struct exchange *x, const struct account_record *account, const struct account_change *change, struct fault *fault)
{
    struct records *records = x->server->records;
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    enum err err = records_batch_begin(records, fault);
    if (err != OK)
        return err;
    if (change->sets_until)
        err = records_account_end(records, &actor, account->account_id, change->until_day, fault);
    if (err == OK && change->sets_goal)
        err = records_account_goal_set(records, &actor, account->account_id, change->has_goal, change->goal_minor, fault);
    for (int i = 0; err == OK && i < change->term_count; i++)
        err = records_account_term_set(records, &actor, account->account_id, change->terms[i].term, change->from_day, change->terms[i].value, fault);
    if (err == OK)
        return records_batch_commit(records, fault);
    records_batch_rollback(records);
    return err;
}

void accounts_update(struct exchange *x)
{
    struct account_record account;
    struct account_change change;
    struct fault fault = {0};
    int64_t if_revision;
    if (!reply_if_match(x, &if_revision) || !find_account(x, x->arg, &account))
        return;
    enum err err = account_read_change(&x->body, &fault, &change);
    if (err != OK) {
        problem_store(x, err, &fault);
        return;
    }
    if ((change.sets_until || change.term_count > 0) && !scope_allows(x->caller.scopes, SCOPE_CUSTOMERS_WRITE)) {
        problem(x, 403, "forbidden", "Of an account you may change the goal alone.");
        return;
    }
    if (if_revision != RECORDS_ANY_REVISION && if_revision != account.revision) {
        problem(x, 412, "changed", "The account has changed meanwhile; get it again.");
        return;
    }
    err = apply(x, &account, &change, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else
        reply_account(x, account.account_id, 200);
}
