/* Topics, the short messages between ingestor and meters, and the documents that others read: each is JSON that says what protocol.md says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "wire/alert_json.h"
#include "wire/bill_json.h"
#include "wire/command_json.h"
#include "wire/message_json.h"
#include "wire/topic.h"

static struct buf out;

static int fresh(void **state)
{
    (void)state;
    buf_init(&out, 1 << 20);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    buf_finish(&out);
    return 0;
}

/* What was written, parsed by somebody else. */
static json_t *written(void)
{
    json_error_t error;
    assert_false(out.overflow);
    json_t *root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s in %s", error.text, out.data);
    return root;
}

static void text_is(const json_t *root, const char *key, const char *expected)
{
    const char *got = json_string_value(json_object_get(root, key));
    assert_non_null(got);
    assert_string_equal(got, expected);
}

static void int_is(const json_t *root, const char *key, int64_t expected)
{
    assert_true(json_is_integer(json_object_get(root, key)));
    assert_int_equal(json_integer_value(json_object_get(root, key)), expected);
}

static void topics(void **state)
{
    static const struct {
        const char *topic;
        enum topic_kind kind;
        const char *name;
    } rows[] = {
        {"meters/casa-42/readings", TOPIC_READINGS, "casa-42"},
        {"meters/casa-42/status", TOPIC_STATUS, "casa-42"},
        {"meters/a.B_9-/events", TOPIC_EVENTS, "a.B_9-"},
        {"provision/requests/MFRGG", TOPIC_PROVISION, "MFRGG"},
        {"$SYS/broker/publish/messages/dropped", TOPIC_DROPPED, ""},
        {"meters/casa-42/readings/x", TOPIC_UNKNOWN, NULL},
        {"meters/casa-42/reading", TOPIC_UNKNOWN, NULL},
        {"meters/casa-42/receipt", TOPIC_UNKNOWN, NULL},
        {"meters/casa 42/readings", TOPIC_UNKNOWN, NULL},
        {"meters//readings", TOPIC_UNKNOWN, NULL},
        {"meters/\xc3\xa9/readings", TOPIC_UNKNOWN, NULL},
        {"meters/readings", TOPIC_UNKNOWN, NULL},
        {"meters/", TOPIC_UNKNOWN, NULL},
        {"meters", TOPIC_UNKNOWN, NULL},
        {"", TOPIC_UNKNOWN, NULL},
        {"Meters/a/readings", TOPIC_UNKNOWN, NULL},
        {"provision/requests/", TOPIC_UNKNOWN, NULL},
        {"provision/requests/a/b", TOPIC_UNKNOWN, NULL},
        {"provision/responses/a", TOPIC_UNKNOWN, NULL},
        {"$SYS/broker/publish/messages/droppedx", TOPIC_UNKNOWN, NULL},
    };
    struct topic topic;
    char longest[128];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(&topic, 'x', sizeof topic);
        topic_parse(rows[i].topic, strlen(rows[i].topic), &topic);
        if (topic.kind != rows[i].kind)
            fail_msg("%s: %d", rows[i].topic, topic.kind);
        if (rows[i].name)
            assert_string_equal(topic.name, rows[i].name);
    }
    for (int len = 64; len <= 65; len++) { /* names of 64 bytes, and one too many */
        memset(longest, 'm', sizeof longest);
        memcpy(longest, "meters/", 7);
        memcpy(longest + 7 + len, "/readings", 9);
        topic_parse(longest, (size_t)(7 + len + 9), &topic);
        assert_int_equal(topic.kind, len == 64 ? TOPIC_READINGS : TOPIC_UNKNOWN);
    }
    topic_parse("meters/a\0b/readings", 19, &topic);
    assert_int_equal(topic.kind, TOPIC_UNKNOWN);
}

static enum verdict status_of(const char *text, struct status_message *status)
{
    char detail[160] = "";
    enum verdict verdict = status_parse(text, strlen(text), status, detail);
    assert_int_equal(verdict == VERDICT_ACCEPTED, detail[0] == '\0');
    return verdict;
}

