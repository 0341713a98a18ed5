/*
 * The journal: messages as they came, on disk before they are acknowledged to the broker (architecture.md, "Acknowledge only what cannot be lost").
 *
 * Segments of 64 MiB in one folder, "<number>.journal". A record is: u32 length of the body, u32 CRC-32C, body = i64 receipt time UTC ms,
 * u16 length of the topic, topic, payload; little-endian. The CRC is over the segment's number and the record's offset in it (u64 each), then the
 * body. One thread appends (the broker link's callback), one reads (the drain). What is appended survives `kill -9` at once and power loss after
 * journal_sync. Every start begins a new segment, so that a position once stored never points into what was written later.
 */
#ifndef INGESTOR_JOURNAL_H
#define INGESTOR_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct journal;

/* Where a record begins. Stored with commit A: everything before it is in the ledger. */
struct journal_position {
    int64_t segment;
    int64_t offset;
};

struct journal_record {
    int64_t received_utc_ms;
    const char *topic; /* not terminated */
    size_t topic_len;
    const char *payload;
    size_t payload_len;
    struct journal_position next; /* where the one after it begins */
};

struct journal_settings {
    const char *folder;
    int64_t segment_bytes; /* a new segment after so much; 0: 64 MiB */
    int64_t max_bytes;     /* appending waits beyond so much that is not in the ledger yet; 0: 4 GiB */
};

/* Opens the folder (made where missing) and finds what lies after `stored`. Torn ends are cut; damaged records are skipped and counted, wherever
 * the damage is: the next whole record is looked for. */
enum err journal_open(const struct journal_settings *settings, struct journal_position stored, struct fault *fault, struct journal **out);
void journal_close(struct journal *journal); /* NULL-safe */

/*
 * Appends one message with one write. OK: it survives the process. ERR_LIMIT: max_bytes are waiting to be drained; ERR_RETRY: the disk refuses;
 * nothing was appended: wait and call again. Never ERR_UNCERTAIN: a half-written record is overwritten by the next try.
 */
enum err journal_append(struct journal *journal, int64_t received_utc_ms, const char *topic, size_t topic_len, const void *payload,
                        size_t payload_len, struct fault *fault);

/* Waits up to timeout_ms for something to read. */
bool journal_wait(struct journal *journal, int timeout_ms);

/* The next record, or false when there is none. It is valid until journal_rewind or journal_done: a batch may hold many. ERR_… are told by
 * journal_fault. */
bool journal_next(struct journal *journal, struct journal_record *out);

/* Goes back to the position of the last journal_done: the batch is tried again. */
void journal_rewind(struct journal *journal);

/* Everything before the last record read is in the ledger: whole segments before it are deleted, memory is given back. */
void journal_done(struct journal *journal);

/* fdatasync of what was appended. From any thread but the appending one's callback. */
void journal_sync(struct journal *journal);

struct journal_state {
    int64_t waiting_bytes; /* appended and not done */
    int64_t bad_records;   /* skipped because damaged, since the start */
    int64_t torn_bytes;    /* cut off at the end of segments, since the start */
    int64_t gaps;          /* where segments between others were gone, since the start */
    bool refusing;         /* the last append failed */
};
void journal_look(struct journal *journal, struct journal_state *out);

#endif
