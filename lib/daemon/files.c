#include "daemon/files.h"
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

static enum err refused(struct fault *fault, const char *what, const char *path)
{
    enum err err = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_RETRY;
    return fault_set(fault, err, "cannot %s %.150s: %s", what, path, strerror(errno));
}

/* Opens without waiting on a FIFO, and leaves what the file is to fstat. */
static enum err open_regular(const char *path, struct fault *fault, int *out_fd, struct stat *out_stat)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return refused(fault, "read", path);
    enum err err = OK;
    if (fstat(fd, out_stat) != 0)
        err = refused(fault, "read", path);
    else if (!S_ISREG(out_stat->st_mode))
        err = fault_set(fault, ERR_INVALID, "%.150s is not a regular file", path);
    if (err != OK)
        close(fd);
    else
        *out_fd = fd;
    return err;
}

static enum err read_all(int fd, const char *path, struct fault *fault, struct buf *out)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refused(fault, "read", path);
        if (got == 0)
            return OK;
        buf_append(out, chunk, (size_t)got);
        if (out->overflow)
            return fault_set(fault, ERR_LIMIT, "%.150s is larger than %zu bytes", path, out->max);
    }
}

enum err file_read(const char *path, struct fault *fault, struct buf *out)
{
    int fd;
    struct stat stat;
    enum err err = open_regular(path, fault, &fd, &stat);
    if (err != OK)
        return err;
    err = read_all(fd, path, fault, out);
    close(fd);
    return err;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

static enum err sync_folder(const char *path, struct fault *fault)
{
    char folder[4096];
    text_copy(folder, sizeof(folder), path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        text_copy(folder, sizeof(folder), ".");
    else
        slash[slash == folder] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (good)
        return OK;
    return fault_set(fault, ERR_UNCERTAIN, "cannot sync the folder of %.150s: %s", path, strerror(saved));
}

enum err file_write_atomic(const char *path, const void *bytes, size_t len, mode_t mode, struct fault *fault)
{
    char temporary[4096];
    int named = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
    if (named < 0 || (size_t)named >= sizeof(temporary))
        return fault_set(fault, ERR_INVALID, "the path %.100s… is too long", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, ERR_RETRY, "cannot write beside %.150s: %s", path, strerror(errno));
    bool good = write_all(fd, bytes, len) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int saved = errno;
    if (close(fd) != 0 && good) {
        saved = errno;
        good = false;
    }
    if (good && rename(temporary, path) != 0) {
        saved = errno;
        good = false;
    }
    if (!good) {
        unlink(temporary);
        return fault_set(fault, ERR_RETRY, "cannot write %.150s: %s", path, strerror(saved));
    }
    return sync_folder(path, fault);
}

/* The one line of a secret; `text` loses its line end. */
static enum err check_secret(const char *path, struct buf *text, struct fault *fault)
{
    while (text->len > 0 && (text->data[text->len - 1] == '\n' || text->data[text->len - 1] == '\r'))
        text->data[--text->len] = '\0';
    if (text->len == 0)
        return fault_set(fault, ERR_INVALID, "the secret file %.150s is empty", path);
    if (strlen(text->data) != text->len || strchr(text->data, '\n') != NULL)
        return fault_set(fault, ERR_INVALID, "the secret file %.150s holds more than one line", path);
    return OK;
}

enum err file_read_secret(const char *path, struct fault *fault, char out[SECRET_SIZE])
{
    int fd;
    struct stat stat;
    enum err err = open_regular(path, fault, &fd, &stat);
    if (err != OK)
        return err;
    struct buf text;
    buf_init(&text, SECRET_SIZE - 1);
    if ((stat.st_mode & S_IRWXO) != 0)
        err = fault_set(fault, ERR_INVALID, "the secret file %.150s is open to everybody: chmod o= it", path);
    if (err == OK)
        err = read_all(fd, path, fault, &text);
    close(fd);
    if (err == OK)
        err = check_secret(path, &text, fault);
    if (err == OK)
        memcpy(out, text.data, text.len + 1);
    explicit_bzero(text.data, text.len);
    buf_finish(&text);
    return err;
}

/* The lock's name: links resolved, as far as the file or its folder is there. */
static void lock_name(const char *path, struct buf *out)
{
    char *whole = realpath(path, NULL);
    const char *slash = strrchr(path, '/');
    if (whole) {
        buf_str(out, whole);
    } else {
        char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
        char *resolved = folder ? realpath(folder, NULL) : NULL;
        buf_str(out, resolved ? resolved : folder ? folder : "");
        buf_char(out, '/');
        buf_str(out, slash ? slash + 1 : path);
        free(folder);
        free(resolved);
    }
    free(whole);
    buf_str(out, ".lock");
}

static long holder_of(int fd)
{
    char text[32] = "";
    ssize_t len = pread(fd, text, sizeof text - 1, 0);
    return len > 0 ? strtol(text, NULL, 10) : 0;
}

static enum err hold(int fd, const char *path, struct fault *fault)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? fault_set(fault, ERR_CONFLICT, "%.150s is in use by process %ld", path, holder_of(fd))
                                    : fault_set(fault, ERR_RETRY, "cannot lock %.150s: %s", path, strerror(errno));
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
        return fault_set(fault, ERR_RETRY, "cannot write the lock of %.150s: %s", path, strerror(errno));
    return OK;
}

enum err file_lock_beside(const char *path, struct fault *fault, int *out_fd)
{
    struct buf name;
    enum err err = OK;
    int fd = -1;
    buf_init(&name, 2 * PATH_MAX);
    lock_name(path, &name);
    if (name.overflow)
        err = fault_set(fault, ERR_RETRY, "the path %.150s is too long to lock", path);
    else if ((fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0)
        err = fault_set(fault, ERR_RETRY, "cannot open the lock %.150s: %s", name.data, strerror(errno));
    buf_finish(&name);
    if (err == OK)
        err = hold(fd, path, fault);
    if (err == OK)
        *out_fd = fd;
    else if (fd >= 0)
        close(fd);
    return err;
}
