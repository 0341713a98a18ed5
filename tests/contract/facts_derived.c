/* The ledger's contract: marks, days, judgements, bills and alerts. */
#include "tests/contract/facts_contract.h"
#include <stdlib.h>

/* ---- marks ---- */

static int tell_mark(const struct mark *mark, void *arg)
{
    return tell(arg, "%lld/%d %lld-%lld#%lld ", (long long)mark->meter_no, (int)mark->kind, (long long)mark->from_utc_ms,
                (long long)mark->until_utc_ms, (long long)mark->generation);
}

static int keep_mark(const struct mark *mark, void *arg)
{
    *(struct mark *)arg = *mark;
    return 1;
}

static void put_mark(int64_t meter_no, enum mark_kind kind, int64_t from, int64_t until)
{
    struct mark mark = {.meter_no = meter_no, .kind = kind, .from_utc_ms = from, .until_utc_ms = until};
    WELL(facts_put_mark(facts, &mark, &fault));
}

static void marks_are(int limit, const char *expected)
{
    struct told told = {0};
    WELL(facts_marks(facts, limit, tell_mark, &told, &fault));
    assert_string_equal(told.text, expected);
}

static void marks_merge_by_union(void **state)
{
    (void)state;
    begin();
    put_mark(1, MARK_ENERGY, 10, 20);
    put_mark(1, MARK_ENERGY, 15, 30);
    put_mark(1, MARK_ENERGY, 5, 6);
    put_mark(2, MARK_ENERGY, 0, 40);
    put_mark(1, MARK_BILL, 1, 2);
    commit();
    marks_are(10, "2/0 0-40#1 1/0 5-30#3 1/1 1-2#1 "); /* the newest first */
    marks_are(2, "2/0 0-40#1 1/0 5-30#3 ");
}

/* A mark that grew while it was being worked on survives its own clearing. */
static void a_mark_that_grew_stays(void **state)
{
    struct mark seen = {0};
    bool marked = false;
    (void)state;
    begin();
    put_mark(1, MARK_ENERGY, 10, 20);
    commit();
    WELL(facts_marks(facts, 1, keep_mark, &seen, &fault));
    begin();
    put_mark(1, MARK_ENERGY, 12, 13);
    commit();
    begin();
    WELL(facts_clear_mark(facts, &seen, &fault));
    commit();
    marks_are(10, "1/0 10-20#2 ");
    WELL(facts_meter_marked(facts, 1, &marked, &fault));
    assert_true(marked);
    WELL(facts_marks(facts, 1, keep_mark, &seen, &fault));
    begin();
    WELL(facts_clear_mark(facts, &seen, &fault));
    WELL(facts_clear_mark(facts, &seen, &fault)); /* again is nothing */
    commit();
    marks_are(10, "");
    WELL(facts_meter_marked(facts, 1, &marked, &fault));
    assert_false(marked);
}

/* ---- days ---- */

static struct day_row day_of(int64_t meter_no, int32_t channel, int32_t local_day, int slots, int64_t wh)
{
    struct day_row row = {.meter_no = meter_no, .channel = channel};
    day_init(&row.day, local_day, local_day * INT64_C(86400000), local_day * INT64_C(86400000) + slots * QUARTER_MS);
    for (int i = 0; i < slots; i++)
        row.day.slots[i] = (struct slot){i % 5 ? wh : 0, (enum quality)(i % 5)};
    return row;
}

static int tell_day(const struct day_row *row, void *arg)
{
    int64_t wh = 0;
    for (int i = 0; i < row->day.slot_count; i++)
        wh += row->day.slots[i].wh * (i + 1);
    return tell(arg, "%lld/%d %d@%lld %d %lld %d ", (long long)row->meter_no, row->channel, row->day.local_day, (long long)row->day.start_utc_ms,
                row->day.slot_count, (long long)wh, (int)row->day.slots[4].quality);
}

