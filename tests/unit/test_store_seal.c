/* Packing a day's facts: what goes in comes out to the bit, whatever it is; what is damaged is an error, never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "store/sqlite/electrical.h"
#include "store/sqlite/seal_pack.h"

static uint64_t state = 7;
static uint64_t rnd(uint64_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return below ? (state >> 20) % below : state;
}

/* Numbers of all sizes, the ends of their range among them. */
static int64_t any_number(void)
{
    switch (rnd(6)) {
    case 0:
        return INT64_MIN + (int64_t)rnd(3);
    case 1:
        return INT64_MAX - (int64_t)rnd(3);
    case 2:
        return (int64_t)rnd(0);
    case 3:
        return -(int64_t)rnd(1000);
    default:
        return (int64_t)rnd(100000);
    }
}

static void wild_day(struct sealed_facts *day, size_t count)
{
    unsigned char bytes[255];
    struct fault fault = {0};
    for (size_t i = 0; i < count; i++) {
        struct sealed_fact fact = {.ts_utc_ms = any_number(), .value_wh = any_number(), .received_lag_ms = any_number(), .boot_no = any_number()};
        fact.channel = (int32_t)(rnd(3) ? 10800 + rnd(120) : rnd(0));
        fact.kind = (int32_t)rnd(2);
        fact.length_s = (int32_t)rnd(0);
        fact.flags = (uint32_t)rnd(0);
        fact.has_seq = rnd(2);
        fact.seq = fact.has_seq ? any_number() : 0;
        fact.has_power = rnd(2);
        fact.power_w = fact.has_power ? any_number() : 0;
        fact.electrical_len = (unsigned char)(rnd(3) ? 0 : rnd(256));
        for (int j = 0; j < fact.electrical_len; j++)
            bytes[j] = (unsigned char)rnd(256);
        assert_int_equal(sealed_facts_add(day, &fact, bytes, &fault), OK);
    }
}

static struct buf packed_of(const struct sealed_facts *day)
{
    struct buf packed;
    struct fault fault = {0};
    buf_init(&packed, 16 << 20);
    assert_int_equal(seal_pack(day, &fault, &packed), OK);
    return packed;
}

static void what_goes_in_comes_out(void **unused)
{
    struct sealed_facts day = {0}, again = {0};
    struct fault fault = {0};
    (void)unused;
    for (int round = 0; round < 200; round++) {
        sealed_facts_clear(&day);
        wild_day(&day, round < 3 ? (size_t)round : (size_t)rnd(400));
        struct buf packed = packed_of(&day);
        assert_int_equal(seal_unpack(packed.data, packed.len, &fault, &again), OK);
        assert_true(sealed_facts_equal(&day, &again));
        if (day.count) {
            again.facts[rnd(day.count)].value_wh ^= 1;
            assert_false(sealed_facts_equal(&day, &again));
        }
        buf_finish(&packed);
    }
    sealed_facts_finish(&day);
    sealed_facts_finish(&again);
}

/* A quarter-hour meter that says power and voltage, received over a network that is now quick, now slow. */
static void an_ordinary_day_is_small(void **unused)
{
    struct sealed_facts day = {0};
    struct fault fault = {0};
    (void)unused;
    for (int i = 0; i < 96; i++) {
        uint32_t mv = 218000 + (uint32_t)rnd(60) * 100;
        unsigned char volts[] = {1, 1, (unsigned char)mv, (unsigned char)(mv >> 8), (unsigned char)(mv >> 16), 0};
        struct sealed_fact fact = {.ts_utc_ms = 1795348800000 + i * 900000,
                                   .value_wh = 5000000 + i * 120 + (int64_t)rnd(90),
                                   .received_lag_ms = 100 + (int64_t)rnd(400),
                                   .boot_no = 3,
                                   .has_seq = true,
                                   .seq = 500 + i,
                                   .has_power = true,
                                   .power_w = 200 + (int64_t)rnd(1500),
                                   .channel = 10800,
                                   .electrical_len = sizeof volts};
        assert_int_equal(sealed_facts_add(&day, &fact, volts, &fault), OK);
    }
    struct buf packed = packed_of(&day);
    print_message("%zu bytes for 96 readings\n", packed.len);
    assert_in_range(packed.len, 1, 96 * 10);
    buf_finish(&packed);
    sealed_facts_finish(&day);
}

