#include "mqtt/link_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum {
    BACKOFF_MIN_MS = 1000,
    BACKOFF_MAX_MS = 30000,
    STEADY_MS = 5000, /* a connection that held this long resets the back-off */
    QOS0_WAITING_MAX = 1000,
    SUBSCRIPTIONS_MAX = 64,
};
static const size_t PAYLOAD_MAX = 268435455; /* MQTT 3.1.1, 2.2.3 */

int64_t link_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool link_wait(struct link *link, int64_t until_ms)
{
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000), .tv_nsec = (long)(until_ms % 1000) * 1000000};
    pthread_cond_timedwait(&link->changed, &link->lock, &until);
    return link_now_ms() < until_ms;
}

/* ---- the link's own thread ---- */

/* Tells the caller what was acknowledged or given up. Called without `lock`. */
static void report_done(struct link *link)
{
    for (;;) {
        pthread_mutex_lock(&link->lock);
        struct outgoing *message = queue_take_done(&link->queue);
        pthread_mutex_unlock(&link->lock);
        if (message == NULL)
            return;
        if (link->callbacks.on_published != NULL)
            link->callbacks.on_published(message->id, message->result, link->callbacks.arg);
        free(message);
    }
}

static bool may_end(const struct link *link)
{
    if (!link->closing)
        return false;
    return (link->queue.qos0 == 0 && link->queue.qos1 == 0) || link_now_ms() >= link->close_by_ms;
}

/* Sends and reports until the connection breaks (false) or the link may end (true). */
static bool serve(struct link *link)
{
    for (;;) {
        if (session_send(link) != OK)
            return false;
        report_done(link);
        pthread_mutex_lock(&link->lock);
        while (link->state == SESSION_UP && link->queue.done_first == NULL && !may_end(link) &&
               (link->queue.first == NULL || link->queue.free_slots == NULL))
            link_wait(link, link->closing ? link->close_by_ms : link_now_ms() + 60000);
        bool broken = link->state != SESSION_UP;
        bool end = may_end(link);
        pthread_mutex_unlock(&link->lock);
        if (broken || end)
            return end && !broken;
    }
}

/* Waits for the back-off, awake to link_close. */
static void pause_for(struct link *link, int64_t ms)
{
    int64_t until_ms = link_now_ms() + ms;
    pthread_mutex_lock(&link->lock);
    while (!may_end(link) && link_wait(link, link->closing && link->close_by_ms < until_ms ? link->close_by_ms : until_ms))
        ;
    pthread_mutex_unlock(&link->lock);
}

/* Three quarters to five quarters of `ms`, so that a thousand meters do not return in the same
 * moment. */
static int64_t jitter(int64_t ms, unsigned *seed)
{
    return ms * 3 / 4 + (int64_t)rand_r(seed) % (ms / 2 + 1);
}

static bool ending(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    bool end = may_end(link);
    pthread_mutex_unlock(&link->lock);
    return end;
}

static void tell_down(struct link *link)
{
    char why[sizeof link->why];
    pthread_mutex_lock(&link->lock);
    memcpy(why, link->why, sizeof why);
    pthread_mutex_unlock(&link->lock);
    if (link->callbacks.on_down != NULL)
        link->callbacks.on_down(why, link->callbacks.arg);
}

static void *run(void *arg)
{
    struct link *link = arg;
    int64_t backoff_ms = BACKOFF_MIN_MS;
    unsigned seed = (unsigned)link_now_ms() ^ (unsigned)(uintptr_t)link;
    bool end = false;
    while (!end && !ending(link)) {
        int64_t began_ms = link_now_ms();
        if (session_begin(link) == OK) {
            if (link->callbacks.on_up != NULL)
                link->callbacks.on_up(link->session_present, link->callbacks.arg);
            end = serve(link);
            if (link_now_ms() - began_ms >= STEADY_MS)
                backoff_ms = BACKOFF_MIN_MS;
        }
        session_end(link, end);
        report_done(link);
        if (end)
            break;
        tell_down(link);
        pause_for(link, jitter(backoff_ms, &seed));
        backoff_ms = backoff_ms * 2 < BACKOFF_MAX_MS ? backoff_ms * 2 : BACKOFF_MAX_MS;
    }
    pthread_mutex_lock(&link->lock);
    queue_give_up(&link->queue);
    pthread_mutex_unlock(&link->lock);
    report_done(link);
    return NULL;
}

