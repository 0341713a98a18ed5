/*
 * What a device says, as bytes, and what it understands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "wire/device_json.h"

static struct buf out;

static int setup(void **state)
{
    (void)state;
    buf_init(&out, DEVICE_PAYLOAD_MAX);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_finish(&out);
    return 0;
}

static void test_readings(void **state)
{
    (void)state;
    struct reading r = {.ts_utc_ms = 1700000000123, .channel_count = 1, .channels = {{OBIS_IMPORT, 123456}}};
    device_reading_encode(&out, &r);
    assert_string_equal(out.data, "{\"ts\":1700000000123,\"energy_wh\":123456}");
    r.channel_count = 4;
    r.channels[1] = (struct channel_value){OBIS_EXPORT, 7};
    r.channels[2] = (struct channel_value){OBIS(1, 8, 1), 8};
    r.channels[3] = (struct channel_value){OBIS(1, 8, 2), READING_WH_MAX};
    r.has_power = r.has_seq = true;
    r.power_w = -250;
    r.seq = 42;
    r.voltage_mv = (struct phases){.count = 1, .value = {219500}};
    r.current_ma = (struct phases){.count = 3, .value = {1000, 250, 0}};
    r.frequency_mhz = 49980;
    r.flags = FLAG_TAMPER | FLAG_TEST | FLAG_SERVER_TIME;
    strcpy(r.boot, "b1");
    buf_reset(&out);
    device_reading_encode(&out, &r);
    assert_string_equal(out.data, "{\"ts\":1700000000123,\"energy_wh\":123456,\"export_wh\":7,"
                                  "\"registers\":{\"1.8.1\":8,\"1.8.2\":9007199254740991},"
                                  "\"power_w\":-250,\"voltage_v\":219.5,\"current_a\":[1,0.25,0],"
                                  "\"frequency_hz\":49.98,\"flags\":[\"tamper\",\"test\"],"
                                  "\"seq\":42,\"boot\":\"b1\"}");
    strcpy(r.boot, "no\"good"); /* would need escapes: never ours, left out */
    buf_reset(&out);
    device_reading_encode(&out, &r);
    assert_null(strstr(out.data, "boot"));
}

static void test_batches(void **state)
{
    (void)state;
    struct reading r = {.ts_utc_ms = 5, .kind = FACT_INTERVAL, .interval_s = 900, .channel_count = 1, .channels = {{OBIS_IMPORT, 12}}};
    device_batch_begin(&out, "b1");
    device_batch_add(&out, &r);
    r.ts_utc_ms = 6;
    device_batch_add(&out, &r);
    device_batch_end(&out);
    assert_string_equal(out.data, "{\"boot\":\"b1\",\"readings\":[{\"ts\":5,\"interval_wh\":12,\"interval_"
                                  "s\":900},{\"ts\":6,\"interval_wh\":12,\"interval_s\":900}]}");
    buf_reset(&out);
    device_batch_begin(&out, "");
    device_batch_add(&out, &r);
    device_batch_end(&out);
    assert_string_equal(out.data, "{\"readings\":[{\"ts\":6,\"interval_wh\":12,\"interval_s\":900}]}");
}

static void test_what_is_said_once(void **state)
{
    (void)state;
    device_birth_encode(&out, "S\"1", "fw", "b");
    assert_string_equal(out.data, "{\"state\":\"online\",\"serial\":\"S\\\"1\",\"firmware\":\"fw\",\"boot\":\"b\"}");
    buf_reset(&out);
    device_command_result_encode(&out, "c1", false, "not kept");
    assert_string_equal(out.data, "{\"event\":\"command\",\"command_id\":\"c1\",\"result\":"
                                  "\"refused\",\"detail\":\"not kept\"}");
    buf_reset(&out);
    device_provision_request_encode(&out, "S", "M", "C");
    assert_string_equal(out.data, "{\"serial\":\"S\",\"model\":\"M\",\"claim_code\":\"C\"}");
    assert_false(out.overflow);
    device_provision_request_encode(&out, "\xff", "M", "C"); /* not UTF-8 */
    assert_true(out.overflow);
}

