/*
 * Real meters through the whole path: five years of registers with a reset and rollbacks, a month of four registers with a hole, eight months of
 * half-hours with labels that a clock change wrote twice, a month of minutes. In order, and shuffled, they give the totals and the faults that the
 * data's own expected.json tells, and the same ledger to the byte. They are found by QW_SHARED, or in ../shared beside the repository.
 *
 *   pipeline_real [whole]      all homes of the half-hours, not three
 */
#include <setjmp.h>
#include <stdarg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include <jansson.h>
#include "base/civil.h"
#include "base/instant.h"
#include "energy/obis.h"
#include "meter/replay_file.h"
#include "tests/support/rig.h"
#include "tests/support/story.h"
#include "wire/device_json.h"

enum { BATCH = 200, METERS_MAX = 50 };

/* One set of data: where it is, how it is read, and the zone in which its days are counted. */
struct set {
    const char *folder, *file, *zone, *days_zone;
    const char *meter_column, *time, *column, *channel, *kind, *unit, *label, *order, *delimiter, *prefix;
    bool some; /* three homes are enough */
};
static const struct set sets[] = {
    {"nl_p1mon_1min", "p1mon_minutes_2024-02.csv.gz", "Europe/Amsterdam", "Europe/Amsterdam", "", "timestamp_local",
     "import_t1_kwh,import_t2_kwh,export_t1_kwh,export_t2_kwh", "1.8.1,1.8.2,2.8.1,2.8.2", "register", "kWh", "end", "", "", "", false},
    {"nl_toon_hourly_registers", "toon_registers_2018-2023.csv.gz", "UTC", "Europe/Amsterdam", "", "epoch_utc",
     "import_low_wh,import_normal_wh,export_low_wh,export_normal_wh", "1.8.1,1.8.2,2.8.1,2.8.2", "register", "Wh", "end", "", "", "", false},
    {"nl_toon_hourly_registers", "toon_registers_2018-2023.csv.gz", "UTC", "Europe/Amsterdam", "", "epoch_utc", "solar_wh", "1.8.0", "register", "Wh",
     "end", "", "", "", false},
    {"sgsc_50_halfhour", "sgsc_50_2012-09_2013-04.csv.gz", "Etc/GMT-10", "Etc/GMT-10", "customer_id", "reading_datetime", "general_supply_kwh",
     "1.8.0", "interval", "kWh", "start", "calendar_key", "", "h-", true},
    {"uci_household_1min", "household_power_consumption_34d.csv.gz", "Europe/Paris", "Europe/Paris", "", "Date,Time", "Global_active_power", "1.8.0",
     "power", "kW", "start", "", ";", "", false},
};
enum { P1, TOON, TOON_SOLAR, SGSC, UCI };

static bool whole;

struct line {
    char topic[64];
    char *reading; /* without seq: what is told twice elsewhere has no place here */
};
static struct line *lines;
static int line_count, meter_count;
static char meters[METERS_MAX][40];
static json_t *expected;

static bool shared_path(const char *folder, const char *file, char out[512])
{
    const char *root = getenv("QW_SHARED");
    struct stat info;
    snprintf(out, 512, "%s/data/%s/%s", root ? root : QW_SOURCE_ROOT "/../shared", folder, file);
    return stat(out, &info) == 0;
}

static void add_line(const char *meter, const struct reading *reading)
{
    struct buf text;
    if ((line_count & (line_count - 1)) == 0)
        lines = realloc(lines, (size_t)(line_count ? 2 * line_count : 1) * sizeof *lines);
    assert_non_null(lines);
    buf_init(&text, DEVICE_READING_MAX);
    device_reading_encode(&text, reading);
    struct line *line = &lines[line_count++];
    snprintf(line->topic, sizeof line->topic, "meters/%s/readings", meter);
    line->reading = strdup(text.data);
    buf_finish(&text);
}

static void take_rows(struct replay_file *file, const struct set *set)
{
    struct series series;
    struct replay_row row;
    struct fault fault;
    char meter[40] = "";
    while (replay_file_next(file, &fault, &row) == OK) {
        struct reading readings[2];
        char id[40];
        int count = 0;
        snprintf(id, sizeof id, "%s%.30s", set->prefix, set->meter_column[0] ? row.meter : "m");
        if (strcmp(id, meter) != 0) { /* files are sorted by meter */
            if (set->some && !whole && meter_count == 3)
                return;
            assert_true(meter_count < METERS_MAX);
            snprintf(meter, sizeof meter, "%s", id);
            snprintf(meters[meter_count++], sizeof meters[0], "%s", id);
            series_init(&series, &file->plan);
        }
        enum series_verdict verdict = series_take(&series, replay_row_instant(file, &row, series_after(&series)), row.values, readings, &count);
        assert_true(verdict == SERIES_TAKEN || verdict == SERIES_MISSING);
        for (int i = 0; i < count; i++) {
            readings[i].has_seq = false;
            add_line(meter, &readings[i]);
        }
    }
}

