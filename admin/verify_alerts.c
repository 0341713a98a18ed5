#include "admin/verify_alerts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "store/facts.h"
#include "wire/alert_json.h"

#define PAGE 500
#define DOCUMENT_MAX 16384

struct holding {
    const struct ledger_comparing *comparing;
    struct ledger_count count;
    int on_page;
    int64_t since_utc_ms; /* of the last one seen */
    char alert_id[FINGERPRINT_SIZE];
    struct buf document;
};

const struct ledger_table *verify_alerts_table(void)
{
    for (int i = 0; i < ledger_table_count; i++)
        if (strcmp(ledger_tables[i].name, "alert") == 0)
            return &ledger_tables[i];
    return NULL;
}

static void tell(struct holding *holding, enum ledger_difference difference, int64_t meter_no, const char *key, const char *words)
{
    struct ledger_finding finding = {verify_alerts_table(), difference, meter_no, key, words};
    holding->count.different += difference == LEDGER_DIFFERENT;
    holding->count.missing += difference == LEDGER_MISSING;
    holding->count.extra += difference == LEDGER_EXTRA;
    if (holding->comparing->each)
        holding->comparing->each(&finding, holding->comparing->arg);
}

/* The identity follows from subject, kind and start, and the document says what the row says. */
static int hold_row(const struct alert_row *row, void *arg)
{
    struct holding *holding = arg;
    struct alert again = row->alert;
    char key[FINGERPRINT_SIZE + 16];
    snprintf(key, sizeof key, "alert_id=%s", row->alert.alert_id);
    alert_identify(&again);
    buf_reset(&holding->document);
    alert_write(&holding->document, &row->alert);
    if (strcmp(again.alert_id, row->alert.alert_id) != 0)
        tell(holding, LEDGER_DIFFERENT, row->alert.meter_no, key, "it is not the identity of its subject, kind and start");
    else if (row->document == NULL || holding->document.overflow || strcmp(row->document, holding->document.data) != 0)
        tell(holding, LEDGER_DIFFERENT, row->alert.meter_no, key, "its document does not say what the row says");
    holding->on_page++;
    holding->since_utc_ms = row->alert.since_utc_ms;
    text_copy(holding->alert_id, sizeof holding->alert_id, row->alert.alert_id);
    if (++holding->count.compared % 20000 == 0 && holding->comparing->progress)
        holding->comparing->progress(verify_alerts_table(), holding->count.compared, holding->comparing->arg);
    return 0;
}

static enum err hold_rows(struct facts *facts, struct holding *holding, struct fault *fault)
{
    enum err err = OK;
    do {
        bool begun = holding->count.compared > 0;
        holding->on_page = 0;
        err = facts_alerts(facts, 0, 0, -1, holding->since_utc_ms, begun ? holding->alert_id : NULL, PAGE, hold_row, holding, fault);
    } while (err == OK && holding->on_page == PAGE);
    return err;
}

static int hold_sum(const struct ledger_alert_sum *sum, void *arg)
{
    char words[120];
    if (sum->stand == sum->told)
        tell(arg, LEDGER_DIFFERENT, sum->meter_no, "episodes", "one of them is not as it was told");
    snprintf(words, sizeof words, "%" PRId64 " stand, %" PRId64 " were told", sum->stand, sum->told);
    if (sum->stand != sum->told)
        tell(arg, sum->stand < sum->told ? LEDGER_MISSING : LEDGER_EXTRA, sum->meter_no, "episodes", words);
    return 0;
}

enum err verify_alerts(const char *ledger, const struct ledger_comparing *comparing, struct fault *fault, struct ledger_count *out)
{
    struct holding holding = {.comparing = comparing};
    struct facts *facts = NULL;
    buf_init(&holding.document, DOCUMENT_MAX);
    enum err err = facts_open_sqlite(ledger, FACTS_WRITER, fault, &facts);
    if (err == OK)
        err = hold_rows(facts, &holding, fault);
    facts_close(facts);
    if (err == OK)
        err = ledger_compare_alerts(ledger, hold_sum, &holding, fault);
    buf_finish(&holding.document);
    if (err == OK)
        *out = holding.count;
    return err;
}