static void status_messages(void **state)
{
    struct status_message status = {.online = true};
    (void)state;
    assert_int_equal(status_of("{\"state\":\"online\",\"serial\":\"S1\",\"firmware\":\"1.0\",\"boot\":\"b\",\"x\":1}", &status), VERDICT_ACCEPTED);
    assert_true(status.online);
    assert_string_equal(status.serial, "S1");
    assert_string_equal(status.firmware, "1.0");
    assert_string_equal(status.boot, "b");
    assert_int_equal(status_of("{\"state\":\"offline\"}", &status), VERDICT_ACCEPTED);
    assert_false(status.online);
    assert_int_equal(status_of("{\"state\":\"onlinee\"}", &status), VERDICT_OUT_OF_RANGE);
    assert_int_equal(status_of("{\"state\":\"\"}", &status), VERDICT_OUT_OF_RANGE);
    assert_int_equal(status_of("{}", &status), VERDICT_OUT_OF_RANGE);
    assert_int_equal(status_of("{\"state\":1}", &status), VERDICT_BAD_TYPE);
    assert_int_equal(status_of("{\"state\":\"a very long word indeed\"}", &status), VERDICT_OUT_OF_RANGE);
    assert_int_equal(status_of("{\"state\":\"online\",\"boot\":\"012345678901234567890123456789012\"}", &status), VERDICT_OUT_OF_RANGE);
    assert_int_equal(status_of("online", &status), VERDICT_BAD_JSON);
    assert_int_equal(status_of("{\"v\":1,\"state\":\"online\"}", &status), VERDICT_ACCEPTED);
    assert_int_equal(status_of("{\"v\":2,\"state\":\"online\"}", &status), VERDICT_UNSUPPORTED_VERSION);
}

static enum verdict event_of(const char *text, struct event_message *event)
{
    char detail[160] = "";
    enum verdict verdict = event_parse(text, strlen(text), event, detail);
    assert_int_equal(verdict == VERDICT_ACCEPTED, detail[0] == '\0');
    return verdict;
}

static void event_messages(void **state)
{
    static const char *const names[] = {"exchange", "tamper", "power_fail", "power_restored", "clock_set", "command"};
    struct event_message event = {0};
    char text[128];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text, "{\"event\":\"%s\",\"ts\":\"2026-11-22T21:00:00Z\",\"old\":{\"serial\":\"a\"}}", names[i]);
        assert_int_equal(event_of(text, &event), VERDICT_ACCEPTED);
        assert_string_equal(event.event, names[i]);
        assert_true(event.has_ts && event.ts_utc_ms == INT64_C(1795381200000));
    }
    assert_int_equal(event_of("{\"event\":\"tamper\"}", &event), VERDICT_ACCEPTED);
    assert_false(event.has_ts);
    assert_int_equal(event_of("{\"event\":\"tamper\",\"ts\":1795381200001}", &event), VERDICT_ACCEPTED);
    assert_int_equal(event.ts_utc_ms, INT64_C(1795381200001));
    assert_int_equal(event_of("{\"event\":\"party\"}", &event), VERDICT_BAD_EVENT);
    assert_int_equal(event_of("{}", &event), VERDICT_BAD_EVENT);
    assert_int_equal(event_of("{\"event\":3}", &event), VERDICT_BAD_TYPE);
    assert_int_equal(event_of("{\"event\":\"tamper\",\"ts\":\"now\"}", &event), VERDICT_BAD_TIME);
    assert_int_equal(event_of("{\"event\":\"tamper\",\"ts\":1.5}", &event), VERDICT_BAD_TIME);
    assert_int_equal(event_of("{\"event\":\"tamper\",\"ts\":9223372036854775807}", &event), VERDICT_BAD_TIME);
    assert_int_equal(event_of("{\"event\":\"tamper\",\"ts\":-9223372036854775808}", &event), VERDICT_BAD_TIME);
    assert_int_equal(event_of("[]", &event), VERDICT_BAD_JSON);
    assert_int_equal(event_of("{\"v\":1,\"event\":\"tamper\"}", &event), VERDICT_ACCEPTED);
    assert_int_equal(event_of("{\"v\":\"1\",\"event\":\"tamper\"}", &event), VERDICT_UNSUPPORTED_VERSION);
}

static void provision_messages(void **state)
{
    struct provision_request request;
    char detail[160] = "";
    const char *good = "{\"serial\":\"S1\",\"model\":\"M\",\"claim_code\":\"C\"}";
    static const char *const bad[] = {"{\"serial\":\"S1\"}",
                                      "{\"claim_code\":\"C\"}",
                                      "{\"serial\":\"\",\"claim_code\":\"C\"}",
                                      "{}",
                                      "{\"serial\":1,\"claim_code\":\"C\"}",
                                      "x",
                                      "{\"v\":2,\"serial\":\"S1\",\"claim_code\":\"C\"}"};
    (void)state;
    assert_int_equal(provision_parse(good, strlen(good), &request, detail), VERDICT_ACCEPTED);
    assert_string_equal(request.serial, "S1");
    assert_string_equal(request.model, "M");
    assert_string_equal(request.claim_code, "C");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        detail[0] = '\0';
        assert_int_not_equal(provision_parse(bad[i], strlen(bad[i]), &request, detail), VERDICT_ACCEPTED);
        assert_true(detail[0]);
    }
}

