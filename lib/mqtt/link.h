/*
 * One link to an MQTT 3.1.1 broker. Paho's asynchronous client is hidden behind it.
 *
 * The link connects in the background, keeps trying with back-off (1 s doubling to 30 s, with
 * jitter), subscribes again after each connect, and keeps what was published with QoS 1 until it is
 * acknowledged or the link is destroyed. Nothing here blocks on the network but link_close.
 *
 * Threads: the callbacks run on threads of the library's own: on_message on Paho's (one for all
 * links of a process), the others, one at a time, on the link's. They must not call link_close or
 * link_destroy. on_message may come before on_up (a persistent session's messages do). link_close
 * waits for an on_message that is running: let it end first. Paho holds a process-wide lock while
 * on_message runs (read in MQTTAsync.c and MQTTAsyncUtils.c), so a thread that on_message waits for
 * must never call link_publish: only a thread that nobody in a callback waits for may.
 *
 * Acknowledgement: a QoS 1 message is acknowledged to the broker after on_message returns, never
 * before. So on_message must not return until the message cannot be lost (the ingestor appends it
 * to its journal); it may wait as long as it needs to, and TCP then pushes back. A wait beyond 1.5
 * × keep-alive costs a reconnect, after which the broker sends what was not acknowledged again.
 * `token` and link_acknowledge stand for a backend that can acknowledge later, in groups, after a
 * commit: with LINK_DEFERRED on_message's answer means "not yet". This backend offers
 * LINK_ON_RETURN only and link_create refuses the other.
 */
#ifndef MQTT_LINK_H
#define MQTT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct link;

enum link_acknowledgement { LINK_ON_RETURN, LINK_DEFERRED };

struct link_message {
    const char *topic; /* NUL-terminated; topic_len tells of a NUL inside */
    size_t topic_len;
    const void *payload;
    size_t payload_len;
    int qos;
    bool retained;
    bool duplicate; /* the broker's flag; tells nothing sure */
    uint64_t token; /* for link_acknowledge; 0 with LINK_ON_RETURN */
};

struct link_callbacks {
    void (*on_message)(const struct link_message *message, void *arg);
    void (*on_up)(bool session_present, void *arg); /* connected and subscribed; may be NULL */
    void (*on_down)(const char *why, void *arg);    /* lost, or an attempt failed; may be NULL */
    /* QoS 1: acknowledged by the broker (OK), or given up; may be NULL */
    void (*on_published)(uint64_t id, enum err result, void *arg);
    void *arg;
};

struct link_subscription {
    const char *filter;
    int qos;
};

struct link_settings {
    const char *host;
    int port;
    const char *client_id;
    const char *username; /* NULL: none */
    const char *password; /* NULL: none */
    bool clean_session;
    int keep_alive_s;       /* 20 is usual */
    int max_inflight;       /* QoS 1 messages under way, 1 … 65535 */
    int max_buffered;       /* messages kept while away or while max_inflight is reached; 0: refuse with
                               ERR_RETRY */
    const char *will_topic; /* NULL: none */
    const char *will_payload;
    int will_qos;
    bool will_retained;
    const struct link_subscription *subscriptions; /* copied */
    size_t subscription_count;
    enum link_acknowledgement acknowledgement;
    const char *ca_file; /* TLS with this CA bundle; NULL: plain TCP */
};

/* Copies the settings. Does not connect yet. ERR_INVALID when they make no sense. */
enum err link_create(const struct link_settings *settings, const struct link_callbacks *callbacks, struct fault *fault, struct link **out);

/* Begins to connect. OK means only that trying began. */
enum err link_open(struct link *link, struct fault *fault);

bool link_is_up(const struct link *link);

/*
 * Hands a message over for sending. QoS 0: OK means handed to the library; while down: ERR_RETRY
 * and nothing is kept. QoS 1: `id` (not 0) comes back in on_published. ERR_RETRY when max_inflight
 * + max_buffered are reached, or while down with max_buffered 0. ERR_INVALID for a topic with
 * wildcards or a payload over 256 MiB.
 */
enum err link_publish(struct link *link, const char *topic, const void *payload, size_t len, int qos, bool retained, uint64_t id,
                      struct fault *fault);

/* Deferred acknowledgement: everything up to this token is safe. ERR_INVALID with LINK_ON_RETURN.
 */
enum err link_acknowledge(struct link *link, uint64_t token);

/* Number of QoS 1 messages handed over and not yet acknowledged. */
size_t link_pending(const struct link *link);

/* Waits up to timeout_ms for pending messages, disconnects cleanly (no will). Afterwards no
 * callback runs. */
void link_close(struct link *link, int timeout_ms);
void link_destroy(struct link *link); /* NULL-safe; closes at once where still open */

#endif
