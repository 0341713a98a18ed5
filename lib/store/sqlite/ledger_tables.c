#include "store/ledger_tables.h"
#include <stdio.h>
#include "store/sqlite/facts_sqlite.h"

const struct ledger_table ledger_tables[] = {
    {"fact", LEDGER_FACT, "values that meters said", "meter_no"},
    {"sealed", LEDGER_FACT, "values that meters said, packed by day", "meter_no"},
    {"channel", LEDGER_FACT, "channels of a meter", "meter_no"},
    {"boot", LEDGER_FACT, "names of a meter's boots", "meter_no"},
    {"event", LEDGER_FACT, "events", "meter_no"},
    {"refusal", LEDGER_FACT, "refused readings", "meter_no"},
    {"unclaimed", LEDGER_FACT, "readings of names that nobody registered", NULL},
    {"status", LEDGER_FACT, "the last word of a meter about itself", "meter_no"},
    {"receipt", LEDGER_FACT, "receipts of a boot", "meter_no"},
    {"day", LEDGER_DERIVED, "quarter-hours of a day", "meter_no"},
    {"judgement", LEDGER_DERIVED, "verdicts over the neighbours", "meter_no"},
    {"check_day", LEDGER_DERIVED, "checks of a closed day", "meter_no"},
    {"completeness", LEDGER_DERIVED, "readings expected and received of a closed day", "meter_no"},
    {"bill", LEDGER_DERIVED, "open bills and drafts", "meter_no"},
    {"alert", LEDGER_TOLD, "episodes of alerts", "meter_no"},
    {"alert_sum", LEDGER_TOLD, "what a meter's episodes add up to", "meter_no"},
    {"tail", LEDGER_TOLD, "what just happened", "meter_no"},
    {"outbox", LEDGER_TOLD, "messages on their way", NULL},
    {"mark", LEDGER_STAND, "what waits to be derived", "meter_no"},
    {"number", LEDGER_STAND, "counters and positions", NULL},
    {"migration", LEDGER_STAND, "versions of the file", NULL},
};
const int ledger_table_count = sizeof ledger_tables / sizeof ledger_tables[0];

static enum err empty(struct db *db, const char *table, struct fault *fault)
{
    char sql[96];
    snprintf(sql, sizeof sql, "DELETE FROM %s", table);
    return db_script(db, sql, fault);
}

enum err ledger_clear_derived(const char *path, struct fault *fault)
{
    struct db *db = NULL;
    enum err err = db_open(&(struct db_options){.path = path, .role = DB_WRITER}, fault, &db);
    if (err == OK)
        err = db_begin_write(db, fault);
    for (int i = 0; i < ledger_table_count && err == OK; i++)
        if (ledger_tables[i].part == LEDGER_DERIVED)
            err = empty(db, ledger_tables[i].name, fault);
    if (err == OK)
        err = db_script(db, "DELETE FROM mark; DELETE FROM tail; DELETE FROM outbox", fault);
    if (err == OK)
        err = db_commit(db, fault);
    db_rollback(db);
    db_close(db);
    return err;
}

enum err ledger_compare_alerts(const char *path, int (*each)(const struct ledger_alert_sum *sum, void *arg), void *arg, struct fault *fault)
{
    struct db *db = NULL;
    struct query q;
    int stop = 0;
    enum err err = db_open(&(struct db_options){.path = path, .role = DB_WRITER}, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                "SELECT meter_no, sum(one), sum(told), sum(mark) FROM (SELECT meter_no, 1 AS one, 0 AS told, text_mark(document) AS mark FROM alert "
                "UNION ALL SELECT meter_no, 0, episodes, -marks FROM alert_sum) GROUP BY meter_no HAVING sum(one) <> sum(told) OR sum(mark) <> 0");
    while (!stop && query_row(&q)) {
        struct ledger_alert_sum sum = {.meter_no = query_int(&q)};
        sum.stand = query_int(&q);
        sum.told = query_int(&q);
        stop = each(&sum, arg);
    }
    err = query_end(&q, fault);
    db_close(db);
    return err;
}

enum err sqlite_clear_derived(struct facts *facts, int64_t meter_no, struct fault *fault)
{
    enum err err = OK;
    for (int i = 0; i < ledger_table_count && err == OK; i++) {
        char sql[128];
        if (ledger_tables[i].part != LEDGER_DERIVED || !ledger_tables[i].meter_no)
            continue;
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE %s = %lld", ledger_tables[i].name, ledger_tables[i].meter_no, (long long)meter_no);
        err = db_script(facts_db(facts), sql, fault);
    }
    return err;
}