static void forget_set(void)
{
    for (int i = 0; i < line_count; i++)
        free(lines[i].reading);
    free(lines);
    lines = NULL;
    line_count = meter_count = 0;
    json_decref(expected);
    expected = NULL;
}

static void load_set(const struct set *set)
{
    char path[512], expected_path[512];
    struct fault fault;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    const struct zone *zone;
    struct replay_file file;
    if (!shared_path(set->folder, set->file, path) || !shared_path(set->folder, "expected.json", expected_path)) {
        zones_destroy(zones);
        print_message("real data are not here (QW_SHARED): skipped\n");
        skip();
    }
    struct options options = {.replay = path,
                              .meter = set->meter_column[0] ? "" : "m",
                              .meter_column = set->meter_column,
                              .time = set->time,
                              .column = set->column,
                              .channel = set->channel,
                              .kind = set->kind,
                              .unit = set->unit,
                              .label = set->label,
                              .tz = set->zone,
                              .delimiter = set->delimiter,
                              .time_format = "auto",
                              .speed = "max",
                              .order = set->order,
                              .power_column = "",
                              .voltage_column = "",
                              .prefix = ""};
    assert_int_equal(zones_get(zones, set->zone, &fault, &zone), OK);
    if (replay_file_open(&options, zone, &fault, &file) != OK)
        fail_msg("%s", fault.text);
    take_rows(&file, set);
    replay_file_close(&file);
    zones_destroy(zones);
    expected = json_load_file(expected_path, 0, NULL);
    assert_non_null(expected);
}

/* All lines in this order, in batches of one meter's readings; derived now and then. */
static void tell(struct rig *rig, const int *order)
{
    struct buf batch;
    buf_init(&batch, 1 << 20);
    for (int i = 0; i < line_count;) {
        const char *topic = lines[order[i]].topic;
        buf_reset(&batch);
        buf_str(&batch, "{\"readings\":[");
        for (int n = 0; n < BATCH && i < line_count && strcmp(lines[order[i]].topic, topic) == 0; n++, i++)
            buf_printf(&batch, "%s%s", n ? "," : "", lines[order[i]].reading);
        buf_str(&batch, "]}");
        rig_say_bytes(rig, topic, batch.data, batch.len);
        if (rig->said_count >= 50)
            rig_store(rig);
        if (i > line_count / 2 && i <= line_count / 2 + BATCH)
            rig_derive(rig);
    }
    buf_finish(&batch);
    rig_settle(rig);
    rig_settle(rig);
}

static void begin(struct rig *rig, const struct set *set)
{
    rig_open(rig);
    for (int i = 0; i < meter_count; i++)
        rig_meter(rig, meters[i], set->days_zone, 0);
}

/* ---- what came out ---- */

static int add_wh(int64_t meter_no, int32_t day, const struct energy_sum *sum, void *arg)
{
    (void)meter_no;
    (void)day;
    *(int64_t *)arg += sum->wh;
    return 0;
}

static int64_t total_wh(struct rig *rig, const char *meter, int32_t channel)
{
    int64_t wh = 0;
    assert_int_equal(facts_day_sums(rig->facts, rig_meter_no(rig, meter), channel, -1000000, 1000000, add_wh, &wh, NULL), OK);
    return wh;
}

struct judged {
    int64_t from_ms, until_ms;
    enum verdict verdict; /* VERDICT_ACCEPTED: any */
    int count;
};

static int count_judged(const struct judgement *judgement, void *arg)
{
    struct judged *judged = arg;
    judged->count += judged->verdict == VERDICT_ACCEPTED || judgement->verdict == judged->verdict;
    return 0;
}

/* Readings of a channel within [from, until) with this verdict. */
static int judged(struct rig *rig, int32_t channel, int64_t from_ms, int64_t until_ms, enum verdict verdict)
{
    struct judged it = {.verdict = verdict};
    assert_int_equal(facts_judgements(rig->facts, rig_meter_no(rig, "m"), channel, from_ms, until_ms, 1, 1000000, count_judged, &it, NULL), OK);
    return it.count;
}

