/* SQLite as lib/store uses it: errors, locks, migrations forward, the copy of a file in use. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "store/files.h"
#include "store/records.h"
#include "store/sqlite/migrate.h"

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-store-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/a.db", folder);
    return 0;
}

static int drop_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static struct db *open_as(enum db_role role, int busy_timeout_ms)
{
    struct db *db = NULL;
    struct fault fault = {0};
    const struct db_options options = {.path = path, .role = role, .busy_timeout_ms = busy_timeout_ms, .read_limit_ms = 400};
    if (db_open(&options, &fault, &db) != OK)
        fail_msg("%s", fault.text);
    return db;
}

static int64_t number(struct db *db, const char *sql)
{
    struct query q;
    int64_t value = -1;
    query_begin(&q, db, sql);
    if (query_row(&q))
        value = query_int(&q);
    assert_int_equal(query_end(&q, NULL), OK);
    return value;
}

static void missing_file_is_named(void **state)
{
    struct db *db = NULL;
    struct fault fault = {0};
    const struct db_options options = {.path = path, .role = DB_READER};
    (void)state;
    assert_int_equal(db_open(&options, &fault, &db), ERR_NOT_FOUND);
    assert_non_null(strstr(fault.text, path));
    assert_non_null(strstr(fault.text, "qw init"));
    assert_null(db);
}

static void damaged_file_is_fatal(void **state)
{
    struct fault fault = {0};
    FILE *file = fopen(path, "w");
    (void)state;
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
    assert_int_equal(store_file_migrate(STORE_RECORDS, path, &fault, NULL, NULL), ERR_FATAL);
}

static void file_is_not_for_everybody(void **state)
{
    struct stat st;
    (void)state;
    db_close(open_as(DB_CREATOR, 0));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07, 0);
}

static void query_binds_and_reads_in_order(void **state)
{
    struct db *db = open_as(DB_CREATOR, 0);
    struct query q;
    char text[4];
    struct buf bytes;
    (void)state;
    buf_init(&bytes, 16);
    assert_int_equal(db_script(db, "CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d INTEGER) STRICT", NULL), OK);
    query_begin(&q, db, "INSERT INTO t VALUES (?, ?, ?, ?)");
    query_bind_int(&q, INT64_MIN);
    query_bind_text(&q, "longer");
    query_bind_bytes(&q, "\0x", 2);
    query_bind_int_unless(&q, 7, 7);
    assert_int_equal(query_run(&q, NULL), OK);
    assert_int_equal(db_changes(db), 1);
    query_begin(&q, db, "SELECT a, b, c, d FROM t");
    assert_true(query_row(&q));
    assert_true(query_int(&q) == INT64_MIN);
    query_text(&q, text, sizeof text);
    assert_string_equal(text, "lon");
    query_bytes(&q, &bytes);
    assert_int_equal(bytes.len, 2);
    assert_true(query_is_null(&q));
    assert_int_equal(query_int_or(&q, 42), 42);
    assert_false(query_row(&q));
    assert_int_equal(query_end(&q, NULL), OK);
    buf_finish(&bytes);
    db_close(db);
}

/* The cache may not hand out a statement that is being read. */
static void same_query_nests(void **state)
{
    struct db *db = open_as(DB_CREATOR, 0);
    struct query outer, inner;
    int seen = 0;
    (void)state;
    assert_int_equal(db_script(db, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2), (3)", NULL), OK);
    query_begin(&outer, db, "SELECT a FROM t");
    while (query_row(&outer)) {
        query_begin(&inner, db, "SELECT a FROM t");
        while (query_row(&inner))
            seen++;
        assert_int_equal(query_end(&inner, NULL), OK);
    }
    assert_int_equal(query_end(&outer, NULL), OK);
    assert_int_equal(seen, 9);
    db_close(db);
}

static void errors_say_what_to_do(void **state)
{
    struct db *db = open_as(DB_CREATOR, 0), *reader;
    struct query q;
    struct fault fault = {0};
    (void)state;
    assert_int_equal(db_script(db, "CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)", NULL), OK);
    query_begin(&q, db, "INSERT INTO t VALUES (1)");
    assert_int_equal(query_run(&q, &fault), ERR_CONFLICT);
    query_begin(&q, db, "SELECT nonsense FROM nowhere");
    query_bind_int(&q, 1);
    assert_false(query_row(&q));
    assert_int_equal(query_end(&q, &fault), ERR_FATAL);
    query_begin(&q, db, "SELECT a FROM t WHERE a = 2");
    assert_int_equal(query_one(&q, &fault), ERR_NOT_FOUND);
    reader = open_as(DB_READER, 0);
    query_begin(&q, reader, "INSERT INTO t VALUES (2)");
    assert_int_equal(query_run(&q, &fault), ERR_RETRY);
    query_begin(&q, reader, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n");
    assert_int_equal(query_run(&q, &fault), ERR_LIMIT); /* and does not run for ever */
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    db_close(reader);
    db_close(db);
}

static void full_disk_is_retry(void **state)
{
    struct db *db = open_as(DB_CREATOR, 0);
    struct query q;
    struct fault fault = {0};
    (void)state;
    assert_int_equal(db_script(db, "CREATE TABLE t (a BLOB); PRAGMA max_page_count=4", NULL), OK);
    assert_int_equal(db_begin_write(db, &fault), OK);
    query_begin(&q, db, "INSERT INTO t VALUES (zeroblob(100000))");
    assert_int_equal(query_run(&q, &fault), ERR_RETRY);
    db_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
    db_close(db);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Another process holds the write lock: we wait as long as was said, then say "try again", then it works. */
static void lock_of_another_process_is_waited_for(void **state)
{
    int ready[2], leave[2];
    char byte;
    struct fault fault = {0};
    (void)state;
    db_close(open_as(DB_CREATOR, 0));
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(leave), 0);
    pid_t child = fork();
    if (child == 0) {
        struct db *db = open_as(DB_WRITER, 0);
        bool held = db_begin_write(db, NULL) == OK;
        if (write(ready[1], held ? "y" : "n", 1) != 1 || read(leave[0], &byte, 1) != 1)
            _exit(1);
        db_close(db);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    struct db *db = open_as(DB_WRITER, 300);
    int64_t began = now_ms();
    assert_int_equal(db_begin_write(db, &fault), ERR_RETRY);
    assert_in_range(now_ms() - began, 250, 5000);
    assert_non_null(strstr(fault.text, "try again"));
    assert_int_equal(write(leave[1], "x", 1), 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(db_begin_write(db, &fault), OK);
    assert_int_equal(db_commit(db, &fault), OK);
    db_close(db);
    close(ready[0]);
    close(ready[1]);
    close(leave[0]);
    close(leave[1]);
}

static const struct migration steps[] = {
    {"0001_first", "CREATE TABLE house (no INTEGER PRIMARY KEY, street TEXT); INSERT INTO house VALUES (1, 'a');"},
    {"0002_town", "ALTER TABLE house ADD COLUMN town TEXT; UPDATE house SET town = 'b';"},
    {"0003_bad", "INSERT INTO house VALUES (2, 'c', 'd'); INSERT INTO house VALUES (1, 'twice', 'e');"},
};
#define SCHEMA(count_) ((struct schema){"test", 0x54455354, steps, count_})

static void migrations_go_forward_one_by_one(void **state)
{
    struct db *db = open_as(DB_CREATOR, 0);
    struct fault fault = {0};
    int from = -1, to = -1;
    const struct schema one = SCHEMA(1), two = SCHEMA(2), three = SCHEMA(3);
    (void)state;
    assert_int_equal(migrate_up(db, &one, &fault, &from, &to), OK);
    assert_int_equal(from, 0);
    assert_int_equal(to, 1);
    assert_int_equal(migrate_check(db, &one, &fault), OK);
    assert_int_equal(migrate_check(db, &two, &fault), ERR_FATAL);
    assert_non_null(strstr(fault.text, "qw init"));
    assert_int_equal(migrate_up(db, &two, &fault, &from, &to), OK);
    assert_int_equal(from, 1);
    assert_int_equal(to, 2);
    assert_int_equal(number(db, "SELECT count(*) FROM house WHERE town = 'b'"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM migration WHERE applied_utc_ms > 1700000000000"), 2);
    /* A migration that fails leaves the file exactly at the version before it. */
    assert_int_equal(migrate_up(db, &three, &fault, NULL, NULL), ERR_CONFLICT);
    assert_int_equal(number(db, "PRAGMA user_version"), 2);
    assert_int_equal(number(db, "SELECT count(*) FROM house"), 1);
    /* An older program refuses the newer file and leaves it alone. */
    assert_int_equal(migrate_up(db, &one, &fault, NULL, NULL), ERR_FATAL);
    assert_non_null(strstr(fault.text, "newer"));
    /* So does a program whose file it is not. */
    assert_int_equal(migrate_up(db, &schema_records, &fault, NULL, NULL), ERR_FATAL);
    assert_int_equal(number(db, "PRAGMA user_version"), 2);
    db_close(db);
}

static void every_migration_of_ours_goes_forward(void **state)
{
    const struct schema *ours[] = {&schema_records, &schema_ledger};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fault fault = {0};
        snprintf(path, sizeof path, "%s/forward-%d.db", folder, i);
        struct db *db = open_as(DB_CREATOR, 0);
        for (int version = 1; version <= ours[i]->count; version++) {
            struct schema upto = *ours[i];
            upto.count = version;
            int to = 0;
            if (migrate_up(db, &upto, &fault, NULL, &to) != OK)
                fail_msg("%s %d: %s", ours[i]->what, version, fault.text);
            assert_int_equal(to, version);
            assert_int_equal(number(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        }
        assert_int_equal(migrate_check(db, ours[i], &fault), OK);
        assert_int_equal(number(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
        db_close(db);
    }
}

static void backup_copies_a_file_in_use(void **state)
{
    char copy[sizeof path];
    struct fault fault = {0};
    (void)state;
    snprintf(copy, sizeof copy, "%.60s/copy.db", folder);
    assert_int_equal(store_file_migrate(STORE_RECORDS, path, &fault, NULL, NULL), OK);
    struct db *db = open_as(DB_WRITER, 0);
    assert_int_equal(db_begin_write(db, &fault), OK); /* a writer in the midst of it */
    assert_int_equal(db_script(db, "INSERT INTO counter VALUES ('half', 1)", &fault), OK);
    assert_int_equal(store_file_backup(STORE_RECORDS, path, copy, &fault), OK);
    assert_int_equal(store_file_backup(STORE_RECORDS, path, copy, &fault), ERR_CONFLICT);
    db_close(db);
    memcpy(path, copy, strlen(copy) + 1);
    db = open_as(DB_READER, 0);
    assert_int_equal(number(db, "SELECT count(*) FROM counter WHERE name = 'half'"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM counter WHERE name = 'revision'"), 1);
    db_close(db);
}

static void *open_and_close(void *arg)
{
    struct records *records = NULL;
    const struct records_options options = {.path = path, .mode = RECORDS_CREATE};
    struct fault fault = {0};
    *(enum err *)arg = records_open(&options, &fault, &records);
    records_close(records);
    return NULL;
}

/* Every program may migrate when it starts; they may start together. */
static void many_may_create_at_once(void **state)
{
    pthread_t threads[6];
    enum err results[6];
    (void)state;
    for (int i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, open_and_close, &results[i]);
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(results[i], OK);
    }
}

/* In a process of its own: does anybody hold a lock on the file, as SQLite does as long as a connection in WAL mode is open? */
static bool locked_by_somebody(void)
{
    pid_t child = fork();
    int status = 0;
    if (child == 0) {
        int fd = open(path, O_RDWR);
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        _exit(fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 ? lock.l_type != F_UNLCK : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    return WEXITSTATUS(status) == 1;
}

/* POSIX: closing any descriptor of a file drops all locks of the process. A second connection must not cost the first one its own, or whoever closes
 * the database next takes the write-ahead log away. */
static void a_second_connection_leaves_the_locks(void **state)
{
    (void)state;
    struct db *first = open_as(DB_CREATOR, 0);
    assert_int_equal(db_script(first, "CREATE TABLE t (x)", NULL), OK);
    assert_true(locked_by_somebody());
    struct db *second = open_as(DB_CREATOR, 0);
    assert_int_equal(number(second, "SELECT count(*) FROM t"), 0);
    assert_true(locked_by_somebody());
    db_close(second);
    assert_true(locked_by_somebody());
    db_close(first);
    assert_false(locked_by_somebody());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(missing_file_is_named),
        TEST(damaged_file_is_fatal),
        TEST(file_is_not_for_everybody),
        TEST(a_second_connection_leaves_the_locks),
        TEST(query_binds_and_reads_in_order),
        TEST(same_query_nests),
        TEST(errors_say_what_to_do),
        TEST(full_disk_is_retry),
        TEST(lock_of_another_process_is_waited_for),
        TEST(migrations_go_forward_one_by_one),
        TEST(every_migration_of_ours_goes_forward),
        TEST(backup_copies_a_file_in_use),
        TEST(many_may_create_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
