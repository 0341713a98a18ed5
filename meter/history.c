#include "meter/history.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/instant.h"
#include "daemon/log.h"
#include "daemon/stop.h"

enum {
    BATCH = 500,
    WINDOW = 200000, /* readings sent and not receipted */
    ASK_MS = 3000,   /* so long without any receipt, and they are asked for: they may get lost (QoS 0) */
    DEAF_MS = 15000, /* so long, and they are not waited for */
    PROGRESS_MS = 1000,
    AGAIN_MS = 10000, /* first wait before what has no receipt is sent again; doubles */
    AGAIN_MAX_MS = 600000,
};

struct history {
    struct fleet *fleet;
    char boot[16];
    int64_t first_utc_ms, step_ms;
    int64_t steps; /* from the first instant to now */
    int64_t total; /* readings of all meters */
    struct buf payload, event;
    int64_t sent; /* readings */
    _Atomic int64_t receipted, last_receipt_ms;
    bool deaf;
    int64_t shown_ms, began_ms;
    int64_t again_ms, again_at_ms;
};

/* Silence takes no number: a meter's readings are counted without gap. */
static int64_t seq_of(const struct history *h, const struct fleet_meter *meter, int64_t step)
{
    return step - incidents_silent_steps(&meter->incidents, h->first_utc_ms, h->step_ms, step);
}

/* The step whose reading has this number. */
static int64_t step_of(const struct history *h, const struct fleet_meter *meter, int64_t seq)
{
    int64_t step = seq;
    while (seq_of(h, meter, step + 1) <= seq)
        step += seq + 1 - seq_of(h, meter, step + 1);
    return step;
}

struct history *history_create(struct fleet *fleet, int64_t now_utc_ms)
{
    struct history *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    const struct options *o = fleet->options;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char random[12] = {0};
    if (getrandom(random, sizeof random, 0) < 0)
        random[0] = (unsigned char)now_utc_ms;
    h->boot[0] = 'h';
    for (size_t i = 0; i < sizeof random; i++)
        h->boot[i + 1] = letters[random[i] % 32];
    h->fleet = fleet;
    h->step_ms = o->backfill_interval_s * MS_PER_S;
    int64_t epoch = zone_midnight_utc_ms(fleet->place.zone, HOUSEHOLD_EPOCH_DAY);
    int64_t first = now_utc_ms - o->backfill_days * MS_PER_DAY;
    h->first_utc_ms = instant_floor((first > epoch ? first : epoch) + h->step_ms - 1, h->step_ms);
    h->steps = (now_utc_ms - h->first_utc_ms) / h->step_ms + 1;
    for (size_t i = 0; i < fleet->count; i++)
        h->total += seq_of(h, &fleet->meters[i], h->steps);
    fleet_announce_from(fleet, h->first_utc_ms);
    h->again_ms = AGAIN_MS;
    buf_init(&h->payload, DEVICE_PAYLOAD_MAX);
    buf_init(&h->event, DEFECT_EVENT_MAX);
    return h;
}

void history_destroy(struct history *h)
{
    if (h == NULL)
        return;
    buf_finish(&h->payload);
    buf_finish(&h->event);
    free(h);
}

void history_receipt(struct history *h, struct fleet_meter *meter, const struct device_receipt *receipt)
{
    if (strcmp(receipt->boot, h->boot) != 0 || receipt->seq >= seq_of(h, meter, h->steps))
        return;
    int64_t before = atomic_load(&meter->receipted);
    if (receipt->seq <= before)
        return;
    atomic_store(&meter->receipted, receipt->seq);
    atomic_fetch_add(&h->receipted, receipt->seq - before);
    atomic_store(&h->last_receipt_ms, clock_monotonic(&clock_system));
}

/* Publishes the readings of steps [from, from + count) of a meter; waits for room at the connection. */
static enum err send_batch(struct history *h, size_t number, int64_t from, int64_t count)
{
    struct fleet_meter *meter = &h->fleet->meters[number];
    char topic[96];
    struct reading reading;
    struct fault fault;
    int64_t until = from + count < h->steps ? from + count : h->steps;
    int added = 0;
    buf_reset(&h->payload);
    device_batch_begin(&h->payload, h->boot);
    for (int64_t step = from; step < until; step++) {
        int64_t ts = h->first_utc_ms + step * h->step_ms;
        if (incidents_are_silent(&meter->incidents, ts) || (fleet_skips(h->fleet, meter, ts) && step + 1 < h->steps))
            continue;
        fleet_reading(meter, ts, h->fleet->options->skip_permille == 0 ? seq_of(h, meter, step) : -1, &reading);
        if (fleet_announce(h->fleet, number, ts, true, &h->event, &fault) != OK)
            return ERR_RETRY;
        device_batch_add(&h->payload, &reading);
        added++;
    }
    device_batch_end(&h->payload);
    if (added == 0)
        return OK;
    snprintf(topic, sizeof topic, "meters/%s/readings", meter->id);
    enum err err = flow_publish(h->fleet->flow, (int)(number % FLOW_LINKS_MAX), topic, h->payload.data, h->payload.len, false, &fault);
    if (err != OK && !stop_requested())
        log_error("cannot publish history", LOG_TEXT("meter", meter->id), LOG_FAULT(&fault));
    if (err == OK && reading.seq > meter->sent)
        meter->sent = reading.seq;
    return err;
}

