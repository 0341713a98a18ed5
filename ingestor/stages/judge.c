/* judge, at the door: only what the message and its time of receipt tell. */
#include "base/instant.h"
#include "ingestor/context.h"

#define FUTURE_MS (5 * MS_PER_MIN)             /* ledger.md: ts more than 5 min ahead is refused */
#define CLOCK_SET_UTC_MS INT64_C(946684800000) /* 2000-01-01: a clock before it was never set */

/* Only something worth keeping registers a name: garbage must not fill the catalogue. */
static void identify(struct pipeline *pipeline, struct origin *origin)
{
    struct fault fault = {0};
    if (origin->point || origin->identified)
        return;
    origin->identified = true;
    enum err err = points_look_up(pipeline->points, origin->meter_id, &fault, &origin->point); /* somebody may have registered it a moment ago */
    if (err == OK && !origin->point) {
        err = points_auto_register(pipeline->points, &pipeline->parts.auto_register, origin->meter_id, pipeline->now_utc_ms, &fault, &origin->point);
        pipeline->tally.auto_registered += err == OK;
    }
    if (err == ERR_RETRY || err == ERR_UNCERTAIN || err == ERR_FATAL)
        store_failed(pipeline, err, &fault);
}

static enum verdict judge_time(const struct origin *origin, const struct parsed_reading *parsed, struct reading *reading)
{
    if (!parsed->has_ts) {
        reading->ts_utc_ms = origin->received_utc_ms;
        reading->flags |= FLAG_SERVER_TIME;
    }
    if (reading->flags & FLAG_CLOCK_INVALID)
        return VERDICT_CLOCK_INVALID;
    if (reading->ts_utc_ms < CLOCK_SET_UTC_MS)
        return VERDICT_CLOCK_INVALID;
    if (reading->ts_utc_ms > origin->received_utc_ms + FUTURE_MS)
        return VERDICT_FUTURE;
    return VERDICT_ACCEPTED;
}

bool judge_reading(struct pipeline *pipeline, struct origin *origin, const struct parsed_reading *parsed)
{
    struct reading reading = parsed->reading;
    enum verdict verdict = parsed->verdict;
    const char *detail = parsed->detail;
    pipeline->tally.received++;
    if (verdict == VERDICT_ACCEPTED) {
        verdict = judge_time(origin, parsed, &reading);
        detail = verdict == VERDICT_FUTURE ? "ts: more than 5 minutes ahead of its receipt" : "ts: the clock was not set";
    }
    if (verdict == VERDICT_ACCEPTED)
        identify(pipeline, origin);
    if (verdict == VERDICT_ACCEPTED && !origin->point) {
        verdict = VERDICT_UNKNOWN_METER;
        detail = "no such meter; its readings are kept for when it is registered";
    }
    if (verdict == VERDICT_ACCEPTED)
        store_reading(pipeline, origin, &reading);
    else
        store_refusal(pipeline, origin, verdict, detail, parsed, true);
    if (origin->point && reading.has_seq)
        receipt_heard(pipeline, origin->point, &reading);
    return verdict == VERDICT_UNKNOWN_METER;
}
