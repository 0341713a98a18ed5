/*
 * Faults on purpose: what a meter that has them emits, and that what it truly counted can still be
 * told from it. Pure: readings go in by hand, a way out writes down what went through it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/instant.h"
#include "meter/defect.h"
#include "wire/device_json.h"

enum { READINGS = 1600, STEP_WH = 7, SENT_MAX = 4000, INTERVAL_MS = 1000 };

static const int64_t begin_utc_ms = INT64_C(1700000000000);

struct world {
    struct defect_plan plan;
    struct defect_meter meter;
    int sent, room;
    char *payloads[SENT_MAX];
};

static enum err take(const void *payload, size_t len, void *arg)
{
    struct world *w = arg;
    if (w->room == 0)
        return ERR_RETRY;
    w->room--;
    assert_true(w->sent < SENT_MAX);
    w->payloads[w->sent++] = strndup(payload, len);
    return OK;
}

static struct defect_out way_out(struct world *w)
{
    return (struct defect_out){take, w};
}

static void begin_as(struct world *w, const char *names, uint64_t seed, uint64_t key)
{
    *w = (struct world){
        .room = INT32_MAX,
        .plan = {
            .seed = seed, .interval_ms = INTERVAL_MS, .skew_s = -90, .register_max_wh = 99999, .exchange_wh = 1000, .silence_s = 60, .every_s = 600}};
    assert_int_equal(defects_parse(names, NULL, &w->plan.defects), OK);
    defect_init(&w->meter, &w->plan, key);
}

static void begin(struct world *w, const char *names)
{
    begin_as(w, names, 1, 1);
}

static void finish(struct world *w)
{
    for (int i = 0; i < w->sent; i++)
        free(w->payloads[i]);
    defect_finish(&w->meter);
}

static struct reading true_reading(int n)
{
    struct reading r = {.ts_utc_ms = begin_utc_ms + n * INTERVAL_MS, .kind = FACT_REGISTER, .channel_count = 2, .has_seq = true, .seq = n};
    r.channels[0] = (struct channel_value){OBIS_IMPORT, (int64_t)n * STEP_WH};
    r.channels[1] = (struct channel_value){OBIS_EXPORT, 12345};
    return r;
}

static int64_t shown(const struct world *w, int n)
{
    struct reading r = true_reading(n);
    defect_show(&w->meter, &r);
    assert_int_equal(r.channels[1].value_wh, 12345); /* export is never touched */
    return r.channels[0].value_wh;
}

static void send_all(struct world *w, int count)
{
    struct defect_out out = way_out(w);
    struct buf payload;
    buf_init(&payload, 4096);
    for (int n = 0; n < count; n++) {
        struct reading r = true_reading(n);
        defect_show(&w->meter, &r);
        buf_reset(&payload);
        device_reading_encode(&payload, &r);
        assert_int_equal(defect_send(&w->meter, payload.data, payload.len, &out), OK);
    }
    assert_int_equal(defect_flush(&w->meter, &out), OK);
    buf_finish(&payload);
}

/* The seq of a sent payload; -1 where it is no JSON. */
static int64_t seq_of(const char *payload)
{
    json_t *root = json_loads(payload, 0, NULL);
    int64_t seq = root == NULL ? -1 : json_integer_value(json_object_get(root, "seq"));
    json_decref(root);
    return seq;
}

static void test_names(void **state)
{
    (void)state;
    unsigned defects = 77;
    struct fault fault;
    assert_int_equal(defects_parse("", &fault, &defects), OK);
    assert_int_equal(defects, 0);
    assert_int_equal(defects_parse("duplicate,reorder,skew,rollover,silence,corrupt,transient,exchange", &fault, &defects), OK);
    assert_int_equal(defects, 255);
    assert_int_equal(defects_parse("skew,skewed", &fault, &defects), ERR_INVALID);
    assert_non_null(strstr(fault.text, "skewed"));
    assert_int_equal(defects, 255);
}

