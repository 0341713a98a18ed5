/* NEM12: what each record means, what is wrong with a broken file, and the sums of real samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include "base/instant.h"
#include "energy/obis.h"
#include "wire/nem12.h"

struct found {
    char nmi[NEM12_NMI_SIZE], suffix[NEM12_SUFFIX_SIZE];
    int32_t channel;
    int interval_s;
    int64_t days, intervals, sum_micro, sum_wh;
    int letters[128];
};

struct file {
    int count;
    struct found found[16];
    struct nem12_day last;
};

static void take(const struct nem12_day *day, void *arg)
{
    struct file *file = arg;
    struct found *found = file->found;
    while (found < file->found + file->count && (strcmp(found->nmi, day->nmi) != 0 || strcmp(found->suffix, day->suffix) != 0))
        found++;
    if (found == file->found + file->count)
        file->count++;
    strcpy(found->nmi, day->nmi);
    strcpy(found->suffix, day->suffix);
    found->channel = nem12_channel(day);
    found->interval_s = day->interval_s;
    found->days++;
    for (int i = 0; i < day->count; i++) {
        found->intervals += !day->intervals[i].missing;
        found->sum_micro += day->intervals[i].value_micro;
        found->sum_wh += day->intervals[i].wh;
        found->letters[(int)day->intervals[i].quality]++;
    }
    file->last = *day;
}

static enum err read_text(const char *text, struct file *out, struct fault *fault)
{
    struct nem12 nem12 = {0};
    memset(out, 0, sizeof *out);
    while (*text) {
        size_t len = strcspn(text, "\n");
        enum err err = nem12_line(&nem12, text, len, take, out, fault);
        if (err != OK)
            return err;
        text += len + (text[len] == '\n');
    }
    return nem12_end(&nem12, fault);
}

#define HEAD "100,NEM12,200404201300,MDA1,Ret1\n"
#define STREAM(suffix, config, unit) "200,NMI1," config ",1," suffix ",N1,SER," unit ",30,\n"
#define EIGHT(v) v "," v "," v "," v "," v "," v "," v "," v ","
#define DAY(v) EIGHT(v) EIGHT(v) EIGHT(v) EIGHT(v) EIGHT(v) EIGHT(v)

static void a_day_is_market_time_and_carries_what_is_below_a_watt_hour(void **state)
{
    struct file file;
    (void)state;
    assert_int_equal(read_text(HEAD STREAM("E1", "E1", "KWH") "300,20040417," DAY(".0005") "A,,,,\n900\n", &file, NULL), OK);
    assert_int_equal(file.last.start_utc_ms, INT64_C(1082124000000)); /* 2004-04-16T14:00:00Z */
    assert_int_equal(file.found[0].channel, OBIS_IMPORT);
    assert_int_equal(file.found[0].sum_wh, 24);
    assert_int_equal(file.last.intervals[0].wh, 0);
    assert_int_equal(file.last.intervals[1].wh, 1);
}

static void qualities_by_range(void **state)
{
    struct file file;
    (void)state;
    assert_int_equal(read_text(HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("1") "V,,,,\n400,1,20,F14,76,\n400,21,24,A,,\n400,25,47,S14,1,\n"
                                                                                       "400,48,48,N,,\n500,O,S1,20040417,\n900\n",
                               &file, NULL),
                     OK);
    assert_int_equal(file.found[0].letters['F'], 20);
    assert_int_equal(file.found[0].letters['A'], 4);
    assert_int_equal(file.found[0].letters['S'], 23);
    assert_int_equal(file.found[0].intervals, 47);
    assert_true(file.last.intervals[47].missing);
}

