#include "meter/series.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"

#define NWH_PER_WH INT64_C(1000000000)
#define UWS_PER_WH INT64_C(3600000000)

void series_init(struct series *series, const struct series_plan *plan)
{
    *series = (struct series){.plan = plan};
}

int64_t series_after(const struct series *series)
{
    return series->started ? series->label_utc_ms : INT64_MIN;
}

bool series_is_missing(const char *text)
{
    static const char *const none[] = {"", "?", "na", "n/a", "nan", "null", "none", "-"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (strcasecmp(text, none[i]) == 0)
            return true;
    return false;
}

static struct reading begin(struct series *series, enum fact_kind kind, int64_t ts_utc_ms)
{
    return (struct reading){.ts_utc_ms = ts_utc_ms, .kind = kind, .has_seq = true, .seq = series->next_seq++};
}

static enum series_verdict take_registers(struct series *series, int64_t ts_utc_ms, const char *const *values, struct reading out[2], int *out_count)
{
    const struct series_plan *plan = series->plan;
    struct channel_value found[SERIES_CHANNELS_MAX];
    int count = 0;
    for (int i = 0; i < plan->channel_count; i++) {
        int64_t wh;
        if (series_is_missing(values[i]))
            continue;
        if (!decimal_parse_floor(values[i], strlen(values[i]), plan->kilo ? 3 : 0, &wh))
            return SERIES_BAD_VALUE;
        if (wh < 0)
            return SERIES_NEGATIVE;
        found[count++] = (struct channel_value){plan->channels[i], wh};
    }
    if (count == 0)
        return SERIES_MISSING;
    out[0] = begin(series, FACT_REGISTER, ts_utc_ms);
    out[0].channel_count = count;
    memcpy(out[0].channels, found, (size_t)count * sizeof *found);
    *out_count = 1;
    return SERIES_TAKEN;
}

static enum series_verdict take_interval(struct series *series, int64_t end_utc_ms, const char *value, struct reading out[2], int *out_count)
{
    int64_t nwh, sum;
    if (!decimal_parse_floor(value, strlen(value), series->plan->kilo ? 12 : 9, &nwh))
        return SERIES_BAD_VALUE;
    if (nwh < 0)
        return SERIES_NEGATIVE;
    if (__builtin_add_overflow(series->carry_nwh, nwh, &sum))
        return SERIES_OVERFLOW;
    out[0] = begin(series, FACT_INTERVAL, end_utc_ms);
    out[0].interval_s = (int32_t)(series->plan->step_ms / 1000);
    out[0].channel_count = 1;
    out[0].channels[0] = (struct channel_value){series->plan->channels[0], sum / NWH_PER_WH};
    series->carry_nwh = sum % NWH_PER_WH;
    *out_count = 1;
    return SERIES_TAKEN;
}

static struct reading register_now(struct series *series, int64_t ts_utc_ms)
{
    struct reading reading = begin(series, FACT_REGISTER, ts_utc_ms);
    reading.channel_count = 1;
    reading.channels[0] = (struct channel_value){series->plan->channels[0], series->plan->register_start_wh + series->total_uws / UWS_PER_WH};
    return reading;
}

static enum series_verdict take_power(struct series *series, int64_t start_utc_ms, const char *value, struct reading out[2], int *out_count)
{
    int64_t uw, uws, total;
    int64_t step_s = series->plan->step_ms / 1000;
    if (!decimal_parse_floor(value, strlen(value), series->plan->kilo ? 9 : 6, &uw))
        return SERIES_BAD_VALUE;
    if (uw < 0)
        return SERIES_NEGATIVE;
    if (__builtin_mul_overflow(uw, step_s, &uws) || __builtin_add_overflow(series->total_uws, uws, &total))
        return SERIES_OVERFLOW;
    int count = 0;
    if (series->next_seq == 0)
        out[count++] = register_now(series, start_utc_ms);
    series->total_uws = total;
    out[count] = register_now(series, start_utc_ms + series->plan->step_ms);
    out[count].has_power = true;
    out[count++].power_w = uw / 1000000;
    *out_count = count;
    return SERIES_TAKEN;
}

enum series_verdict series_take(struct series *series, int64_t label_utc_ms, const char *const *values, struct reading out[2], int *out_count)
{
    const struct series_plan *plan = series->plan;
    *out_count = 0;
    series->started = true;
    series->label_utc_ms = label_utc_ms;
    int64_t end_utc_ms = label_utc_ms + (plan->label_is_start ? plan->step_ms : 0);
    if (plan->kind == SERIES_REGISTER)
        return take_registers(series, end_utc_ms, values, out, out_count);
    if (series_is_missing(values[0]))
        return SERIES_MISSING;
    if (plan->kind == SERIES_INTERVAL)
        return take_interval(series, end_utc_ms, values[0], out, out_count);
    return take_power(series, end_utc_ms - plan->step_ms, values[0], out, out_count);
}
