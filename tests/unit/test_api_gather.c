/* Several newest-first lists become one page; a list that was not read to its end bounds the page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "api/gather.h"
#include "api/verdict_key.h"
#include "base/instant.h"

/* Adds (number, letter) pairs, written "9b 8a …". */
static void add(struct gather *gather, const char *items)
{
    for (const char *at = items; *at != '\0'; at += at[2] == ' ' ? 3 : 2) {
        char text[2] = {at[1], '\0'}, document[8];
        snprintf(document, sizeof document, "\"%.2s\"", at);
        gather_add(gather, at[0] - '0', text, document);
    }
}

static void page_is(struct gather *gather, const char *page, const char *cursor)
{
    char next[GATHER_CURSOR_SIZE] = "";
    struct buf out;
    buf_init(&out, 1000);
    bool more = gather_write(gather, &out, next);
    assert_string_equal(out.data != NULL ? out.data : "", page);
    assert_string_equal(more ? next : "", cursor);
    buf_finish(&out);
    gather_finish(gather);
}

static void lists_become_a_page(void **state)
{
    struct gather gather;
    (void)state;
    gather_init(&gather, 3);
    add(&gather, "9b 7a 5a");
    add(&gather, "9a 9c 8a");
    page_is(&gather, "\"9c\",\"9b\",\"9a\"", "9.a");
    gather_init(&gather, 6);
    add(&gather, "9b 7a 5a");
    add(&gather, "9a 9c 8a");
    page_is(&gather, "\"9c\",\"9b\",\"9a\",\"8a\",\"7a\",\"5a\"", "");
}

static void a_list_that_ends_early_bounds_the_page(void **state)
{
    struct gather gather;
    (void)state;
    gather_init(&gather, 6);
    add(&gather, "9b 7a 5a");
    gather_end(&gather, 7, "b"); /* of another list; 7a may stand behind what was not read */
    gather_end(&gather, 4, "a"); /* that one was read further */
    page_is(&gather, "\"9b\"", "7.b");
    gather_init(&gather, 6);
    gather_end(&gather, 7, "b"); /* nothing at all on this page */
    page_is(&gather, "", "7.b");
    gather_init(&gather, 1);
    add(&gather, "9b 7a 5a");
    gather_end(&gather, 5, "a");
    page_is(&gather, "\"9b\"", "9.b");
}

static void keys_come_back(void **state)
{
    struct verdict_after after = {.page = {.number = 20 * MS_PER_DAY}};
    const struct judgement judgement = {
        .meter_no = 7, .ts_utc_ms = 20 * MS_PER_DAY, .channel = 10800, .kind = FACT_INTERVAL, .length_s = 900, .value_wh = -5};
    char neighbours[VERDICT_KEY_SIZE], door[VERDICT_KEY_SIZE], check[VERDICT_KEY_SIZE];
    (void)state;
    verdict_key_judgement(&judgement, neighbours);
    verdict_key_refusal(INT64_MAX, door);
    verdict_key_check(3, CHECK_HIGH_DAY, check);
    assert_true(strcmp(neighbours, door) > 0 && strcmp(door, check) > 0); /* so they stand on a page */
    after.page.text = neighbours;
    assert_true(verdict_key_read(&after));
    assert_int_equal(after.judgement.meter_no, 7);
    assert_int_equal(after.judgement.value_wh, -5);
    assert_int_equal(after.judgement.ts_utc_ms, 20 * MS_PER_DAY);
    after.page.text = door;
    assert_true(verdict_key_read(&after) && after.refusal_id == INT64_MAX);
    after.page.text = check;
    assert_true(verdict_key_read(&after) && after.meter_no == 3 && after.check == CHECK_HIGH_DAY);
    after.page.number++; /* no day */
    assert_false(verdict_key_read(&after));
    static const char *const bad[] = {"x", "d", "d-1", "n12", "c12", "cffffffffffffffff00"};
    after.page.number--;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        after.page.text = bad[i];
        assert_false(verdict_key_read(&after));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_become_a_page), cmocka_unit_test(a_list_that_ends_early_bounds_the_page),
                                       cmocka_unit_test(keys_come_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
