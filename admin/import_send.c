#include "admin/import_send.h"

#include <string.h>
#include "base/text.h"
#include "wire/json_out.h"
#include "wire/reading_json.h"

#define WAIT_S 60 /* for the ingestor to take the next batch */
#define POLL_NS 200000000
#define POLLS_MAX (WAIT_S * 5)

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

static enum err flush(struct import_send *send)
{
    struct records *records = send->qw->records;
    struct import_record now;
    if (send->batch_count == 0)
        return OK;
    out_end_array(&send->batch);
    out_end_object(&send->batch);
    enum err err = send->batch.overflow ? fault_set(send->fault, ERR_INVALID, "a batch grew too long") : ERR_LIMIT;
    int64_t before = -1;
    for (int waits = 0; err == ERR_LIMIT && waits < POLLS_MAX; waits++) {
        *send->fault = (struct fault){0};
        err = records_import_add(records, send->import_no, send->batch_meter, send->batch.data, send->batch.len, send->fault);
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
    send->batch_count = 0;
    buf_reset(&send->batch);
    return err;
}

enum err import_put(struct import_send *send, const char *meter_id, const struct reading *reading)
{
    enum err err = OK;
    send->readings++;
    if (send->checking)
        return OK;
    if (send->batch_count == BATCH_MAX || strcmp(send->batch_meter, meter_id) != 0)
        err = flush(send);
    if (err != OK)
        return err;
    if (send->batch_count++ == 0) {
        text_copy(send->batch_meter, sizeof send->batch_meter, meter_id);
        out_object(&send->batch, NULL);
        out_array(&send->batch, "readings");
    }
    out_object(&send->batch, NULL);
    reading_fields_write(&send->batch, reading);
    out_end_object(&send->batch);
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
    return err == OK ? flush(send) : err;
}

enum err import_run(struct import_send *send, enum err (*pass)(struct import_send *send, void *arg),
                    void (*left_out)(struct import_send *send, void *arg), void *arg)
{
    struct import_record result = {0};
    buf_init(&send->batch, PAYLOAD_MAX);
    enum err err = hand_over(send, pass, arg);
    buf_finish(&send->batch);
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
