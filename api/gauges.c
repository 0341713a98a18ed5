#include "api/gauges.h"

#include "api/door.h"

struct gauges gauges;

struct histogram gauges_latency_us = {
    .bounds = {500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000, 5000000},
    .bound_count = 12,
};

static struct metric_value answers[5];

static const char *status_class(size_t index)
{
    static const char *const names[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
    return names[index];
}

static int64_t connections(void)
{
    return door_inside();
}

static struct metric_value turned_away;

static const struct metric table[] = {
    METRIC_COUNTERS("qw_api_answers_total", "Answers by class of status", "status", status_class, answers, 5),
    METRIC_HISTOGRAM("qw_api_answer_us", "Microseconds from a request's head to its answer's last byte, streams left out", &gauges_latency_us),
    METRIC_GAUGE_READ("qw_api_connections", "Open connections", connections),
    METRIC_COUNTER("qw_api_connections_refused_total", "Connections beyond the limit of their address", &turned_away),
    METRIC_GAUGE("qw_api_live_clients", "Open live streams", &gauges.live_clients),
    METRIC_COUNTER("qw_api_live_events_total", "Events handed to live streams", &gauges.live_sent),
    METRIC_COUNTER("qw_api_live_resets_total", "Times a live stream was told to fetch anew", &gauges.live_resets),
    METRIC_COUNTER("qw_api_live_refused_total", "Live streams refused for want of room", &gauges.live_refused),
    METRIC_GAUGE("qw_api_live_tail_seq", "Sequence number of the newest event seen in the ledger's tail", &gauges.live_tail_seq),
    METRIC_COUNTER("qw_api_live_poll_failures_total", "Times the ledger's tail could not be read", &gauges.live_poll_failures),
    METRIC_COUNTER("qw_api_logins_total", "Passwords that were right", &gauges.logins_good),
    METRIC_COUNTER("qw_api_logins_failed_total", "Passwords that were wrong", &gauges.logins_bad),
    METRIC_COUNTER("qw_api_logins_slowed_total", "Attempts that were not looked at after failures", &gauges.logins_slowed),
};

void gauges_count(int status)
{
    if (status >= 100 && status < 600)
        metric_add(&answers[status / 100 - 1], 1);
}

void gauges_render(struct buf *out)
{
    metric_set(&turned_away, (int64_t)door_refused());
    metrics_render(table, sizeof table / sizeof table[0], out);
}
