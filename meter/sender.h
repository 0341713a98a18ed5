/*
 * Decides what a meter sends from its spool, and when: new readings once, after a reconnect
 * everything without a receipt, after a time without a receipt the oldest again, and what a
 * `resend` command asks for. A pure state machine: time and the way out are passed in. Not
 * thread-safe.
 */
#ifndef METER_SENDER_H
#define METER_SENDER_H

#include "base/buf.h"
#include "meter/spool.h"
#include "wire/device_json.h"

#define SENDER_RESENDS_MAX 16
#define SENDER_AGAIN_MAX_MS 600000

struct sender_out {
    /* Hands one payload over; anything but OK: not now, ask me again later. */
    enum err (*publish)(const void *payload, size_t len, void *arg);
    /* A resend command was carried out; `sent` readings went out. */
    void (*resent)(const char *command_id, int64_t sent, void *arg);
    void *arg;
    /* Makes of a reading what the meter shows (defect.h); NULL: as it is kept. A function of the
     * reading. */
    void (*show)(struct reading *reading, void *arg);
};

struct sender_resend {
    struct device_command command;
    uint64_t next;
    int64_t sent;
};

struct sender {
    struct spool *spool;
    struct sender_out out;
    struct buf payload;
    uint64_t cursor;     /* up to here (excluded) everything was sent in this connection */
    uint64_t waited_for; /* the oldest without a receipt, when it was last looked at */
    int64_t waited_since_ms;
    int64_t again_ms, again_first_ms;
    struct sender_resend resends[SENDER_RESENDS_MAX];
    size_t resend_count;
    uint64_t sent, repeated; /* readings, counted */
};

void sender_init(struct sender *sender, struct spool *spool, int64_t receipt_wait_ms, const struct sender_out *out);
void sender_finish(struct sender *sender);

/* Connected (again): what has no receipt is to be sent again. */
void sender_restart(struct sender *sender, int64_t now_ms);

/* Queues a resend. ERR_NOT_FOUND: nothing of that range is kept; ERR_LIMIT: too many wait. */
enum err sender_resend(struct sender *sender, const struct device_command *command);

/* Sends at most `messages` messages. */
void sender_run(struct sender *sender, int64_t now_ms, int messages);

/* How a kept reading is told. */
void sender_reading(const struct spool_reading *kept, struct reading *out);

#endif