/* ---- what callers see ---- */

static enum err check(const struct link_settings *s, struct fault *fault)
{
    if (s->host == NULL || s->host[0] == '\0' || s->port < 1 || s->port > 65535)
        return fault_set(fault, ERR_INVALID, "a broker needs a host and a port of 1 to 65535");
    if (s->client_id == NULL || (s->client_id[0] == '\0' && !s->clean_session))
        return fault_set(fault, ERR_INVALID, "a persistent session needs a client id");
    if (s->max_inflight < 1 || s->max_inflight > 65535 || s->max_buffered < 0)
        return fault_set(fault, ERR_INVALID, "max_inflight is 1 to 65535, max_buffered 0 or more");
    if (s->keep_alive_s < 1 || s->keep_alive_s > 65535)
        return fault_set(fault, ERR_INVALID, "keep_alive_s is 1 to 65535");
    if (s->password != NULL && s->username == NULL)
        return fault_set(fault, ERR_INVALID, "a password without a user name");
    if (s->will_topic != NULL && (s->will_payload == NULL || s->will_qos < 0 || s->will_qos > 2))
        return fault_set(fault, ERR_INVALID, "a will needs a payload and a QoS of 0 to 2");
    if (s->subscription_count > SUBSCRIPTIONS_MAX)
        return fault_set(fault, ERR_LIMIT, "at most %d subscriptions", SUBSCRIPTIONS_MAX);
    if (s->acknowledgement != LINK_ON_RETURN)
        return fault_set(fault, ERR_INVALID, "this backend acknowledges on return only");
    return OK;
}

static bool copy_text(char **dst, const char *src)
{
    *dst = src != NULL ? strdup(src) : NULL;
    return src == NULL || *dst != NULL;
}

static bool copy_uri(struct link *link, const struct link_settings *s)
{
    const char *scheme = s->ca_file != NULL ? "ssl" : "tcp";
    bool literal6 = strchr(s->host, ':') != NULL && s->host[0] != '[';
    int n = asprintf(&link->uri, literal6 ? "%s://[%s]:%d" : "%s://%s:%d", scheme, s->host, s->port);
    if (n < 0)
        link->uri = NULL;
    return n >= 0;
}

static bool copy_settings(struct link *link, const struct link_settings *s)
{
    link->clean_session = s->clean_session;
    link->will_retained = s->will_retained;
    link->will_qos = s->will_qos;
    link->keep_alive_s = s->keep_alive_s;
    link->max_inflight = (size_t)s->max_inflight;
    link->max_buffered = (size_t)s->max_buffered;
    link->subscription_count = s->subscription_count;
    link->filters = calloc(s->subscription_count + 1, sizeof *link->filters);
    link->filter_qos = calloc(s->subscription_count + 1, sizeof *link->filter_qos);
    if (link->filters == NULL || link->filter_qos == NULL)
        return false;
    for (size_t i = 0; i < s->subscription_count; i++) {
        link->filter_qos[i] = s->subscriptions[i].qos;
        if (!copy_text(&link->filters[i], s->subscriptions[i].filter))
            return false;
    }
    return copy_uri(link, s) && copy_text(&link->client_id, s->client_id) && copy_text(&link->username, s->username) &&
           copy_text(&link->password, s->password) && copy_text(&link->will_topic, s->will_topic) &&
           copy_text(&link->will_payload, s->will_payload) && copy_text(&link->ca_file, s->ca_file);
}

enum err link_create(const struct link_settings *settings, const struct link_callbacks *callbacks, struct fault *fault, struct link **out)
{
    enum err err = check(settings, fault);
    if (err != OK)
        return err;
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for a link");
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&link->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&link->lock, NULL);
    link->callbacks = *callbacks;
    if (!copy_settings(link, settings) || !queue_init(&link->queue, link->max_inflight, link)) {
        link_destroy(link);
        return fault_set(fault, ERR_FATAL, "no memory for a link");
    }
    *out = link;
    return OK;
}

