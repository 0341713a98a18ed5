#include "energy/judge.h"
#include "base/instant.h"
#include "base/number.h"
#include "energy/reading.h"

/* ledger.md: "A rise under 2 kWh is never implausible or catch_up (coarse registers, and people who publish by hand)." */
#define RISE_NEVER_ODD_WH 2000
/* ledger.md: "goes back ≤ 10 kWh and continues from there": a rounding or restored copy of the same register, never a new one. */
#define STEP_BACK_WH 10000
/* Breakers carry more than their rating for a while: IEC 60898 trips between 1.13 and 1.45 × the rated current within an hour. */
#define OVERLOAD_PERCENT 145

int64_t service_limit_wh(struct service service, int64_t duration_ms)
{
    int64_t va = (int64_t)service.phases * service.volts * service.amps;
    int64_t wh = 0;
    if (duration_ms < 0 || !muldiv_floor(va * OVERLOAD_PERCENT / 100, duration_ms, MS_PER_HOUR, &wh))
        return INT64_MAX;
    return wh < RISE_NEVER_ODD_WH ? RISE_NEVER_ODD_WH : wh;
}

/* The walk over the reads. */
struct walk {
    struct judged_read *reads;
    int count;
    const struct judge_context *context;
    int last; /* the used read before the place; -1: none */
    int64_t register_max_wh;
    int next_exchange;
};

static bool may_count(const struct judged_read *read)
{
    return read->verdict == VERDICT_ACCEPTED;
}

/* Did a person say that it counts? */
static bool chosen(const struct judged_read *read)
{
    return read->forced == FORCED_USED && !(read->flags & FLAG_TEST);
}

static bool plausible(const struct walk *walk, const struct judged_read *from, const struct judged_read *to)
{
    return to->value_wh - from->value_wh <= service_limit_wh(walk->context->service, to->ts_utc_ms - from->ts_utc_ms);
}

static bool all_ones(int64_t value_wh)
{
    return value_wh == INT64_C(0xffff) || value_wh == INT64_C(0xffffff) || value_wh == INT64_C(0xffffffff);
}

/* The next read that may count and is no all-ones, or -1. */
static int next_ordinary(const struct walk *walk, int from)
{
    for (int i = from; i < walk->count && i < from + JUDGE_SHORT; i++)
        if (may_count(&walk->reads[i]) && !all_ones(walk->reads[i].value_wh))
            return i;
    return -1;
}

/* Of several values at one ts: the one that a person chose; else the one between its neighbours; if more, the smallest; if none, none. The others are
 * conflicts. */
static void settle_same_ts(struct walk *walk, int from, int until)
{
    int64_t floor_wh = walk->last >= 0 ? walk->reads[walk->last].value_wh : 0;
    int after = next_ordinary(walk, until);
    int64_t ceiling_wh = after >= 0 ? walk->reads[after].value_wh : INT64_MAX;
    bool found = false, decided = false;
    for (int i = from; i < until; i++)
        decided = decided || chosen(&walk->reads[i]);
    for (int i = from; i < until; i++) {
        struct judged_read *read = &walk->reads[i];
        if (!may_count(read))
            continue;
        if (!found && (decided ? chosen(read) : read->value_wh >= floor_wh && read->value_wh <= ceiling_wh))
            found = true;
        else
            read->verdict = VERDICT_CONFLICT;
    }
}

static void use(struct walk *walk, int at, enum verdict verdict, int64_t rise_wh, bool estimated)
{
    struct judged_read *read = &walk->reads[at];
    read->verdict = chosen(read) ? VERDICT_CHOSEN : verdict;
    read->used = true;
    read->rise_wh = rise_wh;
    read->estimated = estimated;
    walk->last = at;
}

static void set_aside(struct walk *walk, int at, enum verdict verdict)
{
    walk->reads[at].verdict = verdict;
    walk->reads[at].used = false;
}

