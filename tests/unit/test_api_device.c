/* Which device hung at a meter when: what was entered and what was announced make one line, in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "api/device_line.h"

static struct device_record line[DEVICE_LINE_MAX];
static size_t count;

static int fresh(void **state)
{
    (void)state;
    count = 0;
    return 0;
}

static struct device_record device(const char *serial, int64_t from_ms, int64_t max_wh)
{
    struct device_record out = {.installed_from_utc_ms = from_ms, .register_max_wh = max_wh};
    snprintf(out.serial, sizeof out.serial, "%s", serial);
    return out;
}

static void enter(const char *serial, int64_t from_ms, int64_t max_wh)
{
    line[count++] = device(serial, from_ms, max_wh);
}

static void announce(const char *serial, int64_t ts_ms, int64_t max_wh)
{
    struct device_record announced = device(serial, ts_ms, max_wh);
    device_line_announce(line, &count, &announced);
}

static void is(const char *expected)
{
    char text[4096] = "";
    int len = 0;
    for (size_t i = 0; i < count; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%s@%lld/%lld ", line[i].serial, (long long)line[i].installed_from_utc_ms,
                        (long long)line[i].register_max_wh);
    assert_string_equal(text, expected);
}

static void an_announced_exchange(void **state)
{
    (void)state;
    enter("a", 100, 999);
    announce("b", 200, 0);
    announce("c", 300, 99999);
    is("a@100/999 b@200/0 c@300/99999 ");
}

static void entered_later_by_hand(void **state)
{
    (void)state;
    enter("a", 100, 0);
    enter("b", 260, 5000); /* an hour after it was done */
    announce("b", 200, 0);
    is("a@100/0 b@200/5000 ");
}

static void told_again(void **state)
{
    (void)state;
    enter("a", 100, 0);
    announce("a", 150, 99999); /* no exchange: it tells where its register turns over */
    announce("b", 200, 0);
    announce("b", 250, 0);
    is("a@100/99999 b@200/0 ");
}

static void back_to_the_first(void **state)
{
    (void)state;
    enter("a", 100, 7);
    announce("b", 200, 0);
    announce("a", 300, 0);
    is("a@100/7 b@200/0 a@300/0 ");
}

static void between_two_that_were_entered(void **state)
{
    (void)state;
    enter("a", 100, 0);
    enter("c", 300, 0);
    announce("b", 200, 0);
    is("a@100/0 b@200/0 c@300/0 ");
}

static void only_announced(void **state)
{
    (void)state;
    announce("x", 10, 0);
    is("x@10/0 ");
}

static void the_newest_are_kept(void **state)
{
    (void)state;
    for (int i = 0; i < DEVICE_LINE_MAX + 10; i++) {
        char serial[16];
        snprintf(serial, sizeof serial, "s%d", i);
        announce(serial, 100 + i, 0);
    }
    assert_int_equal(count, DEVICE_LINE_MAX);
    assert_string_equal(line[0].serial, "s10");
    announce("old", 1, 0);
    assert_int_equal(count, DEVICE_LINE_MAX);
    assert_string_equal(line[0].serial, "s10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_announced_exchange, fresh),
        cmocka_unit_test_setup(entered_later_by_hand, fresh),
        cmocka_unit_test_setup(told_again, fresh),
        cmocka_unit_test_setup(back_to_the_first, fresh),
        cmocka_unit_test_setup(between_two_that_were_entered, fresh),
        cmocka_unit_test_setup(only_announced, fresh),
        cmocka_unit_test_setup(the_newest_are_kept, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
