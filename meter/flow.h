/*
 * Many messages over few connections, with a bound: whoever publishes waits until there is room, so
 * memory does not grow with what is to be sent. QoS 1 throughout. Used by the fleet and by the
 * replay.
 *
 * flow_publish and flow_try may be called by any thread but those of the callbacks.
 */
#ifndef METER_FLOW_H
#define METER_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "mqtt/link.h"

#define FLOW_LINKS_MAX 16

struct flow;

struct flow_settings {
    const char *host;
    int port;
    const char *username, *password;               /* NULL: none */
    const char *ca_file;                           /* NULL: plain TCP */
    const char *client_prefix;                     /* client ids are this, a number and random letters */
    int links;                                     /* 1 … FLOW_LINKS_MAX */
    int max_inflight, max_buffered;                /* of each link */
    const struct link_subscription *subscriptions; /* made by the first link only */
    size_t subscription_count;
    void (*on_message)(const struct link_message *message, void *arg);  /* may be NULL */
    void (*on_state)(int link_no, bool up, const char *why, void *arg); /* may be NULL */
    void *arg;
    bool (*stopped)(void); /* looked at while waiting */
};

enum err flow_create(const struct flow_settings *settings, struct fault *fault, struct flow **out);
void flow_destroy(struct flow *flow); /* NULL-safe; closes at once */

/* Waits for room. ERR_RETRY: stopped while waiting; ERR_INVALID: a topic that cannot be. */
enum err flow_publish(struct flow *flow, int link_no, const char *topic, const void *payload, size_t len, bool retained, struct fault *fault);

/* Does not wait: ERR_RETRY when there is no room. */
enum err flow_try(struct flow *flow, int link_no, const char *topic, const void *payload, size_t len, bool retained, struct fault *fault);

int flow_links(const struct flow *flow);
bool flow_is_up(const struct flow *flow);      /* every link is */
size_t flow_pending(const struct flow *flow);  /* handed over and not acknowledged */
uint64_t flow_acknowledged(struct flow *flow); /* messages, since the start */

/* Waits until nothing is pending. False: stopped, or timeout_ms (negative: for ever) is over. */
bool flow_wait_acknowledged(struct flow *flow, int timeout_ms);

/* Sends what is pending for up to timeout_ms, then says goodbye. */
void flow_close(struct flow *flow, int timeout_ms);

#endif
