/*
 * A map from short text keys to pointers, with a maximum number of entries. Keys are copied; values are the
 * caller's. Not thread-safe.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include "base/err.h"

struct map;

struct map *map_create(size_t max_entries);                       /* NULL when memory is out */
void map_destroy(struct map *map, void (*destroy_value)(void *)); /* NULL-safe; destroy_value may be NULL */

void *map_get(const struct map *map, const char *key);           /* NULL when absent */
enum err map_put(struct map *map, const char *key, void *value); /* replaces; ERR_LIMIT when full */
void *map_remove(struct map *map, const char *key);              /* the value, or NULL */
size_t map_count(const struct map *map);
/* Calls `each` for every entry, in no order; stops when it returns non-zero and returns that. */
int map_each(const struct map *map, int (*each)(const char *key, void *value, void *arg), void *arg);

#endif
