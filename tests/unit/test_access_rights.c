/*
 * Tokens, scopes and the slowing down of whoever guesses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "access/scope.h"
#include "access/slowdown.h"
#include "access/token.h"

static void tokens_are_wellformed_and_never_the_same(void **state)
{
    (void)state;
    char seen[500][TOKEN_SIZE];
    bool used[256] = {false};
    for (int i = 0; i < 500; i++) {
        token_make(seen[i]);
        assert_true(token_is_wellformed(seen[i]));
        for (size_t c = 3; c < TOKEN_SIZE - 1; c++)
            used[(unsigned char)seen[i][c]] = true;
        for (int j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
    }
    int count = 0;
    for (int c = 0; c < 256; c++)
        count += used[c];
    assert_int_equal(count, 32);
    const char *bad[] = {"",
                         "qw_",
                         "qw_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                         "qw_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                         "qx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                         "qw_Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                         "qw_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(token_is_wellformed(bad[i]));
    assert_true(token_is_wellformed("qw_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void other_secrets_have_their_lengths(void **state)
{
    (void)state;
    char session[SESSION_ID_SIZE], again[SESSION_ID_SIZE], csrf[CSRF_TOKEN_SIZE], id[33];
    session_id_make(session);
    session_id_make(again);
    csrf_token_make(csrf);
    random_hex(16, id);
    assert_int_equal(strlen(session), 52);
    assert_string_not_equal(session, again);
    assert_int_equal(strlen(csrf), 32);
    assert_int_equal(strlen(id), 32);
    assert_int_equal(strspn(id, "0123456789abcdef"), 32);
}

/* FIPS 180-2, B.1. */
static void secrets_are_stored_as_sha_256(void **state)
{
    (void)state;
    char hash[SECRET_HASH_SIZE];
    secret_hash("abc", hash);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(secret_equal("abc", "abc"));
    assert_true(secret_equal("", ""));
    assert_false(secret_equal("abc", "abd"));
    assert_false(secret_equal("abc", "abcd"));
    assert_false(secret_equal("abc", ""));
}

static void roles_have_names_and_grow(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        enum role role;
        assert_true(role_parse(role_name((enum role)i), &role));
        assert_int_equal(role, i);
    }
    enum role kept = ROLE_OPERATOR;
    assert_false(role_parse("root", &kept));
    assert_int_equal(kept, ROLE_OPERATOR);
    scope_set customer = role_scopes(ROLE_CUSTOMER), operator= role_scopes(ROLE_OPERATOR), admin = role_scopes(ROLE_ADMIN);
    assert_int_equal(customer & ~operator, 0);
    assert_int_equal(operator& ~admin, 0);
    assert_int_equal(admin, (1u << SCOPE_COUNT) - 1);
    assert_true(scope_allows(customer, SCOPE_READINGS_READ));
    assert_true(scope_allows(customer, SCOPE_ALERTS_WRITE));
    assert_false(scope_allows(customer, SCOPE_METERS_WRITE));
    assert_false(scope_allows(customer, SCOPE_CUSTOMERS_READ));
    assert_false(scope_allows(customer, SCOPE_FLEET_READ));
    assert_true(scope_allows(operator, SCOPE_METERS_WRITE));
    assert_false(scope_allows(operator, SCOPE_ADMIN));
}

static void scopes_are_read_and_written(void **state)
{
    (void)state;
    struct buf text;
    struct fault fault = {0};
    scope_set set = 0;
    buf_init(&text, 1024);
    assert_int_equal(scopes_parse(" meters:write,readings:read  meters:write, ", &fault, &set), OK);
    assert_int_equal(set, SCOPE_METERS_WRITE | SCOPE_READINGS_READ);
    scopes_format(set, &text);
    assert_string_equal(text.data, "readings:read meters:write");
    assert_int_equal(scopes_parse("readings:read,readings:eat", &fault, &set), ERR_INVALID);
    assert_non_null(strstr(fault.text, "readings:eat"));
    assert_int_equal(scopes_parse("readings", &fault, &set), ERR_INVALID);
    assert_int_equal(set, SCOPE_METERS_WRITE | SCOPE_READINGS_READ);
    assert_int_equal(scopes_parse("", &fault, &set), OK);
    assert_int_equal(set, 0);
    buf_reset(&text);
    scopes_format(role_scopes(ROLE_ADMIN), &text);
    assert_int_equal(scopes_parse(text.data, &fault, &set), OK);
    assert_int_equal(set, role_scopes(ROLE_ADMIN));
    assert_string_equal(scope_name(SCOPE_BILLS_WRITE), "bills:write");
    buf_finish(&text);
}

