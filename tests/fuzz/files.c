#include "tests/fuzz/files.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

uint8_t script_byte(struct script *script)
{
    return script->at < script->end ? *script->at++ : 0;
}

unsigned script_two(struct script *script)
{
    unsigned high = script_byte(script);
    return high << 8 | script_byte(script);
}

static char folder[64];

static void empty_folder(void)
{
    char path[512];
    DIR *dir = opendir(folder);
    must(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            must(unlink(path) == 0);
    }
    closedir(dir);
}

static void leave(void)
{
    empty_folder();
    rmdir(folder);
}

const char *fresh_folder(void)
{
    if (folder[0]) {
        empty_folder();
        return folder;
    }
    snprintf(folder, sizeof folder, "%s/quilowatt-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    must(mkdtemp(folder));
    atexit(leave);
    return folder;
}

void file_of(const uint8_t *data, size_t size, int *out_fd, char path[64])
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    *out_fd = fd;
}

unsigned char *read_whole(const char *path, size_t *out_len)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    must(fstat(fd, &info) == 0);
    unsigned char *bytes = malloc((size_t)info.st_size + 1);
    must(bytes && read(fd, bytes, (size_t)info.st_size) == (ssize_t)info.st_size);
    close(fd);
    *out_len = (size_t)info.st_size;
    return bytes;
}

static void change(int fd, off_t size, struct script *script, bool zero)
{
    unsigned char bytes[64] = {0};
    off_t at = (off_t)script_two(script) % size;
    unsigned how = script_byte(script);
    size_t len = zero ? how % sizeof bytes + 1 : 1;
    if (at + (off_t)len > size)
        len = (size_t)(size - at);
    must(zero || pread(fd, bytes, 1, at) == 1);
    if (!zero)
        bytes[0] ^= (unsigned char)(1 << how % 8);
    must(pwrite(fd, bytes, len, at) == (ssize_t)len);
}

static void add_noise(int fd, off_t size, struct script *script)
{
    unsigned char bytes[256];
    unsigned len = script_byte(script) + 1u, seed = script_byte(script);
    for (unsigned i = 0; i < len; i++)
        bytes[i] = (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
    must(pwrite(fd, bytes, len, size) == (ssize_t)len);
}

static void exchange(const char *a, const char *b)
{
    if (strcmp(a, b) != 0 && access(a, F_OK) == 0 && access(b, F_OK) == 0)
        must(renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0);
}

void damage_one(struct script *script, char paths[][256], int count)
{
    unsigned act = script_byte(script) % 7;
    const char *path = paths[script_byte(script) % count];
    struct stat info;
    if (act == 5) {
        exchange(path, paths[script_byte(script) % count]);
        return;
    }
    int fd = open(path, O_RDWR | O_CLOEXEC | (act == 6 ? O_CREAT : 0), 0600);
    if (fd < 0)
        return;
    must(fstat(fd, &info) == 0);
    if (act <= 1 && info.st_size > 0)
        change(fd, info.st_size, script, act == 1);
    else if (act == 2)
        must(ftruncate(fd, info.st_size > 0 ? (off_t)script_two(script) % info.st_size : 0) == 0);
    else if (act == 3)
        must(ftruncate(fd, 0) == 0);
    else if (act == 4)
        must(unlink(path) == 0);
    else if (act == 6)
        add_noise(fd, info.st_size, script);
    close(fd);
}
