/*
 * The spool: what was appended is there after kill -9, a torn tail is cut, receipts free, the
 * oldest go first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "meter/spool.h"

static const struct spool_limits limits = {.max_readings = 1000, .segment_records = 100};

static int setup(void **state)
{
    char *dir = strdup("/tmp/qw-spool-XXXXXX");
    assert_non_null(mkdtemp(dir));
    *state = dir;
    return 0;
}

/* The name of the n-th segment file from the end, or "". */
static void segment_path(const char *dir, int from_end, char out[300])
{
    struct dirent **names;
    int n = scandir(dir, &names, NULL, alphasort), found = 0;
    out[0] = '\0';
    for (int i = n - 1; i >= 0; i--) {
        if (strstr(names[i]->d_name, ".spool") != NULL && found++ == from_end)
            snprintf(out, 300, "%s/%s", dir, names[i]->d_name);
        free(names[i]);
    }
    free(names);
}

static int teardown(void **state)
{
    char *dir = *state, path[300];
    for (segment_path(dir, 0, path); path[0] != '\0'; segment_path(dir, 0, path))
        unlink(path);
    snprintf(path, sizeof path, "%s/lock", dir);
    unlink(path);
    assert_int_equal(rmdir(dir), 0);
    free(dir);
    return 0;
}

static struct spool *opened(const char *dir)
{
    struct spool *spool = NULL;
    struct fault fault;
    assert_int_equal(spool_open(dir, &limits, &fault, &spool), OK);
    return spool;
}

static void append(struct spool *spool, const char *boot, int64_t seq)
{
    struct spool_reading reading = {.ts_utc_ms = 1000 * seq, .register_wms = 7777 * seq, .seq = seq, .power_w = -5, .voltage_mv = 219500};
    snprintf(reading.boot, sizeof reading.boot, "%s", boot);
    struct fault fault;
    assert_int_equal(spool_append(spool, &reading, &fault), OK);
}

static void test_keeps_over_a_restart(void **state)
{
    struct spool *spool = opened(*state);
    struct spool_reading last;
    assert_false(spool_last(spool, &last));
    for (int i = 0; i < 250; i++)
        append(spool, "a", i);
    spool_close(spool);
    spool = opened(*state);
    assert_int_equal(spool_end(spool) - spool_first(spool), 250);
    for (int i = 0; i < 250; i++) {
        const struct spool_reading *r = spool_get(spool, spool_first(spool) + (uint64_t)i);
        assert_int_equal(r->seq, i);
        assert_int_equal(r->register_wms, 7777 * i);
        assert_int_equal(r->power_w, -5);
        assert_int_equal(r->voltage_mv, 219500);
        assert_string_equal(r->boot, "a");
    }
    assert_true(spool_last(spool, &last));
    assert_int_equal(last.seq, 249);
    assert_int_equal(spool_counts(spool).torn_bytes, 0);
    spool_close(spool);
    spool_close(NULL);
}

static void test_receipts_free_and_are_remembered(void **state)
{
    struct spool *spool = opened(*state);
    struct spool_reading last;
    for (int i = 0; i < 500; i++)
        append(spool, "a", i);
    for (int i = 0; i < 50; i++)
        append(spool, "b", i);
    assert_true(spool_counts(spool).segments >= 6);
    assert_false(spool_receipt(spool, "c", 1000));
    assert_true(spool_receipt(spool, "a", 449));
    assert_false(spool_receipt(spool, "a", 449)); /* a repeated receipt changes nothing */
    assert_true(spool_counts(spool).segments <= 3);
    assert_true(spool_receipt(spool, "b", 9)); /* the newer boot before the older one is done */
    spool_close(spool);

    spool = opened(*state);
    int kept = 0;
    for (uint64_t n = spool_first(spool); n < spool_end(spool); n++) {
        const struct spool_reading *r = spool_get(spool, n);
        if (r == NULL)
            continue;
        kept++;
        assert_true(r->boot[0] == 'a' ? r->seq > 449 : r->seq > 9);
    }
    assert_int_equal(kept, 50 + 40);
    assert_true(spool_receipt(spool, "a", 499));
    assert_true(spool_receipt(spool, "b", 49));
    assert_int_equal(spool_first(spool), spool_end(spool));
    spool_close(spool);

    spool = opened(*state);
    assert_int_equal(spool_first(spool), spool_end(spool));
    assert_true(spool_last(spool, &last)); /* the register goes on from here */
    assert_string_equal(last.boot, "b");
    assert_int_equal(last.seq, 49);
    spool_close(spool);
}

/* The last reading stays known although its segment is long gone. */
static void test_state_outlives_its_segment(void **state)
{
    struct spool *spool = opened(*state);
    struct spool_reading last;
    for (int i = 0; i < 99; i++)
        append(spool, "a", i);
    for (int i = 0; i < 30; i++)
        append(spool, "a", 99 + i);
    for (int i = 0; i < 129; i++) /* nothing but receipts, until they fill segments */
        spool_receipt(spool, "a", i);
    spool_close(spool);
    spool = opened(*state);
    assert_int_equal(spool_first(spool), spool_end(spool));
    assert_true(spool_last(spool, &last));
    assert_int_equal(last.seq, 128);
    assert_int_equal(last.register_wms, 7777 * 128);
    spool_close(spool);
}

