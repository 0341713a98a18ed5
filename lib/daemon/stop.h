/*
 * The stop signal of a process: SIGINT or SIGTERM (or stop_request) raises a flag that stays up and makes a
 * descriptor readable, for loops that poll. A second signal ends the process at once (exit code 130), for a
 * person whose first one seems stuck. SIGPIPE is ignored.
 */
#ifndef DAEMON_STOP_H
#define DAEMON_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

/* Call once, before threads are made. ERR_FATAL when the system refuses. */
enum err stop_install(struct fault *fault);

bool stop_requested(void);
int stop_fd(void); /* becomes readable and stays so; never read from it */

/* What a signal does; from any thread. */
void stop_request(void);

/* Sleeps until the stop or for so long; true when it is time to stop. */
bool stop_wait(int64_t ms);

#endif
