#include "api/verdict_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/instant.h"
#include "base/text.h"

#define HEX "0123456789abcdef"

void verdict_key_judgement(const struct judgement *row, char out[VERDICT_KEY_SIZE])
{
    snprintf(out, VERDICT_KEY_SIZE, "n%016" PRIx64 "%08" PRIx32 "%02x%08" PRIx32 "%016" PRIx64, (uint64_t)row->meter_no, (uint32_t)row->channel,
             (unsigned)row->kind, (uint32_t)row->length_s, (uint64_t)row->value_wh ^ (UINT64_C(1) << 63));
}

void verdict_key_refusal(int64_t refusal_id, char out[VERDICT_KEY_SIZE])
{
    snprintf(out, VERDICT_KEY_SIZE, "d%019" PRId64, refusal_id);
}

void verdict_key_check(int64_t meter_no, int check, char out[VERDICT_KEY_SIZE])
{
    snprintf(out, VERDICT_KEY_SIZE, "c%016" PRIx64 "%02x", (uint64_t)meter_no, (unsigned)check);
}

static bool read_judgement(const char *text, struct judgement *out)
{
    uint64_t meter_no, value;
    uint32_t channel, length;
    unsigned kind;
    if (strlen(text) != 51 || strspn(text + 1, HEX) != 50 ||
        sscanf(text, "n%16" SCNx64 "%8" SCNx32 "%2x%8" SCNx32 "%16" SCNx64, &meter_no, &channel, &kind, &length, &value) != 5)
        return false;
    out->meter_no = (int64_t)meter_no;
    out->channel = (int32_t)channel;
    out->kind = (enum fact_kind)kind;
    out->length_s = (int32_t)length;
    out->value_wh = (int64_t)(value ^ (UINT64_C(1) << 63));
    return true;
}

static bool read_check(const char *text, struct verdict_after *out)
{
    uint64_t meter_no;
    unsigned check;
    if (strlen(text) != 19 || strspn(text + 1, HEX) != 18 || sscanf(text, "c%16" SCNx64 "%2x", &meter_no, &check) != 2 || meter_no > INT64_MAX - 1)
        return false;
    out->meter_no = (int64_t)meter_no;
    out->check = (int)check;
    return out->page.number % MS_PER_DAY == 0 && out->page.number / MS_PER_DAY <= INT32_MAX && out->page.number / MS_PER_DAY >= INT32_MIN;
}

bool verdict_key_read(struct verdict_after *out)
{
    const char *text = out->page.text;
    out->kind = (enum verdict_list_kind)text[0];
    out->judgement.ts_utc_ms = out->page.number;
    switch (out->kind) {
    case LIST_DOOR:
        return text_to_int64(text + 1, &out->refusal_id) && out->refusal_id >= 0;
    case LIST_NEIGHBOURS:
        return read_judgement(text, &out->judgement);
    case LIST_OVER_TIME:
        return read_check(text, out);
    }
    return false;
}