static void damage_is_an_error(void **unused)
{
    struct sealed_facts day = {0}, again = {0};
    (void)unused;
    wild_day(&day, 60);
    struct buf packed = packed_of(&day);
    for (int round = 0; round < 3000; round++) {
        struct fault fault = {0};
        unsigned char *damaged = malloc(packed.len);
        size_t len = rnd(4) ? packed.len : rnd(packed.len);
        memcpy(damaged, packed.data, packed.len);
        damaged[rnd(4) ? rnd(packed.len) : rnd(12)] ^= (unsigned char)(1 + rnd(255));
        enum err err = seal_unpack(damaged, len, &fault, &again);
        if (err == OK) /* bits that mean nothing to zlib */
            assert_true(sealed_facts_equal(&day, &again));
        else
            assert_true(err == ERR_FATAL && strstr(fault.text, "damaged") && again.count == 0);
        free(damaged);
    }
    buf_finish(&packed);
    sealed_facts_finish(&day);
    sealed_facts_finish(&again);
}

/* ---- electrical values ---- */

static bool same_phases(const struct phases *a, const struct phases *b)
{
    return a->count == b->count && memcmp(a->value, b->value, (size_t)a->count * sizeof a->value[0]) == 0;
}

static void some_phases(struct phases *phases)
{
    phases->count = (int)rnd(READING_PHASES_MAX + 1);
    for (int i = 0; i < phases->count; i++)
        phases->value[i] = rnd(2) ? (int32_t)rnd(4000) * 100 : (int32_t)rnd(0);
}

static void electrical_values_come_back(void **unused)
{
    unsigned char bytes[ELECTRICAL_MAX];
    (void)unused;
    for (int round = 0; round < 5000; round++) {
        struct reading said = {0}, read = {0};
        some_phases(&said.voltage_mv);
        some_phases(&said.current_ma);
        some_phases(&said.power_factor_milli);
        said.frequency_mhz = rnd(2) ? (int32_t)rnd(70000) : 0;
        size_t len = electrical_pack(&said, bytes);
        assert_in_range(len, 0, ELECTRICAL_MAX);
        electrical_unpack(bytes, len, &read);
        assert_true(same_phases(&said.voltage_mv, &read.voltage_mv) && same_phases(&said.current_ma, &read.current_ma));
        assert_true(same_phases(&said.power_factor_milli, &read.power_factor_milli) && said.frequency_mhz == read.frequency_mhz);
        if (len > 0) { /* damaged or cut: no crash */
            bytes[rnd(len)] ^= (unsigned char)rnd(256);
            electrical_unpack(bytes, rnd(len + 1), &read);
        }
    }
}

static void electrical_values_of_old_are_read(void **unused)
{
    static const unsigned char old[] = {1, 1, 0xE4, 0x5E, 3, 0, 2, 2, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0, 4, 1, 0x60, 0xEA, 0, 0};
    struct reading read = {0};
    (void)unused;
    electrical_unpack(old, sizeof old, &read);
    assert_true(read.voltage_mv.count == 1 && read.voltage_mv.value[0] == 220900);
    assert_true(read.current_ma.count == 2 && read.current_ma.value[0] == -1 && read.current_ma.value[1] == 7);
    assert_int_equal(read.frequency_mhz, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),      cmocka_unit_test(an_ordinary_day_is_small),          cmocka_unit_test(damage_is_an_error),
        cmocka_unit_test(electrical_values_come_back), cmocka_unit_test(electrical_values_of_old_are_read),
    };
    return cmocka_run_group_tests_name("store_seal", tests, NULL, NULL);
}
