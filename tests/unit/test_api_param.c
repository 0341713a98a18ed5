/* What comes in a request: encodings, parameters, cookies, paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "api/caller.h"
#include "api/percent.h"
#include "api/query.h"
#include "api/routes.h"
#include "api/site.h"
#include "base/buf.h"
#include "daemon/files.h"

static void test_percent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plus;
        const char *wanted; /* NULL: refused */
    } cases[] = {
        {"", false, ""},         {"a%20b", false, "a b"}, {"a+b", false, "a+b"},
        {"a+b", true, "a b"},    {"%C3%A9", false, "é"},  {"%2e%2E%2f", false, "../"},
        {"%", false, NULL},      {"%4", false, NULL},     {"%4g", false, NULL},
        {"%00", false, NULL},    {"a%0d", false, NULL},   {"%ff", false, NULL},
        {"%c0%af", false, NULL}, {"%7f", false, NULL},    {"0123456789012345", false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[16];
        bool taken = percent_decode(cases[i].text, strlen(cases[i].text), cases[i].plus, out, sizeof out);
        assert_int_equal(taken, cases[i].wanted != NULL);
        if (taken)
            assert_string_equal(out, cases[i].wanted);
    }
    char out[16];
    assert_true(percent_decode("ab%4", 2, false, out, sizeof out)); /* what lies beyond len is not looked at */
    assert_false(percent_decode("%41", 2, false, out, sizeof out));
}

