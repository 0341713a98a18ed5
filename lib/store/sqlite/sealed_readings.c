#include "store/sqlite/sealed_readings.h"
#include <string.h>
#include "base/text.h"
#include "store/sqlite/electrical.h"
#include "store/sqlite/facts_sqlite.h"

/* Verdicts are derived and may change after a day is sealed: they are read beside it, in the order of its facts. */
struct verdicts {
    struct query q;
    int order;
    bool any;
    struct sealed_fact fact;
    enum verdict verdict;
};

static void step(struct verdicts *verdicts)
{
    verdicts->any = query_row(&verdicts->q);
    if (!verdicts->any)
        return;
    verdicts->fact.ts_utc_ms = query_int(&verdicts->q);
    verdicts->fact.channel = (int32_t)query_int(&verdicts->q);
    verdicts->fact.kind = (int32_t)query_int(&verdicts->q);
    verdicts->fact.length_s = (int32_t)query_int(&verdicts->q);
    verdicts->fact.value_wh = query_int(&verdicts->q);
    verdicts->verdict = (enum verdict)query_int(&verdicts->q);
}

#define SELECT_VERDICTS                                                                                                                              \
    "SELECT ts_utc_ms, channel, kind, length_s, value_wh, verdict FROM judgement WHERE meter_no = ? AND ts_utc_ms >= ? AND ts_utc_ms < ? "

static void begin(struct verdicts *verdicts, struct segments *segments, const struct segment *segment)
{
    *verdicts = (struct verdicts){.order = segments->order};
    query_begin(&verdicts->q, facts_db(segments->facts),
                segments->order < 0 ? SELECT_VERDICTS "ORDER BY ts_utc_ms DESC, channel DESC, kind DESC, length_s DESC, value_wh DESC"
                                    : SELECT_VERDICTS "ORDER BY ts_utc_ms, channel, kind, length_s, value_wh");
    query_bind_int(&verdicts->q, segments->meter_no);
    query_bind_int(&verdicts->q, segment->from_utc_ms);
    query_bind_int(&verdicts->q, segment->until_utc_ms);
    step(verdicts);
}

static enum verdict verdict_of(struct verdicts *verdicts, const struct sealed_fact *fact)
{
    while (verdicts->any && verdicts->order * sealed_compare(&verdicts->fact, fact) < 0)
        step(verdicts);
    return verdicts->any && sealed_compare(&verdicts->fact, fact) == 0 ? verdicts->verdict : VERDICT_ACCEPTED;
}

struct boot_name {
    int64_t boot_no;
    char boot[READING_BOOT_SIZE];
};

static enum err name_boot(struct db *db, struct boot_name *name, int64_t boot_no, struct fault *fault)
{
    struct query q;
    if (name->boot_no == boot_no)
        return OK;
    name->boot_no = boot_no;
    name->boot[0] = '\0';
    query_begin(&q, db, "SELECT boot FROM boot WHERE boot_no = ?");
    query_bind_int(&q, boot_no);
    if (query_row(&q))
        query_text(&q, name->boot, sizeof name->boot);
    return query_end(&q, fault);
}

static void read_fact(const struct sealed_facts *day, const struct sealed_fact *fact, struct reading_row *out)
{
    struct reading *reading = &out->reading;
    memset(out, 0, sizeof *out);
    reading->ts_utc_ms = fact->ts_utc_ms;
    reading->channels[0].channel = fact->channel;
    reading->channels[0].value_wh = fact->value_wh;
    reading->channel_count = 1;
    reading->kind = (enum fact_kind)fact->kind;
    reading->interval_s = fact->length_s;
    out->received_utc_ms = fact->ts_utc_ms + fact->received_lag_ms;
    reading->flags = fact->flags;
    reading->has_seq = fact->has_seq;
    reading->seq = fact->seq;
    reading->has_power = fact->has_power;
    reading->power_w = fact->power_w;
    if (fact->electrical_len)
        electrical_unpack(day->bytes + fact->electrical_at, fact->electrical_len, reading);
}

enum err sealed_readings(struct segments *segments, const struct segment *segment, struct walk *walk, int *stop)
{
    struct verdicts verdicts;
    struct boot_name name = {.boot_no = 0};
    enum err err = OK;
    begin(&verdicts, segments, segment);
    for (size_t i = segment->first; i < segment->end && err == OK && !*stop; i++) {
        const struct sealed_fact *fact = &segment->day->facts[segments->order < 0 ? segment->first + (segment->end - 1 - i) : i];
        struct reading_row row;
        read_fact(segment->day, fact, &row);
        row.meter_no = segments->meter_no;
        row.verdict = verdict_of(&verdicts, fact);
        err = name_boot(facts_db(segments->facts), &name, fact->boot_no, segments->fault);
        text_copy(row.reading.boot, sizeof row.reading.boot, name.boot);
        if (err == OK)
            *stop = walk_fact(walk, &row);
    }
    enum err ended = query_end(&verdicts.q, err == OK ? segments->fault : NULL);
    return err == OK ? ended : err;
}
