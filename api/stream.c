/* GET /live and /meters/{id}/live: one stream of Server-Sent Events, in a thread of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/caller.h"
#include "api/gauges.h"
#include "api/ledger.h"
#include "api/live.h"
#include "api/resources.h"
#include "base/text.h"

#define HEARTBEAT_MS 15000
#define LOOK_MS 1000 /* how often it is seen whether the other side has gone */
#define METERS_MAX 1000
#define REPLAY_ROWS 500   /* per look at the tail */
#define REPLAY_MAX 100000 /* rows looked through; a stream that is further behind fetches anew */

struct stream {
    struct server *server;
    struct caller caller;
    struct live_client *client;
    bool one_meter;     /* else what the caller may see */
    int64_t *meter_nos; /* NULL: everything */
    size_t meter_count;
    bool resumes;
    int64_t resume_seq; /* Last-Event-ID */
    int64_t from_seq;   /* the queue begins after it */
};

static void stream_free(struct stream *stream)
{
    if (stream->client != NULL)
        live_leave(stream->server->live, stream->client);
    free(stream->meter_nos);
    free(stream);
}

static bool hears(const struct stream *stream, int64_t meter_no)
{
    if (stream->meter_nos == NULL)
        return true;
    for (size_t i = 0; i < stream->meter_count; i++)
        if (stream->meter_nos[i] == meter_no)
            return true;
    return false;
}

static bool write_reset(struct http_stream *http, int64_t seq)
{
    char text[96];
    int len = snprintf(text, sizeof text, "id: %" PRId64 "\nevent: reset\ndata: {}\n\n", seq);
    return http_stream_write(http, text, (size_t)len);
}

struct replay {
    struct stream *stream;
    struct buf out;
    int64_t seq;
    int rows;
};

static int replay_row(const struct tail_row *row, void *arg)
{
    struct replay *replay = arg;
    if (row->tail_seq > replay->stream->from_seq)
        return 1;
    replay->seq = row->tail_seq;
    replay->rows++;
    if (!hears(replay->stream, row->meter_no))
        return 0;
    struct live_event *event = live_event_of(row);
    if (event != NULL)
        buf_append(&replay->out, event->text, event->len);
    live_event_release(event);
    return 0;
}

/* Rows up to from_seq, some at a time: no handle is held while the other side is written to. */
static bool replay_rows(struct stream *stream, struct http_stream *http)
{
    struct replay replay = {.stream = stream, .seq = stream->resume_seq};
    buf_init(&replay.out, REPLAY_ROWS * (LIVE_EVENT_MAX + 256ul));
    bool fine = true;
    for (int seen = 0; fine && replay.seq < stream->from_seq; seen += REPLAY_ROWS) {
        struct facts *facts;
        replay.rows = 0;
        buf_reset(&replay.out);
        enum err err = seen < REPLAY_MAX ? ledger_borrow(stream->server->ledger, NULL, &facts) : ERR_LIMIT;
        if (err == OK) {
            err = facts_tail(facts, replay.seq, REPLAY_ROWS, replay_row, &replay, NULL);
            ledger_return(stream->server->ledger, facts, err != OK);
        }
        if (err != OK || replay.out.overflow) {
            fine = write_reset(http, stream->from_seq);
            break;
        }
        if (replay.out.len > 0)
            fine = http_stream_write(http, replay.out.data, replay.out.len);
        if (replay.rows == 0)
            break;
    }
    buf_finish(&replay.out);
    return fine;
}

/* What happened between Last-Event-ID and the moment the queue began. */
static bool replay(struct stream *stream, struct http_stream *http)
{
    struct facts *facts;
    int64_t oldest = 0, newest = 0;
    if (!stream->resumes || stream->resume_seq == stream->from_seq)
        return true;
    enum err err = ledger_borrow(stream->server->ledger, NULL, &facts);
    if (err == OK) {
        err = facts_tail_range(facts, &oldest, &newest, NULL);
        ledger_return(stream->server->ledger, facts, err != OK);
    }
    bool too_old = err != OK || stream->resume_seq > newest || (newest > stream->resume_seq && (oldest == 0 || stream->resume_seq < oldest - 1));
    if (too_old)
        return write_reset(http, stream->from_seq);
    return replay_rows(stream, http);
}

/* Whether the caller still may, and still sees the same meters. The browser comes again by itself where not. */
static bool still_so(struct stream *stream)
{
    int64_t meter_nos[METERS_MAX];
    size_t count;
    struct fault fault;
    if (!caller_still_valid(stream->server, &stream->caller))
        return false;
    if (stream->caller.role != ROLE_CUSTOMER)
        return true;
    if (caller_meters(stream->server, &stream->caller, clock_now(stream->server->clock), METERS_MAX, &fault, meter_nos, &count) != OK)
        return true; /* the store is busy: nothing is known to have changed */
    for (size_t i = 0; i < stream->meter_count; i++) {
        size_t at = 0;
        while (at < count && meter_nos[at] != stream->meter_nos[i])
            at++;
        if (at == count)
            return false;
    }
    return stream->one_meter || count == stream->meter_count;
}

