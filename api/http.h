/*
 * HTTP over civetweb (only http.c knows it): one handler gets every request as a struct and fills a response, which leaves
 * in one write.
 *
 * What is bounded here: threads (workers + streams_max), the time a request's head and body may take, the size of both, and
 * connections per address (api/door.h). Every answer carries X-Request-Id and the security headers (CSP, nosniff, no
 * referrer, no framing). TLS ends in a reverse proxy: Debian's civetweb 1.15 crashes in its first handshake.
 */
#ifndef API_HTTP_H
#define API_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define HTTP_PATH_MAX 1024
#define HTTP_QUERY_MAX 2048
#define HTTP_HEAD_MAX 16384
#define HTTP_BODY_MAX 65536       /* of a request */
#define HTTP_DOCUMENT_MAX 1048576 /* of one that brings a tariff */
#define HTTP_RESPONSE_MAX (16 * 1024 * 1024)
#define HTTP_WORKERS 64 /* threads for what is not a stream */
#define HTTP_REQUEST_ID_SIZE 33
#define HTTP_ADDRESS_SIZE 48

struct http_request {
    const char *method; /* "GET"; a HEAD arrives as GET with `head` set */
    bool head;
    char path[HTTP_PATH_MAX];        /* percent-decoded, without NUL or control characters; not otherwise cleaned */
    const char *query;               /* still encoded; "" when there is none */
    char address[HTTP_ADDRESS_SIZE]; /* who asks: behind a configured proxy what that one says */
    bool loopback;                   /* the connection itself comes from 127.0.0.1 or ::1, and no proxy speaks for another */
    char request_id[HTTP_REQUEST_ID_SIZE];
    int64_t content_length; /* -1: not told */
    void *connection;       /* http.c's own */
};

struct http_stream;

struct http_response {
    int status;
    char content_type[64];
    struct buf head; /* further header lines, each ending in CRLF */
    struct buf body;
    bool close; /* the connection ends after this */
    /* Where set: the head leaves at once without a length, then this runs until it returns; `body` is not sent. */
    void (*stream)(struct http_stream *stream, void *arg);
    void *stream_arg;
    bool chunked; /* a stream that comes to an end: what was cut short is seen as such (HTTP/1.1) */
};

/* Adds one header line. Values with control characters are refused (nothing is added). */
void http_response_header(struct http_response *response, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The request's header, NULL when absent. Valid while the handler runs. */
const char *http_request_header(const struct http_request *request, const char *name);

/*
 * Reads the body into `out` (initialised, with room for max + 1 bytes). ERR_LIMIT: it is larger than `max`. ERR_RETRY: it did not come in time,
 * or the connection broke. After either the connection closes.
 */
enum err http_request_body(const struct http_request *request, size_t max, struct buf *out);

/* False when the other side is gone or took nothing for the request timeout: the stream must end. */
bool http_stream_write(struct http_stream *stream, const void *bytes, size_t len);
/* Says that all of a chunked stream was written. A stream that returns without it was cut short. */
void http_stream_end(struct http_stream *stream);
/* Whether the other side has hung up, without writing. */
bool http_stream_gone(struct http_stream *stream);

struct http_options {
    const char *address;    /* "127.0.0.1" */
    int port;               /* 0: any free one */
    int streams_max;        /* threads that streams may hold */
    int request_timeout_ms; /* for the head, for the body, and for each step of a write */
    int connections_per_address;
    const char *trusted_proxies; /* addresses with commas between; exempt from the limit, and X-Forwarded-For of theirs counts */
    void (*handle)(void *arg, const struct http_request *request, struct http_response *response);
    /* May be NULL. After each answer: its status and how long it took. */
    void (*done)(void *arg, const struct http_request *request, int status, size_t sent, int64_t took_us);
    void (*trouble)(void *arg, const char *text); /* may be NULL: what civetweb complains of */
    void *arg;
};

struct http_server;

/* ERR_FATAL with words when the port cannot be had. */
enum err http_start(const struct http_options *options, struct fault *fault, struct http_server **out);
int http_port(const struct http_server *server);
/* Waits for running handlers: whoever streams must have been told to end before. NULL-safe. */
void http_stop(struct http_server *server);

/* "Not Found"; "" for a status that has no name here. */
const char *http_reason(int status);

#endif
