/* The journal: what was appended comes back, once, in order, whatever happened to the process, and as much of it as the disk still holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "ingestor/journal.h"

static char folder[32];
static struct journal *journal;
static struct journal_settings settings;
static struct journal_position position; /* as commit A would have stored it */

static void reopen(void)
{
    struct fault fault = {0};
    journal_close(journal);
    journal = NULL;
    if (journal_open(&settings, position, &fault, &journal) != OK)
        fail_msg("%s", fault.text);
}

static int fresh(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qw-journal-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    settings = (struct journal_settings){.folder = folder};
    position = (struct journal_position){0, 0};
    reopen();
    return 0;
}

static int gone(void **state)
{
    char command[128];
    (void)state;
    journal_close(journal);
    journal = NULL;
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", folder, folder);
    return system(command);
}

/* Record n: its number in topic, time and payload; lengths vary. */
static enum err append(int n)
{
    char topic[64], payload[512];
    struct fault fault = {0};
    int topic_len = snprintf(topic, sizeof topic, "meters/m%d/readings", n);
    int len = snprintf(payload, sizeof payload, "{\"n\":%d,\"pad\":\"%.*s\"}", n, n * 7 % 200,
                       "................................................................"
                       "............................................................................................................................."
                       "...................");
    return journal_append(journal, 1000 + n, topic, (size_t)topic_len, payload, (size_t)len, &fault);
}

/* The number of the next record, checked all over; -1: there is none. */
static int next(void)
{
    struct journal_record record;
    char topic[64], head[32];
    if (!journal_next(journal, &record))
        return -1;
    int n = (int)(record.received_utc_ms - 1000);
    int topic_len = snprintf(topic, sizeof topic, "meters/m%d/readings", n);
    int head_len = snprintf(head, sizeof head, "{\"n\":%d,", n);
    assert_int_equal(record.topic_len, topic_len);
    assert_memory_equal(record.topic, topic, record.topic_len);
    assert_true(record.payload_len > (size_t)head_len);
    assert_memory_equal(record.payload, head, (size_t)head_len);
    position = record.next;
    return n;
}

static void append_many(int from, int until)
{
    for (int n = from; n < until; n++)
        assert_int_equal(append(n), OK);
}

static void expect(int from, int until)
{
    for (int n = from; n < until; n++)
        assert_int_equal(next(), n);
}

