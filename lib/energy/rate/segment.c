/* What the steps ask about a part of the cycle and about the account. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/civil.h"
#include "energy/rate/inner.h"

bool wrong(struct work *work, const char *rule, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fault_at(work->fault, ERR_INVALID, rule, "%s", text);
    return false;
}

bool too_large(struct work *work, const char *rule)
{
    return wrong(work, rule, "an amount of this bill does not fit, or it has too many lines");
}

const struct tariff_version *last_version(const struct work *work)
{
    return work->plan->segments[work->plan->segment_count - 1].version;
}

struct bucket *bucket_of(const struct work *work, const struct segment *segment, int tou, int window)
{
    return &work->buckets[segment->first_bucket[tou] + window];
}

int days_of(const struct segment *segment)
{
    return segment->until_day - segment->from_day;
}

struct fraction share_of_cycle(const struct work *work, const struct segment *segment)
{
    return fraction_of(days_of(segment), work->plan->cycle_days);
}

struct fraction months_of(const struct work *work, const struct segment *segment)
{
    const struct tariff_version *version = segment->version;
    if (version->month_rule == MONTH_IS_CYCLE)
        return share_of_cycle(work, segment);
    if (version->month_rule == MONTH_DAYS)
        return fraction_div(fraction_of(days_of(segment), 1), nano_fraction(version->month_days_nano));
    struct fraction months = fraction_of(0, 1);
    for (int32_t day = segment->from_day; day < segment->until_day;) {
        struct civil date = civil_from_day(day);
        int length = civil_month_length(date.year, date.month);
        int32_t end = day + length - date.mday + 1;
        if (end > segment->until_day)
            end = segment->until_day;
        months = fraction_add(months, fraction_of(end - day, length));
        day = end;
    }
    return months;
}

bool window_reachable(const struct segment *segment, int tou_no, int window)
{
    const struct tou *tou = &segment->version->tous[tou_no];
    if (window == 0)
        return true;
    for (int i = 0; i < tou->row_count; i++) {
        const struct window_row *row = &tou->rows[i];
        bool in_season = row->seasons == UINT32_MAX || !segment->version->by_season || (row->seasons >> segment->season & 1);
        if (row->window == window && in_season)
            return true;
    }
    return false;
}

static enum quality quality_of_counts(const int counts[5])
{
    struct energy_sum sum = {.measured = counts[QUALITY_MEASURED],
                             .estimated = counts[QUALITY_ESTIMATED],
                             .partial = counts[QUALITY_PARTIAL],
                             .missing = counts[QUALITY_MISSING],
                             .edited = counts[QUALITY_EDITED]};
    return energy_sum_quality(&sum);
}

enum quality quality_of(const struct bucket *bucket)
{
    return quality_of_counts(bucket->counts);
}

enum quality quality_of_segment(const struct work *work, const struct segment *segment)
{
    int counts[5] = {0};
    for (int w = 0; w < segment->version->tous[0].window_count; w++)
        for (int q = 0; q < 5; q++)
            counts[q] += bucket_of(work, segment, 0, w)->counts[q];
    return quality_of_counts(counts);
}

const char *attribute_of(const struct work *work, enum account_attribute attribute)
{
    return work->input->account ? work->input->account->attributes[attribute] : "";
}

bool applies(const struct work *work, const struct condition *when)
{
    for (int a = 0; a < ACCOUNT_ATTRIBUTES; a++) {
        bool found = when->count[a] == 0;
        for (int i = 0; i < when->count[a] && !found; i++)
            found = strcmp(when->values[a][i], attribute_of(work, (enum account_attribute)a)) == 0;
        if (!found)
            return false;
    }
    return true;
}

int64_t spread_by_days(int64_t total, int64_t before, int64_t until, int64_t days)
{
    int64_t low = 0, high = 0;
    int64_t magnitude = total < 0 ? -total : total; /* energies are far from the ends of the type */
    fraction_round(fraction_mul(fraction_of(magnitude, 1), fraction_of(before, days)), 0, ROUND_HALF_AWAY, &low);
    fraction_round(fraction_mul(fraction_of(magnitude, 1), fraction_of(until, days)), 0, ROUND_HALF_AWAY, &high);
    return total < 0 ? low - high : high - low;
}

const struct rate_named *named(const struct rate_list *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->rows[i].name, name) == 0)
            return &list->rows[i];
    return NULL;
}

const struct charge *find_charge(const struct tariff_version *version, const char *id)
{
    for (int i = 0; i < version->charge_count; i++)
        if (strcmp(version->charges[i].id, id) == 0)
            return &version->charges[i];
    return NULL;
}

struct fraction nano_fraction(int64_t nano)
{
    return fraction_of(nano, NANO);
}

/* Σ over the windows of a segment. */
struct fraction wh_of_charge(struct work *work, const struct segment *segment, enum quantity_of of)
{
    int64_t wh = 0;
    const struct tariff_version *version = segment->version;
    if (of == OF_NET_OF_DAY)
        return fraction_of(work->daily_net_wh[segment - work->plan->segments], 1);
    for (int w = 0; w < version->tous[0].window_count; w++) {
        const struct bucket *bucket = bucket_of(work, segment, 0, w);
        int64_t part = of == OF_MEASURED ? bucket->measured_wh : of == OF_NET ? bucket->net_wh : bucket->billed_wh;
        if (of == OF_NET_OF_PART)
            part = bucket->import_wh - bucket->export_wh;
        else if (of == OF_COMPENSATED || of == OF_EXPORT)
            part = of == OF_EXPORT ? bucket->export_wh : bucket->compensated_wh;
        if (__builtin_add_overflow(wh, part, &wh))
            return fraction_div(fraction_of(1, 1), fraction_of(0, 1));
    }
    return fraction_of(of == OF_NET_OF_PART && wh < 0 ? 0 : wh, 1);
}
