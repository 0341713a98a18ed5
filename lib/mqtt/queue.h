/*
 * What a link has been given to send: messages that wait, in order, and messages that are under
 * way, one per slot.
 *
 * Slots live as long as the queue, so that a late answer about one of them never meets freed
 * memory. Messages are owned by the queue from queue_push until queue_take_done hands them back.
 * Not thread-safe; no I/O.
 */
#ifndef MQTT_QUEUE_H
#define MQTT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct outgoing {
    struct outgoing *next;
    uint64_t order; /* counts up with every push */
    uint64_t id;
    int qos;
    bool retained;
    bool was_sent; /* handed to the network at least once */
    enum err result;
    const char *topic; /* inside `bytes` */
    size_t len;
    char bytes[]; /* the payload, then the topic with its NUL */
};

struct slot {
    void *owner;              /* for callbacks that are given a slot */
    struct outgoing *message; /* NULL: free */
    struct slot *next_free;
};

struct queue {
    struct outgoing *first, *last; /* waiting */
    struct outgoing *done_first, *done_last;
    struct slot *slots;
    struct slot *free_slots;
    size_t slot_count;
    size_t under_way;  /* occupied slots */
    size_t qos0, qos1; /* waiting and under way */
    uint64_t next_order;
};

/* False when memory is out. */
bool queue_init(struct queue *queue, size_t slot_count, void *slot_owner);
void queue_finish(struct queue *queue);

/* Copies the message to the end. NULL when memory is out. */
bool queue_push(struct queue *queue, const char *topic, const void *payload, size_t len, int qos, bool retained, uint64_t id);

/* Moves the first waiting message into a free slot and returns it; NULL when there is none of
 * either. */
struct slot *queue_begin(struct queue *queue);

/* Puts it back to the front: it could not be handed over. */
void queue_undo(struct queue *queue, struct slot *slot);

/* Ends what is under way in this slot; a free slot is left alone. */
void queue_complete(struct queue *queue, struct slot *slot, enum err result);

/*
 * The connection is gone. What was under way waits again, in its old order, before everything else;
 * QoS 0 messages are dropped, waiting or under way.
 */
void queue_rewind(struct queue *queue);

/* Gives everything up: ERR_UNCERTAIN for what was sent, else ERR_RETRY. */
void queue_give_up(struct queue *queue);

/* The next message of QoS 1 that ended (the caller frees it), or NULL. */
struct outgoing *queue_take_done(struct queue *queue);

#endif
