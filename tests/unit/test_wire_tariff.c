/* tariff/1: what is understood, and that every mistake is named by its JSON pointer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "wire/tariff_json.h"

static const char whole[] =
    "{\"_note\":\"x\",\"schema\":\"tariff/1\",\"id\":\"br.test\",\"name\":\"N\",\"currency\":\"BRL\",\"minor\":2,\"tz\":\"America/"
    "Sao_Paulo\",\"versions\":[{"
    "\"from\":\"2025-10-23\",\"until\":\"2026-10-23\",\"act\":\"REH\",\"quantity\":{\"unit\":\"kWh\",\"netting\":\"register\"},\"charges\":["
    "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[220.5,\"0.75\"],[null,\"0.95\"]],\"tier_mode\":\"graduated\"},"
    "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"-0.45\"}],"
    "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\",\"base\":[\"energy\"]},{\"id\":\"iva\",\"kind\":\"por_fora\",\"rate\":\"0."
    "05\"}],"
    "\"rounding\":{\"line\":{\"digits\":4,\"mode\":\"half_even\"},\"total_policy\":\"round_of_sum\"},"
    "\"proration\":{\"days\":\"start_exclusive_end_inclusive\",\"tariff_change\":\"split_days\"}},"
    "{\"from\":\"2026-10-23\",\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.62098\"}]}]}";

static void a_whole_tariff(void **state)
{
    struct tariff *tariff = NULL;
    struct fault fault = {0};
    (void)state;
    if (tariff_parse(whole, strlen(whole), &fault, &tariff) != OK)
        fail_msg("%s: %s", fault.pointer, fault.text);
    assert_string_equal(tariff->tariff_id, "br.test");
    assert_string_equal(tariff->currency, "BRL");
    assert_int_equal(tariff->version_count, 2);
    assert_int_equal(strlen(tariff->version_hash), 32);
    const struct tariff_version *first = &tariff->versions[0], *second = &tariff->versions[1];
    assert_int_equal(first->until_day, second->from_day);
    assert_int_equal(second->until_day, DAY_NEVER);
    assert_int_equal(first->charges[0].tier_count, 3);
    assert_int_equal(first->charges[0].tiers[1].until_wh, 220500);
    assert_int_equal(first->charges[0].tiers[2].until_wh, INT64_MAX);
    assert_int_equal(first->charges[0].tiers[2].rate_nano, 950000000);
    assert_int_equal(first->charges[1].amount_nano, -450000000);
    assert_int_equal(first->charges[1].per, PER_DAY);
    assert_string_equal(first->charges[1].rule, "/versions/0/charges/1");
    assert_true(first->taxes[0].included && first->taxes[0].base == 1u && first->taxes[0].rate_nano == 180000000);
    assert_true(!first->taxes[1].included && first->taxes[1].base == 3u); /* all charges where none is named */
    assert_int_equal(first->line.digits, 4);
    assert_int_equal(first->line.mode, ROUND_HALF_EVEN);
    assert_int_equal(first->total_policy, TOTAL_ROUND_OF_SUM);
    assert_int_equal(first->print_days, DAYS_START_EXCLUSIVE);
    assert_int_equal(second->line.digits, 2); /* the currency's own */
    assert_int_equal(second->charges[0].tiers[0].rate_nano, 620980000);
    tariff_destroy(tariff);
    tariff_destroy(NULL);
}

