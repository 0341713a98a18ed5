#include "api/site.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"

#define ASSETS "/assets/"

bool site_path_is_safe(const char *path)
{
    if (*path != '/')
        return false;
    for (const char *at = path; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!letter && strchr("._-@+/", *at) == NULL)
            return false;
        if (*at == '/' && (at[1] == '.' || at[1] == '/'))
            return false;
    }
    return true;
}

bool site_path_is_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strchr(slash != NULL ? slash : path, '.') != NULL;
}

const char *site_content_type(const char *path)
{
    static const struct {
        const char *extension;
        const char *type;
    } table[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".map", "application/json"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(dot, table[i].extension) == 0)
            return table[i].type;
    return "application/octet-stream";
}

/* The quality of one coding in Accept-Encoding is above 0. */
static bool accepts(const char *header, const char *coding)
{
    size_t len = strlen(coding);
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, ", \t");
        size_t word = strcspn(at, ",; \t");
        const char *end = at + strcspn(at, ",");
        if (word == len && strncasecmp(at, coding, len) == 0) {
            const char *q = strstr(at, "q=0");
            return q == NULL || q > end || strspn(q + 3, ".0") != (size_t)(end - q - 3);
        }
        at = end;
    }
    return false;
}

/* A regular file below the root, or -1. */
static int open_file(struct exchange *x, const char *path, const char *suffix, struct stat *out)
{
    char full[PATH_MAX];
    int len = snprintf(full, sizeof full, "%s%s%s", x->server->settings->web_root, path, suffix);
    if (len < 0 || (size_t)len >= sizeof full)
        return -1;
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, out) == 0 && S_ISREG(out->st_mode) && out->st_size <= SITE_FILE_MAX)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool read_whole(int fd, size_t size, struct buf *out)
{
    char block[65536];
    while (size > 0) {
        ssize_t got = read(fd, block, size < sizeof block ? size : sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        buf_append(out, block, (size_t)got);
        size -= (size_t)got;
    }
    return !out->overflow;
}

static void send_file(struct exchange *x, const char *path, int fd, const struct stat *about, const char *coding)
{
    struct http_response *response = x->response;
    char tag[64];
    snprintf(tag, sizeof tag, "\"%llx-%llx%s%s\"",
             (unsigned long long)about->st_mtim.tv_sec * 1000000000ull + (unsigned long long)about->st_mtim.tv_nsec,
             (unsigned long long)about->st_size, *coding != '\0' ? "-" : "", coding);
    bool immutable = text_starts_with(path, ASSETS);
    http_response_header(response, "ETag", "%s", tag);
    http_response_header(response, "Vary", "Accept-Encoding");
    http_response_header(response, "Cache-Control", "%s", immutable ? "public, max-age=31536000, immutable" : "no-cache");
    const char *have = http_request_header(x->request, "If-None-Match");
    if (have != NULL && strstr(have, tag) != NULL) {
        response->status = 304;
        return;
    }
    if (!read_whole(fd, (size_t)about->st_size, x->out)) {
        problem(x, 500, "internal", "The file cannot be read.");
        return;
    }
    response->status = 200;
    text_copy(response->content_type, sizeof response->content_type, site_content_type(path));
    if (*coding != '\0')
        http_response_header(response, "Content-Encoding", "%s", coding);
}

/* The file, packed where there is such a one beside it that the browser takes. False: there is none. */
static bool send_path(struct exchange *x, const char *path)
{
    static const struct {
        const char *coding;
        const char *suffix;
    } packed[] = {{"br", ".br"}, {"gzip", ".gz"}, {"", ""}};
    const char *wanted = http_request_header(x->request, "Accept-Encoding");
    struct stat about;
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++) {
        if (packed[i].coding[0] != '\0' && !accepts(wanted, packed[i].coding))
            continue;
        int fd = open_file(x, path, packed[i].suffix, &about);
        if (fd < 0)
            continue;
        send_file(x, path, fd, &about, packed[i].coding);
        close(fd);
        return true;
    }
    return false;
}

void site_get(struct exchange *x)
{
    const char *path = x->request->path;
    if (*x->server->settings->web_root == '\0' || !site_path_is_safe(path)) {
        problem_not_found(x);
        return;
    }
    bool is_file = site_path_is_file(path) || text_starts_with(path, ASSETS);
    if (!send_path(x, is_file ? path : "/index.html"))
        problem_not_found(x);
}