static int64_t size_of(int segment)
{
    char path[128];
    struct stat info;
    snprintf(path, sizeof path, "%s/%012d.journal", folder, segment);
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

static struct journal_state look(void)
{
    struct journal_state state;
    journal_look(journal, &state);
    return state;
}

static void reads_what_was_appended(void **state)
{
    (void)state;
    assert_false(journal_wait(journal, 0));
    assert_int_equal(next(), -1);
    append_many(0, 100);
    assert_true(journal_wait(journal, 0));
    assert_true(look().waiting_bytes > 0);
    expect(0, 100);
    assert_int_equal(next(), -1);
    journal_done(journal);
    assert_int_equal(look().waiting_bytes, 0);
    append_many(100, 110);
    expect(100, 110);
    struct journal_record record;
    assert_int_equal(journal_append(journal, 7, "", 0, "", 0, NULL), OK); /* nothing at all is a message too */
    assert_true(journal_next(journal, &record));
    assert_true(record.topic_len == 0 && record.payload_len == 0 && record.received_utc_ms == 7);
}

static void tried_again_after_rewind(void **state)
{
    (void)state;
    append_many(0, 30);
    expect(0, 10);
    journal_done(journal);
    expect(10, 25);
    journal_rewind(journal);
    expect(10, 30);
    journal_rewind(journal);
    expect(10, 30);
    journal_done(journal);
    journal_rewind(journal); /* to the last done, which is here */
    assert_int_equal(next(), -1);
}

/* A batch stays readable until it is done, however many records it has. */
static void a_batch_stays_in_memory(void **state)
{
    struct journal_record records[500];
    (void)state;
    append_many(0, 500);
    for (int i = 0; i < 500; i++)
        assert_true(journal_next(journal, &records[i]));
    for (int i = 0; i < 500; i++) {
        char head[32];
        int len = snprintf(head, sizeof head, "{\"n\":%d,", i);
        assert_memory_equal(records[i].payload, head, (size_t)len);
    }
}

/* Segments end at their size and go when all in them is done. */
static void segments_come_and_go(void **state)
{
    (void)state;
    settings.segment_bytes = 2000;
    reopen();
    append_many(0, 200);
    int last = 0;
    for (int s = 1; s < 100; s++)
        if (size_of(s) >= 0) {
            assert_true(size_of(s) <= 2000);
            last = s;
        }
    assert_true(last > 10);
    expect(0, 200);
    assert_true(size_of(5) > 0); /* not done yet */
    journal_done(journal);
    for (int s = 1; s < last; s++)
        assert_int_equal(size_of(s), -1);
    assert_true(size_of(last) > 0);
}

static void a_restart_begins_a_segment_and_loses_nothing(void **state)
{
    (void)state;
    append_many(0, 20);
    expect(0, 10);
    journal_done(journal); /* and commit A stored `position` */
    reopen();
    append_many(20, 30);
    expect(10, 30);
    journal_done(journal);
    reopen();
    assert_int_equal(look().waiting_bytes, 0);
    assert_int_equal(next(), -1);
    append_many(30, 31);
    expect(30, 31);
}

/* What was handed out and not committed comes again after a restart. */
static void uncommitted_comes_again(void **state)
{
    struct journal_position committed;
    (void)state;
    append_many(0, 20);
    expect(0, 5);
    committed = position;
    journal_done(journal);
    expect(5, 15);
    position = committed;
    reopen();
    assert_true(look().waiting_bytes > 0);
    expect(5, 20);
}

static void a_torn_tail_is_cut(void **state)
{
    char path[128];
    (void)state;
    append_many(0, 10);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    int64_t whole = size_of(1);
    for (int64_t cut = 1; cut < 40; cut += 3) {
        assert_int_equal(truncate(path, whole - cut), 0);
        position = (struct journal_position){0, 0};
        reopen();
        expect(0, 9);
        assert_int_equal(next(), -1);
        assert_true(look().torn_bytes > 0);
        assert_int_equal(look().bad_records, 0);
        append_many(100, 101); /* life goes on */
        expect(100, 101);
        journal_rewind(journal);
        for (int s = 2; s < 100; s++) {
            char other[128];
            snprintf(other, sizeof other, "%s/%012d.journal", folder, s);
            unlink(other);
        }
    }
}

/* A folder that holds this one segment and nothing else. */
static void only_segment(const char *bytes, size_t len)
{
    char path[128];
    journal_close(journal);
    journal = NULL;
    for (int n = 1; n < 10; n++) {
        snprintf(path, sizeof path, "%s/%012d.journal", folder, n);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
    position = (struct journal_position){0, 0};
    reopen();
}

/* A bit that flipped anywhere costs its record, which is counted, and no other. */
static void a_flipped_bit_costs_one_record(void **state)
{
    char path[128], bytes[8192];
    (void)state;
    append_many(0, 3);
    int64_t start = size_of(1);
    append_many(3, 4);
    int64_t end = size_of(1);
    append_many(4, 10);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    FILE *file = fopen(path, "rb");
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int64_t bit = start * 8; bit < end * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        only_segment(bytes, len);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        expect(0, 3);
        int got = next();
        if (got != 4)
            fail_msg("bit %d of the record: %d came next", (int)(bit - start * 8), got);
        expect(5, 10);
        assert_int_equal(next(), -1);
        assert_int_equal(look().bad_records, 1);
        assert_int_equal(look().torn_bytes, 0);
        journal_done(journal);
        assert_int_equal(look().waiting_bytes, 0);
    }
}

/* Also where the damaged length makes the record end exactly where the segment does. */
static void a_length_to_the_very_end(void **state)
{
    char path[128], bytes[8192];
    (void)state;
    append_many(0, 3);
    int64_t start = size_of(1);
    append_many(3, 10);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    FILE *file = fopen(path, "rb");
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int i = 0; i < 4; i++)
        bytes[start + i] = (char)((len - (size_t)start - 8) >> 8 * i);
    only_segment(bytes, len);
    expect(0, 3);
    expect(4, 10);
    assert_int_equal(next(), -1);
    assert_int_equal(look().bad_records, 1);
}

