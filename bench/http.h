/* A plain HTTP/1.1 client for the benches: one connection that is kept alive, one request at a time. An error ends the bench. */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include <stddef.h>

struct http {
    int fd, port;
    const char *token; /* of the header Authorization; NULL: none */
    size_t len;        /* of the body, of which the first bytes are kept */
    char body[65536];
};

void http_open(struct http *http, int port, const char *token);
int http_get(struct http *http, const char *path); /* the status */
void http_close(struct http *http);
/* A stream of events: sends the request, and leaves the rest to whoever reads fd. */
void http_stream(struct http *http, const char *path);

#endif
