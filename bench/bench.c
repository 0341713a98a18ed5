#include "bench/bench.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/text.h"

#define CHILDREN_MAX 16
#define PATH_SIZE 300
#define BROKER_WAIT_MS 10000

static char folder[PATH_SIZE];
static pid_t children[CHILDREN_MAX];
static int child_count;
static pid_t owner;

void bench_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void bench_must(enum err err, const struct fault *fault, const char *what)
{
    if (err == OK)
        return;
    bench_note("bench: %s: %s: %s", what, err_name(err), fault ? fault->text : "");
    exit(1);
}

static void clean_up(void)
{
    char command[PATH_SIZE + 16];
    if (getpid() != owner) /* a fork's exit is not the bench's */
        return;
    for (int i = 0; i < child_count; i++)
        if (children[i] > 0)
            bench_stop(children[i], SIGKILL);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        bench_note("bench: %s could not be removed", folder);
}

const char *bench_folder(void)
{
    const char *where = getenv("BENCH_DIR");
    if (folder[0])
        return folder;
    snprintf(folder, sizeof folder, "%s/qw-bench-XXXXXX", where ? where : "/tmp");
    if (!mkdtemp(folder)) {
        bench_note("bench: no folder %s", folder);
        exit(1);
    }
    owner = getpid();
    atexit(clean_up);
    return folder;
}

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_wall_s(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double bench_cpu_s(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* The text behind the program's name in /proc/PID/stat, from its state on. */
static bool stat_of(pid_t pid, char *out, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(out, 1, size - 1, file) : 0;
    if (file)
        fclose(file);
    out[len] = '\0';
    char *name_end = strrchr(out, ')');
    if (!name_end)
        return false;
    memmove(out, name_end + 2, strlen(name_end + 2) + 1);
    return true;
}

double bench_cpu_of_s(pid_t pid)
{
    char text[1024];
    unsigned long user = 0, system = 0;
    if (!stat_of(pid, text, sizeof text) || sscanf(text, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

int64_t bench_memory_kib(pid_t pid)
{
    char text[1024];
    long pages = 0;
    if (!stat_of(pid, text, sizeof text) ||
        sscanf(text, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %*u %*u %ld", &pages) != 1)
        return 0;
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void bench_keep_child(pid_t pid)
{
    if (pid > 0 && child_count < CHILDREN_MAX)
        children[child_count++] = pid;
}

pid_t bench_spawn(const char *const *argv)
{
    const char *name = strrchr(argv[0], '/');
    char log[PATH_SIZE + 64];
    snprintf(log, sizeof log, "%s/%s.log", bench_folder(), name ? name + 1 : argv[0]);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fd, 1);
        dup2(fd, 2);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    bench_keep_child(pid);
    return pid;
}

void bench_stop(pid_t pid, int signal)
{
    for (int i = 0; i < child_count; i++)
        if (children[i] == pid)
            children[i] = 0;
    kill(pid, signal);
    waitpid(pid, NULL, 0);
}

static int connect_to(int port, bool only_bind)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int rc = only_bind ? bind(fd, (struct sockaddr *)&address, len) : connect(fd, (struct sockaddr *)&address, len);
    if (rc == 0 && only_bind && getsockname(fd, (struct sockaddr *)&address, &len) == 0)
        rc = ntohs(address.sin_port);
    close(fd);
    return rc;
}

int bench_free_port(void)
{
    return connect_to(0, true);
}

pid_t bench_broker(int port)
{
    static const char *const kept[] = {
        "persistence true",           "autosave_interval 60",       "max_queued_messages 2000000", "max_queued_bytes 1073741824",
        "max_inflight_messages 1000", "message_size_limit 1048576", "set_tcp_nodelay true",        "sys_interval 10"};
    char path[PATH_SIZE + 32];
    /* A broker that was here before kept the sessions of its clients: it would queue for those who are not asked this time. */
    snprintf(path, sizeof path, "%s/mosquitto.db", bench_folder());
    unlink(path);
    snprintf(path, sizeof path, "%s/broker.conf", bench_folder());
    FILE *file = fopen(path, "w");
    if (!file)
        bench_must(ERR_FATAL, NULL, "writing the broker's settings");
    fprintf(file,
            "listener %d 127.0.0.1\nallow_anonymous true\nuser root\npersistence_location %s/\nlog_dest stderr\nlog_type error\nlog_type notice\n",
            port, folder);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        fprintf(file, "%s\n", kept[i]);
    fclose(file);
    const char *argv[] = {access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto", "-c", path, NULL};
    pid_t pid = bench_spawn(argv);
    for (int waited_ms = 0; connect_to(port, false) != 0; waited_ms += 20) {
        if (waited_ms > BROKER_WAIT_MS)
            bench_must(ERR_RETRY, NULL, "no broker");
        usleep(20000);
    }
    return pid;
}

uint32_t bench_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)*state * below) >> 32);
}

void bench_records(const char *path, int meters)
{
    static const char tariff[] =
        "{\"schema\":\"tariff/1\",\"id\":\"" BENCH_TARIFF "\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
        "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]},"
        "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"}],"
        "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\"}]}]}";
    struct fault fault = {0};
    struct records *records;
    struct actor actor = {"bench", INT64_C(1700000000000)};
    struct point_record model;
    int64_t added, existing, revision;
    bench_must(records_open(&(struct records_options){.path = path, .mode = RECORDS_CREATE}, &fault, &records), &fault, "opening the records");
    point_record_init(&model);
    text_copy(model.tz, sizeof model.tz, "America/Sao_Paulo");
    bench_must(records_point_add_many(records, &actor, &model, "m-", 1, meters, 6, &fault, &added, &existing), &fault, "registering meters");
    bench_must(records_tariff_put(records, &actor, BENCH_TARIFF, tariff, sizeof tariff - 1, "hash", 0, &fault, &revision), &fault, "the tariff");
    bench_must(records_setting_set(records, &actor, "default_tariff", BENCH_TARIFF, 0, &fault), &fault, "the default tariff");
    records_close(records);
}
