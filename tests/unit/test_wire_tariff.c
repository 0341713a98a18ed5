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
    const struct tier_list *tiers = tiers_at(&first->charges[0].tiers, 0, 0);
    assert_int_equal(tiers->count, 3);
    assert_int_equal(tiers->tiers[1].end, 220500);
    assert_true(tiers->tiers[2].open);
    assert_int_equal(price_at(&tiers->tiers[2].rate, 0, 0), 950000000);
    assert_int_equal(first->charges[1].amount_nano, -450000000);
    assert_int_equal(first->charges[1].per, PER_DAY);
    assert_string_equal(first->charges[1].rule, "/versions/0/charges/1");
    assert_true(first->taxes[0].kind == TAX_POR_DENTRO && first->taxes[0].base == 1u && first->taxes[0].rate_nano == 180000000);
    assert_true(first->taxes[1].kind == TAX_POR_FORA && first->taxes[1].base == 3u); /* all charges where none is named */
    assert_int_equal(first->line.digits, 4);
    assert_int_equal(first->line.mode, ROUND_HALF_EVEN);
    assert_int_equal(first->total_policy, TOTAL_ROUND_OF_SUM);
    assert_int_equal(first->print_days, DAYS_START_EXCLUSIVE);
    assert_int_equal(second->line.digits, 2); /* the currency's own */
    assert_int_equal(price_at(&second->charges[0].tiers.lists[0].tiers[0].rate, 0, 0), 620980000);
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
    mistaken("\"minor\":2", "\"minor\":\"2\"", "/minor", "0 to 4");
    mistaken("\"minor\":2", "\"minor\":5", "/minor", "0 to 4");
    mistaken("\"minor\":2", "\"minor\":2,\"surprise\":1", "/surprise", "known are");
    mistaken("\"from\":\"2025-10-23\"", "\"from\":\"23/10/2025\"", "/versions/0/from", "YYYY-MM-DD");
    mistaken("\"from\":\"2025-10-23\"", "\"from\":\"2026-02-30\"", "/versions/0/from", "YYYY-MM-DD");
    mistaken("\"until\":\"2026-10-23\"", "\"until\":\"2025-10-23\"", "/versions/0/until", "after");
    mistaken("{\"from\":\"2026-10-23\"", "{\"from\":\"2024-10-23\"", "/versions/1/from", "order");
    mistaken("\"kind\":\"energy\",\"tiers\"", "\"kind\":\"enrgy\",\"tiers\"", "/versions/0/charges/0/kind", "energy|adder");
    mistaken("\"kind\":\"energy\",\"tiers\"", "\"kind\":\"energy\",\"rate\":\"1\",\"tiers\"", "/versions/0/charges/0", "exactly one");
    mistaken("\"tier_mode\"", "\"unit\":\"p/kWh\",\"tier_mode\"", "/versions/0/charges/0/unit", "series"); /* a hundredfold bill otherwise */
    mistaken("[100,\"0.5\"]", "[100,0.5]", "/versions/0/charges/0/tiers/0/1", "decimal text");
    mistaken("[100,\"0.5\"]", "[100,\"0.5 \"]", "/versions/0/charges/0/tiers/0/1", "decimal");
    mistaken("[100,\"0.5\"]", "[100,\"0,5\"]", "/versions/0/charges/0/tiers/0/1", "decimal");
    mistaken("[100,\"0.5\"]", "[100,\"0.1234567891\"]", "/versions/0/charges/0/tiers/0/1", "9 digits");
    mistaken("[100,\"0.5\"]", "[300,\"0.5\"]", "/versions/0/charges/0/tiers/1", "rise");
    mistaken("[100,\"0.5\"]", "[null,\"0.5\"]", "/versions/0/charges/0/tiers/0", "last");
    mistaken("[100,\"0.5\"]", "[\"100 kW\",\"0.5\"]", "/versions/0/charges/0/tiers/0/0", "kWh");
    mistaken("[null,\"0.95\"]", "[400,\"0.95\"]", "/versions/0/charges/0/tiers/2", "last");
    mistaken("[null,\"0.95\"]", "[null]", "/versions/0/charges/0/tiers/2", "upper end");
    mistaken("\"per\":\"day\"", "\"per\":\"week\"", "/versions/0/charges/1/per", "month");
    mistaken("\"amount\":\"-0.45\"", "\"amount\":-0.45", "/versions/0/charges/1/amount", "decimal text");
    mistaken("\"amount\":\"-0.45\"", "\"amount\":null", "/versions/0/charges/1/amount", "decimal text");
    mistaken("\"amount\":\"-0.45\"", "\"by_tier\":{}", "/versions/0/charges/1/by_tier", "1 to");
    mistaken("\"id\":\"standing\"", "\"id\":\"energy\"", "/versions/0/charges/1/id", "same id");
    mistaken("\"rate\":\"0.18\"", "\"rate\":0.18", "/versions/0/taxes/0/rate", "decimal text");
    mistaken("\"rate\":\"0.18\"", "\"rate\":\"18\"", "/versions/0/taxes/0/rate", "18 %");
    mistaken("\"rate\":\"0.18\"", "\"rate\":\"-0.18\"", "/versions/0/taxes/0/rate", "fraction");
    mistaken("\"rate\":\"0.18\"", "\"brackets\":[]", "/versions/0/taxes/0/brackets", "rows");
    mistaken("\"kind\":\"por_fora\"", "\"kind\":\"vat\"", "/versions/0/taxes/1/kind", "por_fora");
    mistaken("[\"energy\"]", "[\"enery\"]", "/versions/0/taxes/0/base/0", "no charge");
    mistaken("[\"energy\"]", "\"energy\"", "/versions/0/taxes/0/base", "array");
    mistaken("\"digits\":4", "\"digits\":10", "/versions/0/rounding/line/digits", "0 to 9");
    mistaken("half_even", "bankers", "/versions/0/rounding/line/mode", "half_away");
    mistaken("round_of_sum", "whatever", "/versions/0/rounding/total_policy", "sum_of_lines");
    mistaken("start_exclusive_end_inclusive", "some", "/versions/0/proration/days", "inclusive");
    mistaken("split_days", "whenever", "/versions/0/proration/tariff_change", "split_days");
    mistaken("\"rate\":\"0.62098\"", "\"rate\":\"99999999999\"", "/versions/1/charges/0/rate", "decimal");
    mistaken("{\"_note\"", "{\"schema\":\"tariff/1\",\"_note\"", "", "");
}