/* A payload that looks like a record is none, also where the record around it is damaged. */
static void a_record_inside_a_payload(void **state)
{
    char bytes[8192], path[128];
    struct journal_record record;
    (void)state;
    append_many(0, 1);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    FILE *file = fopen(path, "rb");
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(journal_append(journal, 5, "meters/mine/readings", 20, bytes, len, NULL), OK);
    append_many(7, 8);
    file = fopen(path, "rb");
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    only_segment(bytes, len);
    assert_true(journal_next(journal, &record));
    bytes[record.next.offset] ^= 1; /* the head of the one that holds the forged one */
    only_segment(bytes, len);
    expect(0, 1);
    assert_int_equal(next(), 7);
    assert_int_equal(next(), -1);
    assert_int_equal(look().bad_records, 1);
}

static void a_missing_segment_is_passed(void **state)
{
    char path[128];
    (void)state;
    settings.segment_bytes = 1000;
    reopen();
    append_many(0, 60);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 4);
    assert_int_equal(unlink(path), 0);
    position = (struct journal_position){0, 0};
    reopen();
    int n, last = -1, count = 0;
    while ((n = next()) >= 0) {
        assert_true(n > last);
        last = n;
        count++;
    }
    assert_int_equal(last, 59);
    assert_in_range(count, 40, 59);
    assert_int_equal(look().gaps, 1);
    journal_done(journal);
    assert_int_equal(look().waiting_bytes, 0);
}

/* Segments that were read to their end are deleted, though the position that is stored still points into the last of them: that is no loss. */
static void a_segment_that_was_read_is_not_missing(void **state)
{
    (void)state;
    append_many(0, 10);
    expect(0, 10);
    journal_done(journal);
    for (int i = 0; i < 3; i++) {
        reopen();
        assert_int_equal(next(), -1);
        journal_done(journal);
        assert_int_equal(look().gaps, 0);
    }
    append_many(10, 12);
    expect(10, 12);
    assert_int_equal(look().gaps, 0);
}

/* Power went: the ledger's position is ahead of what reached the disk. What comes later is not mistaken for what was lost. */
static void a_position_beyond_the_file(void **state)
{
    char path[128];
    (void)state;
    append_many(0, 10);
    expect(0, 10);
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    assert_int_equal(truncate(path, 100), 0);
    reopen();
    assert_int_equal(next(), -1);
    append_many(10, 13);
    expect(10, 13);
}

static void a_full_journal_says_so(void **state)
{
    struct fault fault = {0};
    int n = 0;
    (void)state;
    settings.max_bytes = 5000;
    reopen();
    while (append(n) == OK)
        n++;
    assert_in_range(n, 10, 100);
    assert_int_equal(journal_append(journal, 1, "t", 1, "p", 1, &fault), ERR_LIMIT);
    assert_true(fault.text[0]);
    assert_true(look().refusing);
    expect(0, n);
    assert_int_equal(append(n), ERR_LIMIT); /* read is not stored */
    journal_done(journal);
    assert_int_equal(append(n), OK);
    assert_false(look().refusing);
    expect(n, n + 1);
}

