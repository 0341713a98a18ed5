#include "ingestor/journal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/hash.h"

#define SEGMENT_BYTES (INT64_C(64) << 20)
#define MAX_BYTES (INT64_C(4) << 30)
#define SEGMENT_MAX (INT64_MAX / 2)  /* there is always a next one */
#define HEAD 8                       /* length, CRC */
#define BODY_HEAD 10                 /* receipt time, topic length */
#define BODY_MAX (2u << 20)          /* the broker's own limit is 1 MiB */
#define READ_MAX (8u << 20)          /* what one batch may hold in memory */
#define FIND_MAX (INT64_C(64) << 20) /* bytes looked at to find the next record behind damage */

struct journal {
    char folder[3072];
    int64_t segment_bytes, max_bytes;
    pthread_mutex_t lock; /* guards end, waiting, refusing and the append descriptor */
    pthread_cond_t appended;
    struct journal_position end; /* where the next record goes */
    int append_fd;
    int64_t waiting_bytes;
    bool refusing;
    /* the appending thread's own */
    unsigned char *frame;
    size_t frame_cap;
    /* the reading thread's own */
    struct journal_position at, done;
    int read_fd;
    int64_t read_segment;
    unsigned char *batch; /* bodies of the records handed out since the last done */
    size_t batch_len;
    int64_t bad_records, torn_bytes, gaps;
    int64_t gap_before;  /* the segment behind the last gap that was counted */
    int64_t batch_bytes; /* of the file, since the last done */
};