static void channels_by_suffix(void **state)
{
    static const struct {
        const char *suffix, *configuration;
        int32_t channel;
    } rows[] = {{"E1", "E1B1Q1K1", OBIS(1, 8, 0)}, {"E2", "E1E2", OBIS(1, 8, 2)}, {"B1", "B1E1E2", OBIS(2, 8, 0)},
                {"Q1", "Q1", OBIS(3, 8, 0)},       {"K2", "K1K2", OBIS(4, 8, 2)}, {"V1", "E1V1", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct nem12_day day = {.unit_wh = 1};
        strcpy(day.suffix, rows[i].suffix);
        strcpy(day.configuration, rows[i].configuration);
        assert_int_equal(nem12_channel(&day), rows[i].channel);
    }
}

static void broken_files_name_line_and_field(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"200,NMI1,E1\n", "line 1, field 1"},
        {"100,NEM13\n", "line 1, field 2"},
        {HEAD "300,20040417,1\n", "line 2, field 1"},
        {HEAD "200,N,E1,1,E1,N1,S,kWh,7,\n", "line 2, field 9"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040231," DAY("1") "A\n", "line 3, field 2"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417,1,2,3,A\n", "line 3, field 51"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("x") "A\n", "line 3, field 3"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("-1") "A\n", "line 3, field 3"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("1") "V\n400,1,47,A\n900\n", "interval 48"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("1") "V\n400,9,49,A\n", "line 4, field 3"},
        {HEAD "777\n", "line 2, field 1"},
        {HEAD STREAM("E1", "E1", "kWh") "300,20040417," DAY("1") "A\n", "900"},
    };
    struct file file;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fault fault = {0};
        assert_int_equal(read_text(rows[i].text, &file, &fault), ERR_INVALID);
        if (!strstr(fault.text, rows[i].words))
            fail_msg("%s: expected in '%s'", rows[i].words, fault.text);
    }
}

static char *slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 4u << 20);
    if (!file || !text)
        return free(text), NULL;
    size_t len = fread(text, 1, (4u << 20) - 1, file);
    text[len] = '\0';
    fclose(file);
    return text;
}

static void samples_give_their_sums(void **state)
{
    const char *shared = getenv("QW_SHARED") ? getenv("QW_SHARED") : QW_SOURCE_ROOT "/../shared";
    char path[4096];
    size_t i, c;
    json_t *sample, *wanted;
    (void)state;
    snprintf(path, sizeof path, "%s/nem12/expected.json", shared);
    json_t *all = json_load_file(path, 0, NULL);
    if (!all) {
        print_message("there are no NEM12 samples at %s\n", path);
        skip();
    }
    json_array_foreach(all, i, sample)
    {
        struct file file;
        struct fault fault = {0};
        json_t *channels = json_object_get(json_object_get(sample, "expected"), "channels");
        snprintf(path, sizeof path, "%s/nem12/%s", shared, json_string_value(json_object_get(sample, "file")));
        char *text = slurp(path);
        assert_non_null(text);
        if (read_text(text, &file, &fault) != OK)
            fail_msg("%s: %s", path, fault.text);
        assert_int_equal(file.count, json_array_size(channels));
        json_array_foreach(channels, c, wanted)
        {
            const struct found *found = file.found;
            while (strcmp(found->nmi, json_string_value(json_object_get(wanted, "nmi"))) != 0 ||
                   strcmp(found->suffix, json_string_value(json_object_get(wanted, "suffix"))) != 0)
                assert_true(++found < file.found + file.count);
            assert_int_equal(found->days, json_integer_value(json_object_get(wanted, "days")));
            assert_int_equal(found->intervals, json_integer_value(json_object_get(wanted, "intervals")));
            assert_int_equal(found->interval_s, 60 * json_integer_value(json_object_get(wanted, "interval_min")));
            assert_int_equal(found->sum_micro, (int64_t)(json_number_value(json_object_get(wanted, "sum")) * 1e6 + 0.5));
        }
        free(text);
    }
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_market_time_and_carries_what_is_below_a_watt_hour),
        cmocka_unit_test(qualities_by_range),
        cmocka_unit_test(channels_by_suffix),
        cmocka_unit_test(broken_files_name_line_and_field),
        cmocka_unit_test(samples_give_their_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
