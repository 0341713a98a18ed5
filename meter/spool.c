#include "meter/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "meter/spool_record.h"

#define SEGMENT_MAX (UINT_MAX / 2) /* there is always a next one */

struct kept {
    struct spool_reading reading;
    bool settled;
};

struct segment {
    unsigned number;
    uint64_t end; /* readings up to here (excluded) are in this segment or before */
};

struct spool {
    int dir_fd, lock_fd, fd; /* fd: the last segment */
    struct spool_limits limits;
    struct kept *ring; /* limits.max_readings long; reading n is at n % max_readings */
    uint64_t first, end;
    struct segment *segments;
    size_t segment_count, segment_cap;
    size_t records; /* in the last segment */
    bool has_last, dirty;
    struct spool_reading last;
    struct spool_counts counts;
};

static enum err disk_fault(struct fault *fault, const char *what)
{
    return fault_set(fault, ERR_RETRY, "spool: %s: %s", what, strerror(errno));
}

static void segment_name(unsigned number, char out[24])
{
    snprintf(out, 24, "%010u.spool", number);
}

static struct kept *at(const struct spool *spool, uint64_t number)
{
    return &spool->ring[number % spool->limits.max_readings];
}

/* ---- what is kept, in memory ---- */

static void skip_settled(struct spool *spool)
{
    while (spool->first < spool->end && at(spool, spool->first)->settled)
        spool->first++;
}

static void keep(struct spool *spool, const struct spool_reading *reading)
{
    if (spool->end - spool->first == spool->limits.max_readings) {
        spool->first++;
        spool->counts.dropped++;
        skip_settled(spool);
    }
    *at(spool, spool->end++) = (struct kept){.reading = *reading};
    spool->last = *reading;
    spool->has_last = true;
}

static bool settle(struct spool *spool, const char *boot, int64_t seq)
{
    bool any = false;
    for (uint64_t n = spool->first; n < spool->end; n++) {
        struct kept *kept = at(spool, n);
        if (!kept->settled && kept->reading.seq <= seq && strcmp(kept->reading.boot, boot) == 0)
            any = kept->settled = true;
    }
    skip_settled(spool);
    return any;
}

/* ---- segments ---- */

static void drop_old_segments(struct spool *spool)
{
    size_t gone = 0;
    while (gone + 1 < spool->segment_count && spool->segments[gone].end <= spool->first) {
        char name[24];
        segment_name(spool->segments[gone].number, name);
        unlinkat(spool->dir_fd, name, 0);
        gone++;
    }
    spool->segment_count -= gone;
    memmove(spool->segments, spool->segments + gone, spool->segment_count * sizeof *spool->segments);
}

static enum err remember_segment(struct spool *spool, unsigned number, struct fault *fault)
{
    if (spool->segment_count == spool->segment_cap) {
        size_t cap = spool->segment_cap * 2 + 8;
        struct segment *bigger = realloc(spool->segments, cap * sizeof *bigger);
        if (bigger == NULL)
            return fault_set(fault, ERR_FATAL, "spool: no memory");
        spool->segments = bigger;
        spool->segment_cap = cap;
    }
    spool->segments[spool->segment_count++] = (struct segment){.number = number, .end = spool->end};
    return OK;
}

/* Writes all of it or nothing. */
static enum err write_whole(struct spool *spool, const void *bytes, size_t len, struct fault *fault)
{
    off_t before = lseek(spool->fd, 0, SEEK_END);
    ssize_t n = write(spool->fd, bytes, len);
    if (n == (ssize_t)len) {
        spool->dirty = true;
        return OK;
    }
    if (n >= 0)
        errno = ENOSPC;
    enum err err = disk_fault(fault, "cannot write");
    if (before >= 0 && ftruncate(spool->fd, before) != 0)
        return fault_set(fault, ERR_RETRY, "spool: cannot write, nor cut what was half written");
    return err;
}

static enum err write_record(struct spool *spool, enum spool_record_kind kind, const struct spool_reading *reading, struct fault *fault)
{
    unsigned char bytes[SPOOL_RECORD_SIZE];
    spool_record_write(kind, reading, bytes);
    enum err err = write_whole(spool, bytes, sizeof bytes, fault);
    if (err == OK)
        spool->records++;
    return err;
}

