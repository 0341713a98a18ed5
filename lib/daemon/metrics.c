#include "daemon/metrics.h"
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

void metric_raise(struct metric_value *value, int64_t n)
{
    int64_t now = metric_get(value);
    while (now < n && !atomic_compare_exchange_weak(&value->n, &now, n))
        ;
}

void histogram_observe(struct histogram *histogram, int64_t value)
{
    size_t i = 0;
    while (i < histogram->bound_count && value > histogram->bounds[i])
        i++;
    atomic_fetch_add_explicit(&histogram->counts[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
}

static void put_escaped(struct buf *out, const char *text, bool quotes)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            buf_str(out, "\\n");
        else if (*text == '\\' || (*text == '"' && quotes))
            buf_printf(out, "\\%c", *text);
        else
            buf_char(out, *text);
    }
}

static void put_head(struct buf *out, const char *name, const char *help, const char *type)
{
    buf_printf(out, "# HELP %s ", name);
    put_escaped(out, help, false);
    buf_printf(out, "\n# TYPE %s %s\n", name, type);
}

static void put_histogram(const struct metric *metric, struct buf *out)
{
    const struct histogram *histogram = metric->histogram;
    long long below = 0;
    for (size_t i = 0; i < histogram->bound_count; i++) {
        below += atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
        buf_printf(out, "%s_bucket{le=\"%lld\"} %lld\n", metric->name, (long long)histogram->bounds[i], below);
    }
    below += atomic_load_explicit(&histogram->counts[histogram->bound_count], memory_order_relaxed);
    buf_printf(out, "%s_bucket{le=\"+Inf\"} %lld\n", metric->name, below);
    buf_printf(out, "%s_sum %lld\n", metric->name, (long long)atomic_load_explicit(&histogram->sum, memory_order_relaxed));
    buf_printf(out, "%s_count %lld\n", metric->name, below);
}

static void put_values(const struct metric *metric, struct buf *out)
{
    if (metric->read != NULL)
        buf_printf(out, "%s %lld\n", metric->name, (long long)metric->read());
    for (size_t i = 0; i < metric->value_count; i++) {
        const char *label = metric->label == NULL ? "" : metric->label_value(i);
        if (label == NULL)
            continue;
        buf_str(out, metric->name);
        if (metric->label != NULL) {
            buf_printf(out, "{%s=\"", metric->label);
            put_escaped(out, label, true);
            buf_str(out, "\"}");
        }
        buf_printf(out, " %lld\n", (long long)metric_get(&metric->values[i]));
    }
}

static int64_t resident_bytes(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*s %lld", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static int64_t open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    if (dir == NULL)
        return 0;
    int64_t count = 0;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 3; /* ".", ".." and the folder itself */
}

static void put_process(struct buf *out)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    int64_t cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    put_head(out, "process_resident_memory_bytes", "Memory in use", "gauge");
    buf_printf(out, "process_resident_memory_bytes %lld\n", (long long)resident_bytes());
    put_head(out, "process_open_fds", "Open file descriptors", "gauge");
    buf_printf(out, "process_open_fds %lld\n", (long long)open_files());
    put_head(out, "process_cpu_seconds_total", "Processor time used", "counter");
    buf_printf(out, "process_cpu_seconds_total %lld.%06lld\n", (long long)(cpu_us / 1000000), (long long)(cpu_us % 1000000));
}

void metrics_render(const struct metric *metrics, size_t count, struct buf *out)
{
    static const char *const types[] = {[METRIC_KIND_COUNTER] = "counter", [METRIC_KIND_GAUGE] = "gauge", [METRIC_KIND_HISTOGRAM] = "histogram"};
    for (size_t i = 0; i < count; i++) {
        const struct metric *metric = &metrics[i];
        put_head(out, metric->name, metric->help, types[metric->kind]);
        if (metric->kind == METRIC_KIND_HISTOGRAM)
            put_histogram(metric, out);
        else
            put_values(metric, out);
    }
    put_process(out);
}
