/*
 * What a meter sends, and when: a pure machine over a real spool, with a clock moved by hand and a
 * way out that writes down what went through it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "meter/device.h"
#include "meter/sender.h"

struct world {
    char dir[32];
    struct spool *spool;
    struct sender sender;
    int room; /* messages that the way out takes; then it refuses */
    int messages, readings, batches;
    size_t largest;
    char boot[33];
    int64_t first_seq, last_seq;
    int seen[5000]; /* by seq, of boot "a" */
    char done[65];
    int64_t done_sent;
};

static enum err publish(const void *payload, size_t len, void *arg)
{
    struct world *w = arg;
    if (w->room <= 0)
        return ERR_RETRY;
    w->room--;
    json_t *message = json_loadb(payload, len, 0, NULL), *list = json_object_get(message, "readings"), *reading;
    assert_non_null(message);
    assert_true(len <= DEVICE_PAYLOAD_MAX);
    size_t n = list != NULL ? json_array_size(list) : 1, i;
    assert_in_range(n, 1, DEVICE_BATCH_MAX);
    w->messages++;
    w->batches += list != NULL;
    w->readings += (int)n;
    w->largest = n > w->largest ? n : w->largest;
    snprintf(w->boot, sizeof w->boot, "%s", json_string_value(json_object_get(message, "boot")));
    for (i = 0; i < n; i++) {
        reading = list != NULL ? json_array_get(list, i) : message;
        w->last_seq = json_integer_value(json_object_get(reading, "seq"));
        if (i == 0)
            w->first_seq = w->last_seq;
        assert_int_equal(json_integer_value(json_object_get(reading, "energy_wh")), w->last_seq);
        if (strcmp(w->boot, "a") == 0)
            w->seen[w->last_seq]++;
    }
    json_decref(message);
    return OK;
}

static void resent(const char *command_id, int64_t sent, void *arg)
{
    struct world *w = arg;
    snprintf(w->done, sizeof w->done, "%s", command_id);
    w->done_sent = sent;
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct fault fault;
    strcpy(w->dir, "/tmp/qw-sender-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    assert_int_equal(spool_open(w->dir, &(struct spool_limits){5000, 1000}, &fault, &w->spool), OK);
    sender_init(&w->sender, w->spool, 10000, &(struct sender_out){.publish = publish, .resent = resent, .arg = w});
    w->room = 1000;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    char path[300];
    sender_finish(&w->sender);
    spool_close(w->spool);
    DIR *dir = opendir(w->dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", w->dir, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    assert_int_equal(rmdir(w->dir), 0);
    free(w);
    return 0;
}

static void append(struct world *w, const char *boot, int64_t from, int64_t to)
{
    for (int64_t seq = from; seq <= to; seq++) {
        struct spool_reading reading = {
            .ts_utc_ms = 1700000000000 + seq * 1000, .register_wms = seq * DEVICE_WMS_PER_WH + 5, .seq = seq, .voltage_mv = 220000};
        snprintf(reading.boot, sizeof reading.boot, "%s", boot);
        assert_int_equal(spool_append(w->spool, &reading, NULL), OK);
    }
}

static void test_one_by_one_and_in_batches(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 0);
    sender_run(&w->sender, 0, 4);
    assert_int_equal(w->messages, 1);
    assert_int_equal(w->batches, 0); /* a single reading is a message of its own */
    sender_run(&w->sender, 1, 4);
    assert_int_equal(w->messages, 1); /* nothing new */
    append(w, "a", 1, 2500);
    sender_run(&w->sender, 2, 2);
    assert_int_equal(w->messages, 3);
    assert_int_equal(w->largest, 1000);
    sender_run(&w->sender, 3, 4);
    assert_int_equal(w->readings, 2501);
    for (int i = 0; i <= 2500; i++)
        assert_int_equal(w->seen[i], 1);
}

static void test_refusal_loses_nothing(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 1999);
    w->room = 1;
    sender_run(&w->sender, 0, 4);
    assert_int_equal(w->readings, 1000);
    w->room = 5;
    sender_run(&w->sender, 1, 4);
    assert_int_equal(w->readings, 2000);
}

static void test_boots_do_not_mix(void **state)
{
    struct world *w = *state;
    append(w, "a", 7, 9);
    append(w, "b", 0, 4);
    sender_run(&w->sender, 0, 1);
    assert_string_equal(w->boot, "a");
    assert_int_equal(w->readings, 3);
    sender_run(&w->sender, 0, 1);
    assert_string_equal(w->boot, "b");
    assert_int_equal(w->readings, 8);
}

static void test_reconnect_sends_what_has_no_receipt(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 99);
    sender_run(&w->sender, 0, 4);
    spool_receipt(w->spool, "a", 59);
    sender_restart(&w->sender, 100);
    sender_run(&w->sender, 100, 4);
    assert_int_equal(w->readings, 140);
    assert_int_equal(w->first_seq, 60);
    assert_int_equal(w->last_seq, 99);
}