static void show_progress(struct history *h, bool last)
{
    int64_t now = clock_monotonic(&clock_system);
    if (!last && now - h->shown_ms < PROGRESS_MS)
        return;
    h->shown_ms = now;
    int64_t spent = now - h->began_ms > 0 ? now - h->began_ms : 1;
    log_info("history", LOG_INT("percent", h->total > 0 ? h->sent * 100 / h->total : 100), LOG_INT("sent", h->sent), LOG_INT("of", h->total),
             LOG_INT("per_s", h->sent * 1000 / spent), LOG_INT("receipted", atomic_load(&h->receipted)));
}

/* Repeats one reading of each meter that waits for a receipt: a repetition changes nothing and is
 * receipted again. */
static void ask_for_receipts(struct history *h)
{
    for (size_t i = 0; i < h->fleet->count && !stop_requested(); i++) {
        const struct fleet_meter *meter = &h->fleet->meters[i];
        if (atomic_load(&meter->receipted) < meter->sent)
            send_batch(h, i, step_of(h, meter, meter->sent), 1);
    }
}

/* Waits while too much is without receipt. False: stopped. */
static bool wait_for_window(struct history *h)
{
    if (h->fleet->options->skip_permille > 0)
        return !stop_requested();
    int64_t asked_ms = clock_monotonic(&clock_system);
    atomic_store(&h->last_receipt_ms, asked_ms);
    while (!h->deaf && h->sent - atomic_load(&h->receipted) > WINDOW) {
        show_progress(h, false);
        if (stop_wait(20))
            return false;
        int64_t now = clock_monotonic(&clock_system), quiet_ms = now - atomic_load(&h->last_receipt_ms);
        if (quiet_ms > ASK_MS && now - asked_ms > ASK_MS) {
            asked_ms = now;
            ask_for_receipts(h);
        }
        if (quiet_ms > DEAF_MS) {
            h->deaf = true;
            log_warn("no receipts come: going on without waiting for them", LOG_INT("sent", h->sent));
        }
    }
    return !stop_requested();
}

bool history_send(struct history *h)
{
    struct fleet *fleet = h->fleet;
    char from[INSTANT_TEXT_SIZE];
    instant_format(h->first_utc_ms, from);
    h->began_ms = h->shown_ms = clock_monotonic(&clock_system);
    log_info("history begins", LOG_UINT("meters", fleet->count), LOG_INT("readings_each", h->steps), LOG_TEXT("from", from));
    for (int64_t step = 0; step < h->steps; step += BATCH) {
        int64_t until = h->steps - step < BATCH ? h->steps : step + BATCH;
        for (size_t i = 0; i < fleet->count; i++) {
            if (!wait_for_window(h) || send_batch(h, i, step, BATCH) != OK)
                return false;
            h->sent += seq_of(h, &fleet->meters[i], until) - seq_of(h, &fleet->meters[i], step);
            show_progress(h, false);
        }
    }
    if (!flow_wait_acknowledged(fleet->flow, -1))
        return false;
    show_progress(h, true);
    h->again_at_ms = clock_monotonic(&clock_system) + h->again_ms;
    return true;
}

bool history_settle(struct history *h)
{
    if (h->fleet->options->skip_permille > 0)
        return true; /* without seq there are no receipts */
    int64_t receipted = atomic_load(&h->receipted);
    if (receipted >= h->total)
        return true;
    int64_t now = clock_monotonic(&clock_system);
    int64_t quiet_since = atomic_load(&h->last_receipt_ms);
    if (now < h->again_at_ms || now - quiet_since < h->again_ms)
        return false;
    log_info("receipts are asked for again", LOG_INT("readings", h->total - receipted));
    for (size_t i = 0; i < h->fleet->count && !stop_requested(); i++) {
        const struct fleet_meter *meter = &h->fleet->meters[i];
        int64_t next = atomic_load(&meter->receipted) + 1;
        if (next < seq_of(h, meter, h->steps) && send_batch(h, i, step_of(h, meter, next), BATCH) != OK)
            break;
    }
    h->again_ms = h->again_ms * 2 < AGAIN_MAX_MS ? h->again_ms * 2 : AGAIN_MAX_MS;
    h->again_at_ms = clock_monotonic(&clock_system) + h->again_ms;
    return false;
}
