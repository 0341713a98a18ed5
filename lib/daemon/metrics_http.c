#include "daemon/metrics_http.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"

#define ACCEPT_PAUSE_MS 100 /* when the process has no descriptor left */

struct client {
    int fd; /* -1: free */
    int64_t deadline_ms;
    char request[METRICS_HTTP_REQUEST_MAX];
    size_t request_len;
    struct buf answer;
    size_t sent;
    bool answering;
};

struct metrics_http {
    int listener;
    int stop_event;
    uint16_t port;
    struct metrics_http_pages pages;
    pthread_t thread;
    int64_t accept_from_ms;
    struct client clients[METRICS_HTTP_CLIENTS_MAX];
};

static void drop(struct client *client)
{
    if (client->fd < 0)
        return;
    close(client->fd);
    buf_finish(&client->answer);
    client->fd = -1;
}

static void put_answer(struct client *client, const char *status, const char *type, const struct buf *body)
{
    buf_printf(&client->answer,
               "HTTP/1.0 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
               "Connection: close\r\n\r\n",
               status, type, body->len);
    buf_append(&client->answer, body->data, body->len);
}

static bool asks_for(const char *request, const char *path)
{
    size_t len = strlen(path);
    return strncmp(request, "GET ", 4) == 0 && strncmp(request + 4, path, len) == 0 && (request[4 + len] == ' ' || request[4 + len] == '?');
}

static void answer(struct metrics_http *server, struct client *client)
{
    struct buf body;
    buf_init(&body, METRICS_HTTP_ANSWER_MAX);
    buf_init(&client->answer, METRICS_HTTP_ANSWER_MAX + 1024);
    if (asks_for(client->request, "/metrics")) {
        server->pages.metrics(server->pages.arg, &body);
        put_answer(client, body.overflow ? "500 Internal Server Error" : "200 OK", "text/plain; version=0.0.4; charset=utf-8", &body);
    } else if (asks_for(client->request, "/health")) {
        bool well = server->pages.health(server->pages.arg, &body);
        put_answer(client, well ? "200 OK" : "503 Service Unavailable", "application/json", &body);
    } else if (strncmp(client->request, "GET ", 4) == 0) {
        buf_str(&body, "Here are /metrics and /health.\n");
        put_answer(client, "404 Not Found", "text/plain", &body);
    } else {
        buf_str(&body, "Only GET.\n");
        put_answer(client, "405 Method Not Allowed", "text/plain", &body);
    }
    buf_finish(&body);
    client->answering = true;
    client->sent = 0;
}

/* Reads on; true while the client shall stay. */
static bool receive(struct metrics_http *server, struct client *client)
{
    size_t room = sizeof(client->request) - 1 - client->request_len;
    ssize_t got = recv(client->fd, client->request + client->request_len, room, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return false;
    client->request_len += (size_t)got;
    client->request[client->request_len] = '\0';
    bool whole = strstr(client->request, "\r\n\r\n") != NULL || strstr(client->request, "\n\n") != NULL;
    if (whole)
        answer(server, client);
    return whole || client->request_len < sizeof(client->request) - 1;
}

static bool transmit(struct client *client)
{
    ssize_t put = send(client->fd, client->answer.data + client->sent, client->answer.len - client->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0)
        return errno == EAGAIN || errno == EINTR;
    client->sent += (size_t)put;
    if (client->sent < client->answer.len)
        return true;
    shutdown(client->fd, SHUT_WR);
    return false;
}

static struct client *free_client(struct metrics_http *server)
{
    for (size_t i = 0; i < METRICS_HTTP_CLIENTS_MAX; i++)
        if (server->clients[i].fd < 0)
            return &server->clients[i];
    return NULL;
}

static void accept_client(struct metrics_http *server, struct client *client, int64_t now_ms)
{
    int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            server->accept_from_ms = now_ms + ACCEPT_PAUSE_MS;
        return;
    }
    client->fd = fd;
    client->deadline_ms = now_ms + METRICS_HTTP_CLIENT_MS;
    client->request_len = 0;
    client->request[0] = '\0';
    client->answering = false;
    buf_init(&client->answer, 0);
}

/* Fills `polls`: stop event, listener (left out while nobody can be taken in), clients. Returns the
 * patience in ms. */
