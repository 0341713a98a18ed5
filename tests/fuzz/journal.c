/*
 * The journal: an honest one is written, then damaged, then read. What stands on disk whole comes back, in order and once; nothing else does; and
 * life goes on behind it.
 *
 * The input: flags, size of segments, number of records, each one's length and what follows it, the position that commit A stored, the damage.
 */
#include "ingestor/journal.h"
#include <string.h>
#include "tests/fuzz/files.h"

#define RECORDS_MAX 48
#define FILES_MAX 64

struct written {
    struct journal_position from, until;
    unsigned char bytes[1200];
};

static struct written written[RECORDS_MAX];
static int count;
static char paths[FILES_MAX][256];
static int path_count;

/* Record n. Its payload may look like a segment: it is one, with the records before it. */
static size_t make(int n, unsigned shape, char topic[32], char payload[1024])
{
    size_t len = shape * 4;
    snprintf(topic, 32, "meters/m%d/readings", n);
    memset(payload, 'a' + n % 26, 1024);
    if (shape % 5 == 0 && n > 0)
        memcpy(payload, written[n - 1].bytes, 1000);
    return len > 1000 ? 1000 : len;
}

static void reopen(const struct journal_settings *settings, struct journal_position at, struct journal **journal)
{
    struct fault fault = {0};
    journal_close(*journal);
    *journal = NULL;
    must(journal_open(settings, at, &fault, journal) == OK);
}

/* The next record is this one, in words and place. */
static void hold_record(const struct journal_record *record, const struct written *expected)
{
    const unsigned char *body = expected->bytes + 8;
    size_t topic_len = (size_t)(body[8] | body[9] << 8), len = (size_t)(expected->until.offset - expected->from.offset) - 18;
    must(record->next.segment == expected->until.segment && record->next.offset == expected->until.offset);
    must(record->topic_len == topic_len && record->payload_len == len - topic_len);
    must(memcmp(record->topic, body + 10, topic_len) == 0);
    must(memcmp(record->payload, body + 10 + topic_len, record->payload_len) == 0);
    must(record->received_utc_ms == expected - written);
}

static void path_of(const char *folder, int64_t segment, char out[256])
{
    snprintf(out, 256, "%s/%012lld.journal", folder, (long long)segment);
}

/* As it was written, all of it is there; where each record stands is learnt from it. */
static void write_honestly(struct script *script, const struct journal_settings *settings, struct journal **journal)
{
    char topic[32], payload[1024];
    int wanted = script_byte(script) % RECORDS_MAX;
    for (count = 0; count < wanted; count++) {
        unsigned shape = script_byte(script);
        size_t len = make(count, shape, topic, payload);
        struct written *one = &written[count];
        must(journal_append(*journal, count, topic, strlen(topic), payload, len, NULL) == OK);
        memset(one, 0, sizeof *one);
        one->bytes[16] = (unsigned char)strlen(topic);
        memcpy(one->bytes + 18, topic, strlen(topic));
        memcpy(one->bytes + 18 + strlen(topic), payload, len);
        one->until.offset = (int64_t)(18 + strlen(topic) + len);
        if (shape % 7 == 0)
            reopen(settings, (struct journal_position){0, 0}, journal);
    }
    reopen(settings, (struct journal_position){0, 0}, journal);
    for (int i = 0; i < count; i++) {
        struct journal_record record;
        struct written *one = &written[i];
        size_t size;
        char path[256];
        must(journal_next(*journal, &record));
        one->from = (struct journal_position){record.next.segment, record.next.offset - one->until.offset};
        one->until = record.next;
        hold_record(&record, one);
        path_of(settings->folder, one->from.segment, path);
        unsigned char *file = read_whole(path, &size);
        must(file && (int64_t)size >= one->until.offset);
        memcpy(one->bytes, file + one->from.offset, (size_t)(one->until.offset - one->from.offset));
        free(file);
    }
    must(!journal_next(*journal, &(struct journal_record){0}));
}

static void list_paths(const char *folder)
{
    static const char *const strangers[] = {"999999999999.journal",     "1.journal", "-5.journal",
                                            "000000000003.journal.old", "notes",     "99999999999999999999.journal"};
    int64_t last = count > 0 ? written[count - 1].until.segment : 0;
    path_count = 0;
    for (int64_t segment = 1; segment <= last + 2 && path_count < FILES_MAX - 6; segment++)
        path_of(folder, segment, paths[path_count++]);
    for (int i = 0; i < 6; i++)
        snprintf(paths[path_count++], 256, "%s/%s", folder, strangers[i]);
}

static bool stands(const char *folder, const struct written *one)
{
    char path[256];
    size_t size = 0, len = (size_t)(one->until.offset - one->from.offset);
    path_of(folder, one->from.segment, path);
    unsigned char *file = read_whole(path, &size);
    bool whole = file && (int64_t)size >= one->until.offset && memcmp(file + one->from.offset, one->bytes, len) == 0;
    free(file);
    return whole;
}

static bool before(struct journal_position a, struct journal_position b)
{
    return a.segment < b.segment || (a.segment == b.segment && a.offset < b.offset);
}

static void go_on(const struct journal_settings *settings, struct journal **journal)
{
    struct journal_record record;
    struct journal_position last = {0, 0};
    struct journal_state state;
    for (int i = 0; i < 3; i++)
        must(journal_append(*journal, 1000 + i, "later", 5, "{}", 2, NULL) == OK);
    must(journal_wait(*journal, 0));
    for (int i = 0; i < 3; i++) {
        must(journal_next(*journal, &record) && record.received_utc_ms == 1000 + i && record.payload_len == 2);
        last = record.next;
    }
    must(!journal_next(*journal, &record));
    journal_done(*journal);
    journal_look(*journal, &state);
    must(state.waiting_bytes == 0 && state.bad_records >= 0 && state.torn_bytes >= 0);
    reopen(settings, last, journal);
    must(!journal_next(*journal, &record));
    must(journal_append(*journal, 2000, "last", 4, "", 0, NULL) == OK);
    must(journal_next(*journal, &record) && record.received_utc_ms == 2000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script = {data, data + size};
    struct journal_settings settings = {.folder = fresh_folder(), .segment_bytes = 200 + script_byte(&script) * 16};
    struct journal *journal = NULL;
    struct journal_record record;
    reopen(&settings, (struct journal_position){0, 0}, &journal);
    write_honestly(&script, &settings, &journal);
    journal_close(journal);
    journal = NULL;
    list_paths(settings.folder);
    unsigned stored = script_byte(&script);
    struct journal_position at = count > 0 && stored % 2 ? written[stored % (unsigned)count].until : (struct journal_position){0, 0};
    for (int i = 0; i < 16 && script.at < script.end; i++)
        damage_one(&script, paths, path_count);
    static bool whole[RECORDS_MAX];
    for (int i = 0; i < count; i++)
        whole[i] = !before(written[i].from, at) && stands(settings.folder, &written[i]);
    reopen(&settings, at, &journal);
    for (int i = 0; i < count; i++)
        if (whole[i]) {
            must(journal_next(journal, &record));
            hold_record(&record, &written[i]);
        }
    must(!journal_next(journal, &record));
    go_on(&settings, &journal);
    journal_close(journal);
    return 0;
}
