#include "meter/flow.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum { LOOK_MS = 200, KEEP_ALIVE_S = 30 };

struct lane {
    struct flow *flow;
    struct link *link;
    int number;
};

struct flow {
    struct lane lanes[FLOW_LINKS_MAX];
    int links;
    struct flow_settings settings;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t next_id, acknowledged;
};

static void on_message(const struct link_message *message, void *arg)
{
    const struct lane *lane = arg;
    if (lane->flow->settings.on_message != NULL)
        lane->flow->settings.on_message(message, lane->flow->settings.arg);
}

static void tell(const struct lane *lane, bool up, const char *why)
{
    if (lane->flow->settings.on_state != NULL)
        lane->flow->settings.on_state(lane->number, up, why, lane->flow->settings.arg);
}

static void on_up(bool session_present, void *arg)
{
    (void)session_present;
    tell(arg, true, "");
}

static void on_down(const char *why, void *arg)
{
    tell(arg, false, why);
}

static void on_published(uint64_t id, enum err result, void *arg)
{
    (void)id;
    struct flow *flow = ((const struct lane *)arg)->flow;
    pthread_mutex_lock(&flow->lock);
    if (result == OK)
        flow->acknowledged++;
    pthread_cond_broadcast(&flow->moved);
    pthread_mutex_unlock(&flow->lock);
}

static void client_id(const char *prefix, int number, char *out, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char random[10] = {0};
    char text[sizeof random + 1] = {0};
    if (getrandom(random, sizeof random, 0) < 0)
        random[0] = (unsigned char)number;
    for (size_t i = 0; i < sizeof random; i++)
        text[i] = letters[random[i] % 32];
    snprintf(out, size, "%s-%d-%s", prefix, number, text);
}

static enum err open_lane(struct flow *flow, int number, struct fault *fault)
{
    const struct flow_settings *s = &flow->settings;
    struct lane *lane = &flow->lanes[number];
    char id[96];
    client_id(s->client_prefix, number, id, sizeof id);
    struct link_settings settings = {
        .host = s->host,
        .port = s->port,
        .client_id = id,
        .username = s->username,
        .password = s->password,
        .ca_file = s->ca_file,
        .clean_session = true,
        .keep_alive_s = KEEP_ALIVE_S,
        .max_inflight = s->max_inflight,
        .max_buffered = s->max_buffered,
        .subscriptions = number == 0 ? s->subscriptions : NULL,
        .subscription_count = number == 0 ? s->subscription_count : 0,
    };
    struct link_callbacks callbacks = {on_message, on_up, on_down, on_published, lane};
    lane->flow = flow;
    lane->number = number;
    enum err err = link_create(&settings, &callbacks, fault, &lane->link);
    return err != OK ? err : link_open(lane->link, fault);
}

enum err flow_create(const struct flow_settings *settings, struct fault *fault, struct flow **out)
{
    if (settings->links < 1 || settings->links > FLOW_LINKS_MAX)
        return fault_set(fault, ERR_INVALID, "1 to %d connections", FLOW_LINKS_MAX);
    struct flow *flow = calloc(1, sizeof *flow);
    if (flow == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for the connections");
    flow->settings = *settings;
    flow->links = settings->links;
    flow->next_id = 1;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&flow->moved, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&flow->lock, NULL);
    enum err err = OK;
    for (int i = 0; i < flow->links && err == OK; i++)
        err = open_lane(flow, i, fault);
    if (err != OK) {
        flow_destroy(flow);
        return err;
    }
    *out = flow;
    return OK;
}

void flow_destroy(struct flow *flow)
{
    if (flow == NULL)
        return;
    for (int i = 0; i < flow->links; i++)
        link_destroy(flow->lanes[i].link);
    pthread_cond_destroy(&flow->moved);
    pthread_mutex_destroy(&flow->lock);
    free(flow);
}

/* With `lock` held: waits for a movement, or a moment. */
static void look_again(struct flow *flow)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&flow->moved, &flow->lock, &until);
}

/* With `lock` held, so that an acknowledgement cannot slip between a refusal and the wait for it.
 */
static enum err hand_over(struct flow *flow, int link_no, const char *topic, const void *payload, size_t len, bool retained, struct fault *fault)
{
    struct link *link = flow->lanes[link_no % flow->links].link;
    enum err err = link_publish(link, topic, payload, len, 1, retained, flow->next_id, fault);
    if (err == OK)
        flow->next_id++;
    return err;
}

enum err flow_publish(struct flow *flow, int link_no, const char *topic, const void *payload, size_t len, bool retained, struct fault *fault)
{
    enum err err;
    pthread_mutex_lock(&flow->lock);
    while ((err = hand_over(flow, link_no, topic, payload, len, retained, fault)) == ERR_RETRY && !flow->settings.stopped())
        look_again(flow);
    pthread_mutex_unlock(&flow->lock);
    return err;
}

enum err flow_try(struct flow *flow, int link_no, const char *topic, const void *payload, size_t len, bool retained, struct fault *fault)
{
    pthread_mutex_lock(&flow->lock);
    enum err err = hand_over(flow, link_no, topic, payload, len, retained, fault);
    pthread_mutex_unlock(&flow->lock);
    return err;
}

int flow_links(const struct flow *flow)
{
    return flow->links;
}

bool flow_is_up(const struct flow *flow)
{
    for (int i = 0; i < flow->links; i++)
        if (!link_is_up(flow->lanes[i].link))
            return false;
    return true;
}

size_t flow_pending(const struct flow *flow)
{
    size_t pending = 0;
    for (int i = 0; i < flow->links; i++)
        pending += link_pending(flow->lanes[i].link);
    return pending;
}

uint64_t flow_acknowledged(struct flow *flow)
{
    pthread_mutex_lock(&flow->lock);
    uint64_t n = flow->acknowledged;
    pthread_mutex_unlock(&flow->lock);
    return n;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool flow_wait_acknowledged(struct flow *flow, int timeout_ms)
{
    int64_t until_ms = timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms;
    pthread_mutex_lock(&flow->lock);
    size_t pending;
    while ((pending = flow_pending(flow)) > 0 && now_ms() < until_ms && !flow->settings.stopped())
        look_again(flow);
    pthread_mutex_unlock(&flow->lock);
    return pending == 0;
}

void flow_close(struct flow *flow, int timeout_ms)
{
    int64_t until_ms = now_ms() + timeout_ms;
    for (int i = 0; i < flow->links; i++) {
        int64_t left = until_ms - now_ms();
        link_close(flow->lanes[i].link, left > 0 ? (int)left : 0);
    }
}
