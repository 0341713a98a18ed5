#include "energy/variation.h"
#include "base/number.h"

bool variation_percent(int64_t forecast_minor, int64_t mean_minor, int64_t *out)
{
    if (mean_minor <= 0)
        return false;
    int128 percent = ((int128)forecast_minor - mean_minor) * 100 / mean_minor;
    if (percent > INT32_MAX || percent < INT32_MIN)
        return false;
    *out = (int64_t)percent;
    return true;
}

bool variation_over(int64_t percent, int64_t limit_percent, bool already)
{
    int64_t size = percent < 0 ? -percent : percent;
    return already ? size * 5 >= limit_percent * 4 : size >= limit_percent;
}