static const struct zone *zone_of(struct rig *rig, const char *name)
{
    const struct zone *zone;
    assert_int_equal(zones_get(rig->zones, name, NULL, &zone), OK);
    return zone;
}

/* "2024-02-25 00:01:00" on that zone's clock */
static int64_t when(struct rig *rig, const char *zone, const json_t *text)
{
    struct stamp stamp;
    assert_true(stamp_parse(json_string_value(text), STAMP_ISO, &stamp));
    return stamp_instant(&stamp, zone_of(rig, zone), INT64_MIN);
}

static int64_t wh_of(const json_t *kwh)
{
    return llround(json_number_value(kwh) * 1000);
}

static int32_t channel_of(const char *column)
{
    static const struct {
        const char *column;
        int32_t channel;
    } known[] = {{"import_t1_kwh", OBIS(1, 8, 1)}, {"import_t2_kwh", OBIS(1, 8, 2)},    {"export_t1_kwh", OBIS(2, 8, 1)},
                 {"export_t2_kwh", OBIS(2, 8, 2)}, {"import_low_wh", OBIS(1, 8, 1)},    {"import_normal_wh", OBIS(1, 8, 2)},
                 {"export_low_wh", OBIS(2, 8, 1)}, {"export_normal_wh", OBIS(2, 8, 2)}, {"solar_wh", OBIS_IMPORT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].column, column) == 0)
            return known[i].channel;
    fail_msg("no channel for %s", column);
    return 0;
}

struct slots {
    int64_t from_ms, until_ms;
    int estimated, others;
};

static int count_slots(const struct day_row *row, void *arg)
{
    struct slots *slots = arg;
    for (int i = 0; i < row->day.slot_count; i++) {
        int64_t at = row->day.start_utc_ms + i * INT64_C(900000);
        if (at >= slots->from_ms && at + 900000 <= slots->until_ms)
            *(row->day.slots[i].quality == QUALITY_ESTIMATED ? &slots->estimated : &slots->others) += 1;
    }
    return 0;
}

/* Every rollback is set aside, steps are kept, and no other read is odd; the hole is filled with what the registers tell of it. */
static void check_p1(struct rig *rig)
{
    const char *column;
    const json_t *value, *row;
    size_t i;
    int all[2] = {0}; /* odd reads: those that the file tells of, and all */
    int64_t total = 0;
    json_object_foreach(json_object_get(expected, "last_minus_first_kwh"), column, value)
    {
        int64_t wh = wh_of(value);
        assert_int_equal(total_wh(rig, "m", channel_of(column)), wh);
        total += strncmp(column, "import", 6) == 0 ? wh : 0;
    }
    assert_int_equal(total_wh(rig, "m", OBIS_IMPORT), total);
    json_array_foreach(json_object_get(expected, "register_decreases"), i, row)
    {
        int32_t channel = channel_of(json_string_value(json_array_get(row, 0)));
        int64_t from_ms = when(rig, "Europe/Amsterdam", json_array_get(row, 1)), until_ms = when(rig, "Europe/Amsterdam", json_array_get(row, 3));
        /* The longest run that never goes back is used: either side of the step may hold the odd reads, near it. */
        all[0] += judged(rig, channel, from_ms - RIG_HOUR, until_ms + RIG_HOUR, VERDICT_TRANSIENT);
        assert_true(judged(rig, channel, from_ms - RIG_HOUR, until_ms + RIG_HOUR, VERDICT_TRANSIENT) > 0);
    }
    json_array_foreach(json_object_get(expected, "large_steps"), i, row)
    {
        /* From 2 kWh on a step is looked at, and a minute of this service carries 1.15. */
        bool looked_at = wh_of(json_array_get(row, 4)) - wh_of(json_array_get(row, 2)) >= 2000;
        int64_t at_ms = when(rig, "Europe/Amsterdam", json_array_get(row, 3));
        int caught_up = judged(rig, channel_of(json_string_value(json_array_get(row, 0))), at_ms, at_ms + 1, VERDICT_CATCH_UP);
        assert_int_equal(caught_up, looked_at);
        all[0] += caught_up;
    }
    for (int c = 0; c < 2; c++)
        for (int t = 1; t <= 2; t++)
            all[1] += judged(rig, OBIS(1 + c, 8, t), INT64_MIN, INT64_MAX, VERDICT_ACCEPTED);
    assert_int_equal(all[0], all[1]); /* and nothing else */
    row = json_array_get(json_object_get(expected, "label_gaps(from,to,minutes)"), 0);
    struct slots slots = {when(rig, "Europe/Amsterdam", json_array_get(row, 0)), when(rig, "Europe/Amsterdam", json_array_get(row, 1)), 0, 0};
    assert_int_equal(facts_days(rig->facts, rig_meter_no(rig, "m"), OBIS_IMPORT, -1000000, 1000000, count_slots, &slots, NULL), OK);
    assert_int_equal(slots.others, 0);
    assert_int_equal(slots.estimated, 43); /* whole quarter-hours of 669 minutes */
}

