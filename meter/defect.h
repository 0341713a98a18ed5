/*
 * Faults that real meters have, put into a simulated one on purpose (--fault), so that the other
 * side can show what it makes of them. The meter itself counts on rightly; what it shows and sends
 * is wrong.
 *
 *   duplicate  every third message goes out twice
 *   reorder    messages are held back, DEFECT_HELD_MAX at a time, and sent in another order
 *   skew       the device's clock is ahead (or behind, below zero) by skew_s
 *   rollover   the register begins less than 100 Wh below register_max_wh and goes on at 0 behind it
 *   silence    nothing is sent for silence_s, once in every_s
 *   corrupt    one message of eight, but never the first of a run, is broken: cut off, -1, 65535, text or a boolean in place of the number
 *   transient  one reading of sixteen shows 0 or something low, the next is right again
 *   exchange   every exchange_wh another device hangs there; an event tells of both registers
 *
 * Everything follows from the seed and the meter's key: the same meter has the same faults at the
 * same readings in every run. What a reading shows is a function of the reading alone, so that
 * sending it again, or after a restart, tells the same. Where a register's maximum is not known to
 * the other side it cannot know a rollover from a fault: with rollover the meter tells the maximum
 * after its first reading, by the one message of the contract that has a field for it, an exchange
 * event in which the register goes on where it was.
 *
 * No clock, no log, no I/O but through the way out that is passed in. Not thread-safe.
 */
#ifndef METER_DEFECT_H
#define METER_DEFECT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "energy/reading.h"

enum defect {
    DEFECT_DUPLICATE = 1,
    DEFECT_REORDER = 2,
    DEFECT_SKEW = 4,
    DEFECT_ROLLOVER = 8,
    DEFECT_SILENCE = 16,
    DEFECT_CORRUPT = 32,
    DEFECT_TRANSIENT = 64,
    DEFECT_EXCHANGE = 128
};

#define DEFECT_HELD_MAX 4
#define DEFECT_EVENT_MAX 512
#define DEFECT_MESSAGE_MAX 262144 /* protocol.md: 256 KiB */

struct defect_plan {
    unsigned defects;
    uint64_t seed;
    int64_t interval_ms; /* of the readings */
    int64_t skew_s;
    int64_t register_max_wh;
    int64_t exchange_wh;        /* 1 or more */
    int64_t silence_s, every_s; /* silence_s < every_s */
};

/* "duplicate,skew"; "" is none. ERR_INVALID with the names there are. */
enum err defects_parse(const char *names, struct fault *fault, unsigned *out);

/* Is this one of the meters that have them, when `permille` of a thousand do? */
bool defect_afflicts(const struct defect_plan *plan, uint64_t key, int64_t permille);

/* Hands a payload over; anything but OK: not now. */
struct defect_out {
    enum err (*send)(const void *payload, size_t len, void *arg);
    void *arg;
};

struct defect_meter {
    const struct defect_plan *plan;
    uint64_t key;
    uint64_t messages;    /* taken by defect_send */
    bool told_max;        /* its register's maximum */
    int64_t last_true_wh; /* of the reading before; -1: none yet */
    struct buf held[DEFECT_HELD_MAX];
    int held_count;
};

void defect_init(struct defect_meter *meter, const struct defect_plan *plan, uint64_t key);
void defect_finish(struct defect_meter *meter);

/* ---- what a reading shows: functions of the reading ---- */

/* Makes of the true reading what the meter shows. */
void defect_show(const struct defect_meter *meter, struct reading *reading);

/* The register that it shows for what it truly counted (rollover, exchange). */
int64_t defect_register(const struct defect_meter *meter, int64_t true_wh);

/* 0 or something low at one reading of sixteen (never the first of a boot); else `shown_wh`. */
int64_t defect_transient(const struct defect_meter *meter, const struct reading *reading, int64_t shown_wh);

bool defect_is_silent(const struct defect_meter *meter, int64_t utc_ms);

/*
 * Must the meter tell of its register at this true reading? Then the event's payload is written. To
 * be asked for each reading in their order, before or after it is sent; one that was asked for
 * before changes nothing. `true_wh` as counted.
 */
bool defect_event(struct defect_meter *meter, int64_t ts_utc_ms, int64_t true_wh, struct buf *out);

/* ---- what becomes of a message of readings ---- */

/* ERR_RETRY: nothing was taken, the same message is to be given again. */
enum err defect_send(struct defect_meter *meter, const void *payload, size_t len, const struct defect_out *out);

/* Sends what is held back. */
enum err defect_flush(struct defect_meter *meter, const struct defect_out *out);

/* Breaks the number of the first register in a payload, in one of five ways. */
void defect_corrupt(struct buf *payload, uint64_t bits);

#endif
