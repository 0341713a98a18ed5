#include "api/bill_issue.h"
#include <stdlib.h>
#include <string.h>
#include "access/token.h"
#include "api/bill_causes.h"
#include "api/ledger.h"
#include "api/utility_day.h"
#include "base/hash.h"
#include "base/text.h"
#include "billing/maker.h"
#include "wire/issue_json.h"

#define AT_ONCE 50 /* bills of one transaction */

struct issuing {
    struct exchange *x;
    struct facts *facts;
    int64_t run_no;
    int32_t due_day;
    struct actor actor;
    struct bill_maker *maker;
    int64_t number; /* of the last document … */
    char hash[BILL_HASH_SIZE];
    struct fault *fault;
};

enum err bill_chain_hash(const char *previous_hash, const char *document, struct fault *fault, char out[BILL_HASH_SIZE])
{
    struct buf text;
    buf_init(&text, 2 * RECORDS_DOCUMENT_MAX);
    buf_printf(&text, "%s\n", previous_hash);
    buf_str(&text, document);
    enum err err = text.overflow ? fault_set(fault, ERR_RETRY, "memory is out") : OK;
    if (err == OK)
        secret_hash(text.data, out);
    buf_finish(&text);
    return err;
}

struct draft {
    struct buf document, terms, inputs;
};

static int copy_draft(const struct bill_row *row, void *arg)
{
    struct draft *out = arg;
    if (row->state != BILL_DRAFT)
        return 1;
    buf_str(&out->document, row->document);
    buf_str(&out->terms, row->terms ? row->terms : "");
    return 1;
}

/* Is the draft as the preview saw it, with nothing under way? */
static enum err load_draft(struct issuing *issuing, const struct bill_run_item *item, struct draft *out, bool *out_same)
{
    char hash[FINGERPRINT_SIZE];
    bool marked = false;
    enum err err = facts_meter_marked(issuing->facts, item->meter_no, &marked, issuing->fault); /* before the draft: never too hopeful */
    if (err == OK)
        err = facts_bill(issuing->facts, item->bill_id, copy_draft, out, issuing->fault);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    fingerprint(out->document.data, out->document.len, hash);
    *out_same = err == OK && out->document.len > 0 && !out->document.overflow && out->terms.len > 0 && !marked && strcmp(hash, item->draft_hash) == 0;
    return OK;
}

/* What the draft was worked out from. A draft that does not come out of it again is on its way to another one. */
static enum err load_inputs(struct issuing *issuing, struct draft *draft, bool *out_same)
{
    struct fault fault = {0};
    enum err err = bill_maker_inputs(issuing->maker, issuing->facts, draft->terms.data, draft->document.data, &fault, &draft->inputs, out_same);
    if (err == ERR_INVALID || err == ERR_NOT_FOUND || (err == OK && draft->inputs.overflow)) {
        *out_same = false;
        return OK;
    }
    return err == OK ? OK : fault_set(issuing->fault, err, "%s", fault.text);
}

/* The edition before, where this corrects one; and what came since it. */
static enum err load_former(struct issuing *issuing, const struct bill_run_item *item, struct issued_record *former, struct buf *draft,
                            struct buf *causes)
{
    enum err err = records_issued_by_bill(issuing->x->server->records, item->bill_id, 0, issuing->fault, former, draft, NULL);
    return err == OK ? bill_causes(issuing->x, issuing->facts, former, causes, issuing->fault) : err;
}

static enum err issue_one(struct issuing *issuing, const struct bill_run_item *item, const struct draft *draft)
{
    char inputs_hash[SECRET_HASH_SIZE];
    struct issued_record former = {0};
    struct buf former_draft, causes, document;
    buf_init(&former_draft, RECORDS_DOCUMENT_MAX);
    buf_init(&causes, RECORDS_DOCUMENT_MAX);
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    struct records *records = issuing->x->server->records;
    enum err err = item->negates != 0 ? load_former(issuing, item, &former, &former_draft, &causes) : OK;
    struct issued_record issued = {.number = issuing->number + 1,
                                   .edition = former.edition + 1,
                                   .negates = former.number,
                                   .run_no = issuing->run_no,
                                   .meter_no = item->meter_no,
                                   .from_day = item->from_day,
                                   .until_day = item->until_day,
                                   .due_day = issuing->due_day,
                                   .minor_digits = item->minor_digits,
                                   .total_minor = item->total_minor,
                                   .difference_minor = item->total_minor - former.total_minor};
    text_copy(issued.bill_id, sizeof issued.bill_id, item->bill_id);
    text_copy(issued.account_id, sizeof issued.account_id, item->account_id);
    text_copy(issued.currency, sizeof issued.currency, item->currency);
    struct issue_words words = {.number = issued.number,
                                .edition = issued.edition,
                                .negates = issued.negates,
                                .former = issued.negates != 0 ? former_draft.data : NULL,
                                .causes = issued.negates != 0 ? causes.data : NULL,
                                .issued_utc_ms = issuing->actor.at_utc_ms,
                                .due_day = issued.due_day,
                                .previous_hash = issuing->hash,
                                .inputs_hash = inputs_hash};
    secret_hash(draft->inputs.data, inputs_hash);
    if (err == OK)
        err = issue_write(&document, draft->document.data, &words, issuing->fault);
    if (err == OK && document.overflow)
        err = fault_set(issuing->fault, ERR_FATAL, "a bill is larger than its buffer");
    if (err == OK)
        err = bill_chain_hash(issuing->hash, document.data, issuing->fault, issued.hash);
    if (err == OK)
        err = records_issued_add(records, &issuing->actor, &issued, item->item_no,
                                 &(struct issued_texts){draft->document.data, draft->inputs.data, document.data}, issuing->fault);
    if (err == OK) {
        issuing->number = issued.number;
        text_copy(issuing->hash, sizeof issuing->hash, issued.hash);
    }
    buf_finish(&former_draft);
    buf_finish(&causes);
    buf_finish(&document);
    return err;
}

