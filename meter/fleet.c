#include "meter/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/instant.h"
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"
#include "daemon/zones.h"
#include "meter/history.h"
#include "meter/household_day.h"
#include "wire/device_json.h"

enum { INFLIGHT = 100, BUFFERED = 900, GOODBYE_MS = 5000, GATE_MS = 60000, SETTLE_MS = 1000 };

struct run {
    struct fleet fleet;
    struct history *history;
    char password[SECRET_SIZE];
};

static int digits_of(size_t count)
{
    int digits = 1;
    for (size_t n = count; n >= 10; n /= 10)
        digits++;
    return digits < 3 ? 3 : digits;
}

struct fleet_meter *fleet_find(struct fleet *fleet, const char *id, size_t len)
{
    size_t prefix = strlen(fleet->options->prefix);
    char number[16];
    int64_t n;
    if (len <= prefix || len - prefix >= sizeof number || memcmp(id, fleet->options->prefix, prefix) != 0)
        return NULL;
    memcpy(number, id + prefix, len - prefix);
    number[len - prefix] = '\0';
    /* leading zeros are part of the name, and no part of the number */
    const char *significant = number + strspn(number, "0");
    if (!text_to_int64(significant, &n) || n < 1 || n > (int64_t)fleet->count)
        return NULL;
    struct fleet_meter *meter = &fleet->meters[n - 1];
    return strlen(meter->id) == len && memcmp(meter->id, id, len) == 0 ? meter : NULL;
}

void fleet_reading(struct fleet_meter *meter, int64_t ts_utc_ms, int64_t seq, struct reading *out)
{
    struct household_point point;
    household_at(&meter->household, ts_utc_ms, &point);
    *out = (struct reading){.ts_utc_ms = ts_utc_ms,
                            .kind = FACT_REGISTER,
                            .channel_count = 1,
                            .has_power = true,
                            .power_w = point.power_w,
                            .has_seq = seq >= 0,
                            .seq = seq >= 0 ? seq : 0};
    out->channels[0] = (struct channel_value){OBIS_IMPORT, incidents_register(&meter->incidents, ts_utc_ms, point.import_wh)};
    if (meter->household.pv_wp > 0)
        out->channels[out->channel_count++] = (struct channel_value){OBIS_EXPORT, point.export_wh};
    out->voltage_mv = (struct phases){.count = 1, .value = {point.voltage_mv}};
    if (meter->defects != NULL)
        defect_show(meter->defects, out);
}

static enum err publish_event(struct fleet *fleet, size_t number, bool wait, const struct buf *event, struct fault *fault)
{
    char topic[96];
    snprintf(topic, sizeof topic, "meters/%s/events", fleet->meters[number].id);
    return (wait ? flow_publish : flow_try)(fleet->flow, (int)(number % FLOW_LINKS_MAX), topic, event->data, event->len, false, fault);
}

enum err fleet_announce(struct fleet *fleet, size_t number, int64_t ts_utc_ms, bool wait, struct buf *scratch, struct fault *fault)
{
    struct fleet_meter *meter = &fleet->meters[number];
    enum err err = OK;
    buf_reset(scratch);
    if (meter->defects != NULL) {
        struct household_point point;
        household_at(&meter->household, ts_utc_ms, &point);
        if (defect_event(meter->defects, ts_utc_ms, point.import_wh, scratch))
            err = publish_event(fleet, number, wait, scratch, fault);
    }
    while (err == OK && incidents_event(&meter->incidents, number + 1, ts_utc_ms, scratch))
        err = publish_event(fleet, number, wait, scratch, fault);
    return err;
}

void fleet_announce_from(struct fleet *fleet, int64_t ts_utc_ms)
{
    for (size_t i = 0; i < fleet->count; i++)
        incidents_tell_from(&fleet->meters[i].incidents, ts_utc_ms);
}

bool fleet_skips(const struct fleet *fleet, const struct fleet_meter *meter, int64_t ts_utc_ms)
{
    int64_t permille = fleet->options->skip_permille;
    return permille > 0 && (int64_t)(household_hash(meter->household.key, ts_utc_ms, 99) % 1000) < permille;
}

