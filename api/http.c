#include "api/http.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "access/token.h"
#include "api/door.h"
#include "api/percent.h"
#include "base/clock.h"
#include "base/text.h"

#define HEADERS_MAX 4096
#define KEEP_ALIVE_S "1" /* each connection holds a thread */
#define STOP_KNOCKS 5    /* steps of 20 ms */
#define STOP_PATIENCE 20 /* steps before open connections are shut: 0.4 s to finish what is under way */

struct http_server {
    struct http_options options;
    struct mg_context *context;
    int port;
    atomic_bool stopped;
};

struct http_stream {
    struct mg_connection *connection;
    int socket;
    bool chunked;
};

/*
 * Scripts, styles and connections from here only; nobody may frame the page. React and uPlot set styles through the DOM,
 * which the policy allows; no inline script or style element is ever sent.
 */
static const char security_headers[] =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Frame-Options: DENY\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n";

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } table[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].status == status)
            return table[i].reason;
    return "";
}

void http_response_header(struct http_response *response, const char *name, const char *format, ...)
{
    char value[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(value, sizeof value, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof value)
        return;
    for (int i = 0; i < len; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
            return;
    buf_printf(&response->head, "%s: %s\r\n", name, value);
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return mg_get_header(request->connection, name);
}

/*
 * civetweb waits for all that is asked of it, up to the timeout for each piece: whoever sends a byte now and then could hold
 * a thread for hours. So bytes are asked for one by one against one deadline. Small bodies came with the head and cost nothing.
 */
enum err http_request_body(const struct http_request *request, size_t max, struct buf *out)
{
    struct mg_connection *connection = request->connection;
    const struct http_server *server = mg_get_user_data(mg_get_context(connection));
    int64_t deadline = clock_monotonic(&clock_system) + server->options.request_timeout_ms;
    if (request->content_length > (int64_t)max) {
        mg_disable_connection_keep_alive(connection);
        return ERR_LIMIT;
    }
    bool chunked = request->content_length < 0;
    if (chunked && http_request_header(request, "Transfer-Encoding") == NULL)
        return OK;
    while (chunked || (int64_t)out->len < request->content_length) {
        char c;
        int got = mg_read(connection, &c, 1);
        if (got == 0 && chunked)
            break;
        if (got <= 0 || clock_monotonic(&clock_system) > deadline) {
            mg_disable_connection_keep_alive(connection);
            return ERR_RETRY;
        }
        buf_char(out, c);
        if (out->overflow || out->len > max) {
            mg_disable_connection_keep_alive(connection);
            return ERR_LIMIT;
        }
    }
    return OK;
}

bool http_stream_write(struct http_stream *stream, const void *bytes, size_t len)
{
    if (!stream->chunked)
        return mg_write(stream->connection, bytes, len) == (int)len;
    return len == 0 || mg_send_chunk(stream->connection, bytes, (unsigned)len) >= (int)len;
}

void http_stream_end(struct http_stream *stream)
{
    if (stream->chunked)
        (void)mg_send_chunk(stream->connection, "", 0);
}

/* Before HTTP/1.1 there are no chunks; the end of the connection is all that is seen. */
static bool in_chunks(struct mg_connection *connection, const struct http_response *response)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    return response->stream != NULL && response->chunked && info->http_version != NULL && strcmp(info->http_version, "1.1") == 0;
}

bool http_stream_gone(struct http_stream *stream)
{
    struct pollfd look = {.fd = stream->socket, .events = POLLRDHUP};
    return stream->socket >= 0 && poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static size_t send_head(struct mg_connection *connection, const struct http_request *request, struct http_response *response, bool with_body)
{
    struct buf out;
    buf_init(&out, HTTP_RESPONSE_MAX + 4 * HEADERS_MAX);
    if (response->head.overflow || response->body.overflow)
        response->status = 500;
    if (response->close || response->stream != NULL)
        mg_disable_connection_keep_alive(connection);
    buf_printf(&out, "HTTP/1.1 %d %s\r\n", response->status, http_reason(response->status));
    if (response->content_type[0] != '\0')
        buf_printf(&out, "Content-Type: %s\r\n", response->content_type);
    if (response->stream == NULL && response->status != 304 && response->status != 204)
        buf_printf(&out, "Content-Length: %zu\r\n", response->body.overflow ? 0 : response->body.len);
    if (in_chunks(connection, response))
        buf_str(&out, "Transfer-Encoding: chunked\r\n");
    /* How long a connection is kept is told, or a client's next request may meet the closing of it. */
    buf_str(&out, response->close || response->stream != NULL ? "Connection: close\r\n"
                                                              : "Connection: keep-alive\r\nKeep-Alive: timeout=" KEEP_ALIVE_S "\r\n");
    buf_printf(&out, "X-Request-Id: %s\r\n", request->request_id);
    buf_str(&out, security_headers);
    buf_append(&out, response->head.data, response->head.len);
    buf_str(&out, "\r\n");
    if (with_body && !response->body.overflow)
        buf_append(&out, response->body.data, response->body.len);
    int sent = out.overflow ? -1 : mg_write(connection, out.data, out.len);
    buf_finish(&out);
    return sent > 0 ? (size_t)sent : 0;
}

static void response_init(struct http_response *response)
{
    memset(response, 0, sizeof *response);
    response->status = 500;
    buf_init(&response->head, HEADERS_MAX);
    buf_init(&response->body, HTTP_RESPONSE_MAX);
}

static void response_finish(struct http_response *response)
{
    buf_finish(&response->head);
    buf_finish(&response->body);
}

/* The client that a proxy speaks for: the last address in X-Forwarded-For that is not itself a configured proxy. */
static void forwarded_address(const char *list, char out[HTTP_ADDRESS_SIZE])
{
    size_t end = strlen(list);
    while (end > 0) {
        size_t begin = end;
        while (begin > 0 && list[begin - 1] != ',')
            begin--;
        const char *at = list + begin;
        size_t len = end - begin;
        while (len > 0 && (*at == ' ' || *at == '\t'))
            at++, len--;
        while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
            len--;
        char text[HTTP_ADDRESS_SIZE];
        if (len == 0 || len >= sizeof text || strspn(at, "0123456789abcdefABCDEF.:") < len)
            return;
        memcpy(text, at, len);
        text[len] = '\0';
        text_copy(out, HTTP_ADDRESS_SIZE, text);
        if (!door_is_proxy(text))
            return;
        end = begin > 0 ? begin - 1 : 0;
    }
}

static void fill_client(struct http_request *request, const struct mg_request_info *info)
{
    text_copy(request->address, sizeof request->address, info->remote_addr);
    const char *forwarded = http_request_header(request, "X-Forwarded-For");
    bool relayed = forwarded != NULL || http_request_header(request, "Forwarded") != NULL;
    request->loopback = door_is_loopback(info->remote_addr) && !relayed;
    if (forwarded != NULL && door_is_proxy(info->remote_addr))
        forwarded_address(forwarded, request->address);
}

/* False: the request line cannot be served at all. */
static bool fill_request(struct http_request *request, struct mg_connection *connection)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    memset(request, 0, sizeof *request);
    request->connection = connection;
    request->method = info->request_method;
    request->head = strcmp(info->request_method, "HEAD") == 0;
    if (request->head)
        request->method = "GET";
    request->query = info->query_string != NULL ? info->query_string : "";
    request->content_length = info->content_length;
    random_hex((HTTP_REQUEST_ID_SIZE - 1) / 2, request->request_id);
    fill_client(request, info);
    const char *uri = info->local_uri_raw;
    if (uri == NULL || uri[0] != '/' || strlen(request->query) > HTTP_QUERY_MAX)
        return false;
    return percent_decode(uri, strlen(uri), false, request->path, sizeof request->path);
}

static void refuse(struct http_response *response, int status, const char *name, const char *detail)
{
    response->status = status;
    response->close = true;
    text_copy(response->content_type, sizeof response->content_type, "application/problem+json");
    buf_printf(&response->body, "{\"type\":\"urn:quilowatt:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}", name, http_reason(status),
               status, detail);
}

static void run_stream(struct mg_connection *connection, const struct http_response *response)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    struct http_stream stream = {
        .connection = connection,
        .socket = door_socket(info->remote_addr, info->remote_port),
        .chunked = in_chunks(connection, response),
    };
    response->stream(&stream, response->stream_arg);
}