static int tell_sum(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    return tell(arg, "%lld %d %lld %d/%d/%d/%d/%d ", (long long)meter_no, local_day, (long long)sum->wh, sum->measured, sum->estimated, sum->partial,
                sum->missing, sum->edited);
}

static void days_and_their_sums(void **state)
{
    struct told told = {0};
    struct day_row row;
    int32_t first = 0, last = 0;
    (void)state;
    assert_int_equal(facts_day_range(facts, 1, OBIS_IMPORT, &first, &last, &fault), ERR_NOT_FOUND);
    begin();
    row = day_of(1, OBIS_IMPORT, 102, 96, 10);
    WELL(facts_put_day(facts, &row, &fault));
    row = day_of(1, OBIS_IMPORT, 100, 92, -3);
    WELL(facts_put_day(facts, &row, &fault));
    row = day_of(1, OBIS_EXPORT, 100, 96, 7);
    WELL(facts_put_day(facts, &row, &fault));
    row = day_of(2, OBIS_IMPORT, 101, 100, INT64_C(90071992547409));
    WELL(facts_put_day(facts, &row, &fault));
    row = day_of(1, OBIS_IMPORT, 102, 96, 11); /* replaces */
    WELL(facts_put_day(facts, &row, &fault));
    commit();
    WELL(facts_days(facts, 1, OBIS_IMPORT, 0, 1000, tell_day, &told, &fault));
    assert_string_equal(told.text, "1/10800 100@8640000000 92 -10212 4 1/10800 102@8812800000 96 40546 4 ");
    told = (struct told){0};
    WELL(facts_days(facts, 1, OBIS_IMPORT, 101, 102, tell_day, &told, &fault));
    assert_string_equal(told.text, "");
    WELL(facts_day_sums(facts, 1, OBIS_IMPORT, 100, 103, tell_sum, &told, &fault));
    assert_string_equal(told.text, "1 100 -219 19/18/18/19/18 1 102 836 19/19/19/20/19 ");
    told = (struct told){0};
    WELL(facts_day_sums(facts, 0, OBIS_IMPORT, 101, 103, tell_sum, &told, &fault));
    assert_string_equal(told.text, "1 102 836 19/19/19/20/19 2 101 7205759403792720 20/20/20/20/20 ");
    WELL(facts_day_range(facts, 1, OBIS_IMPORT, &first, &last, &fault));
    assert_true(first == 100 && last == 102);
    begin();
    WELL(facts_remove_day(facts, 1, OBIS_IMPORT, 100, &fault));
    WELL(facts_remove_day(facts, 1, OBIS_IMPORT, 555, &fault));
    commit();
    WELL(facts_day_range(facts, 1, OBIS_IMPORT, &first, &last, &fault));
    assert_true(first == 102 && last == 102);
}

/* ---- judgements ---- */

static int tell_judgement(const struct judgement *judgement, void *arg)
{
    return tell(arg, "%lld=%lld %s ", (long long)judgement->ts_utc_ms, (long long)judgement->value_wh, verdict_name(judgement->verdict));
}

static int tell_verdict(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    (void)at;
    return tell(arg, "%lld %s %s ", (long long)(row->reading.ts_utc_ms - T0), verdict_name(row->verdict), quality_name(row->quality));
}

