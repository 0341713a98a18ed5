/*
 * Metrics as text, and the little server that tells them: to good clients, and past bad ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "daemon/metrics.h"
#include "daemon/metrics_http.h"

static struct metric_value commits, depth, readings[3];
static struct histogram commit_ms = {.bounds = {1, 10, 100}, .bound_count = 3};

static const char *verdict_label(size_t i)
{
    static const char *const names[] = {"accepted", NULL, "quo\"te"};
    return names[i];
}

static int64_t read_queue(void)
{
    return -7;
}

static const struct metric metrics[] = {
    METRIC_COUNTER("qw_commits_total", "Transactions committed\nin all", &commits),
    METRIC_GAUGE("qw_depth", "Depth", &depth),
    METRIC_GAUGE_READ("qw_queue", "Queue", read_queue),
    METRIC_COUNTERS("qw_readings_total", "Readings by verdict", "verdict", verdict_label, readings, 3),
    METRIC_HISTOGRAM("qw_commit_ms", "Time of a commit", &commit_ms),
};

static void *count_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 100000; i++) {
        metric_add(&commits, 1);
        metric_raise(&depth, i);
        histogram_observe(&commit_ms, i % 200);
    }
    return NULL;
}

static void metrics_are_prometheus_text(void **state)
{
    (void)state;
    static const char want[] = "# HELP qw_commits_total Transactions committed\\nin all\n# TYPE qw_commits_total counter\nqw_commits_total 400000\n"
                               "# HELP qw_depth Depth\n# TYPE qw_depth gauge\nqw_depth 99999\n"
                               "# HELP qw_queue Queue\n# TYPE qw_queue gauge\nqw_queue -7\n"
                               "# HELP qw_readings_total Readings by verdict\n# TYPE qw_readings_total counter\n"
                               "qw_readings_total{verdict=\"accepted\"} 5\nqw_readings_total{verdict=\"quo\\\"te\"} 0\n"
                               "# HELP qw_commit_ms Time of a commit\n# TYPE qw_commit_ms histogram\n"
                               "qw_commit_ms_bucket{le=\"1\"} 4000\nqw_commit_ms_bucket{le=\"10\"} 22000\nqw_commit_ms_bucket{le=\"100\"} 202000\n"
                               "qw_commit_ms_bucket{le=\"+Inf\"} 400000\nqw_commit_ms_sum 39800000\nqw_commit_ms_count 400000\n"
                               "# HELP process_resident_memory_bytes ";
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    metric_add(&readings[0], 5);
    struct buf out;
    buf_init(&out, 65536);
    metrics_render(metrics, sizeof(metrics) / sizeof(metrics[0]), &out);
    assert_int_equal(strncmp(out.data, want, sizeof(want) - 1), 0);
    long long resident = 0, files = 0;
    assert_int_equal(sscanf(strstr(out.data, "\nprocess_resident_memory_bytes "), " process_resident_memory_bytes %lld", &resident), 1);
    assert_int_equal(sscanf(strstr(out.data, "\nprocess_open_fds "), " process_open_fds %lld", &files), 1);
    assert_true(resident > 100000 && files >= 3);
    assert_non_null(strstr(out.data, "\nprocess_cpu_seconds_total "));
    buf_finish(&out);
}

static void metrics_page(void *arg, struct buf *out)
{
    metrics_render(metrics, sizeof(metrics) / sizeof(metrics[0]), out);
    for (int i = 0; i < *(int *)arg; i++)
        buf_str(out, "# ................................................................\n");
}

static bool well = true;

static bool health_page(void *arg, struct buf *out)
{
    (void)arg;
    buf_str(out, "{\"state\":\"x\"}");
    return well;
}

static int extra_lines;
static const struct metrics_http_pages pages = {metrics_page, health_page, &extra_lines};

static int connect_to(const struct metrics_http *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(metrics_http_port(server))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* All that comes until the end of the connection or for so long; false when it did not end. */
static bool read_all(int fd, struct buf *out, int patience_ms)
{
    char chunk[4096];
    for (;;) {
        struct pollfd event = {.fd = fd, .events = POLLIN};
        if (poll(&event, 1, patience_ms) != 1)
            return false;
        ssize_t got = recv(fd, chunk, sizeof(chunk), 0);
        if (got <= 0)
            return true;
        buf_append(out, chunk, (size_t)got);
    }
}

static void ask(const struct metrics_http *server, const char *request, struct buf *out)
{
    int fd = connect_to(server);
    buf_reset(out);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    assert_true(read_all(fd, out, 5000));
    close(fd);
}

static struct metrics_http *serve(void)
{
    struct metrics_http *server = NULL;
    struct fault fault = {0};
    if (metrics_http_create(0, &pages, &fault, &server) != OK)
        fail_msg("%s", fault.text);
    return server;
}

