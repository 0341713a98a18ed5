#include "tests/support/story.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "energy/obis.h"

#define OWN_MAX 999999 /* Wh, where registers turn over */

struct dice dice_of(unsigned seed, unsigned use)
{
    return (struct dice){(uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + use * UINT64_C(0xd1b54a32d192ed03) + 1};
}

int dice(struct dice *d, int below)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return (int)((d->state >> 33) % (uint64_t)below);
}

/* What the meter counts on. */
enum shape { ONE_REGISTER, WITH_EXPORT, TWO_TARIFFS, ALL_REGISTERS, INTERVALS, SHAPES };

struct teller {
    struct story *story;
    struct dice dice;
    enum shape shape;
    int step_s, odd; /* of 3: how much goes wrong */
    int64_t ts_ms;
    int64_t peak_wh, off_wh, export_wh, reactive_wh;
    int64_t shown_less_wh; /* what the import register shows less than was counted: since an exchange, a turn, a new beginning */
    int64_t max_wh;        /* 0: it never turns over */
    int boot;
    int64_t seq;
    int devices;
};

static int roll(struct teller *t, int below)
{
    return dice(&t->dice, below);
}

static bool one_in(struct teller *t, int n)
{
    return roll(t, n) == 0;
}

static struct move *add(struct teller *t, enum move_kind kind, int64_t at_ms)
{
    struct story *story = t->story;
    story->moves = realloc(story->moves, (size_t)(story->count + 1) * sizeof *story->moves);
    assert_non_null(story->moves);
    struct move *move = &story->moves[story->count++];
    *move = (struct move){.kind = kind, .at_ms = at_ms};
    return move;
}

static void say(struct teller *t, int64_t at_ms, bool reading, const char *format, ...) __attribute__((format(printf, 4, 5)));
static void say(struct teller *t, int64_t at_ms, bool reading, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_in_range(len, 1, sizeof text - 1);
    struct move *move = add(t, MOVE_SAY, at_ms);
    move->reading = reading;
    move->payload = strdup(text);
}

/* Late by up to a day, or at once. */
static int64_t said_at(struct teller *t)
{
    return t->ts_ms + roll(t, 2000) + (one_in(t, 30) ? roll(t, 24 * 3600) * INT64_C(1000) : 0);
}

static int64_t import_wh(const struct teller *t)
{
    return t->peak_wh + t->off_wh - t->shown_less_wh;
}

static void say_exchange(struct teller *t, int64_t ts_ms, int64_t final_wh, int64_t start_wh)
{
    t->devices++;
    say(t, said_at(t), false,
        "{\"event\":\"exchange\",\"ts\":%lld,\"old\":{\"serial\":\"d%d\",\"final_wh\":%lld},\"new\":{\"serial\":\"d%d\",\"start_wh\":%lld%s}}",
        (long long)ts_ms, t->devices - 1, (long long)final_wh, t->devices, (long long)start_wh, t->max_wh ? ",\"register_max_wh\":999999" : "");
    t->shown_less_wh = t->peak_wh + t->off_wh - start_wh;
}

/* What a register shows wrongly once: nothing, something low, all ones, far too much, a little less. */
static int64_t odd_value(struct teller *t, int64_t wh)
{
    switch (roll(t, 5)) {
    case 0:
        return 0;
    case 1:
        return wh / 2;
    case 2:
        return roll(t, 2) ? 65535 : 16777215;
    case 3:
        return wh + 80000000;
    default:
        return wh > 40 ? wh - 40 : 0;
    }
}

