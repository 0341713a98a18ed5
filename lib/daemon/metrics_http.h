/*
 * A small HTTP/1.0 server on 127.0.0.1 that tells a program's metrics and health, for programs that have no
 * other: GET /metrics and GET /health, nothing else. One thread; at most METRICS_HTTP_CLIENTS_MAX clients at
 * a time, each with METRICS_HTTP_CLIENT_MS from connecting to the end of its answer: a slow client is
 * dropped and holds up nobody.
 */
#ifndef DAEMON_METRICS_HTTP_H
#define DAEMON_METRICS_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define METRICS_HTTP_CLIENTS_MAX 16
#define METRICS_HTTP_CLIENT_MS 2000
#define METRICS_HTTP_REQUEST_MAX 4096
#define METRICS_HTTP_ANSWER_MAX 1048576

struct metrics_http;

/* Called from the server's thread. */
struct metrics_http_pages {
    void (*metrics)(void *arg, struct buf *out);
    /* True: 200; false: 503. What it appends is the body, a JSON object. */
    bool (*health)(void *arg, struct buf *out);
    void *arg;
};

/* Listens and starts the thread. Port 0 takes any free one. ERR_CONFLICT when the port is taken. */
enum err metrics_http_create(uint16_t port, const struct metrics_http_pages *pages, struct fault *fault, struct metrics_http **out);
uint16_t metrics_http_port(const struct metrics_http *server);
void metrics_http_destroy(struct metrics_http *server); /* stops the thread; NULL-safe */

#endif