static void test_params(void **state)
{
    (void)state;
    struct query query;
    struct fault fault = {0};
    const char *name;
    int64_t number = -1;
    assert_int_equal(param_parse("", "from to", &fault, &query), OK);
    assert_null(param_get(&query, "from"));
    assert_int_equal(param_parse("to=b%26c&from=a+b&", "from to limit", &fault, &query), OK);
    assert_string_equal(param_get(&query, "from"), "a b");
    assert_string_equal(param_get(&query, "to"), "b&c");
    assert_int_equal(param_parse("limit=7&from", "from to limit", &fault, &query), OK);
    assert_string_equal(param_get(&query, "from"), "");
    assert_int_equal(param_int(&query, "limit", 1, 10, 5, &fault, &number), OK);
    assert_int_equal(number, 7);
    assert_int_equal(param_int(&query, "other", 1, 10, 5, &fault, &number), OK);
    assert_int_equal(number, 5);
    assert_int_equal(param_int(&query, "limit", 8, 10, 5, &fault, &number), ERR_INVALID);
    assert_string_equal(fault.pointer, "?limit");
    assert_int_equal(param_name(&query, "limit", &fault, &name), OK);
    assert_string_equal(name, "7");

    static const struct {
        const char *raw;
        const char *pointer;
    } refused[] = {
        {"fro=1", "?fro"},     {"fromm=1", "?fromm"}, {"from=1&from=1", "?from"}, {"=1", "?"},
        {"from=%zz", "?from"}, {"%66rom%00=1", "?"},  {"to from=1", "?to from"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_int_equal(param_parse(refused[i].raw, "from to", &fault, &query), ERR_INVALID);
        assert_string_equal(fault.pointer, refused[i].pointer);
    }
    char large[600];
    memset(large, 'x', sizeof large);
    memcpy(large, "from=", 5);
    large[sizeof large - 1] = '\0';
    assert_int_equal(param_parse(large, "from", &fault, &query), ERR_INVALID);
    assert_int_equal(param_parse("from=1", "", &fault, &query), ERR_INVALID);
}

static struct zone *load_zone(const char *path)
{
    struct buf bytes;
    struct zone *zone = NULL;
    struct fault fault;
    buf_init(&bytes, 1 << 20);
    assert_int_equal(file_read(path, &fault, &bytes), OK);
    assert_int_equal(zone_create("America/Sao_Paulo", bytes.data, bytes.len, &fault, &zone), OK);
    buf_finish(&bytes);
    return zone;
}

static void test_instants(void **state)
{
    (void)state;
    struct zone *zone = load_zone("/usr/share/zoneinfo/America/Sao_Paulo");
    static const struct {
        const char *raw;
        int64_t wanted; /* -1: refused */
    } cases[] = {
        {"from=2026-11-22", INT64_C(1795316400000)},
        {"from=2026-11-22T03:00:00Z", INT64_C(1795316400000)},
        {"from=2026-11-22T00:00:00-03:00", INT64_C(1795316400000)},
        {"from=2026-11-22T05:00:00%2B02:00", INT64_C(1795316400000)},
        {"from=2026-11-22T05:00:00+02:00", INT64_C(1795316400000)}, /* a plus that nobody encoded */
        {"from=2018-11-04", INT64_C(1541300400000)},                /* its midnight did not exist: 01:00 -02:00 */
        {"from=2026-11-22T03:00:00", -1},
        {"from=2026-02-30", -1},
        {"from=", -1},
        {"from=now", -1},
        {"from=2026-11-22Z", -1},
        {"from=1795316400000", -1},
        {"from=2300-01-01", -1},
        {"from=1950-01-01", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct query query;
        struct fault fault = {0};
        int64_t got = 42;
        assert_int_equal(param_parse(cases[i].raw, "from", &fault, &query), OK);
        enum err err = param_instant(&query, "from", zone, &fault, &got);
        assert_int_equal(err, cases[i].wanted < 0 ? ERR_INVALID : OK);
        assert_int_equal(got, cases[i].wanted < 0 ? 42 : cases[i].wanted);
    }
    zone_destroy(zone);
}

static void test_cookies(void **state)
{
    (void)state;
    char out[8];
    assert_true(cookie_find("sid=abc", "sid", out, sizeof out));
    assert_string_equal(out, "abc");
    assert_true(cookie_find("a=1; xsid=no;sid=abc ; b=2", "sid", out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(cookie_find("xsid=abc", "sid", out, sizeof out));
    assert_false(cookie_find("sidx=abc", "sid", out, sizeof out));
    assert_false(cookie_find("sid=", "sid", out, sizeof out));
    assert_false(cookie_find("sid=12345678", "sid", out, sizeof out));
    assert_false(cookie_find("sid", "sid", out, sizeof out));
    assert_false(cookie_find("", "sid", out, sizeof out));
    assert_false(cookie_find(";;;", "sid", out, sizeof out));
}

static void test_routes(void **state)
{
    (void)state;
    char arg[EXCHANGE_ARG_SIZE] = "";
    assert_true(route_matches("/a/b", "/a/b", arg));
    assert_false(route_matches("/a/b", "/a/b/", arg));
    assert_true(route_matches("/m/{id}", "/m/casa-42", arg));
    assert_string_equal(arg, "casa-42");
    assert_true(route_matches("/m/{id}/live", "/m/x/live", arg));
    assert_string_equal(arg, "x");
    assert_false(route_matches("/m/{id}/live", "/m/x", arg));
    assert_false(route_matches("/m/{id}", "/m/", arg));
    assert_false(route_matches("/m/{id}", "/m/x/y", arg));
    assert_false(route_matches("/m/{id}/live", "/m//live", arg));
    char path[300];
    memset(path, 'x', sizeof path);
    memcpy(path, "/m/", 3);
    path[sizeof path - 1] = '\0';
    assert_false(route_matches("/m/{id}", path, arg));
    for (size_t i = 0; i < route_count; i++) { /* every pattern can be filled, and is then the first to answer */
        size_t first = 0;
        char filled[128];
        const char *brace = strchr(route_table[i].path, '{');
        snprintf(filled, sizeof filled, "%.*s%s%s", brace ? (int)(brace - route_table[i].path) : 100, route_table[i].path, brace ? "x1" : "",
                 brace ? strchr(brace, '}') + 1 : "");
        while (strcmp(route_table[first].method, route_table[i].method) != 0 || !route_matches(route_table[first].path, filled, arg))
            first++;
        assert_int_equal(first, i);
    }
}

static void test_site_paths(void **state)
{
    (void)state;
    static const char *const safe[] = {"/", "/index.html", "/assets/app-1a2b.js", "/meters/casa-42", "/a_b+c@d/e.f"};
    static const char *const unsafe[] = {"",    "index.html", "/..",   "/../x", "/a/../b", "/a/./b", "//x", "/a//b",
                                         "/.x", "/a/.x",      "/a\\b", "/a b",  "/a%2e",   "/é",     "/a:b"};
    for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++)
        assert_true(site_path_is_safe(safe[i]));
    for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++)
        assert_false(site_path_is_safe(unsafe[i]));
    assert_true(site_path_is_file("/a/b.js"));
    assert_false(site_path_is_file("/v1.2/b"));
    assert_string_equal(site_content_type("/a.woff2"), "font/woff2");
    assert_string_equal(site_content_type("/a"), "application/octet-stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percent), cmocka_unit_test(test_params), cmocka_unit_test(test_instants),
        cmocka_unit_test(test_cookies), cmocka_unit_test(test_routes), cmocka_unit_test(test_site_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
