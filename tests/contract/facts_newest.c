/* The ledger's contract: what people look through, newest first. */
#include "tests/contract/facts_contract.h"

#define ALL                                                                                                                                          \
    (struct newest_filter)                                                                                                                           \
    {                                                                                                                                                \
        .from_utc_ms = INT64_MIN, .until_utc_ms = INT64_MAX, .limit = 100                                                                            \
    }

static struct told told;
static int64_t last_at, last_id;
static struct judgement last;

static int tell_refusal(const struct refusal *row, void *arg)
{
    last_at = row->received_utc_ms;
    last_id = row->refusal_id;
    return tell(arg, "%lld/%s/%s/%.*s ", (long long)row->received_utc_ms, row->meter_id, verdict_name(row->verdict), (int)row->payload_len,
                row->payload ? row->payload : "");
}

static const char *refusals(struct newest_filter newest, int64_t after_at, int64_t after_id)
{
    told = (struct told){0};
    WELL(facts_newest_refusals(facts, &newest, after_at, after_id, tell_refusal, &told, &fault));
    return told.text;
}

static void put_refusal(int64_t at, int64_t meter_no, const char *meter_id, enum verdict verdict, const char *payload)
{
    struct refusal row = {.received_utc_ms = at, .meter_no = meter_no, .verdict = verdict, .payload = payload, .payload_len = strlen(payload)};
    snprintf(row.meter_id, sizeof row.meter_id, "%s", meter_id);
    WELL(facts_put_refusal(facts, &row, 100, &fault));
}

/* By receipt, not by when they were written: what waited for its meter is judged later than it came. */
static void refusals_newest_first(void **state)
{
    (void)state;
    begin();
    put_refusal(20, 1, "a", VERDICT_FUTURE, "p1");
    put_refusal(30, 2, "b", VERDICT_BAD_JSON, "p2");
    put_refusal(10, 0, "c", VERDICT_UNKNOWN_METER, "p3");
    put_refusal(20, 2, "b", VERDICT_FUTURE, "p4");
    commit();
    assert_string_equal(refusals(ALL, INT64_MAX, INT64_MAX), "30/b/bad_json/p2 20/b/future/p4 20/a/future/p1 10/c/unknown_meter/p3 ");
    struct newest_filter one = ALL;
    one.limit = 2;
    assert_string_equal(refusals(one, INT64_MAX, INT64_MAX), "30/b/bad_json/p2 20/b/future/p4 ");
    assert_string_equal(refusals(one, last_at, last_id), "20/a/future/p1 10/c/unknown_meter/p3 ");
    assert_string_equal(refusals(one, last_at, last_id), "");
    assert_string_equal(refusals(one, 20, INT64_MAX), "20/b/future/p4 20/a/future/p1 ");
    one = ALL;
    one.meter_no = 2;
    assert_string_equal(refusals(one, INT64_MAX, INT64_MAX), "30/b/bad_json/p2 20/b/future/p4 ");
    one.verdict = VERDICT_FUTURE;
    assert_string_equal(refusals(one, INT64_MAX, INT64_MAX), "20/b/future/p4 ");
    one.meter_no = 0;
    assert_string_equal(refusals(one, INT64_MAX, INT64_MAX), "20/b/future/p4 20/a/future/p1 ");
    one = ALL;
    one.from_utc_ms = 20;
    one.until_utc_ms = 30;
    assert_string_equal(refusals(one, INT64_MAX, INT64_MAX), "20/b/future/p4 20/a/future/p1 ");
}

static int tell_judgement(const struct judgement *row, void *arg)
{
    last = *row;
    return tell(arg, "%lld/%lld/%d/%d/%d=%lld/%s ", (long long)row->ts_utc_ms, (long long)row->meter_no, (int)row->channel, (int)row->kind,
                (int)row->length_s, (long long)row->value_wh, verdict_name(row->verdict));
}

static const char *judgements(struct newest_filter newest, const struct judgement *after)
{
    told = (struct told){0};
    WELL(facts_newest_judgements(facts, &newest, after, tell_judgement, &told, &fault));
    return told.text;
}

static void put_judgement(int64_t ts, int64_t meter_no, int32_t channel, int32_t length_s, int64_t value_wh, enum verdict verdict)
{
    struct judgement row = {.meter_no = meter_no,
                            .ts_utc_ms = ts,
                            .channel = channel,
                            .kind = length_s > 0 ? FACT_INTERVAL : FACT_REGISTER,
                            .length_s = length_s,
                            .value_wh = value_wh,
                            .verdict = verdict};
    WELL(facts_put_judgement(facts, &row, &fault));
}

