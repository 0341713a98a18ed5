/*
 * The log: one line per event whatever a stranger's text holds; and the stop signal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/instant.h"
#include "daemon/log.h"
#include "daemon/stop.h"

static int log_pipe[2];
static char text[65536];

/* What was logged since the last call. */
static const char *logged(void)
{
    struct pollfd event = {.fd = log_pipe[0], .events = POLLIN};
    ssize_t got = poll(&event, 1, 0) > 0 ? read(log_pipe[0], text, sizeof(text) - 1) : 0;
    text[got > 0 ? got : 0] = '\0';
    return text;
}

/* The line after its time, which must be one. */
static const char *after_time(const char *line)
{
    assert_int_equal(strncmp(line, "ts=", 3), 0);
    size_t len = strcspn(line + 3, " ");
    int64_t utc_ms;
    assert_true(instant_parse(line + 3, len, &utc_ms));
    return line + 3 + len + 1;
}

static void an_event_is_one_logfmt_line(void **state)
{
    (void)state;
    struct fault fault = {.code = ERR_INVALID, .pointer = "/energy_wh", .text = "not a whole number"};
    log_info("journal opened", LOG_UINT("segments", 3), LOG_INT("lag_ms", -5), LOG_BOOL("clean", true), LOG_TEXT("path", "/var/lib/qw"),
             LOG_TEXT("note", "two words"), LOG_TEXT("empty", ""), LOG_TEXT("none", NULL), LOG_FAULT(&fault));
    assert_string_equal(after_time(logged()), "level=info msg=\"journal opened\" segments=3 lag_ms=-5 clean=true path=/var/lib/qw "
                                              "note=\"two words\" empty=\"\" none=\"\" error=invalid fault=\"not a whole number\" "
                                              "pointer=/energy_wh\n");
    log_error("no fields");
    assert_string_equal(after_time(logged()), "level=error msg=\"no fields\"\n");
}

static void a_strangers_text_stays_in_its_place(void **state)
{
    (void)state;
    log_warn("he said \"no\"\n", LOG_TEXT("meter", "x\nlevel=error msg=\"forged\""), LOG_TEXT("raw", "\x01\x7f\xff"), LOG_TEXT("name", "caf\xc3\xa9"),
             LOG_TEXT("pair", "a=b"), LOG_TEXT("slash", "a\\b"));
    assert_string_equal(after_time(logged()), "level=warn msg=\"he said \\\"no\\\"\\n\" meter=\"x\\nlevel=error msg=\\\"forged\\\"\" "
                                              "raw=\"\\x01\\x7f\\xff\" name=caf\xc3\xa9 pair=\"a=b\" slash=\"a\\\\b\"\n");
}

static void a_long_line_is_cut_at_a_field(void **state)
{
    (void)state;
    char huge[5000];
    memset(huge, 'x', sizeof(huge));
    huge[sizeof(huge) - 1] = '\0';
    log_info("cut", LOG_INT("first", 1), LOG_TEXT("huge", huge), LOG_INT("last", 2));
    assert_string_equal(after_time(logged()), "level=info msg=\"cut\" first=1 cut=true\n");
    log_info(huge, LOG_INT("first", 1));
    const char *line = logged();
    assert_true(strlen(line) <= LOG_LINE_MAX);
    assert_non_null(strstr(line, " cut=true\n"));
    for (size_t len = 1900; len < 2060; len++) { /* every way to reach the end */
        huge[len] = '\0';
        log_info("edge", LOG_TEXT("huge", huge), LOG_INT("after", 1));
        huge[len] = 'x';
        line = logged();
        assert_true(strlen(line) <= LOG_LINE_MAX);
        assert_int_equal(line[strlen(line) - 1], '\n');
    }
}

static void levels_hold_back_what_matters_less(void **state)
{
    (void)state;
    enum log_level level;
    log_debug("quiet");
    assert_string_equal(logged(), "");
    assert_true(log_level_parse("debug", &level));
    log_level_set(level);
    log_debug("heard");
    assert_non_null(strstr(logged(), "level=debug msg=\"heard\"\n"));
    assert_true(log_level_parse("error", &level));
    log_level_set(level);
    log_warn("quiet");
    assert_string_equal(logged(), "");
    assert_false(log_level_parse("loud", &level));
    log_level_set(LEVEL_INFO);
}