static void test_torn_tail_is_cut(void **state)
{
    char path[300];
    struct stat before;
    for (int torn = 1; torn < 56; torn += 9) {
        struct spool *spool = opened(*state);
        uint64_t kept = spool_end(spool) - spool_first(spool);
        append(spool, "a", (int64_t)kept);
        append(spool, "a", (int64_t)kept + 1);
        spool_close(spool);
        segment_path(*state, 0, path);
        assert_int_equal(stat(path, &before), 0);
        assert_int_equal(truncate(path, before.st_size - torn), 0);

        spool = opened(*state);
        assert_int_equal(spool_end(spool) - spool_first(spool), kept + 1);
        assert_int_equal(spool_counts(spool).torn_bytes, 56 - torn);
        append(spool, "a", (int64_t)kept + 1); /* and it can go on behind the cut */
        spool_close(spool);
        spool = opened(*state);
        assert_int_equal(spool_end(spool) - spool_first(spool), kept + 2);
        assert_int_equal(spool_counts(spool).torn_bytes, 0);
        spool_close(spool);
    }
}

static void test_bad_record_is_skipped_and_counted(void **state)
{
    char path[300];
    struct spool *spool = opened(*state);
    for (int i = 0; i < 150; i++)
        append(spool, "a", i);
    spool_close(spool);
    segment_path(*state, 1, path);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "X", 1, 8 + 56 * 10 + 20), 1);
    close(fd);
    spool = opened(*state);
    assert_int_equal(spool_counts(spool).bad_records, 1);
    assert_int_equal(spool_end(spool) - spool_first(spool), 149);
    spool_close(spool);
}

static void test_oldest_go_first(void **state)
{
    struct spool *spool = opened(*state);
    for (int i = 0; i < 1500; i++)
        append(spool, "a", i);
    assert_int_equal(spool_end(spool) - spool_first(spool), 1000);
    assert_int_equal(spool_get(spool, spool_first(spool))->seq, 500);
    assert_int_equal(spool_counts(spool).dropped, 500);
    assert_true(spool_counts(spool).segments <= 12);
    spool_close(spool);
}

static void test_one_process_at_a_time(void **state)
{
    struct spool *spool = opened(*state), *second = NULL;
    struct fault fault;
    assert_int_equal(spool_open(*state, &limits, &fault, &second), ERR_CONFLICT);
    assert_null(second);
    spool_close(spool);
}

/* A child appends and says so; it is killed in the middle of it. What it said is there. */
static void test_kill_9(void **state)
{
    for (int round = 0; round < 5; round++) {
        int said[2];
        assert_int_equal(pipe(said), 0);
        pid_t pid = fork();
        if (pid == 0) {
            struct spool *spool = NULL;
            if (spool_open(*state, &limits, NULL, &spool) != OK)
                _exit(1);
            struct spool_reading reading = {.boot = "k"};
            reading.boot[1] = (char)('0' + round);
            for (reading.seq = 0; spool_append(spool, &reading, NULL) == OK; reading.seq++)
                if (write(said[1], &reading.seq, sizeof reading.seq) < 0)
                    break;
            _exit(1);
        }
        close(said[1]);
        int64_t seq = -1, last = -1;
        while (read(said[0], &seq, sizeof seq) == sizeof seq) {
            if (seq == 300 + round * 37)
                kill(pid, SIGKILL);
            last = seq;
        }
        close(said[0]);
        waitpid(pid, NULL, 0);
        assert_true(last >= 300);
        struct spool *spool = opened(*state);
        struct spool_reading kept;
        assert_true(spool_last(spool, &kept));
        assert_int_equal(kept.boot[1], '0' + round);
        assert_true(kept.seq == last || kept.seq == last + 1);
        assert_int_equal(spool_counts(spool).bad_records, 0);
        spool_close(spool);
    }
}

/* The disk takes no more: an append is refused whole, what was kept stays, and it goes on when
 * there is room again. */
static void test_full_disk(void **state)
{
    struct rlimit before, small;
    struct spool *spool = opened(*state);
    struct spool_reading reading = {.boot = "a"};
    struct fault fault;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 8 + 56 * 20 + 30; /* in the middle of a record */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err err = OK;
    while ((err = spool_append(spool, &reading, &fault)) == OK)
        reading.seq++;
    enum err again = spool_append(spool, &reading, &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err, ERR_RETRY);
    assert_int_equal(again, ERR_RETRY);
    assert_int_equal(reading.seq, 20);
    assert_int_equal(spool_end(spool) - spool_first(spool), 20);
    assert_int_equal(spool_append(spool, &reading, &fault), OK);
    spool_close(spool);
    spool = opened(*state);
    assert_int_equal(spool_counts(spool).torn_bytes, 0);
    assert_int_equal(spool_counts(spool).bad_records, 0);
    assert_int_equal(spool_end(spool) - spool_first(spool), 21);
    spool_close(spool);
}

static void test_refuses(void **state)
{
    struct spool *spool = NULL;
    struct fault fault;
    struct spool_limits small = {.max_readings = 1, .segment_records = 100};
    assert_int_equal(spool_open(*state, &small, &fault, &spool), ERR_INVALID);
    assert_int_equal(spool_open("/proc/nowhere/at/all", &limits, &fault, &spool), ERR_RETRY);
    spool = opened(*state);
    struct spool_reading reading = {.boot = ""};
    assert_int_equal(spool_append(spool, &reading, &fault), ERR_INVALID);
    memset(reading.boot, 'x', sizeof reading.boot);
    assert_int_equal(spool_append(spool, &reading, &fault), ERR_INVALID);
    spool_close(spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keeps_over_a_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_receipts_free_and_are_remembered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_state_outlives_its_segment, setup, teardown),
        cmocka_unit_test_setup_teardown(test_torn_tail_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_record_is_skipped_and_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_oldest_go_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_process_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kill_9, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
