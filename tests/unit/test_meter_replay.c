/*
 * Replay without a broker: CSV, times, exact values; and real data against its expected totals,
 * where they are (QW_SHARED, or ../shared beside the repository).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include <zlib.h>

#include "base/civil.h"
#include "base/instant.h"
#include "daemon/zones.h"
#include "meter/replay_file.h"

static struct zones *zones;

static const struct zone *zone(const char *name)
{
    const struct zone *found = NULL;
    struct fault fault;
    if (zones == NULL)
        zones = zones_create(ZONES_DIR_DEFAULT);
    assert_int_equal(zones_get(zones, name, &fault, &found), OK);
    return found;
}

static int finish(void **state)
{
    (void)state;
    zones_destroy(zones);
    return 0;
}

/* ---- times ---- */

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum stamp_format format;
        const char *zone;
        const char *utc; /* NULL: refused */
    } table[] = {
        {"1522670400", STAMP_AUTO, "Europe/Amsterdam", "2018-04-02T12:00:00Z"},
        {"1522670400.0", STAMP_AUTO, "UTC", "2018-04-02T12:00:00Z"},
        {"1522670400250", STAMP_AUTO, "UTC", "2018-04-02T12:00:00.250Z"},
        {"1522670400250", STAMP_EPOCH_MS, "UTC", "2018-04-02T12:00:00.250Z"},
        {"16/12/2006 17:24:00", STAMP_AUTO, "Europe/Paris", "2006-12-16T16:24:00Z"},
        {"1/2/2007 00:00:00", STAMP_AUTO, "UTC", "2007-02-01T00:00:00Z"},
        {"1/2/2007 00:00:00", STAMP_MDY, "UTC", "2007-01-02T00:00:00Z"},
        {"1/2/2007 1:05 PM", STAMP_MDY, "UTC", "2007-01-02T13:05:00Z"},
        {"1/2/2007 12:00 AM", STAMP_MDY, "UTC", "2007-01-02T00:00:00Z"},
        {"24.12.2020 18:00", STAMP_AUTO, "UTC", "2020-12-24T18:00:00Z"},
        {"2024-02-01 11:02:00", STAMP_AUTO, "Europe/Amsterdam", "2024-02-01T10:02:00Z"},
        {"2024-02-01T11:02:00.5+01:00", STAMP_ISO, "America/Sao_Paulo", "2024-02-01T10:02:00.500Z"},
        {"2024-02-01T11:02:00-0330", STAMP_ISO, "UTC", "2024-02-01T14:32:00Z"},
        {"2024-02-01T11:02Z", STAMP_AUTO, "Europe/Paris", "2024-02-01T11:02:00Z"},
        {"2024-02-01", STAMP_AUTO, "Europe/Paris", "2024-01-31T23:00:00Z"},
        {"2024-02-28 24:00", STAMP_AUTO, "UTC", "2024-02-29T00:00:00Z"},
        {"2012-10-07 01:00", STAMP_AUTO, "Etc/GMT-10", "2012-10-06T15:00:00Z"},
        {"", STAMP_AUTO, "UTC", NULL},
        {"?", STAMP_AUTO, "UTC", NULL},
        {"2024-02-30 00:00", STAMP_AUTO, "UTC", NULL},
        {"2023-02-29", STAMP_AUTO, "UTC", NULL},
        {"2024-13-01", STAMP_AUTO, "UTC", NULL},
        {"2024-02-01 25:00", STAMP_AUTO, "UTC", NULL},
        {"2024-02-01 10:60", STAMP_AUTO, "UTC", NULL},
        {"2024-02-01 10:00 tomorrow", STAMP_AUTO, "UTC", NULL},
        {"1522670400", STAMP_ISO, "UTC", NULL},
        {"2024-02-01", STAMP_EPOCH_S, "UTC", NULL},
        {"1/2-2007", STAMP_AUTO, "UTC", NULL},
        {"99999999999999999999", STAMP_AUTO, "UTC", NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct stamp stamp;
        char text[INSTANT_TEXT_SIZE] = "";
        bool good = stamp_parse(table[i].text, table[i].format, &stamp);
        if (good != (table[i].utc != NULL))
            fail_msg("%s: %s", table[i].text, good ? "taken" : "refused");
        if (!good)
            continue;
        instant_format(stamp_instant(&stamp, zone(table[i].zone), INT64_MIN), text);
        if (strcmp(text, table[i].utc) != 0)
            fail_msg("%s is %s and not %s", table[i].text, text, table[i].utc);
    }
}