/* What a register counted from one value to another, over at most one turn; -1: it cannot have. */
static int64_t counted_wh(int64_t from_wh, int64_t to_wh, int64_t register_max_wh)
{
    if (to_wh >= from_wh)
        return to_wh - from_wh;
    return register_max_wh > 0 && from_wh <= register_max_wh ? register_max_wh - from_wh + 1 + to_wh : -1;
}

/* Can the device that came with an exchange show this read? */
static bool fits_exchange(const struct walk *walk, const struct exchange *exchange, const struct judged_read *read)
{
    int64_t wh = counted_wh(exchange->new_start_wh, read->value_wh, exchange->new_register_max_wh);
    return wh >= 0 && wh <= service_limit_wh(walk->context->service, read->ts_utc_ms - exchange->ts_utc_ms);
}

/* Does a read soon after `at`, and before a further exchange, fit where that one does not? Then that one is odd, and not what was announced. */
static bool fits_later(const struct walk *walk, const struct exchange *exchange, int at, int64_t until_ms)
{
    for (int i = at + 1, seen = 0; i < walk->count && seen < JUDGE_SHORT && walk->reads[i].ts_utc_ms < until_ms; i++) {
        if (!may_count(&walk->reads[i]))
            continue;
        seen++;
        if (fits_exchange(walk, exchange, &walk->reads[i]))
            return true;
    }
    return false;
}

/* Does this read fit by a turn of the new register alone, and a read soon after stand by a leap where the register had not turned? Then it never did.
 */
static bool never_turned(const struct walk *walk, const struct exchange *exchange, int at, int64_t until_ms)
{
    const struct judged_read *read = &walk->reads[at];
    if (read->value_wh >= exchange->new_start_wh)
        return false;
    for (int i = at + 1, seen = 0; i < walk->count && seen < JUDGE_SHORT && walk->reads[i].ts_utc_ms < until_ms; i++) {
        const struct judged_read *later = &walk->reads[i];
        if (!may_count(later))
            continue;
        seen++;
        if (later->value_wh >= exchange->new_start_wh)
            return fits_exchange(walk, exchange, later) && !plausible(walk, read, later);
    }
    return false;
}

/*
 * Announced exchanges between the last used read and this one: what the old register still counted, what each that hung there in between did, and
 * what the new one did. An odd read right behind an exchange is set aside, and the exchange waits for one that fits. False: there is none, or its
 * numbers cannot be; then the reads alone tell.
 */
static bool across_exchange(struct walk *walk, int at)
{
    const struct judge_context *context = walk->context;
    const struct judged_read *read = &walk->reads[at], *last = &walk->reads[walk->last];
    int64_t value_wh = last->value_wh, max_wh = walk->register_max_wh, rise_wh = 0;
    int next = walk->next_exchange, crossed = 0;
    for (; next < context->exchange_count && context->exchanges[next].ts_utc_ms <= read->ts_utc_ms; next++) {
        const struct exchange *exchange = &context->exchanges[next];
        if (exchange->ts_utc_ms >= last->ts_utc_ms) {
            int64_t old_wh = counted_wh(value_wh, exchange->old_final_wh, max_wh);
            rise_wh = old_wh < 0 || rise_wh < 0 ? -1 : rise_wh + old_wh;
            value_wh = exchange->new_start_wh;
            crossed++;
        }
        max_wh = exchange->new_register_max_wh;
    }
    if (crossed > 0) {
        const struct exchange *newest = &context->exchanges[next - 1];
        int64_t until_ms = next < context->exchange_count ? context->exchanges[next].ts_utc_ms : INT64_MAX;
        bool odd = fits_exchange(walk, newest, read) ? never_turned(walk, newest, at, until_ms) : fits_later(walk, newest, at, until_ms);
        if (odd && !chosen(read)) {
            set_aside(walk, at, read->value_wh < newest->new_start_wh ? VERDICT_TRANSIENT : VERDICT_IMPLAUSIBLE);
            return true;
        }
    }
    walk->next_exchange = next;
    walk->register_max_wh = max_wh;
    int64_t new_wh = counted_wh(value_wh, read->value_wh, max_wh);
    if (crossed == 0 || rise_wh < 0 || new_wh < 0)
        return false;
    use(walk, at, VERDICT_ACCEPTED, rise_wh + new_wh, false);
    return true;
}

