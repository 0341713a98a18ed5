/* Documents of requests, and the alert with its acknowledgement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "wire/rest_alert.h"
#include "wire/rest_in.h"
#include "wire/rest_text.h"

static struct rest_in *parse(const char *text)
{
    struct rest_in *in = NULL;
    assert_int_equal(rest_in_parse(text, strlen(text), false, NULL, &in), OK);
    return in;
}

static void test_documents(void **state)
{
    (void)state;
    static const char *const refused[] = {"", "[]", "1", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "\xff", "{\"a\":\"\\ud800\"}"};
    struct rest_in *in = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_int_equal(rest_in_parse(refused[i], strlen(refused[i]), false, NULL, &in), ERR_INVALID);
    assert_int_equal(rest_in_parse("", 0, true, NULL, &in), OK);
    rest_in_destroy(in);
    rest_in_destroy(NULL);
}

static void test_members(void **state)
{
    (void)state;
    static const char *const names[] = {"n", "t", "x", "b", "o", NULL};
    struct fault fault = {0};
    struct rest_in *in = parse("{\"n\":5,\"t\":\"abc\",\"x\":null,\"b\":true,\"o\":{\"d\":-23.5}}"), *inner = NULL;
    int64_t number = 0;
    int32_t udeg = 0;
    char text[8] = "kept";
    bool truth = false;
    assert_int_equal(rest_in_only(in, names, &fault), OK);
    assert_int_equal(rest_in_member(in, "x"), REST_NULL);
    assert_int_equal(rest_in_member(in, "y"), REST_ABSENT);
    assert_int_equal(rest_in_int(in, "n", 1, 5, &fault, &number), OK);
    assert_int_equal(number, 5);
    assert_int_equal(rest_in_int(in, "n", 1, 4, &fault, &number), ERR_INVALID);
    assert_string_equal(fault.pointer, "/n");
    assert_int_equal(rest_in_text(in, "x", 1, 3, &fault, text, sizeof text), OK);
    assert_string_equal(text, "kept");
    assert_int_equal(rest_in_text(in, "t", 1, 2, &fault, text, sizeof text), ERR_INVALID);
    assert_int_equal(rest_in_text(in, "n", 1, 2, &fault, text, sizeof text), ERR_INVALID);
    assert_int_equal(rest_in_name(in, "t", &fault, text, sizeof text), OK);
    assert_string_equal(text, "abc");
    assert_int_equal(rest_in_bool(in, "b", &fault, &truth), OK);
    assert_true(truth);
    assert_int_equal(rest_in_required(in, "x", &fault), ERR_INVALID);
    assert_int_equal(rest_in_object(in, "t", &fault, &inner), ERR_INVALID);
    assert_int_equal(rest_in_object(in, "o", &fault, &inner), OK);
    assert_int_equal(rest_in_degrees(inner, "d", 90, &fault, &udeg), OK);
    assert_int_equal(udeg, -23500000);
    assert_int_equal(rest_in_degrees(inner, "d", 20, &fault, &udeg), ERR_INVALID);
    assert_string_equal(fault.pointer, "/o/d");
    rest_in_destroy(inner);
    rest_in_destroy(in);
    in = parse("{\"a/b~c\":1}");
    assert_int_equal(rest_in_only(in, names, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/a~1b~0c");
    rest_in_destroy(in);
}

static void test_words_and_days(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct rest_in *in =
        parse("{\"w\":[\"bills:read\",\"meters:read\"],\"e\":[],\"t\":\"x\",\"n\":[1],\"b\":[\"a b\"],\"d\":\"2026-02-28\",\"f\":\"2026-02-30\"}");
    char text[32] = "kept";
    int32_t day = -1, other;
    assert_int_equal(rest_in_words(in, "absent", &fault, text, sizeof text), OK);
    for (const char *name = "etnb"; *name; name++)
        assert_int_equal(rest_in_words(in, (const char[]){*name, '\0'}, &fault, text, sizeof text), ERR_INVALID);
    assert_int_equal(rest_in_words(in, "w", &fault, text, 22), ERR_INVALID); /* one byte too few */
    assert_string_equal(fault.pointer, "/w");
    assert_string_equal(text, "kept");
    assert_int_equal(rest_in_words(in, "w", &fault, text, 23), OK);
    assert_string_equal(text, "bills:read meters:read");
    assert_int_equal(rest_in_day(in, "f", &fault, &day), ERR_INVALID);
    assert_string_equal(fault.pointer, "/f");
    assert_int_equal(day, -1);
    assert_int_equal(rest_in_day(in, "d", &fault, &day), OK);
    assert_true(civil_parse("2026-02-28", &other) && day == other);
    rest_in_destroy(in);
}

