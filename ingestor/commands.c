#include "ingestor/commands.h"
#include <stdio.h>
#include <string.h>
#include "base/hash.h"
#include "base/instant.h"
#include "base/text.h"
#include "store/records_command.h"
#include "wire/command_json.h"

#define COMMANDS_PAGE 50
#define RESEND_EXPIRES_MS (5 * MS_PER_MIN)
#define COMMANDS_KEPT_MS (90 * MS_PER_DAY)

static enum err put(struct pipeline *pipeline, const struct command_record *command, const char *meter_id, struct fault *fault)
{
    struct outbox_row row = {0};
    snprintf(row.topic, sizeof row.topic, "meters/%s/commands", meter_id);
    buf_reset(&pipeline->scratch);
    command_write(&pipeline->scratch, command->command_id, command->expires_utc_ms, command->name, command->params);
    row.payload = pipeline->scratch.data;
    row.payload_len = pipeline->scratch.len;
    return facts_put_outbox(pipeline->parts.facts, &row, fault);
}

enum err commands_send(struct pipeline *pipeline, struct fault *fault)
{
    struct command_record page[COMMANDS_PAGE];
    size_t count = 0;
    enum err err = records_command_poll(pipeline->parts.records, COMMANDS_PAGE, fault, page, &count);
    for (size_t i = 0; i < count && err == OK; i++) {
        bool late = page[i].expires_utc_ms <= pipeline->now_utc_ms; /* it waited too long: it is expired, and was never sent */
        if (!late)
            err = put(pipeline, &page[i], page[i].meter_id, fault);
        if (err == OK)
            err = records_command_sent(pipeline->parts.records, page[i].command_no, late ? 0 : pipeline->now_utc_ms, fault);
    }
    return err;
}

bool commands_may_ask(struct pipeline *pipeline)
{
    int64_t minute = pipeline->monotonic_ms / MS_PER_MIN;
    if (pipeline->ask_minute != minute) {
        pipeline->ask_minute = minute;
        pipeline->asked_in_minute = 0;
    }
    return pipeline->asked_in_minute < pipeline->parts.resends_per_minute;
}

void commands_ask_again(struct pipeline *pipeline, const struct receipt_entry *entry, int64_t from, int64_t to)
{
    char text[160];
    struct command_record command = {.meter_no = entry->point->meter_no,
                                     .name = "resend",
                                     .state = COMMAND_SENT,
                                     .sent_utc_ms = pipeline->now_utc_ms,
                                     .expires_utc_ms = pipeline->now_utc_ms + RESEND_EXPIRES_MS};
    struct actor actor = {"ingestor", pipeline->now_utc_ms};
    struct fault fault = {0};
    struct buf params;
    int len = snprintf(text, sizeof text, "%lld/%s/%lld/%lld", (long long)entry->point->meter_no, entry->boot, (long long)from,
                       (long long)pipeline->now_utc_ms);
    fingerprint(text, (size_t)len, command.command_id);
    buf_init(&params, COMMAND_PARAMS_SIZE - 1);
    command_resend_params(&params, entry->boot, from, to);
    enum err err = text_copy(command.params, sizeof command.params, params.data) && !params.overflow
                       ? put(pipeline, &command, entry->point->meter_id, &fault)
                       : fault_set(&fault, ERR_FATAL, "a command is larger than its buffer");
    if (err == OK)
        err = records_command_add(pipeline->parts.records, &actor, &command, &fault);
    buf_finish(&params);
    pipeline->asked_in_minute++;
    pipeline->tally.asked++;
    if (err != OK)
        store_failed(pipeline, err, &fault);
}

enum err commands_answered(struct pipeline *pipeline, const struct point *point, const char *document, size_t len, int64_t at_utc_ms,
                           struct fault *fault)
{
    struct command_answer answer;
    if (!command_answer_parse(document, len, &answer))
        return OK; /* it stays an event that people can read */
    return records_command_answer(pipeline->parts.records, point->meter_no, answer.command_id, answer.done, answer.detail, at_utc_ms, fault);
}

enum err commands_forget(struct pipeline *pipeline, struct fault *fault)
{
    return records_command_prune(pipeline->parts.records, pipeline->now_utc_ms - COMMANDS_KEPT_MS, fault);
}
