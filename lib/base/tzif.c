#include "base/tzif.h"
#include <string.h>

#define HEADER_SIZE 44
#define TYPE_SIZE 6

/* The six counts of a header, in the file's order. */
struct counts {
    uint32_t utc_flags, standard_flags, leaps, times, types, name_bytes;
};

static uint32_t read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool read_header(const unsigned char *at, size_t left, struct counts *out)
{
    if (left < HEADER_SIZE || memcmp(at, "TZif", 4) != 0)
        return false;
    *out = (struct counts){
        .utc_flags = read_u32(at + 20),
        .standard_flags = read_u32(at + 24),
        .leaps = read_u32(at + 28),
        .times = read_u32(at + 32),
        .types = read_u32(at + 36),
        .name_bytes = read_u32(at + 40),
    };
    return true;
}

static uint64_t block_size(const struct counts *counts, uint64_t time_size)
{
    return counts->times * (time_size + 1) + (uint64_t)counts->types * TYPE_SIZE + counts->name_bytes + counts->leaps * (time_size + 4) +
           counts->standard_flags + (uint64_t)counts->utc_flags;
}

int64_t tzif_time_s(const struct tzif *tzif, uint32_t transition)
{
    const unsigned char *at = tzif->times + (size_t)transition * (size_t)tzif->time_size;
    if (tzif->time_size == 4)
        return (int32_t)read_u32(at);
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

int32_t tzif_type_offset_s(const struct tzif *tzif, uint32_t type)
{
    return (int32_t)read_u32(tzif->types + (size_t)type * TYPE_SIZE);
}

bool tzif_type_is_daylight(const struct tzif *tzif, uint32_t type)
{
    return tzif->types[(size_t)type * TYPE_SIZE + 4] != 0;
}

static enum err check_contents(const struct tzif *tzif, const struct counts *counts, struct fault *fault)
{
    if (counts->leaps != 0)
        return fault_set(fault, ERR_INVALID, "the time zone file counts leap seconds");
    if (counts->types == 0 || counts->types > 256)
        return fault_set(fault, ERR_INVALID, "the time zone file has %u local time types", counts->types);
    for (uint32_t i = 0; i < counts->types; i++) {
        int32_t offset_s = tzif_type_offset_s(tzif, i);
        if (offset_s < -TZIF_OFFSET_MAX_S || offset_s > TZIF_OFFSET_MAX_S)
            return fault_set(fault, ERR_INVALID, "the time zone file has an offset of %d s", offset_s);
    }
    for (uint32_t i = 0; i < counts->times; i++) {
        if (tzif->time_types[i] >= counts->types)
            return fault_set(fault, ERR_INVALID, "transition %u of the time zone file has no type", i);
        if (i > 0 && tzif_time_s(tzif, i) <= tzif_time_s(tzif, i - 1))
            return fault_set(fault, ERR_INVALID, "transition %u of the time zone file goes back", i);
    }
    return OK;
}

enum err tzif_open(const void *bytes, size_t len, struct fault *fault, struct tzif *out)
{
    const unsigned char *at = bytes;
    const unsigned char *end = at + len;
    struct counts counts;
    struct tzif tzif = {.time_size = 4};
    if (!read_header(at, len, &counts))
        return fault_set(fault, ERR_INVALID, "not a time zone file: it does not begin with TZif");
    bool has_second_block = at[4] >= '2';
    at += HEADER_SIZE;
    if (has_second_block) {
        uint64_t skip = block_size(&counts, 4);
        if (skip > (uint64_t)(end - at))
            return fault_set(fault, ERR_INVALID, "the time zone file is cut short");
        at += skip;
        if (!read_header(at, (size_t)(end - at), &counts))
            return fault_set(fault, ERR_INVALID, "the time zone file is cut short");
        at += HEADER_SIZE;
        tzif.time_size = 8;
    }
    uint64_t size = block_size(&counts, (uint64_t)tzif.time_size);
    if (size > (uint64_t)(end - at))
        return fault_set(fault, ERR_INVALID, "the time zone file is cut short");
    tzif.transition_count = counts.times;
    tzif.type_count = counts.types;
    tzif.times = at;
    tzif.time_types = at + (size_t)counts.times * (size_t)tzif.time_size;
    tzif.types = tzif.time_types + counts.times;
    at += size;
    if (has_second_block) {
        const unsigned char *line_end = NULL;
        if (at < end && *at == '\n')
            line_end = memchr(at + 1, '\n', (size_t)(end - at - 1));
        if (line_end == NULL)
            return fault_set(fault, ERR_INVALID, "the time zone file has no footer");
        tzif.footer = (const char *)at + 1;
        tzif.footer_len = (size_t)(line_end - at - 1);
    }
    enum err err = check_contents(&tzif, &counts, fault);
    if (err == OK)
        *out = tzif;
    return err;
}
