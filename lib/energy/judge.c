#include "energy/judge.h"
#include "base/instant.h"
#include "base/number.h"
#include "energy/reading.h"

/* ledger.md: "A rise under 2 kWh is never implausible or catch_up (coarse registers, and people who publish by hand)." */
#define RISE_NEVER_ODD_WH 2000
/* Breakers carry more than their rating for a while: IEC 60898 trips type C between 1.13 and 1.45 × the rated current within an hour. */
#define OVERLOAD_PERCENT 145

int64_t service_limit_wh(struct service service, int64_t duration_ms)
{
    int64_t va = (int64_t)service.phases * service.volts * service.amps;
    int64_t wh = 0;
    if (duration_ms < 0 || !muldiv_floor(va * OVERLOAD_PERCENT / 100, duration_ms, MS_PER_HOUR, &wh))
        return INT64_MAX;
    return wh < RISE_NEVER_ODD_WH ? RISE_NEVER_ODD_WH : wh;
}

static bool counts(const struct judged_read *read)
{
    return !(read->flags & FLAG_TEST);
}

/* Of several values at one ts: the one between its neighbours; if more, the smallest; if none, none. Others are conflicts. */
static void settle_same_ts(struct judged_read *reads, int from, int until, int count, const struct judged_read *before)
{
    int64_t floor_wh = before ? before->value_wh : 0;
    int64_t ceiling_wh = INT64_MAX;
    for (int i = until; i < count; i++) {
        if (counts(&reads[i]) && (i + 1 == count || reads[i + 1].ts_utc_ms != reads[i].ts_utc_ms)) {
            ceiling_wh = reads[i].value_wh;
            break;
        }
    }
    int chosen = -1;
    for (int i = from; i < until; i++) {
        if (!counts(&reads[i]))
            continue;
        if (chosen < 0 && reads[i].value_wh >= floor_wh && reads[i].value_wh <= ceiling_wh)
            chosen = i;
        else
            reads[i].verdict = VERDICT_CONFLICT;
    }
}

/* Does a later read, not too far ahead, stand at or above `wh`? Then the register only went back for a while. */
static bool returns_to(const struct judged_read *reads, int from, int count, int64_t wh)
{
    for (int i = from; i < count && i < from + JUDGE_LOOK; i++)
        if (counts(&reads[i]) && reads[i].value_wh >= wh)
            return true;
    return false;
}

/* Does a later read stand below `wh` but not below `base_wh`? Then a leap to `wh` did not stay. */
static bool falls_back(const struct judged_read *reads, int from, int count, int64_t base_wh, int64_t wh)
{
    for (int i = from; i < count && i < from + JUDGE_LOOK; i++)
        if (counts(&reads[i]) && reads[i].value_wh < wh && reads[i].value_wh >= base_wh)
            return true;
    return false;
}

static void judge_one(struct judged_read *reads, int at, int count, const struct judged_read *last, struct service service)
{
    struct judged_read *read = &reads[at];
    read->used = true;
    if (!last)
        return;
    if (read->value_wh < last->value_wh) {
        if (returns_to(reads, at + 1, count, last->value_wh)) {
            read->used = false;
            read->verdict = VERDICT_TRANSIENT;
        } else {
            read->breaks = true;
            read->verdict = VERDICT_RESET;
        }
        return;
    }
    if (read->value_wh - last->value_wh <= service_limit_wh(service, read->ts_utc_ms - last->ts_utc_ms))
        return;
    bool odd = falls_back(reads, at + 1, count, last->value_wh, read->value_wh);
    read->used = !odd;
    read->verdict = odd ? VERDICT_IMPLAUSIBLE : VERDICT_CATCH_UP;
}

void judge_registers(struct judged_read *reads, int count, struct service service)
{
    const struct judged_read *last = NULL;
    for (int i = 0; i < count; i++) {
        reads[i].verdict = counts(&reads[i]) ? VERDICT_ACCEPTED : VERDICT_TEST;
        reads[i].used = false;
        reads[i].breaks = false;
    }
    for (int i = 0; i < count;) {
        int until = i + 1;
        while (until < count && reads[until].ts_utc_ms == reads[i].ts_utc_ms)
            until++;
        if (until - i > 1)
            settle_same_ts(reads, i, until, count, last);
        for (; i < until; i++) {
            if (reads[i].verdict != VERDICT_ACCEPTED)
                continue;
            judge_one(reads, i, count, last, service);
            if (reads[i].used)
                last = &reads[i];
        }
    }
}