/* One item; where its draft moved on it is left for another run. */
static enum err issue_item(struct issuing *issuing, const struct bill_run_item *item)
{
    struct draft draft;
    bool same = false;
    buf_init(&draft.document, RECORDS_DOCUMENT_MAX);
    buf_init(&draft.terms, RECORDS_DOCUMENT_MAX);
    buf_init(&draft.inputs, RECORDS_DOCUMENT_MAX);
    enum err err = load_draft(issuing, item, &draft, &same);
    if (err == OK && same)
        err = load_inputs(issuing, &draft, &same);
    if (err == OK && same) {
        err = issue_one(issuing, item, &draft);
        same = err != ERR_CONFLICT; /* another run issued this edition meanwhile */
    }
    if ((err == OK || err == ERR_CONFLICT) && !same)
        err = records_run_item_stale(issuing->x->server->records, issuing->run_no, item->item_no, issuing->fault);
    buf_finish(&draft.document);
    buf_finish(&draft.terms);
    buf_finish(&draft.inputs);
    return err;
}

static enum err issue_some(struct issuing *issuing, size_t *out_count)
{
    struct records *records = issuing->x->server->records;
    struct bill_run_item items[AT_ONCE];
    *out_count = 0;
    enum err err = records_batch_begin(records, issuing->fault);
    if (err != OK)
        return err;
    err = records_issued_last(records, issuing->fault, &issuing->number, issuing->hash);
    if (err == OK)
        err = records_run_items(records, issuing->run_no, ITEMS_READY, 0, AT_ONCE, issuing->fault, items, out_count);
    for (size_t i = 0; err == OK && i < *out_count; i++)
        err = issue_item(issuing, &items[i]);
    if (err == OK)
        err = records_batch_commit(records, issuing->fault);
    records_batch_rollback(records);
    return err;
}

static enum err due_day(struct exchange *x, struct fault *fault, int32_t *out)
{
    char text[RECORD_SETTING_SIZE];
    int64_t days = 0;
    enum err err = records_setting_get(x->server->records, "bill_due_days", x->now_utc_ms, fault, text);
    if (err == OK && !text_to_int64(text, &days))
        err = fault_set(fault, ERR_FATAL, "the setting bill_due_days is no number");
    if (err == OK)
        err = utility_today(x, fault, out);
    *out += (int32_t)days;
    return err;
}

static enum err get_zone(void *zones, const char *name, struct fault *fault, const struct zone **out)
{
    return zones_get(zones, name, fault, out);
}

enum err bill_issue(struct exchange *x, int64_t run_no, struct fault *fault)
{
    struct issuing issuing = {.x = x, .run_no = run_no, .actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms}, .fault = fault};
    size_t count = 0;
    enum err err = due_day(x, fault, &issuing.due_day);
    if (err == OK)
        err = ledger_borrow(x->server->ledger, fault, &issuing.facts);
    if (err != OK)
        return err;
    if (!(issuing.maker = bill_maker_create(x->server->records, &(struct bill_zones){get_zone, x->server->zones})))
        err = fault_set(fault, ERR_RETRY, "memory is out");
    for (count = AT_ONCE; err == OK && count == AT_ONCE && clock_now(x->server->clock) - x->now_utc_ms < BILL_ISSUE_SLICE_MS;)
        err = issue_some(&issuing, &count);
    bill_maker_destroy(issuing.maker);
    ledger_return(x->server->ledger, issuing.facts, err == ERR_FATAL);
    return err;
}
