/*
 * Register reads through the ingestor's own path (door, store, judgement, quarter-hours, alerts; SQLite), and the energy and verdicts that must come
 * out: "200 Wh, 00:15 0 transient <- 00:00 500000, 00:15 0, 00:30 500200". Times are counted from local midnight of the day (26:00 is two o'clock of
 * the next), values are Wh. After a time may stand "exchange FINAL START MAX" (announced; MAX 0: no maximum told), "export VALUE" or "test VALUE".
 * "past N START A B C D" are the N days before, read every six hours, each with so much in its four quarters; the register begins with START.
 *
 * Out come, where a row names them: "N Wh" the energy of all days, "N estimated" the Wh of it that are not measured, "N quarter-hours" how many are
 * not missing on the day, "carried FROM UNTIL N" the Wh between two times of it; and always every verdict ("TIME VALUE verdict") and every alert
 * ("alert kind") that there is, and no other.
 *
 * Each row is told a second time backwards, every message twice, deriving after each and with a restart in the middle: the days and verdicts must be
 * the same to the byte.
 *
 * Settings: `day DATE MIDNIGHT ZONE`, `interval MINUTES`.
 */
#include "tests/tables/tables.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/instant.h"
#include "energy/obis.h"
#include "tests/support/rig.h"

#define SAYINGS_MAX 64
#define FOUND_MAX 64

static char date[16], zone[48];
static int64_t midnight_utc_ms, interval_min;
static struct rig rig;

/* What was said, and what came of it as words that a row may hold. */
static struct {
    char topic[32], payload[256];
} sayings[SAYINGS_MAX];
static int saying_count;
static struct {
    char words[64];
    bool mentioned;
} found[FOUND_MAX];
static int found_count;

static void begin(const struct place *place)
{
    (void)place;
    snprintf(date, sizeof date, "2026-11-22");
    snprintf(zone, sizeof zone, "America/Sao_Paulo");
    midnight_utc_ms = RIG_NOW - 9 * RIG_HOUR;
    interval_min = 15;
}

static void setting(const struct place *place, const char *name, const char *value)
{
    char midnight[32];
    if (strcmp(name, "interval") == 0)
        interval_min = decimal_of(place, value, 0);
    else if (strcmp(name, "day") != 0 || sscanf(value, "%15s %31s %47s", date, midnight, zone) != 3 ||
             !instant_parse(midnight, strlen(midnight), &midnight_utc_ms))
        row_wrong(place, "there is no setting %s %s", name, value);
}

static int64_t time_of(const struct place *place, const char *text)
{
    int hour = 0, minute = 0;
    if (!text || sscanf(text, "%d:%d", &hour, &minute) != 2)
        row_wrong(place, "a time is expected where \"%s\" stands", text ? text : "nothing");
    return midnight_utc_ms + hour * MS_PER_HOUR + minute * MS_PER_MIN;
}

/* The days before, read every six hours. */
static void say_past(const struct place *place, char **given)
{
    int64_t days = decimal_of(place, next_word(given), 0), wh = decimal_of(place, next_word(given), 0), quarters[4];
    for (int i = 0; i < 4; i++)
        quarters[i] = decimal_of(place, next_word(given), 0);
    for (int64_t n = 0; n <= 4 * days && saying_count < SAYINGS_MAX; n++) {
        snprintf(sayings[saying_count].topic, sizeof sayings[0].topic, "meters/casa/readings");
        snprintf(sayings[saying_count++].payload, sizeof sayings[0].payload, "{\"energy_wh\":%lld,\"ts\":%lld}", (long long)wh,
                 (long long)(midnight_utc_ms - (4 * days - n) * 6 * MS_PER_HOUR));
        wh += quarters[n % 4];
    }
}

static void read_sayings(const struct place *place, char *given)
{
    saying_count = 0;
    for (char *word; saying_count < SAYINGS_MAX && (word = next_word(&given)); saying_count++) {
        if (strcmp(word, "past") == 0) {
            say_past(place, &given);
            saying_count--;
            continue;
        }
        long long ts = (long long)time_of(place, word);
        char *payload = sayings[saying_count].payload;
        size_t size = sizeof sayings[0].payload;
        word = next_word(&given);
        bool exchange = word && strcmp(word, "exchange") == 0;
        snprintf(sayings[saying_count].topic, sizeof sayings[0].topic, "meters/casa/%s", exchange ? "events" : "readings");
        if (exchange) {
            long long final = (long long)decimal_of(place, next_word(&given), 0), start = (long long)decimal_of(place, next_word(&given), 0);
            long long max = (long long)decimal_of(place, next_word(&given), 0);
            int len = snprintf(
                payload, size,
                "{\"event\":\"exchange\",\"ts\":%lld,\"old\":{\"serial\":\"a\",\"final_wh\":%lld},\"new\":{\"serial\":\"b\",\"start_wh\":%lld", ts,
                final, start);
            if (max > 0)
                len += snprintf(payload + len, size - (size_t)len, ",\"register_max_wh\":%lld", max);
            snprintf(payload + len, size - (size_t)len, "}}");
        } else {
            bool export = word && strcmp(word, "export") == 0, test = word && strcmp(word, "test") == 0;
            if (export || test)
                word = next_word(&given);
            snprintf(payload, size, "{\"%s_wh\":%lld,\"ts\":%lld%s}", export ? "export" : "energy", (long long)decimal_of(place, word, 0), ts,
                     test ? ",\"flags\":[\"test\"]" : "");
        }
    }
}

