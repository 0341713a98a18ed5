/* Decisions on readings: what they make of days, verdicts and bills; that they can be taken back; and that any order, restart and failing of the
 * store gives the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"flat\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.50\"}]}]}";

#define LOCAL_MIDNIGHT (RIG_NOW - 9 * RIG_HOUR) /* 2026-11-22T00:00 in São Paulo */
#define FIRST (LOCAL_MIDNIGHT - 21 * RIG_DAY)   /* November the first */

static struct rig rig;

static int fresh(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_tariff(&rig, tariff);
    rig_setting(&rig, "second_person_wh", "1000000");
    rig_meter(&rig, "casa", "America/Sao_Paulo", 3600);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

/* Hourly reads of 400 Wh each. */
static void hourly(struct rig *of, int64_t from_ms, int64_t until_ms)
{
    for (int64_t ts = from_ms; ts <= until_ms; ts += RIG_HOUR)
        rig_read(of, "casa", ts, 1000000 + (ts - FIRST) / RIG_HOUR * 400);
}

static int64_t say(struct rig *of, struct decision decision, int64_t difference_wh)
{
    struct actor actor = {"ana", of->now_ms};
    struct fault fault = {0};
    struct decision_record record = {.meter_no = rig_meter_no(of, "casa"), .decision = decision, .after_wh = difference_wh, .reason = "test"};
    int64_t no = 0;
    record.decision.channel = OBIS_IMPORT;
    if (records_decision_add(of->records, &actor, &record, &fault, &no) != OK)
        fail_msg("%s", fault.text);
    return no;
}

static int64_t on_read(struct rig *of, enum decision_action action, int64_t ts_ms, int64_t value_wh)
{
    return say(of, (struct decision){.action = action, .from_utc_ms = ts_ms, .until_utc_ms = ts_ms + 1, .value_wh = value_wh}, 0);
}

static int64_t edit(struct rig *of, int64_t from_ms, int64_t until_ms, int64_t energy_wh)
{
    return say(
        of, (struct decision){.action = DECISION_EDIT, .from_utc_ms = from_ms, .until_utc_ms = until_ms, .has_energy = true, .energy_wh = energy_wh},
        0);
}

static int64_t estimate(struct rig *of, int64_t from_ms, int64_t until_ms, int64_t energy_wh /* < 0: by the rule */)
{
    return say(of,
               (struct decision){.action = DECISION_ESTIMATE,
                                 .from_utc_ms = from_ms,
                                 .until_utc_ms = until_ms,
                                 .has_energy = energy_wh >= 0,
                                 .energy_wh = energy_wh < 0 ? 0 : energy_wh},
               0);
}

static void review(struct rig *of, int64_t no, const char *who, enum decision_state state)
{
    struct actor actor = {who, of->now_ms};
    struct fault fault = {0};
    struct decision_review said = {.state = state, .note = "", .if_revision = RECORDS_ANY_REVISION};
    if (records_decision_review(of->records, &actor, no, &said, &fault) != OK)
        fail_msg("%s", fault.text);
}

static int64_t day_wh(const char *date, enum quality quality)
{
    struct day day = rig_day(&rig, "casa", date);
    int64_t wh = 0;
    for (int i = 0; i < day.slot_count; i++)
        wh += day.slots[i].quality == quality ? day.slots[i].wh : 0;
    return wh;
}

static int slots_of(const char *date, enum quality quality)
{
    struct day day = rig_day(&rig, "casa", date);
    int count = 0;
    for (int i = 0; i < day.slot_count; i++)
        count += day.slots[i].quality == quality;
    return count;
}

static struct buf derived(struct rig *of)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    rig_derived(of, &out);
    return out;
}

/* The same ledger to the byte. Finishes both. */
static void hold(struct buf got, struct buf expected, const char *how)
{
    size_t at = 0;
    while (at < got.len && at < expected.len && got.data[at] == expected.data[at])
        at++;
    if (at < got.len || at < expected.len) {
        while (at > 0 && got.data[at - 1] != '\n')
            at--;
        fail_msg("%s: another ledger:\n%.1200s\nexpected:\n%.1200s", how, got.data + at, expected.data + at);
    }
    buf_finish(&got);
    buf_finish(&expected);
}

