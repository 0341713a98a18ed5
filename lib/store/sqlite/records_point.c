/* Metering points: written. records_point_list.c reads them. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_point.h"

static const char *const state_names[] = {"unassigned", "active", "inactive"};

const char *point_state_name(enum point_state state)
{
    return (unsigned)state < 3 ? state_names[state] : "unassigned";
}

bool point_state_parse(const char *name, enum point_state *out)
{
    for (int i = 0; i < 3; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *out = (enum point_state)i;
            return true;
        }
    }
    return false;
}

void point_record_init(struct point_record *point)
{
    *point = (struct point_record){.phases = 3, .volts = 230, .breaker_a = 100, .state = POINT_UNASSIGNED};
    text_copy(point->tz, sizeof point->tz, "UTC");
}

static enum err check(const struct point_record *point, struct fault *fault)
{
    enum err err = check_zone(point->tz, sizeof point->tz, "/tz", fault);
    FIRST(err, check_name_or_empty(point->district, sizeof point->district, "/district", fault));
    FIRST(err, check_name_or_empty(point->feeder, sizeof point->feeder, "/feeder", fault));
    FIRST(err, check_text(point->label, sizeof point->label, "/label", fault));
    FIRST(err, check_text(point->address, sizeof point->address, "/address", fault));
    FIRST(err, check_range(point->phases, 1, 3, "/service/phases", fault));
    FIRST(err, check_range(point->volts, 50, 1000, "/service/volts", fault));
    FIRST(err, check_range(point->breaker_a, 1, 10000, "/service/breaker_a", fault));
    FIRST(err, check_range(point->reading_interval_s, 0, 86400, "/reading_interval_s", fault));
    FIRST(err, check_range(point->state, POINT_UNASSIGNED, POINT_INACTIVE, "/state", fault));
    if (point->located) {
        FIRST(err, check_range(point->latitude_udeg, -90000000, 90000000, "/latitude", fault));
        FIRST(err, check_range(point->longitude_udeg, -180000000, 180000000, "/longitude", fault));
    }
    return err;
}

static enum err check_id(const char *meter_id, size_t size, struct fault *fault)
{
    enum err err = check_name(meter_id, size, "/meter_id", fault);
    FIRST(err, check_reserved(meter_id, 0, "/meter_id", fault));
    return err;
}

static void bind_fields(struct query *q, const struct point_record *point)
{
    query_bind_text(q, point->tz);
    query_bind_text_or_null(q, point->district);
    query_bind_text_or_null(q, point->feeder);
    query_bind_int_unless(q, point->located ? point->latitude_udeg : INT64_MIN, INT64_MIN);
    query_bind_int_unless(q, point->located ? point->longitude_udeg : INT64_MIN, INT64_MIN);
    query_bind_text(q, point->label);
    query_bind_text(q, point->address);
    query_bind_int(q, point->phases);
    query_bind_int(q, point->volts);
    query_bind_int(q, point->breaker_a);
    query_bind_int(q, point->reading_interval_s);
    query_bind_int(q, point->export_allowed);
    query_bind_int(q, point->state);
    query_bind_int(q, point->auto_registered);
}

/* The audit row is the caller's. */
static enum err insert(struct change *c, const struct point_record *point, const char *meter_id)
{
    struct query q;
    query_begin(&q, c->db,
                "INSERT INTO point (tz, district, feeder, latitude_udeg, longitude_udeg, label, address, phases, volts, breaker_a,"
                " reading_interval_s, export_allowed, state, auto_registered, meter_id, created_utc_ms, updated_utc_ms, revision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bind_fields(&q, point);
    query_bind_text(&q, meter_id);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    enum err err = query_run(&q, c->fault);
    if (err == ERR_CONFLICT)
        fault_at(c->fault, err, "/meter_id", "a meter or a login named %s exists already; names are shared by both", meter_id);
    return err;
}

enum err records_point_add(struct records *records, const struct actor *actor, const struct point_record *point, struct fault *fault,
                           int64_t *out_meter_no)
{
    struct change c;
    int64_t meter_no = 0;
    enum err err = check_id(point->meter_id, sizeof point->meter_id, fault);
    FIRST(err, check(point, fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "meter.add", point->meter_id, "tz=%s%s", point->tz, point->auto_registered ? " auto" : "");
    FIRST(err, insert(&c, point, point->meter_id));
    if (err == OK)
        meter_no = db_last_id(c.db);
    err = change_end(&c, err);
    if (err == OK && out_meter_no != NULL)
        *out_meter_no = meter_no;
    return err;
}

/* One transaction of add_many: numbers [first, first + count). */
struct numbered {
    const struct point_record *model;
    const char *prefix;
    int64_t first;
    int64_t count;
    int digits;
};

static enum err exists(struct db *db, const char *meter_id, struct fault *fault, bool *out)
{
    int64_t no = 0;
    enum err err = find_point_no(db, meter_id, fault, &no);
    if (err == OK || err == ERR_NOT_FOUND)
        *out = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err add_slice(struct change *c, const struct numbered *range, int64_t *added)
{
    bool noted = false;
    for (int64_t i = range->first; i < range->first + range->count; i++) {
        char meter_id[128];
        bool there = false;
        snprintf(meter_id, sizeof meter_id, "%s%0*lld", range->prefix, range->digits, (long long)i);
        enum err err = check_id(meter_id, RECORD_ID_SIZE, c->fault);
        FIRST(err, exists(c->db, meter_id, c->fault, &there));
        if (err == OK && there)
            continue;
        if (!noted)
            FIRST(err, change_note(c, "meter.add_many", meter_id, "prefix=%s up to number %lld", range->prefix,
                                   (long long)(range->first + range->count - 1)));
        noted = true;
        FIRST(err, insert(c, range->model, meter_id));
        if (err != OK)
            return err;
        (*added)++;
    }
    return OK;
}

enum err records_point_add_many(struct records *records, const struct actor *actor, const struct point_record *model, const char *prefix,
                                int64_t first, int64_t count, int digits, struct fault *fault, int64_t *out_added, int64_t *out_existing)
{
    int64_t added = 0, left = count;
    struct numbered range = {model, prefix, first, 0, digits > 1 ? digits : 1};
    enum err err = check(model, fault);
    FIRST(err, check_range(count, 1, 10000000, "/count", fault));
    FIRST(err, check_range(first, 0, INT64_C(1000000000000), "/first", fault));
    FIRST(err, check_range(digits, 0, 18, "/digits", fault));
    FIRST(err, check_name(prefix, RECORD_ID_SIZE, "/prefix", fault));
    while (err == OK && left > 0) {
        struct change c;
        range.count = left < 1000 ? left : 1000;
        err = change_begin(records, actor, fault, &c);
        if (err == OK) {
            int64_t before = added;
            err = change_end(&c, add_slice(&c, &range, &added));
            if (err != OK)
                added = before;
        }
        range.first += range.count;
        left -= range.count;
    }
    if (err == OK) {
        *out_added = added;
        *out_existing = count - added;
    }
    return err;
}

static enum err revision_of(struct change *c, const char *meter_id, int64_t *out)
{
    struct query q;
    query_begin(&q, c->db, "SELECT revision FROM point WHERE meter_id = ?");
    query_bind_text(&q, meter_id);
    enum err err = query_one(&q, c->fault);
    if (err != OK)
        return err == ERR_NOT_FOUND ? fault_set(c->fault, err, "there is no meter %s", meter_id) : err;
    *out = query_int(&q);
    return query_end(&q, c->fault);
}

static enum err write_fields(struct change *c, const struct point_record *point)
{
    struct query q;
    query_begin(&q, c->db,
                "UPDATE point SET tz = ?, district = ?, feeder = ?, latitude_udeg = ?, longitude_udeg = ?, label = ?, address = ?,"
                " phases = ?, volts = ?, breaker_a = ?, reading_interval_s = ?, export_allowed = ?, state = ?, auto_registered = ?,"
                " updated_utc_ms = ?, revision = ? WHERE meter_id = ?");
    bind_fields(&q, point);
    query_bind_int(&q, c->actor->at_utc_ms);
    query_bind_int(&q, c->revision);
    query_bind_text(&q, point->meter_id);
    return query_run(&q, c->fault);
}

enum err records_point_update(struct records *records, const struct actor *actor, const struct point_record *point, int64_t if_revision,
                              struct fault *fault, int64_t *out_revision)
{
    struct change c;
    int64_t there_is = 0;
    enum err err = check(point, fault);
    FIRST(err, check_name(point->meter_id, sizeof point->meter_id, "/meter_id", fault));
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = revision_of(&c, point->meter_id, &there_is);
    FIRST(err, check_revision(there_is, if_revision, fault));
    FIRST(err, change_note(&c, "meter.update", point->meter_id, "state=%s tz=%s district=%s feeder=%s interval_s=%d", point_state_name(point->state),
                           point->tz, point->district, point->feeder, point->reading_interval_s));
    FIRST(err, write_fields(&c, point));
    err = change_end(&c, err);
    if (err == OK && out_revision != NULL)
        *out_revision = c.revision;
    return err;
}