static void a_gate_opens_once_in_its_time(void **state)
{
    (void)state;
    static struct log_gate gate;
    uint64_t hidden = 99;
    assert_true(log_every(&gate, 1000, 500, &hidden));
    assert_int_equal(hidden, 0);
    for (int i = 0; i < 499; i++)
        assert_false(log_every(&gate, 1001 + i, 500, &hidden));
    assert_true(log_every(&gate, 1500, 500, &hidden));
    assert_int_equal(hidden, 499);
    assert_true(log_every(&gate, 9000, 500, &hidden));
    assert_int_equal(hidden, 0);
}

static void *log_many(void *arg)
{
    for (int i = 0; i < 200; i++)
        log_info("from a thread", LOG_INT("who", *(int *)arg), LOG_TEXT("text", "some words to make it longer"));
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    log_to(fileno(file));
    pthread_t threads[4];
    int who[4] = {0, 1, 2, 3};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_many, &who[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    log_to(log_pipe[1]);
    rewind(file);
    char line[LOG_LINE_MAX];
    int count = 0;
    for (; fgets(line, sizeof(line), file) != NULL; count++) {
        int from;
        assert_int_equal(sscanf(after_time(line), "level=info msg=\"from a thread\" who=%d text=\"some words to make it longer\"", &from), 1);
    }
    assert_int_equal(count, 800);
    fclose(file);
}

/* In a child, since a stop cannot be taken back. */
static int exit_code_of(int (*body)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(body());
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int stop_by_signal(void)
{
    int ends[2];
    if (stop_install(NULL) != OK || stop_requested() || stop_wait(20))
        return 1;
    struct pollfd event = {.fd = stop_fd(), .events = POLLIN};
    if (poll(&event, 1, 0) != 0)
        return 2;
    raise(SIGTERM);
    if (!stop_requested() || poll(&event, 1, 0) != 1 || !stop_wait(60000) || poll(&event, 1, 0) != 1)
        return 3;
    /* A broken pipe is an error of write, not the end of the process. */
    if (pipe(ends) != 0 || close(ends[0]) != 0 || write(ends[1], "x", 1) != -1)
        return 4;
    return 42;
}

static int stop_twice(void)
{
    stop_install(NULL);
    raise(SIGINT);
    raise(SIGINT);
    return 1;
}

static void *request_soon(void *arg)
{
    (void)arg;
    usleep(50000);
    stop_request();
    return NULL;
}

static int stop_from_a_thread(void)
{
    pthread_t thread;
    stop_install(NULL);
    pthread_create(&thread, NULL, request_soon, NULL);
    bool stopped = stop_wait(10000);
    pthread_join(thread, NULL);
    return stopped ? 42 : 1;
}

static void a_signal_stops_and_a_second_one_ends(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(stop_by_signal), 42);
    assert_int_equal(exit_code_of(stop_from_a_thread), 42);
    assert_int_equal(exit_code_of(stop_twice), 130);
}

static int open_pipe(void **state)
{
    (void)state;
    if (pipe(log_pipe) != 0)
        return -1;
    log_to(log_pipe[1]);
    return 0;
}

static int close_pipe(void **state)
{
    (void)state;
    log_to(STDERR_FILENO);
    close(log_pipe[0]);
    close(log_pipe[1]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_logfmt_line),          cmocka_unit_test(a_strangers_text_stays_in_its_place),
        cmocka_unit_test(a_long_line_is_cut_at_a_field),        cmocka_unit_test(levels_hold_back_what_matters_less),
        cmocka_unit_test(a_gate_opens_once_in_its_time),        cmocka_unit_test(lines_of_threads_do_not_mix),
        cmocka_unit_test(a_signal_stops_and_a_second_one_ends),
    };
    return cmocka_run_group_tests(tests, open_pipe, close_pipe);
}