static void a_read_is_refused_and_taken_back(void **state)
{
    (void)state;
    hourly(&rig, FIRST, FIRST + 60 * RIG_HOUR);
    rig_settle(&rig);
    int64_t ts = FIRST + 30 * RIG_HOUR, total_wh = rig_total_wh(&rig, "casa");
    struct buf before = derived(&rig);
    int64_t no = on_read(&rig, DECISION_REFUSE, ts, 1012000);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", ts), VERDICT_SET_ASIDE);
    assert_int_equal(rig_total_wh(&rig, "casa"), total_wh); /* the registers tell the sum */
    assert_int_equal(slots_of("2026-11-02", QUALITY_ESTIMATED), 8);
    review(&rig, no, "ana", DECISION_WITHDRAWN);
    rig_settle(&rig);
    hold(derived(&rig), before, "a refusal withdrawn");
}

static void what_was_set_aside_is_accepted(void **state)
{
    (void)state;
    hourly(&rig, FIRST, FIRST + 60 * RIG_HOUR);
    int64_t ts = FIRST + 61 * RIG_HOUR;
    rig_read(&rig, "casa", ts, 5000000); /* leaps, and one read later is where it was */
    rig_read(&rig, "casa", ts + RIG_HOUR, 1024800);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", ts), VERDICT_IMPLAUSIBLE);
    struct buf before = derived(&rig);
    on_read(&rig, DECISION_REFUSE, ts + RIG_HOUR, 1024800);
    int64_t no = on_read(&rig, DECISION_ACCEPT, ts, 5000000);
    rig_settle(&rig);
    assert_int_equal(rig_verdict(&rig, "casa", ts), VERDICT_CHOSEN);
    assert_int_equal(rig_total_wh(&rig, "casa"), 4000000);
    review(&rig, no, "ana", DECISION_WITHDRAWN);
    review(&rig, no - 1, "ana", DECISION_WITHDRAWN);
    rig_settle(&rig);
    hold(derived(&rig), before, "both withdrawn");
}

static void an_operator_chooses_between_two_values(void **state)
{
    (void)state;
    hourly(&rig, FIRST, FIRST + 60 * RIG_HOUR);
    int64_t ts = FIRST + 30 * RIG_HOUR;
    rig_read(&rig, "casa", ts, 1012300);
    rig_settle(&rig);
    struct day day = rig_day(&rig, "casa", "2026-11-02");
    assert_int_equal(day.slots[23].wh, 100); /* the smaller */
    on_read(&rig, DECISION_ACCEPT, ts, 1012300);
    rig_settle(&rig);
    day = rig_day(&rig, "casa", "2026-11-02");
    assert_int_equal(day.slots[23].wh, 175);
    assert_int_equal(rig_total_wh(&rig, "casa"), 24000);
    on_read(&rig, DECISION_ACCEPT, ts, 1012000); /* and changes their mind: the last one holds */
    rig_settle(&rig);
    day = rig_day(&rig, "casa", "2026-11-02");
    assert_int_equal(day.slots[23].wh, 100);
}

static void an_edit_gives_the_energy_of_its_span(void **state)
{
    (void)state;
    hourly(&rig, FIRST, RIG_NOW);
    rig_settle(&rig);
    struct buf before = derived(&rig);
    int64_t no = edit(&rig, FIRST + 24 * RIG_HOUR + 6 * RIG_HOUR, FIRST + 72 * RIG_HOUR, 10000);
    rig_settle(&rig);
    assert_int_equal(slots_of("2026-11-02", QUALITY_EDITED), 72);
    assert_int_equal(slots_of("2026-11-03", QUALITY_EDITED), 96);
    assert_int_equal(slots_of("2026-11-04", QUALITY_EDITED), 0);
    assert_int_equal(day_wh("2026-11-02", QUALITY_EDITED) + day_wh("2026-11-03", QUALITY_EDITED), 10000);
    assert_int_equal(day_wh("2026-11-02", QUALITY_MEASURED), 2400);
    /* The bill: 21 days and 9 hours · 0.4 kWh, less the 42 hours that were edited, and the 10 kWh. */
    const char *bill = rig_bill(&rig, "casa.2026-11-01");
    assert_non_null(strstr(bill, "\"import_wh\":198400"));
    review(&rig, no, "ana", DECISION_WITHDRAWN);
    rig_settle(&rig);
    hold(derived(&rig), before, "an edit withdrawn");
}

