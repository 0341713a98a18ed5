/* The ledger's contract: events, receipts, status, numbers, the tail and the outbox. */
#include "tests/contract/facts_contract.h"
#include <stdlib.h>

/* ---- events ---- */

static int tell_event(const struct event_row *row, void *arg)
{
    return tell(arg, "%lld %s %s ", (long long)row->ts_utc_ms, row->event, row->document);
}

static void events_once_in_order(void **state)
{
    struct event_row row = {
        .meter_no = 1, .ts_utc_ms = 20, .received_utc_ms = 21, .event = "tamper", .document = "{\"a\":3}"}; /* sorts behind what comes later */
    struct told told = {0};
    bool repeated = true;
    (void)state;
    begin();
    WELL(facts_put_event(facts, &row, &repeated, &fault));
    assert_false(repeated);
    row.received_utc_ms = 99;
    WELL(facts_put_event(facts, &row, &repeated, &fault));
    assert_true(repeated);
    row.document = "{\"a\":2}";
    WELL(facts_put_event(facts, &row, &repeated, &fault));
    assert_false(repeated);
    row.ts_utc_ms = 10;
    WELL(facts_put_event(facts, &row, &repeated, &fault));
    row.meter_no = 2;
    WELL(facts_put_event(facts, &row, &repeated, &fault));
    assert_false(repeated);
    commit();
    WELL(facts_events(facts, 1, 0, 100, 10, tell_event, &told, &fault));
    assert_string_equal(told.text, "10 tamper {\"a\":2} 20 tamper {\"a\":2} 20 tamper {\"a\":3} ");
    told = (struct told){0};
    WELL(facts_events(facts, 1, 10, 20, 10, tell_event, &told, &fault));
    assert_string_equal(told.text, "10 tamper {\"a\":2} ");
    told = (struct told){0};
    WELL(facts_events(facts, 1, 0, 100, 2, tell_event, &told, &fault));
    assert_int_equal(told.count, 2);
}

/* ---- receipts, status, numbers ---- */

static int tell_receipt(const struct receipt_row *row, void *arg)
{
    return tell(arg, "%lld/%s %lld %lld %lld \"%s\" %lld ", (long long)row->meter_no, row->boot, (long long)row->done_seq, (long long)row->top_seq,
                (long long)row->given_up, row->holes, (long long)row->updated_utc_ms);
}

static void put_receipt(int64_t meter_no, const char *boot, int64_t done, int64_t top, const char *holes)
{
    struct receipt_row row = {.meter_no = meter_no, .done_seq = done, .top_seq = top, .given_up = 1, .holes = holes, .updated_utc_ms = 5};
    snprintf(row.boot, sizeof row.boot, "%s", boot);
    WELL(facts_put_receipt(facts, &row, &fault));
}

static void receipts_and_the_open_ones(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    put_receipt(1, "b", 3, 9, "5-9");
    put_receipt(1, "a", 9, 9, "");
    put_receipt(2, "", -1, 4, "4-4");
    put_receipt(2, "", -1, 5, "4-5"); /* replaces */
    put_receipt(3, "n", 1, 1, NULL);
    commit();
    WELL(facts_receipts(facts, tell_receipt, &told, &fault)); /* those with holes */
    assert_string_equal(told.text, "1/b 3 9 1 \"5-9\" 5 2/ -1 5 1 \"4-5\" 5 ");
    told = (struct told){0};
    WELL(facts_receipt(facts, 1, "a", tell_receipt, &told, &fault));
    WELL(facts_receipt(facts, 3, "n", tell_receipt, &told, &fault));
    WELL(facts_receipt(facts, 1, "z", tell_receipt, &told, &fault)); /* nothing is no error */
    assert_string_equal(told.text, "1/a 9 9 1 \"\" 5 3/n 1 1 1 \"\" 5 ");
}

static void the_last_word_of_a_meter(void **state)
{
    struct status_row row = {.meter_no = 1, .online = true, .changed_utc_ms = 5, .serial = "S", .firmware = "1", .boot = "b"}, back = {.meter_no = 9};
    (void)state;
    assert_int_equal(facts_status(facts, 1, &back, &fault), ERR_NOT_FOUND);
    assert_int_equal(back.meter_no, 9);
    begin();
    WELL(facts_put_status(facts, &row, &fault));
    row.online = false;
    WELL(facts_put_status(facts, &row, &fault));
    commit();
    WELL(facts_status(facts, 1, &back, &fault));
    assert_true(!back.online && back.changed_utc_ms == 5 && back.meter_no == 1);
    assert_string_equal(back.serial, "S");
    assert_string_equal(back.firmware, "1");
    assert_string_equal(back.boot, "b");
}

static int tell_number(const char *name, int64_t value, void *arg)
{
    return tell(arg, "%s=%lld ", name, (long long)value);
}

static void named_numbers(void **state)
{
    struct told told = {0};
    (void)state;
    begin();
    WELL(facts_add_number(facts, "b", 5, &fault));
    WELL(facts_add_number(facts, "b", -7, &fault));
    WELL(facts_set_number(facts, "a", INT64_MAX, &fault));
    WELL(facts_set_number(facts, "c", 1, &fault));
    WELL(facts_set_number(facts, "c", INT64_MIN, &fault));
    commit();
    WELL(facts_numbers(facts, tell_number, &told, &fault));
    assert_string_equal(told.text, "a=9223372036854775807 b=-2 c=-9223372036854775808 ");
}