static void two_pages_are_served_and_nothing_else(void **state)
{
    (void)state;
    struct metrics_http *server = serve();
    struct buf out;
    buf_init(&out, 2000000);
    ask(server, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4", 55), 0);
    const char *body = strstr(out.data, "\r\n\r\n") + 4;
    size_t length = strtoul(strstr(out.data, "Content-Length: ") + 16, NULL, 10);
    assert_int_equal(strlen(body), length);
    assert_non_null(strstr(body, "\nqw_depth "));
    ask(server, "GET /health?x HTTP/1.0\n\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 200 ", 13), 0);
    assert_non_null(strstr(out.data, "{\"state\":\"x\"}"));
    well = false;
    ask(server, "GET /health HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 503 ", 13), 0);
    well = true;
    ask(server, "GET /metricsx HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 404 ", 13), 0);
    ask(server, "GET / HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 404 ", 13), 0);
    ask(server, "POST /metrics HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 405 ", 13), 0);
    extra_lines = 10000; /* 650 kB: more than one send */
    ask(server, "GET /metrics HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 200 ", 13), 0);
    assert_true(out.len > 650000);
    extra_lines = 20000; /* beyond the maximum */
    ask(server, "GET /metrics HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 500 ", 13), 0);
    extra_lines = 0;
    buf_finish(&out);
    metrics_http_destroy(server);
}

static void a_taken_port_is_said(void **state)
{
    (void)state;
    struct metrics_http *server = serve(), *second = NULL;
    struct fault fault = {0};
    assert_int_equal(metrics_http_create(metrics_http_port(server), &pages, &fault, &second), ERR_CONFLICT);
    assert_non_null(strstr(fault.text, "127.0.0.1"));
    assert_null(second);
    metrics_http_destroy(server);
    metrics_http_destroy(NULL);
}

/* Every place is taken by a client that says nothing; another comes, and is answered when they are dropped. */
static void silent_clients_hold_up_nobody_for_long(void **state)
{
    (void)state;
    struct metrics_http *server = serve();
    int silent[METRICS_HTTP_CLIENTS_MAX + 4];
    struct buf out;
    buf_init(&out, 65536);
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
        silent[i] = connect_to(server);
        send(silent[i], "GET /met", 8, MSG_NOSIGNAL);
    }
    int64_t begin = clock_monotonic(&clock_system);
    ask(server, "GET /health HTTP/1.0\r\n\r\n", &out);
    assert_int_equal(strncmp(out.data, "HTTP/1.0 200 ", 13), 0);
    assert_true(clock_monotonic(&clock_system) - begin < 3 * METRICS_HTTP_CLIENT_MS);
    buf_reset(&out);
    assert_true(read_all(silent[0], &out, 5000));
    assert_int_equal(out.len, 0);
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
        close(silent[i]);
    buf_finish(&out);
    metrics_http_destroy(server);
}

static void a_dripping_client_is_dropped_in_its_time(void **state)
{
    (void)state;
    struct metrics_http *server = serve();
    int fd = connect_to(server);
    int64_t begin = clock_monotonic(&clock_system);
    while (send(fd, "G", 1, MSG_NOSIGNAL) == 1 && clock_monotonic(&clock_system) - begin < 20000)
        usleep(20000);
    assert_in_range(clock_monotonic(&clock_system) - begin, METRICS_HTTP_CLIENT_MS - 100, 3 * METRICS_HTTP_CLIENT_MS);
    close(fd);
    metrics_http_destroy(server);
}

static void an_endless_request_is_dropped_at_once(void **state)
{
    (void)state;
    struct metrics_http *server = serve();
    struct buf out;
    char request[METRICS_HTTP_REQUEST_MAX * 2];
    memset(request, 'x', sizeof(request));
    buf_init(&out, 65536);
    int fd = connect_to(server);
    int64_t begin = clock_monotonic(&clock_system);
    send(fd, request, sizeof(request), MSG_NOSIGNAL);
    assert_true(read_all(fd, &out, 5000));
    assert_int_equal(out.len, 0);
    assert_true(clock_monotonic(&clock_system) - begin < METRICS_HTTP_CLIENT_MS - 500);
    close(fd);
    buf_finish(&out);
    metrics_http_destroy(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_are_prometheus_text),
        cmocka_unit_test(two_pages_are_served_and_nothing_else),
        cmocka_unit_test(a_taken_port_is_said),
        cmocka_unit_test(silent_clients_hold_up_nobody_for_long),
        cmocka_unit_test(a_dripping_client_is_dropped_in_its_time),
        cmocka_unit_test(an_endless_request_is_dropped_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