static void what_is_proposed_waits(void **state)
{
    (void)state;
    hourly(&rig, FIRST, RIG_NOW);
    rig_settle(&rig);
    struct buf before = derived(&rig);
    struct decision decision = {
        .action = DECISION_EDIT, .from_utc_ms = FIRST, .until_utc_ms = FIRST + RIG_DAY, .has_energy = true, .energy_wh = 2000000};
    int64_t rejected = say(&rig, decision, 2000000), approved = say(&rig, decision, 2000000);
    rig_settle(&rig);
    hold(derived(&rig), before, "only proposed");
    review(&rig, rejected, "bia", DECISION_REJECTED);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-01", QUALITY_EDITED), 0);
    review(&rig, approved, "bia", DECISION_APPROVED);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-01", QUALITY_EDITED), 2000000);
}

/* Nothing came for a day and a half, and nothing after it: the days before tell what it may have been. */
static void what_is_missing_is_estimated(void **state)
{
    (void)state;
    hourly(&rig, FIRST, FIRST + 10 * RIG_DAY);
    rig_settle(&rig);
    assert_int_equal(slots_of("2026-11-11", QUALITY_MEASURED), 0);
    estimate(&rig, FIRST + 10 * RIG_DAY, FIRST + 11 * RIG_DAY, -1);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-11", QUALITY_ESTIMATED), 9600); /* a working day as those before */
    estimate(&rig, FIRST + 11 * RIG_DAY, FIRST + 12 * RIG_DAY, 5000);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-12", QUALITY_ESTIMATED), 5000);
    /* The meter comes back, and tells what it counted: 400 Wh an hour, measured. Nothing is left to estimate by the rule. */
    hourly(&rig, FIRST + 10 * RIG_DAY + RIG_HOUR, FIRST + 11 * RIG_DAY);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-11", QUALITY_MEASURED), 9600);
    assert_int_equal(slots_of("2026-11-11", QUALITY_ESTIMATED), 0);
}

/* The days that an estimate goes by come late. */
static void like_days_come_late(void **state)
{
    (void)state;
    hourly(&rig, FIRST + 9 * RIG_DAY, FIRST + 10 * RIG_DAY - RIG_HOUR);
    estimate(&rig, FIRST + 10 * RIG_DAY, FIRST + 11 * RIG_DAY, -1);
    rig_settle(&rig);
    assert_int_equal(slots_of("2026-11-11", QUALITY_ESTIMATED), 0); /* a day that lacks an hour lends no shape */
    hourly(&rig, FIRST, FIRST + 9 * RIG_DAY);
    rig_settle(&rig);
    rig_derive(&rig); /* what the late days lend to */
    assert_int_equal(day_wh("2026-11-11", QUALITY_ESTIMATED), 9600);
}

/* The meter's zone was wrong: every day is cut anew, those that nothing but a decision fills, too. */
static void another_zone(void **state)
{
    struct actor actor = {"ana", RIG_NOW};
    struct fault fault = {0};
    struct point_record point;
    struct rig other;
    int64_t revision;
    (void)state;
    hourly(&rig, FIRST, FIRST + 8 * RIG_DAY);
    edit(&rig, FIRST + 3 * RIG_DAY, FIRST + 5 * RIG_DAY + 2 * RIG_HOUR, 4321);
    estimate(&rig, FIRST + 16 * RIG_DAY, FIRST + 18 * RIG_DAY, 7000);
    rig_settle(&rig);
    assert_int_equal(records_point_by_id(rig.records, "casa", &fault, &point), OK);
    snprintf(point.tz, sizeof point.tz, "%s", "Asia/Kolkata");
    assert_int_equal(records_point_update(rig.records, &actor, &point, RECORDS_ANY_REVISION, &fault, &revision), OK);
    rig_settle(&rig);
    rig_derive(&rig);

    rig_open(&other);
    rig_tariff(&other, tariff);
    rig_meter(&other, "casa", "Asia/Kolkata", 3600);
    hourly(&other, FIRST, FIRST + 8 * RIG_DAY);
    edit(&other, FIRST + 3 * RIG_DAY, FIRST + 5 * RIG_DAY + 2 * RIG_HOUR, 4321);
    estimate(&other, FIRST + 16 * RIG_DAY, FIRST + 18 * RIG_DAY, 7000);
    rig_settle(&other);
    hold(derived(&rig), derived(&other), "another zone");
    rig_close(&other);
}

/*
 * A second decision is made before the first one was derived: it is seen early, and reaches days whose shape a later hole has borrowed. By the time
 * its own mark comes, those days look as if they had always been edited.
 */