/* The hour that a clock shows twice: the second time round it is the later one. */
static void test_repeated_hour(void **state)
{
    (void)state;
    struct stamp stamp;
    int64_t before = INT64_MIN, first = 0;
    static const char *const labels[] = {"2023-10-29 01:30", "2023-10-29 02:00", "2023-10-29 02:30",
                                         "2023-10-29 02:00", "2023-10-29 02:30", "2023-10-29 03:00"};
    for (int i = 0; i < 6; i++) {
        assert_true(stamp_parse(labels[i], STAMP_AUTO, &stamp));
        int64_t now = stamp_instant(&stamp, zone("Europe/Amsterdam"), before);
        if (i == 0)
            first = now;
        assert_int_equal(now, first + i * 30 * MS_PER_MIN);
        before = now;
    }
}

/* ---- values ---- */

static struct reading readings[2];
static int count;

static enum series_verdict take(struct series *series, int64_t label, const char *value)
{
    return series_take(series, label, &value, readings, &count);
}

static void test_interval_carries_its_rest(void **state)
{
    (void)state;
    struct series_plan plan = {
        .kind = SERIES_INTERVAL, .kilo = true, .label_is_start = true, .step_ms = 1800000, .channel_count = 1, .channels = {OBIS_IMPORT}};
    struct series series;
    int64_t sum = 0;
    series_init(&series, &plan);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(take(&series, i * 1800000, "0.0003333"), SERIES_TAKEN);
        assert_int_equal(count, 1);
        assert_int_equal(readings[0].ts_utc_ms, (i + 1) * 1800000);
        assert_int_equal(readings[0].interval_s, 1800);
        assert_int_equal(readings[0].seq, i);
        sum += readings[0].channels[0].value_wh;
    }
    assert_int_equal(sum, 333);
    assert_int_equal(series.carry_nwh, 300000000);
    assert_int_equal(take(&series, 0, "?"), SERIES_MISSING);
    assert_int_equal(take(&series, 0, "-0.1"), SERIES_NEGATIVE);
    assert_int_equal(take(&series, 0, "0,1"), SERIES_BAD_VALUE);
    assert_int_equal(take(&series, 0, "9223371.9"), SERIES_TAKEN);
    assert_int_equal(count, 1);
}

static void test_power_integrates_and_gaps_are_flat(void **state)
{
    (void)state;
    struct series_plan plan = {.kind = SERIES_POWER,
                               .kilo = true,
                               .label_is_start = true,
                               .step_ms = 60000,
                               .channel_count = 1,
                               .channels = {OBIS_IMPORT},
                               .register_start_wh = 1000};
    struct series series;
    series_init(&series, &plan);
    assert_int_equal(take(&series, 0, "1.000"), SERIES_TAKEN);
    assert_int_equal(count, 2); /* the register before, and after */
    assert_int_equal(readings[0].ts_utc_ms, 0);
    assert_int_equal(readings[0].channels[0].value_wh, 1000);
    assert_false(readings[0].has_power);
    assert_int_equal(readings[1].ts_utc_ms, 60000);
    assert_int_equal(readings[1].channels[0].value_wh, 1016); /* 16.67 cut */
    assert_int_equal(readings[1].power_w, 1000);
    assert_int_equal(take(&series, 60000, "?"), SERIES_MISSING);
    assert_int_equal(count, 0);
    assert_int_equal(take(&series, 120000, "1"), SERIES_TAKEN);
    assert_int_equal(count, 1);
    assert_int_equal(readings[0].channels[0].value_wh, 1033); /* 33.33: the gap added nothing */
    assert_int_equal(take(&series, 180000, "1"), SERIES_TAKEN);
    assert_int_equal(readings[0].channels[0].value_wh, 1050); /* exactly */
    assert_int_equal(readings[0].seq, 3);
    assert_int_equal(take(&series, 240000, "9223372036"), SERIES_OVERFLOW);
    plan.label_is_start = false;
    series_init(&series, &plan);
    assert_int_equal(take(&series, 60000, "1"), SERIES_TAKEN);
    assert_int_equal(readings[0].ts_utc_ms, 0);
    assert_int_equal(readings[1].ts_utc_ms, 60000);
}

