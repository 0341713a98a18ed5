/*
 * Inside of a link, for link.c (what callers see, and the link's own thread) and session.c (one
 * connection by Paho).
 *
 * `lock` guards everything below it. Order of locks: Paho's process-wide lock, then this one. So
 * nothing of Paho is called while `lock` is held; Paho's callbacks take `lock` for a moment, but
 * never while on_message runs.
 */
#ifndef MQTT_LINK_STATE_H
#define MQTT_LINK_STATE_H

#include <pthread.h>
#include "mqtt/link.h"
#include "mqtt/queue.h"

enum session_state {
    SESSION_NONE,
    SESSION_WAITING,  /* for the answer to a connect or a subscribe */
    SESSION_ANSWERED, /* it came */
    SESSION_UP,
    SESSION_BROKEN, /* refused, failed or lost; `why` says so */
};

struct link {
    /* settings, unchanged after link_create; owned */
    char *uri, *client_id, *username, *password, *will_topic, *will_payload, *ca_file;
    char **filters;
    int *filter_qos;
    size_t subscription_count;
    bool clean_session, will_retained;
    int keep_alive_s, will_qos;
    size_t max_inflight, max_buffered;
    struct link_callbacks callbacks;

    void *handle; /* MQTTAsync; touched by the link's thread alone */
    pthread_t thread;
    bool thread_runs;

    pthread_mutex_t lock;
    pthread_cond_t changed; /* on the monotonic clock */
    struct queue queue;
    enum session_state state;
    bool session_present;
    bool closing;        /* link_close was called: send what is left, then end */
    int64_t close_by_ms; /* monotonic */
    char why[160];
};

/*
 * Connects, subscribes, and returns with the session up; blocks the link's thread. Otherwise
 * ERR_RETRY with the reason in link->why; session_end must follow in both cases.
 */
enum err session_begin(struct link *link);

/* Hands waiting messages over until none or no slot is left. ERR_RETRY: the session is broken.
 * Called without `lock`. */
enum err session_send(struct link *link);

/* Disconnects (politely when `clean`) and frees what Paho holds. Afterwards none of its callbacks
 * runs. */
void session_end(struct link *link, bool clean);

/* Waits on `changed`, with `lock` held, until the monotonic instant. False when that instant has
 * come. */
bool link_wait(struct link *link, int64_t until_ms);

int64_t link_now_ms(void);

#endif
