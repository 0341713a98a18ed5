/* Decisions on readings in the records: append-only, who may review them, the second person's threshold, and following them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>
#include "base/text.h"
#include "store/records.h"

#define NOW INT64_C(1795305600000)
#define DAY_MS INT64_C(86400000)

static char folder[64], path[128];
static struct records *records;
static struct fault fault;
static const struct actor ana = {"ana", NOW}, bia = {"bia", NOW + 1000};
static int64_t meter_no;

static int open_records(void **state)
{
    struct point_record point;
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-decision-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/records.db", folder);
    const struct records_options options = {.path = path, .mode = RECORDS_CREATE, .busy_timeout_ms = 400};
    point_record_init(&point);
    text_copy(point.meter_id, sizeof point.meter_id, "casa");
    if (records_open(&options, &fault, &records) != OK)
        return -1;
    return records_point_add(records, &ana, &point, &fault, &meter_no) == OK ? 0 : -1;
}

static int close_records(void **state)
{
    char command[128];
    (void)state;
    records_close(records);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#define assert_ok(call)                                                                                                                              \
    do {                                                                                                                                             \
        enum err err_ = (call);                                                                                                                      \
        if (err_ != OK)                                                                                                                              \
            fail_msg("%s: %s: %s", #call, err_name(err_), fault.text);                                                                               \
    } while (0)
#define assert_refused(call, err_wanted, pointer_wanted)                                                                                             \
    do {                                                                                                                                             \
        memset(&fault, 0, sizeof fault);                                                                                                             \
        assert_int_equal(call, err_wanted);                                                                                                          \
        assert_string_equal(fault.pointer, pointer_wanted);                                                                                          \
        assert_true(fault.text[0] != '\0');                                                                                                          \
    } while (0)

static struct decision_record edit(int64_t energy_wh, int64_t before_wh)
{
    struct decision_record made = {.meter_no = meter_no, .before_wh = before_wh, .after_wh = energy_wh};
    made.decision = (struct decision){
        .channel = 10800, .action = DECISION_EDIT, .from_utc_ms = NOW - DAY_MS, .until_utc_ms = NOW, .has_energy = true, .energy_wh = energy_wh};
    text_copy(made.reason, sizeof made.reason, "read by hand");
    return made;
}

static int64_t add(int64_t energy_wh, int64_t before_wh)
{
    struct decision_record made = edit(energy_wh, before_wh);
    int64_t no = 0;
    assert_ok(records_decision_add(records, &ana, &made, &fault, &no));
    return no;
}

static enum err review(int64_t no, const struct actor *actor, enum decision_state state, bool for_others)
{
    struct decision_review said = {.state = state, .note = "seen", .for_others = for_others, .if_revision = RECORDS_ANY_REVISION};
    return records_decision_review(records, actor, no, &said, &fault);
}

static struct decision_record get(int64_t no)
{
    struct decision_record out;
    assert_ok(records_decision_by_no(records, no, &fault, &out));
    return out;
}

static void it_is_kept_whole(void **state)
{
    (void)state;
    struct decision_record got = get(add(5000, 4000));
    assert_string_equal(got.estimate_id, "estimate-1");
    assert_string_equal(got.meter_id, "casa");
    assert_string_equal(got.reason, "read by hand");
    assert_string_equal(got.by, "ana");
    assert_int_equal(got.at_utc_ms, NOW);
    assert_int_equal(got.decision.action, DECISION_EDIT);
    assert_int_equal(got.decision.from_utc_ms, NOW - DAY_MS);
    assert_true(got.decision.has_energy && got.decision.energy_wh == 5000);
    assert_int_equal(got.before_wh, 4000);
    assert_int_equal(got.after_wh, 5000);
    assert_int_equal(got.state, DECISION_APPROVED);
    assert_string_equal(got.reviewed_by, "");

    struct decision_record read = {.meter_no = meter_no, .reason = "x"};
    read.decision = (struct decision){.channel = 10800, .action = DECISION_REFUSE, .from_utc_ms = NOW, .until_utc_ms = NOW + 1, .value_wh = 7};
    int64_t no;
    assert_ok(records_decision_add(records, &ana, &read, &fault, &no));
    got = get(no);
    assert_int_equal(got.decision.value_wh, 7);
    assert_false(got.decision.has_energy);
    assert_true(records_decision_id_parse(got.estimate_id, &no) && no == 2);
    assert_false(records_decision_id_parse("estimate-", &no));
    assert_false(records_decision_id_parse("estimate--1", &no));
}

static void bad_ones_are_refused_by_field(void **state)
{
    struct decision_record bad;
    (void)state;
    bad = edit(1, 1), bad.reason[0] = '\0';
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/reason");
    bad = edit(1, 1), bad.decision.from_utc_ms += 1;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/from");
    bad = edit(1, 1), bad.decision.until_utc_ms = bad.decision.from_utc_ms;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/to");
    bad = edit(1, 1), bad.decision.from_utc_ms -= DECISION_SPAN_MS_MAX;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/to");
    bad = edit(1, 1), bad.decision.has_energy = false;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/energy_wh");
    bad = edit(-1, 1);
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/energy_wh");
    bad = edit(1, 1), bad.decision.channel = 0;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/channel");
    bad = edit(1, 1), bad.meter_no = 99;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/meter_id");
    bad = edit(1, 1), bad.decision.action = 9;
    assert_refused(records_decision_add(records, &ana, &bad, &fault, NULL), ERR_INVALID, "/action");
}

static void beyond_the_threshold_a_second_person(void **state)
{
    (void)state;
    assert_int_equal(get(add(100000, 0)).state, DECISION_APPROVED); /* 100 kWh by default: up to it, alone */
    int64_t no = add(0, 100001);
    assert_int_equal(get(no).state, DECISION_PROPOSED);
    assert_refused(review(no, &ana, DECISION_APPROVED, true), ERR_CONFLICT, ""); /* not even an administrator their own */
    assert_refused(review(no, &ana, DECISION_REJECTED, true), ERR_CONFLICT, "");
    assert_refused(review(no, &bia, DECISION_WITHDRAWN, false), ERR_CONFLICT, "");
    struct decision_review late = {.state = DECISION_APPROVED, .note = "", .if_revision = 1};
    assert_refused(records_decision_review(records, &bia, no, &late, &fault), ERR_CONFLICT, "");
    assert_ok(review(no, &bia, DECISION_APPROVED, false));
    struct decision_record got = get(no);
    assert_int_equal(got.state, DECISION_APPROVED);
    assert_string_equal(got.reviewed_by, "bia");
    assert_string_equal(got.note, "seen");
    assert_int_equal(got.reviewed_at_utc_ms, NOW + 1000);
    assert_refused(review(no, &bia, DECISION_APPROVED, false), ERR_CONFLICT, "");
    assert_refused(review(no, &bia, DECISION_REJECTED, false), ERR_CONFLICT, "");
    assert_ok(review(no, &ana, DECISION_WITHDRAWN, false));
    assert_refused(review(no, &ana, DECISION_WITHDRAWN, false), ERR_CONFLICT, "");
    no = add(500000, 0);
    assert_ok(review(no, &bia, DECISION_REJECTED, false));
    assert_refused(review(no, &ana, DECISION_WITHDRAWN, false), ERR_CONFLICT, "");
    assert_ok(review(add(1, 0), &bia, DECISION_WITHDRAWN, true)); /* an administrator takes back another's */
    assert_refused(review(99, &bia, DECISION_APPROVED, false), ERR_NOT_FOUND, "");
    /* The threshold is dated: what was said before it holds as it was said. */
    assert_ok(records_setting_set(records, &ana, "second_person_wh", "10", NOW, &fault));
    assert_int_equal(get(add(11, 0)).state, DECISION_PROPOSED);
    assert_int_equal(get(add(10, 0)).state, DECISION_APPROVED);
    assert_int_equal(get(1).state, DECISION_APPROVED);
    assert_refused(records_setting_set(records, &ana, "second_person_wh", "-1", NOW, &fault), ERR_INVALID, "/value");
    assert_refused(records_setting_set(records, &ana, "estimated_share_percent", "101", NOW, &fault), ERR_INVALID, "/value");
    assert_refused(records_setting_set(records, &ana, "estimated_cycles_max", "few", NOW, &fault), ERR_INVALID, "/value");
}

