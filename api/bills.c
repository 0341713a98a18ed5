/* GET /bills, /bills/{bill_id}, /meters/{meter_id}/bill: ready documents of the ledger. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/gather.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"

#define ACCOUNTS_MAX 200

/* The accounts whose bills a customer may see: all that were ever theirs. */
struct accounts {
    bool all; /* an operator's */
    size_t count;
    struct account_record *records;
};

static enum err accounts_of(struct exchange *x, struct fault *fault, struct accounts *out)
{
    memset(out, 0, sizeof *out);
    out->all = x->caller.role != ROLE_CUSTOMER;
    if (out->all)
        return OK;
    struct account_filter filter = {.customer_id = x->caller.login.customer_id};
    out->records = calloc(ACCOUNTS_MAX, sizeof *out->records);
    if (out->records == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    return records_account_list(x->server->records, &filter, ACCOUNTS_MAX, fault, out->records, &out->count);
}

static bool accounts_hold(const struct accounts *accounts, const struct bill_row *row)
{
    if (accounts->all)
        return true;
    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->records[i].account_id, row->account_id) == 0)
            return true;
    return false;
}

struct listing {
    const struct accounts *accounts;
    struct gather *gather;
    size_t wanted, found;
    struct bill_row last; /* its document is not valid any more */
    size_t seen;
};

static int take_bill(const struct bill_row *row, void *arg)
{
    struct listing *listing = arg;
    listing->seen++;
    listing->last = *row;
    if (!accounts_hold(listing->accounts, row))
        return 0;
    gather_add(listing->gather, row->from_day, row->bill_id, row->document);
    return ++listing->found == listing->wanted;
}

/* Up to `wanted` bills of one meter (or of all) that may be seen, after the cursor. */
static enum err list_meter(struct facts *facts, int64_t meter_no, int state, const struct gather_cursor *after, struct listing *listing,
                           struct fault *fault)
{
    struct gather_cursor at = *after;
    char bill_id[BILL_ID_SIZE]; /* a cursor's text must stay while the listing runs */
    listing->found = 0;
    for (;;) {
        listing->seen = 0;
        int limit = (int)listing->wanted;
        enum err err = facts_bills(facts, meter_no, state, (int32_t)at.number, at.text, limit, take_bill, listing, fault);
        if (err != OK || listing->found == listing->wanted || listing->seen < (size_t)limit)
            return err;
        at.number = listing->last.from_day;
        text_copy(bill_id, sizeof bill_id, listing->last.bill_id);
        at.text = bill_id;
    }
}

static enum err list_all(struct exchange *x, struct facts *facts, int64_t meter_no, int state, const struct gather_cursor *after,
                         struct gather *gather, struct fault *fault)
{
    struct accounts accounts;
    enum err err = accounts_of(x, fault, &accounts);
    struct listing listing = {.accounts = &accounts, .gather = gather, .wanted = gather->limit + 1};
    if (err == OK && (accounts.all || meter_no != 0))
        err = list_meter(facts, meter_no, state, after, &listing, fault);
    for (size_t i = 0; err == OK && !accounts.all && meter_no == 0 && i < accounts.count; i++) {
        bool again = false; /* a meter that they had twice */
        for (size_t k = 0; k < i; k++)
            again = again || accounts.records[k].meter_no == accounts.records[i].meter_no;
        if (!again)
            err = list_meter(facts, accounts.records[i].meter_no, state, after, &listing, fault);
    }
    free(accounts.records);
    return err;
}

/* A meter's number where one is asked for: a customer's former meters too, whose bills stay theirs. */
static bool read_meter(struct exchange *x, int64_t *out_meter_no)
{
    struct fault fault = {0};
    const char *meter_id;
    struct point_record point;
    *out_meter_no = 0;
    if (param_name(&x->query, "meter_id", &fault, &meter_id) != OK) {
        problem_input(x, &fault);
        return false;
    }
    if (meter_id == NULL)
        return true;
    enum err err = records_point_by_id(x->server->records, meter_id, &fault, &point);
    struct accounts accounts = {.all = true};
    if (err == OK)
        err = accounts_of(x, &fault, &accounts);
    bool theirs = accounts.all;
    for (size_t i = 0; err == OK && i < accounts.count; i++)
        theirs = theirs || accounts.records[i].meter_no == point.meter_no;
    free(accounts.records);
    if (err == OK && theirs) {
        *out_meter_no = point.meter_no;
        return true;
    }
    problem_store(x, err == OK ? ERR_NOT_FOUND : err, &fault);
    return false;
}

static bool read_state(struct exchange *x, int *out)
{
    struct fault fault = {0};
    enum bill_state state;
    const char *name = param_get(&x->query, "state");
    *out = -1;
    if (name == NULL)
        return true;
    if (!bill_state_parse(name, &state)) {
        param_fault(&fault, "state", "One of open, draft, issued, adjusted is expected.");
        problem_input(x, &fault);
        return false;
    }
    *out = (int)state;
    return true;
}

void bills_list(struct exchange *x)
{
    struct gather gather;
    struct gather_cursor after = {0};
    struct fault fault = {0};
    int64_t meter_no;
    int state;
    size_t limit;
    if (!page_limit(x, &limit) || !page_cursor(x, &after.number, &after.text) || !read_state(x, &state) || !read_meter(x, &meter_no))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    gather_init(&gather, limit);
    enum err err = list_all(x, facts, meter_no, state, &after, &gather, &fault);
    if (err == OK && gather.failed)
        err = fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        char next[GATHER_CURSOR_SIZE];
        out_object(x->out, NULL);
        out_array(x->out, "items");
        bool more = gather_write(&gather, x->out, next);
        page_end(x, more ? next : NULL);
        reply_tagged(x, 200, -1);
    } else {
        problem_store(x, err, &fault);
    }
    ledger_done(x, facts);
    gather_finish(&gather);
}

struct one {
    struct exchange *x;
    const struct accounts *accounts;
    bool found;
};

static int write_one(const struct bill_row *row, void *arg)
{
    struct one *one = arg;
    if (!accounts_hold(one->accounts, row))
        return 0;
    out_raw(one->x->out, NULL, row->document);
    one->found = true;
    return 1;
}

void bills_get(struct exchange *x)
{
    struct fault fault = {0};
    struct accounts accounts;
    struct one one = {.x = x, .accounts = &accounts};
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    enum err err = accounts_of(x, &fault, &accounts);
    if (err == OK)
        err = facts_bill(facts, x->arg, write_one, &one, &fault);
    if (err == OK && !one.found)
        err = ERR_NOT_FOUND;
    if (err == OK)
        reply_tagged(x, 200, -1);
    else
        problem_store(x, err, &fault);
    ledger_done(x, facts);
    free(accounts.records);
}

void bills_of_meter(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    struct accounts accounts;
    struct one one = {.x = x, .accounts = &accounts};
    if (!sight_of(x, x->arg, &sight))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    enum err err = accounts_of(x, &fault, &accounts);
    if (err == OK)
        err = facts_bills(facts, sight.point.meter_no, BILL_OPEN, 0, NULL, 10, write_one, &one, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else if (!one.found)
        problem(x, 404, "no_bill_yet", "This meter has no bill yet: it has sent no readings in this cycle.");
    else
        reply_tagged(x, 200, -1);
    ledger_done(x, facts);
    free(accounts.records);
}
