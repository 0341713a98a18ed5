/* Cycles, forecast, excess, variation, and the names of alerts and verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "base/instant.h"
#include "energy/alert.h"
#include "energy/bill.h"
#include "energy/cycle.h"
#include "energy/excess.h"
#include "energy/forecast.h"
#include "energy/variation.h"
#include "energy/verdict.h"

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(civil_parse(text, &day));
    return day;
}

static void cycle_is(const struct cycle_group *group, const char *day, const char *from, const char *until)
{
    int32_t got_from, got_until;
    char a[CIVIL_TEXT_SIZE], b[CIVIL_TEXT_SIZE];
    cycle_containing(group, day_of(day), &got_from, &got_until);
    civil_format(got_from, a);
    civil_format(got_until, b);
    if (strcmp(a, from) != 0 || strcmp(b, until) != 0)
        fail_msg("%s lies in %s … %s, expected %s … %s", day, a, b, from, until);
}

static void cycles_by_day_of_month(void **state)
{
    const struct cycle_group first = {.day_of_month = 1}, mid = {.day_of_month = 15}, last = {.day_of_month = 28}, odd = {.day_of_month = 31},
                             none = {.day_of_month = 0};
    (void)state;
    cycle_is(&first, "2026-11-22", "2026-11-01", "2026-12-01");
    cycle_is(&first, "2026-11-01", "2026-11-01", "2026-12-01");
    cycle_is(&first, "2026-12-31", "2026-12-01", "2027-01-01");
    cycle_is(&mid, "2026-01-14", "2025-12-15", "2026-01-15");
    cycle_is(&mid, "2026-01-15", "2026-01-15", "2026-02-15");
    cycle_is(&last, "2028-02-29", "2028-02-28", "2028-03-28");
    cycle_is(&last, "2026-03-01", "2026-02-28", "2026-03-28");
    cycle_is(&odd, "2026-03-30", "2026-03-28", "2026-04-28"); /* 28 is the last day that every month has */
    cycle_is(&none, "2026-03-30", "2026-03-01", "2026-04-01");
}

static void cycles_by_read_dates(void **state)
{
    struct cycle_group group = {.day_of_month = 1, .date_count = 3};
    group.dates_day[0] = day_of("2026-04-11");
    group.dates_day[1] = day_of("2026-05-12");
    group.dates_day[2] = day_of("2026-06-10");
    (void)state;
    cycle_is(&group, "2026-04-11", "2026-04-11", "2026-05-12"); /* 31 days, as CPFL prints 04-10 to 05-11 */
    cycle_is(&group, "2026-05-11", "2026-04-11", "2026-05-12");
    cycle_is(&group, "2026-05-12", "2026-05-12", "2026-06-10");
    cycle_is(&group, "2026-04-10", "2026-04-01", "2026-04-11"); /* before them: the calendar, up to the first */
    cycle_is(&group, "2026-03-31", "2026-03-01", "2026-04-01");
    cycle_is(&group, "2026-06-10", "2026-06-10", "2026-07-01"); /* after them: the calendar again */
    cycle_is(&group, "2026-07-05", "2026-07-01", "2026-08-01");
}

/* Cycles tile time: every day lies in the cycle it is told, and the next begins where it ends. */
static void cycles_tile_time(void **state)
{
    struct cycle_group groups[] = {
        {.day_of_month = 1}, {.day_of_month = 28}, {.day_of_month = 17, .date_count = 4}, {.day_of_month = 5, .date_count = 1}};
    (void)state;
    for (int i = 0; i < 4; i++)
        groups[2].dates_day[i] = day_of("2026-02-17") + 33 * i;
    groups[3].dates_day[0] = day_of("2026-05-05");
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        int32_t from, until, next_from = 0;
        for (int32_t day = day_of("2025-11-01"); day < day_of("2027-03-01"); day++) {
            cycle_containing(&groups[g], day, &from, &until);
            assert_true(from <= day && day < until);
            if (day == day_of("2025-11-01") || day == next_from)
                next_from = until;
            else
                assert_int_equal(until, next_from);
            int32_t same_from, same_until;
            cycle_containing(&groups[g], from, &same_from, &same_until);
            assert_int_equal(same_from, from);
            assert_int_equal(same_until, until);
        }
    }
}

static void forecast_by_hand(void **state)
{
    struct forecast_input input = {.count = 3, .day_wh = {9000, 10000, 11000}, .age_days = {1, 2, 3}, .remaining_ms = 10 * MS_PER_DAY};
    struct forecast_energy out = {-1, -1, -1};
    (void)state;
    assert_true(forecast_rest(&input, &out));
    /* weights 0.8909, 0.7937, 0.7071: (8,018.1 + 7,937.0 + 7,778.2) / 2.3917 = 9,923 a day */
    assert_in_range(out.rest_wh, 99220, 99240);
    /* sd 1,000; variance 10^6 · (2 · 10 + 0.15 · 100) = 35 · 10^6; root 5,916; × 1.2816 = 7,582 */
    assert_in_range(out.high_rest_wh - out.rest_wh, 7578, 7584);
    assert_int_equal(out.rest_wh - out.low_rest_wh, out.high_rest_wh - out.rest_wh);
    input.remaining_ms = 0;
    assert_true(forecast_rest(&input, &out));
    assert_true(out.rest_wh == 0 && out.low_rest_wh == 0 && out.high_rest_wh == 0);
    for (int i = 0; i < 3; i++)
        input.day_wh[i] = 10000;
    input.remaining_ms = 12 * MS_PER_HOUR;
    assert_true(forecast_rest(&input, &out));
    assert_true(out.rest_wh == 5000 && out.low_rest_wh == 5000 && out.high_rest_wh == 5000);
}

