/* docs/protocol.md names every verdict, flag and alert kind that the code knows, and no alert kind that is built is called "prepared". */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "energy/alert.h"
#include "energy/check.h"
#include "energy/reading.h"
#include "energy/verdict.h"

static char page[262144];

static int load(void **state)
{
    (void)state;
    FILE *file = fopen(QW_SOURCE_ROOT "/docs/protocol.md", "r");
    if (!file)
        return -1;
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    return fclose(file);
}

static void named(const char *name)
{
    char quoted[80];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    if (!strstr(page, quoted))
        fail_msg("docs/protocol.md does not name %s", quoted);
}

static void every_verdict(void **state)
{
    (void)state;
    for (int i = 0; i < verdict_count; i++)
        named(verdict_table[i].name);
}

static void every_flag(void **state)
{
    (void)state;
    for (unsigned bit = 1; bit; bit <<= 1)
        if (reading_flag_name(bit))
            named(reading_flag_name(bit));
}

/* With its threshold and its source, as the table has them. */
static void every_check(void **state)
{
    (void)state;
    for (int i = 0; i < CHECK_COUNT; i++) {
        char row[80];
        named(check_table[i].name);
        snprintf(row, sizeof row, "| `%s` | %lld ", check_table[i].name, (long long)check_table[i].threshold);
        if (!strstr(page, row) || !strstr(page, check_table[i].source) || !strstr(page, check_table[i].what))
            fail_msg("docs/protocol.md tells another threshold, source or meaning of %s", check_table[i].name);
    }
}

static void every_alert_kind(void **state)
{
    (void)state;
    const char *prepared = strstr(page, "Prepared names for later work");
    assert_non_null(prepared);
    for (int i = 0; i < alert_kind_count; i++) {
        const struct alert_kind_row *row = &alert_kind_table[i];
        char quoted[80];
        named(row->name);
        snprintf(quoted, sizeof quoted, "`%s`", row->name);
        const char *listed = strstr(prepared, quoted);
        if (row->built == (listed != NULL))
            fail_msg("%s is %s, and docs/protocol.md says otherwise", row->name, row->built ? "built" : "not built");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_verdict), cmocka_unit_test(every_flag), cmocka_unit_test(every_check),
                                       cmocka_unit_test(every_alert_kind)};
    return cmocka_run_group_tests(tests, load, NULL);
}
