/*
 * Health and metrics of the ingestor, told over HTTP on loopback.
 */
#ifndef INGESTOR_REPORT_H
#define INGESTOR_REPORT_H

#include "daemon/metrics_http.h"
#include "ingestor/drain.h"
#include "ingestor/receive.h"
#include "ingestor/sender.h"

struct report {
    struct pipeline *pipeline;
    struct journal *journal;
    struct drain *drain;
    struct sender *sender;
    struct link *link;
    struct receive *receive;
};

void report_metrics(void *arg, struct buf *out); /* `arg` is a struct report, as below */
bool report_health(void *arg, struct buf *out);

#endif
