#include "energy/decision.h"
#include <string.h>
#include "base/number.h"

static const char *const action_names[] = {"", "accept", "refuse", "edit", "estimate"};
static const char *const state_names[] = {"proposed", "approved", "rejected", "withdrawn"};

const char *decision_action_name(enum decision_action action)
{
    return (unsigned)action <= DECISION_ESTIMATE ? action_names[action] : "";
}

bool decision_action_parse(const char *name, enum decision_action *out)
{
    for (int i = DECISION_ACCEPT; i <= DECISION_ESTIMATE; i++) {
        if (strcmp(action_names[i], name) == 0) {
            *out = (enum decision_action)i;
            return true;
        }
    }
    return false;
}

const char *decision_state_name(enum decision_state state)
{
    return (unsigned)state < DECISION_STATES ? state_names[state] : "";
}

bool decision_state_parse(const char *name, enum decision_state *out)
{
    for (int i = 0; i < DECISION_STATES; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *out = (enum decision_state)i;
            return true;
        }
    }
    return false;
}

bool decision_is_span(const struct decision *decision)
{
    return decision->action == DECISION_EDIT || decision->action == DECISION_ESTIMATE;
}

int32_t decision_base_channel(int32_t channel)
{
    return -channel;
}

int decision_order(const void *a, const void *b)
{
    const struct decision *left = a, *right = b;
    if (left->from_utc_ms != right->from_utc_ms)
        return left->from_utc_ms < right->from_utc_ms ? -1 : 1;
    return left->decision_no < right->decision_no ? -1 : left->decision_no > right->decision_no;
}

/* ---- reads ---- */

static int first_at(const struct decision *decisions, int count, int64_t ts_utc_ms)
{
    int from = 0, until = count;
    while (from < until) {
        int middle = from + (until - from) / 2;
        if (decisions[middle].from_utc_ms < ts_utc_ms)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

/* The last of decisions[from, until) on a value of the channel, or NULL. */
static const struct decision *last_on(const struct decision *decisions, int from, int until, int32_t channel, int64_t value_wh)
{
    for (int i = until - 1; i >= from; i--)
        if (decisions[i].channel == channel && decisions[i].value_wh == value_wh)
            return &decisions[i];
    return NULL;
}

enum forced decisions_on_read(const struct decision *decisions, int count, int32_t channel, int64_t ts_utc_ms, int64_t value_wh)
{
    int from = first_at(decisions, count, ts_utc_ms), until = from;
    while (until < count && decisions[until].from_utc_ms == ts_utc_ms)
        until++;
    const struct decision *own = last_on(decisions, from, until, channel, value_wh);
    if (!own)
        return FORCED_NOT;
    if (own->action == DECISION_REFUSE)
        return FORCED_ASIDE;
    for (int i = from; i < until; i++) { /* is another value of this instant accepted after this one, and still? */
        const struct decision *other = &decisions[i];
        if (other->channel == channel && other->action == DECISION_ACCEPT && other->decision_no > own->decision_no &&
            last_on(decisions, from, until, channel, other->value_wh)->action == DECISION_ACCEPT)
            return FORCED_NOT;
    }
    return FORCED_USED;
}

/* ---- spans ---- */

static bool known(const struct slot *slot)
{
    return slot->quality != QUALITY_MISSING;
}

/* Gives `energy_wh` to the claimed quarter-hours in proportion to their weights (which stand in `wh`), evenly where all are 0. */
static bool share(struct decided_slot *slots, int count, int64_t energy_wh)
{
    int64_t total = 0, before = 0, told_wh = 0;
    int claimed = 0;
    for (int i = 0; i < count; i++) {
        if (!slots[i].claimed)
            continue;
        claimed++;
        if (slots[i].wh < 0 || __builtin_add_overflow(total, slots[i].wh, &total))
            slots[i].wh = 0; /* no meter counts so much: such a quarter-hour has no say in the shape */
    }
    for (int i = 0; i < count; i++) {
        int64_t until_wh = 0;
        if (!slots[i].claimed)
            continue;
        before += total > 0 ? slots[i].wh : 1;
        if (!muldiv_floor(energy_wh, before, total > 0 ? total : claimed, &until_wh))
            return false;
        slots[i].wh = until_wh - told_wh;
        told_wh = until_wh;
    }
    return claimed > 0;
}

static bool spread_edit(const struct decision *decision, struct decided_slot *slots, int count)
{
    int128 sum = 0;
    int some = 0;
    for (int i = 0; i < count; i++) {
        if (known(&slots[i].base)) {
            sum += slots[i].base.wh;
            some++;
        }
    }
    for (int i = 0; i < count; i++) {
        slots[i].claimed = true;
        slots[i].wh = known(&slots[i].base) ? slots[i].base.wh : some > 0 ? (int64_t)(sum / some) : 0;
    }
    return share(slots, count, decision->energy_wh);
}

static bool spread_total(const struct decision *decision, struct decided_slot *slots, int count)
{
    int64_t rest_wh = decision->energy_wh;
    bool like = true;
    for (int i = 0; i < count; i++) {
        slots[i].claimed = slots[i].base.quality != QUALITY_MEASURED;
        if (slots[i].claimed)
            like = like && slots[i].like_wh >= 0;
        else if (__builtin_sub_overflow(rest_wh, slots[i].base.wh, &rest_wh))
            return false;
    }
    for (int i = 0; i < count; i++)
        slots[i].wh = like ? slots[i].like_wh : known(&slots[i].base) ? slots[i].base.wh : 0;
    return share(slots, count, rest_wh < 0 ? 0 : rest_wh);
}

static bool spread_rule(struct decided_slot *slots, int count)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        const struct slot *base = &slots[i].base;
        slots[i].claimed = slots[i].like_wh >= 0 && (base->quality == QUALITY_MISSING || base->quality == QUALITY_PARTIAL);
        slots[i].wh = base->quality == QUALITY_PARTIAL && base->wh > slots[i].like_wh ? base->wh : slots[i].like_wh;
        any = any || slots[i].claimed;
    }
    return any;
}

bool decision_spread(const struct decision *decision, struct decided_slot *slots, int count)
{
    bool any = decision->action == DECISION_EDIT ? spread_edit(decision, slots, count)
               : decision->has_energy            ? spread_total(decision, slots, count)
                                                 : spread_rule(slots, count);
    for (int i = 0; i < count; i++)
        slots[i].claimed = any && slots[i].claimed;
    return any;
}