static void judgements_newest_first(void **state)
{
    (void)state;
    begin();
    put_judgement(10, 1, 10800, 0, 5, VERDICT_TRANSIENT);
    put_judgement(20, 1, 10800, 0, 7, VERDICT_CONFLICT);
    put_judgement(20, 1, 10800, 0, 6, VERDICT_CONFLICT);
    put_judgement(20, 1, 20800, 0, 1, VERDICT_TRANSIENT);
    put_judgement(20, 1, 10800, 900, 1, VERDICT_TEST);
    put_judgement(20, 2, 10800, 0, 1, VERDICT_TRANSIENT);
    put_judgement(30, 1, 10800, 0, 9, VERDICT_RESET);
    commit();
    static const char all[] = "30/1/10800/0/0=9/reset 20/2/10800/0/0=1/transient 20/1/20800/0/0=1/transient 20/1/10800/1/900=1/test "
                              "20/1/10800/0/0=7/conflict 20/1/10800/0/0=6/conflict 10/1/10800/0/0=5/transient ";
    assert_string_equal(judgements(ALL, NULL), all);
    struct newest_filter one = ALL;
    char pages[sizeof told.text] = "";
    one.limit = 1;
    for (int i = 0; i < 7; i++) {
        struct judgement after = last;
        strcat(pages, judgements(one, i > 0 ? &after : NULL));
    }
    assert_string_equal(pages, all);
    struct judgement after = last;
    assert_string_equal(judgements(one, &after), "");
    one = ALL;
    one.verdict = VERDICT_TRANSIENT;
    assert_string_equal(judgements(one, NULL), "20/2/10800/0/0=1/transient 20/1/20800/0/0=1/transient 10/1/10800/0/0=5/transient ");
    one.meter_no = 1;
    assert_string_equal(judgements(one, NULL), "20/1/20800/0/0=1/transient 10/1/10800/0/0=5/transient ");
    one.verdict = VERDICT_ACCEPTED;
    one.from_utc_ms = 20;
    one.until_utc_ms = 30;
    one.limit = 2;
    assert_string_equal(judgements(one, NULL), "20/1/20800/0/0=1/transient 20/1/10800/1/900=1/test ");
    after = last;
    assert_string_equal(judgements(one, &after), "20/1/10800/0/0=7/conflict 20/1/10800/0/0=6/conflict ");
    told = (struct told){.stop_after = 1};
    struct newest_filter all_of_them = ALL;
    told = (struct told){.stop_after = 1};
    WELL(facts_newest_judgements(facts, &all_of_them, NULL, tell_judgement, &told, &fault));
    assert_int_equal(told.count, 1);
}

static int tell_event(const struct event_row *row, void *arg)
{
    last_at = row->ts_utc_ms;
    last_id = row->event_id;
    return tell(arg, "%lld/%s/%s ", (long long)row->ts_utc_ms, row->event, row->document);
}

static const char *events(struct newest_filter newest, int64_t after_at, int64_t after_id)
{
    told = (struct told){0};
    WELL(facts_newest_events(facts, &newest, after_at, after_id, tell_event, &told, &fault));
    return told.text;
}

static void events_newest_first(void **state)
{
    static const char *const documents[] = {"b", "a", "c"};
    (void)state;
    begin();
    for (int i = 0; i < 4; i++) {
        struct event_row row = {.meter_no = i < 3 ? 1 : 2, .ts_utc_ms = i < 2 ? 20 : 10, .event = "tamper", .document = documents[i % 3]};
        bool repeated;
        WELL(facts_put_event(facts, &row, &repeated, &fault));
    }
    commit();
    struct newest_filter one = ALL;
    one.meter_no = 1;
    assert_string_equal(events(one, INT64_MAX, INT64_MAX), "20/tamper/a 20/tamper/b 10/tamper/c ");
    one.limit = 1;
    assert_string_equal(events(one, INT64_MAX, INT64_MAX), "20/tamper/a ");
    assert_string_equal(events(one, last_at, last_id), "20/tamper/b ");
    assert_string_equal(events(one, last_at, last_id), "10/tamper/c ");
    assert_string_equal(events(one, last_at, last_id), "");
    one.limit = 10;
    one.from_utc_ms = 11;
    one.until_utc_ms = 21;
    assert_string_equal(events(one, INT64_MAX, INT64_MAX), "20/tamper/a 20/tamper/b ");
    one.until_utc_ms = 20;
    assert_string_equal(events(one, INT64_MAX, INT64_MAX), "");
}

const struct CMUnitTest newest_tests[] = {CASE(refusals_newest_first), CASE(judgements_newest_first), CASE(events_newest_first)};
const size_t newest_test_count = sizeof newest_tests / sizeof newest_tests[0];
