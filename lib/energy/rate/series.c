/* Energy by a price list over time. A hole in it stops the bill. */
#include <string.h>
#include "base/instant.h"
#include "energy/rate/inner.h"

static const struct price_series *find_series(const struct rate_input *input, const char *id)
{
    for (int i = 0; i < input->series_count; i++)
        if (strcmp(input->series[i].id, id) == 0)
            return &input->series[i];
    return NULL;
}

/* The first price that ends after an instant. */
static int first_after(const struct price_series *series, int64_t utc_ms)
{
    int low = 0, high = series->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (series->prices[middle].until_utc_ms <= utc_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One block at the prices of its time; what spans several is divided by time. */
static bool price_block(struct work *work, const struct price_series *series, int *at, const struct rate_interval *block, int64_t wh,
                        const char *rule, bool (*visit)(struct work *work, const struct priced_piece *piece, void *arg), void *arg)
{
    int64_t from = block->start_utc_ms, end = from + block->length_ms, before = 0;
    while (from < end) {
        while (*at < series->count && series->prices[*at].until_utc_ms <= from)
            (*at)++;
        if (*at == series->count || series->prices[*at].from_utc_ms > from) {
            char text[INSTANT_TEXT_SIZE];
            instant_format(from, text);
            return wrong(work, rule, "series %s has no price for %s: a hole stops the bill", series->id, text);
        }
        int64_t until = series->prices[*at].until_utc_ms < end ? series->prices[*at].until_utc_ms : end, so_far = wh;
        if (until < end)
            muldiv_floor(wh, until - block->start_utc_ms, block->length_ms, &so_far);
        struct priced_piece piece = {from, until, so_far - before, series->prices[*at].nano, block->quality};
        if (!visit(work, &piece, arg))
            return false;
        before = so_far;
        from = until;
    }
    return true;
}

bool each_priced(struct work *work, const struct segment *segment, const struct series_use *use, const char *rule, bool export,
                 bool (*visit)(struct work *work, const struct priced_piece *piece, void *arg), void *arg)
{
    const struct price_series *series = find_series(work->input, use->id);
    if (!series)
        return wrong(work, rule, "series %s is not given", use->id);
    if (work->input->quantities || work->input->days)
        return wrong(work, rule, "a price series needs intervals");
    int at = first_after(series, segment->from_utc_ms);
    for (int i = 0; i < work->block_count; i++) {
        const struct rate_interval *block = &work->blocks[i];
        if (block->start_utc_ms < segment->from_utc_ms || block->start_utc_ms >= segment->until_utc_ms || block->quality == QUALITY_MISSING)
            continue;
        if (!price_block(work, series, &at, block, export ? block->export_wh : block->import_wh, rule, visit, arg))
            return false;
    }
    return true;
}

struct series_total {
    const char *rule;
    int64_t wh;
    int128 nano_wh;
};

static bool add_priced(struct work *work, const struct priced_piece *piece, void *arg)
{
    struct series_total *total = arg;
    total->wh += piece->wh;
    return !__builtin_add_overflow(total->nano_wh, (int128)piece->wh * piece->nano, &total->nano_wh) || too_large(work, total->rule);
}

bool series_sum(struct work *work, const struct segment *segment, const struct series_use *use, const char *rule, bool export, int64_t *out_wh,
                int128 *out_nano_wh)
{
    struct series_total total = {.rule = rule};
    if (!each_priced(work, segment, use, rule, export, add_priced, &total))
        return false;
    *out_wh = total.wh;
    *out_nano_wh = total.nano_wh;
    return true;
}

/* A fraction of a 128-bit numerator, reduced. */
static struct fraction wide(int128 num, int64_t den)
{
    struct fraction value = {.num = num, .den = 1};
    return fraction_div(value, fraction_of(den, 1));
}

bool rate_series(struct work *work, int segment_no, int charge_no)
{
    const struct segment *segment = &work->plan->segments[segment_no];
    const struct charge *charge = &segment->version->charges[charge_no];
    int64_t wh;
    int128 sum;
    if (!series_sum(work, segment, &charge->series, charge->rule, false, &wh, &sum))
        return false;
    struct line_of line = {.segment = segment_no,
                           .charge = charge_no,
                           .quantity = fraction_of(wh, 1000),
                           .quantity_digits = 3,
                           .unit = "kWh",
                           .price_is_mean = true,
                           .quality = quality_of_segment(work, segment),
                           .source = {.from = FROM_SERIES}};
    line.net = fraction_div(wide(sum, 1000 * NANO), fraction_of(charge->series.divisor, 1));
    line.price = wh == 0 ? fraction_of(0, 1) : fraction_div(line.net, line.quantity);
    return add_line(work, &line);
}