static void put_le(unsigned char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_le(const unsigned char *in, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

/* A record is only valid where it was written: neither old bytes behind a shorter file nor a payload that looks like a record pass for one. */
static uint32_t record_crc(struct journal_position at, const unsigned char *body, size_t len)
{
    unsigned char place[16];
    put_le(place, (uint64_t)at.segment, 8);
    put_le(place + 8, (uint64_t)at.offset, 8);
    return crc32c(crc32c(0, place, sizeof place), body, len);
}

static void segment_name(int64_t segment, char out[32])
{
    snprintf(out, 32, "%012lld.journal", (long long)segment);
}

static void segment_path(const struct journal *journal, int64_t segment, char *out, size_t size)
{
    char name[32];
    segment_name(segment, name);
    snprintf(out, size, "%s/%s", journal->folder, name);
}

static int64_t segment_size(const struct journal *journal, int64_t segment)
{
    char path[4096];
    struct stat info;
    segment_path(journal, segment, path, sizeof path);
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

/* Calls for every segment number there is. A file whose name is not exactly a segment's is a stranger's. */
static bool each_segment(const struct journal *journal, void (*each)(struct journal *journal, int64_t segment, void *arg), void *arg)
{
    DIR *dir = opendir(journal->folder);
    if (!dir)
        return false;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char name[32];
        long long number = strtoll(entry->d_name, NULL, 10);
        segment_name(number, name);
        if (number >= 1 && number <= SEGMENT_MAX && strcmp(entry->d_name, name) == 0)
            each((struct journal *)journal, number, arg);
    }
    closedir(dir);
    return true;
}

struct found {
    int64_t first_wanted, first, last, bytes;
};

static void look_at_segment(struct journal *journal, int64_t segment, void *arg)
{
    struct found *found = arg;
    if (segment > found->last)
        found->last = segment;
    if (segment < found->first_wanted)
        return;
    if (segment < found->first)
        found->first = segment;
    found->bytes += segment_size(journal, segment);
}

struct after {
    int64_t segment, next;
};

static void look_for_next(struct journal *journal, int64_t segment, void *arg)
{
    struct after *after = arg;
    (void)journal;
    if (segment > after->segment && segment < after->next)
        after->next = segment;
}

static void delete_if_older(struct journal *journal, int64_t segment, void *arg)
{
    char path[4096];
    if (segment >= *(const int64_t *)arg)
        return;
    segment_path(journal, segment, path, sizeof path);
    unlink(path);
}

static enum err open_segment(struct journal *journal, int64_t segment, struct fault *fault)
{
    char path[4096];
    segment_path(journal, segment, path, sizeof path);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
    if (fd < 0)
        return fault_set(fault, ERR_RETRY, "journal: cannot open %.150s: %s", path, strerror(errno));
    int folder = open(journal->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) { /* so that the new name survives a power cut */
        fsync(folder);
        close(folder);
    }
    if (journal->append_fd >= 0) {
        fdatasync(journal->append_fd);
        close(journal->append_fd);
    }
    journal->append_fd = fd;
    journal->end = (struct journal_position){segment, 0};
    return OK;
}

enum err journal_open(const struct journal_settings *settings, struct journal_position stored, struct fault *fault, struct journal **out)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return fault_set(fault, ERR_FATAL, "no memory");
    pthread_condattr_t monotonic;
    pthread_mutex_init(&journal->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&journal->appended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    journal->append_fd = journal->read_fd = -1;
    journal->segment_bytes = settings->segment_bytes ? settings->segment_bytes : SEGMENT_BYTES;
    journal->max_bytes = settings->max_bytes ? settings->max_bytes : MAX_BYTES;
    snprintf(journal->folder, sizeof journal->folder, "%s", settings->folder);
    journal->batch = malloc(READ_MAX);
    enum err err = OK;
    struct found found = {.first_wanted = stored.segment, .first = INT64_MAX, .last = stored.segment};
    if (!journal->batch)
        err = fault_set(fault, ERR_FATAL, "no memory");
    else if (mkdir(journal->folder, 0750) != 0 && errno != EEXIST)
        err = fault_set(fault, ERR_FATAL, "journal: cannot make %.150s: %s", journal->folder, strerror(errno));
    else if (!each_segment(journal, look_at_segment, &found))
        err = fault_set(fault, ERR_FATAL, "journal: cannot read %.150s: %s", journal->folder, strerror(errno));
    else
        err = open_segment(journal, found.last + 1, fault);
    if (err != OK) {
        journal_close(journal);
        return err;
    }
    if (found.first == INT64_MAX)
        found.first = journal->end.segment;
    journal->at = found.first == stored.segment ? stored : (struct journal_position){found.first, 0};
    journal->done = journal->at;
    journal->waiting_bytes = found.bytes - (found.first == stored.segment ? stored.offset : 0);
    if (journal->waiting_bytes < 0)
        journal->waiting_bytes = 0;
    *out = journal;
    return OK;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->append_fd >= 0) {
        fdatasync(journal->append_fd);
        close(journal->append_fd);
    }
    if (journal->read_fd >= 0)
        close(journal->read_fd);
    pthread_cond_destroy(&journal->appended);
    pthread_mutex_destroy(&journal->lock);
    free(journal->frame);
    free(journal->batch);
    free(journal);
}

/* The record as it will stand on disk, in the appender's buffer, but for its CRC: that depends on the place. */
static size_t make_frame(struct journal *journal, int64_t received_utc_ms, const char *topic, size_t topic_len, const void *payload,
                         size_t payload_len)
{
    size_t body = BODY_HEAD + topic_len + payload_len;
    if (HEAD + body > journal->frame_cap) {
        unsigned char *more = realloc(journal->frame, HEAD + body);
        if (!more)
            return 0;
        journal->frame = more;
        journal->frame_cap = HEAD + body;
    }
    unsigned char *at = journal->frame + HEAD;
    put_le(at, (uint64_t)received_utc_ms, 8);
    put_le(at + 8, topic_len, 2);
    memcpy(at + BODY_HEAD, topic, topic_len);
    if (payload_len > 0)
        memcpy(at + BODY_HEAD + topic_len, payload, payload_len);
    put_le(journal->frame, body, 4);
    return HEAD + body;
}

/* Under the lock. */
static enum err append_frame(struct journal *journal, size_t len, struct fault *fault)
{
    if (journal->waiting_bytes > journal->max_bytes)
        return fault_set(fault, ERR_LIMIT, "journal: %lld bytes wait for the ledger", (long long)journal->waiting_bytes);
    if (journal->end.offset > 0 && journal->end.offset + (int64_t)len > journal->segment_bytes) {
        enum err err = open_segment(journal, journal->end.segment + 1, fault);
        if (err != OK)
            return err;
    }
    put_le(journal->frame + 4, record_crc(journal->end, journal->frame + HEAD, len - HEAD), 4);
    ssize_t written = pwrite(journal->append_fd, journal->frame, len, journal->end.offset);
    if (written != (ssize_t)len)
        return fault_set(fault, ERR_RETRY, "journal: %s", written < 0 ? strerror(errno) : "the disk is full");
    journal->end.offset += (int64_t)len;
    journal->waiting_bytes += (int64_t)len;
    return OK;
}

enum err journal_append(struct journal *journal, int64_t received_utc_ms, const char *topic, size_t topic_len, const void *payload,
                        size_t payload_len, struct fault *fault)
{
    if (topic_len > UINT16_MAX || BODY_HEAD + topic_len + payload_len > BODY_MAX)
        return fault_set(fault, ERR_INVALID, "journal: a message of %zu bytes is over the limit", payload_len);
    size_t len = make_frame(journal, received_utc_ms, topic, topic_len, payload, payload_len);
    if (len == 0)
        return fault_set(fault, ERR_RETRY, "journal: no memory");
    pthread_mutex_lock(&journal->lock);
    enum err err = append_frame(journal, len, fault);
    journal->refusing = err != OK;
    if (err == OK)
        pthread_cond_signal(&journal->appended);
    pthread_mutex_unlock(&journal->lock);
    return err;
}

/* Under the lock: does the reader stand before the end? */
static bool behind(const struct journal *journal)
{
    return journal->at.segment < journal->end.segment || journal->at.offset < journal->end.offset;
}

bool journal_wait(struct journal *journal, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)timeout_ms % 1000 * 1000000;
    until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&journal->lock);
    while (!behind(journal) && pthread_cond_timedwait(&journal->appended, &journal->lock, &until) == 0)
        ;
    bool more = behind(journal);
    pthread_mutex_unlock(&journal->lock);
    return more;
}

