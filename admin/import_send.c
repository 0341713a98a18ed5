#include "admin/import_send.h"

#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/reading_json.h"

#define WAIT_S 60 /* for the ingestor to take the next batch */
#define POLL_NS 200000000
#define POLLS_MAX (WAIT_S * 5)
#define READING_TEXT_MAX 4096 /* no reading's text is longer */

/* ---- meters ---- */

static enum err add_meter(struct import_send *send, const char *meter_id, int32_t interval_s)
{
    struct qw *qw = send->qw;
    struct point_record point;
    point_record_init(&point);
    if (!text_copy(point.meter_id, sizeof point.meter_id, meter_id) || !text_copy(point.tz, sizeof point.tz, send->zone))
        return fault_set(send->fault, ERR_INVALID, "the name of meter %.64s is too long", meter_id);
    if (interval_s > 0)
        point.reading_interval_s = interval_s;
    enum err err = check_zone_exists(qw, point.tz, send->fault);
    if (err == OK)
        err = records_point_add(qw->records, &qw->actor, &point, send->fault, NULL);
    if (err == OK)
        say(qw, "meter %s added", point.meter_id);
    return err;
}

enum err import_meter(struct import_send *send, const char *meter_id, int32_t interval_s)
{
    struct point_record point;
    if (strcmp(send->meter_id, meter_id) == 0)
        return OK;
    if (!text_is_name(meter_id, strlen(meter_id)))
        return fault_set(send->fault, ERR_INVALID, "'%.64s' cannot name a meter", meter_id);
    enum err err = records_point_by_id(send->qw->records, meter_id, send->fault, &point);
    if (err == ERR_NOT_FOUND && !arg_flag(send->args, "register"))
        return fault_set(send->fault, ERR_NOT_FOUND, "there is no meter %.64s; add it, name another with --meter, or give --register", meter_id);
    if (err == ERR_NOT_FOUND) {
        *send->fault = (struct fault){0};
        err = send->checking ? OK : add_meter(send, meter_id, interval_s);
    }
    if (err == OK)
        text_copy(send->meter_id, sizeof send->meter_id, meter_id);
    return err;
}

/* ---- handing over ---- */

static void tell_progress(struct import_send *send, const struct import_record *now)
{
    time_t at = time(NULL);
    if (at - send->told < 2)
        return;
    send->told = at;
    fprintf(stderr, "%lld accepted, %lld repeated, %lld refused …\n", (long long)now->accepted, (long long)now->repeated, (long long)now->refused);
}

/* What is held of a meter: the text of a message that is not ended yet. */
struct batch {
    char meter_id[RECORD_ID_SIZE];
    int count;
    struct buf text;
};

static void destroy_batch(void *value)
{
    struct batch *batch = value;
    buf_finish(&batch->text);
    free(batch);
}

/* Waits while the ingestor has enough to do. */
static enum err add_chunk(struct import_send *send, const struct batch *batch)
{
    struct records *records = send->qw->records;
    struct import_record now;
    enum err err = ERR_LIMIT;
    int64_t before = -1;
    for (int waits = 0; waits < POLLS_MAX; waits++) {
        *send->fault = (struct fault){0};
        err = records_import_add(records, send->import_no, batch->meter_id, batch->text.data, batch->text.len, send->fault);
        if (err != ERR_LIMIT)
            break;
        nanosleep(&(struct timespec){0, POLL_NS}, NULL);
        if (records_import_get(records, send->import_no, send->fault, &now) != OK)
            continue;
        if (now.waiting != before)
            waits = 0; /* it goes on */
        before = now.waiting;
        tell_progress(send, &now);
    }
    return err;
}

static enum err flush(struct import_send *send, struct batch *batch)
{
    if (batch->count == 0)
        return OK;
    send->held_bytes -= (int64_t)batch->text.len;
    out_end_array(&batch->text);
    out_end_object(&batch->text);
    enum err err = batch->text.overflow ? fault_set(send->fault, ERR_FATAL, "out of memory") : add_chunk(send, batch);
    batch->count = 0;
    buf_finish(&batch->text); /* a file may name many meters */
    buf_init(&batch->text, PAYLOAD_MAX);
    return err;
}

static int flush_each(const char *meter_id, void *value, void *arg)
{
    (void)meter_id;
    return (int)flush(arg, value);
}

