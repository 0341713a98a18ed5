/*
 * Live streams: one thread reads the ledger's tail a few times a second and hands each event to the streams that may see it.
 *
 * Every stream has a queue of LIVE_QUEUE events; one that does not keep up loses its queue and is told `reset`. Streams are
 * found by meter, so an event costs what its readers cost. A stream resumes from the tail by itself (stream.c) and takes
 * over from the queue where the hub had been when it came.
 */
#ifndef API_LIVE_H
#define API_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "store/facts.h"

struct ledger;
struct clock;

#define LIVE_QUEUE 1024
#define LIVE_POLL_MS 200
#define LIVE_BATCH 2000      /* tail rows per look */
#define LIVE_EVENT_MAX 65536 /* an event's data beyond this is not sent */
#define LIVE_KEY_SIZE 161

/* One event as it goes over the wire, shared by all who send it. */
struct live_event {
    _Atomic int users;
    int64_t tail_seq;
    size_t len;
    char text[];
};
/* NULL when memory is out, or the data too large. */
struct live_event *live_event_of(const struct tail_row *row);
void live_event_release(struct live_event *event); /* NULL-safe */

struct live;
struct live_client;

/* Starts the thread. */
enum err live_create(struct ledger *ledger, const struct clock *clock, int clients_max, struct fault *fault, struct live **out);
/* Ends all streams; they leave by themselves. Call before http_stop. */
void live_end(struct live *live);
void live_destroy(struct live *live); /* no client may be left; NULL-safe */

/*
 * Joins: `meter_nos` are the meters to hear of (copied), NULL: everything, system events too. `key` names the session.
 * ERR_LIMIT: there is no room. *out_from_seq: events after it will come by the queue.
 */
enum err live_join(struct live *live, const int64_t *meter_nos, size_t meter_count, const char *key, struct live_client **out, int64_t *out_from_seq);
void live_leave(struct live *live, struct live_client *client);

enum live_news { LIVE_EVENT, LIVE_RESET, LIVE_NOTHING, LIVE_END };
/*
 * Waits for the next event, at most wait_ms. LIVE_EVENT: *out is the caller's to release. LIVE_RESET: events were lost;
 * *out_seq is where it goes on. LIVE_END: the session or the program ends.
 */
enum live_news live_next(struct live *live, struct live_client *client, int64_t wait_ms, struct live_event **out, int64_t *out_seq);

/* All streams of a session end now. */
void live_end_session(struct live *live, const char *key);

#endif
