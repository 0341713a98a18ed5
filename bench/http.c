#include "bench/http.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bench/bench.h"

#define ROOM 262144

static void must(bool holds, const char *what)
{
    if (!holds)
        bench_must(ERR_FATAL, NULL, what);
}

void http_open(struct http *http, int port, const char *token)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    http->port = port;
    http->token = token;
    http->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(connect(http->fd, (struct sockaddr *)&address, sizeof address) == 0, "connecting to a server");
    setsockopt(http->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void http_close(struct http *http)
{
    close(http->fd);
}

static void ask(struct http *http, const char *path, const char *accept)
{
    char request[1024];
    int len = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: %s\r\n%s%s%s\r\n", path, http->port, accept,
                       http->token ? "Authorization: Bearer " : "", http->token ? http->token : "", http->token ? "\r\n" : "");
    must(write(http->fd, request, (size_t)len) == len, "sending a request");
}

void http_stream(struct http *http, const char *path)
{
    ask(http, path, "text/event-stream");
}

int http_get(struct http *http, const char *path)
{
    static _Thread_local char room[ROOM];
    size_t len = 0;
    char *end = NULL;
    ask(http, path, "*/*");
    while (!end) {
        ssize_t more = read(http->fd, room + len, sizeof room - 1 - len);
        must(more > 0, "reading an answer's head");
        len += (size_t)more;
        room[len] = '\0';
        end = strstr(room, "\r\n\r\n");
    }
    char *length = strcasestr(room, "\r\ncontent-length:");
    must(length && length < end, "an answer with its length");
    http->len = strtoul(length + 17, NULL, 10);
    size_t head = (size_t)(end + 4 - room);
    must(head + http->len < sizeof room, "an answer of bearable size");
    while (len < head + http->len) {
        ssize_t more = read(http->fd, room + len, head + http->len - len);
        must(more > 0, "reading an answer");
        len += (size_t)more;
    }
    size_t kept = http->len < sizeof http->body - 1 ? http->len : sizeof http->body - 1;
    memcpy(http->body, room + head, kept);
    http->body[kept] = '\0';
    return atoi(room + 9);
}
