/* Issued bills as documents: what is handed out, what a correction takes back, and when two bills ask for the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "wire/issue_json.h"

#define DRAFT                                                                                                                                        \
    "{\"bill_id\":\"casa-1-2026-10-01\",\"account_id\":\"casa-1\",\"meter_id\":\"casa\",\"state\":\"draft\",\"currency\":\"BRL\",\"minor\":2,"       \
    "\"elapsed_hours\":743.333,\"import_wh\":%s,\"export_wh\":0,\"billed_wh\":%s,\"lines\":[{\"id\":\"energy\",\"amount\":\"%s\",\"amount_minor\":"  \
    "%s,\"tax_included\":{\"ICMS\":180},\"exact_minor\":\"1/3\"},{\"id\":\"credit\",\"amount\":\"-1.50\",\"amount_minor\":-150,\"tax_included\":{}"  \
    "},{\"id\":\"nothing\",\"amount\":\"0.00\",\"amount_minor\":0,\"tax_included\":{}}],\"taxes\":[{\"id\":\"COSIP\",\"amount_minor\":1250,"         \
    "\"included\":false}],\"subtotal_minor\":%s,\"total_minor\":%s,\"complete\":true,\"estimated_beyond\":false,\"forecast\":{\"total_minor\":1},"   \
    "\"as_of\":\"2026-11-01T03:00:00Z\"}"

static char *draft(const char *wh, const char *amount, const char *minor, const char *subtotal, const char *total)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, DRAFT, wh, wh, amount, minor, subtotal, total);
    return text.data;
}

static json_t *issue(const char *text, const struct issue_words *words)
{
    struct buf out;
    struct fault fault = {0};
    buf_init(&out, 65536);
    assert_int_equal(issue_write(&out, text, words, &fault), OK);
    json_t *document = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    assert_non_null(strstr(out.data, "\"elapsed_hours\":743.333,")); /* decimals leave as they came */
    buf_finish(&out);
    return document;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static json_int_t int_of(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static void first_edition(void **state)
{
    char *text = draft("100000", "100.00", "10000", "9850", "11100");
    struct issue_words words = {
        .number = 7, .edition = 1, .issued_utc_ms = INT64_C(1793761200000), .due_day = 20770, .previous_hash = "ab", .inputs_hash = "ef"};
    (void)state;
    json_t *document = issue(text, &words);
    assert_string_equal(text_of(document, "state"), "issued");
    assert_int_equal(int_of(document, "number"), 7);
    assert_int_equal(int_of(document, "edition"), 1);
    assert_string_equal(text_of(document, "issued_at"), "2026-11-04T03:00:00Z");
    assert_string_equal(text_of(document, "due_date"), "2026-11-13");
    assert_string_equal(text_of(document, "previous_hash"), "ab");
    assert_string_equal(text_of(document, "inputs_hash"), "ef");
    assert_true(json_is_null(json_object_get(document, "forecast")));
    assert_null(json_object_get(document, "adjustment"));
    assert_int_equal(int_of(document, "total_minor"), 11100);
    json_decref(document);
    free(text);
}

/* 100 kWh became 90: the former lines turned round, the new ones, and the difference. What was −1.50 becomes 1.50; nothing stays nothing. */
static void correction(void **state)
{
    char *former = draft("100000", "100.00", "10000", "9850", "11100"), *text = draft("90000", "90.00", "9000", "8850", "10100");
    struct issue_words words = {.number = 9,
                                .edition = 2,
                                .negates = 7,
                                .former = former,
                                .causes = "[{\"kind\":\"reading\",\"ts\":\"2026-10-05T04:00:00Z\"}]",
                                .issued_utc_ms = INT64_C(1793761200000),
                                .due_day = 20770,
                                .previous_hash = "cd",
                                .inputs_hash = ""};
    static const char *const amounts[] = {"-100.00", "1.50", "0.00"};
    static const int minors[] = {-10000, 150, 0};
    (void)state;
    json_t *document = issue(text, &words);
    const json_t *adjustment = json_object_get(document, "adjustment"), *negated = json_object_get(adjustment, "negated");
    assert_string_equal(text_of(document, "state"), "adjusted");
    assert_null(json_object_get(document, "inputs_hash")); /* they were not recorded */
    assert_int_equal(int_of(adjustment, "negates"), 7);
    assert_int_equal(int_of(adjustment, "difference_minor"), -1000);
    assert_int_equal(int_of(negated, "total_minor"), -11100);
    assert_int_equal(int_of(negated, "subtotal_minor"), -9850);
    for (size_t i = 0; i < 3; i++) {
        const json_t *line = json_array_get(json_object_get(negated, "lines"), i);
        assert_string_equal(text_of(line, "amount"), amounts[i]);
        assert_int_equal(int_of(line, "amount_minor"), minors[i]);
        assert_null(json_object_get(line, "exact_minor"));
    }
    assert_int_equal(int_of(json_object_get(json_array_get(json_object_get(negated, "lines"), 0), "tax_included"), "ICMS"), -180);
    assert_int_equal(int_of(json_array_get(json_object_get(negated, "taxes"), 0), "amount_minor"), -1250);
    assert_string_equal(text_of(json_array_get(json_object_get(adjustment, "caused_by"), 0), "ts"), "2026-10-05T04:00:00Z");
    assert_int_equal(int_of(json_array_get(json_object_get(document, "lines"), 0), "amount_minor"), 9000);
    json_decref(document);
    free(former);
    free(text);
}

static void same_or_not(void **state)
{
    char *one = draft("100000", "100.00", "10000", "9850", "11100"), *other = draft("100001", "100.00", "10000", "9850", "11100");
    (void)state;
    assert_true(bill_asks_same(one, one));
    assert_false(bill_asks_same(one, other)); /* the same money for other energy is another bill */
    assert_false(bill_asks_same(one, "{"));
    assert_false(bill_asks_same("[]", "[]"));
    char *later = strdup(one);
    memcpy(strstr(later, "2026-11-01T03"), "2026-11-02T09", 13);
    assert_true(bill_asks_same(one, later)); /* when it was looked at does not matter */
    free(later);
    free(one);
    free(other);
}

static void no_bill(void **state)
{
    static const char *const documents[] = {"",
                                            "[]",
                                            "{}",
                                            "{\"currency\":\"BRL\",\"minor\":2}",
                                            "{\"currency\":\"BRLX\",\"minor\":2,\"total_minor\":1}",
                                            "{\"currency\":\"BRL\",\"minor\":2,\"total_minor\":1.5}"};
    struct bill_brief brief;
    struct fault fault = {0};
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        assert_int_equal(bill_brief_parse(documents[i], &fault, &brief), ERR_INVALID);
    char *text = draft("1", "0.01", "1", "1", "2");
    assert_int_equal(bill_brief_parse(text, &fault, &brief), OK);
    assert_true(brief.complete && !brief.estimated_beyond && brief.total_minor == 2 && brief.minor_digits == 2);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_edition),
        cmocka_unit_test(correction),
        cmocka_unit_test(same_or_not),
        cmocka_unit_test(no_bill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
