/* GET /bills, /bills/{bill_id}, /meters/{meter_id}/bill: ready documents of the ledger, and issued ones of the records. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/bill_sight.h"
#include "api/bill_view.h"
#include "api/caller.h"
#include "api/gather.h"
#include "api/ledger.h"
#include "api/page.h"
#include "api/resources.h"
#include "base/text.h"
#include "wire/json_out.h"

struct listing {
    struct exchange *x;
    struct fault *fault;
    enum err err; /* of the callback */
    int state;    /* asked for; -1: any */
    const struct bill_sight *sight;
    struct gather *gather;
    size_t wanted, found;
    struct bill_row last; /* its document is not valid any more */
    size_t seen;
};

static int take_bill(const struct bill_row *row, void *arg)
{
    struct listing *listing = arg;
    struct buf document;
    enum bill_state state = row->state;
    listing->seen++;
    listing->last = *row;
    if (!bill_sight_holds(listing->sight, row->account_id))
        return 0;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    listing->err = bill_view(listing->x, row, listing->fault, &document, &state);
    if (listing->err == OK && document.overflow)
        listing->err = fault_set(listing->fault, ERR_RETRY, "memory is out");
    bool wanted = listing->err == OK && (listing->state < 0 || (int)state == listing->state);
    if (wanted)
        gather_add(listing->gather, row->from_day, row->bill_id, document.data);
    buf_finish(&document);
    listing->found += wanted;
    return listing->err != OK || listing->found == listing->wanted;
}

/* What the ledger calls it: it knows nothing of issuing. */
static int state_in_ledger(int state)
{
    return state == BILL_ISSUED || state == BILL_ADJUSTED ? BILL_DRAFT : state;
}

/* Up to `wanted` bills of one meter (or of all) that may be seen, after the cursor. */
static enum err list_meter(struct facts *facts, int64_t meter_no, const struct gather_cursor *after, struct listing *listing)
{
    struct gather_cursor at = *after;
    char bill_id[BILL_ID_SIZE]; /* a cursor's text must stay while the listing runs */
    listing->found = 0;
    for (;;) {
        listing->seen = 0;
        int limit = (int)listing->wanted;
        enum err err =
            facts_bills(facts, meter_no, state_in_ledger(listing->state), (int32_t)at.number, at.text, limit, take_bill, listing, listing->fault);
        if (err == OK)
            err = listing->err;
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
    struct bill_sight sight;
    enum err err = bill_sight_of(x, fault, &sight);
    struct listing listing = {.x = x, .fault = fault, .state = state, .sight = &sight, .gather = gather, .wanted = gather->limit + 1};
    if (err == OK && (sight.all || meter_no != 0))
        err = list_meter(facts, meter_no, after, &listing);
    for (size_t i = 0; err == OK && !sight.all && meter_no == 0 && i < sight.count; i++) {
        bool again = false; /* a meter that they had twice */
        for (size_t k = 0; k < i; k++)
            again = again || sight.records[k].meter_no == sight.records[i].meter_no;
        if (!again)
            err = list_meter(facts, sight.records[i].meter_no, after, &listing);
    }
    bill_sight_finish(&sight);
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
    struct bill_sight sight = {.all = true};
    if (err == OK)
        err = bill_sight_of(x, &fault, &sight);
    bool theirs = sight.all;
    for (size_t i = 0; err == OK && i < sight.count; i++)
        theirs = theirs || sight.records[i].meter_no == point.meter_no;
    bill_sight_finish(&sight);
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
    const struct bill_sight *sight;
    struct buf *out;
    bool found;
};

static int write_one(const struct bill_row *row, void *arg)
{
    struct one *one = arg;
    if (!bill_sight_holds(one->sight, row->account_id))
        return 0;
    out_raw(one->out, NULL, row->document);
    one->found = true;
    return 1;
}

static enum err get_issued(struct one *one, int edition, struct fault *fault)
{
    enum bill_state state;
    char account_id[RECORD_ID_SIZE];
    enum err err = bill_view_issued(one->x, one->x->arg, edition, fault, one->out, &state, account_id);
    one->found = err == OK && bill_sight_holds(one->sight, account_id);
    if (err == OK && !one->found)
        buf_reset(one->out);
    return err;
}

static enum err get_draft(struct one *one, struct fault *fault)
{
    struct facts *facts = NULL;
    enum err err = ledger_borrow(one->x->server->ledger, fault, &facts);
    if (err != OK)
        return err;
    err = facts_bill(facts, one->x->arg, write_one, one, fault);
    ledger_return(one->x->server->ledger, facts, err == ERR_FATAL);
    return err;
}

enum err bill_for_caller(struct exchange *x, int edition, struct fault *fault, struct buf *out)
{
    struct bill_sight sight = {0};
    struct one one = {.x = x, .sight = &sight, .out = out};
    enum err err = bill_sight_of(x, fault, &sight);
    if (err == OK)
        err = get_issued(&one, edition, fault);
    if (err == ERR_NOT_FOUND && edition == 0)
        err = get_draft(&one, fault);
    bill_sight_finish(&sight);
    return err == OK && !one.found ? ERR_NOT_FOUND : err;
}

void bills_get(struct exchange *x)
{
    struct fault fault = {0};
    int64_t edition;
    enum err err = param_int(&x->query, "edition", 1, 1000000, 0, &fault, &edition);
    if (err == OK)
        err = bill_for_caller(x, (int)edition, &fault, x->out);
    if (err == OK)
        reply_tagged(x, 200, -1);
    else
        problem_store(x, err, &fault);
}

void bills_of_meter(struct exchange *x)
{
    struct sight sight;
    struct fault fault = {0};
    struct bill_sight bills;
    struct one one = {.x = x, .sight = &bills, .out = x->out};
    if (!sight_of(x, x->arg, &sight))
        return;
    struct facts *facts = ledger_for(x);
    if (facts == NULL)
        return;
    enum err err = bill_sight_of(x, &fault, &bills);
    if (err == OK)
        err = facts_bills(facts, sight.point.meter_no, BILL_OPEN, 0, NULL, 10, write_one, &one, &fault);
    if (err != OK)
        problem_store(x, err, &fault);
    else if (!one.found)
        problem(x, 404, "no_bill_yet", "This meter has no bill yet: it has sent no readings in this cycle.");
    else
        reply_tagged(x, 200, -1);
    ledger_done(x, facts);
    bill_sight_finish(&bills);
}