static void open_rig(void)
{
    rig_open(&rig);
    rig_advance(&rig, 15 * RIG_HOUR - RIG_MINUTE); /* the last minute of the local day, so that its alerts last */
    rig_meter(&rig, "casa", zone, (int)interval_min * 60);
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...)
{
    va_list args;
    if (found_count == FOUND_MAX)
        return;
    va_start(args, format);
    vsnprintf(found[found_count].words, sizeof found[0].words, format, args);
    va_end(args);
    for (int i = 0; i < found_count; i++)
        if (strcmp(found[i].words, found[found_count].words) == 0)
            return;
    found[found_count++].mentioned = false;
}

static int note_judgement(const struct judgement *judgement, void *arg)
{
    (void)arg;
    int64_t minute = (judgement->ts_utc_ms - midnight_utc_ms) / MS_PER_MIN;
    note("%02lld:%02lld %lld %s", (long long)(minute / 60), (long long)(minute % 60), (long long)judgement->value_wh,
         verdict_name(judgement->verdict));
    return 0;
}

static void look(void)
{
    struct fault fault = {0};
    found_count = 0;
    assert_int_equal(facts_judgements(rig.facts, rig_meter_no(&rig, "casa"), OBIS_IMPORT, 0, INT64_MAX, 1, FOUND_MAX, note_judgement, NULL, &fault),
                     OK);
    for (int i = 0; i < rig.sent_count; i++)
        if (strncmp(rig.sent[i].topic, "alerts/casa/", 12) == 0)
            note("alert %s", rig.sent[i].topic + 12);
}

static void hold_figure(const struct place *place, int64_t figure, const char *unit)
{
    struct day day = rig_day(&rig, "casa", date);
    int64_t estimated_wh = 0, kept = 0, got = 0;
    for (int i = 0; i < day.slot_count; i++) {
        kept += day.slots[i].quality != QUALITY_MISSING;
        estimated_wh += day.slots[i].quality == QUALITY_ESTIMATED ? day.slots[i].wh : 0;
    }
    if (unit && strcmp(unit, "Wh") == 0)
        got = rig_total_wh(&rig, "casa");
    else if (unit && strcmp(unit, "estimated") == 0)
        got = estimated_wh;
    else if (unit && strcmp(unit, "quarter-hours") == 0)
        got = kept;
    else
        row_wrong(place, "there is no figure %s", unit ? unit : "without a name");
    if (got != figure)
        row_wrong(place, "%lld %s, not %lld", (long long)got, unit ? unit : "", (long long)figure);
}

static void hold_carried(const struct place *place, const char *from, const char *until, int64_t wh)
{
    struct day day = rig_day(&rig, "casa", date);
    int64_t first = (time_of(place, from) - midnight_utc_ms) / QUARTER_MS, end = (time_of(place, until) - midnight_utc_ms) / QUARTER_MS, got = 0;
    for (int64_t i = first; i < end && i < day.slot_count; i++)
        got += day.slots[i].wh;
    if (got != wh)
        row_wrong(place, "%lld Wh from %s to %s, not %lld", (long long)got, from, until, (long long)wh);
}

static void hold_words(const struct place *place, const char *words)
{
    for (int i = 0; i < found_count; i++)
        if (strcmp(found[i].words, words) == 0) {
            found[i].mentioned = true;
            return;
        }
    row_wrong(place, "there is no \"%s\"", words);
}

/* The same backwards and twice; `expected` is what the first telling derived. */
static void hold_backwards(const struct place *place, const struct buf *expected)
{
    struct buf got;
    open_rig();
    for (int i = saying_count - 1; i >= 0; i--) {
        for (int twice = 0; twice < 2; twice++) {
            rig_say(&rig, sayings[i].topic, "%s", sayings[i].payload);
            rig_settle(&rig);
        }
        if (i == saying_count / 2)
            rig_restart(&rig);
    }
    rig_settle(&rig);
    buf_init(&got, 4 << 20);
    rig_derived(&rig, &got);
    if (got.len != expected->len || memcmp(got.data, expected->data, got.len) != 0)
        row_wrong(place, "told backwards and twice it is another ledger:\n%.1500s\nin order:\n%.1500s", got.data, expected->data);
    buf_finish(&got);
    rig_close(&rig);
}

static void row(const struct place *place, char *expected, char *given)
{
    struct buf derived;
    read_sayings(place, given);
    open_rig();
    for (int i = 0; i < saying_count; i++)
        rig_say(&rig, sayings[i].topic, "%s", sayings[i].payload);
    rig_settle(&rig);
    look();
    for (char *word; (word = next_word(&expected));) {
        char words[64];
        const char *second = next_word(&expected);
        if (strcmp(word, "alert") == 0) {
            snprintf(words, sizeof words, "alert %s", second ? second : "");
            hold_words(place, words);
        } else if (strcmp(word, "carried") == 0) {
            const char *until = next_word(&expected);
            hold_carried(place, second, until, decimal_of(place, next_word(&expected), 0));
        } else if (strchr(word, ':')) {
            const char *verdict = next_word(&expected);
            snprintf(words, sizeof words, "%s %s %s", word, second ? second : "", verdict ? verdict : "");
            hold_words(place, words);
        } else {
            hold_figure(place, decimal_of(place, word, 0), second);
        }
    }
    for (int i = 0; i < found_count; i++)
        if (!found[i].mentioned)
            row_wrong(place, "besides there is \"%s\"", found[i].words);
    buf_init(&derived, 4 << 20);
    rig_derived(&rig, &derived);
    rig_close(&rig);
    hold_backwards(place, &derived);
    buf_finish(&derived);
}

static void end(void)
{
}

const struct reader ledger_reader = {".ledger", begin, setting, row, end};
