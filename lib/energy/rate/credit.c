/*
 * Netting by month and credits in kWh: what is fed in compensates what is drawn, window by window, before anything is priced.
 *
 * Brazil (Lei 14.300/2022, REN 1.000 art. 655): the month's own injection first, in its own window and then in the others, then what other units
 * gave, then older lots, oldest first, for 60 months; never below the minimum.
 */
#include <string.h>
#include "energy/rate/inner.h"

/* Credits that may be used: this cycle's (by window), received ones, or lots. */
struct source {
    struct credit_lot *lots;
    int count;
};

struct compensation {
    struct work *work;
    const struct credits *credits;
    int64_t room_wh; /* what may still be compensated before the minimum is reached */
    int64_t used_wh;
};

const struct credits *kwh_credits(const struct work *work);

const struct credits *kwh_credits(const struct work *work)
{
    const struct tariff_version *version = last_version(work);
    for (int i = 0; i < version->credit_count; i++)
        if (version->credits[i].mode == CREDITS_KWH && applies(work, &version->credits[i].when))
            return &version->credits[i];
    return NULL;
}

static const struct part *find_part(const struct tariff_version *version, const char *id)
{
    for (int c = 0; c < version->charge_count; c++)
        for (int p = 0; p < version->charges[c].part_count; p++)
            if (strcmp(version->charges[c].parts[p].id, id) == 0)
                return &version->charges[c].parts[p];
    return NULL;
}

/* The ratio at which a kWh of one window stands for those of another: num/den. */
static void conversion(const struct compensation *c, const struct segment *segment, int from, int to, int64_t *num, int64_t *den)
{
    const struct part *part = c->credits->convert_by[0] ? find_part(segment->version, c->credits->convert_by) : NULL;
    *num = *den = 1;
    if (!part || from == to || from < 0)
        return;
    int64_t a = price_at(&part->rate, segment->season, from), b = price_at(&part->rate, segment->season, to);
    if (a > 0 && b > 0) {
        *num = a;
        *den = b;
    }
}

static int64_t draw(struct compensation *c, const struct segment *segment, int window, struct credit_lot *lot)
{
    struct bucket *bucket = bucket_of(c->work, segment, 0, window);
    int64_t need = bucket->net_wh < c->room_wh ? bucket->net_wh : c->room_wh;
    int64_t num, den, covers = 0, taken = 0;
    conversion(c, segment, tou_find_window(&segment->version->tous[0], lot->window), window, &num, &den);
    if (need <= 0 || lot->wh <= 0 || !muldiv_floor(lot->wh, num, den, &covers))
        return 0;
    if (covers > need)
        covers = need;
    muldiv_floor(covers, den, num, &taken);
    if (num != den && taken < lot->wh && covers > 0)
        taken++; /* a started watt-hour is used */
    bucket->net_wh -= covers;
    bucket->compensated_wh += covers;
    lot->wh -= taken;
    c->room_wh -= covers;
    c->used_wh += taken;
    return covers;
}

/* One pass over all consumption: lots of the same window, or of the others. */
static void pass(struct compensation *c, struct source *source, bool same)
{
    const struct rate_plan *plan = c->work->plan;
    for (int i = 0; i < source->count; i++) {
        struct credit_lot *lot = &source->lots[i];
        for (int s = 0; s < plan->segment_count && lot->wh > 0; s++) {
            const struct segment *segment = &plan->segments[s];
            const struct tou *tou = &segment->version->tous[0];
            for (int w = 0; w < tou->window_count && lot->wh > 0; w++) {
                bool equal = tou->window_count == 1 || strcmp(tou->window_ids[w], lot->window) == 0;
                if (equal == same)
                    draw(c, segment, w, lot);
            }
        }
    }
}

static void use(struct compensation *c, struct source *source)
{
    pass(c, source, true);
    if (c->credits->others)
        pass(c, source, false);
}

/* What this cycle fed in, by window. False: too many windows. */
static bool injected(struct work *work, struct credit_lot *lots, int *count)
{
    const struct rate_plan *plan = work->plan;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct tou *tou = &plan->segments[s].version->tous[0];
        for (int w = 0; w < tou->window_count; w++) {
            int64_t wh = bucket_of(work, &plan->segments[s], 0, w)->export_wh;
            int i = 0;
            while (i < *count && strcmp(lots[i].window, tou->window_ids[w]) != 0)
                i++;
            if (wh <= 0)
                continue;
            if (i == *count) {
                if (i == TARIFF_WINDOWS_MAX)
                    return wrong(work, "", "more than %d windows in one cycle", TARIFF_WINDOWS_MAX);
                lots[i] = (struct credit_lot){.month = work->month};
                memcpy(lots[i].window, tou->window_ids[w], sizeof lots[i].window);
                (*count)++;
            }
            lots[i].wh += wh;
        }
    }
    return true;
}

static int64_t sum_lots(const struct credit_lot *lots, int count)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        if (__builtin_add_overflow(sum, lots[i].wh, &sum))
            return INT64_MAX;
    return sum;
}

static void expire(struct work *work, const struct credits *credits)
{
    struct rate_state *state = &work->state;
    for (int i = 0; i < state->lot_count; i++) {
        struct credit_lot *lot = &state->lots[i];
        if (credits->expiry_months > 0 && work->month - lot->month > credits->expiry_months) {
            work->kwh_credit.expired += lot->wh;
            lot->wh = 0;
        }
        const struct segment *last = &work->plan->segments[work->plan->segment_count - 1];
        for (int c = 0; c < credits->carry_count; c++)
            if (credits->carries[c].season == last->season && strcmp(credits->carries[c].from, lot->window) == 0) {
                memcpy(lot->window, credits->carries[c].to, sizeof lot->window);
                break;
            }
    }
}

