/* The table of the ledger's tables knows all that there are, and two ledgers are held to each other row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "store/facts.h"
#include "store/ledger_tables.h"
#include "store/sqlite/db.h"

static char folder[64], first[96], second[96];
static struct fault fault;

static void well(enum err err)
{
    if (err != OK)
        fail_msg("%s: %s", err_name(err), fault.text);
}

static int make_two(void **state)
{
    struct facts *facts;
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-ledger-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(first, sizeof first, "%s/first.db", folder);
    snprintf(second, sizeof second, "%s/second.db", folder);
    for (int i = 0; i < 2; i++) {
        well(facts_open_sqlite(i ? second : first, FACTS_WRITER, &fault, &facts));
        facts_close(facts);
    }
    return 0;
}

static int drop_two(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void change(const char *path, const char *sql)
{
    struct db *db;
    well(db_open(&(struct db_options){.path = path, .role = DB_WRITER}, &fault, &db));
    well(db_script(db, sql, &fault));
    db_close(db);
}

static void every_table_is_known(void **state)
{
    struct db *db;
    struct query q;
    int found = 0;
    (void)state;
    well(db_open(&(struct db_options){.path = first, .role = DB_WRITER}, &fault, &db));
    query_begin(&q, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (query_row(&q)) {
        const char *name = query_string(&q);
        bool known = false;
        for (int i = 0; i < ledger_table_count; i++)
            known |= strcmp(ledger_tables[i].name, name) == 0;
        if (!known)
            fail_msg("the ledger's table %s is not in ledger_tables: is it a fact, derived, told, or where things stand?", name);
        found++;
    }
    well(query_end(&q, &fault));
    db_close(db);
    assert_int_equal(found, ledger_table_count);
}

static char told[4000];

static void tell(const struct ledger_finding *finding, void *arg)
{
    (void)arg;
    size_t len = strlen(told);
    snprintf(told + len, sizeof told - len, "%d %s meter %lld %s|%s\n", (int)finding->difference, finding->table->name, (long long)finding->meter_no,
             finding->key, finding->words);
}

static void compare(struct ledger_count *counts)
{
    told[0] = '\0';
    well(ledger_compare(first, second, &(struct ledger_comparing){.each = tell}, &fault, counts));
}

static const struct ledger_count *count_of(const struct ledger_count *counts, const char *table)
{
    for (int i = 0; i < ledger_table_count; i++)
        if (strcmp(ledger_tables[i].name, table) == 0)
            return &counts[i];
    return NULL;
}

#define DAY(meter, day, wh) "INSERT INTO day VALUES (" #meter ", 10800, " #day ", 0, 96, " #wh ", 96, 0, 0, 0, 0, x'00');"
#define BILL(id, meter, words) "INSERT INTO bill VALUES ('" id "', '', " #meter ", 1, 1, 2, 100, 1, 0, '" words "', NULL);"

static void differences_are_named(void **state)
{
    struct ledger_count counts[64] = {0};
    (void)state;
    change(first, DAY(1, 10, 5) DAY(1, 11, 6) DAY(2, 10, 7) DAY(3, 10, 1) BILL("a", 1, "{\"total\":1}") "INSERT INTO mark VALUES (3, 0, 0, 1, 1);");
    change(second, DAY(1, 10, 5) DAY(1, 12, 6) DAY(2, 10, 8) DAY(3, 10, 2) BILL("a", 1, "{\"total\":2}"));
    compare(counts);
    assert_string_equal(told, "2 day meter 1 channel=10800 local_day=11|\n"
                              "1 day meter 1 channel=10800 local_day=12|\n"
                              "0 day meter 2 channel=10800 local_day=10|wh: stands 7, right is 8\n"
                              "0 bill meter 1 bill_id=a|document: stands {\"total\":1}, right is {\"total\":2}\n");
    const struct ledger_count *days = count_of(counts, "day");
    assert_true(days->compared == 4 && days->different == 1 && days->missing == 1 && days->extra == 1 && days->waiting == 1);
}

static void cleared_means_no_more_rows(void **state)
{
    struct ledger_count counts[64] = {0};
    (void)state;
    well(ledger_clear_derived(first, &fault));
    well(ledger_clear_derived(second, &fault));
    compare(counts);
    assert_string_equal(told, "");
    assert_int_equal(count_of(counts, "day")->compared, 0);
    assert_int_equal(count_of(counts, "day")->waiting, 0); /* the mark went too */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_known),
        cmocka_unit_test(differences_are_named),
        cmocka_unit_test(cleared_means_no_more_rows),
    };
    return cmocka_run_group_tests_name("store_ledger", tests, make_two, drop_two);
}