static void say_reading(struct teller *t)
{
    char registers[256], more[200] = "";
    int64_t wh = import_wh(t), at_ms = said_at(t);
    if (t->odd > 0 && one_in(t, t->odd > 1 ? 20 : 60))
        wh = odd_value(t, wh);
    if (t->max_wh && wh > t->max_wh)
        wh %= t->max_wh + 1;
    t->seq++;
    if (one_in(t, 120)) { /* it starts anew */
        t->boot++;
        t->seq = 0;
    }
    if (t->odd > 0 && one_in(t, 80))
        return; /* lost on the way: its number is missing */
    int len = snprintf(more, sizeof more, ",\"seq\":%lld,\"boot\":\"b%d\"", (long long)t->seq, t->boot);
    if (one_in(t, 3))
        len += snprintf(more + len, sizeof more - (size_t)len, ",\"power_w\":%d", roll(t, 5000) - 500);
    if (one_in(t, 3))
        len += snprintf(more + len, sizeof more - (size_t)len, ",\"voltage_v\":[%d.%d,%d]", 200 + roll(t, 45), roll(t, 10), 190 + roll(t, 60));
    if (t->odd > 1 && one_in(t, 100))
        snprintf(more + len, sizeof more - (size_t)len, ",\"flags\":[\"%s\"]", (const char *[]){"test", "tamper", "power_fail"}[roll(t, 3)]);
    switch (t->shape) {
    case WITH_EXPORT:
        snprintf(registers, sizeof registers, "\"energy_wh\":%lld,\"export_wh\":%lld", (long long)wh, (long long)t->export_wh);
        break;
    case TWO_TARIFFS:
        snprintf(registers, sizeof registers, "\"registers\":{\"1.8.1\":%lld,\"1.8.2\":%lld}", (long long)t->peak_wh, (long long)t->off_wh);
        break;
    case ALL_REGISTERS:
        snprintf(registers, sizeof registers, "\"energy_wh\":%lld,\"export_wh\":%lld,\"registers\":{\"1.8.1\":%lld,\"1.8.2\":%lld,\"3.8.0\":%lld}",
                 (long long)wh, (long long)t->export_wh, (long long)t->peak_wh, (long long)t->off_wh, (long long)t->reactive_wh);
        break;
    case INTERVALS:
        snprintf(registers, sizeof registers, "\"interval_wh\":%d,\"interval_s\":%d", roll(t, t->step_s), t->step_s);
        break;
    default:
        snprintf(registers, sizeof registers, "\"energy_wh\":%lld", (long long)wh);
        break;
    }
    say(t, at_ms, true, "{\"ts\":%lld,%s%s}", (long long)t->ts_ms, registers, more);
    if (t->odd > 0 && t->shape == ONE_REGISTER && one_in(t, 40)) /* two values at one instant */
        say(t, at_ms + roll(t, 100000), true, "{\"ts\":%lld,\"energy_wh\":%lld}", (long long)t->ts_ms, (long long)wh + 1 + roll(t, 400));
}

static void say_event(struct teller *t)
{
    static const char *const names[] = {"tamper", "power_fail", "power_restored", "clock_set"};
    say(t, said_at(t), false, "{\"event\":\"%s\",\"ts\":%lld}", names[roll(t, 4)], (long long)t->ts_ms + 1 + roll(t, 1000));
}

/* A person looks at the last day or so, and decides. */
static void decide(struct teller *t)
{
    struct move *last = &t->story->moves[t->story->count - 1];
    int64_t span_ms = (1 + roll(t, 40)) * INT64_C(900000), from_ms = (t->ts_ms - RIG_DAY + roll(t, 86400) * INT64_C(1000)) / 900000 * 900000;
    long long ts_ms = 0, wh = 0;
    struct decision decision = {.channel = OBIS_IMPORT, .from_utc_ms = from_ms, .until_utc_ms = from_ms + span_ms};
    bool plain = last->kind == MOVE_SAY && last->reading && sscanf(last->payload, "{\"ts\":%lld,\"energy_wh\":%lld", &ts_ms, &wh) == 2;
    decision.action = plain && one_in(t, 2) ? (one_in(t, 2) ? DECISION_ACCEPT : DECISION_REFUSE) : one_in(t, 2) ? DECISION_EDIT : DECISION_ESTIMATE;
    if (decision_is_span(&decision)) {
        decision.has_energy = decision.action == DECISION_EDIT || one_in(t, 2);
        decision.energy_wh = decision.has_energy ? roll(t, 5000) : 0;
    } else {
        decision.from_utc_ms = ts_ms;
        decision.until_utc_ms = ts_ms + 1;
        decision.value_wh = wh;
    }
    add(t, MOVE_DECIDE, t->ts_ms + roll(t, 7200) * INT64_C(1000))->decision = decision;
    int decided = t->story->count - 1;
    if (one_in(t, 3))
        add(t, MOVE_WITHDRAW, t->story->moves[decided].at_ms + roll(t, 7200) * INT64_C(1000))->decided = decided;
}

/* Time goes on, with a jitter, a hole of hours, or one of days. */
static void go_on(struct teller *t)
{
    int64_t before_ms = t->ts_ms;
    t->ts_ms += t->step_s * INT64_C(1000) + (one_in(t, 4) && t->shape != INTERVALS ? roll(t, t->step_s * 300) : 0);
    if (one_in(t, 60))
        t->ts_ms += (1 + roll(t, 10)) * RIG_HOUR / 2 / (t->step_s * 1000) * (t->step_s * INT64_C(1000));
    if (one_in(t, 400) && t->story->history)
        t->ts_ms += (20 + roll(t, 50)) * RIG_HOUR;
    int64_t energy_wh = (t->ts_ms - before_ms) / 1000 * (1 + roll(t, 1500)) / 3600;
    if (one_in(t, 3))
        t->peak_wh += energy_wh;
    else
        t->off_wh += energy_wh;
    t->export_wh += one_in(t, 4) ? roll(t, 60) : 0;
    t->reactive_wh += energy_wh / 5;
}