static void seen_before_its_mark(void **state)
{
    struct rig other;
    struct rig *const rigs[] = {&rig, &other};
    int64_t ts = FIRST + 9 * RIG_DAY + 3 * RIG_HOUR;
    (void)state;
    rig_open(&other);
    rig_tariff(&other, tariff);
    rig_meter(&other, "casa", "America/Sao_Paulo", 3600);
    for (int r = 0; r < 2; r++) {
        int64_t wh = 1000000;
        for (int64_t quarter = 0; quarter <= 21 * 96; quarter++) { /* so many that a mark reaches a day and a half to both sides */
            int64_t day = quarter / 96;
            bool gap = (day >= 8 && day <= 11 && quarter % 96 >= 40 && quarter % 96 < 48) || day == 19; /* those days lend no shape */
            if (!gap)
                rig_read(rigs[r], "casa", FIRST + quarter * QUARTER_MS, wh);
            wh += (quarter % 96 < 48) == (quarter < 15 * 96) ? 25 : 225; /* from the sixteenth on, the other way round */
        }
        rig_settle(rigs[r]);
    }
    edit(&rig, ts, ts + QUARTER_MS, 3);
    rig_tend(&rig);
    edit(&rig, FIRST + 9 * RIG_DAY, FIRST + 17 * RIG_DAY, 200);
    rig_derive(&rig);
    rig_settle(&rig);
    rig_derive(&rig);

    edit(&other, ts, ts + QUARTER_MS, 3);
    rig_settle(&other);
    edit(&other, FIRST + 9 * RIG_DAY, FIRST + 17 * RIG_DAY, 200);
    rig_settle(&other);
    rig_derive(&other);
    hold(derived(&rig), derived(&other), "seen early");
    rig_close(&other);
}

/* A meter that tells its tariff registers alone: what is refused of one falls out of the sum, and an edit of the sum leaves the registers alone. */
static void parts_of_a_sum(void **state)
{
    (void)state;
    for (int hour = 0; hour <= 48; hour++)
        rig_say(&rig, "meters/casa/readings", "{\"registers\":{\"1.8.1\":%d,\"1.8.2\":%d},\"ts\":%lld}", 1000 + hour * 300, 5000 + hour * 100,
                (long long)(FIRST + hour * RIG_HOUR));
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-01", QUALITY_MEASURED), 9600);
    struct buf before = derived(&rig);
    struct decision refuse = {.channel = OBIS(1, 8, 1),
                              .action = DECISION_REFUSE,
                              .from_utc_ms = FIRST + 10 * RIG_HOUR,
                              .until_utc_ms = FIRST + 10 * RIG_HOUR + 1,
                              .value_wh = 4000};
    struct actor actor = {"ana", RIG_NOW};
    struct fault fault = {0};
    struct decision_record record = {.meter_no = rig_meter_no(&rig, "casa"), .decision = refuse, .reason = "test"};
    int64_t no;
    assert_int_equal(records_decision_add(rig.records, &actor, &record, &fault, &no), OK);
    rig_settle(&rig);
    assert_int_equal(slots_of("2026-11-01", QUALITY_ESTIMATED), 8); /* two hours between the sums that are left */
    assert_int_equal(day_wh("2026-11-01", QUALITY_MEASURED) + day_wh("2026-11-01", QUALITY_ESTIMATED), 9600);
    review(&rig, no, "ana", DECISION_WITHDRAWN);
    no = edit(&rig, FIRST, FIRST + RIG_DAY, 777);
    rig_settle(&rig);
    assert_int_equal(day_wh("2026-11-01", QUALITY_EDITED), 777);
    review(&rig, no, "ana", DECISION_WITHDRAWN);
    rig_settle(&rig);
    hold(derived(&rig), before, "all withdrawn");
}

/* ---- any order, restart and failing ---- */

/* What a history is made of: hours of reads with odd ones among them, and decisions. Step 0 … STEPS − 1. */
#define DECISIONS 9
#define HOURS (14 * 24)
#define STEPS (HOURS + DECISIONS)

/* What the register shows after so many hours: more by day than by night. */
static int64_t wh_at(int64_t hour)
{
    return 1000000 + hour * 300 + hour % 24 * 20 + hour / 24 * 480;
}