static void test_registers_by_channel(void **state)
{
    (void)state;
    struct series_plan plan = {.kind = SERIES_REGISTER, .kilo = true, .channel_count = 2, .channels = {OBIS(1, 8, 1), OBIS_EXPORT}};
    struct series series;
    series_init(&series, &plan);
    const char *both[] = {"15125.3399", "0.001"}, *one[] = {"", "7"}, *none[] = {"", "NaN"};
    assert_int_equal(series_take(&series, 5, both, readings, &count), SERIES_TAKEN);
    assert_int_equal(readings[0].channel_count, 2);
    assert_int_equal(readings[0].channels[0].value_wh, 15125339);
    assert_int_equal(readings[0].channels[1].value_wh, 1);
    assert_int_equal(series_take(&series, 6, one, readings, &count), SERIES_TAKEN);
    assert_int_equal(readings[0].channel_count, 1);
    assert_int_equal(readings[0].channels[0].channel, OBIS_EXPORT);
    assert_int_equal(series_take(&series, 7, none, readings, &count), SERIES_MISSING);
}

/* ---- files ---- */

static void write_file(const char *path, const char *text, bool zipped)
{
    if (zipped) {
        gzFile file = gzopen(path, "wb");
        assert_int_equal(gzputs(file, text), (int)strlen(text));
        gzclose(file);
    } else {
        FILE *file = fopen(path, "w");
        fputs(text, file);
        fclose(file);
    }
}

static void test_csv(void **state)
{
    (void)state;
    char path[] = "/tmp/qw-csv-XXXXXX", **fields;
    int n, column;
    struct fault fault;
    struct csv *csv;
    close(mkstemp(path));
    for (int zipped = 0; zipped < 2; zipped++) {
        write_file(path,
                   "\xef\xbb\xbf"
                   "a;\"b b\";c\r\n1;\"x;\"\"y\"\"\";\r\n\r\n2;3\n;;;;",
                   zipped);
        assert_int_equal(csv_open(path, 0, &fault, &csv), OK);
        assert_int_equal(csv_column(csv, "a", &fault, &column), OK);
        assert_int_equal(column, 0);
        assert_int_equal(csv_column(csv, "b b", &fault, &column), OK);
        assert_int_equal(column, 1);
        assert_int_equal(csv_column(csv, "#3", &fault, &column), OK);
        assert_int_equal(column, 2);
        assert_int_equal(csv_column(csv, "#4", &fault, &column), ERR_NOT_FOUND);
        assert_non_null(strstr(fault.text, "a, b b, c"));
        assert_int_equal(csv_next(csv, &fault, &fields, &n), OK);
        assert_int_equal(n, 3);
        assert_string_equal(fields[1], "x;\"y\"");
        assert_string_equal(fields[2], "");
        assert_int_equal(csv_next(csv, &fault, &fields, &n), OK);
        assert_int_equal(n, 2);
        assert_int_equal(csv_line(csv), 4);
        assert_int_equal(csv_next(csv, &fault, &fields, &n), OK);
        assert_int_equal(n, 5);
        assert_int_equal(csv_next(csv, &fault, &fields, &n), ERR_NOT_FOUND);
        csv_close(csv);
    }
    char *longer = malloc(200000);
    memset(longer, 'x', 199999);
    memcpy(longer, "a,b\n", 4);
    strcpy(longer + 150000, "\n1,2\n");
    write_file(path, longer, true);
    assert_int_equal(csv_open(path, 0, &fault, &csv), OK);
    assert_int_equal(csv_next(csv, &fault, &fields, &n), ERR_LIMIT);
    assert_int_equal(csv_next(csv, &fault, &fields, &n), OK);
    assert_string_equal(fields[1], "2");
    csv_close(csv);
    free(longer);
    write_file(path, "", false);
    assert_int_equal(csv_open(path, 0, &fault, &csv), ERR_INVALID);
    unlink(path);
    assert_int_equal(csv_open(path, 0, &fault, &csv), ERR_INVALID);
}

