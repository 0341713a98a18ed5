/*
 * The drain thread: journal → pipeline, again and again; and the keeper thread: what the disk needs now and then.
 */
#ifndef INGESTOR_DRAIN_H
#define INGESTOR_DRAIN_H

#include "ingestor/journal.h"
#include "ingestor/pipeline.h"

struct drain;

struct drain_settings {
    struct journal *journal;
    struct pipeline *pipeline;
    struct facts *checkpointer; /* the keeper's own handle; NULL: none */
    struct clock clock;
    int64_t batch_messages;
    int64_t derive_every_ms;
};

enum err drain_start(const struct drain_settings *settings, struct fault *fault, struct drain **out);
/* Ends both threads after the batch under way; what is in the journal waits for the next start. NULL-safe. */
void drain_stop(struct drain *drain);

struct drain_state {
    bool failing;       /* the store refuses; trying again */
    bool fatal;         /* no way on: the program must end */
    int64_t failing_ms; /* since when */
    int64_t wal_bytes;
};
void drain_look(struct drain *drain, struct drain_state *out);

#endif