static void what_the_ingestor_says(void **state)
{
    (void)state;
    receipt_write(&out, "b\"1", 41);
    json_t *root = written();
    text_is(root, "boot", "b\"1");
    int_is(root, "seq", 41);
    json_decref(root);
    buf_reset(&out);
    reject_write(&out, VERDICT_FUTURE, "ts: too \x01 far", true, INT64_C(1795381200250), true, 5);
    root = written();
    text_is(root, "verdict", "future");
    text_is(root, "detail", "ts: too \x01 far");
    text_is(root, "ts", "2026-11-22T21:00:00.250Z");
    int_is(root, "seq", 5);
    json_decref(root);
    buf_reset(&out);
    reject_write(&out, VERDICT_BAD_JSON, "x", false, 0, false, 0);
    root = written();
    assert_null(json_object_get(root, "ts"));
    assert_null(json_object_get(root, "seq"));
    json_decref(root);
    buf_reset(&out);
    command_write(&out, "c1", INT64_C(1795381200000), "resend", "{\"boot\":\"b\",\"from_seq\":3,\"to_seq\":9}");
    root = written();
    text_is(root, "command", "resend");
    text_is(root, "command_id", "c1");
    text_is(root, "expires", "2026-11-22T21:00:00Z");
    int_is(root, "from_seq", 3);
    int_is(root, "to_seq", 9);
    json_decref(root);
    buf_reset(&out);
    provision_answer_write(&out, "m", "u", "p\\");
    root = written();
    text_is(root, "meter_id", "m");
    text_is(root, "username", "u");
    text_is(root, "password", "p\\");
    json_decref(root);
    buf_reset(&out);
    provision_error_write(&out, "no");
    root = written();
    text_is(root, "error", "no");
    json_decref(root);
}

static void a_live_reading(void **state)
{
    struct reading reading = {.ts_utc_ms = INT64_C(1795381200000), .channel_count = 1, .channels = {{OBIS_IMPORT, 5}}};
    (void)state;
    live_reading_write(&out, "casa-42", &reading, "accepted", INT64_C(1795381201000));
    json_t *root = written();
    text_is(root, "meter_id", "casa-42");
    text_is(root, "ts", "2026-11-22T21:00:00Z");
    text_is(root, "verdict", "accepted");
    text_is(root, "received", "2026-11-22T21:00:01Z");
    int_is(root, "energy_wh", 5);
    json_decref(root);
}

static void a_bill(void **state)
{
    static struct bill bill = {.bill_id = "b1",
                               .meter_id = "casa-42",
                               .state = BILL_OPEN,
                               .currency = "BRL",
                               .minor_digits = 2,
                               .from_day = 20554,
                               .until_day = 20585,
                               .days = 31,
                               .import_wh = 240000,
                               .line_count = 2,
                               .tax_count = 1,
                               .subtotal = {22627},
                               .total = {-23877},
                               .tariff_id = "t",
                               .version_hash = "h",
                               .as_of_utc_ms = INT64_C(1795381200000)};
    struct bill_line *line = &bill.lines[0];
    (void)state;
    strcpy(line->id, "energy");
    strcpy(line->quantity, "240");
    strcpy(line->unit, "kWh");
    strcpy(line->unit_price, "0.62098");
    line->amount.minor = 15327;
    line->taxed = 1;
    line->tax_minor[0] = 40;
    line->quality = QUALITY_ESTIMATED;
    strcpy(bill.taxes[0].id, "icms");
    bill.taxes[0].included = true;
    bill.taxes[0].amount.minor = 40;
    bill_write(&out, &bill, DAYS_START_EXCLUSIVE);
    json_t *root = written();
    text_is(root, "read_from", "2026-04-10"); /* the span is 04-11 up to 05-12: 31 days */
    text_is(root, "read_to", "2026-05-11");
    text_is(root, "state", "open");
    assert_true(json_is_null(json_object_get(root, "account_id")));
    assert_true(json_is_null(json_object_get(root, "forecast")));
    int_is(root, "total_minor", -23877);
    int_is(root, "import_wh", 240000);
    assert_true(json_is_false(json_object_get(root, "complete")));
    const json_t *first = json_array_get(json_object_get(root, "lines"), 0);
    text_is(first, "quantity", "240");
    text_is(first, "unit_price", "0.62098");
    int_is(first, "amount_minor", 15327);
    int_is(json_object_get(first, "tax_included"), "icms", 40);
    text_is(first, "quality", "estimated");
    text_is(json_object_get(root, "tariff"), "version_hash", "h");
    json_decref(root);
    buf_reset(&out);
    bill.forecast = (struct bill_forecast){true, {1}, {2}, {3}};
    strcpy(bill.account_id, "a1");
    bill_write(&out, &bill, DAYS_INCLUSIVE);
    root = written();
    text_is(root, "read_from", "2026-04-11");
    text_is(root, "account_id", "a1");
    int_is(json_object_get(root, "forecast"), "high_minor", 3);
    json_decref(root);
}