/* Six days older weighs half: a home that used 10 and now uses 16 kWh is expected to use 14; twelve days older, a quarter. */
static void forecast_follows_a_home(void **state)
{
    struct forecast_input input = {.count = 3, .day_wh = {16000, 10000, 10000}, .age_days = {6, 12, 18}, .remaining_ms = MS_PER_DAY};
    struct forecast_energy out;
    (void)state;
    assert_true(forecast_rest(&input, &out));
    assert_int_equal(out.rest_wh, 13428); /* (4 · 16 + 2 · 10 + 1 · 10) / 7 */
    input.day_wh[2] = 17000;
    assert_true(forecast_rest(&input, &out));
    assert_int_equal(out.rest_wh, 14428);
}

static void forecast_knows_when_not(void **state)
{
    struct forecast_input input = {.count = 2, .day_wh = {9000, 10000}, .age_days = {1, 2, 3, 4}, .remaining_ms = MS_PER_DAY};
    struct forecast_energy out = {1, 2, 3};
    (void)state;
    assert_false(forecast_rest(&input, &out));
    input.count = 3;
    input.remaining_ms = -1;
    assert_false(forecast_rest(&input, &out));
    input.remaining_ms = MS_PER_DAY;
    input.age_days[2] = FORECAST_AGE_MAX + 1;
    assert_false(forecast_rest(&input, &out));
    input.age_days[2] = 0;
    assert_false(forecast_rest(&input, &out));
    assert_true(out.rest_wh == 1 && out.low_rest_wh == 2 && out.high_rest_wh == 3);
    input = (struct forecast_input){.count = 4, .day_wh = {0, 0, 0, 20000}, .age_days = {1, 2, 3, 4}, .remaining_ms = 2 * MS_PER_DAY};
    assert_true(forecast_rest(&input, &out));
    assert_int_equal(out.low_rest_wh, 0); /* never below nothing */
    /* A register that leapt by all it can: no number rather than one that does not fit. */
    input = (struct forecast_input){.count = 3, .day_wh = {0, 0, INT64_C(9007199254740991)}, .age_days = {1, 2, 3}, .remaining_ms = 31 * MS_PER_DAY};
    assert_false(forecast_rest(&input, &out));
    input.remaining_ms = 400 * MS_PER_DAY;
    input.day_wh[2] = INT64_C(9007199254740991) / 3;
    assert_false(forecast_rest(&input, &out));
}

static void excess_limit_from_the_past(void **state)
{
    int64_t days[EXCESS_DAYS_MAX];
    (void)state;
    for (int i = 0; i < EXCESS_DAYS_MAX; i++)
        days[i] = 10000;
    assert_int_equal(excess_default_limit_wh(days, 6), 0);     /* less than a week */
    assert_int_equal(excess_default_limit_wh(days, 7), 13000); /* no spread: 1.3 × */
    for (int i = 0; i < 8; i++)
        days[i] = i % 2 ? 8000 : 12000;
    /* mean 10,000; variance 8 · 2,000² / 7; sd 2,138; mean + 3 sd */
    assert_in_range(excess_default_limit_wh(days, 8), 16412, 16416);
    for (int i = 0; i < 7; i++)
        days[i] = 100;
    assert_int_equal(excess_default_limit_wh(days, 7), 2000); /* nobody wants mail about a light bulb */
    for (int i = 0; i < 28; i++)
        days[i] = i % 2 ? 0 : INT64_C(9007199254740991);
    assert_true(excess_default_limit_wh(days, 28) > INT64_C(9007199254740991)); /* absurd, and no overflow */
}

static void excess_has_hysteresis(void **state)
{
    struct day day;
    struct excess out = {0};
    (void)state;
    day_init(&day, 0, MS_PER_DAY, 2 * MS_PER_DAY);
    for (int i = 0; i < 40; i++)
        day.slots[i] = (struct slot){250, QUALITY_MEASURED};
    assert_false(excess_of_day(&day, 10000, false, &out)); /* exactly the limit is within it */
    assert_true(excess_of_day(&day, 9999, false, &out));
    assert_int_equal(out.since_utc_ms, MS_PER_DAY + 39 * QUARTER_MS);
    assert_int_equal(out.day_wh, 10000);
    assert_true(excess_of_day(&day, 10526, true, &out));   /* 95 % of it is 9,999.7 */
    assert_false(excess_of_day(&day, 10527, true, &out));  /* 10,000.65 */
    assert_false(excess_of_day(&day, 10526, false, &out)); /* it would not have begun */
    assert_false(excess_of_day(&day, 0, true, &out));      /* no limit, no excess */
}