/* "meters/<id>/receipt" */
static void on_message(const struct link_message *message, void *arg)
{
    struct run *run = arg;
    struct device_receipt receipt;
    const size_t head = strlen("meters/"), tail = strlen("/receipt");
    if (run->history == NULL || message->topic_len <= head + tail)
        return;
    struct fleet_meter *meter = fleet_find(&run->fleet, message->topic + head, message->topic_len - head - tail);
    if (meter != NULL && device_receipt_parse(message->payload, message->payload_len, NULL, &receipt) == OK)
        history_receipt(run->history, meter, &receipt);
}

static void on_state(int link_no, bool up, const char *why, void *arg)
{
    (void)arg;
    if (up)
        log_info("gateway connected", LOG_INT("gateway", link_no));
    else
        log_warn("gateway not connected", LOG_INT("gateway", link_no), LOG_TEXT("why", why));
}

static enum err make_defects(struct fleet *fleet, struct fault *fault)
{
    size_t afflicted = 0;
    for (size_t i = 0; i < fleet->count; i++) {
        struct fleet_meter *meter = &fleet->meters[i];
        if (!defect_afflicts(&fleet->defect_plan, i + 1, fleet->options->fault_permille))
            continue;
        meter->defects = malloc(sizeof *meter->defects);
        if (meter->defects == NULL)
            return fault_set(fault, ERR_FATAL, "no memory for the faults of %zu meters", fleet->count);
        defect_init(meter->defects, &fleet->defect_plan, i + 1);
        afflicted++;
    }
    if (afflicted > 0)
        log_warn("meters have faults on purpose", LOG_UINT("meters", afflicted), LOG_TEXT("fault", fleet->options->fault));
    return OK;
}

static enum err take_incident(const char *id, const struct incident *row, struct fault *fault, void *arg)
{
    struct fleet_meter *meter = fleet_find(arg, id, strlen(id));
    struct incident incident = *row;
    struct household_point from, until;
    if (meter == NULL)
        return fault_set(fault, ERR_INVALID, "there is no meter %.64s in this fleet", id);
    household_at(&meter->household, incident.from_utc_ms, &from);
    household_at(&meter->household, incident.until_utc_ms, &until);
    incident.true_from_wh = from.import_wh;
    incident.true_until_wh = until.import_wh;
    return incidents_add(&meter->incidents, &incident, fault);
}

static void destroy_meters(struct fleet *fleet)
{
    for (size_t i = 0; fleet->meters != NULL && i < fleet->count; i++) {
        incidents_finish(&fleet->meters[i].incidents);
        if (fleet->meters[i].defects != NULL)
            defect_finish(fleet->meters[i].defects);
        free(fleet->meters[i].defects);
    }
    free(fleet->meters);
}

