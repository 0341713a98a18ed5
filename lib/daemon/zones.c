#include "daemon/zones.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/map.h"
#include "base/text.h"
#include "daemon/files.h"

#define TZIF_MAX_BYTES 65536
#define VERSION_SIZE 32

struct zones {
    pthread_mutex_t lock;
    struct map *by_name;
    char version[VERSION_SIZE];
    char dir[];
};

bool zones_name_is_valid(const char *name)
{
    if (name == NULL || strlen(name) >= ZONE_NAME_SIZE)
        return false;
    bool part_begins = true;
    for (const char *c = name; *c != '\0'; c++) {
        bool letter = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '+' || *c == '-';
        if (*c == '/' ? part_begins : !letter)
            return false;
        part_begins = *c == '/';
    }
    return !part_begins;
}

/* "2026a\n" of the file +VERSION, or "# version 2026a" that tzdata.zi begins with. */
static void find_version(struct zones *zones)
{
    static const struct {
        const char *file, *before;
    } places[] = {{"+VERSION", ""}, {"tzdata.zi", "# version "}};
    text_copy(zones->version, sizeof(zones->version), "unknown");
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char path[4096], line[64] = "", version[VERSION_SIZE];
        snprintf(path, sizeof(path), "%s/%s", zones->dir, places[i].file);
        FILE *file = fopen(path, "re");
        if (file == NULL)
            continue;
        bool found = fgets(line, sizeof(line), file) != NULL && text_starts_with(line, places[i].before);
        fclose(file);
        line[strcspn(line, "\r\n")] = '\0';
        if (found && text_copy(version, sizeof(version), line + strlen(places[i].before)) && text_is_name(version, strlen(version))) {
            text_copy(zones->version, sizeof(zones->version), version);
            return;
        }
    }
}

struct zones *zones_create(const char *dir)
{
    size_t len = strlen(dir);
    struct zones *zones = calloc(1, sizeof(*zones) + len + 1);
    if (zones == NULL)
        return NULL;
    zones->by_name = map_create(ZONES_MAX);
    if (zones->by_name == NULL) {
        free(zones);
        return NULL;
    }
    memcpy(zones->dir, dir, len + 1);
    pthread_mutex_init(&zones->lock, NULL);
    find_version(zones);
    return zones;
}

static void destroy_zone(void *zone)
{
    zone_destroy(zone);
}

void zones_destroy(struct zones *zones)
{
    if (zones == NULL)
        return;
    map_destroy(zones->by_name, destroy_zone);
    pthread_mutex_destroy(&zones->lock);
    free(zones);
}

const char *zones_version(const struct zones *zones)
{
    return zones->version;
}

static enum err load(struct zones *zones, const char *name, struct fault *fault, struct zone **out)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s", zones->dir, name);
    if (len < 0 || (size_t)len >= sizeof(path))
        return fault_set(fault, ERR_INVALID, "the path of the time zones is too long");
    struct zone *zone = NULL;
    struct buf bytes;
    buf_init(&bytes, TZIF_MAX_BYTES);
    enum err err = file_read(path, fault, &bytes);
    if (err == ERR_NOT_FOUND)
        fault_set(fault, err, "there is no time zone \"%s\"", name);
    if (err == OK)
        err = zone_create(name, bytes.data, bytes.len, fault, &zone);
    if (err == OK) {
        err = map_put(zones->by_name, name, zone);
        if (err != OK)
            fault_set(fault, err, "no room for another time zone");
    }
    if (err == OK)
        *out = zone;
    else
        zone_destroy(zone);
    buf_finish(&bytes);
    return err;
}

enum err zones_get(struct zones *zones, const char *name, struct fault *fault, const struct zone **out)
{
    if (!zones_name_is_valid(name))
        return fault_set(fault, ERR_INVALID, "\"%.64s\" cannot be the name of a time zone", name);
    pthread_mutex_lock(&zones->lock);
    enum err err = OK;
    struct zone *zone = map_get(zones->by_name, name);
    if (zone == NULL)
        err = load(zones, name, fault, &zone);
    if (err == OK)
        *out = zone;
    pthread_mutex_unlock(&zones->lock);
    return err;
}