static void judgements_stand_beside_facts(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    for (int i = 0; i < 4; i++) {
        struct reading_row row = reading_at(i, 100 + i);
        put(&row);
        struct judgement judgement = {.meter_no = 1, .ts_utc_ms = T0 + i, .channel = OBIS_IMPORT, .value_wh = 100 + i};
        judgement.verdict = i == 1 ? VERDICT_TRANSIENT : i == 2 ? VERDICT_CATCH_UP : VERDICT_CONFLICT;
        if (i > 0)
            WELL(facts_put_judgement(facts, &judgement, &fault));
        judgement.channel = OBIS_EXPORT;
        WELL(facts_put_judgement(facts, &judgement, &fault));
        judgement.channel = OBIS_IMPORT;
        judgement.verdict = VERDICT_ACCEPTED;
        if (i == 3)
            WELL(facts_put_judgement(facts, &judgement, &fault)); /* takes it away */
    }
    commit();
    WELL(facts_readings(facts, 1, INT64_MIN, INT64_MAX, 1, 10, NULL, tell_verdict, &told, &fault));
    assert_string_equal(told.text, "0 accepted measured 1 transient missing 2 catch_up estimated 3 accepted measured ");
    told = (struct told){0};
    WELL(facts_judgements(facts, 1, OBIS_IMPORT, T0, T0 + 10, -1, 10, tell_judgement, &told, &fault));
    assert_string_equal(told.text, "1795348800002=102 catch_up 1795348800001=101 transient ");
    told = (struct told){0};
    WELL(facts_judgements(facts, 1, OBIS_IMPORT, T0 + 1, T0 + 10, 1, 1, tell_judgement, &told, &fault));
    assert_string_equal(told.text, "1795348800001=101 transient ");
    begin();
    WELL(facts_clear_judgements(facts, 1, OBIS_IMPORT, T0, T0 + 2, &fault));
    commit();
    told = (struct told){0};
    WELL(facts_judgements(facts, 1, OBIS_IMPORT, INT64_MIN, INT64_MAX, 1, 10, tell_judgement, &told, &fault));
    assert_string_equal(told.text, "1795348800002=102 catch_up ");
    told = (struct told){0};
    WELL(facts_judgements(facts, 1, OBIS_EXPORT, INT64_MIN, INT64_MAX, 1, 10, tell_judgement, &told, &fault));
    assert_int_equal(told.count, 4); /* the other channel's stay */
}

/* ---- bills ---- */

static void put_bill(const char *bill_id, int64_t meter_no, int32_t from_day, enum bill_state state, int64_t total)
{
    char document[64];
    struct bill_row row = {.meter_no = meter_no,
                           .state = state,
                           .from_day = from_day,
                           .until_day = from_day + 30,
                           .total_minor = total,
                           .complete = total > 5,
                           .as_of_utc_ms = 9,
                           .document = document};
    snprintf(document, sizeof document, "{\"total_minor\":%lld}", (long long)total);
    snprintf(row.bill_id, sizeof row.bill_id, "%s", bill_id);
    snprintf(row.account_id, sizeof row.account_id, "%s", meter_no == 1 ? "ana" : "");
    WELL(facts_put_bill(facts, &row, &fault));
}

static int tell_bill(const struct bill_row *row, void *arg)
{
    return tell(arg, "%s %s %d %d%s %s ", row->bill_id, row->account_id[0] ? row->account_id : "-", row->from_day, (int)row->state,
                row->complete ? "!" : "", row->document);
}

