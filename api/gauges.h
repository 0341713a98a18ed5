/* What qw-api counts of itself, for /metrics. Any thread, no lock. */
#ifndef API_GAUGES_H
#define API_GAUGES_H

#include <stdint.h>
#include "base/buf.h"
#include "daemon/metrics.h"

struct gauges {
    struct metric_value live_clients;
    struct metric_value live_sent;     /* events handed to streams */
    struct metric_value live_resets;   /* streams told to fetch anew */
    struct metric_value live_refused;  /* 503 beyond sse_clients_max */
    struct metric_value live_tail_seq; /* the newest event seen */
    struct metric_value live_poll_failures;
    struct metric_value logins_good;
    struct metric_value logins_bad;
    struct metric_value logins_slowed;
};
extern struct gauges gauges;
extern struct histogram gauges_latency_us;

void gauges_count(int status); /* one answer */
void gauges_render(struct buf *out);

#endif
