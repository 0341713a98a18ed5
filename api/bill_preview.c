#include "api/bill_preview.h"
#include <stdlib.h>
#include <string.h>
#include "api/ledger.h"
#include "api/utility_day.h"
#include "base/hash.h"
#include "base/text.h"
#include "wire/issue_json.h"

#define PAGE_DRAFTS 200
#define BILLS_BEFORE 3 /* whose mean a bill is held against */

struct draft {
    struct bill_run_item item;
    bool complete, estimated_beyond;
    char *document;
};

struct preview {
    struct exchange *x;
    struct facts *facts;
    const struct bill_run_record *run;
    int64_t run_no;
    int64_t grace_days, jump_percent;
    int32_t today;
    char default_group[RECORD_SETTING_SIZE]; /* of accounts of which nothing else was said */
    struct draft drafts[PAGE_DRAFTS];
    int count;
    struct bill_row last; /* the cursor; its document is not valid */
    int seen;
    struct fault *fault;
    enum err err; /* of a callback */
};

static int keep_draft(const struct bill_row *row, void *arg)
{
    struct preview *preview = arg;
    struct bill_brief brief;
    preview->seen++;
    preview->last = *row;
    if (row->until_day > preview->run->until_day)
        return 0;
    struct draft *draft = &preview->drafts[preview->count];
    *draft = (struct draft){.item = {.meter_no = row->meter_no, .from_day = row->from_day, .until_day = row->until_day}};
    preview->err = bill_brief_parse(row->document, preview->fault, &brief);
    if (preview->err == OK && (draft->document = strdup(row->document)) == NULL)
        preview->err = fault_set(preview->fault, ERR_RETRY, "memory is out");
    if (preview->err != OK)
        return 1;
    struct bill_run_item *item = &draft->item;
    text_copy(item->bill_id, sizeof item->bill_id, row->bill_id);
    text_copy(item->account_id, sizeof item->account_id, row->account_id);
    text_copy(item->currency, sizeof item->currency, brief.currency);
    item->minor_digits = brief.minor_digits;
    item->total_minor = brief.total_minor;
    fingerprint(row->document, strlen(row->document), item->draft_hash);
    draft->complete = brief.complete;
    draft->estimated_beyond = brief.estimated_beyond;
    preview->count++;
    return 0;
}

/* ---- what speaks against it ---- */

struct before {
    const struct bill_run_item *item;
    int count;
    int64_t newest_minor;
    int128 sum_minor;
};

static int add_before(const struct bill_row *row, void *arg)
{
    struct before *before = arg;
    if (strcmp(row->account_id, before->item->account_id) != 0)
        return 1;
    if (before->count++ == 0)
        before->newest_minor = row->total_minor;
    before->sum_minor += row->total_minor;
    return 0;
}

/* Further from the mean of the bills before than so many percent of it. */
static bool jumps(const struct before *before, int64_t total_minor, int64_t percent)
{
    if (percent == 0 || before->count == 0)
        return false;
    int128 difference = (int128)total_minor * before->count - before->sum_minor;
    int128 limit = before->sum_minor * percent;
    return (difference < 0 ? -difference : difference) * 100 > (limit < 0 ? -limit : limit);
}

static enum err judge(struct preview *preview, struct draft *draft)
{
    struct bill_run_item *item = &draft->item;
    struct before before = {.item = item};
    bool marked = false;
    enum err err = facts_meter_marked(preview->facts, item->meter_no, &marked, preview->fault);
    if (err == OK)
        err =
            facts_bills(preview->facts, item->meter_no, BILL_DRAFT, item->from_day, item->bill_id, BILLS_BEFORE, add_before, &before, preview->fault);
    if (err != OK)
        return err;
    item->gates = (item->until_day + preview->grace_days > preview->today ? GATE_GRACE : 0U) | (draft->complete ? 0U : GATE_INCOMPLETE) |
                  (draft->estimated_beyond ? GATE_ESTIMATED : 0U) | (jumps(&before, item->total_minor, preview->jump_percent) ? GATE_JUMP : 0U) |
                  (marked ? GATE_PENDING : 0U) | (item->account_id[0] == '\0' ? GATE_NO_ACCOUNT : 0U);
    item->before_minor = before.newest_minor;
    return OK;
}

