/* Issued bills and what is known of their payment: append-only, numbered without holes (schema/records, triggers). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "store/records_issue.h"
#include "store/sqlite/records_db.h"

const char *payment_state_name(enum payment_state state)
{
    return state == PAYMENT_PAID ? "paid" : state == PAYMENT_CANCELLED ? "cancelled" : "open";
}

bool payment_state_parse(const char *name, enum payment_state *out)
{
    for (enum payment_state state = PAYMENT_OPEN; state <= PAYMENT_CANCELLED; state++)
        if (strcmp(name, payment_state_name(state)) == 0) {
            *out = state;
            return true;
        }
    return false;
}

#define COLUMNS                                                                                                                                      \
    "number, bill_id, edition, negates, run_no, account_id, meter_no, from_day, until_day, due_day, currency, minor, total_minor, difference_minor," \
    " hash, said_by, at_utc_ms, revision"

static void issued_read(struct query *q, struct issued_record *out)
{
    *out = (struct issued_record){.number = query_int(q)};
    query_text(q, out->bill_id, sizeof out->bill_id);
    out->edition = (int)query_int(q);
    out->negates = query_int(q);
    out->run_no = query_int(q);
    query_text(q, out->account_id, sizeof out->account_id);
    out->meter_no = query_int(q);
    out->from_day = (int32_t)query_int(q);
    out->until_day = (int32_t)query_int(q);
    out->due_day = (int32_t)query_int(q);
    query_text(q, out->currency, sizeof out->currency);
    out->minor_digits = (int)query_int(q);
    out->total_minor = query_int(q);
    out->difference_minor = query_int(q);
    query_text(q, out->hash, sizeof out->hash);
    query_text(q, out->by, sizeof out->by);
    out->at_utc_ms = query_int(q);
    out->revision = query_int(q);
}

enum err records_issued_last(struct records *records, struct fault *fault, int64_t *out_number, char out_hash[BILL_HASH_SIZE])
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT number, hash FROM issued_bill ORDER BY number DESC LIMIT 1");
    err = query_one(&q, fault);
    if (err == OK) {
        *out_number = query_int(&q);
        query_text(&q, out_hash, BILL_HASH_SIZE);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        *out_number = 0;
        out_hash[0] = '\0';
        err = OK;
    }
    reader_give(records, db);
    return err;
}

static enum err insert(struct change *c, const struct issued_record *issued, const struct issued_texts *texts)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO issued_bill (number, bill_id, edition, negates, run_no, account_id, meter_no, from_day, until_day, due_day, currency,"
                " minor, total_minor, difference_minor, hash, said_by, at_utc_ms, revision, draft, inputs, document)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_int(&q, issued->number);
    query_bind_text(&q, issued->bill_id);
    query_bind_int(&q, issued->edition);
    query_bind_int_unless(&q, issued->negates, 0);
    query_bind_int(&q, issued->run_no);
    query_bind_text(&q, issued->account_id);
    query_bind_int(&q, issued->meter_no);
    query_bind_int(&q, issued->from_day);
    query_bind_int(&q, issued->until_day);
    query_bind_int(&q, issued->due_day);
    query_bind_text(&q, issued->currency);
    query_bind_int(&q, issued->minor_digits);
    query_bind_int(&q, issued->total_minor);
    query_bind_int(&q, issued->difference_minor);
    query_bind_text(&q, issued->hash);
    query_bind_text(&q, c->actor->name);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    query_bind_text(&q, texts->draft);
    query_bind_text(&q, texts->inputs);
    query_bind_text(&q, texts->document);
    return query_run(&q, c->fault);
}

enum err records_issued_add(struct records *records, const struct actor *actor, const struct issued_record *issued, int64_t item_no,
                            const struct issued_texts *texts, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check_text(issued->bill_id, BILL_ID_SIZE, "/bill_id", fault);
    FIRST(err, check_name(issued->account_id, RECORD_ID_SIZE, "/account_id", fault));
    if (err == OK && (strlen(texts->draft) > RECORDS_DOCUMENT_MAX || strlen(texts->inputs) > RECORDS_DOCUMENT_MAX ||
                      strlen(texts->document) > RECORDS_DOCUMENT_MAX))
        return fault_set(fault, ERR_INVALID, "a bill has at most %d bytes", RECORDS_DOCUMENT_MAX);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "bill.issue", issued->bill_id, "number %" PRId64 ", edition %d, %" PRId64 " minor units of %s", issued->number,
                      issued->edition, issued->total_minor, issued->currency);
    FIRST(err, insert(&c, issued, texts));
    if (err == OK) {
        query_begin(&q, c.db, "UPDATE bill_run_item SET number = ? WHERE run_no = ? AND item_no = ? AND number IS NULL");
        query_bind_int(&q, issued->number);
        query_bind_int(&q, issued->run_no);
        query_bind_int(&q, item_no);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_issued_by_bill(struct records *records, const char *bill_id, int edition, struct fault *fault, struct issued_record *out,
                                struct buf *out_draft, struct buf *out_document)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT " COLUMNS ", draft, document FROM issued_bill WHERE bill_id = ?1 AND (?2 = 0 OR edition = ?2) ORDER BY edition DESC LIMIT 1");
    query_bind_text(&q, bill_id);
    query_bind_int(&q, edition);
    err = query_one(&q, fault);
    if (err == OK) {
        issued_read(&q, out);
        if (out_draft != NULL)
            query_bytes(&q, out_draft);
        else
            query_skip(&q);
        if (out_document != NULL)
            query_bytes(&q, out_document);
        err = query_end(&q, fault);
    }
    reader_give(records, db);
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "no such bill is issued") : err;
}

enum err records_issued_each(struct records *records, int64_t after_number, size_t limit,
                             int (*each)(const struct issued_record *issued, const struct issued_texts *texts, void *arg), void *arg,
                             struct fault *fault)
{
    struct query q;
    struct db *db = NULL;
    int stop = 0;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS ", draft, inputs, document FROM issued_bill WHERE number > ? ORDER BY number LIMIT ?");
    query_bind_int(&q, after_number);
    query_bind_int(&q, (int64_t)limit);
    while (!stop && query_row(&q)) {
        struct issued_record issued;
        issued_read(&q, &issued);
        struct issued_texts texts;
        texts.draft = query_string(&q);
        texts.inputs = query_string(&q);
        texts.document = query_string(&q);
        stop = each(&issued, &texts, arg);
    }
    err = query_end(&q, fault);
    reader_give(records, db);
    return err;
}

/* ---- payments ---- */

