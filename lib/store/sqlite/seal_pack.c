#include "store/sqlite/seal_pack.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/varint.h"

#define LAYOUT 1
#define HEAD 5 /* the layout, then how long the columns are before zlib: 4 bytes, little-endian */
#define COLUMNS 11
#define CHANNELS_MAX 64

/* ---- days ---- */

static bool grow(void **array, size_t *room, size_t need, size_t size)
{
    if (need <= *room)
        return true;
    size_t more = *room ? 2 * *room : 128;
    void *bigger = realloc(*array, (more < need ? need : more) * size);
    if (!bigger)
        return false;
    *array = bigger;
    *room = more < need ? need : more;
    return true;
}

enum err sealed_facts_add(struct sealed_facts *day, const struct sealed_fact *fact, const void *electrical, struct fault *fault)
{
    if (day->count >= SEALED_FACTS_MAX)
        return fault_set(fault, ERR_LIMIT, "a day holds %d facts at most", SEALED_FACTS_MAX);
    if (!grow((void **)&day->facts, &day->room, day->count + 1, sizeof *day->facts) ||
        !grow((void **)&day->bytes, &day->byte_room, day->byte_count + fact->electrical_len, 1))
        return fault_set(fault, ERR_FATAL, "no memory");
    struct sealed_fact *to = &day->facts[day->count++];
    *to = *fact;
    to->electrical_at = (uint32_t)day->byte_count;
    if (fact->electrical_len)
        memcpy(day->bytes + day->byte_count, electrical, fact->electrical_len);
    day->byte_count += fact->electrical_len;
    return OK;
}

void sealed_facts_clear(struct sealed_facts *day)
{
    day->count = day->byte_count = 0;
}

void sealed_facts_finish(struct sealed_facts *day)
{
    free(day->facts);
    free(day->bytes);
    *day = (struct sealed_facts){0};
}

static bool same(const struct sealed_fact *a, const struct sealed_fact *b)
{
    return a->ts_utc_ms == b->ts_utc_ms && a->value_wh == b->value_wh && a->received_lag_ms == b->received_lag_ms && a->boot_no == b->boot_no &&
           a->has_seq == b->has_seq && a->seq == b->seq && a->has_power == b->has_power && a->power_w == b->power_w && a->channel == b->channel &&
           a->kind == b->kind && a->length_s == b->length_s && a->flags == b->flags && a->electrical_len == b->electrical_len &&
           a->electrical_at == b->electrical_at;
}

bool sealed_facts_equal(const struct sealed_facts *a, const struct sealed_facts *b)
{
    if (a->count != b->count || a->byte_count != b->byte_count || (a->byte_count && memcmp(a->bytes, b->bytes, a->byte_count) != 0))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same(&a->facts[i], &b->facts[i]))
            return false;
    return true;
}

/* ---- numbers ---- */

/* Differences are taken and added in unsigned numbers: they go round instead of over. */
static int64_t difference(int64_t value, int64_t before)
{
    return (int64_t)((uint64_t)value - (uint64_t)before);
}

static int64_t undone(int64_t difference, int64_t before)
{
    return (int64_t)((uint64_t)before + (uint64_t)difference);
}

/* ---- columns ---- */

/* What a channel said last; channels beyond the first 64 share the last place. */
struct lasts {
    int count;
    int32_t channels[CHANNELS_MAX];
    int64_t values[CHANNELS_MAX];
};

static int64_t *last_of(struct lasts *lasts, int32_t channel)
{
    for (int i = 0; i < lasts->count; i++)
        if (lasts->channels[i] == channel)
            return &lasts->values[i];
    if (lasts->count == CHANNELS_MAX)
        return &lasts->values[CHANNELS_MAX - 1];
    lasts->channels[lasts->count] = channel;
    lasts->values[lasts->count] = 0;
    return &lasts->values[lasts->count++];
}

/* A column's value in a fact. seq and power are there or not: told by the column of what is there. */
static int64_t column_of(const struct sealed_fact *fact, int column)
{
    switch (column) {
    case 0:
        return fact->ts_utc_ms;
    case 1:
        return fact->channel;
    case 2:
        return fact->kind;
    case 3:
        return fact->length_s;
    case 4:
        return (int64_t)fact->flags << 2 | (int64_t)fact->has_seq << 1 | fact->has_power;
    case 5:
        return fact->boot_no;
    case 6:
        return fact->electrical_len;
    case 7:
        return fact->value_wh;
    case 8:
        return fact->received_lag_ms;
    case 9:
        return fact->seq;
    default:
        return fact->power_w;
    }
}

static bool set_column(struct sealed_fact *fact, int column, int64_t value)
{
    switch (column) {
    case 0:
        fact->ts_utc_ms = value;
        return true;
    case 1:
        fact->channel = (int32_t)value;
        return fact->channel == value;
    case 2:
        fact->kind = (int32_t)value;
        return fact->kind == value;
    case 3:
        fact->length_s = (int32_t)value;
        return fact->length_s == value;
    case 4:
        fact->flags = (uint32_t)(value >> 2);
        fact->has_seq = value & 2;
        fact->has_power = value & 1;
        return value >= 0 && value >> 2 <= UINT32_MAX;
    case 5:
        fact->boot_no = value;
        return true;
    case 6:
        fact->electrical_len = (unsigned char)value;
        return fact->electrical_len == value;
    case 7:
        fact->value_wh = value;
        return true;
    case 8:
        fact->received_lag_ms = value;
        return true;
    case 9:
        fact->seq = value;
        return true;
    default:
        fact->power_w = value;
        return true;
    }
}

