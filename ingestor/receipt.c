#include "ingestor/receipt.h"
#include <stdio.h>
#include <string.h>

/* protocol.md: "A hole in seq is asked for after 10 s, 1 min and 10 min, then given up and counted". */
static const int64_t ask_after_ms[RECEIPT_ASKINGS] = {10000, 60000, 600000};
#define GIVE_UP_AFTER_MS 660000

void receipt_init(struct receipt *receipt)
{
    memset(receipt, 0, sizeof *receipt);
    receipt->done_seq = receipt->top_seq = -1;
}

/* done_seq moves on over ranges that touch it. */
static void settle(struct receipt *receipt)
{
    int gone = 0;
    while (gone < receipt->range_count && receipt->ranges[gone].from <= receipt->done_seq + 1) {
        if (receipt->ranges[gone].to > receipt->done_seq)
            receipt->done_seq = receipt->ranges[gone].to;
        gone++;
    }
    if (gone == 0)
        return;
    receipt->range_count -= gone;
    memmove(receipt->ranges, receipt->ranges + gone, (size_t)receipt->range_count * sizeof receipt->ranges[0]);
    receipt->hole_since_ms = 0;
}

static void give_up_lowest(struct receipt *receipt)
{
    receipt->given_up += receipt->ranges[0].from - receipt->done_seq - 1;
    receipt->done_seq = receipt->ranges[0].from - 1;
    settle(receipt);
}

/* Adds seq to the ranges beyond done_seq. False when it is there already. */
static bool insert(struct receipt *receipt, int64_t seq)
{
    int i = 0;
    while (i < receipt->range_count && receipt->ranges[i].to < seq - 1)
        i++;
    if (i < receipt->range_count && receipt->ranges[i].from <= seq && seq <= receipt->ranges[i].to)
        return false;
    if (i < receipt->range_count && receipt->ranges[i].to == seq - 1) {
        receipt->ranges[i].to = seq;
        if (i + 1 < receipt->range_count && receipt->ranges[i + 1].from == seq + 1) {
            receipt->ranges[i].to = receipt->ranges[i + 1].to;
            receipt->range_count--;
            memmove(&receipt->ranges[i + 1], &receipt->ranges[i + 2], (size_t)(receipt->range_count - i - 1) * sizeof receipt->ranges[0]);
        }
        return true;
    }
    if (i < receipt->range_count && receipt->ranges[i].from == seq + 1) {
        receipt->ranges[i].from = seq;
        return true;
    }
    memmove(&receipt->ranges[i + 1], &receipt->ranges[i], (size_t)(receipt->range_count - i) * sizeof receipt->ranges[0]);
    receipt->ranges[i].from = receipt->ranges[i].to = seq;
    receipt->range_count++;
    return true;
}

bool receipt_take(struct receipt *receipt, int64_t seq, int64_t now_ms)
{
    if (seq <= receipt->done_seq)
        return false;
    if (receipt->range_count == RECEIPT_RANGES_MAX) {
        give_up_lowest(receipt);
        if (seq <= receipt->done_seq)
            return false;
    }
    if (!insert(receipt, seq))
        return false;
    if (receipt->done_seq < 0 && receipt->ranges[0].from == 1)
        receipt->ranges[0].from = 0;
    if (seq > receipt->top_seq)
        receipt->top_seq = seq;
    settle(receipt);
    if (receipt->range_count == 0) {
        receipt->hole_since_ms = 0;
    } else if (receipt->hole_since_ms == 0) {
        receipt->hole_since_ms = now_ms;
        receipt->askings = 0;
    }
    return true;
}

enum receipt_step receipt_tick(struct receipt *receipt, int64_t now_ms, int64_t *out_from, int64_t *out_to)
{
    if (receipt->range_count == 0)
        return RECEIPT_WAIT;
    if (receipt->hole_since_ms == 0 || now_ms < receipt->hole_since_ms) { /* the hole behind the last one, or the clock went back */
        receipt->hole_since_ms = now_ms;
        receipt->askings = 0;
    }
    int64_t age_ms = now_ms - receipt->hole_since_ms;
    *out_from = receipt->done_seq + 1;
    *out_to = receipt->ranges[0].from - 1;
    if (receipt->askings < RECEIPT_ASKINGS && age_ms >= ask_after_ms[receipt->askings]) {
        receipt->askings++;
        return RECEIPT_ASK;
    }
    if (age_ms < GIVE_UP_AFTER_MS)
        return RECEIPT_WAIT;
    give_up_lowest(receipt);
    receipt->hole_since_ms = receipt->range_count > 0 ? now_ms : 0;
    receipt->askings = 0;
    return RECEIPT_GIVEN_UP;
}

void receipt_ranges_write(const struct receipt *receipt, char out[RECEIPT_TEXT_MAX])
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < receipt->range_count; i++)
        len += (size_t)snprintf(out + len, RECEIPT_TEXT_MAX - len, "%s%lld-%lld", i ? "," : "", (long long)receipt->ranges[i].from,
                                (long long)receipt->ranges[i].to);
}

/* One number without sign or blanks. Returns what follows it, or NULL. */
static const char *read_number(const char *text, int64_t *out)
{
    int64_t value = 0;
    if (*text < '0' || *text > '9')
        return NULL;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(value, INT64_C(10), &value) || __builtin_add_overflow(value, (int64_t)(*text - '0'), &value))
            return NULL;
    *out = value;
    return text;
}

void receipt_ranges_read(struct receipt *receipt, const char *text)
{
    int64_t last = receipt->done_seq;
    int count = 0;
    receipt->range_count = 0;
    for (; count < RECEIPT_RANGES_MAX; count++) {
        int64_t from, to;
        text = read_number(text, &from);
        text = text && *text == '-' ? read_number(text + 1, &to) : NULL;
        if (!text || from > to || from <= last + 1) /* ranges ascend and never touch */
            return;
        receipt->ranges[count].from = from;
        receipt->ranges[count].to = last = to;
        if (*text != ',')
            break;
        text++;
    }
    if (count < RECEIPT_RANGES_MAX && *text == '\0')
        receipt->range_count = count + 1;
}
