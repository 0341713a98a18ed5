#include "meter/replay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/number.h"
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"
#include "daemon/zones.h"
#include "meter/flow.h"
#include "meter/nonce.h"
#include "meter/replay_file.h"
#include "wire/device_json.h"

enum {
    METERS_MAX = 100000,
    HELD_MAX = 200000, /* readings in batches that are not full yet, of all meters */
    INFLIGHT = 50,
    PROGRESS_MS = 1000,
    BAD_ROWS_TOLD = 5,
    AGAIN_MS = 5000, /* without a receipt the last batch is sent again, to be told once more */
    GOODBYE_MS = 5000,
};

/* One meter of the file. */
struct lane {
    char id[METER_ID_SIZE];
    int number;
    struct series series;
    struct buf payload; /* the batch that is being filled; after a flush: the one sent last */
    int held;
    bool flushed;
    _Atomic int64_t receipted;
};

struct replay {
    const struct options *options;
    struct replay_file file;
    struct flow *flow;
    struct zones *zones;
    pthread_mutex_t lock; /* of lanes, between the file's thread and the connection's */
    struct map *lanes;
    char boot[14], password[SECRET_SIZE];
    int64_t held, rows, readings, missing, bad;
    int64_t began_ms, shown_ms;
    int64_t speed_milli; /* thousandths of real time; 0: as fast as it goes */
    int64_t first_utc_ms;
    _Atomic int64_t last_receipt_ms;
};

/* ---- receipts ---- */

static void on_message(const struct link_message *message, void *arg)
{
    struct replay *r = arg;
    struct device_receipt receipt;
    char id[METER_ID_SIZE];
    const size_t head = strlen("meters/"), tail = strlen("/receipt");
    if (message->topic_len <= head + tail || message->topic_len - head - tail >= sizeof id)
        return;
    memcpy(id, message->topic + head, message->topic_len - head - tail);
    id[message->topic_len - head - tail] = '\0';
    if (device_receipt_parse(message->payload, message->payload_len, NULL, &receipt) != OK || strcmp(receipt.boot, r->boot) != 0)
        return;
    pthread_mutex_lock(&r->lock);
    struct lane *lane = map_get(r->lanes, id);
    if (lane != NULL && receipt.seq > atomic_load(&lane->receipted)) {
        atomic_store(&lane->receipted, receipt.seq);
        atomic_store(&r->last_receipt_ms, clock_monotonic(&clock_system));
    }
    pthread_mutex_unlock(&r->lock);
}

static void on_state(int link_no, bool up, const char *why, void *arg)
{
    (void)arg;
    if (up)
        log_info("connected", LOG_INT("connection", link_no));
    else
        log_warn("not connected", LOG_INT("connection", link_no), LOG_TEXT("why", why));
}

/* ---- sending ---- */

static enum err publish(struct replay *r, struct lane *lane)
{
    char topic[96];
    struct fault fault;
    snprintf(topic, sizeof topic, "meters/%s/readings", lane->id);
    if (lane->payload.overflow)
        fault_set(&fault, ERR_INVALID, "a batch is too large: make batch smaller");
    enum err err =
        lane->payload.overflow ? ERR_INVALID : flow_publish(r->flow, lane->number, topic, lane->payload.data, lane->payload.len, false, &fault);
    if (err != OK && !stop_requested())
        log_error("cannot publish", LOG_TEXT("meter", lane->id), LOG_FAULT(&fault));
    return err;
}

static enum err flush(struct replay *r, struct lane *lane)
{
    if (lane->held == 0)
        return OK;
    device_batch_end(&lane->payload);
    r->held -= lane->held;
    lane->held = 0;
    lane->flushed = true;
    return publish(r, lane);
}

static int flush_each(const char *key, void *value, void *arg)
{
    (void)key;
    return flush(arg, value) == OK ? 0 : 1;
}

static enum err flush_all(struct replay *r)
{
    return map_each(r->lanes, flush_each, r) == 0 ? OK : ERR_RETRY;
}