static void test_share_of_a_fleet(void **state)
{
    (void)state;
    struct defect_plan plan = {.defects = DEFECT_SKEW, .seed = 5};
    int some = 0, all = 0, none = 0;
    for (uint64_t key = 1; key <= 10000; key++) {
        some += defect_afflicts(&plan, key, 200);
        all += defect_afflicts(&plan, key, 1000);
        none += defect_afflicts(&plan, key, 0);
    }
    assert_in_range(some, 1800, 2200);
    assert_int_equal(all, 10000);
    assert_int_equal(none, 0);
    plan.defects = 0;
    assert_false(defect_afflicts(&plan, 1, 1000));
}

static void test_duplicate(void **state)
{
    (void)state;
    struct world w;
    int times[READINGS] = {0}, twice = 0;
    begin(&w, "duplicate");
    send_all(&w, READINGS);
    for (int i = 0; i < w.sent; i++)
        times[seq_of(w.payloads[i])]++;
    for (int n = 0; n < READINGS; n++) {
        assert_in_range(times[n], 1, 2);
        twice += times[n] == 2;
    }
    assert_int_equal(w.sent, READINGS + twice);
    assert_in_range(twice, READINGS / 3 - 1, READINGS / 3 + 1);
    finish(&w);
}

/* Each once, none further than the held ones from its place, and not in order. */
static void test_reorder(void **state)
{
    (void)state;
    struct world w;
    int times[READINGS] = {0}, moved = 0;
    begin(&w, "reorder");
    send_all(&w, READINGS - 1); /* so that some are held at the end */
    assert_int_equal(w.sent, READINGS - 1);
    for (int i = 0; i < w.sent; i++) {
        int64_t seq = seq_of(w.payloads[i]);
        times[seq]++;
        moved += seq != i;
        assert_in_range(llabs(seq - i), 0, DEFECT_HELD_MAX - 1);
    }
    for (int n = 0; n < READINGS - 1; n++)
        assert_int_equal(times[n], 1);
    assert_true(moved > READINGS / 3);
    finish(&w);
}

static void test_reorder_loses_nothing_without_room(void **state)
{
    (void)state;
    struct world w;
    struct defect_out out = way_out(&w);
    int times[20] = {0}, taken = 0;
    char payload[32];
    begin(&w, "reorder");
    for (int tries = 0; taken < 20 && tries < 1000; tries++) {
        w.room = tries % 3 == 0; /* one message goes at every third try */
        snprintf(payload, sizeof payload, "{\"seq\":%d}", taken);
        taken += defect_send(&w.meter, payload, strlen(payload), &out) == OK;
    }
    w.room = 100;
    assert_int_equal(defect_flush(&w.meter, &out), OK);
    assert_int_equal(w.sent, 20);
    for (int i = 0; i < w.sent; i++)
        times[seq_of(w.payloads[i])]++;
    for (int n = 0; n < 20; n++)
        assert_int_equal(times[n], 1);
    finish(&w);
}

static void test_skew(void **state)
{
    (void)state;
    struct world w;
    struct reading r = true_reading(3);
    begin(&w, "skew");
    defect_show(&w.meter, &r);
    assert_int_equal(r.ts_utc_ms, begin_utc_ms + 3 * INTERVAL_MS - 90000);
    assert_int_equal(r.channels[0].value_wh, 21);
    finish(&w);
}

struct told {
    int count;
    int64_t ts_utc_ms, final_wh, start_wh, max_wh;
};

/* Asks for the announcement at a reading and reads it. */
static bool hear(struct world *w, int n, struct told *told)
{
    struct reading r = true_reading(n);
    struct buf event;
    buf_init(&event, DEFECT_EVENT_MAX);
    bool due = defect_event(&w->meter, r.ts_utc_ms, r.channels[0].value_wh, &event);
    assert_int_equal(due, event.len > 0);
    if (due) {
        json_t *root = json_loads(event.data, 0, NULL), *fresh = json_object_get(root, "new");
        assert_non_null(root);
        assert_string_equal(json_string_value(json_object_get(root, "event")), "exchange");
        const char *ts = json_string_value(json_object_get(root, "ts"));
        assert_true(instant_parse(ts, strlen(ts), &told->ts_utc_ms));
        told->final_wh = json_integer_value(json_object_get(json_object_get(root, "old"), "final_wh"));
        told->start_wh = json_integer_value(json_object_get(fresh, "start_wh"));
        told->max_wh = json_integer_value(json_object_get(fresh, "register_max_wh"));
        told->count++;
        json_decref(root);
    }
    buf_finish(&event);
    return due;
}

