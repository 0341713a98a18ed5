/*
 * The facts of one meter and UTC day as bytes: column by column, each value told by its difference to the one before it (of its channel, where values
 * and powers are concerned), then zlib. What was packed comes out to the bit. Stored: a new layout gets a new version, old ones stay readable.
 * Pure; private to lib/store.
 */
#ifndef STORE_SQLITE_SEAL_PACK_H
#define STORE_SQLITE_SEAL_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

/* A row of the table `fact`, without its meter. */
struct sealed_fact {
    int64_t ts_utc_ms, value_wh, received_lag_ms;
    int64_t boot_no; /* 0: none */
    int64_t seq, power_w;
    int32_t channel, kind, length_s;
    uint32_t flags;
    bool has_seq, has_power;
    unsigned char electrical_len; /* 0: nothing told */
    uint32_t electrical_at;       /* in the day's bytes */
};

#define SEALED_FACTS_MAX 4000000 /* some 40 channels a second */
#define SEALED_BYTES_MAX (256u << 20)

/* A day's facts in the order of their key. Grows by itself; begin with zeros. */
struct sealed_facts {
    size_t count, room;
    struct sealed_fact *facts;
    size_t byte_count, byte_room;
    unsigned char *bytes; /* what is electrical, one after the other */
};

/* Takes `fact` over with its electrical bytes. ERR_LIMIT: more than can be held; ERR_FATAL: no memory. */
enum err sealed_facts_add(struct sealed_facts *day, const struct sealed_fact *fact, const void *electrical, struct fault *fault);
void sealed_facts_clear(struct sealed_facts *day); /* empty, and keeps its room */
void sealed_facts_finish(struct sealed_facts *day);
bool sealed_facts_equal(const struct sealed_facts *a, const struct sealed_facts *b);

/* Appends to `out`. */
enum err seal_pack(const struct sealed_facts *day, struct fault *fault, struct buf *out);
/* ERR_FATAL where the bytes are not what seal_pack writes. `day` is cleared first. */
enum err seal_unpack(const void *bytes, size_t len, struct fault *fault, struct sealed_facts *day);

#endif
