/* Metering points and their devices. meter_show.c lists and shows them. */
#include <string.h>
#include "admin/meter_fields.h"
#include "admin/meter_show.h"
#include "base/text.h"

static const struct arg_row add_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "1 to 64 of A-Z a-z 0-9 . _ -; not with --count", .operand = true},
    METER_FIELD_ROWS,
    {.name = "serial", .placeholder = "TEXT", .help = "serial of the device that hangs there"},
    {.name = "model", .placeholder = "TEXT", .help = "its model"},
    {.name = "register-max-wh", .type = ARG_INT, .placeholder = "WH", .help = "the largest value its register shows"},
    {.name = "installed", .placeholder = "INSTANT", .help = "since when it hangs there (default: since ever)"},
    {.name = "count", .type = ARG_INT, .placeholder = "N", .help = "makes N meters PREFIX1 … PREFIXN; those that exist stay as they are"},
    {.name = "prefix", .placeholder = "TEXT", .help = "what their names begin with"},
    {.name = "start", .type = ARG_INT, .placeholder = "N", .help = "their first number (1)"},
    {.name = "digits", .type = ARG_INT, .placeholder = "N", .help = "leading zeros up to so many digits (none)"},
    {.name = "if-missing", .type = ARG_FLAG, .help = "changes nothing where the meter exists"},
    {0},
};

static enum err fill_device(const struct args *args, struct fault *fault, struct device_record *device)
{
    enum err err = arg_copy(args, "serial", fault, device->serial, sizeof device->serial);
    if (err == OK)
        err = arg_copy(args, "model", fault, device->model, sizeof device->model);
    if (err == OK)
        err = arg_int(args, "register-max-wh", 0, INT64_C(9007199254740991), fault, &device->register_max_wh);
    if (err == OK)
        err = arg_instant(args, "installed", fault, &device->installed_from_utc_ms);
    if (err == OK && device->serial[0] == '\0' && (device->model[0] != '\0' || device->register_max_wh != 0))
        err = fault_set(fault, ERR_INVALID, "a device has a --serial");
    return err;
}

static enum err add_many(struct qw *qw, const struct args *args, const struct point_record *model, struct fault *fault)
{
    int64_t count = 0, first = 1, digits = 0, added = 0, existing = 0;
    const char *prefix = arg(args, "prefix");
    if (prefix == NULL || arg(args, "id") != NULL || arg(args, "serial") != NULL)
        return fault_set(fault, ERR_INVALID, "--count wants --prefix, and neither an id nor a --serial");
    enum err err = arg_int(args, "count", 1, 10000000, fault, &count);
    if (err == OK)
        err = arg_int(args, "start", 0, INT64_C(1000000000000), fault, &first);
    if (err == OK)
        err = arg_int(args, "digits", 0, 18, fault, &digits);
    if (err == OK)
        err = records_point_add_many(qw->records, &qw->actor, model, prefix, first, count, (int)digits, fault, &added, &existing);
    if (err == OK)
        say(qw, "%lld meters added, %lld existed", (long long)added, (long long)existing);
    return err;
}

/* The point and its device: both or neither. Inside `qw apply` that batch is open already. */
static enum err add_one(struct qw *qw, const struct point_record *point, struct device_record *device, struct fault *fault)
{
    bool own = !qw->applying;
    enum err err = own ? records_batch_begin(qw->records, fault) : OK;
    if (err != OK)
        return err;
    err = records_point_add(qw->records, &qw->actor, point, fault, &device->meter_no);
    if (err == OK && device->serial[0] != '\0')
        err = records_device_exchange(qw->records, &qw->actor, device, fault, NULL);
    if (own && err == OK)
        return records_batch_commit(qw->records, fault);
    if (own)
        records_batch_rollback(qw->records);
    return err;
}

