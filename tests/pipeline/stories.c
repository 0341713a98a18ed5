/*
 * Any order, delay, repetition and cutting into messages, any restart, any sealing of days and any failing of the store make the same ledger of a
 * story (tests/support/story.h): the same facts, verdicts, days, checks, completeness and bills. Every second story is told as it happens, by the
 * clock; there the same alert episodes come out too, however a step's messages are disturbed.
 *
 *   pipeline_stories [STORIES [FIRST]]      so many (24), from that seed on (1); each is told alone: a failure names its seed
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/story.h"

static int stories = 24, first = 1;

/* One telling of a story. */
struct telling {
    const struct story *story;
    struct rig rig;
    struct dice dice;
    bool disturbed;
    int waiting_count; /* said since the last commit A, to be said again when the program dies before it */
    int waiting[2000];
    int64_t numbers[4000]; /* of decisions */
};

static void say_all(struct telling *t)
{
    static char batch[200000];
    for (int i = 0; i < t->waiting_count;) {
        const struct move *move = &t->story->moves[t->waiting[i]];
        int together = 1;
        if (move->reading && t->disturbed && dice_one_in(&t->dice, 4)) {
            int most = 1 + dice(&t->dice, 40);
            while (together < most && i + together < t->waiting_count && t->story->moves[t->waiting[i + together]].reading)
                together++;
        }
        if (!move->reading) {
            rig_say(&t->rig, "meters/" STORY_METER "/events", "%s", move->payload);
        } else if (together == 1) {
            rig_say(&t->rig, "meters/" STORY_METER "/readings", "%s", move->payload);
        } else {
            int len = snprintf(batch, sizeof batch, "{\"readings\":[");
            for (int n = 0; n < together; n++)
                len += snprintf(batch + len, sizeof batch - (size_t)len, "%s%s", n ? "," : "", t->story->moves[t->waiting[i + n]].payload);
            len += snprintf(batch + len, sizeof batch - (size_t)len, "]}");
            assert_in_range(len, 1, sizeof batch - 1);
            rig_say_bytes(&t->rig, "meters/" STORY_METER "/readings", batch, (size_t)len);
        }
        i += together;
    }
}

/* The store refuses some verb soon. */
static void hinder(struct telling *t)
{
    static const struct faulty_cue cues[] = {
        {FAULTY_BEGIN, 0, 1, ERR_RETRY},      {FAULTY_WRITE, 3, 1, ERR_RETRY},      {FAULTY_COMMIT, 0, 2, ERR_RETRY},
        {FAULTY_READ, 2, 1, ERR_RETRY},       {FAULTY_WRITE, 40, 1, ERR_RETRY},     {FAULTY_READ, 30, 1, ERR_RETRY},
        {FAULTY_COMMIT, 0, 1, ERR_UNCERTAIN}, {FAULTY_COMMIT, 1, 1, ERR_UNCERTAIN}, {FAULTY_READ, 90, 1, ERR_RETRY},
        {FAULTY_WRITE, 90, 2, ERR_RETRY},
    };
    if (t->disturbed && dice_one_in(&t->dice, 4))
        faulty_set(t->rig.facts, cues[dice(&t->dice, (int)(sizeof cues / sizeof *cues))]);
}

/* Commit A of what waits, perhaps at the second try. */
static void commit_a(struct telling *t)
{
    if (t->waiting_count == 0)
        return;
    if (t->disturbed && dice_one_in(&t->dice, 12)) { /* it dies first; the journal brings all of it again */
        say_all(t);
        rig_restart(&t->rig);
    }
    say_all(t);
    hinder(t);
    rig_store(&t->rig);
    faulty_set(t->rig.facts, (struct faulty_cue){0});
    t->waiting_count = 0;
    if (t->disturbed && dice_one_in(&t->dice, 25))
        rig_restart(&t->rig);
}

