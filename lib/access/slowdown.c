#include "access/slowdown.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/map.h"

/* One key's failures, in a ring ordered by when it last failed. */
struct entry {
    struct entry *older, *newer;
    char *key;
    int64_t last_failed_ms;
    unsigned failures;
};

struct slowdown {
    struct map *by_key;
    size_t keys_max;
    struct entry ring; /* ring.newer is the oldest, ring.older the newest */
    uint64_t evicted;
};

struct slowdown *slowdown_create(size_t keys_max)
{
    struct slowdown *slowdown = calloc(1, sizeof(*slowdown));
    if (slowdown == NULL)
        return NULL;
    slowdown->by_key = map_create(keys_max);
    if (slowdown->by_key == NULL) {
        free(slowdown);
        return NULL;
    }
    slowdown->keys_max = keys_max;
    slowdown->ring.older = slowdown->ring.newer = &slowdown->ring;
    return slowdown;
}

static void unlink_entry(struct entry *entry)
{
    entry->older->newer = entry->newer;
    entry->newer->older = entry->older;
}

static void link_newest(struct slowdown *slowdown, struct entry *entry)
{
    entry->older = slowdown->ring.older;
    entry->newer = &slowdown->ring;
    entry->older->newer = entry;
    slowdown->ring.older = entry;
}

static void forget(struct slowdown *slowdown, struct entry *entry)
{
    map_remove(slowdown->by_key, entry->key);
    unlink_entry(entry);
    free(entry->key);
    free(entry);
}

void slowdown_destroy(struct slowdown *slowdown)
{
    if (slowdown == NULL)
        return;
    while (slowdown->ring.newer != &slowdown->ring)
        forget(slowdown, slowdown->ring.newer);
    map_destroy(slowdown->by_key, NULL);
    free(slowdown);
}

static bool is_forgiven(const struct entry *entry, int64_t monotonic_ms)
{
    return monotonic_ms - entry->last_failed_ms >= SLOWDOWN_FORGET_MS;
}

static int64_t penalty_ms(unsigned failures)
{
    if (failures < SLOWDOWN_FREE)
        return 0;
    unsigned doublings = failures - SLOWDOWN_FREE;
    int64_t ms = doublings > 20 ? SLOWDOWN_LAST_MS : (int64_t)SLOWDOWN_FIRST_MS << doublings;
    return ms < SLOWDOWN_LAST_MS ? ms : SLOWDOWN_LAST_MS;
}

int64_t slowdown_wait_ms(const struct slowdown *slowdown, const char *key, int64_t monotonic_ms)
{
    const struct entry *entry = map_get(slowdown->by_key, key);
    if (entry == NULL || is_forgiven(entry, monotonic_ms))
        return 0;
    int64_t left_ms = entry->last_failed_ms + penalty_ms(entry->failures) - monotonic_ms;
    return left_ms > 0 ? left_ms : 0;
}

static struct entry *add(struct slowdown *slowdown, const char *key)
{
    if (map_count(slowdown->by_key) >= slowdown->keys_max) {
        forget(slowdown, slowdown->ring.newer);
        slowdown->evicted++;
    }
    struct entry *entry = calloc(1, sizeof(*entry));
    if (entry == NULL)
        return NULL;
    entry->key = strdup(key);
    if (entry->key == NULL || map_put(slowdown->by_key, key, entry) != OK) {
        free(entry->key);
        free(entry);
        return NULL;
    }
    return entry;
}

void slowdown_failed(struct slowdown *slowdown, const char *key, int64_t monotonic_ms)
{
    while (slowdown->ring.newer != &slowdown->ring && is_forgiven(slowdown->ring.newer, monotonic_ms))
        forget(slowdown, slowdown->ring.newer);
    struct entry *entry = map_get(slowdown->by_key, key);
    if (entry != NULL)
        unlink_entry(entry);
    else
        entry = add(slowdown, key);
    if (entry == NULL)
        return; /* memory is out: one failure uncounted is the lesser harm */
    entry->failures++;
    entry->last_failed_ms = monotonic_ms;
    link_newest(slowdown, entry);
}

void slowdown_succeeded(struct slowdown *slowdown, const char *key)
{
    struct entry *entry = map_get(slowdown->by_key, key);
    if (entry != NULL)
        forget(slowdown, entry);
}

uint64_t slowdown_evicted(const struct slowdown *slowdown)
{
    return slowdown->evicted;
}
