/*
 * The door: how many connections one address may hold, decided when a connection is accepted, before it costs a thread.
 *
 * civetweb has no hook between accept() and a worker thread, and a worker that waits for a half-sent request is taken for
 * the whole request timeout. So this program defines accept() itself (door.c): the library's calls come here. A connection
 * beyond the limit gets a ready 503 and is closed at once by the accepting thread.
 *
 * Exempt are exactly 127.0.0.1, ::1 and the configured proxies; the rest of 127.0.0.0/8 is not, so that it can be tested.
 */
#ifndef API_DOOR_H
#define API_DOOR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

#define DOOR_PROXIES_MAX 32

/* Sets limit and exempt proxies ("10.0.0.1, 10.0.0.2"; IPv4). ERR_INVALID names what is no address. Before http_start. */
enum err door_open(int connections_per_address, const char *proxies, struct fault *fault);

/* A counted connection has ended. */
void door_leave(const char *address, int port);

/* The socket of a connection that is in, or -1. */
int door_socket(const char *address, int port);

/* Shuts every connection that is in, so that whoever waits for it wakes; it still leaves by door_leave. */
void door_shut_all(void);

bool door_is_proxy(const char *address);
bool door_is_loopback(const char *address); /* 127.0.0.1 and ::1 only */

/* How many were turned away since the start, and how many are in (exempt ones too). */
uint64_t door_refused(void);
int door_inside(void);

#endif
