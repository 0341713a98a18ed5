/*
 * The sender: a bounded queue and the one thread that publishes from it. The drain thread hands messages over and never calls the link itself: it
 * would deadlock with a link callback that waits for the journal (architecture.md).
 */
#ifndef INGESTOR_SENDER_H
#define INGESTOR_SENDER_H

#include "ingestor/pipeline.h"
#include "mqtt/link.h"

struct sender;

enum err sender_create(struct link *link, const struct clock *clock, struct fault *fault, struct sender **out);
void sender_destroy(struct sender *sender); /* stops the thread; NULL-safe. Before the link is destroyed */

/* For pipeline_parts.send: `arg` is the sender. */
bool sender_send(void *arg, const struct outgoing *message);

int64_t sender_dropped(const struct sender *sender); /* QoS 0 messages that found no room or no link */

#endif