static bool absent(const struct sealed_fact *fact, int column)
{
    return (column == 9 && !fact->has_seq) || (column == 10 && !fact->has_power);
}

static bool by_channel(int column)
{
    return column == 7 || column == 10;
}

/* As compress2, but an ordinary day of some hundred facts does not pay for tables that are made for megabytes. */
static bool deflate_all(const unsigned char *raw, size_t len, unsigned char *out, uLongf *out_len)
{
    bool small = len < 4096;
    z_stream z = {.next_in = (Bytef *)(uintptr_t)raw, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)*out_len};
    if (deflateInit2(&z, 9, Z_DEFLATED, small ? 12 : 15, small ? 5 : 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *out_len = z.total_out;
    deflateEnd(&z);
    return whole;
}

enum err seal_pack(const struct sealed_facts *day, struct fault *fault, struct buf *out)
{
    size_t most = 10 + day->count * COLUMNS * 10 + day->byte_count;
    unsigned char *raw = most <= SEALED_BYTES_MAX ? malloc(most) : NULL;
    if (!raw)
        return fault_set(fault, most <= SEALED_BYTES_MAX ? ERR_FATAL : ERR_LIMIT, "no memory to pack a day of %zu facts", day->count);
    size_t len = varint_put(raw, 0, (int64_t)day->count);
    for (int column = 0; column < COLUMNS; column++) {
        struct lasts lasts = {.count = 0};
        int64_t before = 0;
        for (size_t i = 0; i < day->count; i++) {
            const struct sealed_fact *fact = &day->facts[i];
            int64_t *last = by_channel(column) ? last_of(&lasts, fact->channel) : &before;
            if (absent(fact, column))
                continue;
            len = varint_put(raw, len, difference(column_of(fact, column), *last));
            *last = column_of(fact, column);
        }
    }
    if (day->byte_count)
        memcpy(raw + len, day->bytes, day->byte_count);
    len += day->byte_count;
    uLongf packed_len = compressBound(len) + len / 64 + 64; /* smaller blocks may need a little more */
    unsigned char *packed = malloc(HEAD + packed_len);
    enum err err = OK;
    if (!packed || !deflate_all(raw, len, packed + HEAD, &packed_len))
        err = fault_set(fault, ERR_FATAL, "no memory to pack a day");
    if (err == OK) {
        packed[0] = LAYOUT;
        for (int i = 0; i < 4; i++)
            packed[1 + i] = (unsigned char)(len >> 8 * i);
        buf_append(out, packed, HEAD + packed_len);
        if (out->overflow)
            err = fault_set(fault, ERR_LIMIT, "a day of %zu facts is more than can be kept in one row", day->count);
    }
    free(packed);
    free(raw);
    return err;
}

static bool unpack_columns(const unsigned char *raw, size_t len, struct sealed_facts *day)
{
    size_t at = 0;
    int64_t count, step;
    if (!varint_take(raw, len, &at, &count) || count < 0 || count > SEALED_FACTS_MAX || (size_t)count > len - at ||
        !grow((void **)&day->facts, &day->room, (size_t)count, sizeof *day->facts))
        return false;
    if (count > 0)
        memset(day->facts, 0, (size_t)count * sizeof *day->facts);
    day->count = (size_t)count;
    for (int column = 0; column < COLUMNS; column++) {
        struct lasts lasts = {.count = 0};
        int64_t before = 0;
        for (size_t i = 0; i < day->count; i++) {
            struct sealed_fact *fact = &day->facts[i];
            int64_t *last = by_channel(column) ? last_of(&lasts, fact->channel) : &before;
            if (absent(fact, column))
                continue;
            if (!varint_take(raw, len, &at, &step))
                return false;
            *last = undone(step, *last);
            if (!set_column(fact, column, *last))
                return false;
        }
    }
    size_t electrical = 0;
    for (size_t i = 0; i < day->count; i++) {
        day->facts[i].electrical_at = (uint32_t)electrical;
        electrical += day->facts[i].electrical_len;
    }
    if (electrical != len - at || !grow((void **)&day->bytes, &day->byte_room, electrical, 1))
        return false;
    if (electrical)
        memcpy(day->bytes, raw + at, electrical);
    day->byte_count = electrical;
    return true;
}

enum err seal_unpack(const void *bytes, size_t len, struct fault *fault, struct sealed_facts *day)
{
    const unsigned char *packed = bytes;
    uLongf raw_len = 0, told;
    sealed_facts_clear(day);
    for (int i = 0; i < 4 && len > HEAD; i++)
        raw_len |= (uLongf)packed[1 + i] << 8 * i;
    told = raw_len;
    /* zlib cannot pack tighter than 1032 to 1. */
    if (len <= HEAD || packed[0] != LAYOUT || raw_len == 0 || raw_len > SEALED_BYTES_MAX || raw_len / 1040 > len)
        return fault_set(fault, ERR_FATAL, "a sealed day is damaged");
    unsigned char *raw = malloc(raw_len);
    if (!raw)
        return fault_set(fault, ERR_FATAL, "no memory");
    bool whole = uncompress(raw, &raw_len, packed + HEAD, len - HEAD) == Z_OK && raw_len == told;
    whole = whole && unpack_columns(raw, raw_len, day);
    free(raw);
    if (whole)
        return OK;
    sealed_facts_clear(day);
    return fault_set(fault, ERR_FATAL, "a sealed day is damaged");
}
