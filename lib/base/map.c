#include "base/map.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 16

/* Open addressing, linear probing; a removal closes the gap, so there are no tombstones. */
struct slot {
    char *key; /* NULL: empty */
    void *value;
    uint64_t hash;
};

struct map {
    struct slot *slots;
    size_t slot_count; /* a power of two */
    size_t count;
    size_t max;
    uint64_t seed; /* differs from map to map, so that a stranger's keys cannot be made to collide */
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* FNV-1a from a secret start: keys that collide for one start do not for another. */
static uint64_t hash_of(const struct map *map, const char *key)
{
    uint64_t hash = map->seed;
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
    return mix(hash);
}

struct map *map_create(size_t max_entries)
{
    struct map *map = malloc(sizeof(*map));
    if (map == NULL)
        return NULL;
    *map = (struct map){.max = max_entries, .slot_count = FIRST_SLOTS};
    map->slots = calloc(FIRST_SLOTS, sizeof(*map->slots));
    if (map->slots == NULL) {
        free(map);
        return NULL;
    }
    map->seed = mix((uint64_t)(uintptr_t)map ^ mix((uint64_t)(uintptr_t)&map));
    return map;
}

void map_destroy(struct map *map, void (*destroy_value)(void *))
{
    if (map == NULL)
        return;
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->slots[i].key == NULL)
            continue;
        if (destroy_value != NULL)
            destroy_value(map->slots[i].value);
        free(map->slots[i].key);
    }
    free(map->slots);
    free(map);
}

/* The key's slot, or the empty one where it would go. */
static size_t find(const struct map *map, const char *key, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    size_t i = hash & mask;
    while (map->slots[i].key != NULL && (map->slots[i].hash != hash || strcmp(map->slots[i].key, key) != 0))
        i = (i + 1) & mask;
    return i;
}

static bool grow(struct map *map)
{
    size_t count = map->slot_count * 2;
    struct slot *slots = calloc(count, sizeof(*slots));
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->slots[i].key == NULL)
            continue;
        size_t at = map->slots[i].hash & (count - 1);
        while (slots[at].key != NULL)
            at = (at + 1) & (count - 1);
        slots[at] = map->slots[i];
    }
    free(map->slots);
    map->slots = slots;
    map->slot_count = count;
    return true;
}

void *map_get(const struct map *map, const char *key)
{
    return map->slots[find(map, key, hash_of(map, key))].value;
}

enum err map_put(struct map *map, const char *key, void *value)
{
    uint64_t hash = hash_of(map, key);
    size_t i = find(map, key, hash);
    if (map->slots[i].key != NULL) {
        map->slots[i].value = value;
        return OK;
    }
    if (map->count >= map->max)
        return ERR_LIMIT;
    if ((map->count + 1) * 4 > map->slot_count * 3) {
        if (!grow(map))
            return ERR_FATAL;
        i = find(map, key, hash);
    }
    char *copy = strdup(key);
    if (copy == NULL)
        return ERR_FATAL;
    map->slots[i] = (struct slot){.key = copy, .value = value, .hash = hash};
    map->count++;
    return OK;
}

void *map_remove(struct map *map, const char *key)
{
    size_t mask = map->slot_count - 1;
    size_t gap = find(map, key, hash_of(map, key));
    if (map->slots[gap].key == NULL)
        return NULL;
    void *value = map->slots[gap].value;
    free(map->slots[gap].key);
    for (size_t i = (gap + 1) & mask; map->slots[i].key != NULL; i = (i + 1) & mask) {
        size_t home = map->slots[i].hash & mask;
        if (((i - home) & mask) < ((i - gap) & mask))
            continue; /* it stands between its home and the gap's far side: leave it */
        map->slots[gap] = map->slots[i];
        gap = i;
    }
    map->slots[gap] = (struct slot){0};
    map->count--;
    return value;
}

size_t map_count(const struct map *map)
{
    return map->count;
}

int map_each(const struct map *map, int (*each)(const char *key, void *value, void *arg), void *arg)
{
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->slots[i].key == NULL)
            continue;
        int result = each(map->slots[i].key, map->slots[i].value, arg);
        if (result != 0)
            return result;
    }
    return 0;
}
