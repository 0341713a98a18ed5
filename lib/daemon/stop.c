#include "daemon/stop.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "base/clock.h"

#define EXIT_SECOND_SIGNAL 130

static _Atomic bool stopping;
static int event_fd = -1;

bool stop_requested(void)
{
    return atomic_load_explicit(&stopping, memory_order_acquire);
}

int stop_fd(void)
{
    return event_fd;
}

/* Async-signal-safe. */
void stop_request(void)
{
    int saved = errno;
    uint64_t one = 1;
    atomic_store_explicit(&stopping, true, memory_order_release);
    if (event_fd >= 0) {
        ssize_t written = write(event_fd, &one, sizeof(one));
        (void)written; /* full means that it is readable already */
    }
    errno = saved;
}

static void on_signal(int signal_no)
{
    (void)signal_no;
    if (stop_requested())
        _exit(EXIT_SECOND_SIGNAL);
    stop_request();
}

enum err stop_install(struct fault *fault)
{
    if (event_fd < 0)
        event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event_fd < 0)
        return fault_set(fault, ERR_FATAL, "no eventfd for the stop signal: %s", strerror(errno));
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
        return fault_set(fault, ERR_FATAL, "no signal handler: %s", strerror(errno));
    return OK;
}

bool stop_wait(int64_t ms)
{
    int64_t until_ms = clock_monotonic(&clock_system) + ms;
    while (!stop_requested()) {
        int64_t left_ms = until_ms - clock_monotonic(&clock_system);
        if (left_ms <= 0)
            return false;
        struct pollfd event = {.fd = event_fd, .events = POLLIN};
        poll(&event, 1, left_ms > 1000000 ? 1000000 : (int)left_ms);
    }
    return true;
}