/* How far the present segment may be read. -1: it is not there; -2: the disk does not say. */
static int64_t readable(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    bool last = journal->at.segment == journal->end.segment;
    int64_t limit = journal->end.offset;
    pthread_mutex_unlock(&journal->lock);
    if (last)
        return limit;
    limit = segment_size(journal, journal->at.segment);
    return limit < 0 && errno != ENOENT ? -2 : limit;
}

static bool open_for_reading(struct journal *journal)
{
    char path[4096];
    if (journal->read_fd >= 0 && journal->read_segment == journal->at.segment)
        return true;
    if (journal->read_fd >= 0)
        close(journal->read_fd);
    segment_path(journal, journal->at.segment, path, sizeof path);
    journal->read_fd = open(path, O_RDONLY | O_CLOEXEC);
    journal->read_segment = journal->at.segment;
    return journal->read_fd >= 0;
}

enum record_state {
    RECORD_GOOD,
    RECORD_BAD,   /* damaged */
    RECORD_END,   /* nothing more in this segment */
    RECORD_LATER, /* the batch is full, or the disk refuses: what stands there may not be passed */
};

/* The file is opened anew for the next try. */
static enum record_state disk_refused(struct journal *journal)
{
    close(journal->read_fd);
    journal->read_fd = -1;
    return RECORD_LATER;
}

/* Reads the body of the record at a place behind what the batch holds, and checks it. */
static enum record_state read_body(struct journal *journal, int64_t limit, int64_t offset, uint32_t *out_len)
{
    unsigned char head[HEAD];
    if (offset + HEAD > limit)
        return RECORD_END;
    if (pread(journal->read_fd, head, HEAD, offset) != HEAD)
        return disk_refused(journal);
    uint32_t len = (uint32_t)get_le(head, 4);
    if (len < BODY_HEAD || len > BODY_MAX || offset + HEAD + len > limit)
        return RECORD_BAD;
    if (journal->batch_len + len > READ_MAX)
        return RECORD_LATER;
    unsigned char *body = journal->batch + journal->batch_len;
    if (pread(journal->read_fd, body, len, offset + HEAD) != (ssize_t)len)
        return disk_refused(journal);
    *out_len = len;
    bool good = record_crc((struct journal_position){journal->at.segment, offset}, body, len) == (uint32_t)get_le(head + 4, 4) &&
                BODY_HEAD + get_le(body + 8, 2) <= len;
    return good ? RECORD_GOOD : RECORD_BAD;
}

/* Where the next whole record begins after damage at `at`. END: nowhere in this segment, or not to be found with bearable work. */
static enum record_state find_record(struct journal *journal, int64_t limit, int64_t *out_offset)
{
    int64_t budget = FIND_MAX;
    for (int64_t offset = journal->at.offset + 1; offset + HEAD <= limit && budget > 0; offset++, budget--) {
        uint32_t len = 0;
        enum record_state state = read_body(journal, limit, offset, &len);
        budget -= len;
        if (state == RECORD_BAD)
            continue;
        *out_offset = offset;
        return state;
    }
    return RECORD_END;
}

static void pass(struct journal *journal, int64_t until)
{
    journal->batch_bytes += until - journal->at.offset;
    journal->at.offset = until;
}

