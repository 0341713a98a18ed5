/* The payload of meters/<id>/readings: every form of protocol.md, and every verdict at the door that form alone decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/buf.h"
#include "wire/reading_json.h"

#define KEPT 1100
static struct parsed_reading kept[KEPT];
static int count;

static void keep(const struct parsed_reading *parsed, void *arg)
{
    assert_ptr_equal(arg, &count);
    assert_true(count < KEPT);
    kept[count++] = *parsed;
}

static void parse_bytes(const char *bytes, size_t len)
{
    /* A copy of exactly that length: whoever reads beyond it is found by the sanitizer. */
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    count = 0;
    readings_parse(copy, len, keep, &count);
    free(copy);
    for (int i = 0; i < count; i++)
        assert_int_equal(kept[i].detail[0] == '\0', kept[i].verdict == VERDICT_ACCEPTED);
}

static void parse(const char *text)
{
    parse_bytes(text, strlen(text));
}

static const struct reading *good(const char *text)
{
    parse(text);
    if (count != 1 || kept[0].verdict != VERDICT_ACCEPTED)
        fail_msg("%s: %d readings, %s %s", text, count, verdict_name(kept[0].verdict), kept[0].detail);
    return &kept[0].reading;
}

static void energy(const char *text, int64_t wh)
{
    const struct reading *reading = good(text);
    if (reading->channel_count != 1 || reading->channels[0].channel != OBIS_IMPORT || reading->channels[0].value_wh != wh)
        fail_msg("%s: %lld", text, (long long)reading->channels[0].value_wh);
    assert_int_equal(reading->kind, FACT_REGISTER);
}

static void the_smallest_reading(void **state)
{
    (void)state;
    energy("{\"energy_wh\":123456}", 123456);
    assert_false(kept[0].has_ts || kept[0].reading.has_seq || kept[0].reading.has_power);
    assert_string_equal(kept[0].reading.boot, "");
    energy("{\"energy_wh\":0,\"v\":1,\"colour\":\"blue\",\"nested\":{\"a\":[1,2]}}", 0); /* unknown fields are ignored */
    energy(" \n\t{\"energy_wh\":1}\r\n ", 1);
}

/* What is below 1 Wh is cut off, never rounded. Exact for every register up to 10^15 steps of a Wh. */
static void energy_is_exact(void **state)
{
    (void)state;
    energy("{\"energy_wh\":9007199254740991}", INT64_C(9007199254740991));
    energy("{\"energy_wh\":12.9999}", 12);
    energy("{\"energy_wh\":1e3}", 1000);
    energy("{\"energy_wh\":123456.0}", 123456);
    energy("{\"energy_wh\":0.999}", 0);
    energy("{\"energy_kwh\":0.001}", 1);
    energy("{\"energy_kwh\":12.3456}", 12345);
    energy("{\"energy_kwh\":0.29}", 290); /* 0.29 · 1000 is 289.99999999999997 in doubles */
    energy("{\"energy_kwh\":1.005}", 1005);
    energy("{\"energy_kwh\":4.35}", 4350);
    energy("{\"energy_kwh\":1234567.891}", 1234567891);
    energy("{\"energy_kwh\":999999999999.999}", INT64_C(999999999999999));
    energy("{\"energy_kwh\":12}", 12000);
    energy("{\"energy_kwh\":9007199254740}", INT64_C(9007199254740000));
    energy("{\"energy_kwh\":1e-9}", 0);
    energy("{\"energy_wh\":-0.0}", 0);
}

/* Each three-digit decimal of a kWh comes out as itself. */
static void every_thousandth(void **state)
{
    char text[64];
    (void)state;
    for (int wh = 0; wh < 30000; wh++) {
        snprintf(text, sizeof text, "{\"energy_kwh\":%d.%03d}", wh / 1000 * 4177, wh % 1000);
        energy(text, (int64_t)(wh / 1000) * 4177000 + wh % 1000);
    }
}