static enum err add(struct replay *r, struct lane *lane, const struct reading *reading)
{
    if (lane->held == 0) {
        buf_reset(&lane->payload);
        device_batch_begin(&lane->payload, r->boot);
        lane->flushed = false;
    }
    device_batch_add(&lane->payload, reading);
    lane->held++;
    r->held++;
    r->readings++;
    if (lane->held >= r->options->batch || lane->payload.len > DEVICE_PAYLOAD_MAX - 2 * DEVICE_READING_MAX)
        return flush(r, lane);
    return r->held >= HELD_MAX ? flush_all(r) : OK;
}

/* ---- rows ---- */

static enum err find_lane(struct replay *r, const struct replay_row *row, struct fault *fault, struct lane **out)
{
    char id[METER_ID_SIZE];
    const struct options *o = r->options;
    int n = o->meter[0] != '\0' ? snprintf(id, sizeof id, "%s", o->meter) : snprintf(id, sizeof id, "%s%s", o->prefix, row->meter);
    if (n < 0 || (size_t)n >= sizeof id || !text_is_name(id, (size_t)n))
        return fault_set(fault, ERR_LIMIT, "line %llu: no meter's name: %.60s", (unsigned long long)row->line, row->meter);
    struct lane *lane = map_get(r->lanes, id);
    if (lane == NULL) {
        lane = calloc(1, sizeof *lane);
        if (lane == NULL)
            return fault_set(fault, ERR_FATAL, "no memory for a meter");
        text_copy(lane->id, sizeof lane->id, id);
        lane->number = (int)(map_count(r->lanes) % FLOW_LINKS_MAX);
        lane->receipted = -1;
        series_init(&lane->series, &r->file.plan);
        buf_init(&lane->payload, DEVICE_PAYLOAD_MAX);
        pthread_mutex_lock(&r->lock);
        enum err err = map_put(r->lanes, id, lane);
        pthread_mutex_unlock(&r->lock);
        if (err != OK) {
            buf_finish(&lane->payload);
            free(lane);
            return fault_set(fault, ERR_FATAL, "more than %d meters in one file", METERS_MAX);
        }
    }
    *out = lane;
    return OK;
}

/* Adds the electrical columns to the last reading of a row. */
static void add_electrical(const struct replay *r, const struct replay_row *row, struct reading *reading)
{
    int64_t value;
    int scale = r->file.plan.kind == SERIES_POWER && r->file.plan.kilo ? 3 : 0;
    if (row->power[0] != '\0' && decimal_parse_floor(row->power, strlen(row->power), scale, &value)) {
        reading->has_power = true;
        reading->power_w = value;
    }
    if (row->voltage[0] != '\0' && decimal_parse_floor(row->voltage, strlen(row->voltage), 3, &value) && value >= 0 && value <= 1000000)
        reading->voltage_mv = (struct phases){.count = 1, .value = {(int32_t)value}};
}

/* With a speed: waits until this instant is due, with everything sent that was before. */
static enum err pace(struct replay *r, int64_t ts_utc_ms)
{
    if (r->speed_milli == 0)
        return OK;
    if (r->first_utc_ms == INT64_MIN)
        r->first_utc_ms = ts_utc_ms;
    int64_t due_ms = r->began_ms + (ts_utc_ms - r->first_utc_ms) * 1000 / r->speed_milli;
    int64_t now_ms = clock_monotonic(&clock_system);
    if (due_ms <= now_ms)
        return OK;
    enum err err = flush_all(r);
    return err == OK && stop_wait(due_ms - now_ms) ? ERR_RETRY : err;
}

static void tell_bad_row(struct replay *r, const struct fault *fault)
{
    if (r->bad++ < BAD_ROWS_TOLD)
        log_warn("a row is left out", LOG_FAULT(fault));
}

