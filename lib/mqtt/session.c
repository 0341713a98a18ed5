/*
 * One connection by Paho's MQTTAsync (1.3). A handle serves one connection only and is destroyed
 * with it, so that Paho keeps nothing of its own between two connections: what is unacknowledged is
 * in our queue.
 */
#include "mqtt/link_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <MQTTAsync.h>

enum { CONNECT_TIMEOUT_S = 10, ANSWER_TIMEOUT_MS = 15000, DISCONNECT_TIMEOUT_MS = 2000 };

/* MQTT 3.1.1, table 3.1 (CONNACK return codes); below zero: Paho's own. */
static const char *connect_refusal(int code)
{
    switch (code) {
    case 1:
        return "the broker refuses this protocol version";
    case 2:
        return "the broker refuses this client id";
    case 3:
        return "the broker is not available";
    case 4:
        return "bad user name or password";
    case 5:
        return "not authorised";
    default:
        return "cannot reach the broker";
    }
}

static void set_state(struct link *link, enum session_state state, const char *why)
{
    pthread_mutex_lock(&link->lock);
    if (link->state != SESSION_BROKEN) {
        link->state = state;
        if (why != NULL)
            snprintf(link->why, sizeof link->why, "%s", why);
    }
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

static void connected(void *context, MQTTAsync_successData *data)
{
    struct link *link = context;
    pthread_mutex_lock(&link->lock);
    link->session_present = data != NULL && data->alt.connect.sessionPresent != 0;
    pthread_mutex_unlock(&link->lock);
    set_state(link, SESSION_ANSWERED, NULL);
}

static void connect_failed(void *context, MQTTAsync_failureData *data)
{
    struct link *link = context;
    int code = data != NULL ? data->code : -1;
    char why[sizeof link->why];
    if (code <= 0 && data != NULL && data->message != NULL)
        snprintf(why, sizeof why, "%s: %s", connect_refusal(code), data->message);
    else
        snprintf(why, sizeof why, "%s", connect_refusal(code));
    set_state(link, SESSION_BROKEN, why);
}

static void subscribed(void *context, MQTTAsync_successData *data)
{
    struct link *link = context;
    bool refused = false;
    if (data != NULL && link->subscription_count == 1)
        refused = data->alt.qos == 0x80;
    for (size_t i = 0; data != NULL && link->subscription_count > 1 && i < link->subscription_count; i++)
        refused = refused || data->alt.qosList[i] == 0x80;
    if (refused)
        set_state(link, SESSION_BROKEN, "the broker refuses a subscription");
    else
        set_state(link, SESSION_ANSWERED, NULL);
}

static void subscribe_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    set_state(context, SESSION_BROKEN, "the broker refuses a subscription");
}

static void lost(void *context, char *cause)
{
    (void)cause; /* always NULL in Paho 1.3 */
    set_state(context, SESSION_BROKEN, "connection lost");
}

static int arrived(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
    struct link *link = context;
    struct link_message out = {
        .topic = topic,
        .topic_len = topic_len > 0 ? (size_t)topic_len : strlen(topic),
        .payload = message->payload,
        .payload_len = message->payloadlen > 0 ? (size_t)message->payloadlen : 0,
        .qos = message->qos,
        .retained = message->retained != 0,
        .duplicate = message->dup != 0,
    };
    if (link->callbacks.on_message != NULL)
        link->callbacks.on_message(&out, link->callbacks.arg);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1; /* never 0: Paho would acknowledge all the same and keep the message in memory only */
}

static void sent(void *context, MQTTAsync_successData *data)
{
    (void)data;
    struct slot *slot = context;
    struct link *link = slot->owner;
    pthread_mutex_lock(&link->lock);
    queue_complete(&link->queue, slot, OK);
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
}

/* Only a broken connection makes a send fail; the message stays in its slot until the queue is
 * rewound. */
static void send_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    struct slot *slot = context;
    set_state(slot->owner, SESSION_BROKEN, "connection lost");
}

/* With `lock` held: when to stop waiting for an answer. A disconnection is worth its time even
 * after close_by_ms. */
static int64_t answer_due(const struct link *link, int64_t until_ms, bool disconnecting)
{
    return !disconnecting && link->closing && link->close_by_ms < until_ms ? link->close_by_ms : until_ms;
}

/* Waits for connected, subscribed, disconnected or their failures. */
static enum err wait_answer(struct link *link, int timeout_ms, bool disconnecting, const char *late)
{
    int64_t until_ms = link_now_ms() + timeout_ms;
    pthread_mutex_lock(&link->lock);
    while (link->state == SESSION_WAITING && link_wait(link, answer_due(link, until_ms, disconnecting)))
        ;
    if (link->state == SESSION_WAITING) {
        link->state = SESSION_BROKEN;
        snprintf(link->why, sizeof link->why, "%s", late);
    }
    enum err err = link->state == SESSION_ANSWERED ? OK : ERR_RETRY;
    pthread_mutex_unlock(&link->lock);
    return err;
}

static void begin_state(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->state = SESSION_WAITING;
    pthread_mutex_unlock(&link->lock);
}