static void an_alert(void **state)
{
    struct alert alert = {.alert_id = "id",
                          .revision = 3,
                          .subject = SUBJECT_METER,
                          .subject_id = "casa-42",
                          .kind = ALERT_EXCESS_CONSUMPTION,
                          .severity = SEVERITY_WARNING,
                          .state = ALERT_ACTIVE,
                          .since_utc_ms = INT64_C(1795381200000),
                          .updated_utc_ms = INT64_C(1795381260000),
                          .value = 5,
                          .threshold = 4,
                          .message_pt_br = "ol\xc3\xa1",
                          .message_en = "hi"};
    (void)state;
    alert_write(&out, &alert);
    json_t *root = written();
    text_is(root, "alert_id", "id");
    int_is(root, "revision", 3);
    text_is(json_object_get(root, "subject"), "meter_id", "casa-42");
    text_is(root, "kind", "excess_consumption");
    text_is(root, "severity", "warning");
    text_is(root, "state", "active");
    text_is(root, "since", "2026-11-22T21:00:00Z");
    text_is(root, "unit", "Wh");
    text_is(json_object_get(root, "message"), "pt-BR", "ol\xc3\xa1");
    assert_null(json_object_get(root, "until"));
    json_decref(root);
    for (int subject = SUBJECT_DISTRICT; subject <= SUBJECT_SYSTEM; subject++) {
        buf_reset(&out);
        alert.subject = (enum alert_subject)subject;
        alert.until_utc_ms = 1;
        alert_write(&out, &alert);
        root = written();
        assert_non_null(json_object_get(json_object_get(root, "subject"), alert_subject_name(alert.subject)));
        text_is(root, "until", "1970-01-01T00:00:00.001Z");
        json_decref(root);
    }
}

static enum err rule_of(enum alert_kind kind, const char *text, struct fault *fault, struct rule_params *params)
{
    return rule_params_parse(kind, text, strlen(text), fault, params);
}

static void rules(void **state)
{
    struct rule_params params = {0};
    struct fault fault = {0};
    (void)state;
    assert_int_equal(rule_of(ALERT_EXCESS_CONSUMPTION, "{\"day_wh\":20000}", &fault, &params), OK);
    assert_true(params.enabled && params.has_threshold && params.threshold == 20000);
    rule_params_write(&out, ALERT_EXCESS_CONSUMPTION, &params);
    assert_string_equal(out.data, "{\"day_wh\":20000,\"enabled\":true}");
    assert_int_equal(rule_of(ALERT_BILL_VARIATION, "{\"enabled\":false}", &fault, &params), OK);
    assert_true(!params.enabled && !params.has_threshold);
    assert_int_equal(rule_of(ALERT_BILL_VARIATION, "{}", &fault, &params), OK);
    assert_true(params.enabled);
    assert_int_equal(rule_of(ALERT_BILL_VARIATION, "{\"percent\":0}", &fault, &params), ERR_INVALID);
    assert_string_equal(fault.pointer, "/percent");
    assert_int_equal(rule_of(ALERT_EXCESS_CONSUMPTION, "{\"day_wh\":1.5}", &fault, &params), ERR_INVALID);
    assert_string_equal(fault.pointer, "/day_wh");
    assert_int_equal(rule_of(ALERT_EXCESS_CONSUMPTION, "{\"percent\":30}", &fault, &params), ERR_INVALID);
    assert_int_equal(rule_of(ALERT_EXCESS_CONSUMPTION, "{\"enabled\":1}", &fault, &params), ERR_INVALID);
    assert_int_equal(rule_of(ALERT_EXCESS_CONSUMPTION, "[]", &fault, &params), ERR_INVALID);
    assert_int_equal(rule_of(ALERT_TAMPER, "{}", &fault, &params), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(topics, fresh, gone),
        cmocka_unit_test_setup_teardown(status_messages, fresh, gone),
        cmocka_unit_test_setup_teardown(event_messages, fresh, gone),
        cmocka_unit_test_setup_teardown(provision_messages, fresh, gone),
        cmocka_unit_test_setup_teardown(what_the_ingestor_says, fresh, gone),
        cmocka_unit_test_setup_teardown(a_live_reading, fresh, gone),
        cmocka_unit_test_setup_teardown(a_bill, fresh, gone),
        cmocka_unit_test_setup_teardown(an_alert, fresh, gone),
        cmocka_unit_test_setup_teardown(rules, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