static void all_fields(void **state)
{
    (void)state;
    const struct reading *r =
        good("{\"energy_wh\":5,\"export_kwh\":0.007,\"registers\":{\"1.8.1\":3,\"3.8.0\":2},\"ts\":\"2026-11-22T18:00:00-03:00\","
             "\"power_w\":-420,\"voltage_v\":[229.3,230,231.05],\"current_a\":1.5,\"frequency_hz\":59.98,\"power_factor\":-0.97,"
             "\"seq\":7,\"boot\":\"b1\",\"flags\":[\"power_fail\",\"tamper\",\"test\",\"shiny\"],\"v\":1}");
    int64_t value;
    assert_int_equal(r->channel_count, 4);
    assert_true(reading_value(r, OBIS_IMPORT, &value) && value == 5);
    assert_true(reading_value(r, OBIS_EXPORT, &value) && value == 7);
    assert_true(reading_value(r, OBIS(1, 8, 1), &value) && value == 3);
    assert_true(reading_value(r, OBIS(3, 8, 0), &value) && value == 2);
    assert_false(reading_value(r, OBIS(4, 8, 0), &value));
    assert_true(kept[0].has_ts && r->ts_utc_ms == INT64_C(1795381200000));
    assert_true(r->has_power && r->power_w == -420);
    assert_true(r->voltage_mv.count == 3 && r->voltage_mv.value[0] == 229300 && r->voltage_mv.value[2] == 231050);
    assert_true(r->current_ma.count == 1 && r->current_ma.value[0] == 1500);
    assert_int_equal(r->frequency_mhz, 59980);
    assert_int_equal(r->power_factor_milli.value[0], -970);
    assert_true(r->has_seq && r->seq == 7);
    assert_string_equal(r->boot, "b1");
    assert_int_equal(r->flags, FLAG_POWER_FAIL | FLAG_TAMPER | FLAG_TEST);
    r = good("{\"interval_wh\":250,\"interval_s\":900,\"ts\":1795381200000}");
    assert_true(r->kind == FACT_INTERVAL && r->interval_s == 900 && r->channels[0].value_wh == 250 && r->ts_utc_ms == INT64_C(1795381200000));
    r = good("{\"registers\":{\"1.8.1\":3}}"); /* tariff registers alone are energy too */
    assert_int_equal(r->channel_count, 1);
    r = good("{\"energy_wh\":1,\"flags\":[\"server_time\"]}"); /* that one is ours to set */
    assert_int_equal(r->flags, 0);
}

struct refused {
    const char *text;
    enum verdict verdict;
    const char *word; /* in the detail */
};