/* Goes from "answered" to the next question, unless the connection broke meanwhile. */
static bool next_state(struct link *link, enum session_state state)
{
    pthread_mutex_lock(&link->lock);
    bool good = link->state == SESSION_ANSWERED;
    if (good)
        link->state = state;
    pthread_mutex_unlock(&link->lock);
    return good;
}

static enum err subscribe(struct link *link)
{
    if (link->subscription_count == 0)
        return OK;
    if (!next_state(link, SESSION_WAITING))
        return ERR_RETRY;
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = link;
    response.onSuccess = subscribed;
    response.onFailure = subscribe_failed;
    int rc = MQTTAsync_subscribeMany(link->handle, (int)link->subscription_count, link->filters, link->filter_qos, &response);
    if (rc != MQTTASYNC_SUCCESS) {
        set_state(link, SESSION_BROKEN, "cannot subscribe");
        return ERR_RETRY;
    }
    return wait_answer(link, ANSWER_TIMEOUT_MS, false, "no answer to a subscription");
}

static int start_connect(struct link *link)
{
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    options.keepAliveInterval = link->keep_alive_s;
    options.cleansession = link->clean_session;
    options.maxInflight = (int)link->max_inflight;
    options.connectTimeout = CONNECT_TIMEOUT_S;
    options.MQTTVersion = MQTTVERSION_3_1_1; /* else Paho tries 3.1 after every refusal */
    options.username = link->username;
    options.password = link->password;
    options.context = link;
    options.onSuccess = connected;
    options.onFailure = connect_failed;
    if (link->will_topic != NULL) {
        will.topicName = link->will_topic;
        will.message = link->will_payload;
        will.qos = link->will_qos;
        will.retained = link->will_retained;
        options.will = &will;
    }
    if (link->ca_file != NULL) {
        tls.trustStore = link->ca_file;
        tls.enableServerCertAuth = 1;
        tls.verify = 1;
        options.ssl = &tls;
    }
    return MQTTAsync_connect(link->handle, &options);
}

enum err session_begin(struct link *link)
{
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
    options.MQTTVersion = MQTTVERSION_3_1_1;
    options.maxBufferedMessages = (int)link->max_inflight + 1; /* Paho refuses beyond its own 100, connected or not */
    MQTTAsync handle = NULL;
    begin_state(link);
    int rc = MQTTAsync_createWithOptions(&handle, link->uri, link->client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    if (rc != MQTTASYNC_SUCCESS) {
        set_state(link, SESSION_BROKEN, "no memory for a connection");
        return ERR_RETRY;
    }
    link->handle = handle;
    MQTTAsync_setCallbacks(handle, link, lost, arrived, NULL);
    if (start_connect(link) != MQTTASYNC_SUCCESS) {
        set_state(link, SESSION_BROKEN, "cannot begin to connect");
        return ERR_RETRY;
    }
    if (wait_answer(link, ANSWER_TIMEOUT_MS, false, "no answer to the connection") != OK || subscribe(link) != OK)
        return ERR_RETRY;
    return next_state(link, SESSION_UP) ? OK : ERR_RETRY;
}

enum err session_send(struct link *link)
{
    for (;;) {
        pthread_mutex_lock(&link->lock);
        struct slot *slot = link->state == SESSION_UP ? queue_begin(&link->queue) : NULL;
        struct outgoing *message = slot != NULL ? slot->message : NULL;
        if (message != NULL)
            message->was_sent = true;
        bool broken = link->state == SESSION_BROKEN;
        pthread_mutex_unlock(&link->lock);
        if (message == NULL)
            return broken ? ERR_RETRY : OK;
        MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
        response.context = slot;
        response.onSuccess = sent;
        response.onFailure = send_failed;
        /* Paho copies topic and payload. From here on the message may be freed by `sent`. */
        int rc = MQTTAsync_send(link->handle, message->topic, (int)message->len, message->bytes, message->qos, message->retained, &response);
        if (rc != MQTTASYNC_SUCCESS) {
            pthread_mutex_lock(&link->lock);
            queue_undo(&link->queue, slot);
            pthread_mutex_unlock(&link->lock);
            set_state(link, SESSION_BROKEN, "connection lost");
            return ERR_RETRY;
        }
    }
}

static void disconnect_answered(void *context, MQTTAsync_successData *data)
{
    (void)data;
    set_state(context, SESSION_ANSWERED, NULL);
}

static void disconnect_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    set_state(context, SESSION_BROKEN, NULL);
}

void session_end(struct link *link, bool clean)
{
    if (link->handle == NULL)
        return;
    if (clean) {
        MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
        options.timeout = 0; /* whoever closes has waited for what was under way already */
        options.context = link;
        options.onSuccess = disconnect_answered;
        options.onFailure = disconnect_failed;
        begin_state(link);
        if (MQTTAsync_disconnect(link->handle, &options) == MQTTASYNC_SUCCESS)
            wait_answer(link, DISCONNECT_TIMEOUT_MS, true, "no answer to the disconnection");
    }
    MQTTAsync handle = link->handle;
    MQTTAsync_destroy(&handle);
    link->handle = NULL;
    pthread_mutex_lock(&link->lock);
    queue_rewind(&link->queue);
    link->state = SESSION_NONE;
    pthread_mutex_unlock(&link->lock);
}
