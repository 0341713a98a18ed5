/* Sealing days changes nothing that anybody reads, and hinders nothing that anybody says; a backend that packs nothing passes too. */
#include "tests/contract/facts_contract.h"

#define DAY INT64_C(86400000)
#define HOUR INT64_C(3600000)

static bool packs; /* has any day been packed by this backend? */

/* A reading an hour over four days: a register, sometimes a second channel, power, voltage, a number; a contradiction and an interval among them. */
static void four_days(void)
{
    begin();
    for (int i = 0; i < 96; i++) {
        struct reading_row row = reading_at(i * HOUR, 1000 + 10 * i);
        struct reading *r = &row.reading;
        row.received_utc_ms = r->ts_utc_ms + 40 + i % 7;
        r->has_power = i % 3 != 0;
        r->power_w = 300 - 11 * i;
        if (i % 5 == 0)
            r->channels[r->channel_count++] = (struct channel_value){OBIS_EXPORT, 3 * i};
        if (i % 2 == 0)
            r->voltage_mv = (struct phases){1, {219000 + 31 * i}};
        r->has_seq = i % 4 != 3;
        r->seq = r->has_seq ? i : 0;
        snprintf(r->boot, sizeof r->boot, "%s", r->has_seq ? (i < 50 ? "b1" : "b2") : "");
        r->flags = i % 11 == 0 ? FLAG_SERVER_TIME : 0;
        assert_false(put(&row));
        if (i % 17 == 0) { /* another value of the same instant */
            row.reading.channels[0].value_wh += 5;
            assert_false(put(&row));
        }
        if (i % 19 == 0) {
            struct reading_row interval = reading_at(i * HOUR, 7);
            interval.reading.kind = FACT_INTERVAL;
            interval.reading.interval_s = 900;
            assert_false(put(&interval));
        }
    }
    WELL(facts_put_judgement(
        facts,
        &(struct judgement){
            .meter_no = 1, .channel = OBIS_IMPORT, .ts_utc_ms = T0 + 17 * HOUR, .kind = FACT_REGISTER, .value_wh = 1175, .verdict = VERDICT_CONFLICT},
        &fault));
    commit();
}

static int seal_all_before(int64_t before_utc_ms)
{
    int days = 0;
    begin();
    for (int sealed = 1; sealed > 0; days += sealed > 0)
        WELL(facts_seal(facts, 1, before_utc_ms, &sealed, &fault));
    commit();
    packs |= days > 0;
    return days;
}

static int tell_instant(int64_t ts_utc_ms, void *arg)
{
    return tell(arg, "%lld ", (long long)((ts_utc_ms - T0) / HOUR));
}

/* All that can be read of the facts within [from, until), in both orders, cut short and whole. */
static void look(struct told *told, int64_t from, int64_t until)
{
    for (int order = -1; order <= 1; order += 2) {
        WELL(facts_readings(facts, 1, from, until, order, 1000, NULL, tell_reading, told, &fault));
        WELL(facts_readings(facts, 1, from, until, order, 5, &(struct reading_cursor){T0 + 34 * HOUR, 1}, tell_reading, told, &fault));
        WELL(facts_reads(facts, 1, OBIS_IMPORT, from, until, order, 0, tell_read, told, &fault));
        WELL(facts_reads(facts, 1, OBIS_EXPORT, from, until, order, 4, tell_read, told, &fault));
        WELL(facts_instants(facts, 1, from, until, order, tell_instant, told, &fault));
    }
}

static const int64_t ranges[][2] = {
    {INT64_MIN, INT64_MAX}, {T0 + 30 * HOUR, T0 + 40 * HOUR}, {T0 + 11 * HOUR, T0 + 61 * HOUR}, {T0 - DAY, T0 + 5}, {T0 + 200 * HOUR, INT64_MAX},
};
#define RANGES (sizeof ranges / sizeof ranges[0])