/* Reads the record at `at` into the batch and goes past it; past what is damaged too. */
static enum record_state read_record(struct journal *journal, int64_t limit, struct journal_record *out)
{
    uint32_t len = 0;
    int64_t next = 0;
    if (limit == -2)
        return RECORD_LATER;
    if (limit < 0 || journal->at.offset + HEAD > limit)
        return RECORD_END;
    if (!open_for_reading(journal))
        return errno == ENOENT ? RECORD_END : RECORD_LATER;
    enum record_state state = read_body(journal, limit, journal->at.offset, &len);
    if (state == RECORD_BAD) {
        state = find_record(journal, limit, &next);
        if (state == RECORD_END && len > 0 && journal->at.offset + HEAD + len == limit) { /* it is the last one */
            state = RECORD_GOOD;
            next = limit;
        }
        if (state == RECORD_GOOD) {
            pass(journal, next);
            return RECORD_BAD;
        }
    }
    if (state != RECORD_GOOD)
        return state;
    const unsigned char *body = journal->batch + journal->batch_len;
    pass(journal, journal->at.offset + HEAD + len);
    journal->batch_len += len;
    out->received_utc_ms = (int64_t)get_le(body, 8);
    out->topic = (const char *)body + BODY_HEAD;
    out->topic_len = (size_t)get_le(body + 8, 2);
    out->payload = out->topic + out->topic_len;
    out->payload_len = len - BODY_HEAD - out->topic_len;
    out->next = journal->at;
    return RECORD_GOOD;
}

/* The segment after the present one, which is before the last one: where numbers are missing, the next that is there. */
static int64_t next_segment(const struct journal *journal, int64_t last)
{
    struct after after = {journal->at.segment, last};
    if (segment_size(journal, journal->at.segment + 1) >= 0 || !each_segment(journal, look_for_next, &after))
        return journal->at.segment + 1;
    return after.next;
}

bool journal_next(struct journal *journal, struct journal_record *out)
{
    for (;;) {
        int64_t limit = readable(journal);
        switch (read_record(journal, limit, out)) {
        case RECORD_GOOD:
            return true;
        case RECORD_BAD:
            __atomic_fetch_add(&journal->bad_records, 1, __ATOMIC_RELAXED);
            continue;
        case RECORD_LATER:
            return false;
        case RECORD_END:
            break;
        }
        pthread_mutex_lock(&journal->lock);
        int64_t last = journal->end.segment;
        pthread_mutex_unlock(&journal->lock);
        if (limit > journal->at.offset) { /* a torn end */
            __atomic_fetch_add(&journal->torn_bytes, limit - journal->at.offset, __ATOMIC_RELAXED);
            pass(journal, limit);
        }
        if (journal->at.segment >= last)
            return false;
        int64_t next = next_segment(journal, last);
        if (next > journal->at.segment + 1 && next > journal->gap_before) { /* again after a rewind is no other one */
            journal->gap_before = next;
            __atomic_fetch_add(&journal->gaps, 1, __ATOMIC_RELAXED);
        }
        journal->at = (struct journal_position){next, 0};
    }
}

void journal_rewind(struct journal *journal)
{
    journal->at = journal->done;
    journal->batch_len = 0;
    journal->batch_bytes = 0;
}

void journal_done(struct journal *journal)
{
    if (journal->at.segment > journal->done.segment)
        each_segment(journal, delete_if_older, &journal->at.segment);
    pthread_mutex_lock(&journal->lock);
    journal->waiting_bytes -= journal->batch_bytes;
    if (journal->waiting_bytes < 0)
        journal->waiting_bytes = 0;
    pthread_mutex_unlock(&journal->lock);
    journal->done = journal->at;
    journal->batch_len = 0;
    journal->batch_bytes = 0;
}

void journal_sync(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    int fd = journal->append_fd >= 0 ? dup(journal->append_fd) : -1;
    pthread_mutex_unlock(&journal->lock);
    if (fd >= 0) {
        fdatasync(fd);
        close(fd);
    }
}

void journal_look(struct journal *journal, struct journal_state *out)
{
    pthread_mutex_lock(&journal->lock);
    out->waiting_bytes = journal->waiting_bytes;
    out->refusing = journal->refusing;
    pthread_mutex_unlock(&journal->lock);
    out->bad_records = __atomic_load_n(&journal->bad_records, __ATOMIC_RELAXED);
    out->torn_bytes = __atomic_load_n(&journal->torn_bytes, __ATOMIC_RELAXED);
    out->gaps = __atomic_load_n(&journal->gaps, __ATOMIC_RELAXED);
}