/* Begins near its maximum, turns over once, and last - first is exact with the one turn. */
static void test_rollover(void **state)
{
    (void)state;
    struct world w;
    struct told told = {0};
    int turns = 0;
    begin(&w, "rollover");
    assert_in_range(shown(&w, 0), 99999 + 1 - 99, 99999 + 1 - 20);
    for (int n = 0; n < READINGS; n++) {
        assert_in_range(shown(&w, n), 0, 99999);
        if (hear(&w, n, &told)) { /* behind the first reading, which is a fact by then */
            assert_int_equal(n, 0);
            assert_int_equal(told.ts_utc_ms, begin_utc_ms + 1);
            assert_int_equal(told.max_wh, 99999);
            assert_int_equal(told.final_wh, shown(&w, 0));
            assert_int_equal(told.start_wh, shown(&w, 0));
        }
        turns += n > 0 && shown(&w, n) < shown(&w, n - 1);
    }
    assert_int_equal(told.count, 1);
    assert_int_equal(turns, 1);
    assert_int_equal(shown(&w, READINGS - 1) + 100000 - shown(&w, 0), (READINGS - 1) * STEP_WH);
    finish(&w);
}

/* Energy by the announcements is what was counted: within devices last - first, across them by old
 * and new. */
static void exchange_is_exact(const char *names, int64_t max_wh)
{
    struct world w;
    struct told told = {0};
    int64_t energy = 0;
    begin(&w, names);
    for (int n = 0; n < READINGS; n++) {
        int before = told.count;
        bool due = hear(&w, n, &told);
        if (n == 0)
            continue;
        int64_t rise = shown(&w, n) - shown(&w, n - 1);
        if (due) {
            assert_int_equal(told.count, before + 1);
            assert_int_equal(told.ts_utc_ms, begin_utc_ms + n * INTERVAL_MS - 1);
            assert_int_equal(told.max_wh, max_wh);
            rise = told.final_wh - shown(&w, n - 1) + shown(&w, n) - told.start_wh;
        }
        if (rise < 0 && max_wh > 0)
            rise += max_wh + 1;
        assert_int_equal(rise, STEP_WH);
        energy += rise;
    }
    assert_int_equal(energy, (READINGS - 1) * STEP_WH);
    assert_int_equal(told.count, (READINGS - 1) * STEP_WH / 1000 + (max_wh > 0));
    finish(&w);
}

static void test_exchange(void **state)
{
    (void)state;
    exchange_is_exact("exchange", 0);
}

/* After a restart the announcement of what was crossed meanwhile is not forgotten. */
static void test_exchange_over_a_restart(void **state)
{
    (void)state;
    struct world w;
    struct told told = {0};
    begin(&w, "exchange");
    w.meter.last_true_wh = 996;            /* from the spool */
    assert_true(hear(&w, 400, &told));     /* 2,800 Wh */
    assert_int_equal(told.final_wh, 2000); /* the first device counted until the present one came */
    assert_int_equal(shown(&w, 400) - told.start_wh, 800);
    assert_false(hear(&w, 10, &told)); /* sent again: neither told again, nor forgotten where it was */
    assert_false(hear(&w, 401, &told));
    assert_int_equal(told.count, 1);
    finish(&w);
}

/* One of sixteen, never two in a row, never the first; the others are what was counted. */
static void test_transient(void **state)
{
    (void)state;
    struct world w;
    int odd = 0, zero = 0;
    bool before = false;
    begin(&w, "transient");
    for (int n = 0; n < READINGS; n++) {
        int64_t wh = shown(&w, n);
        bool now = wh != (int64_t)n * STEP_WH;
        assert_false(now && (before || n == 0));
        if (now)
            assert_in_range(wh, 0, n * STEP_WH / 2);
        odd += now;
        zero += now && wh == 0;
        before = now;
    }
    assert_int_equal(odd, READINGS / 16);
    assert_in_range(zero, 20, 80);
    finish(&w);
}

