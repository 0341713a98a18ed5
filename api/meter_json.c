#include "api/meter_json.h"

#include <string.h>
#include "api/device_line.h"
#include "energy/reading.h"
#include "wire/json_out.h"
#include "wire/message_json.h"
#include "wire/rest_in.h"

#define EXCHANGES_MAX 16
#define EVENTS_MAX 1000 /* looked through for exchanges, from the newest back */

static void text_or_null(struct buf *out, const char *key, const char *text)
{
    out_text(out, key, *text != '\0' ? text : NULL);
}

static void write_place(struct buf *out, const struct point_record *point)
{
    if (point->located) {
        out_scaled(out, "latitude", point->latitude_udeg, 6);
        out_scaled(out, "longitude", point->longitude_udeg, 6);
    } else {
        out_null(out, "latitude");
        out_null(out, "longitude");
    }
    out_object(out, "service");
    out_int(out, "phases", point->phases);
    out_int(out, "volts", point->volts);
    out_int(out, "amps", point->breaker_a);
    out_end_object(out);
    if (point->reading_interval_s > 0)
        out_int(out, "reading_interval_s", point->reading_interval_s);
    else
        out_null(out, "reading_interval_s");
}

static enum err write_status(struct buf *out, int64_t meter_no, struct facts *facts, struct fault *fault)
{
    struct status_row status;
    enum err err = facts_status(facts, meter_no, &status, fault);
    if (err == ERR_NOT_FOUND) {
        out_null(out, "online");
        out_null(out, "online_changed");
        return OK;
    }
    if (err != OK)
        return err;
    out_bool(out, "online", status.online);
    out_instant(out, "online_changed", status.changed_utc_ms);
    return OK;
}

static enum err write_last_reading(struct buf *out, const struct sight *sight, struct facts *facts, struct fault *fault)
{
    struct reading_row row;
    int64_t energy_wh;
    enum err err = facts_last_reading(facts, sight->point.meter_no, &row, fault);
    if (err == ERR_NOT_FOUND || (err == OK && row.reading.ts_utc_ms < sight->from_utc_ms)) {
        out_null(out, "last_reading");
        return OK;
    }
    if (err != OK)
        return err;
    out_object(out, "last_reading");
    out_instant(out, "ts", row.reading.ts_utc_ms);
    out_instant(out, "received", row.received_utc_ms);
    if (row.reading.kind == FACT_REGISTER && reading_value(&row.reading, OBIS_IMPORT, &energy_wh))
        out_int(out, "energy_wh", energy_wh);
    else
        out_null(out, "energy_wh");
    if (row.reading.has_power)
        out_int(out, "power_w", row.reading.power_w);
    else
        out_null(out, "power_w");
    out_end_object(out);
    return OK;
}

/* What it has told, and what is summed from that. */
static enum err write_channels(struct buf *out, int64_t meter_no, struct facts *facts, struct fault *fault)
{
    int32_t channels[2 * READING_CHANNELS_MAX];
    char code[OBIS_TEXT_SIZE];
    int count = 0;
    enum err err = facts_channels(facts, meter_no, 2 * READING_CHANNELS_MAX, channels, &count, fault);
    if (err != OK)
        return err;
    out_array(out, "channels");
    for (int i = 0; i < count; i++) {
        int32_t total = obis_total(channels[i]);
        int32_t before = i > 0 ? channels[i - 1] : 0; /* they ascend */
        if (total && before != total && obis_total(before) != total) {
            obis_format(total, code);
            out_text(out, NULL, code);
        }
        obis_format(channels[i], code);
        out_text(out, NULL, code);
    }
    out_end_array(out);
    return OK;
}

/* Those that hung there while the meter was the caller's. */
static enum err write_devices(struct buf *out, const struct sight *sight, struct facts *facts, struct records *records, struct fault *fault)
{
    struct device_record devices[DEVICE_LINE_MAX];
    size_t count = 0;
    enum err err = device_line(records, facts, sight->point.meter_no, fault, devices, &count);
    if (err != OK)
        return err;
    out_array(out, "device");
    for (size_t i = 0; i < count; i++) {
        const struct device_record *device = &devices[i];
        if (device->installed_until_utc_ms <= sight->from_utc_ms || device->installed_from_utc_ms >= sight->until_utc_ms)
            continue;
        out_object(out, NULL);
        out_text(out, "serial", device->serial);
        text_or_null(out, "model", device->model);
        if (device->register_max_wh > 0)
            out_int(out, "register_max_wh", device->register_max_wh);
        else
            out_null(out, "register_max_wh");
        out_instant(out, "installed_from", device->installed_from_utc_ms);
        if (device->installed_until_utc_ms != INT64_MAX)
            out_instant(out, "installed_until", device->installed_until_utc_ms);
        else
            out_null(out, "installed_until");
        out_end_object(out);
    }
    out_end_array(out);
    return OK;
}

struct exchanges {
    struct buf *out;
    int count;
};

