#include "energy/quarter.h"
#include "base/varint.h"
#include "base/instant.h"

const char *quality_name(enum quality quality)
{
    switch (quality) {
    case QUALITY_MISSING:
        return "missing";
    case QUALITY_MEASURED:
        return "measured";
    case QUALITY_ESTIMATED:
        return "estimated";
    case QUALITY_PARTIAL:
        return "partial";
    case QUALITY_EDITED:
        return "edited";
    }
    return "missing";
}

void day_init(struct day *day, int32_t local_day, int64_t midnight_utc_ms, int64_t next_midnight_utc_ms)
{
    int64_t first = instant_floor(midnight_utc_ms + QUARTER_MS - 1, QUARTER_MS);
    int64_t past = instant_floor(next_midnight_utc_ms + QUARTER_MS - 1, QUARTER_MS);
    int64_t count = past > first ? (past - first) / QUARTER_MS : 0;
    day->local_day = local_day;
    day->start_utc_ms = first;
    day->slot_count = count > DAY_SLOTS_MAX ? DAY_SLOTS_MAX : (int)count;
    for (int i = 0; i < DAY_SLOTS_MAX; i++)
        day->slots[i] = (struct slot){0, QUALITY_MISSING};
}

bool day_is_empty(const struct day *day)
{
    for (int i = 0; i < day->slot_count; i++)
        if (day->slots[i].quality != QUALITY_MISSING)
            return false;
    return true;
}

void energy_sum_slots(const struct day *day, int from, int until, struct energy_sum *sum)
{
    for (int i = from < 0 ? 0 : from; i < until && i < day->slot_count; i++) {
        sum->wh += day->slots[i].wh;
        switch (day->slots[i].quality) {
        case QUALITY_MISSING:
            sum->missing++;
            break;
        case QUALITY_MEASURED:
            sum->measured++;
            break;
        case QUALITY_ESTIMATED:
            sum->estimated++;
            break;
        case QUALITY_PARTIAL:
            sum->partial++;
            break;
        case QUALITY_EDITED:
            sum->edited++;
            break;
        }
    }
}

enum quality energy_sum_quality(const struct energy_sum *sum)
{
    int present = sum->measured + sum->estimated + sum->partial + sum->edited;
    if (present == 0)
        return QUALITY_MISSING;
    if (sum->missing > 0 || sum->partial > 0)
        return QUALITY_PARTIAL;
    if (sum->estimated > 0)
        return QUALITY_ESTIMATED;
    return sum->edited > 0 ? QUALITY_EDITED : QUALITY_MEASURED;
}

size_t day_pack(const struct day *day, unsigned char out[DAY_PACKED_MAX])
{
    size_t len = 0;
    for (int i = 0; i < day->slot_count; i++) {
        const struct slot *slot = &day->slots[i];
        out[len++] = (unsigned char)slot->quality;
        if (slot->quality == QUALITY_MISSING)
            continue;
        len = varint_put(out, len, slot->wh);
    }
    return len;
}

bool day_unpack(const unsigned char *bytes, size_t len, struct day *day)
{
    size_t at = 0;
    for (int i = 0; i < day->slot_count; i++) {
        int64_t wh = 0;
        if (at >= len || bytes[at] > QUALITY_EDITED)
            return false;
        enum quality quality = (enum quality)bytes[at++];
        if (quality != QUALITY_MISSING && !varint_take(bytes, len, &at, &wh))
            return false;
        day->slots[i].quality = quality;
        day->slots[i].wh = wh;
    }
    return at == len;
}
