/* Checks over time: one packed row per meter and closed local day. */
#include "store/check_pack.h"
#include "store/sqlite/facts_sqlite.h"

enum err sqlite_put_checks(struct facts *facts, const struct check_day_row *row, struct fault *fault)
{
    unsigned char packed[CHECK_PACKED_MAX];
    size_t len = check_pack(row, packed);
    struct query q;
    query_begin(&q, facts_db(facts), "INSERT OR REPLACE INTO check_day (meter_no, local_day, found, results) VALUES (?, ?, ?, ?)");
    query_bind_int(&q, row->meter_no);
    query_bind_int(&q, row->local_day);
    query_bind_int(&q, check_found_bits(row));
    query_bind_bytes(&q, packed, len);
    return query_run(&q, fault);
}

enum err sqlite_remove_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts), "DELETE FROM check_day WHERE meter_no = ? AND local_day >= ? AND local_day < ?");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_day);
    query_bind_int(&q, until_day);
    return query_run(&q, fault);
}

static enum err tell(struct query *q, int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    bool damaged = false;
    int stop = 0;
    while (!stop && !damaged && query_row(q)) {
        struct check_day_row row = {.meter_no = query_int(q)};
        size_t len;
        row.local_day = (int32_t)query_int(q);
        const unsigned char *bytes = query_view(q, &len);
        damaged = !check_unpack(bytes, len, &row);
        if (!damaged)
            stop = each(&row, arg);
    }
    enum err err = query_end(q, fault);
    return err == OK && damaged ? fault_set(fault, ERR_FATAL, "the checks of a day are damaged") : err;
}

enum err sqlite_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t until_day,
                       int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                "SELECT meter_no, local_day, results FROM check_day WHERE meter_no = ? AND local_day >= ? AND local_day < ? ORDER BY local_day");
    query_bind_int(&q, meter_no);
    query_bind_int(&q, from_day);
    query_bind_int(&q, until_day);
    return tell(&q, each, arg, fault);
}

enum err sqlite_found_checks(struct facts *facts, int64_t meter_no, int32_t from_day, int32_t before_day, int64_t before_meter_no, int limit,
                             int (*each)(const struct check_day_row *row, void *arg), void *arg, struct fault *fault)
{
    struct query q;
    query_begin(&q, facts_db(facts),
                meter_no ? "SELECT meter_no, local_day, results FROM check_day WHERE found <> 0 AND meter_no = ?5 AND local_day >= ?1 AND "
                           "(local_day, meter_no) < (?2, ?3) ORDER BY local_day DESC LIMIT ?4"
                         : "SELECT meter_no, local_day, results FROM check_day WHERE found <> 0 AND local_day >= ?1 AND (local_day, meter_no) < (?2, "
                           "?3) ORDER BY local_day DESC, meter_no DESC LIMIT ?4");
    query_bind_int(&q, from_day);
    query_bind_int(&q, before_day);
    query_bind_int(&q, before_meter_no);
    query_bind_int(&q, limit);
    if (meter_no)
        query_bind_int(&q, meter_no);
    return tell(&q, each, arg, fault);
}
