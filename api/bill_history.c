#include "api/bill_history.h"
#include <string.h>
#include "api/ledger.h"
#include "base/text.h"
#include "store/facts.h"
#include "store/records_issue.h"

/* Rows looked at: a cycle has one of this account, and a former tenant's may stand between. */
#define ROWS_MAX 64

struct gathering {
    const struct bill *bill;
    int count; /* newest first */
    char bill_ids[BILL_HISTORY_MAX - 1][BILL_ID_SIZE];
    struct bill_past pasts[BILL_HISTORY_MAX - 1];
    struct fault *fault;
    enum err err;
};

static int take_bill(const struct bill_row *row, void *arg)
{
    struct gathering *gathering = arg;
    if (strcmp(row->account_id, gathering->bill->account_id) != 0)
        return 0;
    gathering->err = bill_past_parse(row->document, gathering->fault, &gathering->pasts[gathering->count]);
    text_copy(gathering->bill_ids[gathering->count], BILL_ID_SIZE, row->bill_id);
    gathering->count += gathering->err == OK;
    return gathering->err != OK || gathering->count == BILL_HISTORY_MAX - 1;
}

/* The edition that stood when document `number` was issued, or (0) the last one. ERR_NOT_FOUND: none had been issued. */
static enum err past_issued(struct exchange *x, const char *bill_id, int64_t number, struct fault *fault, struct bill_past *out)
{
    struct issued_record issued = {0};
    struct buf document;
    enum err err;
    int edition = 0;
    buf_init(&document, RECORDS_DOCUMENT_MAX);
    do {
        buf_reset(&document);
        err = records_issued_by_bill(x->server->records, bill_id, edition, fault, &issued, NULL, &document);
        edition = issued.edition - 1;
    } while (err == OK && number != 0 && issued.number > number && edition > 0);
    if (err == OK && number != 0 && issued.number > number)
        err = ERR_NOT_FOUND;
    if (err == OK && document.overflow)
        err = fault_set(fault, ERR_RETRY, "memory is out");
    if (err == OK)
        err = bill_past_parse(document.data, fault, out);
    buf_finish(&document);
    return err;
}

static enum err take_issued(struct exchange *x, struct gathering *gathering, int64_t number, struct fault *fault)
{
    for (int i = 0; i < gathering->count; i++) {
        enum err err = past_issued(x, gathering->bill_ids[i], number, fault, &gathering->pasts[i]);
        if (err != OK && err != ERR_NOT_FOUND)
            return err;
    }
    return OK;
}

/* Oldest first, with a bar that is not known where the spans do not meet. */
static void place(const struct gathering *gathering, struct bill_sheet *sheet)
{
    struct bill_bar bars[BILL_HISTORY_MAX] = {{.known = true,
                                               .complete = gathering->bill->complete || gathering->bill->state == BILL_OPEN,
                                               .read_to_day = sheet->document->read_to_day,
                                               .import_wh = gathering->bill->import_wh,
                                               .estimated_wh = gathering->bill->estimated_wh}};
    int count = 1;
    int32_t from_day = gathering->bill->from_day;
    for (int i = 0; i < gathering->count && count < BILL_HISTORY_MAX; i++) {
        const struct bill_past *past = &gathering->pasts[i];
        if (past->until_day < from_day)
            bars[count++].known = false;
        if (count < BILL_HISTORY_MAX)
            bars[count++] = (struct bill_bar){true, past->complete, past->read_to_day, past->import_wh, past->estimated_wh};
        from_day = past->from_day;
    }
    if (!bars[count - 1].known)
        count--;
    sheet->history_count = count;
    for (int i = 0; i < count; i++)
        sheet->history[i] = bars[count - 1 - i];
}

enum err bill_history_fill(struct exchange *x, int64_t meter_no, struct bill_sheet *sheet, struct fault *fault)
{
    struct gathering gathering = {.bill = &sheet->document->bill, .fault = fault};
    struct facts *facts = NULL;
    enum err err = ledger_borrow(x->server->ledger, fault, &facts);
    if (err != OK)
        return err;
    err = facts_bills(facts, meter_no, -1, gathering.bill->from_day, "", ROWS_MAX, take_bill, &gathering, fault);
    ledger_return(x->server->ledger, facts, err == ERR_FATAL);
    if (err == OK)
        err = gathering.err;
    if (err == OK)
        err = take_issued(x, &gathering, sheet->document->number, fault);
    if (err == OK)
        place(&gathering, sheet);
    return err;
}
