/*
 * Text, buffers, maps, checksums and faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/text.h"

/* RFC 3720, B.4, and the usual "123456789". */
static void crc32c_has_the_values_of_rfc_3720(void **state)
{
    (void)state;
    unsigned char zeros[32] = {0}, ones[32], up[32], down[32];
    memset(ones, 0xff, sizeof(ones));
    for (int i = 0; i < 32; i++) {
        up[i] = (unsigned char)i;
        down[i] = (unsigned char)(31 - i);
    }
    static const unsigned char read_command[48] = {0x01, 0xc0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
                                                   0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0};
    uint32_t (*const ways[])(uint32_t, const void *, size_t) = {crc32c, crc32c_portable};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ways[i](0, zeros, 32), 0x8a9136aa);
        assert_int_equal(ways[i](0, ones, 32), 0x62a8ab43);
        assert_int_equal(ways[i](0, up, 32), 0x46dd794e);
        assert_int_equal(ways[i](0, down, 32), 0x113fdb5c);
        assert_int_equal(ways[i](0, read_command, 48), 0xd9963a56);
        assert_int_equal(ways[i](0, "123456789", 9), 0xe3069283);
        assert_int_equal(ways[i](0, "", 0), 0);
    }
}

static void crc32c_chains_at_every_cut_and_alignment(void **state)
{
    (void)state;
    unsigned char bytes[300];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(i * 7 + i / 3);
    for (size_t from = 0; from < 9; from++)
        for (size_t cut = 0; from + cut <= 200; cut++) {
            uint32_t whole = crc32c_portable(0, bytes + from, 200);
            assert_int_equal(crc32c(0, bytes + from, 200), whole);
            assert_int_equal(crc32c(crc32c(0, bytes + from, cut), bytes + from + cut, 200 - cut), whole);
        }
}

/* Values of the FNV page (isthe.com/chongo/tech/comp/fnv). */
static void fnv_has_its_published_values(void **state)
{
    (void)state;
    assert_true(hash_fnv1a("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_fnv1a("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_fnv1a("foobar", 6) == UINT64_C(0x85944171f73967e8));
    char text[FINGERPRINT_SIZE];
    fingerprint("", 0, text);
    assert_string_equal(text, "6c62272e07bb014262b821756295c58d");
    fingerprint("a", 1, text);
    assert_string_equal(text, "d228cb696f1a8caf78912b704e4a8964");
    fingerprint("foobar", 6, text);
    assert_string_equal(text, "343e1662793c64bf6f0d3597ba446f18");
}

static void a_buffer_keeps_to_its_maximum(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 10);
    assert_string_equal(buf.data, "");
    buf_str(&buf, "12345");
    buf_char(&buf, '6');
    buf_printf(&buf, "%04d", 7890);
    assert_string_equal(buf.data, "1234567890");
    assert_int_equal(buf.len, 10);
    assert_false(buf.overflow);
    buf_append(&buf, "", 0);
    assert_false(buf.overflow);
    buf_char(&buf, 'x');
    assert_true(buf.overflow);
    assert_string_equal(buf.data, "1234567890");
    buf_reset(&buf);
    assert_false(buf.overflow);
    assert_string_equal(buf.data, "");
    buf_printf(&buf, "%s", "12345678901");
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 0);
    buf_finish(&buf);
    assert_string_equal(buf.data, "");
    buf_finish(NULL);
}

static void a_buffer_grows_to_whatever_fits(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000000);
    for (int i = 0; i < 100000; i++)
        buf_append(&buf, "0123456789", 10);
    assert_false(buf.overflow);
    assert_int_equal(buf.len, 1000000);
    assert_int_equal(strlen(buf.data), 1000000);
    assert_int_equal(buf.cap, 1000001);
    buf_reset(&buf);
    buf_printf(&buf, "%0999d", 7); /* longer than its small room */
    assert_int_equal(buf.len, 999);
    assert_int_equal(strlen(buf.data), 999);
    buf_append(&buf, "a\0b", 3);
    assert_memory_equal(buf.data + 999, "a\0b", 4);
    buf_finish(&buf);
    buf_init(&buf, 0);
    buf_char(&buf, 'x');
    assert_true(buf.overflow);
    buf_finish(&buf);
}