static void reading_sealed_days(void **state)
{
    static struct told before[RANGES], after[RANGES];
    (void)state;
    memset(before, 0, sizeof before);
    four_days();
    for (size_t i = 0; i < RANGES; i++)
        look(&before[i], ranges[i][0], ranges[i][1]);
    /* T0 is at noon: days end at hours 12, 36, 60, 84. */
    for (int64_t until = T0 + 12 * HOUR; until <= T0 + 108 * HOUR; until += DAY) {
        seal_all_before(until);
        memset(after, 0, sizeof after);
        for (size_t i = 0; i < RANGES; i++) {
            look(&after[i], ranges[i][0], ranges[i][1]);
            assert_string_equal(after[i].text, before[i].text);
        }
    }
    assert_true(before[0].count > 500);
    struct reading_row last;
    WELL(facts_last_reading(facts, 1, &last, &fault));
    assert_int_equal(last.reading.ts_utc_ms, T0 + 95 * HOUR);
}

static void a_day_is_sealed_when_it_is_over(void **state)
{
    int sealed = 0;
    (void)state;
    four_days();
    assert_int_equal(seal_all_before(T0 + 12 * HOUR - 1), 0);
    int days = seal_all_before(T0 + 61 * HOUR);
    assert_true(days == 3 || !packs);
    begin();
    WELL(facts_seal(facts, 1, T0 + 61 * HOUR, &sealed, &fault));
    assert_int_equal(sealed, 0);
    WELL(facts_seal(facts, 77, INT64_MAX, &sealed, &fault)); /* nobody */
    assert_int_equal(sealed, 0);
    WELL(facts_shrink(facts, 100, &fault));
    commit();
}

static void late_readings_of_sealed_days(void **state)
{
    static struct told plain, sealed;
    struct reading_row again = reading_at(13 * HOUR, 1130), late = reading_at(13 * HOUR + 1, 1131), half = reading_at(14 * HOUR, 1140);
    (void)state;
    half.reading.channels[half.reading.channel_count++] = (struct channel_value){OBIS_EXPORT, 9};
    memset(&plain, 0, sizeof plain);
    memset(&sealed, 0, sizeof sealed);
    four_days();
    begin();
    assert_false(put(&late));
    assert_false(put(&half));
    commit();
    look(&plain, INT64_MIN, INT64_MAX);
    contract_teardown(NULL);
    contract_setup(NULL);
    four_days();
    seal_all_before(INT64_MAX);
    begin();
    assert_true(put(&again));
    assert_false(put(&late));
    assert_true(put(&again));
    assert_true(put(&late));
    assert_false(put(&half));
    commit();
    look(&sealed, INT64_MIN, INT64_MAX);
    assert_string_equal(sealed.text, plain.text);
    seal_all_before(INT64_MAX);
    memset(&sealed, 0, sizeof sealed);
    look(&sealed, INT64_MIN, INT64_MAX);
    assert_string_equal(sealed.text, plain.text);
}

static void sealing_is_undone_with_its_batch(void **state)
{
    static struct told before, after;
    struct reading_row again = reading_at(13 * HOUR, 1130);
    int sealed;
    (void)state;
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    four_days();
    look(&before, INT64_MIN, INT64_MAX);
    begin();
    WELL(facts_seal(facts, 1, INT64_MAX, &sealed, &fault));
    WELL(facts_seal(facts, 1, INT64_MAX, &sealed, &fault));
    assert_true(put(&again));
    facts_rollback(facts);
    look(&after, INT64_MIN, INT64_MAX);
    assert_string_equal(after.text, before.text);
    begin();
    assert_true(put(&again));
    commit();
}

const struct CMUnitTest sealed_tests[] = {
    CASE(reading_sealed_days),
    CASE(a_day_is_sealed_when_it_is_over),
    CASE(late_readings_of_sealed_days),
    CASE(sealing_is_undone_with_its_batch),
};
const size_t sealed_test_count = sizeof sealed_tests / sizeof sealed_tests[0];