static int tell_tail(const struct tail_row *row, void *arg)
{
    assert_int_equal(row->data_len, strlen("data0"));
    return tell(arg, "%lld %s/%lld %d %.*s ", (long long)row->at_utc_ms, row->meter_id, (long long)row->meter_no, (int)row->kind, (int)row->data_len,
                row->data);
}

static int keep_seq(const struct tail_row *row, void *arg)
{
    int64_t *last = arg;
    assert_true(row->tail_seq > *last);
    *last = row->tail_seq;
    return 0;
}

static void put_tail(int64_t at, int i)
{
    char data[8];
    struct tail_row row = {.at_utc_ms = at, .meter_no = i, .meter_id = "m", .kind = TAIL_BILL, .data = data};
    row.data_len = (size_t)snprintf(data, sizeof data, "data%d", i);
    WELL(facts_put_tail(facts, &row, &fault));
}

static void the_tail_grows_and_is_cut(void **state)
{
    struct told told = {0};
    int64_t oldest = -1, newest = -1, last = 0;
    (void)state;
    WELL(facts_tail_range(facts, &oldest, &newest, &fault));
    assert_true(oldest == 0 && newest == 0);
    begin();
    for (int i = 0; i < 6; i++)
        put_tail(100 + i, i);
    commit();
    WELL(facts_tail(facts, 0, 100, keep_seq, &last, &fault));
    WELL(facts_tail_range(facts, &oldest, &newest, &fault));
    assert_true(newest == last && newest - oldest == 5);
    WELL(facts_tail(facts, oldest + 1, 2, tell_tail, &told, &fault));
    assert_string_equal(told.text, "102 m/2 1 data2 103 m/3 1 data3 ");
    begin();
    WELL(facts_prune_tail(facts, 104, &fault));
    commit();
    WELL(facts_tail_range(facts, &oldest, &newest, &fault));
    assert_true(oldest == last - 1 && newest == last);
    begin();
    WELL(facts_prune_tail(facts, 1000, &fault));
    commit();
    WELL(facts_tail_range(facts, &oldest, &newest, &fault));
    assert_true(oldest == 0 && newest == last); /* the last ever given, so that nobody mistakes empty for new */
    begin();
    put_tail(200, 9);
    commit();
    WELL(facts_tail_range(facts, &oldest, &newest, &fault));
    assert_true(newest > last && oldest == newest); /* never reused */
}

static int tell_outbox(const struct outbox_row *row, void *arg)
{
    assert_non_null(row->payload);
    return tell(arg, "%s %.*s%s %lld ", row->topic, (int)row->payload_len, row->payload, row->retained ? "!" : "", (long long)row->not_before_utc_ms);
}

static int keep_outbox(const struct outbox_row *row, void *arg)
{
    int64_t *ids = arg;
    ids[++ids[0]] = row->outbox_id;
    return 0;
}

static void put_outbox(const char *topic, const char *payload, bool retained)
{
    struct outbox_row row = {.payload = payload, .payload_len = payload ? strlen(payload) : 0, .retained = retained, .not_before_utc_ms = 7};
    snprintf(row.topic, sizeof row.topic, "%s", topic);
    WELL(facts_put_outbox(facts, &row, &fault));
}

static void the_outbox_until_done(void **state)
{
    struct told told = {0};
    int64_t ids[8] = {0};
    (void)state;
    begin();
    put_outbox("t/1", "one", true);
    put_outbox("t/2", "", true);
    put_outbox("t/3", NULL, false);
    commit();
    WELL(facts_outbox(facts, 0, 10, tell_outbox, &told, &fault));
    assert_string_equal(told.text, "t/1 one! 7 t/2 ! 7 t/3  7 ");
    WELL(facts_outbox(facts, 0, 10, keep_outbox, ids, &fault));
    assert_int_equal(ids[0], 3);
    assert_true(ids[1] > 0 && ids[1] < ids[2] && ids[2] < ids[3]);
    told = (struct told){0};
    WELL(facts_outbox(facts, ids[1], 1, tell_outbox, &told, &fault));
    assert_string_equal(told.text, "t/2 ! 7 ");
    begin();
    for (int i = 1; i <= 3; i++)
        WELL(facts_outbox_done(facts, ids[i], &fault));
    WELL(facts_outbox_done(facts, ids[3], &fault)); /* again is nothing */
    put_outbox("t/4", "four", false);
    commit();
    int64_t later[8] = {0};
    WELL(facts_outbox(facts, 0, 10, keep_outbox, later, &fault));
    assert_true(later[0] == 1 && later[1] > ids[3]); /* an id once done is never another message's */
}

static void a_checkpoint_harms_nothing(void **state)
{
    int64_t bytes = -1;
    struct told told = {0};
    (void)state;
    begin();
    WELL(facts_set_number(facts, "a", 1, &fault));
    commit();
    WELL(facts_checkpoint(facts, &bytes, &fault));
    assert_true(bytes >= 0);
    WELL(facts_numbers(facts, tell_number, &told, &fault));
    assert_string_equal(told.text, "a=1 ");
}

const struct CMUnitTest told_tests[] = {
    CASE(events_once_in_order),      CASE(receipts_and_the_open_ones), CASE(the_last_word_of_a_meter),   CASE(named_numbers),
    CASE(the_tail_grows_and_is_cut), CASE(the_outbox_until_done),      CASE(a_checkpoint_harms_nothing),
};
const size_t told_test_count = sizeof told_tests / sizeof told_tests[0];
