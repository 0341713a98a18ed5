#include "api/bill_causes.h"
#include "base/instant.h"
#include "energy/decision.h"
#include "energy/obis.h"
#include "wire/json_out.h"

#define READINGS_LOOKED_AT 5000 /* of one cycle, newest first */
#define READINGS_NAMED 20
#define DECISIONS_LOOKED_AT 100

struct naming {
    struct buf *out;
    int64_t since_utc_ms;
    int named;
};

static int name_reading(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    struct naming *naming = arg;
    (void)at;
    if (row->received_utc_ms <= naming->since_utc_ms)
        return 0;
    out_object(naming->out, NULL);
    out_text(naming->out, "kind", "reading");
    out_instant(naming->out, "ts", row->reading.ts_utc_ms);
    out_instant(naming->out, "received", row->received_utc_ms);
    out_end_object(naming->out);
    return ++naming->named == READINGS_NAMED;
}

static void name_decision(struct buf *out, const struct decision_record *record)
{
    out_object(out, NULL);
    out_text(out, "kind", "estimate");
    out_text(out, "estimate_id", record->estimate_id);
    out_text(out, "action", decision_action_name(record->decision.action));
    out_text(out, "state", decision_state_name(record->state));
    out_end_object(out);
}

static enum err name_decisions(struct exchange *x, const struct issued_record *former, int64_t from_ms, int64_t until_ms, struct buf *out,
                               struct fault *fault)
{
    struct decision_record records[DECISIONS_LOOKED_AT];
    struct decision_filter filter = {.meter_no = former->meter_no};
    size_t count = 0;
    enum err err = records_decision_list(x->server->records, &filter, DECISIONS_LOOKED_AT, fault, records, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        const struct decision_record *record = &records[i];
        int64_t at_ms = record->reviewed_at_utc_ms > record->at_utc_ms ? record->reviewed_at_utc_ms : record->at_utc_ms;
        if (at_ms > former->at_utc_ms && record->decision.from_utc_ms < until_ms && record->decision.until_utc_ms > from_ms)
            name_decision(out, record);
    }
    return err;
}

enum err bill_causes(struct exchange *x, struct facts *facts, const struct issued_record *former, struct buf *out, struct fault *fault)
{
    struct point_record point;
    const struct zone *zone;
    struct naming naming = {.out = out, .since_utc_ms = former->at_utc_ms};
    enum err err = records_point_by_no(x->server->records, former->meter_no, fault, &point);
    if (err == OK)
        err = zones_get(x->server->zones, point.tz, fault, &zone);
    if (err != OK)
        return err;
    int64_t from_ms = zone_midnight_utc_ms(zone, former->from_day), until_ms = zone_midnight_utc_ms(zone, former->until_day);
    out_array(out, NULL);
    /* the read that ends the cycle may lie behind it, and the one that begins it before */
    err = facts_readings(facts, former->meter_no, from_ms - MS_PER_DAY, until_ms + MS_PER_DAY, -1, READINGS_LOOKED_AT, NULL, name_reading, &naming,
                         fault);
    if (err == OK)
        err = name_decisions(x, former, from_ms, until_ms, out, fault);
    out_end_array(out);
    return err;
}