/* Parts of the language, each put into the version that has least of it. */
static void mistaken_in(const char *more, const char *pointer, const char *word)
{
    char instead[2048];
    snprintf(instead, sizeof instead, "\"from\":\"2026-10-23\",%s,\"charges\"", more);
    mistaken("\"from\":\"2026-10-23\",\"charges\"", instead, pointer, word);
}

static void mistakes_in_other_parts(void **state)
{
    (void)state;
    mistaken_in("\"known_from\":\"2026-10-21\"", "/versions/1/known_from", "instant");
    mistaken_in("\"calendar\":{\"holidays\":{\"fixed\":[\"13-01\"]}}", "/versions/1/calendar/holidays/fixed/0", "MM-DD");
    mistaken_in("\"calendar\":{\"holidays\":{\"easter\":[1000]}}", "/versions/1/calendar/holidays/easter/0", "Easter");
    mistaken_in("\"calendar\":{\"holiday_as\":\"sunday\"}", "/versions/1/calendar/holiday_as", "weekend");
    mistaken_in("\"seasons\":[]", "/versions/1/seasons", "1 to");
    mistaken_in("\"seasons\":[{\"id\":\"a\",\"from\":\"01-01\",\"to\":\"02-30\"}]", "/versions/1/seasons/0/to", "MM-DD");
    mistaken_in("\"tou\":{\"windows\":[]}", "/versions/1/tou/default", "name");
    mistaken_in("\"tou\":{\"default\":\"off\",\"windows\":[{\"id\":\"p\",\"days\":\"monday\",\"from\":\"18:00\",\"to\":\"21:00\"}]}",
                "/versions/1/tou/windows/0/days", "weekday");
    mistaken_in("\"tou\":{\"default\":\"off\",\"windows\":[{\"id\":\"p\",\"days\":\"all\",\"from\":\"18:00\",\"to\":\"25:00\"}]}",
                "/versions/1/tou/windows/0/to", "HH:MM");
    mistaken_in("\"tou\":{\"default\":\"off\",\"windows\":[{\"id\":\"p\",\"days\":\"all\",\"season\":\"x\",\"from\":\"18:00\",\"to\":\"21:00\"}]}",
                "/versions/1/tou/windows/0/season", "season");
    mistaken_in("\"quantity\":{\"netting\":\"daily\"}", "/versions/1/quantity/netting", "interval");
    mistaken_in("\"quantity\":{\"unit\":\"MWh\"}", "/versions/1/quantity/unit", "kWh");
    mistaken_in("\"quantity\":{\"round\":{\"digits\":4}}", "/versions/1/quantity/round/digits", "0 to 3");
    mistaken_in("\"minimum\":{\"kind\":\"kwh_equivalent\"}", "/versions/1/minimum", "either");
    mistaken_in("\"minimum\":{\"kind\":\"kwh_equivalent\",\"kwh\":30,\"adders_on\":\"billed\"}", "/versions/1/minimum/adders_on", "applies_to");
    mistaken_in("\"credits\":{\"mode\":\"kwh\"}", "/versions/1/credits/mode", "kwh_rollover");
    mistaken_in("\"credits\":{\"mode\":\"kwh_rollover\",\"bucket_order\":[\"others\"]}", "/versions/1/credits/bucket_order/0", "same");
    mistaken_in("\"credits\":{\"mode\":\"kwh_rollover\",\"floor\":\"minimum\"}", "/versions/1/credits/floor", "minimum");
    mistaken_in("\"credits\":{\"mode\":\"net_billing\"}", "/versions/1/credits", "credit_rate");
    mistaken_in("\"credits\":{\"mode\":\"net_billing\",\"credit_rate\":\"0.1\",\"apply\":\"next_bill\",\"surplus\":\"pay\"}",
                "/versions/1/credits/surplus", "next");
    mistaken_in("\"municipal\":[{\"id\":\"cosip\"}]", "/versions/1/municipal/0", "exactly one");
    mistaken_in("\"municipal\":[{\"id\":\"cosip\",\"table\":[[100,\"1\",\"0.1\"],[null,\"2\"]]}]", "/versions/1/municipal/0/reference",
                "coefficients");
    mistaken_in("\"social\":{\"discounts\":[[null,\"2\"]],\"of\":[\"energy\"]}", "/versions/1/social/discounts/0/1", "fraction");
    mistaken_in("\"taxes\":[{\"id\":\"t\",\"kind\":\"por_fora\",\"rate\":\"0.1\",\"excludes\":[\"u\"]}]", "/versions/1/taxes/0/excludes",
                "por_dentro");
    mistaken_in("\"taxes\":[{\"id\":\"t\",\"kind\":\"per_kwh\",\"rate\":\"0.1\",\"base\":[\"energy\"]}]", "/versions/1/taxes/0/base", "quantity");
    mistaken_in("\"proration\":{\"month_days\":30}", "/versions/1/proration/month_days", "calendar");
    mistaken_in("\"rounding\":{\"quantity\":{\"digits\":4}}", "/versions/1/rounding/quantity", "0 to 3");
    mistaken_in("\"estimate\":{\"method\":\"guess\"}", "/versions/1/estimate/method", "mean_12");
}