static void bills_newest_first(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    put_bill("b1", 1, 10, BILL_DRAFT, 5);
    put_bill("b3", 1, 30, BILL_OPEN, 7);
    put_bill("b2", 2, 20, BILL_DRAFT, 6);
    put_bill("a3", 2, 30, BILL_OPEN, 8);
    put_bill("b1", 1, 11, BILL_ISSUED, 9); /* by bill_id: it replaces, though its day is another */
    commit();
    WELL(facts_bills(facts, 0, -1, 0, NULL, 10, tell_bill, &told, &fault));
    assert_string_equal(told.text, "b3 ana 30 0! {\"total_minor\":7} a3 - 30 0! {\"total_minor\":8} b2 - 20 1! {\"total_minor\":6} "
                                   "b1 ana 11 2! {\"total_minor\":9} ");
    told = (struct told){0};
    WELL(facts_bills(facts, 0, -1, 30, "b3", 2, tell_bill, &told, &fault)); /* the next page */
    assert_string_equal(told.text, "a3 - 30 0! {\"total_minor\":8} b2 - 20 1! {\"total_minor\":6} ");
    told = (struct told){0};
    WELL(facts_bills(facts, 1, -1, 30, "", 10, tell_bill, &told, &fault)); /* before a day */
    assert_string_equal(told.text, "b1 ana 11 2! {\"total_minor\":9} ");
    told = (struct told){0};
    WELL(facts_bills(facts, 0, BILL_OPEN, 0, NULL, 1, tell_bill, &told, &fault));
    assert_string_equal(told.text, "b3 ana 30 0! {\"total_minor\":7} ");
    told = (struct told){0};
    WELL(facts_bill(facts, "b2", tell_bill, &told, &fault));
    assert_int_equal(told.count, 1);
    assert_int_equal(facts_bill(facts, "none", tell_bill, &told, &fault), ERR_NOT_FOUND);
    begin();
    WELL(facts_remove_bill(facts, "b2", &fault));
    WELL(facts_remove_bill(facts, "none", &fault));
    commit();
    assert_int_equal(facts_bill(facts, "b2", tell_bill, &told, &fault), ERR_NOT_FOUND);
}

/* ---- alerts ---- */

static void put_alert(const char *alert_id, int64_t meter_no, enum alert_kind kind, enum alert_state state, int64_t since, int revision)
{
    char document[64];
    struct alert_row row = {.published = revision > 1, .document = document};
    snprintf(document, sizeof document, "{\"revision\":%d}", revision);
    row.alert = (struct alert){.revision = revision,
                               .subject = meter_no ? SUBJECT_METER : SUBJECT_SYSTEM,
                               .meter_no = meter_no,
                               .kind = kind,
                               .severity = SEVERITY_CRITICAL,
                               .state = state,
                               .since_utc_ms = since,
                               .until_utc_ms = 2,
                               .updated_utc_ms = 3,
                               .value = -4,
                               .threshold = 5,
                               .message_pt_br = "ol\xc3\xa1",
                               .message_en = "hi"};
    snprintf(row.alert.alert_id, sizeof row.alert.alert_id, "%s", alert_id);
    snprintf(row.alert.subject_id, sizeof row.alert.subject_id, "%s", meter_no ? "casa" : "");
    WELL(facts_put_alert(facts, &row, &fault));
}

static int tell_alert(const struct alert_row *row, void *arg)
{
    const struct alert *a = &row->alert;
    assert_true(a->severity == SEVERITY_CRITICAL && a->until_utc_ms == 2 && a->updated_utc_ms == 3 && a->value == -4 && a->threshold == 5);
    assert_string_equal(a->message_pt_br, "ol\xc3\xa1");
    assert_string_equal(a->message_en, "hi");
    assert_int_equal(row->published, a->revision > 1);
    return tell(arg, "%s#%d %s/%d %d %s ", a->alert_id, a->revision, a->subject_id, (int)a->subject, (int)a->state, row->document);
}

static void alerts_are(int64_t meter_no, int kind, int state, int64_t before, const char *before_id, int limit, const char *expected)
{
    struct told told = {0};
    WELL(facts_alerts(facts, meter_no, kind, state, before, before_id, limit, tell_alert, &told, &fault));
    assert_string_equal(told.text, expected);
}