static void test_silence(void **state)
{
    (void)state;
    struct world w;
    int silent_s = 0, times = 0;
    bool before = false;
    begin(&w, "silence");
    for (int64_t s = 0; s < 6000; s++) { /* ten times every_s */
        bool now = defect_is_silent(&w.meter, INT64_C(1699999800000) + s * 1000);
        silent_s += now;
        times += now && !before;
        before = now;
    }
    assert_int_equal(silent_s, 600);
    assert_in_range(times, 9, 10); /* two may touch */
    finish(&w);
    begin(&w, "skew");
    for (int64_t s = 0; s < 600; s++)
        assert_false(defect_is_silent(&w.meter, begin_utc_ms + s * 1000));
    finish(&w);
}

/* About one of eight, each of the five ways comes, and the others are untouched. */
static void test_corrupt(void **state)
{
    (void)state;
    struct world w;
    int cut = 0, minus = 0, ones = 0, text = 0, boolean = 0;
    begin(&w, "corrupt");
    send_all(&w, READINGS);
    assert_int_equal(w.sent, READINGS);
    for (int i = 0; i < w.sent; i++) {
        json_t *root = json_loads(w.payloads[i], 0, NULL), *value = json_object_get(root, "energy_wh");
        cut += root == NULL;
        text += json_is_string(value);
        boolean += json_is_boolean(value);
        minus += json_is_integer(value) && json_integer_value(value) == -1;
        ones += json_is_integer(value) && json_integer_value(value) == 65535;
        if (json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) != 65535)
            assert_int_equal(json_integer_value(value), i * STEP_WH);
        json_decref(root);
    }
    assert_in_range(cut + minus + ones + text + boolean, READINGS / 8 - 60, READINGS / 8 + 60);
    assert_true(cut > 10 && minus > 10 && ones > 10 && text > 10 && boolean > 10);
    finish(&w);
}

/* The same seed and key: the same messages, byte by byte. Another seed: others. */
static void test_deterministic(void **state)
{
    (void)state;
    struct world a, b, c;
    const char *all = "duplicate,reorder,skew,rollover,corrupt,transient,exchange";
    begin_as(&a, all, 7, 3);
    begin_as(&b, all, 7, 3);
    begin_as(&c, all, 8, 3);
    send_all(&a, 500);
    send_all(&b, 500);
    send_all(&c, 500);
    assert_int_equal(a.sent, b.sent);
    int same = 0;
    for (int i = 0; i < a.sent; i++) {
        assert_string_equal(a.payloads[i], b.payloads[i]);
        same += i < c.sent && strcmp(a.payloads[i], c.payloads[i]) == 0;
    }
    assert_true(same < a.sent / 2);
    finish(&a);
    finish(&b);
    finish(&c);
}

/* A payload without a register is cut, an empty one stays empty. */
static void test_corrupt_knows_no_bounds(void **state)
{
    (void)state;
    struct buf payload;
    buf_init(&payload, 100);
    defect_corrupt(&payload, 0);
    assert_int_equal(payload.len, 0);
    buf_str(&payload, "{\"export_wh\":1}");
    defect_corrupt(&payload, 0);
    assert_string_equal(payload.data, "{\"expor");
    buf_finish(&payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_share_of_a_fleet),
        cmocka_unit_test(test_duplicate),
        cmocka_unit_test(test_reorder),
        cmocka_unit_test(test_reorder_loses_nothing_without_room),
        cmocka_unit_test(test_skew),
        cmocka_unit_test(test_rollover),
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_exchange_over_a_restart),
        cmocka_unit_test(test_transient),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_corrupt),
        cmocka_unit_test(test_deterministic),
        cmocka_unit_test(test_corrupt_knows_no_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