enum err link_open(struct link *link, struct fault *fault)
{
    if (link->thread_runs || link->closing)
        return fault_set(fault, ERR_INVALID, "the link was opened before");
    if (pthread_create(&link->thread, NULL, run, link) != 0)
        return fault_set(fault, ERR_RETRY, "no thread for a link");
    link->thread_runs = true;
    return OK;
}

bool link_is_up(const struct link *link)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)&link->lock;
    pthread_mutex_lock(lock);
    bool up = link->state == SESSION_UP;
    pthread_mutex_unlock(lock);
    return up;
}

static bool topic_is_plain(const char *topic)
{
    size_t len = topic != NULL ? strlen(topic) : 0;
    return len > 0 && len <= 65535 && strpbrk(topic, "+#") == NULL && text_is_utf8(topic, len);
}

/* With `lock` held: may one more message be taken? */
static enum err admit(const struct link *link, int qos, struct fault *fault)
{
    if (link->closing)
        return fault_set(fault, ERR_RETRY, "the link is closing");
    bool up = link->state == SESSION_UP;
    if (qos == 0 && !up)
        return fault_set(fault, ERR_RETRY, "not connected");
    if (qos == 0 && link->queue.qos0 >= QOS0_WAITING_MAX + link->max_inflight)
        return fault_set(fault, ERR_RETRY, "too many messages wait");
    if (qos == 1 && !up && link->max_buffered == 0)
        return fault_set(fault, ERR_RETRY, "not connected");
    if (qos == 1 && link->queue.qos1 >= link->max_inflight + link->max_buffered)
        return fault_set(fault, ERR_RETRY, "too many messages wait");
    return OK;
}

enum err link_publish(struct link *link, const char *topic, const void *payload, size_t len, int qos, bool retained, uint64_t id, struct fault *fault)
{
    if (!topic_is_plain(topic))
        return fault_set(fault, ERR_INVALID, "a topic to publish to is 1 to 65,535 bytes of UTF-8 without + and #");
    if (len > PAYLOAD_MAX)
        return fault_set(fault, ERR_INVALID, "a payload of %zu bytes; at most %zu", len, PAYLOAD_MAX);
    if (qos < 0 || qos > 1 || (qos == 1 && id == 0))
        return fault_set(fault, ERR_INVALID, "QoS is 0, or 1 with an id that is not 0");
    pthread_mutex_lock(&link->lock);
    enum err err = admit(link, qos, fault);
    if (err == OK && !queue_push(&link->queue, topic, payload, len, qos, retained, id))
        err = fault_set(fault, ERR_RETRY, "no memory for a message");
    if (err == OK)
        pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    return err;
}

enum err link_acknowledge(struct link *link, uint64_t token)
{
    (void)link;
    (void)token;
    return ERR_INVALID;
}

size_t link_pending(const struct link *link)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)&link->lock;
    pthread_mutex_lock(lock);
    size_t pending = link->queue.qos1;
    pthread_mutex_unlock(lock);
    return pending;
}

void link_close(struct link *link, int timeout_ms)
{
    pthread_mutex_lock(&link->lock);
    if (!link->closing) {
        link->closing = true;
        link->close_by_ms = link_now_ms() + (timeout_ms > 0 ? timeout_ms : 0);
    }
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->lock);
    if (link->thread_runs)
        pthread_join(link->thread, NULL);
    link->thread_runs = false;
}

void link_destroy(struct link *link)
{
    if (link == NULL)
        return;
    link_close(link, 0);
    queue_finish(&link->queue);
    for (size_t i = 0; link->filters != NULL && i < link->subscription_count; i++)
        free(link->filters[i]);
    free(link->filters);
    free(link->filter_qos);
    char *texts[] = {link->uri, link->client_id, link->username, link->password, link->will_topic, link->will_payload, link->ca_file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->lock);
    free(link);
}