static void step(struct rig *of, int i)
{
    int64_t hour = i - DECISIONS, ts = FIRST + hour * RIG_HOUR, wh = wh_at(hour);
    if (i >= DECISIONS) {
        if (hour % 90 >= 70 && hour % 90 < 80)
            return; /* a hole */
        rig_read(of, "casa", ts, hour % 61 == 60 ? 0 : hour % 67 == 66 ? wh + 70000000 : wh);
        if (hour % 53 == 52)
            rig_read(of, "casa", ts, wh + 9);
    }
}

static void decide(struct rig *of, int i)
{
    switch (i) {
    case 0:
        on_read(of, DECISION_ACCEPT, FIRST + 52 * RIG_HOUR, wh_at(52) + 9);
        break;
    case 1:
        edit(of, FIRST + 30 * RIG_HOUR, FIRST + 100 * RIG_HOUR, 44444);
        break;
    case 2:
        on_read(of, DECISION_REFUSE, FIRST + 110 * RIG_HOUR, wh_at(110));
        break;
    case 3:
        estimate(of, FIRST + 250 * RIG_HOUR, FIRST + 16 * RIG_DAY, -1);
        break;
    case 4:
        edit(of, FIRST + 90 * RIG_HOUR, FIRST + 130 * RIG_HOUR, 1);
        break;
    case 5:
        estimate(of, FIRST + 120 * RIG_HOUR, FIRST + 180 * RIG_HOUR, 30000);
        break;
    case 6:
        on_read(of, DECISION_ACCEPT, FIRST + 65 * RIG_HOUR, wh_at(65) + 70000000); /* is not there */
        break;
    case 7:
        on_read(of, DECISION_ACCEPT, FIRST + 66 * RIG_HOUR, wh_at(66) + 70000000); /* is */
        break;
    default:
        edit(of, FIRST + 40 * RIG_HOUR, FIRST + 41 * RIG_HOUR, 0);
        review(of, DECISIONS, "ana", DECISION_WITHDRAWN);
    }
}

static void begin(struct rig *of)
{
    rig_open(of);
    rig_tariff(of, tariff);
    rig_meter(of, "casa", "America/Sao_Paulo", 3600);
}

static struct buf in_order(void)
{
    struct rig plain;
    begin(&plain);
    for (int i = 0; i < STEPS; i++)
        step(&plain, i);
    rig_settle(&plain);
    for (int i = 0; i < DECISIONS; i++)
        decide(&plain, i);
    rig_settle(&plain);
    struct buf out = derived(&plain);
    assert_non_null(strstr(out.data, "chosen"));
    assert_non_null(strstr(out.data, "set_aside"));
    assert_non_null(strstr(out.data, "day 1 -10800"));
    rig_close(&plain);
    return out;
}

static void decisions_before_their_data(void **state)
{
    struct rig other;
    (void)state;
    begin(&other);
    for (int i = 0; i < DECISIONS; i++)
        decide(&other, i);
    rig_settle(&other);
    for (int i = 0; i < STEPS; i++)
        step(&other, i);
    rig_settle(&other);
    hold(derived(&other), in_order(), "decided first");
    rig_close(&other);
}

static void in_any_order(void **state)
{
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct rig other;
        int order[STEPS], next = 0;
        begin(&other);
        for (int i = 0; i < STEPS; i++)
            order[i] = i;
        for (int i = STEPS - 1; i > 0; i--) {
            seed = seed * 1103515245u + 12345u;
            int j = (int)((seed >> 16) % (unsigned)(i + 1)), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        for (int i = 0; i < STEPS; i++) {
            if (order[i] < DECISIONS)
                decide(&other, next++); /* their numbers are a part of what they say */
            else
                step(&other, order[i]);
            seed = seed * 1103515245u + 12345u;
            if ((seed >> 16) % 12 == 0) {
                rig_store(&other);
                if ((seed >> 20) % 3 == 0) { /* the marks of what was decided may be lost with a batch, or with the process */
                    faulty_set(other.facts, (struct faulty_cue){FAULTY_COMMIT, 0, 1, ERR_RETRY});
                    struct fault fault = {0};
                    (void)pipeline_tend(other.pipeline, &fault);
                    faulty_set(other.facts, (struct faulty_cue){FAULTY_NOTHING, 0, 0, OK});
                }
                if ((seed >> 24) % 4 == 0)
                    rig_restart(&other);
                rig_tend(&other);
                rig_derive(&other);
            }
        }
        rig_store(&other);
        rig_settle(&other);
        rig_derive(&other);
        hold(derived(&other), in_order(), "shuffled");
        rig_close(&other);
    }
}

