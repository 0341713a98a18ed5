#include "energy/outage.h"

#include <stdlib.h>

static int by_time(const void *left, const void *right)
{
    const struct power_sign *a = left, *b = right;
    if (a->ts_utc_ms != b->ts_utc_ms)
        return a->ts_utc_ms < b->ts_utc_ms ? -1 : 1;
    return (int)a->word - (int)b->word;
}

struct walk {
    struct outage *rows;
    size_t count;
    bool open, proven;
    int64_t proven_utc_ms; /* the last instant at which there was power */
};

static void see_failure(struct walk *walk, const struct power_sign *sign)
{
    if (walk->open)
        return;
    walk->open = true;
    walk->rows[walk->count++] = (struct outage){sign->ts_utc_ms, OUTAGE_OPEN, sign->word, POWER_SEEN};
}

static void see_power(struct walk *walk, const struct power_sign *sign)
{
    struct outage *last = walk->count > 0 ? &walk->rows[walk->count - 1] : NULL;
    bool told = sign->word == POWER_RESTORED;
    if (walk->open) {
        last->until_utc_ms = sign->ts_utc_ms;
        last->ended_by = sign->word;
    } else if (told && last != NULL && last->ended_by == POWER_SEEN && last->until_utc_ms == walk->proven_utc_ms) {
        /* The reading in between came from the meter's battery: the return was told only now. */
        last->until_utc_ms = sign->ts_utc_ms;
        last->ended_by = sign->word;
    } else if (told && walk->proven && walk->proven_utc_ms < sign->ts_utc_ms) {
        walk->rows[walk->count++] = (struct outage){walk->proven_utc_ms, sign->ts_utc_ms, POWER_SEEN, sign->word};
    }
    walk->open = false;
    walk->proven = true;
    walk->proven_utc_ms = sign->ts_utc_ms;
}

size_t outages_of(struct power_sign *signs, size_t count, struct outage *out)
{
    struct walk walk = {.rows = out};
    if (count > 0)
        qsort(signs, count, sizeof *signs, by_time);
    for (size_t i = 0; i < count; i++)
        if (signs[i].word == POWER_SEEN || signs[i].word == POWER_RESTORED)
            see_power(&walk, &signs[i]);
        else
            see_failure(&walk, &signs[i]);
    return walk.count;
}

int64_t outage_length_ms(const struct outage *outage, int64_t now_utc_ms)
{
    int64_t until = outage->until_utc_ms == OUTAGE_OPEN ? now_utc_ms : outage->until_utc_ms;
    return until > outage->from_utc_ms ? until - outage->from_utc_ms : 0;
}

bool outage_counts(const struct outage *outage, int64_t now_utc_ms)
{
    return outage_length_ms(outage, now_utc_ms) >= OUTAGE_COUNTS_FROM_MS;
}

void outage_month_count(const struct outage *outages, size_t count, int64_t from_utc_ms, int64_t until_utc_ms, int64_t now_utc_ms,
                        struct outage_month *out)
{
    *out = (struct outage_month){0};
    for (size_t i = 0; i < count; i++) {
        const struct outage *outage = &outages[i];
        if (!outage_counts(outage, now_utc_ms))
            continue;
        int64_t begin = outage->from_utc_ms, end = begin + outage_length_ms(outage, now_utc_ms);
        out->fic += begin >= from_utc_ms && begin < until_utc_ms;
        begin = begin > from_utc_ms ? begin : from_utc_ms;
        end = end < until_utc_ms ? end : until_utc_ms;
        if (begin >= end)
            continue;
        out->dic_ms += end - begin;
        out->dmic_ms = end - begin > out->dmic_ms ? end - begin : out->dmic_ms;
    }
}