enum err records_payment_set(struct records *records, const struct actor *actor, int64_t number, const struct payment_record *payment,
                             struct fault *fault)
{
    struct change c;
    struct query q;
    char subject[32];
    enum err err = check_range(payment->state, PAYMENT_OPEN, PAYMENT_CANCELLED, "/state", fault);
    FIRST(err, check_text(payment->pix_code, sizeof payment->pix_code, "/pix_code", fault));
    FIRST(err, check_text(payment->boleto_code, sizeof payment->boleto_code, "/boleto_code", fault));
    FIRST(err, check_text(payment->reference, sizeof payment->reference, "/reference", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    snprintf(subject, sizeof subject, "%" PRId64, number);
    query_begin(&q, c.db, "SELECT 1 FROM issued_bill WHERE number = ?");
    query_bind_int(&q, number);
    err = query_one(&q, fault);
    err = err == OK ? query_end(&q, fault) : err == ERR_NOT_FOUND ? fault_set(fault, err, "there is no such bill") : err;
    FIRST(err, change_note(&c, "bill.payment", subject, "%s %s", payment_state_name(payment->state), payment->reference));
    if (err == OK) {
        query_begin(&q, c.db,
                    "INSERT INTO bill_payment (number, state, pix_code, boleto_code, reference, said_by, at_utc_ms, revision)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        query_bind_int(&q, number);
        query_bind_int(&q, payment->state);
        query_bind_text(&q, payment->pix_code);
        query_bind_text(&q, payment->boleto_code);
        query_bind_text(&q, payment->reference);
        query_bind_text(&q, actor->name);
        query_bind_int(&q, actor->at_utc_ms);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
    }
    return change_end(&c, err);
}

enum err records_payment_get(struct records *records, int64_t number, struct fault *fault, struct payment_record *out)
{
    struct query q;
    struct db *db = NULL;
    struct payment_record payment = {.state = PAYMENT_OPEN};
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(
        &q, db,
        "SELECT state, pix_code, boleto_code, reference, said_by, at_utc_ms FROM bill_payment WHERE number = ? ORDER BY payment_no DESC LIMIT 1");
    query_bind_int(&q, number);
    err = query_one(&q, fault);
    if (err == OK) {
        payment.state = (enum payment_state)query_int(&q);
        query_text(&q, payment.pix_code, sizeof payment.pix_code);
        query_text(&q, payment.boleto_code, sizeof payment.boleto_code);
        query_text(&q, payment.reference, sizeof payment.reference);
        query_text(&q, payment.by, sizeof payment.by);
        payment.at_utc_ms = query_int(&q);
        err = query_end(&q, fault);
    } else if (err == ERR_NOT_FOUND) {
        err = OK;
    }
    reader_give(records, db);
    if (err == OK)
        *out = payment;
    return err;
}
