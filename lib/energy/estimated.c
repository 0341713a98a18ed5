#include "energy/estimated.h"
#include "base/number.h"

int64_t estimated_day_wh(const struct day *day)
{
    int64_t wh = 0;
    for (int i = 0; i < day->slot_count; i++)
        wh += day->slots[i].quality == QUALITY_ESTIMATED ? day->slots[i].wh : 0;
    return wh;
}

bool estimated_cycle(int64_t estimated_wh, int64_t total_wh, const struct estimated_limits *limits)
{
    return estimated_wh > 0 && (int128)estimated_wh * 100 > (int128)total_wh * limits->share_percent;
}
