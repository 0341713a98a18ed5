/* Devices: which apparatus hangs at a point, from when until when. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

static void device_read(struct query *q, struct device_record *out)
{
    out->device_no = query_int(q);
    out->meter_no = query_int(q);
    query_text(q, out->serial, sizeof out->serial);
    query_text(q, out->model, sizeof out->model);
    out->register_max_wh = query_int(q);
    out->installed_from_utc_ms = query_int(q);
    out->installed_until_utc_ms = query_int_or(q, INT64_MAX);
}

#define COLUMNS "device_no, meter_no, serial, model, register_max_wh, installed_from_utc_ms, installed_until_utc_ms"

/* The device that hangs there now; device_no 0 when none. */
static enum err present(struct change *c, int64_t meter_no, struct device_record *out)
{
    struct query q;
    *out = (struct device_record){0};
    query_begin(&q, c->db, "SELECT " COLUMNS " FROM device WHERE meter_no = ? AND installed_until_utc_ms IS NULL");
    query_bind_int(&q, meter_no);
    if (query_row(&q))
        device_read(&q, out);
    return query_end(&q, c->fault);
}

static enum err close_present(struct change *c, int64_t device_no, int64_t until_utc_ms)
{
    struct query q;
    query_begin(&q, c->db, "UPDATE device SET installed_until_utc_ms = ? WHERE device_no = ?");
    query_bind_int(&q, until_utc_ms);
    query_bind_int(&q, device_no);
    return query_run(&q, c->fault);
}

static enum err insert(struct change *c, const struct device_record *device)
{
    struct query q;
    query_begin(&q, c->db, "INSERT INTO device (meter_no, serial, model, register_max_wh, installed_from_utc_ms) VALUES (?, ?, ?, ?, ?)");
    query_bind_int(&q, device->meter_no);
    query_bind_text(&q, device->serial);
    query_bind_text(&q, device->model);
    query_bind_int(&q, device->register_max_wh);
    query_bind_int(&q, device->installed_from_utc_ms);
    return query_run(&q, c->fault);
}

static enum err mark_point(struct change *c, const struct device_record *device)
{
    struct query q;
    query_begin(&q, c->db, "UPDATE point SET serial = ?, updated_utc_ms = ?, revision = ?, device_revision = ? WHERE meter_no = ?");
    query_bind_text(&q, device->serial);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    query_bind_int(&q, c->revision);
    query_bind_int(&q, device->meter_no);
    return query_run(&q, c->fault);
}

static enum err name_of_point(struct change *c, int64_t meter_no, char *out)
{
    struct query q;
    query_begin(&q, c->db, "SELECT meter_id FROM point WHERE meter_no = ?");
    query_bind_int(&q, meter_no);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no such meter") : err;
    query_text(&q, out, RECORD_ID_SIZE);
    return query_end(&q, c->fault);
}

static enum err exchange(struct change *c, const struct device_record *device, const struct device_record *before)
{
    char meter_id[RECORD_ID_SIZE];
    enum err err = name_of_point(c, device->meter_no, meter_id);
    if (err == OK && before->device_no != 0 && device->installed_from_utc_ms <= before->installed_from_utc_ms)
        return fault_at(c->fault, ERR_CONFLICT, "/installed_from", "the device %s was installed at that time or later", before->serial);
    FIRST(err, change_note(c, "device.exchange", meter_id, "%s -> %s", before->device_no != 0 ? before->serial : "none", device->serial));
    if (before->device_no != 0)
        FIRST(err, close_present(c, before->device_no, device->installed_from_utc_ms));
    FIRST(err, insert(c, device));
    FIRST(err, mark_point(c, device));
    return err;
}

/* What is said of the present device, said anew. */
static enum err amend(struct change *c, const struct device_record *device, const struct device_record *before)
{
    char meter_id[RECORD_ID_SIZE];
    struct query q;
    if (strcmp(before->model, device->model) == 0 && before->register_max_wh == device->register_max_wh)
        return OK;
    enum err err = name_of_point(c, device->meter_no, meter_id);
    FIRST(err, change_note(c, "device.amend", meter_id, "%s: model '%s', register_max_wh %" PRId64, device->serial, device->model,
                           device->register_max_wh));
    if (err != OK)
        return err;
    query_begin(&q, c->db, "UPDATE device SET model = ?, register_max_wh = ? WHERE device_no = ?");
    query_bind_text(&q, device->model);
    query_bind_int(&q, device->register_max_wh);
    query_bind_int(&q, before->device_no);
    err = query_run(&q, c->fault);
    FIRST(err, mark_point(c, device));
    return err;
}

enum err records_device_exchange(struct records *records, const struct actor *actor, const struct device_record *device, struct fault *fault,
                                 int64_t *out_device_no)
{
    struct change c;
    struct device_record before;
    int64_t device_no = 0;
    enum err err = check_name(device->serial, sizeof device->serial, "/serial", fault);
    FIRST(err, check_name_or_empty(device->model, sizeof device->model, "/model", fault));
    FIRST(err, check_range(device->register_max_wh, 0, INT64_C(9007199254740991), "/register_max_wh", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = present(&c, device->meter_no, &before);
    if (err == OK && before.device_no != 0 && strcmp(before.serial, device->serial) == 0 &&
        before.installed_from_utc_ms == device->installed_from_utc_ms) {
        device_no = before.device_no;
        err = amend(&c, device, &before);
    } else {
        FIRST(err, exchange(&c, device, &before));
        if (err == OK) {
            struct device_record now;
            err = present(&c, device->meter_no, &now);
            device_no = now.device_no;
        }
    }
    err = change_end(&c, err);
    if (err == OK && out_device_no != NULL)
        *out_device_no = device_no;
    return err;
}

enum err records_device_list(struct records *records, int64_t meter_no, size_t limit, struct fault *fault, struct device_record *out,
                             size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " COLUMNS " FROM device WHERE meter_no = ? ORDER BY installed_from_utc_ms LIMIT ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, device_read, limit, fault, out, out_count);
}
