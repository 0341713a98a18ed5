#include "ingestor/sender.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX 20000
#define WAIT_MS 200

struct entry {
    struct entry *next;
    int64_t due_ms; /* monotonic */
    uint64_t id;
    bool retained;
    size_t payload_len;
    char *topic; /* behind the payload, in the same memory */
    unsigned char payload[];
};

struct queue {
    struct entry *first, **last;
};

struct sender {
    struct link *link;
    struct clock clock;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t added;
    struct queue now, later; /* later: with a delay, in order of coming */
    int count;
    bool stopping;
    _Atomic int64_t dropped;
};

static void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_add(struct queue *queue, struct entry *entry)
{
    entry->next = NULL;
    *queue->last = entry;
    queue->last = &entry->next;
}

static struct entry *queue_take(struct queue *queue)
{
    struct entry *entry = queue->first;
    if (entry) {
        queue->first = entry->next;
        if (!queue->first)
            queue->last = &queue->first;
    }
    return entry;
}

bool sender_send(void *arg, const struct outgoing *message)
{
    struct sender *sender = arg;
    size_t topic_len = strlen(message->topic);
    bool sure = message->id != 0;
    if (!sure && !link_is_up(sender->link) && message->delay_ms == 0) {
        atomic_fetch_add(&sender->dropped, 1);
        return false;
    }
    struct entry *entry = malloc(sizeof *entry + message->payload_len + topic_len + 1);
    pthread_mutex_lock(&sender->lock);
    bool room = entry && sender->count < QUEUE_MAX;
    if (room) {
        entry->id = message->id;
        entry->retained = message->retained;
        entry->payload_len = message->payload_len;
        entry->due_ms = message->delay_ms ? clock_monotonic(&sender->clock) + message->delay_ms : 0;
        memcpy(entry->payload, message->payload, message->payload_len);
        entry->topic = (char *)entry->payload + message->payload_len;
        memcpy(entry->topic, message->topic, topic_len + 1);
        queue_add(entry->due_ms ? &sender->later : &sender->now, entry);
        sender->count++;
        pthread_cond_signal(&sender->added);
    }
    pthread_mutex_unlock(&sender->lock);
    if (!room) {
        free(entry);
        atomic_fetch_add(&sender->dropped, sure ? 0 : 1);
    }
    return room;
}

/* Under the lock: the next message whose time has come, or NULL. */
static struct entry *next_due(struct sender *sender)
{
    struct entry *later = sender->later.first;
    if (later && later->due_ms <= clock_monotonic(&sender->clock))
        return queue_take(&sender->later);
    return queue_take(&sender->now);
}

static void wait_for_more(struct sender *sender)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&sender->added, &sender->lock, &until);
}

/* QoS 1 is tried until the link takes it; QoS 0 once. */
static void publish(struct sender *sender, const struct entry *entry)
{
    int qos = entry->id || entry->due_ms ? 1 : 0;
    for (;;) {
        enum err err = link_publish(sender->link, entry->topic, entry->payload, entry->payload_len, qos, entry->retained,
                                    entry->id ? entry->id : (qos ? UINT64_MAX : 0), NULL);
        if (err == OK)
            return;
        if (err != ERR_RETRY || qos == 0) {
            atomic_fetch_add(&sender->dropped, 1);
            return;
        }
        pthread_mutex_lock(&sender->lock);
        bool stopping = sender->stopping;
        if (!stopping)
            wait_for_more(sender);
        pthread_mutex_unlock(&sender->lock);
        if (stopping)
            return; /* an outbox row stays in the store */
    }
}

static void *run(void *arg)
{
    struct sender *sender = arg;
    pthread_mutex_lock(&sender->lock);
    while (!sender->stopping) {
        struct entry *entry = next_due(sender);
        if (!entry) {
            wait_for_more(sender);
            continue;
        }
        sender->count--;
        pthread_mutex_unlock(&sender->lock);
        publish(sender, entry);
        free(entry);
        pthread_mutex_lock(&sender->lock);
    }
    pthread_mutex_unlock(&sender->lock);
    return NULL;
}

enum err sender_create(struct link *link, const struct clock *clock, struct fault *fault, struct sender **out)
{
    struct sender *sender = calloc(1, sizeof *sender);
    pthread_condattr_t monotonic;
    if (!sender)
        return fault_set(fault, ERR_FATAL, "no memory");
    sender->link = link;
    sender->clock = *clock;
    queue_init(&sender->now);
    queue_init(&sender->later);
    pthread_mutex_init(&sender->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&sender->added, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&sender->thread, NULL, run, sender) != 0) {
        free(sender);
        return fault_set(fault, ERR_FATAL, "cannot start a thread");
    }
    *out = sender;
    return OK;
}

void sender_destroy(struct sender *sender)
{
    if (!sender)
        return;
    pthread_mutex_lock(&sender->lock);
    sender->stopping = true;
    pthread_cond_broadcast(&sender->added);
    pthread_mutex_unlock(&sender->lock);
    pthread_join(sender->thread, NULL);
    for (struct entry *entry; (entry = queue_take(&sender->now)) || (entry = queue_take(&sender->later));)
        free(entry);
    pthread_cond_destroy(&sender->added);
    pthread_mutex_destroy(&sender->lock);
    free(sender);
}

int64_t sender_dropped(const struct sender *sender)
{
    return atomic_load(&sender->dropped);
}
