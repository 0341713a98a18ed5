#include "api/bill_view.h"
#include "api/bill_run_json.h"
#include "base/text.h"

enum err bill_view_issued(struct exchange *x, const char *bill_id, int edition, struct fault *fault, struct buf *out, enum bill_state *out_state,
                          char out_account_id[RECORD_ID_SIZE])
{
    struct issued_record issued;
    struct payment_record payment;
    struct buf document;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    enum err err = records_issued_by_bill(x->server->records, bill_id, edition, fault, &issued, NULL, &document);
    if (err == OK)
        err = records_payment_get(x->server->records, issued.number, fault, &payment);
    if (err == OK && document.overflow)
        err = fault_set(fault, ERR_RETRY, "memory is out");
    if (err == OK) {
        bill_issued_write(out, document.data, &issued, &payment);
        *out_state = issued.edition > 1 ? BILL_ADJUSTED : BILL_ISSUED;
        text_copy(out_account_id, RECORD_ID_SIZE, issued.account_id);
    }
    buf_finish(&document);
    return err;
}

enum err bill_view(struct exchange *x, const struct bill_row *row, struct fault *fault, struct buf *out, enum bill_state *out_state)
{
    char account_id[RECORD_ID_SIZE];
    enum err err = row->state == BILL_DRAFT ? bill_view_issued(x, row->bill_id, 0, fault, out, out_state, account_id) : ERR_NOT_FOUND;
    if (err != ERR_NOT_FOUND)
        return err;
    buf_str(out, row->document);
    *out_state = row->state;
    return OK;
}
