#include "api/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOTS 8192 /* addresses at once; a power of two, far above the number of threads */
#define SOCKETS 65536

struct slot {
    uint32_t address; /* network order; 0: free */
    int count;
};

struct visitor {
    uint32_t address;
    uint16_t port;
    bool in;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slots[SLOTS];
static struct visitor visitors[SOCKETS]; /* by socket */
static int highest_socket;
static int limit = 32;
static uint32_t proxies[DOOR_PROXIES_MAX];
static int proxy_count;
static uint64_t refused_count;
static int inside_count;

static const char refusal[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 2\r\n"
                              "Content-Length: 147\r\nConnection: close\r\n\r\n"
                              "{\"type\":\"urn:quilowatt:problem:too_many_connections\",\"title\":\"Service Unavailable\",\"status\":503,"
                              "\"detail\":\"Too many connections from your address.\"}";

static uint32_t loopback_address(void)
{
    return htonl(INADDR_LOOPBACK);
}

static bool exempt(uint32_t address)
{
    if (address == loopback_address())
        return true;
    for (int i = 0; i < proxy_count; i++)
        if (proxies[i] == address)
            return true;
    return false;
}

/* The slot of an address, or the free one where it would go; NULL when the table is full. Locked. */
static struct slot *slot_of(uint32_t address)
{
    uint32_t at = (address * 2654435761u) % SLOTS;
    for (int i = 0; i < SLOTS; i++, at = (at + 1) % SLOTS)
        if (slots[at].address == address || slots[at].address == 0)
            return &slots[at];
    return NULL;
}

/* Frees a slot and moves those after it that would not be found any more. Locked. */
static void slot_free(struct slot *slot)
{
    uint32_t at = (uint32_t)(slot - slots);
    slots[at] = (struct slot){0};
    for (at = (at + 1) % SLOTS; slots[at].address != 0; at = (at + 1) % SLOTS) {
        struct slot moved = slots[at];
        slots[at] = (struct slot){0};
        *slot_of(moved.address) = moved;
    }
}

/* Locked. */
static void leave(int socket)
{
    uint32_t address = visitors[socket].address;
    visitors[socket].in = false;
    inside_count--;
    struct slot *slot = exempt(address) ? NULL : slot_of(address);
    if (slot != NULL && slot->count > 0 && --slot->count == 0)
        slot_free(slot);
}

static bool enter(int socket, uint32_t address, uint16_t port)
{
    bool in = socket < SOCKETS;
    pthread_mutex_lock(&lock);
    if (in && visitors[socket].in) /* closed without a word: the number is in use again */
        leave(socket);
    if (in && !exempt(address)) {
        struct slot *slot = slot_of(address);
        in = slot != NULL && slot->count < limit;
        if (in) {
            slot->address = address;
            slot->count++;
        }
    }
    if (in) {
        visitors[socket] = (struct visitor){.address = address, .port = port, .in = true};
        if (socket > highest_socket)
            highest_socket = socket;
        inside_count++;
    } else {
        refused_count++;
    }
    pthread_mutex_unlock(&lock);
    return in;
}

/*
 * Stands before the C library's: civetweb's calls are bound to it when the program is loaded. Interface and result are those
 * of accept(2); a connection that is turned away looks like one that ended before it was accepted (ECONNABORTED). It bears
 * another name in C, because glibc declares accept with a transparent union.
 */
int door_accept(int listening, struct sockaddr *restrict address, socklen_t *restrict len) __asm__("accept");

int door_accept(int listening, struct sockaddr *restrict address, socklen_t *restrict len)
{
    int socket = (int)syscall(SYS_accept4, listening, address, len, SOCK_CLOEXEC);
    if (socket < 0 || address == NULL || address->sa_family != AF_INET)
        return socket;
    struct sockaddr_in peer;
    memcpy(&peer, address, sizeof peer);
    if (enter(socket, peer.sin_addr.s_addr, ntohs(peer.sin_port)))
        return socket;
    (void)send(socket, refusal, sizeof refusal - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(socket);
    errno = ECONNABORTED;
    return -1;
}

/* Its socket, or -1. Locked. */
static int find(uint32_t address, int port)
{
    for (int s = 0; s <= highest_socket; s++)
        if (visitors[s].in && visitors[s].port == port && visitors[s].address == address)
            return s;
    return -1;
}

void door_leave(const char *address, int port)
{
    struct in_addr parsed;
    if (inet_pton(AF_INET, address, &parsed) != 1)
        return;
    pthread_mutex_lock(&lock);
    int socket = find(parsed.s_addr, port);
    if (socket >= 0)
        leave(socket);
    pthread_mutex_unlock(&lock);
}

int door_socket(const char *address, int port)
{
    struct in_addr parsed;
    if (inet_pton(AF_INET, address, &parsed) != 1)
        return -1;
    pthread_mutex_lock(&lock);
    int socket = find(parsed.s_addr, port);
    pthread_mutex_unlock(&lock);
    return socket;
}

void door_shut_all(void)
{
    pthread_mutex_lock(&lock);
    for (int s = 0; s <= highest_socket; s++)
        if (visitors[s].in)
            shutdown(s, SHUT_RDWR);
    pthread_mutex_unlock(&lock);
}

enum err door_open(int connections_per_address, const char *list, struct fault *fault)
{
    uint32_t found[DOOR_PROXIES_MAX];
    int count = 0;
    for (const char *at = list; *at != '\0';) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ", ");
        if (len == 0)
            break;
        char text[INET_ADDRSTRLEN];
        struct in_addr parsed;
        if (len >= sizeof text)
            return fault_set(fault, ERR_INVALID, "a trusted proxy is no IPv4 address");
        memcpy(text, at, len);
        text[len] = '\0';
        if (inet_pton(AF_INET, text, &parsed) != 1)
            return fault_set(fault, ERR_INVALID, "the trusted proxy \"%s\" is no IPv4 address", text);
        if (count == DOOR_PROXIES_MAX)
            return fault_set(fault, ERR_LIMIT, "more than %d trusted proxies", DOOR_PROXIES_MAX);
        found[count++] = parsed.s_addr;
        at += len;
    }
    pthread_mutex_lock(&lock);
    memcpy(proxies, found, sizeof found);
    proxy_count = count;
    limit = connections_per_address;
    pthread_mutex_unlock(&lock);
    return OK;
}

bool door_is_proxy(const char *address)
{
    struct in_addr parsed;
    if (inet_pton(AF_INET, address, &parsed) != 1)
        return false;
    for (int i = 0; i < proxy_count; i++)
        if (proxies[i] == parsed.s_addr)
            return true;
    return false;
}

bool door_is_loopback(const char *address)
{
    return strcmp(address, "127.0.0.1") == 0 || strcmp(address, "::1") == 0;
}

uint64_t door_refused(void)
{
    pthread_mutex_lock(&lock);
    uint64_t count = refused_count;
    pthread_mutex_unlock(&lock);
    return count;
}

int door_inside(void)
{
    pthread_mutex_lock(&lock);
    int count = inside_count;
    pthread_mutex_unlock(&lock);
    return count;
}
