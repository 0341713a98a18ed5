/*
 * receive: the broker link's callback. A message goes to the journal and nowhere else; the callback returns, and the link acknowledges, only when it
 * is there. While the journal is full or the disk refuses, the callback waits: TCP then pushes back on the broker.
 */
#ifndef INGESTOR_RECEIVE_H
#define INGESTOR_RECEIVE_H

#include <stdatomic.h>
#include "base/clock.h"
#include "ingestor/journal.h"
#include "mqtt/link.h"

struct receive {
    struct journal *journal;
    struct clock clock;
    atomic_bool stopping;       /* a waiting callback gives up: the message is not acknowledged */
    _Atomic int64_t refused_ms; /* monotonic; since when the journal refuses; 0: it does not */
    _Atomic int64_t too_large;  /* messages beyond the journal's own limit, acknowledged and dropped */
};

/* For link_callbacks.on_message; `arg` is a struct receive. */
void receive_message(const struct link_message *message, void *arg);

#endif
