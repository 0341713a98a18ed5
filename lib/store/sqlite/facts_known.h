/*
 * What the writer's last readings proved to be in the store, so that the next one of the same meter need not look: which channels it has, which
 * number its boot has. Two direct-mapped tables of a fixed size; forgetting is always right. Private to lib/store/sqlite.
 */
#ifndef STORE_SQLITE_FACTS_KNOWN_H
#define STORE_SQLITE_FACTS_KNOWN_H

#include <stdbool.h>
#include <stdint.h>
#include "energy/reading.h"

#define KNOWN_CHANNELS (1 << 16)
#define KNOWN_BOOTS (1 << 16)

struct known {
    struct {
        int64_t meter_no; /* 0: empty */
        int32_t channel;
    } channels[KNOWN_CHANNELS];
    struct {
        int64_t meter_no; /* 0: empty */
        int64_t boot_no;
        char boot[READING_BOOT_SIZE];
    } boots[KNOWN_BOOTS];
};

struct known *known_create(void); /* NULL when memory is out */
/* A batch was rolled back: nothing is sure any more. */
void known_forget(struct known *known);

bool known_channel(const struct known *known, int64_t meter_no, int32_t channel);
void known_put_channel(struct known *known, int64_t meter_no, int32_t channel);
int64_t known_boot(const struct known *known, int64_t meter_no, const char *boot); /* 0: unknown */
void known_put_boot(struct known *known, int64_t meter_no, const char *boot, int64_t boot_no);

#endif