static void what_no_message_can_be(void **state)
{
    char *large = calloc(1, 3 << 20);
    struct journal_record record;
    (void)state;
    assert_int_equal(journal_append(journal, 1, "t", 1, large, 3 << 20, NULL), ERR_INVALID);
    assert_int_equal(journal_append(journal, 1, large, 70000, "", 0, NULL), ERR_INVALID);
    for (int i = 0; i < 20; i++) /* more than one batch may hold in memory */
        assert_int_equal(journal_append(journal, i, "t", 1, large, 1 << 20, NULL), OK);
    int seen = 0, batches = 0;
    while (journal_wait(journal, 0) && batches < 50) {
        while (journal_next(journal, &record)) {
            assert_true(record.received_utc_ms == seen && record.payload_len == 1 << 20);
            seen++;
        }
        journal_done(journal);
        batches++;
    }
    assert_int_equal(seen, 20);
    assert_in_range(batches, 3, 20);
    free(large);
}

/* A folder that cannot be opened for a moment (too many files, a sick disk) is no reason to pass what it holds. */
static void a_refusing_disk_skips_nothing(void **state)
{
    char path[128], aside[160];
    (void)state;
    append_many(0, 10);
    reopen(); /* nothing of it is open for reading now */
    snprintf(path, sizeof path, "%s/%012d.journal", folder, 1);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(mkdir(path, 0700), 0); /* opens, and cannot be read */
    assert_int_equal(next(), -1);
    assert_int_equal(look().torn_bytes, 0);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rename(aside, path), 0);
    expect(0, 10);
}

static void strangers_in_the_folder(void **state)
{
    char path[128];
    (void)state;
    append_many(0, 3);
    snprintf(path, sizeof path, "%s/notes.txt", folder);
    fclose(fopen(path, "w"));
    snprintf(path, sizeof path, "%s/99.journal.old", folder);
    fclose(fopen(path, "w"));
    snprintf(path, sizeof path, "%s/1.journal", folder); /* not as a segment is named */
    fclose(fopen(path, "w"));
    snprintf(path, sizeof path, "%s/999999999999.journal", folder); /* it is, and the numbers before it are not looked for one by one */
    fclose(fopen(path, "w"));
    reopen();
    expect(0, 3);
    append_many(3, 5);
    reopen();
    expect(3, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_was_appended, fresh, gone),
        cmocka_unit_test_setup_teardown(tried_again_after_rewind, fresh, gone),
        cmocka_unit_test_setup_teardown(a_batch_stays_in_memory, fresh, gone),
        cmocka_unit_test_setup_teardown(segments_come_and_go, fresh, gone),
        cmocka_unit_test_setup_teardown(a_restart_begins_a_segment_and_loses_nothing, fresh, gone),
        cmocka_unit_test_setup_teardown(uncommitted_comes_again, fresh, gone),
        cmocka_unit_test_setup_teardown(a_torn_tail_is_cut, fresh, gone),
        cmocka_unit_test_setup_teardown(a_flipped_bit_costs_one_record, fresh, gone),
        cmocka_unit_test_setup_teardown(a_length_to_the_very_end, fresh, gone),
        cmocka_unit_test_setup_teardown(a_record_inside_a_payload, fresh, gone),
        cmocka_unit_test_setup_teardown(a_missing_segment_is_passed, fresh, gone),
        cmocka_unit_test_setup_teardown(a_segment_that_was_read_is_not_missing, fresh, gone),
        cmocka_unit_test_setup_teardown(a_position_beyond_the_file, fresh, gone),
        cmocka_unit_test_setup_teardown(a_full_journal_says_so, fresh, gone),
        cmocka_unit_test_setup_teardown(what_no_message_can_be, fresh, gone),
        cmocka_unit_test_setup_teardown(a_refusing_disk_skips_nothing, fresh, gone),
        cmocka_unit_test_setup_teardown(strangers_in_the_folder, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
