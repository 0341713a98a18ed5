/*
 * A meter's spool: readings and receipts are written honestly, then its files are damaged, then it is opened. A reading without a receipt whose
 * record stands on disk whole is kept, none is made up, and the spool takes the next one.
 *
 * The input: what is done (append, receipt, open anew), a 0, the damage.
 */
#include "meter/spool.h"
#include <string.h>
#include <unistd.h>
#include "meter/spool_record.h"
#include "tests/fuzz/files.h"

#define READINGS_MAX 96
#define SEGMENTS_MAX 24

struct said {
    struct spool_reading reading;
    bool settled;
    int segment; /* where its record stands; 0: the segment went */
    long offset;
};

static struct said said[READINGS_MAX];
static int count, boot;
static char folder[128], paths[SEGMENTS_MAX + 4][256];
static struct spool *spool;
static const struct spool_limits limits = {1024, 8};

static bool same(const struct spool_reading *a, const struct spool_reading *b)
{
    return a->ts_utc_ms == b->ts_utc_ms && a->register_wms == b->register_wms && a->seq == b->seq && a->power_w == b->power_w &&
           a->voltage_mv == b->voltage_mv && strcmp(a->boot, b->boot) == 0;
}

static void reopen(void)
{
    struct fault fault = {0};
    spool_close(spool);
    spool = NULL;
    must(spool_open(folder, &limits, &fault, &spool) == OK);
}

/* What is kept is what was said and not receipted, in order. */
static void hold_exactly(void)
{
    uint64_t n = spool_first(spool);
    for (int i = 0; i < count; i++) {
        if (said[i].settled)
            continue;
        while (n < spool_end(spool) && !spool_get(spool, n))
            n++;
        must(n < spool_end(spool) && same(spool_get(spool, n), &said[i].reading));
        n++;
    }
    for (; n < spool_end(spool); n++)
        must(!spool_get(spool, n));
}

static void say(unsigned what)
{
    struct said *one = &said[count];
    memset(one, 0, sizeof *one);
    one->reading = (struct spool_reading){.ts_utc_ms = count * 1000, .register_wms = count * 3600000LL, .seq = count, .power_w = -(int32_t)what};
    snprintf(one->reading.boot, sizeof one->reading.boot, "b%d", boot);
    must(spool_append(spool, &one->reading, NULL) == OK);
    count++;
}

static void receive(int n)
{
    spool_receipt(spool, said[n].reading.boot, said[n].reading.seq);
    for (int i = 0; i <= n; i++)
        said[i].settled |= strcmp(said[i].reading.boot, said[n].reading.boot) == 0;
}

static void act_honestly(struct script *script)
{
    for (unsigned act; (act = script_byte(script)) != 0;) {
        if (act % 8 == 1) {
            reopen();
            hold_exactly();
            boot++;
        } else if (act % 8 == 2 && count > 0) {
            receive((int)(act / 8) % count);
        } else if (count < READINGS_MAX) {
            say(act);
        }
    }
    hold_exactly();
    reopen();
    hold_exactly();
}

/* Where the records stand, by the magic and the size of a record alone. */
static void find_records(void)
{
    enum spool_record_kind kind;
    struct spool_reading reading;
    for (int segment = 1; segment < SEGMENTS_MAX; segment++) {
        size_t len = 0;
        unsigned char *bytes = read_whole(paths[segment - 1], &len);
        for (size_t at = SPOOL_MAGIC_SIZE; bytes && at + SPOOL_RECORD_SIZE <= len; at += SPOOL_RECORD_SIZE) {
            must(spool_record_read(bytes + at, &kind, &reading));
            if (kind == SPOOL_READING) {
                said[reading.seq].segment = segment;
                said[reading.seq].offset = (long)at;
            }
        }
        free(bytes);
    }
    for (int i = 0; i < count; i++)
        must(said[i].settled || said[i].segment > 0);
}

static bool stands(const struct said *one)
{
    size_t len = 0;
    unsigned char record[SPOOL_RECORD_SIZE], *bytes = read_whole(paths[one->segment - 1], &len);
    spool_record_write(SPOOL_READING, &one->reading, record);
    bool whole = bytes && len >= (size_t)one->offset + sizeof record && memcmp(bytes, SPOOL_MAGIC, SPOOL_MAGIC_SIZE) == 0 &&
                 memcmp(bytes + one->offset, record, sizeof record) == 0;
    free(bytes);
    return whole;
}

static bool is_kept(const struct spool_reading *reading)
{
    for (uint64_t n = spool_first(spool); n < spool_end(spool); n++)
        if (spool_get(spool, n) && same(spool_get(spool, n), reading))
            return true;
    return false;
}

static void hold_what_is_left(const bool *whole)
{
    for (uint64_t n = spool_first(spool); n < spool_end(spool); n++) {
        const struct spool_reading *kept = spool_get(spool, n);
        must(!kept || (kept->seq >= 0 && kept->seq < count && same(kept, &said[kept->seq].reading)));
    }
    for (int i = 0; i < count; i++)
        must(!whole[i] || is_kept(&said[i].reading));
}

static void go_on(void)
{
    struct spool_reading last, next = {.ts_utc_ms = 7, .seq = 1000, .boot = "later"};
    if (spool_last(spool, &last))
        must(last.seq >= 0 && last.seq < count && same(&last, &said[last.seq].reading));
    must(spool_append(spool, &next, NULL) == OK && is_kept(&next));
    must(spool_last(spool, &last) && same(&last, &next));
    reopen();
    must(is_kept(&next) && spool_last(spool, &last) && same(&last, &next));
    spool_receipt(spool, "later", 1000);
    reopen();
    must(!is_kept(&next) && spool_last(spool, &last) && same(&last, &next));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const strangers[] = {"1.spool", "4294967295.spool", "0000000002.spool.old", "99999999999999999999.spool"};
    struct script script = {data, data + size};
    static bool whole[READINGS_MAX];
    snprintf(folder, sizeof folder, "%s", fresh_folder());
    count = boot = 0;
    for (int i = 0; i < SEGMENTS_MAX; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%010d.spool", folder, i + 1);
    for (int i = 0; i < 4; i++)
        snprintf(paths[SEGMENTS_MAX + i], sizeof paths[i], "%s/%s", folder, strangers[i]);
    reopen();
    act_honestly(&script);
    find_records();
    spool_close(spool);
    spool = NULL;
    for (int i = 0; i < 16 && script.at < script.end; i++)
        damage_one(&script, paths, SEGMENTS_MAX + 4);
    for (int i = 0; i < count; i++)
        whole[i] = !said[i].settled && stands(&said[i]);
    reopen();
    hold_what_is_left(whole);
    go_on();
    spool_close(spool);
    spool = NULL;
    return 0;
}
