#include "energy/span.h"
#include <stdlib.h>
#include <string.h>
#include "base/number.h"

void steps_add(struct steps *steps, int64_t step_ms)
{
    if (step_ms <= 0)
        return;
    steps->ms[steps->next] = step_ms;
    steps->next = (steps->next + 1) % STEPS_MAX;
    if (steps->count < STEPS_MAX)
        steps->count++;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t steps_interval_ms(const struct steps *steps)
{
    int64_t sorted[STEPS_MAX];
    if (steps->declared_ms > 0)
        return steps->declared_ms;
    if (steps->count < STEPS_FEW)
        return STEP_UNKNOWN_MS;
    memcpy(sorted, steps->ms, (size_t)steps->count * sizeof sorted[0]);
    qsort(sorted, (size_t)steps->count, sizeof sorted[0], by_length);
    return sorted[(steps->count - 1) / 2];
}

/* step > 1.5 × interval, without losing the half. */
static bool exceeds(int64_t step_ms, int64_t interval_ms)
{
    return 2 * step_ms > 3 * interval_ms;
}

bool steps_is_hole(const struct steps *steps, int64_t step_ms)
{
    if (steps->declared_ms > 0)
        return exceeds(step_ms, steps->declared_ms);
    if (steps->count < STEPS_FEW)
        return exceeds(step_ms, STEP_UNKNOWN_MS);
    /* More than 1.5 × the (lower) median exactly when at least half of the steps are that much shorter. */
    int shorter = 0;
    for (int i = 0; i < steps->count; i++)
        if (exceeds(step_ms, steps->ms[i]))
            shorter++;
    return 2 * shorter >= steps->count;
}

int spans_of_registers(const struct judged_read *reads, int count, struct steps *steps, struct span *out)
{
    int spans = 0;
    const struct judged_read *last = NULL;
    for (int i = 0; i < count; i++) {
        const struct judged_read *read = &reads[i];
        if (!read->used)
            continue;
        if (last && read->ts_utc_ms > last->ts_utc_ms) {
            int64_t step_ms = read->ts_utc_ms - last->ts_utc_ms;
            struct span *span = &out[spans++];
            span->from_utc_ms = last->ts_utc_ms;
            span->until_utc_ms = read->ts_utc_ms;
            span->wh = read->rise_wh;
            span->hole = !read->estimated && steps_is_hole(steps, step_ms);
            span->estimated = read->estimated || span->hole;
            steps_add(steps, step_ms);
        }
        last = read;
    }
    return spans;
}

/* Energy of the span from its beginning to t, t within it. Cannot overflow: the result lies between 0 and wh. */
static int64_t energy_until(const struct span *span, int64_t t)
{
    int64_t wh = 0;
    muldiv_floor(span->wh, t - span->from_utc_ms, span->until_utc_ms - span->from_utc_ms, &wh);
    return wh;
}

void day_add_span(struct day *day, struct coverage *coverage, int from_slot, int until_slot, const struct span *span)
{
    int64_t first = (span->from_utc_ms - day->start_utc_ms) / QUARTER_MS;
    if (span->until_utc_ms <= day->start_utc_ms)
        return;
    int slot = first < from_slot ? from_slot : (int)(first > DAY_SLOTS_MAX ? DAY_SLOTS_MAX : first);
    for (; slot < until_slot && slot < day->slot_count; slot++) {
        int64_t start = day->start_utc_ms + slot * QUARTER_MS;
        int64_t from = span->from_utc_ms > start ? span->from_utc_ms : start;
        int64_t until = span->until_utc_ms < start + QUARTER_MS ? span->until_utc_ms : start + QUARTER_MS;
        if (from >= until) {
            if (start >= span->until_utc_ms)
                return;
            continue;
        }
        day->slots[slot].wh += energy_until(span, until) - energy_until(span, from);
        coverage->ms[slot] += (int32_t)(until - from);
        coverage->estimated[slot] = coverage->estimated[slot] || span->estimated;
    }
}

void day_settle(struct day *day, const struct coverage *coverage, int from_slot, int until_slot)
{
    for (int i = from_slot; i < until_slot && i < day->slot_count; i++) {
        if (coverage->ms[i] == 0)
            day->slots[i] = (struct slot){0, QUALITY_MISSING};
        else if (coverage->ms[i] < QUARTER_MS)
            day->slots[i].quality = QUALITY_PARTIAL;
        else
            day->slots[i].quality = coverage->estimated[i] ? QUALITY_ESTIMATED : QUALITY_MEASURED;
    }
}
