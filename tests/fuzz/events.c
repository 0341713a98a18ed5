/* Events, exchanges and commands: what is taken is within its ranges, and what the project writes itself is taken. */
#include <string.h>
#include "base/instant.h"
#include "tests/fuzz/fuzz.h"
#include "wire/command_json.h"
#include "wire/device_json.h"
#include "wire/message_json.h"

static void event(const char *text, size_t size)
{
    static const char *const known[] = {"exchange", "tamper", "power_fail", "power_restored", "clock_set", "command"};
    struct event_message message, untouched;
    struct exchange_message exchange, same;
    char detail[160] = "";
    memset(&untouched, 0x55, sizeof untouched);
    memset(&same, 0x55, sizeof same);
    message = untouched;
    exchange = same;
    enum verdict verdict = event_parse(text, size, &message, detail);
    if (verdict != VERDICT_ACCEPTED) {
        must(verdict_refused(verdict) && detail[0] && memcmp(&message, &untouched, sizeof message) == 0);
    } else {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            found |= strcmp(known[i], message.event) == 0;
        must(found && (message.has_ts || message.ts_utc_ms == 0));
    }
    if (!exchange_parse(text, size, &exchange)) {
        must(exchange.old_final_wh == same.old_final_wh && exchange.new_start_wh == same.new_start_wh &&
             exchange.new_register_max_wh == same.new_register_max_wh);
        must(strlen(exchange.old_serial) < NAME_SIZE && strlen(exchange.new_serial) < NAME_SIZE);
        return;
    }
    must(exchange.old_final_wh >= 0 && exchange.old_final_wh <= READING_WH_MAX && exchange.new_start_wh >= 0);
    must(exchange.new_start_wh <= READING_WH_MAX && exchange.new_register_max_wh >= 0 && exchange.new_register_max_wh <= READING_WH_MAX);
    must(strlen(exchange.old_serial) < NAME_SIZE && strlen(exchange.new_serial) < NAME_SIZE);
}

/* A device's answer, whatever its words are, is an event that the other side takes. */
static void answer(const struct device_command *command)
{
    struct buf text;
    struct event_message message;
    char detail[160] = "";
    buf_init(&text, DEVICE_PAYLOAD_MAX);
    device_command_result_encode(&text, command->command_id, command->kind != DEVICE_UNKNOWN, command->boot);
    must(!text.overflow);
    must(event_parse(text.data, text.len, &message, detail) == VERDICT_ACCEPTED && strcmp(message.event, "command") == 0);
    buf_finish(&text);
}

static void command(const char *text, size_t size)
{
    struct device_command read, again;
    struct fault fault = {0};
    struct buf params, written;
    if (device_command_parse(text, size, &fault, &read) != OK) {
        must(fault.text[0]);
        return;
    }
    must(read.command_id[0]);
    must(read.kind != DEVICE_SET_INTERVAL || (read.interval_s >= 1 && read.interval_s <= 86400));
    answer(&read);
    if (read.kind != DEVICE_RESEND)
        return;
    must(read.from_seq >= 0 && read.from_seq <= read.to_seq);
    buf_init(&written, DEVICE_DOCUMENT_MAX);
    buf_init(&params, DEVICE_DOCUMENT_MAX);
    command_resend_params(&params, read.boot, read.from_seq, read.to_seq);
    command_write(&written, read.command_id, 1800000000000, "resend", params.data);
    buf_finish(&params);
    must(!written.overflow && device_command_parse(written.data, written.len, &fault, &again) == OK);
    must(again.kind == DEVICE_RESEND && again.from_seq == read.from_seq && again.to_seq == read.to_seq);
    must(strcmp(again.boot, read.boot) == 0 && strcmp(again.command_id, read.command_id) == 0 && again.expires_utc_ms == 1800000000000);
    buf_finish(&written);
}

static void receipt(const char *text, size_t size)
{
    struct device_receipt read, again;
    struct fault fault = {0};
    struct buf written;
    if (device_receipt_parse(text, size, &fault, &read) != OK) {
        must(fault.text[0]);
        return;
    }
    must(read.seq >= 0);
    buf_init(&written, DEVICE_DOCUMENT_MAX);
    receipt_write(&written, read.boot, read.seq);
    must(device_receipt_parse(written.data, written.len, &fault, &again) == OK && again.seq == read.seq && strcmp(again.boot, read.boot) == 0);
    buf_finish(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    event(text, size);
    command(text, size);
    receipt(text, size);
    return 0;
}
