/* When clocks change, in the bits of Green Button. The first two rows stand so in the feeds of Californian utilities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "api/dst_rule.h"
#include "daemon/zones.h"

static void rules(void **state)
{
    static const struct {
        const char *zone;
        int year;
        int32_t standard_s, dst_s;
        uint32_t start, end;
    } rows[] = {
        {"America/Los_Angeles", 2011, -28800, 3600, 0x360E2000, 0xB40E2000}, /* second Sunday of March, first of November, at 2 */
        {"America/Los_Angeles", 2026, -28800, 3600, 0x360E2000, 0xB40E2000}, {"America/Sao_Paulo", 2026, -10800, 0, DST_RULE_NONE, DST_RULE_NONE},
        {"America/Sao_Paulo", 2018, -10800, 3600, 0xB40E0000, 0x280E0000},  /* first Sunday of November, third of February, at midnight */
        {"Europe/Berlin", 2026, 3600, 3600, 0x3E0E2000, 0xAE0E3000},        /* last Sundays of March at 2 and of October at 3 */
        {"Australia/Sydney", 2026, 36000, 3600, 0xA40E2000, 0x440E3000},    /* first Sundays of October at 2 and of April at 3 */
        {"Australia/Lord_Howe", 2026, 37800, 1800, 0xA40E2000, 0x440E2000}, /* half an hour */
        {"Asia/Kolkata", 2026, 19800, 0, DST_RULE_NONE, DST_RULE_NONE},      {"UTC", 2026, 0, 0, DST_RULE_NONE, DST_RULE_NONE},
    };
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    struct fault fault = {0};
    (void)state;
    assert_non_null(zones);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct zone *zone;
        struct dst_rules out;
        assert_int_equal(zones_get(zones, rows[i].zone, &fault, &zone), OK);
        dst_rules_of(zone, rows[i].year, &out);
        assert_int_equal(out.standard_offset_s, rows[i].standard_s);
        assert_int_equal(out.dst_offset_s, rows[i].dst_s);
        assert_int_equal(out.start, rows[i].start);
        assert_int_equal(out.end, rows[i].end);
    }
    zones_destroy(zones);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
