#include "store/check_pack.h"
#include "base/varint.h"

size_t check_pack(const struct check_day_row *row, unsigned char out[CHECK_PACKED_MAX])
{
    size_t at = 0;
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &row->results[i];
        out[at++] = (unsigned char)result->outcome;
        out[at++] = (unsigned char)result->skip;
        at = varint_put(out, at, result->from_utc_ms);
        at = varint_put(out, at, result->until_utc_ms - result->from_utc_ms);
        at = varint_put(out, at, result->value);
        at = varint_put(out, at, result->threshold);
    }
    at = varint_put(out, at, row->voltage.values);
    at = varint_put(out, at, row->voltage.precarious);
    return varint_put(out, at, row->voltage.critical);
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
        if (!varint_take(bytes, len, &at, &result->from_utc_ms) || !varint_take(bytes, len, &at, &length) ||
            !varint_take(bytes, len, &at, &result->value) || !varint_take(bytes, len, &at, &result->threshold))
            return false;
        result->until_utc_ms = result->from_utc_ms + length;
    }
    if (!varint_take(bytes, len, &at, &values) || !varint_take(bytes, len, &at, &precarious) || !varint_take(bytes, len, &at, &critical))
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
