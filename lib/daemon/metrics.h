/*
 * Counters, gauges and histograms of whole numbers, in static memory, changed by any thread without a lock,
 * listed in one table per program and rendered as Prometheus text (exposition format 0.0.4).
 *
 *     static struct metric_value commits, readings[VERDICT_COUNT];
 *     static const struct metric metrics[] = {
 *         METRIC_COUNTER("qw_commits_total", "Transactions committed", &commits),
 *         METRIC_COUNTERS("qw_readings_total", "Readings by verdict", "verdict", verdict_label, readings, VERDICT_COUNT),
 *     };
 *
 * Names carry their unit. A label's values are known at compile time: a stranger cannot make a series.
 */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

struct metric_value {
    _Atomic int64_t n;
};

static inline void metric_add(struct metric_value *value, int64_t n)
{
    atomic_fetch_add_explicit(&value->n, n, memory_order_relaxed);
}

static inline void metric_set(struct metric_value *value, int64_t n)
{
    atomic_store_explicit(&value->n, n, memory_order_relaxed);
}

static inline int64_t metric_get(const struct metric_value *value)
{
    return atomic_load_explicit(&value->n, memory_order_relaxed);
}

/* Gauges that keep a peak. */
void metric_raise(struct metric_value *value, int64_t n);

#define HISTOGRAM_BOUNDS_MAX 16
/* How many observations were at most each bound (ascending); static, with bounds and bound_count given. */
struct histogram {
    int64_t bounds[HISTOGRAM_BOUNDS_MAX];
    size_t bound_count;
    _Atomic int64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /* the last: beyond all bounds */
    _Atomic int64_t sum;
};

void histogram_observe(struct histogram *histogram, int64_t value);

enum metric_kind { METRIC_KIND_COUNTER, METRIC_KIND_GAUGE, METRIC_KIND_HISTOGRAM };

struct metric {
    const char *name;
    const char *help;
    enum metric_kind kind;
    const char *label;                        /* NULL: none */
    const char *(*label_value)(size_t index); /* of values[index]; NULL from it: this one is left out */
    const struct metric_value *values;
    size_t value_count;
    int64_t (*read)(void); /* instead of values: asked when rendered, from the rendering thread */
    const struct histogram *histogram;
};

#define METRIC_COUNTER(name_, help_, value_)                                                                                                         \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_COUNTER, .values = value_, .value_count = 1                                                \
    }
#define METRIC_GAUGE(name_, help_, value_)                                                                                                           \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_GAUGE, .values = value_, .value_count = 1                                                  \
    }
#define METRIC_GAUGE_READ(name_, help_, read_)                                                                                                       \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_GAUGE, .read = read_                                                                       \
    }
#define METRIC_COUNTERS(name_, help_, label_, label_value_, values_, count_)                                                                         \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_COUNTER, .label = label_, .label_value = label_value_, .values = values_,                  \
        .value_count = count_                                                                                                                        \
    }
#define METRIC_GAUGES(name_, help_, label_, label_value_, values_, count_)                                                                           \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_GAUGE, .label = label_, .label_value = label_value_, .values = values_,                    \
        .value_count = count_                                                                                                                        \
    }
#define METRIC_HISTOGRAM(name_, help_, histogram_)                                                                                                   \
    {                                                                                                                                                \
        .name = name_, .help = help_, .kind = METRIC_KIND_HISTOGRAM, .histogram = histogram_                                                         \
    }

/* Appends the whole table, and what every process has: resident memory, open files, processor time. */
void metrics_render(const struct metric *metrics, size_t count, struct buf *out);

#endif