static void lists_follow_what_changes(void **state)
{
    struct decision_record rows[8];
    struct decision_filter filter = {.meter_no = meter_no};
    size_t count = 0;
    int64_t revision;
    (void)state;
    int64_t first = add(1, 0), second = add(200000, 0), third = add(2, 0);
    assert_ok(records_decision_list(records, &filter, 2, &fault, rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].decision.decision_no, third);
    filter.before_no = rows[1].decision.decision_no;
    assert_ok(records_decision_list(records, &filter, 2, &fault, rows, &count));
    assert_int_equal(count, 1);
    filter = (struct decision_filter){.by_state = true, .state = DECISION_PROPOSED};
    assert_ok(records_decision_list(records, &filter, 8, &fault, rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].decision.decision_no, second);

    assert_ok(records_decision_changed(records, 0, 0, 8, &fault, rows, &count));
    assert_int_equal(count, 3);
    assert_ok(records_decision_changed(records, rows[0].revision, first, 1, &fault, rows, &count));
    assert_int_equal(rows[0].decision.decision_no, second);
    assert_ok(records_version(records, &fault, &revision));
    assert_ok(records_decision_changed(records, revision, INT64_MAX, 8, &fault, rows, &count));
    assert_int_equal(count, 0);
    assert_ok(review(first, &ana, DECISION_WITHDRAWN, false));
    assert_ok(records_decision_changed(records, revision, INT64_MAX, 8, &fault, rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].decision.decision_no, first);
    assert_int_equal(rows[0].state, DECISION_WITHDRAWN);
}

static void nothing_is_ever_changed(void **state)
{
    struct audit_record audit[4];
    size_t count = 0;
    (void)state;
    int64_t no = add(1, 0);
    assert_ok(review(no, &ana, DECISION_WITHDRAWN, false));
    assert_ok(records_audit_list(records, "casa", INT64_MAX, 4, &fault, audit, &count));
    assert_int_equal(count, 3);
    assert_string_equal(audit[0].action, "decision.review");
    assert_string_equal(audit[1].action, "decision.add");
    assert_non_null(strstr(audit[1].detail, "read by hand"));
    sqlite3 *db = NULL;
    static const char *const changes[] = {"UPDATE decision SET energy_wh = 2", "DELETE FROM decision", "UPDATE decision_review SET state = 1",
                                          "DELETE FROM decision_review"};
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
    assert_int_equal(get(no).decision.energy_wh, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_kept_whole, open_records, close_records),
        cmocka_unit_test_setup_teardown(bad_ones_are_refused_by_field, open_records, close_records),
        cmocka_unit_test_setup_teardown(beyond_the_threshold_a_second_person, open_records, close_records),
        cmocka_unit_test_setup_teardown(lists_follow_what_changes, open_records, close_records),
        cmocka_unit_test_setup_teardown(nothing_is_ever_changed, open_records, close_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
