/*
 * People's passwords: argon2id, and an answer that takes as long for a user who does not exist.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>
#include <time.h>
#include "access/password.h"

static void a_password_is_verified_by_its_hash(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
    assert_int_equal(password_hash("correct horse", NULL, hash), OK);
    assert_int_equal(password_hash("correct horse", NULL, other), OK);
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
    assert_string_not_equal(hash, other); /* its salt is its own */
    assert_true(password_verify(hash, "correct horse"));
    assert_true(password_verify(other, "correct horse"));
    assert_false(password_verify(hash, "correct horsf"));
    assert_false(password_verify(hash, "correct horse "));
    assert_false(password_verify(hash, ""));
    assert_false(password_verify("not a hash", "correct horse"));
    assert_false(password_is_outdated(hash));
}

static void a_weaker_hash_is_outdated(void **state)
{
    (void)state;
    char weak[PASSWORD_HASH_SIZE];
    assert_true(sodium_init() >= 0);
    assert_int_equal(
        crypto_pwhash_str_alg(weak, "correct horse", 13, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2ID13), 0);
    assert_true(password_verify(weak, "correct horse")); /* the parameters stand in the hash */
    assert_true(password_is_outdated(weak));
}

static int64_t cost_us(const char *stored, const char *password)
{
    struct timespec from, until;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    assert_false(password_verify(stored, password));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &until);
    return (until.tv_sec - from.tv_sec) * INT64_C(1000000) + (until.tv_nsec - from.tv_nsec) / 1000;
}

/* The least of three, in processor time, is steady enough to compare by a factor of two. */
static int64_t least_cost_us(const char *stored, const char *password)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t cost = cost_us(stored, password);
        least = cost < least ? cost : least;
    }
    return least;
}

static void a_missing_user_costs_as_much_as_a_wrong_password(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_SIZE], endless[PASSWORD_MAX + 10];
    memset(endless, 'x', sizeof(endless));
    endless[sizeof(endless) - 1] = '\0';
    assert_int_equal(password_hash("correct horse", NULL, hash), OK);
    assert_false(password_verify(NULL, "x"));
    int64_t wrong = least_cost_us(hash, "wrong horse");
    const struct {
        const char *stored, *password;
    } rows[] = {{NULL, "wrong horse"}, {"", "wrong horse"}, {hash, ""}, {hash, endless}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t cost = least_cost_us(rows[i].stored, rows[i].password);
        if (cost < wrong / 2 || cost > wrong * 2)
            fail_msg("row %zu took %lld us, a wrong password %lld us", i, (long long)cost, (long long)wrong);
    }
}

static void new_passwords_have_bounds(void **state)
{
    (void)state;
    char text[PASSWORD_MAX + 2], hash[PASSWORD_HASH_SIZE] = "kept";
    struct fault fault = {0};
    memset(text, 'a', sizeof(text));
    text[PASSWORD_MAX + 1] = '\0';
    assert_int_equal(password_check_new(text, &fault), ERR_INVALID);
    assert_int_equal(password_hash(text, &fault, hash), ERR_INVALID);
    assert_int_equal(password_hash("", &fault, hash), ERR_INVALID);
    assert_string_equal(hash, "kept");
    text[PASSWORD_MAX] = '\0';
    assert_int_equal(password_check_new(text, &fault), OK);
    assert_int_equal(password_hash(text, &fault, hash), OK);
    assert_true(password_verify(hash, text));
    assert_int_equal(password_check_new("123456789", &fault), ERR_INVALID);
    assert_int_equal(password_check_new("1234567890", &fault), OK);
    assert_int_equal(password_check_new("1234567890\xff", &fault), ERR_INVALID);
}

static void generated_passwords_are_readable_and_never_the_same(void **state)
{
    (void)state;
    char seen[300][PASSWORD_TEXT_SIZE];
    bool used[256] = {false};
    for (int i = 0; i < 300; i++) {
        password_generate(seen[i]);
        assert_int_equal(strlen(seen[i]), 24);
        for (int c = 0; c < 24; c++) {
            if (c % 5 == 4)
                assert_int_equal(seen[i][c], '-');
            else
                used[(unsigned char)seen[i][c]] = true;
        }
        for (int j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
        assert_int_equal(password_check_new(seen[i], NULL), OK);
    }
    int count = 0;
    for (int c = 0; c < 256; c++)
        count += used[c];
    assert_int_equal(count, 31);
    assert_false(used['0'] || used['o'] || used['1'] || used['l'] || used['i']);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_verified_by_its_hash),
        cmocka_unit_test(a_weaker_hash_is_outdated),
        cmocka_unit_test(a_missing_user_costs_as_much_as_a_wrong_password),
        cmocka_unit_test(new_passwords_have_bounds),
        cmocka_unit_test(generated_passwords_are_readable_and_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