/* What befalls the device between two readings. */
static void befall(struct teller *t)
{
    bool plain = t->shape == ONE_REGISTER || t->shape == WITH_EXPORT;
    int64_t wh = import_wh(t);
    if (t->max_wh && wh > t->max_wh) {
        t->shown_less_wh += t->max_wh + 1;
        wh -= t->max_wh + 1;
    }
    if (plain && t->odd > 0 && one_in(t, 150))
        say_exchange(t, t->ts_ms - 1 - roll(t, 60000), wh, roll(t, 2) ? roll(t, 500) : wh + roll(t, 300000));
    else if (plain && t->odd > 1 && one_in(t, 200))
        t->shown_less_wh = t->peak_wh + t->off_wh - roll(t, 300); /* it begins anew, and nobody tells */
    if (t->odd > 1 && one_in(t, 150))
        say_event(t);
    if (t->story->count > 0 && one_in(t, 150))
        decide(t);
}

static int by_time(const void *a, const void *b)
{
    const struct move *const *x = a, *const *y = b;
    if ((*x)->at_ms != (*y)->at_ms)
        return (*x)->at_ms < (*y)->at_ms ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

/* Moves stand in the order in which they happen; withdrawals find their decisions again. */
static void put_in_order(struct story *story)
{
    struct move **order = malloc((size_t)story->count * sizeof *order), *moves = malloc((size_t)story->count * sizeof *moves);
    int *place = malloc((size_t)story->count * sizeof *place);
    assert_true(order && moves && place);
    for (int i = 0; i < story->count; i++)
        order[i] = &story->moves[i];
    qsort(order, (size_t)story->count, sizeof *order, by_time);
    for (int i = 0; i < story->count; i++) {
        moves[i] = *order[i];
        place[order[i] - story->moves] = i;
    }
    for (int i = 0; i < story->count; i++)
        if (moves[i].kind == MOVE_WITHDRAW)
            moves[i].decided = place[moves[i].decided];
    free(story->moves);
    free(order);
    free(place);
    story->moves = moves;
}

void story_make(unsigned seed, bool history, struct story *out)
{
    static const char *const zones[] = {"America/Sao_Paulo", "Europe/Berlin",       "America/New_York", "Asia/Kathmandu",
                                        "America/St_Johns",  "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago"};
    struct teller t = {.story = out, .dice = dice_of(seed, 0)};
    *out = (struct story){.seed = seed, .history = history};
    for (int i = 0; i < 8; i++)
        roll(&t, 2); /* near seeds part */
    out->zone = zones[roll(&t, (int)(sizeof zones / sizeof *zones))];
    t.shape = (enum shape)roll(&t, SHAPES);
    t.odd = roll(&t, 3);
    t.step_s = history ? (int[]){900, 900, 1800, 3600}[roll(&t, 4)] : (int[]){60, 300, 900}[roll(&t, 3)];
    int count = history ? 150 + roll(&t, 500) : 100 + roll(&t, 200);
    out->interval_s = roll(&t, 2) ? t.step_s : 0;
    out->excess_wh = 1000 + roll(&t, 9000);
    out->export_allowed = roll(&t, 2);
    t.peak_wh = 100000 + roll(&t, 700000);
    t.off_wh = 100000;
    t.export_wh = t.reactive_wh = 5000;
    if ((t.shape == ONE_REGISTER || t.shape == WITH_EXPORT) && one_in(&t, 3))
        t.max_wh = OWN_MAX;
    /* Histories end within the days around the changes of clocks of autumn 2026, or lately. */
    static const int ends_days_ago[] = {27, 20, 1, 3};
    int64_t span_ms = (int64_t)count * t.step_s * 1000 * 3 / 2;
    t.ts_ms = RIG_NOW / 900000 * 900000;
    if (history)
        t.ts_ms -= span_ms + ends_days_ago[roll(&t, 4)] * RIG_DAY;
    if (t.max_wh) {
        say_reading(&t);
        say_exchange(&t, t.ts_ms + 1, import_wh(&t), import_wh(&t));
    }
    for (int i = 0; i < count; i++) {
        go_on(&t);
        befall(&t);
        if (history && t.ts_ms > RIG_NOW - RIG_MINUTE)
            break;
        say_reading(&t);
    }
    put_in_order(out);
    out->end_ms = out->moves[out->count - 1].at_ms + RIG_HOUR;
}

void story_finish(struct story *story)
{
    for (int i = 0; i < story->count; i++)
        free(story->moves[i].payload);
    free(story->moves);
}

static const char tariff[] =
    "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"until\":\"2026-11-01\","
    "\"charges\":[{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]},"
    "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"}]},{\"from\":\"2026-11-01\",\"charges\":["
    "{\"id\":\"energy\",\"kind\":\"energy\",\"rate\":\"0.61\"}],"
    "\"taxes\":[{\"id\":\"icms\",\"kind\":\"por_dentro\",\"rate\":\"0.18\"}]}]}";

void story_begin(const struct story *story, struct rig *rig)
{
    struct actor actor = {"test", RIG_NOW};
    struct fault fault = {0};
    char params[64];
    int64_t revision, meter_no;
    struct point_record record;
    rig_open(rig);
    rig_tariff(rig, tariff);
    rig_setting(rig, "second_person_wh", "1000000000");
    point_record_init(&record);
    snprintf(record.meter_id, sizeof record.meter_id, STORY_METER);
    snprintf(record.tz, sizeof record.tz, "%s", story->zone);
    record.reading_interval_s = story->interval_s;
    record.export_allowed = story->export_allowed;
    assert_int_equal(records_point_add(rig->records, &actor, &record, &fault, &meter_no), OK);
    snprintf(params, sizeof params, "{\"day_wh\":%lld}", (long long)story->excess_wh);
    assert_int_equal(records_rule_set(rig->records, &actor, meter_no, "excess_consumption", params, 0, &fault, &revision), OK);
    rig_tend(rig);
}

void story_decide(const struct story *story, int move, struct rig *rig, int64_t *numbers)
{
    const struct move *it = &story->moves[move];
    struct actor actor = {"ana", RIG_NOW};
    struct fault fault = {0};
    if (it->kind == MOVE_DECIDE) {
        struct decision_record record = {.meter_no = rig_meter_no(rig, STORY_METER), .decision = it->decision, .reason = "test"};
        if (records_decision_add(rig->records, &actor, &record, &fault, &numbers[move]) != OK)
            fail_msg("%s", fault.text);
    } else {
        struct decision_review said = {.state = DECISION_WITHDRAWN, .note = "", .if_revision = RECORDS_ANY_REVISION};
        if (records_decision_review(rig->records, &actor, numbers[it->decided], &said, &fault) != OK)
            fail_msg("%s", fault.text);
    }
}

/* ---- the ledger, as text ---- */

static int write_check(const struct check_day_row *row, void *arg)
{
    buf_printf(arg, "checks %d:", row->local_day);
    for (int i = 0; i < CHECK_COUNT; i++)
        if (i != CHECK_CLOCK_DRIFT) /* of when readings came */
            buf_printf(arg, " %d/%d/%lld", row->results[i].outcome, row->results[i].skip, (long long)row->results[i].value);
    buf_char(arg, '\n');
    return 0;
}

static int write_completeness(const struct completeness_row *row, void *arg)
{
    buf_printf(arg, "complete %d: %d of %d every %d s\n", row->local_day, row->received, row->expected, row->interval_s);
    return 0;
}

static int write_event(const struct event_row *row, void *arg)
{
    buf_printf(arg, "event %lld %s\n", (long long)row->ts_utc_ms, row->document);
    return 0;
}

static int write_fact(const struct reading_row *row, const struct reading_cursor *at, void *arg)
{
    const struct reading *r = &row->reading;
    (void)at;
    buf_printf(arg, "fact %lld %d %d flags %u boot %s seq %lld power %lld volts %d\n", (long long)r->ts_utc_ms, r->kind, r->interval_s, r->flags,
               r->boot, r->has_seq ? (long long)r->seq : -1, r->has_power ? (long long)r->power_w : 0,
               r->voltage_mv.count ? r->voltage_mv.value[0] : 0);
    return 0;
}

static int write_alert(const struct alert_row *row, void *arg)
{
    buf_printf(arg, "alert %s\n", row->document);
    return 0;
}

void story_ledger(struct rig *rig, bool alerts, struct buf *out)
{
    int64_t meter_no = rig_meter_no(rig, STORY_METER);
    struct fault fault = {0};
    rig_derived(rig, out);
    enum err err = facts_readings(rig->facts, meter_no, INT64_MIN, INT64_MAX, 1, 1000000, NULL, write_fact, out, &fault);
    if (err == OK)
        err = facts_events(rig->facts, meter_no, INT64_MIN, INT64_MAX, 100000, write_event, out, &fault);
    if (err == OK)
        err = facts_checks(rig->facts, meter_no, -1000000, 1000000, write_check, out, &fault);
    if (err == OK)
        err = facts_completeness(rig->facts, meter_no, -1000000, 1000000, write_completeness, out, &fault);
    if (err == OK && alerts)
        err = facts_alerts(rig->facts, meter_no, 0, -1, 0, NULL, 10000, write_alert, out, &fault);
    if (err != OK)
        fail_msg("%s", fault.text);
    assert_false(out->overflow);
}
