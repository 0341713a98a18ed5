/*
 * What a meter told, in any order, into outages: "10:00 10:20 counts <- read 09:45, fail 10:00, restored 10:20". An outage is its begin, its end
 * (or "open") and "counts" or "short" of the three minutes; the words on the right are read, flag (a reading flagged power_fail), fail and restored.
 * The clock stands at `now`; `month 12:00` adds an indicator row's bound: there "dic 15 fic 1 dmic 15" follows, in minutes, of what lies before that
 * time.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "energy/outage.h"

#define SIGNS_MAX 64

static int64_t now_utc_ms, month_utc_ms;

/* "09:05" or "09:05:30" after midnight; also 24:00 and later, for the next day. */
static int64_t time_of(const struct place *place, const char *text)
{
    int hour = 0, minute = 0, second = 0;
    if (!text || sscanf(text, "%d:%d:%d", &hour, &minute, &second) < 2)
        row_wrong(place, "a time is expected where \"%s\" stands", text ? text : "nothing");
    return ((int64_t)hour * 60 + minute) * MS_PER_MIN + second * MS_PER_S;
}

static void begin(const struct place *place)
{
    (void)place;
    now_utc_ms = month_utc_ms = MS_PER_DAY;
}

static void setting(const struct place *place, const char *name, const char *value)
{
    if (strcmp(name, "now") == 0)
        now_utc_ms = time_of(place, value);
    else if (strcmp(name, "month") == 0)
        month_utc_ms = time_of(place, value);
    else
        row_wrong(place, "there is no setting %s", name);
}

static size_t read_signs(const struct place *place, char *given, struct power_sign *signs)
{
    static const char *const words[] = {"read", "flag", "fail", "restored"};
    size_t count = 0;
    for (char *word; count < SIGNS_MAX && (word = next_word(&given)); count++) {
        int at = 0;
        while (at < 4 && strcmp(words[at], word) != 0)
            at++;
        if (at == 4)
            row_wrong(place, "a meter does not say %s", word);
        signs[count] = (struct power_sign){time_of(place, next_word(&given)), (enum power_word)at};
    }
    return count;
}

static void check_month(const struct place *place, const struct outage *outages, size_t count, char *expected, const char *name)
{
    struct outage_month month;
    outage_month_count(outages, count, 0, month_utc_ms, now_utc_ms, &month);
    for (; name; name = next_word(&expected)) {
        int64_t want = decimal_of(place, next_word(&expected), 0);
        int64_t got = strcmp(name, "fic") == 0 ? month.fic : (strcmp(name, "dic") == 0 ? month.dic_ms : month.dmic_ms) / MS_PER_MIN;
        if (want != got)
            row_wrong(place, "%s is %lld", name, (long long)got);
    }
}

static void row(const struct place *place, char *expected, char *given)
{
    struct power_sign signs[SIGNS_MAX];
    struct outage outages[SIGNS_MAX];
    size_t count = outages_of(signs, read_signs(place, given, signs), outages), at = 0;
    char *word;
    for (; (word = next_word(&expected)) && word[0] >= '0' && word[0] <= '9'; at++) {
        int64_t from = time_of(place, word);
        char *end = next_word(&expected);
        int64_t until = end && strcmp(end, "open") == 0 ? OUTAGE_OPEN : time_of(place, end);
        char *counts = next_word(&expected);
        if (at >= count)
            continue;
        if (outages[at].from_utc_ms != from || outages[at].until_utc_ms != until)
            row_wrong(place, "outage %zu is from %lld to %lld ms", at + 1, (long long)outages[at].from_utc_ms, (long long)outages[at].until_utc_ms);
        if (!counts || strcmp(counts, outage_counts(&outages[at], now_utc_ms) ? "counts" : "short") != 0)
            row_wrong(place, "outage %zu should be the other of counts and short", at + 1);
    }
    if (at != count)
        row_wrong(place, "there are %zu outages", count);
    check_month(place, outages, count, expected, word);
}

static void end(void)
{
}

const struct reader outages_reader = {".outages", begin, setting, row, end};
