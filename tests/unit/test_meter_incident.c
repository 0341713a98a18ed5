/*
 * What befell a meter of a fleet: what it shows then, when it is silent, what it announces, and that a
 * wrong file is told by its line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "meter/incident.h"

/* A meter counts 1 Wh a second from instant 0. */
static enum err take(const char *meter, const struct incident *row, struct fault *fault, void *arg)
{
    struct incident incident = *row;
    if (strcmp(meter, "casa-001") != 0)
        return fault_set(fault, ERR_INVALID, "there is no meter %s", meter);
    incident.true_from_wh = incident.from_utc_ms / MS_PER_S;
    incident.true_until_wh = incident.until_utc_ms / MS_PER_S;
    return incidents_add(arg, &incident, fault);
}

static enum err read_text(const char *rows, struct incidents *out, struct fault *fault)
{
    char path[] = "/tmp/incidents-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fprintf(file, "meter,kind,from,until,value_wh\n%s", rows);
    fclose(file);
    *out = (struct incidents){0};
    enum err err = incidents_read(path, take, out, fault);
    unlink(path);
    return err;
}

static int64_t shown(const struct incidents *in, int64_t s)
{
    return incidents_register(in, s * MS_PER_S, s);
}

static void test_what_is_shown(void **state)
{
    (void)state;
    struct incidents in;
    struct fault fault;
    assert_int_equal(read_text("casa-001,transient,1970-01-01T00:01:40Z,1970-01-01T00:01:50Z,0\n" /* 100 … 110 s */
                               "casa-001,frozen,1970-01-01T00:03:20Z,1970-01-01T00:05:00Z,\n"     /* 200 … 300 s */
                               "casa-001,outage,1970-01-01T00:06:40Z,1970-01-01T00:07:30Z,\n"     /* 400 … 450 s */
                               "casa-001,exchange,1970-01-01T00:08:20Z,,7\n"                      /* 500 s */
                               "casa-001,silence,1970-01-01T00:10:00Z,1970-01-01T00:11:40Z,\n"    /* 600 … 700 s */
                               "casa-001,reset,1970-01-01T00:13:20Z,,\n"                          /* 800 s */
                               "casa-001,transient,1970-01-01T00:15:00Z,1970-01-01T00:15:01Z,65535" /* 900 s */,
                               &in, &fault),
                     OK);
    static const struct {
        int64_t s, wh;
    } table[] = {{0, 0},     {99, 99},   {100, 0},   {109, 0}, {110, 110}, {199, 199}, {200, 200}, {299, 200}, {300, 300},   {400, 400},
                 {449, 400}, {450, 400}, {499, 449}, {500, 7}, {600, 107}, {799, 306}, {800, 0},   {899, 99},  {900, 65535}, {901, 101}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(shown(&in, table[i].s), table[i].wh);
    for (int64_t s = 0; s < 1000; s++)
        assert_int_equal(incidents_are_silent(&in, s * MS_PER_S), (s >= 400 && s < 450) || (s >= 600 && s < 700));
    for (int64_t first = 0; first < 800; first += 37) { /* counted one by one and at once */
        int64_t silent = 0;
        for (int64_t n = 0; n < 100; n++) {
            assert_int_equal(incidents_silent_steps(&in, first * MS_PER_S, 7 * MS_PER_S, n), silent);
            silent += incidents_are_silent(&in, (first + 7 * n) * MS_PER_S);
        }
    }
    incidents_finish(&in);
}

static void test_what_is_announced(void **state)
{
    (void)state;
    struct incidents in;
    struct fault fault;
    struct buf event;
    buf_init(&event, 512);
    assert_int_equal(read_text("casa-001,outage,1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,\n"
                               "casa-001,exchange,1970-01-01T00:00:30Z,,7\n"
                               "casa-001,reset,1970-01-01T00:00:40Z,,5\n"
                               "casa-001,exchange,1970-01-01T00:00:50Z,,0\n",
                               &in, &fault),
                     OK);
    incidents_tell_from(&in, 0);
    assert_false(incidents_event(&in, 9, 9 * MS_PER_S, &event));
    assert_true(incidents_event(&in, 9, 25 * MS_PER_S, &event));
    assert_string_equal(event.data, "{\"event\":\"power_fail\",\"ts\":\"1970-01-01T00:00:10Z\"}");
    assert_true(incidents_event(&in, 9, 25 * MS_PER_S, &event));
    assert_string_equal(event.data, "{\"event\":\"power_restored\",\"ts\":\"1970-01-01T00:00:20Z\"}");
    assert_false(incidents_event(&in, 9, 25 * MS_PER_S, &event));
    assert_true(incidents_event(&in, 9, 60 * MS_PER_S, &event));
    assert_string_equal(event.data, "{\"event\":\"exchange\",\"ts\":\"1970-01-01T00:00:30Z\",\"old\":{\"serial\":\"SIM0000000009\",\"final_wh\":20},"
                                    "\"new\":{\"serial\":\"SIM0000000009-2\",\"start_wh\":7}}");
    assert_true(incidents_event(&in, 9, 60 * MS_PER_S, &event));
    assert_string_equal(event.data,
                        "{\"event\":\"exchange\",\"ts\":\"1970-01-01T00:00:50Z\",\"old\":{\"serial\":\"SIM0000000009-2\",\"final_wh\":15},"
                        "\"new\":{\"serial\":\"SIM0000000009-3\",\"start_wh\":0}}");
    assert_false(incidents_event(&in, 9, 60 * MS_PER_S, &event));
    incidents_tell_from(&in, 45 * MS_PER_S); /* begun anew: only what comes behind */
    assert_true(incidents_event(&in, 9, 60 * MS_PER_S, &event));
    assert_non_null(strstr(event.data, "SIM0000000009-3"));
    assert_false(incidents_event(&in, 9, 60 * MS_PER_S, &event));
    buf_finish(&event);
    incidents_finish(&in);
}

static void test_wrong_files(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *told;
    } table[] = {
        {"casa-001,gone,1970-01-01T00:00:10Z,,\n", "line 2: kind is"},
        {"casa-001,frozen,yesterday,,\n", "line 2: from is no time"},
        {"casa-001,frozen,1970-01-01T00:00:10Z,1970-01-01T00:00:10Z,\n", "line 2: until is no time behind from"},
        {"casa-001,exchange,1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,5\n", "until stays empty"},
        {"casa-001,silence,1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,5\n", "has no value_wh"},
        {"casa-001,reset,1970-01-01T00:00:10Z,,-1\n", "value_wh is a whole number"},
        {"casa-001,reset,1970-01-01T00:00:10Z,,5\ncasa-002,reset,1970-01-01T00:00:10Z,,5\n", "line 3: there is no meter casa-002"},
        {"casa-001,frozen,1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,\ncasa-001,reset,1970-01-01T00:00:15Z,,\n", "do not overlap"},
        {"casa-001,reset\n", "line 2: the field from is missing"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct incidents in;
        struct fault fault = {0};
        assert_int_equal(read_text(table[i].rows, &in, &fault), ERR_INVALID);
        if (strstr(fault.text, table[i].told) == NULL)
            fail_msg("'%s' is not within '%s'", table[i].told, fault.text);
        incidents_finish(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_shown),
        cmocka_unit_test(test_what_is_announced),
        cmocka_unit_test(test_wrong_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
