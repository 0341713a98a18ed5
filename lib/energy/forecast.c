#include "energy/forecast.h"
#include "base/instant.h"
#include "base/number.h"

/* z of the 10 % and 90 % points of a normal distribution, × 10,000. */
#define Z90_E4 12816

static int64_t isqrt(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= n)
            root |= bit;
    return (int64_t)root;
}

/*
 * Two things are unsure: how the remaining days scatter around the mean (their sum: sd·√R), and the mean itself, known from n days only
 * (R·sd/√n). Variances add: sd²·(R + R²/n). R in days × 1000 to keep the last part of a day.
 */
bool forecast_rest(const struct forecast_input *input, struct forecast_energy *out)
{
    int n = input->count > FORECAST_DAYS_MAX ? FORECAST_DAYS_MAX : input->count;
    if (n < FORECAST_DAYS_MIN || input->remaining_ms < 0)
        return false;
    int128 sum = 0;
    for (int i = 0; i < n; i++)
        sum += input->day_wh[i];
    int64_t mean_wh = (int64_t)(sum / n);
    int128 squares = 0;
    for (int i = 0; i < n; i++)
        squares += (int128)(input->day_wh[i] - mean_wh) * (input->day_wh[i] - mean_wh);
    int128 variance = squares / (n - 1);
    int64_t rest_wh;
    if (!muldiv_floor(mean_wh, input->remaining_ms, MS_PER_DAY, &rest_wh))
        return false;
    int128 milli_days = (int128)input->remaining_ms * 1000 / MS_PER_DAY;
    int128 spread;
    if (__builtin_mul_overflow(variance, milli_days * 1000 + milli_days * milli_days / n, &spread) || (spread /= 1000000) > INT64_MAX)
        return false;
    int64_t band_wh = isqrt((uint64_t)spread) * Z90_E4 / 10000;
    out->rest_wh = rest_wh;
    out->low_rest_wh = rest_wh > band_wh ? rest_wh - band_wh : 0;
    out->high_rest_wh = rest_wh + band_wh;
    return true;
}
