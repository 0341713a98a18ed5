/* Topics, and the other short texts that name things: OBIS codes, instants, dates, receipt ranges. */
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/text.h"
#include "energy/obis.h"
#include "ingestor/receipt.h"
#include "tests/fuzz/fuzz.h"
#include "wire/topic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct topic topic;
    struct receipt receipt;
    int64_t utc_ms;
    int32_t number;
    char text[256], back[RECEIPT_TEXT_MAX];
    topic_parse((const char *)data, size, &topic);
    must(topic.kind != TOPIC_READINGS || text_is_name(topic.name, strlen(topic.name)));
    must(topic.kind != TOPIC_PROVISION || text_is_name(topic.name, strlen(topic.name)));
    if (instant_parse((const char *)data, size, &utc_ms)) {
        int64_t again = 0;
        instant_format(utc_ms, text);
        must(instant_parse(text, strlen(text), &again) && again == utc_ms);
    }
    size_t len = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, len);
    text[len] = '\0';
    if (obis_parse(text, &number)) {
        char code[OBIS_TEXT_SIZE];
        obis_format(number, code);
        must(strcmp(code, text) == 0);
    }
    if (civil_parse(text, &number)) {
        char date[CIVIL_TEXT_SIZE];
        civil_format(number, date);
        must(strcmp(date, text) == 0);
    }
    receipt_init(&receipt);
    receipt_ranges_read(&receipt, text);
    if (receipt.range_count > 0) {
        int64_t from, to;
        receipt_ranges_write(&receipt, back);
        for (int i = 0; i < receipt.range_count; i++)
            must(receipt.ranges[i].from <= receipt.ranges[i].to);
        receipt_take(&receipt, receipt.ranges[0].from / 2, 1000);
        receipt_tick(&receipt, 2000000, &from, &to);
    }
    return 0;
}
