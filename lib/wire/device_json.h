/*
 * What a device says and hears on MQTT (protocol.md): the documents of `meters/<id>/readings`,
 * `status`, `events`, `receipt`, `commands` and of `provision/…`, from the device's side.
 *
 * Encoders append to a buf; when it overflows the buf says so and what it holds is not a document.
 * Parsers take bytes that need not end with a NUL, read at most DEVICE_DOCUMENT_MAX of them, ignore
 * unknown fields, and leave their out-parameter untouched on failure. Pure: no clock, no I/O, heap
 * only in Jansson and the bufs.
 */
#ifndef WIRE_DEVICE_JSON_H
#define WIRE_DEVICE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "energy/reading.h"

#define DEVICE_DOCUMENT_MAX 65536
#define DEVICE_PAYLOAD_MAX 262144 /* protocol.md: 256 KiB */
#define DEVICE_BATCH_MAX 1000     /* readings in one batch */
#define DEVICE_READING_MAX 1024   /* an encoded reading is shorter than this */

/* One reading as a complete message. `boot` is written where reading->boot is not empty. */
void device_reading_encode(struct buf *out, const struct reading *reading);

/* A batch: begin, add 1 to DEVICE_BATCH_MAX readings (their own boot is not written), end. `boot`
 * may be "". */
void device_batch_begin(struct buf *out, const char *boot);
void device_batch_add(struct buf *out, const struct reading *reading);
void device_batch_end(struct buf *out);

#define DEVICE_WILL "{\"state\":\"offline\"}"

/* The retained birth message. */
void device_birth_encode(struct buf *out, const char *serial, const char *firmware, const char *boot);

/* The answer to a command, an event. */
void device_command_result_encode(struct buf *out, const char *command_id, bool done, const char *detail);

void device_provision_request_encode(struct buf *out, const char *serial, const char *model, const char *claim_code);

struct device_receipt {
    char boot[READING_BOOT_SIZE];
    int64_t seq; /* every seq of this boot up to here is settled */
};

enum err device_receipt_parse(const void *json, size_t len, struct fault *fault, struct device_receipt *out);

enum device_command_kind { DEVICE_RESEND, DEVICE_SET_INTERVAL, DEVICE_UNKNOWN };

struct device_command {
    char command_id[65];
    int64_t expires_utc_ms; /* INT64_MAX: never */
    enum device_command_kind kind;
    char boot[READING_BOOT_SIZE]; /* resend */
    int64_t from_seq, to_seq;     /* resend, both included */
    int64_t interval_s;           /* set_interval, 1 … 86400 */
};

/* ERR_INVALID when the fields of a known command are missing or out of range; a command of another
 * name is DEVICE_UNKNOWN. */
enum err device_command_parse(const void *json, size_t len, struct fault *fault, struct device_command *out);

struct device_identity {
    char meter_id[METER_ID_SIZE];
    char username[65];
    char password[129];
};

/* ERR_CONFLICT with the other side's words when it refused; ERR_INVALID for what is no answer. */
enum err device_provision_response_parse(const void *json, size_t len, struct fault *fault, struct device_identity *out);

/* What a device keeps of itself: {"serial"} at first, with {"meter_id","username","password"} once
 * it has them. */
struct device_card {
    char serial[65];
    bool has_identity;
    struct device_identity identity;
};

void device_card_encode(struct buf *out, const struct device_card *card);
enum err device_card_parse(const void *json, size_t len, struct fault *fault, struct device_card *out);

#endif