static enum err make_meters(struct fleet *fleet, struct fault *fault)
{
    const struct options *o = fleet->options;
    fleet->count = (size_t)o->fleet;
    if (strlen(o->prefix) > 48 || (o->prefix[0] != '\0' && !text_is_name(o->prefix, strlen(o->prefix))))
        return fault_set(fault, ERR_INVALID, "prefix is at most 48 of A-Z a-z 0-9 . _ -");
    fleet->meters = calloc(fleet->count, sizeof *fleet->meters);
    if (fleet->meters == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for %zu meters", fleet->count);
    int digits = digits_of(fleet->count);
    for (size_t i = 0; i < fleet->count; i++) {
        struct fleet_meter *meter = &fleet->meters[i];
        char number[24];
        snprintf(number, sizeof number, "%0*u", digits < 9 ? digits : 9, (unsigned)(i + 1) % 1000000u);
        text_copy(meter->id, sizeof meter->id, o->prefix);
        text_copy(meter->id + strlen(o->prefix), sizeof meter->id - strlen(o->prefix), number);
        household_init(&meter->household, &fleet->place, (uint32_t)i + 1);
        meter->receipted = meter->sent = -1;
    }
    enum err err = make_defects(fleet, fault);
    if (err == OK && o->incidents[0] != '\0')
        err = incidents_read(o->incidents, take_incident, fleet, fault);
    fleet_announce_from(fleet, clock_now(&clock_system));
    return err;
}

static enum err open_flow(struct run *run, struct fault *fault)
{
    const struct options *o = run->fleet.options;
    const char *password = NULL;
    if (o->password_file[0] != '\0') {
        enum err err = file_read_secret(o->password_file, fault, run->password);
        if (err != OK)
            return err;
        password = run->password;
    }
    struct link_subscription receipts = {"meters/+/receipt", 0};
    struct flow_settings settings = {
        .host = o->broker_host,
        .port = (int)o->broker_port,
        .username = o->username[0] != '\0' ? o->username : NULL,
        .password = password,
        .ca_file = o->ca_file[0] != '\0' ? o->ca_file : NULL,
        .client_prefix = "qw-fleet",
        .links = (int)((int64_t)run->fleet.count < o->gateways ? (int64_t)run->fleet.count : o->gateways),
        .max_inflight = INFLIGHT,
        .max_buffered = BUFFERED,
        .subscriptions = &receipts,
        .subscription_count = run->history != NULL ? 1 : 0,
        .on_message = on_message,
        .on_state = on_state,
        .arg = run,
        .stopped = stop_requested,
    };
    return flow_create(&settings, fault, &run->fleet.flow);
}

/* Retained, so that whoever comes later sees who is there. A gateway has no last will for its
 * meters. */
static void publish_status(struct fleet *fleet, bool online)
{
    char topic[96], serial[32];
    struct buf payload;
    buf_init(&payload, 1024);
    for (size_t i = 0; i < fleet->count; i++) {
        snprintf(topic, sizeof topic, "meters/%s/status", fleet->meters[i].id);
        snprintf(serial, sizeof serial, "SIM%010zu", i + 1);
        buf_reset(&payload);
        if (online)
            device_birth_encode(&payload, serial, "qw-meter " QUILOWATT_VERSION, "live");
        else
            buf_str(&payload, DEVICE_WILL);
        enum err err = online ? flow_publish(fleet->flow, (int)i, topic, payload.data, payload.len, true, NULL)
                              : flow_try(fleet->flow, (int)i, topic, payload.data, payload.len, true, NULL);
        if (err != OK)
            break;
    }
    buf_finish(&payload);
}

/* A message on its way to flow_try. */
struct live {
    struct fleet *fleet;
    size_t number;
    struct fault fault;
};

static enum err try_readings(const void *payload, size_t len, void *arg)
{
    struct live *live = arg;
    char topic[96];
    snprintf(topic, sizeof topic, "meters/%s/readings", live->fleet->meters[live->number].id);
    return flow_try(live->fleet->flow, (int)live->number, topic, payload, len, false, &live->fault);
}

static void publish_live(struct fleet *fleet, size_t number, int64_t now_utc_ms, struct buf *payload)
{
    static struct log_gate gate;
    struct fleet_meter *meter = &fleet->meters[number];
    struct live live = {.fleet = fleet, .number = number};
    struct reading reading;
    uint64_t hidden;
    bool is_silent = (meter->defects != NULL && defect_is_silent(meter->defects, now_utc_ms)) || incidents_are_silent(&meter->incidents, now_utc_ms);
    if (fleet_skips(fleet, meter, now_utc_ms) || is_silent)
        return;
    fleet_reading(meter, now_utc_ms, -1, &reading);
    enum err err = fleet_announce(fleet, number, now_utc_ms, false, payload, &live.fault);
    buf_reset(payload);
    device_reading_encode(payload, &reading);
    enum err sent = meter->defects == NULL ? try_readings(payload->data, payload->len, &live)
                                           : defect_send(meter->defects, payload->data, payload->len, &(struct defect_out){try_readings, &live});
    if ((err != OK || sent != OK) && log_every(&gate, clock_monotonic(&clock_system), GATE_MS, &hidden))
        log_warn("live messages are left out", LOG_UINT("left_out", hidden + 1), LOG_FAULT(&live.fault));
}

/* What defects hold back is sent before the fleet leaves. */
static void flush_defects(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        struct live live = {.fleet = fleet, .number = i};
        if (fleet->meters[i].defects != NULL)
            defect_flush(fleet->meters[i].defects, &(struct defect_out){try_readings, &live});
    }
}