/* Drops what is empty; adds what is left of new lots. Where nothing expires, the age of a lot says nothing: one per window is enough. */
static bool keep_lots(struct work *work, const struct credits *credits, const struct credit_lot *more, int count)
{
    struct rate_state *state = &work->state;
    int kept = 0;
    for (int i = 0; i < state->lot_count; i++)
        if (state->lots[i].wh > 0)
            state->lots[kept++] = state->lots[i];
    for (int i = 0; i < count; i++) {
        int at = kept;
        if (more[i].wh <= 0)
            continue;
        for (int k = 0; k < kept; k++)
            if (strcmp(state->lots[k].window, more[i].window) == 0 && (credits->expiry_months == 0 || state->lots[k].month == more[i].month))
                at = k;
        if (at == LOTS_MAX)
            return wrong(work, credits->rule, "more than %d lots of credits", LOTS_MAX);
        if (at == kept) {
            state->lots[kept] = more[i];
            kept++;
        } else if (__builtin_add_overflow(state->lots[at].wh, more[i].wh, &state->lots[at].wh)) {
            return too_large(work, credits->rule);
        }
    }
    state->lot_count = kept;
    return true;
}

/* In the month of the true-up what is left becomes money, or nothing. */
static bool settle(struct work *work, const struct credits *credits)
{
    struct rate_state *state = &work->state;
    if (__builtin_add_overflow(state->balance_wh, work->export_wh - work->import_wh, &state->balance_wh))
        return too_large(work, credits->rule);
    if (state->balance_wh < 0)
        state->balance_wh = 0;
    if (credits->true_up_month == 0 || work->month % 12 + 1 != credits->true_up_month)
        return true;
    work->kwh_credit.settled = credits->true_up_of_total ? state->balance_wh : sum_lots(state->lots, state->lot_count);
    state->lot_count = 0;
    state->balance_wh = 0;
    return true;
}

static int64_t minimum_wh(const struct work *work, const struct tariff_version *version);

/* What may be compensated: all that was drawn, or what lies above the minimum. */
static int64_t room_wh(const struct work *work, const struct credits *credits)
{
    int64_t drawn = 0, floor = credits->floor_minimum ? minimum_wh(work, last_version(work)) : 0;
    for (int s = 0; s < work->plan->segment_count; s++)
        for (int w = 0; w < work->plan->segments[s].version->tous[0].window_count; w++)
            drawn += bucket_of(work, &work->plan->segments[s], 0, w)->net_wh;
    return drawn > floor ? drawn - floor : 0;
}

static bool compensate_with(struct work *work, const struct credits *credits)
{
    struct credit_lot now[TARIFF_WINDOWS_MAX];
    struct rate_state *state = &work->state;
    struct compensation c = {.work = work, .credits = credits};
    int now_count = 0;
    struct bill_credit *told = &work->kwh_credit;
    memcpy(told->id, credits->id, sizeof credits->id);
    told->energy = true;
    told->opening = sum_lots(state->lots, state->lot_count);
    told->received = sum_lots(state->received, state->received_count);
    expire(work, credits);
    if (!injected(work, now, &now_count))
        return false;
    told->earned = sum_lots(now, now_count);
    c.room_wh = room_wh(work, credits);
    struct source current = {now, now_count}, received = {state->received, state->received_count}, lots = {state->lots, state->lot_count};
    if (credits->lots_first)
        use(&c, &lots);
    use(&c, &current);
    if (credits->other_units)
        use(&c, &received);
    if (!credits->lots_first)
        use(&c, &lots);
    told->used = c.used_wh;
    if (!keep_lots(work, credits, now, now_count) || !keep_lots(work, credits, state->received, credits->other_units ? state->received_count : 0) ||
        !settle(work, credits))
        return false;
    told->closing = sum_lots(state->lots, state->lot_count);
    work->has_kwh_credit = true;
    return true;
}

static int64_t minimum_wh(const struct work *work, const struct tariff_version *version)
{
    const struct minimum *minimum = &version->minimum;
    if (minimum->kind != MINIMUM_KWH || !applies(work, &minimum->when))
        return 0;
    for (int i = 0; i < minimum->by_count; i++)
        if (strcmp(minimum->by_phases[i].name, attribute_of(work, ACCOUNT_PHASES)) == 0)
            return minimum->by_phases[i].nano / (NANO / 1000);
    return minimum->amount;
}

bool compensate(struct work *work)
{
    const struct rate_plan *plan = work->plan;
    for (int s = 0; s < plan->segment_count; s++) {
        const struct segment *segment = &plan->segments[s];
        for (int t = 0; t < segment->version->tou_count; t++)
            for (int w = 0; w < segment->version->tous[t].window_count; w++) {
                struct bucket *bucket = bucket_of(work, segment, t, w);
                if (segment->version->netting == NET_MONTH) {
                    int64_t common = bucket->import_wh < bucket->export_wh ? bucket->import_wh : bucket->export_wh;
                    bucket->import_wh -= common;
                    bucket->export_wh -= common;
                }
                bucket->net_wh = bucket->import_wh;
            }
    }
    const struct credits *credits = kwh_credits(work);
    if (!credits)
        return true;
    /* Only the windows of the version itself are compensated; the parser lets no other energy charge stand beside. */
    return compensate_with(work, credits);
}