static void a_token_never_widens_its_login(void **state)
{
    (void)state;
    scope_set wide = SCOPE_ADMIN | SCOPE_METERS_WRITE | SCOPE_BILLS_READ;
    assert_int_equal(scopes_effective(ROLE_CUSTOMER, wide), SCOPE_BILLS_READ);
    assert_int_equal(scopes_effective(ROLE_CUSTOMER, SCOPE_ADMIN), 0);
    assert_int_equal(scopes_effective(ROLE_OPERATOR, 0), role_scopes(ROLE_OPERATOR));
}

static void three_failures_are_free_then_the_wait_doubles(void **state)
{
    (void)state;
    struct slowdown *slowdown = slowdown_create(10);
    int64_t now = 5000000;
    static const int64_t waits[] = {0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 300000, 300000};
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        slowdown_failed(slowdown, "ana", now);
        assert_int_equal(slowdown_wait_ms(slowdown, "ana", now), waits[i]);
    }
    assert_int_equal(slowdown_wait_ms(slowdown, "bia", now), 0);
    assert_int_equal(slowdown_wait_ms(slowdown, "ana", now + 100000), 200000);
    assert_int_equal(slowdown_wait_ms(slowdown, "ana", now + 300000), 0);
    slowdown_failed(slowdown, "ana", now + 300000); /* it is not forgotten yet */
    assert_int_equal(slowdown_wait_ms(slowdown, "ana", now + 300000), 300000);
    for (int i = 0; i < 100; i++)
        slowdown_failed(slowdown, "ana", now + 300000);
    assert_int_equal(slowdown_wait_ms(slowdown, "ana", now + 300000), 300000);
    slowdown_destroy(slowdown);
}

static void a_success_or_a_quiet_hour_forgives(void **state)
{
    (void)state;
    struct slowdown *slowdown = slowdown_create(10);
    for (int i = 0; i < 5; i++) {
        slowdown_failed(slowdown, "ana", 0);
        slowdown_failed(slowdown, "10.0.0.7", 0);
    }
    slowdown_succeeded(slowdown, "ana");
    slowdown_succeeded(slowdown, "nobody");
    assert_int_equal(slowdown_wait_ms(slowdown, "ana", 1), 0);
    assert_int_equal(slowdown_wait_ms(slowdown, "10.0.0.7", 1), 3999);
    slowdown_failed(slowdown, "10.0.0.7", SLOWDOWN_FORGET_MS);
    assert_int_equal(slowdown_wait_ms(slowdown, "10.0.0.7", SLOWDOWN_FORGET_MS), 0); /* the first of its kind again */
    slowdown_destroy(slowdown);
    slowdown_destroy(NULL);
}

static void the_table_is_bounded_and_the_busy_stay(void **state)
{
    (void)state;
    struct slowdown *slowdown = slowdown_create(100);
    for (int i = 0; i < 100000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "user-%d", i);
        slowdown_failed(slowdown, "10.0.0.7", i / 100);
        slowdown_failed(slowdown, key, i / 100);
    }
    assert_int_equal(slowdown_wait_ms(slowdown, "10.0.0.7", 999), SLOWDOWN_LAST_MS);
    assert_int_equal(slowdown_evicted(slowdown), 100001 - 100);
    slowdown_destroy(slowdown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_wellformed_and_never_the_same),
        cmocka_unit_test(other_secrets_have_their_lengths),
        cmocka_unit_test(secrets_are_stored_as_sha_256),
        cmocka_unit_test(roles_have_names_and_grow),
        cmocka_unit_test(scopes_are_read_and_written),
        cmocka_unit_test(a_token_never_widens_its_login),
        cmocka_unit_test(three_failures_are_free_then_the_wait_doubles),
        cmocka_unit_test(a_success_or_a_quiet_hour_forgives),
        cmocka_unit_test(the_table_is_bounded_and_the_busy_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
