#include "energy/excess.h"
#include "base/number.h"

#define LIMIT_FLOOR_WH 2000
#define ENDS_BELOW_PERCENT 95

static int64_t isqrt128(int128 n)
{
    int64_t root = 0;
    for (int64_t bit = INT64_C(1) << 61; bit; bit >>= 1)
        if ((int128)(root | bit) * (root | bit) <= n)
            root |= bit;
    return root;
}

int64_t excess_default_limit_wh(const int64_t *day_wh, int count)
{
    if (count < EXCESS_DAYS_MIN)
        return 0;
    int128 sum = 0, squares = 0;
    for (int i = 0; i < count; i++)
        sum += day_wh[i];
    int64_t mean = (int64_t)(sum / count);
    for (int i = 0; i < count; i++)
        squares += (int128)(day_wh[i] - mean) * (day_wh[i] - mean);
    int64_t spread = isqrt128(squares / (count - 1));
    int64_t limit = mean + 3 * spread;
    if (limit < mean + mean * 3 / 10)
        limit = mean + mean * 3 / 10;
    return limit < LIMIT_FLOOR_WH ? LIMIT_FLOOR_WH : limit;
}

bool excess_of_day(const struct day *day, int64_t limit_wh, bool already, struct excess *out)
{
    int64_t sum = 0;
    bool over = false;
    if (limit_wh <= 0)
        return false;
    for (int i = 0; i < day->slot_count; i++) {
        sum += day->slots[i].wh;
        if (!over && sum > limit_wh) {
            over = true;
            out->since_utc_ms = day->start_utc_ms + i * QUARTER_MS;
        }
    }
    out->day_wh = sum;
    return over || (already && (int128)sum * 100 >= (int128)limit_wh * ENDS_BELOW_PERCENT);
}
