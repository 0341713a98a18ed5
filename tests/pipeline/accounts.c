/* Who lives there: bills belong to the account, a cycle is cut where one moves, and no bill of before stays beside the new ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "tests/support/rig.h"

static const char tariff[] =
    "{\"schema\":\"tariff/1\",\"id\":\"flat\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
    "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"},{\"id\":\"rent\",\"kind\":\"fixed\",\"per\":\"month\",\"amount\":\"30\"}]}]}";
static const char other[] = "{\"schema\":\"tariff/1\",\"id\":\"other\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                            "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"2\"}]}]}";

#define LOCAL_MIDNIGHT (RIG_NOW - 9 * RIG_HOUR)

static struct rig rig;

static int fresh(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct customer_record customer = {.customer_id = "ana", .name = "Ana", .language = "pt-BR"};
    struct fault fault = {0};
    int64_t no;
    (void)state;
    rig_open(&rig);
    rig_tariff(&rig, other);
    rig_tariff(&rig, tariff);
    rig_meter(&rig, "casa", "America/Sao_Paulo", 3600);
    assert_int_equal(records_customer_add(rig.records, &actor, &customer, &fault, &no), OK);
    for (int64_t ts = LOCAL_MIDNIGHT - 21 * RIG_DAY; ts <= RIG_NOW; ts += RIG_HOUR)
        rig_read(&rig, "casa", ts, (ts - LOCAL_MIDNIGHT + 21 * RIG_DAY) / RIG_HOUR * 1000);
    rig_settle(&rig);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void move_in(const char *account_id, const char *from, const char *tariff_id)
{
    struct actor actor = {"test", RIG_NOW};
    struct account_record account = {.customer_id = "ana", .meter_id = "casa", .until_day = RECORDS_NO_DAY};
    struct account_terms terms = {0};
    struct fault fault = {0};
    snprintf(account.account_id, sizeof account.account_id, "%s", account_id);
    snprintf(terms.tariff_id, sizeof terms.tariff_id, "%s", tariff_id);
    assert_true(civil_parse(from, &account.from_day));
    if (records_account_add(rig.records, &actor, &account, &terms, &fault, NULL) != OK)
        fail_msg("%s", fault.text);
    rig_settle(&rig);
}

struct list {
    int count;
    char text[2048];
};

static int add_bill(const struct bill_row *row, void *arg)
{
    struct list *list = arg;
    char from[CIVIL_TEXT_SIZE], until[CIVIL_TEXT_SIZE];
    size_t len = strlen(list->text);
    civil_format(row->from_day, from);
    civil_format(row->until_day, until);
    snprintf(list->text + len, sizeof list->text - len, "%s %s %s %lld\n", row->account_id[0] ? row->account_id : "-", from, until,
             (long long)row->total_minor);
    list->count++;
    return 0;
}

/* All bills of the meter, the newest first: account, from, until, total. */
static void bills_are(const char *expected)
{
    struct list list = {0};
    assert_int_equal(facts_bills(rig.facts, rig_meter_no(&rig, "casa"), -1, 0, NULL, 100, add_bill, &list, NULL), OK);
    assert_string_equal(list.text, expected);
}

static void somebody_moves_in_mid_cycle(void **state)
{
    (void)state;
    bills_are("- 2026-11-01 2026-12-01 28650\n"); /* 513 kWh · 0.50 + 30 */
    move_in("ana-1", "2026-11-11", "");
    /* ten days of 24 kWh: 120.00 + 10.00; eleven and nine hours: 136.50 + 20.00 */
    bills_are("ana-1 2026-11-11 2026-12-01 15650\n- 2026-11-01 2026-11-11 13000\n");
    assert_non_null(strstr(rig_last(&rig, "meters/casa/bill"), "\"account_id\":\"ana-1\"") ? "" : rig_bill(&rig, "ana-1-2026-11-11"));
}

/* Somebody was there all along and nobody had said so. */
static void an_account_for_the_past(void **state)
{
    (void)state;
    move_in("ana-1", "2026-01-01", "other");
    bills_are("ana-1 2026-11-01 2026-12-01 102600\n");
}

static void moving_out_is_a_last_bill(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct fault fault = {0};
    int32_t day;
    (void)state;
    move_in("ana-1", "2026-11-01", "");
    assert_true(civil_parse("2026-11-21", &day));
    assert_int_equal(records_account_end(rig.records, &actor, "ana-1", day, &fault), OK);
    rig_settle(&rig);
    bills_are("- 2026-11-21 2026-12-01 2650\nana-1 2026-11-01 2026-11-21 26000\n"); /* 33 kWh + 10.00; 480 kWh + 20.00 */
    assert_non_null(strstr(rig_bill(&rig, "ana-1-2026-11-01"), "\"state\":\"draft\""));
    assert_int_equal(records_account_end(rig.records, &actor, "ana-1", RECORDS_NO_DAY, &fault), OK); /* it was a mistake */
    rig_settle(&rig);
    bills_are("ana-1 2026-11-01 2026-12-01 28650\n");
}

static void another_tariff_from_a_day_on(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct fault fault = {0};
    int32_t day;
    (void)state;
    move_in("ana-1", "2026-11-01", "");
    assert_true(civil_parse("2026-11-01", &day));
    assert_int_equal(records_account_term_set(rig.records, &actor, "ana-1", TERM_TARIFF, day, "other", &fault), OK);
    rig_settle(&rig);
    bills_are("ana-1 2026-11-01 2026-12-01 102600\n");
}

/* A meter named like another one's account: their bills are two. */
static void names_that_meet(void **state)
{
    (void)state;
    move_in("ana-1", "2026-11-01", "");
    rig_meter(&rig, "ana-1", "America/Sao_Paulo", 3600);
    rig_read(&rig, "ana-1", RIG_NOW - RIG_HOUR, 0);
    rig_read(&rig, "ana-1", RIG_NOW, 2000);
    rig_settle(&rig);
    bills_are("ana-1 2026-11-01 2026-12-01 28650\n");
    struct list list = {0};
    assert_int_equal(facts_bills(rig.facts, rig_meter_no(&rig, "ana-1"), -1, 0, NULL, 100, add_bill, &list, NULL), OK);
    assert_string_equal(list.text, "- 2026-11-01 2026-12-01 3100\n");
}

static void another_calendar(void **state)
{
    struct actor actor = {"test", RIG_NOW};
    struct cycle_group_record group = {.group_id = "mid", .group = {.day_of_month = 15}};
    struct fault fault = {0};
    (void)state;
    assert_int_equal(records_cycle_group_put(rig.records, &actor, &group, &fault), OK);
    rig_setting(&rig, "default_cycle_group", "mid");
    rig_settle(&rig);
    bills_are("- 2026-11-15 2026-12-15 11850\n- 2026-10-15 2026-11-15 19800\n"); /* 177 kWh, 336 kWh, and the rent */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(somebody_moves_in_mid_cycle, fresh, gone),
        cmocka_unit_test_setup_teardown(an_account_for_the_past, fresh, gone),
        cmocka_unit_test_setup_teardown(moving_out_is_a_last_bill, fresh, gone),
        cmocka_unit_test_setup_teardown(another_tariff_from_a_day_on, fresh, gone),
        cmocka_unit_test_setup_teardown(names_that_meet, fresh, gone),
        cmocka_unit_test_setup_teardown(another_calendar, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