static void copies_are_always_ended(void **state)
{
    (void)state;
    char four[4];
    assert_true(text_copy(four, sizeof(four), "abc"));
    assert_string_equal(four, "abc");
    assert_false(text_copy(four, sizeof(four), "abcd"));
    assert_string_equal(four, "abc");
    assert_true(text_copy(four, sizeof(four), NULL));
    assert_string_equal(four, "");
    assert_false(text_copy(four, 0, "a"));
}

static void whole_numbers_are_read_whole(void **state)
{
    (void)state;
    int64_t value = 9;
    assert_true(text_to_int64("-9223372036854775808", &value));
    assert_int_equal(value, INT64_MIN);
    assert_true(text_to_int64("9223372036854775807", &value));
    assert_int_equal(value, INT64_MAX);
    assert_true(text_to_int64("0", &value));
    value = 9;
    const char *bad[] = {
        "", "-", "+1", " 1", "1 ", "1.0", "0x10", "9223372036854775808", "-9223372036854775809", "1e3", "--1", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (text_to_int64(bad[i], &value))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_false(text_to_int64(NULL, &value));
    assert_int_equal(value, 9);
}

static void names_are_what_the_protocol_says(void **state)
{
    (void)state;
    char sixty_five[66];
    memset(sixty_five, 'a', 65);
    sixty_five[65] = '\0';
    assert_true(text_is_name("casa-42", 7));
    assert_true(text_is_name("A.b_C-9", 7));
    assert_true(text_is_name(sixty_five, 64));
    assert_false(text_is_name(sixty_five, 65));
    assert_false(text_is_name("", 0));
    const char *bad[] = {"a/b", "a b", "a+", "#", "$SYS", "caf\xc3\xa9", "a:b", "a\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(text_is_name(bad[i], strlen(bad[i])));
    assert_false(text_is_name("a\0b", 3));
}

struct utf8_row {
    const char *bytes;
    bool good;
};

static void only_wellformed_utf8_is_utf8(void **state)
{
    (void)state;
    static const struct utf8_row rows[] = {
        {"", true},
        {"abc", true},
        {"\xc3\xa9", true},
        {"\xe2\x82\xac", true},
        {"\xf0\x9f\x92\xa1", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\x80", false},
        {"\xc0\x80", false},
        {"\xc1\xbf", false},
        {"\xe0\x9f\xbf", false},
        {"\xed\xa0\x80", false},
        {"\xed\xbf\xbf", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xc3", false},
        {"\xe2\x82", false},
        {"\xf0\x9f\x92", false},
        {"a\xc3(", false},
        {"\xc3\xa9\xa9", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (text_is_utf8(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].good)
            fail_msg("row %zu", i);
}

static void hex_and_prefixes(void **state)
{
    (void)state;
    char hex[9];
    text_hex(hex, "\x00\xff\x1a\xb2", 4);
    assert_string_equal(hex, "00ff1ab2");
    assert_true(text_starts_with("meters/x", "meters/"));
    assert_true(text_starts_with("x", ""));
    assert_false(text_starts_with("mete", "meters/"));
}

static int count_entries(const char *key, void *value, void *arg)
{
    assert_non_null(key);
    assert_non_null(value);
    ++*(int *)arg;
    return 0;
}

static int stop_at_once(const char *key, void *value, void *arg)
{
    (void)key, (void)value, (void)arg;
    return 17;
}

static void a_map_is_bounded_and_replaces(void **state)
{
    (void)state;
    struct map *map = map_create(2);
    int one = 1, two = 2, three = 3;
    assert_null(map_get(map, "a"));
    assert_int_equal(map_put(map, "a", &one), OK);
    assert_int_equal(map_put(map, "b", &two), OK);
    assert_int_equal(map_put(map, "c", &three), ERR_LIMIT);
    assert_int_equal(map_put(map, "a", &three), OK);
    assert_ptr_equal(map_get(map, "a"), &three);
    assert_int_equal(map_count(map), 2);
    int count = 0;
    assert_int_equal(map_each(map, count_entries, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(map_each(map, stop_at_once, NULL), 17);
    assert_ptr_equal(map_remove(map, "b"), &two);
    assert_null(map_remove(map, "b"));
    assert_int_equal(map_put(map, "c", &three), OK);
    map_destroy(map, NULL);
    map_destroy(NULL, free);
}

/* Against an array: 300,000 random puts, gets and removals. */
static void a_map_keeps_what_an_array_keeps(void **state)
{
    (void)state;
    enum { KEYS = 3000 };
    static int values[KEYS];
    static bool there[KEYS];
    struct map *map = map_create(KEYS);
    uint32_t random = 7;
    size_t count = 0;
    for (int round = 0; round < 300000; round++) {
        random = random * 1664525 + 1013904223;
        int k = (int)((random >> 4) % KEYS);
        char key[32];
        snprintf(key, sizeof(key), "meter-%d", k);
        if (random >> 30 < 2) {
            assert_int_equal(map_put(map, key, &values[k]), OK);
            count += !there[k];
            there[k] = true;
        } else if (random >> 30 == 2) {
            assert_ptr_equal(map_remove(map, key), there[k] ? &values[k] : NULL);
            count -= there[k];
            there[k] = false;
        } else {
            assert_ptr_equal(map_get(map, key), there[k] ? &values[k] : NULL);
        }
        assert_int_equal(map_count(map), count);
    }
    for (int k = 0; k < KEYS; k++) {
        char key[32];
        snprintf(key, sizeof(key), "meter-%d", k);
        assert_ptr_equal(map_get(map, key), there[k] ? &values[k] : NULL);
    }
    map_destroy(map, NULL);
}

static void a_map_releases_its_values(void **state)
{
    (void)state;
    struct map *map = map_create(100);
    char key[] = "a";
    for (; key[0] <= 'z'; key[0]++)
        assert_int_equal(map_put(map, key, malloc(8)), OK);
    map_destroy(map, free); /* a leak checker counts */
}

static void faults_carry_code_place_and_words(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_int_equal(fault_at(&fault, ERR_INVALID, "/charges/0/rate", "no rate for %d", 3), ERR_INVALID);
    assert_int_equal(fault.code, ERR_INVALID);
    assert_string_equal(fault.pointer, "/charges/0/rate");
    assert_string_equal(fault.text, "no rate for 3");
    assert_int_equal(fault_set(&fault, ERR_RETRY, "%0400d", 1), ERR_RETRY);
    assert_string_equal(fault.pointer, "");
    assert_int_equal(strlen(fault.text), sizeof(fault.text) - 1);
    assert_int_equal(fault_set(NULL, ERR_LIMIT, "nobody listens"), ERR_LIMIT);
    assert_string_equal(err_name(OK), "ok");
    assert_string_equal(err_name(ERR_UNCERTAIN), "uncertain");
    assert_string_equal(err_name(ERR_NOT_FOUND), "not_found");
    assert_string_equal(err_name((enum err)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32c_has_the_values_of_rfc_3720), cmocka_unit_test(crc32c_chains_at_every_cut_and_alignment),
        cmocka_unit_test(fnv_has_its_published_values),      cmocka_unit_test(a_buffer_keeps_to_its_maximum),
        cmocka_unit_test(a_buffer_grows_to_whatever_fits),   cmocka_unit_test(copies_are_always_ended),
        cmocka_unit_test(whole_numbers_are_read_whole),      cmocka_unit_test(names_are_what_the_protocol_says),
        cmocka_unit_test(only_wellformed_utf8_is_utf8),      cmocka_unit_test(hex_and_prefixes),
        cmocka_unit_test(a_map_is_bounded_and_replaces),     cmocka_unit_test(a_map_keeps_what_an_array_keeps),
        cmocka_unit_test(a_map_releases_its_values),         cmocka_unit_test(faults_carry_code_place_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