/* All that is queued already, up to a block, goes out in one write. */
static enum live_news gather(struct stream *stream, int64_t wait_ms, struct buf *out)
{
    struct live_event *event = NULL;
    int64_t seq = 0;
    enum live_news news = live_next(stream->server->live, stream->client, wait_ms, &event, &seq);
    while (news == LIVE_EVENT) {
        buf_append(out, event->text, event->len);
        live_event_release(event);
        if (out->len >= LIVE_EVENT_MAX)
            return LIVE_EVENT;
        news = live_next(stream->server->live, stream->client, 0, &event, &seq);
    }
    if (news == LIVE_RESET)
        buf_printf(out, "id: %" PRId64 "\nevent: reset\ndata: {}\n\n", seq);
    return news;
}

static void run(struct http_stream *http, void *arg)
{
    static const char hello[] = "retry: 2000\n: quilowatt\n\n", beat[] = ":\n\n";
    struct stream *stream = arg;
    struct buf out;
    buf_init(&out, 3 * (LIVE_EVENT_MAX + 256));
    bool fine = http_stream_write(http, hello, sizeof hello - 1) && replay(stream, http);
    int64_t beat_ms = clock_monotonic(stream->server->clock) + HEARTBEAT_MS;
    while (fine) {
        buf_reset(&out);
        if (gather(stream, LOOK_MS, &out) == LIVE_END)
            break;
        if (out.len > 0)
            fine = http_stream_write(http, out.data, out.len);
        int64_t now_ms = clock_monotonic(stream->server->clock);
        if (now_ms >= beat_ms) {
            fine = fine && still_so(stream) && http_stream_write(http, beat, sizeof beat - 1);
            beat_ms = now_ms + HEARTBEAT_MS;
        }
        fine = fine && !http_stream_gone(http);
    }
    buf_finish(&out);
    stream_free(stream);
}

/* Last-Event-ID as the header has it. False, and 400 was replied, where it is no number. */
static bool read_position(struct exchange *x, struct stream *stream)
{
    const char *text = http_request_header(x->request, "Last-Event-ID");
    struct fault fault = {0};
    if (text == NULL || *text == '\0')
        return true;
    if (!text_to_int64(text, &stream->resume_seq) || stream->resume_seq < 0) {
        fault_at(&fault, ERR_INVALID, "Last-Event-ID", "The id of an event is expected: a number.");
        problem_input(x, &fault);
        return false;
    }
    stream->resumes = true;
    return true;
}

/* Takes over `stream`. */
static void begin(struct exchange *x, struct stream *stream)
{
    if (!read_position(x, stream)) {
        stream_free(stream);
        return;
    }
    if (x->request->head) {
        stream_free(stream);
        text_copy(x->response->content_type, sizeof x->response->content_type, "text/event-stream");
        x->response->status = 200;
        return;
    }
    const char *key = stream->caller.session_hash;
    if (live_join(x->server->live, stream->meter_nos, stream->meter_count, key, &stream->client, &stream->from_seq) != OK) {
        metric_add(&gauges.live_refused, 1);
        stream_free(stream);
        problem_later(x, 503, "live_full", 10000, "There is no room for another live stream now.");
        return;
    }
    x->response->status = 200;
    text_copy(x->response->content_type, sizeof x->response->content_type, "text/event-stream");
    http_response_header(x->response, "Cache-Control", "no-store");
    http_response_header(x->response, "X-Accel-Buffering", "no");
    x->response->stream = run;
    x->response->stream_arg = stream;
}

static struct stream *stream_new(struct exchange *x, size_t meters_max)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream != NULL && meters_max > 0)
        stream->meter_nos = calloc(meters_max, sizeof *stream->meter_nos);
    if (stream == NULL || (meters_max > 0 && stream->meter_nos == NULL)) {
        free(stream);
        problem_later(x, 503, "busy", 1000, "Memory is out.");
        return NULL;
    }
    stream->server = x->server;
    stream->caller = x->caller;
    return stream;
}

void live_meter(struct exchange *x)
{
    struct sight sight;
    if (!sight_of(x, x->arg, &sight))
        return;
    struct stream *stream = stream_new(x, 1);
    if (stream == NULL)
        return;
    stream->one_meter = true;
    stream->meter_nos[0] = sight.point.meter_no;
    stream->meter_count = 1;
    begin(x, stream);
}

void live_all(struct exchange *x)
{
    struct fault fault = {0};
    bool customer = x->caller.role == ROLE_CUSTOMER;
    struct stream *stream = stream_new(x, customer ? METERS_MAX : 0);
    if (stream == NULL)
        return;
    enum err err = OK;
    if (customer)
        err = caller_meters(x->server, &x->caller, x->now_utc_ms, METERS_MAX, &fault, stream->meter_nos, &stream->meter_count);
    if (err != OK) {
        stream_free(stream);
        problem_store(x, err, &fault);
        return;
    }
    begin(x, stream);
}