/* The register turned over after its maximum: what is missing to it and what came after is what the service could carry. */
static bool across_rollover(struct walk *walk, int at)
{
    const struct judged_read *read = &walk->reads[at], *last = &walk->reads[walk->last];
    int64_t max_wh = walk->register_max_wh;
    if (max_wh == 0 || last->value_wh > max_wh || read->value_wh > max_wh)
        return false;
    int64_t rise_wh = max_wh - last->value_wh + 1 + read->value_wh;
    if (rise_wh > service_limit_wh(walk->context->service, read->ts_utc_ms - last->ts_utc_ms))
        return false;
    use(walk, at, VERDICT_ROLLOVER, rise_wh, false);
    return true;
}

/* The first used read of the device that hangs there now, as far as an exchange was announced; -1: none was. */
static int first_of_device(const struct walk *walk)
{
    int first = -1;
    if (walk->next_exchange == 0)
        return -1;
    int64_t from_ms = walk->context->exchanges[walk->next_exchange - 1].ts_utc_ms;
    for (int i = walk->last; i >= 0 && walk->reads[i].ts_utc_ms >= from_ms; i--)
        if (walk->reads[i].used)
            first = i;
    return first;
}

/* Until when the register that the last used read shows may still be seen: it is taken down with the next exchange that it could have come to. */
static int64_t taken_down_ms(const struct walk *walk)
{
    if (walk->next_exchange >= walk->context->exchange_count)
        return INT64_MAX;
    const struct exchange *exchange = &walk->context->exchanges[walk->next_exchange];
    struct judged_read final = {.ts_utc_ms = exchange->ts_utc_ms, .value_wh = exchange->old_final_wh};
    const struct judged_read *last = &walk->reads[walk->last];
    return final.value_wh >= last->value_wh && plausible(walk, last, &final) ? exchange->ts_utc_ms : INT64_MAX;
}

/*
 * Where a register that went back is where it was again: the first read at or above the last used one that it could have reached from there. -1:
 * nowhere. *out_low: how many reads stand below it until then.
 */
static int find_return(const struct walk *walk, int from, int *out_low)
{
    const struct judged_read *last = &walk->reads[walk->last];
    int64_t until_ms = taken_down_ms(walk);
    *out_low = 0;
    for (int i = from; i < walk->count && i < from + JUDGE_AHEAD && walk->reads[i].ts_utc_ms < until_ms; i++) {
        const struct judged_read *read = &walk->reads[i];
        if (!may_count(read))
            continue;
        if (read->value_wh >= last->value_wh && plausible(walk, last, read))
            return i;
        if (read->value_wh < last->value_wh)
            ++*out_low;
    }
    return -1;
}

/* Did the register leap to its former place, or grow there as a new one would? The read before the return tells. */
static bool returned_by_leap(const struct walk *walk, int from, int back)
{
    for (int i = back - 1; i >= from; i--)
        if (may_count(&walk->reads[i]) && walk->reads[i].value_wh < walk->reads[walk->last].value_wh)
            return !plausible(walk, &walk->reads[i], &walk->reads[back]);
    return true;
}

/* Counts the used reads above a value, down to the last at or below it, or that a person chose; returns how many, and where that one is (-1: none).
 */
static int used_above(const struct walk *walk, int64_t value_wh, int *out_anchor)
{
    int above = 0, i = walk->last, first = first_of_device(walk);
    for (; i >= 0; i--) {
        const struct judged_read *read = &walk->reads[i];
        if (!read->used)
            continue;
        if (read->value_wh <= value_wh || i == first || read->verdict == VERDICT_RESET || read->verdict == VERDICT_ROLLOVER || chosen(read))
            break;
        above++;
    }
    *out_anchor = i;
    return above;
}

