/*
 * Reads into quarter-hours: "09:00 33 partial, 09:15 50 measured <- 09:05 1000, 09:20 1050": the quarter-hours that carry energy, with their Wh and
 * quality (all others are missing), and register reads by the time of the day, in Wh. `interval` is the declared reading interval in minutes, 0:
 * none.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "energy/span.h"

#define READS_MAX 64

static int64_t interval_min;

static void begin(const struct place *place)
{
    (void)place;
    interval_min = 15;
}

static void setting(const struct place *place, const char *name, const char *value)
{
    if (strcmp(name, "interval") != 0)
        row_wrong(place, "there is no setting %s", name);
    interval_min = decimal_of(place, value, 0);
}

/* "09:05" or "09:05:30" after midnight. */
static int64_t time_of(const struct place *place, const char *text)
{
    int hour = 0, minute = 0, second = 0;
    if (!text || sscanf(text, "%d:%d:%d", &hour, &minute, &second) < 2)
        row_wrong(place, "a time is expected where \"%s\" stands", text ? text : "nothing");
    return ((int64_t)hour * 60 + minute) * MS_PER_MIN + second * MS_PER_S;
}

static void split(const struct place *place, char *given, struct day *day)
{
    struct judged_read reads[READS_MAX];
    struct span spans[READS_MAX];
    struct coverage coverage = {0};
    struct steps steps = {.declared_ms = interval_min * MS_PER_MIN};
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    int count = 0;
    for (char *word; (word = next_word(&given)) && count < READS_MAX; count++) {
        memset(&reads[count], 0, sizeof reads[count]);
        reads[count].ts_utc_ms = time_of(place, word);
        reads[count].value_wh = decimal_of(place, next_word(&given), 0);
    }
    judge_registers(reads, count, &context);
    int span_count = spans_of_registers(reads, count, &steps, spans);
    day_init(day, 0, 0, MS_PER_DAY);
    for (int i = 0; i < span_count; i++)
        day_add_span(day, &coverage, 0, day->slot_count, &spans[i]);
    day_settle(day, &coverage, 0, day->slot_count);
}

static void row(const struct place *place, char *expected, char *given)
{
    struct day day;
    bool mentioned[DAY_SLOTS_MAX] = {false};
    split(place, given, &day);
    for (char *word; (word = next_word(&expected));) {
        int64_t slot = time_of(place, word) / QUARTER_MS;
        int64_t wh = decimal_of(place, next_word(&expected), 0);
        const char *quality = next_word(&expected);
        if (slot < 0 || slot >= day.slot_count)
            continue;
        mentioned[slot] = true;
        if (day.slots[slot].wh != wh || !quality || strcmp(quality_name(day.slots[slot].quality), quality) != 0)
            row_wrong(place, "%s has %lld Wh, %s", word, (long long)day.slots[slot].wh, quality_name(day.slots[slot].quality));
    }
    for (int i = 0; i < day.slot_count; i++)
        if (!mentioned[i] && day.slots[i].quality != QUALITY_MISSING)
            row_wrong(place, "%02d:%02d has %lld Wh, %s, besides", i / 4, i % 4 * 15, (long long)day.slots[i].wh, quality_name(day.slots[i].quality));
}

static void end(void)
{
}

const struct reader splits_reader = {".splits", begin, setting, row, end};