static void refused_by_name(void **state)
{
    static const struct refused rows[] = {
        {"", VERDICT_BAD_JSON, ""},
        {"nonsense", VERDICT_BAD_JSON, ""},
        {"[]", VERDICT_BAD_JSON, "object"},
        {"42", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":1", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":1} x", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":0x10}", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":NaN}", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":1,\"a\":\"\xff\"}", VERDICT_BAD_JSON, ""},
        {"{\"energy_wh\":\"1\"}", VERDICT_BAD_TYPE, "energy_wh"},
        {"{\"energy_wh\":null}", VERDICT_BAD_TYPE, "energy_wh"},
        {"{\"energy_wh\":true}", VERDICT_BAD_TYPE, "energy_wh"},
        {"{\"energy_wh\":[1]}", VERDICT_BAD_TYPE, "energy_wh"},
        {"{\"energy_wh\":-1}", VERDICT_OUT_OF_RANGE, "energy_wh"},
        {"{\"energy_wh\":-0.5}", VERDICT_OUT_OF_RANGE, "energy_wh"},
        {"{\"energy_wh\":-32768}", VERDICT_OUT_OF_RANGE, "energy_wh"},
        {"{\"energy_wh\":9007199254740992}", VERDICT_OUT_OF_RANGE, "energy_wh"},
        {"{\"energy_wh\":1e300}", VERDICT_OUT_OF_RANGE, "energy_wh"},
        {"{\"energy_wh\":18446744073709551615}", VERDICT_OUT_OF_RANGE, ""},
        {"{\"energy_wh\":1e999}", VERDICT_OUT_OF_RANGE, ""},
        {"{\"energy_kwh\":9007199254741}", VERDICT_OUT_OF_RANGE, "energy_kwh"},
        {"{\"energy_kwh\":9223372036854775807}", VERDICT_OUT_OF_RANGE, "energy_kwh"},
        {"{}", VERDICT_NO_ENERGY, "energy_wh"},
        {"{\"power_w\":12}", VERDICT_NO_ENERGY, ""},
        {"{\"registers\":{}}", VERDICT_NO_ENERGY, ""},
        {"{\"interval_wh\":1}", VERDICT_NO_ENERGY, "interval_s"},
        {"{\"energy_wh\":1,\"interval_s\":1}", VERDICT_NO_ENERGY, "interval_wh"},
        {"{\"energy_wh\":1,\"interval_wh\":1,\"interval_s\":900}", VERDICT_MIXED_KINDS, ""},
        {"{\"interval_wh\":1,\"interval_s\":0}", VERDICT_OUT_OF_RANGE, "interval_s"},
        {"{\"interval_wh\":1,\"interval_s\":86401}", VERDICT_OUT_OF_RANGE, "interval_s"},
        {"{\"energy_wh\":1,\"ts\":\"2026-11-22T18:00:00\"}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"ts\":\"yesterday\"}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"ts\":\"2026-02-30T00:00:00Z\"}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"ts\":1.5}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"ts\":null}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"ts\":9223372036854775807}", VERDICT_BAD_TIME, "ts"},
        {"{\"energy_wh\":1,\"v\":2}", VERDICT_UNSUPPORTED_VERSION, "v"},
        {"{\"energy_wh\":1,\"v\":\"1\"}", VERDICT_UNSUPPORTED_VERSION, "v"},
        {"{\"energy_wh\":1,\"energy_wh\":1}", VERDICT_DUPLICATE_FIELD, ""},
        {"{\"energy_wh\":1,\"energy_kwh\":0.001}", VERDICT_DUPLICATE_FIELD, "energy_kwh"},
        {"{\"energy_wh\":1,\"registers\":{\"1.8.0\":1}}", VERDICT_DUPLICATE_FIELD, "registers"},
        {"{\"registers\":{\"1.8\":1}}", VERDICT_BAD_NAME, "registers"},
        {"{\"registers\":{\"1.8.1\":\"1\"}}", VERDICT_BAD_TYPE, "registers"},
        {"{\"registers\":{\"1.8.1\":-1}}", VERDICT_OUT_OF_RANGE, "registers"},
        {"{\"registers\":[1]}", VERDICT_BAD_TYPE, "registers"},
        {"{\"energy_wh\":1,\"seq\":-1}", VERDICT_OUT_OF_RANGE, "seq"},
        {"{\"energy_wh\":1,\"seq\":1.5}", VERDICT_BAD_TYPE, "seq"},
        {"{\"energy_wh\":1,\"boot\":7}", VERDICT_BAD_TYPE, "boot"},
        {"{\"energy_wh\":1,\"boot\":\"012345678901234567890123456789012\"}", VERDICT_OUT_OF_RANGE, "boot"},
        {"{\"energy_wh\":1,\"flags\":\"test\"}", VERDICT_BAD_TYPE, "flags"},
        {"{\"energy_wh\":1,\"flags\":[1]}", VERDICT_BAD_TYPE, "flags"},
        {"{\"energy_wh\":1,\"power_w\":\"a\"}", VERDICT_BAD_TYPE, "power_w"},
        {"{\"energy_wh\":1,\"power_w\":1e12}", VERDICT_OUT_OF_RANGE, "power_w"},
        {"{\"energy_wh\":1,\"voltage_v\":[1,2,3,4]}", VERDICT_OUT_OF_RANGE, "voltage_v"},
        {"{\"energy_wh\":1,\"voltage_v\":[]}", VERDICT_OUT_OF_RANGE, "voltage_v"},
        {"{\"energy_wh\":1,\"voltage_v\":-1}", VERDICT_OUT_OF_RANGE, "voltage_v"},
        {"{\"energy_wh\":1,\"current_a\":[1,\"x\"]}", VERDICT_BAD_TYPE, "current_a"},
        {"{\"energy_wh\":1,\"power_factor\":1.001}", VERDICT_OUT_OF_RANGE, "power_factor"},
        {"{\"energy_wh\":1,\"frequency_hz\":-50}", VERDICT_OUT_OF_RANGE, "frequency_hz"},
        {"{\"readings\":[]}", VERDICT_BAD_BATCH, "readings"},
        {"{\"readings\":{}}", VERDICT_BAD_BATCH, "readings"},
        {"{\"readings\":null}", VERDICT_BAD_BATCH, "readings"},
        {"{\"readings\":[1]}", VERDICT_BAD_TYPE, "readings"},
        {"{\"v\":3,\"readings\":[{\"energy_wh\":1}]}", VERDICT_UNSUPPORTED_VERSION, "v"},
        {"{\"boot\":1,\"readings\":[{\"energy_wh\":1}]}", VERDICT_BAD_TYPE, "boot"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parse(rows[i].text);
        if (count != 1 || kept[0].verdict != rows[i].verdict || !strstr(kept[0].detail, rows[i].word))
            fail_msg("%s: %d readings, %s (%s), expected %s", rows[i].text, count, verdict_name(kept[0].verdict), kept[0].detail,
                     verdict_name(rows[i].verdict));
    }
}

static void too_much(void **state)
{
    size_t len = PAYLOAD_MAX + 1;
    char *text = malloc(len);
    (void)state;
    memset(text, ' ', len);
    memcpy(text, "{\"energy_wh\":5}", 15);
    parse_bytes(text, PAYLOAD_MAX);
    assert_true(count == 1 && kept[0].verdict == VERDICT_ACCEPTED);
    parse_bytes(text, len);
    assert_true(count == 1 && kept[0].verdict == VERDICT_TOO_LARGE);
    memset(text, '[', len - 1); /* deep nesting ends at Jansson's limit */
    parse_bytes(text, len - 1);
    assert_true(count == 1 && kept[0].verdict == VERDICT_BAD_JSON);
    for (size_t i = 0; i + 5 < len - 1; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    parse_bytes(text, len - 1);
    assert_true(count == 1 && kept[0].verdict == VERDICT_BAD_JSON);
    parse_bytes("{\"energy_wh\":1}\0", 16); /* a NUL is not white space */
    assert_int_equal(kept[0].verdict, VERDICT_BAD_JSON);
    parse_bytes("{\"boot\":\"a\\u0000b\",\"energy_wh\":1}", 33);
    assert_int_equal(kept[0].verdict, VERDICT_BAD_JSON);
    free(text);
}

static void times(void **state)
{
    (void)state;
    assert_int_equal(good("{\"energy_wh\":1,\"ts\":\"2026-11-22T21:00:00Z\"}")->ts_utc_ms, INT64_C(1795381200000));
    assert_int_equal(good("{\"energy_wh\":1,\"ts\":\"2026-11-22t21:00:00.2509z\"}")->ts_utc_ms, INT64_C(1795381200250));
    assert_int_equal(good("{\"energy_wh\":1,\"ts\":\"2026-11-23 02:45:00+05:45\"}")->ts_utc_ms, INT64_C(1795381200000));
    assert_int_equal(good("{\"energy_wh\":1,\"ts\":0}")->ts_utc_ms, 0); /* whether a clock can say so is judged elsewhere */
    assert_int_equal(good("{\"energy_wh\":1,\"ts\":-5}")->ts_utc_ms, -5);
}

static void batches(void **state)
{
    (void)state;
    parse("{\"boot\":\"outer\",\"v\":1,\"readings\":[{\"energy_wh\":1,\"ts\":1795381200000,\"seq\":4},"
          "{\"energy_wh\":-1,\"ts\":1795381201000,\"seq\":5},{\"energy_wh\":3,\"seq\":6},"
          "{\"energy_wh\":4,\"ts\":1795381203000,\"boot\":\"inner\"},{\"energy_wh\":5,\"ts\":1795381204000,\"v\":2}]}");
    assert_int_equal(count, 5);
    assert_int_equal(kept[0].verdict, VERDICT_ACCEPTED);
    assert_string_equal(kept[0].reading.boot, "outer");
    assert_int_equal(kept[1].verdict, VERDICT_OUT_OF_RANGE);
    assert_true(kept[1].reading.has_seq && kept[1].reading.seq == 5); /* refused, and still heard */
    assert_string_equal(kept[1].reading.boot, "outer");
    assert_true(kept[1].has_ts);
    assert_int_equal(kept[2].verdict, VERDICT_MISSING_TS);
    assert_true(kept[2].reading.has_seq && kept[2].reading.seq == 6);
    assert_int_equal(kept[3].verdict, VERDICT_ACCEPTED);
    assert_string_equal(kept[3].reading.boot, "inner");
    assert_int_equal(kept[4].verdict, VERDICT_UNSUPPORTED_VERSION);
    parse("{\"readings\":[{\"energy_wh\":1}]}"); /* a batch of one needs no time */
    assert_true(count == 1 && kept[0].verdict == VERDICT_ACCEPTED && !kept[0].has_ts);
}

static void batch_sizes(void **state)
{
    struct buf text;
    (void)state;
    for (int n = 1000; n <= 1001; n++) {
        buf_init(&text, PAYLOAD_MAX);
        buf_str(&text, "{\"readings\":[");
        for (int i = 0; i < n; i++)
            buf_printf(&text, "%s{\"energy_wh\":%d,\"ts\":%lld}", i ? "," : "", i, 1795381200000LL + i);
        buf_str(&text, "]}");
        parse_bytes(text.data, text.len);
        assert_int_equal(count, n == 1000 ? 1000 : 1);
        assert_int_equal(kept[0].verdict, n == 1000 ? VERDICT_ACCEPTED : VERDICT_BAD_BATCH);
        if (n == 1000)
            assert_true(kept[999].reading.channels[0].value_wh == 999 && kept[999].verdict == VERDICT_ACCEPTED);
        buf_finish(&text);
    }
}

/* "One bad reading refuses itself, never its neighbours": also where the whole text would not pass a strict parser. */
static void a_bad_one_among_good_ones(void **state)
{
    static const struct refused rows[] = {
        {"{\"energy_wh\":18446744073709551615,\"ts\":1795381201000}", VERDICT_OUT_OF_RANGE, ""},
        {"{\"energy_wh\":1e999,\"ts\":1795381201000}", VERDICT_OUT_OF_RANGE, ""},
        {"{\"energy_wh\":1,\"energy_wh\":2,\"ts\":1795381201000}", VERDICT_DUPLICATE_FIELD, ""},
        {"{\"energy_wh\":1,\"note\":\"a ] , } \\\" b\",\"note\":\"[\",\"ts\":1795381201000}", VERDICT_DUPLICATE_FIELD, ""},
        {"{\"energy_wh\":1,\"registers\":{\"1.8.1\":99999999999999999999},\"ts\":1795381201000}", VERDICT_OUT_OF_RANGE, ""},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text,
                 "{\"v\":1, \"x\":{\"readings\":[1]}, \"readings\" : [ {\"energy_wh\":7,\"ts\":1795381200000,\"seq\":1} , %s,"
                 "{\"energy_wh\":9,\"ts\":1795381202000,\"seq\":3}],\"boot\":\"b\"}",
                 rows[i].text);
        parse(text);
        if (count != 3)
            fail_msg("%s: %d readings, %s %s", text, count, verdict_name(kept[0].verdict), kept[0].detail);
        assert_true(kept[0].verdict == VERDICT_ACCEPTED && kept[0].reading.channels[0].value_wh == 7 && kept[0].reading.seq == 1);
        assert_string_equal(kept[0].reading.boot, "b");
        assert_int_equal(kept[1].verdict, rows[i].verdict);
        assert_true(kept[2].verdict == VERDICT_ACCEPTED && kept[2].reading.channels[0].value_wh == 9);
    }
    parse("{\"readings\":[{\"energy_wh\":1e999}],\"readings\":[{\"energy_wh\":1}]}"); /* the message itself says a thing twice */
    assert_true(count == 1 && kept[0].verdict == VERDICT_OUT_OF_RANGE);               /* the first thing that was found */
    parse("{\"readings\":[{\"energy_wh\":1e999},{]}");
    assert_true(count == 1);
    parse("{\"a\":1e999,\"readings\":[{\"energy_wh\":1}]}");
    assert_true(count == 1 && kept[0].verdict == VERDICT_OUT_OF_RANGE);
}

/* What was parsed and written again is the same reading. */
static void written_again(void **state)
{
    static const char *const texts[] = {
        "{\"ts\":\"2026-11-22T21:00:00Z\",\"energy_wh\":5,\"export_wh\":7,\"registers\":{\"1.8.1\":3},\"power_w\":-420,"
        "\"voltage_v\":[229.3,230,231.05],\"current_a\":1.5,\"power_factor\":-0.97,\"frequency_hz\":59.98,\"seq\":7,\"boot\":\"b\\\"1\","
        "\"flags\":[\"power_fail\",\"test\"]}",
        "{\"ts\":\"2026-11-22T21:00:00.250Z\",\"interval_wh\":250,\"interval_s\":900}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf out;
        buf_init(&out, 4096);
        buf_char(&out, '{');
        reading_fields_write(&out, good(texts[i]));
        buf_char(&out, '}');
        assert_string_equal(out.data, texts[i]);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_reading),
        cmocka_unit_test(energy_is_exact),
        cmocka_unit_test(every_thousandth),
        cmocka_unit_test(all_fields),
        cmocka_unit_test(refused_by_name),
        cmocka_unit_test(too_much),
        cmocka_unit_test(times),
        cmocka_unit_test(batches),
        cmocka_unit_test(batch_sizes),
        cmocka_unit_test(a_bad_one_among_good_ones),
        cmocka_unit_test(written_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