static int write_exchange(const struct event_row *row, void *arg)
{
    struct exchanges *exchanges = arg;
    struct exchange_message message = {0};
    if (strcmp(row->event, "exchange") != 0)
        return 0;
    struct buf *out = exchanges->out;
    bool whole = row->document != NULL && exchange_parse(row->document, strlen(row->document), &message);
    out_object(out, NULL);
    out_instant(out, "ts", row->ts_utc_ms);
    text_or_null(out, "old_serial", message.old_serial);
    text_or_null(out, "new_serial", message.new_serial);
    if (whole) {
        out_int(out, "old_final_wh", message.old_final_wh);
        out_int(out, "new_start_wh", message.new_start_wh);
    } else {
        out_null(out, "old_final_wh");
        out_null(out, "new_start_wh");
    }
    if (message.new_register_max_wh > 0)
        out_int(out, "new_register_max_wh", message.new_register_max_wh);
    else
        out_null(out, "new_register_max_wh");
    out_end_object(out);
    return ++exchanges->count == EXCHANGES_MAX;
}

/* What the meter announced itself, newest first, with both registers; which device hung there when stands under "device". */
static enum err write_exchanges(struct buf *out, const struct sight *sight, struct facts *facts, struct fault *fault)
{
    struct exchanges exchanges = {.out = out};
    const struct newest_filter newest = {.meter_no = sight->point.meter_no,
                                         .verdict = VERDICT_ACCEPTED,
                                         .from_utc_ms = sight->from_utc_ms,
                                         .until_utc_ms = sight->until_utc_ms,
                                         .limit = EVENTS_MAX};
    out_array(out, "exchanges");
    enum err err = facts_newest_events(facts, &newest, INT64_MAX, INT64_MAX, write_exchange, &exchanges, fault);
    out_end_array(out);
    return err;
}

enum err meter_write(struct buf *out, const struct sight *sight, struct facts *facts, struct records *records, struct fault *fault)
{
    const struct point_record *point = &sight->point;
    out_object(out, NULL);
    out_text(out, "meter_id", point->meter_id);
    out_text(out, "tz", point->tz);
    out_text(out, "state", point_state_name(point->state));
    text_or_null(out, "label", point->label);
    text_or_null(out, "address", point->address);
    text_or_null(out, "serial", point->serial);
    text_or_null(out, "district", point->district);
    text_or_null(out, "feeder", point->feeder);
    write_place(out, point);
    out_bool(out, "export_allowed", point->export_allowed);
    out_bool(out, "auto_registered", point->auto_registered);
    out_text(out, "account_id", sight->has_account ? sight->account.account_id : NULL);
    enum err err = write_status(out, point->meter_no, facts, fault);
    if (err == OK)
        err = write_last_reading(out, sight, facts, fault);
    if (err == OK && records != NULL)
        err = write_channels(out, point->meter_no, facts, fault);
    if (err == OK && records != NULL)
        err = write_devices(out, sight, facts, records, fault);
    if (err == OK && records != NULL)
        err = write_exchanges(out, sight, facts, fault);
    out_end_object(out);
    return err;
}

/* Absent leaves it, null empties it. */
static enum err read_text(const struct rest_in *in, const char *name, bool is_name, struct fault *fault, char *out, size_t size)
{
    if (rest_in_member(in, name) == REST_NULL) {
        out[0] = '\0';
        return OK;
    }
    return is_name ? rest_in_name(in, name, fault, out, size) : rest_in_text(in, name, 0, size - 1, fault, out, size);
}

static enum err read_service(const struct rest_in *in, struct fault *fault, struct point_record *point)
{
    static const char *const names[] = {"phases", "volts", "amps", NULL};
    struct rest_in *service = NULL;
    int64_t phases = point->phases, volts = point->volts, amps = point->breaker_a;
    enum err err = rest_in_object(in, "service", fault, &service);
    if (err != OK || service == NULL)
        return err;
    err = rest_in_only(service, names, fault);
    for (int i = 0; err == OK && names[i] != NULL; i++)
        err = rest_in_required(service, names[i], fault);
    if (err == OK && (err = rest_in_int(service, "phases", 1, 3, fault, &phases)) == OK &&
        (err = rest_in_int(service, "volts", 50, 1000, fault, &volts)) == OK && (err = rest_in_int(service, "amps", 1, 10000, fault, &amps)) == OK) {
        point->phases = (int)phases;
        point->volts = (int)volts;
        point->breaker_a = (int)amps;
    }
    rest_in_destroy(service);
    return err;
}

