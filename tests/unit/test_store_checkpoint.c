/* The checkpoint beside readers: who reads long does not keep the committer waiting, and who reads again and again does not keep the log growing. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include "base/clock.h"
#include "store/facts.h"
#include "store/sqlite/db.h"

#define BORNE (INT64_C(64) << 20) /* facts_checkpoint */

static char folder[64], path[96];
static struct facts *writer, *checkpointer;
static struct fault fault;

static void well(enum err err)
{
    if (err != OK)
        fail_msg("%s: %s", err_name(err), fault.text);
}

static int make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-check-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/ledger.db", folder);
    well(facts_open_sqlite(path, FACTS_WRITER, &fault, &writer));
    well(facts_open_sqlite(path, FACTS_WRITER, &fault, &checkpointer));
    return 0;
}

static int drop(void **state)
{
    char command[96];
    (void)state;
    facts_close(checkpointer);
    facts_close(writer);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static struct db *reader(void)
{
    struct db *db;
    struct query q;
    if (db_open(&(struct db_options){.path = path, .role = DB_READER}, NULL, &db) != OK || db_begin_read(db, NULL) != OK)
        abort();
    query_begin(&q, db, "SELECT count(*) FROM number");
    if (query_one(&q, NULL) != OK || query_end(&q, NULL) != OK)
        abort();
    return db;
}

/* About `mib` of log. */
static void commit(int mib)
{
    static char payload[200 * 1024];
    static int64_t now_ms = 1;
    well(facts_begin(writer, &fault));
    for (int i = 0; i < 5 * mib; i++)
        well(facts_put_unclaimed(writer, "nobody", now_ms++, payload, sizeof payload, 10, &fault));
    well(facts_commit(writer, &fault));
}

static int64_t checkpoint_takes_ms(int64_t *out_bytes)
{
    int64_t began_ms = clock_monotonic(&clock_system);
    well(facts_checkpoint(checkpointer, out_bytes, &fault));
    return clock_monotonic(&clock_system) - began_ms;
}

static void a_long_reader_keeps_nobody_waiting(void **state)
{
    int64_t bytes = 0;
    (void)state;
    commit(1);
    struct db *db = reader();
    commit(1);
    assert_true(checkpoint_takes_ms(&bytes) < 1000); /* the committer's lock is held meanwhile */
    assert_true(bytes > 0);
    db_close(db);
    assert_true(checkpoint_takes_ms(&bytes) < 1000);
    assert_int_equal(bytes, 0);
}

static atomic_bool reading;

/* Reads for a while, and begins anew before the other ends: there is never a moment without a reader. */
static void *read_on(void *arg)
{
    int64_t shift_ms = *(const int *)arg;
    nanosleep(&(struct timespec){0, shift_ms * 1000000}, NULL);
    while (atomic_load(&reading)) {
        struct db *db = reader();
        nanosleep(&(struct timespec){0, 300 * 1000000}, NULL);
        db_close(db);
    }
    return NULL;
}

static void readers_one_after_another_do_not_keep_the_log(void **state)
{
    pthread_t threads[3];
    int shifts[3] = {0, 100, 200};
    int64_t bytes = 0, largest = 0;
    (void)state;
    atomic_store(&reading, true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &shifts[i]), 0);
    for (int round = 0; round < 12; round++) {
        commit(16);
        assert_true(checkpoint_takes_ms(&bytes) < 3000);
        if (bytes > largest)
            largest = bytes;
    }
    atomic_store(&reading, false);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_true(largest <= BORNE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_long_reader_keeps_nobody_waiting, make, drop),
        cmocka_unit_test_setup_teardown(readers_one_after_another_do_not_keep_the_log, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