static void alerts_newest_first(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    put_alert("a", 1, ALERT_EXCESS_CONSUMPTION, ALERT_RESOLVED, 10, 3);
    put_alert("b", 1, ALERT_BILL_VARIATION, ALERT_ACTIVE, 20, 1);
    put_alert("b", 1, ALERT_BILL_VARIATION, ALERT_ACKNOWLEDGED, 20, 2);
    put_alert("c", 0, ALERT_BROKER_DROPPING, ALERT_ACTIVE, 20, 1);
    commit();
    alerts_are(0, 0, -1, 0, NULL, 10, "c#1 /3 0 {\"revision\":1} b#2 casa/0 1 {\"revision\":2} a#3 casa/0 2 {\"revision\":3} ");
    alerts_are(0, 0, -2, 0, NULL, 10, "c#1 /3 0 {\"revision\":1} b#2 casa/0 1 {\"revision\":2} ");
    alerts_are(0, 0, ALERT_RESOLVED, 0, NULL, 10, "a#3 casa/0 2 {\"revision\":3} ");
    alerts_are(1, ALERT_BILL_VARIATION, -1, 0, NULL, 10, "b#2 casa/0 1 {\"revision\":2} ");
    alerts_are(0, 0, -1, 20, "c", 1, "b#2 casa/0 1 {\"revision\":2} ");
    WELL(facts_alert(facts, "a", tell_alert, &told, &fault));
    assert_int_equal(told.count, 1);
    assert_int_equal(facts_alert(facts, "z", tell_alert, &told, &fault), ERR_NOT_FOUND);
    begin();
    WELL(facts_remove_alert(facts, "a", &fault));
    commit();
    assert_int_equal(facts_alert(facts, "a", tell_alert, &told, &fault), ERR_NOT_FOUND);
}

static int tell_checks(const struct check_day_row *row, void *arg)
{
    const struct check_result *spike = &row->results[CHECK_SPIKE];
    return tell(arg, "%d/%d %d %d %lld %lld+%lld %d/%d ", (int)row->meter_no, row->local_day, (int)spike->outcome, (int)spike->skip,
                (long long)spike->value, (long long)spike->from_utc_ms, (long long)(spike->until_utc_ms - spike->from_utc_ms), row->voltage.values,
                row->voltage.critical);
}

static void checks_of_closed_days(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    for (int64_t meter_no = 1; meter_no <= 2; meter_no++)
        for (int32_t day = 100; day <= 102; day++) {
            struct check_day_row row = {.meter_no = meter_no, .local_day = day, .voltage = {144, 3, 1}};
            if (day != 101)
                row.results[CHECK_SPIKE] = (struct check_result){CHECK_FOUND, SKIP_NOT, T0, T0 + 900000, -5, 180};
            else
                row.results[CHECK_SPIKE] = (struct check_result){CHECK_SKIPPED, SKIP_HISTORY, T0, T0 + 1, 0, 180};
            WELL(facts_put_checks(facts, &row, &fault));
            WELL(facts_put_checks(facts, &row, &fault)); /* again replaces */
        }
    commit();
    WELL(facts_checks(facts, 2, 101, 103, tell_checks, &told, &fault));
    assert_string_equal(told.text, "2/101 2 1 0 1795348800000+1 144/1 2/102 1 0 -5 1795348800000+900000 144/1 ");
    told = (struct told){0};
    WELL(facts_found_checks(facts, 0, 0, INT32_MAX, 0, 3, tell_checks, &told, &fault));
    assert_string_equal(told.text,
                        "2/102 1 0 -5 1795348800000+900000 144/1 1/102 1 0 -5 1795348800000+900000 144/1 2/100 1 0 -5 1795348800000+900000 144/1 ");
    told = (struct told){0};
    WELL(facts_found_checks(facts, 0, 101, 102, 2, 3, tell_checks, &told, &fault)); /* behind 2/102, not before day 101 */
    assert_string_equal(told.text, "1/102 1 0 -5 1795348800000+900000 144/1 ");
    told = (struct told){0};
    begin();
    WELL(facts_remove_checks(facts, 1, 100, 102, &fault));
    commit();
    WELL(facts_found_checks(facts, 1, 0, INT32_MAX, 0, 3, tell_checks, &told, &fault));
    assert_string_equal(told.text, "1/102 1 0 -5 1795348800000+900000 144/1 ");
}

static int tell_completeness(const struct completeness_row *row, void *arg)
{
    return tell(arg, "%d/%d %d/%d by %d ", (int)row->meter_no, row->local_day, row->received, row->expected, row->interval_s);
}

