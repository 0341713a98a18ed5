/*
 * Commands to meters: those that people queued (store/records_command.h) are published, holes in a sequence are asked for, answers are written down.
 * All of it inside the open batch; what is to be published goes through the outbox.
 */
#ifndef INGESTOR_COMMANDS_H
#define INGESTOR_COMMANDS_H

#include "ingestor/context.h"
#include "wire/message_json.h"

/* What was queued since the last time. */
enum err commands_send(struct pipeline *pipeline, struct fault *fault);

/* May one more hole be asked for in this minute? All meters together share `resends_per_minute`. */
bool commands_may_ask(struct pipeline *pipeline);
/* Asks a meter for what is missing of a boot, [from, to]. Errors are the pipeline's. */
void commands_ask_again(struct pipeline *pipeline, const struct receipt_entry *entry, int64_t from, int64_t to);

/* A meter's event "command". */
enum err commands_answered(struct pipeline *pipeline, const struct point *point, const char *document, size_t len, int64_t at_utc_ms,
                           struct fault *fault);

/* Old ones go. */
enum err commands_forget(struct pipeline *pipeline, struct fault *fault);

#endif