/* Decided while the ingestor was away, and before it was ever started on this ledger. */
static void decided_while_away(void **state)
{
    (void)state;
    hourly(&rig, FIRST, FIRST + 5 * RIG_DAY);
    rig_settle(&rig);
    edit(&rig, FIRST + RIG_DAY, FIRST + 2 * RIG_DAY, 5);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(day_wh("2026-11-02", QUALITY_EDITED), 5);
    review(&rig, 1, "ana", DECISION_WITHDRAWN);
    rig_restart(&rig);
    rig_run(&rig, 2000, 1000);
    assert_int_equal(day_wh("2026-11-02", QUALITY_MEASURED), 9600);
}

/* How much of a bill is estimated, and for how many cycles running, as far as that may go. */
static void billing_by_estimate(void **state)
{
    (void)state;
    int64_t august = FIRST - 92 * RIG_DAY, september = FIRST - 61 * RIG_DAY, october = FIRST - 31 * RIG_DAY;
    rig_read(&rig, "casa", august, 0);
    rig_read(&rig, "casa", RIG_NOW, 1000000);
    rig_settle(&rig);
    static const char *const ids[] = {"casa.2026-08-01", "casa.2026-09-01", "casa.2026-10-01", "casa.2026-11-01"};
    char text[64];
    for (int i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "\"estimated_cycles\":%d,\"estimated_beyond\":%s", i + 1, i + 1 > 3 ? "true" : "false");
        assert_non_null(strstr(rig_bill(&rig, ids[i]), text));
    }
    /* September is read after all: October is the first again, though nothing of its own changed. */
    for (int64_t ts = september; ts <= october; ts += RIG_HOUR)
        rig_read(&rig, "casa", ts, 300000 + (ts - september) / RIG_HOUR * 100);
    rig_settle(&rig);
    assert_non_null(strstr(rig_bill(&rig, ids[0]), "\"estimated_cycles\":1"));
    assert_non_null(strstr(rig_bill(&rig, ids[1]), "\"estimated_wh\":0,\"estimated_cycles\":0"));
    assert_non_null(strstr(rig_bill(&rig, ids[2]), "\"estimated_cycles\":1"));
    assert_non_null(strstr(rig_bill(&rig, ids[3]), "\"estimated_cycles\":2,\"estimated_beyond\":false"));
    rig_setting(&rig, "estimated_cycles_max", "1");
    rig_settle(&rig);
    assert_non_null(strstr(rig_bill(&rig, ids[3]), "\"estimated_cycles\":2,\"estimated_beyond\":true"));
    rig_setting(&rig, "estimated_share_percent", "100");
    rig_settle(&rig);
    assert_non_null(strstr(rig_bill(&rig, ids[3]), "\"estimated_cycles\":0"));
    /* Somebody answers for November. */
    rig_setting(&rig, "estimated_share_percent", "1");
    edit(&rig, FIRST, FIRST + 21 * RIG_DAY + 9 * RIG_HOUR, 200000);
    rig_settle(&rig);
    assert_non_null(strstr(rig_bill(&rig, ids[3]), "\"estimated_wh\":0,\"estimated_cycles\":0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_read_is_refused_and_taken_back, fresh, gone),
        cmocka_unit_test_setup_teardown(what_was_set_aside_is_accepted, fresh, gone),
        cmocka_unit_test_setup_teardown(an_operator_chooses_between_two_values, fresh, gone),
        cmocka_unit_test_setup_teardown(an_edit_gives_the_energy_of_its_span, fresh, gone),
        cmocka_unit_test_setup_teardown(what_is_proposed_waits, fresh, gone),
        cmocka_unit_test_setup_teardown(what_is_missing_is_estimated, fresh, gone),
        cmocka_unit_test_setup_teardown(like_days_come_late, fresh, gone),
        cmocka_unit_test_setup_teardown(decided_while_away, fresh, gone),
        cmocka_unit_test_setup_teardown(billing_by_estimate, fresh, gone),
        cmocka_unit_test_setup_teardown(parts_of_a_sum, fresh, gone),
        cmocka_unit_test_setup_teardown(another_zone, fresh, gone),
        cmocka_unit_test_setup_teardown(seen_before_its_mark, fresh, gone),
        cmocka_unit_test(decisions_before_their_data),
        cmocka_unit_test(in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