static const json_t *register_of(const char *column)
{
    return json_object_get(json_object_get(expected, "registers"), column);
}

/* The registers that only rise, to the Wh; what leapt by more than the service carries is kept, and says so. */
static void check_toon(struct rig *rig)
{
    static const char *const columns[] = {"import_low_wh", "import_normal_wh", "export_low_wh", "export_normal_wh"};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const json_t *steps = json_object_get(register_of(columns[c]), "steps_over_20kWh"), *step;
        size_t i;
        int32_t channel = channel_of(columns[c]);
        assert_int_equal(json_array_size(json_object_get(register_of(columns[c]), "decreases")), 0);
        assert_int_equal(total_wh(rig, "m", channel), json_number_value(json_object_get(register_of(columns[c]), "sum_of_nonnegative_steps_wh")));
        assert_int_equal(judged(rig, channel, INT64_MIN, INT64_MAX, VERDICT_ACCEPTED), json_array_size(steps));
        json_array_foreach(steps, i, step)
        {
            int64_t at_ms = when(rig, "UTC", json_array_get(step, 2));
            assert_int_equal(judged(rig, channel, at_ms, at_ms + 1, VERDICT_CATCH_UP), 1);
        }
    }
}

/* A counter that began anew, and eleven small steps back: energy before and after is exact, and each of them is told. */
static void check_solar(struct rig *rig)
{
    const json_t *decreases = json_object_get(register_of("solar_wh"), "decreases"), *step;
    size_t i;
    int resets = 0, backs = 0;
    int64_t first_wh = (int64_t)json_number_value(json_array_get(json_object_get(register_of("solar_wh"), "first"), 1));
    int64_t last_wh = (int64_t)json_number_value(json_array_get(json_object_get(register_of("solar_wh"), "last"), 1)), before_wh = 0, after_wh = 0;
    json_array_foreach(decreases, i, step)
    {
        int64_t from_ms = when(rig, "UTC", json_array_get(step, 0)), until_ms = when(rig, "UTC", json_array_get(step, 2));
        int64_t from_wh = (int64_t)json_number_value(json_array_get(step, 1)), until_wh = (int64_t)json_number_value(json_array_get(step, 3));
        if (from_wh - until_wh > 10000) {
            assert_int_equal(judged(rig, OBIS_IMPORT, until_ms, until_ms + 1, VERDICT_RESET), 1);
            before_wh = from_wh;
            after_wh = until_wh;
            resets++;
        } else {
            /* some reads on one side of it are set aside, until the register is where it was */
            assert_true(judged(rig, OBIS_IMPORT, from_ms - RIG_DAY, until_ms + RIG_DAY, VERDICT_TRANSIENT) > 0);
            backs++;
        }
    }
    assert_int_equal(resets, 1);
    assert_int_equal(backs, 11);
    assert_int_equal(judged(rig, OBIS_IMPORT, INT64_MIN, INT64_MAX, VERDICT_RESET), 1);
    int64_t known_wh = before_wh - first_wh + last_wh - after_wh, total = total_wh(rig, "m", OBIS_IMPORT);
    assert_in_range(total, known_wh, known_wh + 5000); /* and what ten hours of a January night may have brought */
}

static void check_sgsc(struct rig *rig)
{
    int64_t total = 0;
    for (int i = 0; i < meter_count; i++) {
        int64_t wh = total_wh(rig, meters[i], OBIS_IMPORT);
        assert_int_equal(wh, wh_of(json_object_get(json_object_get(expected, "kwh_per_meter"), meters[i] + 2)));
        total += wh;
    }
    if (whole)
        assert_int_equal(total, wh_of(json_object_get(expected, "kwh_total")));
    /* The day of the clock change: half-hours whose labels stand there twice are two. */
    struct day day = rig_day(rig, meters[0], "2012-10-07");
    assert_int_equal(day.slot_count, 96);
    for (int i = 0; i < 96; i++)
        assert_int_equal(day.slots[i].quality, QUALITY_MEASURED);
}