static void completeness_of_closed_days(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    for (int64_t meter_no = 1; meter_no <= 2; meter_no++)
        for (int32_t day = -1; day <= 2; day++) {
            struct completeness_row row = {meter_no, day, 900, 96, 90 + day};
            WELL(facts_put_completeness(facts, &row, &fault));
            row.received++;
            WELL(facts_put_completeness(facts, &row, &fault)); /* again replaces */
        }
    commit();
    WELL(facts_completeness(facts, 2, -1, 2, tell_completeness, &told, &fault));
    assert_string_equal(told.text, "2/-1 90/96 by 900 2/0 91/96 by 900 2/1 92/96 by 900 ");
    told = (struct told){.stop_after = 1};
    WELL(facts_completeness(facts, 1, -9, 9, tell_completeness, &told, &fault));
    assert_int_equal(told.count, 1);
    begin();
    WELL(facts_remove_completeness(facts, 1, 0, 2, &fault));
    WELL(facts_clear_derived(facts, 2, &fault));
    commit();
    told = (struct told){0};
    WELL(facts_completeness(facts, 1, -9, 9, tell_completeness, &told, &fault));
    WELL(facts_completeness(facts, 2, -9, 9, tell_completeness, &told, &fault));
    assert_string_equal(told.text, "1/-1 90/96 by 900 1/2 93/96 by 900 ");
}

/* Of one meter, and of nobody else; facts stay. */
static void all_that_is_derived_goes(void **state)
{
    struct told told = {0};
    struct judgement judgement = {.meter_no = 1, .ts_utc_ms = 1000, .channel = OBIS_IMPORT, .value_wh = 5, .verdict = VERDICT_TRANSIENT};
    struct bill_row bill = {.bill_id = "a-2026-01-01", .meter_no = 1, .from_day = 1, .until_day = 2, .document = "{}"};
    (void)state;
    begin();
    for (int64_t meter_no = 1; meter_no <= 2; meter_no++) {
        struct day_row row = day_of(meter_no, OBIS_IMPORT, 100, 96, 7);
        WELL(facts_put_day(facts, &row, &fault));
        judgement.meter_no = bill.meter_no = meter_no;
        WELL(facts_put_judgement(facts, &judgement, &fault));
        snprintf(bill.bill_id, sizeof bill.bill_id, "a%d-2026-01-01", (int)meter_no);
        WELL(facts_put_bill(facts, &bill, &fault));
    }
    WELL(facts_clear_derived(facts, 1, &fault));
    WELL(facts_clear_derived(facts, 77, &fault));
    commit();
    WELL(facts_days(facts, 1, OBIS_IMPORT, 0, 1000, tell_day, &told, &fault));
    WELL(facts_bills(facts, 1, -1, 0, NULL, 10, tell_bill, &told, &fault));
    WELL(facts_judgements(facts, 1, OBIS_IMPORT, 0, 2000, 1, 10, tell_judgement, &told, &fault));
    assert_string_equal(told.text, "");
    WELL(facts_days(facts, 2, OBIS_IMPORT, 0, 1000, tell_day, &told, &fault));
    WELL(facts_judgements(facts, 2, OBIS_IMPORT, 0, 2000, 1, 10, tell_judgement, &told, &fault));
    assert_true(told.text[0] != '\0');
}

const struct CMUnitTest derived_tests[] = {
    CASE(marks_merge_by_union),        CASE(a_mark_that_grew_stays), CASE(days_and_their_sums),
    CASE(all_that_is_derived_goes),    CASE(checks_of_closed_days),  CASE(judgements_stand_beside_facts),
    CASE(completeness_of_closed_days), CASE(bills_newest_first),     CASE(alerts_newest_first),
};
const size_t derived_test_count = sizeof derived_tests / sizeof derived_tests[0];