/*
 * A small step back: one register that stuttered. The longer of both runs is used: the reads above the step, or those from it on; the energy is last
 * − first either way.
 */
static void small_step_back(struct walk *walk, int at)
{
    int low, anchor;
    find_return(walk, at, &low);
    int above = used_above(walk, walk->reads[at].value_wh, &anchor);
    bool new_era = anchor >= 0 && walk->reads[anchor].value_wh > walk->reads[at].value_wh; /* its own first read is above the step */
    if (low <= above || new_era) {
        set_aside(walk, at, VERDICT_TRANSIENT);
        return;
    }
    for (int i = anchor + 1; i <= walk->last; i++)
        if (walk->reads[i].used)
            set_aside(walk, i, VERDICT_TRANSIENT);
    walk->last = anchor;
    use(walk, at, VERDICT_ACCEPTED, anchor < 0 ? 0 : walk->reads[at].value_wh - walk->reads[anchor].value_wh, false);
}

static void begin_anew(struct walk *walk, int at)
{
    const struct judged_read *read = &walk->reads[at], *last = &walk->reads[walk->last];
    /* Its own count where the service could carry that, else nothing is known of the time between. */
    bool carried = read->value_wh <= service_limit_wh(walk->context->service, read->ts_utc_ms - last->ts_utc_ms);
    use(walk, at, VERDICT_RESET, carried ? read->value_wh : 0, true);
    walk->register_max_wh = 0;
}

/* A read that a person chose: it counts, and what contradicts it gives way. */
static void use_chosen(struct walk *walk, int at)
{
    const struct judged_read *read = &walk->reads[at], *last = &walk->reads[walk->last];
    int anchor;
    if (across_exchange(walk, at))
        return;
    if (read->value_wh >= last->value_wh) {
        use(walk, at, VERDICT_CHOSEN, read->value_wh - last->value_wh, !plausible(walk, last, read));
        return;
    }
    if (across_rollover(walk, at))
        return;
    int above = used_above(walk, read->value_wh, &anchor);
    if (above > JUDGE_SHORT || anchor < 0 || walk->reads[anchor].value_wh > read->value_wh) {
        begin_anew(walk, at);
        return;
    }
    for (int i = anchor + 1; i <= walk->last; i++)
        if (walk->reads[i].used)
            set_aside(walk, i, VERDICT_TRANSIENT);
    last = &walk->reads[anchor];
    use(walk, at, VERDICT_CHOSEN, read->value_wh - last->value_wh, !plausible(walk, last, read));
}

/*
 * Did the register stand, when it was taken down as announced, where it could have come from the last used read, while only a few were low before?
 * What it counted is the same then, whether those were odd or it had stepped back.
 */
static bool returned_at_exchange(const struct walk *walk, int at)
{
    const struct judged_read *last = &walk->reads[walk->last];
    int64_t until_ms = taken_down_ms(walk);
    if (until_ms == INT64_MAX)
        return false;
    for (int i = at, low = 0; i < walk->count && walk->reads[i].ts_utc_ms < until_ms; i++)
        if (may_count(&walk->reads[i]) && walk->reads[i].value_wh < last->value_wh && ++low > JUDGE_SHORT)
            return false;
    return true;
}

static void went_back(struct walk *walk, int at)
{
    struct judged_read *read = &walk->reads[at];
    const struct judged_read *last = &walk->reads[walk->last];
    int low, back = find_return(walk, at, &low);
    bool leapt = back >= 0 && returned_by_leap(walk, at, back), announced = returned_at_exchange(walk, at);
    /* A 0 near the maximum that did not stay is no turn. */
    if (!announced && !(leapt && low <= JUDGE_SHORT) && across_rollover(walk, at))
        return;
    if (announced || leapt || (back >= 0 && low <= JUDGE_SHORT)) {
        set_aside(walk, at, VERDICT_TRANSIENT);
        return;
    }
    if (last->value_wh - read->value_wh <= STEP_BACK_WH) {
        small_step_back(walk, at);
        return;
    }
    begin_anew(walk, at); /* unannounced */
}

