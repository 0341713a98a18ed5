/* Metering points: read. */
#include "store/sqlite/records_point.h"

void point_read(struct query *q, struct point_record *out)
{
    out->meter_no = query_int(q);
    query_text(q, out->meter_id, sizeof out->meter_id);
    query_text(q, out->tz, sizeof out->tz);
    query_text(q, out->district, sizeof out->district);
    query_text(q, out->feeder, sizeof out->feeder);
    out->located = !query_is_null(q);
    out->latitude_udeg = (int32_t)query_int(q);
    out->longitude_udeg = (int32_t)query_int(q);
    query_text(q, out->label, sizeof out->label);
    query_text(q, out->address, sizeof out->address);
    out->phases = (int)query_int(q);
    out->volts = (int)query_int(q);
    out->breaker_a = (int)query_int(q);
    out->reading_interval_s = (int)query_int(q);
    out->export_allowed = query_int(q) != 0;
    out->state = (enum point_state)query_int(q);
    out->auto_registered = query_int(q) != 0;
    out->created_utc_ms = query_int(q);
    out->updated_utc_ms = query_int(q);
    out->revision = query_int(q);
    query_text(q, out->serial, sizeof out->serial);
    out->device_revision = query_int(q);
}

static enum err finish_one(struct records *records, struct db *db, struct query *q, struct fault *fault, struct point_record *out)
{
    struct point_record point;
    enum err err = query_one(q, fault);
    if (err == OK) {
        point_read(q, &point);
        err = query_end(q, fault);
    } else if (err == ERR_NOT_FOUND) {
        fault_set(fault, err, "there is no such meter");
    }
    reader_give(records, db);
    if (err == OK)
        *out = point;
    return err;
}

enum err records_point_by_id(struct records *records, const char *meter_id, struct fault *fault, struct point_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " POINT_COLUMNS " FROM point WHERE meter_id = ?");
    query_bind_text(&q, meter_id);
    return finish_one(records, db, &q, fault, out);
}

enum err records_point_by_no(struct records *records, int64_t meter_no, struct fault *fault, struct point_record *out)
{
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " POINT_COLUMNS " FROM point WHERE meter_no = ?");
    query_bind_int(&q, meter_no);
    return finish_one(records, db, &q, fault, out);
}

/* The same filter each time, with another condition first for the planner to find an index by. */
#define OF_CUSTOMER                                                                                                                                  \
    "meter_no IN (SELECT a.meter_no FROM account a JOIN customer c USING (customer_no) WHERE c.customer_id = ?6"                                     \
    " AND a.from_day <= ?7 AND (a.until_day IS NULL OR a.until_day > ?7))"
#define LIST(first)                                                                                                                                  \
    "SELECT " POINT_COLUMNS " FROM point WHERE " first " AND meter_id > ?1 AND (?2 IS NULL OR state = ?2)"                                           \
    " AND (?3 IS NULL OR district = ?3) AND (?4 IS NULL OR feeder = ?4)"                                                                             \
    " AND (?5 IS NULL OR instr(lower(meter_id), lower(?5)) OR instr(lower(label), lower(?5))"                                                        \
    " OR instr(lower(address), lower(?5)) OR instr(lower(ifnull(serial, '')), lower(?5)))"                                                           \
    " AND (?6 IS NULL OR " OF_CUSTOMER ") ORDER BY meter_id LIMIT ?8"

static const char *list_sql(const struct point_filter *filter)
{
    if (filter->customer_id != NULL)
        return LIST(OF_CUSTOMER);
    if (filter->feeder != NULL)
        return LIST("feeder = ?4");
    if (filter->district != NULL)
        return LIST("district = ?3");
    if (filter->by_state)
        return LIST("state = ?2");
    return LIST("1");
}

enum err records_point_list(struct records *records, const struct point_filter *filter, size_t limit, struct fault *fault, struct point_record *out,
                            size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, list_sql(filter));
    query_bind_text(&q, filter->after != NULL ? filter->after : "");
    query_bind_int_unless(&q, filter->by_state ? (int)filter->state : -1, -1);
    query_bind_text(&q, filter->district);
    query_bind_text(&q, filter->feeder);
    query_bind_text_or_null(&q, filter->search);
    query_bind_text(&q, filter->customer_id);
    query_bind_int(&q, filter->on_day);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, point_read, limit, fault, out, out_count);
}

enum err records_point_changed(struct records *records, int64_t after_revision, int64_t after_meter_no, size_t limit, struct fault *fault,
                               struct point_record *out, size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    query_begin(&q, db, "SELECT " POINT_COLUMNS " FROM point WHERE (revision, meter_no) > (?, ?) ORDER BY revision, meter_no LIMIT ?");
    query_bind_int(&q, after_revision);
    query_bind_int(&q, after_meter_no);
    query_bind_int(&q, (int64_t)limit);
    READ_ROWS(records, db, &q, point_read, limit, fault, out, out_count);
}

enum err records_point_count(struct records *records, const char *district, struct fault *fault, struct point_count *out)
{
    struct point_count count = {0};
    struct query q;
    struct db *db = NULL;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    query_begin(&q, db,
                district != NULL ? "SELECT state, count(*) FROM point WHERE district = ? GROUP BY state"
                                 : "SELECT state, count(*) FROM point GROUP BY state");
    if (district != NULL)
        query_bind_text(&q, district);
    while (query_row(&q)) {
        int64_t state = query_int(&q), points = query_int(&q);
        count.by_state[state] += points;
        count.total += points;
    }
    err = query_end(&q, fault);
    reader_give(records, db);
    if (err == OK)
        *out = count;
    return err;
}
