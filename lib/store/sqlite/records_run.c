/* Bill runs: what could be issued, and what speaks against it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "store/records_issue.h"
#include "store/sqlite/records_db.h"

const char *bill_gate_name(enum bill_gate gate)
{
    switch (gate) {
    case GATE_GRACE:
        return "grace";
    case GATE_INCOMPLETE:
        return "incomplete";
    case GATE_ESTIMATED:
        return "estimated";
    case GATE_JUMP:
        return "jump";
    case GATE_PENDING:
        return "pending";
    case GATE_NO_ACCOUNT:
        return "no_account";
    }
    return "";
}

bool run_item_filter_parse(const char *name, enum run_item_filter *out)
{
    static const char *const names[] = {"all", "ready", "held", "issued", "stale"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum run_item_filter)i;
            return true;
        }
    return false;
}

#define ISSUED "number IS NOT NULL"
#define STALE "number IS NULL AND stale = 1"
#define HELD "number IS NULL AND stale = 0 AND gates <> 0 AND released_by IS NULL"
#define READY "number IS NULL AND stale = 0 AND (gates = 0 OR released_by IS NOT NULL)"

enum err records_run_add(struct records *records, const struct actor *actor, const struct bill_run_record *run, struct fault *fault,
                         int64_t *out_run_no)
{
    struct change c;
    struct query q;
    char subject[24];
    int64_t run_no = 0;
    enum err err = change_begin(records, actor, fault, &c);
    if (err != OK)
        return err;
    snprintf(subject, sizeof subject, "until-%d", run->until_day);
    err = change_note(&c, "bill_run.add", subject, "drafts of cycles that ended%s%s%s", run->meter_no != 0 ? ", of one meter" : "",
                      run->cycle_group[0] != '\0' ? ", of the group " : "", run->cycle_group);
    if (err == OK) {
        query_begin(&q, c.db, "INSERT INTO bill_run (until_day, meter_no, cycle_group, said_by, at_utc_ms, revision) VALUES (?, ?, ?, ?, ?, ?)");
        query_bind_int(&q, run->until_day);
        query_bind_int_unless(&q, run->meter_no, 0);
        query_bind_text_or_null(&q, run->cycle_group);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
        run_no = db_last_id(c.db);
    }
    err = change_end(&c, err);
    if (err == OK)
        *out_run_no = run_no;
    return err;
}

enum err records_run_item_add(struct records *records, int64_t run_no, const struct bill_run_item *item, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db,
                "INSERT INTO bill_run_item (run_no, item_no, bill_id, account_id, meter_no, from_day, until_day, gates, currency, minor, total_minor,"
                " negates, before_minor, draft_hash)"
                " SELECT ?1, (SELECT coalesce(max(item_no), 0) + 1 FROM bill_run_item WHERE run_no = ?1), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?");
    query_bind_int(&q, run_no);
    query_bind_text(&q, item->bill_id);
    query_bind_text(&q, item->account_id);
    query_bind_int(&q, item->meter_no);
    query_bind_int(&q, item->from_day);
    query_bind_int(&q, item->until_day);
    query_bind_int(&q, item->gates);
    query_bind_text(&q, item->currency);
    query_bind_int(&q, item->minor_digits);
    query_bind_int(&q, item->total_minor);
    query_bind_int_unless(&q, item->negates, 0);
    query_bind_int(&q, item->before_minor);
    query_bind_text(&q, item->draft_hash);
    return change_end(&c, query_run(&q, fault));
}

#define RUN                                                                                                                                          \
    "SELECT r.run_no, r.until_day, r.meter_no, r.cycle_group, r.said_by, r.at_utc_ms, r.revision, r.whole,"                                          \
    " total(" READY "), total(" HELD "), total(" ISSUED "), total(" STALE "), count(negates), min(currency) = max(currency), min(currency),"         \
    " coalesce(sum(total_minor), 0), coalesce(sum(before_minor), 0) FROM bill_run r LEFT JOIN bill_run_item i USING (run_no) "

static void run_read(struct query *q, struct bill_run_record *out)
{
    *out = (struct bill_run_record){.run_no = query_int(q)};
    out->until_day = (int32_t)query_int(q);
    out->meter_no = query_int(q);
    query_text(q, out->cycle_group, sizeof out->cycle_group);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
    out->revision = query_int(q);
    out->whole = query_int(q) != 0;
    out->ready = query_int(q);
    out->held = query_int(q);
    out->issued = query_int(q);
    out->stale = query_int(q);
    out->corrections = query_int(q);
    if (query_int(q) == 0)
        return;
    query_text(q, out->currency, sizeof out->currency);
    out->total_minor = query_int(q);
    out->before_minor = query_int(q);
}

enum err records_run_whole(struct records *records, int64_t run_no, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE bill_run SET whole = 1 WHERE run_no = ?");
    query_bind_int(&q, run_no);
    return change_end(&c, query_run(&q, fault));
}

enum err records_run_get(struct records *records, int64_t run_no, struct fault *fault, struct bill_run_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, RUN "WHERE r.run_no = ? GROUP BY r.run_no");
    query_bind_int(&q, run_no);
    err = query_one(&q, fault);
    if (err == OK) {
        run_read(&q, out);
        err = query_end(&q, fault);
    }
    reader_give(records, db);
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "there is no such bill run") : err;
}

enum err records_run_list(struct records *records, int64_t before_no, size_t limit, struct fault *fault, struct bill_run_record *out,
                          size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, RUN "WHERE r.run_no < ? GROUP BY r.run_no ORDER BY r.run_no DESC LIMIT ?");
    query_bind_int(&q, before_no > 0 ? before_no : INT64_MAX);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, run_read, limit, fault, out, out_count);
}

static void item_read(struct query *q, struct bill_run_item *out)
{
    *out = (struct bill_run_item){.item_no = query_int(q)};
    query_text(q, out->bill_id, sizeof out->bill_id);
    query_text(q, out->account_id, sizeof out->account_id);
    out->meter_no = query_int(q);
    out->from_day = (int32_t)query_int(q);
    out->until_day = (int32_t)query_int(q);
    out->gates = (unsigned)query_int(q);
    query_text(q, out->currency, sizeof out->currency);
    out->minor_digits = (int)query_int(q);
    out->total_minor = query_int(q);
    out->negates = query_int(q);
    out->before_minor = query_int(q);
    query_text(q, out->draft_hash, sizeof out->draft_hash);
    query_text(q, out->released_by, sizeof out->released_by);
    out->number = query_int(q);
    out->stale = query_int(q) != 0;
}

#define ITEMS                                                                                                                                        \
    "SELECT item_no, bill_id, account_id, meter_no, from_day, until_day, gates, currency, minor, total_minor, negates, before_minor, draft_hash,"    \
    " released_by, number, stale FROM bill_run_item WHERE run_no = ? AND item_no > ? "
#define IN_ORDER " ORDER BY item_no LIMIT ?"

enum err records_run_items(struct records *records, int64_t run_no, enum run_item_filter filter, int64_t after_no, size_t limit, struct fault *fault,
                           struct bill_run_item *out, size_t *out_count)
{
    static const char *const sql[] = {[ITEMS_ALL] = ITEMS IN_ORDER,
                                      [ITEMS_READY] = ITEMS "AND " READY IN_ORDER,
                                      [ITEMS_HELD] = ITEMS "AND " HELD IN_ORDER,
                                      [ITEMS_ISSUED] = ITEMS "AND " ISSUED IN_ORDER,
                                      [ITEMS_STALE] = ITEMS "AND " STALE IN_ORDER};
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, sql[filter]);
    query_bind_int(&q, run_no);
    query_bind_int(&q, after_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, item_read, limit, fault, out, out_count);
}

/* What stands against releasing, in words; OK: nothing. */
static enum err check_release(struct change *c, int64_t run_no, const char *bill_id)
{
    struct query q;
    query_begin(&q, c->db, "SELECT gates, number IS NOT NULL, stale FROM bill_run_item WHERE run_no = ? AND bill_id = ?");
    query_bind_int(&q, run_no);
    query_bind_text(&q, bill_id);
    enum err err = query_one(&q, c->fault);
    if (err == ERR_NOT_FOUND)
        return fault_set(c->fault, err, "this run has no bill %.80s", bill_id);
    if (err != OK)
        return err;
    unsigned gates = (unsigned)query_int(&q);
    bool issued = query_int(&q) != 0, stale = query_int(&q) != 0;
    err = query_end(&q, c->fault);
    if (err != OK)
        return err;
    if (issued)
        return fault_set(c->fault, ERR_CONFLICT, "the bill %.80s is issued already", bill_id);
    if (stale)
        return fault_set(c->fault, ERR_CONFLICT, "the bill %.80s changed after this preview; make another run", bill_id);
    if (gates & GATE_NO_ACCOUNT)
        return fault_set(c->fault, ERR_CONFLICT, "the bill %.80s has no account: there is nobody to bill", bill_id);
    return OK;
}

enum err records_run_release(struct records *records, const struct actor *actor, int64_t run_no, const char *bill_id, const char *reason,
                             struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_text(reason, RECORD_REASON_SIZE, "/reason", fault);
    if (err == OK && reason[0] == '\0')
        return fault_at(fault, ERR_INVALID, "/reason", "letting a bill pass its gates needs a reason");
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = check_release(&c, run_no, bill_id);
    FIRST(err, change_note(&c, "bill_run.release", bill_id, "run %" PRId64 ": %s", run_no, reason));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE bill_run_item SET released_by = ?, released_reason = ? WHERE run_no = ? AND bill_id = ?");
        query_bind_text(&q, actor->name);
        query_bind_text(&q, reason);
        query_bind_int(&q, run_no);
        query_bind_text(&q, bill_id);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_run_item_stale(struct records *records, int64_t run_no, int64_t item_no, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = change_begin(records, NULL, fault, &c);
    if (err != OK)
        return err;
    query_begin(&q, c.db, "UPDATE bill_run_item SET stale = 1 WHERE run_no = ? AND item_no = ? AND number IS NULL");
    query_bind_int(&q, run_no);
    query_bind_int(&q, item_no);
    return change_end(&c, query_run(&q, fault));
}
