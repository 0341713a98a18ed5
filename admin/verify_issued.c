#include "admin/verify_issued.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "access/token.h"
#include "base/text.h"
#include "store/records_issue.h"
#include "wire/issue_json.h"

#define TELL_EVERY 1000

const struct ledger_table verify_issued_table = {"issued_bill", LEDGER_FACT, "issued bills", "meter_no"};

struct issued {
    bool found;
    struct issued_record record;
    struct buf draft, document;
};

struct holding {
    struct records *records;
    const struct ledger_comparing *comparing;
    struct ledger_count count;
    char previous_hash[BILL_HASH_SIZE];
    struct issued issued;
    struct buf scratch;
};

static int keep(const struct issued_record *record, const char *draft, const char *document, void *arg)
{
    struct issued *issued = arg;
    issued->found = true;
    issued->record = *record;
    buf_reset(&issued->draft);
    buf_reset(&issued->document);
    buf_str(&issued->draft, draft);
    buf_str(&issued->document, document);
    return 1;
}

static void tell(struct holding *holding, enum ledger_difference difference, const char *words)
{
    char key[48];
    snprintf(key, sizeof key, "number=%" PRId64, holding->issued.record.number);
    struct ledger_finding finding = {&verify_issued_table, difference, holding->issued.record.meter_no, key, words};
    holding->count.different += difference == LEDGER_DIFFERENT;
    holding->count.missing += difference == LEDGER_MISSING;
    if (holding->comparing->each)
        holding->comparing->each(&finding, holding->comparing->arg);
}

/* A first edition follows from what is recorded with it. */
static bool is_made_again(struct holding *holding)
{
    const struct issued_record *record = &holding->issued.record;
    struct issue_words words = {.number = record->number,
                                .edition = record->edition,
                                .issued_utc_ms = record->at_utc_ms,
                                .due_day = record->due_day,
                                .previous_hash = holding->previous_hash};
    buf_reset(&holding->scratch);
    enum err err = issue_write(&holding->scratch, holding->issued.draft.data, &words, NULL);
    return err == OK && !holding->scratch.overflow && strcmp(holding->scratch.data, holding->issued.document.data) == 0;
}

static bool is_chained(struct holding *holding)
{
    char hash[SECRET_HASH_SIZE];
    buf_reset(&holding->scratch);
    buf_printf(&holding->scratch, "%s\n", holding->previous_hash);
    buf_str(&holding->scratch, holding->issued.document.data);
    secret_hash(holding->scratch.data, hash);
    return strcmp(hash, holding->issued.record.hash) == 0;
}

static enum err hold_totals(struct holding *holding, struct fault *fault)
{
    const struct issued_record *record = &holding->issued.record;
    struct issued_record former = {.total_minor = 0};
    struct bill_brief brief;
    enum err err = OK;
    if (bill_brief_parse(holding->issued.draft.data, NULL, &brief) != OK || brief.total_minor != record->total_minor)
        tell(holding, LEDGER_DIFFERENT, "its total is not that of its draft");
    if (record->edition > 1)
        err = records_issued_by_bill(holding->records, record->bill_id, record->edition - 1, fault, &former, NULL, NULL);
    if (err == ERR_NOT_FOUND ||
        (err == OK && (record->negates != former.number || record->difference_minor != record->total_minor - former.total_minor))) {
        tell(holding, LEDGER_DIFFERENT, "it does not correct the edition before it");
        return OK;
    }
    return err;
}

static enum err hold(struct holding *holding, int64_t expected, struct fault *fault)
{
    if (holding->issued.record.number != expected)
        tell(holding, LEDGER_MISSING, "bills with numbers before this one are not there");
    if (!is_chained(holding))
        tell(holding, LEDGER_DIFFERENT, "its hash is not that of its document after the one before");
    if (holding->issued.record.edition == 1 && !is_made_again(holding))
        tell(holding, LEDGER_DIFFERENT, "its document is not what its recorded draft makes");
    enum err err = hold_totals(holding, fault);
    text_copy(holding->previous_hash, sizeof holding->previous_hash, holding->issued.record.hash);
    if (++holding->count.compared % TELL_EVERY == 0 && holding->comparing->progress)
        holding->comparing->progress(&verify_issued_table, holding->count.compared, holding->comparing->arg);
    return err;
}

enum err verify_issued(const char *records, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out)
{
    struct holding holding = {.comparing = comparing};
    int64_t number = 0;
    buf_init(&holding.issued.draft, RECORDS_DOCUMENT_MAX);
    buf_init(&holding.issued.document, RECORDS_DOCUMENT_MAX);
    buf_init(&holding.scratch, 2 * RECORDS_DOCUMENT_MAX);
    enum err err = records_open(&(struct records_options){.path = records}, fault, &holding.records);
    do {
        holding.issued.found = false;
        if (err == OK)
            err = records_issued_each(holding.records, number, 1, keep, &holding.issued, fault);
        if (err == OK && holding.issued.found)
            err = hold(&holding, number + 1, fault);
        number = holding.issued.record.number;
    } while (err == OK && holding.issued.found);
    records_close(holding.records);
    buf_finish(&holding.issued.draft);
    buf_finish(&holding.issued.document);
    buf_finish(&holding.scratch);
    if (err == OK)
        *out = holding.count;
    return err;
}