static void commit_b(struct telling *t)
{
    hinder(t);
    rig_derive(&t->rig);
    faulty_set(t->rig.facts, (struct faulty_cue){0});
}

/* Some of the meter's days are sealed, however young they are. */
static void seal(struct telling *t)
{
    struct fault fault = {0};
    int sealed = 1;
    int64_t meter_no = rig_meter_no(&t->rig, STORY_METER);
    for (int days = dice(&t->dice, 6); meter_no > 0 && sealed > 0 && days > 0; days--) {
        enum err err = facts_begin(t->rig.facts, &fault);
        if (err == OK)
            err = facts_seal(t->rig.facts, meter_no, t->rig.now_ms, &sealed, &fault);
        if (err != OK)
            fail_msg("sealing: %s", fault.text);
        if (dice_one_in(&t->dice, 8))
            facts_rollback(t->rig.facts);
        else if (facts_commit(t->rig.facts, &fault) != OK)
            fail_msg("sealing: %s", fault.text);
    }
}

static void tell(struct telling *t, int move)
{
    if (t->story->moves[move].kind != MOVE_SAY) {
        story_decide(t->story, move, &t->rig, t->numbers);
        return;
    }
    t->waiting[t->waiting_count++] = move;
    if (t->waiting_count == (int)(sizeof t->waiting / sizeof *t->waiting))
        commit_a(t);
}

/* The moves [from, until) in another order: what people do stays in theirs. `how`: 0 any, 1 backwards, 2 nearly in order, 3 some come last. */
static int disorder(struct telling *t, int from, int until, int how, int *order)
{
    int count = 0, late[4000], late_count = 0;
    for (int i = from; i < until; i++) {
        if (how == 3 && t->story->moves[i].kind == MOVE_SAY && dice_one_in(&t->dice, 5))
            late[late_count++] = i;
        else
            order[count++] = i;
    }
    for (int i = 0; i < late_count; i++)
        order[count++] = late[i];
    for (int i = count - 1; i > 0; i--) {
        int j = how == 0 ? dice(&t->dice, i + 1) : how == 1 ? (i >= count / 2 ? count - 1 - i : i) : i - dice(&t->dice, i < 12 ? i + 1 : 12);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    /* Decisions, wherever they came to stand, in their own order. */
    int decided[4000], decided_count = 0, next = 0;
    for (int i = from; i < until; i++)
        if (t->story->moves[i].kind != MOVE_SAY)
            decided[decided_count++] = i;
    for (int i = 0; i < count; i++)
        if (t->story->moves[order[i]].kind != MOVE_SAY)
            order[i] = decided[next++];
    return count;
}

static void begin(struct telling *t, const struct story *story, unsigned use)
{
    t->story = story;
    t->disturbed = use > 0;
    t->dice = dice_of(story->seed, use);
    t->waiting_count = 0;
    story_begin(story, &t->rig);
}

/* All of it after the fact. */
static void tell_history(struct telling *t)
{
    int order[4000];
    int count = disorder(t, 0, t->story->count, t->disturbed ? dice(&t->dice, 4) : 2, order);
    for (int i = 0; i < count; i++) {
        tell(t, t->disturbed ? order[i] : i);
        if (!t->disturbed)
            continue;
        int again = order[dice(&t->dice, i + 1)];
        if (dice_one_in(&t->dice, 5) && t->story->moves[again].kind == MOVE_SAY)
            tell(t, again);
        if (dice_one_in(&t->dice, 25))
            commit_a(t);
        if (dice_one_in(&t->dice, 60))
            commit_b(t);
        if (dice_one_in(&t->dice, 40))
            seal(t);
        if (dice_one_in(&t->dice, 80))
            rig_tend(&t->rig);
    }
    commit_a(t);
}

/* As it happens, in steps of the clock. At the end of each, all of it is stored and derived. */
static void tell_live(struct telling *t)
{
    const int64_t step_ms = 20 * RIG_MINUTE;
    int order[4000], from = 0;
    for (int64_t end_ms = RIG_NOW + step_ms; from < t->story->count; end_ms += step_ms) {
        int until = from;
        while (until < t->story->count && t->story->moves[until].at_ms < end_ms)
            until++;
        int count = disorder(t, from, until, t->disturbed ? dice(&t->dice, 3) : 2, order);
        rig_advance(&t->rig, end_ms - t->rig.now_ms);
        for (int i = 0; i < count; i++) {
            tell(t, t->disturbed ? order[i] : from + i);
            int again = t->disturbed && until > 0 ? dice(&t->dice, from + i + 1) : -1;
            if (again >= 0 && again < from && dice_one_in(&t->dice, 6) && t->story->moves[again].kind == MOVE_SAY)
                tell(t, again);
            if (t->disturbed && dice_one_in(&t->dice, 6))
                commit_a(t);
        }
        if (t->disturbed && dice_one_in(&t->dice, 12))
            seal(t);
        commit_a(t);
        rig_tend(&t->rig);
        commit_b(t);
        from = until;
    }
}

static struct buf told(const struct story *story, unsigned use)
{
    static struct telling t;
    struct buf out;
    begin(&t, story, use);
    if (story->history)
        tell_history(&t);
    else
        tell_live(&t);
    rig_settle(&t.rig);
    rig_settle(&t.rig);
    buf_init(&out, 64 << 20);
    story_ledger(&t.rig, !story->history, &out);
    assert_int_equal(rig_number(&t.rig, "readings.received"),
                     rig_number(&t.rig, "readings.accepted") + rig_number(&t.rig, "readings.repeated") + rig_number(&t.rig, "readings.refused"));
    rig_close(&t.rig);
    return out;
}

static void keep(unsigned seed, const char *how, const struct buf *text, char path[128])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 128, "%s/story-%u.%s", folder ? folder : "/tmp", seed, how);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fwrite(text->data, 1, text->len, file);
    fclose(file);
}

