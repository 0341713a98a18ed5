/* Cycle groups: on which local midnights billing cycles begin. */
#include <string.h>
#include "base/text.h"
#include "store/sqlite/records_db.h"

static enum err check(const struct cycle_group_record *group, struct fault *fault)
{
    enum err err = check_name(group->group_id, sizeof group->group_id, "/group_id", fault);
    FIRST(err, check_range(group->group.day_of_month, 1, 28, "/day_of_month", fault));
    FIRST(err, check_range(group->group.date_count, 0, CYCLE_DATES_MAX, "/dates", fault));
    for (int i = 1; err == OK && i < group->group.date_count; i++) {
        if (group->group.dates_day[i] <= group->group.dates_day[i - 1])
            return fault_at(fault, ERR_INVALID, "/dates", "read dates must ascend");
    }
    return err;
}

static enum err write_dates(struct change *c, const struct cycle_group_record *group)
{
    struct query q;
    query_begin(&q, c->db, "DELETE FROM cycle_date WHERE group_id = ?");
    query_bind_text(&q, group->group_id);
    enum err err = query_run(&q, c->fault);
    for (int i = 0; err == OK && i < group->group.date_count; i++) {
        query_begin(&q, c->db, "INSERT INTO cycle_date (group_id, day) VALUES (?, ?)");
        query_bind_text(&q, group->group_id);
        query_bind_int(&q, group->group.dates_day[i]);
        err = query_run(&q, c->fault);
    }
    return err;
}

enum err records_cycle_group_put(struct records *records, const struct actor *actor, const struct cycle_group_record *group, struct fault *fault)
{
    struct change c;
    struct query q;
    enum err err = check(group, fault);
    FIRST(err, change_begin(records, actor, fault, &c));
    if (err != OK)
        return err;
    err = change_note(&c, "cycle_group.put", group->group_id, "day_of_month=%d dates=%d", group->group.day_of_month, group->group.date_count);
    if (err == OK) {
        query_begin(&q, c.db,
                    "INSERT INTO cycle_group (group_id, day_of_month, revision) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET day_of_month = excluded.day_of_month, revision = excluded.revision");
        query_bind_text(&q, group->group_id);
        query_bind_int(&q, group->group.day_of_month);
        query_bind_int(&q, c.revision);
        err = query_run(&q, fault);
    }
    FIRST(err, write_dates(&c, group));
    return change_end(&c, err);
}

static void group_read(struct query *q, struct cycle_group_record *out)
{
    memset(out, 0, sizeof *out);
    query_text(q, out->group_id, sizeof out->group_id);
    out->group.day_of_month = (int)query_int(q);
    out->revision = query_int(q);
}

static enum err read_dates(struct db *db, struct fault *fault, struct cycle_group_record *out)
{
    struct query q;
    query_begin(&q, db, "SELECT day FROM cycle_date WHERE group_id = ? ORDER BY day");
    query_bind_text(&q, out->group_id);
    while (out->group.date_count < CYCLE_DATES_MAX && query_row(&q))
        out->group.dates_day[out->group.date_count++] = (int32_t)query_int(&q);
    return query_end(&q, fault);
}

/* Groups and their dates, out of one state of the file. */
static enum err read_groups(struct db *db, struct query *q, size_t limit, struct fault *fault, struct cycle_group_record *out, size_t *out_count)
{
    size_t count = 0;
    while (count < limit && query_row(q))
        group_read(q, &out[count++]);
    enum err err = query_end(q, fault);
    for (size_t i = 0; err == OK && i < count; i++)
        err = read_dates(db, fault, &out[i]);
    if (err == OK)
        *out_count = count;
    return err;
}

enum err records_cycle_group_list(struct records *records, const char *after, size_t limit, struct fault *fault, struct cycle_group_record *out,
                                  size_t *out_count)
{
    struct query q;
    struct db *db = NULL;
    enum err err = check_limit(limit, fault);
    FIRST(err, reader_take(records, fault, &db));
    if (err != OK)
        return err;
    if (!db_in_transaction(db))
        err = db_begin_read(db, fault);
    if (err == OK) {
        query_begin(&q, db, "SELECT group_id, day_of_month, revision FROM cycle_group WHERE group_id > ? ORDER BY group_id LIMIT ?");
        query_bind_text(&q, after != NULL ? after : "");
        query_bind_int(&q, (int64_t)limit);
        err = read_groups(db, &q, limit, fault, out, out_count);
    }
    reader_give(records, db); /* ends the reading */
    return err;
}

enum err records_cycle_group_by_id(struct records *records, const char *group_id, struct fault *fault, struct cycle_group_record *out)
{
    struct query q;
    struct db *db = NULL;
    struct cycle_group_record group;
    size_t count = 0;
    enum err err = reader_take(records, fault, &db);
    if (err != OK)
        return err;
    if (!db_in_transaction(db))
        err = db_begin_read(db, fault);
    if (err == OK) {
        query_begin(&q, db, "SELECT group_id, day_of_month, revision FROM cycle_group WHERE group_id = ?");
        query_bind_text(&q, group_id);
        err = read_groups(db, &q, 1, fault, &group, &count);
    }
    reader_give(records, db);
    if (err == OK && count == 0)
        return fault_set(fault, ERR_NOT_FOUND, "there is no cycle group %.64s", group_id);
    if (err == OK)
        *out = group;
    return err;
}