/* Does a later read stand below the leap, where the register could have come from the last used one? Then the leap did not stay. */
static bool falls_back(const struct walk *walk, int at)
{
    const struct judged_read *last = &walk->reads[walk->last], *read = &walk->reads[at];
    for (int i = at + 1, seen = 0; i < walk->count && seen < JUDGE_SHORT; i++) {
        const struct judged_read *later = &walk->reads[i];
        if (!may_count(later))
            continue;
        seen++;
        if (later->value_wh < read->value_wh && later->value_wh >= last->value_wh && plausible(walk, last, later))
            return true;
    }
    return false;
}

static void judge_one(struct walk *walk, int at)
{
    struct judged_read *read = &walk->reads[at];
    if (walk->last < 0) {
        int after = all_ones(read->value_wh) && !chosen(read) ? next_ordinary(walk, at + 1) : -1;
        if (after >= 0 && (walk->reads[after].value_wh < read->value_wh || !plausible(walk, read, &walk->reads[after])))
            set_aside(walk, at, VERDICT_SENTINEL);
        else
            use(walk, at, VERDICT_ACCEPTED, 0, false);
        return;
    }
    if (chosen(read)) {
        use_chosen(walk, at);
        return;
    }
    const struct judged_read *last = &walk->reads[walk->last];
    if (across_exchange(walk, at))
        return;
    if (all_ones(read->value_wh)) {
        int after = next_ordinary(walk, at + 1);
        bool between =
            read->value_wh >= last->value_wh && plausible(walk, last, read) && (after < 0 || walk->reads[after].value_wh >= read->value_wh);
        if (!between) {
            set_aside(walk, at, VERDICT_SENTINEL);
            return;
        }
    }
    if (read->value_wh < last->value_wh)
        went_back(walk, at);
    else if (plausible(walk, last, read))
        use(walk, at, VERDICT_ACCEPTED, read->value_wh - last->value_wh, false);
    else if (falls_back(walk, at))
        set_aside(walk, at, VERDICT_IMPLAUSIBLE);
    else
        use(walk, at, VERDICT_CATCH_UP, read->value_wh - last->value_wh, true);
}

void judge_registers(struct judged_read *reads, int count, const struct judge_context *context)
{
    struct walk walk = {.reads = reads, .count = count, .context = context, .last = -1, .register_max_wh = context->register_max_wh};
    for (int i = 0; i < count; i++) {
        reads[i].verdict = reads[i].flags & FLAG_TEST ? VERDICT_TEST : reads[i].forced == FORCED_ASIDE ? VERDICT_SET_ASIDE : VERDICT_ACCEPTED;
        reads[i].used = reads[i].estimated = false;
        reads[i].rise_wh = 0;
    }
    for (int i = 0; i < count;) {
        int until = i + 1;
        while (until < count && reads[until].ts_utc_ms == reads[i].ts_utc_ms)
            until++;
        if (until - i > 1)
            settle_same_ts(&walk, i, until);
        for (; i < until; i++)
            if (may_count(&reads[i]))
                judge_one(&walk, i);
    }
}

bool judge_is_plain(const struct judged_read *reads, int count, const struct judge_context *context)
{
    for (int i = 0; i < count; i++) {
        if ((reads[i].flags & FLAG_TEST) || reads[i].forced != FORCED_NOT || all_ones(reads[i].value_wh))
            return false;
        if (i == 0)
            continue;
        int64_t step_ms = reads[i].ts_utc_ms - reads[i - 1].ts_utc_ms;
        int64_t rise_wh = reads[i].value_wh - reads[i - 1].value_wh;
        if (step_ms <= 0 || rise_wh < 0 || rise_wh > service_limit_wh(context->service, step_ms))
            return false;
    }
    for (int i = 0; i < context->exchange_count; i++)
        if (count > 0 && context->exchanges[i].ts_utc_ms >= reads[0].ts_utc_ms && context->exchanges[i].ts_utc_ms <= reads[count - 1].ts_utc_ms)
            return false;
    return true;
}
