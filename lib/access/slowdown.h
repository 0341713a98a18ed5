/*
 * Slowing down whoever guesses passwords: pure state, time is passed in.
 *
 * A key is whatever failed attempts are counted by: the program asks for the username and for the address and
 * waits for the longer of the two. Three failures are free; then the wait doubles from a second to five
 * minutes, counted from the last failure. A quiet hour forgives a key, a success at once. The table holds a
 * maximum of keys; when it is full the key that has been quiet longest gives way (counted in `evicted`).
 * Not thread-safe.
 */
#ifndef ACCESS_SLOWDOWN_H
#define ACCESS_SLOWDOWN_H

#include <stddef.h>
#include <stdint.h>

#define SLOWDOWN_FREE 3
#define SLOWDOWN_FIRST_MS 1000
#define SLOWDOWN_LAST_MS 300000
#define SLOWDOWN_FORGET_MS 3600000

struct slowdown;

struct slowdown *slowdown_create(size_t keys_max); /* NULL when memory is out; keys_max ≥ 1 */
void slowdown_destroy(struct slowdown *slowdown);  /* NULL-safe */

/* How long before another attempt for this key is looked at; 0: now. */
int64_t slowdown_wait_ms(const struct slowdown *slowdown, const char *key, int64_t monotonic_ms);

void slowdown_failed(struct slowdown *slowdown, const char *key, int64_t monotonic_ms);
void slowdown_succeeded(struct slowdown *slowdown, const char *key);

uint64_t slowdown_evicted(const struct slowdown *slowdown);

#endif