/* The whole tariff with one piece of it put another way. */
static void mistaken(const char *piece, const char *instead, const char *pointer, const char *word)
{
    static char text[8192];
    struct tariff *tariff = (struct tariff *)&text; /* untouched on failure */
    struct fault fault = {0};
    const char *at = strstr(whole, piece);
    if (!at)
        fail_msg("no %s in the tariff", piece);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, instead, at + strlen(piece));
    enum err err = tariff_parse(text, strlen(text), &fault, &tariff);
    if (err != ERR_INVALID)
        fail_msg("%s → %s was taken", piece, instead);
    assert_ptr_equal(tariff, &text);
    if (strcmp(fault.pointer, pointer) != 0 || !strstr(fault.text, word))
        fail_msg("%s → %s: \"%s\" %s, expected \"%s\" %s", piece, instead, fault.pointer, fault.text, pointer, word);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    mistaken("tariff/1", "tariff/2", "/schema", "tariff/1");
    mistaken("\"id\":\"br.test\"", "\"id\":\"br test\"", "/id", "A-Z");
    mistaken("\"id\":\"br.test\",", "", "/id", "text");
    mistaken("\"BRL\"", "\"reais\"", "/currency", "");
    mistaken("\"BRL\"", "\"brl\"", "/currency", "4217");
    mistaken("\"minor\":2", "\"minor\":\"2\"", "/minor", "digits");
    mistaken("\"minor\":2", "\"minor\":5", "/minor", "digits");
    mistaken("\"minor\":2", "\"minor\":2,\"surprise\":1", "/surprise", "remove");
    mistaken("\"from\":\"2025-10-23\"", "\"from\":\"23/10/2025\"", "/versions/0/from", "YYYY-MM-DD");
    mistaken("\"from\":\"2025-10-23\"", "\"from\":\"2026-02-30\"", "/versions/0/from", "YYYY-MM-DD");
    mistaken("\"until\":\"2026-10-23\"", "\"until\":\"2025-10-23\"", "/versions/0", "after");
    mistaken("{\"from\":\"2026-10-23\"", "{\"from\":\"2024-10-23\"", "/versions/1", "order");
    mistaken("\"act\":\"REH\"", "\"seasons\":[]", "/versions/0/seasons", "cannot bill");
    mistaken("\"act\":\"REH\"", "\"tou\":{}", "/versions/0/tou", "cannot bill");
    mistaken("\"act\":\"REH\"", "\"minimum\":{}", "/versions/0/minimum", "cannot bill");
    mistaken("\"netting\":\"register\"", "\"netting\":\"interval\"", "/versions/0/quantity/netting", "register");
    mistaken("\"netting\":\"register\"", "\"netting\":7", "/versions/0/quantity/netting", "register");
    mistaken("\"unit\":\"kWh\"", "\"unit\":\"MWh\"", "/versions/0/quantity/unit", "kWh");
    mistaken("\"unit\":\"kWh\"", "\"unit\":1000", "/versions/0/quantity/unit", "kWh");
    mistaken("\"kind\":\"energy\",\"tiers\"", "\"kind\":\"demand\",\"tiers\"", "/versions/0/charges/0/kind", "energy");
    mistaken("\"kind\":\"energy\",\"tiers\"", "\"kind\":\"energy\",\"rate\":\"1\",\"tiers\"", "/versions/0/charges/0", "either");
    mistaken("graduated", "volume", "/versions/0/charges/0/tier_mode", "graduated");
    mistaken("\"tier_mode\"", "\"tier_unit\":\"kWh/day\",\"tier_mode\"", "/versions/0/charges/0/tier_unit", "cannot bill");
    mistaken("\"tier_mode\"", "\"unit\":\"p/kWh\",\"tier_mode\"", "/versions/0/charges/0/unit", ""); /* a hundredfold bill otherwise */
    mistaken("[100,\"0.5\"]", "[100,0.5]", "/versions/0/charges/0/tiers/0/1", "decimal text");
    mistaken("[100,\"0.5\"]", "[100,\"0.5 \"]", "/versions/0/charges/0/tiers/0/1", "decimal");
    mistaken("[100,\"0.5\"]", "[100,\"0,5\"]", "/versions/0/charges/0/tiers/0/1", "decimal");
    mistaken("[100,\"0.5\"]", "[100,\"0.1234567891\"]", "/versions/0/charges/0/tiers/0/1", "9 digits");
    mistaken("[100,\"0.5\"]", "[300,\"0.5\"]", "/versions/0/charges/0/tiers/1", "rise");
    mistaken("[100,\"0.5\"]", "[0,\"0.5\"]", "/versions/0/charges/0/tiers/0", "rise");
    mistaken("[100,\"0.5\"]", "[\"100\",\"0.5\"]", "/versions/0/charges/0/tiers/0", "rise");
    mistaken("[100,\"0.5\"]", "[null,\"0.5\"]", "/versions/0/charges/0/tiers/0", "last");
    mistaken("[null,\"0.95\"]", "[400,\"0.95\"]", "/versions/0/charges/0/tiers/2", "last");
    mistaken("[null,\"0.95\"]", "[null]", "/versions/0/charges/0/tiers/2", "pair");
    mistaken("\"per\":\"day\"", "\"per\":\"week\"", "/versions/0/charges/1/per", "month");
    mistaken("\"amount\":\"-0.45\"", "\"amount\":-0.45", "/versions/0/charges/1/amount", "decimal text");
    mistaken("\"amount\":\"-0.45\"", "\"amount\":null", "/versions/0/charges/1/amount", "decimal text");
    mistaken("\"amount\":\"-0.45\"", "\"by_tier\":{}", "/versions/0/charges/1/by_tier", "cannot bill");
    mistaken("\"id\":\"standing\"", "\"id\":\"energy\"", "/versions/0/charges/1", "same id");
    mistaken("\"rate\":\"0.18\"", "\"rate\":0.18", "/versions/0/taxes/0/rate", "decimal text");
    mistaken("\"rate\":\"0.18\"", "\"rate\":\"18\"", "/versions/0/taxes/0/rate", "18 %");
    mistaken("\"rate\":\"0.18\"", "\"rate\":\"-0.18\"", "/versions/0/taxes/0/rate", "fraction");
    mistaken("\"rate\":\"0.18\"", "\"brackets\":[]", "/versions/0/taxes/0/brackets", "cannot bill");
    mistaken("\"kind\":\"por_fora\"", "\"kind\":\"por_dentro\"", "/versions/0/taxes/1", "only one");
    mistaken("\"kind\":\"por_fora\"", "\"kind\":\"vat\"", "/versions/0/taxes/1/kind", "por_fora");
    mistaken("[\"energy\"]", "[\"enery\"]", "/versions/0/taxes/0/base/0", "no charge");
    mistaken("[\"energy\"]", "\"energy\"", "/versions/0/taxes/0/base", "array");
    mistaken("\"digits\":4", "\"digits\":10", "/versions/0/rounding/line/digits", "0 to 9");
    mistaken("half_even", "bankers", "/versions/0/rounding/line/mode", "half_away");
    mistaken("round_of_sum", "whatever", "/versions/0/rounding/total_policy", "sum_of_lines");
    mistaken("start_exclusive_end_inclusive", "exact", "/versions/0/proration/days", "inclusive");
    mistaken("split_days", "read_date", "/versions/0/proration/tariff_change", "split_days");
    mistaken("\"rate\":\"0.62098\"", "\"rate\":\"99999999999\"", "/versions/1/charges/0/rate", "decimal");
    mistaken("{\"_note\"", "{\"schema\":\"tariff/1\",\"_note\"", "", "");
}

