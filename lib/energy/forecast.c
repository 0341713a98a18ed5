#include "energy/forecast.h"
#include "base/instant.h"
#include "base/number.h"

/* z of the 10 % and 90 % points of a normal distribution, × 10,000. */
#define Z90_E4 12816

/* Variance of the sum of R days in variances of one day: 2 · R (days that are alike) + 0.15 · R² (the level moves). */
#define ALIKE_E2 200
#define DRIFT_E2 15

static int64_t isqrt(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= n)
            root |= bit;
    return (int64_t)root;
}

/* 2^(−age/6) in 65,536ths: halved every six days. */
static int64_t weight_of(int age_days)
{
    static const int64_t step[6] = {65536, 58386, 52016, 46341, 41285, 36781};
    return step[age_days % 6] >> (age_days / 6);
}

static int64_t level_wh(const struct forecast_input *input, int n)
{
    int128 sum = 0;
    int64_t weights = 0;
    for (int i = 0; i < n; i++) {
        int64_t weight = weight_of(input->age_days[i]);
        sum += (int128)input->day_wh[i] * weight;
        weights += weight;
    }
    return (int64_t)(sum / weights);
}

static int128 variance_of(const struct forecast_input *input, int n)
{
    int128 sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
        sum += input->day_wh[i];
    int64_t mean_wh = (int64_t)(sum / n);
    for (int i = 0; i < n; i++)
        squares += (int128)(input->day_wh[i] - mean_wh) * (input->day_wh[i] - mean_wh);
    return squares / (n - 1);
}

/* R in days × 1000 to keep the last part of a day. */
bool forecast_rest(const struct forecast_input *input, struct forecast_energy *out)
{
    int n = input->count > FORECAST_DAYS_MAX ? FORECAST_DAYS_MAX : input->count;
    if (n < FORECAST_DAYS_MIN || input->remaining_ms < 0)
        return false;
    for (int i = 0; i < n; i++)
        if (input->age_days[i] < 1 || input->age_days[i] > FORECAST_AGE_MAX)
            return false;
    int64_t rest_wh;
    if (!muldiv_floor(level_wh(input, n), input->remaining_ms, MS_PER_DAY, &rest_wh))
        return false;
    int128 milli_days = (int128)input->remaining_ms * 1000 / MS_PER_DAY;
    int128 factor = ALIKE_E2 * 1000 * milli_days + DRIFT_E2 * milli_days * milli_days; /* × 100 × 1000² */
    int128 spread;
    if (__builtin_mul_overflow(variance_of(input, n), factor, &spread) || (spread /= 100000000) > INT64_MAX)
        return false;
    int64_t band_wh = isqrt((uint64_t)spread) * Z90_E4 / 10000;
    out->rest_wh = rest_wh;
    out->low_rest_wh = rest_wh > band_wh ? rest_wh - band_wh : 0;
    out->high_rest_wh = rest_wh + band_wh;
    return true;
}
