#include "api/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "api/gauges.h"
#include "api/ledger.h"
#include "base/text.h"
#include "daemon/log.h"

#define BUCKETS 4096

/* One meter that one client hears of, in the bucket of that meter. */
struct subscription {
    int64_t meter_no;
    struct live_client *client;
    struct subscription *next, **at;
};

struct live_client {
    char key[LIVE_KEY_SIZE];
    pthread_cond_t news;
    struct live_event *queue[LIVE_QUEUE];
    int first, count;
    bool lost; /* events were dropped since the last look */
    int64_t lost_seq;
    bool ended;
    bool everything;
    struct subscription *subscriptions;
    size_t subscription_count;
    struct live_client *next, **at;         /* among all clients */
    struct live_client *next_all, **at_all; /* among those that hear everything */
};

struct live {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t thread;
    struct ledger *ledger;
    bool started, ending;
    bool positioned; /* tail_seq is known */
    int64_t tail_seq;
    int clients_max, client_count;
    struct live_client *clients, *everything;
    struct subscription *buckets[BUCKETS];
    struct log_gate trouble;
    const struct clock *clock;
};

static const char *const kind_names[] = {"reading", "bill", "alert"};

/* A reading on MQTT is told apart by its topic: here the object itself names the meter. */
struct live_event *live_event_of(const struct tail_row *row)
{
    static const char member[] = "{\"meter_id\":";
    const char *data = row->data;
    size_t data_len = row->data_len;
    if (data_len < 2 || data_len > LIVE_EVENT_MAX || data[0] != '{' || memchr(data, '\n', data_len) != NULL)
        return NULL;
    char head[96 + METER_ID_SIZE];
    int head_len = snprintf(head, sizeof head, "id: %lld\nevent: %s\ndata: ", (long long)row->tail_seq, kind_names[row->kind]);
    if (row->kind == TAIL_READING && (data_len < sizeof member || memcmp(data, member, sizeof member - 1) != 0)) {
        head_len += snprintf(head + head_len, sizeof head - (size_t)head_len, "%s\"%s\"%s", member, row->meter_id, data[1] == '}' ? "" : ",");
        data++; /* its brace is in the head already */
        data_len--;
    }
    struct live_event *event = malloc(sizeof *event + (size_t)head_len + data_len + 2);
    if (event == NULL)
        return NULL;
    atomic_init(&event->users, 1);
    event->tail_seq = row->tail_seq;
    event->len = (size_t)head_len + data_len + 2;
    memcpy(event->text, head, (size_t)head_len);
    memcpy(event->text + head_len, data, data_len);
    memcpy(event->text + head_len + data_len, "\n\n", 2);
    return event;
}

void live_event_release(struct live_event *event)
{
    if (event != NULL && atomic_fetch_sub(&event->users, 1) == 1)
        free(event);
}

