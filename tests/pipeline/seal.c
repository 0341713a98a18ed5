/* Days long past are packed by themselves, the file gives their room back, and nobody notices: verdicts, late readings, rebuilding, restarts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "tests/support/faulty_store.h"
#include "tests/support/rig.h"

#define DAYS 60
#define AFTER_DAYS 10

static struct rig rig;

/* Two months of quarter-hours of three meters, with a read that went back to zero. */
static int history(void **state)
{
    (void)state;
    rig_open(&rig);
    for (int meter = 0; meter < 3; meter++) {
        char meter_id[16], topic[40];
        static char text[96 * 120];
        snprintf(meter_id, sizeof meter_id, "casa-%d", meter);
        snprintf(topic, sizeof topic, "meters/casa-%d/readings", meter);
        for (int day = DAYS; day > 0; day--) {
            int len = snprintf(text, sizeof text, "{\"readings\":[");
            for (int i = 0; i < 96; i++) {
                int64_t n = (int64_t)(DAYS - day) * 96 + i;
                len += snprintf(text + len, sizeof text - (size_t)len,
                                "%s{\"ts\":%lld,\"energy_wh\":%lld,\"power_w\":%d,\"voltage_v\":%d.%d,\"seq\":%lld,\"boot\":\"b\"}", i ? "," : "",
                                (long long)(RIG_NOW - day * RIG_DAY + i * 15 * RIG_MINUTE), (long long)(n == 1000 ? 0 : 5000 + n * 40 + n % 13),
                                (int)(n * 37 % 900), 219 + (int)(n % 5), (int)(n % 10), (long long)n);
            }
            snprintf(text + len, sizeof text - (size_t)len, "]}");
            rig_say(&rig, topic, "%s", text);
            rig_store(&rig);
        }
    }
    rig_settle(&rig);
    rig.seal_after_days = AFTER_DAYS;
    rig_restart(&rig);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    rig_close(&rig);
    return 0;
}

static void tend(int times)
{
    while (times-- > 0) {
        rig_advance(&rig, 500);
        rig_tend(&rig);
    }
}

static int64_t count(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open_v2(rig.ledger, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

static int64_t file_bytes(void)
{
    struct stat info;
    struct fault fault = {0};
    int64_t log;
    assert_int_equal(facts_checkpoint(rig.facts, &log, &fault), OK);
    assert_int_equal(stat(rig.ledger, &info), 0);
    return (int64_t)info.st_size;
}

static struct buf derived(void)
{
    struct buf text;
    buf_init(&text, 64 << 20);
    rig_derived(&rig, &text);
    assert_true(text.len > 1000 && !text.overflow);
    return text;
}

static void same_as(struct buf *before)
{
    struct buf now = derived();
    assert_int_equal(now.len, before->len);
    assert_memory_equal(now.data, before->data, now.len);
    buf_finish(&now);
}

static void what_is_long_past_is_packed(void **state)
{
    (void)state;
    struct buf before = derived();
    int64_t unpacked = file_bytes();
    tend(50);
    /* RIG_NOW is at noon: of the first and the last UTC day there is half. */
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS));
    assert_int_equal(count("SELECT sum(facts) FROM sealed") + count("SELECT count(*) FROM fact"), 3 * DAYS * 96);
    assert_int_equal(rig_number(&rig, "sealed.facts"), count("SELECT sum(facts) FROM sealed"));
    assert_true(count("SELECT sum(length(packed)) FROM sealed") < 12 * count("SELECT sum(facts) FROM sealed"));
    assert_true(file_bytes() <= unpacked);
    same_as(&before);
    for (int i = 0; i < 2; i++) {
        struct fault fault = {0};
        assert_int_equal(pipeline_rebuild(rig.pipeline, "", &fault), OK);
        rig_derive(&rig);
        rig_restart(&rig);
        same_as(&before);
    }
    assert_int_equal(rig_verdict(&rig, "casa-1", RIG_NOW - DAYS * RIG_DAY + 1000 * 15 * RIG_MINUTE), VERDICT_TRANSIENT);
    buf_finish(&before);
    /* The next UTC day brings the next day of each. */
    rig_advance(&rig, RIG_DAY);
    tend(20);
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS + 1));
}

static void a_late_reading_opens_its_day(void **state)
{
    int64_t ts = RIG_NOW - 40 * RIG_DAY + 7 * RIG_MINUTE, total = rig_total_wh(&rig, "casa-2");
    struct buf before;
    (void)state;
    rig_read(&rig, "casa-2", ts, 5000 + (DAYS - 40) * 96 * 40 + 11);
    rig_settle(&rig);
    before = derived();
    gone(NULL);
    history(NULL);
    tend(50);
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS));
    rig_read(&rig, "casa-2", ts, 5000 + (DAYS - 40) * 96 * 40 + 11);
    rig_read(&rig, "casa-2", RIG_NOW - 40 * RIG_DAY, 5000 + (DAYS - 40) * 96 * 40 + (DAYS - 40) * 96 % 13); /* said before */
    rig_settle(&rig);
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS) - 1);
    assert_int_equal(rig_number(&rig, "readings.repeated"), 1);
    assert_int_equal(rig_total_wh(&rig, "casa-2"), total);
    same_as(&before);
    rig_advance(&rig, RIG_DAY); /* and the day is sealed again */
    tend(20);
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS + 1));
    same_as(&before);
    buf_finish(&before);
}

static void a_batch_that_fails_seals_later(void **state)
{
    struct fault fault = {0};
    (void)state;
    for (int i = 0; i < 6; i++) {
        faulty_set(rig.facts,
                   (struct faulty_cue){i % 2 ? FAULTY_COMMIT : FAULTY_WRITE, i % 2 ? 0 : 5 + 20 * i, 1, i == 3 ? ERR_UNCERTAIN : ERR_RETRY});
        rig_advance(&rig, 500);
        pipeline_tend(rig.pipeline, &fault);
    }
    faulty_set(rig.facts, (struct faulty_cue){0});
    tend(50);
    assert_int_equal(count("SELECT count(*) FROM sealed"), 3 * (DAYS - AFTER_DAYS));
    assert_int_equal(rig_number(&rig, "sealed.facts"), count("SELECT sum(facts) FROM sealed"));
}

static int pass_by(int64_t ts_utc_ms, void *arg)
{
    (void)ts_utc_ms;
    (void)arg;
    return 0;
}

static void what_is_damaged_is_told(void **state)
{
    struct fault fault = {0};
    sqlite3 *db;
    (void)state;
    tend(50);
    assert_int_equal(sqlite3_open(rig.ledger, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE sealed SET packed = substr(packed, 1, 40) || x'00' || substr(packed, 42) WHERE utc_day % 7 = 0", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    enum err err = OK;
    for (int64_t meter_no = 1; meter_no <= 3 && err == OK; meter_no++)
        err = facts_instants(rig.facts, meter_no, INT64_MIN, INT64_MAX, -1, pass_by, NULL, &fault);
    assert_int_equal(err, ERR_FATAL);
    assert_non_null(strstr(fault.text, "damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_long_past_is_packed, history, gone),
        cmocka_unit_test_setup_teardown(a_late_reading_opens_its_day, history, gone),
        cmocka_unit_test_setup_teardown(a_batch_that_fails_seals_later, history, gone),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_told, history, gone),
    };
    return cmocka_run_group_tests_name("pipeline_seal", tests, NULL, NULL);
}