static enum err flush_all(struct import_send *send)
{
    return (enum err)map_each(send->batches, flush_each, send);
}

static enum err batch_of(struct import_send *send, const char *meter_id, struct batch **out)
{
    if ((*out = map_get(send->batches, meter_id)) != NULL)
        return OK;
    struct batch *batch = calloc(1, sizeof *batch);
    if (!batch || !text_copy(batch->meter_id, sizeof batch->meter_id, meter_id) || map_put(send->batches, meter_id, batch) != OK) {
        free(batch);
        return fault_set(send->fault, ERR_FATAL, "out of memory, or more than %d meters", IMPORT_METERS_MAX);
    }
    buf_init(&batch->text, PAYLOAD_MAX);
    *out = batch;
    return OK;
}

enum err import_put(struct import_send *send, const char *meter_id, const struct reading *reading)
{
    struct batch *batch = NULL;
    send->readings++;
    if (send->checking)
        return OK;
    enum err err = batch_of(send, meter_id, &batch);
    if (err == OK && (batch->count == BATCH_MAX || batch->text.len > PAYLOAD_MAX - READING_TEXT_MAX))
        err = flush(send, batch);
    if (err == OK && send->held_bytes > IMPORT_HELD_MAX)
        err = flush_all(send);
    if (err != OK)
        return err;
    send->held_bytes -= (int64_t)batch->text.len;
    if (batch->count++ == 0) {
        out_object(&batch->text, NULL);
        out_array(&batch->text, "readings");
    }
    out_object(&batch->text, NULL);
    reading_fields_write(&batch->text, reading);
    out_end_object(&batch->text);
    send->held_bytes += (int64_t)batch->text.len;
    return OK;
}

/* ---- the whole ---- */

static enum err await(struct import_send *send, struct import_record *out)
{
    int64_t before = -1;
    enum err err = OK;
    for (int waits = 0; err == OK && waits < POLLS_MAX; waits++) {
        err = records_import_get(send->qw->records, send->import_no, send->fault, out);
        if (err == OK && out->waiting == 0)
            return OK;
        if (err == OK && out->waiting != before)
            waits = 0;
        before = out->waiting;
        tell_progress(send, out);
        nanosleep(&(struct timespec){0, POLL_NS}, NULL);
    }
    return err == OK ? fault_set(send->fault, ERR_RETRY, "the ingestor has not taken the rest within %d s: it will when it runs", WAIT_S) : err;
}

static enum err hand_over(struct import_send *send, enum err (*pass)(struct import_send *send, void *arg), void *arg)
{
    char source[RECORD_TEXT_SIZE];
    const char *slash = strrchr(send->path, '/');
    snprintf(source, sizeof source, "%s", slash ? slash + 1 : send->path);
    enum err err = OK;
    for (int i = 0; i < 2 && err == OK; i++) {
        send->checking = i == 0;
        send->readings = 0;
        send->meter_id[0] = '\0';
        if (!send->checking)
            err = records_import_begin(send->qw->records, &send->qw->actor, source, send->fault, &send->import_no);
        if (err == OK)
            err = pass(send, arg);
    }
    return err == OK ? flush_all(send) : err;
}

enum err import_run(struct import_send *send, enum err (*pass)(struct import_send *send, void *arg),
                    void (*left_out)(struct import_send *send, void *arg), void *arg)
{
    struct import_record result = {0};
    send->batches = map_create(IMPORT_METERS_MAX);
    enum err err = send->batches ? hand_over(send, pass, arg) : fault_set(send->fault, ERR_FATAL, "out of memory");
    map_destroy(send->batches, destroy_batch);
    if (err != OK)
        return err;
    if (left_out)
        left_out(send, arg);
    if (arg_flag(send->args, "no-wait")) {
        say(send->qw, "%lld readings are handed over (import %lld)", (long long)send->readings, (long long)send->import_no);
        return OK;
    }
    err = await(send, &result);
    if (err != OK)
        return err;
    say(send->qw, "%lld accepted, %lld repeated, %lld refused%s%s", (long long)result.accepted, (long long)result.repeated, (long long)result.refused,
        result.detail[0] ? ": " : "", result.detail);
    return result.refused == 0 ? OK : fault_set(send->fault, ERR_INVALID, "%lld readings were refused", (long long)result.refused);
}
