#include "admin/verify_issued.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "access/token.h"
#include "base/text.h"
#include "billing/maker.h"
#include "daemon/zones.h"
#include "store/records_issue.h"
#include "wire/issue_json.h"

#define TELL_EVERY 1000

const struct ledger_table verify_issued_table = {"issued_bill", LEDGER_FACT, "issued bills", "meter_no"};

struct issued {
    bool found;
    struct issued_record record;
    struct buf draft, inputs, document;
};

struct holding {
    struct records *records;
    struct bill_maker *maker;
    const struct ledger_comparing *comparing;
    struct ledger_count count;
    char previous_hash[BILL_HASH_SIZE];
    struct issued issued;
    struct buf scratch;
};

static int keep(const struct issued_record *record, const struct issued_texts *texts, void *arg)
{
    struct issued *issued = arg;
    issued->found = true;
    issued->record = *record;
    buf_reset(&issued->draft);
    buf_reset(&issued->inputs);
    buf_reset(&issued->document);
    buf_str(&issued->draft, texts->draft);
    buf_str(&issued->inputs, texts->inputs);
    buf_str(&issued->document, texts->document);
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
    char inputs_hash[SECRET_HASH_SIZE] = "";
    if (holding->issued.inputs.len > 0)
        secret_hash(holding->issued.inputs.data, inputs_hash);
    struct issue_words words = {.number = record->number,
                                .edition = record->edition,
                                .issued_utc_ms = record->at_utc_ms,
                                .due_day = record->due_day,
                                .previous_hash = holding->previous_hash,
                                .inputs_hash = inputs_hash};
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

/* Does the draft come out of what is recorded with it? */
static enum err hold_inputs(struct holding *holding, struct fault *fault)
{
    struct fault why = {0};
    bool same = false;
    char named[SECRET_HASH_SIZE + 24], hash[SECRET_HASH_SIZE];
    if (holding->issued.inputs.len == 0) {
        holding->count.waiting++;
        return OK;
    }
    secret_hash(holding->issued.inputs.data, hash);
    snprintf(named, sizeof named, "\"inputs_hash\":\"%s\"", hash);
    if (!strstr(holding->issued.document.data, named))
        tell(holding, LEDGER_DIFFERENT, "its document names other inputs than those recorded with it");
    enum err err = bill_maker_again(holding->maker, holding->issued.inputs.data, holding->issued.draft.data, &why, &same);
    if (err == OK && !same)
        tell(holding, LEDGER_DIFFERENT, "its draft is not what its recorded inputs make");
    else if (err == ERR_INVALID || err == ERR_NOT_FOUND)
        tell(holding, LEDGER_DIFFERENT, why.text);
    else if (err != OK)
        return fault_set(fault, err, "%s", why.text);
    return OK;
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
    if (err == OK)
        err = hold_inputs(holding, fault);
    text_copy(holding->previous_hash, sizeof holding->previous_hash, holding->issued.record.hash);
    if (++holding->count.compared % TELL_EVERY == 0 && holding->comparing->progress)
        holding->comparing->progress(&verify_issued_table, holding->count.compared, holding->comparing->arg);
    return err;
}

static enum err get_zone(void *zones, const char *name, struct fault *fault, const struct zone **out)
{
    return zones_get(zones, name, fault, out);
}

enum err verify_issued(const char *records, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out)
{
    struct holding holding = {.comparing = comparing};
    int64_t number = 0;
    buf_init(&holding.issued.draft, RECORDS_DOCUMENT_MAX);
    buf_init(&holding.issued.inputs, RECORDS_DOCUMENT_MAX);
    buf_init(&holding.issued.document, RECORDS_DOCUMENT_MAX);
    buf_init(&holding.scratch, 2 * RECORDS_DOCUMENT_MAX);
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    enum err err =
        zones ? records_open(&(struct records_options){.path = records}, fault, &holding.records) : fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK && !(holding.maker = bill_maker_create(holding.records, &(struct bill_zones){get_zone, zones})))
        err = fault_set(fault, ERR_FATAL, "no memory");
    do {
        holding.issued.found = false;
        if (err == OK)
            err = records_issued_each(holding.records, number, 1, keep, &holding.issued, fault);
        if (err == OK && holding.issued.found)
            err = hold(&holding, number + 1, fault);
        number = holding.issued.record.number;
    } while (err == OK && holding.issued.found);
    bill_maker_destroy(holding.maker);
    records_close(holding.records);
    zones_destroy(zones);
    buf_finish(&holding.issued.draft);
    buf_finish(&holding.issued.inputs);
    buf_finish(&holding.issued.document);
    buf_finish(&holding.scratch);
    if (err == OK)
        *out = holding.count;
    return err;
}