static enum err begin_segment(struct spool *spool, struct fault *fault)
{
    char name[24];
    unsigned number = spool->segment_count > 0 ? spool->segments[spool->segment_count - 1].number + 1 : 1;
    segment_name(number, name);
    int fd = openat(spool->dir_fd, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    if (fd < 0)
        return disk_fault(fault, "cannot begin a segment");
    int former = spool->fd;
    spool->fd = fd;
    spool->records = 0;
    enum err err = write_whole(spool, SPOOL_MAGIC, SPOOL_MAGIC_SIZE, fault);
    if (err == OK && spool->has_last)
        err = write_record(spool, SPOOL_STATE, &spool->last, fault);
    if (err == OK)
        err = remember_segment(spool, number, fault);
    if (err != OK) {
        close(fd);
        unlinkat(spool->dir_fd, name, 0);
        spool->fd = former;
        spool->records = spool->limits.segment_records; /* so that the next append tries again */
        return err;
    }
    if (former >= 0) {
        fdatasync(former);
        close(former);
    }
    fsync(spool->dir_fd);
    return OK;
}

static enum err room_for_a_record(struct spool *spool, struct fault *fault)
{
    if (spool->fd >= 0 && spool->records < spool->limits.segment_records)
        return OK;
    enum err err = begin_segment(spool, fault);
    if (err == OK)
        drop_old_segments(spool);
    return err;
}

/* ---- opening ---- */

static void take_record(struct spool *spool, enum spool_record_kind kind, const struct spool_reading *reading)
{
    if (kind == SPOOL_READING) {
        keep(spool, reading);
    } else if (kind == SPOOL_RECEIPT) {
        settle(spool, reading->boot, reading->seq);
    } else if (!spool->has_last) {
        spool->last = *reading;
        spool->has_last = true;
    }
}

/* Reads a segment; cuts what is torn off the last one and leaves it open for appending. */
static enum err load_segment(struct spool *spool, unsigned number, bool is_last, struct fault *fault)
{
    char name[24], magic[SPOOL_MAGIC_SIZE];
    unsigned char bytes[SPOOL_RECORD_SIZE];
    enum spool_record_kind kind;
    struct spool_reading reading;
    segment_name(number, name);
    int fd = openat(spool->dir_fd, name, O_RDWR | O_CLOEXEC | O_APPEND);
    FILE *file = fd >= 0 ? fdopen(dup(fd), "r") : NULL;
    enum err err = file != NULL ? OK : disk_fault(fault, name);
    long good = 0, size = 0;
    spool->records = 0;
    if (err == OK && fread(magic, sizeof magic, 1, file) == 1 && memcmp(magic, SPOOL_MAGIC, sizeof magic) == 0) {
        long place = good = SPOOL_MAGIC_SIZE;
        for (; fread(bytes, sizeof bytes, 1, file) == 1; spool->records++) {
            place += SPOOL_RECORD_SIZE;
            if (spool_record_read(bytes, &kind, &reading)) {
                take_record(spool, kind, &reading);
                good = place;
            } else {
                spool->counts.bad_records++;
            }
        }
    }
    if (file != NULL) {
        fseek(file, 0, SEEK_END);
        size = ftell(file);
        fclose(file);
    }
    if (err == OK && is_last && good < SPOOL_MAGIC_SIZE) {
        spool->records = spool->limits.segment_records; /* not even a magic: leave it, begin another */
    } else if (err == OK && is_last && good < size) {
        spool->counts.torn_bytes += (uint64_t)(size - good);
        if (ftruncate(fd, good) != 0)
            err = disk_fault(fault, "cannot cut the torn tail");
    }
    if (err == OK)
        err = remember_segment(spool, number, fault);
    if (err == OK && is_last)
        spool->fd = fd;
    else if (fd >= 0)
        close(fd);
    return err;
}

static int by_number(const void *a, const void *b)
{
    const unsigned *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static enum err list_segments(struct spool *spool, struct fault *fault, unsigned **out, size_t *out_count)
{
    unsigned *numbers = NULL;
    size_t count = 0, cap = 0;
    int fd = dup(spool->dir_fd);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL)
        return disk_fault(fault, "cannot list");
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char name[24];
        unsigned number = (unsigned)strtoul(entry->d_name, NULL, 10);
        segment_name(number, name);
        if (number < 1 || number > SEGMENT_MAX || strcmp(entry->d_name, name) != 0) /* a stranger's */
            continue;
        if (count == cap) {
            unsigned *bigger = realloc(numbers, (cap = cap * 2 + 16) * sizeof *numbers);
            if (bigger == NULL) {
                free(numbers);
                closedir(dir);
                return fault_set(fault, ERR_FATAL, "spool: no memory");
            }
            numbers = bigger;
        }
        numbers[count++] = number;
    }
    closedir(dir);
    if (count > 1)
        qsort(numbers, count, sizeof *numbers, by_number);
    *out = numbers;
    *out_count = count;
    return OK;
}

