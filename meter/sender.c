#include "meter/sender.h"

#include <string.h>

#include "base/text.h"

/* A batch ends before this, so that it surely stays below the contract's 256 KiB. */
enum { PAYLOAD_FULL = DEVICE_PAYLOAD_MAX - DEVICE_READING_MAX - 64, WMS_PER_WH = 3600000 };

void sender_init(struct sender *sender, struct spool *spool, int64_t receipt_wait_ms, const struct sender_out *out)
{
    *sender = (struct sender){.spool = spool, .out = *out, .again_ms = receipt_wait_ms, .again_first_ms = receipt_wait_ms};
    sender->cursor = sender->waited_for = spool_first(spool);
    buf_init(&sender->payload, DEVICE_PAYLOAD_MAX);
}

void sender_finish(struct sender *sender)
{
    buf_finish(&sender->payload);
}

void sender_restart(struct sender *sender, int64_t now_ms)
{
    sender->cursor = spool_first(sender->spool);
    sender->waited_since_ms = now_ms;
    sender->again_ms = sender->again_first_ms;
}

void sender_reading(const struct spool_reading *kept, struct reading *out)
{
    *out = (struct reading){.ts_utc_ms = kept->ts_utc_ms,
                            .kind = FACT_REGISTER,
                            .channel_count = 1,
                            .has_power = true,
                            .power_w = kept->power_w,
                            .has_seq = true,
                            .seq = kept->seq};
    out->channels[0] = (struct channel_value){OBIS_IMPORT, kept->register_wms / WMS_PER_WH};
    out->voltage_mv = (struct phases){.count = 1, .value = {kept->voltage_mv}};
    text_copy(out->boot, sizeof out->boot, kept->boot);
}

/* What a batch may hold: NULL stands for any boot, else a resend's range. */
static bool wanted(const struct spool_reading *kept, const struct device_command *range)
{
    return kept != NULL && (range == NULL || (kept->seq >= range->from_seq && kept->seq <= range->to_seq && strcmp(kept->boot, range->boot) == 0));
}

struct batch {
    uint64_t next; /* the number to go on from */
    int64_t count;
};

/* Builds a message of what is wanted from `from` on: one boot, up to the contract's bounds. */
static struct batch build(struct sender *sender, uint64_t from, const struct device_command *range)
{
    struct batch batch = {.next = from};
    struct reading first, reading;
    uint64_t end = spool_end(sender->spool);
    char boot[READING_BOOT_SIZE] = "";
    buf_reset(&sender->payload);
    for (; batch.next < end && batch.count < DEVICE_BATCH_MAX && sender->payload.len < PAYLOAD_FULL; batch.next++) {
        const struct spool_reading *kept = spool_get(sender->spool, batch.next);
        if (!wanted(kept, range))
            continue;
        if (batch.count > 0 && strcmp(kept->boot, boot) != 0)
            break;
        sender_reading(kept, &reading);
        if (sender->out.show != NULL)
            sender->out.show(&reading, sender->out.arg);
        if (batch.count++ == 0) {
            first = reading;
            text_copy(boot, sizeof boot, kept->boot);
            device_batch_begin(&sender->payload, boot);
        }
        device_batch_add(&sender->payload, &reading);
    }
    if (batch.count > 1) {
        device_batch_end(&sender->payload);
    } else if (batch.count == 1) { /* alone it is a message of its own kind */
        buf_reset(&sender->payload);
        device_reading_encode(&sender->payload, &first);
    }
    return batch;
}

static bool hand_over(struct sender *sender)
{
    return !sender->payload.overflow && sender->out.publish(sender->payload.data, sender->payload.len, sender->out.arg) == OK;
}

enum err sender_resend(struct sender *sender, const struct device_command *command)
{
    bool any = false;
    for (uint64_t n = spool_first(sender->spool); n < spool_end(sender->spool) && !any; n++)
        any = wanted(spool_get(sender->spool, n), command);
    if (!any)
        return ERR_NOT_FOUND;
    if (sender->resend_count == SENDER_RESENDS_MAX)
        return ERR_LIMIT;
    sender->resends[sender->resend_count++] = (struct sender_resend){.command = *command, .next = spool_first(sender->spool)};
    return OK;
}

/* One message of the oldest resend. False: could not be handed over. */
static bool run_resend(struct sender *sender)
{
    struct sender_resend *resend = &sender->resends[0];
    struct batch batch = build(sender, resend->next, &resend->command);
    if (batch.count > 0 && !hand_over(sender))
        return false;
    resend->next = batch.next;
    resend->sent += batch.count;
    sender->repeated += (uint64_t)batch.count;
    if (batch.next >= spool_end(sender->spool)) {
        struct sender_resend done = *resend;
        sender->resend_count--;
        memmove(sender->resends, sender->resends + 1, sender->resend_count * sizeof *sender->resends);
        sender->out.resent(done.command.command_id, done.sent, sender->out.arg);
    }
    return true;
}

/* The oldest readings once more, when their receipt is overdue. */
static void run_again(struct sender *sender, int64_t now_ms)
{
    uint64_t first = spool_first(sender->spool);
    if (first != sender->waited_for || first >= sender->cursor) {
        sender->waited_for = first;
        sender->waited_since_ms = now_ms;
        sender->again_ms = sender->again_first_ms;
        return;
    }
    if (now_ms - sender->waited_since_ms < sender->again_ms)
        return;
    struct batch batch = build(sender, first, NULL);
    if (batch.count == 0 || !hand_over(sender))
        return;
    sender->repeated += (uint64_t)batch.count;
    sender->waited_since_ms = now_ms;
    sender->again_ms = sender->again_ms * 2 < SENDER_AGAIN_MAX_MS ? sender->again_ms * 2 : SENDER_AGAIN_MAX_MS;
}

void sender_run(struct sender *sender, int64_t now_ms, int messages)
{
    if (sender->cursor < spool_first(sender->spool))
        sender->cursor = spool_first(sender->spool);
    for (int i = 0; i < messages && sender->resend_count > 0; i++)
        if (!run_resend(sender))
            return;
    for (int i = 0; i < messages && sender->cursor < spool_end(sender->spool); i++) {
        struct batch batch = build(sender, sender->cursor, NULL);
        if (batch.count > 0 && !hand_over(sender))
            return;
        sender->cursor = batch.next;
        sender->sent += (uint64_t)batch.count;
    }
    if (messages > 0)
        run_again(sender, now_ms);
}
