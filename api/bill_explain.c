/* GET /bills/{bill_id}/explain: an issued bill out of its recorded inputs, any other out of the ledger. */
#include <stdio.h>
#include <string.h>
#include "api/bill_sight.h"
#include "api/ledger.h"
#include "api/resources.h"
#include "base/text.h"
#include "billing/maker.h"
#include "store/records_issue.h"
#include "wire/bill_explain.h"
#include "wire/json_out.h"

/* The bill that is asked for: where it comes from and what it was worked out from. */
struct subject {
    bool found, recorded;
    enum bill_state state;
    char account_id[RECORD_ID_SIZE];
    int64_t number;
    int edition;
    struct buf document; /* as it is handed out */
    struct buf inputs;   /* as recorded; of the ledger's its terms */
};

static int keep_inputs(const struct issued_record *issued, const struct issued_texts *texts, void *arg)
{
    struct subject *subject = arg;
    (void)issued;
    buf_str(&subject->inputs, texts->inputs);
    return 1;
}

static enum err find_issued(struct exchange *x, int edition, struct fault *fault, struct subject *out)
{
    struct issued_record issued;
    enum err err = records_issued_by_bill(x->server->records, x->arg, edition, fault, &issued, NULL, &out->document);
    if (err != OK)
        return err;
    out->found = out->recorded = true;
    out->state = issued.edition > 1 ? BILL_ADJUSTED : BILL_ISSUED;
    out->number = issued.number;
    out->edition = issued.edition;
    text_copy(out->account_id, sizeof out->account_id, issued.account_id);
    return records_issued_each(x->server->records, issued.number - 1, 1, keep_inputs, out, fault);
}

static int keep_row(const struct bill_row *row, void *arg)
{
    struct subject *subject = arg;
    subject->found = true;
    subject->state = row->state;
    text_copy(subject->account_id, sizeof subject->account_id, row->account_id);
    buf_str(&subject->document, row->document);
    buf_str(&subject->inputs, row->terms ? row->terms : "");
    return 1;
}

/* ---- the question ---- */

static bool read_ask(struct exchange *x, struct explain_ask *out, int *out_edition)
{
    struct fault fault = {0};
    int64_t edition = 0, line = -1, limit = 0, first = 0;
    enum err err = param_int(&x->query, "edition", 1, 1000000, 0, &fault, &edition);
    if (err == OK)
        err = param_int(&x->query, "line", 0, BILL_LINES_MAX - 1, -1, &fault, &line);
    if (err == OK)
        err = param_int(&x->query, "limit", 1, EXPLAIN_INTERVALS_MAX, EXPLAIN_INTERVALS_MAX, &fault, &limit);
    if (err == OK)
        err = param_int(&x->query, "cursor", 0, RATE_INTERVALS_MAX, 0, &fault, &first);
    if (err != OK) {
        problem_input(x, &fault);
        return false;
    }
    *out = (struct explain_ask){(int)line, (int)first, (int)limit};
    *out_edition = (int)edition;
    return true;
}

/* ---- the answer ---- */

static void write_answer(struct exchange *x, const struct subject *subject, const struct bill_explained *explained)
{
    struct buf *out = x->out;
    char cursor[24];
    int next = bill_explained_next(explained);
    snprintf(cursor, sizeof cursor, "%d", next);
    out_object(out, NULL);
    out_text(out, "state", bill_state_name(subject->state));
    if (subject->recorded) {
        out_int(out, "number", subject->number);
        out_int(out, "edition", subject->edition);
    }
    out_text(out, "inputs", subject->recorded ? "recorded" : "ledger");
    out_bool(out, "as_billed", bill_explained_same(explained, subject->document.data));
    bill_explain_members(out, explained);
    out_text(out, "next_cursor", next > 0 ? cursor : NULL);
    out_end_object(out);
    reply_tagged(x, 200, -1);
}

static enum err get_zone(void *zones, const char *name, struct fault *fault, const struct zone **out)
{
    return zones_get(zones, name, fault, out);
}

static void explain(struct exchange *x, struct facts *facts, const struct subject *subject, const struct explain_ask *ask)
{
    struct fault fault = {0};
    struct bill_inputs inputs;
    struct bill_explained *explained = NULL;
    struct bill_maker *maker = bill_maker_create(x->server->records, &(struct bill_zones){get_zone, x->server->zones});
    enum bill_state state = subject->state == BILL_OPEN ? BILL_OPEN : BILL_DRAFT;
    enum err err = maker ? OK : fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK && subject->recorded)
        err = bill_maker_recorded(maker, subject->inputs.data, &fault, &inputs);
    else if (err == OK)
        err = bill_maker_present(maker, facts, subject->inputs.data, NULL, x->now_utc_ms, &fault, &inputs);
    if (err == ERR_INVALID || err == ERR_NOT_FOUND) { /* its tariff is gone, or no longer holds */
        problem(x, 409, "not_explained", "What this bill was worked out from is not all there any more: %s.", fault.text);
    } else {
        if (err == OK)
            err = bill_explain(&inputs, state, ask, &fault, &explained);
        if (err == ERR_INVALID && ask->line >= 0)
            problem_input(x, (param_fault(&fault, "line", "%s", fault.text), &fault));
        else if (err == ERR_INVALID)
            problem(x, 409, "not_explained", "This bill does not come out of the present records: %s.", fault.text);
        else if (err != OK)
            problem_store(x, err, &fault);
        else
            write_answer(x, subject, explained);
    }
    bill_explained_destroy(explained);
    bill_maker_destroy(maker);
}

static void answer(struct exchange *x, struct facts *facts, const struct subject *subject, const struct explain_ask *ask)
{
    if (subject->inputs.len > 0)
        explain(x, facts, subject, ask);
    else if (subject->recorded)
        problem(x, 409, "not_explained", "This bill was issued before the inputs of bills were recorded; its lines tell their clauses themselves.");
    else
        problem(x, 409, "not_explained", "This bill was made by an older version; the meter's next reading makes it anew.");
}

void bills_explain(struct exchange *x)
{
    struct fault fault = {0};
    struct bill_sight sight = {0};
    struct subject subject = {0};
    struct facts *facts = NULL;
    struct explain_ask ask;
    int edition;
    if (!read_ask(x, &ask, &edition))
        return;
    buf_init(&subject.document, RECORDS_DOCUMENT_MAX);
    buf_init(&subject.inputs, RECORDS_DOCUMENT_MAX);
    enum err err = bill_sight_of(x, &fault, &sight);
    if (err == OK)
        err = find_issued(x, edition, &fault, &subject);
    if (err == ERR_NOT_FOUND && edition == 0) {
        err = ledger_borrow(x->server->ledger, &fault, &facts);
        if (err == OK)
            err = facts_bill(facts, x->arg, keep_row, &subject, &fault);
    }
    if (err == OK && (!subject.found || !bill_sight_holds(&sight, subject.account_id)))
        err = ERR_NOT_FOUND;
    if (err == OK && (subject.document.overflow || subject.inputs.overflow))
        err = fault_set(&fault, ERR_RETRY, "memory is out");
    if (err == OK)
        answer(x, facts, &subject, &ask);
    else
        problem_store(x, err, &fault);
    if (facts)
        ledger_return(x->server->ledger, facts, err == ERR_FATAL);
    bill_sight_finish(&sight);
    buf_finish(&subject.document);
    buf_finish(&subject.inputs);
}