static int prepare(struct metrics_http *server, struct pollfd polls[], int64_t now_ms)
{
    int64_t patience_ms = -1;
    bool open = free_client(server) != NULL && now_ms >= server->accept_from_ms;
    polls[0] = (struct pollfd){.fd = server->stop_event, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = open ? server->listener : -1, .events = POLLIN};
    if (now_ms < server->accept_from_ms)
        patience_ms = server->accept_from_ms - now_ms;
    for (size_t i = 0; i < METRICS_HTTP_CLIENTS_MAX; i++) {
        struct client *client = &server->clients[i];
        polls[2 + i] = (struct pollfd){.fd = client->fd, .events = client->answering ? POLLOUT : POLLIN};
        if (client->fd < 0)
            continue;
        int64_t left_ms = client->deadline_ms > now_ms ? client->deadline_ms - now_ms : 0;
        if (patience_ms < 0 || left_ms < patience_ms)
            patience_ms = left_ms;
    }
    return (int)patience_ms;
}

static void *serve(void *arg)
{
    struct metrics_http *server = arg;
    struct pollfd polls[2 + METRICS_HTTP_CLIENTS_MAX];
    for (;;) {
        int patience_ms = prepare(server, polls, clock_monotonic(&clock_system));
        if (poll(polls, 2 + METRICS_HTTP_CLIENTS_MAX, patience_ms) < 0 && errno != EINTR)
            return NULL;
        if (polls[0].revents != 0)
            return NULL;
        int64_t now_ms = clock_monotonic(&clock_system);
        for (size_t i = 0; i < METRICS_HTTP_CLIENTS_MAX; i++) {
            struct client *client = &server->clients[i];
            bool stay = true;
            if (client->fd >= 0 && polls[2 + i].revents != 0)
                stay = client->answering ? transmit(client) : receive(server, client);
            if (!stay || (client->fd >= 0 && now_ms >= client->deadline_ms))
                drop(client);
        }
        struct client *client = free_client(server);
        if (polls[1].revents != 0 && client != NULL)
            accept_client(server, client, now_ms);
    }
}

static enum err listen_on(struct metrics_http *server, uint16_t port, struct fault *fault)
{
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    server->stop_event = eventfd(0, EFD_CLOEXEC);
    if (server->listener < 0 || server->stop_event < 0)
        return fault_set(fault, ERR_FATAL, "no socket for the metrics: %s", strerror(errno));
    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(server->listener, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(server->listener, 64) != 0)
        return fault_set(fault, errno == EADDRINUSE ? ERR_CONFLICT : ERR_FATAL, "cannot listen on 127.0.0.1:%u: %s", (unsigned)port, strerror(errno));
    if (getsockname(server->listener, (struct sockaddr *)&address, &len) != 0)
        return fault_set(fault, ERR_FATAL, "no port for the metrics: %s", strerror(errno));
    server->port = ntohs(address.sin_port);
    return OK;
}

static void release(struct metrics_http *server)
{
    for (size_t i = 0; i < METRICS_HTTP_CLIENTS_MAX; i++)
        drop(&server->clients[i]);
    if (server->listener >= 0)
        close(server->listener);
    if (server->stop_event >= 0)
        close(server->stop_event);
    free(server);
}

enum err metrics_http_create(uint16_t port, const struct metrics_http_pages *pages, struct fault *fault, struct metrics_http **out)
{
    struct metrics_http *server = calloc(1, sizeof(*server));
    if (server == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for the metrics server");
    server->listener = server->stop_event = -1;
    server->pages = *pages;
    for (size_t i = 0; i < METRICS_HTTP_CLIENTS_MAX; i++)
        server->clients[i].fd = -1;
    enum err err = listen_on(server, port, fault);
    if (err == OK && pthread_create(&server->thread, NULL, serve, server) != 0)
        err = fault_set(fault, ERR_FATAL, "no thread for the metrics server");
    if (err == OK)
        *out = server;
    else
        release(server);
    return err;
}

uint16_t metrics_http_port(const struct metrics_http *server)
{
    return server->port;
}

void metrics_http_destroy(struct metrics_http *server)
{
    if (server == NULL)
        return;
    uint64_t one = 1;
    while (write(server->stop_event, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
    pthread_join(server->thread, NULL);
    release(server);
}
