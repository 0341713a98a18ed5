/* Channels' names, and the quarter-hours of a local day: how many, packed and summed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/zone.h"
#include "energy/obis.h"
#include "energy/quarter.h"

/* The machine's own tz database: the days below are those on which clocks moved. */
static struct zone *zone_of(const char *name)
{
    char path[128];
    static unsigned char bytes[65536];
    struct zone *zone = NULL;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        skip();
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(zone_create(name, bytes, len, NULL, &zone), OK);
    return zone;
}

static void obis_codes(void **state)
{
    static const struct {
        const char *text;
        int32_t channel; /* 0: refused */
    } rows[] = {
        {"1.8.0", 10800}, {"2.8.0", 20800}, {"1.8.1", 10801}, {"99.99.99", 999999}, {"3.8.0", 30800}, {"1.0.0", 10000}, {"0.8.0", 0}, {"01.8.0", 0},
        {"1.08.0", 0},    {"1.8", 0},       {"1.8.0.", 0},    {"1.8.0.1", 0},       {"100.8.0", 0},   {"1.8.100", 0},   {"", 0},      {"1..0", 0},
        {" 1.8.0", 0},    {"1.8.-1", 0},    {"1.8.0 ", 0},    {"a.b.c", 0},         {"1,8,0", 0},     {".8.0", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t channel = -7;
        char text[OBIS_TEXT_SIZE];
        bool good = obis_parse(rows[i].text, &channel);
        if (good != (rows[i].channel != 0))
            fail_msg("%s", rows[i].text);
        assert_int_equal(channel, good ? rows[i].channel : -7);
        if (!good)
            continue;
        obis_format(channel, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void days_of_a_zone(void **state)
{
    static const struct {
        const char *zone, *day;
        int slots;
    } rows[] = {
        {"America/Sao_Paulo", "2026-11-22", 96},
        {"America/Sao_Paulo", "2018-11-04", 92},  /* midnight itself was skipped */
        {"America/Sao_Paulo", "2018-02-17", 100}, /* the hour before midnight came twice */
        {"Europe/Paris", "2026-03-29", 92},
        {"Europe/Paris", "2026-10-25", 100},
        {"Australia/Lord_Howe", "2026-04-05", 98}, /* half an hour */
        {"Australia/Lord_Howe", "2026-10-04", 94},
        {"Asia/Kathmandu", "2026-11-22", 96}, /* +05:45: quarter-hours of UTC are its own too */
        {"Pacific/Apia", "2011-12-30", 0},    /* a day that never was */
        {"UTC", "2026-11-22", 96},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct zone *zone = zone_of(rows[i].zone);
        struct day day;
        int32_t number;
        assert_true(civil_parse(rows[i].day, &number));
        int64_t from = zone_midnight_utc_ms(zone, number), until = zone_midnight_utc_ms(zone, number + 1);
        day_init(&day, number, from, until);
        assert_true(day_is_empty(&day));
        if (day.slot_count != rows[i].slots)
            fail_msg("%s %s: %d slots, %d expected", rows[i].zone, rows[i].day, day.slot_count, rows[i].slots);
        assert_int_equal(day.local_day, number);
        assert_int_equal(day.start_utc_ms % QUARTER_MS, 0);
        assert_true(day.start_utc_ms >= from);
        for (int s = 0; s < DAY_SLOTS_MAX; s++)
            assert_true(day.slots[s].wh == 0 && day.slots[s].quality == QUALITY_MISSING);
        day.slots[0].quality = QUALITY_PARTIAL;
        assert_int_equal(day_is_empty(&day), day.slot_count == 0); /* a day that a zone left out has none */
        zone_destroy(zone);
    }
}

/* Consecutive days tile time: no quarter-hour is lost or stands in two days, for three years of several zones. */
static void days_tile_time(void **state)
{
    static const char *const zones[] = {"America/Sao_Paulo", "Europe/Paris",    "Australia/Lord_Howe", "Asia/Kathmandu",
                                        "Pacific/Apia",      "Africa/Monrovia", "Asia/Tehran"};
    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct zone *zone = zone_of(zones[z]);
        int64_t past = INT64_MIN;
        for (int32_t number = civil_to_day((struct civil){2010, 1, 1}); number < civil_to_day((struct civil){2013, 1, 1}); number++) {
            struct day day;
            day_init(&day, number, zone_midnight_utc_ms(zone, number), zone_midnight_utc_ms(zone, number + 1));
            if (past != INT64_MIN)
                assert_int_equal(day.start_utc_ms, past);
            past = day.start_utc_ms + day.slot_count * QUARTER_MS;
        }
        zone_destroy(zone);
    }
}

/* In local mean time midnights are no quarter-hours of UTC: a slot belongs to the day that holds its start. */
static void midnight_between_quarters(void **state)
{
    struct day day;
    (void)state;
    day_init(&day, 5, 60 * MS_PER_S, MS_PER_DAY + 60 * MS_PER_S);
    assert_int_equal(day.start_utc_ms, QUARTER_MS);
    assert_int_equal(day.slot_count, 96);
    day_init(&day, 5, -60 * MS_PER_S, MS_PER_DAY - 60 * MS_PER_S);
    assert_int_equal(day.start_utc_ms, 0);
    assert_int_equal(day.slot_count, 96);
    day_init(&day, 5, 0, 60 * MS_PER_DAY); /* nonsense stays within the array */
    assert_int_equal(day.slot_count, DAY_SLOTS_MAX);
    day_init(&day, 5, MS_PER_DAY, 0);
    assert_int_equal(day.slot_count, 0);
}

static void pack_round_trip(void **state)
{
    static const int64_t odd[] = {0, 1, -1, 63, 64, -64, -65, 127, 128, 300, -300, INT64_C(9007199254740991), INT64_MAX, INT64_MIN};
    unsigned char packed[DAY_PACKED_MAX];
    (void)state;
    for (int count = 0; count <= DAY_SLOTS_MAX; count += 4) {
        struct day day, back;
        memset(&day, 0, sizeof day);
        day.slot_count = count;
        for (int i = 0; i < count; i++) {
            day.slots[i].quality = (enum quality)(i % 5);
            day.slots[i].wh = day.slots[i].quality == QUALITY_MISSING ? 0 : odd[(size_t)i % (sizeof odd / sizeof odd[0])];
        }
        memset(&back, 0, sizeof back);
        back.slot_count = count;
        size_t len = day_pack(&day, packed);
        assert_true(len <= DAY_PACKED_MAX);
        assert_true(day_unpack(packed, len, &back));
        assert_memory_equal(day.slots, back.slots, sizeof day.slots);
        if (count == 0)
            continue;
        for (size_t cut = 0; cut < len; cut++) /* every shorter text is damage */
            assert_false(day_unpack(packed, cut, &back));
        packed[len] = 0;
        assert_false(day_unpack(packed, len + 1, &back)); /* and so is a longer one */
    }
}

static void unpack_refuses_damage(void **state)
{
    struct day day = {.slot_count = 1};
    static const unsigned char endless[] = {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
    static const unsigned char quality[] = {5, 1};
    (void)state;
    assert_false(day_unpack(endless, sizeof endless, &day));
    assert_false(day_unpack(quality, sizeof quality, &day));
    assert_false(day_unpack((const unsigned char *)"", 0, &day));
}

static void sums_and_their_quality(void **state)
{
    static const struct {
        int measured, estimated, partial, missing, edited;
        enum quality quality;
    } rows[] = {
        {0, 0, 0, 0, 0, QUALITY_MISSING}, {0, 0, 0, 4, 0, QUALITY_MISSING},   {4, 0, 0, 0, 0, QUALITY_MEASURED},  {4, 0, 0, 1, 0, QUALITY_PARTIAL},
        {4, 0, 1, 0, 0, QUALITY_PARTIAL}, {4, 1, 0, 0, 0, QUALITY_ESTIMATED}, {4, 1, 0, 0, 1, QUALITY_ESTIMATED}, {4, 0, 0, 0, 1, QUALITY_EDITED},
        {0, 1, 0, 1, 0, QUALITY_PARTIAL}, {0, 0, 0, 0, 2, QUALITY_EDITED},
    };
    struct day day;
    struct energy_sum sum = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct energy_sum one = {1, rows[i].measured, rows[i].estimated, rows[i].partial, rows[i].missing, rows[i].edited};
        assert_int_equal(energy_sum_quality(&one), rows[i].quality);
    }
    day_init(&day, 0, 0, MS_PER_DAY);
    for (int i = 0; i < 5; i++)
        day.slots[i] = (struct slot){10 * i, (enum quality)i};
    energy_sum_slots(&day, -3, 1000, &sum); /* the caller may clamp; we do */
    assert_int_equal(sum.wh, 0 + 10 + 20 + 30 + 40);
    assert_int_equal(sum.missing, 1 + 91);
    assert_int_equal(sum.measured, 1);
    assert_int_equal(sum.estimated, 1);
    assert_int_equal(sum.partial, 1);
    assert_int_equal(sum.edited, 1);
    energy_sum_slots(&day, 1, 3, &sum); /* it adds */
    assert_int_equal(sum.wh, 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obis_codes),
        cmocka_unit_test(days_of_a_zone),
        cmocka_unit_test(days_tile_time),
        cmocka_unit_test(midnight_between_quarters),
        cmocka_unit_test(pack_round_trip),
        cmocka_unit_test(unpack_refuses_damage),
        cmocka_unit_test(sums_and_their_quality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