static enum err read_position(const struct rest_in *in, struct fault *fault, struct point_record *point)
{
    enum rest_member latitude = rest_in_member(in, "latitude"), longitude = rest_in_member(in, "longitude");
    if (latitude != longitude)
        return fault_at(fault, ERR_INVALID, latitude == REST_GIVEN ? "/longitude" : "/latitude",
                        "Latitude and longitude are given, or taken away, together.");
    if (latitude == REST_ABSENT)
        return OK;
    if (latitude == REST_NULL) {
        point->located = false;
        point->latitude_udeg = point->longitude_udeg = 0;
        return OK;
    }
    enum err err = rest_in_degrees(in, "latitude", 90, fault, &point->latitude_udeg);
    if (err == OK)
        err = rest_in_degrees(in, "longitude", 180, fault, &point->longitude_udeg);
    if (err == OK)
        point->located = true;
    return err;
}

static enum err read_identity(const struct rest_in *in, struct zones *zones, struct fault *fault, struct point_record *point)
{
    const struct zone *zone;
    enum err err = rest_in_required(in, "meter_id", fault);
    if (err != OK || (err = rest_in_required(in, "tz", fault)) != OK)
        return err;
    if ((err = rest_in_name(in, "meter_id", fault, point->meter_id, sizeof point->meter_id)) != OK)
        return err;
    if ((err = rest_in_text(in, "tz", 1, sizeof point->tz - 1, fault, point->tz, sizeof point->tz)) != OK)
        return err;
    if (zones_get(zones, point->tz, fault, &zone) != OK)
        return fault_at(fault, ERR_INVALID, "/tz", "An IANA time zone like America/Sao_Paulo is expected.");
    return OK;
}

static enum err read_rest(const struct rest_in *in, struct fault *fault, struct point_record *point)
{
    int64_t interval_s = point->reading_interval_s;
    enum err err;
    if (rest_in_member(in, "reading_interval_s") == REST_NULL)
        interval_s = 0;
    if ((err = read_text(in, "label", false, fault, point->label, sizeof point->label)) != OK ||
        (err = read_text(in, "address", false, fault, point->address, sizeof point->address)) != OK ||
        (err = read_text(in, "district", true, fault, point->district, sizeof point->district)) != OK ||
        (err = read_text(in, "feeder", true, fault, point->feeder, sizeof point->feeder)) != OK || (err = read_service(in, fault, point)) != OK ||
        (err = read_position(in, fault, point)) != OK || (err = rest_in_bool(in, "export_allowed", fault, &point->export_allowed)) != OK ||
        (err = rest_in_int(in, "reading_interval_s", 1, 86400, fault, &interval_s)) != OK)
        return err;
    point->reading_interval_s = (int)interval_s;
    return OK;
}

/* Absent leaves what is said of the present device; null takes it away. */
static enum err read_device(const struct rest_in *in, struct fault *fault, struct meter_device *out)
{
    static const char *const names[] = {"serial", "model", "register_max_wh", "installed_from", NULL};
    struct rest_in *device = NULL;
    int64_t max_wh = 0;
    enum err err = rest_in_object(in, "device", fault, &device);
    if (err != OK || device == NULL)
        return err;
    struct meter_device read = {.given = true,
                                .model_given = rest_in_member(device, "model") != REST_ABSENT,
                                .max_given = rest_in_member(device, "register_max_wh") != REST_ABSENT,
                                .from_given = rest_in_member(device, "installed_from") == REST_GIVEN};
    if ((err = rest_in_only(device, names, fault)) == OK && (err = rest_in_required(device, "serial", fault)) == OK &&
        (err = rest_in_name(device, "serial", fault, read.device.serial, sizeof read.device.serial)) == OK &&
        (err = read_text(device, "model", true, fault, read.device.model, sizeof read.device.model)) == OK &&
        (err = rest_in_int(device, "register_max_wh", 1, READING_WH_MAX, fault, &max_wh)) == OK &&
        (err = rest_in_instant(device, "installed_from", fault, &read.device.installed_from_utc_ms)) == OK) {
        read.device.register_max_wh = max_wh;
        *out = read;
    }
    rest_in_destroy(device);
    return err;
}

enum err meter_read(const struct buf *body, bool is_new, struct zones *zones, struct fault *fault, struct point_record *point,
                    struct meter_device *device)
{
    static const char *const names[] = {"label",          "address", "district", "feeder", "latitude", "longitude", "service", "reading_interval_s",
                                        "export_allowed", "device",  NULL};
    static const char *const names_new[] = {"meter_id",       "tz",       "label",     "address", "district",
                                            "feeder",         "latitude", "longitude", "service", "reading_interval_s",
                                            "export_allowed", "device",   NULL};
    struct rest_in *in = NULL;
    struct point_record changed = *point;
    enum err err = rest_in_parse(body->data, body->len, false, fault, &in);
    if (err != OK)
        return err;
    err = rest_in_only(in, is_new ? names_new : names, fault);
    if (err == OK && is_new)
        err = read_identity(in, zones, fault, &changed);
    if (err == OK)
        err = read_rest(in, fault, &changed);
    if (err == OK)
        err = read_device(in, fault, device);
    rest_in_destroy(in);
    if (err == OK)
        *point = changed;
    return err;
}