static void variation_and_its_hysteresis(void **state)
{
    int64_t percent = 77;
    (void)state;
    assert_true(variation_percent(13000, 10000, &percent));
    assert_int_equal(percent, 30);
    assert_true(variation_percent(12999, 10000, &percent));
    assert_int_equal(percent, 29); /* cut toward zero, both ways */
    assert_true(variation_percent(7001, 10000, &percent));
    assert_int_equal(percent, -29);
    assert_false(variation_percent(5, 0, &percent));
    assert_false(variation_percent(5, -10, &percent));
    assert_false(variation_percent(INT64_MAX, 1, &percent));
    assert_int_equal(percent, -29);
    assert_true(variation_over(30, 30, false));
    assert_true(variation_over(-30, 30, false));
    assert_false(variation_over(29, 30, false));
    assert_true(variation_over(24, 30, true));
    assert_false(variation_over(23, 30, true));
    assert_true(variation_over(-24, 30, true));
}

static void alerts_have_names_and_topics(void **state)
{
    struct alert alert = {.subject = SUBJECT_METER, .kind = ALERT_EXCESS_CONSUMPTION, .since_utc_ms = 1};
    struct alert other = alert;
    char topic[ALERT_TOPIC_SIZE];
    (void)state;
    strcpy(alert.subject_id, "casa-42");
    strcpy(other.subject_id, "casa-43");
    alert_identify(&alert);
    alert_identify(&other);
    assert_int_equal(strlen(alert.alert_id), 32);
    assert_string_not_equal(alert.alert_id, other.alert_id);
    other = alert;
    other.revision = 9; /* no part of its identity */
    other.value = 5;
    alert_identify(&other);
    assert_string_equal(alert.alert_id, other.alert_id);
    other.since_utc_ms = 2;
    alert_identify(&other);
    assert_string_not_equal(alert.alert_id, other.alert_id);
    alert_topic(&alert, topic);
    assert_string_equal(topic, "alerts/casa-42/excess_consumption");
    alert.subject = SUBJECT_DISTRICT;
    alert_topic(&alert, topic);
    assert_string_equal(topic, "alerts/district/casa-42/excess_consumption");
    alert.subject = SUBJECT_SYSTEM;
    alert_topic(&alert, topic);
    assert_string_equal(topic, "alerts/system/excess_consumption");
    for (int i = 0; i < alert_kind_count; i++) {
        assert_ptr_equal(alert_kind_by_name(alert_kind_table[i].name), &alert_kind_table[i]);
        assert_ptr_equal(alert_kind_row(alert_kind_table[i].kind), &alert_kind_table[i]);
    }
    assert_null(alert_kind_by_name("nothing"));
    memset(alert.subject_id, 'x', METER_ID_SIZE - 1); /* the longest names fit */
    alert.subject = SUBJECT_DISTRICT;
    alert_topic(&alert, topic);
    assert_non_null(strstr(topic, "/excess_consumption"));
}

static void verdicts_are_one_table(void **state)
{
    (void)state;
    for (int i = 0; i < verdict_count; i++) {
        const struct verdict_row *row = &verdict_table[i];
        enum verdict back;
        assert_true(verdict_parse(row->name, &back));
        assert_int_equal(back, row->verdict);
        assert_int_equal(verdict_index(row->verdict), i);
        assert_string_equal(verdict_name(row->verdict), row->name);
        assert_int_equal(verdict_refused(row->verdict), row->verdict >= 10 && row->verdict < 40);
        for (int j = 0; j < i; j++)
            assert_int_not_equal(verdict_table[j].verdict, row->verdict);
    }
    assert_true(verdict_count <= 64); /* counters are arrays of 64 */
    assert_string_equal(verdict_name((enum verdict)9), "unknown_verdict");
    assert_int_equal(verdict_index((enum verdict)9), -1);
    assert_false(verdict_refused((enum verdict)9));
    enum bill_state bill;
    assert_true(bill_state_parse("draft", &bill));
    assert_int_equal(bill, BILL_DRAFT);
    assert_false(bill_state_parse("drafty", &bill));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_by_day_of_month),
        cmocka_unit_test(cycles_by_read_dates),
        cmocka_unit_test(cycles_tile_time),
        cmocka_unit_test(forecast_by_hand),
        cmocka_unit_test(forecast_follows_a_home),
        cmocka_unit_test(forecast_knows_when_not),
        cmocka_unit_test(excess_limit_from_the_past),
        cmocka_unit_test(excess_has_hysteresis),
        cmocka_unit_test(variation_and_its_hysteresis),
        cmocka_unit_test(alerts_have_names_and_topics),
        cmocka_unit_test(verdicts_are_one_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