static enum err take_row(struct replay *r, const struct replay_row *row)
{
    static const char *const verdicts[] = {[SERIES_BAD_VALUE] = "not a number", [SERIES_NEGATIVE] = "below zero", [SERIES_OVERFLOW] = "too large"};
    struct lane *lane = NULL;
    struct fault fault;
    struct reading readings[2];
    int count;
    enum err err = find_lane(r, row, &fault, &lane);
    if (err == ERR_LIMIT) {
        tell_bad_row(r, &fault);
        return OK;
    }
    if (err != OK) {
        log_error("cannot go on", LOG_FAULT(&fault));
        return err;
    }
    int64_t label = replay_row_instant(&r->file, row, series_after(&lane->series));
    enum series_verdict verdict = series_take(&lane->series, label, row->values, readings, &count);
    if (verdict == SERIES_MISSING) {
        r->missing++;
    } else if (verdict != SERIES_TAKEN) {
        fault_set(&fault, ERR_INVALID, "line %llu: %s", (unsigned long long)row->line, verdicts[verdict]);
        tell_bad_row(r, &fault);
    }
    if (count > 0)
        add_electrical(r, row, &readings[count - 1]);
    for (int i = 0; i < count && err == OK; i++) {
        err = pace(r, readings[i].ts_utc_ms);
        if (err == OK)
            err = add(r, lane, &readings[i]);
    }
    return err;
}

static void show_progress(struct replay *r, const char *what, bool now)
{
    int64_t now_ms = clock_monotonic(&clock_system);
    if (!now && now_ms - r->shown_ms < PROGRESS_MS)
        return;
    r->shown_ms = now_ms;
    int64_t spent = now_ms > r->began_ms ? now_ms - r->began_ms : 1;
    log_info(what, LOG_INT("rows", r->rows), LOG_INT("readings", r->readings), LOG_INT("per_s", r->readings * 1000 / spent),
             LOG_INT("missing", r->missing), LOG_INT("left_out", r->bad), LOG_UINT("meters", map_count(r->lanes)),
             LOG_UINT("acknowledged_messages", flow_acknowledged(r->flow)));
}

/* False: stopped, or the file broke, or the connection did. */
static bool send_rows(struct replay *r)
{
    struct replay_row row;
    struct fault fault;
    enum err err = OK;
    while (!stop_requested()) {
        err = replay_file_next(&r->file, &fault, &row);
        if (err == ERR_NOT_FOUND)
            return flush_all(r) == OK;
        r->rows++;
        if (err == ERR_LIMIT) {
            tell_bad_row(r, &fault);
            continue;
        }
        if (err != OK) {
            log_error("the file cannot be read further", LOG_FAULT(&fault));
            return false;
        }
        if (take_row(r, &row) != OK)
            return false;
        show_progress(r, "replay", false);
    }
    return false;
}

/* ---- the end ---- */

static int count_open(const char *key, void *value, void *arg)
{
    (void)key;
    const struct lane *lane = value;
    *(int64_t *)arg += atomic_load(&lane->receipted) < lane->series.next_seq - 1;
    return 0;
}

static int send_again(const char *key, void *value, void *arg)
{
    (void)key;
    struct lane *lane = value;
    if (lane->flushed && atomic_load(&lane->receipted) < lane->series.next_seq - 1)
        publish(arg, lane);
    return stop_requested();
}

static bool wait_receipts(struct replay *r)
{
    int64_t again_at = clock_monotonic(&clock_system) + AGAIN_MS;
    int64_t timeout_ms = r->options->receipt_timeout_s * 1000;
    atomic_store(&r->last_receipt_ms, clock_monotonic(&clock_system));
    for (;;) {
        int64_t open = 0, now_ms = clock_monotonic(&clock_system);
        map_each(r->lanes, count_open, &open);
        if (open == 0)
            return true;
        if (now_ms - atomic_load(&r->last_receipt_ms) > timeout_ms) {
            log_error("receipts are missing", LOG_INT("meters", open));
            return false;
        }
        if (now_ms > again_at && now_ms - atomic_load(&r->last_receipt_ms) > AGAIN_MS) {
            again_at = now_ms + AGAIN_MS;
            map_each(r->lanes, send_again, r);
        }
        if (stop_wait(50))
            return false;
    }
}