static int on_request(struct mg_connection *connection)
{
    const struct http_server *server = mg_get_user_data(mg_get_context(connection));
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    struct http_request request;
    struct http_response response;
    response_init(&response);
    if (fill_request(&request, connection))
        server->options.handle(server->options.arg, &request, &response);
    else
        refuse(&response, 400, "bad_request", "The address of the request cannot be read.");
    size_t sent = send_head(connection, &request, &response, !request.head && response.stream == NULL);
    if (response.stream != NULL)
        run_stream(connection, &response);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    int64_t took_us = (ended.tv_sec - begun.tv_sec) * INT64_C(1000000) + (ended.tv_nsec - begun.tv_nsec) / 1000;
    if (server->options.done != NULL)
        server->options.done(server->options.arg, &request, response.status, sent, took_us);
    int status = response.status;
    response_finish(&response);
    return status;
}

/* What civetweb refuses before a request is whole: it is answered in the same form. */
static int on_error(struct mg_connection *connection, int status, const char *message)
{
    (void)message;
    struct http_request request;
    struct http_response response;
    memset(&request, 0, sizeof request);
    random_hex((HTTP_REQUEST_ID_SIZE - 1) / 2, request.request_id);
    response_init(&response);
    if (*http_reason(status) == '\0' || status < 400)
        status = 400;
    refuse(&response, status, "bad_request", "The request cannot be read, or did not come in time.");
    send_head(connection, &request, &response, true);
    response_finish(&response);
    return 0;
}

