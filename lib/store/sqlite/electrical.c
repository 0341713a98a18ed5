#include "store/sqlite/electrical.h"
#include <stdint.h>
#include "base/varint.h"

enum tag { TAG_VOLTAGE_MV = 1, TAG_CURRENT_MA = 2, TAG_POWER_FACTOR_MILLI = 3, TAG_FREQUENCY_MHZ = 4 };

/* A head of one byte: 0x80, perhaps HUNDREDS (each value is told by its hundredth), the tag, the count; then the values as zigzag varints. */
#define SHORT 0x80
#define HUNDREDS 0x40
#define COUNT_BITS 2

static size_t pack(unsigned char *out, enum tag tag, const struct phases *phases)
{
    bool hundreds = true;
    size_t len = 1;
    if (phases->count == 0)
        return 0;
    for (int i = 0; i < phases->count; i++)
        hundreds &= phases->value[i] % 100 == 0;
    out[0] = (unsigned char)(SHORT | (hundreds ? HUNDREDS : 0) | tag << COUNT_BITS | phases->count);
    for (int i = 0; i < phases->count; i++)
        len = varint_put(out, len, hundreds ? phases->value[i] / 100 : phases->value[i]);
    return len;
}

size_t electrical_pack(const struct reading *reading, unsigned char out[ELECTRICAL_MAX])
{
    struct phases frequency = {reading->frequency_mhz != 0, {reading->frequency_mhz}};
    size_t len = pack(out, TAG_VOLTAGE_MV, &reading->voltage_mv);
    len += pack(out + len, TAG_CURRENT_MA, &reading->current_ma);
    len += pack(out + len, TAG_POWER_FACTOR_MILLI, &reading->power_factor_milli);
    return len + pack(out + len, TAG_FREQUENCY_MHZ, &frequency);
}

static bool take_short(const unsigned char *bytes, size_t len, size_t *at, int *out_tag, struct phases *out)
{
    unsigned char head = bytes[(*at)++];
    *out_tag = (head & ~(SHORT | HUNDREDS)) >> COUNT_BITS;
    out->count = head & ((1 << COUNT_BITS) - 1);
    for (int i = 0; i < out->count; i++) {
        int64_t value;
        if (!varint_take(bytes, len, at, &value) || value < INT32_MIN || value > INT32_MAX)
            return false;
        value *= head & HUNDREDS ? 100 : 1;
        if (value < INT32_MIN || value > INT32_MAX)
            return false;
        out->value[i] = (int32_t)value;
    }
    return true;
}

/* As it was written once: tag, count, values of four bytes each. */
static bool take_long(const unsigned char *bytes, size_t len, size_t *at, int *out_tag, struct phases *out)
{
    if (*at + 2 > len)
        return false;
    *out_tag = bytes[(*at)++];
    out->count = bytes[(*at)++];
    if (out->count > READING_PHASES_MAX || *at + (size_t)out->count * 4 > len)
        return false;
    for (int i = 0; i < out->count; i++, *at += 4) {
        const unsigned char *b = bytes + *at;
        out->value[i] = (int32_t)((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
    }
    return true;
}

void electrical_unpack(const unsigned char *bytes, size_t len, struct reading *reading)
{
    for (size_t at = 0; at < len;) {
        struct phases phases = {0};
        int tag;
        if (!(bytes[at] & SHORT ? take_short(bytes, len, &at, &tag, &phases) : take_long(bytes, len, &at, &tag, &phases)))
            return;
        if (tag == TAG_VOLTAGE_MV)
            reading->voltage_mv = phases;
        else if (tag == TAG_CURRENT_MA)
            reading->current_ma = phases;
        else if (tag == TAG_POWER_FACTOR_MILLI)
            reading->power_factor_milli = phases;
        else if (tag == TAG_FREQUENCY_MHZ)
            reading->frequency_mhz = phases.value[0];
    }
}