static enum err load(struct spool *spool, struct fault *fault)
{
    unsigned *numbers = NULL;
    size_t count = 0;
    enum err err = list_segments(spool, fault, &numbers, &count);
    for (size_t i = 0; i < count && err == OK; i++) {
        err = load_segment(spool, numbers[i], i + 1 == count, fault);
        if (err == OK)
            spool->segments[spool->segment_count - 1].end = spool->end;
    }
    free(numbers);
    if (err == OK)
        err = room_for_a_record(spool, fault);
    return err;
}

static enum err open_dir(struct spool *spool, const char *dir, struct fault *fault)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return disk_fault(fault, dir);
    spool->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->dir_fd < 0)
        return disk_fault(fault, dir);
    spool->lock_fd = openat(spool->dir_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (spool->lock_fd < 0)
        return disk_fault(fault, "lock");
    if (flock(spool->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return fault_set(fault, ERR_CONFLICT, "spool: another process has %s", dir);
    return OK;
}

enum err spool_open(const char *dir, const struct spool_limits *limits, struct fault *fault, struct spool **out)
{
    if (limits->max_readings < 16 || limits->segment_records < 8)
        return fault_set(fault, ERR_INVALID, "spool: at least 16 readings, and 8 records a segment");
    struct spool *spool = calloc(1, sizeof *spool);
    if (spool == NULL)
        return fault_set(fault, ERR_FATAL, "spool: no memory");
    spool->dir_fd = spool->lock_fd = spool->fd = -1;
    spool->limits = *limits;
    spool->ring = calloc(limits->max_readings, sizeof *spool->ring);
    enum err err = spool->ring != NULL ? open_dir(spool, dir, fault) : fault_set(fault, ERR_FATAL, "spool: no memory");
    if (err == OK)
        err = load(spool, fault);
    if (err != OK) {
        spool_close(spool);
        return err;
    }
    drop_old_segments(spool);
    *out = spool;
    return OK;
}

void spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->fd >= 0)
        spool_sync(spool, NULL);
    int fds[] = {spool->fd, spool->lock_fd, spool->dir_fd};
    for (size_t i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(spool->segments);
    free(spool->ring);
    free(spool);
}

/* ---- use ---- */

enum err spool_append(struct spool *spool, const struct spool_reading *reading, struct fault *fault)
{
    size_t len = strnlen(reading->boot, SPOOL_BOOT_SIZE);
    if (len == 0 || len == SPOOL_BOOT_SIZE)
        return fault_set(fault, ERR_INVALID, "spool: a boot has 1 to %d characters", SPOOL_BOOT_SIZE - 1);
    enum err err = room_for_a_record(spool, fault);
    if (err == OK)
        err = write_record(spool, SPOOL_READING, reading, fault);
    if (err != OK)
        return err;
    keep(spool, reading);
    spool->segments[spool->segment_count - 1].end = spool->end;
    return OK;
}

bool spool_receipt(struct spool *spool, const char *boot, int64_t seq)
{
    struct spool_reading receipt = {.seq = seq};
    if (!settle(spool, boot, seq))
        return false;
    /* Best effort: a receipt that is not on disk costs a repetition, which changes nothing. */
    text_copy(receipt.boot, sizeof receipt.boot, boot);
    if (room_for_a_record(spool, NULL) == OK)
        write_record(spool, SPOOL_RECEIPT, &receipt, NULL);
    drop_old_segments(spool);
    return true;
}

enum err spool_sync(struct spool *spool, struct fault *fault)
{
    if (!spool->dirty)
        return OK;
    if (fdatasync(spool->fd) != 0)
        return disk_fault(fault, "cannot sync");
    spool->dirty = false;
    return OK;
}

uint64_t spool_first(const struct spool *spool)
{
    return spool->first;
}

uint64_t spool_end(const struct spool *spool)
{
    return spool->end;
}

const struct spool_reading *spool_get(const struct spool *spool, uint64_t number)
{
    if (number < spool->first || number >= spool->end || at(spool, number)->settled)
        return NULL;
    return &at(spool, number)->reading;
}

bool spool_last(const struct spool *spool, struct spool_reading *out)
{
    if (spool->has_last)
        *out = spool->last;
    return spool->has_last;
}

struct spool_counts spool_counts(const struct spool *spool)
{
    struct spool_counts counts = spool->counts;
    counts.segments = spool->segment_count;
    return counts;
}
