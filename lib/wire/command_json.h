/*
 * Commands to meters as documents (protocol.md, `meters/<meter_id>/commands`): what is published, the own members of each command, and the meter's
 * answer. Pure.
 */
#ifndef WIRE_COMMAND_JSON_H
#define WIRE_COMMAND_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "energy/reading.h"

/* The own members as a JSON object. */
void command_resend_params(struct buf *out, const char *boot, int64_t from_seq, int64_t to_seq);
void command_interval_params(struct buf *out, int64_t interval_s);

/* The message: `params` is such an object. */
void command_write(struct buf *out, const char *command_id, int64_t expires_utc_ms, const char *name, const char *params);

struct command_answer {
    char command_id[65];
    bool done;
    char detail[161]; /* cut, "" where nothing was said */
};
/* An event "command". False where it names no command, or no result. */
bool command_answer_parse(const char *document, size_t len, struct command_answer *out);

#endif