static void not_a_document(void **state)
{
    static const char *const texts[] = {
        "",
        "[]",
        "null",
        "{",
        "{}",
        "{\"schema\":\"tariff/1\"}",
        "{\"schema\":1}",
        "{\"schema\":\"tariff/1\",\"id\":\"a\",\"currency\":\"BRL\",\"versions\":[]}",
        "{\"schema\":\"tariff/1\",\"id\":\"a\",\"currency\":\"BRL\",\"versions\":[7]}",
        "{\"schema\":\"tariff/1\",\"id\":\"a\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2026-01-01\",\"charges\":[]}]}",
        "{\"schema\":\"tariff/1\",\"id\":\"a\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2026-01-01\",\"charges\":[1]}]}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct tariff *tariff = NULL;
        struct fault fault = {0};
        assert_int_equal(tariff_parse(texts[i], strlen(texts[i]), &fault, &tariff), ERR_INVALID);
        assert_true(fault.text[0]);
        assert_null(tariff);
        assert_int_equal(tariff_parse(texts[i], strlen(texts[i]), NULL, &tariff), ERR_INVALID);
    }
    char *large = malloc(TARIFF_DOCUMENT_MAX + 1);
    struct tariff *tariff = NULL;
    memset(large, ' ', TARIFF_DOCUMENT_MAX + 1);
    assert_int_equal(tariff_parse(large, TARIFF_DOCUMENT_MAX + 1, NULL, &tariff), ERR_INVALID);
    free(large);
}

static void versions_have_a_fingerprint(void **state)
{
    struct tariff *a = NULL, *b = NULL;
    char other[sizeof whole];
    (void)state;
    memcpy(other, whole, sizeof whole);
    *strstr(other, "0.62098") = '1';
    assert_int_equal(tariff_parse(whole, strlen(whole), NULL, &a), OK);
    assert_int_equal(tariff_parse(other, strlen(other), NULL, &b), OK);
    assert_string_not_equal(a->version_hash, b->version_hash);
    tariff_destroy(a);
    tariff_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_tariff),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(not_a_document),
        cmocka_unit_test(versions_have_a_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