/* ---- real data ---- */

static bool shared_path(const char *name, char out[512])
{
    const char *root = getenv("QW_SHARED");
    struct stat info;
    snprintf(out, 512, "%s/%s", root != NULL ? root : QW_SOURCE_ROOT "/../shared", name);
    return stat(out, &info) == 0;
}

static struct options real_options(const char *path)
{
    return (struct options){.replay = path,
                            .meter = "m",
                            .meter_column = "",
                            .time = "",
                            .column = "",
                            .channel = "1.8.0",
                            .kind = "register",
                            .unit = "Wh",
                            .label = "end",
                            .tz = "UTC",
                            .delimiter = "",
                            .time_format = "auto",
                            .speed = "max",
                            .order = "",
                            .power_column = "",
                            .voltage_column = "",
                            .prefix = ""};
}

/* Each day of the register, floor to floor, against the exact sums of the file. */
static void test_uci_days(void **state)
{
    (void)state;
    char path[512], expected_path[512];
    if (!shared_path("data/uci_household_1min/household_power_consumption_34d.csv.gz", path) ||
        !shared_path("data/uci_household_1min/expected.json", expected_path)) {
        print_message("real data are not here (QW_SHARED): skipped\n");
        skip();
    }
    struct options options = real_options(path);
    options.time = "Date,Time";
    options.column = "Global_active_power";
    options.kind = "power";
    options.unit = "kW";
    options.label = "start";
    struct replay_file file;
    struct replay_row row;
    struct fault fault;
    struct series series;
    const struct zone *paris = zone("Europe/Paris");
    int64_t at_midnight[60], last = -1, total = 0;
    int32_t first_day = civil_to_day((struct civil){2006, 12, 16}), rows = 0, missing = 0;
    memset(at_midnight, -1, sizeof at_midnight);
    assert_int_equal(replay_file_open(&options, paris, &fault, &file), OK);
    assert_int_equal(file.plan.step_ms, 60000);
    series_init(&series, &file.plan);
    enum err err;
    while ((err = replay_file_next(&file, &fault, &row)) == OK) {
        rows++;
        missing += series_take(&series, stamp_instant(&row.stamp, paris, series_after(&series)), row.values, readings, &count) == SERIES_MISSING;
        for (int i = 0; i < count; i++) {
            assert_true(readings[i].channels[0].value_wh >= last);
            last = readings[i].channels[0].value_wh;
            int32_t day = zone_local_day(paris, readings[i].ts_utc_ms);
            if (readings[i].ts_utc_ms == zone_midnight_utc_ms(paris, day))
                at_midnight[day - first_day] = last;
        }
    }
    assert_int_equal(err, ERR_NOT_FOUND);
    replay_file_close(&file);
    assert_int_equal(rows, 48424);
    assert_int_equal(missing, 5);
    assert_int_equal(last, 1364314);
    json_t *expected = json_load_file(expected_path, 0, NULL), *days = json_object_get(expected, "energy_kwh_by_day"), *kwh;
    const char *name;
    double sum_wh = 0;
    json_object_foreach(days, name, kwh)
    {
        int32_t day = 0;
        assert_true(civil_parse(name, &day));
        sum_wh += json_number_value(kwh) * 1000;
        int64_t end = at_midnight[day + 1 - first_day] >= 0 ? at_midnight[day + 1 - first_day] : last;
        assert_true(llabs(end - (int64_t)floor(sum_wh + 0.002)) == 0); /* expected.json is rounded to the mWh */
        assert_true(fabs((double)(end - total) - json_number_value(kwh) * 1000) < 1.0);
        total = end;
    }
    json_decref(expected);
}

