/*
 * A disk that can lose its power, for tests: loaded with LD_PRELOAD into a program whose files live below QW_DISK_DIR.
 *
 *   QW_DISK_DIR     the folder that is watched
 *   QW_DISK_IMAGE   a folder that holds what the disk would hold after a power cut: of each file what was last synchronised with fsync or fdatasync
 *   QW_DISK_REFUSE  while this file exists, every write below QW_DISK_DIR fails with the errno whose number stands in it (28: full, 30: read-only)
 *
 * What was written and not synchronised never reaches the image. Names are taken at once (removed, renamed), as if the folder were synchronised each
 * time: what is tested is what files hold. Whoever tests copies the folder to the image first, kills the program, and puts the image back.
 * The subfolder log is on another disk. Memory maps are not watched: SQLite's -shm is no part of what must survive.
 */
#undef _FILE_OFFSET_BITS /* both names of each call are defined here */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 4096
#define PATH_SIZE 4096
#define NOTHING INT64_MAX

/* One file below the folder, by the rest of its path. */
struct watched {
    char name[256];
    int64_t from, until; /* written and not synchronised; from NOTHING: clean */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watched files[FILES_MAX];
static int file_count;

static const char *folder(void)
{
    const char *dir = getenv("QW_DISK_DIR");
    return dir ? dir : "";
}

static void *next_symbol(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

/* dlsym gives an object pointer; POSIX lets it be a function. */
#define NEXT(type, name) __extension__((type)next_symbol(name))

static bool below(const char *path, const char **out_rest)
{
    size_t len = strlen(folder());
    if (len == 0 || strncmp(path, folder(), len) != 0 || path[len] != '/' || strncmp(path + len, "/log/", 5) == 0)
        return false;
    *out_rest = path + len + 1;
    return true;
}

static bool path_of(int fd, char out[PATH_SIZE], const char **out_rest)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, out, PATH_SIZE - 1);
    if (len <= 0)
        return false;
    out[len] = '\0';
    return below(out, out_rest);
}

/* Under the lock. */
static struct watched *watch(const char *rest)
{
    for (int i = 0; i < file_count; i++)
        if (strcmp(files[i].name, rest) == 0)
            return &files[i];
    if (file_count == FILES_MAX || strlen(rest) >= sizeof files[0].name)
        abort();
    struct watched *file = &files[file_count++];
    snprintf(file->name, sizeof file->name, "%s", rest);
    file->from = NOTHING;
    file->until = 0;
    return file;
}

static void dirty(int fd, int64_t from, int64_t until)
{
    char path[PATH_SIZE];
    const char *rest;
    if (!path_of(fd, path, &rest))
        return;
    pthread_mutex_lock(&lock);
    struct watched *file = watch(rest);
    if (from < file->from)
        file->from = from;
    if (until > file->until)
        file->until = until;
    pthread_mutex_unlock(&lock);
}

static bool refused(int fd)
{
    char path[PATH_SIZE], text[16] = "";
    const char *rest, *refuse = getenv("QW_DISK_REFUSE");
    if (!refuse || access(refuse, F_OK) != 0 || !path_of(fd, path, &rest))
        return false;
    FILE *file = fopen(refuse, "re");
    if (file && fgets(text, sizeof text, file))
        errno = atoi(text);
    if (file)
        fclose(file);
    return text[0] != '\0';
}

/* Under the lock: what is dirty goes into the image, which then has the file's length. */
static void keep(int fd, struct watched *file)
{
    char path[PATH_SIZE], block[65536];
    struct stat info;
    const char *image = getenv("QW_DISK_IMAGE");
    if (file->from == NOTHING || !image || fstat(fd, &info) != 0)
        return;
    snprintf(path, sizeof path, "%s/%s", image, file->name);
    int out = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* the program's own may be for writing alone */
    int in = open(path, O_RDONLY | O_CLOEXEC);
    if (out < 0 || in < 0)
        abort();
    ssize_t (*write_at)(int, const void *, size_t, off_t) = NEXT(ssize_t(*)(int, const void *, size_t, off_t), "pwrite");
    int64_t until = file->until < info.st_size ? file->until : info.st_size;
    for (int64_t at = file->from; at < until;) {
        size_t want = until - at < (int64_t)sizeof block ? (size_t)(until - at) : sizeof block;
        ssize_t got = pread(in, block, want, at);
        if (got <= 0 || write_at(out, block, (size_t)got, at) != got)
            abort();
        at += got;
    }
    if (NEXT(int (*)(int, off_t), "ftruncate")(out, info.st_size) != 0)
        abort();
    close(in);
    close(out);
    file->from = NOTHING;
    file->until = 0;
}

static void synchronised(int fd)
{
    char path[PATH_SIZE];
    const char *rest;
    if (!path_of(fd, path, &rest))
        return;
    pthread_mutex_lock(&lock);
    keep(fd, watch(rest));
    pthread_mutex_unlock(&lock);
}

/* ---- what the program calls ---- */

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    if (refused(fd))
        return -1;
    ssize_t done = NEXT(ssize_t(*)(int, const void *, size_t, off_t), "pwrite")(fd, bytes, len, offset);
    if (done > 0)
        dirty(fd, offset, offset + done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    return pwrite(fd, bytes, len, offset);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    if (refused(fd))
        return -1;
    ssize_t done = NEXT(ssize_t(*)(int, const void *, size_t), "write")(fd, bytes, len);
    if (done > 0) {
        off_t end = lseek(fd, 0, SEEK_CUR);
        if (end >= done)
            dirty(fd, end - done, end);
    }
    return done;
}

int ftruncate(int fd, off_t length)
{
    if (refused(fd))
        return -1;
    int rc = NEXT(int (*)(int, off_t), "ftruncate")(fd, length);
    if (rc == 0)
        dirty(fd, length, length);
    return rc;
}

int ftruncate64(int fd, off64_t length)
{
    return ftruncate(fd, length);
}

int fsync(int fd)
{
    if (refused(fd))
        return -1;
    int rc = NEXT(int (*)(int), "fsync")(fd);
    if (rc == 0)
        synchronised(fd);
    return rc;
}

int fdatasync(int fd)
{
    if (refused(fd))
        return -1;
    int rc = NEXT(int (*)(int), "fdatasync")(fd);
    if (rc == 0)
        synchronised(fd);
    return rc;
}

int unlink(const char *path)
{
    char kept[PATH_SIZE];
    const char *rest, *image = getenv("QW_DISK_IMAGE");
    int (*next)(const char *) = NEXT(int (*)(const char *), "unlink");
    int rc = next(path);
    if (rc == 0 && image && below(path, &rest)) {
        snprintf(kept, sizeof kept, "%s/%s", image, rest);
        next(kept);
    }
    return rc;
}

int rename(const char *from, const char *to)
{
    char old_path[PATH_SIZE], new_path[PATH_SIZE];
    const char *old_rest, *new_rest, *image = getenv("QW_DISK_IMAGE");
    int (*next)(const char *, const char *) = NEXT(int (*)(const char *, const char *), "rename");
    int rc = next(from, to);
    if (rc == 0 && image && below(from, &old_rest) && below(to, &new_rest)) {
        snprintf(old_path, sizeof old_path, "%s/%s", image, old_rest);
        snprintf(new_path, sizeof new_path, "%s/%s", image, new_rest);
        next(old_path, new_path); /* there is none: it was never synchronised, and the old one stands after a power cut */
    }
    return rc;
}