struct days {
    int days;
    int64_t exact_mwh; /* of the days before, by the file */
};

static int check_day(int64_t meter_no, int32_t local_day, const struct energy_sum *sum, void *arg)
{
    struct days *days = arg;
    char date[CIVIL_TEXT_SIZE];
    (void)meter_no;
    civil_format(local_day, date);
    const json_t *kwh = json_object_get(json_object_get(expected, "energy_kwh_by_day"), date);
    assert_non_null(kwh);
    int64_t before_wh = (days->exact_mwh + 2) / 1000;
    days->exact_mwh += llround(json_number_value(kwh) * 1e6);
    assert_in_range(sum->wh, (days->exact_mwh - 2) / 1000 - before_wh - 1,
                    (days->exact_mwh + 2) / 1000 - before_wh + 1); /* rounded to the mWh there */
    days->days++;
    return 0;
}

static void check_uci(struct rig *rig)
{
    struct days days = {0};
    assert_int_equal(facts_day_sums(rig->facts, rig_meter_no(rig, "m"), OBIS_IMPORT, -1000000, 1000000, check_day, &days, NULL), OK);
    assert_int_equal(days.days, json_object_size(json_object_get(expected, "energy_kwh_by_day")));
    int64_t total = total_wh(rig, "m", OBIS_IMPORT);
    assert_int_equal(total, (int64_t)(json_number_value(json_object_get(expected, "energy_kwh_total(sum kW/60, missing skipped)")) * 1000));
}

static void hold(struct rig *rig, const struct buf *in_order)
{
    struct buf got;
    buf_init(&got, 512 << 20);
    rig_derived(rig, &got);
    size_t at = 0;
    while (at < got.len && at < in_order->len && got.data[at] == in_order->data[at])
        at++;
    if (at < got.len || at < in_order->len) {
        while (at > 0 && got.data[at - 1] != '\n')
            at--;
        fail_msg("in order:\n%.400s\nshuffled:\n%.400s", in_order->data + at, got.data + at);
    }
    buf_finish(&got);
}

static void both_ways(int set, void (*check)(struct rig *rig))
{
    struct rig rig;
    struct buf in_order;
    struct dice d = dice_of(7, (unsigned)set);
    forget_set();
    load_set(&sets[set]);
    int *order = malloc((size_t)line_count * sizeof *order);
    assert_non_null(order);
    for (int i = 0; i < line_count; i++)
        order[i] = i;
    begin(&rig, &sets[set]);
    tell(&rig, order);
    check(&rig);
    buf_init(&in_order, 512 << 20);
    rig_derived(&rig, &in_order);
    rig_close(&rig);
    /* Within a meter any order; meters one after the other, so that batches are as large. */
    for (int from = 0, until; from < line_count; from = until) {
        for (until = from; until < line_count && strcmp(lines[until].topic, lines[from].topic) == 0; until++)
            ;
        for (int i = until - 1; i > from; i--) {
            int j = from + dice(&d, i - from + 1), swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
    begin(&rig, &sets[set]);
    tell(&rig, order);
    check(&rig);
    hold(&rig, &in_order);
    rig_close(&rig);
    buf_finish(&in_order);
    free(order);
    forget_set();
}

static void four_registers_by_the_minute(void **state)
{
    (void)state;
    both_ways(P1, check_p1);
}

static void five_years_of_registers(void **state)
{
    (void)state;
    both_ways(TOON, check_toon);
}

static void a_counter_that_began_anew(void **state)
{
    (void)state;
    both_ways(TOON_SOLAR, check_solar);
}

static void half_hours_of_homes(void **state)
{
    (void)state;
    both_ways(SGSC, check_sgsc);
}

static void a_month_of_minutes(void **state)
{
    (void)state;
    both_ways(UCI, check_uci);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_registers_by_the_minute), cmocka_unit_test(five_years_of_registers), cmocka_unit_test(a_counter_that_began_anew),
        cmocka_unit_test(half_hours_of_homes),          cmocka_unit_test(a_month_of_minutes),
    };
    whole = argc > 1 && strcmp(argv[1], "whole") == 0;
    return cmocka_run_group_tests_name("pipeline_real", tests, NULL, NULL);
}