static void test_receipts(void **state)
{
    (void)state;
    struct device_receipt r = {0};
    static const char *const bad[] = {"",
                                      "{",
                                      "[]",
                                      "7",
                                      "{}",
                                      "{\"boot\":\"\",\"seq\":1}",
                                      "{\"boot\":1,\"seq\":1}",
                                      "{\"boot\":\"b\",\"seq\":-1}",
                                      "{\"boot\":\"b\",\"seq\":1.5}",
                                      "{\"boot\":\"b\"}",
                                      "{\"boot\":\"123456789012345678901234567890123\",\"seq\":1}",
                                      "{\"boot\":\"b\",\"seq\":1,\"seq\":2}"};
    const char *good = "{\"boot\":\"b\",\"seq\":17,\"more\":true}...";
    struct fault fault;
    assert_int_equal(device_receipt_parse(good, strlen(good) - 3, &fault, &r), OK);
    assert_string_equal(r.boot, "b");
    assert_int_equal(r.seq, 17);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (device_receipt_parse(bad[i], strlen(bad[i]), &fault, &r) != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
    assert_int_equal(r.seq, 17); /* untouched */
    assert_int_equal(device_receipt_parse("{\"boot\":\"b\",\"seq\":-1}", 21, &fault, &r), ERR_INVALID);
    assert_string_equal(fault.pointer, "/seq");
}

static enum err command(const char *text, struct device_command *c)
{
    return device_command_parse(text, strlen(text), NULL, c);
}

static void test_commands(void **state)
{
    (void)state;
    struct device_command c;
    assert_int_equal(command("{\"command_id\":\"x\",\"expires\":\"2026-11-22T18:00:00-03:00\","
                             "\"command\":\"resend\",\"boot\":\"b\",\"from_seq\":3,\"to_seq\":9}",
                             &c),
                     OK);
    assert_int_equal(c.kind, DEVICE_RESEND);
    assert_int_equal(c.expires_utc_ms, 1795381200000);
    assert_int_equal(c.from_seq, 3);
    assert_int_equal(c.to_seq, 9);
    assert_int_equal(command("{\"command_id\":\"x\",\"command\":\"set_interval\",\"interval_s\":5}", &c), OK);
    assert_int_equal(c.kind, DEVICE_SET_INTERVAL);
    assert_int_equal(c.interval_s, 5);
    assert_true(c.expires_utc_ms == INT64_MAX);
    assert_int_equal(command("{\"command_id\":\"x\",\"command\":\"dance\"}", &c), OK);
    assert_int_equal(c.kind, DEVICE_UNKNOWN);
    assert_int_equal(command("{\"command\":\"dance\"}", &c), ERR_INVALID);
    assert_int_equal(command("{\"command_id\":\"x\",\"command\":\"set_interval\",\"interval_s\":0}", &c), ERR_INVALID);
    assert_int_equal(command("{\"command_id\":\"x\",\"command\":\"resend\",\"boot\":\"b\",\"from_"
                             "seq\":9,\"to_seq\":3}",
                             &c),
                     ERR_INVALID);
    assert_int_equal(command("{\"command_id\":\"x\",\"command\":\"resend\",\"boot\":\"b\",\"from_seq\":1}", &c), ERR_INVALID);
    assert_int_equal(command("{\"command_id\":\"x\",\"expires\":\"soon\",\"command\":\"dance\"}", &c), ERR_INVALID);
}

static void test_identity(void **state)
{
    (void)state;
    struct device_identity identity = {.meter_id = "before"};
    struct fault fault;
    const char *good = "{\"meter_id\":\"casa-42\",\"username\":\"u\",\"password\":\"p\"}", *refused = "{\"error\":\"wrong claim code\"}",
               *strange = "{\"meter_id\":\"a/b\",\"username\":\"u\",\"password\":\"p\"}";
    assert_int_equal(device_provision_response_parse(refused, strlen(refused), &fault, &identity), ERR_CONFLICT);
    assert_string_equal(fault.text, "wrong claim code");
    assert_int_equal(device_provision_response_parse(strange, strlen(strange), &fault, &identity), ERR_INVALID);
    assert_string_equal(identity.meter_id, "before");
    assert_int_equal(device_provision_response_parse(good, strlen(good), &fault, &identity), OK);
    assert_string_equal(identity.meter_id, "casa-42");

    struct device_card card = {.serial = "S1"}, back;
    device_card_encode(&out, &card);
    assert_int_equal(device_card_parse(out.data, out.len, &fault, &back), OK);
    assert_false(back.has_identity);
    card.has_identity = true;
    card.identity = identity;
    buf_reset(&out);
    device_card_encode(&out, &card);
    assert_int_equal(device_card_parse(out.data, out.len, &fault, &back), OK);
    assert_true(back.has_identity);
    assert_string_equal(back.identity.password, "p");
    assert_string_equal(back.serial, "S1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_readings, setup, teardown),          cmocka_unit_test_setup_teardown(test_batches, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_said_once, setup, teardown), cmocka_unit_test_setup_teardown(test_receipts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_commands, setup, teardown),          cmocka_unit_test_setup_teardown(test_identity, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