static void test_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *pointer; /* NULL: taken */
        const char *written;
    } cases[] = {
        {"{}", NULL, "{\"excess_consumption\":null,\"bill_variation\":null}"},
        {"{\"excess_consumption\":{\"day_wh\":20000}}", NULL, "{\"excess_consumption\":{\"day_wh\":20000,\"enabled\":true},\"bill_variation\":null}"},
        {"{\"bill_variation\":{\"enabled\":false}}", NULL, "{\"excess_consumption\":null,\"bill_variation\":{\"enabled\":false}}"},
        {"{\"bill_variation\":{\"percent\":0}}", "/bill_variation/percent", NULL},
        {"{\"bill_variation\":5}", "/bill_variation", NULL},
        {"{\"meter_silent\":{}}", "/meter_silent", NULL},
        {"[]", "", NULL},
        {"", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct alert_rules rules;
        struct fault fault = {0};
        struct buf out;
        enum err err = rest_rules_parse(cases[i].text, strlen(cases[i].text), &fault, &rules);
        assert_int_equal(err, cases[i].pointer != NULL ? ERR_INVALID : OK);
        if (err != OK) {
            assert_string_equal(fault.pointer, cases[i].pointer);
            continue;
        }
        buf_init(&out, 1024);
        rest_rules_write(&out, &rules);
        assert_string_equal(out.data, cases[i].written);
        buf_finish(&out);
    }
    struct alert_rules rules = {0};
    rest_rules_take(&rules, "bill_variation", "{\"percent\":30}");
    rest_rules_take(&rules, "excess_consumption", "damaged");
    rest_rules_take(&rules, "unknown", "{}");
    assert_true(rules.set[1] && !rules.set[0]);
    assert_int_equal(rules.params[1].threshold, 30);
}

static void test_acknowledged(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1024);
    assert_int_equal(rest_alert_acknowledged(&out, "{\"alert_id\":\"x\",\"state\":\"active\"}", "op", 0, "visto \"já\"", NULL), OK);
    assert_string_equal(out.data, "{\"alert_id\":\"x\",\"state\":\"acknowledged\",\"acknowledgement\":{\"by\":\"op\",\"at\":\"1970-01-01T00:00:00Z\","
                                  "\"note\":\"visto \\\"já\\\"\"}}");
    buf_reset(&out);
    assert_int_equal(rest_alert_acknowledged(&out, "{\"state\":\"resolved\"}", "op", 0, "", NULL), OK);
    assert_string_equal(out.data, "{\"state\":\"resolved\",\"acknowledgement\":{\"by\":\"op\",\"at\":\"1970-01-01T00:00:00Z\",\"note\":null}}");
    assert_int_equal(rest_alert_acknowledged(&out, "[]", "op", 0, "", NULL), ERR_FATAL);
    buf_finish(&out);
}

/* What a stranger sent becomes text, whatever it is. */
static void test_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *text;
    } cases[] = {
        {"", 0, ""},
        {"plain", 5, "plain"},
        {"j\xc3\xa1 \xf0\x9f\x94\x8c", 8, "j\xc3\xa1 \xf0\x9f\x94\x8c"},
        {"a\0b", 3,
         "a\xef\xbf\xbd"
         "b"},
        {"\xff\x80", 2, "\xef\xbf\xbd\xef\xbf\xbd"},
        {"cut \xc3", 5, "cut \xef\xbf\xbd"},
        {"\xe2\x82x", 3, "\xef\xbf\xbd\xef\xbf\xbdx"},
        {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        {"\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd"},                 /* an overlong '/' */
        {"\xf5\x80\x80\x80", 4, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        buf_init(&out, 100);
        rest_text_append(&out, cases[i].bytes, cases[i].len);
        assert_string_equal(out.data, cases[i].text);
        buf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents), cmocka_unit_test(test_members),      cmocka_unit_test(test_words_and_days),
        cmocka_unit_test(test_rules),     cmocka_unit_test(test_acknowledged), cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
