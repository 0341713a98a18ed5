/*
 * The short messages between ingestor and meters (protocol.md): what the ingestor reads and what it answers. Writers append to a buffer. Pure.
 */
#ifndef WIRE_MESSAGE_JSON_H
#define WIRE_MESSAGE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "energy/bill.h"
#include "energy/reading.h"
#include "energy/verdict.h"

/* ---- what comes in; VERDICT_ACCEPTED, or why not with `detail` of 160 bytes ---- */

struct status_message {
    bool online;
    char serial[NAME_SIZE];
    char firmware[NAME_SIZE];
    char boot[READING_BOOT_SIZE];
};
enum verdict status_parse(const char *payload, size_t len, struct status_message *out, char detail[160]);

struct event_message {
    char event[32];
    bool has_ts;
    int64_t ts_utc_ms;
};
/* The whole object is kept as it came; only its name and time are read here. */
enum verdict event_parse(const char *payload, size_t len, struct event_message *out, char detail[160]);

/* What an "exchange" event tells of both registers. False when a number is missing or wrong: then the exchange is known, but not its energy, and of
 * *out the serials alone are set. */
struct exchange_message {
    int64_t old_final_wh;
    int64_t new_start_wh;
    int64_t new_register_max_wh;                       /* 0: not told */
    char old_serial[NAME_SIZE], new_serial[NAME_SIZE]; /* "": not told, or no name of one */
};
bool exchange_parse(const char *document, size_t len, struct exchange_message *out);

struct provision_request {
    char serial[NAME_SIZE];
    char model[NAME_SIZE];
    char claim_code[NAME_SIZE];
};
enum verdict provision_parse(const char *payload, size_t len, struct provision_request *out, char detail[160]);

/* ---- what goes out ---- */

void receipt_write(struct buf *out, const char *boot, int64_t seq);
void reject_write(struct buf *out, enum verdict verdict, const char *detail, bool has_ts, int64_t ts_utc_ms, bool has_seq, int64_t seq);
void provision_answer_write(struct buf *out, const char *meter_id, const char *username, const char *password);
void provision_error_write(struct buf *out, const char *error);
/* The SSE and tail form of a stored reading: the reading's fields with its meter, verdict and receipt. */
void live_reading_write(struct buf *out, const char *meter_id, const struct reading *reading, const char *verdict, int64_t received_utc_ms);

#endif
