/*
 * Reads, and what was decided on them, into quarter-hours: "09:00 33 partial, 09:15 50 measured <- 09:05 1000, 09:20 1050": the quarter-hours that
 * carry energy, with their Wh and quality (all others are missing), and register reads by the time of the day, in Wh. `interval` is the declared
 * reading interval in minutes, 0: none. After the reads come the decisions, in the order in which they were said: "accept 09:15 9000", "refuse 09:15
 * 1050", "edit 09:00 10:00 500", "estimate 09:00 10:00" by the like-days, of which each quarter-hour had `like` Wh (-1: there is none), or "estimate
 * 09:00 10:00 400" up to a total.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "energy/decision.h"
#include "energy/span.h"

#define READS_MAX 64
#define DECISIONS_MAX 8

static int64_t interval_min, like_wh;

static void begin(const struct place *place)
{
    (void)place;
    interval_min = 15;
    like_wh = -1;
}

static void setting(const struct place *place, const char *name, const char *value)
{
    if (strcmp(name, "interval") == 0)
        interval_min = decimal_of(place, value, 0);
    else if (strcmp(name, "like") == 0)
        like_wh = decimal_of(place, value, 0);
    else
        row_wrong(place, "there is no setting %s", name);
}

/* "09:05" or "09:05:30" after midnight. */
static int64_t time_of(const struct place *place, const char *text)
{
    int hour = 0, minute = 0, second = 0;
    if (!text || sscanf(text, "%d:%d:%d", &hour, &minute, &second) < 2)
        row_wrong(place, "a time is expected where \"%s\" stands", text ? text : "nothing");
    return ((int64_t)hour * 60 + minute) * MS_PER_MIN + second * MS_PER_S;
}

/* One decision; returns the word after it. */
static char *decision_of(const struct place *place, char *word, char **given, int64_t no, struct decision *out)
{
    *out = (struct decision){.decision_no = no, .channel = 10800};
    if (!decision_action_parse(word, &out->action))
        row_wrong(place, "there is no decision %s", word);
    out->from_utc_ms = time_of(place, next_word(given));
    if (!decision_is_span(out)) {
        out->until_utc_ms = out->from_utc_ms + 1;
        out->value_wh = decimal_of(place, next_word(given), 0);
        return next_word(given);
    }
    out->until_utc_ms = time_of(place, next_word(given));
    word = next_word(given);
    out->has_energy = word && word[0] >= '0' && word[0] <= '9';
    if (!out->has_energy)
        return word;
    out->energy_wh = decimal_of(place, word, 0);
    return next_word(given);
}

/* Those on reads into `reads` in decision_order; those on spans over the day, one after the other, each by the day as it was read. */
static void decide_reads(const struct decision *decisions, int count, struct judged_read *reads, int read_count)
{
    struct decision ordered[DECISIONS_MAX];
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (!decision_is_span(&decisions[i]))
            ordered[kept++] = decisions[i];
    qsort(ordered, (size_t)kept, sizeof ordered[0], decision_order);
    for (int i = 0; i < read_count; i++)
        reads[i].forced = decisions_on_read(ordered, kept, 10800, reads[i].ts_utc_ms, reads[i].value_wh);
}

static void decide_span(const struct decision *decision, const struct day *base, struct day *day)
{
    static struct decided_slot slots[DAY_SLOTS_MAX];
    int count = 0, first = (int)(decision->from_utc_ms / QUARTER_MS);
    for (int64_t at = decision->from_utc_ms; at < decision->until_utc_ms; at += QUARTER_MS, count++)
        slots[count] = (struct decided_slot){.start_utc_ms = at, .base = base->slots[at / QUARTER_MS], .like_wh = like_wh};
    decision_spread(decision, slots, count);
    for (int i = 0; i < count; i++)
        if (slots[i].claimed)
            day->slots[first + i] = (struct slot){slots[i].wh, decision->action == DECISION_EDIT ? QUALITY_EDITED : QUALITY_ESTIMATED};
}

static void split(const struct place *place, char *given, struct day *day)
{
    struct judged_read reads[READS_MAX];
    struct span spans[READS_MAX];
    struct coverage coverage = {0};
    struct steps steps = {.declared_ms = interval_min * MS_PER_MIN};
    const struct judge_context context = {.service = SERVICE_DEFAULT};
    struct decision decisions[DECISIONS_MAX];
    int count = 0, decided = 0;
    char *word = next_word(&given);
    for (; word && word[0] >= '0' && word[0] <= '9' && count < READS_MAX; count++, word = next_word(&given)) {
        memset(&reads[count], 0, sizeof reads[count]);
        reads[count].ts_utc_ms = time_of(place, word);
        reads[count].value_wh = decimal_of(place, next_word(&given), 0);
    }
    for (; word && decided < DECISIONS_MAX; decided++)
        word = decision_of(place, word, &given, decided + 1, &decisions[decided]);
    decide_reads(decisions, decided, reads, count);
    judge_registers(reads, count, &context);
    int span_count = spans_of_registers(reads, count, &steps, spans);
    day_init(day, 0, 0, MS_PER_DAY);
    for (int i = 0; i < span_count; i++)
        day_add_span(day, &coverage, 0, day->slot_count, &spans[i]);
    day_settle(day, &coverage, 0, day->slot_count);
    const struct day base = *day;
    for (int i = 0; i < decided; i++)
        if (decision_is_span(&decisions[i]))
            decide_span(&decisions[i], &base, day);
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