/*
 * Half hours whose labels stand there twice, in a file that is in no order at all, with keys that
 * begin anew in the middle of the day: the keys tell which of two is the earlier, the labels all
 * else. What the keys count is the half-hour's own value here, so that each must come out at its
 * place.
 */
static void test_order_settles_repeated_labels(void **state)
{
    (void)state;
    static const char text[] = "meter,t,key,v\n"
                               "b,2012-10-07 01:00,9000,5\n" /* another meter, its labels once */
                               "a,2012-10-07 01:30,851,4\n"
                               "a,2012-10-07 01:00,848,3\n"
                               "a,2012-10-07 04:00,20,7\n"
                               "a,2012-10-07 03:00,854,5\n"
                               "a,2012-10-07 00:30,839,0\n"
                               "a,2012-10-07 03:15,x,99\n" /* no number: left out */
                               "a,2012-10-07 01:00,842,1\n"
                               "b,2012-10-07 01:30,9,6\n"
                               "a,2012-10-07 03:30,17,6\n"
                               "a,2012-10-07 01:30,845,2\n";
    static const char *const expected[] = {"b 2012-10-06T15:00:00Z 5",
                                           "a 2012-10-06T14:30:00Z 0",
                                           "a 2012-10-06T15:00:00Z 1",
                                           "a 2012-10-06T15:30:00Z 2",
                                           "a 2012-10-06T16:00:00Z 3",
                                           "a 2012-10-06T16:30:00Z 4",
                                           "left out",
                                           "a 2012-10-06T17:00:00Z 5",
                                           "b 2012-10-06T15:30:00Z 6",
                                           "a 2012-10-06T17:30:00Z 6",
                                           "a 2012-10-06T18:00:00Z 7"};
    char path[] = "/tmp/qw-csv-XXXXXX", found[200], when[INSTANT_TEXT_SIZE];
    struct replay_file file;
    struct replay_row row;
    struct fault fault;
    close(mkstemp(path));
    write_file(path, text, false);
    struct options options = real_options(path);
    options.meter = "";
    options.meter_column = "meter";
    options.time = "t";
    options.column = "v";
    options.kind = "interval";
    options.label = "start";
    options.order = "key";
    int64_t after[2] = {INT64_MIN, INT64_MIN};
    assert_int_equal(replay_file_open(&options, zone("Etc/GMT-10"), &fault, &file), OK);
    assert_int_equal(file.plan.step_ms, 1800000);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        enum err err = replay_file_next(&file, &fault, &row);
        if (err == ERR_LIMIT) {
            assert_non_null(strstr(fault.text, "line 8: no number to order by: x"));
            assert_string_equal(expected[i], "left out");
            continue;
        }
        assert_int_equal(err, OK);
        int64_t *before = &after[row.meter[0] - 'a'];
        *before = replay_row_instant(&file, &row, *before);
        instant_format(*before, when);
        snprintf(found, sizeof found, "%s %s %s", row.meter, when, row.values[0]);
        assert_string_equal(found, expected[i]);
    }
    assert_int_equal(replay_file_next(&file, &fault, &row), ERR_NOT_FOUND);
    replay_file_close(&file);
    unlink(path);
}

/* 50 meters in one file: sums exact to the Wh, no two rows at one instant, although 43 meters have
 * labels twice. */