static void test_overdue_receipt_repeats_with_back_off(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 9);
    int64_t expected[] = {10000, 30000, 70000, 150000}; /* 10 s, then 20, 40, 80 later */
    int repeats = 0;
    for (int64_t now = 0; now <= 160000; now += 500) {
        int before = w->messages;
        sender_run(&w->sender, now, 4);
        if (now > 0 && w->messages > before) {
            assert_in_range(now, expected[repeats], expected[repeats] + 1500);
            repeats++;
        }
    }
    assert_int_equal(repeats, 4);
    spool_receipt(w->spool, "a", 4); /* it moves: the wait begins anew and is short again */
    for (int64_t now = 161000; now <= 175000; now += 500)
        sender_run(&w->sender, now, 4);
    assert_int_equal(w->seen[4], 5);
    assert_int_equal(w->seen[5], 6);
    spool_receipt(w->spool, "a", 9);
    int before = w->messages;
    sender_run(&w->sender, 9000000, 4);
    assert_int_equal(w->messages, before);
}

/* Receipts of the new boot must not hide that the old boot's readings never got theirs. */
static void test_old_boot_is_not_forgotten(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 2);
    for (int i = 0; i < 30; i++) {
        append(w, "b", i, i);
        sender_run(&w->sender, i * 1000, 4);
        spool_receipt(w->spool, "b", i);
    }
    assert_in_range(w->seen[0], 2, 4);
}

static void test_resend_command(void **state)
{
    struct world *w = *state;
    append(w, "a", 0, 2999);
    sender_run(&w->sender, 0, 8);
    struct device_command command = {.command_id = "c1", .kind = DEVICE_RESEND, .boot = "a", .from_seq = 500, .to_seq = 1999};
    assert_int_equal(sender_resend(&w->sender, &command), OK);
    sender_run(&w->sender, 1, 8);
    assert_string_equal(w->done, "c1");
    assert_int_equal(w->done_sent, 1500);
    assert_int_equal(w->seen[499], 1);
    assert_int_equal(w->seen[500], 2);
    assert_int_equal(w->seen[1999], 2);
    assert_int_equal(w->seen[2000], 1);
    command.boot[0] = 'z';
    assert_int_equal(sender_resend(&w->sender, &command), ERR_NOT_FOUND);
    command.boot[0] = 'a';
    spool_receipt(w->spool, "a", 2500);
    assert_int_equal(sender_resend(&w->sender, &command), ERR_NOT_FOUND); /* settled: not kept any more */
    command.to_seq = 2600;
    for (int i = 0; i < SENDER_RESENDS_MAX; i++)
        assert_int_equal(sender_resend(&w->sender, &command), OK);
    assert_int_equal(sender_resend(&w->sender, &command), ERR_LIMIT);
}

/* ---- the device ---- */

static void test_register_is_the_exact_integral(void **state)
{
    (void)state;
    struct device device = {.rate_w = 500, .interval_ms = 1000, .nominal_mv = 220000};
    struct spool_reading reading;
    device_begin(&device, NULL, "a", 0);
    for (int64_t now = 0; now <= 7200000; now += 333)
        device_advance(&device, now);
    device_read(&device, 7200000, 0, &reading);
    assert_int_equal(reading.register_wms, INT64_C(1000) * DEVICE_WMS_PER_WH); /* two hours of 500 W */
    device_set_rate(&device, 1000, 7200000 + 1800000);
    device_set_rate(&device, -5, 7200000 + 3600000);
    device_read(&device, 9999999999, 0, &reading);
    assert_int_equal(reading.register_wms, INT64_C(1750) * DEVICE_WMS_PER_WH);
    assert_int_equal(device.rate_w, 0);
    device_set_rate(&device, 1 << 30, 9999999999);
    assert_int_equal(device.rate_w, 100000);
    device_advance(&device, 5); /* a clock that goes back takes nothing away */
    assert_int_equal(device.register_wms, INT64_C(1750) * DEVICE_WMS_PER_WH);
}

static void test_new_boot_goes_on_with_the_register(void **state)
{
    (void)state;
    struct device device = {.rate_w = 500, .interval_ms = 1000};
    struct spool_reading last = {.register_wms = 12345678901, .seq = 77, .boot = "old"};
    device_begin(&device, &last, "new", 50);
    assert_int_equal(device.register_wms, 12345678901);
    assert_int_equal(device.seq, 0);
    assert_string_equal(device.boot, "new");
    device_taken(&device, 50);
    assert_int_equal(device.seq, 1);
    assert_int_equal(device.due_ms, 1050);
    device_taken(&device, 99000); /* asleep for long: no burst of readings */
    assert_int_equal(device.due_ms, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_by_one_and_in_batches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refusal_loses_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_boots_do_not_mix, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reconnect_sends_what_has_no_receipt, setup, teardown),
        cmocka_unit_test_setup_teardown(test_overdue_receipt_repeats_with_back_off, setup, teardown),
        cmocka_unit_test_setup_teardown(test_old_boot_is_not_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_resend_command, setup, teardown),
        cmocka_unit_test(test_register_is_the_exact_integral),
        cmocka_unit_test(test_new_boot_goes_on_with_the_register),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
