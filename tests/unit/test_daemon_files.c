/*
 * Small files and the cache of time zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/zones.h"

static char folder[] = "/tmp/qw-files-XXXXXX";

static const char *in_folder(const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void a_file_is_read_whole_or_refused(void **state)
{
    (void)state;
    struct buf out;
    struct fault fault = {0};
    buf_init(&out, 10);
    assert_int_equal(file_read(in_folder("none"), &fault, &out), ERR_NOT_FOUND);
    assert_non_null(strstr(fault.text, "none"));
    assert_int_equal(file_read(folder, &fault, &out), ERR_INVALID);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    assert_int_equal(file_read(in_folder("pipe"), &fault, &out), ERR_INVALID); /* without waiting for a writer */
    assert_int_equal(file_write_atomic(in_folder("a"), "0123456789", 10, 0600, &fault), OK);
    assert_int_equal(file_read(in_folder("a"), &fault, &out), OK);
    assert_string_equal(out.data, "0123456789");
    buf_reset(&out);
    assert_int_equal(file_write_atomic(in_folder("a"), "0123456789a", 11, 0600, &fault), OK);
    assert_int_equal(file_read(in_folder("a"), &fault, &out), ERR_LIMIT);
    buf_finish(&out);
}

static int count_files(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void a_write_has_its_mode_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct stat stat_of;
    int before = count_files();
    mode_t mask = umask(0077);
    assert_int_equal(file_write_atomic(in_folder("b"), "x", 1, 0644, &fault), OK);
    umask(mask);
    assert_int_equal(stat(in_folder("b"), &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0644);
    ino_t first = stat_of.st_ino;
    assert_int_equal(file_write_atomic(in_folder("b"), "yy", 2, 0600, &fault), OK);
    assert_int_equal(stat(in_folder("b"), &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0600);
    assert_int_equal(stat_of.st_size, 2);
    assert_int_not_equal(stat_of.st_ino, first); /* a new file took its name */
    assert_int_equal(mkdir(in_folder("folder"), 0700), 0);
    assert_int_equal(file_write_atomic(in_folder("folder"), "x", 1, 0600, &fault), ERR_RETRY);
    assert_int_equal(file_write_atomic(in_folder("no/where"), "x", 1, 0600, &fault), ERR_RETRY);
    assert_int_equal(count_files(), before + 2);
}

static void check_secret(const char *text, size_t len, mode_t mode, enum err want)
{
    struct fault fault = {0};
    char secret[SECRET_SIZE] = "kept";
    assert_int_equal(file_write_atomic(in_folder("secret"), text, len, mode, &fault), OK);
    assert_int_equal(file_read_secret(in_folder("secret"), &fault, secret), want);
    assert_string_equal(secret, want == OK ? "hush now" : "kept");
}

static void a_secret_is_one_line_that_not_everybody_reads(void **state)
{
    (void)state;
    check_secret("hush now", 8, 0600, OK);
    check_secret("hush now\n", 9, 0640, OK);
    check_secret("hush now\r\n", 10, 0400, OK);
    check_secret("hush now\n", 9, 0604, ERR_INVALID);
    check_secret("hush now\n", 9, 0602, ERR_INVALID);
    check_secret("hush now\nmore\n", 14, 0600, ERR_INVALID);
    check_secret("hush\0now", 8, 0600, ERR_INVALID);
    check_secret("", 0, 0600, ERR_INVALID);
    check_secret("\n", 1, 0600, ERR_INVALID);
    char big[SECRET_SIZE + 1];
    memset(big, 'x', sizeof(big));
    check_secret(big, SECRET_SIZE, 0600, ERR_LIMIT);
}

static void zone_names_lead_nowhere_else(void **state)
{
    (void)state;
    const char *good[] = {"UTC",    "America/Sao_Paulo", "Etc/GMT+12", "Etc/GMT-14", "America/Argentina/Buenos_Aires", "America/Port-au-Prince",
                          "EST5EDT"};
    const char *bad[] = {"",
                         "/etc/passwd",
                         "../../etc/passwd",
                         "America/../UTC",
                         "America//Lima",
                         "America/",
                         "/UTC",
                         ".",
                         "UTC\n",
                         "America Lima",
                         "UTC.",
                         "a\\b",
                         "x/./y",
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(zones_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (zones_name_is_valid(bad[i]))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_false(zones_name_is_valid(NULL));
}

static void zones_are_loaded_once(void **state)
{
    (void)state;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    const struct zone *paris = NULL, *again = NULL;
    struct fault fault = {0};
    assert_int_equal(zones_get(zones, "Europe/Paris", &fault, &paris), OK);
    assert_int_equal(zones_get(zones, "Europe/Paris", &fault, &again), OK);
    assert_ptr_equal(paris, again);
    assert_string_equal(zone_name(paris), "Europe/Paris");
    assert_int_equal(zone_offset_s(paris, 0), 3600);
    assert_int_equal(zones_get(zones, "Europe/Atlantis", &fault, &again), ERR_NOT_FOUND);
    assert_non_null(strstr(fault.text, "Europe/Atlantis"));
    assert_int_equal(zones_get(zones, "../../../etc/passwd", &fault, &again), ERR_INVALID);
    assert_int_equal(zones_get(zones, "Europe", &fault, &again), ERR_INVALID);      /* a folder */
    assert_int_equal(zones_get(zones, "leapseconds", &fault, &again), ERR_INVALID); /* not TZif */
    assert_ptr_equal(again, paris);
    assert_int_equal(strlen(zones_version(zones)), 5); /* "2026a" */
    assert_int_equal(strncmp(zones_version(zones), "20", 2), 0);
    zones_destroy(zones);
    zones_destroy(NULL);
    zones = zones_create("/nowhere");
    assert_int_equal(zones_get(zones, "UTC", &fault, &again), ERR_NOT_FOUND);
    assert_string_equal(zones_version(zones), "unknown");
    zones_destroy(zones);
}

static const char *const many[] = {"UTC", "Europe/Paris", "America/Lima", "Asia/Tokyo", "Africa/Lagos"};

static void *get_many(void *arg)
{
    for (int i = 0; i < 2000; i++) {
        const struct zone *zone = NULL;
        if (zones_get(arg, many[i % 5], NULL, &zone) != OK || strcmp(zone_name(zone), many[i % 5]) != 0)
            return arg;
    }
    return NULL;
}

/* One holder, by whatever name; its end, however it comes, lets go. */
static void a_lock_has_one_holder(void **state)
{
    struct fault fault = {0};
    char words[80];
    int fd = -1, second = -1, ends[2];
    (void)state;
    assert_int_equal(symlink(in_folder("locked"), in_folder("alias")), 0);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        _exit(file_write_atomic(in_folder("locked"), "x", 1, 0600, NULL) == OK && file_lock_beside(in_folder("locked"), NULL, &fd) == OK &&
                      write(ends[1], "x", 1) == 1 && pause()
                  ? 1
                  : 2);
    }
    char byte;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(file_lock_beside(in_folder("locked"), &fault, &fd), ERR_CONFLICT);
    snprintf(words, sizeof words, "in use by process %ld", (long)child);
    assert_non_null(strstr(fault.text, words));
    assert_int_equal(file_lock_beside(in_folder("alias"), &fault, &fd), ERR_CONFLICT);
    assert_int_equal(fd, -1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(file_lock_beside(in_folder("alias"), &fault, &fd), OK);
    assert_int_equal(file_lock_beside(in_folder("locked"), &fault, &second), ERR_CONFLICT);
    close(fd);
    assert_int_equal(file_lock_beside(in_folder("locked"), &fault, &second), OK);
    close(second);
    assert_int_equal(file_lock_beside(in_folder("no/such/folder"), &fault, &second), ERR_RETRY);
}

static void threads_share_the_zones(void **state)
{
    (void)state;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_many, zones), 0);
    for (int i = 0; i < 4; i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_null(result);
    }
    zones_destroy(zones);
}

/* Copies of one zone under more names than there may be. */
static void the_number_of_zones_is_bounded(void **state)
{
    (void)state;
    struct buf bytes;
    struct fault fault = {0};
    char name[32];
    buf_init(&bytes, 65536);
    assert_int_equal(mkdir(in_folder("zones"), 0700), 0);
    assert_int_equal(file_read("/usr/share/zoneinfo/UTC", &fault, &bytes), OK);
    struct zones *zones = zones_create(in_folder("zones"));
    enum err err = OK;
    int count = 0;
    for (; count <= ZONES_MAX + 5 && err == OK; count++) {
        const struct zone *zone;
        snprintf(name, sizeof(name), "zones/Z%d", count);
        FILE *file = fopen(in_folder(name), "w");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
        fclose(file);
        err = zones_get(zones, name + 6, &fault, &zone);
    }
    assert_int_equal(err, ERR_LIMIT);
    assert_int_equal(count, ZONES_MAX + 1);
    const struct zone *kept = NULL;
    assert_int_equal(zones_get(zones, "Z0", &fault, &kept), OK);
    zones_destroy(zones);
    buf_finish(&bytes);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_or_refused),
        cmocka_unit_test(a_write_has_its_mode_and_leaves_nothing_behind),
        cmocka_unit_test(a_secret_is_one_line_that_not_everybody_reads),
        cmocka_unit_test(zone_names_lead_nowhere_else),
        cmocka_unit_test(zones_are_loaded_once),
        cmocka_unit_test(a_lock_has_one_holder),
        cmocka_unit_test(threads_share_the_zones),
        cmocka_unit_test(the_number_of_zones_is_bounded),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