static void test_sgsc_sums(void **state)
{
    (void)state;
    char path[512], expected_path[512];
    if (!shared_path("data/sgsc_50_halfhour/sgsc_50_2012-09_2013-04.csv.gz", path) ||
        !shared_path("data/sgsc_50_halfhour/expected.json", expected_path)) {
        print_message("real data are not here (QW_SHARED): skipped\n");
        skip();
    }
    struct options options = real_options(path);
    options.meter = "";
    options.meter_column = "customer_id";
    options.time = "reading_datetime";
    options.column = "general_supply_kwh";
    options.kind = "interval";
    options.unit = "kWh";
    options.label = "start";
    options.order = "calendar_key";
    struct replay_file file;
    struct replay_row row;
    struct fault fault;
    struct series series;
    const struct zone *sydney = zone("Etc/GMT-10"); /* POSIX sign: ten hours east */
    char meter[64] = "";
    int64_t sum = 0, last_ts = INT64_MIN, change_day = 0;
    int meters = 0, halves_on_change_day = 0;
    /* the first household's half-hours from 01:00 to 04:00 of the day of the change, by their keys
     */
    static const char *const night[] = {"0.055", "0.055", "0.055", "0.057", "0.056", "0.055"};
    assert_true(instant_parse("2012-10-06T14:00:00Z", 20, &change_day));
    assert_int_equal(replay_file_open(&options, sydney, &fault, &file), OK);
    assert_int_equal(file.plan.step_ms, 1800000);
    json_t *expected = json_load_file(expected_path, 0, NULL), *totals = json_object_get(expected, "kwh_per_meter");
    for (enum err err = OK; err == OK;) {
        err = replay_file_next(&file, &fault, &row);
        if (err != OK || strcmp(meter, row.meter) != 0) { /* the file is sorted by meter */
            if (meter[0] != '\0')
                assert_int_equal(sum, llround(json_number_value(json_object_get(totals, meter)) * 1000));
            snprintf(meter, sizeof meter, "%s", err == OK ? row.meter : "");
            series_init(&series, &file.plan);
            last_ts = INT64_MIN;
            sum = 0;
            meters += err == OK;
        }
        if (err != OK)
            continue;
        assert_int_equal(series_take(&series, replay_row_instant(&file, &row, series_after(&series)), row.values, readings, &count), SERIES_TAKEN);
        assert_true(readings[0].ts_utc_ms > last_ts);
        last_ts = readings[0].ts_utc_ms;
        halves_on_change_day += last_ts > change_day && last_ts <= change_day + MS_PER_DAY;
        if (strcmp(meter, "10006414") == 0 && last_ts > change_day + MS_PER_HOUR && last_ts <= change_day + 4 * MS_PER_HOUR)
            assert_string_equal(row.values[0], night[(last_ts - change_day) / 1800000 - 3]);
        sum += readings[0].channels[0].value_wh;
    }
    assert_int_equal(meters, 50);
    assert_int_equal(halves_on_change_day, 2099);
    replay_file_close(&file);
    json_decref(expected);
}

static void test_mistakes_have_words(void **state)
{
    (void)state;
    char path[] = "/tmp/qw-csv-XXXXXX";
    struct fault fault;
    struct replay_file file;
    close(mkstemp(path));
    write_file(path, "t,v\n2024-01-01 00:00,1\n", false);
    struct options options = real_options(path);
    options.time = "t";
    options.column = "w";
    assert_int_equal(replay_file_open(&options, zone("UTC"), &fault, &file), ERR_INVALID);
    assert_non_null(strstr(fault.text, "no column w"));
    options.column = "v";
    options.channel = "1.8";
    assert_int_equal(replay_file_open(&options, zone("UTC"), &fault, &file), ERR_INVALID);
    options.channel = "1.8.0,2.8.0";
    assert_int_equal(replay_file_open(&options, zone("UTC"), &fault, &file), ERR_INVALID);
    options.channel = "1.8.0";
    options.kind = "interval";
    assert_int_equal(replay_file_open(&options, zone("UTC"), &fault, &file), ERR_INVALID);
    assert_non_null(strstr(fault.text, "step_s"));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_repeated_hour),
        cmocka_unit_test(test_interval_carries_its_rest),
        cmocka_unit_test(test_power_integrates_and_gaps_are_flat),
        cmocka_unit_test(test_registers_by_channel),
        cmocka_unit_test(test_order_settles_repeated_labels),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_uci_days),
        cmocka_unit_test(test_sgsc_sums),
        cmocka_unit_test(test_mistakes_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