/* The one charge of the second version put another way. */
static void mistaken_charge(const char *instead, const char *below, const char *word)
{
    char pointer[96];
    snprintf(pointer, sizeof pointer, "/versions/1/charges/0%s", below);
    mistaken("\"kind\":\"energy\",\"rate\":\"0.62098\"", instead, pointer, word);
}

static void mistakes_in_charges(void **state)
{
    (void)state;
    mistaken_charge("\"kind\":\"energy\",\"rates\":{\"peak\":\"1\"}", "/rates", "no windows");
    mistaken_charge("\"kind\":\"energy\",\"rates_by_season\":{\"summer\":\"1\"}", "/rates_by_season", "no seasons");
    mistaken_charge("\"kind\":\"energy\",\"rate\":\"1\",\"parts\":{\"te\":\"0.4\",\"tusd\":\"0.5\"}", "/parts", "add up to 0.90");
    mistaken_charge("\"kind\":\"energy\",\"tiers\":[[200,\"1\"],[null,\"2\"]],\"tier_unit\":\"kWh/kW\"", "", "demand");
    mistaken_charge("\"kind\":\"energy\",\"rate\":\"1\",\"tier_mode\":\"package\"", "/package_kwh", "size");
    mistaken_charge("\"kind\":\"energy\",\"rate\":\"1\",\"free_kwh\":5", "/tier_mode", "package");
    mistaken_charge("\"kind\":\"energy\",\"series\":\"agile\",\"rate\":\"1\"", "/rate", "series");
    mistaken_charge("\"kind\":\"energy\",\"series\":\"agile\",\"unit\":\"EUR/kWh\"", "/unit", "BRL/kWh");
    mistaken_charge("\"kind\":\"adder\"", "/table", "month");
    mistaken_charge("\"kind\":\"adder\",\"table\":{\"2026-13\":\"0\"}", "/table/2026-13", "YYYY-MM");
    mistaken_charge("\"kind\":\"demand\"", "", "exactly one");
    mistaken_charge("\"kind\":\"demand\",\"rate\":\"1\",\"ratchet\":{\"percent\":\"95\"}", "/ratchet/percent", "95 %");
    mistaken_charge("\"kind\":\"demand\",\"rate\":\"1\",\"ratchet\":{\"months\":[13]}", "/ratchet/months/0", "1 to 12");
    mistaken_charge("\"kind\":\"fixed\",\"per\":\"day\"", "/amount", "decimal text");
    mistaken_charge("\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"1\",\"prorate\":false", "/prorate", "anyway");
    mistaken_charge("\"kind\":\"allowance_credit\",\"credit\":\"1\"", "/per_day", "kWh per day");
    mistaken_charge("\"kind\":\"percent\",\"rate\":\"0.1\",\"of\":[\"energy\"]", "/of/0", "before");
    mistaken_charge("\"kind\":\"per_kwh\",\"rate\":\"0.1\",\"quantity\":\"all\"", "/quantity", "measured");
    mistaken_charge("\"kind\":\"energy\",\"rate\":\"1\",\"when\":{\"color\":\"red\"}", "/when/color", "known are");
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
        cmocka_unit_test(a_whole_tariff),      cmocka_unit_test(mistakes_are_named), cmocka_unit_test(mistakes_in_other_parts),
        cmocka_unit_test(mistakes_in_charges), cmocka_unit_test(not_a_document),     cmocka_unit_test(versions_have_a_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