static void hold(const struct story *story, struct buf plain, struct buf disturbed)
{
    char one[128], other[128];
    if (plain.len != disturbed.len || memcmp(plain.data, disturbed.data, plain.len) != 0) {
        keep(story->seed, "in-order", &plain, one);
        keep(story->seed, "disturbed", &disturbed, other);
        fail_msg("story %u (%s, %s, %d moves): not the same ledger; see: diff %s %s", story->seed, story->history ? "history" : "live", story->zone,
                 story->count, one, other);
    }
    buf_finish(&plain);
    buf_finish(&disturbed);
}

static int episodes, verdicts;

static int count_of(const struct buf *text, const char *word)
{
    int count = 0;
    for (const char *at = text->data; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

static void the_same_ledger(void **state)
{
    (void)state;
    for (int seed = first; seed < first + stories; seed++) {
        struct story story;
        story_make((unsigned)seed, seed % 2 == 0, &story);
        struct buf plain = told(&story, 0), disturbed = told(&story, 1);
        episodes += count_of(&plain, "\nalert ");
        for (const char *const *word = (const char *const[]){" transient\n", " reset\n", " rollover\n", " conflict\n", " implausible\n", NULL}; *word;
             word++)
            verdicts += count_of(&plain, *word);
        hold(&story, plain, disturbed);
        story_finish(&story);
        if (stories >= 100 && (seed - first + 1) % 20 == 0)
            fprintf(stderr, "stories: %d of %d the same, up to seed %d; %d odd readings, %d episodes\n", seed - first + 1, stories, seed, verdicts,
                    episodes);
    }
    if (stories >= 20 && (episodes < stories / 8 || verdicts < stories))
        fail_msg("the stories are too tame: %d odd readings, %d episodes", verdicts, episodes);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_ledger)};
    if (argc > 1)
        stories = atoi(argv[1]);
    if (argc > 2)
        first = atoi(argv[2]);
    return cmocka_run_group_tests_name("pipeline_stories", tests, NULL, NULL);
}
