#include "store/sqlite/electrical.h"
#include <stdint.h>

enum tag { TAG_VOLTAGE_MV = 1, TAG_CURRENT_MA = 2, TAG_POWER_FACTOR_MILLI = 3, TAG_FREQUENCY_MHZ = 4 };

static size_t pack(unsigned char *out, enum tag tag, const struct phases *phases)
{
    size_t len = 0;
    if (phases->count == 0)
        return 0;
    out[len++] = (unsigned char)tag;
    out[len++] = (unsigned char)phases->count;
    for (int i = 0; i < phases->count; i++)
        for (int shift = 0; shift < 32; shift += 8)
            out[len++] = (unsigned char)((uint32_t)phases->value[i] >> shift);
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

void electrical_unpack(const unsigned char *bytes, size_t len, struct reading *reading)
{
    size_t at = 0;
    while (at + 2 <= len) {
        int tag = bytes[at], count = bytes[at + 1];
        struct phases phases = {0};
        at += 2;
        if (count > READING_PHASES_MAX || at + (size_t)count * 4 > len)
            return;
        phases.count = count;
        for (int i = 0; i < count; i++, at += 4)
            phases.value[i] =
                (int32_t)((uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 | (uint32_t)bytes[at + 3] << 24);
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
