#include "api/bill_run_json.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/rest_in.h"

static const char *state_of(const struct bill_run_record *run)
{
    if (!run->whole)
        return "previewing";
    if (run->issued == 0)
        return "preview";
    return run->ready > 0 ? "issuing" : "issued";
}

void bill_run_write(struct buf *out, const struct bill_run_record *run)
{
    char run_id[32];
    snprintf(run_id, sizeof run_id, RUN_ID_PREFIX "%" PRId64, run->run_no);
    out_object(out, NULL);
    out_text(out, "run_id", run_id);
    out_text(out, "state", state_of(run));
    out_day(out, "until", run->until_day);
    out_text(out, "cycle_group", run->cycle_group[0] != '\0' ? run->cycle_group : NULL);
    out_text(out, "by", run->by);
    out_instant(out, "at", run->at_utc_ms);
    out_object(out, "counts");
    out_int(out, "ready", run->ready);
    out_int(out, "held", run->held);
    out_int(out, "issued", run->issued);
    out_int(out, "stale", run->stale);
    out_int(out, "corrections", run->corrections);
    out_end_object(out);
    bool one = run->currency[0] != '\0';
    out_text(out, "currency", one ? run->currency : NULL);
    if (one) {
        out_int(out, "total_minor", run->total_minor);
        out_int(out, "before_minor", run->before_minor);
    } else {
        out_null(out, "total_minor");
        out_null(out, "before_minor");
    }
    out_end_object(out);
}

static const char *item_state(const struct bill_run_item *item)
{
    if (item->number != 0)
        return "issued";
    if (item->stale)
        return "stale";
    return item->gates != 0 && item->released_by[0] == '\0' ? "held" : "ready";
}

static void int_or_null(struct buf *out, const char *key, int64_t value)
{
    if (value != 0)
        out_int(out, key, value);
    else
        out_null(out, key);
}

void bill_run_item_write(struct buf *out, const struct bill_run_item *item)
{
    out_object(out, NULL);
    out_text(out, "bill_id", item->bill_id);
    out_text(out, "account_id", item->account_id[0] != '\0' ? item->account_id : NULL);
    out_text(out, "state", item_state(item));
    out_day(out, "cycle_from", item->from_day);
    out_day(out, "cycle_until", item->until_day);
    out_array(out, "gates");
    for (int i = 0; i < GATE_COUNT; i++)
        if (item->gates >> i & 1U)
            out_text(out, NULL, bill_gate_name((enum bill_gate)(1U << i)));
    out_end_array(out);
    out_text(out, "currency", item->currency);
    out_int(out, "minor", item->minor_digits);
    out_int(out, "total_minor", item->total_minor);
    int_or_null(out, "before_minor", item->before_minor);
    int_or_null(out, "negates", item->negates);
    int_or_null(out, "number", item->number);
    out_text(out, "released_by", item->released_by[0] != '\0' ? item->released_by : NULL);
    out_end_object(out);
}

bool bill_run_id_parse(const char *run_id, int64_t *out_run_no)
{
    int64_t no;
    if (!text_starts_with(run_id, RUN_ID_PREFIX) || !text_to_int64(run_id + strlen(RUN_ID_PREFIX), &no) || no < 1)
        return false;
    *out_run_no = no;
    return true;
}

static void write_payment(struct buf *out, const struct payment_record *payment)
{
    out_object(out, "payment");
    out_text(out, "state", payment_state_name(payment->state));
    out_text(out, "pix_code", payment->pix_code[0] != '\0' ? payment->pix_code : NULL);
    out_text(out, "boleto_code", payment->boleto_code[0] != '\0' ? payment->boleto_code : NULL);
    out_text(out, "reference", payment->reference[0] != '\0' ? payment->reference : NULL);
    if (payment->at_utc_ms != 0)
        out_instant(out, "updated", payment->at_utc_ms);
    else
        out_null(out, "updated");
    out_end_object(out);
}

void bill_issued_write(struct buf *out, const char *document, const struct issued_record *issued, const struct payment_record *payment)
{
    struct buf more;
    buf_init(&more, 4096);
    out_object(&more, NULL);
    out_text(&more, "hash", issued->hash);
    write_payment(&more, payment);
    out_end_object(&more);
    size_t len = strlen(document);
    buf_append(out, document, len - 1); /* without its last brace … */
    buf_char(out, ',');
    buf_append(out, more.data + 1, more.len - 1); /* … which comes with these members */
    buf_finish(&more);
}

enum err bill_run_read(const struct buf *body, struct fault *fault, struct bill_run_record *run, char meter_id[RECORD_ID_SIZE])
{
    static const char *const names[] = {"until", "meter_id", "cycle_group", NULL};
    struct rest_in *in = NULL;
    char until[CIVIL_TEXT_SIZE] = "";
    enum err err = rest_in_parse(body->data, body->len, true, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_text(in, "until", 1, sizeof until - 1, fault, until, sizeof until);
    if (err == OK && until[0] != '\0' && !civil_parse(until, &run->until_day))
        err = fault_at(fault, ERR_INVALID, "/until", "A local date like 2026-11-01 is expected.");
    if (err == OK)
        err = rest_in_name(in, "meter_id", fault, meter_id, RECORD_ID_SIZE);
    if (err == OK)
        err = rest_in_name(in, "cycle_group", fault, run->cycle_group, sizeof run->cycle_group);
    rest_in_destroy(in);
    return err;
}

enum err bill_release_read(const struct buf *body, struct fault *fault, char bill_id[BILL_ID_SIZE], char reason[RECORD_REASON_SIZE])
{
    static const char *const names[] = {"bill_id", "reason", NULL};
    struct rest_in *in = NULL;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    for (int i = 0; err == OK && names[i] != NULL; i++)
        err = rest_in_required(in, names[i], fault);
    if (err == OK)
        err = rest_in_text(in, "bill_id", 1, BILL_ID_SIZE - 1, fault, bill_id, BILL_ID_SIZE);
    if (err == OK)
        err = rest_in_text(in, "reason", 1, RECORD_REASON_SIZE - 1, fault, reason, RECORD_REASON_SIZE);
    rest_in_destroy(in);
    return err;
}

enum err bill_payment_read(const struct buf *body, struct fault *fault, struct payment_record *payment)
{
    static const char *const names[] = {"state", "pix_code", "boleto_code", "reference", NULL};
    struct rest_in *in = NULL;
    char state[16] = "";
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err == OK)
        err = rest_in_only(in, names, fault);
    if (err == OK)
        err = rest_in_text(in, "state", 1, sizeof state - 1, fault, state, sizeof state);
    if (err == OK && state[0] != '\0' && !payment_state_parse(state, &payment->state))
        err = fault_at(fault, ERR_INVALID, "/state", "One of open, paid, cancelled is expected.");
    if (err == OK)
        err = rest_in_text(in, "pix_code", 0, BILL_CODE_SIZE - 1, fault, payment->pix_code, sizeof payment->pix_code);
    if (err == OK)
        err = rest_in_text(in, "boleto_code", 0, BILL_CODE_SIZE - 1, fault, payment->boleto_code, sizeof payment->boleto_code);
    if (err == OK)
        err = rest_in_text(in, "reference", 0, RECORD_TEXT_SIZE - 1, fault, payment->reference, sizeof payment->reference);
    rest_in_destroy(in);
    return err;
}
