/*
 * Which sequence numbers of one (meter, boot) are settled: a pure state machine (protocol.md, "Receipts and resending").
 *
 * `done_seq` is what a receipt says: everything up to it is stored, refused or given up. Beyond it stand ranges that were received; between them are
 * holes. A boot starts at 0 or 1, so 0 is not waited for once 1 came. A hole is asked for 10 s, 1 min and 10 min after it was seen, and given up a
 * minute after the last asking; so is the lowest hole when there are more ranges than can be kept. Pure.
 */
#ifndef INGESTOR_RECEIPT_H
#define INGESTOR_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

#define RECEIPT_RANGES_MAX 64
#define RECEIPT_TEXT_MAX (RECEIPT_RANGES_MAX * 42)
#define RECEIPT_ASKINGS 3

struct receipt {
    int64_t done_seq; /* -1: none */
    int64_t top_seq;  /* -1: none */
    int64_t given_up; /* sequence numbers never received */
    int range_count;  /* received beyond done_seq + 1, ascending, not touching */
    struct {
        int64_t from, to;
    } ranges[RECEIPT_RANGES_MAX];
    int64_t hole_since_ms; /* when the lowest hole was seen; 0: there is none */
    int askings;           /* how often it was asked for */
};

void receipt_init(struct receipt *receipt);

/* One number came. True when it was new. now_ms, here and below: above 0, of a clock that does not leap (a clock set forward by a day is no day). */
bool receipt_take(struct receipt *receipt, int64_t seq, int64_t now_ms);

/* What to do now. ASK: the hole [from, to] is due to be asked for (counts the asking). GIVEN_UP: it was closed unreceived. */
enum receipt_step { RECEIPT_WAIT, RECEIPT_ASK, RECEIPT_GIVEN_UP };
enum receipt_step receipt_tick(struct receipt *receipt, int64_t now_ms, int64_t *out_from, int64_t *out_to);

/* The ranges as "3-7,9-9", and back. A text that is not that form reads as no ranges. */
void receipt_ranges_write(const struct receipt *receipt, char out[RECEIPT_TEXT_MAX]);
void receipt_ranges_read(struct receipt *receipt, const char *text);

#endif
