#include "store/check_pack.h"

static size_t put(unsigned char *out, size_t at, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
    while (zigzag >= 0x80) {
        out[at++] = (unsigned char)(zigzag | 0x80);
        zigzag >>= 7;
    }
    out[at++] = (unsigned char)zigzag;
    return at;
}

static bool take(const unsigned char *bytes, size_t len, size_t *at, int64_t *out)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && *at < len; shift += 7) {
        unsigned char byte = bytes[(*at)++];
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
            return true;
        }
    }
    return false;
}

size_t check_pack(const struct check_day_row *row, unsigned char out[CHECK_PACKED_MAX])
{
    size_t at = 0;
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &row->results[i];
        out[at++] = (unsigned char)result->outcome;
        out[at++] = (unsigned char)result->skip;
        at = put(out, at, result->from_utc_ms);
        at = put(out, at, result->until_utc_ms - result->from_utc_ms);
        at = put(out, at, result->value);
        at = put(out, at, result->threshold);
    }
    at = put(out, at, row->voltage.values);
    at = put(out, at, row->voltage.precarious);
    return put(out, at, row->voltage.critical);
}

bool check_unpack(const unsigned char *bytes, size_t len, struct check_day_row *row)
{
    size_t at = 0;
    int64_t length, values, precarious, critical;
    for (int i = 0; i < CHECK_COUNT; i++) {
        struct check_result *result = &row->results[i];
        if (at + 2 > len || bytes[at] > CHECK_SKIPPED)
            return false;
        result->outcome = (enum check_outcome)bytes[at++];
        result->skip = (enum check_skip)bytes[at++];
        if (!take(bytes, len, &at, &result->from_utc_ms) || !take(bytes, len, &at, &length) || !take(bytes, len, &at, &result->value) ||
            !take(bytes, len, &at, &result->threshold))
            return false;
        result->until_utc_ms = result->from_utc_ms + length;
    }
    if (!take(bytes, len, &at, &values) || !take(bytes, len, &at, &precarious) || !take(bytes, len, &at, &critical))
        return false;
    row->voltage = (struct check_voltage){(int)values, (int)precarious, (int)critical};
    return at == len;
}

unsigned check_found_bits(const struct check_day_row *row)
{
    unsigned bits = 0;
    for (int i = 0; i < CHECK_COUNT; i++)
        bits |= (unsigned)(row->results[i].outcome == CHECK_FOUND) << i;
    return bits;
}