static enum err run_add(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct point_record point, there;
    struct device_record device = {0};
    char tz[RECORD_SETTING_SIZE];
    point_record_init(&point);
    enum err err = records_setting_get(qw->records, "default_tz", qw->actor.at_utc_ms, fault, tz);
    text_copy(point.tz, sizeof point.tz, err == OK ? tz : "UTC");
    if (err == OK)
        err = meter_fields_apply(qw, args, fault, &point);
    if (err == OK)
        err = fill_device(args, fault, &device);
    if (err != OK)
        return err;
    if (arg(args, "count") != NULL)
        return add_many(qw, args, &point, fault);
    if (arg(args, "id") == NULL || arg(args, "prefix") != NULL)
        return fault_set(fault, ERR_INVALID, "name the meter, or give --count N --prefix TEXT");
    err = arg_copy(args, "id", fault, point.meter_id, sizeof point.meter_id);
    if (err == OK && arg_flag(args, "if-missing")) {
        err = records_point_by_id(qw->records, point.meter_id, fault, &there);
        if (err == OK) {
            say(qw, "meter %s exists already", point.meter_id);
            return OK;
        }
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    if (err == OK) {
        memset(fault, 0, sizeof *fault);
        err = add_one(qw, &point, &device, fault);
    }
    if (err == OK)
        say(qw, "meter %s added", point.meter_id);
    return err;
}

static const struct arg_row set_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "the meter", .operand = true, .required = true},
    METER_FIELD_ROWS,
    {0},
};

static enum err find(struct qw *qw, const char *id, struct fault *fault, struct point_record *out)
{
    enum err err = records_point_by_id(qw->records, id, fault, out);
    return err == ERR_NOT_FOUND ? fault_set(fault, err, "there is no meter %.64s; `qw meter list` tells which there are", id) : err;
}

static enum err run_set(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct point_record point;
    enum err err = find(qw, arg(args, "id"), fault, &point);
    if (err == OK)
        err = meter_fields_apply(qw, args, fault, &point);
    if (err == OK)
        err = records_point_update(qw->records, &qw->actor, &point, point.revision, fault, NULL);
    if (err == OK)
        say(qw, "meter %s changed", point.meter_id);
    return err;
}

static const struct arg_row exchange_rows[] = {
    {.name = "id", .placeholder = "ID", .help = "the meter", .operand = true, .required = true},
    {.name = "serial", .placeholder = "TEXT", .help = "serial of the new device", .required = true},
    {.name = "model", .placeholder = "TEXT", .help = "its model"},
    {.name = "register-max-wh", .type = ARG_INT, .placeholder = "WH", .help = "the largest value its register shows"},
    {.name = "installed", .placeholder = "INSTANT", .help = "when it was exchanged (default: now)"},
    {0},
};

static enum err run_exchange(struct qw *qw, const struct args *args, struct fault *fault)
{
    struct point_record point;
    struct device_record device = {.installed_from_utc_ms = qw->actor.at_utc_ms};
    enum err err = find(qw, arg(args, "id"), fault, &point);
    if (err == OK)
        err = fill_device(args, fault, &device);
    if (err != OK)
        return err;
    device.meter_no = point.meter_no;
    err = records_device_exchange(qw->records, &qw->actor, &device, fault, NULL);
    if (err == OK)
        say(qw, "meter %s: device %s", point.meter_id, device.serial);
    return err;
}

const struct command meter_commands[] = {
    {"meter", "add", "Registers a meter, or many at once.", add_rows, OPENS_RECORDS, true, run_add},
    {"meter", "list", "Lists the meters.", meter_list_rows, OPENS_RECORDS, false, meter_list_run},
    {"meter", "show", "Tells all about one meter.", meter_show_rows, OPENS_RECORDS, false, meter_show_run},
    {"meter", "set", "Changes what is given, and nothing else.", set_rows, OPENS_RECORDS, true, run_set},
    {"meter", "exchange", "Another device hangs there.", exchange_rows, OPENS_RECORDS, true, run_exchange},
    {0},
};