static enum err open_flow(struct replay *r, struct fault *fault)
{
    const struct options *o = r->options;
    char topic[96];
    snprintf(topic, sizeof topic, "meters/%s/receipt", o->meter[0] != '\0' ? o->meter : "+");
    struct link_subscription receipts = {topic, 0};
    if (o->meter[0] != '\0' && !text_is_name(o->meter, strlen(o->meter)))
        return fault_set(fault, ERR_INVALID, "meter is 1 to 64 of A-Z a-z 0-9 . _ -");
    if (o->password_file[0] != '\0') {
        enum err err = file_read_secret(o->password_file, fault, r->password);
        if (err != OK)
            return err;
    }
    struct flow_settings settings = {
        .host = o->broker_host,
        .port = (int)o->broker_port,
        .username = o->username[0] != '\0' ? o->username : NULL,
        .password = r->password[0] != '\0' ? r->password : NULL,
        .ca_file = o->ca_file[0] != '\0' ? o->ca_file : NULL,
        .client_prefix = "qw-replay",
        .links = o->meter[0] != '\0' ? 1 : (int)(o->gateways < 4 ? o->gateways : 4),
        .max_inflight = INFLIGHT,
        .subscriptions = &receipts,
        .subscription_count = o->wait_receipt ? 1 : 0,
        .on_message = on_message,
        .on_state = on_state,
        .arg = r,
        .stopped = stop_requested,
    };
    return flow_create(&settings, fault, &r->flow);
}

static enum err parse_speed(const char *text, struct fault *fault, int64_t *out_milli)
{
    size_t len = strlen(text);
    int64_t milli;
    if (strcmp(text, "max") == 0) {
        *out_milli = 0;
        return OK;
    }
    if (len > 0 && text[len - 1] == 'x')
        len--;
    if (!decimal_parse(text, len, 3, &milli) || milli <= 0)
        return fault_set(fault, ERR_INVALID, "speed is max or a number above 0, as 60x");
    *out_milli = milli;
    return OK;
}

static enum err open_replay(struct replay *r, struct fault *fault)
{
    const struct zone *zone;
    r->zones = zones_create(ZONES_DIR_DEFAULT);
    r->lanes = map_create(METERS_MAX);
    if (r->zones == NULL || r->lanes == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for a replay");
    enum err err = zones_get(r->zones, r->options->tz, fault, &zone);
    if (err == OK)
        err = parse_speed(r->options->speed, fault, &r->speed_milli);
    r->boot[0] = 'r';
    if (err == OK)
        err = nonce_make(12, fault, r->boot + 1);
    if (err == OK)
        err = replay_file_open(r->options, zone, fault, &r->file);
    return err == OK ? open_flow(r, fault) : err;
}

static void destroy_lane(void *value)
{
    struct lane *lane = value;
    buf_finish(&lane->payload);
    free(lane);
}

static void close_replay(struct replay *r)
{
    flow_destroy(r->flow);
    replay_file_close(&r->file);
    map_destroy(r->lanes, destroy_lane);
    zones_destroy(r->zones);
    explicit_bzero(r->password, sizeof r->password);
}

int replay_run(const struct options *options)
{
    struct replay r = {.options = options, .lock = PTHREAD_MUTEX_INITIALIZER, .first_utc_ms = INT64_MIN};
    struct fault fault;
    bool good = false;
    enum err err = open_replay(&r, &fault);
    if (err == OK) {
        r.began_ms = r.shown_ms = clock_monotonic(&clock_system);
        log_info("replay begins", LOG_TEXT("file", options->replay), LOG_TEXT("boot", r.boot), LOG_INT("step_s", r.file.plan.step_ms / 1000));
        good = send_rows(&r) && flow_wait_acknowledged(r.flow, -1);
        if (good && options->wait_receipt)
            good = wait_receipts(&r);
        show_progress(&r, good ? "replay done" : "replay not finished", true);
        flow_close(r.flow, good ? GOODBYE_MS : 0);
    } else {
        log_error("the replay cannot begin", LOG_FAULT(&fault));
    }
    close_replay(&r);
    return good ? 0 : err == ERR_INVALID || err == ERR_NOT_FOUND ? 2 : 1;
}
