/*
 * What becomes of a message: "accepted <- {…}": the verdicts of its readings, in any order, and the payload, received at 2026-11-22T12:00:00Z; each
 * row is a meter of its own, which may register itself (100 of them in a table). `topic` names another topic than a meter's readings.
 */
#include "tests/tables/tables.h"
#include <stdio.h>
#include <string.h>
#include "tests/support/rig.h"

static struct rig rig;
static char topic[128];
static int meters;

static void begin(const struct place *place)
{
    (void)place;
    rig_open(&rig);
}

static void setting(const struct place *place, const char *name, const char *value)
{
    if (strcmp(name, "topic") != 0)
        row_wrong(place, "there is no setting %s", name);
    snprintf(topic, sizeof topic, "%s", strcmp(value, "readings") == 0 ? "" : value);
}

static int64_t counter(const char *verdict)
{
    char name[64];
    enum verdict known;
    bool refused = verdict_parse(verdict, &known) && verdict_refused(known);
    snprintf(name, sizeof name, refused ? "readings.refused.%s" : "readings.%s", verdict);
    return rig_number(&rig, name);
}

static void row(const struct place *place, char *expected, char *given)
{
    int64_t before[64], wanted[64] = {0};
    char of_its_own[64];
    snprintf(of_its_own, sizeof of_its_own, "meters/m%d/readings", ++meters);
    for (int i = 0; i < verdict_count; i++)
        before[i] = counter(verdict_table[i].name);
    for (char *word; (word = next_word(&expected));) {
        enum verdict verdict;
        int times = 1;
        char *star = strchr(word, '*');
        if (star) {
            times = (int)decimal_of(place, (*star = '\0', word), 0);
            word = star + 1;
        }
        if (!verdict_parse(word, &verdict))
            row_wrong(place, "there is no verdict %s", word);
        else
            wanted[verdict_index(verdict)] += times;
    }
    rig_say(&rig, topic[0] ? topic : of_its_own, "%s", given);
    rig_store(&rig);
    for (int i = 0; i < verdict_count; i++) {
        const char *name = verdict_table[i].name;
        int64_t got = verdict_table[i].place == VERDICT_AT_DOOR ? counter(name) - before[i] : 0;
        if (got != wanted[i])
            row_wrong(place, "%lld %s, expected %lld", (long long)got, name, (long long)wanted[i]);
    }
}

static void end(void)
{
    rig_close(&rig);
}

const struct reader doors_reader = {".doors", begin, setting, row, end};
