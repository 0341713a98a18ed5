/* Decisions: names, limits, and sums that come out exactly whatever the shape. tests/tables/decisions.splits has the cases for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "energy/decision.h"
#include "energy/estimated.h"
#include "energy/reading.h"

static void names_go_both_ways(void **state)
{
    (void)state;
    for (int i = DECISION_ACCEPT; i <= DECISION_ESTIMATE; i++) {
        enum decision_action action = 0;
        assert_true(decision_action_parse(decision_action_name((enum decision_action)i), &action));
        assert_int_equal(action, i);
    }
    for (int i = 0; i < DECISION_STATES; i++) {
        enum decision_state found = DECISION_STATES;
        assert_true(decision_state_parse(decision_state_name((enum decision_state)i), &found));
        assert_int_equal(found, i);
    }
    enum decision_action action;
    enum decision_state found;
    assert_false(decision_action_parse("", &action));
    assert_false(decision_action_parse("Accept", &action));
    assert_false(decision_state_parse("open", &found));
    assert_string_equal(decision_action_name((enum decision_action)9), "");
    assert_string_equal(decision_state_name((enum decision_state) - 1), "");
}

/* Whatever the shape, an edit's quarter-hours sum up to what was decided, and none is less than nothing. */
static void an_edit_is_exact(void **state)
{
    static struct decided_slot slots[DECISION_SLOTS_MAX];
    unsigned seed = 3;
    (void)state;
    for (int round = 0; round < 200; round++) {
        int count = round == 0 ? DECISION_SLOTS_MAX : 1 + (int)((seed >> 16) % 200);
        struct decision decision = {.action = DECISION_EDIT, .has_energy = true};
        for (int i = 0; i < count; i++) {
            seed = seed * 1103515245u + 12345u;
            slots[i] = (struct decided_slot){.base = {(int64_t)(seed >> 16) % 900, (enum quality)((seed >> 8) % 5)}, .like_wh = -1};
            if (slots[i].base.quality == QUALITY_MISSING)
                slots[i].base.wh = 0;
        }
        decision.energy_wh = round % 3 == 0 ? (int64_t)(seed >> 16) : round % 3 == 1 ? 0 : READING_WH_MAX - (int64_t)seed;
        int64_t sum_wh = 0;
        assert_true(decision_spread(&decision, slots, count));
        for (int i = 0; i < count; i++) {
            assert_true(slots[i].claimed && slots[i].wh >= 0);
            sum_wh += slots[i].wh;
        }
        assert_int_equal(sum_wh, decision.energy_wh);
        /* An estimate up to the same total fills it up, or there is nothing to fill. */
        decision.action = DECISION_ESTIMATE;
        int64_t measured_wh = 0;
        bool gaps = false;
        for (int i = 0; i < count; i++) {
            measured_wh += slots[i].base.quality == QUALITY_MEASURED ? slots[i].base.wh : 0;
            gaps = gaps || slots[i].base.quality != QUALITY_MEASURED;
        }
        assert_true(decision_spread(&decision, slots, count) == gaps);
        sum_wh = measured_wh;
        for (int i = 0; i < count; i++)
            sum_wh += slots[i].claimed ? slots[i].wh : 0;
        if (gaps)
            assert_int_equal(sum_wh, measured_wh > decision.energy_wh ? measured_wh : decision.energy_wh);
    }
}

/* What no meter counts must not overflow anything. */
static void absurd_shapes(void **state)
{
    struct decided_slot slots[3] = {
        {.base = {INT64_MAX, QUALITY_MEASURED}}, {.base = {INT64_MAX, QUALITY_MEASURED}}, {.base = {-5, QUALITY_PARTIAL}}};
    struct decision decision = {.action = DECISION_EDIT, .has_energy = true, .energy_wh = READING_WH_MAX};
    (void)state;
    assert_true(decision_spread(&decision, slots, 3));
    assert_int_equal(slots[0].wh + slots[1].wh + slots[2].wh, READING_WH_MAX);
    decision.action = DECISION_ESTIMATE;
    (void)decision_spread(&decision, slots, 3);
    assert_false(decision_spread(&decision, slots, 0));
}

/* Whoever sorts them: what is said of a read depends on the decisions alone. */
static void the_last_word_holds(void **state)
{
    struct decision decisions[] = {
        {.decision_no = 4, .channel = 10800, .action = DECISION_REFUSE, .from_utc_ms = 100, .value_wh = 7},
        {.decision_no = 2, .channel = 10800, .action = DECISION_ACCEPT, .from_utc_ms = 100, .value_wh = 7},
        {.decision_no = 1, .channel = 10800, .action = DECISION_ACCEPT, .from_utc_ms = 100, .value_wh = 5},
        {.decision_no = 3, .channel = 20800, .action = DECISION_REFUSE, .from_utc_ms = 100, .value_wh = 5},
        {.decision_no = 5, .channel = 10800, .action = DECISION_ACCEPT, .from_utc_ms = 90, .value_wh = 5},
    };
    (void)state;
    qsort(decisions, 5, sizeof decisions[0], decision_order);
    assert_int_equal(decisions_on_read(decisions, 5, 10800, 100, 7), FORCED_ASIDE);
    assert_int_equal(decisions_on_read(decisions, 5, 10800, 100, 5), FORCED_USED); /* what replaced it was refused since */
    assert_int_equal(decisions_on_read(decisions, 5, 20800, 100, 5), FORCED_ASIDE);
    assert_int_equal(decisions_on_read(decisions, 5, 10800, 90, 5), FORCED_USED);
    assert_int_equal(decisions_on_read(decisions, 5, 10800, 90, 7), FORCED_NOT);
    assert_int_equal(decisions_on_read(decisions, 5, 10800, 91, 5), FORCED_NOT);
    assert_int_equal(decisions_on_read(decisions, 0, 10800, 100, 5), FORCED_NOT);
}

static void billed_by_estimate(void **state)
{
    const struct estimated_limits half = {.share_percent = 50}, none = {.share_percent = 0}, all = {.share_percent = 100};
    (void)state;
    assert_false(estimated_cycle(500, 1000, &half)); /* more than the share */
    assert_true(estimated_cycle(501, 1000, &half));
    assert_true(estimated_cycle(1, 1000, &none));
    assert_false(estimated_cycle(0, 1000, &none));
    assert_false(estimated_cycle(1000, 1000, &all));
    assert_false(estimated_cycle(0, 0, &none));
    assert_true(estimated_cycle(READING_WH_MAX, READING_WH_MAX, &half));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),  cmocka_unit_test(an_edit_is_exact),   cmocka_unit_test(absurd_shapes),
        cmocka_unit_test(the_last_word_holds), cmocka_unit_test(billed_by_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