static void on_close(const struct mg_connection *connection)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    if (info != NULL)
        door_leave(info->remote_addr, info->remote_port);
}

static int on_message(const struct mg_connection *connection, const char *message)
{
    const struct mg_context *context = connection != NULL ? mg_get_context(connection) : NULL;
    const struct http_server *server = context != NULL ? mg_get_user_data(context) : NULL;
    if (server != NULL && server->options.trouble != NULL)
        server->options.trouble(server->options.arg, message);
    return 1;
}

enum err http_start(const struct http_options *options, struct fault *fault, struct http_server **out)
{
    enum err err = door_open(options->connections_per_address, options->trusted_proxies, fault);
    if (err != OK)
        return err;
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return fault_set(fault, ERR_FATAL, "memory is out");
    server->options = *options;
    char port[80], threads[16], timeout[16];
    snprintf(port, sizeof port, "%s:%d", options->address, options->port);
    snprintf(threads, sizeof threads, "%d", HTTP_WORKERS + options->streams_max);
    snprintf(timeout, sizeof timeout, "%d", options->request_timeout_ms);
    const char *settings[] = {"listening_ports",
                              port,
                              "num_threads",
                              threads,
                              "request_timeout_ms",
                              timeout,
                              "enable_keep_alive",
                              "yes",
                              "keep_alive_timeout_ms",
                              KEEP_ALIVE_S "000",
                              "decode_url",
                              "no",
                              "tcp_nodelay",
                              "1",
                              "max_request_size",
                              "16384",
                              "connection_queue",
                              "128",
                              "listen_backlog",
                              "512",
                              "enable_auth_domain_check",
                              "no",
                              NULL};
    struct mg_callbacks callbacks = {
        .begin_request = on_request,
        .http_error = on_error,
        .connection_close = on_close,
        .log_message = on_message,
    };
    mg_init_library(0);
    server->context = mg_start(&callbacks, server, settings);
    if (server->context == NULL) {
        free(server);
        mg_exit_library();
        return fault_set(fault, ERR_FATAL, "cannot listen on %s: the address is wrong or taken", port);
    }
    struct mg_server_port ports[4];
    server->port = mg_get_server_ports(server->context, 4, ports) > 0 ? ports[0].port : 0;
    *out = server;
    return OK;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

/* A connection to ourselves: civetweb's accepting thread looks at its stop flag only every two seconds, or when one comes. */
static void knock(const struct http_server *server)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server))};
    if (inet_pton(AF_INET, server->options.address, &to.sin_addr) != 1 || to.sin_addr.s_addr == htonl(INADDR_ANY))
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)connect(fd, (const struct sockaddr *)&to, sizeof to);
    close(fd);
}

/* Runs beside mg_stop until that is done: wakes the accepting thread, and after a while whoever waits for a slow client. */
static void *hurry(void *arg)
{
    struct http_server *server = arg;
    const struct timespec step = {.tv_nsec = 20000000};
    for (int i = 0; !atomic_load(&server->stopped); i++) {
        if (i < STOP_KNOCKS)
            knock(server);
        if (i >= STOP_PATIENCE)
            door_shut_all();
        nanosleep(&step, NULL);
    }
    return NULL;
}

void http_stop(struct http_server *server)
{
    pthread_t helper;
    if (server == NULL)
        return;
    bool helped = pthread_create(&helper, NULL, hurry, server) == 0;
    mg_stop(server->context);
    atomic_store(&server->stopped, true);
    if (helped)
        pthread_join(helper, NULL);
    mg_exit_library();
    free(server);
}
