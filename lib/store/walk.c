#include "store/walk.h"
#include <string.h>

void walk_bounds(const struct walk *walk, int64_t *from_utc_ms, int64_t *until_utc_ms)
{
    if (walk->after && walk->order >= 0 && walk->after->ts_utc_ms > *from_utc_ms)
        *from_utc_ms = walk->after->ts_utc_ms;
    if (walk->after && walk->order < 0 && walk->after->ts_utc_ms < *until_utc_ms)
        *until_utc_ms = walk->after->ts_utc_ms + 1;
}

static enum quality quality_of(enum verdict verdict)
{
    int row = verdict_index(verdict);
    if (row >= 0 && !verdict_table[row].energy)
        return QUALITY_MISSING;
    return verdict == VERDICT_ACCEPTED || row < 0 ? QUALITY_MEASURED : QUALITY_ESTIMATED;
}

/* Is this fact a channel of a reading that is there already? */
static bool same_reading(const struct reading_row *row, const struct reading_row *fact)
{
    const struct reading *a = &row->reading, *b = &fact->reading;
    int64_t value;
    return row->received_utc_ms == fact->received_utc_ms && strcmp(a->boot, b->boot) == 0 && a->has_seq == b->has_seq && a->seq == b->seq &&
           a->kind == b->kind && a->channel_count < READING_CHANNELS_MAX && !reading_value(a, b->channels[0].channel, &value);
}

/* Power and electrical quantities stand on one of a reading's facts. */
static void take_measured(struct reading *to, const struct reading *from)
{
    if (from->has_power && !to->has_power) {
        to->has_power = true;
        to->power_w = from->power_w;
    }
    if (to->voltage_mv.count == 0)
        to->voltage_mv = from->voltage_mv;
    if (to->current_ma.count == 0)
        to->current_ma = from->current_ma;
    if (to->power_factor_milli.count == 0)
        to->power_factor_milli = from->power_factor_milli;
    if (to->frequency_mhz == 0)
        to->frequency_mhz = from->frequency_mhz;
}

/* Channels ascend, whichever way the facts came. */
static void add_channel(struct reading *reading, struct channel_value channel)
{
    int at = reading->channel_count++;
    for (; at > 0 && reading->channels[at - 1].channel > channel.channel; at--)
        reading->channels[at] = reading->channels[at - 1];
    reading->channels[at] = channel;
}

static void join(struct walk *walk, const struct reading_row *fact)
{
    enum quality quality = quality_of(fact->verdict);
    for (int i = 0; i < walk->count; i++) {
        struct reading_row *row = &walk->rows[i];
        if (!same_reading(row, fact))
            continue;
        add_channel(&row->reading, fact->reading.channels[0]);
        take_measured(&row->reading, &fact->reading);
        if (row->verdict == VERDICT_ACCEPTED) {
            row->verdict = fact->verdict;
            row->quality = quality;
        }
        return;
    }
    if (walk->count == WALK_SAME_TS_MAX)
        return;
    int at = walk->count++; /* by receipt; those received together as their facts come */
    for (; at > 0 && (walk->order < 0 ? walk->rows[at - 1].received_utc_ms < fact->received_utc_ms
                                      : walk->rows[at - 1].received_utc_ms > fact->received_utc_ms);
         at--)
        walk->rows[at] = walk->rows[at - 1];
    walk->rows[at] = *fact;
    walk->rows[at].quality = quality;
}

/* Tells the readings of the finished instant. Non-zero: stop. */
static int flush(struct walk *walk)
{
    int stop = 0;
    bool begun_before = walk->after && walk->count > 0 && walk->rows[0].reading.ts_utc_ms == walk->after->ts_utc_ms;
    for (int64_t i = begun_before ? walk->after->skip : 0; i < walk->count && !stop; i++) {
        if (walk->left-- <= 0)
            return 1;
        struct reading_cursor at = {walk->rows[i].reading.ts_utc_ms, i + 1};
        stop = walk->each(&walk->rows[i], &at, walk->arg);
    }
    walk->count = 0;
    return stop || walk->left <= 0;
}

int walk_fact(struct walk *walk, const struct reading_row *fact)
{
    if (walk->count > 0 && walk->rows[0].reading.ts_utc_ms != fact->reading.ts_utc_ms && flush(walk)) {
        walk->count = 0;
        return 1;
    }
    join(walk, fact);
    return 0;
}

void walk_end(struct walk *walk)
{
    flush(walk);
}
