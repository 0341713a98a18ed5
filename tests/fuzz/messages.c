/* Everything that arrives as a payload on MQTT or as a small JSON body: readings, status, events, provisioning, rules, what devices hear. */
#include <string.h>
#include "tests/fuzz/fuzz.h"
#include "wire/device_json.h"
#include "wire/message_json.h"
#include "wire/reading_json.h"
#include "wire/rest_alert.h"

struct again {
    int count;
    const struct reading *expected;
};

/* A good reading, written and read again, is the same reading. */
static void hold_again(const struct parsed_reading *parsed, void *arg)
{
    struct again *again = arg;
    const struct reading *a = again->expected, *b = &parsed->reading;
    must(parsed->verdict == VERDICT_ACCEPTED);
    must(a->kind == b->kind && a->channel_count == b->channel_count && a->interval_s == b->interval_s);
    for (int i = 0; i < a->channel_count; i++) {
        int64_t value;
        must(reading_value(b, a->channels[i].channel, &value) && value == a->channels[i].value_wh);
    }
    must(a->has_power == b->has_power && a->power_w == b->power_w);
    must(a->has_seq == b->has_seq && a->seq == b->seq && strcmp(a->boot, b->boot) == 0);
    must(a->voltage_mv.count == b->voltage_mv.count && memcmp(a->voltage_mv.value, b->voltage_mv.value, sizeof a->voltage_mv.value) == 0);
    must(a->flags == b->flags && a->frequency_mhz == b->frequency_mhz);
    again->count++;
}

static void each_reading(const struct parsed_reading *parsed, void *arg)
{
    const struct reading *reading = &parsed->reading;
    struct again again = {0, reading};
    struct buf text;
    (*(int *)arg)++;
    must((parsed->verdict == VERDICT_ACCEPTED) == (parsed->detail[0] == '\0'));
    must(parsed->verdict == VERDICT_ACCEPTED || verdict_refused(parsed->verdict));
    if (parsed->verdict != VERDICT_ACCEPTED)
        return;
    must(reading->channel_count >= 1 && reading->channel_count <= READING_CHANNELS_MAX);
    for (int i = 0; i < reading->channel_count; i++)
        must(reading->channels[i].value_wh >= 0 && reading->channels[i].value_wh <= READING_WH_MAX);
    buf_init(&text, 65536);
    buf_char(&text, '{');
    reading_fields_write(&text, reading);
    buf_char(&text, '}');
    must(!text.overflow);
    readings_parse(text.data, text.len, hold_again, &again);
    must(again.count == 1);
    buf_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char detail[160] = "";
    int count = 0;
    struct status_message status;
    struct event_message event;
    struct provision_request request;
    struct rule_params params;
    struct alert_rules rules = {0};
    struct device_receipt receipt;
    struct device_command command;
    struct device_identity identity;
    readings_parse(text, size, each_reading, &count);
    must(count >= 1 && count <= BATCH_MAX); /* no message without a verdict */
    must(status_parse(text, size, &status, detail) == VERDICT_ACCEPTED || detail[0]);
    detail[0] = '\0';
    must(event_parse(text, size, &event, detail) == VERDICT_ACCEPTED || detail[0]);
    detail[0] = '\0';
    must(provision_parse(text, size, &request, detail) == VERDICT_ACCEPTED || detail[0]);
    rule_params_parse(ALERT_EXCESS_CONSUMPTION, text, size, NULL, &params);
    rest_rules_parse(text, size, NULL, &rules);
    device_receipt_parse(text, size, NULL, &receipt);
    device_command_parse(text, size, NULL, &command);
    device_provision_response_parse(text, size, NULL, &identity);
    return 0;
}