static void touch(const char *path)
{
    struct fault fault;
    if (path[0] != '\0' && file_write_atomic(path, "done\n", 5, 0644, &fault) != OK)
        log_error("cannot write the done file", LOG_FAULT(&fault));
}

/* Once a second: has the history been receipted? */
static void settle_history(struct run *run, int64_t now_ms, int64_t *next_ms)
{
    if (run->history == NULL || *next_ms < 0 || now_ms < *next_ms)
        return;
    *next_ms = now_ms + SETTLE_MS;
    if (!history_settle(run->history))
        return;
    *next_ms = -1; /* settled for good; the history itself stays until the callbacks are over */
    log_info("history done");
    touch(run->fleet.options->backfill_until_done_file);
}

/* Each meter has its own moment within the interval, so that the load is even. */
static void go_live(struct run *run)
{
    struct fleet *fleet = &run->fleet;
    int64_t interval_ms = fleet->options->interval_ms, start_ms = clock_monotonic(&clock_system);
    int64_t count = (int64_t)fleet->count, next_settle_ms = 0;
    struct buf payload;
    buf_init(&payload, DEVICE_READING_MAX);
    log_info("live", LOG_UINT("meters", fleet->count), LOG_INT("interval_ms", interval_ms));
    for (int64_t tick = 0; !stop_requested(); tick++) { /* tick n is meter n % count in round n / count */
        int64_t due_ms = start_ms + tick / count * interval_ms + tick % count * interval_ms / count;
        int64_t now_ms = clock_monotonic(&clock_system);
        settle_history(run, now_ms, &next_settle_ms);
        if (due_ms > now_ms && stop_wait(due_ms - now_ms))
            break;
        if (now_ms - due_ms > interval_ms * 5) { /* far behind (asleep, or too much for this machine): let go of the past */
            start_ms += (now_ms - due_ms) / interval_ms * interval_ms;
            log_warn("live readings cannot keep up", LOG_INT("behind_ms", now_ms - due_ms));
        }
        publish_live(fleet, (size_t)(tick % count), clock_now(&clock_system), &payload);
    }
    buf_finish(&payload);
}

int fleet_run(const struct options *options)
{
    struct run run = {.fleet.options = options, .fleet.defect_plan = options_defects(options)};
    struct fault fault;
    struct zones *zones = zones_create(ZONES_DIR_DEFAULT);
    enum err err = zones != NULL ? zones_get(zones, options->zone, &fault, &run.fleet.place.zone) : fault_set(&fault, ERR_FATAL, "no memory");
    run.fleet.place.seed = (uint64_t)options->seed;
    run.fleet.place.southern = neighbourhood_is_southern(options->zone);
    run.fleet.place.nominal_mv = (int32_t)options->nominal_v * 1000;
    if (err == OK)
        err = make_meters(&run.fleet, &fault);
    if (err == OK && options->backfill_days > 0 && (run.history = history_create(&run.fleet, clock_now(&clock_system))) == NULL)
        err = fault_set(&fault, ERR_FATAL, "no memory for the history");
    if (err == OK)
        err = open_flow(&run, &fault);
    if (err == OK) {
        if (run.history == NULL || history_send(run.history)) {
            publish_status(&run.fleet, true);
            go_live(&run);
            flush_defects(&run.fleet);
            publish_status(&run.fleet, false);
        }
        flow_close(run.fleet.flow, GOODBYE_MS);
        log_info("fleet ends");
    } else {
        log_error("the fleet cannot begin", LOG_FAULT(&fault));
    }
    flow_destroy(run.fleet.flow);
    history_destroy(run.history);
    destroy_meters(&run.fleet);
    zones_destroy(zones);
    explicit_bzero(run.password, sizeof run.password);
    return err == OK ? 0 : err == ERR_INVALID ? 2 : 1;
}
