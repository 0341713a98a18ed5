/*
 * What goes wrong on the way: messages twice, in another order, and broken.
 */
#include "meter/defect.h"

#include <string.h>

#include "meter/household_day.h"

enum { DUPLICATE_EACH = 3, CORRUPT_OF = 8 };

void defect_corrupt(struct buf *payload, uint64_t bits)
{
    static const char *const instead[] = {"-1", "65535", "\"12a\"", "true"};
    const char *name = "\"energy_wh\":";
    char *found = payload->len > 0 ? strstr(payload->data, name) : NULL;
    struct buf broken;
    if (found == NULL || bits % 5 == 4) { /* cut off */
        payload->len /= 2;
        if (payload->len > 0)
            payload->data[payload->len] = '\0';
        return;
    }
    char *number = found + strlen(name);
    buf_init(&broken, DEFECT_MESSAGE_MAX);
    buf_append(&broken, payload->data, (size_t)(number - payload->data));
    buf_str(&broken, instead[bits % 5]);
    buf_str(&broken, number + strspn(number, "0123456789"));
    if (!broken.overflow) {
        buf_reset(payload);
        buf_append(payload, broken.data, broken.len);
    }
    buf_finish(&broken);
}

static enum err send_one(struct defect_meter *meter, const struct buf *payload, uint64_t number, const struct defect_out *out)
{
    enum err err = out->send(payload->data, payload->len, out->arg);
    if (err == OK && (meter->plan->defects & DEFECT_DUPLICATE) && number % DUPLICATE_EACH == 0)
        out->send(payload->data, payload->len, out->arg); /* no room for the second: then not */
    return err;
}

enum err defect_flush(struct defect_meter *meter, const struct defect_out *out)
{
    while (meter->held_count > 0) {
        uint64_t bits = household_hash(meter->key, (int64_t)meter->messages, meter->held_count);
        int pick = (int)(bits % (uint64_t)meter->held_count), last = meter->held_count - 1;
        enum err err = send_one(meter, &meter->held[pick], bits >> 8, out);
        if (err != OK)
            return err;
        struct buf gone = meter->held[pick];
        meter->held[pick] = meter->held[last];
        meter->held[last] = gone;
        buf_reset(&meter->held[last]);
        meter->held_count--;
    }
    return OK;
}

enum err defect_send(struct defect_meter *meter, const void *payload, size_t len, const struct defect_out *out)
{
    unsigned defects = meter->plan->defects;
    struct buf *held = &meter->held[meter->held_count];
    if (meter->held_count == DEFECT_HELD_MAX) { /* full, and could not be sent before */
        enum err err = defect_flush(meter, out);
        if (err != OK)
            return err;
        held = &meter->held[0];
    }
    buf_reset(held);
    buf_append(held, payload, len);
    if (held->overflow) {
        buf_reset(held);
        return ERR_LIMIT;
    }
    uint64_t bits = household_hash(meter->key, (int64_t)meter->messages, 0xc0);
    if ((defects & DEFECT_CORRUPT) && meter->messages > 0 && bits % CORRUPT_OF == 0) /* without the first read nobody knows what was counted */
        defect_corrupt(held, bits >> 8);
    if ((defects & DEFECT_REORDER) == 0) {
        enum err err = send_one(meter, held, meter->messages, out);
        buf_reset(held);
        meter->messages += err == OK;
        return err;
    }
    meter->messages++;
    if (++meter->held_count == DEFECT_HELD_MAX)
        defect_flush(meter, out); /* what does not go now goes before the next */
    return OK;
}