static struct subscription **bucket_of(struct live *live, int64_t meter_no)
{
    return &live->buckets[((uint64_t)meter_no * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
}

/* Locked. */
static void empty_queue(struct live_client *client)
{
    while (client->count > 0) {
        live_event_release(client->queue[client->first]);
        client->first = (client->first + 1) % LIVE_QUEUE;
        client->count--;
    }
}

/* Locked. */
static void hand(struct live_client *client, struct live_event *event)
{
    if (client->count == LIVE_QUEUE) {
        empty_queue(client);
        client->lost = true;
    }
    if (client->lost) {
        client->lost_seq = event->tail_seq;
    } else {
        atomic_fetch_add(&event->users, 1);
        client->queue[(client->first + client->count++) % LIVE_QUEUE] = event;
        metric_add(&gauges.live_sent, 1);
    }
    pthread_cond_signal(&client->news);
}

/* Each row of the tail, with the lock held. */
static int fan_out(const struct tail_row *row, void *arg)
{
    struct live *live = arg;
    live->tail_seq = row->tail_seq;
    struct subscription *first = row->meter_no != 0 ? *bucket_of(live, row->meter_no) : NULL;
    if (first == NULL && live->everything == NULL)
        return 0;
    struct live_event *event = live_event_of(row);
    if (event == NULL)
        return 0;
    for (struct live_client *client = live->everything; client != NULL; client = client->next_all)
        hand(client, event);
    for (struct subscription *one = first; one != NULL; one = one->next)
        if (one->meter_no == row->meter_no)
            hand(one->client, event);
    live_event_release(event);
    return 0;
}

/* A ledger that was put back to an earlier state, or another one: everybody fetches anew. Locked. */
static void lose_all(struct live *live, int64_t newest)
{
    live->tail_seq = newest;
    for (struct live_client *client = live->clients; client != NULL; client = client->next) {
        empty_queue(client);
        client->lost = true;
        client->lost_seq = newest;
        pthread_cond_signal(&client->news);
    }
}

/* One look at the tail. *out_more: there is more of it than one look takes. */
static enum err look(struct live *live, struct facts *facts, struct fault *fault, bool *out_more)
{
    int64_t oldest, newest;
    enum err err = facts_tail_range(facts, &oldest, &newest, fault);
    if (err != OK)
        return err;
    pthread_mutex_lock(&live->lock);
    if (!live->positioned) {
        live->tail_seq = newest;
        live->positioned = true;
    } else if (newest < live->tail_seq || (newest > live->tail_seq && (oldest == 0 || oldest > live->tail_seq + 1))) {
        lose_all(live, newest); /* another ledger, or events went before they were seen */
    } else if (newest > live->tail_seq) {
        err = facts_tail(facts, live->tail_seq, LIVE_BATCH, fan_out, live, fault);
    }
    metric_set(&gauges.live_tail_seq, live->tail_seq);
    *out_more = err == OK && live->tail_seq < newest && !live->ending;
    pthread_mutex_unlock(&live->lock);
    return err;
}

static void poll_once(struct live *live)
{
    struct facts *facts = NULL;
    struct fault fault = {0};
    enum err err = ledger_borrow(live->ledger, &fault, &facts);
    if (err == OK) {
        bool more = true;
        while (err == OK && more)
            err = look(live, facts, &fault, &more);
        ledger_return(live->ledger, facts, err != OK);
    }
    uint64_t hidden;
    if (err != OK) {
        metric_add(&gauges.live_poll_failures, 1);
        if (log_every(&live->trouble, clock_monotonic(live->clock), 60000, &hidden))
            log_warn("tail cannot be read", LOG_UINT("hidden", hidden), LOG_FAULT(&fault));
    }
}

static void until_in(int64_t ms, struct timespec *out)
{
    clock_gettime(CLOCK_MONOTONIC, out);
    out->tv_sec += ms / 1000;
    out->tv_nsec += ms % 1000 * 1000000;
    if (out->tv_nsec >= 1000000000) {
        out->tv_sec++;
        out->tv_nsec -= 1000000000;
    }
}

static void *run(void *arg)
{
    struct live *live = arg;
    pthread_mutex_lock(&live->lock);
    while (!live->ending) {
        pthread_mutex_unlock(&live->lock);
        poll_once(live);
        pthread_mutex_lock(&live->lock);
        struct timespec until;
        until_in(LIVE_POLL_MS, &until);
        if (!live->ending)
            pthread_cond_timedwait(&live->stop, &live->lock, &until);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

static void monotonic_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

enum err live_create(struct ledger *ledger, const struct clock *clock, int clients_max, struct fault *fault, struct live **out)
{
    struct live *live = calloc(1, sizeof *live);
    if (live == NULL)
        return fault_set(fault, ERR_FATAL, "memory is out");
    pthread_mutex_init(&live->lock, NULL);
    monotonic_cond(&live->stop);
    live->ledger = ledger;
    live->clock = clock;
    live->clients_max = clients_max;
    live->started = pthread_create(&live->thread, NULL, run, live) == 0;
    if (!live->started) {
        live_destroy(live);
        return fault_set(fault, ERR_FATAL, "no thread can be made");
    }
    *out = live;
    return OK;
}

void live_end(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    live->ending = true;
    pthread_cond_signal(&live->stop);
    for (struct live_client *client = live->clients; client != NULL; client = client->next)
        pthread_cond_signal(&client->news);
    pthread_mutex_unlock(&live->lock);
}

void live_destroy(struct live *live)
{
    if (live == NULL)
        return;
    if (live->started) {
        live_end(live);
        pthread_join(live->thread, NULL);
    }
    pthread_cond_destroy(&live->stop);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

static void client_free(struct live_client *client)
{
    pthread_cond_destroy(&client->news);
    free(client->subscriptions);
    free(client);
}

/* Locked. */
static void link_client(struct live *live, struct live_client *client)
{
    client->next = live->clients;
    client->at = &live->clients;
    if (client->next != NULL)
        client->next->at = &client->next;
    live->clients = client;
    if (client->everything) {
        client->next_all = live->everything;
        client->at_all = &live->everything;
        if (client->next_all != NULL)
            client->next_all->at_all = &client->next_all;
        live->everything = client;
    }
    for (size_t i = 0; i < client->subscription_count; i++) {
        struct subscription *one = &client->subscriptions[i];
        one->at = bucket_of(live, one->meter_no);
        one->next = *one->at;
        if (one->next != NULL)
            one->next->at = &one->next;
        *one->at = one;
    }
}

/* Locked. */
static void unlink_client(struct live_client *client)
{
    *client->at = client->next;
    if (client->next != NULL)
        client->next->at = client->at;
    if (client->everything) {
        *client->at_all = client->next_all;
        if (client->next_all != NULL)
            client->next_all->at_all = client->at_all;
    }
    for (size_t i = 0; i < client->subscription_count; i++) {
        struct subscription *one = &client->subscriptions[i];
        *one->at = one->next;
        if (one->next != NULL)
            one->next->at = one->at;
    }
}

enum err live_join(struct live *live, const int64_t *meter_nos, size_t meter_count, const char *key, struct live_client **out, int64_t *out_from_seq)
{
    struct live_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return ERR_LIMIT;
    monotonic_cond(&client->news);
    text_copy(client->key, sizeof client->key, key);
    client->everything = meter_nos == NULL;
    if (meter_count > 0)
        client->subscriptions = calloc(meter_count, sizeof *client->subscriptions);
    if (meter_count > 0 && client->subscriptions == NULL) {
        client_free(client);
        return ERR_LIMIT;
    }
    for (size_t i = 0; i < meter_count; i++)
        client->subscriptions[i] = (struct subscription){.meter_no = meter_nos[i], .client = client};
    client->subscription_count = meter_count;
    pthread_mutex_lock(&live->lock);
    bool room = live->client_count < live->clients_max && !live->ending;
    if (room) {
        link_client(live, client);
        live->client_count++;
        *out_from_seq = live->tail_seq;
        metric_set(&gauges.live_clients, live->client_count);
    }
    pthread_mutex_unlock(&live->lock);
    if (!room) {
        client_free(client);
        return ERR_LIMIT;
    }
    *out = client;
    return OK;
}

void live_leave(struct live *live, struct live_client *client)
{
    pthread_mutex_lock(&live->lock);
    unlink_client(client);
    empty_queue(client);
    live->client_count--;
    metric_set(&gauges.live_clients, live->client_count);
    pthread_mutex_unlock(&live->lock);
    client_free(client);
}

enum live_news live_next(struct live *live, struct live_client *client, int64_t wait_ms, struct live_event **out, int64_t *out_seq)
{
    struct timespec until;
    until_in(wait_ms, &until);
    enum live_news news = LIVE_NOTHING;
    pthread_mutex_lock(&live->lock);
    int failed = 0;
    while (client->count == 0 && !client->lost && !client->ended && !live->ending && failed == 0)
        failed = pthread_cond_timedwait(&client->news, &live->lock, &until);
    if (client->ended || live->ending) {
        news = LIVE_END;
    } else if (client->lost) {
        client->lost = false;
        *out_seq = client->lost_seq;
        metric_add(&gauges.live_resets, 1);
        news = LIVE_RESET;
    } else if (client->count > 0) {
        *out = client->queue[client->first];
        client->first = (client->first + 1) % LIVE_QUEUE;
        client->count--;
        news = LIVE_EVENT;
    }
    pthread_mutex_unlock(&live->lock);
    return news;
}

void live_end_session(struct live *live, const char *key)
{
    pthread_mutex_lock(&live->lock);
    for (struct live_client *client = live->clients; client != NULL; client = client->next)
        if (strcmp(client->key, key) == 0) {
            client->ended = true;
            pthread_cond_signal(&client->news);
        }
    pthread_mutex_unlock(&live->lock);
}
