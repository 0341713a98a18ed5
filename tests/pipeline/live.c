/*
 * The fast path of readings in order (ingestor/stages/live.h) makes what the whole derivation makes: streams that a household might send, derived as
 * they come, against the same readings stored at once and derived once.
 *
 *   pipeline_live [SEEDS]      so many streams (12)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "tests/support/rig.h"

#define READS_MAX 1200

static const char tariff[] = "{\"schema\":\"tariff/1\",\"id\":\"t\",\"currency\":\"BRL\",\"versions\":[{\"from\":\"2020-01-01\",\"charges\":["
                             "{\"id\":\"energy\",\"kind\":\"energy\",\"tiers\":[[100,\"0.5\"],[null,\"0.75\"]]},"
                             "{\"id\":\"standing\",\"kind\":\"fixed\",\"per\":\"day\",\"amount\":\"0.40\"}]}]}";
static const char *const zones[] = {"America/Sao_Paulo", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"};
static int seeds = 12;

static unsigned state_of_random;
static int rnd(int below)
{
    state_of_random = state_of_random * 1664525u + 1013904223u;
    return (int)((uint64_t)state_of_random * (unsigned)below >> 32);
}

struct said {
    int64_t at_ms; /* when it is said */
    char payload[200];
};
static struct said stream[READS_MAX];
static int count, declared_s, zone;

/* In order but for a late one now and then; a usual step with jitter, holes short and long, coarse registers, now and then something odd. */
static void make_stream(int seed)
{
    int64_t ts = RIG_NOW, wh = 5000000, out_wh = 100;
    state_of_random = (unsigned)seed * 2654435761u;
    int step_s = (int[]){60, 300, 900, 1800}[rnd(4)], odd = rnd(3), two_channels = rnd(2);
    count = 200 + rnd(READS_MAX - 200);
    declared_s = rnd(2) ? step_s : 0;
    zone = rnd((int)(sizeof zones / sizeof zones[0]));
    for (int i = 0; i < count; i++) {
        ts += (int64_t)step_s * 1000 + (rnd(4) == 0 ? rnd(step_s * 400) : 0);
        if (rnd(150) == 0)
            ts += (1 + rnd(5)) * RIG_HOUR;
        wh += rnd(step_s);
        out_wh += rnd(4) == 0 ? rnd(50) : 0;
        int64_t told_ts = ts, told_wh = wh;
        if (odd == 2 && rnd(120) == 0)
            told_wh = rnd(2) ? 0 : wh + 500000000;
        if (odd >= 1 && rnd(120) == 0)
            told_ts = ts - rnd(20) * step_s * 1000;
        stream[i].at_ms = ts;
        if (two_channels)
            snprintf(stream[i].payload, sizeof stream[i].payload, "{\"ts\":%lld,\"energy_wh\":%lld,\"export_wh\":%lld}", (long long)told_ts,
                     (long long)told_wh, (long long)out_wh);
        else if (odd == 2 && rnd(200) == 0)
            snprintf(stream[i].payload, sizeof stream[i].payload, "{\"ts\":%lld,\"interval_wh\":%d,\"interval_s\":%d}", (long long)told_ts, rnd(900),
                     step_s);
        else
            snprintf(stream[i].payload, sizeof stream[i].payload, "{\"ts\":%lld,\"energy_wh\":%lld}", (long long)told_ts, (long long)told_wh);
    }
}

static void begin(struct rig *rig)
{
    rig_open(rig);
    rig_tariff(rig, tariff);
    rig_meter(rig, "casa", zones[zone], declared_s);
}

/* At the end both stand at the same clock and have tended once more. */
static void finish(struct rig *rig, struct buf *out)
{
    rig_advance(rig, stream[count - 1].at_ms + RIG_MINUTE - rig->now_ms);
    rig_settle(rig);
    rig_settle(rig);
    buf_init(out, 64 << 20);
    rig_derived(rig, out);
}

static int64_t one_by_one(struct buf *out)
{
    struct rig rig;
    struct pipeline_stats stats;
    begin(&rig);
    for (int i = 0; i < count; i++) {
        rig_advance(&rig, stream[i].at_ms - rig.now_ms > 0 ? stream[i].at_ms - rig.now_ms : 0);
        rig_say(&rig, "meters/casa/readings", "%s", stream[i].payload);
        if (rnd(3) > 0)
            rig_store(&rig);
        if (rnd(2) > 0)
            rig_derive(&rig);
        if (rnd(60) == 0)
            rig_tend(&rig);
        if (rnd(400) == 0) {
            rig_store(&rig);
            rig_restart(&rig);
        }
    }
    finish(&rig, out);
    pipeline_stats(rig.pipeline, &stats);
    rig_close(&rig);
    return stats.derive_live;
}

static void at_once(struct buf *out)
{
    struct rig rig;
    begin(&rig);
    rig_advance(&rig, stream[count - 1].at_ms - rig.now_ms);
    for (int i = 0; i < count; i++)
        rig_say(&rig, "meters/casa/readings", "%s", stream[i].payload);
    finish(&rig, out);
    rig_close(&rig);
}

static void as_the_whole_derivation(void **state)
{
    int64_t live = 0;
    (void)state;
    for (int seed = 1; seed <= seeds; seed++) {
        struct buf slowly, whole;
        make_stream(seed);
        live += one_by_one(&slowly);
        at_once(&whole);
        if (slowly.len != whole.len || memcmp(slowly.data, whole.data, whole.len) != 0) {
            size_t at = 0;
            while (at < slowly.len && at < whole.len && slowly.data[at] == whole.data[at])
                at++;
            while (at > 0 && whole.data[at - 1] != '\n')
                at--;
            fail_msg("stream %d: as it came:\n%.400s\nat once:\n%.400s", seed, slowly.data + at, whole.data + at);
        }
        buf_finish(&slowly);
        buf_finish(&whole);
    }
    if (live < seeds * 20)
        fail_msg("the fast path was taken %lld times only", (long long)live);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_the_whole_derivation)};
    if (argc > 1)
        seeds = atoi(argv[1]);
    return cmocka_run_group_tests_name("pipeline_live", tests, NULL, NULL);
}