/* Is it issued already? Then either nothing is to be done, or it is to be corrected. */
static enum err compare_issued(struct preview *preview, struct draft *draft, bool *out_same)
{
    struct issued_record issued;
    struct buf former;
    *out_same = false;
    buf_init(&former, RECORDS_DOCUMENT_MAX);
    enum err err = records_issued_by_bill(preview->x->server->records, draft->item.bill_id, 0, preview->fault, &issued, &former, NULL);
    if (err == OK) {
        *out_same = bill_asks_same(former.data, draft->document);
        draft->item.negates = issued.number;
        draft->item.before_minor = issued.total_minor;
    }
    buf_finish(&former);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Is the account's bill one of the group that the run is of? The group of the cycle's last day tells. */
static enum err is_wanted(struct preview *preview, const struct bill_run_item *item, bool *out)
{
    struct records *records = preview->x->server->records;
    struct account_record account;
    struct account_terms terms;
    *out = preview->run->cycle_group[0] == '\0';
    if (*out || item->account_id[0] == '\0')
        return OK;
    enum err err = records_account_by_id(records, item->account_id, preview->fault, &account);
    if (err == OK)
        err = records_account_terms_on(records, account.account_no, item->until_day - 1, preview->fault, &terms);
    if (err == OK)
        *out = strcmp(terms.cycle_group[0] != '\0' ? terms.cycle_group : preview->default_group, preview->run->cycle_group) == 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err add_page(struct preview *preview)
{
    struct records *records = preview->x->server->records;
    enum err err = records_batch_begin(records, preview->fault);
    for (int i = 0; err == OK && i < preview->count; i++) {
        struct draft *draft = &preview->drafts[i];
        bool same = false, wanted = false;
        err = is_wanted(preview, &draft->item, &wanted);
        if (err == OK && wanted)
            err = judge(preview, draft);
        if (err == OK && wanted)
            err = compare_issued(preview, draft, &same);
        if (err == OK && wanted && !same)
            err = records_run_item_add(records, preview->run_no, &draft->item, preview->fault);
    }
    if (err == OK)
        err = records_batch_commit(records, preview->fault);
    records_batch_rollback(records);
    return err;
}

static void drop_page(struct preview *preview)
{
    for (int i = 0; i < preview->count; i++)
        free(preview->drafts[i].document);
    preview->count = 0;
}

static enum err add_all(struct preview *preview)
{
    enum err err;
    const char *before_id = NULL;
    char bill_id[BILL_ID_SIZE]; /* a cursor's text must stay while the listing runs */
    do {
        preview->seen = 0;
        err = facts_bills(preview->facts, preview->run->meter_no, BILL_DRAFT, preview->last.from_day, before_id, PAGE_DRAFTS, keep_draft, preview,
                          preview->fault);
        if (err == OK)
            err = preview->err;
        if (err == OK)
            err = add_page(preview);
        drop_page(preview);
        text_copy(bill_id, sizeof bill_id, preview->last.bill_id);
        before_id = bill_id;
    } while (err == OK && preview->seen == PAGE_DRAFTS);
    return err;
}

static enum err setting(struct exchange *x, const char *name, struct fault *fault, int64_t *out)
{
    char text[RECORD_SETTING_SIZE];
    enum err err = records_setting_get(x->server->records, name, x->now_utc_ms, fault, text);
    return err == OK && !text_to_int64(text, out) ? fault_set(fault, ERR_FATAL, "the setting %s is no number", name) : err;
}

enum err bill_preview(struct exchange *x, const struct bill_run_record *run, struct fault *fault, int64_t *out_run_no)
{
    struct actor actor = {.name = x->caller.login.username, .at_utc_ms = x->now_utc_ms};
    struct preview *preview = calloc(1, sizeof *preview);
    if (preview == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    *preview = (struct preview){.x = x, .run = run, .fault = fault};
    enum err err = setting(x, "bill_grace_days", fault, &preview->grace_days);
    if (err == OK)
        err = setting(x, "bill_jump_percent", fault, &preview->jump_percent);
    if (err == OK)
        err = records_setting_get(x->server->records, "default_cycle_group", x->now_utc_ms, fault, preview->default_group);
    if (err == OK)
        err = utility_today(x, fault, &preview->today);
    if (err == OK)
        err = ledger_borrow(x->server->ledger, fault, &preview->facts);
    if (err == OK)
        err = records_run_add(x->server->records, &actor, run, fault, &preview->run_no);
    if (err == OK)
        err = add_all(preview);
    if (err == OK)
        err = records_run_whole(x->server->records, preview->run_no, fault);
    if (preview->facts != NULL)
        ledger_return(x->server->ledger, preview->facts, err == ERR_FATAL);
    *out_run_no = preview->run_no;
    free(preview);
    return err;
}
